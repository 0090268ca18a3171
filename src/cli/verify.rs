//! `verify`: what providers say of the orders behind open discrepancies.

use std::io::Write;

use super::args::VerifyArgs;
use super::{Environment, Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::pipeline::verify::{self, Learnt, PassedOver, Said, Verified};

/// Asks, and prints what was learnt of each order.
pub(super) fn verify(
    arguments: &VerifyArgs,
    settings: &Settings,
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let clock = RunClock::start(None, settings.timezone);
    let place = location(settings);
    let with = (environment, clock);
    let verified = wait(verify::verify(settings, &place, &arguments.ids, with))??;
    for (provider, problem) in &verified.stopped {
        tracing::error!("{provider} is asked nothing more: {problem}");
    }
    if arguments.json {
        writeln!(out, "{:#}", verified.json())?;
    } else {
        tell(&verified, out)?;
    }
    Ok(if verified.has_failed() {
        Exit::Failed
    } else {
        Exit::Done
    })
}

/// Prints it for a person.
fn tell(verified: &Verified, out: &mut dyn Write) -> std::io::Result<()> {
    for learnt in &verified.learnt {
        writeln!(out, "{}", line(learnt))?;
    }
    if verified.learnt.is_empty() {
        writeln!(
            out,
            "No open discrepancy is about an order that a provider can be asked for."
        )?;
    }
    for PassedOver { id, code, why } in &verified.passed_over {
        writeln!(out, "not asked: {id} {code}: {why}")?;
    }
    for path in &verified.files {
        writeln!(out, "kept: {}; the next run reads it", path.display())?;
    }
    Ok(())
}

fn line(learnt: &Learnt) -> String {
    let codes: Vec<&str> = learnt.codes.iter().map(|code| code.word()).collect();
    let said = match &learnt.said {
        Said::Status(status) => status.clone(),
        Said::NotKnown => format!(
            "not known at {} (wrong reference, merchant or environment?)",
            learnt.provider
        ),
        Said::NotVerified(problem) => format!("not verified: {problem}"),
        Said::NotAsked => "not verified: not asked any more".to_owned(),
    };
    format!(
        "{} {} [{}]: {said}",
        learnt.provider,
        learnt.order_reference,
        codes.join(", ")
    )
}
