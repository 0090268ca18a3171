//! Bank statements: the format is recognised from the content, never from the name.

pub mod camt;
mod export;

pub(super) use export::open as open_export;
pub use export::{ExportOptions, has_known_header, read_export};
