//! Every language has every text that the program asks for, none that nobody asks for, and uses
//! only variables that the program gives.

use std::collections::BTreeSet;

use fluent_syntax::ast::Resource;

use super::sources::{self, Asked};
use super::*;
use crate::domain::coverage::FeedState;
use crate::domain::discrepancy::{Code, Severity, State};
use crate::domain::file::{FileStatus, InputKind};
use crate::domain::order::OrderStatus;
use crate::domain::outcome::OrderState;
use crate::domain::payout::{MatchedBy, PayoutState};
use crate::report::explain;
use crate::report::figures::AgeBucket;
use crate::report::language::uses::{self, Messages, parts};
use crate::report::language::words::key;
use crate::report::views;

/// The messages of a language, or of a text that a test made up, and what is wrong with them.
fn read(files: &[(&str, &str)]) -> (Messages, Vec<String>) {
    let (mut messages, mut wrong) = (Messages::new(), Vec::new());
    for (name, source) in files {
        let resource: Resource<&str> = match fluent_syntax::parser::parse(*source) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                wrong.extend(errors.iter().map(|error| format!("{name}.ftl: {error}")));
                resource
            }
        };
        for entry in &resource.body {
            if let Some((key, uses)) = uses::of_entry(entry)
                && messages.insert(key.to_owned(), uses).is_some()
            {
                wrong.push(format!("{name}.ftl: {key} is there twice"));
            }
        }
    }
    (messages, wrong)
}

/// All that is wrong with the messages of a language, given what the program asks for.
fn complaints(messages: &Messages, asked: &Asked) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (key, given) in asked {
        if !messages.contains_key(key) {
            wrong.push(format!("{key} is missing"));
            continue;
        }
        for part in parts(messages, key) {
            used.insert(part);
            let Some(names) = messages.get(part) else {
                wrong.push(format!("{key} names {part}, which is missing"));
                continue;
            };
            for variable in names.variables.difference(given) {
                wrong.push(format!(
                    "{key}: {part} uses ${variable}, which is not given"
                ));
            }
            for other in &names.other {
                wrong.push(format!("{part}: the program does not give {other}"));
            }
        }
    }
    let unused = messages.keys().filter(|key| !used.contains(key.as_str()));
    wrong.extend(unused.map(|key| format!("{key} is asked for by nobody")));
    wrong
}

/// The keys of the titles, which are put together from words.
fn titles() -> Vec<String> {
    let mut keys = Vec::new();
    let mut add =
        |kind: Kind, words: &[&str]| keys.extend(words.iter().map(|word| key(kind, word)));
    add(
        Kind::Code,
        &Code::ALL.iter().map(|code| code.word()).collect::<Vec<_>>(),
    );
    add(Kind::Severity, &Severity::ALL.map(Severity::word));
    add(Kind::State, &State::ALL.map(State::word));
    add(Kind::Age, &AgeBucket::ALL.map(AgeBucket::word));
    let orders = [OrderState::Balanced, OrderState::Open, OrderState::Pending];
    add(Kind::OrderState, &orders.map(OrderState::word));
    let statuses = [
        OrderStatus::Pending,
        OrderStatus::Favorable,
        OrderStatus::Funded,
        OrderStatus::Cancelled,
        OrderStatus::Refused,
        OrderStatus::Aborted,
    ];
    add(Kind::OrderStatus, &statuses.map(OrderStatus::word));
    let feeds = [
        FeedState::Complete,
        FeedState::Late,
        FeedState::Silent,
        FeedState::Never,
    ];
    add(Kind::FeedState, &feeds.map(FeedState::word));
    let payouts = [
        PayoutState::Matched,
        PayoutState::Mismatched,
        PayoutState::NotReceived,
        PayoutState::Pending,
        PayoutState::CarriedOver,
        PayoutState::SettledWithoutTransfer,
    ];
    add(Kind::PayoutState, &payouts.map(PayoutState::word));
    let rules = [
        MatchedBy::Reference,
        MatchedBy::Amount,
        MatchedBy::Sum,
        MatchedBy::Decision,
    ];
    add(Kind::MatchedBy, &rules.map(MatchedBy::word));
    let statuses = [
        FileStatus::Accepted,
        FileStatus::Duplicate,
        FileStatus::Refused,
        FileStatus::Ignored,
        FileStatus::Unread,
    ];
    add(Kind::FileStatus, &statuses.map(FileStatus::word));
    // An accepted file that another replaced, as `inputs.csv` says it.
    add(Kind::FileStatus, &["superseded"]);
    add(Kind::InputKind, &InputKind::ALL.map(InputKind::word));
    add(Kind::Table, &["summary"]);
    for table in [
        views::discrepancies::TABLE,
        views::orders::TABLE,
        views::payouts::TABLE,
        views::balance::TABLE,
        views::inputs::TABLE,
        views::rejected::TABLE,
    ] {
        add(Kind::Table, &[table.name]);
        add(Kind::Column, table.columns);
    }
    keys
}

/// All texts that the program asks for, each with the variables that it gives.
fn asked() -> Asked {
    let mut asked = sources::asked();
    for key in titles() {
        asked.entry(key).or_default();
    }
    let facts: BTreeSet<String> = explain::NAMES.map(str::to_owned).into();
    for (key, given) in &mut asked {
        if key.starts_with("explain-") {
            given.clone_from(&facts);
        }
    }
    asked
}

#[test]
fn every_language_has_all_texts_none_too_many_and_no_unknown_variable() {
    let asked = asked();
    let mut wrong = Vec::new();
    for language in ALL {
        let (messages, unreadable) = read(&files(language));
        let complaints = complaints(&messages, &asked);
        let all = unreadable.into_iter().chain(complaints);
        wrong.extend(all.map(|text| format!("{}: {text}", language.tag())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_search_of_the_sources_finds_what_is_asked_for() {
    let asked = asked();
    assert!(asked.contains_key("unknown-amount"));
    assert!(asked["explain-carry-over"].contains("expected"));
    assert!(asked.len() > 150, "{} texts", asked.len());
}

#[test]
fn each_kind_of_mistake_is_complained_about() {
    let complaints_about = |text: &str| {
        let asked = Asked::from([
            ("hello".to_owned(), BTreeSet::from(["name".to_owned()])),
            ("bye".to_owned(), BTreeSet::new()),
        ]);
        let (messages, mut wrong) = read(&[("planted", text)]);
        wrong.extend(complaints(&messages, &asked));
        wrong
    };
    assert!(complaints_about("hello = Hello { $name }\nbye = Bye").is_empty());
    let missing = complaints_about("hello = Hello { $name }");
    assert_eq!(missing, ["bye is missing"]);
    let unused = complaints_about("hello = Hello\nbye = Bye\npart-a = A\nother = { part-a }");
    assert_eq!(
        unused,
        [
            "other is asked for by nobody",
            "part-a is asked for by nobody"
        ]
    );
    let unknown = complaints_about("hello = { part }\nbye = Bye\npart = { $nmae }");
    assert_eq!(unknown, ["hello: part uses $nmae, which is not given"]);
    let in_a_variant =
        complaints_about("hello = { $name ->\n   *[other] { $age }\n}\nbye = { $name }");
    assert_eq!(
        in_a_variant,
        [
            "bye: bye uses $name, which is not given",
            "hello: hello uses $age, which is not given"
        ]
    );
    let twice = complaints_about("hello = A\nbye = B\nhello = C");
    assert_eq!(twice, ["planted.ftl: hello is there twice"]);
    let nowhere = complaints_about("hello = { gone }\nbye = { NUMBER(1) }");
    assert_eq!(
        nowhere,
        [
            "bye: the program does not give NUMBER",
            "hello names gone, which is missing"
        ]
    );
    assert!(!complaints_about("hello = { $name\nbye = Bye").is_empty());
}
