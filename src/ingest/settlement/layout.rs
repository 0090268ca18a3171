//! Any table with a header, as its profile says.
//!
//! Providers write the same facts in many ways: one signed column or two for debit and credit,
//! fees in one column or in five, refunds with or without a minus, euros or cents. The profile
//! names the columns and says how to understand them; nothing here knows a provider.

use std::collections::BTreeMap;

use regex::Regex;

use super::row::RowReader;
use super::{SettlementFile, SettlementOptions, SettlementSink, read_rows};
use crate::ingest::Refusal;
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::Profile;
use crate::ingest::table::{Columns, Table};

const HEADER: &[&[&str]] = &[
    &["order_reference", "gross", "currency"],
    &["order_reference", "net", "currency"],
    &["order_reference", "gross_credit", "gross_debit", "currency"],
    &["order_reference", "net_credit", "net_debit", "currency"],
];

pub(super) fn open(opened: &OpenFile, profile: &Profile) -> Result<Table, Refusal> {
    let shared = from_name(opened, profile)?;
    let fixed: BTreeMap<String, String> = profile.fixed.clone().into_iter().chain(shared).collect();
    let columns = Columns {
        fixed: &fixed,
        ..Columns::of(profile, HEADER)
    };
    Table::open(opened, profile, &columns)
}

/// The values that the file's name gives all rows.
fn from_name(opened: &OpenFile, profile: &Profile) -> Result<BTreeMap<String, String>, Refusal> {
    let Some(pattern) = &profile.notation.file_name else {
        return Ok(BTreeMap::new());
    };
    let pattern = Regex::new(pattern).map_err(|error| {
        Refusal::new(format!(
            "cannot be read: the profile's pattern «{pattern}» is none ({error})"
        ))
    })?;
    let Some(found) = pattern.captures(opened.name()) else {
        return Ok(BTreeMap::new());
    };
    let groups = pattern.capture_names().flatten();
    let values = groups.filter_map(|group| {
        let value = found.name(group)?;
        Some((group.to_owned(), value.as_str().to_owned()))
    });
    Ok(values.collect())
}

/// Reads a settlement table.
///
/// # Errors
/// The whole file is refused: unknown header, undecidable decimal mark, too many bad rows.
pub(super) fn read(
    opened: &OpenFile,
    options: SettlementOptions<'_>,
    sink: &mut dyn SettlementSink,
) -> Result<SettlementFile, Refusal> {
    let mut table = Table::open_by(open, opened, options.profile)?;
    let shared = from_name(opened, options.profile)?;
    let mut reader = RowReader::new(&table, options, &shared);
    let percent = options.max_rejected_percent;
    let counts = read_rows(&mut table, percent, sink, &mut reader)?;
    Ok(SettlementFile {
        counts,
        report_date: reader.latest,
    })
}
