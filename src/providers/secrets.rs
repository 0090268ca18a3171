//! Keys of the providers: what no log, error, report or stored answer may show.

use std::fmt;

/// The shortest text that is searched for in answers. Anything shorter would blank out half of
/// them.
const SEARCHED_BYTES_MIN: usize = 4;

/// A key, a password or a token. It prints as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Takes secrets out of texts that come from outside: a server may repeat what it was sent.
#[derive(Clone, Debug, Default)]
pub struct Scrubber {
    keys: Vec<Key>,
}

impl Scrubber {
    /// One more secret to look for, also as it stands in a JSON text.
    pub fn add(&mut self, key: &Key) {
        let json = serde_json::to_string(key.reveal()).unwrap_or_default();
        let inside = json.trim_matches('"').to_owned();
        let slashed = inside.replace('/', "\\/");
        for form in [key.reveal().to_owned(), inside, slashed] {
            let known = self.keys.iter().any(|key| key.reveal() == form);
            if form.len() >= SEARCHED_BYTES_MIN && !known {
                self.keys.push(Key(form));
            }
        }
        // The longest first: one secret may be a part of another.
        self.keys
            .sort_by_key(|key| std::cmp::Reverse(key.reveal().len()));
    }

    /// The text with `***` for every secret.
    pub fn clean(&self, text: &str) -> String {
        let hide = |text: String, key: &Key| {
            if text.contains(key.reveal()) {
                text.replace(key.reveal(), "***")
            } else {
                text
            }
        };
        self.keys.iter().fold(text.to_owned(), hide)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_a_server_repeats_is_taken_out() {
        let mut scrubber = Scrubber::default();
        scrubber.add(&Key::new("a/b\"c"));
        scrubber.add(&Key::new("a/b\"cdef"));
        scrubber.add(&Key::new("no"));
        assert_eq!(scrubber.clean("you sent a/b\"c, no?"), "you sent ***, no?");
        assert_eq!(scrubber.clean("a/b\"cdef"), "***");
        assert_eq!(scrubber.clean(r#"{"key":"a\/b\"c"}"#), r#"{"key":"***"}"#);
        assert_eq!(format!("{scrubber:?}").matches("a/b").count(), 0);
    }
}
