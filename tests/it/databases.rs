//! Both databases, for tests that hold on either.
//!
//! PostgreSQL is asked when `CRP_RECON_TEST_POSTGRES` holds the URL of a database whose user may
//! create databases; `scripts/postgres-for-tests.sh` starts one. Without it the tests say so.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use crate::company::{CONFIG, Company};
use crate::sqlite::{self, wait};

/// The variable that names the server.
const SERVER: &str = "CRP_RECON_TEST_POSTGRES";

/// Tells the databases of one process apart.
static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A database of the server that exists as long as a test.
pub(crate) struct PostgresDatabase {
    server: PgConnectOptions,
    name: String,
    pub(crate) url: String,
}

impl PostgresDatabase {
    /// A new empty database; `None`, said loudly, where no server is named.
    pub(crate) fn create() -> Option<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the server is named by the environment of the tests"
        )]
        let Ok(url) = std::env::var(SERVER) else {
            crate::skipped(&format!(
                "{SERVER} names no server, so PostgreSQL was not asked"
            ));
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("recon_it_{}_{number}", std::process::id());
        let (base, _) = url.rsplit_once('/').unwrap();
        let database = Self {
            server: url.parse().unwrap(),
            url: format!("{base}/{name}"),
            name,
        };
        database.on_server(&format!("CREATE DATABASE {}", database.name));
        Some(database)
    }

    fn on_server(&self, sql: &str) {
        wait(execute(&self.server, sql));
    }

    /// Runs statements in the database itself.
    fn execute(&self, sql: &str) {
        wait(execute(&self.database(), sql));
    }

    /// Does something while a transaction that has run `sql` is open.
    pub(crate) fn holding(&self, sql: &str, work: impl FnOnce()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let begin = format!("BEGIN; {sql}");
        let db = runtime.block_on(async {
            let mut db: PgConnection = self.database().connect().await.unwrap();
            let held = sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut db).await;
            held.unwrap();
            db
        });
        work();
        runtime.block_on(db.close()).unwrap();
    }

    fn ask(&self, sql: &str) -> Vec<String> {
        wait(async {
            let mut db: PgConnection = self.database().connect().await.unwrap();
            let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut db).await;
            let text = |row: &sqlx::postgres::PgRow| row.get::<String, _>(0);
            let answer = rows.unwrap().iter().map(text).collect();
            db.close().await.unwrap();
            answer
        })
    }

    fn database(&self) -> PgConnectOptions {
        self.server.clone().database(&self.name)
    }
}

async fn execute(options: &PgConnectOptions, sql: &str) {
    let mut db: PgConnection = options.connect().await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut db).await;
    done.unwrap();
    db.close().await.unwrap();
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        self.on_server(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// A company on one of the two databases, and a way to speak SQL with it.
pub(crate) struct Contract<'d> {
    pub(crate) company: Company,
    pub(crate) server: Option<&'d PostgresDatabase>,
}

impl Contract<'_> {
    /// Runs statements.
    pub(crate) fn execute(&self, sql: &str) {
        match self.server {
            Some(server) => server.execute(sql),
            None => sqlite::execute(&self.company.path("var/recon.db"), sql),
        }
    }

    /// The first column of a query, as text.
    pub(crate) fn ask(&self, sql: &str) -> Vec<String> {
        match self.server {
            Some(server) => server.ask(sql),
            None => sqlite::ask(&self.company.path("var/recon.db"), sql),
        }
    }
}

/// Holds a contract on SQLite, and on PostgreSQL where there is one.
pub(crate) fn on_both(contract: impl Fn(&Contract<'_>)) {
    on_both_with(CONFIG, contract);
}

/// The same of companies with a configuration of their own.
pub(crate) fn on_both_with(config: &str, contract: impl Fn(&Contract<'_>)) {
    contract(&Contract {
        company: Company::with(config),
        server: None,
    });
    if let Some(server) = PostgresDatabase::create() {
        contract(&Contract {
            company: Company::with(config).on(&server.url),
            server: Some(&server),
        });
    }
}
