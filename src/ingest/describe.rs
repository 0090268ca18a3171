//! What a file would be taken for, and why: for a person who looks before a run does.

use super::open_file::OpenFile;
use super::profile::Profile;
use super::table::{Header, Table};
use super::{Refusal, oney_crp, orders, recognise, settlement, statements};
use crate::domain::file::InputKind;

/// What a file would be taken for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// The profile that reads it; empty for a format that needs none.
    pub profile: String,
    /// Why, as the end of a sentence.
    pub why: String,
    /// Canonical column and title of those that are used, in the order of the file.
    pub used: Vec<(String, String)>,
    /// The titles of those that are not.
    pub unused: Vec<String>,
    /// What should be said although the file is read, as ends of a sentence.
    pub warnings: Vec<String>,
}

/// Describes a file of a kind.
pub fn describe(kind: InputKind, opened: &OpenFile, profiles: &[Profile]) -> Described {
    if kind == InputKind::BankStatement
        && let Some(format) = statements::recognise(opened)
    {
        return Described {
            why: format!("its content is {}", format.words()),
            ..Described::default()
        };
    }
    let Some(profile) = recognise::fitting(kind, opened, profiles) else {
        return Described {
            why: "nothing in it is known".to_owned(),
            ..Described::default()
        };
    };
    let named = Described {
        profile: profile.name.clone(),
        why: "its content is".to_owned(),
        ..Described::default()
    };
    match header(kind, opened, profile) {
        Some(Ok(header)) => of_header(kind, &header, named),
        Some(Err(_)) | None => Described {
            why: "its content is like that".to_owned(),
            ..named
        },
    }
}

fn of_header(kind: InputKind, header: &Header, named: Described) -> Described {
    let used: Vec<(String, String)> = header
        .used()
        .into_iter()
        .map(|(canonical, title)| (canonical.to_owned(), title.to_owned()))
        .collect();
    let unused = header.unknown();
    let unused = unused.iter().filter_map(|at| header.names().get(*at));
    let is_bank = kind == InputKind::BankStatement;
    Described {
        why: format!("its header has {} known columns", used.len()),
        unused: unused
            .filter(|title| !title.trim().is_empty())
            .cloned()
            .collect(),
        used,
        warnings: is_bank
            .then(|| statements::header_warning(header))
            .flatten()
            .into_iter()
            .collect(),
        ..named
    }
}

/// The header of a table; `None` for a kind that is read without one.
fn header(
    kind: InputKind,
    opened: &OpenFile,
    profile: &Profile,
) -> Option<Result<Header, Refusal>> {
    let open: fn(&OpenFile, &Profile) -> Result<Table, Refusal> = match kind {
        InputKind::OneyCrp => oney_crp::open,
        InputKind::PayoneSettlement | InputKind::Settlement => settlement::open,
        InputKind::Orders => orders::open,
        InputKind::OrderEvents => orders::open_events,
        InputKind::BankStatement => statements::open_export,
        InputKind::PayoneStatus
        | InputKind::EFinancing
        | InputKind::OneyStatus
        | InputKind::Decisions => return None,
    };
    Some(open(opened, profile).map(|table| table.header))
}
