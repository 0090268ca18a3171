//! camt.052, camt.053 and camt.054: what a bank tells its customer in ISO 20022 XML.
//!
//! 052 is the intraday report, 053 the statement, 054 the notification. All versions (01 to 14)
//! are read alike: elements are known by their local names, whatever the prefix, the namespace
//! or the envelope around the message, because banks agree on the names only.
//!
//! A file goes through four hands, and none of them ever holds it as a whole:
//!
//! 1. [`source`] turns its bytes into UTF-8 in portions, and remembers the place.
//! 2. [`reader`] walks the XML events. It asks [`schema`] what each element means, and puts the
//!    texts that matter into a small [`record`], one for the statement's heading, one for a
//!    balance, one for an entry; they are emptied and used again.
//! 3. [`entry`] makes booked entries, or a rejected row, of an entry's record at its end tag.
//! 4. [`statement`] makes the [`Statement`](crate::domain::statement::Statement) of the heading
//!    and the balances at the statement's end tag.
//!
//! A file is refused as a whole when its XML is damaged or cut off, even after complete
//! statements: nobody can tell what is missing. It is refused as well when it holds a document
//! type, an entity of its own, a balance that cannot be read, or a statement without account.
//!
//! Sources: the ISO 20022 message definitions camt.052/053/054.001.02 to .14 and the usage of
//! some hundred files of European banks.

mod entry;
mod identify;
mod reader;
mod record;
mod reversals;
mod schema;
mod source;
mod statement;
#[cfg(test)]
mod tests;

pub use identify::{HEAD_BYTES, XmlKind, identify};
pub use reader::read;

/// Levels of elements; the deepest of the standard is below 25, an envelope adds a few.
const DEPTH_MAX: usize = 64;

/// Bytes of one tag, one comment or one uninterrupted text.
const MARKUP_BYTES_MAX: usize = 1024 * 1024;

/// Bytes of one value; the longest of the standard has 500 characters.
const VALUE_BYTES_MAX: usize = 64 * 1024;

/// Details of one entry: 99,999 is the most that a bank announces to put into one.
const DETAILS_MAX: usize = 100_000;

/// Values of one entry with all its details.
const VALUES_MAX: usize = 2_000_000;

/// Values of a heading, of a balance, or of an entry itself without its details.
const OWN_VALUES_MAX: usize = 1_000;

/// Bytes of the values of one entry with all its details.
const RECORD_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Booked balances of one statement; the standard asks for two, pages may add some.
const BALANCES_MAX: usize = 1_000;

/// What makes the whole file unreadable: the sentence's middle, to which the place is added.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault(String);

impl Fault {
    fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}
