//! Third-party files with the values that were expected of them, where they are at hand.

use super::super::is_format;
use super::found;
use crate::ingest::Refusal;
use crate::ingest::statements::testing::{Found, Known, Numbers, as_utf8, differences, fixtures};

/// Files for which the table of expectations is not followed.
const KNOWN: [Known; 2] = [
    (
        "wolph/self-provided/february_30.sta",
        "rejected",
        "its only line has the value date 30 February; the table leaves the entries open",
    ),
    (
        "wolph/self-provided/transaction_details_wrapped.sta",
        "rejected",
        "the same line, with a time in its text that is wrapped",
    ),
];

fn read(bytes: &[u8]) -> Result<Found, Refusal> {
    let utf8 = as_utf8(bytes);
    found(std::str::from_utf8(&utf8).unwrap())
}

#[test]
fn third_party_files_give_what_is_expected_of_them() {
    let differences = differences("mt940", &KNOWN, read);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn third_party_files_are_recognised() {
    for file in fixtures("mt940").iter().filter(|file| file.is_valid()) {
        let text = String::from_utf8(as_utf8(&file.bytes)).unwrap();
        assert!(is_format(&text), "{}", file.path);
    }
}

#[test]
fn a_cut_third_party_file_is_refused_or_lacks_whole_statements_only() {
    let mut numbers = Numbers(7);
    let mut cut_inside = Vec::new();
    for file in fixtures("mt940").iter().filter(|file| file.is_valid()) {
        let text = String::from_utf8(as_utf8(&file.bytes)).unwrap();
        for _ in 0..60 {
            let end = numbers.below(text.len());
            if !text.is_char_boundary(end) {
                continue;
            }
            let cut = text.get(..end).unwrap();
            // A report during the day needs no sums: cut behind a line, it looks complete.
            let may_end = text.contains("\n:34F:") && cut.ends_with('\n');
            if found(cut).is_err() || may_end {
                continue;
            }
            // What was read ends behind a closing balance, in which at most digits are missing.
            let closings = [":62F:", ":62M:", ":90C:", ":90D:"];
            let last = closings.iter().filter_map(|tag| cut.rfind(tag)).max();
            let after = cut.get(last.unwrap_or(0)..).unwrap();
            let begins_again = ["\n:20:", "\n:25:", "\n:60", "\n{1:"];
            if last.is_none() || begins_again.iter().any(|mark| after.contains(mark)) {
                cut_inside.push(format!("{} at {end}", file.path));
            }
        }
    }
    assert!(cut_inside.is_empty(), "{}", cut_inside.join("\n"));
}

#[test]
fn damaged_third_party_files_never_panic() {
    let mut numbers = Numbers(1);
    for file in fixtures("mt940")
        .iter()
        .filter(|file| file.bytes.len() < 10_000)
    {
        for _ in 0..60 {
            let bytes = numbers.damage(&file.bytes, b":/?{}-@+,0C\n\xff");
            drop(read(&bytes));
            is_format(&String::from_utf8_lossy(&bytes));
        }
    }
}
