//! Files: what became of them, what they hold; and single rows of them, as `file:line`.

use std::collections::BTreeMap;

use super::books::{Books, LINE_COLUMNS, line_row};
use super::dossier::{Part, text};
use super::orders::{EVENT_COLUMNS, VERSION_COLUMNS, event_row, version_row};
use super::provider_events::{PROVIDER_EVENT_COLUMNS, provider_event_row};
use super::{entries, originals};
use crate::domain::discrepancy::{Discrepancy, Source};
use crate::domain::file::{FileId, FileStatus, InputFile, RejectedRow};
use crate::domain::order::{Order, OrderEvent};
use crate::domain::packed::{Damage, unpack};
use crate::domain::provider_event::ProviderEvent;
use crate::domain::settlement::{LineKind, SettlementLine, Slice};
use crate::domain::{Amount, Currency};
use crate::facts::PackedRows;
use crate::pipeline::RunError;
use crate::report::table::Cell;
use crate::storage::Db;
use crate::storage::facts::{FactTable, blocks};
use crate::storage::files::{self, StoredFile};

/// Leading digits of a SHA-256 that name a file.
const SHA_DIGITS_MIN: usize = 16;

const REJECTED_COLUMNS: &[&str] = &["line", "column", "value", "reason", "raw"];

const PAYOUT_COLUMNS: &[&str] = &[
    "payout_reference",
    "kind",
    "part",
    "currency",
    "lines",
    "gross",
    "fee",
    "net",
];

const STATEMENT_COLUMNS: &[&str] = &[
    "account",
    "statement",
    "number",
    "from",
    "to",
    "currency",
    "opening",
    "closing",
    "entries",
    "credits",
    "debits",
];

/// The files of a name or SHA-256, and the rows of `file:line`.
pub(super) async fn named(
    db: &mut Db,
    books: &Books<'_>,
    reference: &str,
) -> Result<Vec<Part>, RunError> {
    let stored = || books.knowledge.stored.iter();
    // A path is what a shell completes to.
    let name = reference.rsplit('/').next().unwrap_or(reference);
    let is_named = |file: &InputFile| {
        file.name == name
            || (reference.len() >= SHA_DIGITS_MIN
                && file.sha256.starts_with(&reference.to_ascii_lowercase()))
    };
    let mut parts = Vec::new();
    for stored in stored().filter(|stored| is_named(&stored.file)) {
        parts.push(file_part(db, books, stored).await?);
    }
    if let Some((file, line)) = name.rsplit_once(':')
        && let Ok(line) = line.parse()
    {
        for stored in stored().filter(|stored| stored.file.name == file) {
            parts.extend(row_part(db, books, stored, line).await?);
        }
    }
    Ok(parts)
}

async fn file_part(db: &mut Db, books: &Books<'_>, stored: &StoredFile) -> Result<Part, RunError> {
    let file = &stored.file;
    let mut part = Part::new("file", format!("File {}", file.name));
    part.facts = file_facts(books, file);
    part.facts.push((
        "place",
        text(originals::known_places(db, file.id).await?.join("; ")),
    ));
    part.discrepancies = books.concerning(|found| {
        let of_row = found.file.strip_prefix(&file.name);
        let concerns = of_row.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
        concerns || found.sources.iter().any(|source| source.file == file.name)
    });
    part.list("payouts", PAYOUT_COLUMNS, by_payout(books, file.id));
    part.list("statements", STATEMENT_COLUMNS, statements(books, file.id));
    let rejected = files::rejected_of(db, &[file.id]).await?;
    let rows = rejected.iter().map(|(_, row)| rejected_row(row)).collect();
    part.list("rejected_rows", REJECTED_COLUMNS, rows);
    Ok(part)
}

fn file_facts(books: &Books<'_>, file: &InputFile) -> Vec<(&'static str, Cell<'static>)> {
    let name_of = |id: &FileId| books.file_name(*id).to_owned();
    let replaces = books
        .superseded_by
        .iter()
        .filter(|(_, winner)| **winner == file.id);
    let replaces: Vec<String> = replaces.map(|(loser, _)| name_of(loser)).collect();
    let by = books.superseded_by.get(&file.id).map(name_of);
    let status = match (file.status, &by) {
        (FileStatus::Accepted, Some(_)) => "superseded",
        (status, _) => status.word(),
    };
    let counts = books.standing_of(file.id);
    let gross = file.gross.iter().map(|sum| {
        let amount = sum.amount.display(sum.currency);
        format!("{amount} {}", sum.currency)
    });
    vec![
        ("file", text(file.name.as_str())),
        ("kind", text(file.kind.word())),
        ("status", text(status)),
        ("counts", text(counts)),
        ("reason", text(file.reason.as_str())),
        ("superseded_by", by.map_or(Cell::Empty, text)),
        ("supersedes", text(replaces.join("; "))),
        ("provider", text(file.provider.as_str())),
        ("country", text(file.country.as_str())),
        ("sequence", file.sequence.map_or(Cell::Empty, Cell::integer)),
        ("report_date", Cell::date(file.report_date)),
        ("received", Cell::Date(file.received)),
        (
            "reported_by_run",
            file.reported
                .map_or(Cell::Empty, |it| Cell::integer(it.run)),
        ),
        ("rows", Cell::integer(file.rows)),
        ("accepted", Cell::integer(file.accepted)),
        ("rejected", Cell::integer(file.rejected)),
        ("gross", text(gross.collect::<Vec<_>>().join("; "))),
        ("sha256", text(file.sha256.as_str())),
    ]
}

fn by_payout(books: &Books<'_>, file: FileId) -> Vec<Vec<Cell<'static>>> {
    type Key<'s> = (&'s str, LineKind, &'static str, Currency);
    let mut sums: BTreeMap<Key<'_>, (u64, Amount, Amount)> = BTreeMap::new();
    let mut slices: Vec<&Slice> = books
        .knowledge
        .slices
        .values()
        .filter(|slice| slice.file == file)
        .collect();
    slices.sort_unstable_by_key(|slice| slice.id);
    for slice in slices {
        let key = (
            slice.payout_reference.as_str(),
            slice.kind,
            slice.part.word(),
            slice.currency,
        );
        let (lines, gross, fee) = sums.entry(key).or_default();
        *lines = lines.saturating_add(slice.lines);
        *gross += slice.gross;
        *fee += slice.fee;
    }
    let row = |((reference, kind, part, currency), (lines, gross, fee)): (
        Key<'_>,
        (u64, Amount, Amount),
    )| {
        vec![
            text(if reference.is_empty() {
                "none"
            } else {
                reference
            }),
            text(kind.word()),
            text(part),
            text(currency.code()),
            Cell::integer(lines),
            Cell::Amount(gross, currency),
            Cell::Amount(fee, currency),
            Cell::Amount(gross - fee, currency),
        ]
    };
    sums.into_iter().map(row).collect()
}

fn statements(books: &Books<'_>, file: FileId) -> Vec<Vec<Cell<'static>>> {
    let statements = books
        .knowledge
        .statements
        .iter()
        .filter(|it| it.file == file);
    let row = |stored: &crate::domain::statement::StoredStatement| {
        let statement = &stored.statement;
        let currency = statement.currency.unwrap_or(Currency::EUR);
        vec![
            text(statement.account.as_str()),
            text(statement.id.as_str()),
            text(statement.sequence.as_str()),
            Cell::date(statement.from),
            Cell::date(statement.to),
            text(statement.currency.as_ref().map_or("", Currency::code)),
            Cell::amount(statement.opening, currency),
            Cell::amount(statement.closing, currency),
            Cell::integer(stored.entries),
            Cell::Amount(stored.credits, currency),
            Cell::Amount(stored.debits, currency),
        ]
    };
    statements.map(row).collect()
}

fn rejected_row(row: &RejectedRow) -> Vec<Cell<'static>> {
    vec![
        Cell::integer(row.line),
        text(row.column.as_str()),
        text(row.value.as_str()),
        text(row.reason.as_str()),
        text(row.raw.as_str()),
    ]
}

/// A row of a file: what was stored of it, what is said of it, and how it stands there.
async fn row_part(
    db: &mut Db,
    books: &Books<'_>,
    stored: &StoredFile,
    line: u32,
) -> Result<Vec<Part>, RunError> {
    let file = &stored.file;
    let source = Source {
        file: file.name.clone(),
        line,
    };
    let mut part = Part::new("row", format!("Row {line} of {}", file.name));
    part.facts = vec![
        ("file", text(file.name.as_str())),
        ("line", Cell::integer(line)),
        ("kind", text(file.kind.word())),
        ("counts", text(books.standing_of(file.id))),
        ("sha256", text(file.sha256.as_str())),
    ];
    let row = format!("{}:{line}", file.name);
    let concerns = |found: &Discrepancy| found.file == row || found.sources.contains(&source);
    part.discrepancies = books.concerning(concerns);
    stored_rows(db, books, stored, line, &mut part).await?;
    let rejected = files::rejected_of(db, &[file.id]).await?;
    let rejected = rejected.iter().filter(|(_, row)| row.line == line);
    let rejected: Vec<_> = rejected.map(|(_, row)| rejected_row(row)).collect();
    part.list("rejected_rows", REJECTED_COLUMNS, rejected);
    let mut parts = entry_parts(books, file.id, line);
    part.originals = originals::rows(db, books, file, &[line]).await?;
    let is_there = part.originals.iter().any(|original| original.row.is_ok());
    if is_there || !part.lists.is_empty() || !part.discrepancies.is_empty() {
        // An entry says all that a row of XML could.
        part.originals
            .retain(|original| original.row.is_ok() || parts.is_empty());
        parts.insert(0, part);
    }
    Ok(parts)
}

async fn stored_rows(
    db: &mut Db,
    books: &Books<'_>,
    stored: &StoredFile,
    line: u32,
    part: &mut Part,
) -> Result<(), RunError> {
    let Some(range) = stored.rows else {
        return Ok(());
    };
    let Some(table) = FactTable::of(stored.file.kind.content()) else {
        return Ok(());
    };
    let mut of_line = PackedRows::default();
    blocks::of_file(db, range, |row| {
        if line_of(row.table, row.bytes)? == line {
            of_line.append(row.bytes);
        }
        Ok(())
    })
    .await?;
    let mut rows = Vec::with_capacity(of_line.len());
    for row in of_line.bytes() {
        rows.push(match table {
            FactTable::Lines => {
                let it: SettlementLine<'_> = unpack(row)?;
                line_row(books, &it, books.knowledge.slice(it.slice)?)
            }
            FactTable::Orders => version_row(books, &unpack(row)?, None),
            FactTable::OrderEvents => event_row(books, &unpack(row)?),
            FactTable::ProviderEvents => provider_event_row(books, &unpack(row)?),
        });
    }
    let (name, columns) = match table {
        FactTable::Lines => ("settlement_lines", LINE_COLUMNS),
        FactTable::Orders => ("shop_rows", VERSION_COLUMNS),
        FactTable::OrderEvents => ("events", EVENT_COLUMNS),
        FactTable::ProviderEvents => ("provider_events", PROVIDER_EVENT_COLUMNS),
    };
    if table == FactTable::Orders {
        // Which version counts is the order's own matter: without its name.
        let version = VERSION_COLUMNS.iter().position(|name| *name == "version");
        for row in &mut rows {
            if let Some(cell) = version.and_then(|at| row.get_mut(at)) {
                *cell = Cell::Empty;
            }
        }
    }
    part.list(name, columns, rows);
    Ok(())
}

/// The line of its file that a packed row came from.
fn line_of(table: FactTable, row: &[u8]) -> Result<u32, Damage> {
    match table {
        FactTable::Lines => unpack::<SettlementLine<'_>>(row).map(|it| it.line),
        FactTable::Orders => unpack::<Order<'_>>(row).map(|it| it.line),
        FactTable::OrderEvents => unpack::<OrderEvent<'_>>(row).map(|it| it.line),
        FactTable::ProviderEvents => unpack::<ProviderEvent<'_>>(row).map(|it| it.line),
    }
}

fn entry_parts(books: &Books<'_>, file: FileId, line: u32) -> Vec<Part> {
    let stored = books
        .knowledge
        .entries
        .iter()
        .filter(|stored| stored.entry.line == line);
    let part = |stored| {
        let statement = entries::statement_of(books, stored)?;
        let counting = entries::counting(books, stored, statement);
        (statement.file == file).then(|| entries::part(books, stored, statement, counting))
    };
    stored.filter_map(part).collect()
}
