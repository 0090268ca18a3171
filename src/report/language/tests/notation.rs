use super::*;
use crate::report::sample::day;

fn money(language: Language, minor: i64, currency: &str) -> String {
    let currency = Currency::parse(currency).unwrap();
    Texts::of(language).money(Amount::from_minor(minor), currency)
}

#[test]
fn money_has_the_marks_of_the_language_and_the_decimals_of_the_currency() {
    let written = |minor, currency| ALL.map(|language| money(language, minor, currency));
    assert_eq!(
        written(120_450, "EUR"),
        ["1 204.50 EUR", "1\u{202f}204,50 EUR", "1.204,50 EUR"]
    );
    assert_eq!(written(-5, "EUR"), ["-0.05 EUR", "-0,05 EUR", "-0,05 EUR"]);
    assert_eq!(
        written(-123_456_789, "JPY"),
        [
            "-123 456 789 JPY",
            "-123\u{202f}456\u{202f}789 JPY",
            "-123.456.789 JPY"
        ]
    );
    assert_eq!(
        written(999_999, "KWD"),
        ["999.999 KWD", "999,999 KWD", "999,999 KWD"]
    );
}

#[test]
fn money_is_exact_beyond_what_a_floating_point_number_holds() {
    assert_eq!(
        money(Language::German, 9_007_199_254_740_993, "EUR"),
        "90.071.992.547.409,93 EUR"
    );
}

#[test]
fn days_are_written_as_the_language_does() {
    let written = ALL.map(|language| Texts::of(language).day(day("2026-11-02")));
    assert_eq!(written, ["2026-11-02", "02/11/2026", "02.11.2026"]);
}

#[test]
fn numbers_are_written_as_the_language_does() {
    let written = ALL.map(|language| Texts::of(language).number(1_234_567));
    assert_eq!(
        written,
        ["1 234 567", "1\u{202f}234\u{202f}567", "1.234.567"]
    );
}

#[test]
fn a_word_has_a_title() {
    let title = |language| Texts::of(language).title(Kind::PayoutState, "not_received");
    assert_eq!(
        ALL.map(title),
        ["not received", "non reçu", "nicht eingegangen"]
    );
}
