//! The report: what a run found, as files that a person or a program opens the next morning.
//!
//! [`views`] turns the outcome into rows of typed cells ([`table`]), once; [`render`] draws the
//! rows, one renderer a format; [`mod@write`] hands every row to every renderer and makes the
//! folder appear whole. [`explain()`] says of each discrepancy what it is and what to do,
//! [`headline`] is the first line of all that people read, [`figures`] holds the totals that stand above
//! the tables, and [`summary_text()`] is what a person reads on the terminal when the run is over.
//!
//! The rows of `orders.csv` come first and one by one, while they are matched: a first night has
//! as many as the shop has orders, so they are never held together. All other rows are few and
//! come at the end, as [`ReportData`](crate::domain::outcome::ReportData).
//!
//! Nothing here reads a clock, and nothing that is written depends on the run's number, on the
//! machine or on the order in which anything was read or hashed: the same data, configuration,
//! as-of date and range give the same bytes.

pub mod explain;
pub mod figures;
pub mod headline;
pub mod kinds;
pub mod language;
pub mod overview;
pub mod render;
pub mod roots;
pub mod start;
pub mod summary_text;
pub mod table;
pub mod urgency;
pub mod views;
pub mod words;
pub mod write;

#[cfg(test)]
pub(crate) mod sample;

pub use explain::explain;
pub use render::json::write_summary;
pub use summary_text::summary_text;
pub use write::{Format, Published, ReportError, ReportOptions, ReportWriter};

use crate::domain::discrepancy::ReportedDiscrepancy;

/// Brings discrepancies into the order of every report: severity, code, provider, key.
pub fn sort_discrepancies(discrepancies: &mut [ReportedDiscrepancy]) {
    discrepancies.sort_by(|one, other| {
        let (one, other) = (&one.discrepancy, &other.discrepancy);
        (one.severity, one.code)
            .cmp(&(other.severity, other.code))
            .then_with(|| one.provider.cmp(&other.provider))
            .then_with(|| one.key.cmp(&other.key))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::discrepancy::Code;
    use crate::report::sample::{discrepancy, reported};

    #[test]
    fn discrepancies_are_sorted_by_severity_code_provider_and_key() {
        let named = |code, provider: &str, key: &str| {
            let mut found = discrepancy(code);
            found.provider = provider.to_owned();
            found.key = vec![provider.to_owned(), key.to_owned()];
            reported(found)
        };
        let sorted = [
            named(Code::AmountMismatch, "oney", "A"),
            named(Code::AmountMismatch, "oney", "B"),
            named(Code::AmountMismatch, "payone", "A"),
            named(Code::StatusMismatch, "oney", "A"),
            named(Code::Chargeback, "oney", "A"),
            named(Code::CarryOver, "oney", "A"),
        ];
        let mut shuffled: Vec<_> = sorted.iter().rev().cloned().collect();
        shuffled.swap(0, 3);
        sort_discrepancies(&mut shuffled);
        assert_eq!(shuffled, sorted);
    }
}
