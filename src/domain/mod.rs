//! The words of the field as types: money, days, settlement lines, orders, statements, payouts
//! and discrepancies. Plain data and pure rules; no file, no database, no clock.
//!
//! The rooms around this one (`ingest`, `matching`, `storage`, `report`) know these types and not
//! each other; only `pipeline` sees them all.

pub mod accounts;
pub mod arena;
pub mod calendar;
pub mod cause;
pub mod coverage;
pub mod decision;
pub mod detail;
pub mod discrepancy;
pub mod family;
pub mod file;
pub mod finding;
mod first_form;
pub mod found;
pub mod hex;
pub mod language;
pub mod link;
pub mod money;
pub mod open_order;
pub mod order;
pub mod outcome;
pub mod outgoing_mail;
pub mod packed;
pub mod payout;
pub mod provider_action;
pub mod provider_event;
pub mod reference;
pub mod rules;
pub mod secret;
pub mod settlement;
pub mod source;
pub mod statement;
pub mod waits;

pub use money::{Amount, Currency, Money};
