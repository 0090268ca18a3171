//! The TOML document with its lines: sections, and the fields in them.
//!
//! A [`Section`] is opened with the keys it may have, so that a misspelt one is found before
//! anything is read. A [`Field`] turns its value into what a setting needs or says in one sentence
//! which key, in which table, has which value, and which values are allowed. Numbers with a
//! decimal mark stay the digits that were typed; they never pass through floating point.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::unknown_keys::nearest;

/// Characters of a wrong value that an error repeats.
const SHOWN_VALUE_CHARS_MAX: usize = 60;

/// Digits after the decimal mark that a rate or an amount may have.
const DECIMALS_MAX: u32 = 10;

/// What all sections of one file share.
pub(super) struct Document<'d> {
    /// The file as it was named, for errors.
    pub(super) file: String,
    /// The file's folder, absolute: relative paths begin here.
    pub(super) base: &'d Path,
    /// The whole text.
    pub(super) text: &'d str,
}

impl Document<'_> {
    /// An error at a byte of the text, or about the file as a whole.
    pub(super) fn error(&self, offset: Option<usize>, sentence: impl Into<String>) -> ConfigError {
        ConfigError::Setting {
            file: self.file.clone(),
            line: offset.map(|offset| self.line(offset)),
            sentence: sentence.into(),
        }
    }

    /// A path relative to the file, made absolute, without `.` parts.
    pub(super) fn resolve(&self, path: &str) -> PathBuf {
        self.base.join(path).components().collect()
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.bytes().take(offset);
        before
            .filter(|byte| *byte == b'\n')
            .count()
            .saturating_add(1)
    }
}

/// One table of the document.
#[derive(Clone)]
pub(super) struct Section<'d> {
    document: &'d Document<'d>,
    /// Where it is: `in [provider.oney]`, `in [[input]]`, `at the top level`.
    place: String,
    /// Its dotted path; empty at the top level.
    path: String,
    offset: Option<usize>,
    table: &'d DeTable<'d>,
}

impl<'d> Section<'d> {
    /// The top level.
    pub(super) fn root(
        document: &'d Document<'d>,
        table: &'d DeTable<'d>,
        keys: &[&str],
    ) -> Result<Self, ConfigError> {
        let root = Self {
            document,
            place: "at the top level".to_owned(),
            path: String::new(),
            offset: None,
            table,
        };
        root.only(keys)?;
        Ok(root)
    }

    /// Refuses keys that are not among `keys`.
    fn only(&self, keys: &[&str]) -> Result<(), ConfigError> {
        let known = |key: &str| keys.contains(&key);
        let Some(key) = self.table.keys().find(|key| !known(key.get_ref())) else {
            return Ok(());
        };
        Err(self.unknown(key, keys))
    }

    fn unknown(&self, key: &Spanned<toml::de::DeString<'_>>, keys: &[&str]) -> ConfigError {
        let written = key.get_ref();
        let hint = nearest(written, keys.iter().copied())
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let sentence = format!("unknown key `{}` {}{hint}", shortened(written), self.place);
        self.document.error(Some(key.span().start), sentence)
    }

    /// The document.
    pub(super) fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// An error about the section as a whole: `place` follows after the sentence's beginning.
    pub(super) fn error(&self, beginning: &str, end: &str) -> ConfigError {
        let sentence = format!("{beginning} {}{end}", self.place);
        self.document.error(self.offset, sentence)
    }

    /// A field, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Field<'d>> {
        let (key, value) = self.table.get_key_value(key)?;
        Some(self.field(key.get_ref(), value))
    }

    /// What a field means, if it is there.
    pub(super) fn read<T>(
        &self,
        key: &str,
        how: impl FnOnce(&Field<'d>) -> Result<T, ConfigError>,
    ) -> Result<Option<T>, ConfigError> {
        self.get(key).map(|field| how(&field)).transpose()
    }

    /// All fields of a table whose keys are free, by key.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field<'d>> {
        self.table
            .iter()
            .map(|(key, value)| self.field(key.get_ref(), value))
    }

    /// The table under a key, with its known keys.
    pub(super) fn table(
        &self,
        key: &str,
        keys: &[&str],
    ) -> Result<Option<Section<'d>>, ConfigError> {
        self.read(key, |field| field.table(keys))
    }

    /// The tables under a key that is written `[[key]]`, each with its known keys.
    pub(super) fn tables(&self, key: &str, keys: &[&str]) -> Result<Vec<Section<'d>>, ConfigError> {
        let Some(field) = self.get(key) else {
            return Ok(Vec::new());
        };
        let DeValue::Array(array) = field.value.get_ref() else {
            let wanted = format!("tables that begin with [[{key}]], in double brackets");
            return Err(field.wrong(wanted));
        };
        let section = |item| field.item(item).table_in(&format!("in [[{key}]]"), keys);
        array.iter().map(section).collect()
    }

    fn field(&self, key: &'d str, value: &'d Spanned<DeValue<'d>>) -> Field<'d> {
        Field {
            document: self.document,
            place: self.place.clone(),
            path: self.path.clone(),
            key,
            value,
            item: false,
            hidden: false,
        }
    }
}

/// One key with its value, or one item of its list.
pub(super) struct Field<'d> {
    document: &'d Document<'d>,
    place: String,
    path: String,
    key: &'d str,
    value: &'d Spanned<DeValue<'d>>,
    item: bool,
    hidden: bool,
}

impl<'d> Field<'d> {
    /// The key.
    pub(super) fn key(&self) -> &'d str {
        self.key
    }

    /// The document.
    pub(super) fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The same field as one whose value no error may show.
    pub(super) fn hidden(self) -> Self {
        Self {
            hidden: true,
            ..self
        }
    }

    /// An error that names key, table, value and what is allowed.
    pub(super) fn wrong(&self, allowed: impl Display) -> ConfigError {
        let verb = if self.item { "holds" } else { "is" };
        let value = if self.hidden {
            "a value that cannot be used".to_owned()
        } else {
            shown(self.value.get_ref())
        };
        self.error(&format!("{verb} {value}; expected {allowed}"))
    }

    /// An error about the field: `end` follows after key and table.
    pub(super) fn error(&self, end: &str) -> ConfigError {
        let sentence = format!("`{}` {} {end}", self.key, self.place);
        self.document.error(Some(self.value.span().start), sentence)
    }

    /// A text that is not empty.
    pub(super) fn text(&self) -> Result<&'d str, ConfigError> {
        let text = self.value.get_ref().as_str();
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| self.wrong("a text in quotes that is not empty"))
    }

    /// A text of one line, which may be empty.
    pub(super) fn any_text(&self) -> Result<String, ConfigError> {
        let text = self.value.get_ref().as_str();
        text.filter(|text| !text.chars().any(char::is_control))
            .map(str::to_owned)
            .ok_or_else(|| self.wrong("a text in quotes, which may be empty"))
    }

    /// A name: a short text of one line without blanks around it.
    pub(super) fn name(&self) -> Result<String, ConfigError> {
        let text = self.text()?;
        let good = text.chars().count() <= SHOWN_VALUE_CHARS_MAX
            && text.trim() == text
            && !text.chars().any(char::is_control);
        let allowed = format!(
            "a name of at most {SHOWN_VALUE_CHARS_MAX} characters without blanks around it"
        );
        good.then(|| text.to_owned())
            .ok_or_else(|| self.wrong(allowed))
    }

    /// A text, or a whole number as it is written.
    pub(super) fn text_or_number(&self) -> Result<String, ConfigError> {
        match self.value.get_ref().as_integer() {
            Some(number) => Ok(number.to_string()),
            None => self.name(),
        }
    }

    /// One of the words that mean something.
    pub(super) fn word<T: Clone>(&self, words: &[(&str, T)]) -> Result<T, ConfigError> {
        let written = self.value.get_ref().as_str();
        let found = words.iter().find(|(word, _)| Some(*word) == written);
        found.map(|(_, meaning)| meaning.clone()).ok_or_else(|| {
            let all = words.iter().map(|(word, _)| *word);
            self.wrong(format!("one of {}", all.collect::<Vec<_>>().join(", ")))
        })
    }

    /// Yes or no.
    pub(super) fn flag(&self) -> Result<bool, ConfigError> {
        self.value
            .get_ref()
            .as_bool()
            .ok_or_else(|| self.wrong("true or false"))
    }

    /// A whole number within a range.
    pub(super) fn whole<T>(&self, range: RangeInclusive<T>) -> Result<T, ConfigError>
    where
        T: TryFrom<i128> + PartialOrd + Display,
    {
        let number = self.value.get_ref().as_integer();
        number
            .and_then(|number| i128::from_str_radix(number.as_str(), number.radix()).ok())
            .and_then(|number| T::try_from(number).ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                let (least, most) = (range.start(), range.end());
                self.wrong(format!(
                    "a whole number from {least} to {most}, without quotes"
                ))
            })
    }

    /// An exact decimal from 0 to `most`, in quotes or as a number.
    pub(super) fn decimal(&self, most: Decimal) -> Result<Decimal, ConfigError> {
        let value = match self.value.get_ref() {
            DeValue::String(text) => Decimal::from_str_exact(text).ok(),
            DeValue::Float(number) => Decimal::from_str_exact(number.as_str()).ok(),
            DeValue::Integer(number) => Decimal::from_str_exact(&number.to_string()).ok(),
            DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                None
            }
        };
        let good = |value: &Decimal| {
            !value.is_sign_negative() && *value <= most && value.scale() <= DECIMALS_MAX
        };
        value.filter(good).ok_or_else(|| {
            self.wrong(format!(
                "a decimal from 0 to {most} with a dot and at most {DECIMALS_MAX} decimals, \
                 such as \"1.45\""
            ))
        })
    }

    /// A day, in quotes or as a TOML date.
    pub(super) fn day(&self) -> Result<NaiveDate, ConfigError> {
        let text = match self.value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Datetime(day) => Some(day.to_string()),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => None,
        };
        text.filter(|text| text.len() == "2026-07-14".len())
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| self.wrong("a day that exists, such as \"2026-07-14\""))
    }

    /// A path relative to the file, made absolute.
    pub(super) fn path(&self) -> Result<PathBuf, ConfigError> {
        Ok(self.document.resolve(self.text()?))
    }

    /// The items of a list.
    pub(super) fn items(&self) -> Result<Vec<Field<'d>>, ConfigError> {
        match self.value.get_ref() {
            DeValue::Array(array) => Ok(array.iter().map(|item| self.item(item)).collect()),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Table(_) => Err(self.wrong("a list in square brackets")),
        }
    }

    /// What each item of a list means.
    pub(super) fn list<T>(
        &self,
        how: impl Fn(&Field<'d>) -> Result<T, ConfigError>,
    ) -> Result<Vec<T>, ConfigError> {
        self.items()?.iter().map(how).collect()
    }

    /// True for a list.
    pub(super) fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    /// The table that this field is, with its known keys.
    pub(super) fn table(&self, keys: &[&str]) -> Result<Section<'d>, ConfigError> {
        let section = self.free_table()?;
        section.only(keys)?;
        Ok(section)
    }

    /// The table that this field is, whatever its keys.
    pub(super) fn free_table(&self) -> Result<Section<'d>, ConfigError> {
        let path = self.dotted();
        self.section(format!("in [{path}]"), path)
    }

    fn table_in(&self, place: &str, keys: &[&str]) -> Result<Section<'d>, ConfigError> {
        let section = self.section(place.to_owned(), self.dotted())?;
        section.only(keys)?;
        Ok(section)
    }

    fn section(&self, place: String, path: String) -> Result<Section<'d>, ConfigError> {
        let DeValue::Table(table) = self.value.get_ref() else {
            return Err(self.wrong(format!("a table, [{path}]")));
        };
        let offset = Some(self.value.span().start);
        Ok(Section {
            document: self.document,
            place,
            path,
            offset,
            table,
        })
    }

    fn dotted(&self) -> String {
        if self.path.is_empty() {
            self.key.to_owned()
        } else {
            format!("{}.{}", self.path, self.key)
        }
    }

    fn item(&self, value: &'d Spanned<DeValue<'d>>) -> Field<'d> {
        Field {
            document: self.document,
            place: self.place.clone(),
            path: self.path.clone(),
            key: self.key,
            value,
            item: true,
            hidden: self.hidden,
        }
    }
}

/// A value as an error repeats it.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("{:?}", shortened(text)),
        DeValue::Integer(number) => shortened(&number.to_string()),
        DeValue::Float(number) => shortened(number.as_str()),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(day) => day.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_VALUE_CHARS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
