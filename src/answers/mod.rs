//! What the providers' APIs answer, read leniently: pure functions from a body to its meaning.
//!
//! Two rooms read these bodies: `providers`, right after it has asked, and `ingest`, when it meets
//! a saved answer months later. Both must understand the same thing, so it is read here and
//! nowhere else. [`oney`] has the purchase status and Oney's many shapes of errors,
//! [`e_financing`] the errors of e-Financing, [`json`] the values of any of them.
//!
//! A server is not trusted to be harmless. What is kept of its words is short, stands on one line
//! and has no control characters ([`one_line`]); what its codes mean is not decided here, because
//! the same code means different things in different services.

pub mod e_financing;
pub mod json;
pub mod oney;

use std::fmt;

use serde_json::Value;

/// One complaint of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedError {
    /// The field that it is about; may be empty.
    pub field: String,
    /// The provider's code, for example `ERR_09`; of a gateway an HTTP code. May be empty.
    pub code: String,
    /// What it says; may be empty.
    pub label: String,
}

impl fmt::Display for ListedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [self.code.as_str(), self.field.as_str(), self.label.as_str()];
        let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        f.write_str(&said.join(", "))
    }
}

/// Complaints as one text: `ERR_05, reference, missing; ERR_06`. At most `count_max` of them, and
/// how many more there are.
pub fn listed(errors: &[ListedError], count_max: usize) -> String {
    let mut told: Vec<String> = errors
        .iter()
        .take(count_max)
        .map(ToString::to_string)
        .collect();
    let more = errors.len().saturating_sub(count_max);
    if more > 0 {
        told.push(format!("+{more}"));
    }
    told.join("; ")
}

/// A text of a server as it may be shown: one line, without control characters, not too long.
pub fn one_line(text: &str, chars_max: usize) -> String {
    // Twice as many are looked at as are kept: blanks fall together.
    let looked_at = chars_max.saturating_mul(2);
    let safe: String = text
        .chars()
        .take(looked_at)
        .map(|c| {
            if c.is_control() || is_hidden(c) {
                ' '
            } else {
                c
            }
        })
        .collect();
    let line = safe.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = line.chars().take(chars_max).collect();
    let cut = shown.len() < line.len() || text.chars().nth(looked_at).is_some();
    if cut { format!("{shown}…") } else { shown }
}

/// Characters that turn the direction of writing: a text with them reads differently than it is.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A field as text: a string, or a number as it is written.
pub fn text_of(value: Option<&Value>, chars_max: usize) -> String {
    match value {
        Some(Value::String(text)) => one_line(text, chars_max),
        Some(Value::Number(number)) => one_line(&number.to_string(), chars_max),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
            String::new()
        }
    }
}

#[cfg(test)]
mod tests;
