//! Which database remembers the nights.

use std::fmt;
use std::path::PathBuf;

use super::document::{Document, Section};
use super::error::ConfigError;
use super::secret::SecretSource;
use crate::domain::secret::Secret;
use crate::domain::waits::Waits;

/// Keys of `[database]`.
pub(super) const KEYS: [&str; 6] = [
    "url",
    "url_env",
    "url_file",
    WAIT_KEYS[0],
    WAIT_KEYS[1],
    WAIT_KEYS[2],
];

/// How long a server may keep a run waiting, here and in an input with a query.
pub(super) const WAIT_KEYS: [&str; 3] = [
    "connect_timeout_seconds",
    "statement_timeout_seconds",
    "lock_timeout_seconds",
];

/// The longest wait, in seconds: a day.
const WAIT_SECONDS_MAX: u32 = 86_400;

/// The environment variable that overrides `database.url`.
const OVERRIDE: &str = "DATABASE_URL";

/// Where the database is when nothing says otherwise.
const DEFAULT: &str = "sqlite://var/recon.db";

/// What a database address may be, for errors. The address found is never repeated.
const ALLOWED: &str = "expected sqlite://path/of/file.db or postgres://user@host/database";

/// The address of the database. It prints without a password.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server; the address may hold a password.
    Postgres(Secret),
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password("postgres", url.reveal())),
        }
    }
}

/// The address of `[database]`, of the environment, or the default one.
pub(super) fn read(
    root: &Section<'_>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<DatabaseUrl, ConfigError> {
    let document = root.document();
    let section = root.table("database", &KEYS)?;
    let configured = match &section {
        Some(section) => SecretSource::of(section, "url")?,
        None => None,
    };
    if let Some(url) = environment(OVERRIDE).filter(|url| !url.is_empty()) {
        let source = format!("the environment variable {OVERRIDE}");
        return address(document, &url).map_err(|reason| {
            document.error(
                None,
                format!("{source}, which overrides database.url, {reason}"),
            )
        });
    }
    let (Some(section), Some(source)) = (section, configured) else {
        return Ok(DatabaseUrl::Sqlite(
            document.resolve(DEFAULT.trim_start_matches("sqlite://")),
        ));
    };
    let url = source
        .fetch(environment)
        .map_err(|reason| section.error("`url`", &format!(" cannot be had: {reason}")))?;
    address(document, url.reveal()).map_err(|reason| section.error("`url`", &format!(" {reason}")))
}

/// The waits that `[database]` sets.
pub(super) fn waits(root: &Section<'_>) -> Result<Waits, ConfigError> {
    match root.table("database", &KEYS)? {
        Some(section) => waits_of(&section),
        None => Ok(Waits::default()),
    }
}

/// The waits that a table sets.
pub(super) fn waits_of(section: &Section<'_>) -> Result<Waits, ConfigError> {
    let usual = Waits::default();
    let [connect, statement, lock] = WAIT_KEYS;
    let seconds = |key, usual| {
        let read = section.read(key, |field| field.whole(1..=WAIT_SECONDS_MAX))?;
        Ok(read.unwrap_or(usual))
    };
    Ok(Waits {
        connect: seconds(connect, usual.connect)?,
        statement: seconds(statement, usual.statement)?,
        lock: seconds(lock, usual.lock)?,
    })
}

/// Reads an address; the error is the end of a sentence.
fn address(document: &Document<'_>, url: &str) -> Result<DatabaseUrl, String> {
    let url = url.trim();
    let Some((scheme, rest)) = url.split_once(':') else {
        return Err(format!("has no scheme; {ALLOWED}"));
    };
    match scheme.to_ascii_lowercase().as_str() {
        "postgres" | "postgresql" if rest.len() > 2 && rest.starts_with("//") => {
            Ok(DatabaseUrl::Postgres(Secret::new(url)))
        }
        "sqlite" => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            // Other programs need this to create the file; here it is always created.
            let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
            if path.is_empty() || path.contains(['?', '#']) {
                return Err(format!("names no file, or has options; {ALLOWED}"));
            }
            if path.contains(":memory:") {
                return Err(format!("would forget everything after the run; {ALLOWED}"));
            }
            Ok(DatabaseUrl::Sqlite(document.resolve(path)))
        }
        "postgres" | "postgresql" => Err(format!("names no server; {ALLOWED}")),
        _ => Err(format!("is of no kind that this version knows; {ALLOWED}")),
    }
}

/// `scheme://user@host/database` of an address, whatever else is in it.
///
/// The host begins after the *last* `@`, because people forget to encode those of a password,
/// and a query may hold a password too.
pub(super) fn without_password(scheme: &str, url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (user, server) = match rest.rsplit_once('@') {
        Some((user, server)) => (user.split(':').next().unwrap_or_default(), server),
        None => ("", rest),
    };
    let server = server.split(['?', '#']).next().unwrap_or_default();
    let host = server.split('/').next().unwrap_or_default();
    let port = host.rsplit_once(':').map_or("", |(_, port)| port);
    if !host.ends_with(']') && !port.chars().all(|c| c.is_ascii_digit()) {
        // Not a server and its port: what follows the colon may be a password without its `@`.
        return format!("{scheme}://***");
    }
    let at = if user.is_empty() { "" } else { "@" };
    format!("{scheme}://{user}{at}{server}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read(url: &str) -> Result<String, String> {
        let document = Document {
            file: "recon.toml".into(),
            base: Path::new("/srv/recon"),
            text: "",
        };
        address(&document, url).map(|url| url.to_string())
    }

    #[test]
    fn a_sqlite_file_is_relative_to_the_configuration() {
        let expected = Ok("sqlite:///srv/recon/var/recon.db".to_owned());
        assert_eq!(read("sqlite://var/recon.db"), expected);
        assert_eq!(read("sqlite:./var/recon.db?mode=rwc"), expected);
        assert_eq!(
            read("sqlite:///var/a.db"),
            Ok("sqlite:///var/a.db".to_owned())
        );
        for wrong in [
            "sqlite::memory:",
            "sqlite://",
            "sqlite://a.db?mode=ro",
            "recon.db",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_postgres_address_prints_without_its_password() {
        for (url, shown) in [
            (
                "postgres://recon@db.example.com/recon",
                "postgres://recon@db.example.com/recon",
            ),
            (
                "postgresql://recon:s3cret@db:5432/recon",
                "postgres://recon@db:5432/recon",
            ),
            (
                "postgres://recon:s3/c@ret?@db/recon?sslmode=require",
                "postgres://recon@db/recon",
            ),
            (
                "postgres://db/recon?user=u&password=s3cret",
                "postgres://db/recon",
            ),
            (
                "postgres://recon@[2001:db8::1]/recon",
                "postgres://recon@[2001:db8::1]/recon",
            ),
            ("postgres://recon:s3cret", "postgres://***"),
        ] {
            assert_eq!(read(url), Ok(shown.to_owned()));
        }
    }

    #[test]
    fn an_address_of_another_kind_is_an_error_that_does_not_repeat_it() {
        let error = read("mysql://recon:s3cret@db/recon").unwrap_err();
        assert!(error.contains("postgres://user@host"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}
