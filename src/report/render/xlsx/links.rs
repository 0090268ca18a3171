//! Where the rows are that other sheets link to.
//!
//! Rows are remembered as 16 bytes each, a hash of the key and the row's number: with as many
//! rows as a sheet can have these are 16 MiB. Two keys of one hash would lead a link to the wrong
//! row; among a million rows the chance of any is one in forty million.

use xxhash_rust::xxh3::xxh3_64;

use crate::report::table::Cell;

/// Separates the parts of a key, as no reference of a file does.
const SEPARATOR: u8 = 0x1f;

/// The rows of all sheets that have a key.
#[derive(Default)]
pub(super) struct Targets {
    rows: Vec<(u64, u32)>,
    sorted: bool,
    scratch: Vec<u8>,
}

impl Targets {
    /// Remembers the row of `table` whose key is in the cells at `columns`.
    pub(super) fn add(&mut self, table: &str, columns: &[usize], cells: &[Cell<'_>], row: u32) {
        if let Some(hash) = self.hash(table, columns, cells) {
            self.rows.push((hash, row));
            self.sorted = false;
        }
    }

    /// The row of `table` whose key is in the cells at `columns` of another row; the first one,
    /// where several have it.
    pub(super) fn find(
        &mut self,
        table: &str,
        columns: &[usize],
        cells: &[Cell<'_>],
    ) -> Option<u32> {
        let hash = self.hash(table, columns, cells)?;
        if !self.sorted {
            self.rows.sort_unstable();
            self.sorted = true;
        }
        let at = self.rows.partition_point(|(other, _)| *other < hash);
        let (found, row) = self.rows.get(at)?;
        (*found == hash).then_some(*row)
    }

    /// `None` where the last part, the reference itself, is empty: such rows have no name.
    fn hash(&mut self, table: &str, columns: &[usize], cells: &[Cell<'_>]) -> Option<u64> {
        self.scratch.clear();
        self.scratch.extend_from_slice(table.as_bytes());
        for column in columns {
            let Some(Cell::Text(text)) = cells.get(*column) else {
                return None;
            };
            if text.is_empty() {
                return None;
            }
            self.scratch.push(SEPARATOR);
            self.scratch.extend_from_slice(text.as_bytes());
        }
        (!columns.is_empty()).then(|| xxh3_64(&self.scratch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: [&str; 2]) -> Vec<Cell<'_>> {
        parts.map(Cell::text).into()
    }

    #[test]
    fn a_row_is_found_by_its_table_and_its_whole_key() {
        let mut targets = Targets::default();
        targets.add("orders", &[0, 1], &key(["oney", "A"]), 7);
        targets.add("payouts", &[0, 1], &key(["oney", "A"]), 8);
        let mut find = |table, parts| targets.find(table, &[0, 1], &key(parts));
        assert_eq!(find("orders", ["oney", "A"]), Some(7));
        assert_eq!(find("payouts", ["oney", "A"]), Some(8));
        assert_eq!(find("orders", ["payone", "A"]), None);
        assert_eq!(find("orders", ["oneyA", ""]), None);
    }

    #[test]
    fn of_two_rows_with_one_key_the_first_is_found_and_one_without_a_reference_never() {
        let mut targets = Targets::default();
        targets.add("orders", &[0, 1], &key(["oney", "A"]), 9);
        targets.add("orders", &[0, 1], &key(["oney", "A"]), 3);
        targets.add("orders", &[0, 1], &key(["oney", ""]), 4);
        assert_eq!(
            targets.find("orders", &[0, 1], &key(["oney", "A"])),
            Some(3)
        );
        assert_eq!(targets.find("orders", &[0, 1], &key(["oney", ""])), None);
    }
}
