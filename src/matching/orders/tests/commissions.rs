//! Commissions against the rules of the configuration, and against a row's own columns.

use rust_decimal::Decimal;

use super::{Case, Line, cancellation, euros, funding, nov, order};
use crate::domain::order::{Order, OrderStatus::Funded};
use crate::domain::rules::{FeeRule, Tolerance};
use crate::domain::settlement::{Contradiction, SettlementLine};

/// 1.45 % and 0.10, with 20 % VAT on both, for all of Oney's lines.
fn rule() -> FeeRule {
    FeeRule {
        provider: "oney".to_owned(),
        product: None,
        rate_percent: Decimal::new(145, 2),
        fixed: Decimal::new(10, 2),
        vat_percent: Some(Decimal::from(20)),
        from: None,
        to: None,
    }
}

fn with_fee((line, slice): Line, fee: &str) -> Line {
    (
        SettlementLine {
            fee: euros(fee),
            ..line
        },
        slice,
    )
}

fn checked(rules: &[FeeRule], line: Line) -> Vec<String> {
    let gross = line.0.gross.abs();
    let ordered = Order {
        amount: gross,
        ..order("1.00", Funded)
    };
    Case::of(&[ordered], &[line])
        .with_rules(|all| {
            all.fees = rules.to_vec();
            all.fee_tolerance = Tolerance(Decimal::new(1, 2));
        })
        .findings(nov(30))
}

#[test]
fn a_commission_is_checked_against_its_rule_with_vat() {
    // (200 × 1.45 % + 0.10) × 1.20 = 3.60
    let charged = |fee| checked(&[rule()], with_fee(funding("200.00", nov(4), 1), fee));
    for right in ["3.59", "3.60", "3.61"] {
        assert_eq!(charged(right), Vec::<String>::new(), "{right}");
    }
    assert_eq!(charged("3.62"), ["FEE_MISMATCH -3.60 -3.62 11-04"]);
    assert_eq!(charged("0.00"), ["FEE_MISMATCH -3.60 0.00 11-04"]);
}

#[test]
fn a_commission_is_rounded_half_away_from_zero() {
    let half = FeeRule {
        rate_percent: Decimal::new(15, 1),
        fixed: Decimal::ZERO,
        vat_percent: None,
        ..rule()
    };
    // 15.00 × 1.5 % = 0.225, which is 0.23 and not 0.22.
    let charged = with_fee(funding("15.00", nov(4), 1), "0.50");
    assert_eq!(
        checked(&[half], charged),
        ["FEE_MISMATCH -0.23 -0.50 11-04"]
    );
}

#[test]
fn a_rule_for_the_product_goes_before_one_for_all() {
    let three = FeeRule {
        product: Some("3X".to_owned()),
        rate_percent: Decimal::from(2),
        fixed: Decimal::ZERO,
        vat_percent: None,
        ..rule()
    };
    let (line, slice) = with_fee(funding("200.00", nov(4), 1), "4.00");
    let of_product = |product| (SettlementLine { product, ..line }, slice.clone());
    let rules = [rule(), three.clone()];
    assert_eq!(checked(&rules, of_product("3x")), Vec::<String>::new());
    assert_eq!(
        checked(&rules, of_product("4X")),
        ["FEE_MISMATCH -3.60 -4.00 11-04"]
    );
    // The number of instalments may name the product too.
    let by_count = FeeRule {
        product: Some("3".to_owned()),
        ..three
    };
    let counted = SettlementLine {
        instalments: Some(3),
        ..line
    };
    assert_eq!(
        checked(&[rule(), by_count], (counted, slice.clone())),
        Vec::<String>::new()
    );
}

#[test]
fn a_rule_holds_for_the_days_it_names() {
    // The purchase was on 2 November.
    let until = |to| FeeRule {
        to: Some(to),
        ..rule()
    };
    let since = |from| FeeRule {
        from: Some(from),
        ..rule()
    };
    let line = || with_fee(funding("200.00", nov(4), 1), "9.00");
    for in_force in [until(nov(2)), since(nov(2))] {
        assert_eq!(
            checked(&[in_force], line()),
            ["FEE_MISMATCH -3.60 -9.00 11-04"]
        );
    }
    for other in [until(nov(1)), since(nov(3))] {
        assert_eq!(checked(&[other], line()), Vec::<String>::new());
    }
}

#[test]
fn of_the_rates_in_force_the_latest_holds_wherever_it_is_written() {
    // 200.00 were bought on 2 November: at 2 % since that day, before it at 1 %, and 3 % are to come.
    let at = |percent: i64, from| FeeRule {
        rate_percent: Decimal::from(percent),
        fixed: Decimal::ZERO,
        vat_percent: None,
        from,
        ..rule()
    };
    let october = chrono::NaiveDate::from_ymd_opt(2026, 10, 1);
    let rates = [
        at(9, None),
        at(1, october),
        at(2, Some(nov(2))),
        at(3, Some(nov(3))),
    ];
    let reversed: Vec<FeeRule> = rates.iter().rev().cloned().collect();
    for rules in [rates.as_slice(), &reversed] {
        let charged = |fee| checked(rules, with_fee(funding("200.00", nov(4), 1), fee));
        assert_eq!(charged("4.00"), Vec::<String>::new());
        assert_eq!(charged("2.00"), ["FEE_MISMATCH -4.00 -2.00 11-04"]);
    }
    // The product's own rate goes before a later one for all.
    let three = FeeRule {
        product: Some("3X".to_owned()),
        ..at(1, october)
    };
    let (line, slice) = with_fee(funding("200.00", nov(4), 1), "2.00");
    let of_product = SettlementLine {
        product: "3X",
        ..line
    };
    let rules = [at(2, Some(nov(2))), three];
    assert_eq!(checked(&rules, (of_product, slice)), Vec::<String>::new());
}

#[test]
fn what_is_given_back_and_other_providers_have_no_rule() {
    let lines = [
        with_fee(funding("200.00", nov(4), 1), "3.60"),
        with_fee(cancellation("-200.00", nov(5), 2), "-9.00"),
    ];
    let cancelled = super::cancelled_order("200.00", "200.00", nov(2));
    let case = Case::of(&[cancelled], &lines).with_rules(|all| all.fees = vec![rule()]);
    assert_eq!(case.findings(nov(30)), Vec::<String>::new());
    let elsewhere = FeeRule {
        provider: "payone".to_owned(),
        ..rule()
    };
    let line = with_fee(funding("200.00", nov(4), 1), "9.00");
    assert_eq!(checked(&[elsewhere], line), Vec::<String>::new());
}

#[test]
fn a_row_that_contradicts_itself_is_said_unless_the_rule_says_it() {
    let contradiction = Contradiction {
        expected: euros("196.40"),
        actual: euros("196.00"),
    };
    let with_contradiction = |fee| {
        let (line, slice) = with_fee(funding("200.00", nov(4), 1), fee);
        (
            SettlementLine {
                contradiction: Some(contradiction),
                ..line
            },
            slice,
        )
    };
    assert_eq!(
        checked(&[], with_contradiction("3.60")),
        ["FEE_MISMATCH 196.40 196.00 11-04"]
    );
    // The rule is content with 3.60, so the columns are heard.
    assert_eq!(
        checked(&[rule()], with_contradiction("3.60")),
        ["FEE_MISMATCH 196.40 196.00 11-04"]
    );
    assert_eq!(
        checked(&[rule()], with_contradiction("4.00")),
        ["FEE_MISMATCH -3.60 -4.00 11-04"]
    );
}
