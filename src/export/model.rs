//! The journal: balanced entries on roles of accounts, before any format has seen them.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;

use crate::domain::accounts::AccountRole;
use crate::domain::{Amount, Currency};

/// Which journal an entry stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JournalKind {
    /// What providers report, and payouts that are settled.
    Settlements,
    /// What banks book.
    Bank,
}

/// What an entry tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// The provider finances orders.
    Funding,
    /// It takes back what orders were financed with.
    Cancellation,
    /// A chargeback, or its return.
    Chargeback,
    /// A correction of the provider's.
    Adjustment,
    /// Commissions that are debited apart.
    Commission,
    /// A bank booked something of a provider.
    BankEntry,
    /// Bank entries settle payouts.
    Payout,
    /// A bank entry settles commissions.
    CommissionDebit,
    /// A person wrote a difference off, or took that back.
    WriteOff,
}

/// An account: what it is for, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    /// What it is for.
    pub role: AccountRole,
    /// The provider.
    pub provider: String,
    /// IBAN or number of the bank account, or the account that a person named; empty for other roles.
    pub bank: String,
}

impl Account {
    /// An account of a provider.
    pub fn of(role: AccountRole, provider: &str) -> Self {
        Self {
            role,
            provider: provider.to_owned(),
            bank: String::new(),
        }
    }

    /// The account that a person named.
    pub fn decided(provider: &str, account: &str) -> Self {
        Self {
            role: AccountRole::Decided,
            provider: provider.to_owned(),
            bank: account.to_owned(),
        }
    }

    /// A bank account. It is the same one whoever pays to it, but its number may depend on that.
    pub fn bank(provider: &str, bank: &str) -> Self {
        Self {
            role: AccountRole::Bank,
            provider: provider.to_owned(),
            bank: bank.to_owned(),
        }
    }
}

/// One line of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its account.
    pub account: Account,
    /// Positive: debit; negative: credit; never zero.
    pub amount: Amount,
    /// What of its account it opens or settles: a payout, a bank entry; empty: nothing.
    pub item: String,
}

impl From<(Account, Amount)> for Line {
    fn from((account, amount): (Account, Amount)) -> Self {
        Self {
            account,
            amount,
            item: String::new(),
        }
    }
}

/// A file, and the lines of it that an entry stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The file's name.
    pub file: String,
    /// First and last line of each run, ascending.
    pub lines: Vec<(u32, u32)>,
}

/// Runs of lines that a source shows; the rest is a number.
const SHOWN_RUNS_MAX: usize = 20;

impl Source {
    /// One line of a file.
    pub fn line(file: &str, line: u32) -> Self {
        Self {
            file: file.to_owned(),
            lines: vec![(line, line)],
        }
    }

    /// Adds a line; lines come in ascending order.
    pub fn add(&mut self, line: u32) {
        match self.lines.last_mut() {
            Some((_, last)) if line <= last.saturating_add(1) => *last = line.max(*last),
            _ => self.lines.push((line, line)),
        }
    }
}

impl fmt::Display for Source {
    /// `crp_fr_v3_261118_001.csv:2-9 11 14-20`: no comma, which would end a tag of hledger.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for (at, (first, last)) in self.lines.iter().take(SHOWN_RUNS_MAX).enumerate() {
            f.write_str(if at == 0 { ":" } else { " " })?;
            if first == last {
                write!(f, "{first}")?;
            } else {
                write!(f, "{first}-{last}")?;
            }
        }
        match self.lines.len().checked_sub(SHOWN_RUNS_MAX) {
            None | Some(0) => Ok(()),
            Some(more) => write!(f, " +{more}"),
        }
    }
}

/// One balanced entry.
///
/// Its first line is the account that the others are seen from: DATEV knows postings between two
/// accounts only, and writes one for each line behind the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The accounting date.
    pub date: NaiveDate,
    /// Its journal.
    pub journal: JournalKind,
    /// Its place in that journal, counted from the journal's very first entry.
    pub number: u64,
    /// What it tells.
    pub kind: EntryKind,
    /// Whose.
    pub provider: String,
    /// The provider's name for people.
    pub party: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Payout references, an order reference or the bank's reference; may be empty.
    pub reference: String,
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// Σ = 0; the first one may be missing where the others add up to zero.
    lines: Vec<Line>,
    pivot: Account,
}

/// What entries have besides their lines and number.
#[derive(Clone, Debug)]
pub struct Voucher {
    /// The accounting date.
    pub date: NaiveDate,
    /// What it tells.
    pub kind: EntryKind,
    /// Whose.
    pub provider: String,
    /// The provider's name for people.
    pub party: String,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Payout references, an order reference or the bank's reference; may be empty.
    pub reference: String,
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// What the line of the first account opens or settles; empty: nothing.
    pub item: String,
}

impl Entry {
    /// An entry that balances: `pivot` takes the opposite of all the others. `None` when nothing
    /// is moved.
    pub fn new<L: Into<Line>>(
        voucher: Voucher,
        pivot: Account,
        others: impl IntoIterator<Item = L>,
    ) -> Option<Self> {
        let others = others.into_iter().map(Into::into);
        let mut lines: Vec<Line> = others.filter(|line| !line.amount.is_zero()).collect();
        let total: Amount = lines.iter().map(|line| line.amount).sum();
        if lines.is_empty() {
            return None;
        }
        if !total.is_zero() {
            let first = Line {
                account: pivot.clone(),
                amount: -total,
                item: voucher.item,
            };
            lines.insert(0, first);
        }
        let journal = match voucher.kind {
            EntryKind::BankEntry => JournalKind::Bank,
            EntryKind::Funding
            | EntryKind::Cancellation
            | EntryKind::Chargeback
            | EntryKind::Adjustment
            | EntryKind::Commission
            | EntryKind::Payout
            | EntryKind::CommissionDebit
            | EntryKind::WriteOff => JournalKind::Settlements,
        };
        Some(Self {
            date: voucher.date,
            journal,
            number: 0,
            kind: voucher.kind,
            provider: voucher.provider,
            party: voucher.party,
            currency: voucher.currency,
            reference: voucher.reference,
            sources: voucher.sources,
            lines,
            pivot,
        })
    }

    /// All lines; they add up to zero.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The account that the others are seen from.
    pub fn pivot(&self) -> &Account {
        &self.pivot
    }

    /// The lines behind the pivot's own.
    pub fn others(&self) -> &[Line] {
        match self.lines.split_first() {
            Some((first, rest)) if first.account == self.pivot => rest,
            _ => &self.lines,
        }
    }

    /// Orders entries by what they mean.
    fn order(&self) -> impl Ord + '_ {
        (
            (self.date, self.journal, self.kind),
            (&self.provider, self.currency, &self.sources),
            &self.reference,
            self.lines
                .iter()
                .map(|line| (&line.account, line.amount))
                .collect::<Vec<_>>(),
        )
    }

    /// All sources, joined.
    pub fn sources_text(&self) -> String {
        let texts: Vec<String> = self.sources.iter().map(Source::to_string).collect();
        texts.join(" + ")
    }
}

/// Lines that settle each other: under one code since one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lettering {
    /// `A` to `Z`, `AA` and so on, each once for what an account is for.
    pub code: String,
    /// The day of the last of them.
    pub on: NaiveDate,
}

/// An open item: on which account, in which currency, and what it is called there.
type ItemKey = (Account, Currency, String);

/// The items of some entries whose lines add up to zero.
fn letterings(entries: &[Entry]) -> BTreeMap<ItemKey, Lettering> {
    let mut items: BTreeMap<ItemKey, (Amount, NaiveDate)> = BTreeMap::new();
    for entry in entries {
        for line in entry.lines.iter().filter(|line| !line.item.is_empty()) {
            let key = (line.account.clone(), entry.currency, line.item.clone());
            let (sum, last) = items.entry(key).or_insert((Amount::ZERO, entry.date));
            *sum += line.amount;
            *last = (*last).max(entry.date);
        }
    }
    items.retain(|_, (sum, _)| sum.is_zero());
    // In the order in which they were settled, so that codes stay as they are while days go on. The
    // providers of a role may share an account's number.
    let mut settled: Vec<_> = items.into_iter().map(|(key, (_, on))| (on, key)).collect();
    settled.sort();
    let mut numbers: BTreeMap<AccountRole, u32> = BTreeMap::new();
    let lettered = settled.into_iter().map(|(on, key)| {
        let number = numbers.entry(key.0.role).or_default();
        let code = letters(*number);
        *number = number.saturating_add(1);
        (key, Lettering { code, on })
    });
    lettered.collect()
}

/// `A`, …, `Z`, `AA`, …: a number from 0 on in letters.
fn letters(number: u32) -> String {
    let letter = |digit: u32| char::from_u32(u32::from(b'A').saturating_add(digit)).unwrap_or('A');
    let mut text = String::new();
    let mut rest = Some(number);
    while let Some(number) = rest {
        text.insert(0, letter(number % 26));
        rest = number.checked_div(26).and_then(|tens| tens.checked_sub(1));
    }
    text
}

/// What an account holds before and after the journal's days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Before the first day.
    pub opening: Amount,
    /// After the last day.
    pub closing: Amount,
}

/// The entries of some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// The recorded night that it is seen from.
    pub as_of: NaiveDate,
    /// By date, journal and what they mean.
    pub entries: Vec<Entry>,
    /// Of accounts of the balance sheet that concern a provider: what it owes, what is in
    /// transit, what it has still to debit.
    pub balances: BTreeMap<(Account, Currency), Balance>,
    letterings: BTreeMap<ItemKey, Lettering>,
}

impl Journal {
    /// Sorts and numbers all entries there are, and keeps those of the days from `from` to `to`.
    pub fn of_days(
        mut entries: Vec<Entry>,
        (from, to): (NaiveDate, NaiveDate),
        as_of: NaiveDate,
    ) -> Self {
        entries.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut numbers: BTreeMap<JournalKind, u64> = BTreeMap::new();
        let mut balances: BTreeMap<(Account, Currency), Balance> = BTreeMap::new();
        for entry in &mut entries {
            let number = numbers.entry(entry.journal).or_default();
            *number = number.saturating_add(1);
            entry.number = *number;
            let open = (entry.lines.iter()).filter(|line| shows_open_items(line.account.role));
            for line in open.filter(|_| entry.date <= to) {
                let key = (line.account.clone(), entry.currency);
                let balance = balances.entry(key).or_default();
                balance.closing += line.amount;
                if entry.date < from {
                    balance.opening += line.amount;
                }
            }
        }
        let letterings = letterings(&entries);
        entries.retain(|entry| from <= entry.date && entry.date <= to);
        Self {
            from,
            to,
            as_of,
            entries,
            balances,
            letterings,
        }
    }

    /// What a line is settled with, where it is.
    pub fn lettering(&self, entry: &Entry, line: &Line) -> Option<&Lettering> {
        let key = (line.account.clone(), entry.currency, line.item.clone());
        self.letterings.get(&key)
    }
}

fn shows_open_items(role: AccountRole) -> bool {
    matches!(
        role,
        AccountRole::Receivable | AccountRole::Transit | AccountRole::FeesPayable
    )
}
