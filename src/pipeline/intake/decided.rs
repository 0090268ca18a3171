//! Decisions in files: judged as `decisions import --partial` judges them, before anything is matched.

use super::storing::Storing;
use crate::domain::decision::{Decision, NOBODY};
use crate::domain::file::{FileStatus, RejectedRow, RowNames, bounded};
use crate::pipeline::RunError;
use crate::pipeline::decide::{Asking, Judged, Refused, judged};
use crate::pipeline::reading::FileRead;
use crate::storage::runs;

/// Bytes of a rejected row that are kept.
const VALUE_BYTES_MAX: usize = 200;

impl Storing<'_> {
    /// What a file of decisions comes to: its refused rows are rejected ones, the others are taken.
    /// Before there is a recorded night there is nothing to decide about, and the file waits for one.
    pub(super) async fn judge(&mut self, read: &mut FileRead) -> Result<Vec<Decision>, RunError> {
        let Some(asked) = read.decisions.take() else {
            return Ok(Vec::new());
        };
        if read.stored.file.status != FileStatus::Accepted {
            return Ok(Vec::new());
        }
        let around = match self.judged_by {
            Some(around) if runs::latest(self.db).await?.is_some() => around,
            Some(_) | None => {
                read.stored.file.status = FileStatus::Unread;
                "waits for a run after the first recorded night; until then there is nothing to \
                 decide about"
                    .clone_into(&mut read.stored.file.reason);
                return Ok(Vec::new());
            }
        };
        let asking = Asking {
            name: &read.stored.file.name,
            read: &asked,
            user: NOBODY,
        };
        let Judged {
            imported,
            decisions,
        } = judged(self.db, around, asking).await?;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let file = &mut read.stored.file;
        file.rows = count(asked.rows.len().saturating_add(asked.bad.len()));
        file.rejected = count(imported.refused.len());
        file.accepted = file.rows.saturating_sub(file.rejected);
        read.rejected = imported.refused.iter().map(rejected).collect();
        Ok(decisions)
    }
}

fn rejected(refused: &Refused) -> RejectedRow {
    RejectedRow {
        line: refused.line.unwrap_or(0),
        column: refused.column.clone(),
        value: String::new(),
        reason: refused.reason.replace(char::is_control, " "),
        raw: bounded(&refused.id, VALUE_BYTES_MAX),
        names: RowNames::default(),
    }
}
