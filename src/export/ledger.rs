//! Books that are kept in one currency: FEC and DATEV.

use std::collections::BTreeSet;

use super::ExportError;
use super::model::{Entry, Journal, Line};
use crate::domain::accounts::AccountSettings;
use crate::domain::{Amount, Currency};

/// Digits after the decimal mark that both formats want.
const DIGITS: usize = 2;

/// The currency that the books are kept in, with the rates of others.
pub(super) struct Ledger<'s> {
    pub(super) currency: Currency,
    settings: &'s AccountSettings,
}

/// A line in the ledger's currency.
pub(super) struct LedgerLine<'e> {
    pub(super) line: &'e Line,
    pub(super) amount: Amount,
}

impl<'s> Ledger<'s> {
    /// The ledger for a journal.
    pub(super) fn new(
        journal: &Journal,
        settings: &'s AccountSettings,
    ) -> Result<Self, ExportError> {
        let currencies: BTreeSet<Currency> = journal.entries.iter().map(|it| it.currency).collect();
        let only = currencies.first().filter(|_| currencies.len() == 1);
        let currency = settings.currency.or(only.copied()).unwrap_or(Currency::EUR);
        if DIGITS < usize::try_from(currency.digits()).unwrap_or(DIGITS) {
            return Err(ExportError(format!(
                "this format has {DIGITS} decimals and {currency} has {}; set another `currency` \
                 and its rate in [accounts], or export to hledger or beancount",
                currency.digits()
            )));
        }
        let has_rate = |it: &Currency| *it == currency || settings.rates.contains_key(it);
        match currencies.into_iter().find(|it| !has_rate(it)) {
            None => Ok(Self { currency, settings }),
            Some(missing) => Err(ExportError(format!(
                "the journal has amounts in {missing} and this format is kept in {currency} alone; \
                 set `{missing}` in [accounts.rates] to what one {missing} is worth in {currency}, \
                 or export to hledger or beancount"
            ))),
        }
    }

    /// The lines of an entry in the ledger's currency, still adding up to zero: what rounding
    /// leaves goes to the first one.
    pub(super) fn lines<'e>(&self, entry: &'e Entry) -> Result<Vec<LedgerLine<'e>>, ExportError> {
        let convert = |line: &'e Line| {
            let amount = self.converted(line.amount, entry.currency)?;
            Ok(LedgerLine { line, amount })
        };
        let mut lines: Vec<LedgerLine<'e>> = entry
            .lines()
            .iter()
            .map(convert)
            .collect::<Result<_, ExportError>>()?;
        let left: Amount = lines.iter().map(|line| line.amount).sum();
        if let Some(first) = lines.first_mut() {
            first.amount -= left;
        }
        lines.retain(|line| !line.amount.is_zero());
        Ok(lines)
    }

    pub(super) fn converted(&self, amount: Amount, from: Currency) -> Result<Amount, ExportError> {
        if from == self.currency {
            return Ok(amount);
        }
        let rate = self.settings.rates.get(&from);
        rate.zip(amount.to_decimal(from))
            .and_then(|(rate, amount)| amount.checked_mul(*rate))
            .and_then(|amount| Amount::round_from(amount, self.currency))
            .ok_or_else(|| {
                ExportError(format!(
                    "{} {from} cannot be converted to {}; check its rate in [accounts.rates]",
                    amount.display(from),
                    self.currency
                ))
            })
    }

    /// An amount with a decimal comma and two decimals at least: `1234,50`.
    pub(super) fn comma(&self, amount: Amount) -> String {
        comma(amount, self.currency)
    }
}

/// An amount of any currency with a decimal comma and two decimals at least.
pub(super) fn comma(amount: Amount, currency: Currency) -> String {
    let text = amount.display(currency).to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    format!("{whole},{decimals:0<DIGITS$}")
}
