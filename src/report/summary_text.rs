//! What a person reads on the terminal when a run is over: what is wrong, how much, since when,
//! and where the report is.
//!
//! ```text
//! As of 2026-11-20: Short 1 204.50 EUR. Over 366.15 EUR. 3 new, 12 open.
//! Oldest: 41 days, PAYOUT_NOT_RECEIVED T77
//! ```
//!
//! "Open" is what somebody should act on: errors and warnings that are not resolved and that
//! nobody accepted. The lines of the table add up to what the headline counts; what is merely good to know,
//! accepted or resolved is counted below it, so that nothing is hidden.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use chrono::NaiveDate;

use super::headline::Headline;
use super::language::Texts;
use super::overview::{
    Overview, Tally, missing_reports, name_of, refused_files, unfetched_sources,
};
use super::words::Words;
use crate::domain::discrepancy::Discrepancy;
use crate::domain::file::FileStatus;
use crate::domain::outcome::{InputRow, ReportData};
use crate::domain::{Amount, Currency};

/// Names that a list shows; of the others there is only their number.
const NAMES_MAX: usize = 20;

/// The summary of a run, as plain text; `folder` is where the report is, when one was written.
pub fn summary_text(data: &ReportData, texts: Texts, folder: Option<&Path>) -> String {
    let mut lines = Vec::new();
    let overview = Overview::of(data);
    lines.push(headline(data, texts));
    if let Some(oldest) = &overview.oldest {
        lines.push(age_of(oldest, data.scope.as_of));
    }
    table(&overview, &mut lines);
    others(&overview, &mut lines);
    files(data, texts, &mut lines);
    if let Some(folder) = folder {
        lines.push(format!("Report: {}", folder.display()));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    // Names come from files: none of them may steer the terminal.
    text.replace(|c: char| c.is_control() && c != '\n', "?")
}

/// `1 204.50 EUR, 3.00 USD`; nothing where no amount is at stake.
fn amount_of(tally: &Tally) -> String {
    let texts: Vec<String> = tally
        .sums
        .iter()
        .filter(|(_, sum)| !sum.is_zero())
        .map(|(currency, sum)| grouped(*sum, *currency))
        .collect();
    texts.join(", ")
}

fn headline(data: &ReportData, texts: Texts) -> String {
    let as_of = data.scope.as_of;
    let scope = match data.scope.range {
        None => format!("As of {as_of}"),
        Some((from, to)) => format!("From {from} to {to}, as of {as_of}"),
    };
    let headline = Headline::of_report(data, texts);
    format!("{scope}: {}", headline.text(Words::of(&texts)))
}

/// `Oldest: 41 days, PAYOUT_NOT_RECEIVED T77`.
fn age_of(oldest: &Discrepancy, as_of: NaiveDate) -> String {
    let age = match oldest.age_days(as_of) {
        ..=0 => "since today".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    format!("Oldest: {age}, {} {}", oldest.code, name_of(oldest))
        .trim_end()
        .to_owned()
}

/// A line for each code, the most urgent first.
fn table(overview: &Overview, lines: &mut Vec<String>) {
    let by_code = &overview.by_code;
    if by_code.is_empty() {
        return;
    }
    lines.push(String::new());
    let mut line = |severity: &str, code: &dyn fmt::Display, rest: [String; 3]| {
        let [new, open, amount] = rest;
        let line = format!("  {severity:<8} {code:<28} {new:>5} {open:>5}  {amount}");
        lines.push(line.trim_end().to_owned());
    };
    let title = ["new", "open", "amount"].map(str::to_owned);
    line("", &"code", title);
    for ((severity, code), tally) in by_code {
        let rest = [
            tally.new.to_string(),
            tally.open.to_string(),
            amount_of(tally),
        ];
        line(severity.word(), code, rest);
    }
    lines.push(String::new());
}

/// What is in the report and not in the table.
fn others(overview: &Overview, lines: &mut Vec<String>) {
    let parts: Vec<String> = [
        (overview.for_information, "for information"),
        (overview.snoozed, "put aside"),
        (overview.accepted, "accepted"),
        (overview.resolved, "resolved"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if !parts.is_empty() {
        lines.push(format!("Besides: {}", parts.join(", ")));
    }
}

/// How many files, and by name those that are not there.
fn files(data: &ReportData, texts: Texts, lines: &mut Vec<String>) {
    let with = |status| {
        let rows = data.inputs.iter();
        rows.filter(move |row: &&InputRow| row.file.status == status)
    };
    let rows: u64 = with(FileStatus::Accepted).map(|row| row.file.rows).sum();
    let rejected: u64 = with(FileStatus::Accepted)
        .map(|row| row.file.rejected)
        .sum();
    let mut line = format!("Files: {} read", with(FileStatus::Accepted).count());
    for status in [
        FileStatus::Refused,
        FileStatus::Unread,
        FileStatus::Ignored,
        FileStatus::Duplicate,
    ] {
        let count = with(status).count();
        if count > 0 {
            line.extend([", ", &count.to_string(), " ", status.word()]);
        }
    }
    if rejected > 0 {
        let [rejected, rows] = [rejected, rows].map(|count| group(&count.to_string()));
        line.extend(["; ", &rejected, " of ", &rows, " rows rejected"]);
    }
    lines.push(line);
    list("Not fetched", unfetched_sources(data), lines);
    list("Refused", refused_files(data), lines);
    list("Missing", missing_reports(data, texts), lines);
}

fn list(title: &str, names: BTreeSet<String>, lines: &mut Vec<String>) {
    let more = names.len().saturating_sub(NAMES_MAX);
    for name in names.into_iter().take(NAMES_MAX) {
        let name = name.trim_end_matches([':', ' ']);
        lines.push(format!("  {title}: {name}"));
    }
    if more > 0 {
        lines.push(format!("  {title}: {more} more, see the report"));
    }
}

/// `1 204.50 EUR`.
fn grouped(amount: Amount, currency: Currency) -> String {
    format!(
        "{} {currency}",
        group(&amount.display(currency).to_string())
    )
}

/// Sets a blank between thousands of a number as the domain writes it.
fn group(number: &str) -> String {
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if let Some(decimals) = decimals {
        text.push('.');
        text.push_str(decimals);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::discrepancy::{Code, State};
    use crate::domain::language::Wording;
    use crate::report::sample;

    fn english() -> Texts {
        Texts::of(Wording::default())
    }

    #[test]
    fn a_bad_night_is_told_from_the_headline_to_the_names_of_the_files() {
        let text = summary_text(
            &sample::report_data(),
            english(),
            Some(Path::new("reports/2026-11-20")),
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_good_night_is_said_in_one_line() {
        let data = sample::empty_report_data();
        insta::assert_snapshot!(summary_text(&data, english(), None), @r"
        As of 2026-11-20: All is well: every book is complete and nothing is open.
        Files: 0 read
        ");
    }

    #[test]
    fn what_is_accepted_or_good_to_know_alarms_nobody() {
        let mut data = sample::empty_report_data();
        let mut accepted = sample::reported(sample::discrepancy(Code::AmountMismatch));
        accepted.state = State::Accepted;
        let info = sample::reported(sample::discrepancy(Code::CarryOver));
        data.discrepancies = [accepted, info].into_iter().collect();
        insta::assert_snapshot!(summary_text(&data, english(), None), @r"
        As of 2026-11-20: All is well: every book is complete and nothing is open.
        Besides: 1 for information, 1 accepted
        Files: 0 read
        ");
    }

    #[test]
    fn names_from_files_cannot_steer_the_terminal() {
        let mut data = sample::report_data();
        let renamed = data.discrepancies.iter().map(|mut reported| {
            reported.discrepancy.file = "\u{1b}[2Jx\r\n".to_owned();
            reported
        });
        data.discrepancies = renamed.collect();
        let text = summary_text(&data, english(), None);
        assert!(!text.contains(['\u{1b}', '\r']));
    }

    #[test]
    fn long_lists_of_missing_reports_are_cut() {
        let mut data = sample::empty_report_data();
        data.discrepancies = (0..25)
            .map(|number| {
                let mut found = sample::discrepancy(Code::ReportMissing);
                found.file = format!("fr #{number:02}");
                sample::reported(found)
            })
            .collect();
        let text = summary_text(&data, english(), None);
        assert_eq!(text.matches("Missing: Oney").count(), NAMES_MAX);
        assert!(text.ends_with("  Missing: 5 more, see the report\n"));
    }

    #[test]
    fn thousands_are_set_apart() {
        for (plain, text) in [
            ("0.05", "0.05"),
            ("999.00", "999.00"),
            ("1204.50", "1 204.50"),
            ("-1234567", "-1 234 567"),
        ] {
            assert_eq!(group(plain), text);
        }
    }
}
