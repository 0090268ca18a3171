//! The first screen: the headline, what it amounts to, what to do first, and what the books cover.

use std::collections::BTreeMap;
use std::io;

use askama::Template;

use super::ageing;
use super::balance::reconciled;
use super::coverage::{self, BookRow};
use super::orders::Orders;
use super::{SCRIPT, STYLE, hash_of};
use crate::domain::discrepancy::{Discrepancy, Severity};
use crate::domain::outcome::ReportData;
use crate::domain::{Amount, Currency};
use crate::report::figures::{Exposure, Figures};
use crate::report::headline::{self, Headline};
use crate::report::language::{Kind, Texts, Value};
use crate::report::overview::{Overview, name_of, troubled_files};
use crate::report::roots::Roots;
use crate::report::start::{self, Step};
use crate::report::urgency::{self, Entry};
use crate::report::words::{Words, isolated, one_line};

/// Missing and refused files that are named.
const FILES_MAX: usize = 6;

/// What the page says of the report as a whole.
pub(super) struct Screen {
    headline: Headline,
    overview: Overview,
    figures: Figures,
    pub(super) roots: Roots,
    /// The discrepancies in the order of the page.
    pub(super) order: Vec<Entry>,
    steps: Vec<Step>,
    files: Vec<String>,
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
    /// What the colour of the headline says.
    mood: &'static str,
    headline: String,
    /// The oldest, in words, and its id.
    oldest_line: String,
    oldest_id: String,
    besides: String,
    contents: Vec<Link>,
    tiles: Vec<Tile>,
    steps: &'a [Step],
    files: Vec<String>,
    books: Vec<BookRow>,
    /// How many of the books need nobody, in words.
    other_books: String,
    ageing: String,
    timelines: String,
}

struct Link {
    id: &'static str,
    label: String,
    count: String,
}

/// A figure of the first screen.
struct Tile {
    class: &'static str,
    title: String,
    /// Its name and sums for programs.
    name: &'static str,
    figures: Vec<Figure>,
    line: String,
}

struct Figure {
    text: String,
    currency: String,
    plain: String,
}

impl Screen {
    pub(super) fn of(words: Words<'_>, data: &ReportData) -> Self {
        let overview = Overview::of(data);
        let roots = Roots::of(data, |_| true);
        let order = urgency::order(data, &roots);
        let files = troubled_files(data, *words.texts);
        Self {
            headline: Headline::of(data, &overview, &roots, files.len()),
            steps: start::steps(words, data, &roots, &order),
            figures: Figures::of(data),
            overview,
            roots,
            order,
            files,
        }
    }

    /// The chart of ages.
    pub(super) fn ageing(&self, words: Words<'_>) -> io::Result<String> {
        ageing::chart(words, &self.figures, &self.roots)
    }

    /// Everything above the tables.
    pub(super) fn head<'a>(
        &'a self,
        words: Words<'a>,
        charts: [String; 2],
        orders: &Orders,
        data: &ReportData,
    ) -> Head<'a> {
        let [ageing, timelines] = charts;
        let scope = headline::scope(words, data.scope);
        let oldest = self.overview.oldest.as_ref();
        let books = coverage::rows(words, &data.coverage, data.scope);
        Head {
            t: words.texts,
            title: format!("{scope} – crp-recon"),
            scope,
            style: STYLE,
            style_hash: hash_of(STYLE),
            script_hash: hash_of(SCRIPT),
            mood: self.headline.severity().map_or("well", Severity::word),
            headline: self.headline.text(words),
            oldest_line: self.oldest_line(words, data),
            oldest_id: oldest.map_or(String::new(), Discrepancy::id),
            besides: besides(words, &self.overview),
            contents: contents(words, orders, data),
            tiles: self.tiles(words, data),
            steps: &self.steps,
            files: self.files(words),
            other_books: coverage::others(words, &data.coverage, data.scope),
            books,
            ageing,
            timelines,
        }
    }

    fn oldest_line(&self, words: Words<'_>, data: &ReportData) -> String {
        let Some(oldest) = &self.overview.oldest else {
            return String::new();
        };
        let as_of = data.scope.as_of;
        let age = words.age(oldest.age_days(as_of));
        let title = format!("{} {}", words.code(oldest.code), name_of(oldest));
        let values = [
            ("age", Value::Text(&age)),
            ("title", Value::Text(title.trim_end())),
        ];
        let line = words.texts.with("html-oldest-line", &values);
        isolated(&line, &[name_of(oldest)])
    }

    /// What is short, over and not known, and how much is reconciled.
    fn tiles(&self, words: Words<'_>, data: &ReportData) -> Vec<Tile> {
        let exposure = |name, title: &str, of: fn(&Exposure) -> Amount, line| {
            let sums = self.figures.exposure.iter();
            let sums = sums.map(|(currency, sums)| (*currency, of(sums)));
            let is_none = sums.clone().all(|(_, sum)| sum.is_zero());
            Tile {
                class: if is_none { "well" } else { name },
                title: words.text(title),
                name,
                figures: figures(words, sums.collect()),
                line,
            }
        };
        let of = &self.overview;
        let errors = of.by_code.iter();
        let errors = errors.filter(|((severity, _), _)| *severity == Severity::Error);
        let errors: u64 = errors.map(|(_, tally)| tally.open).sum();
        let kinds = [
            ("errors", Value::Count(errors)),
            (
                "warnings",
                Value::Count(of.total.open.saturating_sub(errors)),
            ),
        ];
        let moves = [
            ("new", Value::Count(of.total.new)),
            ("changed", Value::Count(of.changed)),
            ("resolved", Value::Count(of.resolved)),
        ];
        // A range is compared with no night before.
        let moves = match data.scope.range {
            None => words.texts.with("html-moves", &moves),
            Some(_) => String::new(),
        };
        let kinds = words.texts.with("html-open-kinds", &kinds);
        let waits = data.coverage.iter().flat_map(|feed| feed.waiting.values());
        let waits = [(
            "count",
            Value::Count(waits.map(|waited| waited.items).sum()),
        )];
        let waits = words.texts.with("html-waits", &waits);
        let (rate, line) = reconciled(words, &data.balance);
        let matched = Tile {
            class: "",
            title: words.text("html-reconciled"),
            name: "reconciled",
            figures: vec![Figure {
                text: rate,
                currency: String::new(),
                plain: String::new(),
            }],
            line,
        };
        vec![
            exposure("short", "html-short", |sums| sums.short, kinds),
            exposure("over", "html-over", |sums| sums.over, moves),
            exposure("waiting", "html-waiting", |sums| sums.waiting, waits),
            matched,
        ]
    }

    /// Files that are missing or refused; of many the first.
    fn files(&self, words: Words<'_>) -> Vec<String> {
        let named = self.files.iter().take(FILES_MAX);
        let more = u64::try_from(self.files.len().saturating_sub(FILES_MAX)).unwrap_or(u64::MAX);
        let values = [("count", Value::Count(more))];
        let more = (more > 0).then(|| words.texts.with("html-files-more", &values));
        named.map(|file| one_line(file)).chain(more).collect()
    }
}

fn figures(words: Words<'_>, sums: BTreeMap<Currency, Amount>) -> Vec<Figure> {
    let sums = sums.into_iter().filter(|(_, sum)| !sum.is_zero());
    let mut figures: Vec<Figure> = sums
        .map(|(currency, sum)| Figure {
            text: words.texts.money(sum, currency),
            currency: currency.to_string(),
            plain: sum.display(currency).to_string(),
        })
        .collect();
    if figures.is_empty() {
        figures.push(Figure {
            text: words.text("html-none"),
            currency: String::new(),
            plain: String::new(),
        });
    }
    figures
}

fn besides(words: Words<'_>, of: &Overview) -> String {
    let parts = [
        ("html-besides-information", of.for_information),
        ("html-besides-snoozed", of.snoozed),
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

fn contents(words: Words<'_>, orders: &Orders, data: &ReportData) -> Vec<Link> {
    let link = |id: &'static str, count: usize| Link {
        id,
        label: words.texts.title(Kind::Table, id).into_owned(),
        count: words.texts.number(u64::try_from(count).unwrap_or(u64::MAX)),
    };
    let payouts = data.payouts.iter().filter(|one| one.state.is_open());
    vec![
        link("discrepancies", data.discrepancies.len()),
        link("balance", data.balance.len()),
        link("payouts", payouts.count()),
        Link {
            count: words.texts.number(orders.count("open")),
            ..link("orders", 0)
        },
        link("inputs", data.inputs.len()),
        link("rejected", data.rejected.len()),
    ]
}
