//! OFX: what money programs and the web pages of banks exchange, as SGML (1.x) and XML (2.x).
//!
//! Both are the same elements in angle brackets. In 1.x those with a value need no end tag, texts
//! hold bare `&` and `<`, and the file begins with a header of lines, or of one line, or with
//! none; so both are read by one tolerant [`tokens`] reader, which knows no grammar but tags and
//! texts. [`reader`] keeps track of the few elements that matter, and [`entry`] makes entries.
//!
//! Statements of OFX have no number and overlap as the user pleases: they are exports. There is no
//! opening balance, so they cannot be checked for adding up.
//!
//! A file is refused as a whole when an element that matters is not closed (the file is cut),
//! when a statement names no account, when the bank answers with an error, and when there is no
//! bank statement in it, but one of investments.
//!
//! Sources: OFX 1.0.2 to 2.1.1, and files of some twenty banks and programs.

mod entry;
mod reader;
#[cfg(test)]
mod tests;
mod tokens;

pub use reader::read;

/// Bytes of one text between two tags; the longest of the standard has 255 characters.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Bytes of one tag; longer ones are text with a `<` in it.
const TAG_BYTES_MAX: usize = 256;

/// Elements inside each other that matter; the standard has seven.
const DEPTH_MAX: usize = 32;

/// True when a file that begins with `head` is OFX.
pub fn is_format(head: &str) -> bool {
    let begins = head.trim_start().get(..9).map(str::to_ascii_uppercase);
    begins.is_some_and(|begins| begins == "OFXHEADER")
        || head.contains("<OFX>")
        || head.contains("<?OFX")
}
