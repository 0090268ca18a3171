//! Facts of legs 1 and 2 on their way from the database to the legs: one way from a stored row to
//! the case of an order.
//!
//! [`FactWriter`] stores the rows of files. [`FactBuffer`] holds packed rows in memory, by provider
//! and order reference. [`Cases`] gives one order after another with all its rows: those of some
//! references, or of all orders, in the order of the reports. [`Owners`] says which order an event
//! belongs to, [`LineOrders`] which one a line does where a person said so. [`lookup`] finds rows by reference and by transaction.

mod buffer;
mod cases;
mod line_orders;
pub mod lookup;
mod owner;
mod spill;
mod writer;

pub use buffer::{BufferRow, Case, FactBuffer, Mark, PackedRows};
pub use cases::{Cases, Known};
pub use line_orders::{AsWritten, LineOrders};
pub use owner::Owners;
pub use writer::{FactBatch, FactWriter};

#[cfg(test)]
mod tests;
