//! Settlement tables, written row by row under small profiles, and what becomes of each row.

mod bad_input;
pub(in crate::ingest) mod notes;
mod payone_pmi;
mod rows;

use notes::{Outcome, Read, read_bytes};

use crate::ingest::profile::{Profile, ProfileDefinition, SETTLEMENT};

/// A profile that extends the built-in one.
fn profile(change: impl FnOnce(&mut ProfileDefinition)) -> Profile {
    let mut definition = ProfileDefinition {
        name: "theirs".to_owned(),
        extends: Some(SETTLEMENT.to_owned()),
        ..ProfileDefinition::default()
    };
    change(&mut definition);
    Profile::resolve("theirs", &[definition]).unwrap()
}

/// A column and its names, as a profile lists them.
fn column(definition: &mut ProfileDefinition, canonical: &str, names: &[&str]) {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    definition.columns.insert(canonical.to_owned(), names);
}

/// The words for a meaning of the kind column.
fn kind(definition: &mut ProfileDefinition, meaning: &str, words: &[&str]) {
    let words = words.iter().map(|word| (*word).to_owned()).collect();
    let kinds = definition.notation.values.entry("kind".to_owned());
    kinds.or_default().insert(meaning.to_owned(), words);
}

fn read_named(name: &str, content: &str, profile: &Profile) -> Outcome {
    read_bytes(name, content.as_bytes(), profile)
}

#[track_caller]
fn read(content: &str, profile: &Profile) -> Read {
    read_named("settlement.csv", content, profile).unwrap()
}

/// Rows of the canonical columns that nearly every layout has.
fn table(rows: &[&str]) -> String {
    let header = "kind,order_reference,gross,fee,net,currency,payout_reference,report_date";
    format!("{header}\n{}\n", rows.join("\n"))
}
