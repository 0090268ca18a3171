//! Renderers: one a format. They draw what they are given and decide nothing.
//!
//! The writer hands every row of every table to every renderer, in one pass. A renderer that
//! can, writes it at once (CSV); one that needs the whole takes what it needs at the end, from
//! [`ReportData`] through the views (JSON). A page or a workbook is one more file here, one more
//! [`Format`](crate::report::Format), and nothing else changes.

pub mod csv;
pub mod html;
pub mod json;
pub mod xlsx;

use super::write::ReportError;
use crate::domain::outcome::ReportData;
use crate::report::table::{Cell, TableSpec};

/// Draws the tables of one report in one format, into the folder that it was made with.
pub trait Renderer: Send {
    /// A table begins: until the next one, all rows are its own.
    ///
    /// # Errors
    /// When its file cannot be made, or the one before cannot be completed.
    fn begin(&mut self, _table: &TableSpec) -> Result<(), ReportError> {
        Ok(())
    }

    /// One row of the table that has begun, with a cell for each of its columns.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, _cells: &[Cell<'_>]) -> Result<(), ReportError> {
        Ok(())
    }

    /// True for what people look at: discrepancies come by urgency, each under what explains it, and
    /// not in the order of the tables for programs.
    fn is_by_urgency(&self) -> bool {
        false
    }

    /// All rows have been given. After this everything of the format is on the disk.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(&mut self, data: &ReportData) -> Result<(), ReportError>;
}
