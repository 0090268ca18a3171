//! The parameters of a notification that are read, and what may be shown of them.
//!
//! A notification holds the portal's key, and the customer's name, address and bank account. Only
//! the parameters named here ever leave the line.

use std::collections::BTreeMap;

use crate::domain::file::bounded;
/// The parameters that are read, by PAYONE's names.
pub(super) use crate::ingest::profile::PAYONE_STATUS_COLUMNS as PARAMETERS;

/// When the shop received a notification; not a parameter of PAYONE's.
pub(super) const RECEIVED_AT: &str = "received_at";

/// Characters of the longest parameter that is read: `reference` has 255 at most.
pub(super) const VALUE_CHARACTERS_MAX: usize = 255;

/// Stands for a row that cannot be told apart into parameters.
pub(super) const WITHHELD: &str =
    "(not kept: it may hold personal data; open the file to see the line)";

/// One parameter of a notification.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) value: String,
    /// True for a number of NDJSON or of a workbook.
    pub(super) typed: bool,
}

/// One notification, in a buffer that the next one overwrites.
#[derive(Clone, Debug, Default)]
pub(super) struct Notification {
    /// One-based line or row.
    pub(super) line: u32,
    /// When the shop received it, as its log says; may be empty.
    pub(super) received_at: String,
    found: Vec<Parameter>,
}

impl Notification {
    pub(super) fn clear(&mut self, line: u32) {
        self.line = line;
        self.received_at.clear();
        self.found.clear();
    }

    pub(super) fn add(&mut self, name: &'static str, value: &str, typed: bool) {
        self.found.push(Parameter {
            name,
            value: value.to_owned(),
            typed,
        });
    }

    /// Gives the parameters that are missing or empty the values that a profile fixes.
    pub(super) fn complete(&mut self, fixed: &BTreeMap<String, String>) {
        for name in PARAMETERS {
            let Some(value) = fixed.get(name).filter(|_| self.text(name).is_empty()) else {
                continue;
            };
            self.found.retain(|parameter| parameter.name != name);
            self.add(name, value.trim(), false);
        }
    }

    /// A parameter, which may be empty; `None` where the notification lacks it.
    pub(super) fn get(&self, name: &str) -> Option<&Parameter> {
        self.found.iter().find(|parameter| parameter.name == name)
    }

    /// The text of a parameter; empty where the notification lacks it.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name)
            .map_or("", |parameter| parameter.value.as_str())
    }

    /// The notification as a rejected row shows it.
    pub(super) fn shown(&self) -> String {
        let mut shown: Vec<String> = self
            .found
            .iter()
            .filter(|parameter| !parameter.value.is_empty())
            .map(|parameter| format!("{}={}", parameter.name, shown_value(&parameter.value)))
            .collect();
        if shown.is_empty() {
            return WITHHELD.to_owned();
        }
        shown.push("(other parameters are not kept)".to_owned());
        shown.join("&")
    }
}

/// A value as errors show it. One that is too long or holds the marks of a form has swallowed
/// the parameters behind it, names and accounts among them.
pub(super) fn shown_value(value: &str) -> String {
    let has_swallowed = value.contains(['=', '&', '\n']);
    if has_swallowed || value.chars().count() > VALUE_CHARACTERS_MAX {
        let before: String = value
            .chars()
            .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'))
            .collect();
        return format!("{}…", bounded(&before, VALUE_CHARACTERS_MAX));
    }
    value.to_owned()
}
