//! Entries as they stand in their file, for a person who asks where a number comes from.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use super::lines::{Line, Lines};
use crate::domain::file::{RAW_ROW_BYTES_MAX, bounded};
use crate::ingest::Refusal;

/// The `:61:` on each of the wanted lines with the lines behind it, up to the next entry or
/// balance; one that the file does not have is left out.
///
/// # Errors
/// When the file cannot be read any more.
pub(in crate::ingest) fn rows(
    input: &mut dyn BufRead,
    wanted: &BTreeSet<u32>,
) -> Result<BTreeMap<u32, String>, Refusal> {
    let mut rows: BTreeMap<u32, String> = BTreeMap::new();
    let mut open: Option<u32> = None;
    let mut lines = Lines::new(input)?;
    while let Some(Line {
        number, text: line, ..
    }) = lines.next()?
    {
        // An entry may begin with a tag that the bank wrapped.
        let is_wrapped = matches!(line.trim_end(), ":" | ":6");
        if is_wrapped
            || line.starts_with(":6")
            || line.starts_with(":20:")
            || line.starts_with("-}")
        {
            let is_entry = is_wrapped || line.starts_with(":61:");
            let found = (is_entry && wanted.contains(&number)).then_some(number);
            open = if is_wrapped { found.or(open) } else { found };
        }
        if let Some(number) = open {
            let row = rows.entry(number).or_default();
            if !row.is_empty() {
                row.push('\n');
            }
            let room = RAW_ROW_BYTES_MAX.saturating_sub(row.len());
            row.push_str(&bounded(line, room));
        }
    }
    Ok(rows)
}
