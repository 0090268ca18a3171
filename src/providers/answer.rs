//! What came back: a whole answer of bounded size, its text made safe to show.

use serde_json::Value;

use super::Scrubber;
use crate::answers::one_line;

/// Characters of an unreadable body that are kept.
const SHOWN_CHARS_MAX: usize = 200;

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
    }

    #[test]
    fn bodies_that_are_nested_too_deeply_are_no_json() {
        let deep = "[".repeat(100_000);
        let answer = Answer::new(200, None, deep.as_bytes(), &Scrubber::default());
        assert_eq!(answer.json(), None);
    }
}
