//! Telling that a night ran: a ping, metrics, webhooks.
//!
//! [`Bulletin`] is what is told, gathered once from the report: counts and sums, and no order, payout
//! or customer unless a webhook asks for details. [`metrics`] writes it for Prometheus, [`webhook`]
//! puts it into bodies; what is stored and repeated is decided by `pipeline::notify`.

mod bulletin;
pub mod http;
pub mod metrics;
pub mod webhook;

pub use bulletin::Bulletin;
