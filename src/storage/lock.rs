//! One run at a time: a lock that the system takes back when the process ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use super::{DatabaseLocation, Db, StorageError};
use crate::files;

/// The key of PostgreSQL's advisory lock: the letters `crprecon`.
const ADVISORY_LOCK_KEY: i64 = 0x6372_7072_6563_6f6e;

/// Pauses before each try: a run that was killed may take a moment to end, and a server to see it.
const PAUSES_MS: [u64; 5] = [0, 50, 150, 300, 500];

/// Held as long as a run is at work.
#[derive(Debug)]
pub struct RunLock {
    /// For SQLite: the locked file beside the database. PostgreSQL's lock belongs to the session.
    _file: Option<File>,
}

impl RunLock {
    /// Takes the lock, or says that another run holds it.
    ///
    /// # Errors
    /// [`StorageError::Locked`] when another run holds it.
    pub async fn take(location: &DatabaseLocation, db: &mut Db) -> Result<Self, StorageError> {
        let locked = || StorageError::Locked {
            name: location.name(),
        };
        match location {
            DatabaseLocation::Sqlite(path) => {
                let mut name = path.clone().into_os_string();
                name.push(".lock");
                let io = |source| StorageError::Io {
                    name: Path::new(&name).display().to_string(),
                    source,
                };
                let file = files::open_private(Path::new(&name)).map_err(io)?;
                for pause in PAUSES_MS.map(Duration::from_millis) {
                    tokio::time::sleep(pause).await;
                    match file.try_lock() {
                        Ok(()) => return Ok(Self { _file: Some(file) }),
                        Err(TryLockError::WouldBlock) => {}
                        Err(TryLockError::Error(source)) => return Err(io(source)),
                    }
                }
                Err(locked())
            }
            DatabaseLocation::Postgres(_) => {
                let sql = "SELECT CASE WHEN pg_try_advisory_lock(?) THEN CAST(1 AS BIGINT) \
                           ELSE CAST(0 AS BIGINT) END";
                for pause in PAUSES_MS.map(Duration::from_millis) {
                    tokio::time::sleep(pause).await;
                    let mut args = db.args();
                    args.int(ADVISORY_LOCK_KEY);
                    if db.number("taking the lock", sql, args).await? == 1 {
                        return Ok(Self { _file: None });
                    }
                }
                Err(locked())
            }
        }
    }
}
