//! The digest mail: what a person has to know of a night, and how it reaches them.
//!
//! 1. [`Digest`] gathers in one walk through the discrepancies what is to be said: the same
//!    figures as on the page, and of each part only the few that come first.
//! 2. [`Sheet`] puts it into words of a language, once. [`plain`] and [`page`] draw the same sheet
//!    as text and as HTML, so both hold the same numbers. None of these three opens a file.
//! 3. [`letter`] makes a message of it (RFC 5322): headers, both forms, attachments. The same
//!    sheet gives the same content, and with it the same `Message-ID`; the `Date` is not part of it.
//! 4. [`transport`] hands a message over, to a mail server or as a file into a folder, and says of
//!    each recipient what became of it.
//!
//! Between 3 and 4 the message lies in the database (`storage::outbox`), which `pipeline` looks
//! after: this room neither knows what was sent before nor who is alerted about what.
//!
//! Values come from files of others. In HTML they are escaped by `askama`; everywhere they are one
//! line without control characters, cut to a bound, and none of them is in a header but the name
//! of an assignee, which is encoded.

pub mod address;
mod digest;
mod items;
pub mod letter;
mod page;
mod plain;
mod sheet;
#[cfg(test)]
mod tests;
pub mod transport;

pub use address::{AddressError, Mailbox};
pub use digest::{Digest, Subject};
pub use letter::{Attachment, Letter};
pub use sheet::{Closing, Place, Sheet};
pub use transport::{Failure, Parcel, SmtpAccount, Transport, Verdict};
