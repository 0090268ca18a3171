//! Titles for people of what has a fixed word for programs: codes, states, tables, columns.

use std::borrow::Cow;

use super::Texts;

/// What a word is a word of; the same word may have several titles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A discrepancy's code (`Code::word`).
    Code,
    /// How urgent it is (`Severity::word`).
    Severity,
    /// Its state (`State::word`).
    State,
    /// Its age (`AgeBucket::word`).
    Age,
    /// The state of an order (`OrderState::word`).
    OrderState,
    /// An order's status (`OrderStatus::word`).
    OrderStatus,
    /// How a feed stands (`FeedState::word`).
    FeedState,
    /// The state of a payout (`PayoutState::word`).
    PayoutState,
    /// The rule that matched it (`MatchedBy::word`).
    MatchedBy,
    /// What became of a file (`FileStatus::word`).
    FileStatus,
    /// What a file brings (`InputKind::word`).
    InputKind,
    /// A table (`TableSpec::name`), or `summary`.
    Table,
    /// A column (`TableSpec::columns`).
    Column,
}

impl Kind {
    /// What the keys begin with.
    fn prefix(self) -> &'static str {
        match self {
            Self::Code => "code-",
            Self::Severity => "severity-",
            Self::State => "state-",
            Self::Age => "age-",
            Self::OrderState => "order-state-",
            Self::OrderStatus => "order-status-",
            Self::FeedState => "feed-state-",
            Self::PayoutState => "payout-state-",
            Self::MatchedBy => "matched-by-",
            Self::FileStatus => "file-status-",
            Self::InputKind => "input-kind-",
            Self::Table => "table-",
            Self::Column => "column-",
        }
    }
}

impl Texts {
    /// The title of a word: `title(Kind::PayoutState, "not_received")` is `not received`.
    ///
    /// A word that does not exist stops a test, as every unknown text does.
    pub fn title(&self, kind: Kind, word: &str) -> Cow<'static, str> {
        self.text(&key(kind, word))
    }
}

/// The key of a word's title: `payout-state-not-received`.
pub(super) fn key(kind: Kind, word: &str) -> String {
    let prefix = kind.prefix();
    let mut key = String::with_capacity(prefix.len().saturating_add(word.len()));
    key.push_str(prefix);
    key.extend(word.chars().map(|letter| match letter {
        '_' | ' ' => '-',
        letter => letter.to_ascii_lowercase(),
    }));
    key
}
