//! From what is known of lines and bank entries to balanced entries: the booking rules.
//!
//! A funding of 100.00 with a commission of 2.90 incl. 20 % VAT, in net mode:
//!
//! | account | debit | credit |
//! |---|---|---|
//! | receivable | 97.10 | |
//! | fees | 2.42 | |
//! | VAT in fees | 0.48 | |
//! | orders | | 100.00 |
//!
//! In gross mode the receivable has 100.00, and the commission is an entry of its own against
//! *fees payable*, because it is debited apart. A bank entry goes to *transit* on its booking day;
//! on the day since which it is known to pay a payout it goes on to the receivable. So the
//! receivable holds what the balance table calls open, and transit what nothing explains.
//!
//! A difference that a person wrote off goes from the account that holds it open to the one that the
//! person named, on the day of the decision; one that is taken back, or ends by itself, goes back on
//! its own day. What was posted is never changed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::model::{Account, Entry, EntryKind, Line, Source, Voucher};
use crate::domain::accounts::AccountRole;
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{self, Code, Discrepancy};
use crate::domain::link::Rest;
use crate::domain::payout::{BankEntry, PayoutOutcome, PayoutState};
use crate::domain::rules::SettlementMode;
use crate::domain::settlement::LineKind;
use crate::domain::{Amount, Currency};

/// Who an entry is about.
#[derive(Clone, Copy, Debug)]
pub struct Party<'p> {
    /// The provider.
    pub provider: &'p str,
    /// Its name for people.
    pub name: &'p str,
}

/// Settlement lines of one kind, payout, currency and report day that make one entry.
#[derive(Clone, Debug)]
pub struct Reported<'p> {
    /// Whose.
    pub party: Party<'p>,
    /// How it pays.
    pub mode: SettlementMode,
    /// What the lines do; memo lines are booked nowhere.
    pub kind: LineKind,
    /// Report date.
    pub date: NaiveDate,
    /// Currency.
    pub currency: Currency,
    /// The payout's reference, or an order's.
    pub reference: String,
    /// The payout's reference; empty where there is none.
    pub payout: String,
    /// File and lines.
    pub source: Source,
    /// Σ gross.
    pub gross: Amount,
    /// Σ fee, incl. VAT.
    pub fee: Amount,
    /// The same by the per cent of VAT in it; what is missing has none.
    pub fee_by_vat: BTreeMap<Decimal, Amount>,
}

/// The VAT in a commission: fee × p ÷ (100 + p), rounded half away from zero to the currency's
/// digits. The commission without it is the rest, so that both add up.
pub fn vat_in(fee: Amount, percent: Decimal, currency: Currency) -> Option<Amount> {
    let whole = Decimal::ONE_HUNDRED.checked_add(percent)?;
    let vat = fee.to_decimal(currency)?.checked_mul(percent)?;
    Amount::round_from(vat.checked_div(whole)?, currency)
}

/// Entries of settlement lines: one, or in gross mode one more for the commission.
pub fn reported(lines: &Reported<'_>) -> Vec<Entry> {
    let provider = lines.party.provider;
    let account = |role| Account::of(role, provider);
    let (kind, counter) = match lines.kind {
        LineKind::Funding => (EntryKind::Funding, AccountRole::Orders),
        LineKind::Cancellation => (EntryKind::Cancellation, AccountRole::Orders),
        LineKind::Chargeback => (EntryKind::Chargeback, AccountRole::Chargebacks),
        LineKind::Adjustment => (EntryKind::Adjustment, AccountRole::Adjustments),
        LineKind::Memo => return Vec::new(),
    };
    let vat: Amount = (lines.fee_by_vat.iter())
        .filter_map(|(percent, fee)| vat_in(*fee, *percent, lines.currency))
        .sum();
    let commission = [
        (account(AccountRole::Fees), lines.fee - vat),
        (account(AccountRole::FeesVat), vat),
    ];
    let movement = (account(counter), -lines.gross);
    let voucher = |kind| Voucher {
        date: lines.date,
        kind,
        provider: provider.to_owned(),
        party: lines.party.name.to_owned(),
        currency: lines.currency,
        reference: lines.reference.clone(),
        sources: vec![lines.source.clone()],
        item: if kind == EntryKind::Commission {
            String::new()
        } else {
            lines.payout.clone()
        },
    };
    let receivable = account(AccountRole::Receivable);
    let entries = match lines.mode {
        SettlementMode::Net => {
            let others = std::iter::once(movement).chain(commission);
            [Entry::new(voucher(kind), receivable, others), None]
        }
        SettlementMode::Gross => {
            let payable = account(AccountRole::FeesPayable);
            [
                Entry::new(voucher(kind), receivable, [movement]),
                Entry::new(voucher(EntryKind::Commission), payable, commission),
            ]
        }
    };
    entries.into_iter().flatten().collect()
}

/// What bank entries that belong together are called on transit.
fn transit_item(entries: &[BankEntry]) -> String {
    let first = entries.first();
    first.map_or_else(String::new, |it| called(&it.account, &it.entry_id))
}

fn called(account: &str, entry: &str) -> String {
    format!("{account} {entry}")
}

/// The entry of a bank entry, which is one of those that belong together: onto the bank's account,
/// from transit.
pub fn booked(party: Party<'_>, entry: &BankEntry, together: &[BankEntry]) -> Option<Entry> {
    let transit = Line {
        account: Account::of(AccountRole::Transit, party.provider),
        amount: -entry.amount,
        item: transit_item(together),
    };
    Entry::new(
        Voucher {
            date: entry.booked_on,
            reference: entry.entry_id.clone(),
            item: String::new(),
            ..settling(party, EntryKind::BankEntry, std::slice::from_ref(entry))?
        },
        Account::bank(party.provider, &entry.account),
        [transit],
    )
}

/// Payouts that bank entries settle, or settle in part.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'s> {
    /// The payouts.
    pub payouts: &'s [PayoutOutcome],
    /// The day since which that is known.
    pub since: NaiveDate,
    /// The account on which a person wrote the rest off.
    pub rest: Option<&'s str>,
}

/// The entry of payouts that bank entries settle, or settle in part, since a day.
///
/// A matched payout leaves the receivable whole: what was booked beyond it, or is missing of it, is
/// within the tolerance, or a person wrote it off. A mismatched one leaves it by what was booked.
pub fn settled(party: Party<'_>, settled: Settled<'_>, entries: &[BankEntry]) -> Option<Entry> {
    let Settled {
        payouts,
        since,
        rest,
    } = settled;
    let mut others = Vec::with_capacity(payouts.len());
    for outcome in payouts {
        let provider = outcome.payout.provider.as_str();
        let booked = outcome.booked.unwrap_or_default();
        let receivable = |amount| Line {
            account: Account::of(AccountRole::Receivable, provider),
            amount,
            item: outcome.payout.reference.clone(),
        };
        if outcome.state != PayoutState::Matched {
            others.push(receivable(-booked));
            continue;
        }
        others.push(receivable(-outcome.expected));
        let missing = outcome.expected - booked;
        let account = match rest {
            Some(account) => Account::decided(provider, account),
            None if missing.is_negative() => Account::of(AccountRole::DifferencesGain, provider),
            None => Account::of(AccountRole::DifferencesLoss, provider),
        };
        others.push(Line::from((account, missing)));
    }
    let references: Vec<&str> = payouts
        .iter()
        .map(|outcome| outcome.payout.reference.as_str())
        .collect();
    Entry::new(
        Voucher {
            date: since,
            reference: references.join(", "),
            ..settling(party, EntryKind::Payout, entries)?
        },
        Account::of(AccountRole::Transit, party.provider),
        others,
    )
}

/// The entry of a month's commissions that bank entries debit, less what a person wrote off.
pub fn commission_debited(
    party: Party<'_>,
    (rest, since): (Option<&Rest>, Option<NaiveDate>),
    entries: &[BankEntry],
) -> Option<Entry> {
    let payable = Account::of(AccountRole::FeesPayable, party.provider);
    let debited: Amount = entries.iter().map(|entry| entry.amount).sum();
    let written_off = rest.map_or(Amount::ZERO, |rest| rest.amount);
    let decided = rest.map_or("", |rest| rest.account.as_str());
    let voucher = settling(party, EntryKind::CommissionDebit, entries)?;
    Entry::new(
        Voucher {
            date: since.unwrap_or(voucher.date),
            ..voucher
        },
        Account::of(AccountRole::Transit, party.provider),
        [
            (payable, written_off - debited),
            (Account::decided(party.provider, decided), -written_off),
        ],
    )
}

/// The entry of bank entries that a person said belong to an account of the books.
pub fn elsewhere(
    party: Party<'_>,
    (account, since): (&str, NaiveDate),
    entries: &[BankEntry],
) -> Option<Entry> {
    let booked: Amount = entries.iter().map(|entry| entry.amount).sum();
    Entry::new(
        Voucher {
            date: since,
            ..settling(party, EntryKind::WriteOff, entries)?
        },
        Account::of(AccountRole::Transit, party.provider),
        [(Account::decided(party.provider, account), -booked)],
    )
}

/// A difference that a person wrote off, or took back.
#[derive(Clone, Copy, Debug)]
pub struct WrittenOff<'w> {
    /// The discrepancy.
    pub found: &'w Discrepancy,
    /// Actual less expected at that time; the opposite where it is taken back.
    pub difference: Amount,
    /// The account that it goes to.
    pub account: &'w str,
    /// The day.
    pub date: NaiveDate,
}

/// The entry of a difference that was written off: what the journal holds open of it goes to the
/// account that the person named.
pub fn written_off(party: Party<'_>, off: WrittenOff<'_>) -> Option<Entry> {
    let found = off.found;
    let references = [
        &found.order_reference,
        &found.payout_reference,
        &found.transaction_id,
        &found.bank_entry,
    ];
    let reference = references.into_iter().find(|it| !it.is_empty());
    let source = |source: &discrepancy::Source| Source::line(&source.file, source.line);
    Entry::new(
        Voucher {
            date: off.date,
            kind: EntryKind::WriteOff,
            provider: party.provider.to_owned(),
            party: party.name.to_owned(),
            currency: found.currency?,
            reference: reference.cloned().unwrap_or_default(),
            sources: found.sources.iter().map(source).collect(),
            item: item_of(found),
        },
        Account::of(held_open_by(found), party.provider),
        [(
            Account::decided(party.provider, off.account),
            -off.difference,
        )],
    )
}

/// The account that holds a difference open.
fn held_open_by(found: &Discrepancy) -> AccountRole {
    let of_commissions = matches!(found.detail, Detail::Commissions(_));
    if of_commissions {
        return AccountRole::FeesPayable;
    }
    if matches!(
        found.code,
        Code::BankCreditUnexplained | Code::BankDebitUnexplained
    ) {
        AccountRole::Transit
    } else if matches!(
        found.code,
        Code::PayoutNotReceived | Code::PayoutAmountMismatch | Code::DebitNotTaken
    ) {
        AccountRole::Receivable
    } else if found.code == Code::FeeMismatch {
        AccountRole::Fees
    } else if found.code == Code::Chargeback {
        AccountRole::Chargebacks
    } else {
        AccountRole::Orders
    }
}

/// What a difference is called on the account that holds it open.
fn item_of(found: &Discrepancy) -> String {
    match held_open_by(found) {
        AccountRole::Receivable => found.payout_reference.clone(),
        AccountRole::Transit => called(&found.account, &found.bank_entry),
        AccountRole::Orders
        | AccountRole::Fees
        | AccountRole::FeesVat
        | AccountRole::FeesPayable
        | AccountRole::Chargebacks
        | AccountRole::Adjustments
        | AccountRole::DifferencesLoss
        | AccountRole::DifferencesGain
        | AccountRole::Bank
        | AccountRole::Decided => String::new(),
    }
}

/// What entries about bank entries have in common; the last of them gives the day.
fn settling(party: Party<'_>, kind: EntryKind, entries: &[BankEntry]) -> Option<Voucher> {
    let last = entries.iter().max_by_key(|entry| entry.booked_on)?;
    let source = |entry: &BankEntry| Source::line(&entry.file, entry.line);
    Some(Voucher {
        date: last.booked_on,
        kind,
        provider: party.provider.to_owned(),
        party: party.name.to_owned(),
        currency: last.currency,
        reference: last.entry_id.clone(),
        sources: entries.iter().map(source).collect(),
        item: transit_item(entries),
    })
}
