//! The two columns in which finance decides, and how the sheet tells to use them: a list to choose
//! from, a line of help beside the cell, and the whole story as a note at the header.
//!
//! `crp-recon decisions import` reads them back and understands the words of all languages.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Note, ObjectMovement, Worksheet, XlsxError,
};

use super::style::Styles;
use crate::report::language::{Texts, Value};

/// Digits that the two columns are wide.
pub(super) const WIDTHS: [u16; 2] = [13, 22];

/// Letters of a reason that are read back.
const REASON_LETTERS: u64 = 2_000;

/// The words that may be chosen, by the keys of their texts.
pub(super) const WORDS: [&str; 4] = [
    "xlsx-decision-accept",
    "xlsx-decision-reopen",
    "xlsx-decision-note",
    "xlsx-decision-assign",
];

/// Pixels of a note.
const NOTE_WIDTH: u32 = 460;
const NOTE_HEIGHT: u32 = 330;
const SMALL_NOTE_HEIGHT: u32 = 90;

/// Writes the names of the columns, while the header row may still be written to.
pub(super) fn header(
    sheet: &mut Worksheet,
    decision: u16,
    styles: &Styles,
    texts: Texts,
) -> Result<(), XlsxError> {
    let style = &styles.input_header;
    let titles = ["xlsx-decision-title", "xlsx-reason-title"].map(|key| texts.text(key));
    for (column, title) in (decision..).zip(titles) {
        sheet.write_string_with_format(0, column, title, style)?;
    }
    Ok(())
}

/// Makes the cells below the names ready for `rows` decisions.
pub(super) fn cells(
    sheet: &mut Worksheet,
    (decision, rows): (u16, u32),
    styles: &Styles,
    texts: Texts,
) -> Result<(), XlsxError> {
    let reason = decision.saturating_add(1);
    let note = |text: &str, height| {
        Note::new(text)
            .set_author("crp-recon")
            .add_author_prefix(false)
            .set_width(NOTE_WIDTH)
            .set_height(height)
            .set_object_movement(ObjectMovement::DontMoveOrSizeWithCells)
    };
    let help = texts.text("xlsx-decision-help");
    let letters = [("letters", Value::Count(REASON_LETTERS))];
    let about_reason = texts.with("xlsx-reason-help", &letters);
    let [decision_width, reason_width] = WIDTHS;
    sheet
        .set_column_width(decision, decision_width)?
        .set_column_width(reason, reason_width)?
        .set_column_format(decision, &styles.input)?
        .set_column_format(reason, &styles.input)?
        .insert_note(0, decision, &note(&help, NOTE_HEIGHT))?
        .insert_note(0, reason, &note(&about_reason, SMALL_NOTE_HEIGHT))?;
    if rows > 0 {
        let words = WORDS.map(|key| texts.text(key).into_owned());
        // A warning and no refusal: `assign: lea` is no word of the list and may be written.
        let choice = DataValidation::new()
            .allow_list_strings(&words)?
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_title(texts.text("xlsx-decision-title"))?
            .set_error_message(texts.text("xlsx-decision-wrong"))?
            .set_input_title(texts.text("xlsx-decision-title"))?
            .set_input_message(texts.text("xlsx-decision-prompt"))?;
        sheet.add_data_validation(1, decision, rows, decision, &choice)?;
    }
    Ok(())
}
