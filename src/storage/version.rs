//! Which version of this program wrote a database: asked without changing it.

use sqlx::migrate::Migrator;

use super::{DatabaseLocation, Db, Dialect, StorageError, facts};

/// The steps that a SQLite database goes through.
pub(super) static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");

/// The same steps for PostgreSQL.
pub(super) static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

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
            &SQLITE,
        ),
        Dialect::Postgres => (
            "SELECT COUNT(*) FROM information_schema.tables \
             WHERE table_name = '_sqlx_migrations' AND table_schema = current_schema()",
            &POSTGRES,
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
