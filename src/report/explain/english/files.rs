//! Sentences about input files and account statements.

use super::parts::{actual, capital, expected, file, gap, sender, statement, whom};
use crate::report::explain::Facts;

pub(super) fn report_missing(f: &Facts<'_>) -> String {
    let detail = &f.found.detail;
    let report = f.provider().map_or_else(
        || "The report".to_owned(),
        |name| format!("{name}'s report"),
    );
    let country = f
        .file()
        .and_then(|file| file.split_once(' '))
        .map_or_else(String::new, |(code, _)| {
            format!(" for {}", code.to_uppercase())
        });
    let missing = match (detail.count, detail.day, f.subject()) {
        (Some(count), _, Some(first)) if count > 1 => format!(
            "{count} reports of {}{country}, from number {first} on, are missing",
            whom(f)
        ),
        (_, Some(day), _) => format!("{report}{country} of {day} is missing"),
        (_, None, Some(number)) => format!("{report}{country} with number {number} is missing"),
        (_, None, None) => format!("{report} {} is missing", f.file().unwrap_or("of a day")),
    };
    format!(
        "{missing}: what it says is in no figure yet. Fetch it from {} and put it into the input \
         folder.",
        whom(f)
    )
}

pub(super) fn report_replaced(f: &Facts<'_>) -> String {
    let before = f
        .subject()
        .unwrap_or_else(|| "an earlier report of the same number".to_owned());
    format!(
        "{} replaces {before}: {} in all instead of {}. Only the new one counts; ask {} if the \
         correction was not announced.",
        capital(&file(f)),
        actual(f),
        expected(f),
        whom(f)
    )
}

pub(super) fn report_duplicate(f: &Facts<'_>) -> String {
    let before = f
        .subject()
        .unwrap_or_else(|| "a file that is stored already".to_owned());
    format!(
        "{} has the same content as {before} and was not read again. Nothing to do.",
        capital(&file(f))
    )
}

pub(super) fn report_rejected(f: &Facts<'_>) -> String {
    let reason = f
        .words()
        .map_or_else(String::new, |reason| format!(": {reason}"));
    format!(
        "{} was refused{reason}. Nothing of it counts; ask {} for a correct file.",
        capital(&file(f)),
        sender(f)
    )
}

pub(super) fn line_rejected(f: &Facts<'_>) -> String {
    let at = f
        .file()
        .map_or_else(|| "A row".to_owned(), |file| format!("Row {file}"));
    let why = match (f.subject(), f.words()) {
        (Some(column), Some(words)) => format!(": {column}: {words}"),
        (Some(column), None) => format!(": {column}"),
        (None, Some(words)) => format!(": {words}"),
        (None, None) => String::new(),
    };
    format!(
        "{at} could not be read{why}. It counts nowhere; ask {} for a corrected file.",
        sender(f)
    )
}

pub(super) fn statement_gap(f: &Facts<'_>) -> String {
    let before = f.subject().map_or_else(
        || "the one before".to_owned(),
        |statement| format!("the one before ({statement})"),
    );
    let day = f
        .found
        .detail
        .day
        .map_or_else(String::new, |day| format!(" on {day}"));
    format!(
        "{} opens with {}, {before} closed with {}{day}. Fetch the statement that is missing in \
         between from the bank.",
        capital(&statement(f)),
        actual(f),
        expected(f)
    )
}

pub(super) fn statement_unbalanced(f: &Facts<'_>) -> String {
    format!(
        "{} closes with {}, its opening balance and entries add up to {}: {} is not explained. \
         Fetch the statement from the bank again.",
        capital(&statement(f)),
        actual(f),
        expected(f),
        gap(f)
    )
}
