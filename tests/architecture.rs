//! The arrows between the rooms, held by a test (`docs/ARCHITECTURE.md` draws them).
//!
//! Every file under `src` is read as text: which room it is in, which rooms it names behind
//! `crate::`, and which crates. What is not in the tables below is an error, so a new room or a
//! new use has to be decided here first.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room, and the rooms that it may name. `main` and `lib` are the files of that name.
const ROOMS: &[(&str, &[&str])] = &[
    ("answers", &["domain"]),
    ("main", &["cli"]),
    (
        "cli",
        &[
            "clock", "config", "domain", "files", "pipeline", "report", "storage",
        ],
    ),
    ("clock", &[]),
    ("config", &["domain", "ingest"]),
    ("domain", &[]),
    ("export", &["domain"]),
    ("facts", &["domain", "matching", "storage"]),
    ("files", &[]),
    ("ingest", &["answers", "domain"]),
    ("lib", &[]),
    ("mail", &["domain", "files", "report"]),
    ("notify", &["domain", "report"]),
    ("matching", &["domain"]),
    (
        "pipeline",
        &[
            "answers",
            "clock",
            "config",
            "domain",
            "export",
            "facts",
            "files",
            "ingest",
            "mail",
            "matching",
            "notify",
            "providers",
            "report",
            "shop",
            "sources",
            "storage",
        ],
    ),
    ("providers", &["answers", "domain"]),
    ("report", &["domain", "files"]),
    ("shop", &["domain"]),
    ("sources", &["domain"]),
    ("storage", &["domain", "files"]),
];

/// Arrows that carry little: of the second room the first may name only these.
const NARROW: &[(&str, &str, &[&str])] = &[
    // The configuration's profiles are the readers' own.
    ("config", "ingest", &["Refusal", "profile"]),
    // Where the database is, and what exit code its errors have; never a query.
    (
        "cli",
        "storage",
        &["DatabaseLocation", "PostgresServer", "StorageError"],
    ),
];

/// A crate, and the rooms that may use it; crates of the standard kind (errors, serde, chrono,
/// regex) are free.
const CRATES: &[(&str, &[&str])] = &[
    ("anyhow", &["cli"]),
    ("async_imap", &["sources"]),
    ("askama", &["mail", "report"]),
    ("backon", &["providers"]),
    ("base64", &["providers", "report"]),
    ("calamine", &["ingest"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("csv", &["report"]),
    ("csv_core", &["ingest"]),
    ("encoding_rs", &["config", "export", "ingest"]),
    ("encoding_rs_io", &["ingest"]),
    ("flate2", &["ingest", "report"]),
    ("libc", &["ingest"]),
    ("fluent_bundle", &["report"]),
    ("fluent_syntax", &["report"]),
    ("hmac", &["notify"]),
    ("iban", &["config"]),
    ("imap_proto", &["sources"]),
    ("indicatif", &["cli"]),
    ("iso_currency", &["domain", "ingest"]),
    ("lettre", &["mail"]),
    ("lz4_flex", &["storage"]),
    ("mail_parser", &["sources"]),
    ("md5", &["providers"]),
    (
        "percent_encoding",
        &["config", "ingest", "mail", "providers"],
    ),
    ("postcard", &["domain", "pipeline"]),
    ("quick_xml", &["ingest"]),
    ("russh", &["sources"]),
    ("russh_sftp", &["sources"]),
    ("rustix", &["sources"]),
    ("rust_xlsxwriter", &["report"]),
    ("rustc_hash", &["domain", "ingest", "matching"]),
    ("rustls", &["sources"]),
    ("rustls_native_certs", &["mail", "sources"]),
    ("rusty_s3", &["sources"]),
    ("sqlx", &["shop", "storage"]),
    ("strsim", &["config", "pipeline"]),
    (
        "tokio",
        &["cli", "mail", "pipeline", "shop", "sources", "storage"],
    ),
    ("tokio_rustls", &["sources"]),
    ("toml", &["config"]),
    ("tracing_subscriber", &["cli"]),
    ("ureq", &["notify", "providers", "sources"]),
    ("unic_langid", &["report"]),
    ("url", &["mail", "sources"]),
    ("whoami", &["cli"]),
    ("zip", &["ingest"]),
];

/// What is nowhere in the program, and what to do instead.
const BANNED: &[(&str, &str)] = &[
    ("todo!", "write it, or leave it out"),
    ("unimplemented!", "write it, or leave it out"),
    (
        "#[allow(",
        "say #[expect(…, reason = \"…\")]: it complains once it is no longer needed",
    ),
    ("SystemTime::now", "only clock.rs reads the time"),
    ("Utc::now", "only clock.rs reads the time"),
    ("Local::now", "only clock.rs reads the time"),
];

/// Rooms that are pure functions of what they are given: no file, no clock, no waiting, no log.
const PURE: &[(&str, &[&str])] = &[
    (
        "answers",
        &[
            "std::fs",
            "std::io",
            "std::net",
            "std::time",
            "std::env",
            "async ",
            "tracing",
        ],
    ),
    (
        "domain",
        &[
            "std::fs",
            "std::io",
            "std::net",
            "std::time",
            "std::env",
            "async ",
            "tracing",
        ],
    ),
    (
        "matching",
        &[
            "std::fs",
            "std::io",
            "std::net",
            "std::time",
            "std::env",
            "async ",
            "tracing",
        ],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder, sorted.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The room of a path below `src`: its folder there, or the file's own name.
fn room(path: &Path) -> String {
    let first = path.iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// True for files of tests: they may use what they need to look at the program from outside.
fn is_test(path: &Path) -> bool {
    path.iter()
        .any(|part| part == "tests" || part == "tests.rs")
}

/// A source without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let program = text
        .split_once("#[cfg(test)]\nmod tests {")
        .map_or(text, |(program, _)| program);
    program
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join("\n")
}

fn identifier(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The names that a path goes on with: one identifier, or the top-level ones of a `{…}` group.
fn names_after(text: &str) -> Vec<String> {
    let text = text.trim_start();
    let Some(group) = text.strip_prefix('{') else {
        return vec![identifier(text).to_owned()];
    };
    let (mut depth, mut names, mut fresh) = (0_u32, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && depth == 0 && !c.is_whitespace() => {
                names.push(identifier(group.get(at..).unwrap_or_default()).to_owned());
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

/// The places where a word stands by itself, followed by `::`.
fn paths_from<'t>(code: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    code.match_indices(word).filter_map(move |(at, _)| {
        let before = code.get(..at)?.chars().next_back();
        let after = code.get(at + word.len()..)?;
        let inside = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
        (!before.is_some_and(inside))
            .then_some(after)?
            .strip_prefix("::")
    })
}

/// What is wrong with one file: the arrows and crates that its room may not have.
fn wrong_in(path: &Path, text: &str) -> Vec<String> {
    let (room, code, shown) = (room(path), code(text), path.display());
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!(
            "{shown}: the room {room} is not in the table of this test"
        )];
    };
    let mut wrong = Vec::new();
    let starts = ["crate", "crp_recon"].map(|start| paths_from(&code, start).collect::<Vec<_>>());
    for after in starts.concat() {
        for other in names_after(after) {
            if other != room && !allowed.contains(&other.as_str()) {
                wrong.push(format!("{shown}: {room} may not use {other}"));
            }
            let behind = after.trim_start().get(other.len()..).unwrap_or_default();
            wrong.extend(
                too_much(&room, &other, behind)
                    .map(|name| format!("{shown}: {room} may not use {name} of {other}")),
            );
        }
    }
    for (name, rooms) in CRATES {
        let used = paths_from(&code, name).next().is_some();
        if used && !rooms.contains(&room.as_str()) && !is_test(path) {
            wrong.push(format!("{shown}: {room} may not use the crate {name}"));
        }
    }
    wrong
}

/// The names of a room that an arrow is too narrow for; `behind` is what follows the room's name.
fn too_much(room: &str, other: &str, behind: &str) -> impl Iterator<Item = String> {
    let narrow = NARROW
        .iter()
        .find(|(from, to, _)| *from == room && *to == other);
    let names = match behind.strip_prefix("::") {
        Some(rest) => names_after(rest),
        None => vec!["all".to_owned()],
    };
    let few = narrow.map(|(_, _, few)| *few);
    names
        .into_iter()
        .filter(move |name| few.is_some_and(|few| !few.contains(&name.as_str())))
}

/// Every file of the program with its path below `src`.
fn program() -> Vec<(PathBuf, String)> {
    let src = root().join("src");
    let mut paths = Vec::new();
    sources(&src, &mut paths);
    assert!(paths.len() > 50, "the program was found");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&src).unwrap().to_owned(), text)
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn rooms_use_only_the_rooms_and_crates_that_they_may() {
    let wrong: Vec<String> = program()
        .iter()
        .flat_map(|(path, text)| wrong_in(path, text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_of_the_table_is_there() {
    let rooms: BTreeSet<String> = program().iter().map(|(path, _)| room(path)).collect();
    let named: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(rooms, named);
}

#[test]
fn a_planted_wrong_arrow_is_found() {
    let wrong = |path: &str, text: &str| wrong_in(Path::new(path), text);
    let may_not = |path: &str, text: &str, what: &str| {
        let found = wrong(path, text);
        assert!(
            found.iter().any(|line| line.ends_with(what)),
            "{text}: {found:?}"
        );
    };
    may_not(
        "matching/a.rs",
        "use crate::storage::Db;",
        "matching may not use storage",
    );
    may_not(
        "report/a/b.rs",
        "use crate::{\n    domain::{money, file},\n    cli,\n};",
        "report may not use cli",
    );
    may_not(
        "domain/a.rs",
        "fn f() { let x = crate::clock::now(); }",
        "domain may not use clock",
    );
    may_not(
        "ingest/a.rs",
        "fn f(x: sqlx::Error) {}",
        "ingest may not use the crate sqlx",
    );
    may_not(
        "cli/a.rs",
        "use crate::storage::{DatabaseLocation, Db};",
        "cli may not use Db of storage",
    );
    may_not(
        "cli/a.rs",
        "use crate::{clock, storage};",
        "cli may not use all of storage",
    );
    may_not(
        "main.rs",
        "use crp_recon::pipeline;",
        "main may not use pipeline",
    );
    may_not("attic/a.rs", "", "not in the table of this test");
    for right in [
        "// use crate::storage::Db;",
        "/// As `crate::cli` does.\nuse crate::domain::Money;",
        "use crate::{matching::nights, domain};",
        "fn f() { other_crate::storage(); my_sqlx::f() }",
        "#[cfg(test)]\nmod tests {\n    use crate::storage::Db;\n}",
    ] {
        assert_eq!(
            wrong("matching/a.rs", right),
            Vec::<String>::new(),
            "{right}"
        );
    }
}

#[test]
fn banned_words_are_nowhere() {
    let mut wrong = Vec::new();
    for (path, text) in program() {
        let code = code(&text);
        for (word, instead) in BANNED {
            let is_clock = room(&path) == "clock";
            if code.contains(word) && !is_clock {
                wrong.push(format!("{}: {word}: {instead}", path.display()));
            }
        }
        for (pure, words) in PURE {
            let found = words
                .iter()
                .filter(|word| room(&path) == *pure && code.contains(**word));
            wrong.extend(found.map(|word| format!("{}: {pure} knows no {word}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn both_databases_have_the_same_migrations() {
    let steps = |database: &str| {
        let entries = fs::read_dir(root().join("migrations").join(database)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<BTreeSet<_>>()
    };
    let sqlite = steps("sqlite");
    assert_eq!(sqlite, steps("postgres"));
    let numbers = sqlite
        .iter()
        .map(|name| name.split_once('_').expect("NNNN_name.sql").0.to_owned());
    // Some numbers may be free: a change that was given one turned out to need none.
    let distinct: BTreeSet<String> = numbers.collect();
    assert_eq!(distinct.len(), sqlite.len());
}
