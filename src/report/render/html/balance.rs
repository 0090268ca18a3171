//! The balance: what each provider reported, and in which one place each euro of it is.

use std::collections::BTreeMap;

use askama::Template;

use crate::domain::outcome::BalanceRow;
use crate::domain::{Amount, Currency};
use crate::report::language::{Texts, Value};
use crate::report::words::{Words, one_line};

/// Currencies whose sums stand beside the rate.
const CURRENCIES_MAX: usize = 3;

#[derive(Template)]
#[template(path = "balance.html")]
pub(super) struct Books<'a> {
    t: &'a Texts,
    books: Vec<Book>,
}

struct Book {
    provider: String,
    name: String,
    currency: String,
    lines: String,
    balanced: bool,
    residual: String,
    residual_plain: String,
    reported: Vec<Line>,
    places: Vec<Line>,
}

struct Line {
    label: String,
    amount: String,
    /// `sum` for a line that adds up those above it.
    class: &'static str,
    /// The length of its bar, in thousandths of the longest.
    bar: u64,
}

/// A card for each provider and currency.
pub(super) fn books<'a>(words: Words<'a>, rows: &[BalanceRow]) -> Books<'a> {
    Books {
        t: words.texts,
        books: rows.iter().map(|row| book(words, row)).collect(),
    }
}

fn book(words: Words<'_>, row: &BalanceRow) -> Book {
    let places = [
        ("matched", row.matched),
        ("mismatched", row.mismatched),
        ("not_received", row.not_received),
        ("pending", row.pending),
        ("carried_over", row.carried_over),
        ("unassigned", row.unassigned),
    ];
    let together: Amount = places.iter().map(|(_, amount)| *amount).sum();
    let longest = places.iter().map(|(_, amount)| amount.abs()).max();
    let line = |(column, amount): (&str, Amount)| Line {
        label: words.column(column),
        amount: words.texts.amount(amount, row.currency),
        class: "",
        bar: per_mille(amount.abs(), longest.unwrap_or_default()),
    };
    let sum = |label: String, amount: Amount| Line {
        label,
        class: "sum",
        ..line(("net", amount))
    };
    let column = |column: &str| words.column(column);
    let fees = line(("fees", -row.fees));
    let reported = [
        ("funded", row.funded),
        ("cancelled", row.cancelled),
        ("chargebacks", row.chargebacks),
        ("adjustments", row.adjustments),
    ];
    let reported = reported.into_iter().map(line).chain([
        sum(column("gross"), row.gross()),
        fees,
        sum(column("net"), row.net()),
    ]);
    let text = |key| words.text(key);
    let residual = words.texts.money(row.residual, row.currency);
    let values = [("residual", Value::Text(&residual))];
    let lines = [("count", Value::Count(row.lines))];
    Book {
        provider: one_line(&row.provider),
        name: one_line(words.texts.provider(&row.provider)),
        currency: row.currency.to_string(),
        lines: words.texts.with("html-balance-lines", &lines),
        balanced: row.residual.is_zero(),
        residual: words.texts.with("html-balance-residual", &values),
        residual_plain: row.residual.display(row.currency).to_string(),
        reported: reported.collect(),
        places: places
            .into_iter()
            .map(line)
            .chain([
                sum(text("html-balance-sum"), together),
                sum(column("residual"), row.residual),
            ])
            .collect(),
    }
}

/// How much of what was reported is matched: the rate, and the sums behind it.
pub(super) fn reconciled(words: Words<'_>, rows: &[BalanceRow]) -> (String, String) {
    let mut sums: BTreeMap<Currency, (Amount, Amount)> = BTreeMap::new();
    let (mut matched, mut all) = (0_u128, 0_u128);
    for row in rows {
        let places = [
            row.matched,
            row.mismatched,
            row.not_received,
            row.pending,
            row.carried_over,
            row.unassigned,
        ];
        let sum = sums.entry(row.currency).or_default();
        sum.0 += row.matched;
        sum.1 += places.iter().copied().sum();
        matched = matched.saturating_add(minor(row.matched).into());
        let places = places.iter().map(|amount| u128::from(minor(*amount)));
        all = all.saturating_add(places.sum());
    }
    let Some(rate) = matched.saturating_mul(10_000).checked_div(all) else {
        return (words.text("html-none"), String::new());
    };
    // Hundredths of a percent have the two decimals of an amount in euros.
    let rate = Amount::from_minor(i64::try_from(rate).unwrap_or(i64::MAX));
    let rate = words.texts.amount(rate, Currency::EUR);
    let lines = sums.iter().map(|(currency, (matched, reported))| {
        let values = [
            ("matched", Value::Money(*matched, *currency)),
            ("reported", Value::Money(*reported, *currency)),
        ];
        words.texts.with("html-reconciled-of", &values)
    });
    let lines: Vec<String> = lines.take(CURRENCIES_MAX).collect();
    (format!("{rate} %"), lines.join(", "))
}

/// How long a bar is beside the longest, in thousandths; what is not nothing is seen.
pub(super) fn per_mille(part: Amount, whole: Amount) -> u64 {
    let [part, whole] = [part, whole].map(minor);
    scaled(part, whole, 1_000)
}

/// Minor units without a sign, as a length is drawn from; sums beyond 64 bits are one length.
pub(super) fn minor(amount: Amount) -> u64 {
    amount.abs().to_minor().map_or(u64::MAX, i64::unsigned_abs)
}

/// `part` of `whole` on a scale of `length`: rounded down, but at least 2 of what is not nothing.
pub(super) fn scaled(part: u64, whole: u64, length: u64) -> u64 {
    if part == 0 {
        return 0;
    }
    let product = u128::from(part).saturating_mul(u128::from(length));
    let exact = product.checked_div(u128::from(whole)).unwrap_or(0);
    u64::try_from(exact).unwrap_or(length).clamp(2, length)
}
