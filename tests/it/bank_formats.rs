//! One bank, several formats: the same days told twice count once, and a payout's reference is
//! found however the format cut it.

use crate::bank_files::{Booking, Movement, cfonb, coda, company, export, mt940, says};
use crate::company::AS_OF;
use crate::rows::{Entry, camt, euros};

const TWO_DAYS: [(u32, &[Booking]); 2] = [
    (18, &[(17_500, "VIR ONEY BANK TFR1001"), (-90_00, "LOYER")]),
    (
        19,
        &[(4_000, "VIR ONEY BANK TFR1002"), (4_000, "CLIENT DUPONT")],
    ),
];

/// The statements of both days in one format, with the ending of its files.
fn both_days(format: &str) -> Vec<String> {
    let mut opening = 100_000;
    let day = |(day, bookings): &(u32, &'static [Booking])| {
        let before = opening;
        opening += bookings.iter().map(|(cents, _)| cents).sum::<i64>();
        let iso: &'static str = ["2026-11-18", "2026-11-19"][usize::from(*day == 19)];
        match format {
            "camt" => {
                let entry = |(at, (cents, text)): (usize, &Booking)| Entry {
                    id: ["B-1", "B-2"][at],
                    day: iso,
                    cents: *cents,
                    text,
                };
                let entries: Vec<Entry<'_>> = bookings.iter().enumerate().map(entry).collect();
                camt(&format!("STMT-{iso}"), [iso, iso], before, &entries)
            }
            "mt940" => {
                let line = |(cents, text): &Booking| (*cents, (*text).to_owned());
                let lines: Vec<_> = bookings.iter().map(line).collect();
                mt940(*day, *day, before, &lines)
            }
            "cfonb" => {
                let movement = |(cents, text): &Booking| (*cents, *text, &[][..]);
                let movements: Vec<_> = bookings.iter().map(movement).collect();
                cfonb(*day, before, &movements)
            }
            _ => export(*day, before, bookings),
        }
    };
    TWO_DAYS.iter().map(day).collect()
}

#[test]
fn the_same_days_in_several_formats_count_once_whichever_comes_last() {
    let formats = ["camt", "mt940", "csv", "cfonb"];
    let expected = [
        "TFR1001 matched by reference: 175.00 of 175.00",
        "TFR1002 matched by reference: 40.00 of 40.00",
    ];
    for turn in 0..formats.len() {
        for count in 1..=formats.len() {
            let mut order = formats;
            order.rotate_left(turn);
            let payouts = [
                ("TFR1001".to_owned(), 17_500),
                ("TFR1002".to_owned(), 4_000),
            ];
            let company = company(&payouts);
            for (place, format) in order.iter().take(count).enumerate() {
                for (day, content) in both_days(format).into_iter().enumerate() {
                    company.put(&format!("inbox/bank/{place}_{day}.txt"), content);
                }
            }
            let report = company.night(AS_OF);
            assert_eq!(says(report.is_sound()), expected, "{:?}", &order[..count]);
        }
    }
}

#[test]
fn a_format_that_comes_a_night_later_changes_nothing() {
    let payouts = [
        ("TFR1001".to_owned(), 17_500),
        ("TFR1002".to_owned(), 4_000),
    ];
    let company = company(&payouts);
    for (night, format) in ["mt940", "camt", "csv"].iter().enumerate() {
        for (day, content) in both_days(format).into_iter().enumerate() {
            company.put(&format!("inbox/bank/{format}_{day}.txt"), content);
        }
        let report = company.night(["2026-11-20", "2026-11-23", "2026-11-24"][night]);
        let found = report.found("BANK_CREDIT_UNEXPLAINED").len()
            + report.found("STATEMENT_GAP").len()
            + report.found("PAYOUT_AMOUNT_MISMATCH").len()
            + report.found("PAYOUT_NOT_RECEIVED").len();
        assert_eq!(found, 0, "{format}: {:#?}", says(&report));
    }
}

#[test]
fn a_gap_between_statements_without_numbers_is_told_once_for_two_copies() {
    let company = company(&[("TFR1001".to_owned(), 17_500)]);
    let movements: [Movement<'_>; 1] = [(100, "CLIENT", &[])];
    company.put("inbox/bank/a.cfo", cfonb(17, 1_000, &movements));
    let next = cfonb(18, 5_000, &movements);
    company.put("inbox/bank/b.cfo", &next);
    // The same statement, with the line ends of another system.
    company.put("inbox/bank/c.cfo", next.replace('\n', "\r\n"));
    let report = company.night(AS_OF);
    let gap = report.only("STATEMENT_GAP");
    assert_eq!((&*gap["expected"], &*gap["actual"]), ("11.00", "50.00"));
}

/// A payout with what a bank makes of its reference.
fn payouts(numbers: std::ops::RangeInclusive<u32>) -> Vec<(String, i64)> {
    let payout = |number: u32| (format!("T7788{number}"), 5_000 + i64::from(number));
    numbers.map(payout).collect()
}

/// A text of exactly `width` characters that ends in `end`.
fn ending(width: usize, end: &str) -> String {
    format!("{:<1$}{end}", "PAIEMENT GROUPE", width - end.len())
}

#[test]
fn a_reference_is_found_in_what_each_format_makes_of_it() {
    let payouts = payouts(1001..=1018);
    let company = company(&payouts);
    let cents = |number: i64| 5_000 + number;
    let camt_texts = [
        "VIREMENT DU 17 T7788</Ustrd><Ustrd>1001 CLIENTS",
        "virement t77881002",
        "REF:T77881003.",
        "/ROC/T77881004/URI/FACTURES",
        "T 7788 1005",
        "(T77881006),",
        "VIREMENT T7788\n            1007 CLIENTS",
        "T77881008</Ustrd><Ustrd>SUITE",
    ];
    let entry = |(at, text): (usize, &&'static str)| Entry {
        id: ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"][at],
        day: "2026-11-18",
        cents: cents(1001 + i64::try_from(at).unwrap()),
        text,
    };
    let entries: Vec<Entry<'_>> = camt_texts.iter().enumerate().map(entry).collect();
    let day = "2026-11-18";
    company.put("inbox/bank/a.xml", camt("S-1", [day, day], 0, &entries));
    let told = [
        // Sub-fields of 27 characters are joined without a blank, free lines with one.
        "166?00GUTSCHRIFT?20SVWZ+AUSZAHLUNG NR T7788?211009 VOM 17.11.?32EMPFAENGER",
        "166?00GUTSCHRIFT?20EREF+ONEY-SETTLEMENT-T77881?21010?22SVWZ+AUSZAHLUNG",
        "/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/REMI/USTD//T7788\r\n1011/EREF/X",
        "PAIEMENT CLIENTS DU 17 NOVEMBRE T7788\r\n1012 FIN",
    ];
    let line = |(text, number): (&&str, i64)| (cents(number), (*text).to_owned());
    let lines: Vec<_> = told.iter().zip(1009..).map(line).collect();
    company.put("inbox/bank/b.sta", mt940(1, 18, 100_000, &lines));
    let movements: [Movement<'_>; 3] = [
        (
            cents(1013),
            "VIR SEPA RECU",
            &[
                ("LCC", ending(70, "T7788")),
                ("LC2", "1013 CLIENTS".to_owned()),
            ],
        ),
        (
            cents(1014),
            "VIREMENT RECU POUR LE    T77881",
            &[("LIB", "014 DU 17".to_owned())],
        ),
        (
            cents(1015),
            "VIR SEPA RECU",
            &[("RCN", "T77881015".to_owned())],
        ),
    ];
    company.put("inbox/bank/c.cfo", cfonb(18, 900_000, &movements));
    let coda_lines = [
        (cents(1016), ending(53, "T7788") + "1016 CLIENTS"),
        (cents(1017), "T7788 1017".to_owned()),
        (cents(1018), "REF/T77881018/".to_owned()),
    ];
    company.put("inbox/bank/d.cod", coda(18, &coda_lines));
    let report = company.night(AS_OF);
    let expected: Vec<String> = payouts
        .iter()
        .map(|(reference, cents)| {
            let amount = euros(*cents);
            format!("{reference} matched by reference: {amount} of {amount}")
        })
        .collect();
    let mut found = says(report.is_sound());
    // The statements of this test begin with any balance.
    found.retain(|line| !line.starts_with("STATEMENT_GAP"));
    assert_eq!(found, expected);
}

#[test]
fn what_only_looks_like_a_reference_pays_nothing() {
    let mut payouts = payouts(1001..=1006);
    payouts.push(("T7712".to_owned(), 7_712));
    let company = company(&payouts);
    let texts = [
        "XT77881001",
        "T778810020",
        "T7788 10030",
        "X T7788-1004",
        "A1T7788 1005",
        "T7788.1006",
    ];
    let entry = |(at, text): (usize, &&'static str)| Entry {
        id: ["C1", "C2", "C3", "C4", "C5", "C6"][at],
        day: "2026-11-18",
        cents: 6_001 + i64::try_from(at).unwrap(),
        text,
    };
    let mut entries: Vec<Entry<'_>> = texts.iter().enumerate().map(entry).collect();
    entries.push(Entry {
        id: "C7",
        day: "2026-11-18",
        cents: 7_712,
        text: "T77 12",
    });
    let day = "2026-11-18";
    company.put("inbox/bank/a.xml", camt("S-1", [day, day], 0, &entries));
    let report = company.night(AS_OF);
    for row in report.is_sound().table("payouts") {
        let place = (&*row["payout_reference"], &*row["bank_entries"]);
        assert_eq!(place.1, "", "{}", place.0);
        assert_ne!(row["state"], "matched", "{}", place.0);
    }
}
