//! Country, day and number come from a report's name.

use crate::ingest::oney_crp::ReportName;

fn named(name: &str) -> Option<(String, String, u64)> {
    let found = ReportName::parse(name).ok()?;
    Some((found.country, found.report_date.to_string(), found.sequence))
}

#[test]
fn a_name_gives_country_day_and_number_in_any_case() {
    let november_6 =
        |country: &str, sequence| Some((country.to_owned(), "2026-11-06".to_owned(), sequence));
    assert_eq!(named("crp_fr_v3_261106_17.csv"), november_6("fr", 17));
    assert_eq!(named("crp_fr_v3_20261106_17.csv"), november_6("fr", 17));
    assert_eq!(named("CRP_FR_V3_261106_017.CSV"), november_6("fr", 17));
    assert_eq!(named("crp_es_3_20261106_1.csv"), november_6("es", 1));
    assert_eq!(named("crp_fr_v3_261106_17.csv.gz"), november_6("fr", 17));
    assert_eq!(named("crp_fr_v3_261106_17.xlsx"), november_6("fr", 17));
    assert_eq!(named("crp_fr_v2_261106_17.ods"), november_6("fr", 17));
}

#[test]
fn a_name_that_does_not_fit_is_refused_and_says_what_would() {
    for name in [
        "crp_fr_v3_261106.csv",
        "crp_fr_v3_261306_17.csv",
        "crp_fr_v3_20260231_17.csv",
        "crp_fr_v3_2611_17.csv",
        "crp_fr_v3_261106_17a.csv",
        "crp_fr_v3_261106_17.txt",
        "crp_fr_v3_261106_17 (1).csv",
        "xcrp_fr_v3_261106_17.csv",
        "orders.csv",
    ] {
        let refusal = ReportName::parse(name).unwrap_err().reason;
        assert!(
            refusal.contains("crp_<country>_v<version>_<date>_<sequence>.csv"),
            "{name}: {refusal}"
        );
    }
}
