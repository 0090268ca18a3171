//! Answers as plain text: aligned, readable on a terminal and in a ticket.

use chrono::NaiveDate;

use super::dossier::{Dossier, List, OriginalRow, Part, place};
use super::list::Listed;
use crate::domain::Currency;
use crate::domain::cause::Causes;
use crate::domain::discrepancy::ReportedDiscrepancy;
use crate::ingest::original::Original;
use crate::report::explain;
use crate::report::language::Texts;
use crate::report::overview::name_of;
use crate::report::table::Cell;

/// Rows of a list that are drawn; `--json` has them all.
const ROWS_MAX: usize = 100;

/// Columns after which a sentence goes on in the next line.
const WIDTH: usize = 100;

/// Names come from files: none of them may steer the terminal.
fn harmless(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n', "?")
}

/// Everything known of a reference.
pub fn dossier(dossier: &Dossier) -> String {
    let mut lines = Vec::new();
    for part in &dossier.parts {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        draw_part(part, dossier, &mut lines);
    }
    match dossier.as_of {
        Some(day) => lines.push(format!("\nSeen from {day}, the latest recorded night.")),
        None => lines.push(
            "\nNo night is recorded yet: `crp-recon run` tells whether it is as it should be."
                .to_owned(),
        ),
    }
    let mut text = lines.join("\n");
    text.push('\n');
    harmless(&text)
}

fn draw_part(part: &Part, dossier: &Dossier, lines: &mut Vec<String>) {
    let as_of = dossier.as_of;
    let texts = Texts::of(dossier.wording);
    lines.push(part.title.clone());
    if !part.story.is_empty() {
        wrap(&part.story, 2, lines);
        lines.push(String::new());
    }
    // Of a discrepancy itself the facts say the rest.
    let is_itself = part.what == "discrepancy";
    if let Some(as_of) = as_of.filter(|_| is_itself) {
        let explain = |found: &ReportedDiscrepancy| explain(&found.discrepancy, as_of, texts);
        let sentences = part.discrepancies.iter().map(explain);
        sentences.for_each(|sentence| wrap(&sentence, 2, lines));
        lines.push(String::new());
    }
    let is_amount = |cell: &Cell<'_>| matches!(cell, Cell::Amount(..));
    let has_amounts = part.facts.iter().any(|(_, cell)| is_amount(cell));
    let facts: Vec<(String, String)> = part
        .facts
        .iter()
        .filter(|(name, _)| !has_amounts || *name != "currency")
        .filter(|(_, cell)| !is_empty(cell))
        .map(|(name, cell)| (words(name), drawn_with_currency(cell)))
        .collect();
    draw_pairs(&facts, 2, lines);
    if let Some(as_of) = as_of.filter(|_| !is_itself && !part.discrepancies.is_empty()) {
        lines.push("\n  Discrepancies".to_owned());
        let drawing = Drawing {
            as_of,
            texts,
            causes: &dossier.causes,
            indent: 4,
        };
        drawing.all(&part.discrepancies, lines);
    }
    for list in &part.lists {
        lines.push(format!("\n  {}", heading(&words(list.name))));
        draw_list(list, &part.facts, 4, lines);
    }
    for original in &part.originals {
        draw_original(original, lines);
    }
}

fn draw_original(original: &OriginalRow, lines: &mut Vec<String>) {
    let source = place(&original.source.file, original.source.line);
    match &original.row {
        Ok(Original::Columns(columns)) => {
            lines.push(format!("\n  The row {source}, as it stands in the file"));
            let named: Vec<(String, String)> = columns
                .iter()
                .map(|(name, value)| (format!("{name}:"), one_line(value)))
                .collect();
            draw_pairs(&named, 4, lines);
        }
        Ok(Original::Raw(raw)) => {
            lines.push(format!("\n  The row {source}, as it stands in the file"));
            lines.push(format!("    {}", one_line(raw)));
        }
        Err(problem) => wrap(&format!("The row {source}: {problem}."), 2, lines),
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Discrepancies one after the other: a line of figures, and the sentence below it.
pub(super) fn discrepancies(listed: &Listed) -> String {
    let (found, as_of) = (&listed.discrepancies, listed.as_of);
    let mut lines = Vec::new();
    let drawing = Drawing {
        as_of,
        texts: Texts::of(listed.wording),
        causes: &listed.causes,
        indent: 0,
    };
    drawing.all(found, &mut lines);
    lines.push(match found.len() {
        0 => format!("No discrepancy of this kind as of {as_of}."),
        1 => format!("\n1 discrepancy as of {as_of}."),
        count => format!("\n{count} discrepancies as of {as_of}."),
    });
    let mut text = lines.join("\n");
    text.push('\n');
    harmless(&text)
}

const DISCREPANCY_COLUMNS: [&str; 12] = [
    "id",
    "state",
    "severity",
    "code",
    "provider",
    "subject",
    "expected",
    "actual",
    "difference",
    "",
    "age",
    "assignee",
];

/// How discrepancies are drawn.
struct Drawing<'d> {
    as_of: NaiveDate,
    texts: Texts,
    causes: &'d Causes,
    indent: usize,
}

impl Drawing<'_> {
    fn all(&self, all: &[ReportedDiscrepancy], lines: &mut Vec<String>) {
        let rows: Vec<Vec<String>> = all.iter().map(|one| self.row(one)).collect();
        let right = [6, 7, 8, 10];
        let drawn = align(&DISCREPANCY_COLUMNS, &rows, &right, self.indent);
        let mut drawn = drawn.into_iter();
        lines.extend(drawn.next().filter(|_| !all.is_empty()));
        for (line, reported) in drawn.zip(all) {
            lines.push(line);
            let found = &reported.discrepancy;
            let inner = self.indent.saturating_add(4);
            wrap(&explain(found, self.as_of, self.texts), inner, lines);
            if let Some(cause) = self.causes.cause_of(found.identity()) {
                wrap(&format!("Explained by {cause}."), inner, lines);
            }
            if !reported.note.is_empty() {
                wrap(&format!("Note: {}", reported.note), inner, lines);
            }
        }
    }

    fn row(&self, reported: &ReportedDiscrepancy) -> Vec<String> {
        let found = &reported.discrepancy;
        let currency = found.currency.unwrap_or(Currency::EUR);
        let amount = |amount| drawn(&Cell::amount(amount, currency));
        let amounts = [found.expected, found.actual, found.difference()];
        let any = amounts.iter().any(Option::is_some);
        let code = found.currency.filter(|_| any);
        let [expected, actual, difference] = amounts.map(amount);
        vec![
            reported.id.clone(),
            reported.state.word().to_owned(),
            found.severity.word().to_owned(),
            found.code.word().to_owned(),
            found.provider.clone(),
            name_of(found).to_owned(),
            expected,
            actual,
            difference,
            code.map(|code| code.to_string()).unwrap_or_default(),
            found.age_days(self.as_of).to_string(),
            reported.assignee.clone(),
        ]
    }
}

/// A column that nobody filled, or that only repeats a name above it, says nothing.
fn says_something(list: &List, facts: &[(&str, Cell<'_>)], column: usize) -> bool {
    let cells = || list.rows.iter().filter_map(|row| row.get(column));
    let name = list.columns.get(column).copied().unwrap_or_default();
    let repeats = facts
        .iter()
        .filter(|(fact, value)| *fact == name && matches!(value, Cell::Text(_)))
        .any(|(_, value)| cells().all(|cell| cell == value));
    cells().any(|cell| !is_empty(cell)) && !repeats
}

fn draw_list(list: &List, facts: &[(&str, Cell<'_>)], indent: usize, lines: &mut Vec<String>) {
    let kept = (0..list.columns.len()).filter(|column| says_something(list, facts, *column));
    let kept: Vec<usize> = kept.collect();
    let names: Vec<String> = kept
        .iter()
        .map(|at| words(list.columns.get(*at).copied().unwrap_or_default()))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let shown = list.rows.iter().take(ROWS_MAX);
    let rows: Vec<Vec<String>> = shown
        .map(|row| {
            kept.iter()
                .map(|at| row.get(*at).map_or(String::new(), drawn))
                .collect()
        })
        .collect();
    let is_number = |at: &usize| {
        let cell = |row: &Vec<Cell<'static>>| {
            matches!(row.get(*at), Some(Cell::Amount(..) | Cell::Integer(_)))
        };
        list.rows.iter().any(cell)
    };
    let right: Vec<usize> = (0..)
        .zip(&kept)
        .filter(|(_, at)| is_number(at))
        .map(|(column, _)| column)
        .collect();
    // The heading names a single column.
    let without_names = usize::from(kept.len() == 1);
    lines.extend(
        align(&names, &rows, &right, indent)
            .into_iter()
            .skip(without_names),
    );
    let left = list.rows.len().saturating_sub(ROWS_MAX);
    if left > 0 {
        let indent = " ".repeat(indent);
        lines.push(format!("{indent}… and {left} more; --json has them all"));
    }
}

/// A table without lines: names above, two blanks between columns, numbers at the right.
pub(super) fn align(
    names: &[&str],
    rows: &[Vec<String>],
    right: &[usize],
    indent: usize,
) -> Vec<String> {
    let head: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let all = || std::iter::once(&head).chain(rows);
    let width = |column: usize| {
        let cells = all().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let draw = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, width))| {
                let width = *width;
                if right.contains(&column) {
                    format!("{cell:>width$}")
                } else {
                    format!("{cell:<width$}")
                }
            });
        let line = cells.collect::<Vec<_>>().join("  ");
        format!("{}{}", " ".repeat(indent), line)
            .trim_end()
            .to_owned()
    };
    all().map(draw).collect()
}

fn draw_pairs(pairs: &[(String, String)], indent: usize, lines: &mut Vec<String>) {
    let width = pairs
        .iter()
        .map(|(name, _)| name.chars().count())
        .max()
        .unwrap_or(0);
    let indent = " ".repeat(indent);
    for (name, value) in pairs {
        let line = format!("{indent}{name:<width$}  {value}");
        lines.push(line.trim_end().to_owned());
    }
}

/// A sentence in lines of [`WIDTH`], all indented; a word is never cut.
fn wrap(text: &str, indent: usize, lines: &mut Vec<String>) {
    let blank = " ".repeat(indent);
    let mut line = String::new();
    for word in text.split_whitespace() {
        let length = indent + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && length > WIDTH {
            lines.push(format!("{blank}{line}"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(format!("{blank}{line}"));
    }
}

fn is_empty(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.is_empty(),
        Cell::Amount(..) | Cell::Date(_) | Cell::Integer(_) => false,
    }
}

fn drawn(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => one_line(text),
        Cell::Amount(amount, currency) => amount.display(*currency).to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Integer(number) => number.to_string(),
    }
}

fn drawn_with_currency(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Amount(amount, currency) => format!("{} {currency}", amount.display(*currency)),
        Cell::Empty | Cell::Text(_) | Cell::Date(_) | Cell::Integer(_) => drawn(cell),
    }
}

/// A column's name as words.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// With a capital letter.
fn heading(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Amount;
    use crate::domain::discrepancy::{Code, Discrepancy, Source, State};
    use crate::domain::language::Wording;
    use crate::pipeline::inquiry::dossier;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn euros(minor: i64) -> Cell<'static> {
        Cell::Amount(Amount::from_minor(minor), Currency::EUR)
    }

    fn mismatch() -> ReportedDiscrepancy {
        let key = vec!["oney".to_owned(), "WEB-1042".to_owned()];
        let found = Discrepancy {
            provider: "oney".to_owned(),
            order_reference: "WEB-1042".to_owned(),
            currency: Some(Currency::EUR),
            expected: Some(Amount::from_minor(20_000)),
            actual: Some(Amount::from_minor(18_000)),
            ..Discrepancy::new(Code::AmountMismatch, key, day("2026-11-16"))
        };
        ReportedDiscrepancy {
            id: found.id(),
            state: State::New,
            first_seen: Some(day("2026-11-20")),
            assignee: "Bob".to_owned(),
            note: String::new(),
            discrepancy: found,
        }
    }

    fn part() -> Part {
        let mut part = Part::new("order", "Order WEB-1042, Oney".to_owned());
        part.facts = vec![
            ("order_reference", dossier::text("WEB-1042")),
            ("currency", dossier::text("EUR")),
            ("amount", euros(20_000)),
            ("product", dossier::text("")),
        ];
        part
    }

    fn drawn_part(part: Part) -> String {
        dossier(&Dossier {
            reference: "WEB-1042".to_owned(),
            as_of: Some(day("2026-11-20")),
            wording: Wording::default(),
            causes: Causes::default(),
            parts: vec![part],
        })
    }

    #[test]
    fn facts_are_aligned_amounts_have_their_currency_and_the_unknown_is_left_out() {
        assert_eq!(
            drawn_part(part()),
            "Order WEB-1042, Oney\n\
             \x20 order reference  WEB-1042\n\
             \x20 amount           200.00 EUR\n\
             \n\
             Seen from 2026-11-20, the latest recorded night.\n"
        );
    }

    #[test]
    fn a_list_leaves_out_empty_columns_and_names_that_stand_above_it() {
        let mut part = part();
        let row = |place: &str, minor| {
            let name = dossier::text("WEB-1042");
            vec![dossier::text(place), name, euros(minor), Cell::Empty]
        };
        let rows = vec![row("a.csv:2", 20_000), row("a.csv:17", -500)];
        let columns = &["source", "order_reference", "gross", "product"];
        part.list("settlement_lines", columns, rows);
        let text = drawn_part(part);
        let expected = "\n  Settlement lines\n\
                        \x20   source     gross\n\
                        \x20   a.csv:2   200.00\n\
                        \x20   a.csv:17   -5.00\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn a_long_list_says_how_much_is_left_out() {
        let mut part = part();
        let rows = (0..250_u32).map(|line| vec![dossier::text(format!("a.csv:{line}"))]);
        part.list("sources", &["source"], rows.collect());
        let text = drawn_part(part);
        assert!(
            text.contains("a.csv:99\n    … and 150 more; --json has them all\n"),
            "{text}"
        );
        assert!(!text.contains("a.csv:100"), "{text}");
    }

    #[test]
    fn the_sentence_stands_below_the_figures_of_a_discrepancy() {
        let found = mismatch();
        let listed = |discrepancies| Listed {
            as_of: day("2026-11-20"),
            wording: Wording::default(),
            discrepancies,
            causes: Causes::default(),
        };
        let text = discrepancies(&listed(vec![found.clone()]));
        let lines: Vec<&str> = text.lines().collect();
        let id = found.id;
        let figures = format!(
            "{id}  new    error     AMOUNT_MISMATCH  oney      WEB-1042    200.00  180.00      \
             -20.00  EUR    4  Bob"
        );
        assert_eq!(lines[1], figures);
        assert!(
            lines[2].starts_with("    Oney reported 180.00 EUR"),
            "{text}"
        );
        assert!(
            text.ends_with("\n\n1 discrepancy as of 2026-11-20.\n"),
            "{text}"
        );
        let nothing = discrepancies(&listed(Vec::new()));
        assert_eq!(nothing, "No discrepancy of this kind as of 2026-11-20.\n");
    }

    #[test]
    fn an_original_row_is_shown_whole_or_said_to_be_gone() {
        let mut part = part();
        let source = |line| Source {
            file: "a.csv".to_owned(),
            line,
        };
        let columns = vec![("Montant".to_owned(), "12,50".to_owned())];
        part.originals = vec![
            OriginalRow {
                source: source(2),
                row: Ok(Original::Columns(columns)),
            },
            OriginalRow {
                source: source(3),
                row: Err("the file has no such row".to_owned()),
            },
        ];
        let text = drawn_part(part);
        let row = "  The row a.csv:2, as it stands in the file\n    Montant:  12,50\n";
        assert!(text.contains(row), "{text}");
        assert!(
            text.contains("  The row a.csv:3: the file has no such row.\n"),
            "{text}"
        );
    }

    #[test]
    fn names_from_files_cannot_steer_the_terminal() {
        let mut part = part();
        part.facts
            .push(("merchant", dossier::text("\u{1b}[31mred\u{7}\nline")));
        let text = drawn_part(part);
        assert!(text.contains("merchant         ?[31mred? line\n"), "{text}");
    }

    #[test]
    fn sentences_are_wrapped_between_words() {
        let mut lines = Vec::new();
        wrap(&"word ".repeat(30), 4, &mut lines);
        assert_eq!(lines.len(), 2);
        assert!(
            lines
                .iter()
                .all(|line| line.chars().count() <= WIDTH && line.ends_with("word"))
        );
    }
}
