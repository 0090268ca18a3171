//! Bank statements: the format is recognised from the content, never from the name.

pub mod camt;
pub mod cfonb120;
pub mod coda;
mod export;
mod fixed_width;
mod format;
pub mod mt940;
pub mod norma43;
pub mod ofx;
#[cfg(test)]
mod testing;
mod zip;

pub use export::{ExportOptions, has_known_header, read_export, warning_of as export_warning};
pub(super) use export::{open as open_export, warning as header_warning};
pub use format::{StatementFormat, read, recognise};
