//! Which version of this program wrote a database: asked without changing it.

use std::borrow::Cow;
use std::sync::LazyLock;

use sqlx::SqlStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::{DatabaseLocation, Db, Dialect, StorageError, facts};

/// The steps of one database, by their files' names. A new step is added here; a test compares the
/// list with the folder.
macro_rules! steps {
    ($folder:literal) => {
        [
            step!($folder, "0001_first"),
            step!($folder, "0002_mail"),
            step!($folder, "0003_decision_sources"),
            step!($folder, "0004_fact_blocks"),
            step!($folder, "0005_open_orders"),
            step!($folder, "0006_intake"),
            step!($folder, "0007_seals"),
            step!($folder, "0008_coverage"),
            step!($folder, "0010_sources_and_webhooks"),
            step!($folder, "0011_links"),
            step!($folder, "0012_journal"),
        ]
    };
}

macro_rules! step {
    ($folder:literal, $name:literal) => {
        (
            $name,
            include_str!(concat!("../../migrations/", $folder, "/", $name, ".sql")),
        )
    };
}

/// The steps that a SQLite database goes through.
pub(super) static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(&steps!("sqlite")));

/// The same steps for PostgreSQL.
pub(super) static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(&steps!("postgres")));

/// The number of a step stands before the first `_` of its name. A name without one would be step 0,
/// which a test finds.
fn migrator(steps: &[(&'static str, &'static str)]) -> Migrator {
    let migration = |(name, sql): &(&'static str, &'static str)| {
        let (number, what) = name.split_once('_').unwrap_or_default();
        Migration::new(
            number.parse().unwrap_or_default(),
            Cow::Owned(what.replace('_', " ")),
            MigrationType::Simple,
            SqlStr::from_static(sql),
            false,
        )
    };
    Migrator::with_migrations(steps.iter().map(migration).collect())
}

/// How a database stands to this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// No run has used it yet.
    Unused,
    /// An older version wrote it last; the next run brings it up to date.
    Older,
    /// This version can read it.
    Current,
}

/// Tells how a database stands to this version, without changing it.
///
/// # Errors
/// [`StorageError::Newer`] when a later version wrote it, or when the database fails.
pub async fn of(db: &mut Db, location: &DatabaseLocation) -> Result<Version, StorageError> {
    let doing = "reading its version";
    let (exists, own) = match db.dialect() {
        Dialect::Sqlite => (
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'",
            &*SQLITE,
        ),
        Dialect::Postgres => (
            "SELECT COUNT(*) FROM information_schema.tables \
             WHERE table_name = '_sqlx_migrations' AND table_schema = current_schema()",
            &*POSTGRES,
        ),
    };
    let args = db.args();
    if db.number(doing, exists, args).await? == 0 {
        return Ok(Version::Unused);
    }
    let args = db.args();
    let sql = "SELECT MAX(version) FROM _sqlx_migrations";
    let written = db.number(doing, sql, args).await?;
    let newest = own.iter().map(|step| step.version).max().unwrap_or(0);
    let newer = || StorageError::Newer {
        name: location.name(),
        version: written,
    };
    match written.cmp(&newest) {
        _ if written == 0 => Ok(Version::Unused),
        std::cmp::Ordering::Less => Ok(Version::Older),
        std::cmp::Ordering::Equal if facts::is_due(db).await? => Ok(Version::Older),
        std::cmp::Ordering::Equal => Ok(Version::Current),
        std::cmp::Ordering::Greater => Err(newer()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn after(sql: Option<&str>) -> Result<Version, StorageError> {
        let folder = tempfile::tempdir().unwrap();
        let location = DatabaseLocation::Sqlite(folder.path().join("recon.db"));
        let (mut db, _lock) = Db::open(&location).await.unwrap();
        if let Some(sql) = sql {
            let args = db.args();
            db.execute("testing", sql, args).await.unwrap();
        }
        of(&mut db, &location).await
    }

    #[test]
    fn every_file_of_a_step_is_a_step() {
        for (folder, steps) in [("sqlite", &SQLITE), ("postgres", &POSTGRES)] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("migrations")
                .join(folder);
            let mut files: Vec<String> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            let known: Vec<String> = steps
                .iter()
                .map(|step| {
                    format!(
                        "{:04}_{}.sql",
                        step.version,
                        step.description.replace(' ', "_")
                    )
                })
                .collect();
            assert_eq!(known, files);
        }
    }

    #[tokio::test]
    async fn a_database_is_as_old_as_its_last_step() {
        assert_eq!(after(None).await.unwrap(), Version::Current);
        let emptied = after(Some("DELETE FROM _sqlx_migrations")).await;
        assert_eq!(emptied.unwrap(), Version::Unused);
        let old = "UPDATE _sqlx_migrations SET version = version - 1000";
        assert_eq!(after(Some(old)).await.unwrap(), Version::Older);
    }

    #[tokio::test]
    async fn a_database_of_a_newer_version_is_refused() {
        let newer = "UPDATE _sqlx_migrations SET version = version + 1000";
        let refused = after(Some(newer)).await;
        assert!(matches!(refused, Err(StorageError::Newer { .. })));
    }

    #[tokio::test]
    async fn a_database_that_no_run_has_used_is_not_changed_by_asking() {
        let folder = tempfile::tempdir().unwrap();
        let location = DatabaseLocation::Sqlite(folder.path().join("recon.db"));
        let mut db = Db::connect(&location, true).await.unwrap();
        assert_eq!(of(&mut db, &location).await.unwrap(), Version::Unused);
        assert_eq!(of(&mut db, &location).await.unwrap(), Version::Unused);
    }
}
