//! The keys of a `[[profile]]` that say how a table is written besides its columns.

use std::collections::BTreeMap;

use regex::Regex;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::profiles::{canonical, titles};
use super::unknown_keys::nearest;
use crate::ingest::profile::{
    AmountUnit, FeeSign, Meanings, Notation, Profile, SETTLEMENT, Signs, Values, comparable,
    has_settlement_notation, meanings_of,
};

/// The keys that only settlement layouts have.
const SETTLEMENT_KEYS: [&str; 5] = ["amount_unit", "signs", "fee_sign", "timezone", "file_name"];

/// Lines that a header may be looked for in: a file is not searched to its end.
const HEADER_WITHIN_MAX: usize = 10_000;

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
        header_within: section.read("header_within", |field| field.whole(1..=HEADER_WITHIN_MAX))?,
        file_name: section.read("file_name", file_name)?,
        values: section.read("values", values)?.unwrap_or_default(),
    })
}

/// Refuses keys that the reader of a profile does not use, and words for columns or with meanings
/// that it does not know.
pub(super) fn check(section: &Section<'_>, profile: &Profile) -> Result<(), ConfigError> {
    let root = &profile.root;
    let is_foreign = !root.is_empty() && !has_settlement_notation(root);
    let mut foreign = SETTLEMENT_KEYS.iter().filter(|_| is_foreign);
    if let Some(field) = foreign.find_map(|key| section.get(key)) {
        return Err(field.error(&format!(
            "is for settlement layouts, and this profile extends {root:?}; remove it, or extend \
             {SETTLEMENT:?}"
        )));
    }
    let Some(values) = section.read("values", Field::free_table)? else {
        return Ok(());
    };
    let known = meanings_of(root);
    for table in values.fields() {
        check_words(&table, &known)?;
    }
    Ok(())
}

/// Refuses words of a column that has none to map, and meanings that it cannot have.
fn check_words(table: &Field<'_>, known: &[Meanings]) -> Result<(), ConfigError> {
    let column = canonical(table.key());
    let own: Vec<&Meanings> = known.iter().filter(|it| it.column == column).collect();
    if own.is_empty() {
        let mut columns: Vec<&str> = known.iter().map(|it| it.column).collect();
        columns.dedup();
        let near = nearest(&column, columns.iter().copied()).unwrap_or_default();
        return Err(table.error(&format!(
            "has no words to map, only {} have; did you mean `{near}`?",
            columns.join(", ")
        )));
    }
    if own.iter().any(|meanings| meanings.is_open) {
        return Ok(());
    }
    let mut all: Vec<&str> = Vec::new();
    for (meaning, _) in own.iter().flat_map(|it| it.words) {
        if !all.contains(meaning) {
            all.push(meaning);
        }
    }
    for field in table.free_table()?.fields() {
        if !all.contains(&field.key()) {
            let near = nearest(field.key(), all.iter().copied()).unwrap_or_default();
            return Err(field.error(&format!(
                "is none of {}; did you mean `{near}`?",
                all.join(", ")
            )));
        }
    }
    Ok(())
}

/// A pattern of rows that are none.
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

/// `[profile.values.kind]` and its like: the sender's words for each meaning.
fn values(field: &Field<'_>) -> Result<Values, ConfigError> {
    let mut values = Values::new();
    for table in field.free_table()?.fields() {
        values.insert(canonical(table.key()), words(&table)?);
    }
    Ok(values)
}

/// The words for each meaning; no word may have two, however it is written.
fn words(table: &Field<'_>) -> Result<BTreeMap<String, Vec<String>>, ConfigError> {
    let mut words: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for field in table.free_table()?.fields() {
        let list = titles(&field)?;
        let twice = list.iter().find(|word| {
            let same = |other: &String| comparable(other) == comparable(word);
            words.values().flatten().any(same)
        });
        if let Some(word) = twice {
            return Err(field.error(&format!(
                "holds {word:?}, which means something else already"
            )));
        }
        words.insert(field.key().to_owned(), list);
    }
    Ok(words)
}
