//! The binary as its users meet it: files in, reports and exit codes out.
//!
//! Every test owns a small company in a folder of its own ([`company`]), gives it files
//! ([`rows`]), runs nights and reads the reports ([`report`]). A module a capability.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails"
)]

mod archive;
mod bank_files;
mod bank_formats;
mod cases;
mod checker;
mod company;
mod crash;
mod damaged;
mod databases;
mod decisions;
mod evidence;
mod exit_codes;
mod export;
mod faults;
mod leftovers;
mod lists;
mod mail;
mod mangled_references;
mod nights;
mod notify;
mod open_items;
mod oracle;
mod orders_sql;
mod page;
mod payout_story;
mod provider_events;
mod providers;
mod received;
mod rejected_orders;
mod report;
mod rows;
mod samples;
mod schema;
mod settlement_profiles;
mod sources;
mod sqlite;
mod statements_truth;
mod storage_contract;
mod stored_damage;
mod story;
mod transactions;
mod upgrade;
mod waits;
mod xlsx;

/// Says on the real stderr, which the test harness does not swallow, that something was not tried.
fn skipped(why: &str) {
    let line = format!("SKIPPED: {why}\n");
    std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
}
