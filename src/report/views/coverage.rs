//! `coverage.csv`: each feed, how far it reaches, and what waits for it.

use crate::domain::Currency;
use crate::domain::coverage::{Feed, Waited};
use crate::report::table::{Cell, TableSpec};

const COLUMNS: [&str; 10] = [
    "feed",
    "provider",
    "account",
    "path",
    "covered_until",
    "allowed_until",
    "state",
    "waiting_items",
    "waiting_amount",
    "currency",
];

/// The table.
pub const TABLE: TableSpec = TableSpec {
    name: "coverage",
    columns: &COLUMNS,
};

/// The rows of some feeds: one for each currency that waits, else one without.
pub fn rows(feeds: &[Feed]) -> impl Iterator<Item = [Cell<'_>; COLUMNS.len()]> {
    feeds.iter().flat_map(|feed| {
        let waiting = feed.waiting.iter().map(|(currency, sum)| (*currency, *sum));
        let nothing = (feed.waiting.is_empty()).then(|| (None, Waited::default()));
        waiting
            .chain(nothing)
            .map(|(currency, sum)| cells(feed, currency, sum))
    })
}

fn cells(feed: &Feed, currency: Option<Currency>, sum: Waited) -> [Cell<'_>; COLUMNS.len()] {
    let text = |text: &'static str| Cell::text(text);
    [
        text(feed.kind.word()),
        Cell::text(&feed.provider),
        Cell::text(&feed.account),
        Cell::text(&feed.path),
        Cell::date(feed.covered_until),
        Cell::date(feed.allowed_until),
        text(feed.state.word()),
        Cell::integer(sum.items),
        currency.map_or(Cell::Empty, |currency| Cell::Amount(sum.amount, currency)),
        Cell::text(currency.map_or(String::new(), |currency| currency.code().to_owned())),
    ]
}
