//! Whether a file is for an input at all.
//!
//! A folder may hold other things: notes, half-delivered files, another input's files. Those are
//! ignored, and said to be. But a file that looks like data and cannot be read is refused, never
//! ignored: it may be money.

use super::open_file::OpenFile;
use super::profile::{self, Profile, ProfileDefinition};
use super::{
    Refusal, decisions, e_financing, oney_crp, oney_status, orders, payone_status, settlement,
    statements,
};
use crate::domain::file::InputKind;

/// Name endings of tables.
const TABLES: [&str; 4] = [".csv", ".tsv", ".xlsx", ".ods"];

/// Name endings of objects, one a line.
const OBJECTS: [&str; 3] = [".ndjson", ".jsonl", ".json"];

/// Name endings of what a shop's web server writes down line by line.
const LOGS: [&str; 1] = [".log"];

/// Name endings of files that somebody is still writing.
const UNFINISHED: [&str; 5] = [".part", ".partial", ".filepart", ".tmp", ".crdownload"];

/// Why a file is not looked at; `None` when it may be one of the input's.
pub fn ignored_by_name(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    if name.starts_with('.') || name.starts_with("~$") {
        Some("a hidden file")
    } else if UNFINISHED.iter().any(|ending| lower.ends_with(ending)) {
        Some("by its name it is not delivered completely yet")
    } else {
        None
    }
}

/// The profiles under which a kind is read: the input's own, else the built-in ones.
///
/// # Errors
/// When the profile of the input does not exist.
pub fn profiles_of(
    kind: InputKind,
    named: Option<&str>,
    definitions: &[ProfileDefinition],
) -> Result<Vec<Profile>, Refusal> {
    if let Some(name) = named {
        return Ok(vec![Profile::resolve_for(kind, name, definitions)?]);
    }
    let without = [
        InputKind::EFinancing,
        InputKind::OneyStatus,
        InputKind::Decisions,
    ];
    let built_in = if without.contains(&kind) {
        // Their readers need no profile; one is given so that there is one.
        vec![profile::PAYONE_STATUS]
    } else {
        profile::tried_for(kind)
    };
    let resolved = built_in
        .into_iter()
        .map(|name| Profile::resolve(name, definitions));
    resolved.collect()
}

/// The first profile whose header a file has.
pub fn fitting<'p>(
    kind: InputKind,
    opened: &OpenFile,
    profiles: &'p [Profile],
) -> Option<&'p Profile> {
    profiles.iter().find(|profile| match kind {
        InputKind::OneyCrp => oney_crp::has_known_header(opened, profile),
        InputKind::PayoneSettlement | InputKind::Settlement => {
            settlement::has_known_header(opened, profile)
        }
        InputKind::PayoneStatus => payone_status::is_notifications(opened, profile),
        InputKind::EFinancing => e_financing::is_subscriptions(opened),
        InputKind::OneyStatus => oney_status::is_saved_answers(opened),
        InputKind::Orders => orders::has_known_header(opened, profile),
        InputKind::OrderEvents => orders::has_known_event_header(opened, profile),
        InputKind::BankStatement => statements::has_known_header(opened, profile),
        InputKind::Decisions => decisions::is_table(opened),
    })
}

/// True when a file is to be read as a kind, whatever comes of it.
pub fn is_claimed(kind: InputKind, name: &str, opened: &OpenFile, profiles: &[Profile]) -> bool {
    let lower = name.to_lowercase();
    let lower = lower.strip_suffix(".gz").unwrap_or(&lower);
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let looks_like_data = match kind {
        InputKind::OneyCrp => ends(&TABLES) || lower.starts_with("crp_"),
        InputKind::PayoneSettlement | InputKind::Settlement | InputKind::Decisions => ends(&TABLES),
        InputKind::PayoneStatus => ends(&TABLES) || ends(&OBJECTS) || ends(&LOGS),
        InputKind::EFinancing | InputKind::OneyStatus => ends(&OBJECTS),
        InputKind::Orders | InputKind::OrderEvents => ends(&TABLES) || ends(&OBJECTS),
        InputKind::BankStatement => ends(&TABLES) || statements::recognise(opened).is_some(),
    };
    looks_like_data || opened.survey().blank || fitting(kind, opened, profiles).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The built-in profiles of a kind.
    fn built_in(kind: InputKind) -> Vec<Profile> {
        profiles_of(kind, None, &[]).unwrap()
    }

    fn claimed(kind: InputKind, name: &str, content: &str) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        let opened = OpenFile::open(&path, u64::MAX).unwrap();
        is_claimed(kind, name, &opened, &built_in(kind))
    }

    fn fitting_profile(kind: InputKind, content: &str) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        let opened = OpenFile::open(&path, u64::MAX).unwrap();
        let profiles = built_in(kind);
        fitting(kind, &opened, &profiles).map(|profile| profile.name.clone())
    }

    #[test]
    fn hidden_and_unfinished_files_are_ignored_and_said_to_be() {
        for name in [".crp_fr_v3_261106_17.csv", "~$orders.xlsx"] {
            assert_eq!(ignored_by_name(name), Some("a hidden file"), "{name}");
        }
        for name in [
            "crp_fr_v3_261106_17.csv.part",
            "orders.csv.TMP",
            "bank.xml.filepart",
        ] {
            let reason = ignored_by_name(name).unwrap();
            assert!(reason.contains("not delivered completely"), "{name}");
        }
        assert_eq!(ignored_by_name("crp_fr_v3_261106_17.csv"), None);
        assert_eq!(ignored_by_name("partial.csv"), None);
    }

    #[test]
    fn what_looks_like_data_is_claimed_even_when_it_cannot_be_read() {
        for (kind, name) in [
            (InputKind::OneyCrp, "notes.CSV"),
            (InputKind::OneyCrp, "crp_fr_v3_261106_17.zip"),
            (InputKind::OneyCrp, "report.csv.gz"),
            (InputKind::Orders, "orders.ndjson"),
            (InputKind::OrderEvents, "events.jsonl.gz"),
            (InputKind::BankStatement, "export.xlsx"),
        ] {
            assert!(claimed(kind, name, "nothing known"), "{name}");
        }
    }

    #[test]
    fn a_note_is_no_input_but_a_file_of_nothing_may_be_a_broken_delivery() {
        for kind in InputKind::ALL {
            assert!(
                !claimed(kind, "README.txt", "Put the files here."),
                "{kind:?}"
            );
            assert!(claimed(kind, "delivery.dat", " \r\n"), "{kind:?}");
        }
    }

    #[test]
    fn a_known_content_is_claimed_whatever_its_name() {
        let v3 = "PR_Type,IS_cancel,Merchant_guid,Transaction_amount,Transaction_amount_currency\n";
        assert!(claimed(InputKind::OneyCrp, "delivery.dat", v3));
        let orders = "order_reference,provider,amount,currency,status,ordered_at\n";
        assert!(claimed(InputKind::Orders, "delivery.dat", orders));
        let xml = "<?xml version=\"1.0\"?><Document/>";
        assert!(claimed(InputKind::BankStatement, "delivery.dat", xml));
        assert!(claimed(
            InputKind::BankStatement,
            "delivery.dat",
            ":20:STMT\n:25:FR76\n"
        ));
    }

    #[test]
    fn the_layout_of_a_report_is_told_by_its_header() {
        let common = "IS_cancel,Merchant_guid,Transaction_amount,Transaction_amount_currency";
        let name = |columns: &str| fitting_profile(InputKind::OneyCrp, columns);
        let v3 = format!("PR_Type,{common},Funding_amount\n");
        assert_eq!(name(&v3).as_deref(), Some("oney-crp-v3"));
        for part in ["Payment_amount", "Payment_amount_2"] {
            let v2 = format!("PR_Type,{common},{part}\n");
            assert_eq!(name(&v2).as_deref(), Some("oney-crp-v2"), "{part}");
        }
        assert_eq!(name("order_reference,provider\n"), None);
    }

    #[test]
    fn an_input_s_own_profile_is_the_only_one_that_is_tried() {
        let own = ProfileDefinition {
            name: "ours".to_owned(),
            extends: Some(profile::ONEY_CRP_V3.to_owned()),
            ..ProfileDefinition::default()
        };
        let names: Vec<String> = profiles_of(InputKind::OneyCrp, Some("ours"), &[own])
            .unwrap()
            .into_iter()
            .map(|profile| profile.name)
            .collect();
        assert_eq!(names, ["ours"]);
        let missing = profiles_of(InputKind::OneyCrp, Some("theirs"), &[]).unwrap_err();
        assert!(missing.reason.contains("«theirs»"), "{}", missing.reason);
    }
}
