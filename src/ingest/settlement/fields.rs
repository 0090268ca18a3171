//! Values of a row: from the columns that the profile names, else from what all rows share.

use std::collections::BTreeMap;

use crate::domain::money::{AmountError, ROW_AMOUNT_MINOR_MAX};
use crate::domain::{Amount, Currency};
use crate::ingest::cells;
use crate::ingest::cells::Cell;
use crate::ingest::cells::amount_error;
use crate::ingest::profile::{AmountUnit, Profile};
use crate::ingest::table::{Header, Row};
use crate::ingest::words::comparable;
use crate::ingest::{CellError, RowError};

/// What errors of a row say to do.
pub(super) const REMEDY: &str = "check the profile, or ask for the file again";

/// Where the values of a canonical column stand.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// The file's own name of it.
    pub(super) name: String,
    /// Columns with their names, in the profile's order.
    columns: Vec<(usize, String)>,
    /// The value of rows whose columns are empty.
    shared: String,
}

impl Field {
    /// Finds a column; `shared` are the values that the file's name gives all rows.
    pub(super) fn find(
        header: &Header,
        profile: &Profile,
        shared: &BTreeMap<String, String>,
        canonical: &str,
    ) -> Self {
        let columns = columns(header, profile, canonical);
        let fixed = || profile.fixed.get(canonical);
        let first = columns.first().map(|(_, name)| name.clone());
        Self {
            name: first.unwrap_or_else(|| canonical.to_owned()),
            columns,
            shared: shared
                .get(canonical)
                .or_else(fixed)
                .cloned()
                .unwrap_or_default(),
        }
    }

    /// True where some row can have a value.
    pub(super) fn is_known(&self) -> bool {
        !self.columns.is_empty() || !self.shared.is_empty()
    }

    /// The first column that is filled, else the shared value, with the name of its place.
    pub(super) fn named<'r>(&'r self, row: &'r Row) -> (Cell<'r>, &'r str) {
        let filled = self.columns.iter().find_map(|(at, name)| {
            let cell = row.cell(Some(*at));
            (!cell.text.trim().is_empty()).then_some((cell, name.as_str()))
        });
        let shared = Cell {
            text: &self.shared,
            typed: false,
        };
        filled.unwrap_or((shared, &self.name))
    }

    pub(super) fn cell<'r>(&'r self, row: &'r Row) -> Cell<'r> {
        self.named(row).0
    }

    pub(super) fn text<'r>(&'r self, row: &'r Row) -> &'r str {
        self.cell(row).text.trim()
    }

    pub(super) fn missing(&self) -> RowError {
        RowError::new(
            &self.name,
            "",
            format!("is empty and must not be; {REMEDY}"),
        )
    }

    pub(super) fn error(&self, row: &Row, problem: &str) -> RowError {
        let (cell, name) = self.named(row);
        RowError::new(name, cell.text.trim(), format!("{problem}; {REMEDY}"))
    }

    /// All columns that are filled, with their names.
    pub(super) fn filled<'r>(&'r self, row: &'r Row) -> impl Iterator<Item = (Cell<'r>, &'r str)> {
        let cells = self
            .columns
            .iter()
            .map(|(at, name)| (row.cell(Some(*at)), name.as_str()));
        cells.filter(|(cell, _)| !cell.text.trim().is_empty())
    }
}

/// Columns that are read only where the profile lists them: the VAT of a table may be that of the
/// goods as well as that of the fees.
const ONLY_LISTED: [&str; 1] = ["vat"];

/// The columns of a canonical name. A column that is only called like it is another one where the
/// profile lists names that the file has, or lists this one under another canonical name.
fn columns(header: &Header, profile: &Profile, canonical: &str) -> Vec<(usize, String)> {
    let own = comparable(canonical);
    let names_own = |names: &[String]| names.iter().any(|name| comparable(name) == own);
    let all = header.columns(canonical).iter().map(|at| {
        let name = header.names().get(*at).map_or(canonical, String::as_str);
        (*at, name.to_owned())
    });
    let mut columns: Vec<(usize, String)> = all.collect();
    let is_listed = profile
        .columns
        .get(canonical)
        .is_some_and(|names| names_own(names));
    let is_another = profile
        .columns
        .iter()
        .any(|(other, names)| other != canonical && names_own(names));
    let is_taken = is_another || ONLY_LISTED.contains(&canonical);
    if !header.is_loose && !is_listed && (is_taken || columns.len() > 1) {
        columns.retain(|(_, name)| comparable(name) != own);
    }
    columns
}

/// How the amounts of a layout are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct AmountNotation {
    pub(super) mark: cells::DecimalMark,
    pub(super) unit: AmountUnit,
}

impl AmountNotation {
    pub(super) fn of(profile: &Profile) -> Self {
        Self {
            mark: profile.decimal_mark,
            unit: profile.notation.amount_unit.unwrap_or(AmountUnit::Major),
        }
    }

    /// The amount of a cell; `None` where it is empty.
    pub(super) fn amount(
        self,
        (cell, name): (Cell<'_>, &str),
        currency: Currency,
    ) -> Result<Option<Amount>, CellError> {
        let text = cell.text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match self.unit {
            AmountUnit::Major => cells::amount(cell, self.mark, currency)
                .map(Some)
                .map_err(|problem| amount_error(problem, name, text)),
            AmountUnit::Minor => whole(text).map(Some).map_err(|problem| {
                RowError::new(name, text, format!("{problem}; {REMEDY}")).into()
            }),
        }
    }

    /// The sum of all columns of a field; `None` where all are empty.
    pub(super) fn sum(
        self,
        field: &Field,
        row: &Row,
        currency: Currency,
    ) -> Result<Option<Amount>, CellError> {
        let mut sum = None;
        for place in field.filled(row) {
            if let Some(amount) = self.amount(place, currency)? {
                sum = Some(sum.unwrap_or(Amount::ZERO) + amount);
            }
        }
        Ok(sum)
    }
}

/// A whole number of the smallest unit.
fn whole(text: &str) -> Result<Amount, String> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("is not a whole number of the smallest unit (amount_unit is minor)".to_owned());
    }
    let range = -ROW_AMOUNT_MINOR_MAX..=ROW_AMOUNT_MINOR_MAX;
    let number = text.parse().ok().filter(|number| range.contains(number));
    number
        .map(Amount::from_minor)
        .ok_or_else(|| AmountError::TooLarge.to_string())
}
