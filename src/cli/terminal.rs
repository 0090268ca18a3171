//! What stands in files and their names cannot steer a terminal: control characters, and those that
//! turn the direction of writing, are shown as `\u001b`, which is what JSON calls them too.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use tracing_subscriber::fmt::format;

/// True for what a terminal would obey instead of showing it.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// A text of several lines in which nothing steers.
fn harmless(text: &str) -> Cow<'_, str> {
    shown(text, &|letter| steers(letter) && letter != '\n')
}

/// A text as one line in which nothing steers.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    shown(text, &steers)
}

fn shown<'t>(text: &'t str, hidden: &dyn Fn(char) -> bool) -> Cow<'t, str> {
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if hidden(letter) {
            // Writing to a text cannot fail.
            write!(shown, "\\u{:04x}", u32::from(letter)).unwrap_or_default();
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// Passes on what may be shown. A letter whose bytes come in two pieces is passed on whole.
#[derive(Debug)]
pub(super) struct Harmless<W: Write> {
    to: W,
    /// The first bytes of a letter.
    begun: Vec<u8>,
}

impl<W: Write> Harmless<W> {
    pub(super) fn new(to: W) -> Self {
        Self {
            to,
            begun: Vec::new(),
        }
    }
}

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = std::mem::take(&mut self.begun);
        all.extend_from_slice(bytes);
        if let Err(error) = std::str::from_utf8(&all)
            && error.error_len().is_none()
        {
            self.begun = all.split_off(error.valid_up_to());
        }
        let text = String::from_utf8_lossy(&all);
        self.to.write_all(harmless(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let begun = std::mem::take(&mut self.begun);
        self.to
            .write_all(String::from_utf8_lossy(&begun).as_bytes())?;
        self.to.flush()
    }
}

/// Writes the fields of a log line; its colours are the formatter's own.
pub(super) fn log_fields(
    writer: &mut format::Writer<'_>,
    field: &tracing::field::Field,
    value: &dyn std::fmt::Debug,
) -> std::fmt::Result {
    let text = format!("{value:?}");
    let text = one_line(&text);
    if field.name() == "message" {
        write!(writer, "{text}")
    } else {
        write!(writer, "{}={text}", field.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_shown_and_the_rest_stays() {
        let name = "a\u{1b}[2Jb\r\u{9b}c\u{202e}d\u{7f}é\n";
        assert_eq!(
            harmless(name),
            "a\\u001b[2Jb\\u000d\\u009bc\\u202ed\\u007fé\n"
        );
        assert_eq!(one_line("a\nb"), "a\\u000ab");
        assert!(matches!(harmless("plain é\n"), Cow::Borrowed(_)));
    }

    #[test]
    fn bytes_may_come_in_any_pieces() {
        let text = "é\u{9b}€\u{202e}x\u{1b}\n";
        let whole = harmless(text).into_owned();
        for size in 1..=text.len() {
            let mut out = Harmless::new(Vec::new());
            for piece in text.as_bytes().chunks(size) {
                out.write_all(piece).unwrap();
            }
            out.flush().unwrap();
            assert_eq!(String::from_utf8(out.to).unwrap(), whole, "{size}");
        }
        // What is no text is shown as such, also at the end.
        let mut out = Harmless::new(Vec::new());
        out.write_all(b"a\xff\xe2\x80").unwrap();
        out.flush().unwrap();
        assert_eq!(String::from_utf8(out.to).unwrap(), "a\u{fffd}\u{fffd}");
    }
}
