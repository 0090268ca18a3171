//! How many rows of a file were taken and rejected, and when that is too many.

use super::Refusal;

/// Files below this number of rows may have any share of rejected rows.
const ROWS_THAT_COUNT: u64 = 20;

/// Rows of one file: `rows` = `accepted` + `rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows read.
    pub rows: u64,
    /// Rows taken.
    pub accepted: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows that are none: pending ones, those that a profile skips. They are not in `rows`.
    pub passed_over: u64,
}

impl RowCounts {
    /// One more row was taken.
    pub fn accept(&mut self) {
        self.rows = self.rows.saturating_add(1);
        self.accepted = self.accepted.saturating_add(1);
    }

    /// One more row was rejected.
    pub fn reject(&mut self) {
        self.rows = self.rows.saturating_add(1);
        self.rejected = self.rejected.saturating_add(1);
    }

    /// One more row is none.
    pub fn pass_over(&mut self) {
        self.passed_over = self.passed_over.saturating_add(1);
    }

    /// Refuses a file of which too many rows were rejected.
    ///
    /// # Errors
    /// When more than `max_percent` of at least 20 rows were rejected; `first` says why the first
    /// one was.
    pub fn check(self, max_percent: u32, first: Option<&str>) -> Result<Self, Refusal> {
        let too_many = self.rows >= ROWS_THAT_COUNT
            && self.rejected.saturating_mul(100) > self.rows.saturating_mul(u64::from(max_percent));
        if !too_many {
            return Ok(self);
        }
        Err(Refusal::new(format!(
            "has {} of {} rows that cannot be read, more than {max_percent} %; the first: {}; \
             check the profile, or raise max_rejected_percent",
            self.rejected,
            self.rows,
            first.unwrap_or_default()
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_allowed_share_of_twenty_rows_refuses_the_file() {
        let check = |accepted, rejected| {
            RowCounts {
                rows: accepted + rejected,
                accepted,
                rejected,
                passed_over: 0,
            }
            .check(10, None)
            .is_ok()
        };
        assert!(check(18, 2));
        assert!(!check(17, 3));
        assert!(check(0, 19));
        assert!(!check(0, 20));
    }
}
