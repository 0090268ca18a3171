//! What the store remembers, on a database of its own.

mod intervals;
mod outbox;
mod provider_actions;

use super::{DatabaseLocation, Db, RunLock};

/// Runs a test on a new database.
pub(super) fn on_a_database(test: impl AsyncFnOnce(&mut Db)) {
    let folder = tempfile::tempdir().unwrap();
    let location = DatabaseLocation::Sqlite(folder.path().join("recon.db"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (mut db, _lock): (Db, RunLock) = Db::open(&location).await.unwrap();
        test(&mut db).await;
        db.close().await.unwrap();
    });
}
