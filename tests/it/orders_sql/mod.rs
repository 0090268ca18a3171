//! Orders from the shop's own database, asked by a query.
//!
//! SQLite is always asked; PostgreSQL and MySQL (or MariaDB) when `CRP_RECON_TEST_POSTGRES` and
//! `CRP_RECON_TEST_MYSQL` hold the URL of a database whose user may create databases:
//! `scripts/postgres-for-tests.sh` and `scripts/mariadb-for-tests.sh` start one. Without them the
//! tests say so.

mod damaged;
mod programs;
mod shop;

use shop::{Server, Shop};

use crate::company::Company;
use crate::report::{Report, Row};

const ALL: [Server; 3] = [Server::Sqlite, Server::Postgres, Server::Mysql];

/// The query most tests ask.
const CHANGED: &str = "SELECT reference AS order_reference, 'oney' AS provider, total AS amount, \
                       currency, status, ordered_at FROM orders WHERE updated_at > :since \
                       ORDER BY reference";

/// A configuration that asks a query, with more lines for its input.
fn config(shop: &Shop, query: &str, more: &str) -> String {
    format!(
        "[database]\nurl = \"sqlite://var/recon.db\"\n\
         [[input]]\nkind = \"orders\"\nurl = \"{}\"\nquery = \"{query}\"\n{more}\n\
         [[input]]\nkind = \"orders\"\npath = \"inbox/orders\"\n\
         [[input]]\nkind = \"oney-crp\"\npath = \"inbox/oney\"\n\
         [report]\nformats = [\"csv\", \"json\"]\n",
        shop.url
    )
}

/// A company whose shop has two orders.
fn company(server: Server) -> Option<(Company, Shop)> {
    let company = Company::new();
    let shop = Shop::open(server, &company)?;
    shop.execute(match server {
        Server::Sqlite => {
            "CREATE TABLE orders (reference TEXT, total DECIMAL(12,4), currency TEXT, status TEXT, \
             ordered_at TEXT, updated_at TEXT)"
        }
        Server::Postgres => {
            "CREATE TYPE state AS ENUM ('PENDING', 'FUNDED', 'CANCELLED'); \
             CREATE TABLE orders (reference BIGINT, total NUMERIC(12,4), currency CHAR(3), \
             status state, ordered_at TIMESTAMPTZ, updated_at TIMESTAMP)"
        }
        Server::Mysql => {
            "CREATE TABLE orders (reference BIGINT UNSIGNED, total DECIMAL(12,4), \
             currency CHAR(3), status ENUM('PENDING', 'FUNDED', 'CANCELLED'), \
             ordered_at TIMESTAMP NULL, updated_at DATETIME)"
        }
    });
    company.put("recon.toml", config(&shop, CHANGED, ""));
    company.knows_all_reports();
    // Half past eleven in Greenwich: the first of November in Paris.
    add(
        &shop,
        "101",
        "120.5000",
        "2026-10-31 23:30:00",
        "2026-11-01 12:00:00",
    );
    add(
        &shop,
        "102",
        "0.0100",
        "2026-11-02 10:00:00",
        "2026-11-02 12:00:00",
    );
    Some((company, shop))
}

/// Adds a funded order; `ordered_at` is in UTC.
fn add(shop: &Shop, reference: &str, total: &str, ordered_at: &str, updated_at: &str) {
    let zone = if shop.server == Server::Mysql {
        ""
    } else {
        "+00:00"
    };
    shop.execute(&format!(
        "INSERT INTO orders VALUES ('{reference}', {total}, 'EUR', 'FUNDED', \
         '{ordered_at}{zone}', '{updated_at}')"
    ));
}

/// Runs a test on every database that there is.
fn on_each(test: impl Fn(&Company, &Shop)) {
    for server in ALL {
        if let Some((company, shop)) = company(server) {
            test(&company, &shop);
        }
    }
}

/// The rows of `inputs.csv` that are imports.
fn imports(report: &Report) -> Vec<Row> {
    let mut rows = report.table("inputs");
    rows.retain(|row| row["file"].strip_suffix(".sql").is_some());
    rows
}

/// The expected amounts of orders that no provider reported, by order.
fn not_reported(report: &Report) -> Vec<(String, String)> {
    let rows = report.found("FUNDING_NOT_REPORTED");
    let pair = |row: &Row| (row["order_reference"].clone(), row["expected"].clone());
    let mut pairs: Vec<_> = rows.iter().map(pair).collect();
    pairs.sort();
    pairs
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn a_query_brings_orders_with_their_exact_amounts_and_local_days() {
    on_each(|company, shop| {
        let report = company.night("2026-11-20");
        let server = shop.server;
        let import = imports(&report).remove(0);
        for (column, value) in [
            ("file", "orders.sql"),
            ("kind", "orders"),
            ("status", "accepted"),
            ("rows", "2"),
            ("accepted", "2"),
            ("rejected", "0"),
        ] {
            assert_eq!(import[column], value, "{server:?} {column}");
        }
        let expected = pairs(&[("101", "120.50"), ("102", "0.01")]);
        assert_eq!(not_reported(&report), expected, "{server:?}");
        let shown = company.call(&["show", "101"]).exits(0);
        assert!(shown.stdout.contains("2026-11-01"), "{server:?}: {shown}");
    });
}

#[test]
fn a_night_without_changes_is_silent() {
    on_each(|company, shop| {
        company.night("2026-11-19");
        // The first empty import is a file of no rows, the next one is known.
        for day in ["2026-11-20", "2026-11-21", "2026-11-22"] {
            company.run(day, &[]).exits(0);
            let report = company.report(day);
            let rows: Vec<String> = imports(&report)
                .iter()
                .map(|row| row["rows"].clone())
                .collect();
            let expected: &[&str] = if day == "2026-11-20" { &["0"] } else { &[] };
            assert_eq!(rows, expected, "{:?} {day}", shop.server);
            for code in ["REPORT_DUPLICATE", "REPORT_REJECTED", "LINE_REJECTED"] {
                assert_eq!(report.found(code).len(), 0, "{:?} {code}", shop.server);
            }
        }
    });
}

#[test]
fn the_same_rows_again_are_the_same_file() {
    on_each(|company, shop| {
        let all = CHANGED.replace("updated_at > :since", "1 = 1");
        company.put("recon.toml", config(shop, &all, ""));
        assert_eq!(imports(&company.night("2026-11-19")).len(), 1);
        let report = company.night("2026-11-20");
        assert_eq!(imports(&report).len(), 0, "{:?}", shop.server);
        assert_eq!(report.found("REPORT_DUPLICATE").len(), 0);
        // What the shop says again after it said something else holds again.
        let total = |total: &str| {
            shop.execute(&format!(
                "UPDATE orders SET total = {total} WHERE reference = '102'"
            ));
        };
        total("5");
        let changed = company.night("2026-11-21");
        assert_eq!(
            not_reported(&changed),
            pairs(&[("101", "120.50"), ("102", "5.00")])
        );
        total("0.01");
        let back = company.night("2026-11-22");
        assert_eq!(
            not_reported(&back),
            pairs(&[("101", "120.50"), ("102", "0.01")])
        );
        assert_eq!(imports(&back).len(), 1);
        assert_eq!(back.found("REPORT_DUPLICATE").len(), 0);
    });
}

#[test]
fn only_what_changed_since_the_last_import_is_asked_for() {
    on_each(|company, shop| {
        company.night("2026-11-19");
        // Unnoticed: the time of its change is before the first import.
        shop.execute("UPDATE orders SET total = 99 WHERE reference = '101'");
        add(
            shop,
            "103",
            "7",
            "2026-11-03 10:00:00",
            "2099-01-01 00:00:00",
        );
        let report = company.night("2026-11-20");
        assert_eq!(imports(&report)[0]["rows"], "1", "{:?}", shop.server);
        let expected = pairs(&[("101", "120.50"), ("102", "0.01"), ("103", "7.00")]);
        assert_eq!(not_reported(&report), expected, "{:?}", shop.server);
    });
}

#[test]
fn a_change_in_the_second_of_the_import_is_not_lost() {
    on_each(|company, shop| {
        company.night("2026-11-19");
        let now = match shop.server {
            Server::Sqlite => "datetime('now')",
            Server::Postgres => "(now() AT TIME ZONE 'UTC')",
            Server::Mysql => "UTC_TIMESTAMP()",
        };
        shop.execute(&format!(
            "UPDATE orders SET total = 8, updated_at = {now} WHERE reference = '101'"
        ));
        let report = company.night("2026-11-20");
        let expected = pairs(&[("101", "8.00"), ("102", "0.01")]);
        assert_eq!(not_reported(&report), expected, "{:?}", shop.server);
    });
}

#[test]
fn another_query_begins_from_the_beginning() {
    on_each(|company, shop| {
        company.night("2026-11-19");
        company.put(
            "recon.toml",
            config(shop, &CHANGED.replace("'oney'", "'payone'"), ""),
        );
        let report = company.night("2026-11-20");
        assert_eq!(imports(&report)[0]["rows"], "2", "{:?}", shop.server);
    });
}

#[test]
fn a_rejected_row_is_asked_for_again_until_it_is_right() {
    on_each(|company, shop| {
        add(
            shop,
            "103",
            "1.2345",
            "2026-11-03 10:00:00",
            "2026-11-03 12:00:00",
        );
        company.run("2026-11-19", &[]).exits(3);
        let report = company.report("2026-11-19");
        let rejected = report.table("rejected").remove(0);
        assert_eq!(rejected["file"], "orders.sql");
        assert_eq!(
            (rejected["line"].as_str(), rejected["column"].as_str()),
            ("3", "amount")
        );
        assert!(rejected["raw"].contains("1.2345"), "{rejected:?}");
        // Nothing changed: known, and still to be put right.
        let report = company.night("2026-11-20");
        assert_eq!(report.only("LINE_REJECTED")["file"], "orders.sql:3");
        // Others changed: said once, not twice.
        add(
            shop,
            "104",
            "4",
            "2026-11-03 10:00:00",
            "2026-11-04 12:00:00",
        );
        company.run("2026-11-21", &[]).exits(3);
        let open = |report: &Report| {
            let mut rows = report.found("LINE_REJECTED");
            rows.retain(|row| row["state"] != "resolved");
            rows.len()
        };
        assert_eq!(open(&company.report("2026-11-21")), 1, "{:?}", shop.server);
        // Put right, without telling when.
        shop.execute("UPDATE orders SET total = 3 WHERE reference = '103'");
        company.run("2026-11-22", &[]).exits(0);
        let report = company.report("2026-11-22");
        assert_eq!(open(&report), 0, "{:?}", shop.server);
        assert!(not_reported(&report).contains(&("103".to_owned(), "3.00".to_owned())));
    });
}

#[test]
fn an_archive_keeps_what_a_query_gave() {
    on_each(|company, shop| {
        company.put("recon.toml", config(shop, CHANGED, "archive = \"kept\""));
        company.night("2026-11-19");
        company.night("2026-11-20");
        let kept: Vec<_> = std::fs::read_dir(company.path("kept"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(
            kept.len(),
            1,
            "an import without rows is not kept: {kept:?}"
        );
        assert!(
            kept[0].starts_with("orders.20") && kept[0].ends_with(".ndjson"),
            "{kept:?}"
        );
        let shown = company.call(&["show", "orders.sql:1"]).exits(0);
        assert!(shown.stdout.contains("120.5"), "{:?}: {shown}", shop.server);
    });
}

#[test]
fn without_an_archive_it_is_said_how_to_keep_the_rows() {
    let (company, _shop) = company(Server::Sqlite).unwrap();
    company.night("2026-11-19");
    let shown = company.call(&["show", "orders.sql:1"]).exits(0);
    assert!(shown.stdout.contains("`archive`"), "{shown}");
}

#[test]
fn columns_may_be_named_by_a_profile() {
    let (company, shop) = company(Server::Sqlite).unwrap();
    let own = "SELECT reference, total, currency, status, ordered_at FROM orders";
    let profile = "profile = \"shop\"\n[[profile]]\nname = \"shop\"\nextends = \"orders\"\n\
                   decimal_mark = \",\"\ndates = [\"%d/%m/%Y\"]\n\
                   [profile.fixed]\nprovider = \"oney\"\n\
                   [profile.columns]\norder_reference = [\"reference\"]\namount = [\"total\"]";
    company.put("recon.toml", config(&shop, own, profile));
    shop.execute("UPDATE orders SET ordered_at = '2026-11-02' WHERE reference = '102'");
    shop.execute("UPDATE orders SET ordered_at = '31/10/2026' WHERE reference = '101'");
    let report = company.night("2026-11-20");
    assert_eq!(
        not_reported(&report),
        pairs(&[("101", "120.50"), ("102", "0.01")])
    );
}

#[test]
fn check_says_of_a_query_whether_it_works() {
    on_each(|company, shop| {
        let said = company.call(&["check"]);
        assert!(
            said.stdout.contains("can be asked, 6 columns"),
            "{:?}: {said}",
            shop.server
        );
        assert!(!said.stdout.contains("for-tests"), "a secret: {said}");
        company.put("recon.toml", config(shop, "SELECT 1 AS one", ""));
        let said = company.call(&["check"]).exits(1);
        assert!(
            said.stdout.contains("gives no column order_reference"),
            "{said}"
        );
    });
}

#[test]
fn a_dry_run_asks_and_stores_nothing() {
    on_each(|company, shop| {
        for _ in 0..2 {
            let said = company.call(&["ingest", "--dry-run", "--json"]).exits(0);
            assert!(
                said.stdout.contains("orders.sql"),
                "{:?}: {said}",
                shop.server
            );
        }
        assert_eq!(imports(&company.night("2026-11-20"))[0]["rows"], "2");
    });
}

#[test]
fn a_table_that_somebody_has_locked_is_waited_for_no_longer_than_is_said() {
    for server in [Server::Postgres, Server::Mysql] {
        let Some((company, shop)) = company(server) else {
            continue;
        };
        company.put(
            "recon.toml",
            config(&shop, CHANGED, "lock_timeout_seconds = 1"),
        );
        let lock = match server {
            Server::Mysql => "LOCK TABLES orders WRITE",
            Server::Postgres | Server::Sqlite => {
                "BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE"
            }
        };
        shop.holding(lock, || {
            let night = company.run("2026-11-20", &[]).exits(3);
            let inputs = Report::at(&company.path("reports/2026-11-20"));
            let reason = inputs.input("orders.sql")["reason"].clone();
            let sentence = "another session held a lock for 1 seconds";
            assert!(reason.contains(sentence), "{reason}: {night}");
        });
        company.run("2026-11-21", &[]).exits(0);
    }
}
