//! What a discrepancy may belong to: the best candidates with why and why not. Nothing is matched by
//! it; a person links.

use super::books::Books;
use super::dossier::text;
use crate::domain::calendar::days_between;
use crate::domain::discrepancy::{Code, Discrepancy, State};
use crate::domain::payout::{BankEntry, PayoutOutcome, PayoutState};
use crate::domain::reference::folded;
use crate::domain::{Amount, Currency};
use crate::report::table::Cell;

pub(super) const SUGGESTION_COLUMNS: &[&str] = &["link_with", "why", "why_not"];

/// Candidates that are shown.
const SHOWN_MAX: usize = 3;

/// Days between a report and a booking, or a line and an order, beyond which nothing is suggested.
const DAYS_MAX: u64 = 45;

/// Days that say nothing against a candidate.
const DAYS_NEAR: u64 = 5;

/// Letters of a reference from which a slip of the pen is told from another reference.
const REFERENCE_CHARS_MIN: usize = 5;

/// A candidate, the more points the better.
struct Suggestion {
    points: u64,
    link_with: String,
    why: Vec<String>,
    why_not: Vec<String>,
}

impl Suggestion {
    fn new(link_with: String) -> Self {
        Self {
            points: 0,
            link_with,
            why: Vec::new(),
            why_not: Vec::new(),
        }
    }

    fn speaks_for(&mut self, points: u64, why: String) {
        self.points = self.points.saturating_add(points);
        self.why.push(why);
    }

    fn speaks_against(&mut self, why_not: String) {
        self.why_not.push(why_not);
    }

    /// Compares amounts; false where they differ by more than a tenth.
    fn amounts(&mut self, wanted: Amount, found: Amount, currency: Currency) -> bool {
        let difference = found - wanted;
        let parts =
            |amount: Amount, share: i64| (0..share).fold(Amount::ZERO, |sum, _| sum + amount.abs());
        if difference.is_zero() {
            self.speaks_for(50, "the same amount".to_owned());
            return true;
        }
        let told = format!("{} {currency} differ", difference.display(currency));
        self.speaks_against(told);
        let is_near = parts(difference, 10) <= wanted.abs();
        if parts(difference, 100) <= wanted.abs() {
            self.points = self.points.saturating_add(20);
        }
        is_near
    }

    /// Compares days; false where they are too far from each other.
    fn days(&mut self, days: i64, of: &str) -> bool {
        let count = days.unsigned_abs();
        let told = match days {
            0 => format!("on the day of {of}"),
            1.. => format!("{count} days after {of}"),
            _ => format!("{count} days before {of}"),
        };
        if count <= DAYS_NEAR {
            self.speaks_for(20_u64.saturating_sub(count), told);
        } else {
            self.speaks_against(told);
        }
        count <= DAYS_MAX
    }
}

/// The rows of the best candidates for a discrepancy that is open.
pub(super) fn rows(books: &Books<'_>, found: &Discrepancy) -> Vec<Vec<Cell<'static>>> {
    let mut all = if [
        Code::PayoutNotReceived,
        Code::AmbiguousMatch,
        Code::DebitNotTaken,
    ]
    .contains(&found.code)
    {
        entries_for(books, found)
    } else if [Code::BankCreditUnexplained, Code::BankDebitUnexplained].contains(&found.code) {
        payouts_for(books, found)
    } else if [Code::OrderNotFound, Code::ReferenceMissing].contains(&found.code) {
        orders_for(books, found)
    } else {
        Vec::new()
    };
    all.sort_by(|a, b| (b.points, &a.link_with).cmp(&(a.points, &b.link_with)));
    all.truncate(SHOWN_MAX);
    let row = |it: Suggestion| {
        vec![
            text(it.link_with),
            text(it.why.join("; ")),
            text(it.why_not.join("; ")),
        ]
    };
    all.into_iter().map(row).collect()
}

/// Entries that pay nothing yet, for a payout.
fn entries_for(books: &Books<'_>, found: &Discrepancy) -> Vec<Suggestion> {
    let Some((expected, currency)) = found.expected.zip(found.currency) else {
        return Vec::new();
    };
    let is_it = |it: &&PayoutOutcome| {
        (&it.payout.provider, &it.payout.reference) == (&found.provider, &found.payout_reference)
    };
    let last = books.payouts.iter().find(is_it).map(|it| it.payout.last);
    let last = last.unwrap_or(found.event_date);
    let free = books.entries.iter().filter(|entry| {
        let same_sign = entry.amount.is_negative() == expected.is_negative();
        entry.currency == currency && same_sign && !is_paying(books, entry)
    });
    free.filter_map(|entry| {
        let name = format!("--entry {}/{}", entry.account, entry.entry_id);
        let mut it = Suggestion::new(name);
        let days = days_between(last, entry.booked_on);
        let fits = it.amounts(expected, entry.amount, currency) & it.days(days, "its last report");
        texts(
            books,
            &mut it,
            (&found.provider, &found.payout_reference),
            entry,
        );
        fits.then_some(it)
    })
    .collect()
}

/// Payouts that nothing paid yet, for an entry.
fn payouts_for(books: &Books<'_>, found: &Discrepancy) -> Vec<Suggestion> {
    let Some((amount, currency)) = found.actual.zip(found.currency) else {
        return Vec::new();
    };
    let is_it = |it: &&BankEntry| it.account == found.account && it.entry_id == found.bank_entry;
    let Some(entry) = books.entries.iter().find(is_it) else {
        return Vec::new();
    };
    let unpaid = books.payouts.iter().filter(|it| {
        let same_sign = it.expected.is_negative() == amount.is_negative();
        let is_open = matches!(it.state, PayoutState::NotReceived | PayoutState::Pending);
        it.payout.currency == currency && same_sign && is_open
    });
    unpaid
        .filter_map(|outcome| {
            let payout = &outcome.payout;
            let mut it = Suggestion::new(format!("--payout {}", payout.reference));
            let days = days_between(payout.last, entry.booked_on);
            let fits =
                it.amounts(outcome.expected, amount, currency) & it.days(days, "its last report");
            texts(books, &mut it, (&payout.provider, &payout.reference), entry);
            fits.then_some(it)
        })
        .collect()
}

/// Orders whose funding no report has, for lines without an order.
fn orders_for(books: &Books<'_>, found: &Discrepancy) -> Vec<Suggestion> {
    let Some((amount, currency)) = found.actual.zip(found.currency) else {
        return Vec::new();
    };
    let unfunded = books.reported.of_code(Code::FundingNotReported);
    let open = unfunded.filter(|it| it.state != State::Resolved);
    open.filter_map(|reported| {
        let order = &reported.discrepancy;
        let expected = order
            .expected
            .filter(|_| order.provider == found.provider && order.currency == Some(currency))?;
        let mut it = Suggestion::new(format!("--order {}", order.order_reference));
        let days = days_between(order.event_date, found.event_date);
        let is_near = near(&mut it, &found.order_reference, &order.order_reference);
        let fits = it.amounts(expected, amount, currency)
            & it.days(days, "the day that its funding fell due");
        (fits || is_near).then_some(it)
    })
    .collect()
}

/// True for an entry that a payout has, whether it adds up or not.
fn is_paying(books: &Books<'_>, entry: &BankEntry) -> bool {
    books.payouts.iter().any(|it| {
        it.state != PayoutState::Pending
            && it.payout.currency == entry.currency
            && it.bank_entries.contains(&entry.entry_id)
    })
}

/// Whether the bank's text speaks of a provider, and of something like a reference.
fn texts(
    books: &Books<'_>,
    it: &mut Suggestion,
    (provider, reference): (&str, &str),
    entry: &BankEntry,
) {
    let name = books.settings.wording.provider(provider);
    let rules = books.settings.rules.providers.get(provider);
    let words = entry
        .references
        .iter()
        .chain([&entry.counterparty, &entry.remittance]);
    let words: Vec<&String> = words.collect();
    let names_it = |text: &&String| rules.is_some_and(|rules| rules.bank_text.is_match(text));
    if words.iter().any(names_it) {
        it.speaks_for(15, format!("the bank's text names {name}"));
    } else {
        it.speaks_against(format!("the bank's text does not name {name}"));
    }
    for word in words.iter().flat_map(|text| text.split_whitespace()) {
        if near(it, word, reference) {
            return;
        }
    }
}

/// Whether one reference may be the other, mistyped.
fn near(it: &mut Suggestion, written: &str, reference: &str) -> bool {
    let (one, other) = (folded(written), folded(reference));
    if one.chars().count() < REFERENCE_CHARS_MIN || other.is_empty() {
        return false;
    }
    let is_near = one == other || strsim::damerau_levenshtein(&one, &other) <= 1;
    if is_near {
        it.speaks_for(30, format!("«{written}» is near {reference}"));
    }
    is_near
}
