//! Notifications as their form-urlencoded bodies, one a line.

use std::borrow::Cow;
use std::io::{BufReader, Read};

use encoding_rs::WINDOWS_1252;
use percent_encoding::percent_decode_str;

use super::Next;
use super::parameters::{Notification, PARAMETERS, WITHHELD, shown_value};
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::Profile;
use crate::ingest::table::read_line;
use crate::ingest::{Refusal, RowError};

/// True for a line that has what only a notification has.
pub(super) fn looks_like_notification(line: &str) -> bool {
    line.contains("txaction=") && line.contains("txid=")
}

/// The lines of a log.
pub(super) struct FormLines {
    input: BufReader<Box<dyn Read + Send>>,
    bytes: Vec<u8>,
    line: u32,
}

impl FormLines {
    pub(super) fn open(opened: &OpenFile, profile: &Profile) -> Self {
        Self {
            input: BufReader::new(opened.text(profile.encoding)),
            bytes: Vec::new(),
            line: 0,
        }
    }

    /// The next line that is not blank.
    pub(super) fn next(&mut self, notification: &mut Notification) -> Result<Next, Refusal> {
        loop {
            self.bytes.clear();
            if read_line(&mut self.input, &mut self.bytes)? == 0 {
                return Ok(Next::End);
            }
            self.line = self.line.saturating_add(1);
            let text = String::from_utf8_lossy(&self.bytes);
            if text.trim().is_empty() {
                continue;
            }
            notification.clear(self.line);
            return Ok(match take_apart(text.trim(), notification) {
                Ok(()) => Next::Notification,
                Err(error) => Next::Bad(error.at(self.line, &shown_or_withheld(notification))),
            });
        }
    }
}

fn shown_or_withheld(notification: &Notification) -> String {
    if notification.get("txid").is_some() {
        notification.shown()
    } else {
        WITHHELD.to_owned()
    }
}

/// Puts the parameters of a line into a notification.
fn take_apart(line: &str, notification: &mut Notification) -> Result<(), RowError> {
    let (before, body) = without_timestamp(line);
    before.clone_into(&mut notification.received_at);
    if !body.contains('=') {
        return Err(RowError::new(
            "",
            "",
            "the line is no notification: expected parameters like txaction=paid&txid=…; \
             ask for the file again",
        ));
    }
    for pair in body.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded(name);
        let Some(known) = PARAMETERS.into_iter().find(|known| *known == name.trim()) else {
            continue;
        };
        let value = decoded(value);
        let value = value.trim();
        match notification.get(known) {
            Some(before) if before.value != value => {
                let reason = format!(
                    "stands twice in one notification, before as «{}»; ask for the file again",
                    shown_value(&before.value)
                );
                return Err(RowError::new(known, &shown_value(value), reason));
            }
            Some(_) => {}
            None => notification.add(known, value, false),
        }
    }
    Ok(())
}

/// The text before a body, and the body. A body has no blank, so the last one before its first
/// `=` ends what the log put there.
fn without_timestamp(line: &str) -> (&str, &str) {
    let first_name = line.split('=').next().unwrap_or_default();
    match first_name.rfind(char::is_whitespace) {
        Some(at) => {
            let (before, body) = line.split_at_checked(at).unwrap_or(("", line));
            (before.trim(), body.trim_start())
        }
        None => ("", line),
    }
}

/// A name or a value without its encoding: UTF-8 where its bytes are that, else Windows-1252,
/// which has all of ISO-8859-1's letters.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    let bytes: Vec<u8> = percent_decode_str(&spaced).collect();
    Cow::Owned(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => WINDOWS_1252
            .decode_without_bom_handling(error.as_bytes())
            .0
            .into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_utf8_or_windows_1252_by_itself() {
        assert_eq!(decoded("M%FCller+%26+S%F6hne"), "Müller & Söhne");
        assert_eq!(decoded("M%C3%BCller"), "Müller");
        assert_eq!(decoded("10+%80"), "10 €");
        assert_eq!(decoded("A%2BB"), "A+B");
        assert_eq!(decoded("100%"), "100%");
        assert_eq!(decoded("a%zz%4"), "a%zz%4");
    }

    #[test]
    fn what_stands_before_a_body_is_the_time_of_arrival() {
        assert_eq!(without_timestamp("a=1&b= 2"), ("", "a=1&b= 2"));
        assert_eq!(
            without_timestamp("2026-11-20T10:00:00Z\ta=1"),
            ("2026-11-20T10:00:00Z", "a=1")
        );
        assert_eq!(
            without_timestamp("2026-11-20 10:00:00 \t a=1&b=2"),
            ("2026-11-20 10:00:00", "a=1&b=2")
        );
    }
}
