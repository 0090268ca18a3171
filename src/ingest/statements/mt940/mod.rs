//! MT940 (and MT942): the statement of the SWIFT network, and the text that banks hand out as it.
//!
//! A file is a sequence of fields `:tag:value`; a value goes on until the next line that begins
//! with a tag. The blocks of the network (`{1:…}{2:…}{4:` … `-}`) may stand around a message or
//! be missing, and so may anything before it: banks deliver the bare text, with header lines of
//! their own, or with `@@` for line ends (HBCI).
//!
//! A file goes through these hands, one field at a time:
//!
//! 1. [`lines`] gives the lines with their numbers.
//! 2. [`reader`] finds the fields, and where messages begin and end.
//! 3. [`transaction`] reads `:61:`, [`balance`] the balances, [`account`] the account of `:25:`;
//!    [`statement`] puts together what belongs together, [`open`] makes entries of it.
//! 4. [`information`] makes names, references and remittance of `:86:`, whose insides each
//!    country writes in its own way ([`german`] sub-fields, [`dutch`] keys, free text).
//!
//! A statement over several messages (pages) is one [`Statement`] a page: intermediate balances
//! link them, so each page adds up for itself and the next one continues it.
//!
//! A file is refused as a whole when a statement has no account, no opening balance or ends
//! before its closing balance: then the file is cut, and nobody can tell what is missing.
//!
//! MT942 is the report during the day. It has no booked balances; its entries are those of an
//! intraday report, except the expected ones (`EC`, `ED`), which are not booked.
//!
//! Sources: the field specifications of SWIFT category 9, DFÜ-Abkommen Anlage 3 (field 86), and
//! what some hundred files of European banks do with them.
//!
//! [`Statement`]: crate::domain::statement::Statement

mod account;
mod balance;
mod dutch;
mod german;
mod information;
mod lines;
mod open;
mod original;
mod pieces;
mod reader;
mod statement;
#[cfg(test)]
mod tests;
mod transaction;

pub(in crate::ingest) use original::rows;
pub use reader::read;

/// Bytes of one line; the standard allows 65 characters, banks write some hundred.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// Bytes of one field with all its lines.
const FIELD_BYTES_MAX: usize = 64 * 1024;

/// Bytes of what an entry's `:86:` fields say together.
const ENTRY_BYTES_MAX: usize = 256 * 1024;

/// What banks write in the place of a reference.
const NO_REFERENCE: [&str; 4] = ["NONREF", "NOREF", "NOTPROVIDED", "NOTPROVIDE"];

/// True when a text is there and refers to something.
fn is_reference(text: &str) -> bool {
    let is_none = |none: &str| none.eq_ignore_ascii_case(text);
    !text.is_empty() && !NO_REFERENCE.into_iter().any(is_none)
}

/// True when a file that begins with `head` is an MT940 or MT942 message, or a piece of one: what
/// looks like one is refused rather than overlooked.
pub fn is_format(head: &str) -> bool {
    const FIRST: [&str; 8] = [
        ":20:", ":25:", ":28C:", ":60F:", ":60M:", ":61:", ":62F:", ":62M:",
    ];
    let begins = |line: &str| FIRST.iter().any(|tag| line.starts_with(tag));
    let text = head.trim_start();
    ["{1:", "{2:", "{4:"]
        .iter()
        .any(|block| text.starts_with(block))
        || head.lines().flat_map(|line| line.split("@@")).any(begins)
}
