//! Databases that do not answer, do not understand, or give something else.

use super::{ALL, CHANGED, company, config, imports, not_reported, on_each};
use crate::orders_sql::shop::{Server, Shop};

const DAY: &str = "2026-11-20";

/// Asks a query that is refused; gives the reason.
fn refused(company: &crate::company::Company, shop: &Shop, query: &str) -> String {
    company.put("recon.toml", config(shop, query, ""));
    company.run(DAY, &[]).exits(3);
    let report = company.report(DAY);
    let import = imports(&report).pop().unwrap();
    assert_eq!(import["status"], "refused", "{query}");
    assert_eq!(import["rows"], "0");
    let found = report.found("REPORT_REJECTED");
    assert!(
        found.iter().all(|row| row["file"] == "orders.sql"),
        "{found:?}"
    );
    assert!(!found.is_empty());
    import["reason"].clone()
}

#[test]
fn a_database_that_cannot_be_reached_is_a_refused_input_and_stops_no_other() {
    on_each(|company, shop| {
        company.put(
            "inbox/orders/more.csv",
            "order_reference,provider,amount,currency,status,ordered_at\n\
             201,oney,9.00,EUR,FUNDED,2026-11-01\n",
        );
        let away = match shop.server {
            Server::Sqlite => "sqlite://not/there.db".to_owned(),
            Server::Postgres => "postgres://shop:s3cret@127.0.0.1:1/shop".to_owned(),
            Server::Mysql => "mysql://shop:s3cret@127.0.0.1:1/shop".to_owned(),
        };
        let here = std::fs::read_to_string(company.path("recon.toml")).unwrap();
        company.put("recon.toml", here.replace(&shop.url, &away));
        let said = company.run("2026-11-19", &[]).exits(3);
        let report = company.report("2026-11-19");
        let found = report.only("REPORT_REJECTED");
        assert_eq!(found["file"], "orders.sql");
        let reason = &imports(&report)[0]["reason"];
        assert!(reason.contains("it cannot be reached"), "{reason}");
        assert!(reason.contains("check `url`"), "{reason}");
        for text in [reason, &said.stderr, &said.stdout, &found["explanation"]] {
            assert!(!text.contains("s3cret"), "{text}");
        }
        assert_eq!(not_reported(&report).len(), 1, "the other input goes on");
        company.put("recon.toml", here);
        company.run(DAY, &[]).exits(0);
        let report = company.report(DAY);
        assert_eq!(report.only("REPORT_REJECTED")["state"], "resolved");
        assert_eq!(not_reported(&report).len(), 3, "{:?}", shop.server);
    });
}

#[test]
fn a_failed_night_loses_nothing() {
    on_each(|company, shop| {
        company.night("2026-11-18");
        shop.execute("ALTER TABLE orders RENAME TO away");
        company.run("2026-11-19", &[]).exits(3);
        shop.execute("ALTER TABLE away RENAME TO orders");
        let now = match shop.server {
            Server::Sqlite => "datetime('now')",
            Server::Postgres => "(now() AT TIME ZONE 'UTC')",
            Server::Mysql => "UTC_TIMESTAMP()",
        };
        shop.execute(&format!(
            "UPDATE orders SET total = 8, updated_at = {now} WHERE reference = '101'"
        ));
        let report = company.night(DAY);
        // Not from the beginning: the import before the failed one still counts.
        assert_eq!(imports(&report)[0]["rows"], "1", "{:?}", shop.server);
        assert_eq!(not_reported(&report).len(), 2);
    });
}

#[test]
fn a_query_that_is_wrong_is_refused_in_the_database_s_words() {
    on_each(|company, shop| {
        let reason = refused(company, shop, "SELECT absent AS a FROM nowhere");
        assert!(reason.contains("does not take the query"), "{reason}");
        assert!(reason.contains("nowhere"), "{reason}");
        assert!(reason.contains("correct `query`"), "{reason}");
        let without = CHANGED.replace("total AS amount,", "");
        let reason = refused(company, shop, &without);
        assert!(
            reason.contains("gives no column amount; found «order_reference, provider, "),
            "{reason}"
        );
        let reason = refused(company, shop, &CHANGED.replace(":since", ":sinse"));
        assert!(reason.contains("parameter :sinse"), "{reason}");
    });
}

#[test]
fn nothing_can_be_written() {
    on_each(|company, shop| {
        for query in [
            "DELETE FROM orders",
            "DROP TABLE orders",
            "UPDATE orders SET total = 1",
            "SELECT 1 AS a; DELETE FROM orders",
        ] {
            refused(company, shop, query);
        }
        let returning = "DELETE FROM orders RETURNING reference AS order_reference, \
                         'oney' AS provider, total AS amount, currency, status, ordered_at";
        let reason = refused(company, shop, returning);
        let words = match shop.server {
            Server::Sqlite => "readonly database",
            Server::Postgres => "read-only transaction",
            Server::Mysql => "READ ONLY transaction",
        };
        assert!(reason.contains(words), "{:?}: {reason}", shop.server);
        company.put("recon.toml", config(shop, CHANGED, ""));
        assert_eq!(imports(&company.night("2026-11-21"))[0]["rows"], "2");
    });
}

#[test]
fn approximations_are_refused_where_there_are_decimals() {
    for server in ALL.into_iter().filter(|server| *server != Server::Sqlite) {
        let Some((company, shop)) = company(server) else {
            continue;
        };
        shop.execute("ALTER TABLE orders ADD COLUMN rough DOUBLE PRECISION");
        let rough = CHANGED.replace("total AS amount", "rough AS amount");
        let reason = refused(&company, &shop, &rough);
        assert!(reason.contains("column amount is of the type"), "{reason}");
        assert!(
            reason.contains("CAST(amount AS DECIMAL(15, 2))"),
            "{reason}"
        );
    }
}

#[test]
fn a_wrong_password_is_said_without_it() {
    let Some((company, shop)) = company(Server::Mysql) else {
        return;
    };
    let here = std::fs::read_to_string(company.path("recon.toml")).unwrap();
    company.put("recon.toml", here.replace("for-tests", "s3cret"));
    let said = company.run(DAY, &[]).exits(3);
    let reason = imports(&company.report(DAY))[0]["reason"].clone();
    assert!(reason.contains("it refuses the connection"), "{reason}");
    for text in [&reason, &said.stderr, &said.stdout] {
        assert!(!text.contains("s3cret"), "{text}");
    }
    drop(shop);
}

#[test]
fn a_connection_that_breaks_leaves_nothing_behind() {
    let Some((company, shop)) = company(Server::Postgres) else {
        return;
    };
    let cut = CHANGED.replace(
        "ORDER BY reference",
        "AND (reference = 101 OR pg_terminate_backend(pg_backend_pid()))",
    );
    let reason = refused(&company, &shop, &cut);
    assert!(reason.contains("the connection broke after"), "{reason}");
    assert_eq!(not_reported(&company.report(DAY)).len(), 0);
}

#[test]
fn a_day_zero_of_mysql_is_no_day() {
    let Some((company, shop)) = company(Server::Mysql) else {
        return;
    };
    shop.execute(
        "SET sql_mode = ''; ALTER TABLE orders ADD COLUMN confirmed_at DATETIME NOT NULL; \
         UPDATE orders SET confirmed_at = '0000-00-00 00:00:00' WHERE reference = 101; \
         UPDATE orders SET confirmed_at = '2026-11-03 09:00:00' WHERE reference = 102",
    );
    let query = CHANGED.replace("ordered_at", "ordered_at, confirmed_at");
    company.put("recon.toml", config(&shop, &query, ""));
    company.run(DAY, &[]).exits(0);
    assert_eq!(not_reported(&company.report(DAY)).len(), 2);
}

#[test]
fn an_address_that_the_environment_lacks_is_a_refused_input() {
    let (company, shop) = company(Server::Sqlite).unwrap();
    let here = std::fs::read_to_string(company.path("recon.toml")).unwrap();
    let elsewhere = here.replace(&format!("url = \"{}\"", shop.url), "url_env = \"SHOP_URL\"");
    company.put("recon.toml", elsewhere);
    company.run(DAY, &[]).exits(3);
    let reason = imports(&company.report(DAY))[0]["reason"].clone();
    assert!(reason.contains("SHOP_URL is not set"), "{reason}");
}
