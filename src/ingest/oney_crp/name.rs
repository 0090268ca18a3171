//! The name of a payment report: country, day and number.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use crate::ingest::Refusal;

/// What a report's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportName {
    /// Country in lower case.
    pub country: String,
    /// The day it covers.
    pub report_date: NaiveDate,
    /// Its number in the country's series.
    pub sequence: u64,
}

static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern =
        r"(?i)^crp_([a-z]{2,3})_v?[a-z0-9.]+_(\d{6}|\d{8})_(\d{1,18})\.(csv|xlsx|ods)(\.gz)?$";
    Regex::new(pattern).ok()
});

impl ReportName {
    /// Reads `crp_<country>_v<version>_<date>_<sequence>.csv`.
    ///
    /// # Errors
    /// When the name does not fit: then neither the day nor the place in the series is known.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        Self::fit(name).ok_or_else(|| {
            Refusal::new(
                "has a name that does not fit crp_<country>_v<version>_<date>_<sequence>.csv \
                 (date yymmdd or yyyymmdd), so its day and number are unknown; \
                 give it the name under which Oney delivered it",
            )
        })
    }

    fn fit(name: &str) -> Option<Self> {
        let found = NAME.as_ref()?.captures(name)?;
        let date = found.get(2)?.as_str();
        let century = if date.len() == 6 { "20" } else { "" };
        let date = NaiveDate::parse_from_str(&format!("{century}{date}"), "%Y%m%d").ok()?;
        Some(Self {
            country: found.get(1)?.as_str().to_ascii_lowercase(),
            report_date: date,
            sequence: found.get(3)?.as_str().parse().ok()?,
        })
    }
}
