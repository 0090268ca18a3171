//! Rows that cannot be read: rejected with their place and value, and the others are taken.

use super::{Case, Effect, Rejected, check, crp, orders, sound};
use crate::rows::{self as written, cancellation, csv, delimited, order, refund};

/// A report whose third line is spoilt in one column.
fn spoilt(column: &'static str, value: &'static str, words: &'static str) -> Case {
    spoilt_row(sound("WEB-3"), column, value, words)
}

fn spoilt_row(
    row: written::Row,
    column: &'static str,
    value: &'static str,
    words: &'static str,
) -> Case {
    let rows = [sound("WEB-2"), row.with(column, value), sound("WEB-4")];
    let rejected = vec![Rejected(3, column, value, words)];
    crp(csv(&rows), Effect::Rejected(rejected, 2))
}

#[test]
fn a_cell_that_cannot_be_read_rejects_its_row_only() {
    let amount = "Transaction_amount";
    let jpy = sound("WEB-3").with("Transaction_amount_currency", "JPY");
    check(vec![
        (
            "a day that does not exist",
            spoilt("Purchase_date", "31/02/2026", "DD/MM/YYYY"),
        ),
        ("no day", spoilt("Purchase_date", "", "empty")),
        (
            "a day of another format",
            spoilt("Purchase_date", "11-19-2026", "DD/MM/YYYY"),
        ),
        (
            "a time that does not exist",
            spoilt("Purchase_hour", "25:61:00", "HH:MM"),
        ),
        ("an O for a 0", spoilt(amount, "12,5O", "is not an amount")),
        (
            "an amount with another currency",
            spoilt(amount, "12.50 USD", "another currency"),
        ),
        ("no amount", spoilt(amount, "", "empty")),
        ("an exponent", spoilt(amount, "1e3", "is not an amount")),
        (
            "three decimals of euros",
            spoilt(amount, "1234.125", "decimals"),
        ),
        (
            "three decimals of euros that look like thousands, where the others show the mark",
            spoilt(amount, "10.001", "decimals"),
        ),
        (
            "decimals of yen",
            spoilt_row(jpy, amount, "1200.50", "decimals"),
        ),
        (
            "more than 10^15 cents",
            spoilt(amount, "10000000000000.01", ""),
        ),
        (
            "far more than 10^15 cents",
            spoilt(amount, "99999999999999999999999999999999999999999.00", ""),
        ),
        (
            "a negative funding",
            spoilt(amount, "-20.00", "IS_cancel N"),
        ),
    ]);
}

#[test]
fn a_code_or_name_that_is_unknown_or_missing_rejects_its_row_only() {
    check(vec![
        ("an unknown type", spoilt("PR_Type", "XYZ", "FIN, CA, REG")),
        ("no type", spoilt("PR_Type", "", "FIN, CA, REG")),
        (
            "not one of Y, N",
            spoilt("IS_cancel", "maybe", "not one of Y, N"),
        ),
        ("no merchant", spoilt("Merchant_guid", "", "empty")),
        (
            "no currency",
            spoilt("Transaction_amount_currency", "", "empty"),
        ),
        (
            "an unknown currency",
            spoilt("Transaction_amount_currency", "EURO", "three letters"),
        ),
        (
            "a cancellation without its day",
            spoilt_row(
                cancellation("WEB-3", "2026-11-19", "20.00"),
                "Cancel_date",
                "",
                "empty",
            ),
        ),
        (
            "a commission that is no amount",
            spoilt("Commission_amount", "0.2O", "is not an amount"),
        ),
    ]);
}

#[test]
fn a_row_of_another_length_is_rejected() {
    let good = sound("WEB-2");
    let with_third = |line: &str| {
        format!(
            "{}{line}\n{}\n",
            csv(std::slice::from_ref(&good)),
            sound("WEB-4").line(",")
        )
    };
    let rejected = |words| Effect::Rejected(vec![Rejected(3, "", "", words)], 2);
    let lost = format!("\"{}", sound("WEB-3").line(","));
    let whole = csv(&[good.clone(), sound("WEB-3")]);
    let cut = whole.len() - sound("WEB-3").line(",").len().div_euclid(2);
    check(vec![
        (
            "too short",
            crp(with_third("FIN,N,shop-1"), rejected("3 fields")),
        ),
        (
            "too long",
            crp(
                with_third(&format!("{},,,", good.line(","))),
                rejected("17 fields"),
            ),
        ),
        (
            "an unbalanced quote",
            crp(with_third(&lost), rejected("quote")),
        ),
        (
            "cut off in the middle of its last row",
            crp(
                whole.split_at(cut).0,
                Effect::Rejected(vec![Rejected(3, "", "", "fields")], 1),
            ),
        ),
        (
            "another delimiter in one row",
            crp(with_third(&sound("WEB-3").line(";")), rejected("fields")),
        ),
        (
            "another delimiter in all rows behind the header",
            crp(
                format!("{}{}\n", written::header(&good), good.line(";")),
                Effect::Rejected(vec![Rejected(2, "", "", "fields")], 0),
            ),
        ),
    ]);
}

#[test]
fn bytes_that_are_no_text_reject_their_row_only() {
    let nul = csv(&[
        sound("WEB-2"),
        sound("WEB-3").with("Transaction_amount", "1\u{0}2.50"),
        sound("WEB-4"),
    ]);
    let name = csv(&[
        sound("WEB-2"),
        sound("WEB-3").with("Merchant_context", "N\0L"),
    ]);
    let rejected = vec![Rejected(
        3,
        "Transaction_amount",
        "1\u{fffd}2.50",
        "is not an amount",
    )];
    check(vec![
        (
            "a NUL in an amount",
            crp(nul, Effect::Rejected(rejected, 2)),
        ),
        (
            "a NUL in a column that nobody reads",
            crp(name, Effect::Taken(2)),
        ),
    ]);
}

#[test]
fn an_order_that_cannot_be_read_is_rejected() {
    let good = |reference| order(reference, "2026-11-18", "30.00");
    let spoilt = |column, value, words| {
        let rows = [
            good("WEB-2"),
            good("WEB-3").with(column, value),
            good("WEB-4"),
        ];
        let rejected = vec![Rejected(3, column, value, words)];
        orders(csv(&rows), Effect::Rejected(rejected, 2))
    };
    check(vec![
        ("an unknown status", spoilt("status", "PAID", "status")),
        ("no status", spoilt("status", "", "")),
        ("an amount of 0", spoilt("amount", "0.00", "more than 0")),
        (
            "a negative amount",
            spoilt("amount", "-30.00", "more than 0"),
        ),
        ("no reference", spoilt("order_reference", "", "empty")),
        ("no provider", spoilt("provider", "", "empty")),
        (
            "a day that does not exist",
            spoilt("ordered_at", "2026-02-30", "date"),
        ),
        (
            "a time that does not exist",
            spoilt("ordered_at", "2026-11-18T25:00:00", "date"),
        ),
        (
            "a negative cancellation",
            spoilt("cancelled_amount", "-5.00", "negative"),
        ),
        (
            "an unknown currency",
            spoilt("currency", "E1R", "three letters"),
        ),
    ]);
}

#[test]
fn a_second_row_of_an_order_needs_to_say_which_is_the_later() {
    let [first, second] = ["30.00", "31.00"].map(|amount| order("WEB-2", "2026-11-18", amount));
    let both = [
        first.clone(),
        order("WEB-3", "2026-11-18", "5.00"),
        second.clone(),
    ];
    let rejected = |words| vec![Rejected(4, "order_reference", "WEB-2", words)];
    let at = |row: &written::Row, time| row.clone().with("updated_at", time);
    let known = [
        at(&first, "2026-11-19T10:00:00+01:00"),
        at(&second, "2026-11-19T09:30:00Z"),
    ];
    check(vec![
        (
            "without updated_at",
            orders(
                written::orders_without_updated_at(&both),
                Effect::Rejected(rejected("line 2 and on line 4"), 2),
            ),
        ),
        (
            "with an empty updated_at",
            orders(csv(&both), Effect::Rejected(rejected("line 2"), 2)),
        ),
        ("with updated_at", orders(csv(&known), Effect::Taken(2))),
    ]);
}

#[test]
fn an_order_event_that_cannot_be_read_is_rejected() {
    let good = |day| refund("WEB-1", day, "1.00");
    let spoilt = |column, value, words| {
        let rows = [good("2026-11-18"), good("2026-11-19").with(column, value)];
        let rejected = vec![Rejected(3, column, value, words)];
        super::at(
            "inbox/order-events/events.csv",
            csv(&rows),
            Effect::Rejected(rejected, 1),
        )
    };
    check(vec![
        (
            "an unknown type",
            spoilt("type", "returned", "one of confirm, cancel, refund"),
        ),
        ("an amount of 0", spoilt("amount", "0", "more than 0")),
        ("no day", spoilt("occurred_at", "", "empty")),
    ]);
}

#[test]
fn a_line_of_ndjson_that_is_no_object_is_rejected() {
    let good = |reference: &str| {
        format!(
            "{{\"order_reference\":\"{reference}\",\"provider\":\"oney\",\"amount\":30.00,\
             \"currency\":\"EUR\",\"status\":\"FUNDED\",\"ordered_at\":\"2026-11-18\"}}\n"
        )
    };
    let cut = format!("{}{{\"order_reference\":\"WEB-3\"", good("WEB-2"));
    let rejected = vec![Rejected(2, "", "", "no JSON object")];
    check(vec![(
        "cut off",
        super::at(
            "inbox/orders/orders.ndjson",
            cut,
            Effect::Rejected(rejected, 1),
        ),
    )]);
}

#[test]
fn up_to_the_allowed_share_of_rejected_rows_a_file_is_taken() {
    let report = |rows: usize, bad: usize| {
        let row = |number: usize| {
            let row = sound(&format!("WEB-{}", number + 2));
            if number < bad {
                row.with("PR_Type", "?")
            } else {
                row
            }
        };
        csv(&(0..rows).map(row).collect::<Vec<_>>())
    };
    let rejected = |bad: u32| {
        (2..bad + 2)
            .map(|line| Rejected(line, "PR_Type", "?", ""))
            .collect()
    };
    let refused = Effect::Refused(&["3 of 20 rows", "max_rejected_percent"]);
    check(vec![
        (
            "2 of 20",
            crp(report(20, 2), Effect::Rejected(rejected(2), 18)),
        ),
        ("3 of 20", crp(report(20, 3), refused)),
        (
            "all of 19",
            crp(report(19, 19), Effect::Rejected(rejected(19), 0)),
        ),
        (
            "all of 20",
            crp(report(20, 20), Effect::Refused(&["20 of 20 rows"])),
        ),
        (
            "7 of 70",
            crp(delimited_report(70, 7), Effect::Rejected(rejected(7), 63)),
        ),
        (
            "8 of 70",
            crp(delimited_report(70, 8), Effect::Refused(&["8 of 70"])),
        ),
    ]);
}

fn delimited_report(rows: usize, bad: usize) -> String {
    let row = |number: usize| {
        let kind = if number < bad { "?" } else { "FIN" };
        sound(&format!("WEB-{}", number + 2)).with("PR_Type", kind)
    };
    delimited(&(0..rows).map(row).collect::<Vec<_>>(), ";")
}
