//! From the heading and the balances of a `Stmt`, `Rpt` or `Ntfctn` to a [`Statement`].

use chrono::NaiveDate;

use super::record::Record;
use super::schema::Field;
use super::{BALANCES_MAX, Fault};
use crate::domain::money::AmountError;
use crate::domain::statement::{Statement, StatementKind};
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;

/// What is known of the statement that is being read.
pub(super) struct Heading {
    kind: StatementKind,
    /// The group header of the message.
    pub(super) message: Record,
    /// The statement's own values.
    pub(super) own: Record,
    /// The balance that is being read.
    pub(super) balance: Record,
    balances: Vec<Balance>,
}

/// A booked balance; the available and forecast ones say nothing about the books.
#[derive(Clone, Copy, Debug)]
struct Balance {
    code: BalanceCode,
    amount: Amount,
    currency: Currency,
    day: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BalanceCode {
    /// `OPBD`
    Opening,
    /// `PRCD`: the closing balance of the statement before.
    PreviousClosing,
    /// `ITBD`: where a page begins or ends.
    Interim,
    /// `CLBD`
    Closing,
}

impl BalanceCode {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "OPBD" => Some(Self::Opening),
            "PRCD" => Some(Self::PreviousClosing),
            "ITBD" => Some(Self::Interim),
            "CLBD" => Some(Self::Closing),
            _ => None,
        }
    }
}

impl Heading {
    /// A heading before any message.
    pub(super) fn new() -> Self {
        Self {
            kind: StatementKind::Intraday,
            message: Record::default(),
            own: Record::default(),
            balance: Record::default(),
            balances: Vec::new(),
        }
    }

    /// A message of statements of this kind begins.
    pub(super) fn begin_message(&mut self, kind: StatementKind) {
        self.kind = kind;
        self.message.clear();
    }

    /// A statement begins.
    pub(super) fn begin_statement(&mut self) {
        self.own.clear();
        self.balances.clear();
    }

    /// The kind of the statement.
    pub(super) fn kind(&self) -> StatementKind {
        self.kind
    }

    /// Currency of the account, else of its balances.
    pub(super) fn currency(&self) -> Option<Currency> {
        self.account_currency()
            .or_else(|| self.balances.first().map(|balance| balance.currency))
    }

    /// The day that dates an entry without dates: of the closing balance, else the period's last.
    pub(super) fn last_day(&self) -> Option<NaiveDate> {
        self.closing()
            .and_then(|balance| balance.day)
            .or_else(|| self.day(Field::LastDay))
    }

    /// Ends the balance that is being read. One that is not exact is unknown; its error is given
    /// back, and the file goes on.
    pub(super) fn end_balance(&mut self) -> Result<Option<RowError>, Fault> {
        let values = self.balance.own();
        let Some(code) = values.first(Field::BalanceCode) else {
            return Ok(None);
        };
        let Some(kind) = BalanceCode::from_word(code) else {
            return Ok(None);
        };
        let (text, currency) = values.amount(Field::Amount).unwrap_or_default();
        let currency = match currency {
            "" => self.currency(),
            code => Currency::parse(code),
        };
        let bad = |problem: &str| {
            Err(Fault::new(format!(
                "has a {code} balance of {text:?} that {problem}"
            )))
        };
        let Some(currency) = currency else {
            return bad("has no currency of three letters");
        };
        let amount = match unsigned(text, currency) {
            Ok(amount) => amount,
            Err(_) if is_inexact(text, currency) => {
                let reason = format!(
                    "has more decimals than {currency} has, so the {code} balance of the statement \
                     is not known; ask the bank for the statement again"
                );
                return Ok(Some(RowError::new("Bal/Amt", text, reason)));
            }
            Err(problem) => return bad(&problem),
        };
        // Central banks leave the sign out and mean credit.
        let amount = match values.first(Field::Sign) {
            None | Some("CRDT") => amount,
            Some("DBIT") => -amount,
            Some(_) => return bad("is neither CRDT nor DBIT"),
        };
        let day = values.first(Field::BalanceDay).and_then(day);
        if self.balances.len() >= BALANCES_MAX {
            return Err(Fault::new(format!(
                "has a statement with more than {BALANCES_MAX} booked balances, the limit"
            )));
        }
        self.balances.push(Balance {
            code: kind,
            amount,
            currency,
            day,
        });
        Ok(None)
    }

    /// The statement as far as its heading and balances tell.
    pub(super) fn statement(&self) -> Result<Statement, Fault> {
        let own = self.own.own();
        let id = own.first(Field::StatementId).unwrap_or_default();
        let account: String = own
            .first(Field::Iban)
            .or_else(|| own.first(Field::OtherAccount))
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        if account.is_empty() {
            return Err(Fault::new(format!(
                "has a statement ({id:?}) that names no account"
            )));
        }
        let sequence = own
            .first(Field::ElectronicSequence)
            .or_else(|| own.first(Field::LegalSequence));
        let (opening, closing) = (self.opening(), self.closing());
        let day_of = |balance: Option<Balance>| balance.and_then(|balance| balance.day);
        let to = self.day(Field::LastDay).or_else(|| day_of(closing));
        Ok(Statement {
            account,
            id: id.to_owned(),
            sequence: sequence.unwrap_or_default().to_owned(),
            from: self.day(Field::FirstDay).or_else(|| day_of(opening)),
            to,
            currency: self.currency(),
            opening: opening.map(|balance| balance.amount),
            closing: closing.map(|balance| balance.amount),
            kind: self.kind,
            covers_until: to.filter(|_| self.kind == StatementKind::Booked),
        })
    }

    fn account_currency(&self) -> Option<Currency> {
        let code = self.own.own().first(Field::AccountCurrency)?;
        Currency::parse(code)
    }

    /// A day of the period; one that cannot be read is as good as none, since nothing is
    /// computed from it.
    fn day(&self, field: Field) -> Option<NaiveDate> {
        self.own.own().first(field).and_then(day)
    }

    /// `OPBD`, else `PRCD`, else where this page of the statement begins.
    fn opening(&self) -> Option<Balance> {
        let known = self.opening_as_written();
        known.or_else(|| self.interim(|begins, _| begins))
    }

    /// `CLBD`, else where this page of the statement ends.
    fn closing(&self) -> Option<Balance> {
        let known = self.first(BalanceCode::Closing);
        known.or_else(|| self.interim(|_, ends| ends))
    }

    fn opening_as_written(&self) -> Option<Balance> {
        let opening = self.first(BalanceCode::Opening);
        opening.or_else(|| self.first(BalanceCode::PreviousClosing))
    }

    /// One of the two ends of a page of a statement that spreads over several, in which `ITBD`
    /// takes the place of the opening or closing balance. A single one on a page that needs
    /// both could be either, so it is neither. An intraday report writes `ITBD` for where the
    /// account stands at that hour, which is no end at all.
    fn interim(
        &self,
        pick: fn(Option<Balance>, Option<Balance>) -> Option<Balance>,
    ) -> Option<Balance> {
        let is_paged = self.kind == StatementKind::Booked;
        let mut interim = self
            .in_currency()
            .filter(|balance| is_paged && balance.code == BalanceCode::Interim);
        let (first, last) = (interim.next(), interim.last());
        let begins_inside = self.is_later_page() && self.opening_as_written().is_none();
        let ends_inside = self.is_continued() && self.first(BalanceCode::Closing).is_none();
        match (begins_inside, ends_inside) {
            (true, true) => last.and_then(|last| pick(first, Some(last))),
            (true, false) => pick(first, None),
            (false, true) => pick(None, last.or(first)),
            (false, false) => None,
        }
    }

    fn first(&self, code: BalanceCode) -> Option<Balance> {
        self.in_currency().find(|balance| balance.code == code)
    }

    fn in_currency(&self) -> impl Iterator<Item = Balance> {
        let currency = self.currency();
        self.balances
            .iter()
            .copied()
            .filter(move |balance| Some(balance.currency) == currency)
    }

    /// True on the second and later pages.
    fn is_later_page(&self) -> bool {
        self.page(Field::Page)
            .and_then(|page| page.parse::<u32>().ok())
            .is_some_and(|page| page > 1)
    }

    /// True on all pages but the last.
    fn is_continued(&self) -> bool {
        matches!(self.page(Field::LastPage), Some("false" | "0"))
    }

    fn page(&self, field: Field) -> Option<&str> {
        let own = self.own.own().first(field);
        own.or_else(|| self.message.own().first(field))
    }
}

/// Reads an amount, which has no sign in camt: `CdtDbtInd` alone gives it.
///
/// # Errors
/// The end of a sentence that begins with the amount.
pub(super) fn unsigned(text: &str, currency: Currency) -> Result<Amount, String> {
    match Amount::parse_with_noise(text, currency) {
        Ok(_) if text.starts_with('-') => {
            Err("has a sign; expected digits only, the sign is CdtDbtInd's".to_owned())
        }
        Ok(amount) => Ok(amount),
        Err(error) => Err(format!("{error}; expected digits with a dot, as 1204.50")),
    }
}

/// True for an amount that is a number and not one of the currency.
fn is_inexact(text: &str, currency: Currency) -> bool {
    matches!(
        Amount::parse(text, currency),
        Err(AmountError::NotExact { .. } | AmountError::TooLarge)
    )
}

/// The calendar day of an ISO date, or of a date and time as it is written there: no offset is
/// applied, because the bank's day is the one in its books.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let (date, rest) = text.split_at_checked(10)?;
    let is_date_only = matches!(
        rest.as_bytes().first(),
        None | Some(b'T' | b' ' | b'Z' | b'+' | b'-')
    );
    let digits = |range| date.get(range).filter(|part: &&str| is_digits(part));
    let [year, month, day] = [digits(0..4)?, digits(5..7)?, digits(8..10)?];
    let has_dashes = matches!(date.as_bytes(), [_, _, _, _, b'-', _, _, b'-', ..]);
    if !is_date_only || !has_dashes {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
