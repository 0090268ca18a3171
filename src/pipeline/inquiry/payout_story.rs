//! What became of a payout, in one paragraph: what is paid, what the bank booked, what is missing,
//! since when, and what to do.

use super::books::{Books, awaited_statement};
use crate::domain::calendar::days_between;
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, State};
use crate::domain::payout::{BankEntry, MatchedBy, PayoutOutcome, PayoutState};
use crate::domain::{Amount, Currency};

/// Tells it; `found` are the discrepancies that concern the payout, `files` in how many files it
/// was reported.
pub(super) fn told(
    books: &Books<'_>,
    outcome: &PayoutOutcome,
    found: &[ReportedDiscrepancy],
    files: usize,
) -> String {
    let entries = books.entries.iter().filter(|entry| {
        entry.currency == outcome.payout.currency && outcome.bank_entries.contains(&entry.entry_id)
    });
    let story = Story {
        books,
        outcome,
        entries: entries.collect(),
        found,
    };
    format!("{} {}", story.reported(files), story.became())
}

struct Story<'s> {
    books: &'s Books<'s>,
    outcome: &'s PayoutOutcome,
    entries: Vec<&'s BankEntry>,
    found: &'s [ReportedDiscrepancy],
}

impl Story<'_> {
    fn provider(&self) -> &str {
        let provider = &self.outcome.payout.provider;
        self.books.settings.wording.provider(provider)
    }

    fn money(&self, amount: Amount) -> String {
        let currency: Currency = self.outcome.payout.currency;
        format!("{} {currency}", amount.display(currency))
    }

    fn reported(&self, files: usize) -> String {
        let payout = &self.outcome.payout;
        let days = if payout.first == payout.last {
            format!("on {}", payout.last)
        } else {
            format!("from {} to {}", payout.first, payout.last)
        };
        format!(
            "{} reported {} in {} of {}, {days}.",
            self.provider(),
            self.money(self.outcome.expected),
            counted(payout.lines, "line"),
            counted(u64::try_from(files).unwrap_or(u64::MAX), "file"),
        )
    }

    fn became(&self) -> String {
        match self.outcome.state {
            PayoutState::Matched => format!("{} Nothing is missing.", self.booked()),
            PayoutState::Mismatched => self.mismatched(),
            PayoutState::NotReceived => self.not_received(),
            PayoutState::Pending => self.pending(),
            PayoutState::CarriedOver => format!(
                "{} carries that over and sets it off against what later files report under this \
                 reference; until then the bank books nothing. Nothing to do.",
                self.provider()
            ),
            PayoutState::SettledWithoutTransfer => {
                "What was paid and taken back makes nothing: there is no transfer.".to_owned()
            }
        }
    }

    /// What the bank booked, and how that was found.
    fn booked(&self) -> String {
        let all: Amount = self.entries.iter().map(|entry| entry.amount).sum();
        let mut days: Vec<String> = self
            .entries
            .iter()
            .map(|it| it.booked_on.to_string())
            .collect();
        days.dedup();
        let (count, days) = (counted_entries(self.entries.len()), days.join(", "));
        let how = match self.outcome.matched_by {
            Some(MatchedBy::Reference) => "with this reference",
            Some(MatchedBy::Amount) => "found by its amount, as the bank names no reference",
            Some(MatchedBy::Sum) => "found as the sum of several payouts",
            Some(MatchedBy::Decision) => "linked to it by a person",
            None => "found with it",
        };
        format!(
            "The bank booked {} on {days} in {count}, {how}.",
            self.money(all)
        )
    }

    fn mismatched(&self) -> String {
        let found = self.finding(&[Code::PayoutAmountMismatch]);
        let Some(difference) = found.and_then(Discrepancy::difference) else {
            return format!(
                "{} The amounts of the payouts with which it was paid do not add up to that.",
                self.booked()
            );
        };
        let word = if difference.is_negative() {
            "too little"
        } else {
            "too much"
        };
        format!(
            "{} That is {} {word}{}. Ask {} what the transfer is made of.",
            self.booked(),
            self.money(difference.abs()),
            self.since(found),
            self.provider()
        )
    }

    fn not_received(&self) -> String {
        let expected = self.outcome.expected;
        let found = self.finding(&[Code::PayoutNotReceived, Code::DebitNotTaken]);
        if expected.is_negative() {
            return format!(
                "The bank has not booked the debit{}. Ask {} when it is taken.",
                self.since(found),
                self.provider()
            );
        }
        format!(
            "The bank has not booked it: {} are missing{}. Ask {} for the transfer, or add the \
             missing bank statement.",
            self.money(expected),
            self.since(found),
            self.provider()
        )
    }

    fn pending(&self) -> String {
        if self.finding(&[Code::AmbiguousMatch]).is_some() {
            return format!(
                "Several entries of the bank fit it equally well. Ask {} which one is its \
                 transfer.",
                self.provider()
            );
        }
        let rules = &self.books.settings.rules;
        let days = rules
            .provider(&self.outcome.payout.provider)
            .payout_grace_business_days;
        let due = rules
            .calendar
            .add_business_days(self.outcome.payout.last, days);
        if let Some(awaited) = &self.outcome.waits_for {
            return format!(
                "Whether the bank booked it is not known: it waits for {}. Bring that statement.",
                awaited_statement(awaited)
            );
        }
        if self.books.as_of().is_some_and(|day| due <= day) && self.entries.is_empty() {
            return "No bank statements are read, so nobody can say whether the bank booked it."
                .to_owned();
        }
        format!("The bank has not booked it yet, and has until {due}. Nothing to do.")
    }

    /// `, since 2026-11-05 (15 days)`
    fn since(&self, found: Option<&Discrepancy>) -> String {
        let Some((found, as_of)) = found.zip(self.books.as_of()) else {
            return String::new();
        };
        let days = days_between(found.event_date, as_of);
        let count = counted(u64::try_from(days).unwrap_or_default(), "day");
        format!(", since {} ({count})", found.event_date)
    }

    fn finding(&self, codes: &[Code]) -> Option<&Discrepancy> {
        let open = self.found.iter().filter(|it| it.state != State::Resolved);
        let mut found = open.map(|it| &it.discrepancy);
        found.find(|it| codes.contains(&it.code))
    }
}

fn counted(count: u64, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

fn counted_entries(count: usize) -> String {
    if count == 1 {
        "one entry".to_owned()
    } else {
        format!("{count} entries")
    }
}
