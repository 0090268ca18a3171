//! Logs on stderr: texts for a person, or JSON for a machine.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::fmt::format::debug_fn;

use super::Environment;
use super::args::{Cli, LogFormat};
use super::terminal::{Harmless, log_fields};

/// Begins logging. Names of files, counts and sentences are logged; never secrets.
pub(super) fn start(cli: &Cli, environment: Environment<'_>) {
    let level = match (cli.quiet, cli.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, _) => "debug",
    };
    let filter = EnvFilter::new(format!("crp_recon={level},error"));
    let plain = environment("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colours = std::io::stderr().is_terminal() && !plain;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(colours)
        .with_target(false);
    // A second start (in tests) changes nothing.
    let started = match cli.log_format {
        LogFormat::Text => builder
            .without_time()
            .with_writer(std::io::stderr)
            .fmt_fields(debug_fn(log_fields).delimited(" "))
            .try_init(),
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_writer(|| Harmless::new(std::io::stderr()))
            .try_init(),
    };
    drop(started);
}
