//! The keys of a `[[profile]]` that say how a settlement layout is written.

use std::collections::BTreeMap;

use regex::Regex;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::profiles::{canonical, titles};
use super::unknown_keys::nearest;
use crate::ingest::profile::{
    AmountUnit, BANK_CSV, BANK_CSV_US, FeeSign, MEANINGS, Notation, Profile, SETTLEMENT, Signs,
};

const KEYS: [&str; 7] = [
    "amount_unit",
    "signs",
    "fee_sign",
    "timezone",
    "skip_rows",
    "file_name",
    "values",
];

/// The notation of a profile.
pub(super) fn read(section: &Section<'_>) -> Result<Notation, ConfigError> {
    Ok(Notation {
        amount_unit: section.read("amount_unit", |field| {
            field.word(&[("major", AmountUnit::Major), ("minor", AmountUnit::Minor)])
        })?,
        signs: section.read("signs", |field| {
            field.word(&[
                ("by-kind", Signs::ByKind),
                ("written", Signs::Written),
                ("reversed", Signs::Reversed),
            ])
        })?,
        fee_sign: section.read("fee_sign", |field| {
            field.word(&[
                ("cost", FeeSign::Cost),
                ("effect", FeeSign::Effect),
                ("absolute", FeeSign::Absolute),
                ("like-gross", FeeSign::LikeGross),
            ])
        })?,
        timezone: section.read("timezone", super::timezone)?,
        skip_rows: section
            .read("skip_rows", |field| field.list(pattern))?
            .unwrap_or_default(),
        file_name: section.read("file_name", file_name)?,
        values: section.read("values", values)?.unwrap_or_default(),
    })
}

/// Refuses the keys in a profile whose layout does not use them. Of exports of banks, the words
/// for debit and credit may be told.
pub(super) fn refuse(section: &Section<'_>, root: &str) -> Result<(), ConfigError> {
    let is_bank = [BANK_CSV, BANK_CSV_US].contains(&root);
    let words = section.get("values").filter(|_| is_bank);
    if let Some(values) = &words {
        let tables = values.free_table()?;
        if let Some(other) = tables
            .fields()
            .find(|it| canonical(it.key()) != "direction")
        {
            return Err(other.error(
                "has no words to map in the export of a bank, only `direction` has; remove it",
            ));
        }
    }
    let keys = KEYS.iter().filter(|key| **key != "values" || !is_bank);
    match keys.copied().find_map(|key| section.get(key)) {
        None => Ok(()),
        Some(field) => Err(field.error(&format!(
            "is for settlement layouts, and this profile extends {root:?}; \
             remove it, or extend {SETTLEMENT:?}"
        ))),
    }
}

fn pattern(field: &Field<'_>) -> Result<String, ConfigError> {
    let text = field.text()?;
    let matches_nothing = Regex::new(text).map(|regex| regex.is_match(""));
    match matches_nothing {
        Ok(false) => Ok(text.to_owned()),
        Ok(true) => Err(field.wrong("a pattern that does not fit every row, such as '^Total'")),
        Err(_) => Err(field.wrong("a regular expression such as '^Total'")),
    }
}

/// A pattern whose named groups are columns of a settlement layout.
fn file_name(field: &Field<'_>) -> Result<String, ConfigError> {
    let example = "a regular expression with named groups, such as '(?<report_date>[0-9]{8})'";
    let text = field.text()?;
    let Ok(regex) = Regex::new(text) else {
        return Err(field.wrong(example));
    };
    let columns = Profile::resolve(SETTLEMENT, &[])
        .unwrap_or_default()
        .columns;
    let mut groups = regex.capture_names().flatten().peekable();
    if groups.peek().is_none() {
        return Err(field.wrong(example));
    }
    match groups.find(|group| !columns.contains_key(*group)) {
        None => Ok(text.to_owned()),
        Some(group) => {
            let near = nearest(group, columns.keys().map(String::as_str)).unwrap_or_default();
            Err(field.error(&format!(
                "has a group {group:?}, which is no column; did you mean {near:?}?"
            )))
        }
    }
}

type Values = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// `[profile.values.kind]` and its like: the provider's words for each meaning.
fn values(field: &Field<'_>) -> Result<Values, ConfigError> {
    let mut values = Values::new();
    for table in field.free_table()?.fields() {
        let column = canonical(table.key());
        let Some((_, meanings)) = MEANINGS.iter().find(|(known, _)| *known == column) else {
            let known = MEANINGS.map(|(known, _)| known);
            let near = nearest(&column, known).unwrap_or_default();
            return Err(table.error(&format!(
                "has no words to map, only {} have; did you mean `{near}`?",
                known.join(", ")
            )));
        };
        values.insert(column, words(&table, meanings)?);
    }
    Ok(values)
}

/// The words for each meaning; no word may have two.
fn words(
    table: &Field<'_>,
    meanings: &[&str],
) -> Result<BTreeMap<String, Vec<String>>, ConfigError> {
    let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for field in table.free_table()?.fields() {
        let meaning = field.key();
        if !meanings.is_empty() && !meanings.contains(&meaning) {
            let near = nearest(meaning, meanings.iter().copied()).unwrap_or_default();
            return Err(field.error(&format!(
                "is none of {}; did you mean `{near}`?",
                meanings.join(", ")
            )));
        }
        let list = titles(&field)?;
        let twice = list.iter().find(|word| {
            let same = |other: &String| other.to_lowercase() == word.to_lowercase();
            words.values().flatten().any(same)
        });
        if let Some(word) = twice {
            return Err(field.error(&format!(
                "holds {word:?}, which means something else already"
            )));
        }
        words.insert(meaning.to_owned(), list);
    }
    Ok(words)
}
