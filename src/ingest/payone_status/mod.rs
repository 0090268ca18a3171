//! PAYONE's `TransactionStatus` notifications, as the shop logged them.
//!
//! PAYONE posts one to the shop whenever something is booked on a payment process, and repeats it
//! until the shop answers `TSOK`. The shop keeps them in one of two ways, told apart by the
//! beginning of the file:
//!
//! - the body as received, one a line, perhaps behind the time of arrival ([`form`])
//! - a table with the parameters as columns: CSV, XLSX, NDJSON
//!
//! Either way a [`Notification`](parameters::Notification) comes out, and [`booking`] makes an
//! event of it. Repeats are not dropped here: the same notification may come in two files, so
//! only who knows all files can count it once. For the same reason nothing is concluded here from
//! the order of notifications.
//!
//! `mode=test` and `transaction_status=pending` are set aside.
//!
//! Sources: PAYONE, "`TransactionStatus` Notification" and "Parameter for the
//! `TransactionStatus` query".

mod booking;
mod form;
mod parameters;

use super::open_file::OpenFile;
use super::profile::Profile;
use super::provider_events::{EventOptions, ProviderEventSink, Tally};
use super::table::{Columns, NextRow, Row, Table};
use super::{Refusal, RowCounts, RowError};
use crate::domain::file::RejectedRow;
use booking::{BookingReader, Meaning};
use form::FormLines;
use parameters::{Notification, PARAMETERS, RECEIVED_AT, WITHHELD};

/// Among how many lines one has to look like a notification: the first ones may be damaged.
const LINES_TO_RECOGNISE: usize = 50;

const HEADER: &[&[&str]] = &[&[
    "txaction",
    "txid",
    "reference",
    "sequencenumber",
    "currency",
    "receivable",
    "balance",
]];

/// True when a file begins like a log or a table of notifications.
pub fn is_notifications(opened: &OpenFile, profile: &Profile) -> bool {
    Source::open(opened, profile).is_ok()
}

/// Reads a log or a table of notifications.
///
/// # Errors
/// The whole file is refused: neither a log nor a known header, too many bad rows, or it cannot
/// be read to its end.
pub fn read(
    opened: &OpenFile,
    options: EventOptions<'_>,
    sink: &mut dyn ProviderEventSink,
) -> Result<RowCounts, Refusal> {
    let mut source = Source::open(opened, options.profile)?;
    let reader = BookingReader::new(options);
    let mut tally = Tally::new(sink);
    let mut notification = Notification::default();
    loop {
        let next = source.next(&mut notification)?;
        notification.complete(&options.profile.fixed);
        match next {
            Next::End => return tally.finish(options.max_rejected_percent),
            Next::Bad(row) => tally.reject(row.naming(booking::names(&notification))),
            Next::Notification => match reader.read(&notification) {
                Ok(Meaning::Event(event)) => tally.event(&event),
                Ok(Meaning::Nothing(reason)) => tally.set_aside(notification.line, reason),
                Err(error) => {
                    let row = error.at(notification.line, &notification.shown());
                    tally.reject(row.naming(booking::names(&notification)));
                }
            },
        }
    }
}

/// Where notifications come from.
enum Source {
    Form(FormLines),
    Table(Box<TableRows>),
}

/// What comes next.
enum Next {
    /// A notification is in the buffer.
    Notification,
    /// A row that is none.
    Bad(RejectedRow),
    /// The end of the file.
    End,
}

impl Source {
    fn open(opened: &OpenFile, profile: &Profile) -> Result<Self, Refusal> {
        let head = opened.survey().head_text();
        let mut lines = head.lines().take(LINES_TO_RECOGNISE);
        let is_table = opened.survey().is_zip() || head.trim_start().starts_with('{');
        if !is_table && lines.any(form::looks_like_notification) {
            return Ok(Self::Form(FormLines::open(opened, profile)));
        }
        Ok(Self::Table(Box::new(TableRows::open(opened, profile)?)))
    }

    fn next(&mut self, notification: &mut Notification) -> Result<Next, Refusal> {
        match self {
            Self::Form(lines) => lines.next(notification),
            Self::Table(rows) => rows.next(notification),
        }
    }
}

/// Notifications with their parameters as columns.
struct TableRows {
    table: Table,
    row: Row,
    /// The parameters that the table has, and where.
    columns: Vec<(&'static str, usize)>,
}

impl TableRows {
    fn open(opened: &OpenFile, profile: &Profile) -> Result<Self, Refusal> {
        let columns = Columns::of(profile, HEADER);
        // The table's own reason quotes the first line, which may hold a customer's name.
        let table = Table::open(opened, profile, &columns).map_err(|_unquoted| {
            Refusal::new(format!(
                "holds no PAYONE notifications: neither lines like txaction=paid&txid=… nor a \
                 header with the columns {}; name the file's own columns in a [[profile]] that \
                 extends payone-status",
                columns.expected()
            ))
        })?;
        let found = PARAMETERS.into_iter().chain([RECEIVED_AT]);
        let columns = found
            .filter_map(|name| Some((name, table.header.column(name)?)))
            .collect();
        Ok(Self {
            table,
            row: Row::default(),
            columns,
        })
    }

    fn next(&mut self, notification: &mut Notification) -> Result<Next, Refusal> {
        match self.table.next_row(&mut self.row)? {
            NextRow::End => return Ok(Next::End),
            NextRow::Bad { line, reason, .. } => {
                notification.clear(line);
                // A parser's reason may quote what it found.
                let reason = if reason.starts_with("the row has") || reason.starts_with("a quote") {
                    reason
                } else {
                    "the line cannot be taken apart into parameters; ask for the file again".into()
                };
                return Ok(Next::Bad(RowError::new("", "", reason).at(line, WITHHELD)));
            }
            NextRow::Row => {}
        }
        notification.clear(self.row.line);
        for (name, column) in &self.columns {
            let cell = self.row.cell(Some(*column));
            if *name == RECEIVED_AT {
                cell.text.trim().clone_into(&mut notification.received_at);
            } else {
                notification.add(name, cell.text.trim(), cell.typed);
            }
        }
        Ok(Next::Notification)
    }
}

#[cfg(test)]
mod tests;
