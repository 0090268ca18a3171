//! The first sheet: what is wrong and how much, what is known and what waits, the figures of
//! `summary.json`, where they come from, and the way to the other sheets.
//!
//! A figure that is a sum of rows is a formula over them, with the result that the program
//! computed in whole minor units. Where a sheet does not hold all rows, or an amount is too long
//! for a number, the figure stands alone: a formula would add up something else.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_xlsxwriter::{Url, Worksheet, XlsxError};

use super::page::{self, Page};
use super::sheet::Sheet;
use super::style::Styles;
use crate::domain::coverage::Feed;
use crate::domain::discrepancy::{Severity, State};
use crate::domain::outcome::{BalanceRow, ReportData, ReportScope};
use crate::domain::{Amount, Currency};
use crate::report::figures::{AgeBucket, Figures};
use crate::report::headline::{self, Headline};
use crate::report::kinds::{Kinds, Nets, Sums};
use crate::report::language::{Kind, Language, Texts, Value};
use crate::report::table::Cell;
use crate::report::views;
use crate::report::words::Words;

/// Its name in English.
const SHEET: &str = "Summary";

/// Writes the sheet about the others, which are complete.
pub(super) fn write(
    data: &ReportData,
    sheets: &[Sheet],
    styles: &Styles,
    texts: Texts,
) -> Result<Worksheet, XlsxError> {
    let figures = Figures::of(data);
    let name = match texts.language() {
        Language::English => Cow::Borrowed(SHEET),
        Language::French | Language::German => texts.title(Kind::Table, "summary"),
    };
    let mut page = Page::new(&name, styles, texts)?;
    scope(&mut page, data.scope, data.exit)?;
    page.sentence(&Headline::of_report(data, texts).text(Words::of(&texts)))?;
    kinds(&mut page, data)?;
    coverage(&mut page, data)?;
    contents(&mut page, sheets)?;
    let named = |name: &str| sheets.iter().find(|sheet| sheet.spec.name == name);
    balance(&mut page, data, named("balance"))?;
    let discrepancies = named("discrepancies");
    ageing(&mut page, &figures, discrepancies)?;
    counts(&mut page, &figures)?;
    amounts(&mut page, &figures, discrepancies)?;
    inputs(&mut page, data, named("inputs"))?;
    for sheet in sheets {
        totals(&mut page, sheet)?;
    }
    Ok(page.into_worksheet(&title(data.scope, texts)))
}

/// What the workbook is, and whose.
pub(super) fn title(scope: ReportScope, texts: Texts) -> String {
    let as_of = ("as_of", Value::Day(scope.as_of));
    let title = match scope.range {
        None => texts.with("xlsx-title", &[as_of]),
        Some((from, to)) => {
            let (from, to) = (("from", Value::Day(from)), ("to", Value::Day(to)));
            texts.with("xlsx-title-range", &[from, to, as_of])
        }
    };
    match texts.company() {
        "" => title,
        company => format!("{company} · {title}"),
    }
}

fn scope(page: &mut Page<'_>, scope: ReportScope, exit: u8) -> Result<(), XlsxError> {
    let texts = page.texts;
    page.title(&title(scope, texts))?;
    let (from, to) = scope.range.unzip();
    let days = [
        ("xlsx-as-of", Some(scope.as_of)),
        ("xlsx-from", from),
        ("xlsx-to", to),
    ];
    for (label, day) in days {
        if let Some(day) = day {
            page.text(0, &texts.text(label))?;
            page.day(1, day)?;
            page.next();
        }
    }
    page.text(0, &texts.text("xlsx-exit"))?;
    page.count(1, u64::from(exit), None)?;
    page.next();
    Ok(())
}

/// What is to do and how much it is about, by kind and provider, with what it explains.
fn kinds(page: &mut Page<'_>, data: &ReportData) -> Result<(), XlsxError> {
    let texts = page.texts;
    let columns = ["code", "severity", "provider", "currency"].map(|it| page.title_of(it));
    let figures = ["xlsx-open", "xlsx-new", "xlsx-short", "xlsx-over"].map(|key| texts.text(key));
    page.heading(&texts.text("xlsx-kinds"), &[columns, figures].concat())?;
    let kinds = Kinds::of(data, |_| true);
    let first = page.row();
    for (kind, sums) in &kinds.rows {
        let title = texts.title(Kind::Code, kind.code.word());
        for (at, money) in currencies(sums).enumerate() {
            page.text(0, &title)?;
            page.word(1, kind.severity)?;
            page.text(2, texts.provider(&kind.provider))?;
            // Of several currencies each has a row, and the first one counts.
            if at == 0 {
                page.count(4, sums.open, None)?;
                page.count(5, sums.new, None)?;
            }
            if let Some((currency, nets)) = money {
                page.text(3, currency.code())?;
                for (column, sum) in [(6, nets.short), (7, nets.over)] {
                    if !sum.is_zero() {
                        page.money(column, sum, currency, None)?;
                    }
                }
            }
            page.next();
        }
    }
    let end = page.row();
    for (at, money) in currencies(&kinds.total).enumerate() {
        page.text(0, &texts.text("xlsx-total"))?;
        if at == 0 {
            for (column, count) in [(4, kinds.total.open), (5, kinds.total.new)] {
                page.count(column, count, page.sum_of_column(column, first))?;
            }
        }
        if let Some((currency, nets)) = money {
            page.text(3, currency.code())?;
            for (column, sum) in [(6, nets.short), (7, nets.over)] {
                let formula = page::sum_where((first, end), column, (3, currency.code()));
                page.money(column, sum, currency, formula)?;
            }
        }
        page.next();
    }
    Ok(())
}

/// The money of each currency; nothing once where there is none.
fn currencies(sums: &Sums) -> impl Iterator<Item = Option<(Currency, Nets)>> {
    let nothing = sums.money.is_empty().then_some(None);
    let money = sums
        .money
        .iter()
        .map(|(currency, nets)| Some((*currency, *nets)));
    money.chain(nothing)
}

/// How far each feed reaches, and what waits for it.
fn coverage(page: &mut Page<'_>, data: &ReportData) -> Result<(), XlsxError> {
    let texts = page.texts;
    let columns = [
        "xlsx-feed",
        "xlsx-feed-state",
        "xlsx-covered-until",
        "xlsx-allowed-until",
        "xlsx-waiting-items",
        "xlsx-waiting-amount",
    ];
    let columns = columns.map(|key| texts.text(key)).into_iter();
    let columns: Vec<_> = columns.chain([page.title_of("currency")]).collect();
    page.heading(&texts.text("xlsx-coverage"), &columns)?;
    for feed in &data.coverage {
        let nothing = feed.waiting.is_empty().then(Default::default);
        let waiting = feed.waiting.iter().map(|(currency, it)| (*currency, *it));
        for (currency, waited) in waiting.chain(nothing) {
            page.text(0, &feed_name(feed, texts))?;
            page.feed_state(1, feed.state)?;
            for (column, day) in [(2, feed.covered_until), (3, feed.allowed_until)] {
                if let Some(day) = day {
                    page.day(column, day)?;
                }
            }
            page.count(4, waited.items, None)?;
            if let Some(currency) = currency {
                page.money(5, waited.amount, currency, None)?;
                page.text(6, currency.code())?;
            }
            page.next();
        }
    }
    Ok(())
}

/// `Statements FR76…0189`.
fn feed_name(feed: &Feed, texts: Texts) -> String {
    let words = Words::of(&texts);
    let (what, whose) = (
        headline::feed_word(words, feed.kind),
        headline::owner(words, feed),
    );
    format!("{what} {whose}")
}

/// The sheets: how many rows each has, and what is missing from it.
fn contents(page: &mut Page<'_>, sheets: &[Sheet]) -> Result<(), XlsxError> {
    let texts = page.texts;
    let columns = ["xlsx-sheet", "xlsx-rows"].map(|key| texts.text(key));
    page.heading(&texts.text("xlsx-sheets"), &columns)?;
    for sheet in sheets {
        let place = format!("internal:{}!A1", sheet.layout.sheet_in_formulas(texts));
        page.link(0, Url::new(place).set_text(sheet.name()))?;
        page.count(1, sheet.rows, None)?;
        if sheet.is_cut() {
            let file = format!("{}.csv", sheet.spec.name);
            let values = [("file", Value::Text(&file))];
            page.note(2, &texts.with("xlsx-rows-cut", &values))?;
        } else if sheet.links_cut {
            page.note(2, &texts.text("xlsx-links-cut"))?;
        }
        page.next();
    }
    Ok(())
}

fn counts(page: &mut Page<'_>, figures: &Figures) -> Result<(), XlsxError> {
    let texts = page.texts;
    let states = State::ALL.map(|state| page.said(Kind::State, state.word()));
    let columns: Vec<Cow<'static, str>> = [page.title_of("code")]
        .into_iter()
        .chain(states)
        .chain([texts.text("xlsx-total")])
        .collect();
    page.heading(&texts.text("xlsx-counts"), &columns)?;
    let first = page.row();
    let mut sums: BTreeMap<State, u64> = BTreeMap::new();
    for (code, counts) in &figures.counts {
        let word = page.said(Kind::Code, code.word());
        page.text(0, &word)?;
        for (column, state) in (1_u16..).zip(State::ALL) {
            let count = counts.get(&state).copied().unwrap_or(0);
            page.count(column, count, None)?;
            *sums.entry(state).or_default() += count;
        }
        page.count(6, counts.values().sum(), Some(page.sum_of_row(1, 5)))?;
        page.next();
    }
    page.text(0, &texts.text("xlsx-total"))?;
    for (column, state) in (1_u16..).zip(State::ALL) {
        let count = sums.get(&state).copied().unwrap_or(0);
        page.count(column, count, page.sum_of_column(column, first))?;
    }
    page.count(6, sums.values().sum(), page.sum_of_column(6, first))?;
    page.next();
    Ok(())
}

/// What is at stake: Σ |difference| of what is open.
fn amounts(page: &mut Page<'_>, figures: &Figures, sheet: Option<&Sheet>) -> Result<(), XlsxError> {
    let texts = page.texts;
    let [severity, currency] = ["severity", "currency"].map(|name| page.title_of(name));
    let columns = [severity, currency, texts.text("xlsx-amount")];
    page.heading(&texts.text("xlsx-amounts"), &columns)?;
    let range = |name| sheet.and_then(|sheet| sheet.range(name));
    for severity in Severity::ALL {
        for (currency, sum) in figures.amounts.get(&severity).into_iter().flatten() {
            page.word(0, severity)?;
            page.text(1, currency.code())?;
            let formula = (|| {
                let (difference, state) = (range("difference")?, range("state")?);
                let of = format!(
                    "{},\"{}\",{},\"{currency}\",{state},\"<>{}\"",
                    range("severity")?,
                    page.said(Kind::Severity, severity.word()),
                    range("currency")?,
                    page.said(Kind::State, State::Resolved.word())
                );
                Some(format!(
                    "SUMIFS({difference},{of},{difference},\">0\")\
                     -SUMIFS({difference},{of},{difference},\"<0\")"
                ))
            })();
            page.money(2, *sum, *currency, formula)?;
            page.next();
        }
    }
    Ok(())
}

fn ageing(page: &mut Page<'_>, figures: &Figures, sheet: Option<&Sheet>) -> Result<(), XlsxError> {
    let texts = page.texts;
    let columns = ["xlsx-days", "xlsx-open"].map(|key| texts.text(key));
    page.heading(&texts.text("xlsx-ageing"), &columns)?;
    let range = |name| sheet.and_then(|sheet| sheet.range(name));
    for (bucket, count) in &figures.ageing {
        let word = page.said(Kind::Age, bucket.word());
        page.text(0, &word)?;
        let formula = (|| {
            let (age, state) = (range("age_days")?, range("state")?);
            let within = match bucket {
                AgeBucket::Week => format!("{age},\"<=7\""),
                AgeBucket::Month => format!("{age},\">=8\",{age},\"<=30\""),
                AgeBucket::TwoMonths => format!("{age},\">=31\",{age},\"<=60\""),
                AgeBucket::ThreeMonths => format!("{age},\">=61\",{age},\"<=90\""),
                AgeBucket::Longer => format!("{age},\">=91\""),
            };
            let resolved = page.said(Kind::State, State::Resolved.word());
            Some(format!("COUNTIFS({within},{state},\"<>{resolved}\")"))
        })();
        page.count(1, *count, formula)?;
        page.next();
    }
    Ok(())
}

/// The balance once more, turned on its side so that it fits on paper: a column for each provider
/// and currency, one for the sum where several share a currency.
fn balance(page: &mut Page<'_>, data: &ReportData, sheet: Option<&Sheet>) -> Result<(), XlsxError> {
    let texts = page.texts;
    let rows = &data.balance;
    let mut by_currency: BTreeMap<Currency, Vec<&BalanceRow>> = BTreeMap::new();
    for row in rows {
        by_currency.entry(row.currency).or_default().push(row);
    }
    by_currency.retain(|_, rows| rows.len() > 1);
    let titles = rows.iter().map(|row| {
        let provider = texts.provider(&row.provider);
        Cow::Owned(format!("{provider} {}", row.currency))
    });
    let sums = by_currency.keys();
    let sums = sums.map(|currency| Cow::Owned(format!("{} {currency}", texts.text("xlsx-total"))));
    let columns: Vec<_> = [Cow::Borrowed("")]
        .into_iter()
        .chain(titles)
        .chain(sums)
        .collect();
    page.heading(&texts.text("xlsx-balance"), &columns)?;
    for (at, name) in views::balance::TABLE.columns.iter().enumerate() {
        if ["provider", "currency"].contains(name) {
            continue;
        }
        page.text(0, &page.title_of(name))?;
        for ((column, number), row) in (1_u16..).zip(0_u32..).zip(rows) {
            let formula = sheet.and_then(|sheet| sheet.cell(number, name));
            balance_cell(page, column, views::balance::cells(row).get(at), formula)?;
        }
        let first = u16::try_from(rows.len())
            .unwrap_or(u16::MAX)
            .saturating_add(1);
        for (column, (currency, rows)) in (first..).zip(&by_currency) {
            let formula = sheet.and_then(|sheet| {
                let (range, currencies) = (sheet.range(name)?, sheet.range("currency")?);
                Some(format!("SUMIFS({range},{currencies},\"{currency}\")"))
            });
            let sum = sum_of(rows, at);
            balance_cell(page, column, Some(&sum), formula)?;
        }
        page.next();
    }
    Ok(())
}

/// What a column of the balance adds up to in some rows of one currency.
fn sum_of(rows: &[&BalanceRow], at: usize) -> Cell<'static> {
    let (mut amount, mut count) = (None, 0_i128);
    for row in rows {
        match views::balance::cells(row).get(at) {
            Some(Cell::Amount(more, currency)) => {
                let (sum, _) = amount.unwrap_or((Amount::ZERO, *currency));
                amount = Some((sum + *more, *currency));
            }
            Some(Cell::Integer(more)) => count = count.saturating_add(*more),
            Some(Cell::Empty | Cell::Text(_) | Cell::Date(_)) | None => {}
        }
    }
    amount.map_or(Cell::Integer(count), |(sum, currency)| {
        Cell::Amount(sum, currency)
    })
}

fn balance_cell(
    page: &mut Page<'_>,
    column: u16,
    cell: Option<&Cell<'_>>,
    formula: Option<String>,
) -> Result<(), XlsxError> {
    match cell {
        Some(Cell::Amount(amount, currency)) => page.money(column, *amount, *currency, formula),
        Some(Cell::Integer(count)) => {
            page.count(column, u64::try_from(*count).unwrap_or(0), formula)
        }
        Some(Cell::Empty | Cell::Text(_) | Cell::Date(_)) | None => Ok(()),
    }
}

fn inputs(page: &mut Page<'_>, data: &ReportData, sheet: Option<&Sheet>) -> Result<(), XlsxError> {
    let texts = page.texts;
    let columns = [page.title_of("status"), texts.text("xlsx-files")];
    page.heading(&texts.text("xlsx-inputs"), &columns)?;
    let status = |name: &&str| *name == "status";
    let at = views::inputs::TABLE.columns.iter().position(status);
    let mut files: BTreeMap<String, u64> = BTreeMap::new();
    for input in &data.inputs {
        if let Some(Cell::Text(status)) =
            at.and_then(|at| views::inputs::cells(input).into_iter().nth(at))
        {
            *files.entry(status.into_owned()).or_default() += 1;
        }
    }
    for (status, count) in files {
        let word = match texts.language() {
            Language::English => Cow::Owned(status),
            Language::French | Language::German => texts.title(Kind::FileStatus, &status),
        };
        let range = sheet.and_then(|sheet| sheet.range("status"));
        let formula = range.map(|range| format!("COUNTIFS({range},\"{word}\")"));
        page.text(0, &word)?;
        page.count(1, count, formula)?;
        page.next();
    }
    Ok(())
}

/// What the columns of a sheet add up to.
fn totals(page: &mut Page<'_>, sheet: &Sheet) -> Result<(), XlsxError> {
    let names = sheet.layout.totals;
    if names.is_empty() || sheet.rows == 0 {
        return Ok(());
    }
    let texts = page.texts;
    let title = texts.with("xlsx-totals", &[("sheet", Value::Text(&sheet.name()))]);
    let mut columns: Vec<_> = names.iter().map(|name| page.title_of(name)).collect();
    if sheet.totals.by_currency.is_empty() {
        columns.splice(0..0, [Cow::Borrowed(""), texts.text("xlsx-rows-in-table")]);
        page.heading(&title, &columns)?;
        page.count(1, sheet.rows, None)?;
        for ((column, name), sum) in (2_u16..).zip(names).zip(&sheet.totals.integers) {
            let formula = sheet.range(name).map(|range| format!("SUM({range})"));
            page.count(column, u64::try_from(*sum).unwrap_or(0), formula)?;
        }
        page.next();
        return Ok(());
    }
    let currency = page.title_of("currency");
    columns.splice(0..0, [currency, texts.text("xlsx-rows")]);
    page.heading(&title, &columns)?;
    for (currency, totals) in &sheet.totals.by_currency {
        let currencies = sheet.range("currency");
        let same = |range: &String| format!("{range},\"{currency}\"");
        page.text(0, currency.code())?;
        let formula = currencies.as_ref().map(same);
        page.count(1, totals.rows, formula.map(|of| format!("COUNTIFS({of})")))?;
        for ((column, name), sum) in (2_u16..).zip(names).zip(&totals.sums) {
            let formula = sheet.range(name).zip(currencies.as_ref());
            let formula = formula.map(|(range, of)| format!("SUMIFS({range},{})", same(of)));
            page.money(column, *sum, *currency, formula)?;
        }
        page.next();
    }
    Ok(())
}
