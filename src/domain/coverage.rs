//! What the books cover: until which day each feed is known, and what waits for it.
//!
//! That something is *not* there is certain only when the book in which it would stand reaches
//! that day. Bank accounts, reports of providers and orders of the shop are such books.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::money::{Amount, Currency};

/// How far a book reaches, seen from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// No input brings it: what would stand in it is not asked for.
    NoFeed,
    /// Nothing of it ever came.
    Nothing,
    /// It is known until this day.
    Until(NaiveDate),
}

impl Reach {
    /// True when everything of a day is known.
    pub fn covers(self, day: NaiveDate) -> bool {
        self.day().is_some_and(|until| day <= until)
    }

    /// The last day that is known.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Until(day) => Some(day),
            Self::NoFeed | Self::Nothing => None,
        }
    }

    /// The same book, were it complete on a day: one that nobody brings stays away.
    #[must_use]
    pub fn completed(self, day: NaiveDate) -> Self {
        match self {
            Self::NoFeed => Self::NoFeed,
            Self::Nothing | Self::Until(_) => Self::Until(day),
        }
    }
}

impl From<Option<NaiveDate>> for Reach {
    fn from(until: Option<NaiveDate>) -> Self {
        until.map_or(Self::Nothing, Self::Until)
    }
}

/// From where legs 1 and 2 look at an order: the day, and how far its provider's books reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The as-of date.
    pub as_of: NaiveDate,
    /// The provider's reports.
    pub reports: Reach,
    /// The orders of the provider.
    pub orders: Reach,
}

impl Horizon {
    /// A day on which both books are complete.
    pub fn complete(as_of: NaiveDate) -> Self {
        let day = Reach::Until(as_of);
        Self {
            as_of,
            reports: day,
            orders: day,
        }
    }

    /// The same books, were they complete on a day.
    #[must_use]
    pub fn completed(self, day: NaiveDate) -> Self {
        Self {
            as_of: day,
            reports: self.reports.completed(day),
            orders: self.orders.completed(day),
        }
    }

    /// The day from which is seen whether something is due to be reported; `None`: nothing is.
    pub fn reported_until(self) -> Option<NaiveDate> {
        self.reports.day().map(|day| day.min(self.as_of))
    }
}

/// A book that something waits for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Book {
    /// The statements of an account; `None` where no account of the provider is known.
    Bank(Option<String>),
    /// The reports of a provider.
    Reports(String),
    /// The orders of a provider.
    Orders(String),
}

/// What would be a discrepancy if a book reached as far as the day that is looked from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The book.
    pub book: Book,
    /// Currency of the difference; absent where it has none.
    pub currency: Option<Currency>,
    /// What it would be about, without sign.
    pub amount: Amount,
}

/// How many wait, and with how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waited {
    /// How many.
    pub items: u64,
    /// Σ of their differences, without sign.
    pub amount: Amount,
}

/// What waits, by book and currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingList(BTreeMap<Book, BTreeMap<Option<Currency>, Waited>>);

impl WaitingList {
    /// Adds one.
    pub fn add(&mut self, waiting: Waiting) {
        let of_book = self.0.entry(waiting.book).or_default();
        let sum = of_book.entry(waiting.currency).or_default();
        sum.items = sum.items.saturating_add(1);
        sum.amount += waiting.amount;
    }

    /// What waits for each book, in the order of books.
    pub fn books(&self) -> impl Iterator<Item = (&Book, &BTreeMap<Option<Currency>, Waited>)> {
        self.0.iter()
    }
}

impl Extend<Waiting> for WaitingList {
    fn extend<I: IntoIterator<Item = Waiting>>(&mut self, all: I) {
        all.into_iter().for_each(|waiting| self.add(waiting));
    }
}

/// What a feed brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedKind {
    /// Statements of an account.
    Bank,
    /// Reports of a provider.
    Reports,
    /// Orders of the shop.
    Orders,
    /// What else comes regularly: events of orders, statuses of providers.
    Events,
}

impl FeedKind {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Reports => "reports",
            Self::Orders => "orders",
            Self::Events => "events",
        }
    }
}

/// How a feed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedState {
    /// Known up to the last business day before the as-of date.
    Complete,
    /// Known less far, and still allowed to be.
    Late,
    /// Nothing came for longer than is allowed.
    Silent,
    /// Nothing was ever accepted.
    Never,
}

impl FeedState {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Late => "late",
            Self::Silent => "silent",
            Self::Never => "never",
        }
    }
}

/// One feed, and what waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// What it brings.
    pub kind: FeedKind,
    /// Whose reports; else empty.
    pub provider: String,
    /// The bank account; else empty.
    pub account: String,
    /// The input's path as configured, where no provider and no account names the feed.
    pub path: String,
    /// The last day that is known; `None`: nothing is.
    pub covered_until: Option<NaiveDate>,
    /// The last day without alarm; `None` without a limit.
    pub allowed_until: Option<NaiveDate>,
    /// How it stands.
    pub state: FeedState,
    /// What waits, by currency.
    pub waiting: BTreeMap<Option<Currency>, Waited>,
}
