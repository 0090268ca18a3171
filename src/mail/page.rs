//! A sheet as HTML that mail programs show: tables, inline style, no script, nothing fetched.
//!
//! Outlook draws HTML with Word and Gmail drops style sheets, so the layout is nested tables with
//! their style on each cell, one column of at most 600 pixels that also fits a phone.

use askama::Template;

use super::plain::pieces;
use super::sheet::{Closing, Mood, Sheet};
use crate::domain::discrepancy::Severity;

#[derive(Template)]
#[template(path = "digest.html")]
struct Page<'a> {
    sheet: &'a Sheet,
    closing: &'a Closing,
    headline: String,
    first: Vec<String>,
    /// What mail programs show beside the subject in their list.
    preview: &'a str,
}

/// The page; `None` when the template fails, which it does not.
pub(super) fn html(sheet: &Sheet, closing: &Closing) -> Option<String> {
    let preview = sheet.first.lines.first().unwrap_or(&sheet.besides);
    let page = Page {
        sheet,
        closing,
        headline: unbroken(&sheet.headline),
        first: sheet
            .first
            .lines
            .iter()
            .map(|line| unbroken(line))
            .collect(),
        preview,
    };
    page.render().ok()
}

impl Mood {
    /// The colour that says it: those of the report's page.
    fn colour(self) -> &'static str {
        match self {
            Self::Well => "#1c6a41",
            Self::Is(Severity::Error) => "#a3262c",
            Self::Is(Severity::Warning) => "#875400",
            Self::Is(Severity::Info) => "#4b5b70",
        }
    }
}

/// A sentence in which no number is broken between its thousands, or before its currency.
fn unbroken(sentence: &str) -> String {
    pieces(sentence)
        .iter()
        .map(|piece| piece.replace(' ', "\u{a0}"))
        .collect::<Vec<_>>()
        .join(" ")
}
