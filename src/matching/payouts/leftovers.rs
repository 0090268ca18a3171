//! What no rule explained: payouts the bank did not book, entries that no report explains, lines
//! without a payout reference.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::certainty::{Certainty, Verdict};
use super::findings;
use super::open_items::{OpenEntry, OpenPayout, Parties, Party};
use crate::domain::calendar::BusinessCalendar;
use crate::domain::coverage::Waiting;
use crate::domain::detail::{Detail, UnassignedSum};
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::file::bounded;
use crate::domain::payout::{PayoutOutcome, PayoutState, UnassignedLines};
use crate::domain::rules::SettlementMode;
use crate::domain::{Amount, Currency, Money};

/// Bytes of an entry's text that an explanation quotes.
const QUOTED_BYTES_MAX: usize = 200;

/// What is said of something that is left.
pub(super) struct Said {
    pub(super) found: Option<Discrepancy>,
    pub(super) waiting: Option<Waiting>,
}

impl Said {
    const NOTHING: Self = Self {
        found: None,
        waiting: None,
    };

    /// `found`, as far as it is certain.
    pub(super) fn by(verdict: &Verdict, found: impl FnOnce() -> Discrepancy) -> Self {
        match verdict {
            Verdict::NotYet => Self::NOTHING,
            Verdict::Waits(awaited) => Self {
                found: None,
                waiting: Some(awaited.waiting(&found())),
            },
            Verdict::Certain => Self {
                found: Some(found()),
                waiting: None,
            },
        }
    }
}

/// Where a payout without entries stands, and what is to be said about it.
pub(super) fn payout(
    open: &OpenPayout<'_>,
    calendar: &BusinessCalendar,
    certainty: &Certainty<'_, '_>,
) -> (PayoutOutcome, Said) {
    let nothing = Some(Amount::ZERO);
    if open.expected.is_zero() {
        let outcome = open.outcome(PayoutState::SettledWithoutTransfer);
        return (outcome, Said::NOTHING);
    }
    let code = match (open.expected.is_negative(), open.party.mode()) {
        (false, _) => Code::PayoutNotReceived,
        (true, SettlementMode::Gross) => Code::DebitNotTaken,
        (true, SettlementMode::Net) => {
            let found = findings::of_payout(Code::CarryOver, open, open.payout.last, nothing);
            let said = Said::by(&Verdict::Certain, || found);
            return (open.outcome(PayoutState::CarriedOver), said);
        }
    };
    let grace_ends = open.party.payout_grace_ends(open.payout.last, calendar);
    let verdict = certainty.by_bank(open.party.name, grace_ends);
    let said = Said::by(&verdict, || {
        findings::of_payout(code, open, grace_ends, nothing)
    });
    let outcome = match verdict {
        Verdict::NotYet => open.outcome(PayoutState::Pending),
        Verdict::Waits(awaited) => PayoutOutcome {
            waits_for: awaited.statement(),
            ..open.outcome(PayoutState::Pending)
        },
        Verdict::Certain => PayoutOutcome {
            booked: nothing,
            ..open.outcome(PayoutState::NotReceived)
        },
    };
    (outcome, said)
}

/// An entry of a provider that nothing explains; silent while its report may still come.
pub(super) fn entry(
    open: &OpenEntry<'_>,
    calendar: &BusinessCalendar,
    certainty: &Certainty<'_, '_>,
) -> Said {
    match open.named {
        Some(party) if !open.entry.amount.is_zero() => {
            let grace_ends = party.entry_grace_ends(open.entry.booked_on, calendar);
            let verdict = certainty.by_reports(open, grace_ends);
            Said::by(&verdict, || unexplained(open, party))
        }
        Some(_) | None => Said::NOTHING,
    }
}

fn unexplained(open: &OpenEntry<'_>, party: &Party<'_>) -> Discrepancy {
    let entry = open.entry;
    let code = if entry.amount.is_negative() {
        Code::BankDebitUnexplained
    } else {
        Code::BankCreditUnexplained
    };
    let key = vec![entry.account.clone(), entry.entry_id.clone()];
    let mut found = Discrepancy {
        provider: party.name.to_owned(),
        currency: Some(entry.currency),
        expected: Some(Amount::ZERO),
        actual: Some(entry.amount),
        ..Discrepancy::new(code, key, entry.booked_on)
    };
    findings::add_entries(&mut found, &[open]);
    let text = if entry.remittance.is_empty() {
        &entry.counterparty
    } else {
        &entry.remittance
    };
    found.detail = Detail::BankText(bounded(text, QUOTED_BYTES_MAX));
    found.unless_before(party.explains_from(), entry.booked_on)
}

/// Lines without a payout reference: one discrepancy for each provider and file.
pub(super) fn unassigned(
    lines: &[UnassignedLines],
    parties: &Parties<'_>,
    calendar: &BusinessCalendar,
    as_of: NaiveDate,
) -> Vec<Discrepancy> {
    let mut files: BTreeMap<(&str, &str), Vec<&UnassignedLines>> = BTreeMap::new();
    for it in lines {
        let key = (it.provider.as_str(), it.file.as_str());
        files.entry(key).or_default().push(it);
    }
    let file = |((provider, file), lines): ((&str, &str), Vec<&UnassignedLines>)| {
        let party = parties.get(provider)?;
        let last = lines.iter().map(|it| it.last).max()?;
        let grace_ends = party.payout_grace_ends(last, calendar);
        let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
        for it in &lines {
            *sums.entry(it.currency).or_default() += party.pays(it.gross, it.fee);
        }
        let key = vec![provider.to_owned(), file.to_owned()];
        let mut found = Discrepancy {
            provider: provider.to_owned(),
            file: file.to_owned(),
            sources: vec![findings::whole_file(file)],
            ..Discrepancy::new(Code::PayoutReferenceMissing, key, grace_ends)
        };
        let money = |(currency, amount)| Money { amount, currency };
        let sums: Vec<Money> = sums.into_iter().map(money).collect();
        // Two currencies have no sum: the explanation names each.
        if let [only] = sums.as_slice() {
            found.currency = Some(only.currency);
            found.actual = Some(only.amount);
        }
        found.detail = Detail::UnassignedLines(UnassignedSum {
            lines: lines.iter().map(|it| it.lines).sum(),
            sums,
        });
        (grace_ends <= as_of).then_some(found)
    };
    files.into_iter().filter_map(file).collect()
}
