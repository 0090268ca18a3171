//! What an explanation may name, taken from a discrepancy and written in the reader's notation.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::bounded;
use crate::domain::{Amount, Currency};
use crate::report::language::{Fact, Language, Texts};

/// Bytes of a foreign text (a reason, a remittance) that a sentence quotes.
const QUOTED_BYTES_MAX: usize = 320;

/// The names of all that an explanation may name. The texts of every language are checked against
/// this list, and [`Facts::fact`] knows each of them.
#[cfg(test)]
pub(in crate::report) const NAMES: [&str; 51] = [
    "account",
    "actual",
    "actual-cost",
    "actual-sign",
    "actual-size",
    "age",
    "amount",
    "answer",
    "answered-on",
    "bank-text",
    "before",
    "candidates",
    "claimed",
    "column",
    "complaint",
    "count",
    "country",
    "day",
    "entry",
    "event-day",
    "expected",
    "expected-cost",
    "expected-size",
    "file",
    "first",
    "gap",
    "gap-sign",
    "http",
    "last",
    "line",
    "merchant",
    "month",
    "nearest",
    "next",
    "notice",
    "number",
    "order",
    "other-file",
    "own-words",
    "payout",
    "payouts",
    "provider",
    "reason",
    "remedy",
    "shop-merchant",
    "source",
    "statement",
    "status",
    "taken-back",
    "their-status",
    "transaction",
];

/// What is known of a discrepancy, in the form in which it is shown. Nothing is written before
/// a message asks for it.
pub(super) struct Facts<'a> {
    found: &'a Discrepancy,
    as_of: NaiveDate,
    texts: Texts,
}

impl<'a> Facts<'a> {
    pub(super) fn of(found: &'a Discrepancy, as_of: NaiveDate, texts: Texts) -> Self {
        Self {
            found,
            as_of,
            texts,
        }
    }

    /// The discrepancy.
    pub(super) fn found(&self) -> &'a Discrepancy {
        self.found
    }

    /// The texts of the language that it is told in.
    pub(super) fn texts(&self) -> Texts {
        self.texts
    }

    /// What a message calls `name`; what the names mean is told in the English `explain.ftl`.
    pub(super) fn fact(&self, name: &str) -> Fact<'a> {
        let found = self.found;
        let answer = found.answer.as_ref();
        match name {
            "account" => word(&found.account),
            "age" => Fact::Count(u64::try_from(found.age_days(self.as_of)).unwrap_or(0)),
            "answer" => answer.map_or(Fact::Unknown, |answer| quoted(answer.words.as_str())),
            "answered-on" => answer.map_or(Fact::Unknown, |answer| Fact::Day(answer.day)),
            "entry" => word(&found.bank_entry),
            "event-day" => Fact::Day(found.event_date),
            "file" => word(&found.file),
            "http" => {
                let code = answer.and_then(|answer| answer.http_status);
                owned(code.map(|code| code.to_string()))
            }
            "line" => owned(self.line()),
            "merchant" => word(&found.merchant),
            "order" => word(&found.order_reference),
            "payout" => word(&found.payout_reference),
            "provider" => optional(filled(&found.provider).map(|name| self.texts.provider(name))),
            "remedy" => Fact::Text(super::message::remedy(found).into()),
            "source" => optional(found.sources.first().map(|source| source.file.as_str())),
            "transaction" => word(&found.transaction_id),
            name => self.amount(name).unwrap_or_else(|| self.of_detail(name)),
        }
    }

    /// The facts that are amounts of the columns, or the sign of one.
    fn amount(&self, name: &str) -> Option<Fact<'a>> {
        let found = self.found;
        let size = |amount: Option<Amount>| self.money(amount.map(Amount::abs));
        let cost = |amount: Option<Amount>| self.money(amount.map(|amount| -amount));
        Some(match name {
            "actual" => self.money(found.actual),
            "actual-cost" => cost(found.actual),
            "actual-sign" => optional(sign(found.actual)),
            "actual-size" => size(found.actual),
            // A reservation claims nothing yet.
            "claimed" => match found.actual.filter(|amount| !amount.is_zero()) {
                Some(amount) => self.money(Some(amount)),
                None => Fact::Unknown,
            },
            "expected" => self.money(found.expected),
            "expected-cost" => cost(found.expected),
            "expected-size" => size(found.expected),
            "gap" => size(found.difference()),
            "gap-sign" => optional(sign(found.difference())),
            _ => return None,
        })
    }

    /// An amount, or words that say that it is not known.
    pub(super) fn money(&self, amount: Option<Amount>) -> Fact<'a> {
        Fact::Text(match amount {
            Some(amount) => written(amount, self.found.currency, self.texts).into(),
            None => self.texts.text("unknown-amount"),
        })
    }

    /// The line of the first source; none where it is the file as a whole.
    fn line(&self) -> Option<String> {
        let line = self.found.sources.first()?.line;
        (line > 0).then(|| line.to_string())
    }
}

/// `1204.50 EUR`: in English the digits as they stand in the columns, so that they can be
/// searched for; other languages set thousands apart. An amount of an account whose currency is
/// not known has two decimals and no code.
pub(super) fn written(amount: Amount, currency: Option<Currency>, texts: Texts) -> String {
    let digits_of = currency.unwrap_or(Currency::EUR);
    let mut text = match texts.language() {
        Language::English => amount.display(digits_of).to_string(),
        Language::French | Language::German => texts.amount(amount, digits_of),
    };
    if let Some(currency) = currency {
        text.push(' ');
        text.push_str(currency.code());
    }
    text
}

fn sign(amount: Option<Amount>) -> Option<&'static str> {
    amount.map(|amount| {
        if amount.is_negative() {
            "negative"
        } else {
            "positive"
        }
    })
}

pub(super) fn word(text: &str) -> Fact<'_> {
    optional(filled(text))
}

pub(super) fn optional(text: Option<&str>) -> Fact<'_> {
    text.map_or(Fact::Unknown, |text| Fact::Text(text.into()))
}

pub(super) fn owned(text: Option<String>) -> Fact<'static> {
    text.map_or(Fact::Unknown, |text| Fact::Text(text.into()))
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A foreign text, bounded.
pub(super) fn quoted<'a>(text: impl Into<Cow<'a, str>>) -> Fact<'a> {
    let text = match text.into() {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        owned @ Cow::Owned(_) => owned,
    };
    if text.is_empty() {
        Fact::Unknown
    } else if text.len() > QUOTED_BYTES_MAX {
        Fact::Text((bounded(&text, QUOTED_BYTES_MAX) + "…").into())
    } else {
        Fact::Text(text)
    }
}
