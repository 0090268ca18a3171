//! Rows as they stand in their file, with every column that the file has.
//!
//! Readers keep what the reconciliation needs; a person who asks where a number comes from wants
//! to see the row itself, columns of no known name among them. They are not stored: the row is
//! read again from the file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufReader;

use serde_json::{Map, Value};

use super::open_file::OpenFile;
use super::profile::Profile;
use super::statements::StatementFormat;
use super::table::{NextRow, Row, Table};
use super::{Refusal, oney_crp, orders, settlement, statements};
use crate::domain::file::InputKind;

/// A row of a file: its columns by the names of the header, or its raw text where it cannot be
/// told apart into columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Original {
    /// Names and values, in the file's order.
    Columns(Vec<(String, String)>),
    /// The text of a row that is broken.
    Raw(String),
}

/// Reads some rows of a table again; a row that the file does not have is left out.
///
/// # Errors
/// When no profile fits the file (XML has no rows), or it cannot be read.
pub fn rows(
    opened: &OpenFile,
    kind: InputKind,
    profiles: &[Profile],
    wanted: &BTreeSet<u32>,
) -> Result<BTreeMap<u32, Original>, Refusal> {
    let is_statement = kind == InputKind::BankStatement;
    if is_statement && statements::recognise(opened) == Some(StatementFormat::Mt940) {
        let mut input = BufReader::new(opened.text(None));
        let rows = statements::mt940::rows(&mut input, wanted)?;
        let raw = |(line, row)| (line, Original::Raw(row));
        return Ok(rows.into_iter().map(raw).collect());
    }
    let mut table = open(opened, kind, profiles)?;
    let mut found = BTreeMap::new();
    let mut row = Row::default();
    while found.len() < wanted.len() {
        match table.next_row(&mut row)? {
            NextRow::End => break,
            NextRow::Bad { line, raw, .. } => {
                if wanted.contains(&line) {
                    found.insert(line, Original::Raw(raw));
                }
            }
            NextRow::Row => {
                if wanted.contains(&row.line) {
                    found.insert(row.line, columns(&table, &row));
                }
            }
        }
    }
    Ok(found)
}

fn open(opened: &OpenFile, kind: InputKind, profiles: &[Profile]) -> Result<Table, Refusal> {
    let open_one = match kind {
        InputKind::OneyCrp => oney_crp::open,
        InputKind::PayoneSettlement | InputKind::Settlement => settlement::open,
        // They hold names and accounts of customers: their rows are not shown as they stand.
        InputKind::PayoneStatus | InputKind::EFinancing | InputKind::OneyStatus => {
            return Err(Refusal::new(
                "holds personal data; only what the reconciliation reads of it is shown",
            ));
        }
        InputKind::Orders => orders::open,
        InputKind::OrderEvents => orders::open_events,
        InputKind::BankStatement => statements::open_export,
        InputKind::Decisions => {
            return Err(Refusal::new(
                "holds decisions, which `show` tells by discrepancy",
            ));
        }
    };
    let mut refusal = Refusal::new("is no table");
    for profile in profiles {
        match open_one(opened, profile) {
            Ok(table) => return Ok(table),
            Err(reason) => refusal = reason,
        }
    }
    Err(refusal)
}

/// An object names its own values, and may have more than the reader's columns.
fn columns(table: &Table, row: &Row) -> Original {
    let raw = table.raw(row);
    if let Ok(object) = serde_json::from_str::<Map<String, Value>>(&raw) {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                value.to_string()
            }
        };
        return Original::Columns(
            object
                .iter()
                .map(|(name, value)| (name.clone(), text(value)))
                .collect(),
        );
    }
    let names = table.header.names().iter().cloned();
    let values = (0..).map(|column| row.cell(Some(column)).text.to_owned());
    Original::Columns(names.zip(values).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::recognise;

    fn read(kind: InputKind, content: &str, lines: &[u32]) -> BTreeMap<u32, Original> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        let opened = OpenFile::open(&path, u64::MAX).unwrap();
        let profiles = recognise::profiles_of(kind, None, &[]).unwrap();
        let wanted = lines.iter().copied().collect();
        rows(&opened, kind, &profiles, &wanted).unwrap()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Original {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Original::Columns(pairs.iter().map(owned).collect())
    }

    const EVENTS: &str = "order_reference,provider,type,amount,currency,occurred_at,Clerk\n\
                          A,oney,cancel,5.00,EUR,2026-11-01,Anne\n\
                          B,oney,cancel\n\
                          C,oney,refund, 6.00,EUR,2026-11-02,\"Bob, jr\"\n";

    #[test]
    fn a_row_is_shown_with_the_columns_that_nobody_knows() {
        let found = read(InputKind::OrderEvents, EVENTS, &[4]);
        let expected = pairs(&[
            ("order_reference", "C"),
            ("provider", "oney"),
            ("type", "refund"),
            ("amount", " 6.00"),
            ("currency", "EUR"),
            ("occurred_at", "2026-11-02"),
            ("Clerk", "Bob, jr"),
        ]);
        assert_eq!(found, BTreeMap::from([(4, expected)]));
    }

    #[test]
    fn a_broken_row_is_shown_as_it_stands_and_an_absent_one_is_left_out() {
        let found = read(InputKind::OrderEvents, EVENTS, &[3, 99]);
        let expected = Original::Raw("B,oney,cancel".to_owned());
        assert_eq!(found, BTreeMap::from([(3, expected)]));
    }

    #[test]
    fn an_entry_of_mt940_is_shown_with_its_text() {
        let file = ":20:X\n:25:FR76\n:28C:1\n:60F:C261116EUR0,00\n:61:261117C1,00NTRF\n:86:a\n\
                    :61:261117C2,00NTRF//B-2\n:86:b\nc\n:62F:C261117EUR3,00\n-\n";
        let found = read(InputKind::BankStatement, file, &[6, 7, 99]);
        let expected = Original::Raw(":61:261117C2,00NTRF//B-2\n:86:b\nc".to_owned());
        assert_eq!(found, BTreeMap::from([(7, expected)]));
    }

    #[test]
    fn an_object_is_shown_with_all_its_keys() {
        let object = r#"{"order_reference":"A","provider":"oney","amount":12.50,"currency":"EUR","status":"FUNDED","ordered_at":"2026-11-01","shelf":null,"tags":["x"]}"#;
        let found = read(InputKind::Orders, object, &[1]);
        let expected = pairs(&[
            ("order_reference", "A"),
            ("provider", "oney"),
            ("amount", "12.50"),
            ("currency", "EUR"),
            ("status", "FUNDED"),
            ("ordered_at", "2026-11-01"),
            ("shelf", ""),
            ("tags", r#"["x"]"#),
        ]);
        assert_eq!(found, BTreeMap::from([(1, expected)]));
    }
}
