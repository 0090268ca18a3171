//! One bank, several formats: the same days told twice count once, and a payout's reference is
//! found however the format cut it.

use std::fmt::Write as _;

use crate::company::{AS_OF, Company};
use crate::report::Report;
use crate::rows::{ACCOUNT, Entry, camt, crp_name, csv, euros, funding, order};

/// A booking of a day, for all formats: cents and text.
type Booking = (i64, &'static str);

/// An MT940 statement of one day of November 2026.
fn mt940(number: u32, day: u32, opening: i64, lines: &[(i64, String)]) -> String {
    let amount = |cents: i64| euros(cents.abs()).replace('.', ",");
    let closing = opening + lines.iter().map(|(cents, _)| cents).sum::<i64>();
    let mut text = format!(
        ":20:STARTUMS\r\n:25:{ACCOUNT}\r\n:28C:{number:05}/001\r\n:60F:C2611{day:02}EUR{}\r\n",
        amount(opening)
    );
    for (place, (cents, information)) in lines.iter().enumerate() {
        let mark = if *cents < 0 { 'D' } else { 'C' };
        let (day, amount) = (format!("{day:02}"), amount(*cents));
        let line = format!(":61:2611{day}11{day}{mark}{amount}NTRFNONREF//M-{day}-{place}");
        write!(text, "{line}\r\n:86:{information}\r\n").unwrap();
    }
    write!(text, ":62F:C2611{day:02}EUR{}\r\n-\r\n", amount(closing)).unwrap();
    text
}

/// A movement of CFONB 120: cents, label, and complements with their qualifiers.
type Movement<'m> = (i64, &'m str, &'m [(&'m str, String)]);

/// The same account as CFONB 120, movement by movement.
fn cfonb(day: u32, opening: i64, movements: &[Movement<'_>]) -> String {
    let signed = |cents: i64| {
        let digits = format!("{:014}", cents.abs());
        let (head, last) = digits.split_at(13);
        let plus = b"{ABCDEFGHI";
        let minus = b"}JKLMNOPQR";
        let marks = if cents < 0 { minus } else { plus };
        format!(
            "{head}{}",
            char::from(marks[last.parse::<usize>().unwrap()])
        )
    };
    let date = format!("{day:02}1126");
    let record = |code: &str, fields: &[(usize, &str)]| {
        let account = [
            (1, code),
            (3, "30006"),
            (12, "00001"),
            (17, "EUR"),
            (20, "2"),
        ];
        let account = [&account[..], &[(22, "12345678901"), (35, &date)], fields].concat();
        columns(120, &account)
    };
    let mut lines = vec![record("01", &[(91, &signed(opening))])];
    let mut closing = opening;
    for (cents, label, complements) in movements {
        closing += cents;
        let amount = signed(*cents);
        lines.push(record("04", &[(43, &date), (49, label), (91, &amount)]));
        for (qualifier, text) in *complements {
            lines.push(record("05", &[(46, qualifier), (49, text)]));
        }
    }
    lines.push(record("07", &[(91, &signed(closing))]));
    lines.join("\n") + "\n"
}

/// A Belgian account as CODA; each movement's communication is cut at 53 characters.
fn coda(day: u32, movements: &[(i64, String)]) -> String {
    let date = format!("{day:02}1126");
    let (account, amount) = ("BE68539007547034", |cents: i64| {
        format!("{:015}", cents * 10)
    });
    let mut lines = vec![columns(
        128,
        &[(1, "00000"), (6, &date), (12, "30005"), (128, "2")],
    )];
    lines.push(columns(
        128,
        &[
            (1, "12001"),
            (6, account),
            (40, "EUR0"),
            (44, &amount(0)),
            (59, &date),
        ],
    ));
    let mut closing = 0;
    for (place, (cents, text)) in movements.iter().enumerate() {
        closing += cents;
        let number = format!("{:04}0000", place + 1);
        let (first, second) = text.split_at(text.len().min(53));
        let code = format!("{date}001500000{first}");
        lines.push(columns(
            128,
            &[
                (1, "21"),
                (3, &number),
                (11, &format!("REF{place}")),
                (32, "0"),
                (33, &amount(*cents)),
                (48, &code),
                (116, &format!("{date}00101")),
                (128, "0"),
            ],
        ));
        lines.push(columns(
            128,
            &[
                (1, "22"),
                (3, &number),
                (11, second),
                (126, "0"),
                (128, "0"),
            ],
        ));
    }
    lines.push(columns(
        128,
        &[
            (1, "8001"),
            (5, account),
            (39, "EUR0"),
            (43, &amount(closing)),
            (58, &date),
            (128, "0"),
        ],
    ));
    lines.push(coda_end(lines.len() - 1, closing));
    lines.join("\n") + "\n"
}

/// The last record: how many there are, and their credits.
fn coda_end(records: usize, credits: i64) -> String {
    let (records, credits) = (format!("{records:06}"), format!("{:015}", credits * 10));
    let nothing = "0".repeat(15);
    columns(
        128,
        &[
            (1, "9"),
            (17, &records),
            (23, &nothing),
            (38, &credits),
            (128, "2"),
        ],
    )
}

/// A record of fixed width from texts and the columns, from 1, where they begin.
fn columns(width: usize, fields: &[(usize, &str)]) -> String {
    let mut record = vec![' '; width];
    for (from, text) in fields {
        for (place, character) in (from - 1..).zip(text.chars()) {
            record[place] = character;
        }
    }
    record.into_iter().collect()
}

/// The same account as the export of a bank, with its running balance.
fn export(day: u32, opening: i64, bookings: &[Booking]) -> String {
    let mut text = "IBAN;Date comptable;Montant;Libellé;Solde\n".to_owned();
    let mut balance = opening;
    for (cents, label) in bookings {
        balance += cents;
        let sign = if *cents < 0 { "-" } else { "" };
        let (amount, after) = (euros(cents.abs()), euros(balance));
        writeln!(
            text,
            "{ACCOUNT};{day:02}/11/2026;{sign}{amount};{label};{after}"
        )
        .unwrap();
    }
    text
}

/// A company that reports payouts of Oney: reference and cents, all on 17 November.
fn company(payouts: &[(String, i64)]) -> Company {
    let company = Company::new();
    let day = "2026-11-17";
    let line = |(number, (reference, cents)): (usize, &(String, i64))| {
        funding(&format!("WEB-{number}"), day, &euros(*cents)).with("Transfer_Id", reference)
    };
    let sold = |(number, (_, cents)): (usize, &(String, i64))| {
        order(&format!("WEB-{number}"), day, &euros(*cents))
    };
    let lines: Vec<_> = payouts.iter().enumerate().map(line).collect();
    let orders: Vec<_> = payouts.iter().enumerate().map(sold).collect();
    company.put(&crp_name(day, 1), csv(&lines));
    company.put("inbox/orders/orders.csv", csv(&orders));
    company
}

/// What a report says of the bank: each payout, and each alarm but those of payment reports.
fn says(report: &Report) -> Vec<String> {
    let payouts = report.table("payouts");
    let payout = |row: &crate::report::Row| {
        let column = |name: &str| row[name].clone();
        format!(
            "{} {} by {}: {} of {}",
            column("payout_reference"),
            column("state"),
            column("matched_by"),
            column("booked"),
            column("expected")
        )
    };
    let mut lines: Vec<String> = payouts.iter().map(payout).collect();
    for row in report.table("discrepancies") {
        if row["code"] != "REPORT_MISSING" {
            lines.push(format!(
                "{} {} {}",
                row["code"], row["account"], row["file"]
            ));
        }
    }
    lines
}

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
                let entries: Vec<Entry> = bookings.iter().enumerate().map(entry).collect();
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
    let entries: Vec<Entry> = camt_texts.iter().enumerate().map(entry).collect();
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
    let mut entries: Vec<Entry> = texts.iter().enumerate().map(entry).collect();
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
