//! `discrepancies.csv`: each open discrepancy, and each one that this run resolved.

use chrono::NaiveDate;

use crate::domain::Currency;
use crate::domain::cause::Causes;
use crate::domain::discrepancy::{ReportedDiscrepancy, Source};
use crate::report::explain::explain;
use crate::report::language::Texts;
use crate::report::table::{Cell, TableSpec};

const COLUMNS: [&str; 25] = [
    "id",
    "code",
    "severity",
    "state",
    "provider",
    "merchant",
    "order_reference",
    "transaction_id",
    "payout_reference",
    "account",
    "bank_entry",
    "file",
    "currency",
    "expected",
    "actual",
    "difference",
    "event_date",
    "first_seen",
    "age_days",
    "assignee",
    "note",
    "sources",
    "explanation",
    "cause",
    "exposure",
];

/// The table.
pub const TABLE: TableSpec = TableSpec {
    name: "discrepancies",
    columns: &COLUMNS,
};

/// Sources that are named in a cell; of the others there is only their number.
const SOURCES_MAX: usize = 20;

/// The row of a discrepancy as seen on `as_of`, explained in the language of `texts`; `causes` are
/// those of the whole report.
///
/// Amounts of an account whose statements do not name its currency have two decimals and an
/// empty `currency`.
pub fn cells<'r>(
    reported: &'r ReportedDiscrepancy,
    as_of: NaiveDate,
    causes: &Causes,
    texts: Texts,
) -> [Cell<'r>; COLUMNS.len()] {
    let found = &reported.discrepancy;
    let cause = causes.cause_of(found.identity());
    let digits_of = found.currency.unwrap_or(Currency::EUR);
    [
        Cell::text(&reported.id),
        Cell::text(found.code.word()),
        Cell::text(found.severity.word()),
        Cell::text(reported.state.word()),
        Cell::text(&found.provider),
        Cell::text(&found.merchant),
        Cell::text(&found.order_reference),
        Cell::text(&found.transaction_id),
        Cell::text(&found.payout_reference),
        Cell::text(&found.account),
        Cell::text(&found.bank_entry),
        Cell::text(&found.file),
        Cell::text(found.currency.as_ref().map_or("", Currency::code)),
        Cell::amount(found.expected, digits_of),
        Cell::amount(found.actual, digits_of),
        Cell::amount(found.difference(), digits_of),
        Cell::Date(found.event_date),
        Cell::date(reported.first_seen),
        Cell::integer(found.age_days(as_of)),
        Cell::text(&reported.assignee),
        Cell::text(&reported.note),
        Cell::text(sources(&found.sources)),
        Cell::text(explain(found, as_of, texts)),
        cause.map_or(Cell::text(""), |cause| Cell::text(cause.to_string())),
        Cell::amount(found.exposure(), digits_of),
    ]
}

/// `file:line` joined by `;`, at most [`SOURCES_MAX`] of them, then `+N`; a source that is a
/// file as a whole is its name.
fn sources(all: &[Source]) -> String {
    let named = all
        .iter()
        .take(SOURCES_MAX)
        .map(|source| match source.line {
            0 => source.file.clone(),
            line => format!("{}:{line}", source.file),
        });
    let left = all.len().saturating_sub(SOURCES_MAX);
    let more = (left > 0).then(|| format!("+{left}"));
    named.chain(more).collect::<Vec<_>>().join(";")
}
