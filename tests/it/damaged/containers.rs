//! Compressed files and workbooks: damage, and what unpacks to far more than it is.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use rust_xlsxwriter::Workbook;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::{Case, Effect, at, check, sound};
use crate::rows::{csv, order};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A workbook of text cells, one sheet.
fn workbook(rows: &[Vec<&str>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn archive(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(name.as_str(), SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn report_gz(bytes: Vec<u8>, effect: Effect) -> Case {
    at("inbox/oney/crp_fr_v3_20261119_2.csv.gz", bytes, effect)
}

fn xlsx(bytes: Vec<u8>, effect: Effect) -> Case {
    at("inbox/orders/orders.xlsx", bytes, effect)
}

#[test]
fn damaged_compression_refuses_the_file() {
    let packed = gzip(csv(&[sound("WEB-2"), sound("WEB-3")]).as_bytes());
    let mut flipped = packed.clone();
    let middle = flipped.len().div_euclid(2);
    flipped[middle] ^= 0x55;
    let mut wrong_sum = packed.clone();
    let sum = wrong_sum.len() - 6;
    wrong_sum[sum] ^= 1;
    let cut = packed[..packed.len().div_euclid(2)].to_vec();
    let refused = || Effect::Refused(&["gzip"]);
    check(vec![
        ("sound", report_gz(packed, Effect::Taken(2))),
        ("truncated", report_gz(cut, refused())),
        ("a flipped bit", report_gz(flipped, refused())),
        ("a wrong checksum", report_gz(wrong_sum, refused())),
        (
            "no gzip at all",
            report_gz(b"\x1f\x8bnonsense".to_vec(), refused()),
        ),
        (
            "gzip of nothing",
            report_gz(gzip(b""), Effect::Refused(&["empty"])),
        ),
        (
            "a bomb",
            report_gz(
                gzip(&vec![b'x'; 8 * 1024 * 1024]),
                Effect::Refused(&["200 times"]),
            ),
        ),
        (
            "a name that only says so",
            report_gz(csv(&[sound("WEB-2")]).into_bytes(), Effect::Taken(1)),
        ),
    ]);
}

#[test]
fn a_workbook_is_checked_before_it_is_unpacked() {
    let text = csv(&[
        order("WEB-2", "2026-11-18", "30.00"),
        order("WEB-3", "2026-11-18", "30.00"),
    ]);
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    let good = workbook(&rows);
    let cut = good[..good.len().div_euclid(2)].to_vec();
    let bomb = archive(&[(
        "xl/worksheets/sheet1.xml".into(),
        vec![b' '; 4 * 1024 * 1024],
    )]);
    let crowd: Vec<(String, Vec<u8>)> = (0..1001).map(|n| (format!("m{n}"), vec![b'x'])).collect();
    let refused = |words| Effect::Refused(words);
    check(vec![
        ("sound", xlsx(good.clone(), Effect::Taken(2))),
        ("truncated", xlsx(cut, refused(&["ZIP"]))),
        (
            "no known sheet",
            xlsx(
                workbook(&[vec!["a", "b"], vec!["1", "2"]]),
                refused(&["no sheet", "order_reference"]),
            ),
        ),
        (
            "an empty workbook",
            xlsx(workbook(&[]), refused(&["no sheet"])),
        ),
        ("a bomb", xlsx(bomb, refused(&["200 times"]))),
        (
            "1001 members",
            xlsx(archive(&crowd), refused(&["1001 members"])),
        ),
        (
            "a ZIP that is no workbook",
            xlsx(
                archive(&[("a.txt".into(), b"hello".to_vec())]),
                refused(&["workbook"]),
            ),
        ),
        (
            "text that only says so",
            xlsx(text.clone().into_bytes(), Effect::Taken(2)),
        ),
        (
            "a workbook named CSV",
            at("inbox/orders/orders.csv", good, Effect::Taken(2)),
        ),
    ]);
}
