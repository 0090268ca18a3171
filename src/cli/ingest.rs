//! `ingest`: reading without matching.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::args::{Cli, IngestArgs};
use super::progress::Bar;
use super::{Exit, Failure, location, wait};
use crate::clock::RunClock;
use crate::config::Settings;
use crate::domain::Amount;
use crate::domain::statement::StoredStatement;
use crate::pipeline::{self, IngestOptions, IngestedFile};
use crate::report::render::json::input_row;

/// Reads files and says what they hold.
pub(super) fn ingest(
    arguments: &IngestArgs,
    settings: &Settings,
    cli: &Cli,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
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
        "{}: {} ({}): {reason}",
        file.name,
        file.status.word(),
        file.kind.word()
    )?;
    for stored in &ingested.statements {
        let statement = &stored.statement;
        let name = if statement.id.is_empty() {
            &statement.sequence
        } else {
            &statement.id
        };
        writeln!(
            out,
            "  account {}, statement {name}: {} entries",
            statement.account, stored.entries
        )?;
    }
    Ok(())
}

/// The columns of `inputs.csv`, and the statements of a statement file.
fn as_json(ingested: &IngestedFile) -> serde_json::Result<Value> {
    let mut row = input_row(&ingested.row)?;
    if ingested.row.file.kind == crate::domain::file::InputKind::BankStatement {
        let statements: Vec<Value> = ingested.statements.iter().map(statement_json).collect();
        if let Some(row) = row.as_object_mut() {
            row.insert("statements".to_owned(), Value::Array(statements));
        }
    }
    Ok(row)
}

fn statement_json(stored: &StoredStatement) -> Value {
    let statement = &stored.statement;
    let currency = statement.currency.unwrap_or(crate::domain::Currency::EUR);
    let amount = |amount: Amount| Value::String(amount.display(currency).to_string());
    let day = |day: Option<chrono::NaiveDate>| {
        day.map_or(Value::Null, |day| Value::String(day.to_string()))
    };
    let balanced = statement
        .opening
        .zip(statement.closing)
        .map(|(opening, closing)| {
            stored.rejected == 0 && opening + stored.credits - stored.debits == closing
        });
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
