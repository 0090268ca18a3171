//! `FEED_SILENT`: an account or an input of which nothing came for longer than is allowed.

use chrono::NaiveDate;

use crate::domain::calendar::BusinessCalendar;
use crate::domain::detail::{Detail, SilentFeed};
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::rules::FeedInput;

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// A bank account.
    Account(String),
    /// An input, by the word of its kind and its path as configured.
    Input(&'static str, String),
}

impl Subject {
    pub(super) fn input(input: &FeedInput) -> Self {
        Self::Input(input.kind.word(), input.path.clone())
    }
}

/// Something that may be silent for so many business days and no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Watch {
    subject: Subject,
    covered_until: Option<NaiveDate>,
    limit: u32,
    /// The first business day after the allowed ones: on it nothing is said yet, because it may
    /// still come.
    pub(super) allowed_until: NaiveDate,
}

impl Watch {
    /// A watch from the day until which the subject is covered, else from `begins`; `None` where
    /// there is no limit, or nothing to count from.
    pub(super) fn new(
        subject: Subject,
        limit: u32,
        (covered_until, begins): (Option<NaiveDate>, Option<NaiveDate>),
        calendar: &BusinessCalendar,
    ) -> Option<Self> {
        let since = covered_until.or(begins).filter(|_| limit > 0)?;
        Some(Self {
            subject,
            covered_until,
            limit,
            allowed_until: calendar.add_business_days(since, limit.saturating_add(1)),
        })
    }

    pub(super) fn is_silent(&self, as_of: NaiveDate) -> bool {
        self.allowed_until < as_of
    }

    pub(super) fn discrepancy(&self) -> Discrepancy {
        let (key, account, file) = match &self.subject {
            Subject::Account(account) => (vec![account.clone()], account.clone(), String::new()),
            Subject::Input(kind, path) => (
                vec![(*kind).to_owned(), path.clone()],
                String::new(),
                format!("{kind} {path}"),
            ),
        };
        Discrepancy {
            account,
            file,
            detail: Detail::SilentFeed(SilentFeed {
                known_until: self.covered_until,
                allowed: self.limit,
            }),
            ..Discrepancy::new(Code::FeedSilent, key, self.allowed_until)
        }
    }
}
