//! Everything has a bound.

use super::{Case, Effect, Rejected, check, crp, damaged_crp, sound};
use crate::company::{AS_OF, CONFIG, Company};
use crate::rows::{csv, order};

const MIB: usize = 1024 * 1024;

#[test]
fn long_cells_are_read_and_endless_lines_are_not() {
    let long =
        |column: &str, value: &str| csv(&[sound("WEB-2"), sound("WEB-3").with(column, value)]);
    let endless = "x".repeat(MIB + 1);
    let shown: &'static str = Box::leak("9".repeat(200).into_boxed_str());
    check(vec![
        (
            "100 000 characters that nobody reads",
            crp(
                long("Merchant_context", &"x".repeat(100_000)),
                Effect::Taken(2),
            ),
        ),
        (
            "100 000 characters of a reference",
            crp(
                long("External_reference", &"é".repeat(50_000)),
                Effect::Taken(2),
            ),
        ),
        (
            "a line without end",
            crp(
                long("Merchant_context", &endless),
                Effect::Refused(&["a line of more than"]),
            ),
        ),
        (
            "a header without end",
            crp(&endless, Effect::Refused(&["a line of more than"])),
        ),
        (
            "100 000 digits of an amount",
            Case {
                effect: Effect::Rejected(
                    vec![Rejected(3, "Transaction_amount", shown, "10^15")],
                    1,
                ),
                ..crp(
                    long("Transaction_amount", &"9".repeat(100_000)),
                    Effect::Ignored,
                )
            },
        ),
    ]);
}

#[test]
fn an_input_over_max_file_mib_is_refused_and_one_of_exactly_that_size_is_taken() {
    let small = CONFIG.replace(
        "path = \"inbox/oney\"",
        "path = \"inbox/oney\"\nmax_file_mib = 1",
    );
    let padded = |size: usize| {
        let rows = csv(&[sound("WEB-2")]);
        let blank_lines = "\n".repeat(size - rows.len());
        rows + &blank_lines
    };
    for (size, status) in [(MIB, "accepted"), (MIB + 1, "refused")] {
        let company = Company::with(&small);
        company.put(&damaged_crp(), padded(size));
        company.run(AS_OF, &[]).done();
        let report = company.report(AS_OF);
        let input = report.input("crp_fr_v3_20261119_2.csv");
        assert_eq!(input["status"], status, "{size} bytes: {input:?}");
        if status == "refused" {
            assert!(input["reason"].contains("max_file_mib"), "{input:?}");
        }
    }
}

/// Rejected rows are kept up to a bound; all of them are counted.
#[test]
fn of_very_many_rejected_rows_the_first_are_kept_and_all_are_counted() {
    let company = Company::with(&crate::company::CONFIG.replace(
        "path = \"inbox/orders\"",
        "path = \"inbox/orders\"\nmax_rejected_percent = 100",
    ));
    let bad = order("WEB-1", "2026-11-10", "20.00").with("amount", "x");
    company.put("inbox/orders/orders.csv", csv(&vec![bad; 10_050]));
    company.run(AS_OF, &[]).exits(3);
    let report = company.report(AS_OF);
    assert_eq!(report.input("orders.csv")["rejected"], "10050");
    assert_eq!(report.table("rejected").len(), 10_000);
}
