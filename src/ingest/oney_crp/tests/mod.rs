//! Payment reports, written row by row, and what becomes of each row.

mod bad_input;
mod names;
mod version_2;
mod version_3;
mod workbooks;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{CrpOptions, read};
use crate::domain::file::{InputKind, RejectedRow};
use crate::domain::settlement::{SettlementLine, SliceId};
use crate::domain::{Amount, Currency};
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::{ONEY_CRP_V3, Profile, ProfileDefinition};
use crate::ingest::settlement::{SettlementSink, SliceKey};
use crate::ingest::{Refusal, RowCounts, recognise};

/// A line as a person would note it down; amounts have the decimals of their currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Noted {
    row: u32,
    kind: &'static str,
    part: &'static str,
    order_reference: String,
    merchant: String,
    transaction_id: String,
    event_time: String,
    currency: String,
    gross: String,
    fee: String,
    net: String,
    payout_reference: String,
    report_date: String,
    product: String,
    instalments: Option<u16>,
    /// Expected and actual, where the row contradicts itself.
    contradiction: Option<(String, String)>,
}

/// Notes down what a reader finds.
#[derive(Debug, Default)]
struct Notes {
    slices: Vec<Noted>,
    currencies: Vec<Currency>,
    lines: Vec<Noted>,
    rejected: Vec<RejectedRow>,
}

impl SettlementSink for Notes {
    fn slice(&mut self, key: &SliceKey<'_>) -> SliceId {
        self.currencies.push(key.currency);
        self.slices.push(Noted {
            kind: key.kind.word(),
            part: key.part.word(),
            merchant: key.merchant.to_owned(),
            currency: key.currency.to_string(),
            payout_reference: key.payout_reference.to_owned(),
            report_date: key.report_date.to_string(),
            ..Noted::default()
        });
        SliceId(i64::try_from(self.slices.len()).unwrap() - 1)
    }

    fn line(&mut self, line: &SettlementLine<'_>) {
        let at = usize::try_from(line.slice.0).unwrap();
        let currency = self.currencies[at];
        let written = |amount: Amount| amount.display(currency).to_string();
        self.lines.push(Noted {
            row: line.line,
            order_reference: line.order_reference.to_owned(),
            transaction_id: line.transaction_id.to_owned(),
            event_time: line
                .event_time
                .map_or(String::new(), |time| time.to_string()),
            gross: written(line.gross),
            fee: written(line.fee),
            net: written(line.net()),
            product: line.product.to_owned(),
            instalments: line.instalments,
            contradiction: line
                .contradiction
                .map(|both| (written(both.expected), written(both.actual))),
            ..self.slices[at].clone()
        });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

/// What became of a file.
type Outcome = Result<(RowCounts, Notes), Refusal>;

/// Reads some bytes as the report of 6 November, under the layout that its header shows.
fn read_bytes(content: &[u8], definitions: &[ProfileDefinition]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crp_fr_v3_261106_17.csv");
    std::fs::write(&path, content).unwrap();
    let opened = OpenFile::open(&path, u64::MAX).unwrap();
    let named = definitions
        .first()
        .map(|definition| definition.name.as_str());
    let profiles = recognise::profiles_of(InputKind::OneyCrp, named, definitions)?;
    let fitting = recognise::fitting(InputKind::OneyCrp, &opened, &profiles);
    let fallback = Profile::resolve(ONEY_CRP_V3, &[]).unwrap();
    let options = CrpOptions {
        profile: fitting.unwrap_or(&fallback),
        max_rejected_percent: 10,
    };
    let mut notes = Notes::default();
    let day = NaiveDate::from_ymd_opt(2026, 11, 6).unwrap();
    let counts = read(&opened, day, options, &mut notes)?;
    Ok((counts, notes))
}

fn read_text(content: &str) -> Outcome {
    read_bytes(content.as_bytes(), &[])
}

/// Columns with their values in a plain row of version 3: an order of 200.00 EUR whose commission
/// of 3.60 is deducted.
const PLAIN: [(&str, &str); 24] = [
    ("PR_Type", "FIN"),
    ("IS_cancel", "N"),
    ("Merchant_guid", "M-1"),
    ("PSP_guid", "PSP"),
    ("Merchant_name", "Shop"),
    ("Purchase_date", "05/11/2026"),
    ("Purchase_hour", "10:11:12"),
    ("Cancel_date", ""),
    ("Cancel_hour", ""),
    ("Funding_reference", "F-1"),
    ("External_reference", "WEB-1"),
    ("Transaction_number", "T-1"),
    ("Customer_external_code", "C-1"),
    ("Transaction_amount", "200.00"),
    ("Transaction_amount_currency", "EUR"),
    ("Merchant_context", ""),
    ("PSP_context", ""),
    ("Installment_number", "3"),
    ("Payment_delay", "0"),
    ("Commercial_code", "3X"),
    ("Funding_amount", "196.40"),
    ("Commission_amount", "3.60"),
    ("Net_amount", "196.40"),
    ("Transfer_Id", "TR-1"),
];

/// What a cancellation of the plain row writes: no amount has a sign.
const CANCELS: [(&str, &str); 3] = [
    ("IS_cancel", "Y"),
    ("Cancel_date", "06/11/2026"),
    ("Cancel_hour", "09:00:00"),
];

/// A report of the plain columns, each row with the values that it changes.
fn report(rows: &[&[(&str, &str)]]) -> String {
    table(&PLAIN, rows)
}

/// A table of columns with their plain values, each row with the values that it changes.
fn table(columns: &[(&str, &str)], rows: &[&[(&str, &str)]]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut text = names.join(",") + "\n";
    for row in rows {
        let mut values: BTreeMap<&str, &str> = columns.iter().copied().collect();
        for (name, value) in *row {
            assert!(values.insert(name, value).is_some(), "no column {name}");
        }
        let cells: Vec<&str> = names.iter().map(|name| values[name]).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

/// The columns without some of them.
fn without(
    columns: &[(&'static str, &'static str)],
    gone: &[&str],
) -> Vec<(&'static str, &'static str)> {
    let kept = columns.iter().filter(|(name, _)| !gone.contains(name));
    kept.copied().collect()
}

/// The only line of a file of one row.
#[track_caller]
fn only_line(content: &str) -> Noted {
    let (counts, notes) = read_text(content).unwrap();
    assert_eq!(notes.rejected, []);
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (1, 1, 0));
    assert_eq!(notes.lines.len(), 1);
    notes.lines.into_iter().next().unwrap()
}

/// The line of a plain row with some values changed.
#[track_caller]
fn plain_with(changes: &[(&str, &str)]) -> Noted {
    only_line(&report(&[changes]))
}

/// The line of a cancelling row with some values changed.
#[track_caller]
fn cancelling_with(changes: &[(&str, &str)]) -> Noted {
    plain_with(&[&CANCELS, changes].concat())
}

/// Gross, fee and net of a line.
fn amounts(line: &Noted) -> [&str; 3] {
    [&line.gross, &line.fee, &line.net].map(String::as_str)
}
