//! `provider`: the remedy at the provider, only with `--yes`.

use std::io::Write;

use super::args::{ProviderArgs, ProviderCommand};
use super::{Environment, Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::provider_action::ProviderActionKind;
use crate::pipeline::remedy::{RemedyWish, remedy};

impl ProviderCommand {
    fn parts(&self) -> (ProviderActionKind, &ProviderArgs) {
        match self {
            Self::Confirm(args) => (ProviderActionKind::Confirm, args),
            Self::Cancel(args) => (ProviderActionKind::Cancel, args),
            Self::Capture(args) => (ProviderActionKind::Capture, args),
            Self::Refund(args) => (ProviderActionKind::Refund, args),
            Self::Deliver(args) => (ProviderActionKind::Deliver, args),
        }
    }
}

/// Says what it would do; with `--yes` does it and says what came of it.
pub(super) fn provider(
    command: &ProviderCommand,
    settings: &Settings,
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (kind, arguments) = command.parts();
    let user = super::decide::user_of(&arguments.actor, environment);
    let wish = RemedyWish {
        kind,
        order_reference: &arguments.order,
        provider: arguments.provider.as_deref(),
        amount: arguments.amount.as_deref(),
        reason: &arguments.reason,
        user: &user,
        yes: arguments.yes,
        repeat: arguments.repeat,
    };
    let clock = RunClock::start(None, settings.timezone);
    let place = location(settings);
    let remedied = wait(remedy(settings, &place, &wish, (environment, clock)))??;
    for line in &remedied.lines {
        writeln!(out, "{line}")?;
    }
    Ok(if remedied.is_good {
        Exit::Done
    } else {
        Exit::Failed
    })
}
