//! What came back: a whole answer of bounded size, its text made safe to show.

use serde_json::Value;

use super::Scrubber;

/// Characters of an unreadable body that are kept.
const SHOWN_CHARS_MAX: usize = 200;

/// One complaint of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedError {
    /// The field that it is about; may be empty.
    pub field: String,
    /// The provider's code; may be empty.
    pub code: String,
    /// What it says; may be empty.
    pub label: String,
}

impl std::fmt::Display for ListedError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [self.code.as_str(), self.field.as_str(), self.label.as_str()];
        let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        f.write_str(&said.join(", "))
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code.
    pub status: u16,
    /// Seconds to wait before the next request, where the server says so.
    pub retry_after: Option<u64>,
    /// The body without secrets; bytes that are no UTF-8 are replaced.
    pub text: String,
}

impl Answer {
    /// An answer from its bytes, without the secrets that it may repeat.
    pub fn new(status: u16, retry_after: Option<u64>, body: &[u8], scrubber: &Scrubber) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Self {
            status,
            retry_after,
            text: scrubber.clean(text),
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.text).ok()
    }

    /// The first characters of the body, on one line.
    pub fn beginning(&self) -> String {
        one_line(&self.text, SHOWN_CHARS_MAX)
    }
}

/// A text of a server as it may be shown: one line, without control characters, not too long.
pub(super) fn one_line(text: &str, chars_max: usize) -> String {
    // Twice as many are looked at as are kept: blanks fall together.
    let safe: String = text
        .chars()
        .take(chars_max.saturating_mul(2))
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
    let cut = shown.len() < line.len() || text.chars().nth(chars_max.saturating_mul(2)).is_some();
    if cut { format!("{shown}…") } else { shown }
}

/// Characters that turn the direction of writing: a text with them reads differently than it is.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A field as text: a string, or a number as it is written.
pub(super) fn text_of(value: Option<&Value>, chars_max: usize) -> String {
    match value {
        Some(Value::String(text)) => one_line(text, chars_max),
        Some(Value::Number(number)) => one_line(&number.to_string(), chars_max),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_shown_on_one_safe_line() {
        let answer = Answer::new(
            502,
            None,
            b"\xef\xbb\xbf<html>\r\n\x1b[31mBad\tGateway \xff",
            &Scrubber::default(),
        );
        assert_eq!(answer.beginning(), "<html> [31mBad Gateway \u{fffd}");
        assert_eq!(one_line(&"ä".repeat(300), 5), "äääää…");
        assert_eq!(one_line("a\u{202e}b", 5), "a b");
    }

    #[test]
    fn bodies_that_are_nested_too_deeply_are_no_json() {
        let deep = "[".repeat(100_000);
        let answer = Answer::new(200, None, deep.as_bytes(), &Scrubber::default());
        assert_eq!(answer.json(), None);
    }
}
