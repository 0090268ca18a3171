//! The command line: one file a command, results on stdout, everything else on stderr.

pub mod args;
mod audit;
mod check;
mod decide;
mod discrepancies;
mod exit;
mod export;
mod fetch;
mod ingest;
pub mod init;
mod logging;
mod profile;
mod progress;
mod provider;
mod report;
mod run;
mod runs;
mod show;
mod terminal;
mod verify;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Context as _;
use args::{Cli, Command, DecisionsCommand};
use decide::Typed;
pub use exit::Exit;
use terminal::Harmless;

use crate::config::{self, DatabaseUrl, Settings};
use crate::domain::decision::Action;
use crate::report::render::xlsx::print_no_guarded_panic;
use crate::storage::{DatabaseLocation, PostgresServer};

/// Reads one variable of the environment.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// Why a command failed, with the exit code that it has.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    error: anyhow::Error,
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        Self {
            exit: Exit::of_error(&error),
            error,
        }
    }
}

/// Runs one command.
pub fn main(words: impl Iterator<Item = OsString>, environment: Environment<'_>) -> ExitCode {
    let cli = match Cli::parse_checked(words) {
        Ok(cli) => cli,
        Err(error) => {
            let said = error.render().to_string();
            // Where stderr is closed there is nobody left to tell.
            drop(
                if said.lines().any(|line| terminal::one_line(line) != line) {
                    Harmless::new(std::io::stderr()).write_all(said.as_bytes())
                } else {
                    error.print()
                },
            );
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    logging::start(&cli, environment);
    print_no_guarded_panic();
    let stdout = std::io::stdout().lock();
    // A journal goes to another program, byte for byte.
    let mut out: Box<dyn Write> = if matches!(cli.command, Command::Export(_)) {
        Box::new(stdout)
    } else {
        Box::new(Harmless::new(stdout))
    };
    let done = run_command(&cli, environment, &mut out);
    let done = done.and_then(|exit| written(&cli.command, out.flush()).map(|()| exit));
    match done {
        Ok(exit) => exit.into(),
        // A reader that has seen enough (`| head`) closes the pipe: that is no failure.
        Err(failure) if is_closed_pipe(&failure.error) => Exit::Done.into(),
        Err(failure) => {
            tracing::error!("{:#}", failure.error);
            failure.exit.into()
        }
    }
}

/// Whether the last bytes of the output found room. A night is recorded and reported all the same.
fn written(command: &Command, flushed: std::io::Result<()>) -> Result<(), Failure> {
    let told = flushed.context("the output could not be written to its end; check the disk");
    match (command, told) {
        (Command::Run(_), Err(error)) => tracing::warn!("{error:#}"),
        (_, told) => told?,
    }
    Ok(())
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run_command(
    cli: &Cli,
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let settings = || config::load(&cli.config, environment);
    let decide_on = |typed: &Typed<'_>, out: &mut dyn Write| {
        let settings = config::load(&cli.config, environment)?;
        decide::decide(typed, &settings, environment, out)
    };
    match &cli.command {
        Command::Init(arguments) => {
            init::init(&arguments.dir, out)?;
            Ok(Exit::Done)
        }
        Command::Completions { shell } => {
            let mut command = <Cli as clap::CommandFactory>::command();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, "crp-recon", &mut script);
            out.write_all(&script)?;
            Ok(Exit::Done)
        }
        Command::Run(arguments) => run::run(arguments, &settings()?, (cli, environment), out),
        Command::Fetch(arguments) => fetch::fetch(arguments, &settings()?, (cli, environment), out),
        Command::Ingest(arguments) => ingest_files(arguments, cli, environment, out),
        Command::Profile {
            command: args::ProfileCommand::Infer(arguments),
        } => {
            let settings = settings_or_defaults(cli, true, environment)?;
            profile::infer(arguments, &settings, out)
        }
        Command::Report(arguments) => report::report(arguments, &settings()?, out),
        Command::Accept(arguments) => {
            decide_on(&Typed::because(Action::Accept, &arguments.because), out)
        }
        Command::Note(arguments) => decide_on(&arguments.into(), out),
        Command::Assign(arguments) => decide_on(&arguments.into(), out),
        Command::Link(arguments) => decide_on(&Typed::link(arguments), out),
        Command::WriteOff(arguments) => decide_on(&Typed::write_off(arguments), out),
        Command::Snooze(arguments) => decide_on(&Typed::snooze(arguments), out),
        Command::Reopen(arguments) => decide_on(&Typed::plain(Action::Reopen, arguments), out),
        Command::Approve(arguments) => decide_on(&Typed::plain(Action::Approve, arguments), out),
        Command::Unlink(arguments) => {
            decide_on(&Typed::because(Action::Unlink, &arguments.because), out)
        }
        Command::Reject(arguments) => {
            decide_on(&Typed::because(Action::Reject, &arguments.because), out)
        }
        Command::Decisions {
            command: DecisionsCommand::Import(arguments),
        } => decide::import(arguments, &settings()?, environment, out),
        Command::Check(arguments) => check::check(&settings()?, arguments.deep, environment, out),
        Command::Show(arguments) => show::show(arguments, &settings()?, out),
        Command::Verify(arguments) => verify::verify(arguments, &settings()?, environment, out),
        Command::Provider { command } => {
            provider::provider(command, &settings()?, environment, out)
        }
        Command::Export(arguments) => export::export(arguments, &settings()?, out),
        Command::Audit {
            command: args::AuditCommand::Verify(arguments),
        } => audit::verify(arguments, &settings()?, out),
        Command::Describe => audit::describe(&settings()?, out),
        Command::Runs(arguments) => runs::runs(arguments, &settings()?, out),
        Command::Discrepancies(arguments) => {
            discrepancies::discrepancies(arguments, &settings()?, out)
        }
    }
}

fn ingest_files(
    arguments: &args::IngestArgs,
    cli: &Cli,
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let may_lack = (arguments.dry_run || arguments.anonymise) && !arguments.files.is_empty();
    let settings = settings_or_defaults(cli, may_lack, environment)?;
    ingest::ingest(arguments, &settings, cli, out)
}

/// A file can be looked at without any configuration: then everything has its default.
fn settings_or_defaults(
    cli: &Cli,
    may_lack: bool,
    environment: Environment<'_>,
) -> Result<Settings, Failure> {
    Ok(if may_lack && !cli.config.exists() {
        config::parse("", &cli.config, environment)?
    } else {
        config::load(&cli.config, environment)?
    })
}

/// Where the configuration says the database is.
fn location(settings: &Settings) -> DatabaseLocation {
    match &settings.database {
        DatabaseUrl::Sqlite(path) => DatabaseLocation::Sqlite(path.clone()),
        DatabaseUrl::Postgres(url) => DatabaseLocation::Postgres(PostgresServer {
            url: url.reveal().to_owned(),
            waits: settings.database_waits,
        }),
    }
}

/// Waits for a future: commands are one after the other, and sqlx has its own thread for SQLite.
fn wait<T>(future: impl Future<Output = T>) -> std::io::Result<T> {
    // The worker talks to a server's socket while this thread matches.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    Ok(runtime.block_on(future))
}
