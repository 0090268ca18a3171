//! `[[profile]]`: how the columns of a table are read, where the built-in way does not fit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate};
use encoding_rs::Encoding;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::unknown_keys::nearest;
use super::{iban, notation};
use crate::ingest::Refusal;
use crate::ingest::profile::{Profile, ProfileDefinition, built_in, built_in_for};

pub(super) const KEYS: [&str; 16] = [
    "name",
    "extends",
    "delimiter",
    "decimal_mark",
    "encoding",
    "dates",
    "columns",
    "fixed",
    "amount_unit",
    "signs",
    "fee_sign",
    "timezone",
    "skip_rows",
    "header_within",
    "file_name",
    "values",
];

/// The canonical columns of a built-in profile; of all of them for a profile that extends none.
fn columns_of(root: &str) -> BTreeSet<String> {
    let all = || built_in_for(None).into_iter().filter_map(built_in);
    let columns = |profile: Profile| profile.columns.into_keys();
    match built_in(root) {
        Some(profile) => columns(profile).collect(),
        None => all().flat_map(columns).collect(),
    }
}

/// All profiles, in the file's order.
pub(super) fn read(root: &Section<'_>) -> Result<Vec<ProfileDefinition>, ConfigError> {
    let sections = root.tables("profile", &KEYS)?;
    let mut profiles: Vec<ProfileDefinition> = Vec::new();
    for section in &sections {
        let profile = read_one(section)?;
        if profiles.iter().any(|other| other.name == profile.name) {
            return Err(section.error(
                &format!("`name` {:?}", profile.name),
                " is already the name of a profile; give each its own",
            ));
        }
        profiles.push(profile);
    }
    for (section, definition) in sections.iter().zip(&profiles) {
        let profile = Profile::resolve(&definition.name, &profiles)
            .map_err(|refusal| not_resolved(section, definition, &profiles, &refusal))?;
        check_columns(section, &columns_of(&profile.root))?;
        notation::check(section, &profile)?;
    }
    Ok(profiles)
}

/// Why a profile goes back to no built-in one.
fn not_resolved(
    section: &Section<'_>,
    definition: &ProfileDefinition,
    profiles: &[ProfileDefinition],
    refusal: &Refusal,
) -> ConfigError {
    let extended = definition.extends.as_deref().unwrap_or_default();
    let own = profiles.iter().map(|profile| profile.name.as_str());
    let Some(field) = section
        .get("extends")
        .filter(|_| !own.clone().any(|own| own == extended))
    else {
        return section.error(
            &format!("the profile {:?}", definition.name),
            &format!(" cannot be used: {}; extend a built-in one", refusal.reason),
        );
    };
    let others = own.filter(|name| *name != definition.name);
    let names = built_in_for(None);
    let near = nearest(extended, names.iter().copied().chain(others)).unwrap_or_default();
    let all = names.join(", ");
    field.wrong(format!(
        "one of {all}, or another [[profile]]; did you mean {near:?}?"
    ))
}

fn read_one(section: &Section<'_>) -> Result<ProfileDefinition, ConfigError> {
    let name = section
        .read("name", |field| {
            let name = field.name()?;
            if built_in(&name).is_some() {
                return Err(field.wrong(format!(
                    "a name that is not built in; choose another, with `extends = {name:?}`"
                )));
            }
            Ok(name)
        })?
        .ok_or_else(|| section.error("there is no `name`", "; inputs refer to a profile by it"))?;
    Ok(ProfileDefinition {
        name,
        extends: section.read("extends", Field::name)?,
        delimiter: section.read("delimiter", delimiter)?,
        decimal_mark: section.read("decimal_mark", |field| {
            field.word(&[(".", '.'), (",", ',')])
        })?,
        encoding: section.read("encoding", encoding)?,
        dates: section
            .read("dates", |field| field.list(date_format))?
            .unwrap_or_default(),
        columns: by_column(section, "columns", titles)?,
        fixed: by_column(section, "fixed", |field| {
            match canonical(field.key()).as_str() {
                "account" => iban::account(field, field.text()?),
                _ => Ok(field.text()?.to_owned()),
            }
        })?,
        notation: notation::read(section)?,
    })
}

fn delimiter(field: &Field<'_>) -> Result<char, ConfigError> {
    let mut chars = field.text()?.chars();
    let good = |c: &char| c.is_ascii() && !c.is_ascii_alphanumeric() && !"\"\r\n.".contains(*c);
    match (chars.next().filter(good), chars.next()) {
        (Some(delimiter), None) => Ok(delimiter),
        _ => Err(field.wrong("one character such as \";\", \",\", \"\\t\" or \"|\"")),
    }
}

fn encoding(field: &Field<'_>) -> Result<String, ConfigError> {
    let label = field.text()?;
    Encoding::for_label_no_replacement(label.as_bytes())
        .map(|encoding| encoding.name().to_owned())
        .ok_or_else(|| {
            field.wrong("an encoding such as \"utf-8\", \"windows-1252\" or \"iso-8859-15\"")
        })
}

/// A format is good when a day written with it can be read again.
fn date_format(field: &Field<'_>) -> Result<String, ConfigError> {
    let format = field.text()?;
    let day = NaiveDate::from_ymd_opt(2026, 11, 23);
    let time = day
        .and_then(|day| day.and_hms_opt(18, 3, 9))
        .map(|time| time.and_utc());
    let written = time.as_ref().map(DateTime::fixed_offset).and_then(|time| {
        let mut text = String::new();
        write!(text, "{}", time.format(format)).ok()?;
        Some(text)
    });
    let again = written.and_then(|text| NaiveDate::parse_from_str(&text, format).ok());
    if again.is_none() || again != day {
        return Err(field.wrong(
            "a date format with day, month and year, such as \"%d/%m/%Y\" or \"%Y-%m-%d\"",
        ));
    }
    Ok(format.to_owned())
}

/// The titles of a column, or the words for a meaning: a list, or a single one.
pub(super) fn titles(field: &Field<'_>) -> Result<Vec<String>, ConfigError> {
    if !field.is_list() {
        return Ok(vec![field.text()?.to_owned()]);
    }
    let titles = field.list(|item| Ok(item.text()?.to_owned()))?;
    if titles.is_empty() {
        return Err(field.error("is an empty list; give the titles or words that a file may use"));
    }
    Ok(titles)
}

fn by_column<'d, T>(
    section: &Section<'d>,
    key: &str,
    how: impl Fn(&Field<'d>) -> Result<T, ConfigError>,
) -> Result<BTreeMap<String, T>, ConfigError> {
    let mut columns = BTreeMap::new();
    let Some(table) = section.read(key, Field::free_table)? else {
        return Ok(columns);
    };
    for field in table.fields() {
        if columns
            .insert(canonical(field.key()), how(&field)?)
            .is_some()
        {
            return Err(field.error("is given twice; keep one"));
        }
    }
    Ok(columns)
}

/// A canonical column as it is compared: Oney writes `Transfer_Id` and `Transfer_ID`.
pub(super) fn canonical(key: &str) -> String {
    key.to_lowercase().replace(['-', ' '], "_")
}

/// Refuses columns that no reader asks for.
fn check_columns(section: &Section<'_>, known: &BTreeSet<String>) -> Result<(), ConfigError> {
    for key in ["columns", "fixed"] {
        let Some(table) = section.read(key, Field::free_table)? else {
            continue;
        };
        for field in table.fields() {
            let column = canonical(field.key());
            if !known.contains(&column) {
                let near = nearest(&column, known.iter().map(String::as_str)).unwrap_or_default();
                return Err(field.error(&format!(
                    "is no column that this version knows; did you mean `{near}`?"
                )));
            }
        }
    }
    Ok(())
}
