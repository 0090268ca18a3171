//! The tables of payouts: those that somebody may still expect money of, and those that are done. Each
//! opens to what it is made of.

use std::io::{self, Write};

use super::data::{About, Data};
use super::tables::{Column, Form, Labels, More, Row, Section, TableView, column, plain};
use crate::domain::payout::{PayoutOutcome, PayoutState};
use crate::report::language::{Kind, Value};
use crate::report::views;
use crate::report::words::{Words, one_line};

/// Only of an open payout something is found.
const fn columns(reference: Form) -> [Column; 9] {
    [
        column("payout_reference", "l", reference),
        plain("provider", "w"),
        plain("last_report", "w"),
        plain("expected", "n"),
        plain("booked", "n w"),
        plain("difference", "n"),
        plain("currency", "w"),
        column("state", "", Form::Chip),
        plain("matched_by", "w"),
    ]
}

const OPEN: TableView = TableView {
    table: views::payouts::TABLE,
    id: "payouts",
    title: "html-payouts-open",
    intro: Some("html-payouts-intro"),
    none: "html-payouts-none",
    rows_max: 5_000,
    columns: &columns(Form::Find),
    facets: &["provider", "currency", "state"],
    words: &[
        ("state", Kind::PayoutState),
        ("matched_by", Kind::MatchedBy),
    ],
};

const DONE: TableView = TableView {
    columns: &columns(Form::Plain),
    id: "payouts-done",
    title: "html-payouts-done",
    intro: Some("html-payouts-done-intro"),
    ..OPEN
};

/// What a payout opens to.
const FACTS: [&str; 8] = [
    "first_report",
    "last_report",
    "lines",
    "gross",
    "fee",
    "net",
    "account",
    "bank_entries",
];

/// Writes both tables.
pub(super) fn write(
    out: &mut impl Write,
    data: &mut Data,
    words: Words<'_>,
    payouts: &[PayoutOutcome],
) -> io::Result<()> {
    let labels = Labels::of(words, &FACTS);
    for (view, is_open) in [(&OPEN, true), (&DONE, false)] {
        let of_view = || payouts.iter().filter(|one| one.state.is_open() == is_open);
        let about = About {
            labels: labels.facts.to_vec(),
            ..About::default()
        };
        let heading = view.heading(words, of_view().count());
        let mut section = Section::begin(out, data, &heading, &about)?;
        for outcome in of_view().take(view.rows_max) {
            section.row(&row(words, view, outcome, &labels))?;
        }
        section.end()?;
    }
    Ok(())
}

/// A payout, opening to what it is made of: gross, refunds, fees, net, and what the bank booked.
fn row(words: Words<'_>, view: &TableView, outcome: &PayoutOutcome, labels: &Labels) -> Row {
    let payout = &outcome.payout;
    let cells = views::payouts::cells(outcome);
    let account = outcome.waits_for.as_ref().and_then(|it| it.account.clone());
    let facts = FACTS.map(|name| match (view.at(name), &account) {
        (Some(at), _) => cells.get(at).map_or(String::new(), |cell| words.cell(cell)),
        (None, Some(account)) => one_line(account),
        (None, None) => String::new(),
    });
    Row {
        more: More {
            sentence: sentence(words, outcome),
            facts: facts.into(),
            sources: payout.files.iter().map(|file| one_line(file)).collect(),
            commands: vec![format!("crp-recon show {}", one_line(&payout.reference))],
        },
        labels: labels.clone(),
        ..view.row(words, &cells, &[])
    }
}

fn sentence(words: Words<'_>, outcome: &PayoutOutcome) -> String {
    let payout = &outcome.payout;
    let currency = payout.currency;
    let booked = outcome
        .booked
        .filter(|_| outcome.state != PayoutState::Pending);
    let values = [
        ("gross", Value::Money(payout.gross, currency)),
        match payout.refunds {
            none if none.is_zero() => ("refunds", Value::Count(0)),
            refunds => ("refunds", Value::Money(refunds, currency)),
        },
        ("fees", Value::Money(payout.fee, currency)),
        ("net", Value::Money(payout.gross - payout.fee, currency)),
        match booked {
            Some(booked) => ("booked", Value::Money(booked, currency)),
            None => ("booked", Value::Count(0)),
        },
    ];
    words.texts.with("html-payout-sum", &values)
}
