//! The values of one statement, encoded for the database that gets them.

use std::sync::Arc;

use sqlx::Arguments;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;

use super::db::Dialect;

/// Texts of one statement that are kept to be used again.
const WORDS_KEPT: usize = 8;

/// Values for one statement, in their order.
pub struct Args {
    pub(super) values: Values,
    /// Texts that rows repeat: the same memory serves all of them.
    words: Vec<Arc<str>>,
}

pub(super) enum Values {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

impl std::fmt::Debug for Args {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Args")
    }
}

impl Args {
    /// No values yet.
    pub fn new(dialect: Dialect) -> Self {
        let values = match dialect {
            Dialect::Sqlite => Values::Sqlite(SqliteArguments::default()),
            Dialect::Postgres => Values::Postgres(PgArguments::default()),
        };
        Self {
            values,
            words: Vec::new(),
        }
    }

    /// Makes room for `count` values.
    pub fn reserve(&mut self, count: usize) {
        match &mut self.values {
            Values::Sqlite(args) => args.reserve(count, 0),
            Values::Postgres(args) => args.reserve(count, count.saturating_mul(12)),
        }
    }

    /// Adds an integer.
    pub fn int(&mut self, value: i64) -> &mut Self {
        // Encoding an integer or a text into memory cannot fail; sqlx's signature is for all types.
        let done = match &mut self.values {
            Values::Sqlite(args) => args.add(value),
            Values::Postgres(args) => args.add(value),
        };
        debug_assert!(done.is_ok());
        self
    }

    /// Adds an integer or NULL.
    pub fn opt_int(&mut self, value: Option<i64>) -> &mut Self {
        let done = match &mut self.values {
            Values::Sqlite(args) => args.add(value),
            Values::Postgres(args) => args.add(value),
        };
        debug_assert!(done.is_ok());
        self
    }

    /// Adds a text. A NUL, which PostgreSQL cannot store, becomes the replacement character.
    pub fn text(&mut self, value: &str) -> &mut Self {
        if value.contains('\0') {
            return self.add_text(Arc::from(value.replace('\0', "\u{fffd}")));
        }
        self.add_text(Arc::from(value))
    }

    /// Adds a text that many rows share: a currency, a status, a provider.
    pub fn word(&mut self, value: &str) -> &mut Self {
        let known = self.words.iter().find(|known| known.as_ref() == value);
        if let Some(known) = known.map(Arc::clone) {
            return self.add_text(known);
        }
        let word: Arc<str> = Arc::from(value.replace('\0', "\u{fffd}"));
        if self.words.len() < WORDS_KEPT {
            self.words.push(Arc::clone(&word));
        }
        self.add_text(word)
    }

    fn add_text(&mut self, value: Arc<str>) -> &mut Self {
        let done = match &mut self.values {
            Values::Sqlite(args) => args.add(value),
            Values::Postgres(args) => args.add(value.as_ref()),
        };
        debug_assert!(done.is_ok());
        self
    }

    /// Adds bytes.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        let done = match &mut self.values {
            Values::Sqlite(args) => args.add(value),
            Values::Postgres(args) => args.add(value),
        };
        debug_assert!(done.is_ok());
        self
    }

    /// Adds bytes that nobody else needs.
    pub fn owned_bytes(&mut self, value: Vec<u8>) -> &mut Self {
        let done = match &mut self.values {
            Values::Sqlite(args) => args.add(value),
            Values::Postgres(args) => args.add(value),
        };
        debug_assert!(done.is_ok());
        self
    }

    /// Adds a text or NULL.
    pub fn opt_text(&mut self, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            return self.text(value);
        }
        let none: Option<&str> = None;
        let done = match &mut self.values {
            Values::Sqlite(args) => args.add(none),
            Values::Postgres(args) => args.add(none),
        };
        debug_assert!(done.is_ok());
        self
    }
}
