//! The first sheet: the figures of `summary.json`, where they come from, and the way to the other
//! sheets.
//!
//! A figure that is a sum of rows is a formula over them, with the result that the program
//! computed in whole minor units. Where a sheet does not hold all rows, or an amount is too long
//! for a number, the figure stands alone: a formula would add up something else.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_xlsxwriter::{Url, Worksheet, XlsxError, row_col_to_cell};

use super::page::Page;
use super::sheet::Sheet;
use super::style::Styles;
use crate::domain::discrepancy::{Severity, State};
use crate::domain::outcome::{ReportData, ReportScope};
use crate::report::figures::{AgeBucket, Figures};
use crate::report::headline::Headline;
use crate::report::language::{Kind, Language, Texts, Value};
use crate::report::table::Cell;
use crate::report::views;
use crate::report::words::Words;

/// Its name.
const SHEET: &str = "Summary";

/// Writes the sheet about the others, which are complete.
pub(super) fn write(
    data: &ReportData,
    sheets: &[Sheet],
    styles: &Styles,
    texts: Texts,
) -> Result<Worksheet, XlsxError> {
    let figures = Figures::of(data);
    let mut page = Page::new(SHEET, styles, texts)?;
    scope(&mut page, data.scope, data.exit)?;
    let headline = Headline::of_report(data, texts);
    page.text(0, &headline.text(Words::of(&texts)))?;
    page.next();
    contents(&mut page, sheets)?;
    let discrepancies = sheets.iter().find(|sheet| sheet.layout.decisions);
    counts(&mut page, &figures)?;
    amounts(&mut page, &figures, discrepancies)?;
    ageing(&mut page, &figures, discrepancies)?;
    let named = |name: &str| sheets.iter().find(|sheet| sheet.spec.name == name);
    balance(&mut page, data, named("balance"))?;
    inputs(&mut page, data, named("inputs"))?;
    for sheet in sheets {
        totals(&mut page, sheet)?;
    }
    Ok(page.into_worksheet())
}

fn scope(page: &mut Page<'_>, scope: ReportScope, exit: u8) -> Result<(), XlsxError> {
    let texts = page.texts;
    let as_of = ("as_of", Value::Day(scope.as_of));
    let title = match scope.range {
        None => texts.with("xlsx-title", &[as_of]),
        Some((from, to)) => {
            let (from, to) = (("from", Value::Day(from)), ("to", Value::Day(to)));
            texts.with("xlsx-title-range", &[from, to, as_of])
        }
    };
    page.title(&title)?;
    let (from, to) = scope.range.unzip();
    let days = [
        ("xlsx-as-of", Some(scope.as_of)),
        ("xlsx-from", from),
        ("xlsx-to", to),
    ];
    for (label, day) in days {
        page.text(0, &texts.text(label))?;
        if let Some(day) = day {
            page.day(1, day)?;
        }
        page.next();
    }
    page.text(0, &texts.text("xlsx-exit"))?;
    page.count(1, u64::from(exit), None)?;
    page.next();
    Ok(())
}

/// The sheets: how many rows each has, and what is missing from it.
fn contents(page: &mut Page<'_>, sheets: &[Sheet]) -> Result<(), XlsxError> {
    let texts = page.texts;
    let columns = ["xlsx-sheet", "xlsx-rows"].map(|key| texts.text(key));
    page.heading(&texts.text("xlsx-sheets"), &columns)?;
    for sheet in sheets {
        let name = sheet.layout.sheet;
        page.link(0, Url::new(format!("internal:{name}!A1")).set_text(name))?;
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
    let columns: Vec<Cow<'static, str>> = ["code", "severity"]
        .map(|column| page.said(Kind::Column, column))
        .into_iter()
        .chain(states)
        .chain([texts.text("xlsx-total")])
        .collect();
    page.heading(&texts.text("xlsx-counts"), &columns)?;
    let first = page.row();
    let mut sums: BTreeMap<State, u64> = BTreeMap::new();
    for (code, counts) in &figures.counts {
        page.text(0, code.word())?;
        page.word(1, code.severity())?;
        for (column, state) in (2_u16..).zip(State::ALL) {
            let count = counts.get(&state).copied().unwrap_or(0);
            page.count(column, count, None)?;
            *sums.entry(state).or_default() += count;
        }
        page.count(7, counts.values().sum(), Some(page.sum_of_row(2, 6)))?;
        page.next();
    }
    page.text(0, &texts.text("xlsx-total"))?;
    for (column, state) in (2_u16..).zip(State::ALL) {
        let count = sums.get(&state).copied().unwrap_or(0);
        page.count(column, count, page.sum_of_column(column, first))?;
    }
    page.count(7, sums.values().sum(), page.sum_of_column(7, first))?;
    page.next();
    Ok(())
}

/// What is at stake: Σ |difference| of what is open.
fn amounts(page: &mut Page<'_>, figures: &Figures, sheet: Option<&Sheet>) -> Result<(), XlsxError> {
    let texts = page.texts;
    let [severity, currency] = ["severity", "currency"].map(|name| page.said(Kind::Column, name));
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
                    severity.word(),
                    range("currency")?,
                    State::Resolved.word()
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
            let resolved = State::Resolved.word();
            Some(format!("COUNTIFS({within},{state},\"<>{resolved}\")"))
        })();
        page.count(1, *count, formula)?;
        page.next();
    }
    Ok(())
}

/// The balance once more, each figure taken from its sheet.
fn balance(page: &mut Page<'_>, data: &ReportData, sheet: Option<&Sheet>) -> Result<(), XlsxError> {
    let columns = said(page, views::balance::TABLE.columns);
    page.heading(&page.texts.text("xlsx-balance"), &columns)?;
    for (row, balance) in (1_u32..).zip(&data.balance) {
        for (column, cell) in (0_u16..).zip(views::balance::cells(balance)) {
            let formula = sheet
                .filter(|sheet| !sheet.is_cut())
                .map(|sheet| format!("{}!{}", sheet.layout.sheet, row_col_to_cell(row, column)));
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => page.text(column, &text)?,
                Cell::Amount(amount, currency) => page.money(column, amount, currency, formula)?,
                Cell::Date(day) => page.day(column, day)?,
                Cell::Integer(number) => {
                    page.count(column, u64::try_from(number).unwrap_or(0), formula)?;
                }
            }
        }
        page.next();
    }
    Ok(())
}

fn inputs(page: &mut Page<'_>, data: &ReportData, sheet: Option<&Sheet>) -> Result<(), XlsxError> {
    let texts = page.texts;
    let columns = [page.said(Kind::Column, "status"), texts.text("xlsx-files")];
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
        let range = sheet.and_then(|sheet| sheet.range("status"));
        let formula = range.map(|range| format!("COUNTIFS({range},\"{status}\")"));
        let word = match texts.language() {
            Language::English => Cow::Owned(status),
            Language::French | Language::German => texts.title(Kind::FileStatus, &status),
        };
        page.text(0, &word)?;
        page.count(1, count, formula)?;
        page.next();
    }
    Ok(())
}

/// The columns of a table, for a reader.
fn said(page: &Page<'_>, columns: &'static [&'static str]) -> Vec<Cow<'static, str>> {
    let said = |column: &&'static str| page.said(Kind::Column, column);
    columns.iter().map(said).collect()
}

/// What the columns of a sheet add up to.
fn totals(page: &mut Page<'_>, sheet: &Sheet) -> Result<(), XlsxError> {
    let names = sheet.layout.totals;
    if names.is_empty() || sheet.rows == 0 {
        return Ok(());
    }
    let texts = page.texts;
    let title = texts.with("xlsx-totals", &[("sheet", Value::Text(sheet.layout.sheet))]);
    let mut columns = said(page, names);
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
    let currency = page.said(Kind::Column, "currency");
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
