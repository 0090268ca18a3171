//! The command line as it may be typed (`spec: cli`).
//!
//! [`Cli::parse_checked`] says what was typed; it opens nothing and decides nothing. What clap
//! cannot check by itself (a range that ends before it begins) is checked there too, so that every
//! wrong use leaves in the same way: a sentence on stderr and exit code 2. One sentence for each
//! option; the manual is the specification.

mod decide;
#[cfg(test)]
mod tests;
mod values;

use std::ffi::OsString;
use std::path::PathBuf;

use chrono::NaiveDate;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub use decide::{
    AcceptArgs, Actor, AssignArgs, Because, BecauseArgs, DecisionsCommand, FromFile, ImportArgs,
    LinkArgs, NoteArgs, ReopenArgs, SnoozeArgs, WriteOffArgs,
};

use crate::config::ReportFormat;
use crate::domain::accounts::ExportFormat;
use crate::domain::decision::Resolution;
use crate::domain::discrepancy::{Code, Severity};
use crate::domain::file::InputKind;
use crate::pipeline::MailWish;
use crate::pipeline::inquiry::list::AskedState;
use values::{
    code_parser, day, discrepancy_id, export_parser, format_parser, kind_parser, name,
    resolution_parser, sentence, severity_parser, sha256, state_parser,
};

/// Nightly reconciliation of what providers paid, what the shop sold and what the bank received.
#[derive(Debug, Parser)]
#[command(
    name = "crp-recon",
    version,
    arg_required_else_help = true,
    after_help = "\
Exit codes: 0 done; 1 failed, nothing of this run is recorded; 2 wrong usage or configuration;\n\
3 done, but an input was refused, a row rejected or a source not fetched; 4 with --strict: done,\n\
but an open error is accepted by nobody; 5 reports written, mail not delivered; 75 another run\n\
holds the lock.\n\n\
Example: crp-recon init && crp-recon check && crp-recon run"
)]
pub struct Cli {
    /// The configuration file.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "CRP_RECON_CONFIG",
        default_value = "recon.toml"
    )]
    pub config: PathBuf,
    /// Says more on stderr; twice: everything.
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,
    /// Says only errors on stderr, no warnings and no progress.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// How lines on stderr are written.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value_t
    )]
    pub log_format: LogFormat,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How lines on stderr are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Writes a commented recon.toml and the folders; overwrites nothing.
    Init(InitArgs),
    /// Checks the configuration, the database, the folders, mail and APIs; changes nothing.
    Check(CheckArgs),
    /// The nightly job: reads what is new, matches it and writes the reports.
    Run(RunArgs),
    /// Brings new files from the sources into the input folders; `run` does it first.
    Fetch(FetchArgs),
    /// Reads files without matching them.
    Ingest(IngestArgs),
    /// Helps with profiles: how one sender writes its tables.
    Profile {
        /// What.
        #[command(subcommand)]
        command: ProfileCommand,
    },
    /// Writes reports again from stored data.
    Report(ReportArgs),
    /// Lists discrepancies.
    Discrepancies(DiscrepanciesArgs),
    /// Accepts discrepancies as they are: out of the mail and of --strict, still in the reports.
    Accept(AcceptArgs),
    /// Notes something about a discrepancy.
    Note(NoteArgs),
    /// Says who looks after a discrepancy.
    Assign(AssignArgs),
    /// Takes the acceptance of discrepancies back.
    Reopen(ReopenArgs),
    /// Says what belongs together: lines and an order, a file and a payout, payouts and bank entries.
    Link(LinkArgs),
    /// Takes a link back.
    Unlink(BecauseArgs),
    /// Accepts differences and books them on an account in the export.
    WriteOff(WriteOffArgs),
    /// Puts discrepancies aside until a day, or until their amounts change: out of the mail and of
    /// --strict.
    Snooze(SnoozeArgs),
    /// Agrees with what another person proposed.
    Approve(ReopenArgs),
    /// Does not agree with what another person proposed.
    Reject(BecauseArgs),
    /// Works with tables of decisions, such as the report.xlsx that finance filled in.
    Decisions {
        /// What.
        #[command(subcommand)]
        command: DecisionsCommand,
    },
    /// Shows everything that is known of an order, payout, transaction, entry, file or discrepancy.
    Show(ShowArgs),
    /// Asks the providers' APIs for the status behind open discrepancies, and keeps the answers.
    Verify(VerifyArgs),
    /// Confirms, cancels, captures, refunds or reports delivery at the provider; only with --yes.
    Provider {
        /// What.
        #[command(subcommand)]
        command: ProviderCommand,
    },
    /// Writes journal entries of what was reconciled, for accounting programs.
    Export(ExportArgs),
    /// Proves that what was recorded is what it was.
    Audit {
        /// What.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Describes the rules in force, in words, with versions and since when: for auditors.
    Describe,
    /// Lists the runs so far.
    Runs(RunsArgs),
    /// Writes the completions of a shell on stdout.
    #[command(after_help = "Example: crp-recon completions bash > \
                            ~/.local/share/bash-completion/completions/crp-recon")]
    Completions {
        /// The shell.
        shell: Shell,
    },
}

/// `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where to.
    #[arg(default_value = ".")]
    pub dir: PathBuf,
}

/// First and last event day; both or none.
#[derive(Clone, Copy, Debug, Args)]
pub struct Range {
    /// First event day of a look at a range, which changes no state.
    #[arg(long, value_name = "DAY", value_parser = day, requires = "to")]
    from: Option<NaiveDate>,
    /// Last event day of that range.
    #[arg(long, value_name = "DAY", value_parser = day, requires = "from")]
    to: Option<NaiveDate>,
}

impl Range {
    /// First and last day, both included.
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        self.from.zip(self.to)
    }
}

/// `run`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each one is a switch of the command line"
)]
#[command(after_help = "\
Examples:\n  crp-recon run\n  crp-recon run --from 2026-10-01 --to 2026-10-31 --provider oney")]
pub struct RunArgs {
    /// The day the run looks from; today in the configured time zone unless given.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub as_of: Option<NaiveDate>,
    /// Allows a day that has not come yet: what it finds may only be too early.
    #[arg(long)]
    pub future: bool,
    /// The range.
    #[command(flatten)]
    pub range: Range,
    /// Only this provider; may be repeated.
    #[arg(long = "provider", value_name = "PROVIDER", value_parser = name)]
    pub providers: Vec<String>,
    /// Computes everything again instead of only what is new; the outcome is the same.
    #[arg(long)]
    pub full: bool,
    /// Records the state of discrepancies although a range is given.
    #[arg(long)]
    pub record: bool,
    /// Sends the digest whatever `when` says, and records like --record.
    #[arg(long, conflicts_with = "no_mail")]
    pub mail: bool,
    /// Sends no mail, neither this night's nor what is kept of earlier ones.
    #[arg(long)]
    pub no_mail: bool,
    /// Fetches nothing from the sources first.
    #[arg(long)]
    pub no_fetch: bool,
    /// Writes the reports here instead of into the configured folder.
    #[arg(long, value_name = "DIR")]
    pub report_dir: Option<PathBuf>,
    /// Ends with exit code 4 while an open error is accepted by nobody.
    #[arg(long)]
    pub strict: bool,
    /// Prints the outcome as one JSON document.
    #[arg(long)]
    pub json: bool,
}

impl RunArgs {
    /// True when the run changes the state of discrepancies: every night does, a range only when
    /// it is asked to.
    pub fn records(&self) -> bool {
        self.range.days().is_none() || self.record || self.mail
    }

    /// What is said about mail.
    pub fn mail_wish(&self) -> MailWish {
        match (self.mail, self.no_mail) {
            (_, true) => MailWish::None,
            (true, false) => MailWish::Forced,
            (false, false) => MailWish::AsConfigured,
        }
    }
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Reads everything that is stored too, and the input files that are still there.
    #[arg(long)]
    pub deep: bool,
}

/// `fetch`.
#[derive(Debug, Args)]
#[command(after_help = "Example: crp-recon fetch --dry-run oney")]
pub struct FetchArgs {
    /// The sources to fetch, by name; none: all.
    #[arg(value_name = "NAME", value_parser = name)]
    pub names: Vec<String>,
    /// Says what is new and fetches nothing; needs no database.
    #[arg(long)]
    pub dry_run: bool,
    /// Prints one JSON document: each source with its new files and its failures.
    #[arg(long)]
    pub json: bool,
}

/// `ingest`.
#[derive(Debug, Args)]
#[command(after_help = "Example: crp-recon ingest --dry-run --json statement.xml")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct IngestArgs {
    /// The files to read; none: the configured inputs.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What the files bring; recognised from name and content unless given.
    #[arg(long, value_parser = kind_parser(), requires = "files")]
    pub kind: Option<InputKind>,
    /// The day the files count as received on; today unless given.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub as_of: Option<NaiveDate>,
    /// Reads stored files once more, whose rows in the database are damaged; they keep their place.
    #[arg(long, requires = "files", conflicts_with_all = ["kind", "dry_run"])]
    pub again: bool,
    /// Stores nothing and needs no database.
    #[arg(long)]
    pub dry_run: bool,
    /// Prints what was read as one JSON document.
    #[arg(long)]
    pub json: bool,
    /// Prints the header of each table and two rows with masked letters and digits, to show to
    /// somebody; reads and stores nothing else.
    #[arg(long, requires = "files", conflicts_with_all = ["json", "kind"])]
    pub anonymise: bool,
}

/// `profile infer`.
#[derive(Debug, Args)]
#[command(after_help = "Example: crp-recon profile infer export.csv --as our-bank >> recon.toml")]
pub struct InferArgs {
    /// The table: CSV, XLSX, ODS or NDJSON.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What it holds; told by its titles unless given.
    #[arg(long, value_parser = kind_parser())]
    pub kind: Option<InputKind>,
    /// What the profile is called; made of the file's name unless given.
    #[arg(long = "as", value_name = "NAME")]
    pub name: Option<String>,
}

/// What to do with profiles.
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Proposes a profile for a table; prints it and writes nothing.
    Infer(InferArgs),
}

/// `report`.
#[derive(Debug, Args)]
#[command(after_help = "Example: crp-recon report --run 17 --format xlsx --report-dir /tmp/again")]
pub struct ReportArgs {
    /// The number of the run; the last recorded one unless given.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["from", "to"])]
    pub run: Option<i64>,
    /// The range.
    #[command(flatten)]
    pub range: Range,
    /// Only this format; may be repeated; the configured ones unless given.
    #[arg(long = "format", value_name = "FORMAT", value_parser = format_parser())]
    pub formats: Vec<ReportFormat>,
    /// Writes the reports here instead of into the configured folder.
    #[arg(long, value_name = "DIR")]
    pub report_dir: Option<PathBuf>,
}

/// `discrepancies`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example: crp-recon discrepancies --code PAYOUT_NOT_RECEIVED --min-age 8")]
pub struct DiscrepanciesArgs {
    /// Only those in this state; «open» are the new, changed and persisting ones.
    #[arg(long, value_parser = state_parser())]
    pub state: Option<AskedState>,
    /// Only those of this code.
    #[arg(long, value_parser = code_parser(), ignore_case = true, hide_possible_values = true)]
    pub code: Option<Code>,
    /// Only those of this severity.
    #[arg(long, value_parser = severity_parser())]
    pub severity: Option<Severity>,
    /// Only those of this provider.
    #[arg(long, value_parser = name)]
    pub provider: Option<String>,
    /// Only those that this person looks after.
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub assignee: Option<String>,
    /// Only those that are at least so many days old.
    #[arg(long, value_name = "DAYS", allow_negative_numbers = true)]
    pub min_age: Option<i64>,
    /// Only those that ended so, the resolved ones among them.
    #[arg(long, value_parser = resolution_parser())]
    pub resolution: Option<Resolution>,
    /// Only those for which something is proposed: another person has to approve it.
    #[arg(long)]
    pub proposed: bool,
    /// Prints one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// `show`.
#[derive(Debug, Args)]
#[command(after_help = "Example: crp-recon show WEB-1042")]
pub struct ShowArgs {
    /// An order, payout or transaction reference, an entry id, a file name or a discrepancy's id.
    #[arg(value_name = "REF", value_parser = sentence)]
    pub reference: String,
    /// Prints one JSON document.
    #[arg(long)]
    pub json: bool,
}

/// `verify`.
#[derive(Debug, Args)]
#[command(after_help = "Example: crp-recon verify 3f0c2a9b17de")]
pub struct VerifyArgs {
    /// Discrepancies, by the ids that reports show; none: all that are open.
    #[arg(value_name = "ID", value_parser = discrepancy_id)]
    pub ids: Vec<String>,
    /// All open discrepancies, as without ids.
    #[arg(long, conflicts_with = "ids")]
    pub all: bool,
    /// One JSON document: how many were asked for, what was learnt of each order, what failed.
    #[arg(long)]
    pub json: bool,
}

/// `provider`.
#[derive(Debug, Subcommand)]
pub enum ProviderCommand {
    /// Oney: confirms an order that is FAVORABLE.
    Confirm(ProviderArgs),
    /// Oney, e-Financing: cancels an order, or an amount of it.
    Cancel(ProviderArgs),
    /// PAYONE: claims a reserved amount; --amount 0 gives the reservation back.
    Capture(ProviderArgs),
    /// PAYONE: gives an amount back.
    Refund(ProviderArgs),
    /// e-Financing: confirms that a long-term order was delivered.
    Deliver(ProviderArgs),
}

/// What all of `provider` take.
#[derive(Debug, Args)]
#[command(after_help = "\
Says what it will do; sends nothing without --yes. Off unless [provider.NAME.api] has\n\
allow_actions = true.")]
pub struct ProviderArgs {
    /// The order's reference.
    #[arg(value_name = "ORDER", value_parser = name)]
    pub order: String,
    /// How much, in the order's currency; all there is to it unless given.
    #[arg(long, value_name = "AMOUNT")]
    pub amount: Option<String>,
    /// Why, for the audit trail.
    #[arg(long, value_name = "TEXT", value_parser = sentence)]
    pub reason: String,
    /// Does it.
    #[arg(long)]
    pub yes: bool,
    /// The provider, where several have an order of this reference.
    #[arg(long, value_name = "PROVIDER", value_parser = name)]
    pub provider: Option<String>,
    /// Sends once more what this earlier action sent: it did not arrive, or is meant twice.
    #[arg(long, value_name = "NUMBER")]
    pub repeat: Option<i64>,
    /// Who.
    #[command(flatten)]
    pub actor: Actor,
}

/// `export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:\n  crp-recon export fec --from 2026-10-01 --to 2026-10-31 --out october.txt\n  \
crp-recon export hledger --from 2026-01-01 --to 2026-12-31 | hledger -f - balance")]
pub struct ExportArgs {
    /// What for.
    #[arg(value_name = "FORMAT", value_parser = export_parser())]
    pub format: ExportFormat,
    /// First accounting day.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: NaiveDate,
    /// Last accounting day.
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub to: NaiveDate,
    /// Only what concerns this provider; may be repeated.
    #[arg(long = "provider", value_name = "PROVIDER", value_parser = name)]
    pub providers: Vec<String>,
    /// Only what concerns the providers that have this company in their [provider.NAME].
    #[arg(long, value_name = "NAME", value_parser = name, conflicts_with = "providers")]
    pub company: Option<String>,
    /// Writes this file, which appears whole; in a folder, under the name that the format has.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `audit`.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Recomputes the journal's chain and compares it with the database and with reports.
    Verify(AuditArgs),
}

/// `audit verify`.
#[derive(Debug, Args)]
#[command(after_help = "Example: crp-recon audit verify --reports reports")]
pub struct AuditArgs {
    /// Compares the reports in this folder with their manifests, and these with the journal.
    #[arg(long, value_name = "DIR")]
    pub reports: Option<PathBuf>,
    /// Fails unless a row of the journal has this SHA-256, which a mail or a ping carried.
    #[arg(long, value_name = "SHA256", value_parser = sha256)]
    pub has: Option<String>,
}

/// `runs`.
#[derive(Debug, Args)]
pub struct RunsArgs {
    /// Prints one JSON document.
    #[arg(long)]
    pub json: bool,
}

impl Cli {
    /// Reads a command line, the program's name first.
    ///
    /// # Errors
    /// When it is no right use, or asks for help or the version: what clap then prints, and with
    /// which exit code, is in the error.
    pub fn parse_checked(
        words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, clap::Error> {
        let cli = Self::try_parse_from(words)?;
        if let Some((from, to)) = cli.days()
            && to < from
        {
            return Err(Self::command().error(
                ErrorKind::ValueValidation,
                format!("the range ends on {to}, before it begins on {from}; exchange the two"),
            ));
        }
        Ok(cli)
    }

    /// First and last day of what a command looks at.
    fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        match &self.command {
            Command::Run(run) => run.range.days(),
            Command::Report(report) => report.range.days(),
            Command::Export(export) => Some((export.from, export.to)),
            Command::Init(_)
            | Command::Check(_)
            | Command::Fetch(_)
            | Command::Ingest(_)
            | Command::Profile { .. }
            | Command::Discrepancies(_)
            | Command::Accept(_)
            | Command::Note(_)
            | Command::Assign(_)
            | Command::Reopen(_)
            | Command::Link(_)
            | Command::Unlink(_)
            | Command::WriteOff(_)
            | Command::Snooze(_)
            | Command::Approve(_)
            | Command::Reject(_)
            | Command::Decisions { .. }
            | Command::Show(_)
            | Command::Verify(_)
            | Command::Provider { .. }
            | Command::Audit { .. }
            | Command::Describe
            | Command::Runs(_)
            | Command::Completions { .. } => None,
        }
    }
}
