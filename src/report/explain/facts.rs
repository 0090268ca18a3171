//! What an explanation may name, taken from a discrepancy and written in the reader's notation.

use chrono::NaiveDate;

use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::bounded;
use crate::domain::{Amount, Currency};
use crate::report::language::{Fact, Language, Texts};

/// Bytes of a foreign text (a reason, a remittance) that a sentence quotes.
const QUOTED_BYTES_MAX: usize = 240;

/// The names of all that an explanation may name. The texts of every language are checked against
/// this list, and [`Facts::fact`] knows each of them.
#[cfg(test)]
pub(in crate::report) const NAMES: [&str; 36] = [
    "account",
    "actual",
    "actual-cost",
    "actual-sign",
    "actual-size",
    "age",
    "amount",
    "answer",
    "answered-on",
    "claimed",
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
    "nearest",
    "order",
    "payout",
    "provider",
    "remedy",
    "source",
    "statement",
    "status",
    "subject",
    "transaction",
    "words",
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

    /// What else the sentence names.
    pub(super) fn subject(&self) -> Option<&'a str> {
        filled(&self.found.detail.subject)
    }

    /// What was found, without the full stop of the sentence it may have been.
    pub(super) fn words(&self) -> Option<&'a str> {
        filled(self.found.detail.found.trim_end_matches('.'))
    }

    /// The detail's status.
    pub(super) fn status(&self) -> Option<&'a str> {
        filled(&self.found.detail.status)
    }

    /// What a message calls `name`; what the names mean is told in the English `explain.ftl`.
    pub(super) fn fact(&self, name: &str) -> Fact<'a> {
        let (found, detail) = (self.found, &self.found.detail);
        match name {
            "account" => word(&found.account),
            "age" => Fact::Count(u64::try_from(found.age_days(self.as_of)).unwrap_or(0)),
            "count" => Fact::Count(detail.count.unwrap_or(0)),
            "answer" => quoted(detail.answer.as_ref().and_then(|it| filled(&it.words))),
            "answered-on" => {
                let day = detail.answer.as_ref().map(|answer| answer.day);
                day.map_or(Fact::Unknown, Fact::Day)
            }
            "country" => owned(self.country()),
            "day" => detail.day.map_or(Fact::Unknown, Fact::Day),
            "entry" => word(&found.bank_entry),
            "event-day" => Fact::Day(found.event_date),
            "file" => word(&found.file),
            "first" => optional(self.numbers().map(|(first, _)| first)),
            "last" => optional(self.numbers().map(|(_, last)| last)),
            "http" => {
                let code = detail.answer.as_ref().and_then(|it| it.http_status);
                owned(code.map(|code| code.to_string()))
            }
            "line" => owned(self.line()),
            "nearest" => word(&detail.nearest),
            "order" => word(&found.order_reference),
            "payout" => word(&found.payout_reference),
            "provider" => optional(filled(&found.provider).map(|name| self.texts.provider(name))),
            "remedy" => Fact::Text(super::message::remedy(self).into()),
            "source" => optional(found.sources.first().map(|source| source.file.as_str())),
            // The second part of the key of a statement's findings is the bank's name of it.
            "statement" => optional(found.key.get(1).and_then(|id| filled(id))),
            "status" => word(&detail.status),
            "subject" => quoted(self.subject()),
            "transaction" => word(&found.transaction_id),
            "words" => quoted(self.words()),
            amount => self.amount(amount),
        }
    }

    /// The facts that are amounts, or the sign of one.
    fn amount(&self, name: &str) -> Fact<'a> {
        let found = self.found;
        let size = |amount: Option<Amount>| self.money(amount.map(Amount::abs));
        let cost = |amount: Option<Amount>| self.money(amount.map(|amount| -amount));
        match name {
            "actual" => self.money(found.actual),
            "actual-cost" => cost(found.actual),
            "actual-sign" => optional(sign(found.actual)),
            "actual-size" => size(found.actual),
            "amount" => owned(found.detail.amount.map(|amount| {
                let currency = found.detail.currency.or(found.currency);
                written(amount, currency, self.texts)
            })),
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
            _ => {
                debug_assert!(false, "no explanation can name {name:?}");
                Fact::Unknown
            }
        }
    }

    /// An amount, or words that say that it is not known.
    fn money(&self, amount: Option<Amount>) -> Fact<'a> {
        Fact::Text(match amount {
            Some(amount) => written(amount, self.found.currency, self.texts).into(),
            None => self.texts.text("unknown-amount"),
        })
    }

    /// Of a report that is missing: `fr` in `fr #17`, in capitals.
    fn country(&self) -> Option<String> {
        let (code, _) = self.found.file.trim().split_once(' ')?;
        Some(code.to_uppercase())
    }

    /// The first and the last number of several.
    fn numbers(&self) -> Option<(&'a str, &'a str)> {
        self.subject()?.split_once(" to ")
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
fn written(amount: Amount, currency: Option<Currency>, texts: Texts) -> String {
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

fn word(text: &str) -> Fact<'_> {
    optional(filled(text))
}

fn optional(text: Option<&str>) -> Fact<'_> {
    text.map_or(Fact::Unknown, |text| Fact::Text(text.into()))
}

fn owned(text: Option<String>) -> Fact<'static> {
    text.map_or(Fact::Unknown, |text| Fact::Text(text.into()))
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// A foreign text, bounded.
fn quoted(text: Option<&str>) -> Fact<'_> {
    match text {
        Some(long) if long.len() > QUOTED_BYTES_MAX => {
            Fact::Text((bounded(long, QUOTED_BYTES_MAX) + "…").into())
        }
        text => optional(text),
    }
}
