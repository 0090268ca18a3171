//! Files that are refused as a whole, and odd ones that are not.

use super::{Case, Effect, check, crp, orders, sound};
use crate::rows::{self as written, csv, delimited};

fn refused(bytes: impl AsRef<[u8]>, words: &'static [&'static str]) -> Case {
    crp(bytes, Effect::Refused(words))
}

#[test]
fn a_file_without_content_is_a_delivery_that_broke() {
    check(vec![
        ("0 bytes", refused("", &["empty"])),
        ("white space", refused(" \r\n\t\n", &["white space"])),
        (
            "a byte order mark alone",
            refused(b"\xef\xbb\xbf", &["empty"]),
        ),
        (
            "zeros, as a full disk leaves them",
            refused([0; 4096], &["empty"]),
        ),
        ("orders of 0 bytes", orders("", Effect::Refused(&["empty"]))),
        (
            "a statement of 0 bytes",
            super::statement("", Effect::Refused(&["empty"])),
        ),
    ]);
}

#[test]
fn a_header_without_rows_is_a_night_without_movements() {
    let header = written::header(&sound("WEB-2"));
    check(vec![
        ("header", crp(&header, Effect::Taken(0))),
        (
            "header without its line end",
            crp(header.trim_end(), Effect::Taken(0)),
        ),
        (
            "header and blank lines",
            crp(format!("{header}\n\n  \n"), Effect::Taken(0)),
        ),
    ]);
}

#[test]
fn a_file_with_an_unknown_header_is_refused() {
    let rows = [sound("WEB-2"), sound("WEB-3")];
    let good = csv(&rows);
    let html = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head></html>\n";
    let garbage: Vec<u8> = (0..4096_u32)
        .map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()[3])
        .collect();
    check(vec![
        (
            "no header at all",
            refused(good.split_once('\n').unwrap().1, &["unknown header"]),
        ),
        (
            "another table",
            refused("date;libelle\n1;2\n", &["unknown header", "date;libelle"]),
        ),
        (
            "a missing mandatory column",
            refused(good.replace("IS_cancel", "Is_gone"), &["IS_cancel"]),
        ),
        (
            "a delimiter that nobody uses",
            refused(delimited(&rows, "^"), &["unknown header"]),
        ),
        (
            "an error page",
            refused(html, &["unknown header", "<!DOCTYPE html>"]),
        ),
        ("binary garbage", refused(garbage, &[])),
        (
            "orders under another header",
            orders("id,sum\n1,2\n", Effect::Refused(&["unknown header"])),
        ),
        (
            "orders as a JSON array",
            super::at(
                "inbox/orders/orders.json",
                "[{\"a\":1}]",
                Effect::Refused(&[]),
            ),
        ),
    ]);
}

#[test]
fn a_column_that_stands_twice_refuses_the_file() {
    let rows = csv(&[sound("WEB-2")]);
    let (header, row) = rows.split_once('\n').unwrap();
    let twice = format!("{header},Transaction_amount\n{},55.00\n", row.trim_end());
    check(vec![(
        "two amounts",
        refused(twice, &["more than one column", "Transaction_amount"]),
    )]);
}

#[test]
fn a_decimal_mark_that_cannot_be_decided_refuses_the_file() {
    let rows = [
        sound("WEB-2"),
        sound("WEB-3").with("Transaction_amount", "1,234"),
    ];
    let orders_row = written::order("WEB-2", "2026-11-18", "1.234");
    check(vec![
        (
            "in a report",
            refused(csv(&rows), &["line 3", "1,234", "decimal_mark"]),
        ),
        (
            "in orders",
            orders(
                csv(&[orders_row]),
                Effect::Refused(&["1.234", "decimal_mark"]),
            ),
        ),
    ]);
}

#[test]
fn every_way_to_write_the_same_text_is_read() {
    let good = csv(&[sound("WEB-2"), sound("WEB-é")]);
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{good}")
            .encode_utf16()
            .flat_map(order)
            .collect()
    };
    let latin: Vec<u8> = good
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let taken = || Effect::Taken(2);
    check(vec![
        (
            "UTF-8 with a byte order mark",
            crp(format!("\u{feff}{good}"), taken()),
        ),
        (
            "UTF-16, little end first",
            crp(utf16(u16::to_le_bytes), taken()),
        ),
        (
            "UTF-16, big end first",
            crp(utf16(u16::to_be_bytes), taken()),
        ),
        ("ISO-8859-1", crp(latin, taken())),
        ("CRLF", crp(good.replace('\n', "\r\n"), taken())),
        ("no line end at the end", crp(good.trim_end(), taken())),
        (
            "semicolons",
            crp(delimited(&[sound("WEB-2"), sound("WEB-é")], ";"), taken()),
        ),
        (
            "tabs",
            crp(delimited(&[sound("WEB-2"), sound("WEB-é")], "\t"), taken()),
        ),
        (
            "decimal commas",
            crp(
                delimited(&[sound("WEB-2"), sound("WEB-3")], ";").replace("20.00", "20,00"),
                taken(),
            ),
        ),
    ]);
}

#[test]
fn utf16_that_is_cut_in_a_character_is_no_panic() {
    let good = format!("\u{feff}{}", csv(&[sound("WEB-2")]));
    let bytes: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let company = crate::company::Company::new();
    company.put(&super::damaged_crp(), &bytes[..bytes.len() - 41]);
    company.run(crate::company::AS_OF, &[]).exits(3);
}
