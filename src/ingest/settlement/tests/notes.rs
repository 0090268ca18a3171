//! A sink that notes lines down as a person would.

use std::collections::BTreeMap;

use crate::domain::file::RejectedRow;
use crate::domain::settlement::{SettlementLine, SliceId};
use crate::domain::{Amount, Currency};
use crate::ingest::Refusal;
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::Profile;
use crate::ingest::settlement::{
    self, SettlementFile, SettlementOptions, SettlementSink, SliceKey,
};

/// A slice as a person would note it down.
#[derive(Clone, Debug)]
struct NotedSlice {
    kind: &'static str,
    merchant: String,
    currency: Currency,
    payout_reference: String,
    report_date: String,
}

/// A line as a person would note it down; amounts have the decimals of their currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::ingest) struct Noted {
    pub(in crate::ingest) row: u32,
    pub(in crate::ingest) kind: &'static str,
    pub(in crate::ingest) order_reference: String,
    pub(in crate::ingest) transaction_id: String,
    pub(in crate::ingest) merchant: String,
    pub(in crate::ingest) event_time: String,
    pub(in crate::ingest) currency: String,
    pub(in crate::ingest) gross: String,
    pub(in crate::ingest) fee: String,
    pub(in crate::ingest) payout_reference: String,
    pub(in crate::ingest) report_date: String,
    pub(in crate::ingest) product: String,
    /// The order's own amount and currency, where they are others.
    pub(in crate::ingest) order_amount: String,
    /// Expected and actual, where the row contradicts itself.
    pub(in crate::ingest) contradiction: String,
}

impl Noted {
    /// Kind, order, gross and fee: what most tests look at.
    pub(in crate::ingest) fn brief(&self) -> String {
        let Self {
            kind,
            order_reference,
            gross,
            fee,
            ..
        } = self;
        format!("{kind} {order_reference} {gross} {fee}")
    }
}

/// What became of a file that was read.
#[derive(Debug)]
pub(in crate::ingest) struct Read {
    pub(in crate::ingest) file: SettlementFile,
    pub(in crate::ingest) lines: Vec<Noted>,
    pub(in crate::ingest) rejected: Vec<RejectedRow>,
    /// Σ net in cents of what counts, by payout reference.
    pub(in crate::ingest) payouts: BTreeMap<String, i64>,
}

impl Read {
    pub(in crate::ingest) fn brief(&self) -> Vec<String> {
        self.lines.iter().map(Noted::brief).collect()
    }

    /// Line, column and value of each rejected row, and the beginning of the reason.
    pub(in crate::ingest) fn complaints(&self) -> Vec<String> {
        let reason = |row: &RejectedRow| row.reason.split(';').next().unwrap().to_owned();
        self.rejected
            .iter()
            .map(|row| {
                format!(
                    "{}: {} «{}» {}",
                    row.line,
                    row.column,
                    row.value,
                    reason(row)
                )
            })
            .collect()
    }
}

pub(in crate::ingest) type Outcome = Result<Read, Refusal>;

#[derive(Default)]
struct Notes {
    slices: Vec<NotedSlice>,
    lines: Vec<Noted>,
    rejected: Vec<RejectedRow>,
    payouts: BTreeMap<String, i64>,
}

impl SettlementSink for Notes {
    fn slice(&mut self, key: &SliceKey<'_>) -> SliceId {
        self.slices.push(NotedSlice {
            kind: key.kind.word(),
            merchant: key.merchant.to_owned(),
            currency: key.currency,
            payout_reference: key.payout_reference.to_owned(),
            report_date: key.report_date.to_string(),
        });
        SliceId(i64::try_from(self.slices.len()).unwrap() - 1)
    }

    fn line(&mut self, line: &SettlementLine<'_>) {
        let slice = self.slices[usize::try_from(line.slice.0).unwrap()].clone();
        let written = |amount: Amount| amount.display(slice.currency).to_string();
        if slice.kind != "memo" {
            let sum = self.payouts.entry(slice.payout_reference.clone());
            *sum.or_default() += line.net().to_minor().unwrap();
        }
        self.lines.push(Noted {
            row: line.line,
            kind: slice.kind,
            order_reference: line.order_reference.to_owned(),
            transaction_id: line.transaction_id.to_owned(),
            merchant: slice.merchant,
            event_time: line
                .event_time
                .map_or(String::new(), |time| time.to_string()),
            currency: slice.currency.to_string(),
            gross: written(line.gross),
            fee: written(line.fee),
            payout_reference: slice.payout_reference,
            report_date: slice.report_date,
            product: line.product.to_owned(),
            order_amount: line.order_amount.map_or(String::new(), |money| {
                format!(
                    "{} {}",
                    money.amount.display(money.currency),
                    money.currency
                )
            }),
            contradiction: line.contradiction.map_or(String::new(), |both| {
                format!("{} {}", written(both.expected), written(both.actual))
            }),
        });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
}

/// Reads some bytes as a file of a name, in Paris.
pub(in crate::ingest) fn read_bytes(name: &str, content: &[u8], profile: &Profile) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    let opened = OpenFile::open(&path, u64::MAX).unwrap();
    let options = SettlementOptions {
        profile,
        timezone: chrono_tz::Europe::Paris,
        max_rejected_percent: 10,
    };
    let mut notes = Notes::default();
    let file = settlement::read(&opened, options, &mut notes)?;
    let known = settlement::has_known_header(&opened, profile);
    assert!(known, "what can be read is recognised");
    let counts = file.counts;
    assert_eq!(counts.rows, counts.accepted + counts.rejected);
    assert_eq!(
        (counts.accepted, counts.rejected),
        (
            u64::try_from(notes.lines.len()).unwrap(),
            u64::try_from(notes.rejected.len()).unwrap()
        ),
        "every row is a line or a rejected row"
    );
    Ok(Read {
        file,
        lines: notes.lines,
        rejected: notes.rejected,
        payouts: notes.payouts,
    })
}
