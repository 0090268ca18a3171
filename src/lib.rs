//! `crp-recon`: the nightly accounting reconciliation of a merchant that sells on credit.
//!
//! It reads what providers say they paid, what the shop says it sold and what the bank says
//! arrived, matches the three, remembers what is open, and reports exactly which euro is not
//! where it should be. `docs/ARCHITECTURE.md` draws the rooms below and the arrows between them.

pub mod answers;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod export;
pub mod facts;
pub mod files;
pub mod ingest;
pub mod mail;
pub mod matching;
pub mod notify;
pub mod pipeline;
pub mod providers;
pub mod report;
pub mod shop;
pub mod sources;
pub mod storage;
