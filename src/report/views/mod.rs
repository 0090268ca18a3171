//! What the run found, as rows of the report's tables: one file a table.
//!
//! Each file holds the table's columns, exactly as the contract names and orders them, and a
//! function `cells` that turns one thing into one row. The number of cells is checked against
//! the number of columns by the compiler. Nothing is added up, filtered or sorted here: the rows
//! come as they are to be shown.

pub mod balance;
pub mod coverage;
pub mod discrepancies;
pub mod inputs;
pub mod orders;
pub mod payouts;
pub mod rejected;

#[cfg(test)]
mod tests;
