//! What can go wrong with a database, each as a sentence that says what to do.

use chrono::NaiveDate;
use sqlx::migrate::MigrateError;

use crate::domain::packed::Damage;

/// What went wrong with the database, as a sentence.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A statement failed.
    #[error("the database failed while {doing}; check its disk space and permissions")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// Why.
        source: sqlx::Error,
    },
    /// It cannot be opened.
    #[error("the database {name} cannot be opened; check database.url and its permissions")]
    NotOpened {
        /// Its name without secrets.
        name: String,
        /// Why.
        source: sqlx::Error,
    },
    /// A server gives no connection.
    #[error(
        "the database {name} gave no connection within {seconds} seconds; check that the server is \
         up and reachable, or raise connect_timeout_seconds in [database]"
    )]
    NoConnection {
        /// Its name without secrets.
        name: String,
        /// How long was waited.
        seconds: u32,
    },
    /// A server stays silent.
    #[error(
        "the database gave no answer within {seconds} seconds while {doing}; check the server and \
         the network, or raise statement_timeout_seconds in [database]"
    )]
    NoAnswer {
        /// What was being done.
        doing: &'static str,
        /// How long was waited.
        seconds: u64,
    },
    /// Another session has locked what a statement needs.
    #[error(
        "another session held a lock for {seconds} seconds while {doing} waited for it; end what \
         holds it (pg_locks and pg_stat_activity name it), or raise lock_timeout_seconds in \
         [database]"
    )]
    LockHeld {
        /// What was being done.
        doing: &'static str,
        /// How long was waited.
        seconds: u32,
    },
    /// A statement took too long.
    #[error(
        "{doing} took longer than {seconds} seconds in the database; check what it waits for, or \
         raise statement_timeout_seconds in [database]"
    )]
    TooSlow {
        /// What was being done.
        doing: &'static str,
        /// How long was waited.
        seconds: u32,
    },
    /// It was written by a later version.
    #[error(
        "the database {name} was written by a newer version of crp-recon (migration {version}); \
         install that version, or restore a backup"
    )]
    Newer {
        /// Its name without secrets.
        name: String,
        /// The unknown migration.
        version: i64,
    },
    /// A migration failed.
    #[error(
        "the database {name} cannot be brought up to date; check its disk space and permissions, \
         else restore a backup or ask for help"
    )]
    NotMigrated {
        /// Its name without secrets.
        name: String,
        /// Why.
        source: Box<MigrateError>,
    },
    /// A stored value is not what this program writes.
    #[error("the database holds «{value}» as {what}, which this program never writes")]
    Unexpected {
        /// The column, in words.
        what: &'static str,
        /// The value.
        value: String,
    },
    /// What is stored of a file is not what was stored.
    #[error(
        "what is stored of {file} is damaged ({what}: {damage}); read it again with \
         `crp-recon ingest --again {file}`, or restore a backup"
    )]
    DamagedFile {
        /// The file's name.
        file: String,
        /// What of it, in words.
        what: String,
        /// What is wrong with it.
        damage: Damage,
    },
    /// Something is stored of a file that is not there, or a file is not there.
    #[error(
        "what the database knows of its files is damaged ({damage}), and no single file can mend \
         it; restore a backup"
    )]
    DamagedFiles {
        /// What is wrong.
        damage: Damage,
    },
    /// A row in memory is not what was put there.
    #[error("a row in memory is damaged ({0}): the program or the machine is wrong; run it again")]
    DamagedRow(#[from] Damage),
    /// The keys that rows are found by are not what was stored.
    #[error(
        "the keys that orders are found by are damaged in the database ({damage}); \
         `crp-recon run` makes them anew from the facts, which lose nothing by it"
    )]
    DamagedKeys {
        /// What is wrong with them.
        damage: Damage,
    },
    /// What a recorded night found is not what was stored.
    #[error(
        "the discrepancy {id} of a recorded night is damaged in the database ({damage}); restore a \
         backup, since what earlier nights found can be read from no file"
    )]
    DamagedFinding {
        /// Its id.
        id: String,
        /// What is wrong with it.
        damage: Damage,
    },
    /// A recorded night found more, or less, than is stored of it.
    #[error(
        "what the night of {night} knew is damaged in the database ({damage}); restore a backup, \
         since what earlier nights found can be read from no file"
    )]
    DamagedNight {
        /// The night.
        night: NaiveDate,
        /// What is wrong with it.
        damage: Damage,
    },
    /// What is known of a run is not what was stored.
    #[error(
        "what the database knows of run {run} is damaged ({damage}); restore a backup, since which \
         nights were recorded can be read from no file"
    )]
    DamagedRun {
        /// Its number.
        run: i64,
        /// What is wrong with it.
        damage: Damage,
    },
    /// What a recorded night knew of an order is not what was stored.
    #[error(
        "the open order {order} of a recorded night is damaged in the database ({damage}); restore \
         a backup"
    )]
    DamagedOpenOrder {
        /// Provider and reference.
        order: String,
        /// What is wrong with it.
        damage: Damage,
    },
    /// The journal cannot be gone on with.
    #[error(
        "row {row} of the journal is damaged: its content is not what its SHA-256 says; restore a \
         backup, and `crp-recon audit verify` says whether it is whole"
    )]
    DamagedJournal {
        /// The row.
        row: i64,
    },
    /// Another run is at work.
    #[error("another run holds the lock of the database {name}; wait for it to end")]
    Locked {
        /// Its name without secrets.
        name: String,
    },
    /// A file beside the database failed.
    #[error("{name}: {source}")]
    Io {
        /// Its name.
        name: String,
        /// Why.
        source: std::io::Error,
    },
}

impl StorageError {
    /// An unexpected stored value.
    pub fn unexpected(what: &'static str, value: impl Into<String>) -> Self {
        Self::Unexpected {
            what,
            value: value.into(),
        }
    }
}
