//! What concerns lines rather than amounts: identity, references, currencies, merchants, kinds.

use super::{
    Case, Line, assert_balanced, cancellation, cancelled_order, funding, line, nov, order,
};
use crate::domain::detail::{Detail, OtherCurrency};
use crate::domain::discrepancy::{Code, Source};
use crate::domain::order::{Order, OrderStatus::Funded};
use crate::domain::outcome::OrderState;
use crate::domain::settlement::{LineKind, SettlementLine, Slice};
use crate::domain::{Currency, Money};

fn dollars() -> Currency {
    Currency::parse("USD").unwrap()
}

/// The same line once more, in another row and report.
fn again((line, slice): &Line, row: u32, reported: chrono::NaiveDate) -> Line {
    (
        SettlementLine { line: row, ..*line },
        Slice {
            report_date: reported,
            ..slice.clone()
        },
    )
}

fn in_currency((line, slice): Line, currency: Currency) -> Line {
    (line, Slice { currency, ..slice })
}

#[test]
fn identical_lines_count_once_and_are_said_to_be_repeated() {
    let first = funding("200.00", nov(4), 1);
    let lines = [
        first.clone(),
        again(&first, 2, nov(7)),
        again(&first, 3, nov(5)),
    ];
    let case = Case::of(&[order("200.00", Funded)], &lines);
    // Gross of one against gross of all three; the day of the last copy.
    assert_eq!(
        case.findings(nov(30)),
        ["DUPLICATE_LINE 200.00 600.00 11-07"]
    );
    assert_eq!(case.state(nov(30)), Some(OrderState::Balanced));
    let sources: Vec<u32> = case.on(nov(30)).discrepancies[0]
        .sources
        .iter()
        .map(|source| source.line)
        .collect();
    assert_eq!(sources, [1, 2, 3]);
}

#[test]
fn lines_that_differ_in_one_part_of_their_identity_are_two_lines() {
    let first = funding("100.00", nov(4), 1);
    let change = |change: fn(&mut Line)| {
        let mut second = again(&first, 2, nov(4));
        change(&mut second);
        [first.clone(), second]
    };
    let others: [fn(&mut Line); 5] = [
        |(line, _)| line.transaction_id = "other",
        |(line, _)| line.event_time = nov(2).and_hms_opt(10, 0, 1),
        |(line, _)| line.fee = super::euros("0.01"),
        |(_, slice)| slice.payout_reference = "P-2".to_owned(),
        |(_, slice)| slice.part = crate::domain::settlement::LinePart::Deposit,
    ];
    for other in others {
        assert_balanced(
            &Case::of(&[order("200.00", Funded)], &change(other)),
            nov(30),
        );
    }
}

#[test]
fn a_line_identity_is_the_key_of_what_concerns_one_line() {
    let first = funding("200.00", nov(4), 1);
    let lines = [first.clone(), again(&first, 2, nov(4))];
    let said = Case::of(&[order("200.00", Funded)], &lines).on(nov(30));
    assert_eq!(
        said.discrepancies[0].key,
        [
            "oney",
            "funding",
            "",
            "WEB-1",
            "T1",
            "2026-11-02 10:00:00",
            "200.00",
            "0.00",
            "P-1"
        ]
    );
}

#[test]
fn the_same_amount_in_two_currencies_is_two_movements() {
    let euro = funding("200.00", nov(4), 1);
    let dollar = in_currency(again(&euro, 2, nov(4)), dollars());
    let case = Case::of(&[order("200.00", Funded)], &[euro.clone(), dollar.clone()]);
    assert_eq!(case.findings(nov(30)), ["CURRENCY_MISMATCH - 200.00 11-04"]);
    // Copies of both are two findings, and no sum mixes the currencies.
    let lines = [
        again(&dollar, 3, nov(5)),
        again(&euro, 4, nov(5)),
        euro,
        dollar,
    ];
    let said = Case::of(&[order("200.00", Funded)], &lines).on(nov(30));
    let repeated = said.discrepancies.iter();
    let repeated: Vec<_> = repeated
        .filter(|found| found.code == Code::DuplicateLine)
        .map(|found| (found.currency, found.actual, found.key.last().cloned()))
        .collect();
    let both = Some(super::euros("400.00"));
    let mut expected = [Currency::EUR, dollars()]
        .map(|currency| (Some(currency), both, Some(currency.code().to_owned())));
    expected.sort();
    assert_eq!(repeated, expected);
}

#[test]
fn what_copies_differ_in_does_not_depend_on_which_came_first() {
    let of_shop = Order {
        merchant: "shop",
        ..order("200.00", Funded)
    };
    let (line, slice) = funding("200.00", nov(4), 1);
    let other = Slice {
        merchant: "elsewhere".to_owned(),
        ..slice.clone()
    };
    let lines = |one: &Slice, two: &Slice| {
        let second = SettlementLine { line: 2, ..line };
        [(line, one.clone()), (second, two.clone())]
    };
    let said = |lines: [Line; 2]| Case::of(&[of_shop], &lines).on(nov(30));
    let one = said(lines(&slice, &other));
    let codes: Vec<Code> = one.discrepancies.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::DuplicateLine, Code::MerchantMismatch]);
    assert_eq!(one.discrepancies[1].merchant, "elsewhere");
    let two = said(lines(&other, &slice));
    assert_eq!(two.discrepancies, one.discrepancies);
}

#[test]
fn a_provider_that_names_no_merchant_names_no_other_one() {
    let of_shop = Order {
        merchant: "store",
        ..order("200.00", Funded)
    };
    let (line, slice) = funding("200.00", nov(4), 1);
    let nameless = Slice {
        merchant: String::new(),
        ..slice
    };
    assert_balanced(&Case::of(&[of_shop], &[(line, nameless)]), nov(30));
}

#[test]
fn lines_without_an_order_reference_are_told_by_what_they_are() {
    let without = |kind, gross, row| {
        let (line, slice) = line(kind, gross, nov(4), row);
        (
            SettlementLine {
                order_reference: "",
                ..line
            },
            slice,
        )
    };
    let lines = [
        without(LineKind::Funding, "200.00", 1),
        without(LineKind::Cancellation, "-30.00", 2),
        without(LineKind::Adjustment, "-5.00", 3),
        without(LineKind::Memo, "9.00", 4),
    ];
    let case = Case {
        order_reference: "",
        ..Case::of(&[], &lines)
    };
    assert_eq!(
        case.findings(nov(30)),
        [
            "REFERENCE_MISSING - 200.00 11-04",
            "REFERENCE_MISSING - -30.00 11-04",
            "ADJUSTMENT_UNASSIGNED - -5.00 11-04"
        ]
    );
    assert_eq!(case.state(nov(30)), None);
}

#[test]
fn chargebacks_adjustments_and_memo_lines_are_in_neither_sum() {
    let lines = [
        funding("200.00", nov(4), 1),
        line(LineKind::Adjustment, "-5.00", nov(4), 2),
        line(LineKind::Memo, "70.00", nov(4), 3),
    ];
    assert_balanced(&Case::of(&[order("200.00", Funded)], &lines), nov(30));
    let lines = [
        funding("200.00", nov(4), 1),
        line(LineKind::Chargeback, "-200.00", nov(4), 2),
    ];
    let case = Case::of(&[order("200.00", Funded)], &lines);
    assert_eq!(case.state(nov(30)), Some(OrderState::Balanced));
}

#[test]
fn lines_of_an_order_that_the_shop_does_not_have_are_one_finding() {
    let lines = [
        funding("200.00", nov(4), 1),
        funding("10.00", nov(9), 2),
        cancellation("-30.00", nov(8), 3),
    ];
    let case = Case::of(&[], &lines);
    // F − C = 210 − 30, on the latest report date.
    assert_eq!(
        case.findings(nov(30)),
        ["ORDER_NOT_FOUND 0.00 180.00 11-09"]
    );
    assert_eq!(case.on(nov(30)).discrepancies[0].key, ["oney", "WEB-1"]);
    let adjustment = [line(LineKind::Adjustment, "-5.00", nov(4), 1)];
    assert_eq!(
        Case::of(&[], &adjustment).findings(nov(30)),
        Vec::<String>::new()
    );
}

#[test]
fn an_order_is_found_from_the_day_it_was_ordered() {
    let ordered = Order {
        ordered_on: nov(10),
        ..order("200.00", Funded)
    };
    let case = Case::of(&[ordered], &[funding("200.00", nov(4), 1)]);
    assert_eq!(case.findings(nov(9)), ["ORDER_NOT_FOUND 0.00 200.00 11-04"]);
    assert_eq!(case.on(nov(9)).check_on, Some(nov(10)));
    assert_balanced(&case, nov(10));
}

#[test]
fn other_currencies_are_one_finding_each_and_amounts_are_not_compared() {
    let pounds = Currency::parse("GBP").unwrap();
    let lines = [
        funding("200.00", nov(4), 1),
        in_currency(funding("120.00", nov(5), 2), dollars()),
        in_currency(cancellation("-20.00", nov(6), 3), dollars()),
        in_currency(funding("7.00", nov(7), 4), pounds),
    ];
    let case = Case::of(&[cancelled_order("200.00", "50.00", nov(2))], &lines);
    assert_eq!(
        case.findings(nov(30)),
        [
            "CURRENCY_MISMATCH - 7.00 11-07",
            "CURRENCY_MISMATCH - 100.00 11-06"
        ]
    );
    let dollar = &case.on(nov(30)).discrepancies[1];
    assert_eq!(dollar.key, ["oney", "WEB-1", "USD"]);
    assert_eq!(dollar.currency, Some(dollars()));
    // A − Xa in the order's currency is for the explanation.
    let expects = OtherCurrency {
        expected: super::euros("150.00"),
        currency: Currency::EUR,
        is_cancellation: false,
    };
    assert_eq!(dollar.detail, Detail::OtherCurrency(expects));
}

#[test]
fn where_a_line_carries_an_order_amount_that_is_compared() {
    let (line, slice) = in_currency(funding("230.00", nov(4), 1), dollars());
    let converted = SettlementLine {
        order_amount: Some(Money {
            amount: super::euros("200.00"),
            currency: Currency::EUR,
        }),
        ..line
    };
    let case = Case::of(&[order("200.00", Funded)], &[(converted, slice)]);
    assert_balanced(&case, nov(30));
    // The row speaks one currency: what was kept of dollars is not known in euro.
    let row = case.on(nov(30)).row.unwrap();
    for field in ["reported_funded: Amount(20000)", "fee: None", "net: None"] {
        assert!(row.contains(field), "{field} in {row}");
    }
}

#[test]
fn another_merchant_is_said_and_amounts_are_compared_all_the_same() {
    let of_shop = Order {
        merchant: "store",
        ..order("200.00", Funded)
    };
    let case = Case::of(&[of_shop], &[funding("180.00", nov(4), 1)]);
    assert_eq!(
        case.findings(nov(30)),
        [
            "MERCHANT_MISMATCH - - 11-04",
            "AMOUNT_MISMATCH 200.00 180.00 11-04"
        ]
    );
    let mismatch = &case.on(nov(30)).discrepancies[0];
    assert_eq!(mismatch.detail, Detail::ShopMerchant("store".to_owned()));
    assert_eq!(mismatch.merchant, "shop");
    let same = Order {
        merchant: "shop",
        ..order("200.00", Funded)
    };
    assert_balanced(&Case::of(&[same], &[funding("200.00", nov(4), 1)]), nov(30));
}

#[test]
fn a_finding_leads_back_to_its_lines_and_to_the_row_of_the_order() {
    let case = Case::of(&[order("200.00", Funded)], &[funding("180.00", nov(4), 7)]);
    let found = &case.on(nov(30)).discrepancies[0];
    assert_eq!(found.code, Code::AmountMismatch);
    let source = |file: &str, line| Source {
        file: file.to_owned(),
        line,
    };
    assert_eq!(
        found.sources,
        [source("crp_10.csv", 7), source("orders.csv", 2)]
    );
    assert_eq!(found.transaction_id, "T7");
    assert_eq!(found.payout_reference, "P-1");
}
