//! Statements in records of fixed width, as banks wrote them before XML: CFONB 120, Norma 43, CODA.
//!
//! The formats share two things only: how a file falls into records, whatever became of its line
//! ends on the way ([`Records`]), and how digits become days and amounts ([`values`]). What a
//! record means is each format's own.

mod records;
#[cfg(test)]
pub(super) mod testing;
pub(super) mod values;

pub(super) use records::{Record, Records, columns, first_line};
