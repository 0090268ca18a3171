//! Rows that are more than memory should hold, sorted over temporary files.
//!
//! A full look reads all rows once. Whenever a buffer is full it is sorted and written to a nameless
//! temporary file; at the end the files are read side by side, and give pages of whole cases in the
//! order of the reports. Rows that fit into one buffer never touch the disk.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use super::buffer::FactBuffer;
use crate::domain::packed::{Damage, unpack};
use crate::storage::StorageError;
use crate::storage::facts::FactTable;

/// Bytes of rows that are sorted in memory at once.
const SORTED_BYTES: usize = 192 * 1024 * 1024;

/// Bytes of rows of a page, but that a page holds whole cases.
const PAGE_BYTES: usize = 16 * 1024 * 1024;

/// Bytes of each file that are read at once.
const READ_BYTES: usize = 256 * 1024;

/// Collects rows in any order, and gives them back by provider and reference.
#[derive(Debug, Default)]
pub(super) struct Spill {
    buffer: FactBuffer,
    runs: Vec<Run>,
}

fn io_error(source: io::Error) -> StorageError {
    StorageError::Io {
        name: "a temporary file, in which all rows are sorted".to_owned(),
        source,
    }
}

impl Spill {
    /// All rows of a buffer, and no more.
    pub(super) fn of(buffer: FactBuffer) -> Self {
        Self {
            buffer,
            runs: Vec::new(),
        }
    }

    /// Where rows are added.
    pub(super) fn buffer(&mut self) -> &mut FactBuffer {
        &mut self.buffer
    }

    /// Writes the rows down where they have become too many.
    pub(super) fn relieve(&mut self) -> Result<(), StorageError> {
        if self.buffer.size_bytes() < SORTED_BYTES {
            return Ok(());
        }
        self.write_down()
    }

    fn write_down(&mut self) -> Result<(), StorageError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.sort();
        self.runs.push(Run::write(&buffer).map_err(io_error)?);
        Ok(())
    }

    /// The next page, sorted: all rows of the cases that it begins with.
    pub(super) fn next_page(&mut self) -> Result<Option<FactBuffer>, StorageError> {
        if self.runs.is_empty() {
            let mut all = std::mem::take(&mut self.buffer);
            all.sort();
            return Ok((!all.is_empty()).then_some(all));
        }
        if !self.buffer.is_empty() {
            self.write_down()?;
        }
        let mut page = FactBuffer::default();
        let mut bytes = 0_usize;
        while let Some(key) = self.least()? {
            if bytes > PAGE_BYTES {
                break;
            }
            for run in &mut self.runs {
                while run.is_at(&key)? {
                    bytes = bytes.saturating_add(run.row.len());
                    page.append(run.table, &run.provider, &run.row)?;
                    run.advance().map_err(io_error)?;
                }
            }
        }
        page.sort();
        Ok((!page.is_empty()).then_some(page))
    }

    /// Provider and reference that come first among the next rows.
    fn least(&self) -> Result<Option<(String, String)>, StorageError> {
        let mut least: Option<(&str, &str)> = None;
        for run in self.runs.iter().filter(|run| !run.is_over) {
            let key = run.key()?;
            if least.is_none_or(|least| key < least) {
                least = Some(key);
            }
        }
        Ok(least.map(|(provider, reference)| (provider.to_owned(), reference.to_owned())))
    }
}

/// Sorted rows in a file, and the next of them.
#[derive(Debug)]
struct Run {
    from: BufReader<File>,
    is_over: bool,
    table: FactTable,
    provider: String,
    row: Vec<u8>,
}

impl Run {
    fn write(buffer: &FactBuffer) -> io::Result<Self> {
        let mut to = BufWriter::with_capacity(READ_BYTES, tempfile::tempfile()?);
        for row in buffer.rows() {
            let mut rest = row.bytes;
            let bytes = row.table.split(&mut rest).map_err(io::Error::other)?;
            to.write_all(&[row.table.number()])?;
            for part in [row.provider.as_bytes(), bytes] {
                let length = u32::try_from(part.len()).map_err(io::Error::other)?;
                to.write_all(&length.to_le_bytes())?;
                to.write_all(part)?;
            }
        }
        let mut file = to.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut run = Self {
            from: BufReader::with_capacity(READ_BYTES, file),
            is_over: false,
            table: FactTable::Lines,
            provider: String::new(),
            row: Vec::new(),
        };
        run.advance()?;
        Ok(run)
    }

    fn key(&self) -> Result<(&str, &str), Damage> {
        Ok((&self.provider, unpack(&self.row)?))
    }

    fn is_at(&self, key: &(String, String)) -> Result<bool, Damage> {
        Ok(!self.is_over && self.key()? == (key.0.as_str(), key.1.as_str()))
    }

    fn advance(&mut self) -> io::Result<()> {
        let mut table = [0_u8];
        if self.from.read(&mut table)? == 0 {
            self.is_over = true;
            return Ok(());
        }
        let [number] = table;
        self.table =
            FactTable::from_number(number).ok_or_else(|| io::Error::other("a row of no kind"))?;
        let mut provider = Vec::new();
        self.part(&mut provider)?;
        if self.provider.as_bytes() != provider {
            self.provider = String::from_utf8(provider).map_err(io::Error::other)?;
        }
        let mut row = std::mem::take(&mut self.row);
        self.part(&mut row)?;
        self.row = row;
        Ok(())
    }

    fn part(&mut self, into: &mut Vec<u8>) -> io::Result<()> {
        let mut length = [0_u8; 4];
        self.from.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_le_bytes(length)).map_err(io::Error::other)?;
        into.clear();
        into.resize(length, 0);
        self.from.read_exact(into)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::Amount;
    use crate::domain::packed::pack;
    use crate::domain::settlement::{SettlementLine, SliceId};

    fn add(buffer: &mut FactBuffer, provider: &str, reference: &str, line: u32) {
        let line = SettlementLine {
            order_reference: reference,
            slice: SliceId(1),
            line,
            transaction_id: "",
            event_time: NaiveDate::from_ymd_opt(2026, 11, 5)
                .and_then(|day| day.and_hms_opt(1, 2, 3)),
            gross: Amount::ZERO,
            fee: Amount::ZERO,
            product: "",
            instalments: None,
            order_amount: None,
            contradiction: None,
        };
        let mut bytes = Vec::new();
        pack(&line, &mut bytes);
        buffer.append(FactTable::Lines, provider, &bytes).unwrap();
    }

    fn told(spill: &mut Spill) -> Vec<String> {
        let mut found = Vec::new();
        while let Some(page) = spill.next_page().unwrap() {
            page.each_case(|case| {
                let lines: Vec<u32> = case.lines.iter().map(|line| line.line).collect();
                found.push(format!("{}/{} {lines:?}", case.provider, case.reference));
                Ok::<(), Damage>(())
            })
            .unwrap();
        }
        found
    }

    #[test]
    fn rows_come_back_in_the_same_order_over_several_files_as_out_of_memory() {
        let (mut in_memory, mut spilled) = (Spill::default(), Spill::default());
        for number in 0..500_u32 {
            let provider = ["payone", "oney", "alma"][usize::try_from(number % 3).unwrap()];
            let reference = format!("R-{}", number.wrapping_mul(7919) % 100);
            for spill in [&mut in_memory, &mut spilled] {
                add(spill.buffer(), provider, &reference, number);
            }
            if number % 120 == 119 {
                spilled.write_down().unwrap();
            }
        }
        assert_eq!(spilled.runs.len(), 4);
        assert_eq!(told(&mut spilled), told(&mut in_memory));
    }
}
