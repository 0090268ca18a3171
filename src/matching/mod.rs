//! The matching rules, pure: the same items, rules and as-of date give the same outcome.
//!
//! [`files`] says which files count. Then one module a leg: [`orders`] compares orders with
//! settlement lines and with where [`provider_status`] says that they stand, [`chargebacks`] tells
//! what was taken back from single transactions, [`payouts`] and [`statements`] compare what
//! providers say they paid with what the bank booked, [`completeness`] looks for reports that did
//! not come. [`coverage`] tells how far the books reach, before anything is called missing. [`balance`] proves that no euro was lost between them, and [`nights`] compares the
//! outcome with the recorded night before.
//! No clock, no file, no database: what is needed is handed in.

pub mod balance;
pub mod causes;
pub mod chargebacks;
pub mod completeness;
pub mod coverage;
pub mod files;
pub mod nights;
pub mod orders;
pub mod payouts;
pub mod provider_status;
pub mod statements;

#[cfg(test)]
mod tests;
