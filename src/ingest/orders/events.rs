//! Order events: single confirmations, cancellations and refunds.

use super::fields::{Field, RowFields};
use super::{OrderOptions, read_rows};
use crate::domain::Amount;
use crate::domain::file::{FileId, RejectedRow};
use crate::domain::order::{OrderEvent, OrderEventKind};
use crate::ingest::counts::RowCounts;
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::Profile;
use crate::ingest::table::{Columns, Row, Table};
use crate::ingest::words::Words;
use crate::ingest::{CellError, Refusal};

/// Takes what an events reader finds, in the file's order.
pub trait OrderEventSink {
    /// An event; its `file` is still 0.
    fn event(&mut self, event: &OrderEvent<'_>);
    /// A row that could not be read.
    fn rejected(&mut self, row: RejectedRow);
}

const HEADER: &[&[&str]] = &[&[
    "order_reference",
    "provider",
    "type",
    "amount",
    "currency",
    "occurred_at",
]];

pub(in crate::ingest) fn open(opened: &OpenFile, profile: &Profile) -> Result<Table, Refusal> {
    let columns = Columns::of(profile, HEADER);
    Table::open(opened, profile, &columns)
}

/// True when a file begins like an events file.
pub fn has_known_event_header(opened: &OpenFile, profile: &Profile) -> bool {
    open(opened, profile).is_ok()
}

/// Reads an order events file.
///
/// # Errors
/// The whole file is refused: unknown header, undecidable decimal mark, too many bad rows.
pub fn read_events(
    opened: &OpenFile,
    options: OrderOptions<'_>,
    sink: &mut dyn OrderEventSink,
) -> Result<RowCounts, Refusal> {
    let mut table = Table::open_by(open, opened, options.profile)?;
    table.header.check_unambiguous()?;
    let reader = EventReader {
        fields: HEADER_FIELDS.map(|name| Field::find(&table, options.profile, name)),
        kinds: Words::of(options.profile, "type", OrderEventKind::from_word),
        values: RowFields::new(options.profile, options.timezone),
    };
    let percent = options.max_rejected_percent;
    let names = |row: &Row| {
        let [reference, provider, ..] = &reader.fields;
        reader.values.names(row, provider, reference)
    };
    let (counts, rejected) = read_rows(&mut table, percent, &names, &mut |row| {
        sink.event(&reader.read(row)?);
        Ok(())
    })?;
    for row in rejected.into_rows() {
        sink.rejected(row);
    }
    Ok(counts)
}

const HEADER_FIELDS: [&str; 7] = [
    "order_reference",
    "provider",
    "type",
    "amount",
    "currency",
    "occurred_at",
    "event_id",
];

struct EventReader<'a> {
    fields: [Field; 7],
    kinds: Words<OrderEventKind>,
    values: RowFields<'a>,
}

impl EventReader<'_> {
    fn read<'r>(&'r self, row: &'r Row) -> Result<OrderEvent<'r>, CellError> {
        let [
            reference,
            provider,
            kind,
            amount,
            currency,
            occurred_at,
            event_id,
        ] = &self.fields;
        let order_reference = reference.reference(row)?;
        let provider = self.values.provider(row, provider)?;
        let word = kind.text(row);
        let event = self.kinds.find(word).copied();
        let event = event.ok_or_else(|| self.kinds.unknown(&kind.name, word))?;
        let currency = self.values.currency(row, currency)?;
        let found = self.values.positive_amount(row, amount, currency)?;
        let found = found.ok_or_else(|| amount.missing())?;
        if found == Amount::ZERO {
            return Err(amount
                .error(row, "is not more than 0; correct the event")
                .into());
        }
        let occurred_on = self.values.day(row, occurred_at)?;
        Ok(OrderEvent {
            file: FileId(0),
            line: row.line,
            provider,
            order_reference,
            kind: event,
            amount: found,
            currency,
            occurred_on: occurred_on.ok_or_else(|| occurred_at.missing())?,
            event_id: event_id.text(row),
        })
    }
}
