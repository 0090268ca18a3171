use super::*;
use crate::domain::Amount;
use crate::domain::detail::{Detail, MissingReport, OtherCurrency, ProviderStatus, UnknownOrder};
use crate::domain::discrepancy::{Code, FailedAnswer};
use crate::domain::order::OrderStatus;
use crate::domain::{Currency, Money};
use crate::report::language::Language;
use crate::report::sample::{AS_OF, day, detail, discrepancy};

fn in_english(found: &Discrepancy) -> String {
    explain(found, day(AS_OF), Texts::of(Language::English))
}

/// One line a code, so that the sentences can be read as a list.
fn sentences(detail: impl Fn(Code) -> Detail) -> String {
    sentences_in(Language::English, detail)
}

fn sentences_in(language: Language, detail: impl Fn(Code) -> Detail) -> String {
    let texts = Texts::of(language);
    let lines = Code::ALL.iter().map(|code| {
        let mut found = discrepancy(*code);
        found.detail = detail(*code);
        format!("{code}: {}\n", explain(&found, day(AS_OF), texts))
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
fn every_code_is_explained_in_french() {
    insta::assert_snapshot!(sentences_in(Language::French, detail));
}

#[test]
fn every_code_reads_well_in_french_without_details() {
    insta::assert_snapshot!(sentences_in(Language::French, |_| Detail::default()));
}

#[test]
fn every_code_is_explained_in_german() {
    insta::assert_snapshot!(sentences_in(Language::German, detail));
}

#[test]
fn every_code_reads_well_in_german_without_details() {
    insta::assert_snapshot!(sentences_in(Language::German, |_| Detail::default()));
}

#[test]
fn every_code_is_a_sentence_even_when_nothing_is_known() {
    for (_, language) in Language::WORDS {
        for code in Code::ALL {
            let found = Discrepancy::new(*code, Vec::new(), day(AS_OF));
            let text = explain(&found, day(AS_OF), Texts::of(language));
            assert!(text.ends_with('.'), "{text}");
            assert!(text.starts_with(char::is_uppercase), "{text}");
            assert!(!text.contains("  "), "{text}");
        }
    }
}

#[test]
fn a_cancellation_in_another_currency_is_the_shops_to_correct() {
    let mut found = discrepancy(Code::CurrencyMismatch);
    found.detail = Detail::OtherCurrency(OtherCurrency {
        expected: Amount::from_minor(15_000),
        currency: Currency::parse("PLN").unwrap(),
        is_cancellation: true,
    });
    assert_eq!(
        in_english(&found),
        "The shop cancelled 180.00 EUR of order WEB-1042 in another currency than the order's; \
         150.00 PLN are still expected. Correct the currency or the amount of this cancellation."
    );
}

#[test]
fn a_reference_that_looks_like_a_number_or_a_variant_is_a_reference() {
    for reference in ["0", "1", "one", "other", "{ $gap }", "negative"] {
        let mut found = discrepancy(Code::AmountMismatch);
        found.order_reference = reference.to_owned();
        let text = in_english(&found);
        assert!(
            text.contains(&format!(" for order {reference}, the shop")),
            "{text}"
        );
    }
}

#[test]
fn an_explanation_has_the_notation_of_its_language() {
    let mut found = discrepancy(Code::PayoutNotReceived);
    found.expected = Some(Amount::from_minor(123_456_789));
    let explained = |language| explain(&found, day(AS_OF), Texts::of(language));
    let english = explained(Language::English);
    assert!(english.contains("1234567.89 EUR") && english.contains("2026-11-12"));
    let french = explained(Language::French);
    assert!(french.contains("1\u{202f}234\u{202f}567,89 EUR") && french.contains("12/11/2026"));
    let german = explained(Language::German);
    assert!(german.contains("1.234.567,89 EUR") && german.contains("12.11.2026"));
}

#[test]
fn an_age_of_one_day_is_one_day() {
    let mut found = discrepancy(Code::PayoutNotReceived);
    found.event_date = day("2026-11-19");
    let explained = |language| explain(&found, day(AS_OF), Texts::of(language));
    assert!(explained(Language::English).contains("on 2026-11-19 (1 day ago)."));
    assert!(explained(Language::French).contains("le 19/11/2026 (il y a 1 jour)."));
    assert!(explained(Language::German).contains("am 19.11.2026 (vor 1 Tag)."));
    found.event_date = day(AS_OF);
    let explained = |language| explain(&found, day(AS_OF), Texts::of(language));
    assert!(explained(Language::French).contains("attendu le 20/11/2026."));
}

#[test]
fn a_long_gap_of_numbers_is_one_sentence() {
    let mut found = discrepancy(Code::ReportMissing);
    let missing = |count| {
        Detail::MissingReport(MissingReport {
            country: "fr".to_owned(),
            number: Some(17),
            count,
        })
    };
    found.detail = missing(1);
    assert!(in_english(&found).starts_with("Oney's report for FR with number 17 is missing"));
    found.detail = missing(40);
    assert!(
        in_english(&found).starts_with("40 reports of Oney for FR, from number 17 on, are missing")
    );
}

#[test]
fn money_that_goes_the_other_way_is_taken_back() {
    let mut found = discrepancy(Code::OrderNotFound);
    found.actual = Some(Amount::from_minor(-500));
    assert!(in_english(&found).starts_with("Oney took back 5.00 EUR for order WEB-1042"));
}

#[test]
fn lines_of_two_currencies_are_summed_in_each() {
    let mut found = discrepancy(Code::PayoutReferenceMissing);
    (found.currency, found.actual) = (None, None);
    let sums = [
        (Currency::EUR, 1_900),
        (Currency::parse("USD").unwrap(), 900),
    ];
    found.detail = Detail::UnassignedLines(crate::domain::detail::UnassignedSum {
        lines: 4,
        sums: sums
            .map(|(currency, minor)| Money {
                amount: Amount::from_minor(minor),
                currency,
            })
            .to_vec(),
    });
    let text = in_english(&found);
    assert!(
        text.contains("4 lines of 19.00 EUR, 9.00 USD in all"),
        "{text}"
    );
}

#[test]
fn an_account_without_a_currency_still_shows_its_amounts() {
    let mut found = discrepancy(Code::StatementUnbalanced);
    found.currency = None;
    assert!(in_english(&found).contains("closes with 5120.00, "));
}

#[test]
fn foreign_text_is_one_line_and_of_bounded_length() {
    let mut found = discrepancy(Code::ReportRejected);
    found.detail = Detail::Refusal(format!("line\none\u{1b}[2J {}", "é".repeat(500)));
    let text = in_english(&found);
    assert!(!text.contains(char::is_control));
    assert!(text.len() < 600 && text.contains('…'), "{text}");
}

#[test]
fn an_order_that_only_an_event_tells_of_is_said_with_its_status() {
    let mut found = discrepancy(Code::OrderNotFound);
    let with_status = |status| {
        Detail::UnknownOrder(UnknownOrder {
            status: Some(status),
            ..UnknownOrder::default()
        })
    };
    found.detail = with_status(OrderStatus::Funded);
    assert_eq!(
        in_english(&found),
        "Oney has order WEB-1042 as FUNDED over 180.00 EUR (seen on 2026-11-12), and the shop \
         does not have it. Import the missing order, or ask Oney what it is for."
    );
    found.detail = with_status(OrderStatus::Favorable);
    found.actual = Some(Amount::ZERO);
    assert!(in_english(&found).starts_with(
        "Oney has order WEB-1042 as FAVORABLE (seen on 2026-11-12), and the shop does not have it."
    ));
}

#[test]
fn a_chargeback_that_only_a_notification_tells_of_names_it() {
    let mut found = discrepancy(Code::Chargeback);
    found.detail = Detail::Notification("cancelation".to_owned());
    assert_eq!(
        in_english(&found),
        "Oney took back 200.00 EUR for order WEB-1042 (cancelation of 2026-11-12) after it was \
         paid, and no payment has followed. Contest it at Oney, or book the loss and accept this."
    );
}

#[test]
fn what_to_do_about_two_statuses_follows_the_life_of_a_credit_file() {
    let advice = |theirs: &str, ours: &str| {
        let mut found = discrepancy(Code::ProviderStatusMismatch);
        found.detail = Detail::ProviderStatus(ProviderStatus {
            theirs: OrderStatus::from_word(theirs),
            own_words: String::new(),
            ours: OrderStatus::from_word(ours).unwrap(),
        });
        in_english(&found)
    };
    assert_eq!(
        advice("", "FUNDED"),
        "Oney does not know order WEB-1042 (asked on 2026-11-12), the shop has it as FUNDED. \
         Check which reference Oney was given, or correct the order."
    );
    for (theirs, ours, says) in [
        ("FAVORABLE", "FUNDED", "confirm it at Oney"),
        ("FUNDED", "CANCELLED", "Cancel it at Oney too"),
        ("FUNDED", "PENDING", "or cancel it at Oney."),
        ("CANCELLED", "FUNDED", "cancel the order in the shop too"),
        ("REFUSED", "FAVORABLE", "do not ship"),
        (
            "PENDING",
            "FUNDED",
            "Correct the order's status, or ask Oney.",
        ),
    ] {
        let text = advice(theirs, ours);
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn what_came_back_of_a_question_stands_behind_the_advice() {
    let asked = |code: Code, is_not_known: bool, http_status: Option<u16>, words: &str| {
        let mut found = discrepancy(code);
        if is_not_known {
            found.detail = Detail::ProviderStatus(ProviderStatus {
                theirs: None,
                own_words: String::new(),
                ours: OrderStatus::Funded,
            });
        }
        found.answer = Some(FailedAnswer {
            day: day("2026-11-19"),
            is_not_known,
            http_status,
            words: words.to_owned(),
        });
        Language::WORDS.map(|(_, language)| {
            let with = explain(&found, day(AS_OF), Texts::of(language));
            let mut without = found.clone();
            without.answer = None;
            let without = explain(&without, day(AS_OF), Texts::of(language));
            let behind = with.strip_prefix(&without).unwrap().trim_start();
            behind.to_owned()
        })
    };
    let code = Code::FundingNotReported;
    insta::assert_snapshot!(
        [
            asked(code, false, Some(400), "ERR_05, reference, missing"),
            asked(code, false, Some(503), ""),
            asked(code, false, None, ""),
            asked(code, true, Some(404), "ERR_09, reference, no file"),
            asked(Code::ProviderStatusMismatch, true, Some(404), "ERR_09"),
        ]
        .concat()
        .join("\n")
    );
}
