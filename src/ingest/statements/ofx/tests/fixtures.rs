//! Third-party files with the values that were expected of them, where they are at hand.

use super::super::is_format;
use super::found;
use crate::ingest::Refusal;
use crate::ingest::statements::testing::{Found, Known, Numbers, as_utf8, differences, fixtures};

/// Files for which the table of expectations is not followed.
const KNOWN: [Known; 0] = [];

fn read(bytes: &[u8]) -> Result<Found, Refusal> {
    let utf8 = as_utf8(bytes);
    found(std::str::from_utf8(&utf8).unwrap())
}

#[test]
fn third_party_files_give_what_is_expected_of_them() {
    let differences = differences("ofx", &KNOWN, read);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn third_party_files_are_recognised() {
    for file in fixtures("ofx").iter().filter(|file| file.is_valid()) {
        let text = String::from_utf8(as_utf8(&file.bytes)).unwrap();
        assert!(is_format(&text), "{}", file.path);
    }
}

#[test]
fn a_cut_third_party_file_is_refused() {
    let mut numbers = Numbers(3);
    let mut cut_but_read = Vec::new();
    for file in fixtures("ofx").iter().filter(|file| file.is_valid()) {
        let text = String::from_utf8(as_utf8(&file.bytes)).unwrap();
        let last = text.to_ascii_uppercase().rfind("</OFX>").unwrap();
        for _ in 0..40 {
            let end = numbers.below(last + "</OFX".len());
            if text.is_char_boundary(end) && found(text.get(..end).unwrap()).is_ok() {
                cut_but_read.push(format!("{} at {end}", file.path));
            }
        }
    }
    assert!(cut_but_read.is_empty(), "{}", cut_but_read.join("\n"));
}

#[test]
fn damaged_third_party_files_never_panic() {
    let mut numbers = Numbers(1);
    for file in fixtures("ofx")
        .iter()
        .filter(|file| file.bytes.len() < 20_000)
    {
        for _ in 0..40 {
            let bytes = numbers.damage(&file.bytes, b"<>&;/!?-[]\n\xff");
            drop(read(&bytes));
            is_format(&String::from_utf8_lossy(&bytes));
        }
    }
}
