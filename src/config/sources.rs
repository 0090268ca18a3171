//! `[[source]]`: where new files come from before a night reads them.
//!
//! A password never stands in an address, so addresses may be logged. What a source needs and
//! cannot be had when it is fetched (a variable that is not set) fails that source, not the night.

use std::path::{Path, PathBuf};

use glob::Pattern;
use percent_encoding::percent_decode_str;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::secret::SecretSource;
use crate::domain::source::{
    CommandAddress, FetchLimits, FolderAddress, ImapsAddress, S3Address, SftpAddress, SourceAddress,
};

/// One `[[source]]`.
#[derive(Clone, Debug)]
pub struct SourceSettings {
    /// Its name.
    pub name: String,
    /// Where files come from.
    pub address: SourceAddress,
    /// The folder that they are put into.
    pub into: PathBuf,
    /// True when files are removed there once the night that read them is recorded.
    pub remove_after: bool,
    /// What one fetch may bring and take.
    pub limits: FetchLimits,
    /// The password, or S3's secret key.
    pub password: Option<SecretSource>,
    /// The passphrase of `key_file`.
    pub passphrase: Option<SecretSource>,
    /// S3's access key.
    pub access_key: Option<SecretSource>,
}

/// Keys that every source may have.
const COMMON: [&str; 9] = [
    "name",
    "url",
    "into",
    "remove_after",
    "max_files",
    "max_file_mib",
    "timeout_seconds",
    "time_budget_seconds",
    "settle_seconds",
];

const SFTP: [&str; 8] = [
    "host_key",
    "password",
    "password_env",
    "password_file",
    "key_file",
    "passphrase",
    "passphrase_env",
    "passphrase_file",
];

const IMAPS: [&str; 8] = [
    "password",
    "password_env",
    "password_file",
    "from",
    "subject",
    "attachment",
    "move_to",
    "ca_file",
];

const S3: [&str; 9] = [
    "endpoint",
    "region",
    "path_style",
    "access_key",
    "access_key_env",
    "access_key_file",
    "secret_key",
    "secret_key_env",
    "secret_key_file",
];

const COMMAND: [&str; 5] = [
    "command",
    "environment",
    "password",
    "password_env",
    "password_file",
];

/// Seconds in a day: no limit of time is longer.
const DAY_SECONDS: u32 = 86_400;

const ADDRESSES: &str = "sftp://user@host/folder/*.csv, imaps://user@host/INBOX, \
                         s3://bucket/folder/*.csv or file:///folder/*.csv, without a password";

/// All keys of a source, each once.
pub(super) fn keys() -> Vec<&'static str> {
    let mut keys = [&COMMON[..], &SFTP, &IMAPS, &S3, &COMMAND].concat();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// All sources, in the file's order.
pub(super) fn read(root: &Section<'_>) -> Result<Vec<SourceSettings>, ConfigError> {
    let mut sources: Vec<SourceSettings> = Vec::new();
    for section in root.tables("source", &keys())? {
        let source = read_one(&section)?;
        if sources.iter().any(|other| other.name == source.name) {
            let beginning = format!("the name {:?}", source.name);
            return Err(section.error(&beginning, " is given twice; rename one of the sources"));
        }
        sources.push(source);
    }
    Ok(sources)
}

fn read_one(section: &Section<'_>) -> Result<SourceSettings, ConfigError> {
    let need = |key: &str, what: &str| {
        let end = format!("; {what}");
        section.error(&format!("there is no `{key}`"), &end)
    };
    let name = section.read("name", Field::name)?;
    let into = section.read("into", Field::path)?;
    let remove_after = section.read("remove_after", Field::flag)?;
    let (address, own) = match (section.get("url"), section.get("command")) {
        (Some(url), None) => by_url(section, &url)?,
        (None, Some(command)) => (command_of(section, &command)?, &COMMAND[..]),
        (Some(_), Some(command)) => {
            return Err(command.error("stands beside `url`; a source has one of the two"));
        }
        (None, None) => return Err(need("url", "give one, or a `command`")),
    };
    let foreign = |key: &&str| !COMMON.contains(key) && !own.contains(key);
    if let Some(field) = keys()
        .iter()
        .filter(|key| foreign(key))
        .find_map(|key| section.get(key))
    {
        return Err(field.error("is of no use for a source of this kind; remove it"));
    }
    let secret = if matches!(address, SourceAddress::S3(_)) {
        "secret_key"
    } else {
        "password"
    };
    Ok(SourceSettings {
        name: name.ok_or_else(|| need("name", "a word that log and report call it by"))?,
        into: into.ok_or_else(|| need("into", "name the folder that its files are put into"))?,
        remove_after: remove_after.unwrap_or(false),
        limits: limits(section)?,
        password: SecretSource::of(section, secret)?,
        passphrase: SecretSource::of(section, "passphrase")?,
        access_key: SecretSource::of(section, "access_key")?,
        address,
    })
}

fn limits(section: &Section<'_>) -> Result<FetchLimits, ConfigError> {
    let usual = FetchLimits::default();
    let number = |key: &str, least: u32, most: u32, usual: u32| {
        let read = section.read(key, |field| field.whole(least..=most))?;
        Ok::<u32, ConfigError>(read.unwrap_or(usual))
    };
    let size = section.read("max_file_mib", |field| field.whole(1..=1_048_576_u64))?;
    Ok(FetchLimits {
        max_files: number("max_files", 1, 1_000_000, usual.max_files)?,
        max_file_mib: size.unwrap_or(usual.max_file_mib),
        timeout_seconds: number("timeout_seconds", 1, 3_600, usual.timeout_seconds)?,
        time_budget_seconds: number(
            "time_budget_seconds",
            1,
            DAY_SECONDS,
            usual.time_budget_seconds,
        )?,
        settle_seconds: number("settle_seconds", 0, 3_600, usual.settle_seconds)?,
    })
}

type Addressed = (SourceAddress, &'static [&'static str]);

fn by_url(section: &Section<'_>, field: &Field<'_>) -> Result<Addressed, ConfigError> {
    let url = field.text()?;
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    let server = || server(field, rest);
    match scheme {
        "file" => Ok((folder(field, rest)?, &[])),
        "sftp" => Ok((sftp(section, field, server()?)?, &SFTP)),
        "imaps" => Ok((imaps(section, field, server()?)?, &IMAPS)),
        "s3" => Ok((s3(section, field, rest)?, &S3)),
        _ => Err(wrong(field)),
    }
}

/// What is wrong is not repeated: an address that was mistyped may hold a password.
fn wrong(field: &Field<'_>) -> ConfigError {
    field.error(&format!("cannot be used; expected {ADDRESSES}"))
}

/// `//user@host:port/path`, taken apart and decoded.
struct Server {
    user: String,
    host: String,
    port: Option<u16>,
    path: String,
}

fn server(field: &Field<'_>, rest: &str) -> Result<Server, ConfigError> {
    let parts = || {
        let rest = rest.strip_prefix("//")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, place) = authority.rsplit_once('@')?;
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port.parse().ok()?)),
            _ => (place, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        // A colon in front of the @ is a password.
        let good = !user.is_empty() && !host.is_empty() && !user.contains([':', '/']);
        good.then(|| {
            Some(Server {
                user: decoded(user)?,
                host: host.to_owned(),
                port,
                path: decoded(path)?,
            })
        })?
    };
    parts().ok_or_else(|| wrong(field))
}

fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}

/// The folder of a path, and the pattern of names behind its last `/`; no name: all of them.
fn folder_and_pattern(field: &Field<'_>, path: &str) -> Result<(String, String), ConfigError> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if folder.contains(['*', '?', '[']) {
        return Err(field.error("has a wildcard in a folder; only names of files may have one"));
    }
    Ok((folder.to_owned(), pattern(field, name)?))
}

fn pattern(field: &Field<'_>, name: &str) -> Result<String, ConfigError> {
    let name = if name.is_empty() { "*" } else { name };
    match Pattern::new(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(error) => Err(field.error(&format!(
            "has a pattern that is none ({}); expected a name such as crp_*.csv",
            error.msg
        ))),
    }
}

fn sftp(
    section: &Section<'_>,
    field: &Field<'_>,
    server: Server,
) -> Result<SourceAddress, ConfigError> {
    // As in addresses of other programs, a path is absolute and /~/ is where the login begins.
    let path = match server.path.strip_prefix("~/") {
        Some(relative) => format!("./{relative}"),
        None => format!("/{}", server.path),
    };
    let (folder, pattern) = folder_and_pattern(field, &path)?;
    let host_keys = match section.get("host_key") {
        None => Vec::new(),
        Some(keys) if keys.is_list() => keys.list(fingerprint)?,
        Some(key) => vec![fingerprint(&key)?],
    };
    Ok(SourceAddress::Sftp(SftpAddress {
        host: server.host,
        port: server.port.unwrap_or(22),
        user: server.user,
        folder: if folder.is_empty() {
            "/".to_owned()
        } else {
            folder
        },
        pattern,
        host_keys,
        key_file: section.read("key_file", Field::path)?,
    }))
}

/// `SHA256:` and the 43 characters of base64 without padding, as OpenSSH prints them.
fn fingerprint(field: &Field<'_>) -> Result<String, ConfigError> {
    let text = field.text()?;
    let base64 = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    let good = |digits: &str| digits.len() == 43 && digits.chars().all(base64);
    if text.strip_prefix("SHA256:").is_some_and(good) {
        return Ok(text.to_owned());
    }
    Err(field.wrong(
        "a fingerprint, SHA256: and 43 characters, as `ssh-keygen -lf` prints it; ask whoever runs \
         the server for it",
    ))
}

fn imaps(
    section: &Section<'_>,
    field: &Field<'_>,
    server: Server,
) -> Result<SourceAddress, ConfigError> {
    let text = |key: &str| section.read(key, Field::any_text);
    let attachment = section.read("attachment", |field| pattern(field, field.text()?))?;
    let folder = server.path;
    if folder.contains(['*', '%']) {
        return Err(field.error("has a wildcard; name one folder, such as INBOX"));
    }
    let move_to = text("move_to")?.unwrap_or_default();
    let remove_after = section.read("remove_after", Field::flag)?.unwrap_or(false);
    if let (Some(field), true) = (section.get("move_to"), remove_after) {
        return Err(field.error("stands beside `remove_after`; a message is moved or removed"));
    }
    Ok(SourceAddress::Imaps(ImapsAddress {
        host: server.host,
        port: server.port.unwrap_or(993),
        user: server.user,
        folder: if folder.is_empty() {
            "INBOX".to_owned()
        } else {
            folder
        },
        pattern: attachment.unwrap_or_else(|| "*".to_owned()),
        from: text("from")?.unwrap_or_default(),
        subject: text("subject")?.unwrap_or_default(),
        move_to,
        ca_file: section.read("ca_file", Field::path)?,
    }))
}

fn s3(section: &Section<'_>, field: &Field<'_>, rest: &str) -> Result<SourceAddress, ConfigError> {
    let path = rest.strip_prefix("//").ok_or_else(|| wrong(field))?;
    let (bucket, path) = path.split_once('/').unwrap_or((path, ""));
    if bucket.is_empty() || bucket.contains(['@', ':', '*', '?']) {
        return Err(wrong(field));
    }
    let path = decoded(path).ok_or_else(|| wrong(field))?;
    let (folder, pattern) = folder_and_pattern(field, &path)?;
    let region = section.read("region", Field::name)?;
    let region = region.unwrap_or_else(|| "us-east-1".to_owned());
    let endpoint = section.read("endpoint", super::apis::server)?;
    Ok(SourceAddress::S3(S3Address {
        endpoint: endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com")),
        region,
        bucket: bucket.to_owned(),
        prefix: if folder.is_empty() {
            folder
        } else {
            format!("{folder}/")
        },
        pattern,
        path_style: section.read("path_style", Field::flag)?.unwrap_or(false),
    }))
}

fn folder(field: &Field<'_>, rest: &str) -> Result<SourceAddress, ConfigError> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    // file://host/path names another machine's folder, which is nothing that could be opened.
    if path.is_empty() || (rest.starts_with("//") && !path.starts_with('/')) {
        return Err(wrong(field));
    }
    let path = decoded(path).ok_or_else(|| wrong(field))?;
    let (folder, pattern) = folder_and_pattern(field, &path)?;
    let folder = if path.starts_with('/') {
        format!("/{folder}")
    } else {
        folder
    };
    let folder = field.document().resolve(&folder);
    Ok(SourceAddress::Folder(FolderAddress { folder, pattern }))
}

fn command_of(section: &Section<'_>, command: &Field<'_>) -> Result<SourceAddress, ConfigError> {
    let words = command.list(Field::any_text)?;
    let Some((program, arguments)) = words.split_first().filter(|(first, _)| !first.is_empty())
    else {
        return Err(command.wrong("a program and its arguments, [\"fetch-bank\", \"{into}\"]"));
    };
    // A program with a slash is found from the configuration, as every other path.
    let program = if program.contains('/') && Path::new(program).is_relative() {
        command
            .document()
            .resolve(program)
            .to_string_lossy()
            .into_owned()
    } else {
        program.clone()
    };
    let environment = section.read("environment", |field| field.list(Field::name))?;
    Ok(SourceAddress::Command(CommandAddress {
        words: std::iter::once(program)
            .chain(arguments.iter().cloned())
            .collect(),
        environment: environment.unwrap_or_default(),
    }))
}
