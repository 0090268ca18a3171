//! A digest in the words of a language: each text as both forms of the mail show it.

use super::digest::{Digest, Part};
use super::items::Section;
use crate::domain::Amount;
use crate::domain::discrepancy::{Severity, State};
use crate::report::headline;
use crate::report::kinds::{Nets, Sums};
use crate::report::language::{Texts, Value};
use crate::report::start::Step;
use crate::report::words::{Words, one_line};

/// Discrepancies that each part shows: new and changed, persisting, resolved, good to know.
const ROWS: [usize; 4] = [super::digest::ROWS_MAX, 8, 5, 5];
/// Steps of what is to do first.
const STEPS_MAX: usize = 6;
/// Files that are named, and rows of the table of providers.
const FILES_MAX: usize = 8;
const PROVIDERS_MAX: usize = 12;
/// Characters of a name, and of a note or a file with its reason.
pub(super) const NAME_CHARS_MAX: usize = 60;
pub(super) const NOTE_CHARS_MAX: usize = 200;

/// How bad it is; each form has a colour or a word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Well,
    Is(Severity),
}

/// A mail in words.
#[derive(Debug)]
pub struct Sheet {
    pub(super) tag: &'static str,
    pub(super) subject: String,
    pub(super) scope: String,
    pub(super) mood: Mood,
    pub(super) headline: String,
    pub(super) besides: String,
    pub(super) first: Labelled,
    pub(super) providers: Providers,
    pub(super) files: Labelled,
    pub(super) sections: Vec<Section>,
    pub(super) foot: String,
}

/// A title and lines below it; nothing is shown where there is no line.
#[derive(Debug, Default)]
pub(super) struct Labelled {
    pub(super) title: String,
    pub(super) lines: Vec<String>,
}

/// The table of what is to do by provider, with its head.
#[derive(Debug, Default)]
pub(super) struct Providers {
    pub(super) title: String,
    pub(super) head: [String; 5],
    pub(super) rows: Vec<ProviderRow>,
}

#[derive(Debug)]
pub(super) struct ProviderRow {
    pub(super) name: String,
    pub(super) new: String,
    pub(super) open: String,
    pub(super) short: Vec<String>,
    pub(super) over: Vec<String>,
}

/// What stands below, and is not part of what the mail says: where the report is, and what is
/// attached. A night that is repeated into another folder says the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// The way to the report: the words of a link, and its address.
    pub link: Option<(String, String)>,
    /// Where the report is, and what is attached, a sentence each.
    pub lines: Vec<String>,
}

/// Where a report lies, as people see it: no path of the machine that made it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    /// The name of its folder.
    pub folder: &'p str,
    /// Where it is opened, with `{as_of}` for that name.
    pub url: Option<&'p str>,
}

impl Closing {
    /// Says where the report is, which files are attached, and which are too large for it.
    pub fn new(texts: Texts, place: Place<'_>, attached: &[&str], too_large: &[&str]) -> Self {
        let link = place.url.map(|url| {
            let url = url.replace("{as_of}", place.folder);
            (texts.text("mail-link").into_owned(), url)
        });
        let mut lines = Vec::new();
        if link.is_none() {
            let values = [("folder", Value::Text(place.folder))];
            lines.push(texts.with("mail-where", &values));
        }
        if !attached.is_empty() {
            let values = [("names", Value::Text(&attached.join(", ")))];
            lines.push(texts.with("mail-attached", &values));
        }
        if !too_large.is_empty() {
            let values = [("names", Value::Text(&too_large.join(", ")))];
            lines.push(texts.with("mail-too-large", &values));
        }
        Self { link, lines }
    }

    /// Says which row of the journal is the newest, and its SHA-256.
    pub fn journal(&mut self, texts: Texts, number: i64, sha256: &str) {
        let number = number.to_string();
        let values = [
            ("number", Value::Text(&number)),
            ("sha256", Value::Text(sha256)),
        ];
        self.lines.push(texts.with("mail-journal", &values));
    }
}

impl Sheet {
    /// Puts a digest into words. Each half of `halvings` shows half as many discrepancies, for a
    /// mail that would be too long.
    pub fn of(digest: &Digest, texts: &Texts, halvings: u32) -> Self {
        let words = Words::of(texts);
        let as_of = digest.subject.scope.as_of;
        let mine = !digest.subject.audience.is_empty();
        let [news, persisting, resolved, notices] =
            ROWS.map(|rows| rows.checked_shr(halvings).unwrap_or(0).max(1));
        let information = words.severity(Severity::Info);
        let section = |title: String, part: &Part, rows: usize| {
            Section::of(words, title, (part, rows), as_of)
        };
        let sections = [
            section(words.text("mail-news"), &digest.news, news),
            section(
                words.text("mail-persisting"),
                &digest.persisting,
                persisting,
            ),
            section(words.text("mail-resolved"), &digest.resolved, resolved),
            section(information, &digest.notices, notices),
        ];
        Self {
            tag: texts.tag(),
            subject: subject(words, digest),
            scope: scope(words, digest),
            mood: mood(digest),
            headline: digest.headline.text(words),
            besides: besides(words, digest),
            first: first(words, digest),
            providers: providers(words, digest),
            files: files(words, digest),
            sections: sections.into_iter().flatten().collect(),
            foot: if mine {
                let name = cut(&digest.subject.audience, NAME_CHARS_MAX);
                texts.with("mail-foot-mine", &[("name", Value::Text(&name))])
            } else {
                words.text("mail-foot")
            },
        }
    }

    /// The subject, without line ends.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

/// On one line, and no longer than so many characters.
pub(super) fn cut(text: &str, chars_max: usize) -> String {
    let line = one_line(text);
    let line = line.trim();
    match line.char_indices().nth(chars_max) {
        None => line.to_owned(),
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
    }
}

pub(super) fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn mood(digest: &Digest) -> Mood {
    digest.headline.severity().map_or(Mood::Well, Mood::Is)
}

/// `[recon] 2026-11-20: 3 new, 12 open, short 1 204.50 EUR`. Days stay as they are in every
/// language, so that mails sort and filter by them.
fn subject(words: Words<'_>, digest: &Digest) -> String {
    let about = &digest.subject;
    let day = match about.scope.range {
        None => about.scope.as_of.to_string(),
        Some((from, to)) => format!("{from}/{to} ({})", about.scope.as_of),
    };
    let names = about
        .providers
        .iter()
        .map(|name| words.texts.provider(name));
    let whose = Some(about.audience.as_str()).filter(|name| !name.is_empty());
    let names: Vec<String> = names
        .chain(whose)
        .map(|name| format!(", {}", cut(name, NAME_CHARS_MAX)))
        .collect();
    let figures = digest.headline.subject(words);
    one_line(&format!("[recon] {day}{}: {figures}", names.concat()))
}

fn scope(words: Words<'_>, digest: &Digest) -> String {
    let about = &digest.subject;
    let mut scope = headline::scope(words, about.scope);
    for provider in &about.providers {
        scope.push_str(", ");
        scope.push_str(&cut(words.texts.provider(provider), NAME_CHARS_MAX));
    }
    scope
}

/// What is counted and not to do, so that nothing is hidden.
fn besides(words: Words<'_>, digest: &Digest) -> String {
    let of = &digest.overview;
    let parts = [
        ("html-besides-information", of.for_information),
        ("html-besides-snoozed", of.snoozed),
        ("html-besides-accepted", of.accepted),
        ("html-besides-resolved", of.resolved),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| words.texts.with(key, &[("count", Value::Count(count))]))
        .collect();
    if parts.is_empty() {
        return String::new();
    }
    let parts = parts.join(", ");
    words
        .texts
        .with("html-besides", &[("parts", Value::Text(&parts))])
}

/// What somebody with one minute should do, and what it will clear.
fn first(words: Words<'_>, digest: &Digest) -> Labelled {
    let steps = digest.steps.iter().take(STEPS_MAX);
    let line = |step: &Step| {
        let [action, effect] = [&step.action, &step.effect].map(|it| cut(it, NOTE_CHARS_MAX));
        if effect.is_empty() {
            return action;
        }
        let values = [
            ("label", Value::Text(&action)),
            ("text", Value::Text(&effect)),
        ];
        words.texts.with("mail-labelled", &values)
    };
    Labelled {
        title: words.text("start-title"),
        lines: steps.map(line).collect(),
    }
}

fn providers(words: Words<'_>, digest: &Digest) -> Providers {
    let row = |(name, sums): (&String, &Sums)| {
        let money = |of: fn(&Nets) -> Amount| {
            let of_currency = sums.money.iter();
            words.sums(&of_currency.map(|(it, nets)| (*it, of(nets))).collect())
        };
        ProviderRow {
            name: match name.as_str() {
                "" => words.text("mail-elsewhere"),
                name => cut(words.texts.provider(name), NAME_CHARS_MAX),
            },
            new: words.texts.number(sums.new),
            open: words.texts.number(sums.open),
            short: money(|nets| nets.short),
            over: money(|nets| nets.over),
        }
    };
    let mut rows: Vec<(&String, &Sums)> = digest.by_provider.iter().collect();
    // What belongs to no provider comes last.
    rows.sort_by_key(|(name, _)| name.is_empty());
    Providers {
        title: words.text("mail-providers"),
        head: [
            words.column("provider"),
            words.state(State::New),
            words.text("mail-open"),
            words.text("mail-short"),
            words.text("mail-over"),
        ],
        rows: rows.into_iter().take(PROVIDERS_MAX).map(row).collect(),
    }
}

fn files(words: Words<'_>, digest: &Digest) -> Labelled {
    let named = digest.files.iter().take(FILES_MAX);
    let mut lines: Vec<String> = named.map(|file| cut(file, NOTE_CHARS_MAX)).collect();
    let more = digest.files.len().saturating_sub(FILES_MAX);
    if more > 0 {
        let values = [("count", Value::Count(count(more)))];
        lines.push(words.texts.with("html-files-more", &values));
    }
    Labelled {
        title: words.text("html-files"),
        lines,
    }
}

/// Sums as one line, for forms that have no room for more.
pub(super) fn one_sum(sums: &[String]) -> String {
    match sums {
        [] => "–".to_owned(),
        sums => sums.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_letters() {
        assert_eq!(cut("a\r\nb", 60), "a  b");
        assert_eq!(cut("Ωμέγα", 5), "Ωμέγα");
        assert_eq!(cut("Ωμέγα", 3), "Ωμέ…");
        assert_eq!(cut(&"x".repeat(500), 60).chars().count(), 61);
        assert_eq!(one_sum(&[]), "–");
    }
}
