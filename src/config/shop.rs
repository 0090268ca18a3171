//! `url` and `query` of an `[[input]]`: orders from the shop's own database.

use std::path::PathBuf;

use super::database::{WAIT_KEYS, waits_of, without_password};
use super::document::{Field, Section};
use super::error::ConfigError;
use super::secret::SecretSource;
use super::shops;
use crate::domain::file::{IMPORT_ENDING, InputKind};
use crate::domain::secret::Secret;
use crate::domain::waits::Waits;

/// Keys of an address, of which one is given.
const URL_KEYS: [&str; 3] = ["url", "url_env", "url_file"];

/// What an address may be, for errors. The address found is never repeated.
const ALLOWED: &str = "expected postgres://user@host/database, mysql://user@host/database or \
                       sqlite://path/of/file.db";

/// A query on the shop's database.
#[derive(Clone, Debug)]
pub struct ShopInput {
    /// What its imports are called: `orders.sql`, `orders-2.sql`, … by the place of the input.
    pub name: String,
    /// The address without secrets.
    pub shown: String,
    /// The address, or why it cannot be had: that refuses this input, and stops no other.
    pub address: Result<ShopAddress, String>,
    /// The query, with `:since` where its author wants it.
    pub query: String,
    /// How long its server may keep a run waiting.
    pub waits: Waits,
}

/// Two inputs of the same query on the same database are one.
impl PartialEq for ShopInput {
    fn eq(&self, other: &Self) -> bool {
        (&self.shown, &self.query) == (&other.shown, &other.query)
    }
}

impl Eq for ShopInput {}

/// Where the shop's database is.
#[derive(Clone, Debug)]
pub enum ShopAddress {
    /// A SQLite file, absolute.
    Sqlite(PathBuf),
    /// A PostgreSQL server; the address may hold a password.
    Postgres(Secret),
    /// A MySQL or MariaDB server; the address may hold a password.
    Mysql(Secret),
}

/// The query of an input; `None` for an input of files. `number` counts the queries before it.
pub(super) fn read(
    section: &Section<'_>,
    kind: InputKind,
    number: usize,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<ShopInput>, ConfigError> {
    let url = URL_KEYS.iter().find_map(|key| section.get(key));
    let own = section.get("query");
    let of_shop = shops::query(section)?;
    let shop = section.get("shop");
    let Some(first) = url.as_ref().or(own.as_ref()).or(shop.as_ref()) else {
        if let Some(wait) = WAIT_KEYS.iter().find_map(|key| section.get(key)) {
            return Err(wait.error("is for an input with a `query`; remove it"));
        }
        return Ok(None);
    };
    if kind != InputKind::Orders {
        return Err(first.error("is for inputs of the kind orders; remove it, and give a `path`"));
    }
    if section.get("path").is_some() {
        return Err(
            first.error("stands beside `path`; an input reads files or a database, not both")
        );
    }
    let (Some(_), Some(source)) = (&url, SecretSource::of(section, "url")?) else {
        return Err(first.error("needs a `url` beside it: the address of the shop's database"));
    };
    let query = match (&own, of_shop) {
        (_, Some(query)) => query,
        (Some(own), None) => select(own)?,
        (None, None) => {
            return Err(first.error(
                "needs a `query` beside it: a SELECT that gives the columns of orders by name",
            ));
        }
    };
    let (shown, address) = address(section, &source, environment)?;
    let stem = match number {
        0 => "orders".to_owned(),
        _ => format!("orders-{}", number.saturating_add(1)),
    };
    Ok(Some(ShopInput {
        name: format!("{stem}{IMPORT_ENDING}"),
        shown,
        address,
        query,
        waits: waits_of(section)?,
    }))
}

fn select(field: &Field<'_>) -> Result<String, ConfigError> {
    let query = field.text()?;
    if query.trim().is_empty() {
        return Err(field.wrong("a SELECT that gives the columns of orders by name"));
    }
    Ok(query.to_owned())
}

type Address = (String, Result<ShopAddress, String>);

fn address(
    section: &Section<'_>,
    source: &SecretSource,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Address, ConfigError> {
    let url = match source.fetch(environment) {
        Ok(url) => url,
        Err(error) => {
            let reason = format!("its `url` cannot be had: {error}");
            return Ok(("the shop's database".to_owned(), Err(reason)));
        }
    };
    let wrong = |end: &str| section.error("`url`", &format!(" {end}; {ALLOWED}"));
    let url = url.reveal().trim();
    let Some((scheme, rest)) = url.split_once(':') else {
        return Err(wrong("has no scheme"));
    };
    let names_server = rest.len() > 2 && rest.starts_with("//");
    match scheme.to_ascii_lowercase().as_str() {
        "postgres" | "postgresql" if names_server => {
            let address = ShopAddress::Postgres(Secret::new(url));
            Ok((without_password("postgres", url), Ok(address)))
        }
        "mysql" | "mariadb" if names_server => {
            let address = ShopAddress::Mysql(Secret::new(format!("mysql:{rest}")));
            Ok((without_password("mysql", url), Ok(address)))
        }
        "sqlite" => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            // It is always opened for reading only.
            let path = path.strip_suffix("?mode=ro").unwrap_or(path);
            if path.is_empty() || path.contains(['?', '#']) || path.contains(":memory:") {
                return Err(wrong("names no file, or has options"));
            }
            let path = section.document().resolve(path);
            let shown = format!("sqlite://{}", path.display());
            Ok((shown, Ok(ShopAddress::Sqlite(path))))
        }
        "postgres" | "postgresql" | "mysql" | "mariadb" => Err(wrong("names no server")),
        _ => Err(wrong("is of no kind that this version knows")),
    }
}
