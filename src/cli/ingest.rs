//! `ingest`: reading without matching.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::args::{Cli, IngestArgs};
use super::progress::Bar;
use super::terminal::one_line;
use super::{Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::file::RejectedRow;
use crate::domain::statement::StoredStatement;
use crate::domain::{Amount, Currency};
use crate::pipeline::{self, IngestOptions, IngestedFile, TakenFor};
use crate::report::render::json::input_row;

/// Rejected rows that are printed without `--json`.
const REJECTED_SHOWN: usize = 20;

/// Reads files and says what they hold.
pub(super) fn ingest(
    arguments: &IngestArgs,
    settings: &Settings,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    if arguments.anonymise {
        for file in &arguments.files {
            write!(out, "{}", pipeline::anonymised(file)?)?;
        }
        return Ok(Exit::Done);
    }
    let clock = RunClock::start(arguments.as_of, settings.timezone);
    let options = IngestOptions {
        files: arguments.files.clone(),
        kind: arguments.kind,
        again: arguments.again,
        dry_run: arguments.dry_run,
        as_of: clock.as_of,
    };
    let bar = Bar::new(cli.quiet);
    let files = wait(pipeline::ingest(
        settings,
        &location(settings),
        &options,
        &bar,
    ))??;
    if arguments.json {
        let files = files
            .iter()
            .map(as_json)
            .collect::<serde_json::Result<Vec<Value>>>()?;
        serde_json::to_writer_pretty(&mut *out, &json!({ "files": files }))?;
        writeln!(out)?;
    } else {
        files.iter().try_for_each(|file| print(file, out))?;
    }
    Ok(if pipeline::has_rejections(&files) {
        Exit::Rejected
    } else {
        Exit::Done
    })
}

fn print(ingested: &IngestedFile, out: &mut dyn Write) -> std::io::Result<()> {
    let file = &ingested.row.file;
    let counts = format!(
        "{} rows, {} taken, {} rejected",
        file.rows, file.accepted, file.rejected
    );
    let reason = if file.reason.is_empty() {
        counts
    } else {
        file.reason.clone()
    };
    writeln!(
        out,
        "{}: {} ({}): {}",
        one_line(&file.name),
        file.status.word(),
        file.kind.word(),
        one_line(&reason)
    )?;
    for stored in &ingested.statements {
        writeln!(out, "  {}", one_line(&statement_words(stored)))?;
    }
    if let Some(taken_for) = &ingested.taken_for {
        print_taken_for(taken_for, file.kind.word(), out)?;
    }
    for row in ingested.rejected.iter().take(REJECTED_SHOWN) {
        writeln!(
            out,
            "  rejected: line {}, {} «{}»: {}",
            row.line,
            one_line(&row.column),
            one_line(&row.value),
            one_line(&row.reason)
        )?;
    }
    let more = ingested.rejected.len().saturating_sub(REJECTED_SHOWN);
    if more > 0 {
        writeln!(
            out,
            "  {more} more rejected rows; --json prints all of them"
        )?;
    }
    Ok(())
}

/// What a file was taken for, and what was used of it.
fn print_taken_for(taken_for: &TakenFor, kind: &str, out: &mut dyn Write) -> std::io::Result<()> {
    let described = &taken_for.described;
    let profile = match described.profile.as_str() {
        "" => String::new(),
        name => format!(", read with the profile {name}"),
    };
    writeln!(
        out,
        "  taken for {kind}: {}; {}{profile}",
        taken_for.kind_because, described.why
    )?;
    if !described.used.is_empty() {
        let column = |(canonical, title): &(String, String)| format!("{canonical} = «{title}»");
        let used: Vec<String> = described.used.iter().map(column).collect();
        writeln!(out, "  columns used: {}", used.join(", "))?;
    }
    if !described.unused.is_empty() {
        writeln!(
            out,
            "  columns not used: «{}»",
            described.unused.join("», «")
        )?;
    }
    for warning in &described.warnings {
        writeln!(out, "  warning: the file {warning}")?;
    }
    Ok(())
}

/// A statement in one line: account, days, sums, balances.
fn statement_words(stored: &StoredStatement) -> String {
    let statement = &stored.statement;
    let currency = statement.currency.unwrap_or(Currency::EUR);
    let money = |amount: Amount| amount.display(currency).to_string();
    let name = match (statement.id.as_str(), statement.sequence.as_str()) {
        ("", "") => String::new(),
        ("", sequence) => format!(", statement {sequence}"),
        (id, _) => format!(", statement {id}"),
    };
    let days = match (statement.from, statement.to) {
        (Some(from), Some(to)) => format!(", {from} to {to}"),
        _ => String::new(),
    };
    let balances = match (statement.opening, statement.closing) {
        (None, None) => "no balances".to_owned(),
        (opening, closing) => {
            let words = |balance: Option<Amount>| balance.map_or_else(|| "?".to_owned(), money);
            let verdict = match is_balanced(stored) {
                Some(true) => ", which adds up",
                Some(false) => ", which does NOT add up",
                None => "",
            };
            format!("from {} to {}{verdict}", words(opening), words(closing))
        }
    };
    format!(
        "account {}{name}{days}: {} entries, +{} -{} {currency}, {balances}",
        statement.account,
        stored.entries,
        money(stored.credits),
        money(stored.debits),
    )
}

/// Whether opening and entries are closing; `None` where a balance is not known.
fn is_balanced(stored: &StoredStatement) -> Option<bool> {
    let (opening, closing) = stored.statement.opening.zip(stored.statement.closing)?;
    Some(stored.rejected == 0 && opening + stored.credits - stored.debits == closing)
}

/// The columns of `inputs.csv`, and the statements of a statement file.
fn as_json(ingested: &IngestedFile) -> serde_json::Result<Value> {
    let mut row = input_row(&ingested.row)?;
    if let Some(row) = row.as_object_mut() {
        row.insert(
            "rejected_rows".to_owned(),
            rejected_json(&ingested.rejected),
        );
        if let Some(taken_for) = &ingested.taken_for {
            row.insert("taken_for".to_owned(), taken_for_json(taken_for));
        }
    }
    if ingested.row.file.kind == crate::domain::file::InputKind::BankStatement {
        let statements: Vec<Value> = ingested.statements.iter().map(statement_json).collect();
        if let Some(row) = row.as_object_mut() {
            row.insert("statements".to_owned(), Value::Array(statements));
        }
    }
    Ok(row)
}

fn rejected_json(rows: &[RejectedRow]) -> Value {
    let row = |row: &RejectedRow| {
        json!({
            "line": row.line,
            "column": row.column,
            "value": row.value,
            "reason": row.reason,
        })
    };
    Value::Array(rows.iter().map(row).collect())
}

fn taken_for_json(taken_for: &TakenFor) -> Value {
    let described = &taken_for.described;
    let column =
        |(canonical, title): &(String, String)| json!({ "column": canonical, "title": title });
    json!({
        "because": taken_for.kind_because,
        "content": described.why,
        "profile": described.profile,
        "columns_used": described.used.iter().map(column).collect::<Vec<Value>>(),
        "columns_not_used": described.unused,
        "warnings": described.warnings,
    })
}

fn statement_json(stored: &StoredStatement) -> Value {
    let statement = &stored.statement;
    let currency = statement.currency.unwrap_or(crate::domain::Currency::EUR);
    let amount = |amount: Amount| Value::String(amount.display(currency).to_string());
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or(Value::Null, |day| Value::String(day.to_string()))
    };
    let balanced = is_balanced(stored);
    let mut row = Map::new();
    for (key, value) in [
        ("account", json!(statement.account)),
        ("id", json!(statement.id)),
        ("sequence", json!(statement.sequence)),
        ("from", day(statement.from)),
        ("to", day(statement.to)),
        (
            "currency",
            json!(
                statement
                    .currency
                    .map(|currency| currency.code().to_owned())
            ),
        ),
        ("opening", statement.opening.map_or(Value::Null, amount)),
        ("closing", statement.closing.map_or(Value::Null, amount)),
        ("entries", json!(stored.entries)),
        ("credits", amount(stored.credits)),
        ("debits", amount(stored.debits)),
        ("balanced", json!(balanced)),
    ] {
        row.insert(key.to_owned(), value);
    }
    Value::Object(row)
}
