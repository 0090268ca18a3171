//! A shop's database: a file, or a database of its own on a server that exists as long as a test.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::company::Company;
use crate::sqlite::wait;

/// Tells the databases of one process apart.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Server {
    Sqlite,
    Postgres,
    Mysql,
}

impl Server {
    /// The variable that names the server.
    fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("CRP_RECON_TEST_POSTGRES"),
            Self::Mysql => Some("CRP_RECON_TEST_MYSQL"),
        }
    }
}

/// The shop's database.
pub(super) struct Shop {
    pub(super) server: Server,
    /// Its address, as a configuration gives it.
    pub(super) url: String,
    /// The server's own database and the name of this one, where it has to be dropped.
    to_drop: Option<(String, String)>,
}

impl Shop {
    /// A new empty database; `None`, said loudly, where no server is named.
    pub(super) fn open(server: Server, company: &Company) -> Option<Self> {
        let Some(variable) = server.variable() else {
            let path: PathBuf = company.path("shop.db");
            let shop = Self {
                server,
                url: format!("sqlite://{}", path.display()),
                to_drop: None,
            };
            wait(async {
                let options = SqliteConnectOptions::new().filename(&path);
                let db = options.create_if_missing(true).connect().await.unwrap();
                db.close().await.unwrap();
            });
            return Some(shop);
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "the server is named by the environment of the tests"
        )]
        let Ok(url) = std::env::var(variable) else {
            crate::skipped(&format!(
                "{variable} names no server, so {server:?} was not asked for orders"
            ));
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("shop_it_{}_{number}", std::process::id());
        let (base, _) = url.rsplit_once('/').unwrap();
        let shop = Self {
            server,
            url: format!("{base}/{name}"),
            to_drop: Some((url.clone(), name.clone())),
        };
        execute(server, &url, &format!("CREATE DATABASE {name}"));
        Some(shop)
    }

    /// Does something while a session that has run `sql` stays as it is.
    pub(super) fn holding(&self, sql: &str, work: impl FnOnce()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let sql = AssertSqlSafe(sql);
        match self.server {
            Server::Sqlite => {}
            Server::Postgres => {
                let options: PgConnectOptions = self.url.parse().unwrap();
                let mut db = runtime.block_on(options.connect()).unwrap();
                runtime
                    .block_on(sqlx::raw_sql(sql).execute(&mut db))
                    .unwrap();
                work();
                runtime.block_on(db.close()).unwrap();
            }
            Server::Mysql => {
                let options: MySqlConnectOptions = self.url.parse().unwrap();
                let mut db = runtime.block_on(options.connect()).unwrap();
                runtime
                    .block_on(sqlx::raw_sql(sql).execute(&mut db))
                    .unwrap();
                work();
                runtime.block_on(db.close()).unwrap();
            }
        }
    }

    /// Changes the shop's data.
    pub(super) fn execute(&self, sql: &str) {
        execute(self.server, &self.url, sql);
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.to_drop {
            execute(self.server, server, &format!("DROP DATABASE {name}"));
        }
    }
}

fn execute(server: Server, url: &str, sql: &str) {
    let sql = AssertSqlSafe(sql);
    wait(async {
        match server {
            Server::Sqlite => {
                let options: SqliteConnectOptions = url.parse().unwrap();
                let mut db = options.connect().await.unwrap();
                sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
                db.close().await.unwrap();
            }
            Server::Postgres => {
                let options: PgConnectOptions = url.parse().unwrap();
                let mut db = options.connect().await.unwrap();
                sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
                db.close().await.unwrap();
            }
            Server::Mysql => {
                // Its session has the time zone of Greenwich.
                let options: MySqlConnectOptions = url.parse().unwrap();
                let mut db = options.connect().await.unwrap();
                sqlx::raw_sql(sql).execute(&mut db).await.unwrap();
                db.close().await.unwrap();
            }
        }
    });
}
