//! Discrepancies of payouts: key, columns and the way back to files and entries.

use chrono::NaiveDate;

use super::Match;
use super::open_items::{OpenEntry, OpenPayout};
use crate::domain::Amount;
use crate::domain::detail::{Candidates, Detail};
use crate::domain::discrepancy::{Code, Discrepancy, Source};

/// Candidates that an ambiguous payout names; the count says how many there are.
const NAMED_CANDIDATES_MAX: usize = 100;

/// A discrepancy of one payout: `expected` is what the payout adds up to.
pub(super) fn of_payout(
    code: Code,
    open: &OpenPayout<'_>,
    event_date: NaiveDate,
    actual: Option<Amount>,
) -> Discrepancy {
    let payout = open.payout;
    let key = vec![
        payout.provider.clone(),
        payout.reference.clone(),
        payout.currency.code().to_owned(),
    ];
    Discrepancy {
        provider: payout.provider.clone(),
        merchant: payout.merchant.clone(),
        payout_reference: payout.reference.clone(),
        currency: Some(payout.currency),
        expected: Some(open.expected),
        actual,
        sources: payout.files.iter().map(|file| whole_file(file)).collect(),
        ..Discrepancy::new(code, key, event_date)
    }
}

/// A group whose entries do not add up to its payouts, under its first payout.
pub(super) fn amount_mismatch(group: &Match<'_, '_>) -> Option<Discrepancy> {
    let first = group.payouts.first()?;
    let booked_on = group.latest_booking()?;
    let mut found = of_payout(
        Code::PayoutAmountMismatch,
        first,
        booked_on,
        Some(group.booked()),
    );
    found.expected = Some(group.expected());
    let references = group.payouts.iter().map(|it| it.payout.reference.clone());
    found.detail = Detail::PaidTogether(references.collect());
    let merchant = &first.payout.merchant;
    if group
        .payouts
        .iter()
        .any(|it| it.payout.merchant != *merchant)
    {
        found.merchant.clear();
    }
    let files = group.payouts.iter().flat_map(|it| &it.payout.files);
    found.sources = files.map(|file| whole_file(file)).collect();
    add_entries(&mut found, &group.entries);
    Some(found)
}

/// A payout with several equally near entries.
pub(super) fn ambiguous_match(
    payout: &OpenPayout<'_>,
    candidates: &[&OpenEntry<'_>],
) -> Discrepancy {
    let mut found = of_payout(Code::AmbiguousMatch, payout, payout.payout.last, None);
    let named = candidates.get(..NAMED_CANDIDATES_MAX);
    let named = named.unwrap_or(candidates);
    add_entries(&mut found, named);
    found.detail = Detail::Candidates(Candidates {
        count: u64::try_from(candidates.len()).unwrap_or(u64::MAX),
        entries: sorted_ids(named),
    });
    found
}

/// Names entries in a discrepancy: their ids, accounts and lines.
pub(super) fn add_entries(found: &mut Discrepancy, entries: &[&OpenEntry<'_>]) {
    let mut accounts: Vec<&str> = entries.iter().map(|it| it.entry.account.as_str()).collect();
    accounts.sort_unstable();
    accounts.dedup();
    found.account = accounts.join(";");
    found.bank_entry = sorted_ids(entries).join(";");
    found.sources.extend(entries.iter().map(|it| Source {
        file: it.entry.file.clone(),
        line: it.entry.line,
    }));
    found.sources.sort();
    found.sources.dedup();
}

/// The ids of entries, sorted.
pub(super) fn sorted_ids(entries: &[&OpenEntry<'_>]) -> Vec<String> {
    let mut ids: Vec<String> = entries.iter().map(|it| it.entry.entry_id.clone()).collect();
    ids.sort();
    ids
}

pub(super) fn whole_file(name: &str) -> Source {
    Source {
        file: name.to_owned(),
        line: 0,
    }
}
