//! Which statements and entries count, and whether the statements of an account hold together.
//!
//! A bank says the same thing more than once: a statement comes again in another format, an
//! intraday report is repeated by the booked statement, exports overlap. `counting` leaves each
//! movement once and gives it the id by which it is known over the nights, `batches` recognises a
//! batch by its total where another report splits it. `balances` checks
//! that each statement adds up and begins where the one before it ended.

mod balances;
mod batches;
mod counting;
#[cfg(test)]
mod tests;

pub use self::balances::statement_discrepancies;
pub use self::counting::{FileRank, Files, counting_entries, counting_statements};
