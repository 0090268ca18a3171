//! Series of numbers, versions of a report, and what is said of files themselves.

use super::{euros, in_words, nov, orders_file, report};
use crate::domain::detail::{Detail, RejectedCell};
use crate::domain::file::{FileId, FileStatus, InputFile, RejectedRow};
use crate::domain::{Currency, Money};
use crate::matching::files::{FileQuestions, asked_again, counting};

/// Ids of the files that count on a day, all of them known.
fn counting_on(files: &[InputFile], day: i64) -> Vec<i64> {
    let counting = counting(files, nov(day), &|_| true);
    counting.counting.iter().map(|file| file.0).collect()
}

/// Everything that is said of files on a day, in words; `new` are those that this run stored.
fn said(
    files: &[InputFile],
    new: &[i64],
    rejected: &[(FileId, RejectedRow)],
    day: i64,
) -> Vec<String> {
    let counting = counting(files, nov(day), &|_| true);
    let questions = FileQuestions {
        files,
        counting: &counting,
        is_new: &|file| new.contains(&file.id.0),
        rejected,
        as_of: nov(day),
    };
    questions.discrepancies().iter().map(in_words).collect()
}

fn refused(file: InputFile) -> InputFile {
    InputFile {
        status: FileStatus::Refused,
        reason: "has an unknown header".to_owned(),
        gross: Vec::new(),
        ..file
    }
}

fn with_gross(file: InputFile, gross: &str) -> InputFile {
    let gross = vec![Money {
        amount: euros(gross),
        currency: Currency::EUR,
    }];
    InputFile { gross, ..file }
}

#[test]
fn accepted_files_count_from_their_report_date_on() {
    let files = [
        report(1, 17, 6),
        report(2, 18, 8),
        orders_file(3, "orders.csv", 9),
        refused(report(4, 19, 6)),
    ];
    assert_eq!(counting_on(&files, 6), [1, 3]);
    assert_eq!(counting_on(&files, 8), [1, 2, 3]);
}

#[test]
fn a_past_night_does_not_know_the_files_of_later_runs() {
    let files = [report(1, 17, 6), report(2, 18, 7)];
    let then = counting(&files, nov(7), &|file| file.id.0 < 2);
    assert_eq!(then.counting, [FileId(1)].into());
}

#[test]
fn of_two_versions_the_later_report_date_counts_then_the_later_received() {
    // The same number, a later day: the correction may have been received first.
    let corrected = [report(1, 17, 9), report(2, 17, 6)];
    assert_eq!(counting_on(&corrected, 30), [1]);
    assert_eq!(
        counting(&corrected, nov(30), &|_| true).superseded,
        [FileId(2)].into()
    );
    // Before that day only the first version is seen.
    assert_eq!(counting_on(&corrected, 8), [2]);
    // Of one day: the higher number in the database came later.
    assert_eq!(counting_on(&[report(1, 17, 6), report(2, 17, 6)], 30), [2]);
}

#[test]
fn countries_and_providers_have_their_own_numbers() {
    let spain = InputFile {
        country: "es".to_owned(),
        ..report(2, 17, 6)
    };
    let other = InputFile {
        provider: "alma".to_owned(),
        ..report(3, 17, 6)
    };
    assert_eq!(
        counting_on(&[report(1, 17, 6), spain, other], 30),
        [1, 2, 3]
    );
}

#[test]
fn a_number_below_one_of_more_than_twenty_days_before_begins_a_new_series() {
    let numbers = |files: &[InputFile]| -> Vec<Vec<u64>> {
        let counting = counting(files, nov(60), &|_| true);
        let series = counting.series.iter();
        series
            .map(|one| one.numbers.iter().map(|number| number.sequence).collect())
            .collect()
    };
    // 21 days after number 365 there is number 1: it goes on with 2, and 366 is of the new series.
    let restarted = [
        report(1, 365, 1),
        report(2, 1, 22),
        report(3, 2, 23),
        report(4, 366, 24),
    ];
    assert_eq!(numbers(&restarted), [vec![365], vec![1, 2, 366]]);
    // Twenty days are not more than twenty.
    let late = [report(1, 365, 1), report(2, 1, 21)];
    assert_eq!(numbers(&late), [vec![1, 365]]);
    // Numbers are superseded within a series only.
    let again = [report(1, 1, -40), report(2, 30, -10), report(3, 1, 22)];
    assert_eq!(numbers(&again), [vec![1, 30], vec![1]]);
    assert_eq!(counting_on(&again, 60), [1, 2, 3]);
}

#[test]
fn a_replaced_report_is_told_once_with_the_sums_of_both() {
    let files = [
        report(1, 17, 6),
        InputFile {
            name: "crp_fr_v3_261106_17.csv.gz".to_owned(),
            received: nov(7),
            ..with_gross(report(2, 17, 6), "90.00")
        },
    ];
    // By the run that stored it, as of the report's own day.
    assert_eq!(
        said(&files, &[2], &[], 7),
        ["REPORT_REPLACED crp_fr_v3_261106_17.csv.gz 100.00 90.00 11-06"]
    );
    assert_eq!(said(&files, &[], &[], 8), Vec::<String>::new());
}

#[test]
fn what_is_replaced_is_the_version_that_counted_before_the_run() {
    // Two corrections in one night: 100 counted before, 80 counts now.
    let files = [
        report(1, 17, 6),
        with_gross(report(2, 17, 6), "90.00"),
        with_gross(report(3, 17, 6), "80.00"),
    ];
    let replaced = |new: &[i64]| said(&files, new, &[], 8);
    let name = "crp_fr_v3_261106_17.csv";
    assert_eq!(
        replaced(&[2, 3]),
        [format!("REPORT_REPLACED {name} 100.00 80.00 11-06")]
    );
    // All three in one night: none counted before, the highest ranked that lost is 90.
    assert_eq!(
        replaced(&[1, 2, 3]),
        [format!("REPORT_REPLACED {name} 90.00 80.00 11-06")]
    );
}

#[test]
fn sums_of_several_currencies_are_no_amount() {
    let mixed = InputFile {
        gross: vec![
            Money {
                amount: euros("1.00"),
                currency: Currency::EUR,
            },
            Money {
                amount: euros("1.00"),
                currency: Currency::parse("USD").unwrap(),
            },
        ],
        ..report(2, 17, 6)
    };
    assert_eq!(
        said(&[report(1, 17, 6), mixed], &[2], &[], 8),
        ["REPORT_REPLACED crp_fr_v3_261106_17.csv 11-06"]
    );
}

#[test]
fn a_duplicate_is_told_by_the_run_that_found_it() {
    let copy = InputFile {
        status: FileStatus::Duplicate,
        name: "copy.csv".to_owned(),
        reason: "orders.csv".to_owned(),
        ..orders_file(2, "copy.csv", 9)
    };
    let files = [orders_file(1, "orders.csv", 8), copy];
    // No day of its own: the as-of date.
    assert_eq!(
        said(&files, &[2], &[], 9),
        ["REPORT_DUPLICATE copy.csv 11-09"]
    );
    assert_eq!(said(&files, &[], &[], 10), Vec::<String>::new());
}

#[test]
fn a_refused_report_stands_until_one_of_its_name_or_number_is_accepted() {
    let bad = refused(report(1, 17, 6));
    let name = bad.name.clone();
    let stands = [format!("REPORT_REJECTED {name} 11-06")];
    assert_eq!(said(std::slice::from_ref(&bad), &[], &[], 20), stands);
    // Accepted by an earlier run of the same day: it still stands.
    let bad = refused(report(2, 17, 6));
    assert_eq!(said(&[report(1, 17, 6), bad.clone()], &[], &[], 20), stands);
    // Accepted before it in the same run, or by a later one: it is settled.
    let same_number = |id, intake| InputFile {
        intake,
        name: "crp_fr_v3_20261106_17.csv".to_owned(),
        ..report(id, 17, 6)
    };
    for files in [
        [same_number(1, bad.intake), bad.clone()],
        [bad.clone(), same_number(3, 3)],
    ] {
        assert_eq!(said(&files, &[], &[], 20), Vec::<String>::new());
    }
    let orders = refused(orders_file(1, "orders.csv", 6));
    let again = orders_file(2, "orders.csv", 7);
    assert_eq!(
        said(std::slice::from_ref(&orders), &[], &[], 20),
        ["REPORT_REJECTED orders.csv 11-06"]
    );
    assert_eq!(said(&[orders, again], &[], &[], 20), Vec::<String>::new());
}

#[test]
fn a_rejected_row_is_told_by_its_file_and_line() {
    let row = RejectedRow {
        line: 42,
        column: "Transaction_amount".to_owned(),
        value: "12,5O".to_owned(),
        reason: "is not an amount; ask for the file again".to_owned(),
        raw: String::new(),
        names: crate::domain::file::RowNames::default(),
    };
    let files = [report(1, 17, 6)];
    let rejected = [(FileId(1), row)];
    assert_eq!(
        said(&files, &[], &rejected, 6),
        ["LINE_REJECTED crp_fr_v3_261106_17.csv:42 11-06"]
    );
    // Not before the report's own day.
    assert_eq!(said(&files, &[], &rejected, 5), Vec::<String>::new());
    let counting = counting(&files, nov(6), &|_| true);
    let questions = FileQuestions {
        files: &files,
        counting: &counting,
        is_new: &|_| false,
        rejected: &rejected,
        as_of: nov(6),
    };
    let found = &questions.discrepancies()[0];
    assert_eq!(found.key, ["hash-1", "42"]);
    assert_eq!(found.sources[0].line, 42);
    let cell = RejectedCell {
        column: "Transaction_amount".to_owned(),
        value: "12,5O".to_owned(),
        reason: "is not an amount; ask for the file again".to_owned(),
    };
    assert_eq!(found.detail, Detail::RejectedCell(cell));
}

#[test]
fn an_import_is_repeated_by_the_next_one_of_its_query_that_was_taken() {
    let files = [
        orders_file(1, "orders.csv", 6),
        orders_file(2, "orders.sql", 6),
        orders_file(3, "orders-2.sql", 7),
        refused(orders_file(4, "orders-2.sql", 8)),
        orders_file(5, "orders.csv", 8),
        orders_file(6, "orders.sql", 9),
    ];
    let repeated = |day: i64| -> Vec<i64> {
        let files = asked_again(&files, nov(day));
        files.iter().map(|file| file.0).collect()
    };
    assert_eq!(repeated(8), Vec::<i64>::new());
    assert_eq!(repeated(9), [2]);
}
