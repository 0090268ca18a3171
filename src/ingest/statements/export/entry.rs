//! One row of an export: an entry, a part of the entry above it, or nothing yet.

use chrono::NaiveDate;

use super::account::AccountSource;
use super::direction::Direction;
use super::status::{RowStatus, StatusColumn, Unclear};
use crate::domain::statement::StatementEntry;
use crate::domain::{Amount, Currency};
use crate::ingest::cells::{AmountProblem, DayReader, amount, amount_error};
use crate::ingest::profile::Profile;
use crate::ingest::table::{Header, Row};
use crate::ingest::words::{Words, comparable, without_currency};
use crate::ingest::{CellError, Refusal, RowError};

/// Titles that are the account's own holder at some banks: not used beside another one.
const HOLDER_OR_OTHER: [&str; 1] = ["name"];

/// Countries whose accounts are in euros unless the file says otherwise.
const EURO_COUNTRIES: [&str; 25] = [
    "AD", "AT", "BE", "BG", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU",
    "LV", "MC", "MT", "NL", "PT", "SI", "SK", "SM", "VA",
];

/// What a row is.
pub(super) enum Found {
    Entry {
        account: String,
        entry: Box<StatementEntry>,
        balance: Option<Amount>,
        /// Why it may be no booked entry, and the error that it then is.
        unclear: Option<(Unclear, RowError)>,
    },
    /// More text for the entry above.
    Continuation(Continuation),
    /// Not booked yet.
    Pending,
}

/// A row with a day and without an amount.
pub(super) struct Continuation {
    remittance: String,
    references: Vec<String>,
    /// What is wrong with it where no entry stands above.
    pub(super) without_an_entry: RowError,
}

impl Continuation {
    pub(super) fn add_to(self, entry: &mut StatementEntry) {
        if !entry.remittance.is_empty() && !self.remittance.is_empty() {
            entry.remittance.push(' ');
        }
        entry.remittance.push_str(&self.remittance);
        entry.references.extend(self.references);
    }
}

/// Makes entries of rows.
pub(super) struct EntryReader<'a> {
    profile: &'a Profile,
    header: Header,
    days: DayReader,
    account: AccountSource,
    currencies: Words<Currency>,
    pub(super) direction: Direction,
    pub(super) status: StatusColumn,
    /// True where debits and credits have a column each.
    is_apart: bool,
}

impl<'a> EntryReader<'a> {
    pub(super) fn of(header: &Header, profile: &'a Profile) -> Result<Self, Refusal> {
        let has = |canonical| header.column(canonical).is_some();
        let lists_amount = profile.listed.contains("amount") && has("amount");
        let is_apart = has("debit") && has("credit") && !lists_amount;
        Ok(Self {
            profile,
            header: header.clone(),
            days: DayReader::new(profile.dates.clone()),
            account: AccountSource::of(header, profile)?,
            currencies: Words::currencies(profile, "currency"),
            direction: Direction::of(header, profile, is_apart),
            status: StatusColumn::of(header, profile),
            is_apart,
        })
    }

    /// The account that has a statement even without a row.
    pub(super) fn own_account(&self) -> Option<String> {
        self.account.own()
    }

    pub(super) fn read(&mut self, row: &Row) -> Result<Found, CellError> {
        let unclear = match self.status.status(row) {
            RowStatus::Pending => return Ok(Found::Pending),
            RowStatus::Booked => None,
            RowStatus::Unclear(why, error) => Some((why, error)),
        };
        let day = row.text(self.header.column("booking_date"));
        let Some(booked_on) = self.day(row, "booking_date").or_else(|error| {
            if self.status.is_pending_word(day) {
                return Ok(None);
            }
            Err(error)
        })?
        else {
            return if day.is_empty() {
                Err(self.missing("booking_date").into())
            } else {
                Ok(Found::Pending)
            };
        };
        if let Some(more) = self.continuation(row) {
            return Ok(Found::Continuation(more));
        }
        let account = self.account.account(row)?;
        let currency = self.currency(row, &account)?;
        let entry = StatementEntry {
            line: row.line,
            servicer_reference: self.text(row, "entry_id").to_owned(),
            booked_on,
            value_on: self.value_day(row)?,
            amount: self.signed_amount(row, currency)?,
            currency,
            counterparty: self.joined(row, &self.counterparties()),
            references: self.references(row),
            remittance: self.joined(row, self.header.columns("remittance")),
        };
        Ok(Found::Entry {
            account,
            entry: Box::new(entry),
            balance: self.balance(row, currency)?,
            unclear,
        })
    }

    /// What a row without an amount adds to the entry above it; `None` where it has an amount, or
    /// nothing to add.
    fn continuation(&self, row: &Row) -> Option<Continuation> {
        let is_empty = |canonical: &str| row.text(self.header.column(canonical)).is_empty();
        if !["amount", "debit", "credit"].iter().all(|it| is_empty(it)) {
            return None;
        }
        let columns = self.header.columns("remittance").iter();
        let columns: Vec<usize> = columns.copied().chain(self.counterparties()).collect();
        let remittance = self.joined(row, &columns);
        let references = self.references(row);
        if remittance.is_empty() && references.is_empty() {
            return None;
        }
        let amount = if self.is_apart { "debit" } else { "amount" };
        let problem = "is empty, and no entry stands above whose text this row could be";
        Some(Continuation {
            remittance,
            references,
            without_an_entry: self.error(amount, "", problem),
        })
    }

    fn fixed(&self, canonical: &str) -> &str {
        let fixed = self.profile.fixed.get(canonical);
        fixed.map_or("", |value| value.trim())
    }

    fn text<'r>(&'r self, row: &'r Row, canonical: &str) -> &'r str {
        match row.text(self.header.column(canonical)) {
            "" => self.fixed(canonical),
            text => text,
        }
    }

    /// The columns of the other party.
    fn counterparties(&self) -> Vec<usize> {
        let all = self.header.columns("counterparty");
        let is_precise = |at: &usize| {
            let name = self.header.names().get(*at).map(|name| comparable(name));
            !name.is_some_and(|name| HOLDER_OR_OTHER.contains(&name.as_str()))
        };
        let precise: Vec<usize> = all.iter().copied().filter(is_precise).collect();
        if precise.is_empty() {
            all.to_vec()
        } else {
            precise
        }
    }

    /// The texts of columns, joined by a space.
    #[expect(clippy::unused_self, reason = "reads as the other values do")]
    fn joined(&self, row: &Row, columns: &[usize]) -> String {
        let texts = columns.iter().map(|column| row.text(Some(*column)));
        let words = texts.flat_map(str::split_whitespace);
        words.collect::<Vec<_>>().join(" ")
    }

    fn references(&self, row: &Row) -> Vec<String> {
        let columns = self.header.columns("reference").iter();
        let texts = columns.map(|column| row.text(Some(*column)));
        let all = texts.chain(std::iter::once(self.text(row, "entry_id")));
        all.filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    }

    fn error(&self, canonical: &str, value: &str, problem: &str) -> RowError {
        let reason = format!("{problem}; check the profile, or export the file again");
        RowError::new(self.header.name(canonical), value, reason)
    }

    fn missing(&self, canonical: &str) -> RowError {
        self.error(canonical, "", "is empty and must not be")
    }

    fn day(&mut self, row: &Row, canonical: &str) -> Result<Option<NaiveDate>, RowError> {
        let text = row.text(self.header.column(canonical));
        if text.is_empty() {
            return Ok(None);
        }
        let day = self.days.day(row.cell(self.header.column(canonical)));
        day.map(Some).ok_or_else(|| {
            let problem = format!("is not a day {}", self.days.expected());
            self.error(canonical, text, &problem)
        })
    }

    /// The value date. `Valuta` is that in German and Italian, and the currency in Dutch.
    fn value_day(&mut self, row: &Row) -> Result<Option<NaiveDate>, RowError> {
        if self.currency_in_valuta(row).is_some() {
            return Ok(None);
        }
        self.day(row, "value_date")
    }

    fn currency_in_valuta(&self, row: &Row) -> Option<Currency> {
        if self.profile.listed.contains("value_date") {
            return None;
        }
        Currency::parse(row.text(self.header.column("value_date")))
    }

    /// The currency of a row: its column's, the profile's, the one in the title of its amount, else
    /// the euro, where that is what accounts of the country are in.
    fn currency(&self, row: &Row, account: &str) -> Result<Currency, CellError> {
        let word = self.text(row, "currency");
        if !word.is_empty() {
            let problem = "is not a currency of three letters";
            let found = self.currencies.currency(word);
            return found.ok_or_else(|| self.error("currency", word, problem).into());
        }
        let titled = ["amount", "credit", "debit"]
            .into_iter()
            .find_map(|canonical| self.currency_in_title(canonical));
        if let Some(currency) = self.currency_in_valuta(row).or(titled) {
            return Ok(currency);
        }
        match country(account) {
            Some(country) if !EURO_COUNTRIES.contains(&country) => {
                Err(CellError::File(Refusal::new(format!(
                    "names no currency, and accounts of the country {country} may be in another one \
                     than the euro; give it with currency = \"…\" in [profile.fixed] of a [[profile]]"
                ))))
            }
            Some(_) | None => Ok(Currency::EUR),
        }
    }

    /// The currency that the title of a column names, of a column that is in use.
    fn currency_in_title(&self, canonical: &str) -> Option<Currency> {
        let is_used = match canonical {
            "amount" => !self.is_apart,
            "debit" | "credit" => self.is_apart,
            _ => true,
        };
        let at = self.header.column(canonical).filter(|_| is_used)?;
        let (_, currency) = without_currency(self.header.names().get(at)?)?;
        Some(currency)
    }

    fn amount(
        &self,
        row: &Row,
        canonical: &str,
        currency: Currency,
    ) -> Result<Option<Amount>, CellError> {
        let cell = row.cell(self.header.column(canonical));
        if cell.text.trim().is_empty() {
            return Ok(None);
        }
        let name = self.header.name(canonical);
        let titled = self.currency_in_title(canonical);
        let read = if titled.is_some_and(|titled| titled != currency) {
            Err(AmountProblem::OtherCurrency(currency))
        } else {
            amount(cell, self.profile.decimal_mark, currency)
        };
        read.map(Some)
            .map_err(|problem| amount_error(problem, name, cell.text))
    }

    /// The balance, unless its title names another currency than the row's.
    fn balance(&self, row: &Row, currency: Currency) -> Result<Option<Amount>, CellError> {
        let titled = self.currency_in_title("balance");
        if titled.is_some_and(|titled| titled != currency) {
            return Ok(None);
        }
        self.amount(row, "balance", currency)
    }

    /// One column, signed or with a word beside it, or debit and credit, either of which may carry
    /// its sign.
    fn signed_amount(&mut self, row: &Row, currency: Currency) -> Result<Amount, CellError> {
        if !self.is_apart {
            let Some(amount) = self.amount(row, "amount", currency)? else {
                return Err(self.missing("amount").into());
            };
            return Ok(self.direction.signed(row, amount)?);
        }
        let filled = |amount: &Amount| !amount.is_zero();
        let debit = self.amount(row, "debit", currency)?.filter(filled);
        let credit = self.amount(row, "credit", currency)?.filter(filled);
        let of = |canonical| row.text(self.header.column(canonical));
        match (debit, credit) {
            (Some(debit), None) => Ok(-debit.abs()),
            (None, Some(credit)) if credit.is_negative() => {
                let problem = "is a credit with a minus: it may be taken back or not";
                Err(self.error("credit", of("credit"), problem).into())
            }
            (None, Some(credit)) => Ok(credit),
            (None, None) => {
                let problem = "and the credit are both empty";
                Err(self.error("debit", "", problem).into())
            }
            (Some(_), Some(_)) => {
                let problem = "and the credit are both filled";
                Err(self.error("debit", of("debit"), problem).into())
            }
        }
    }
}

/// The country of an IBAN; `None` for a bank's own number.
fn country(account: &str) -> Option<&str> {
    let (country, rest) = account.split_at_checked(2)?;
    let is_iban = country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (13..=32).contains(&rest.len())
        && rest.bytes().take(2).all(|byte| byte.is_ascii_digit())
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_iban.then_some(country)
}
