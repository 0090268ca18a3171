//! Whatever byte of what is stored changes: the run fails and says whose it is, or the report is the
//! same. A damaged file is read again; keys are made anew.

use crate::company::{Answer, Company};
use crate::databases::on_both;
use crate::sqlite;
use crate::story::{self, Bytes, NIGHTS};

/// A company before its last night, and what that night says when nothing is wrong.
fn before_the_last_night() -> (Company, Bytes) {
    let company = Company::new();
    for (night, day) in NIGHTS.iter().enumerate().take(4) {
        story::deliver(&company, night);
        company.night(day);
    }
    story::deliver(&company, 4);
    let expected = company.copy().night(NIGHTS[4]).bytes();
    (company, expected)
}

fn ask(company: &Company, sql: &str) -> Vec<String> {
    sqlite::ask(&company.path("var/recon.db"), sql)
}

fn execute(company: &Company, sql: &str) {
    sqlite::execute(&company.path("var/recon.db"), sql);
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// Changes one byte of one blob of a column.
fn change_a_byte(company: &Company, (table, column): (&str, &str), dice: &mut Dice) {
    let rows = ask(company, &format!("SELECT rowid || '' FROM {table}"));
    let row = &rows[dice.below(rows.len())];
    let database = company.path("var/recon.db");
    sqlite::change_bytes(&database, (table, column, row), |bytes| {
        let at = dice.below(bytes.len());
        bytes[at] ^= u8::try_from(1 + dice.below(255)).unwrap();
    });
}

/// Asserts that a night failed with a sentence, or said what it says when nothing is wrong.
fn is_said_or_harmless(company: &Company, night: &Answer, expected: &Bytes, what: &str) {
    if night.code == 1 {
        assert!(night.stderr.contains("damaged"), "{what}: {night}");
        assert!(!company.path("reports").join(NIGHTS[4]).exists(), "{what}");
        return;
    }
    assert!(matches!(night.code, 0 | 3), "{what}: {night}");
    let report = company.report(NIGHTS[4]).bytes();
    crate::report::assert_same(expected, &report, what);
}

#[test]
fn no_byte_of_a_blob_changes_a_report_in_silence() {
    let (company, expected) = before_the_last_night();
    let mut dice = Dice(20_261_130);
    for column in [
        ("fact_blocks", "facts"),
        ("key_blocks", "pairs"),
        ("key_segments", "fences"),
        ("findings", "found"),
    ] {
        for more in [&[][..], &["--full"]] {
            let company = company.copy();
            change_a_byte(&company, column, &mut dice);
            let night = company.run(NIGHTS[4], more);
            is_said_or_harmless(&company, &night, &expected, &format!("{column:?} {more:?}"));
        }
    }
}

#[test]
fn no_number_or_text_changes_a_report_in_silence() {
    let (company, expected) = before_the_last_night();
    for (table, change) in [
        ("slices", "gross = gross + 1"),
        ("slices", "payout_reference = 'TFR9999'"),
        ("file_totals", "line_count = line_count + 1"),
        ("statements", "closing = closing + 100"),
        ("entries", "amount = amount + 1"),
        ("entries", "remittance = 'RENT'"),
        ("files", "report_date = report_date + 1"),
        ("files", "provider = 'payone'"),
        ("files", "last_row = last_row + 1"),
        ("rejected_rows", "raw = raw || '1'"),
        ("paths", "path = path || '1'"),
        ("paths", "file_id = file_id + 1"),
        ("runs", "as_of = as_of + 1"),
        ("runs", "recorded = 1 - recorded"),
        ("runs", "id = id + 100"),
        ("runs", "rules = rules || '1'"),
    ] {
        let company = company.copy();
        let first = format!("SELECT MIN(rowid) FROM {table}");
        execute(
            &company,
            &format!("UPDATE {table} SET {change} WHERE rowid = ({first})"),
        );
        let night = company.run(NIGHTS[4], &[]);
        is_said_or_harmless(&company, &night, &expected, &format!("{table}: {change}"));
        assert_eq!(night.code, 1, "{table}: {change}: {night}");
    }
}

#[test]
fn a_damaged_file_is_read_again_and_keeps_its_place() {
    let (company, expected) = before_the_last_night();
    for (damage, name) in [
        (
            "UPDATE fact_blocks SET facts = zeroblob(40) WHERE file_id = \
             (SELECT id FROM files WHERE name = 'orders_0.csv')",
            "orders_0.csv",
        ),
        (
            "UPDATE entries SET amount = amount + 1 WHERE id = 1",
            "statement_1.xml",
        ),
        (
            "DELETE FROM fact_blocks WHERE file_id = \
             (SELECT MIN(id) FROM files WHERE kind = 'oney-crp')",
            "crp_",
        ),
    ] {
        let company = company.copy();
        execute(&company, damage);
        let failed = company.run(NIGHTS[4], &["--full"]).exits(1);
        assert!(failed.stderr.contains(name), "{failed}");
        assert!(failed.stderr.contains("ingest --again"), "{failed}");
        let deep = company.call(&["check", "--deep"]).exits(1);
        assert!(deep.stdout.contains(name), "{deep}");
        let words = failed.stderr.split_whitespace();
        let named = words.skip_while(|word| *word != "--again").nth(1).unwrap();
        let named = named.trim_matches(|c: char| !c.is_alphanumeric());
        let again = company.call(&["ingest", "--again", named]).done();
        assert!(again.stdout.contains("accepted"), "{again}");
        let deep = company.call(&["check", "--deep"]).exits(0);
        assert!(deep.stdout.contains("rows are whole"), "{deep}");
        let report = company.night(NIGHTS[4]).bytes();
        crate::report::assert_same(&expected, &report, name);
    }
}

#[test]
fn what_is_not_stored_is_not_read_again() {
    let (company, _) = before_the_last_night();
    company.put("elsewhere.csv", "order_reference\nA\n");
    let refused = company
        .call(&["ingest", "--again", "elsewhere.csv"])
        .exits(1);
    assert!(
        refused.stderr.contains("nothing to read again"),
        "{refused}"
    );
    let refused = company.call(&["ingest", "--again", "nowhere.csv"]).exits(1);
    assert!(
        refused.stderr.contains("there is no such file"),
        "{refused}"
    );
}

#[test]
fn a_deep_check_finds_an_input_file_that_was_changed_in_its_place() {
    let (company, _) = before_the_last_night();
    company.night(NIGHTS[4]);
    company.call(&["check", "--deep"]).exits(0);
    let path = "inbox/orders/orders_0.csv";
    let text = std::fs::read_to_string(company.path(path)).unwrap();
    company.put(path, text.replace("100.00", "900.00"));
    let found = company.call(&["check", "--deep"]).exits(1);
    assert!(found.stdout.contains("orders_0.csv"), "{found}");
}

#[test]
fn keys_that_are_damaged_are_made_anew_by_the_next_run() {
    let (company, expected) = before_the_last_night();
    execute(&company, "UPDATE key_blocks SET pairs = zeroblob(9)");
    execute(&company, "DELETE FROM key_segments WHERE id = 1");
    company
        .call(&["check", "--deep"])
        .exits(1)
        .stdout
        .contains("keys");
    let report = company.night(NIGHTS[4]).bytes();
    crate::report::assert_same(&expected, &report, "keys made anew");
    company.call(&["check", "--deep"]).exits(0);
}

#[test]
fn a_damaged_block_is_said_on_every_database() {
    on_both(|contract| {
        let company = &contract.company;
        for (night, day) in NIGHTS.iter().enumerate().take(2) {
            story::deliver(company, night);
            company.night(day);
        }
        contract.execute(match contract.server {
            Some(_) => "UPDATE fact_blocks SET facts = set_byte(facts, 20, (get_byte(facts, 20) + 1) % 256)",
            None => "UPDATE fact_blocks SET facts = zeroblob(99)",
        });
        let failed = company.run(NIGHTS[2], &["--full"]).exits(1);
        assert!(failed.stderr.contains(".csv is damaged"), "{failed}");
        assert!(failed.stderr.contains("ingest --again"), "{failed}");
    });
}
