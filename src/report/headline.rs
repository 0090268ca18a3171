//! The first line of page, workbook, mail and terminal, and the subject of the mail.
//!
//! It says in this order what cannot be known (books that do not reach the day, and the money that
//! waits for them), what is short, what is over, what is new. All is well only where every book is
//! complete and nothing is open: what nobody has read is not well.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::language::{Texts, Value};
use super::overview::{Overview, troubled_files};
use super::roots::{Exposure, Roots};
use super::words::{Words, one_line};
use crate::domain::calendar::BusinessCalendar;
use crate::domain::coverage::{Feed, FeedKind, FeedState};
use crate::domain::discrepancy::Severity;
use crate::domain::outcome::{ReportData, ReportScope};
use crate::domain::{Amount, Currency};

/// Books that the line names.
const BOOKS_MAX: usize = 3;
/// Letters of a bank account that are shown in full.
const ACCOUNT_CHARS_MAX: usize = 12;
/// Currencies that the subject names; a mail's subject is one line.
const SUBJECT_CURRENCIES_MAX: usize = 8;

/// What the first line says, before it is put into words.
#[derive(Clone, Debug, Default)]
pub struct Headline {
    /// Books that do not reach the day of the report.
    gaps: Vec<Feed>,
    /// True where not even the name of a book is known.
    is_without_books: bool,
    /// Files that are missing or refused.
    files: u64,
    /// Short and over, by currency.
    short: BTreeMap<Currency, Amount>,
    over: BTreeMap<Currency, Amount>,
    new: u64,
    open: u64,
    /// The most urgent that is to do.
    worst: Option<Severity>,
    is_range: bool,
}

/// Whose report it is, of which days.
pub fn scope(words: Words<'_>, scope: ReportScope) -> String {
    let as_of = ("as_of", Value::Day(scope.as_of));
    let days = match scope.range {
        None => words.texts.with("html-scope", &[as_of]),
        Some((from, to)) => {
            let values = [as_of, ("from", Value::Day(from)), ("to", Value::Day(to))];
            words.texts.with("html-scope-range", &values)
        }
    };
    match words.texts.company() {
        "" => days,
        company => format!("{company} · {days}"),
    }
}

/// True where a book ends before the last day that a report is about.
pub fn is_gap(feed: &Feed, scope: ReportScope) -> bool {
    let reaches = |day: NaiveDate| feed.covered_until.is_some_and(|until| until >= day);
    let is_range_known = scope.range.is_some_and(|(_, to)| reaches(to));
    feed.state != FeedState::Complete && !is_range_known
}

/// True for a gap that somebody should close: nothing comes any more, or something waits.
pub fn is_pressing(feed: &Feed) -> bool {
    matches!(feed.state, FeedState::Silent | FeedState::Never) || !feed.waiting.is_empty()
}

impl Headline {
    /// That of a whole report.
    pub fn of_report(data: &ReportData, texts: Texts) -> Self {
        let files = troubled_files(data, texts).len();
        Self::of(data, &Overview::of(data), &Roots::of(data, |_| true), files)
    }

    /// Gathers it from what is already added up; `files` are missing or refused.
    pub fn of(data: &ReportData, overview: &Overview, roots: &Roots, files: usize) -> Self {
        let gaps = data.coverage.iter();
        let exposure = roots.exposure();
        let sums = |of: fn(&Exposure) -> Amount| {
            let exposure = exposure.iter();
            exposure
                .map(|(currency, sums)| (*currency, of(sums)))
                .collect()
        };
        Self {
            gaps: gaps
                .filter(|feed| is_gap(feed, data.scope))
                .cloned()
                .collect(),
            is_without_books: data.coverage.is_empty(),
            files: u64::try_from(files).unwrap_or(u64::MAX),
            short: sums(|sums| sums.short),
            over: sums(|sums| sums.over),
            new: overview.total.new,
            open: overview.total.open,
            worst: overview
                .by_code
                .keys()
                .next()
                .map(|(severity, _)| *severity),
            is_range: data.scope.range.is_some(),
        }
    }

    /// How bad it is; `None` only where all is well.
    pub fn severity(&self) -> Option<Severity> {
        let is_pressing = self.is_without_books || self.gaps.iter().any(is_pressing);
        let unknown = match (is_pressing, self.files, self.gaps.is_empty()) {
            (true, ..) | (_, 1.., _) => Some(Severity::Warning),
            (false, 0, false) => Some(Severity::Info),
            (false, 0, true) => None,
        };
        // The most urgent sorts first.
        self.worst.into_iter().chain(unknown).min()
    }

    /// The line, in sentences.
    pub fn text(&self, words: Words<'_>) -> String {
        let texts = words.texts;
        if self.severity().is_none() {
            return words.text("headline-well");
        }
        let amount = |key: &str, sums| match words.sums(sums).join(", ") {
            none if none.is_empty() => None,
            amount => Some(texts.with(key, &[("amount", Value::Text(&amount))])),
        };
        let unknown = self.unknown(words);
        [
            unknown,
            amount("headline-short", &self.short),
            amount("headline-over", &self.over),
            Some(self.counts(words)),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
    }

    /// What is new and open; of a range, where nothing is new, what is open.
    fn counts(&self, words: Words<'_>) -> String {
        let counts = [
            ("new", Value::Count(self.new)),
            ("open", Value::Count(self.open)),
        ];
        match (self.open, self.is_range) {
            (0, _) => words.text("headline-nothing-open"),
            (_, true) => words.texts.with("headline-open", &counts),
            (_, false) => words.texts.with("headline-counts", &counts),
        }
    }

    /// What cannot be known: books that nothing comes of and files that are not there, with the
    /// money that waits; where nothing else is to be said, the books that are only late.
    fn unknown(&self, words: Words<'_>) -> Option<String> {
        if self.is_without_books {
            return Some(words.text("headline-no-books"));
        }
        let gaps: Vec<&Feed> = self.gaps.iter().filter(|feed| is_pressing(feed)).collect();
        let mut books = books(words, &gaps);
        if self.files > 0 {
            let values = [("count", Value::Count(self.files))];
            books.push(words.texts.with("headline-files", &values));
        }
        let is_late = books.is_empty() && self.open == 0;
        if is_late {
            books = self::books(words, &self.gaps.iter().collect::<Vec<_>>());
        }
        if books.is_empty() {
            return None;
        }
        let books = books.join(", ");
        let mut waiting: BTreeMap<Currency, Amount> = BTreeMap::new();
        for (currency, waited) in gaps.iter().flat_map(|feed| &feed.waiting) {
            if let Some(currency) = currency {
                *waiting.entry(*currency).or_default() += waited.amount;
            }
        }
        let amount = words.sums(&waiting).join(", ");
        let values = [
            ("books", Value::Text(&books)),
            match amount.as_str() {
                "" => ("amount", Value::Count(0)),
                amount => ("amount", Value::Text(amount)),
            },
        ];
        let key = if is_late {
            "headline-late"
        } else {
            "headline-unknown"
        };
        Some(words.texts.with(key, &values))
    }

    /// What the subject of a mail says behind the day: `3 new, 12 open, short 1 204.50 EUR`. Days
    /// in it are the same in every language, so that mails sort and filter by them.
    pub fn subject(&self, words: Words<'_>) -> String {
        if self.severity().is_none() {
            return words.text("subject-well");
        }
        let counts = [
            ("new", Value::Count(self.new)),
            ("open", Value::Count(self.open)),
        ];
        let key = if self.is_range {
            "subject-open"
        } else {
            "subject-counts"
        };
        let mut parts = vec![words.texts.with(key, &counts)];
        for (key, sums) in [("subject-short", &self.short), ("subject-over", &self.over)] {
            let sums: Vec<String> = sums
                .iter()
                .filter(|(_, sum)| !sum.is_zero())
                .take(SUBJECT_CURRENCIES_MAX)
                .map(|(currency, sum)| words.texts.money(*sum, *currency))
                .collect();
            let amount = sums.join(", ");
            if !amount.is_empty() {
                let values = [("amount", Value::Text(&amount))];
                parts.push(words.texts.with(key, &values));
            }
        }
        parts.extend(self.subject_gaps(words));
        parts.join(", ")
    }

    fn subject_gaps(&self, words: Words<'_>) -> Vec<String> {
        if self.is_without_books {
            return vec![words.text("subject-no-books")];
        }
        let is_said = |feed: &&Feed| is_pressing(feed) || self.open == 0;
        let mut firsts: BTreeMap<FeedKind, &Feed> = BTreeMap::new();
        for feed in self.gaps.iter().filter(is_said) {
            let first = firsts.entry(feed.kind).or_insert(feed);
            if (!is_pressing(first), first.covered_until) > (!is_pressing(feed), feed.covered_until)
            {
                *first = feed;
            }
        }
        let said = |(kind, feed): (FeedKind, &Feed)| {
            let feed_name = feed_word(words, kind);
            let day = match (feed.covered_until, is_pressing(feed)) {
                (Some(until), true) => first_missing(until).to_string(),
                (Some(until), false) => until.to_string(),
                (None, _) => String::new(),
            };
            let values = [
                ("feed", Value::Text(&feed_name)),
                ("day", Value::Text(&day)),
            ];
            let key = match (feed.covered_until, is_pressing(feed)) {
                (None, _) => "subject-nothing-yet",
                (Some(_), true) => "subject-missing",
                (Some(_), false) => "subject-late",
            };
            words.texts.with(key, &values)
        };
        firsts.into_iter().map(said).collect()
    }
}

/// The books that do not reach the day, those of a kind together where there are several.
fn books(words: Words<'_>, gaps: &[&Feed]) -> Vec<String> {
    let mut by_kind: BTreeMap<FeedKind, Vec<&Feed>> = BTreeMap::new();
    for gap in gaps {
        by_kind.entry(gap.kind).or_default().push(gap);
    }
    let is_many = gaps.len() > BOOKS_MAX;
    let mut texts = Vec::new();
    for (kind, of_kind) in by_kind {
        let first = of_kind.iter().map(|feed| feed.covered_until).min();
        let named = |name: &str, until| gap(words, kind, name, until);
        if is_many && of_kind.len() > 1 {
            let count = u64::try_from(of_kind.len()).unwrap_or(u64::MAX);
            let several = words
                .texts
                .with(several(kind), &[("count", Value::Count(count))]);
            texts.push(named(&several, first.flatten()));
        } else {
            let all = of_kind.iter();
            texts.extend(all.map(|feed| named(&owner(words, feed), feed.covered_until)));
        }
    }
    texts
}

/// `statements of FR76…0189 since 2026-11-19`.
fn gap(words: Words<'_>, kind: FeedKind, name: &str, until: Option<NaiveDate>) -> String {
    let feed = feed_word(words, kind);
    let values = [
        ("feed", Value::Text(&feed)),
        ("name", Value::Text(name)),
        match until {
            Some(until) => ("day", Value::Day(first_missing(until))),
            None => ("day", Value::Count(0)),
        },
    ];
    words.texts.with("headline-gap", &values)
}

/// The first business day after the last one that is known.
pub fn first_missing(until: NaiveDate) -> NaiveDate {
    BusinessCalendar::default().add_business_days(until, 1)
}

/// What a feed brings, in a word.
pub fn feed_word(words: Words<'_>, kind: FeedKind) -> String {
    words.text(match kind {
        FeedKind::Bank => "book-bank",
        FeedKind::Reports => "book-reports",
        FeedKind::Orders => "book-orders",
        FeedKind::Events => "book-events",
    })
}

fn several(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Bank => "book-several-bank",
        FeedKind::Reports => "book-several-reports",
        FeedKind::Orders | FeedKind::Events => "book-several-inputs",
    }
}

/// Whose book it is: the account in short, the provider as people call it, the input's path.
pub fn owner(words: Words<'_>, feed: &Feed) -> String {
    let account: Vec<char> = feed.account.chars().collect();
    match (account.as_slice(), feed.provider.as_str()) {
        ([first @ .., a, b, c, d], _) if account.len() > ACCOUNT_CHARS_MAX => {
            let first: String = first.iter().take(4).collect();
            one_line(&format!("{first}…{a}{b}{c}{d}"))
        }
        ([_, ..], _) => one_line(&feed.account),
        ([], "") => one_line(&feed.path),
        ([], provider) => one_line(words.texts.provider(provider)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::discrepancy::{Code, State};
    use crate::domain::language::Language;
    use crate::report::sample::{self, day, feed};

    fn said(data: &ReportData, language: Language) -> [String; 2] {
        let texts = Texts::of(language);
        let headline = Headline::of_report(data, texts);
        let words = Words::of(&texts);
        [headline.text(words), headline.subject(words)]
    }

    fn in_english(data: &ReportData) -> [String; 2] {
        said(data, Language::English)
    }

    fn with(coverage: Vec<Feed>) -> ReportData {
        ReportData {
            coverage,
            ..sample::empty_report_data()
        }
    }

    fn severity(data: &ReportData) -> Option<Severity> {
        Headline::of_report(data, Texts::of(Language::English)).severity()
    }

    #[test]
    fn all_is_well_where_every_book_is_complete_and_nothing_is_open() {
        let data = with(vec![feed(FeedState::Complete)]);
        let text = "All is well: every book is complete and nothing is open.";
        assert_eq!(in_english(&data), [text, "all balanced"]);
        assert_eq!(severity(&data), None);
    }

    #[test]
    fn a_night_that_read_nothing_is_not_well() {
        let unknown = with(Vec::new());
        assert_eq!(
            in_english(&unknown),
            [
                "Nothing is known: no book has been read. Nothing is open.",
                "0 new, 0 open, nothing read yet"
            ]
        );
        let mut never = feed(FeedState::Never);
        never.account.clear();
        never.path = "inbox/bank".to_owned();
        never.covered_until = None;
        let never = with(vec![never]);
        assert_eq!(
            in_english(&never),
            [
                "Not known: statements of inbox/bank (none yet). Nothing is open.",
                "0 new, 0 open, no statements yet"
            ]
        );
        assert_eq!(severity(&unknown), Some(Severity::Warning));
        assert_eq!(severity(&never), Some(Severity::Warning));
    }

    #[test]
    fn a_book_that_is_only_late_is_named_where_nothing_else_is_to_be_said() {
        let mut data = with(vec![feed(FeedState::Complete), feed(FeedState::Late)]);
        assert_eq!(
            in_english(&data),
            [
                "Not complete yet: statements of FR76…0185 since 2026-11-16. Nothing is open.",
                "0 new, 0 open, statements until 2026-11-13"
            ]
        );
        assert_eq!(severity(&data), Some(Severity::Info));
        let open = sample::reported(sample::discrepancy(Code::ProviderStatusMismatch));
        data.discrepancies = [open].into_iter().collect();
        assert_eq!(in_english(&data), ["1 new, 1 open.", "1 new, 1 open"]);
    }

    /// One short, one over, and a silent account that money waits for.
    fn bad_night() -> ReportData {
        let mut data = with(vec![feed(FeedState::Silent), feed(FeedState::Complete)]);
        let short = sample::reported(sample::discrepancy(Code::PayoutNotReceived));
        let mut over = sample::reported(sample::discrepancy(Code::BankCreditUnexplained));
        over.state = State::Persisting;
        data.discrepancies = [short, over].into_iter().collect();
        data
    }

    #[test]
    fn what_is_not_known_comes_first_then_what_is_short_over_and_new() {
        let data = bad_night();
        assert_eq!(
            in_english(&data),
            [
                "Not known: statements of FR76…0185 since 2026-11-16; 4 512.20 EUR waits for it. \
                 Short 1 004.50 EUR. Over 120.00 EUR. 1 new, 2 open.",
                "1 new, 2 open, short 1 004.50 EUR, over 120.00 EUR, \
                 statements missing since 2026-11-16"
            ]
        );
        assert_eq!(
            said(&data, Language::German)[0],
            "Nicht bekannt: Auszüge von FR76…0185 seit 16.11.2026; 4.512,20 EUR warten darauf. \
             Fehlbetrag 1.004,50 EUR. Überschuss 120,00 EUR. 1 neu, 2 offen."
        );
        assert_eq!(
            said(&data, Language::French)[0].replace(['\u{a0}', '\u{202f}'], " "),
            "Inconnu : relevés (FR76…0185) depuis le 16/11/2026 ; 4 512,20 EUR en dépendent. \
             Il manque 1 004,50 EUR. En trop 120,00 EUR. 1 nouveau, 2 ouverts."
        );
    }

    #[test]
    fn a_range_that_the_books_cover_speaks_of_no_later_day() {
        let mut data = bad_night();
        data.scope.range = Some((day("2026-11-01"), day("2026-11-13")));
        assert_eq!(
            in_english(&data),
            [
                "Short 1 004.50 EUR. Over 120.00 EUR. 2 open.",
                "2 open, short 1 004.50 EUR, over 120.00 EUR"
            ]
        );
    }

    #[test]
    fn many_books_are_counted_from_the_first_day_that_is_missing() {
        let mut older = feed(FeedState::Silent);
        older.covered_until = Some(day("2026-11-02"));
        let mut books = vec![feed(FeedState::Silent); 3];
        books.push(older);
        let [text, subject] = in_english(&with(books));
        assert!(text.starts_with("Not known: statements of 4 accounts since 2026-11-03; "));
        assert!(subject.ends_with("statements missing since 2026-11-03"));
    }
}
