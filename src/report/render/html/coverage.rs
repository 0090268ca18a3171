//! What the books cover: how far each account and feed is known, and what waits for it.

use crate::domain::coverage::Feed;
use crate::domain::outcome::ReportScope;
use crate::report::headline::{feed_word, is_gap, is_pressing};
use crate::report::language::{Kind, Value};
use crate::report::words::{Words, one_line};

/// A row of the panel.
pub(super) struct BookRow {
    /// `gap` where somebody should look after it.
    pub(super) class: &'static str,
    pub(super) state: &'static str,
    pub(super) state_text: String,
    pub(super) feed: String,
    pub(super) name: String,
    pub(super) until: String,
    pub(super) expected: String,
    pub(super) waiting: Vec<String>,
}

/// The feeds; those that somebody should look after come first.
pub(super) fn rows(words: Words<'_>, feeds: &[Feed], scope: ReportScope) -> Vec<BookRow> {
    let mut feeds: Vec<&Feed> = feeds.iter().collect();
    let is_fine = |feed: &Feed| (!is_gap(feed, scope), !is_pressing(feed));
    feeds.sort_by_key(|feed| (is_fine(feed), feed.covered_until));
    feeds
        .into_iter()
        .map(|feed| row(words, feed, scope))
        .collect()
}

/// How many of them need nobody; empty where all do.
pub(super) fn others(words: Words<'_>, feeds: &[Feed], scope: ReportScope) -> String {
    let others = feeds.iter().filter(|feed| !is_urgent(feed, scope)).count();
    match u64::try_from(others).unwrap_or(u64::MAX) {
        0 => String::new(),
        count => words
            .texts
            .with("html-books-others", &[("count", Value::Count(count))]),
    }
}

fn is_urgent(feed: &Feed, scope: ReportScope) -> bool {
    is_gap(feed, scope) && is_pressing(feed)
}

fn row(words: Words<'_>, feed: &Feed, scope: ReportScope) -> BookRow {
    let provider = words.texts.provider(&feed.provider);
    let name = [feed.account.as_str(), provider, feed.path.as_str()];
    let name = name.into_iter().find(|name| !name.is_empty());
    let waiting = feed.waiting.iter().map(|(currency, waited)| {
        let amount = words.amount(Some(waited.amount), *currency);
        let values = [
            ("count", Value::Count(waited.items)),
            ("amount", Value::Text(&amount)),
        ];
        words.texts.with("html-book-waits", &values)
    });
    let day = |day: Option<_>| day.map_or("–".to_owned(), |day| words.day(day));
    BookRow {
        class: if is_urgent(feed, scope) { "gap" } else { "" },
        state: feed.state.word(),
        state_text: words
            .texts
            .title(Kind::FeedState, feed.state.word())
            .into_owned(),
        feed: feed_word(words, feed.kind),
        name: one_line(name.unwrap_or_default()),
        until: day(feed.covered_until),
        expected: day(feed.allowed_until),
        waiting: waiting.collect(),
    }
}
