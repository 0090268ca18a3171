//! How a finding of leg 1 is put together, and those that concern single lines.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{CountingLine, Look, OrderFacts};
use crate::domain::detail::{Detail, OtherCurrency};
use crate::domain::discrepancy::{Code, Discrepancy, Source};
use crate::domain::order::OrderEvent;
use crate::domain::settlement::LineKind;
use crate::domain::{Amount, Currency};

/// A finding about the order of a case, its key provider and order reference.
pub(super) fn of_order(look: &Look<'_, '_>, code: Code, day: NaiveDate) -> Discrepancy {
    let case = look.case;
    let key = vec![case.provider.to_owned(), case.order_reference.to_owned()];
    Discrepancy {
        provider: case.provider.to_owned(),
        order_reference: case.order_reference.to_owned(),
        ..Discrepancy::new(code, key, day)
    }
}

/// A finding about one line.
pub(super) fn of_line(look: &Look<'_, '_>, code: Code, line: &CountingLine<'_, '_>) -> Discrepancy {
    Discrepancy {
        provider: look.case.provider.to_owned(),
        merchant: line.slice.merchant.clone(),
        order_reference: look.case.order_reference.to_owned(),
        transaction_id: line.line.transaction_id.to_owned(),
        payout_reference: line.slice.payout_reference.clone(),
        currency: Some(line.slice.currency),
        sources: line.sources(look.files),
        ..Discrepancy::new(code, line.key(), line.last_reported())
    }
}

/// The lines of a finding: what they agree in, and where they stand.
pub(super) fn with_lines<'l>(
    look: &Look<'_, '_>,
    mut finding: Discrepancy,
    lines: impl Iterator<Item = &'l CountingLine<'l, 'l>> + Clone,
) -> Discrepancy {
    finding.merchant = agreed(lines.clone().map(|line| line.slice.merchant.as_str()));
    finding.transaction_id = agreed(lines.clone().map(|line| line.line.transaction_id));
    finding.payout_reference = agreed(
        lines
            .clone()
            .map(|line| line.slice.payout_reference.as_str()),
    );
    let mut sources: Vec<Source> = lines.flat_map(|line| line.sources(look.files)).collect();
    sources.extend(order_source(look));
    sources.sort_unstable();
    sources.dedup();
    finding.sources = sources;
    finding
}

/// The text that all have, or nothing.
pub(in crate::matching) fn agreed<'l>(mut texts: impl Iterator<Item = &'l str>) -> String {
    let first = texts.next().unwrap_or_default();
    if texts.all(|text| text == first) {
        first.to_owned()
    } else {
        String::new()
    }
}

/// Where the order's row stands.
pub(super) fn order_source(look: &Look<'_, '_>) -> Option<Source> {
    let order = &look.facts?.order;
    Some(Source {
        file: look.files.name(order.file).to_owned(),
        line: order.line,
    })
}

/// One `DUPLICATE_LINE` for each group of identical lines.
pub(super) fn duplicates(
    look: &Look<'_, '_>,
    lines: &[CountingLine<'_, '_>],
    found: &mut Vec<Discrepancy>,
) {
    for line in lines.iter().filter(|line| line.copies.len() > 1) {
        let all: Amount = line.copies.iter().map(|(copy, _)| copy.gross).sum();
        found.push(Discrepancy {
            expected: Some(line.line.gross),
            actual: Some(all),
            detail: Detail::Times(u64::try_from(line.copies.len()).unwrap_or(u64::MAX)),
            ..of_line(look, Code::DuplicateLine, line)
        });
    }
}

/// `REFERENCE_MISSING` and `ADJUSTMENT_UNASSIGNED`: lines that no order can be found for.
pub(super) fn without_reference(
    look: &Look<'_, '_>,
    lines: &[CountingLine<'_, '_>],
    found: &mut Vec<Discrepancy>,
) {
    for line in lines {
        let code = match line.slice.kind {
            LineKind::Funding | LineKind::Cancellation => Code::ReferenceMissing,
            LineKind::Adjustment => Code::AdjustmentUnassigned,
            LineKind::Chargeback | LineKind::Memo => continue,
        };
        found.push(Discrepancy {
            actual: Some(line.line.gross),
            ..of_line(look, code, line)
        });
    }
}

/// `MERCHANT_MISMATCH`, where the order names a merchant and a line, or a copy of it, names another.
/// A provider that names none names no other one. Of several the first by name is told.
pub(super) fn merchant(
    look: &Look<'_, '_>,
    lines: &[&CountingLine<'_, '_>],
    found: &mut Vec<Discrepancy>,
) {
    let Some(expected) = look
        .facts
        .map(|facts| facts.order.merchant)
        .filter(|m| !m.is_empty())
    else {
        return;
    };
    let named = lines.iter().flat_map(|line| line.merchants());
    let Some(other) = named.filter(|merchant| *merchant != expected).min() else {
        return;
    };
    let Some(day) = last_day(lines) else { return };
    let finding = with_lines(
        look,
        of_order(look, Code::MerchantMismatch, day),
        lines.iter().copied(),
    );
    found.push(Discrepancy {
        merchant: other.to_owned(),
        detail: Detail::ShopMerchant(expected.to_owned()),
        ..finding
    });
}

/// One `CURRENCY_MISMATCH` for each currency that is not the order's.
pub(super) fn currencies(
    look: &Look<'_, '_>,
    (order_currency, expected): (Currency, Amount),
    lines: &[&CountingLine<'_, '_>],
    found: &mut Vec<Discrepancy>,
) {
    let mut others: Vec<Currency> = lines.iter().map(|line| line.order_amount().1).collect();
    others.retain(|currency| *currency != order_currency);
    others.sort_unstable();
    others.dedup();
    for currency in others {
        let of_currency: Vec<&CountingLine<'_, '_>> = lines
            .iter()
            .filter(|line| line.order_amount().1 == currency)
            .copied()
            .collect();
        let Some(day) = last_day(&of_currency) else {
            continue;
        };
        let mut finding = with_lines(
            look,
            of_order(look, Code::CurrencyMismatch, day),
            of_currency.iter().copied(),
        );
        finding.key.push(currency.code().to_owned());
        found.push(Discrepancy {
            currency: Some(currency),
            actual: Some(of_currency.iter().map(|line| line.order_amount().0).sum()),
            detail: Detail::OtherCurrency(OtherCurrency {
                expected,
                currency: order_currency,
                is_cancellation: false,
            }),
            ..finding
        });
    }
}

/// One `CURRENCY_MISMATCH` for each currency in which only the shop's own events cancelled
/// something; `expected` is what the order still expects on the day. The amounts of the order are
/// compared all the same, without these: a funding that is missing must not hide behind a slip.
pub(super) fn cancelled_in_other_currencies(
    look: &Look<'_, '_>,
    facts: &OrderFacts<'_>,
    (expected, day): (Amount, NaiveDate),
    lines: &[&CountingLine<'_, '_>],
    found: &mut Vec<Discrepancy>,
) {
    let mut by_currency: BTreeMap<Currency, Vec<&OrderEvent<'_>>> = BTreeMap::new();
    let seen = facts.in_other_currencies.iter();
    for event in seen.filter(|event| event.occurred_on <= day) {
        by_currency.entry(event.currency).or_default().push(event);
    }
    for line in lines {
        by_currency.remove(&line.order_amount().1);
    }
    for (currency, events) in by_currency {
        let Some(last) = events.iter().map(|event| event.occurred_on).max() else {
            continue;
        };
        let mut sources: Vec<Source> = events
            .iter()
            .map(|event| Source {
                file: look.files.name(event.file).to_owned(),
                line: event.line,
            })
            .chain(order_source(look))
            .collect();
        sources.sort_unstable();
        sources.dedup();
        let mut finding = of_order(look, Code::CurrencyMismatch, last);
        finding.key.push(currency.code().to_owned());
        found.push(Discrepancy {
            merchant: facts.order.merchant.to_owned(),
            transaction_id: facts.order.transaction_id.to_owned(),
            currency: Some(currency),
            actual: Some(-events.iter().map(|event| event.amount).sum::<Amount>()),
            detail: Detail::OtherCurrency(OtherCurrency {
                expected,
                currency: facts.order.currency,
                is_cancellation: true,
            }),
            sources,
            ..finding
        });
    }
}

/// The latest report date of some lines.
pub(super) fn last_day(lines: &[&CountingLine<'_, '_>]) -> Option<NaiveDate> {
    lines.iter().map(|line| line.last_reported()).max()
}
