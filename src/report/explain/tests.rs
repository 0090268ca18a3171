use super::*;
use crate::domain::discrepancy::{Code, Detail};
use crate::report::sample::{AS_OF, day, detail, discrepancy};

/// One line a code, so that the sentences can be read as a list.
fn sentences(detail: impl Fn(Code) -> Detail) -> String {
    let lines = Code::ALL.iter().map(|code| {
        let mut found = discrepancy(*code);
        found.detail = detail(*code);
        format!("{code}: {}\n", explain(&found, day(AS_OF)))
    });
    lines.collect()
}

#[test]
fn every_code_says_what_was_found_and_what_to_do() {
    insta::assert_snapshot!(sentences(detail));
}

#[test]
fn every_code_reads_well_without_details() {
    insta::assert_snapshot!(sentences(|_| Detail::default()));
}

#[test]
fn every_code_is_a_sentence_even_when_nothing_is_known() {
    for code in Code::ALL {
        let found = Discrepancy::new(*code, Vec::new(), day(AS_OF));
        let text = explain(&found, day(AS_OF));
        assert!(text.ends_with('.'), "{text}");
        assert!(text.starts_with(char::is_uppercase), "{text}");
        assert!(!text.contains("  "), "{text}");
    }
}

#[test]
fn a_contradicted_column_is_named() {
    let mut found = discrepancy(Code::FeeMismatch);
    found.expected = Some(Amount::from_minor(19_710));
    found.actual = Some(Amount::from_minor(19_700));
    found.detail.subject = "Net_amount".to_owned();
    assert_eq!(
        explain(&found, day(AS_OF)),
        "Oney wrote 197.00 EUR in Net_amount for order WEB-1042, but by the other amounts of \
         that row it is 197.10 EUR. Ask Oney which one holds."
    );
}

#[test]
fn a_long_gap_of_numbers_is_one_sentence() {
    let mut found = discrepancy(Code::ReportMissing);
    found.detail.subject = "17".to_owned();
    assert!(
        explain(&found, day(AS_OF)).starts_with("Oney's report for FR with number 17 is missing")
    );
    found.detail.count = Some(40);
    assert!(
        explain(&found, day(AS_OF))
            .starts_with("40 reports of Oney for FR, from number 17 on, are missing")
    );
}

#[test]
fn money_that_goes_the_other_way_is_taken_back() {
    let mut found = discrepancy(Code::OrderNotFound);
    found.actual = Some(Amount::from_minor(-500));
    assert!(explain(&found, day(AS_OF)).starts_with("Oney took back 5.00 EUR for order WEB-1042"));
}

#[test]
fn an_account_without_a_currency_still_shows_its_amounts() {
    let mut found = discrepancy(Code::StatementUnbalanced);
    found.currency = None;
    assert!(explain(&found, day(AS_OF)).contains("closes with 5120.00, "));
}

#[test]
fn foreign_text_is_one_line_and_of_bounded_length() {
    let mut found = discrepancy(Code::ReportRejected);
    found.detail.found = format!("line\none\u{1b}[2J {}", "é".repeat(500));
    let text = explain(&found, day(AS_OF));
    assert!(!text.contains(char::is_control));
    assert!(text.len() < 600 && text.contains('…'), "{text}");
}

#[test]
fn providers_are_written_as_they_write_themselves() {
    assert_eq!(provider_name("oney"), "Oney");
    assert_eq!(provider_name("payone"), "PAYONE");
    assert_eq!(provider_name("e-financing"), "e-Financing");
    assert_eq!(provider_name("alma"), "alma");
}
