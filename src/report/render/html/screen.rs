//! The first screen: the verdict in one sentence, the four answers below it, what is new, and
//! the figures. Gathered in one walk through the discrepancies.

use std::collections::BTreeMap;

use askama::Template;

use super::codes::{self, CodeRow, SeverityRow, SumsByCode};
use super::discrepancies::ROWS_MAX;
use super::orders::Orders;
use super::tiles::{self, Tile};
use super::{SCRIPT, STYLE, hash_of};
use crate::domain::Amount;
use crate::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, Severity, State};
use crate::domain::outcome::ReportData;
use crate::report::explain::{explain, names_in};
use crate::report::figures::{Figures, add_difference};
use crate::report::headline::{self, Headline};
use crate::report::language::{Kind, Texts, Value};
use crate::report::overview::{Overview, is_to_do, name_of};
use crate::report::words::{Words, isolated, one_line};

/// New and changed ones that are named, those with the largest difference first.
const NEWS_MAX: usize = 6;

/// What one walk through the discrepancies gives.
pub(super) struct Screen {
    headline: Headline,
    pub(super) overview: Overview,
    figures: Figures,
    sums: SumsByCode,
    /// How many rows of the table have which value.
    pub(super) severities: BTreeMap<Severity, u64>,
    pub(super) codes: BTreeMap<Code, u64>,
    pub(super) providers: BTreeMap<String, u64>,
    pub(super) states: BTreeMap<State, u64>,
    news: Vec<News>,
    /// How many errors are to do.
    pub(super) errors: u64,
    /// True while the oldest has a row in the table.
    oldest_shown: bool,
}

struct News {
    reported: ReportedDiscrepancy,
    shown: bool,
}

impl News {
    fn size(&self) -> Amount {
        let difference = self.reported.discrepancy.difference();
        difference.unwrap_or_default().abs()
    }
}

/// Whether all is well, and if not, how bad it is.
pub(super) enum Verdict {
    Well,
    Bad(&'static str),
}

#[derive(Template)]
#[template(path = "head.html")]
pub(super) struct Head<'a> {
    t: &'a Texts,
    title: String,
    scope: String,
    style: &'static str,
    style_hash: String,
    script_hash: String,
    verdict: Verdict,
    headline: String,
    /// The oldest, in words; `oldest_id` where the table has its row.
    oldest_line: String,
    oldest_id: String,
    besides: String,
    contents: Vec<Entry>,
    tiles: Vec<Tile>,
    news: Vec<NewsRow>,
    news_more: String,
    ageing: String,
    timelines: String,
    codes: Vec<CodeRow>,
    states: Vec<String>,
    severities: Vec<SeverityRow>,
}

struct Entry {
    id: &'static str,
    label: String,
    count: String,
}

struct NewsRow {
    id: String,
    linked: bool,
    severity: &'static str,
    severity_text: String,
    title: String,
    name: String,
    state: &'static str,
    state_text: String,
    amount: String,
}

impl Screen {
    pub(super) fn of(data: &ReportData, texts: Texts) -> Self {
        let overview = Overview::of(data);
        let oldest = overview.oldest.as_ref().map(Discrepancy::id);
        let mut screen = Self {
            figures: Figures::of(data),
            headline: Headline::of_report(data, texts),
            overview,
            sums: SumsByCode::new(),
            severities: BTreeMap::new(),
            codes: BTreeMap::new(),
            providers: BTreeMap::new(),
            states: BTreeMap::new(),
            news: Vec::new(),
            errors: 0,
            oldest_shown: false,
        };
        for (at, reported) in data.discrepancies.iter().enumerate() {
            let shown = at < ROWS_MAX;
            screen.oldest_shown |= shown && oldest.as_ref() == Some(&reported.id);
            screen.take(reported, shown);
        }
        screen.keep_largest();
        screen
    }

    fn take(&mut self, reported: ReportedDiscrepancy, shown: bool) {
        let found = &reported.discrepancy;
        let (code, severity) = (found.code, found.severity);
        if shown {
            *self.severities.entry(severity).or_default() += 1;
            *self.codes.entry(code).or_default() += 1;
            *self.states.entry(reported.state).or_default() += 1;
            if !found.provider.is_empty() {
                let provider = one_line(&found.provider);
                *self.providers.entry(provider).or_default() += 1;
            }
        }
        if reported.state != State::Resolved {
            let sums = self.sums.entry(code).or_default();
            add_difference(sums, found.currency, found.difference());
        }
        if is_to_do(severity, reported.state) {
            self.errors += u64::from(severity == Severity::Error);
            if matches!(reported.state, State::New | State::Changed) {
                self.news.push(News { reported, shown });
                if self.news.len() > 100 * NEWS_MAX {
                    self.keep_largest();
                }
            }
        }
    }

    fn keep_largest(&mut self) {
        self.news.sort_by_key(|news| std::cmp::Reverse(news.size()));
        self.news.truncate(NEWS_MAX);
    }

    /// Everything above the tables.
    pub(super) fn head<'a>(
        &self,
        words: Words<'a>,
        charts: [String; 2],
        orders: &Orders,
        data: &ReportData,
    ) -> Head<'a> {
        let [ageing, timelines] = charts;
        let scope = headline::scope(words, data.scope);
        Head {
            t: words.texts,
            title: format!("{scope} – crp-recon"),
            scope,
            style: STYLE,
            style_hash: hash_of(STYLE),
            script_hash: hash_of(SCRIPT),
            verdict: self.verdict(),
            headline: self.headline.text(words),
            oldest_line: self.oldest_line(words, data),
            oldest_id: match &self.overview.oldest {
                Some(oldest) if self.oldest_shown => oldest.id(),
                _ => String::new(),
            },
            besides: self.besides(words),
            contents: contents(words, orders, data),
            tiles: tiles::all(self, words, data),
            news: self.news.iter().map(|one| news_row(words, one)).collect(),
            news_more: self.news_more(words),
            ageing,
            timelines,
            codes: codes::rows(words, &self.figures, &self.sums),
            states: State::ALL.map(|state| words.state(state)).into(),
            severities: codes::severities(words, &self.figures),
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        match self.headline.severity() {
            None => Verdict::Well,
            Some(severity) => Verdict::Bad(severity.word()),
        }
    }

    fn oldest_line(&self, words: Words<'_>, data: &ReportData) -> String {
        let Some(oldest) = &self.overview.oldest else {
            return String::new();
        };
        let as_of = data.scope.as_of;
        let age = words.age(oldest.age_days(as_of));
        let name = name_of(oldest);
        let title = format!("{} {name}", words.code(oldest.code));
        let values = [
            ("age", Value::Text(&age)),
            ("title", Value::Text(title.trim_end())),
        ];
        let line = words.texts.with("html-oldest-line", &values);
        let sentence = format!("{line} {}", explain(oldest, as_of, *words.texts));
        isolated(&sentence, &names_in(oldest))
    }

    fn besides(&self, words: Words<'_>) -> String {
        let of = &self.overview;
        let parts = [
            ("html-besides-information", of.for_information),
            ("html-besides-accepted", of.accepted),
            ("html-besides-resolved", of.resolved),
        ];
        let texts: Vec<String> = parts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(key, count)| words.texts.with(key, &[("count", Value::Count(count))]))
            .collect();
        if texts.is_empty() {
            return String::new();
        }
        let parts = texts.join(", ");
        let values = [("parts", Value::Text(&parts))];
        words.texts.with("html-besides", &values)
    }

    /// How many new and changed ones are not named.
    fn news_more(&self, words: Words<'_>) -> String {
        let named = u64::try_from(self.news.len()).unwrap_or(u64::MAX);
        let all = self
            .overview
            .total
            .new
            .saturating_add(self.overview.changed);
        match all.saturating_sub(named) {
            0 => String::new(),
            more => words
                .texts
                .with("html-news-more", &[("count", Value::Count(more))]),
        }
    }
}

fn contents(words: Words<'_>, orders: &Orders, data: &ReportData) -> Vec<Entry> {
    let entry = |id: &'static str, count: usize| Entry {
        id,
        label: words.texts.title(Kind::Table, id).into_owned(),
        count: words.texts.number(u64::try_from(count).unwrap_or(u64::MAX)),
    };
    vec![
        entry("discrepancies", data.discrepancies.len()),
        entry("balance", data.balance.len()),
        entry("payouts", data.payouts.len()),
        Entry {
            count: words.texts.number(orders.count("open")),
            ..entry("orders", 0)
        },
        entry("inputs", data.inputs.len()),
        entry("rejected", data.rejected.len()),
    ]
}

fn news_row(words: Words<'_>, news: &News) -> NewsRow {
    let reported = &news.reported;
    let found = &reported.discrepancy;
    let severity = found.severity;
    NewsRow {
        id: reported.id.clone(),
        linked: news.shown,
        severity: severity.word(),
        severity_text: words.severity(severity),
        title: words.code(found.code),
        name: one_line(name_of(found)),
        state: reported.state.word(),
        state_text: words.state(reported.state),
        amount: words.amount(found.difference(), found.currency),
    }
}
