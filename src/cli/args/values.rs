//! What is typed behind an option, as a value: or a sentence that says what was expected.

use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::config::ReportFormat;
use crate::domain::accounts::ExportFormat;
use crate::domain::decision::Resolution;
use crate::domain::discrepancy::{Code, Severity, State};
use crate::domain::file::InputKind;
use crate::pipeline::inquiry::list::AskedState;

/// Digits of a discrepancy's id.
const ID_DIGITS: usize = 12;

pub(super) fn resolution_parser() -> impl TypedValueParser<Value = Resolution> {
    word_parser(Resolution::ALL.map(Resolution::word), Resolution::from_word)
}

pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    Some(text)
        .filter(|text| text.len() == "2026-11-20".len())
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| "expected a day that exists, such as 2026-11-20".to_owned())
}

pub(super) fn discrepancy_id(text: &str) -> Result<String, String> {
    let id = text.trim().to_ascii_lowercase();
    if id.len() == ID_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(id);
    }
    Err(format!(
        "expected an id of {ID_DIGITS} hex digits, such as 3f0c2a9b17de; \
         `crp-recon discrepancies` lists them"
    ))
}

pub(super) fn sha256(text: &str) -> Result<String, String> {
    let digits = text.trim().to_ascii_lowercase();
    if digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(digits);
    }
    Err("expected the 64 hex digits of a SHA-256, as a mail shows them below".to_owned())
}

pub(super) fn sentence(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        Err("it is empty".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

pub(super) fn name(text: &str) -> Result<String, String> {
    let name = sentence(text)?;
    if name.chars().any(char::is_control) {
        return Err("a name has one line".to_owned());
    }
    Ok(name)
}

pub(super) fn kind_parser() -> impl TypedValueParser<Value = InputKind> {
    word_parser(InputKind::ALL.map(InputKind::word), InputKind::from_word)
}

pub(super) fn format_parser() -> impl TypedValueParser<Value = ReportFormat> {
    word_parser(
        ReportFormat::ALL.map(ReportFormat::word),
        ReportFormat::from_word,
    )
}

pub(super) fn export_parser() -> impl TypedValueParser<Value = ExportFormat> {
    word_parser(
        ExportFormat::ALL.map(ExportFormat::word),
        ExportFormat::from_word,
    )
}

pub(super) fn state_parser() -> impl TypedValueParser<Value = AskedState> {
    let words = std::iter::once(AskedState::OPEN).chain(State::ALL.map(State::word));
    word_parser(words, AskedState::from_word)
}

pub(super) fn severity_parser() -> impl TypedValueParser<Value = Severity> {
    word_parser(Severity::ALL.map(Severity::word), Severity::from_word)
}

pub(super) fn code_parser() -> impl TypedValueParser<Value = Code> {
    let words: Vec<_> = Code::ALL.iter().map(|code| code.word()).collect();
    word_parser(words, |word| Code::from_word(&word.to_ascii_uppercase()))
}

/// Takes the words that the domain knows and nothing else.
pub(super) fn word_parser<T: Clone + Send + Sync + 'static>(
    words: impl IntoIterator<Item = &'static str>,
    meaning: impl Fn(&str) -> Option<T> + Clone + Send + Sync + 'static,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words)
        .try_map(move |word| meaning(&word).ok_or("it is not one of the possible values"))
}
