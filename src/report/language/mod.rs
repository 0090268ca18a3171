//! What the report says, in the language of its reader.
//!
//! The texts are [Fluent](https://projectfluent.org) files, a folder a language, built into the
//! program: `words.ftl` has titles and single words, `explain.ftl` the explanations, `first.ftl`
//! the headline and what to do first, `html.ftl` the page's, `mail.ftl` those of the digest mail, `xlsx.ftl` the workbook's. English is the
//! language that the others are measured by: `tests` fails when one
//! lacks a text, has one that nobody asks for, or uses a variable that the code does not give.
//! How to add a language is told in `docs/languages.md`.
//!
//! Fluent calculates with floating point numbers, so no money passes through it: amounts and
//! days come to it as texts, written by [`notation`]. Counts are numbers there, because plurals
//! go by them; they are written by [`notation`] as well. Its marks around each value (bidi
//! isolation) are switched off: they would stand in CSV files and in mail, and a page has `<bdi>`.

mod notation;
mod skeleton;
#[cfg(test)]
mod tests;
mod uses;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use chrono::NaiveDate;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use crate::domain::language::{Language, Wording};
use crate::domain::{Amount, Currency};
use notation::Notation;
use skeleton::Skeletons;
use uses::{Messages, Variable};
pub use words::Kind;

type Bundle = FluentBundle<FluentResource>;

/// The texts of a language as they were read.
struct Read {
    bundle: Bundle,
    /// What each text and its parts name, sorted.
    variables: BTreeMap<String, Vec<Variable>>,
    skeletons: Skeletons,
}

/// The texts of a language.
#[derive(Clone, Copy)]
pub struct Texts {
    wording: Wording,
    notation: &'static Notation,
    read: &'static Read,
}

/// What a text may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// A name, a reference or words, as they are.
    Text(&'a str),
    /// How many; plurals go by it.
    Count(u64),
    /// An amount.
    Money(Amount, Currency),
    /// A day.
    Day(NaiveDate),
}

/// What an explanation may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<'a> {
    /// A name, a reference, words or an amount, as they are.
    Text(Cow<'a, str>),
    /// How many; plurals go by it.
    Count(u64),
    /// A day.
    Day(NaiveDate),
    /// Nothing is known; to a text it is the number 0, so its variant is `[0]`.
    Unknown,
}

static ENGLISH: LazyLock<Read> = LazyLock::new(|| read(Language::English));
static FRENCH: LazyLock<Read> = LazyLock::new(|| read(Language::French));
static GERMAN: LazyLock<Read> = LazyLock::new(|| read(Language::German));

impl Texts {
    /// The texts of a language. They are read once; this may be called as often as one likes.
    pub fn of(wording: impl Into<Wording>) -> Self {
        let wording = wording.into();
        let (read, notation) = match wording.language {
            Language::English => (&ENGLISH, &notation::ENGLISH),
            Language::French => (&FRENCH, &notation::FRENCH),
            Language::German => (&GERMAN, &notation::GERMAN),
        };
        Self {
            wording,
            notation,
            read,
        }
    }

    /// Their language.
    pub fn language(&self) -> Language {
        self.wording.language
    }

    /// What people call a provider.
    pub fn provider<'p>(&self, provider: &'p str) -> &'p str {
        self.wording.provider(provider)
    }

    /// The company whose books these are; empty where it is not named.
    pub fn company(&self) -> &'static str {
        self.wording.company()
    }

    /// Its tag, for `<html lang>` and `Content-Language`.
    pub fn tag(&self) -> &'static str {
        self.language().tag()
    }

    /// A text that names nothing.
    ///
    /// A key that does not exist gives itself back, and stops a test.
    pub fn text(&self, key: &str) -> Cow<'static, str> {
        self.resolve(key, None)
    }

    /// A text with the values that it names: `with("rows", &[("count", Value::Count(3))])`.
    ///
    /// A key that does not exist gives itself back, and a value that is not given its name;
    /// both stop a test.
    pub fn with(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        let arguments: FluentArgs<'_> = values
            .iter()
            .map(|(name, value)| (*name, self.argument(*value)))
            .collect();
        self.resolve(key, Some(&arguments)).into_owned()
    }

    /// A text that asks for what it names, and for nothing else: `fact` gives the value of a name.
    pub fn tell<'a>(&self, key: &str, fact: impl Fn(&str) -> Fact<'a>) -> String {
        let names = self.read.variables.get(key);
        let names = names.map(Vec::as_slice).unwrap_or_default();
        let facts: Vec<Fact<'a>> = names.iter().map(|name| fact(&name.text)).collect();
        let chooses = |number: usize| names.get(number).is_some_and(|name| name.chooses_by_word);
        let shape = skeleton::shape(key, &facts, chooses);
        let resolve = || {
            let arguments: FluentArgs<'_> = names
                .iter()
                .zip(&facts)
                .enumerate()
                .map(|(number, (name, fact))| {
                    let value: FluentValue<'_> = match fact {
                        Fact::Text(word) if name.chooses_by_word => word.as_ref().into(),
                        Fact::Text(_) | Fact::Day(_) => skeleton::gap(number).into(),
                        Fact::Count(count) => (*count).into(),
                        Fact::Unknown => 0.into(),
                    };
                    (name.text.as_str(), value)
                })
                .collect();
            self.resolve(key, Some(&arguments)).into_owned()
        };
        let skeleton = self.read.skeletons.get(shape, resolve);
        skeleton.fill(&facts, self)
    }

    /// An amount in the notation of the language, thousands set apart: `1 204.50 EUR`,
    /// `1 204,50 EUR` in French, `1.204,50 EUR` in German.
    pub fn money(&self, amount: Amount, currency: Currency) -> String {
        let number = amount.display(currency).to_string();
        format!("{} {currency}", self.notation.number(&number))
    }

    /// An amount as [`Texts::money`] writes it, without its currency.
    pub fn amount(&self, amount: Amount, currency: Currency) -> String {
        self.notation.number(&amount.display(currency).to_string())
    }

    /// A whole number, thousands set apart.
    pub fn number(&self, number: u64) -> String {
        self.notation.number(&number.to_string())
    }

    /// A day: `2026-11-20`, `20/11/2026` in French, `20.11.2026` in German.
    pub fn day(&self, day: NaiveDate) -> String {
        self.notation.day(day)
    }

    fn argument<'a>(&self, value: Value<'a>) -> FluentValue<'a> {
        match value {
            Value::Text(text) => text.into(),
            Value::Count(count) => count.into(),
            Value::Money(amount, currency) => self.money(amount, currency).into(),
            Value::Day(day) => self.day(day).into(),
        }
    }

    fn resolve(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let message = self.read.bundle.get_message(key);
        let Some(pattern) = message.and_then(|message| message.value()) else {
            debug_assert!(false, "there is no text {key:?} in {:?}", self.language());
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        let bundle = &self.read.bundle;
        let text = bundle.format_pattern(pattern, arguments, &mut errors);
        debug_assert!(errors.is_empty(), "the text {key:?} fails: {errors:?}");
        text
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Texts").field(&self.language()).finish()
    }
}

/// The files of a language, with their names.
fn files(language: Language) -> [(&'static str, &'static str); 6] {
    macro_rules! files {
        ($folder:literal) => {
            [
                ("words", include_str!(concat!($folder, "/words.ftl"))),
                ("explain", include_str!(concat!($folder, "/explain.ftl"))),
                ("first", include_str!(concat!($folder, "/first.ftl"))),
                ("html", include_str!(concat!($folder, "/html.ftl"))),
                ("mail", include_str!(concat!($folder, "/mail.ftl"))),
                ("xlsx", include_str!(concat!($folder, "/xlsx.ftl"))),
            ]
        };
    }
    match language {
        Language::English => files!("en"),
        Language::French => files!("fr"),
        Language::German => files!("de"),
    }
}

/// Reads the files of a language. What is wrong in one of them is left out here and fails in
/// the tests, which read them with the same parser.
fn read(language: Language) -> Read {
    let identifier: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| count(value, &notation::ENGLISH),
        Language::French => |value, _| count(value, &notation::FRENCH),
        Language::German => |value, _| count(value, &notation::GERMAN),
    }));
    let mut messages = Messages::new();
    for (_, source) in files(language) {
        let resource = FluentResource::try_new(source.to_owned());
        let resource = resource.unwrap_or_else(|(readable, _)| readable);
        let entries = resource.entries().filter_map(uses::of_entry);
        messages.extend(entries.map(|(key, uses)| (key.to_owned(), uses)));
        bundle.add_resource_overriding(resource);
    }
    Read {
        bundle,
        variables: uses::variables(&messages),
        skeletons: Skeletons::default(),
    }
}

/// Writes a count into a text.
fn count(value: &FluentValue<'_>, notation: &Notation) -> Option<String> {
    match value {
        FluentValue::Number(count) => Some(notation.number(&count.as_string())),
        FluentValue::String(_)
        | FluentValue::Custom(_)
        | FluentValue::None
        | FluentValue::Error => None,
    }
}
