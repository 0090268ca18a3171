//! What people decide: one by one, several, or a table of decisions.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::values::{day, discrepancy_id, name, sentence};

/// Who works on a discrepancy, for the audit trail.
#[derive(Debug, Args)]
pub struct Actor {
    /// Who does it; the login name unless given.
    #[arg(long, value_parser = name)]
    pub user: Option<String>,
}

/// A table instead of ids.
#[derive(Debug, Args)]
pub struct FromFile {
    /// A CSV, XLSX or ODS with an id in each row, instead of ids on the command line.
    #[arg(long, value_name = "FILE")]
    pub from_file: Option<PathBuf>,
    /// Says what the file would do, and records nothing.
    #[arg(long, requires = "from_file")]
    pub dry_run: bool,
    /// Prints what became of the file as one JSON document.
    #[arg(long, requires = "from_file")]
    pub json: bool,
}

/// What is decided on, one or several.
#[derive(Debug, Args)]
pub struct Ids {
    /// The ids, as reports show them.
    #[arg(
        value_name = "ID",
        required_unless_present = "from_file",
        conflicts_with = "from_file",
        value_parser = discrepancy_id
    )]
    pub ids: Vec<String>,
}

/// What is decided on, one alone.
#[derive(Debug, Args)]
pub struct OneId {
    /// The id, as reports show it.
    #[arg(
        required_unless_present = "from_file",
        conflicts_with = "from_file",
        value_parser = discrepancy_id
    )]
    pub id: Option<String>,
}

/// What every decision with a reason has.
#[derive(Debug, Args)]
pub struct Because {
    /// Which ones.
    #[command(flatten)]
    pub on: Ids,
    /// Why; with a file, the reason of rows that have none of their own.
    #[arg(
        long,
        value_name = "TEXT",
        required_unless_present = "from_file",
        value_parser = sentence
    )]
    pub reason: Option<String>,
    /// A table.
    #[command(flatten)]
    pub table: FromFile,
    /// Who.
    #[command(flatten)]
    pub actor: Actor,
}

/// What a table of decisions may hold; behind the help of the commands that take one.
macro_rules! table_help {
    () => {
        "\
The table of --from-file: a header, and in each row the column id and, as needed,\n  \
reason     why (accept), or the text to note, or the name to assign to\n  \
note       a text to note besides\n  \
assignee   who looks after it from now on\n  \
user       who decided, where that is not --user\n  \
order, payout, entry, write_off, account, until   as the options of that name\n  \
decision   only the command's own word; an empty cell passes the row over\n\
Other columns of discrepancies.csv may stay: what they show is compared with what is true now.\n\
The delimiter is recognised. One refused row refuses the file: exit code 3, nothing recorded.\n\
docs/decisions.md has the details."
    };
}

/// `accept`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!(
        table_help!(),
        "\n\nExamples:\n  \
         crp-recon accept 3f0c2a9b17de --reason \"agreed with Oney on the phone\"\n  \
         crp-recon accept --from-file decisions.csv"
    )
)]
pub struct AcceptArgs {
    /// Which ones, why and who.
    #[command(flatten)]
    pub because: Because,
}

/// `note`.
#[derive(Debug, Args)]
#[command(after_help = table_help!())]
pub struct NoteArgs {
    /// Which one.
    #[command(flatten)]
    pub on: OneId,
    /// What to note.
    #[arg(
        required_unless_present = "from_file",
        conflicts_with = "from_file",
        value_parser = sentence
    )]
    pub text: Option<String>,
    /// A table.
    #[command(flatten)]
    pub table: FromFile,
    /// Who.
    #[command(flatten)]
    pub actor: Actor,
}

/// `assign`.
#[derive(Debug, Args)]
#[command(after_help = table_help!())]
pub struct AssignArgs {
    /// Which one.
    #[command(flatten)]
    pub on: OneId,
    /// Who looks after it.
    #[arg(
        required_unless_present = "from_file",
        conflicts_with = "from_file",
        value_parser = name
    )]
    pub name: Option<String>,
    /// A table.
    #[command(flatten)]
    pub table: FromFile,
    /// Who.
    #[command(flatten)]
    pub actor: Actor,
}

/// `reopen`.
#[derive(Debug, Args)]
#[command(after_help = table_help!())]
pub struct ReopenArgs {
    /// Which ones.
    #[command(flatten)]
    pub on: Ids,
    /// A table.
    #[command(flatten)]
    pub table: FromFile,
    /// Who.
    #[command(flatten)]
    pub actor: Actor,
}

/// `link`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "REFERENCE_MISSING and ORDER_NOT_FOUND take --order; PAYOUT_REFERENCE_MISSING takes --payout;\n\
     PAYOUT_NOT_RECEIVED, PAYOUT_AMOUNT_MISMATCH, AMBIGUOUS_MATCH and DEBIT_NOT_TAKEN take --entry;\n\
     BANK_CREDIT_UNEXPLAINED and BANK_DEBIT_UNEXPLAINED take --payout, or --write-off alone.\n\
     Sums that differ are refused, unless --write-off says where the rest goes.\n\n",
    table_help!(),
    "\n\nExamples:\n  \
     crp-recon link 3f0c2a9b17de --order WEB-1042 --reason \"mistyped by Oney\"\n  \
     crp-recon link 5b1e9c40aa17 --entry FR7630004000031234567890143/E77 --reason \"see the advice\""
))]
pub struct LinkArgs {
    /// The order whose lines these are.
    #[arg(long, value_name = "REFERENCE", value_parser = name)]
    pub order: Option<String>,
    /// The payout that they belong to, or that this entry pays.
    #[arg(long, value_name = "REFERENCE", value_parser = name)]
    pub payout: Option<String>,
    /// The bank entry that pays it; may be repeated.
    #[arg(long = "entry", value_name = "ACCOUNT/ENTRY", value_parser = name)]
    pub entries: Vec<String>,
    /// The account of the books to which the rest goes.
    #[arg(long, value_name = "ACCOUNT", value_parser = name)]
    pub write_off: Option<String>,
    /// Which ones, why and who.
    #[command(flatten)]
    pub because: Because,
}

/// `unlink` and `reject`.
#[derive(Debug, Args)]
#[command(after_help = table_help!())]
pub struct BecauseArgs {
    /// Which ones, why and who.
    #[command(flatten)]
    pub because: Because,
}

/// `write-off`.
#[derive(Debug, Args)]
#[command(after_help = table_help!())]
pub struct WriteOffArgs {
    /// The account of the books on which the difference is booked.
    #[arg(
        long,
        value_name = "CODE",
        required_unless_present = "from_file",
        value_parser = name
    )]
    pub account: Option<String>,
    /// Which ones, why and who.
    #[command(flatten)]
    pub because: Because,
}

/// `snooze`.
#[derive(Debug, Args)]
#[command(after_help = table_help!())]
pub struct SnoozeArgs {
    /// The day on which it is back.
    #[arg(
        long,
        value_name = "DAY",
        required_unless_present = "from_file",
        value_parser = day
    )]
    pub until: Option<NaiveDate>,
    /// Which ones, why and who.
    #[command(flatten)]
    pub because: Because,
}

/// `decisions`.
#[derive(Debug, Subcommand)]
pub enum DecisionsCommand {
    /// Records what was written into the columns Decision and Reason of report.xlsx.
    Import(ImportArgs),
}

/// `decisions import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Reads report.xlsx as Excel or LibreOffice saved it, also as ODS or CSV: the rows in any order, on\n\
any sheet. Decision is accept, reopen, note or assign, also in French or German; or approve, reject,\n\
unlink, `write-off: ACCOUNT`, `snooze: DAY`, `link: order REFERENCE`, `link: payout REFERENCE` or\n\
`link: entry ACCOUNT/ENTRY; write-off ACCOUNT`. Reason is why, the text to note, or the name to\n\
assign to. A row whose figures, sentence or earlier decisions are\n\
no longer what it shows is refused. One refused row refuses the file (exit code 3, nothing\n\
recorded). What is recorded already is not recorded again. docs/decisions.md has the details.\n\n\
Example: crp-recon decisions import report.xlsx --dry-run")]
pub struct ImportArgs {
    /// The workbook or table.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Records the good rows although others are refused.
    #[arg(long)]
    pub partial: bool,
    /// Says what the file would do, and records nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Prints what became of the file as one JSON document.
    #[arg(long)]
    pub json: bool,
    /// Who.
    #[command(flatten)]
    pub actor: Actor,
}
