//! The values of one entry, balance or heading, kept in one text and used again for the next.
//!
//! A value is stored by its place in that text, so that an entry costs no allocation while it is
//! read. Values of details are kept apart from the entry's own, which stand before and after them.

use super::schema::Field;
use super::{DETAILS_MAX, Fault, OWN_VALUES_MAX, RECORD_BYTES_MAX, VALUE_BYTES_MAX, VALUES_MAX};

/// Values in the file's order.
#[derive(Debug, Default)]
pub(super) struct Record {
    text: String,
    own: Vec<Value>,
    in_details: Vec<Value>,
    /// For each detail the number of its first value.
    details: Vec<usize>,
    inside_detail: bool,
    /// Where the value that is being read begins in `text`.
    start: usize,
    /// Where its content begins, after its currency.
    content: usize,
}

/// `text[start..content]` is the currency of an amount, `text[content..end]` the value.
#[derive(Clone, Copy, Debug)]
struct Value {
    field: Field,
    start: usize,
    content: usize,
    end: usize,
}

impl Record {
    /// Forgets all values and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.own.clear();
        self.in_details.clear();
        self.details.clear();
        self.inside_detail = false;
        self.start = 0;
        self.content = 0;
    }

    /// The values that follow are those of a further detail.
    pub(super) fn begin_detail(&mut self) -> Result<(), Fault> {
        if self.details.len() >= DETAILS_MAX {
            return Err(Fault::new(format!(
                "has an entry with more than {DETAILS_MAX} details, the limit"
            )));
        }
        self.details.push(self.in_details.len());
        self.inside_detail = true;
        Ok(())
    }

    /// The values that follow are the entry's own again.
    pub(super) fn end_detail(&mut self) {
        self.inside_detail = false;
    }

    /// Begins a value; `currency` is that of an amount, else empty.
    pub(super) fn begin_value(&mut self, currency: &str) {
        // Blanks between `<Sts>` and `<Cd>` are not a value.
        self.text.truncate(self.start);
        self.text.push_str(currency);
        self.content = self.text.len();
    }

    /// Adds a piece of the value that was begun.
    pub(super) fn push(&mut self, piece: &str) -> Result<(), Fault> {
        let value_bytes = self.text.len().saturating_sub(self.start);
        if value_bytes.saturating_add(piece.len()) > VALUE_BYTES_MAX {
            return Err(Fault::new(format!(
                "has a value of more than {VALUE_BYTES_MAX} bytes, the limit"
            )));
        }
        if self.text.len().saturating_add(piece.len()) > RECORD_BYTES_MAX {
            return Err(Fault::new(format!(
                "has an entry of more than {RECORD_BYTES_MAX} bytes, the limit"
            )));
        }
        self.text.push_str(piece);
        Ok(())
    }

    /// Ends a value; one that is blank was never there.
    pub(super) fn end_value(&mut self, field: Field) -> Result<(), Fault> {
        tidy(&mut self.text, self.content);
        let end = self.text.len();
        if end == self.content {
            self.text.truncate(self.start);
        } else {
            let (values, limit) = if self.inside_detail {
                (&mut self.in_details, VALUES_MAX)
            } else {
                (&mut self.own, OWN_VALUES_MAX)
            };
            if values.len() >= limit {
                return Err(Fault::new(format!(
                    "has an element with more than {limit} values, the limit"
                )));
            }
            values.push(Value {
                field,
                start: self.start,
                content: self.content,
                end,
            });
            self.start = end;
        }
        self.content = self.start;
        Ok(())
    }

    /// The values outside details.
    pub(super) fn own(&self) -> Part<'_> {
        Part {
            text: &self.text,
            values: &self.own,
        }
    }

    /// How many details there are.
    pub(super) fn details(&self) -> usize {
        self.details.len()
    }

    /// The values of a detail, counted from 0.
    pub(super) fn detail(&self, number: usize) -> Part<'_> {
        let end = self.in_details.len();
        let start = self.details.get(number).copied().unwrap_or(end);
        let next = number.saturating_add(1);
        let end = self.details.get(next).copied().unwrap_or(end);
        Part {
            text: &self.text,
            values: self.in_details.get(start..end).unwrap_or_default(),
        }
    }
}

/// The values of an entry itself, or of one of its details.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    text: &'a str,
    values: &'a [Value],
}

impl<'a> Part<'a> {
    /// The first value of a field.
    pub(super) fn first(self, field: Field) -> Option<&'a str> {
        self.values
            .iter()
            .find(|value| value.field == field)
            .map(|value| self.value(value))
    }

    /// The first amount of a field with its currency as written (empty when not written).
    pub(super) fn amount(self, field: Field) -> Option<(&'a str, &'a str)> {
        let value = self.values.iter().find(|value| value.field == field)?;
        let currency = self.text.get(value.start..value.content);
        Some((self.value(value), currency.unwrap_or_default()))
    }

    /// All values in the file's order.
    pub(super) fn values(self) -> impl Iterator<Item = (Field, &'a str)> {
        self.values
            .iter()
            .map(move |value| (value.field, self.value(value)))
    }

    fn value(self, value: &Value) -> &'a str {
        self.text.get(value.content..value.end).unwrap_or_default()
    }
}

/// Makes one space of each run of white space in `text[from..]`, and none at its ends.
fn tidy(text: &mut String, from: usize) {
    let content = text.get(from..).unwrap_or_default();
    if is_tidy(content) {
        return;
    }
    let mut tidied = String::with_capacity(content.len());
    for word in content.split_whitespace() {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(word);
    }
    text.truncate(from);
    text.push_str(&tidied);
}

/// True for most values; other than ASCII is left to the careful way.
fn is_tidy(content: &str) -> bool {
    let mut after_blank = true;
    for byte in content.bytes() {
        if byte == b' ' && after_blank || byte < b' ' || !byte.is_ascii() {
            return false;
        }
        after_blank = byte == b' ';
    }
    content.is_empty() || !after_blank
}
