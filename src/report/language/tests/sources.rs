//! Which texts the program asks for: found in its sources, as text.
//!
//! A key is a string in the code (or in a page's template) that is a key of the English files, or
//! that stands in `texts.text("…")` or `texts.with("…"` (`t.` in a template). The variables that are given to it are those of its
//! file: `("count", Value::Count(3))`. A call that forgets one of them is found when it is made,
//! by an assertion in `Texts::with`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::*;

/// Keys with the names of the variables that are given to them.
pub(super) type Asked = BTreeMap<String, BTreeSet<String>>;

pub(super) fn asked() -> Asked {
    let mut asked = Asked::new();
    let mut paths = Vec::new();
    list(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut paths,
    );
    for path in paths {
        take(&fs::read_to_string(&path).unwrap(), &mut asked);
    }
    asked
}

/// Code and templates below a folder; tests ask for nothing that the program does not.
fn list(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "tests" {
                list(&path, found);
            }
        } else if name != "tests.rs"
            && path
                .extension()
                .is_some_and(|end| end == "rs" || end == "html")
        {
            found.push(path);
        }
    }
}

/// Adds what a file asks for.
fn take(source: &str, asked: &mut Asked) {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let given: BTreeSet<String> = pattern(r#"\(\s*"([a-z][a-z0-9_-]*)",\s*(?:language::)?Value::"#)
        .captures_iter(code)
        .map(|found| found[1].to_owned())
        .collect();
    let called = pattern(r#"\b(?:texts|words|t)\s*\.(?:text|with)\(\s*"([a-z][a-z0-9-]*)"\s*[,)]"#);
    let called = called.captures_iter(code).map(|found| found[1].to_owned());
    let strings = pattern(r#""([a-z][a-z0-9]*(?:-[a-z0-9]+)+)""#);
    let strings = strings.captures_iter(code).map(|found| found[1].to_owned());
    let english = bundle_keys();
    for key in called.chain(strings.filter(|key| english.contains(key))) {
        asked.entry(key).or_default().extend(given.iter().cloned());
    }
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}

/// The keys of the English files.
fn bundle_keys() -> BTreeSet<String> {
    let line = pattern(r"(?m)^([a-z][A-Za-z0-9-]*) *=");
    let all = files(Language::English);
    let all = all
        .iter()
        .flat_map(|(_, source)| line.captures_iter(source));
    all.map(|found| found[1].to_owned()).collect()
}

#[test]
fn a_key_is_found_with_the_variables_of_its_file() {
    let mut asked = Asked::new();
    take(
        "texts.with(\n  \"rows-read\", &[(\"count\", Value::Count(1))]);\
         let key = if many { \"unknown-amount\" } else { \"no-text-at-all\" };\
         #[cfg(test)]\nmod tests { texts.text(\"only-in-a-test\") }",
        &mut asked,
    );
    let given = BTreeSet::from(["count".to_owned()]);
    assert_eq!(
        asked,
        Asked::from([
            ("rows-read".to_owned(), given.clone()),
            ("unknown-amount".to_owned(), given)
        ])
    );
}
