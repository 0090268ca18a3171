//! Whose account an export is of.
//!
//! `Kontonummer`, `IBAN` and `Account number` are the own account at one bank and the other party's
//! at another. So only a column that a profile lists may differ from row to row; a column that is
//! known by a default name has to say the same in every row, and an account that the profile fixes
//! goes before it.

use crate::ingest::Refusal;
use crate::ingest::profile::Profile;
use crate::ingest::table::{Header, Row};

const COLUMN: &str = "account";

/// What to write where the file does not tell.
const REMEDY: &str = "give the account with account = \"IBAN\" in [profile.fixed] of a [[profile]]";

/// Where the account of a row stands.
pub(super) struct AccountSource {
    /// The account that the profile fixes; empty for none.
    fixed: String,
    column: Option<usize>,
    name: String,
    /// True for a column that the profile lists.
    is_listed: bool,
    /// What the rows said so far, of a column that must say the same in all.
    same: Option<String>,
}

impl AccountSource {
    /// Where the accounts of a file stand.
    ///
    /// # Errors
    /// Neither the profile nor the file names one.
    pub(super) fn of(header: &Header, profile: &Profile) -> Result<Self, Refusal> {
        let fixed = profile.fixed.get(COLUMN).map_or("", |value| value.trim());
        let is_listed = profile.listed.contains(COLUMN);
        let column = header
            .column(COLUMN)
            .filter(|_| is_listed || fixed.is_empty());
        if column.is_none() && fixed.is_empty() {
            return Err(Refusal::new(format!("names no account; {REMEDY}")));
        }
        Ok(Self {
            fixed: without_blanks(fixed),
            column,
            name: header.name(COLUMN).to_owned(),
            is_listed,
            same: None,
        })
    }

    /// The account that has a statement even without a row.
    pub(super) fn own(&self) -> Option<String> {
        Some(self.fixed.clone()).filter(|account| !account.is_empty())
    }

    /// The account of a row.
    ///
    /// # Errors
    /// The row has none, or another one than the rows before, and no profile says that the column
    /// is the own account's.
    pub(super) fn account(&mut self, row: &Row) -> Result<String, Refusal> {
        let account = without_blanks(row.text(self.column));
        if self.column.is_none() || (account.is_empty() && !self.fixed.is_empty()) {
            return Ok(self.fixed.clone());
        }
        if self.is_listed && !account.is_empty() {
            return Ok(account);
        }
        if account.is_empty() {
            return Err(Refusal::new(format!(
                "has no account in its column «{}», which may be the other party's; {REMEDY}",
                self.name
            )));
        }
        let same = self.same.get_or_insert_with(|| account.clone());
        if *same == account {
            return Ok(account);
        }
        Err(Refusal::new(format!(
            "has different accounts in its column «{name}» («{same}» and «{account}»), so it may be \
             the other party's; {REMEDY}, or, where the file is of several accounts of yours, list \
             the column with account = [\"{name}\"] in [profile.columns]",
            name = self.name
        )))
    }
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
