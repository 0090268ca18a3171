//! What a notification means: an event, or nothing.

use chrono_tz::Tz;

use super::parameters::{Notification, Parameter, RECEIVED_AT, VALUE_CHARACTERS_MAX, shown_value};
use crate::answers::json::plain_decimal;
use crate::domain::file::{FileId, RowNames, bounded};
use crate::domain::money::AmountError;
use crate::domain::order::normal_reference;
use crate::domain::provider_event::{Booking, BookingAction, ProviderEvent, Said};
use crate::domain::{Amount, Currency};
use crate::ingest::RowError;
use crate::ingest::cells::DecimalMark;
use crate::ingest::provider_events::{EventOptions, Moment, NotificationMode};
use crate::ingest::words::Words;

/// The highest sequence number that PAYONE allows.
const SEQUENCE_MAX: u8 = 127;

/// Characters of a transaction number; PAYONE documents 9 to 12 digits.
const TXID_CHARACTERS_MAX: usize = 64;

/// Events of modules that no order is paid with; documented all the same.
const OTHER_WORDS: [&str; 2] = ["vauthorization", "vsettlement"];

/// What a notification comes to.
pub(super) enum Meaning<'n> {
    Event(ProviderEvent<'n>),
    /// It counts for nothing, for this reason.
    Nothing(&'static str),
}

/// Makes events of notifications.
pub(super) struct BookingReader<'o> {
    provider: &'o str,
    zone: Tz,
    mark: DecimalMark,
    mode: NotificationMode,
    /// What a profile says of words, and PAYONE's own ones.
    words: [Words<String>; 3],
    currencies: Words<Currency>,
}

/// The columns with fixed words, as `BookingReader::words` has them.
const WORD_COLUMNS: [&str; 3] = ["txaction", "mode", "transaction_status"];

impl<'o> BookingReader<'o> {
    pub(super) fn new(options: EventOptions<'o>) -> Self {
        Self {
            provider: options.provider,
            zone: options.timezone,
            mark: options.profile.decimal_mark,
            mode: options.mode,
            words: WORD_COLUMNS
                .map(|column| Words::of(options.profile, column, |word| Some(word.to_owned()))),
            currencies: Words::currencies(options.profile, "currency"),
        }
    }

    /// What a word means: PAYONE's own word for it, or the word itself.
    fn word<'w>(&'w self, column: &str, word: &'w str) -> &'w str {
        let mut columns = WORD_COLUMNS.iter().zip(&self.words);
        let words = columns.find(|(known, _)| **known == column);
        let found = words.and_then(|(_, words)| words.find(word));
        found.map_or(word, String::as_str)
    }

    /// The meaning of a notification. What is set aside is not looked at any further.
    pub(super) fn read<'n>(&'n self, found: &'n Notification) -> Result<Meaning<'n>, RowError> {
        match self.word("mode", found.text("mode")) {
            word if word.eq_ignore_ascii_case("test") => {
                if self.mode == NotificationMode::Live {
                    return Ok(Meaning::Nothing(
                        "is a notification of the test mode; say mode = \"test\" at the input to \
                         count those too",
                    ));
                }
            }
            word if word.is_empty() || word.eq_ignore_ascii_case("live") => {}
            word => return Err(error("mode", word, "is neither live nor test")),
        }
        match self.word("transaction_status", found.text("transaction_status")) {
            word if word.eq_ignore_ascii_case("pending") => {
                return Ok(Meaning::Nothing("is pending: PAYONE will tell its end"));
            }
            word if word.is_empty() || word.eq_ignore_ascii_case("completed") => {}
            word => {
                let reason = "is neither completed nor pending";
                return Err(error("transaction_status", word, reason));
            }
        }
        self.event(found).map(Meaning::Event)
    }

    fn event<'n>(&'n self, found: &'n Notification) -> Result<ProviderEvent<'n>, RowError> {
        let action = self.action(mandatory(found, "txaction")?)?;
        let transaction_id = transaction_id(mandatory(found, "txid")?)?;
        let order_reference = reference(mandatory(found, "reference")?)?;
        let sequence = sequence(found)?;
        let word = mandatory(found, "currency")?.value.as_str();
        let currency = self
            .currencies
            .currency(word)
            .ok_or_else(|| error("currency", word, "is not a currency of three letters"))?;
        let receivable = self.amount(mandatory(found, "receivable")?, currency)?;
        let balance = self.amount(mandatory(found, "balance")?, currency)?;
        let reminder_level = reminder_level(found)?;
        let observed = self.observed(found)?;
        Ok(ProviderEvent {
            order_reference,
            provider: self.provider,
            transaction_id,
            file: FileId(0),
            line: found.line,
            observed_at: observed.at,
            observed_on: observed.on,
            currency,
            amount: Some(receivable),
            said: Said::Booking(Booking {
                sequence,
                action,
                balance,
                reminder_level,
            }),
        })
    }

    fn action<'n>(&'n self, found: &'n Parameter) -> Result<BookingAction<'n>, RowError> {
        let word = self.word("txaction", &found.value);
        let action = BookingAction::from_word(word);
        if matches!(action, BookingAction::Other(other) if !OTHER_WORDS.contains(&other)) {
            return Err(error(
                found.name,
                word,
                "is no known event; expected appointed, capture, paid, underpaid, cancelation, \
                 refund, debit, reminder, invoice, transfer or failed; a shop's own word is told \
                 in [profile.values.txaction] of a [[profile]]",
            ));
        }
        Ok(action)
    }

    /// The time of arrival, else `txtime`.
    fn observed(&self, found: &Notification) -> Result<Moment, RowError> {
        let before = found.received_at.as_str();
        if !before.is_empty() {
            return Moment::from_log(before, self.zone).ok_or_else(|| {
                // What is no time at all may be a piece of another line.
                let is_like_one = before.starts_with(|c: char| c.is_ascii_digit() || c == '[');
                let shown = if is_like_one {
                    bounded(before, 40)
                } else {
                    String::new()
                };
                let reason = "is not a time like 2026-11-20T18:03:00+01:00";
                RowError::new(RECEIVED_AT, &shown, reason)
            });
        }
        let text = mandatory(found, "txtime")?.value.as_str();
        Moment::from_unix(text, self.zone)
            .ok_or_else(|| error("txtime", text, "is not a Unix time in seconds"))
    }

    /// An amount in major units. PAYONE writes a dot; a log with commas says so in its profile.
    fn amount(&self, found: &Parameter, currency: Currency) -> Result<Amount, RowError> {
        let text = found.value.as_str();
        let with_comma = self.mark == DecimalMark::Comma && !found.typed;
        let read = if found.typed {
            Amount::parse(&plain_decimal(text), currency)
        } else if with_comma && text.contains('.') {
            Err(AmountError::NotANumber)
        } else if with_comma {
            Amount::parse(&text.replace(',', "."), currency)
        } else {
            Amount::parse(text, currency)
        };
        read.map_err(|problem| {
            let remedy = match problem {
                AmountError::NotANumber if with_comma => {
                    "expected one like 200,00, as the profile's decimal_mark says"
                }
                AmountError::NotANumber if text.contains(',') => {
                    "expected one like 200.00; where the log has commas, set decimal_mark = \",\" \
                     in a [[profile]] that extends payone-status"
                }
                AmountError::NotANumber => "expected one like 200.00; ask for the file again",
                AmountError::NotExact { .. } | AmountError::TooLarge => "ask for the file again",
            };
            error(found.name, text, &format!("{problem}; {remedy}"))
        })
    }
}

fn error(name: &str, value: &str, reason: &str) -> RowError {
    RowError::new(name, &shown_value(value), reason)
}

/// What a notification names, as far as it can be read: what is no reference may be a name.
pub(super) fn names(found: &Notification) -> RowNames {
    let reference = found.get("reference").map(reference);
    let transaction_id = found.get("txid").map(transaction_id);
    let readable =
        |name: Option<Result<&str, RowError>>| name.and_then(Result::ok).map(str::to_owned);
    RowNames {
        order_reference: readable(reference).unwrap_or_default(),
        transaction_id: readable(transaction_id).unwrap_or_default(),
        ..RowNames::default()
    }
}

/// A parameter that must be there and must say something.
fn mandatory<'n>(found: &'n Notification, name: &'static str) -> Result<&'n Parameter, RowError> {
    let missing = || {
        let reason = if name == "txtime" {
            "is missing, and no time of arrival stands before the notification; log that time"
        } else {
            "is missing and must not be; ask for the file again"
        };
        RowError::new(name, "", reason)
    };
    found
        .get(name)
        .filter(|parameter| !parameter.value.is_empty())
        .ok_or_else(missing)
}

fn transaction_id(found: &Parameter) -> Result<&str, RowError> {
    let text = found.value.as_str();
    let good = text.len() <= TXID_CHARACTERS_MAX
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if good {
        Ok(text)
    } else {
        let reason = "is not a transaction number; expected 9 to 12 digits";
        Err(error(found.name, text, reason))
    }
}

fn reference(found: &Parameter) -> Result<&str, RowError> {
    let text = normal_reference(&found.value);
    let too_long = text.chars().count() > VALUE_CHARACTERS_MAX;
    if text.is_empty() || too_long || text.chars().any(char::is_control) {
        let reason = "is not an order reference of 1 to 255 characters; ask for the file again";
        return Err(error(found.name, &found.value, reason));
    }
    Ok(text)
}

/// Empty means 0; a notification without the parameter was cut.
fn sequence(found: &Notification) -> Result<u8, RowError> {
    let name = "sequencenumber";
    let Some(parameter) = found.get(name) else {
        let reason = "is missing and must not be (it may be empty); ask for the file again";
        return Err(RowError::new(name, "", reason));
    };
    let text = parameter.value.as_str();
    if text.is_empty() {
        return Ok(0);
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|number| digits && *number <= SEQUENCE_MAX)
        .ok_or_else(|| error(name, text, "is no sequence number; expected 0 to 127"))
}

/// Tells reminders apart.
fn reminder_level(found: &Notification) -> Result<&str, RowError> {
    let text = found.text("reminderlevel");
    let good = text.len() <= TXID_CHARACTERS_MAX && !text.contains(['=', '&']);
    if good {
        Ok(text)
    } else {
        let reason = "is no dunning level; ask for the file again";
        Err(error("reminderlevel", text, reason))
    }
}
