//! The shop's side: orders, and single confirmations, cancellations and refunds of them.

mod events;
mod fields;

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128_with_seed};

pub(super) use events::open as open_events;
pub use events::{OrderEventSink, has_known_event_header, read_events};

use super::counts::RowCounts;
use super::open_file::OpenFile;
use super::profile::Profile;
use super::table::{Columns, NextRow, Row, Table};
use super::words::Words;
use super::{CellError, Refusal, Rejected, RowError};
use crate::domain::Amount;
use crate::domain::file::{FileId, RejectedRow, RowNames, bounded};
use crate::domain::order::{Order, OrderStatus};
use fields::{Field, RowFields};

/// Takes what an orders reader finds, in the file's order.
pub trait OrderSink {
    /// An order; its `file` is still 0.
    fn order(&mut self, order: &Order<'_>);
    /// A row that could not be read.
    fn rejected(&mut self, row: RejectedRow);
}

/// How an orders file is to be read.
#[derive(Clone, Copy, Debug)]
pub struct OrderOptions<'a> {
    /// Names, marks and formats.
    pub profile: &'a Profile,
    /// The zone whose days count.
    pub timezone: Tz,
    /// Share of rejected rows above which the file is refused.
    pub max_rejected_percent: u32,
}

const HEADER: &[&[&str]] = &[&[
    "order_reference",
    "provider",
    "amount",
    "currency",
    "status",
    "ordered_at",
]];

pub(super) fn open(opened: &OpenFile, profile: &Profile) -> Result<Table, Refusal> {
    let columns = Columns::of(profile, HEADER);
    Table::open(opened, profile, &columns)
}

/// Whether these are the names of an order's columns, as far as it must have them.
///
/// # Errors
/// When some are missing: the reason names them.
pub fn check_columns(names: &[String], profile: &Profile) -> Result<(), Refusal> {
    let is_missing = |wanted: &&str| Columns::of(profile, &[&[*wanted]]).header(names).is_none();
    let mandatory = HEADER.iter().copied().flatten().copied();
    let missing: Vec<&str> = mandatory.filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(format!(
        "gives no column {}; found «{}»; name the columns with AS, or name those of the shop in a \
         [[profile]]",
        missing.join(", "),
        bounded(&names.join(", "), 200)
    )))
}

/// True when a file begins like an orders file.
pub fn has_known_header(opened: &OpenFile, profile: &Profile) -> bool {
    open(opened, profile).is_ok()
}

/// Reads the rows of a table one by one; `take` makes a fact of a row.
///
/// # Errors
/// The whole file is refused.
fn read_rows(
    table: &mut Table,
    max_rejected_percent: u32,
    names: &dyn Fn(&Row) -> RowNames,
    take: &mut dyn FnMut(&Row) -> Result<(), CellError>,
) -> Result<(RowCounts, Rejected), Refusal> {
    let mut counts = RowCounts::default();
    let mut rejected = Rejected::default();
    let mut row = Row::default();
    loop {
        let error = match table.next_row(&mut row)? {
            NextRow::End => break,
            NextRow::Bad { line, raw, reason } => {
                let error = RowError::new("", "", reason).at(line, &raw);
                error.naming(names(&row))
            }
            NextRow::Row => match take(&row) {
                Ok(()) => {
                    counts.accept();
                    continue;
                }
                Err(error) => {
                    let place = |refusal| Refusal::new(format!("line {}: {refusal}", row.line));
                    let error = table.row_error(error).map_err(place)?;
                    let error = error.at(row.line, &table.raw(&row));
                    error.naming(names(&row))
                }
            },
        };
        counts.reject();
        rejected.push(error);
    }
    counts.passed_over = table.passed_over();
    let first = rejected.first().map(RejectedRow::told);
    Ok((
        counts.check(max_rejected_percent, first.as_deref())?,
        rejected,
    ))
}

/// Reads an orders file.
///
/// # Errors
/// The whole file is refused: unknown header, undecidable decimal mark, too many bad rows.
pub fn read(
    opened: &OpenFile,
    options: OrderOptions<'_>,
    sink: &mut dyn OrderSink,
) -> Result<RowCounts, Refusal> {
    let mut table = Table::open_by(open, opened, options.profile)?;
    table.header.check_unambiguous()?;
    let reader = OrderReader {
        fields: OrderFields::find(&table, options.profile),
        statuses: Words::of(options.profile, "status", OrderStatus::from_word),
        values: RowFields::new(options.profile, options.timezone),
    };
    let mut seen = SeenOrders::default();
    let percent = options.max_rejected_percent;
    let names = |row: &Row| reader.names(row);
    let (counts, rejected) = read_rows(&mut table, percent, &names, &mut |row| {
        let order = reader.read(row)?;
        remember(&mut seen, &order, &reader.fields.order_reference)?;
        sink.order(&order);
        Ok(())
    })?;
    for row in rejected.into_rows() {
        sink.rejected(row);
    }
    Ok(counts)
}

struct OrderFields {
    order_reference: Field,
    provider: Field,
    merchant: Field,
    amount: Field,
    confirmed_amount: Field,
    currency: Field,
    status: Field,
    ordered_at: Field,
    confirmed_at: Field,
    cancelled_amount: Field,
    cancelled_at: Field,
    transaction_id: Field,
    product: Field,
    updated_at: Field,
}

impl OrderFields {
    fn find(table: &Table, profile: &Profile) -> Self {
        let field = |name| Field::find(table, profile, name);
        Self {
            order_reference: field("order_reference"),
            provider: field("provider"),
            merchant: field("merchant"),
            amount: field("amount"),
            confirmed_amount: field("confirmed_amount"),
            currency: field("currency"),
            status: field("status"),
            ordered_at: field("ordered_at"),
            confirmed_at: field("confirmed_at"),
            cancelled_amount: field("cancelled_amount"),
            cancelled_at: field("cancelled_at"),
            transaction_id: field("transaction_id"),
            product: field("product"),
            updated_at: field("updated_at"),
        }
    }
}

/// Where an order of this file was read, to notice the second row of the same order.
#[derive(Clone, Copy)]
struct Seen {
    line: u32,
    updated_at: Option<NaiveDateTime>,
}

struct OrderReader<'a> {
    fields: OrderFields,
    statuses: Words<OrderStatus>,
    values: RowFields<'a>,
}

impl OrderReader<'_> {
    fn names(&self, row: &Row) -> RowNames {
        let fields = &self.fields;
        RowNames {
            transaction_id: fields.transaction_id.text(row).to_owned(),
            ..self
                .values
                .names(row, &fields.provider, &fields.order_reference)
        }
    }

    fn read<'r>(&'r self, row: &'r Row) -> Result<Order<'r>, CellError> {
        let (fields, values) = (&self.fields, &self.values);
        let order_reference = fields.order_reference.reference(row)?;
        let provider = values.provider(row, &fields.provider)?;
        let currency = values.currency(row, &fields.currency)?;
        let amount = values.amount(row, &fields.amount, currency)?;
        let amount = amount.ok_or_else(|| fields.amount.missing())?;
        if amount <= Amount::ZERO {
            return Err(fields
                .amount
                .error(row, "is not more than 0; correct the order")
                .into());
        }
        let word = fields.status.text(row);
        let status = self.statuses.find(word).copied();
        let status = status.ok_or_else(|| self.statuses.unknown(&fields.status.name, word))?;
        let ordered_on = values.day(row, &fields.ordered_at)?;
        Ok(Order {
            file: FileId(0),
            line: row.line,
            provider,
            order_reference,
            merchant: fields.merchant.text(row),
            amount,
            confirmed_amount: values.positive_amount(row, &fields.confirmed_amount, currency)?,
            currency,
            status,
            ordered_on: ordered_on.ok_or_else(|| fields.ordered_at.missing())?,
            confirmed_on: values.day(row, &fields.confirmed_at)?,
            cancelled_amount: values.positive_amount(row, &fields.cancelled_amount, currency)?,
            cancelled_on: values.day(row, &fields.cancelled_at)?,
            updated_at: values.instant(row, &fields.updated_at)?,
            transaction_id: fields.transaction_id.text(row),
            product: fields.product.text(row),
        })
    }
}

/// Rows by the hash of provider and reference, which needs no further hashing worth its name.
type SeenOrders = FxHashMap<u128, Seen>;

/// A second row of an order is taken when `updated_at` tells which of the two is the later.
fn remember(seen: &mut SeenOrders, order: &Order<'_>, field: &Field) -> Result<(), RowError> {
    let provider = xxh3_64(order.provider.as_bytes());
    let key = xxh3_128_with_seed(order.order_reference.as_bytes(), provider);
    let now = Seen {
        line: order.line,
        updated_at: order.updated_at,
    };
    let Some(before) = seen.insert(key, now) else {
        return Ok(());
    };
    if before.updated_at > now.updated_at {
        seen.insert(key, before);
    }
    let both_known = before.updated_at.is_some() && now.updated_at.is_some();
    if both_known && before.updated_at != now.updated_at {
        return Ok(());
    }
    seen.insert(key, before);
    Err(RowError::new(
        &field.name,
        order.order_reference,
        format!(
            "stands on line {} and on line {}, and no updated_at tells which row is the later; \
             export each order once",
            before.line, now.line
        ),
    ))
}

#[cfg(test)]
mod tests;
