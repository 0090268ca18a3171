//! Profiles: how one sender writes its tables. Names, delimiter, decimal mark, encoding, dates,
//! words.
//!
//! `[[profile]]` → [`ProfileDefinition`] → [`Profile::resolve`] with what is built in
//! ([`catalogue`]) → [`Profile`] → the reader of a kind. The built-in ones hold what is documented
//! of a format, and our assumptions where nothing is (`docs/inputs.md` says which is which).

mod catalogue;
mod notation;

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::Encoding;

use super::Refusal;
use super::cells::DecimalMark;
pub use super::words::comparable;
use crate::domain::file::InputKind;
pub use catalogue::{
    BANK_CSV, BANK_CSV_US, Meanings, ONEY_CRP_V2, ONEY_CRP_V3, ORDER_EVENTS, ORDERS, PAYONE_PMI_DE,
    PAYONE_PMI_EN, PAYONE_STATUS, SETTLEMENT, UNIFIED_SETTLEMENT, built_in, built_in_for,
    has_settlement_notation, meanings_of, tried_for,
};
pub(in crate::ingest) use catalogue::{PAYONE_STATUS_COLUMNS, UNIFIED_SETTLEMENT_FIELDS};
pub use notation::{AmountUnit, FeeSign, Notation, Signs, Values};

/// Among how many lines the header is looked for, where a profile says nothing else: some banks
/// write thirty lines about the account before it.
const HEADER_WITHIN: usize = 50;

/// A `[[profile]]` as the configuration gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileDefinition {
    /// Its name.
    pub name: String,
    /// The profile it changes; `None`: its own kind's default.
    pub extends: Option<String>,
    /// The delimiter; `None`: recognised from the header.
    pub delimiter: Option<char>,
    /// The decimal mark, `.` or `,`; `None`: each amount must show it.
    pub decimal_mark: Option<char>,
    /// A WHATWG encoding label; `None`: recognised from the content.
    pub encoding: Option<String>,
    /// Date formats in `strftime` notation.
    pub dates: Vec<String>,
    /// Canonical column to the names the header uses.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Canonical column to a value that all rows have.
    pub fixed: BTreeMap<String, String>,
    /// How the rest is written.
    pub notation: Notation,
}

/// A profile with all it inherits.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The built-in profile at its root; empty for none.
    pub root: String,
    /// The delimiter, where it is not to be recognised.
    pub delimiter: Option<u8>,
    /// The decimal mark.
    pub decimal_mark: DecimalMark,
    /// The encoding, where it is not to be recognised.
    pub encoding: Option<&'static Encoding>,
    /// Date formats in `strftime` notation.
    pub dates: Vec<String>,
    /// Canonical column to the names the header uses.
    pub columns: BTreeMap<String, Vec<String>>,
    /// The columns that a `[[profile]]` lists: names that a person gave, and no default.
    pub listed: BTreeSet<String>,
    /// Canonical column to a value that all rows have.
    pub fixed: BTreeMap<String, String>,
    /// How the rest is written.
    pub notation: Notation,
}

impl Profile {
    /// The profile of a name, with all it inherits.
    ///
    /// # Errors
    /// When it, or one it extends, does not exist, or when they go round in a circle.
    pub fn resolve(name: &str, definitions: &[ProfileDefinition]) -> Result<Self, Refusal> {
        Chain::of(definitions, Self::default()).resolve(name, definitions.len())
    }

    /// The same for an input of a kind: a profile that extends none changes the kind's own.
    ///
    /// # Errors
    /// Those of `resolve`.
    pub fn resolve_for(
        kind: InputKind,
        name: &str,
        definitions: &[ProfileDefinition],
    ) -> Result<Self, Refusal> {
        let usual = tried_for(kind).last().and_then(|name| built_in(name));
        Chain::of(definitions, usual.unwrap_or_default()).resolve(name, definitions.len())
    }

    /// Among how many lines the header is looked for, blank ones counted.
    pub fn header_within(&self) -> usize {
        self.notation.header_within.unwrap_or(HEADER_WITHIN)
    }

    /// The words of a column that are built in, by what they mean; later ones go first.
    pub(in crate::ingest) fn built_in_words(
        &self,
        column: &str,
    ) -> Vec<(&'static str, &'static [&'static str])> {
        meanings_of(&self.root)
            .into_iter()
            .filter(|meanings| meanings.column == column)
            .flat_map(|meanings| meanings.words)
            .copied()
            .collect()
    }

    fn changed_by(mut self, change: &ProfileDefinition) -> Result<Self, Refusal> {
        self.name.clone_from(&change.name);
        if let Some(delimiter) = change.delimiter {
            let byte = u8::try_from(delimiter).ok().filter(u8::is_ascii);
            self.delimiter = Some(byte.ok_or_else(|| {
                Refusal::new(format!(
                    "the delimiter «{delimiter}» is not one ASCII character"
                ))
            })?);
        }
        match change.decimal_mark {
            None => {}
            Some('.') => self.decimal_mark = DecimalMark::Dot,
            Some(',') => self.decimal_mark = DecimalMark::Comma,
            Some(other) => {
                return Err(Refusal::new(format!(
                    "the decimal mark «{other}» is neither . nor ,"
                )));
            }
        }
        if let Some(label) = &change.encoding {
            let encoding = Encoding::for_label(label.as_bytes());
            self.encoding = Some(encoding.ok_or_else(|| {
                Refusal::new(format!(
                    "the encoding «{label}» is not known; try windows-1252"
                ))
            })?);
        }
        if !change.dates.is_empty() {
            self.dates.clone_from(&change.dates);
        }
        self.columns.extend(change.columns.clone());
        self.listed.extend(change.columns.keys().cloned());
        self.fixed.extend(change.fixed.clone());
        self.notation = self.notation.changed_by(&change.notation);
        Ok(self)
    }
}

/// The definitions that may extend each other.
struct Chain<'d> {
    definitions: &'d [ProfileDefinition],
    /// What a definition changes that extends none.
    rootless: Profile,
}

impl<'d> Chain<'d> {
    fn of(definitions: &'d [ProfileDefinition], rootless: Profile) -> Self {
        Self {
            definitions,
            rootless,
        }
    }

    fn resolve(&self, name: &str, steps: usize) -> Result<Profile, Refusal> {
        let Some(definition) = self.definitions.iter().find(|it| it.name == name) else {
            return built_in(name)
                .ok_or_else(|| Refusal::new(format!("there is no profile «{name}»")));
        };
        let base = match &definition.extends {
            None => self.rootless.clone(),
            Some(_) if steps == 0 => {
                return Err(Refusal::new(format!("the profile «{name}» extends itself")));
            }
            Some(base) => self.resolve(base, steps.saturating_sub(1))?,
        };
        base.changed_by(definition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_changes_what_it_names_and_inherits_the_rest() {
        let mine = ProfileDefinition {
            name: "mine".into(),
            extends: Some(BANK_CSV.into()),
            delimiter: Some(';'),
            decimal_mark: Some(','),
            columns: [("amount".to_owned(), vec!["Betrag EUR".to_owned()])].into(),
            ..ProfileDefinition::default()
        };
        let profile = Profile::resolve("mine", &[mine]).unwrap();
        assert_eq!(profile.delimiter, Some(b';'));
        assert_eq!(profile.decimal_mark, DecimalMark::Comma);
        assert_eq!(profile.columns["amount"], ["Betrag EUR"]);
        assert!(profile.columns["booking_date"].contains(&"Buchungstag".to_owned()));
        assert_eq!(profile.root, BANK_CSV);
        assert!(profile.listed.iter().eq(["amount"]));
    }

    #[test]
    fn a_profile_that_extends_none_changes_that_of_the_input_s_kind() {
        let mine = ProfileDefinition {
            name: "mine".into(),
            ..ProfileDefinition::default()
        };
        let resolved = Profile::resolve_for(InputKind::BankStatement, "mine", &[mine]).unwrap();
        assert_eq!((&*resolved.name, &*resolved.root), ("mine", BANK_CSV));
    }

    #[test]
    fn unknown_and_circular_profiles_are_errors() {
        let circle = |name: &str, extends: &str| ProfileDefinition {
            name: name.into(),
            extends: Some(extends.into()),
            ..ProfileDefinition::default()
        };
        assert!(Profile::resolve("a", &[circle("a", "b"), circle("b", "a")]).is_err());
        assert!(Profile::resolve("a", &[circle("a", "b")]).is_err());
        assert!(Profile::resolve(ONEY_CRP_V3, &[]).is_ok());
    }
}
