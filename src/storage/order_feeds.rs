//! The table `order_feeds`: whose orders a file brought, and when an import said the same again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::db::{Db, StorageError};
use crate::domain::calendar::packed_opt_day;
use crate::domain::file::FileId;
use crate::domain::packed::{Damage, pack, seal, unpack, unseal};

/// What a file of orders tells of its feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFeed {
    /// The providers of its rows, sorted.
    pub providers: Vec<String>,
    /// The latest day on which an import gave the same rows again.
    #[serde(with = "packed_opt_day")]
    pub again_on: Option<NaiveDate>,
}

impl OrderFeed {
    /// The file is part of what is sealed: the row of another one is no row of this one.
    fn packed(&self, file: FileId) -> Vec<u8> {
        let mut bytes = Vec::new();
        pack(&(file, self), &mut bytes);
        seal(&mut bytes);
        bytes
    }

    fn unpacked(file: FileId, bytes: &[u8]) -> Result<Self, Damage> {
        let (of_file, feed): (FileId, Self) = unpack(unseal(bytes)?)?;
        if of_file == file {
            Ok(feed)
        } else {
            Err(Damage::Elsewhere)
        }
    }
}

/// Notes whose orders a file brought.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &mut Db,
    file: FileId,
    providers: &BTreeSet<String>,
) -> Result<(), StorageError> {
    let feed = OrderFeed {
        providers: providers.iter().cloned().collect(),
        again_on: None,
    };
    put(db, file, &feed).await
}

/// Notes that an import gave the rows of a file again.
///
/// # Errors
/// When the database fails, or what is noted already is damaged.
pub async fn came_again(db: &mut Db, file: FileId, day: NaiveDate) -> Result<(), StorageError> {
    let mut feed = all(db).await?.remove(&file).unwrap_or_default();
    feed.again_on = Some(day);
    put(db, file, &feed).await
}

async fn put(db: &mut Db, file: FileId, feed: &OrderFeed) -> Result<(), StorageError> {
    let mut args = db.args();
    args.int(file.0).owned_bytes(feed.packed(file));
    let sql = "INSERT INTO order_feeds (file_id, feed) VALUES (?, ?) \
               ON CONFLICT (file_id) DO UPDATE SET feed = excluded.feed";
    db.execute("noting whose orders came", sql, args)
        .await
        .map(|_| ())
}

/// What is noted of the files of orders.
///
/// # Errors
/// When the database fails, or what is noted is damaged.
pub async fn all(db: &mut Db) -> Result<BTreeMap<FileId, OrderFeed>, StorageError> {
    let sql = "SELECT file_id, feed FROM order_feeds";
    let args = db.args();
    let rows = db
        .all("reading whose orders came", sql, args, |row| {
            let file = FileId(row.int(0)?);
            Ok((file, OrderFeed::unpacked(file, row.bytes(1)?)))
        })
        .await?;
    let feed = |(file, feed): (FileId, Result<OrderFeed, Damage>)| {
        let feed = feed.map_err(|damage| StorageError::DamagedFiles { damage })?;
        Ok((file, feed))
    };
    rows.into_iter().map(feed).collect()
}
