//! Damaged inputs: what each kind of damage gets (`spec: inputs, bad input`).
//!
//! A [`Case`] is one damaged file beside a sound neighbour in the same folder. Whatever the
//! damage, the run ends without a panic and with exit code 0 or 3, the neighbour is taken, the
//! counts add up, nothing of a refused file is stored, and the same night again gives the same
//! bytes.

mod containers;
mod names;
mod rows;
mod sizes;
mod statements;
mod whole_files;
mod workbooks;

use crate::company::{AS_OF, Answer, Company};
use crate::report::{Report, assert_same};
use crate::rows::{self as written, crp_name, csv, funding, order};

/// What a damaged file must get.
enum Effect {
    /// These rows are rejected, so many others are taken.
    Rejected(Vec<Rejected>, u64),
    /// The whole file is refused, with these words in the reason.
    Refused(&'static [&'static str]),
    /// All its rows are taken.
    Taken(u64),
    /// It is not looked at, and said to be.
    Ignored,
}

/// A rejected row: line, column, value as found, and words of the reason.
struct Rejected(u32, &'static str, &'static str, &'static str);

/// One damaged file.
struct Case {
    path: String,
    bytes: Vec<u8>,
    effect: Effect,
}

/// The day and number of the damaged payment report.
fn damaged_crp() -> String {
    crp_name("2026-11-19", 2)
}

/// A damaged payment report.
fn crp(bytes: impl AsRef<[u8]>, effect: Effect) -> Case {
    let bytes = bytes.as_ref().to_vec();
    Case {
        path: damaged_crp(),
        bytes,
        effect,
    }
}

/// A damaged orders file.
fn orders(bytes: impl AsRef<[u8]>, effect: Effect) -> Case {
    at("inbox/orders/orders.csv", bytes, effect)
}

/// A damaged statement.
fn statement(bytes: impl AsRef<[u8]>, effect: Effect) -> Case {
    at("inbox/bank/statement.xml", bytes, effect)
}

fn at(path: &str, bytes: impl AsRef<[u8]>, effect: Effect) -> Case {
    Case {
        path: path.to_owned(),
        bytes: bytes.as_ref().to_vec(),
        effect,
    }
}

/// Checks all cases before it fails, so that one run shows everything that is wrong.
fn check(cases: Vec<(&'static str, Case)>) {
    let mut failed = Vec::new();
    for (what, case) in cases {
        if std::panic::catch_unwind(|| case.check()).is_err() {
            eprintln!("FAILED: {what}");
            failed.push(what);
        }
    }
    assert!(failed.is_empty(), "failed: {failed:#?}");
}

/// A good row for every line that is not the damaged one.
fn sound(order: &str) -> written::Row {
    funding(order, "2026-11-19", "20.00")
}

/// A text as a report's cell shows it: no spreadsheet takes it for a formula.
fn harmless(text: &str) -> String {
    let mark = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    format!("{mark}{text}")
}

const NEIGHBOURS: [&str; 3] = [
    "inbox/oney/crp_fr_v3_20261118_1.csv",
    "inbox/orders/neighbour.csv",
    "inbox/bank/neighbour.xml",
];

fn deliver_neighbours(company: &Company) {
    let [report, orders, statement] = NEIGHBOURS;
    company.put(report, csv(&[funding("WEB-1", "2026-11-18", "10.00")]));
    company.put(orders, csv(&[order("WEB-1", "2026-11-18", "10.00")]));
    company.put(
        statement,
        written::camt("S-1", ["2026-11-16", "2026-11-16"], 0, &[]),
    );
}

impl Case {
    /// Its name as a report shows it.
    fn name(&self) -> String {
        harmless(self.path.rsplit_once('/').unwrap().1)
    }

    fn check(&self) {
        let company = Company::new();
        deliver_neighbours(&company);
        company.put(&self.path, &self.bytes);
        let answer = company.run(AS_OF, &[]);
        let report = company.report(AS_OF);
        self.exit_code(answer);
        report.is_sound();
        for neighbour in NEIGHBOURS {
            let name = neighbour.rsplit_once('/').unwrap().1;
            assert_eq!(report.input(name)["status"], "accepted", "the neighbour");
        }
        self.effect_in(&report);
        let first = report.bytes();
        drop(company.run(AS_OF, &[]).done());
        assert_same(&first, &company.report(AS_OF).bytes(), "the night again");
    }

    fn exit_code(&self, answer: Answer) {
        let expected = match self.effect {
            Effect::Rejected(..) | Effect::Refused(_) => 3,
            Effect::Taken(_) | Effect::Ignored => 0,
        };
        drop(answer.exits(expected));
    }

    fn effect_in(&self, report: &Report) {
        let input = report.input(&self.name());
        let stored = match &self.effect {
            Effect::Rejected(rows, accepted) => {
                assert_eq!(input["status"], "accepted", "{input:?}");
                assert_eq!(input["rejected"], rows.len().to_string(), "{input:?}");
                self.rejected_rows(report, rows);
                *accepted
            }
            Effect::Refused(words) => {
                assert_eq!(input["status"], "refused", "{input:?}");
                for word in *words {
                    assert!(input["reason"].contains(word), "«{word}» in {input:?}");
                }
                let found = report.found("REPORT_REJECTED");
                assert_eq!(found.len(), 1, "{found:#?}");
                assert_eq!(found[0]["file"], self.name());
                assert!(report.table("rejected").is_empty());
                0
            }
            Effect::Taken(rows) => {
                assert_eq!(input["status"], "accepted", "{input:?}");
                assert_eq!(input["rejected"], "0", "{input:?}");
                *rows
            }
            Effect::Ignored => {
                assert_eq!(input["status"], "ignored", "{input:?}");
                assert!(!input["reason"].is_empty(), "{input:?}");
                assert!(report.found("REPORT_REJECTED").is_empty());
                0
            }
        };
        assert_eq!(input["accepted"], stored.to_string(), "{input:?}");
        if self.path.starts_with("inbox/oney") {
            let lines: u64 = report
                .table("balance")
                .iter()
                .map(|row| row["lines"].parse::<u64>().unwrap())
                .sum();
            assert_eq!(lines, stored + 1, "lines that count, with the neighbour's");
        }
    }

    fn rejected_rows(&self, report: &Report, rows: &[Rejected]) {
        let table = report.table("rejected");
        assert_eq!(table.len(), rows.len(), "{table:#?}");
        for (found, Rejected(line, column, value, words)) in table.iter().zip(rows) {
            assert_eq!(found["file"], self.name(), "{found:?}");
            assert_eq!(found["line"], line.to_string(), "{found:?}");
            assert_eq!(found["column"], *column, "{found:?}");
            assert_eq!(found["value"], harmless(value), "{found:?}");
            assert!(found["reason"].contains(words), "«{words}» in {found:?}");
            assert!(!found["raw"].is_empty(), "{found:?}");
            let place = format!("{}:{line}", self.name());
            let raised = report.found("LINE_REJECTED");
            assert!(
                raised.iter().any(|row| row["file"] == place),
                "{place} in {raised:#?}"
            );
        }
    }
}
