//! Settlement files of providers that the program has never heard of, read by their profile alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crp_recon::config;
use crp_recon::domain::file::RejectedRow;
use crp_recon::domain::settlement::{LineKind, SettlementLine, SliceId};
use crp_recon::ingest::open_file::OpenFile;
use crp_recon::ingest::profile::Profile;
use crp_recon::ingest::settlement::{self, SettlementOptions, SettlementSink, SliceKey};

/// Lines as `kind order gross fee`, and Σ net in the smallest unit by payout.
#[derive(Default)]
struct Found {
    lines: Vec<String>,
    payouts: BTreeMap<String, i64>,
    days: Vec<String>,
    orders: Vec<String>,
    rejected: Vec<RejectedRow>,
    slice: (String, String, String),
}

impl SettlementSink for Found {
    fn slice(&mut self, key: &SliceKey<'_>) -> SliceId {
        self.slice = (
            key.kind.word().to_owned(),
            key.currency.to_string(),
            key.payout_reference.to_owned(),
        );
        self.days.push(key.report_date.to_string());
        SliceId(0)
    }

    fn line(&mut self, line: &SettlementLine<'_>) {
        let (kind, currency, payout) = &self.slice;
        let currency = crp_recon::domain::Currency::parse(currency).unwrap();
        if kind != LineKind::Memo.word() {
            let sum = self.payouts.entry(payout.clone()).or_default();
            *sum += line.net().to_minor().unwrap();
        }
        self.lines.push(format!(
            "{kind} {} {} {}",
            line.order_reference,
            line.gross.display(currency),
            line.fee.display(currency)
        ));
        self.orders.extend(line.order_amount.map(|money| {
            format!(
                "{} {}",
                money.amount.display(money.currency),
                money.currency
            )
        }));
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

/// Reads a file by the first profile of a configuration.
fn read(toml: &str, name: &str, content: &str) -> Found {
    let folder = tempfile::tempdir().unwrap();
    let settings = profiles(toml, folder.path());
    let first = settings.profiles.first().unwrap();
    let profile = Profile::resolve(&first.name, &settings.profiles).unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let opened = OpenFile::open(&path, u64::MAX).unwrap();
    let options = SettlementOptions {
        profile: &profile,
        timezone: settings.timezone,
        max_rejected_percent: 10,
    };
    assert!(settlement::has_known_header(&opened, &profile));
    let mut found = Found::default();
    let file = settlement::read(&opened, options, &mut found).unwrap();
    assert_eq!(found.rejected, []);
    assert_eq!(file.counts.rows, file.counts.accepted);
    found
}

fn profiles(toml: &str, folder: &Path) -> config::Settings {
    let path = folder.join("recon.toml");
    fs::write(&path, toml).unwrap();
    config::load(&path, &|_| None).unwrap()
}

/// The block of the documentation that follows a text, without its fences.
fn block<'d>(page: &'d str, after: &str) -> &'d str {
    let (_, rest) = page.split_once(after).unwrap();
    let (_, rest) = rest.split_once("\n```").unwrap();
    let (_, rest) = rest.split_once('\n').unwrap();
    rest.split_once("\n```").unwrap().0
}

#[test]
fn the_commented_profile_of_the_documentation_reads_its_example() {
    let page = include_str!("../../docs/inputs.md");
    let toml = block(page, "### A commented profile for any provider");
    // The input is of a kind that has tests of its own.
    let toml = toml.split("[[input]]").next().unwrap();
    let content = block(page, "It reads this file, `acme_PO-77_2026-11-05.csv`");
    let found = read(toml, "acme_PO-77_2026-11-05.csv", &format!("{content}\n"));
    assert_eq!(
        found.lines,
        [
            "funding A-1001 100.00 2.00",
            "cancellation A-1000 -40.00 0.00",
            "adjustment  -5.00 0.00",
            "memo  -53.00 0.00",
        ]
    );
    // By hand: 98.00 − 40.00 − 5.00.
    assert_eq!(found.payouts, [("PO-77".to_owned(), 5300)].into());
    assert_eq!(found.orders, ["85.00 GBP"]);
    assert!(found.days.iter().all(|day| day == "2026-11-05"));
}

#[test]
fn a_german_export_with_a_summary_a_direction_and_a_total_needs_a_profile_only() {
    let toml = r#"
        [[profile]]
        name = "kassa"
        extends = "settlement"
        delimiter = ";"
        decimal_mark = ","
        dates = ["%d.%m.%Y"]
        fee_sign = "like-gross"
        skip_rows = ["^Summe;"]
        [profile.columns]
        kind = "Buchungsart"
        direction = "S/H"
        order_reference = "Bestellnr."
        event_time = "Kaufdatum"
        event_hour = "Uhrzeit"
        report_date = "Abrechnungstag"
        payout_reference = "Auszahlung"
        gross = "Umsatz"
        fee = ["Disagio", "Transaktionsentgelt"]
        [profile.fixed]
        currency = "EUR"
        [profile.values.kind]
        funding = ["Ratenkauf", "Rechnung"]
        cancellation = ["Storno", "Retoure"]
        adjustment = ["*"]
        [profile.values.direction]
        credit = ["H"]
        debit = ["S"]
    "#;
    let content = "Kassa AG;Abrechnung 11/2026;;;;;;;;\n\
        Händler;4711;;;;;;;;\n\n\
        Bestellnr.;Buchungsart;S/H;Kaufdatum;Uhrzeit;Abrechnungstag;Auszahlung;Umsatz;Disagio;Transaktionsentgelt\n\
        B-1;Ratenkauf;H;01.11.2026;18:03;04.11.2026;AZ-5;1.250,00;25,00;0,10\n\
        B-2;Rechnung;H;02.11.2026;09:00;04.11.2026;AZ-5;80,00;1,60;0,10\n\
        B-1;Retoure;S;03.11.2026;10:00;05.11.2026;AZ-5;250,00;5,00;\n\
        ;Portoerstattung;H;03.11.2026;10:00;05.11.2026;AZ-5;3,50;;\n\
        Summe;;;;;;;1.083,50;;\n";
    let found = read(toml, "abrechnung.csv", content);
    assert_eq!(
        found.lines,
        [
            "funding B-1 1250.00 25.10",
            "funding B-2 80.00 1.70",
            "cancellation B-1 -250.00 -5.00",
            "adjustment  3.50 0.00",
        ]
    );
    // By hand: 1224.90 + 78.30 − 245.00 + 3.50.
    assert_eq!(found.payouts, [("AZ-5".to_owned(), 106_170)].into());
    assert_eq!(
        found.days,
        ["2026-11-04", "2026-11-04", "2026-11-05", "2026-11-05"]
    );
}

#[test]
fn a_ledger_in_cents_with_signed_fees_and_utc_times_needs_a_profile_only() {
    let toml = r#"
        [[profile]]
        name = "ledger"
        extends = "settlement"
        amount_unit = "minor"
        signs = "written"
        fee_sign = "effect"
        timezone = "UTC"
        dates = ["%Y-%m-%d %H:%M"]
        [profile.columns]
        kind = ["reporting_category"]
        order_reference = ["metadata[order_id]"]
        transaction_id = ["balance_transaction_id"]
        gross = ["amount"]
        fee = ["stripe_fee", "tax"]
        report_date = ["available_on"]
        event_time = ["created"]
        payout_reference = ["automatic_payout_id"]
        [profile.values.kind]
        cancellation = ["refund", "refund_failure"]
        chargeback = ["dispute", "dispute_reversal"]
        memo = ["payout"]
    "#;
    let content = "balance_transaction_id\treporting_category\tmetadata[order_id]\tcurrency\tamount\tstripe_fee\ttax\tnet\tcreated\tavailable_on\tautomatic_payout_id\n\
        txn_1\tcharge\tC-1\teur\t10000\t-150\t-30\t9820\t2026-11-03 22:59\t2026-11-04 23:30\tpo_1\n\
        txn_2\trefund\tC-1\teur\t-2500\t0\t0\t-2500\t2026-11-04 08:00\t2026-11-05 08:00\tpo_1\n\
        txn_3\trefund_failure\tC-1\teur\t2500\t0\t0\t2500\t2026-11-04 08:00\t2026-11-05 08:00\tpo_1\n\
        txn_4\tdispute\tC-2\teur\t-4700\t-1500\t-300\t-6500\t2026-11-04 08:00\t2026-11-05 08:00\tpo_1\n\
        txn_5\tpayout\t\teur\t-3320\t0\t0\t-3320\t2026-11-05 08:00\t2026-11-05 08:00\tpo_1\n";
    let found = read(toml, "balance.tsv", content);
    assert_eq!(
        found.lines,
        [
            "funding C-1 100.00 1.80",
            "cancellation C-1 -25.00 0.00",
            "cancellation C-1 25.00 0.00",
            "chargeback C-2 -47.00 18.00",
            "memo  -33.20 0.00",
        ]
    );
    // By hand: 98.20 − 25.00 + 25.00 − 65.00 = 33.20, what the payout row takes out.
    assert_eq!(found.payouts, [("po_1".to_owned(), 3320)].into());
    assert_eq!(found.days[0], "2026-11-05", "half past midnight in Paris");
}
