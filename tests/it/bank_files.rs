//! Bank statements in several formats, written from bookings; a company that reports payouts, and
//! what a report says of them.

use std::fmt::Write as _;

use crate::company::Company;
use crate::report::Report;
use crate::rows::{ACCOUNT, crp_name, csv, euros, funding, order};

/// A booking of a day, for all formats: cents and text.
pub(crate) type Booking = (i64, &'static str);

/// An MT940 statement of one day of November 2026.
pub(crate) fn mt940(number: u32, day: u32, opening: i64, lines: &[(i64, String)]) -> String {
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
pub(crate) type Movement<'m> = (i64, &'m str, &'m [(&'m str, String)]);

/// The same account as CFONB 120, movement by movement.
pub(crate) fn cfonb(day: u32, opening: i64, movements: &[Movement<'_>]) -> String {
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

/// A Belgian account as CODA; each movement's communication is cut after 53 and
/// after 106 characters.
pub(crate) fn coda(day: u32, movements: &[(i64, String)]) -> String {
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
        let (first, rest) = text.split_at(text.len().min(53));
        let (second, third) = rest.split_at(rest.len().min(53));
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
                (126, "1"),
                (128, "0"),
            ],
        ));
        lines.push(columns(
            128,
            &[(1, "23"), (3, &number), (83, third), (126, "0"), (128, "0")],
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

/// A Spanish account as Norma 43; each text is a record of 76 characters.
pub(crate) fn norma43(day: u32, movements: &[(i64, Vec<String>)]) -> String {
    let date = format!("2611{day:02}");
    let account = "004915001234567890";
    let amount = |cents: i64| format!("{cents:014}");
    let mut lines = vec![columns(
        80,
        &[
            (1, "11"),
            (3, account),
            (21, &date),
            (27, &date),
            (33, &format!("2{}9783", amount(0))),
        ],
    )];
    let mut closing = 0;
    for (cents, texts) in movements {
        closing += cents;
        let booked = format!("{date}{date}04007");
        let figures = format!("2{}{}", amount(*cents), "0".repeat(22));
        lines.push(columns(80, &[(1, "22"), (11, &booked), (28, &figures)]));
        for (number, text) in texts.iter().enumerate() {
            let code = format!("23{:02}", number + 1);
            lines.push(columns(80, &[(1, &code), (5, text)]));
        }
    }
    let credits = format!("{:05}{}", movements.len(), amount(closing));
    let nothing = format!("{:05}{}", 0, amount(0));
    let balance = format!("2{}978", amount(closing));
    let end = format!("33{account}{nothing}{credits}{balance}");
    lines.push(end);
    lines.push(format!("88{}{:06}", "9".repeat(18), lines.len()));
    lines.join("\n") + "\n"
}

/// An account as OFX 1: cents, `NAME` and `MEMO`.
pub(crate) fn ofx(day: u32, movements: &[(i64, String, String)]) -> String {
    let date = format!("202611{day:02}");
    let entry = |(at, (cents, name, memo)): (usize, &(i64, String, String))| {
        let amount = euros(*cents);
        format!(
            "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{date}<TRNAMT>{amount}<FITID>F-{at}\
             <NAME>{name}<MEMO>{memo}</STMTTRN>\n"
        )
    };
    let entries: String = movements.iter().enumerate().map(entry).collect();
    format!(
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>\
         <CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>1234567</BANKACCTFROM><BANKTRANLIST>\
         <DTSTART>{date}<DTEND>{date}\n{entries}</BANKTRANLIST></STMTRS></STMTTRNRS>\
         </BANKMSGSRSV1></OFX>\n"
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
pub(crate) fn export(day: u32, opening: i64, bookings: &[Booking]) -> String {
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
pub(crate) fn company(payouts: &[(String, i64)]) -> Company {
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
pub(crate) fn says(report: &Report) -> Vec<String> {
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
