//! From files to facts: what providers, the shop and the bank wrote, row by row.
//!
//! Every reader works the same way. [`text`] looks through the file once, [`table`] (or a
//! statement format) finds the beginning of the data, and the reader hands each row to a sink as
//! a fact or as a rejected row; so a file of any size passes through a few kilobytes. A row that
//! cannot be read is data too: it is rejected with its place, its value and what was expected,
//! and the others are taken. Only what would make every row wrong refuses the file.
//!
//! No database and no matching here; `pipeline` connects the sinks.

mod archive;
pub mod cells;
mod counts;
pub mod decisions;
mod describe;
pub mod e_financing;
mod error;
pub mod inbox;
pub mod infer;
pub mod oney_crp;
pub mod oney_status;
pub mod open_file;
pub mod orders;
pub mod original;
pub mod payone_status;
pub mod profile;
pub mod provider_events;
pub mod recognise;
mod rejected;
pub mod settlement;
pub mod statements;
pub mod table;
pub mod text;
pub mod unforeseen;
pub mod unified_settlement;
pub mod words;

pub use counts::RowCounts;
pub use describe::{Described, describe};
pub use error::{CellError, Refusal, RowError, Unread};
pub use rejected::Rejected;
