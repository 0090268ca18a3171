//! What becomes of records and files that cannot be read.

use super::*;

#[test]
fn a_record_names_the_documented_field_the_value_and_what_was_expected() {
    let of = |changes: &[(&str, &str)]| {
        let found = read(&format!("{}\n{}", record(&[]), record(changes)));
        assert_eq!(found.file.counts.accepted, 1);
        found.complaints().remove(0)
    };
    for (title, value, expected) in [
        ("Record Type", "sett_hdr", "«sett_hdr» is not sett_dtl"),
        ("Merchant Id", "", "«» is empty and must not be"),
        ("Source File Id", " ", "«» is empty and must not be"),
        ("Type", "", "«» is empty and must not be"),
        ("Settlement Date", "", "«» is empty and must not be"),
        (
            "Settlement Date",
            "4112026",
            "«4112026» is not a day DDMMYYYY",
        ),
        (
            "Settlement Date",
            "2026-11-04",
            "«2026-11-04» is not a day DDMMYYYY",
        ),
        (
            "Transaction Date",
            "31022026",
            "«31022026» is not a day DDMMYYYY",
        ),
        ("Payment Date", "soon", "«soon» is not a day DDMMYYYY"),
        ("Settlement Currency", "", "«» is empty and must not be"),
        (
            "Settlement Currency",
            "EURO",
            "«EURO» is not a currency of three letters",
        ),
        (
            "Transaction Currency",
            "$",
            "«$» is not a currency of three letters",
        ),
        ("Settlement Gross Amount", "", "«» is empty and must not be"),
        (
            "Settlement Gross Amount",
            "1.005",
            "«1.005» has more decimals than EUR has (2)",
        ),
        ("Settlement Gross Amount", "1;5", "«1;5» is not an amount"),
        ("Settlement Net Amount", "abc", "«abc» is not an amount"),
        ("Commission", "-", "«-» is not an amount"),
        (
            "Settlement Gross Amount",
            "99999999999999999",
            "«99999999999999999» is beyond ±10^15 minor units",
        ),
    ] {
        assert_eq!(of(&[(title, value)]), format!("2: {title} {expected}"));
    }
}

#[test]
fn records_that_settle_nothing_need_no_settlement() {
    let settled = [
        ("Settlement Date", ""),
        ("Settlement Currency", ""),
        ("Settlement Gross Amount", ""),
    ];
    let with = |more: &[(&'static str, &'static str)]| [&settled, more].concat();
    let line = only_line(&with(&[("Type", "reject")]));
    assert_eq!(line.brief(), "memo A-1 0.00 0.00");
    assert_eq!(
        line.report_date, "2026-11-05",
        "no line of the file is settled: the payment"
    );
    let line = only_line(&with(&[("Type", "reject"), ("Transaction Currency", "")]));
    assert_eq!(line.currency, "XXX");
    let undated = with(&[
        ("Type", "reject"),
        ("Payment Date", ""),
        ("Transaction Date", ""),
    ]);
    let found = read(&record(&undated));
    assert_eq!(
        found.complaints(),
        ["1: Settlement Date «» is empty and must not be"]
    );
    assert_eq!(found.file.report_date, None);
}

#[test]
fn a_bad_quote_loses_its_own_row_only() {
    let good = record(&[]);
    let reason = "PP Reason Description";
    let opened = record(&[(reason, "\"MD06 Refund Request")]);
    let closed = record(&[(reason, "MD06 Refund Request\"")]);
    let quoted = record(&[(reason, "\"MD06, by customer\"")]);
    for bad in [opened, closed] {
        for lines in [[&bad, &good, &quoted], [&good, &bad, &quoted]] {
            let found = read(&lines.map(String::as_str).join("\n"));
            assert_eq!(found.file.counts.accepted, 2, "{:?}", found.complaints());
            assert!(found.complaints()[0].contains("a quote is opened and not closed"));
        }
    }
}

#[test]
fn a_row_of_another_width_is_rejected() {
    let found = read(&format!(
        "{}\n{},x\nsett_dtl,m1\n",
        record(&[]),
        record(&[])
    ));
    assert_eq!(
        found.complaints(),
        [
            "2:  «» the row has 32 fields, the layout has 31",
            "3:  «» the row has 2 fields, the layout has 31",
        ]
    );
}

#[test]
fn other_files_are_no_report() {
    for content in [
        "a,b,c\n1,2,3\n",
        "sett_dtl\n",
        "xsett_dtl,1\n",
        "{\"a\":1}\n",
    ] {
        let refusal = read_content(content.as_bytes()).unwrap_err();
        assert!(
            refusal
                .reason
                .contains("rows of 31 fields without a header"),
            "{content}: {refusal}"
        );
    }
}

#[test]
fn too_many_bad_rows_refuse_the_file() {
    let (good, bad) = (record(&[]), record(&[("Type", "")]));
    let content = [[&good; 9].as_slice(), &[&bad; 1], &[&good; 8], &[&bad; 2]].concat();
    let content: Vec<&str> = content.into_iter().map(String::as_str).collect();
    let refusal = read_content(content.join("\n").as_bytes()).unwrap_err();
    assert!(refusal.reason.contains("3 of 20 rows"), "{refusal}");
    assert!(refusal.reason.contains("line 10: is empty"), "{refusal}");
}

#[test]
fn no_bytes_stop_the_program() {
    let content = SEPA.as_bytes();
    for at in (0..content.len()).step_by(3) {
        for byte in [0, b'"', b'\n', b',', 0xff, b'9'] {
            let mut damaged = content.to_vec();
            damaged[at] = byte;
            // Read or refused: either is an answer.
            drop(read_content(&damaged));
        }
        drop(read_content(&content[..at]));
    }
}
