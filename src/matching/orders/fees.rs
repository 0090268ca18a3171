//! Commissions: what a rule says, and what a row's own columns say.

use rust_decimal::Decimal;

use super::findings::of_line;
use super::{CountingLine, Look};
use crate::domain::Amount;
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, Discrepancy};
use crate::domain::rules::FeeRule;
use crate::domain::settlement::LineKind;

/// `FEE_MISMATCH` for each line whose commission differs from its rule, else from its own row.
pub(super) fn check(
    look: &Look<'_, '_>,
    lines: &[CountingLine<'_, '_>],
    found: &mut Vec<Discrepancy>,
) {
    for line in lines {
        let by_rule = by_rule(look, line);
        let by_columns = || {
            line.contradiction()
                .map(|written| (written.expected, written.actual, Detail::Columns))
        };
        let Some((expected, actual, detail)) = by_rule.or_else(by_columns) else {
            continue;
        };
        found.push(Discrepancy {
            expected: Some(expected),
            actual: Some(actual),
            detail,
            ..of_line(look, Code::FeeMismatch, line)
        });
    }
}

fn by_rule(look: &Look<'_, '_>, line: &CountingLine<'_, '_>) -> Option<(Amount, Amount, Detail)> {
    if line.slice.kind != LineKind::Funding {
        return None;
    }
    let rule = rule_for(look, line)?;
    let expected = expected_fee(rule, line)?;
    let tolerance = look.rules.fee_tolerance.amount(line.slice.currency);
    let differs = (line.line.fee - expected).abs() > tolerance;
    differs.then_some((-expected, -line.line.fee, Detail::FeeByRule))
}

/// The rule for a line: that of the day on which it happened, where it is known.
fn rule_for<'r>(look: &Look<'r, '_>, line: &CountingLine<'_, '_>) -> Option<&'r FeeRule> {
    let day = line
        .line
        .event_time
        .map_or(line.slice.report_date, |time| time.date());
    let order_product = look.facts.map_or("", |facts| facts.order.product);
    let instalments = line
        .line
        .instalments
        .map(|count| count.to_string())
        .unwrap_or_default();
    let products = [line.line.product, order_product, instalments.as_str()];
    look.rules.fee(look.case.provider, day, &products)
}

/// gross × rate + fixed, then VAT, rounded half away from zero to the currency's digits.
fn expected_fee(rule: &FeeRule, line: &CountingLine<'_, '_>) -> Option<Amount> {
    let currency = line.slice.currency;
    let gross = line.line.gross.to_decimal(currency)?;
    let hundred = Decimal::ONE_HUNDRED;
    let rate = rule.rate_percent.checked_div(hundred)?;
    let net = gross.checked_mul(rate)?.checked_add(rule.fixed)?;
    let vat =
        Decimal::ONE.checked_add(rule.vat_percent.unwrap_or_default().checked_div(hundred)?)?;
    Amount::round_from(net.checked_mul(vat)?, currency)
}
