//! What a record says.

use std::io::Write;

use rust_xlsxwriter::Workbook;

use super::*;

#[test]
fn the_payout_of_cards_is_their_net_less_the_fees_of_no_line() {
    let found = read(CARDS);
    assert_eq!(
        found.brief(),
        [
            "funding ORDER-1001 100.00 1.43",
            "cancellation ORDER-1002 -40.00 0.00",
            "adjustment  -5.00 0.00",
        ]
    );
    assert_eq!(found.payouts, [("GS-77".to_owned(), 5357)].into());
    let expected = Noted {
        row: 1,
        kind: "funding",
        order_reference: "ORDER-1001".into(),
        transaction_id: "transaction_1".into(),
        merchant: "merchant_demo1".into(),
        event_time: "2026-11-02 00:00:00".into(),
        currency: "EUR".into(),
        gross: "100.00".into(),
        fee: "1.43".into(),
        payout_reference: "GS-77".into(),
        report_date: "2026-11-04".into(),
        product: "visa".into(),
        ..Noted::default()
    };
    assert_eq!(found.lines[0], expected);
}

#[test]
fn neither_a_reject_nor_the_payout_itself_is_paid() {
    let found = read(SEPA);
    assert_eq!(found.payouts, [("PAYOUT-9".to_owned(), 6600)].into());
    assert_eq!(
        found.brief(),
        [
            "funding ORDER-1003 66.00 0.00",
            "memo ORDER-1004 0.00 0.00",
            "memo  66.00 0.00"
        ]
    );
    let reject = &found.lines[1];
    assert_eq!(
        (reject.report_date.as_str(), reject.currency.as_str()),
        ("2026-11-04", "EUR"),
        "reported with its file"
    );
}

#[test]
fn every_type_has_its_kind_and_its_sign() {
    let of = |word, gross| {
        let line = only_line(&[("Type", word), ("Settlement Gross Amount", gross)]);
        format!("{} {}", line.kind, line.gross)
    };
    for (word, kind, plus, minus) in [
        ("settlement", "funding", "9.00", "-9.00"),
        ("refund", "cancellation", "-9.00", "-9.00"),
        ("chargeback", "chargeback", "-9.00", "-9.00"),
        ("chargeback_reversal", "chargeback", "9.00", "9.00"),
        ("dispute", "chargeback", "9.00", "-9.00"),
        ("adjustment", "adjustment", "9.00", "-9.00"),
        ("holdback", "adjustment", "9.00", "-9.00"),
        ("repayment", "adjustment", "-9.00", "-9.00"),
        ("fx_purchase", "adjustment", "9.00", "-9.00"),
        ("fee", "adjustment", "-9.00", "-9.00"),
        ("vat", "adjustment", "-9.00", "-9.00"),
        ("unknown", "adjustment", "9.00", "-9.00"),
        ("loan", "adjustment", "9.00", "-9.00"),
        ("clearing", "memo", "9.00", "-9.00"),
        ("reject", "memo", "9.00", "-9.00"),
        ("debit_for_refunds", "memo", "9.00", "-9.00"),
        ("prefunding", "memo", "9.00", "-9.00"),
        ("prefunding_failure", "memo", "9.00", "-9.00"),
        ("SETTLEMENT", "funding", "9.00", "-9.00"),
    ] {
        assert_eq!(of(word, "9.00"), format!("{kind} {plus}"), "{word}");
        assert_eq!(of(word, "-9.00"), format!("{kind} {minus}"), "{word}");
    }
}

#[test]
fn a_net_that_contradicts_its_parts_is_what_is_paid() {
    // The sample of AMEX: −47.0 −2.5 −0.2 is −49.7, and −44.5 is written.
    let line = only_line(&[
        ("Type", "chargeback"),
        ("Settlement Gross Amount", "-47.0"),
        ("Settlement Net Amount", "-44.5"),
        ("Commission", "-2.5"),
        ("VAT", "-0.2"),
    ]);
    assert_eq!(line.brief(), "chargeback A-1 -47.00 -2.50");
    assert_eq!(line.contradiction, "-49.70 -44.50");
    // Without VAT the parts are not all written.
    let line = only_line(&[("Settlement Net Amount", "98.00"), ("Commission", "-1.50")]);
    assert_eq!(
        (line.fee.as_str(), line.contradiction.as_str()),
        ("2.00", "")
    );
}

#[test]
fn the_detail_of_the_commission_is_not_added_to_it() {
    let line = only_line(&[
        ("Commission", "-0.72"),
        ("Acquirer Service Fee", "-0.06"),
        ("Scheme Fee", "-0.15"),
        ("Interchange Fee", "-0.51"),
        ("VAT", "-0.14"),
    ]);
    assert_eq!(line.fee, "0.86");
}

#[test]
fn a_net_goes_the_way_that_its_refund_goes() {
    let line = only_line(&[
        ("Type", "refund"),
        ("Settlement Gross Amount", "10.0"),
        ("Settlement Net Amount", "9.5"),
    ]);
    assert_eq!(line.brief(), "cancellation A-1 -10.00 -0.50");
}

#[test]
fn an_order_in_another_currency_is_compared_with_its_own_amount() {
    let line = only_line(&[
        ("Type", "refund"),
        ("Transaction Currency", "USD"),
        ("Transaction Amount", "110.00"),
    ]);
    assert_eq!(line.brief(), "cancellation A-1 -100.00 0.00");
    assert_eq!(line.order_amount, "-110.00 USD");
    assert_eq!(
        only_line(&[("Transaction Amount", "110.00")]).order_amount,
        ""
    );
}

#[test]
fn references_have_a_second_choice() {
    let line = only_line(&[("Merchant Reference", ""), ("PP Settlement Batch Id", " ")]);
    assert_eq!(line.order_reference, "ord_1");
    assert_eq!(line.payout_reference, "file1");
    assert_eq!(
        only_line(&[("Merchant Reference", " CMDE|A-7")]).order_reference,
        "A-7"
    );
}

#[test]
fn a_file_is_dated_by_its_latest_settlement() {
    let lines = [
        record(&[]),
        record(&[("Settlement Date", "09112026")]),
        record(&[("Settlement Date", "01112026")]),
        record(&[("Type", "reject"), ("Settlement Date", "")]),
    ];
    let found = read(&lines.join("\n"));
    assert_eq!(found.file.report_date.unwrap().to_string(), "2026-11-09");
    let days: Vec<&str> = found.lines.iter().map(|l| l.report_date.as_str()).collect();
    assert_eq!(
        days,
        ["2026-11-04", "2026-11-09", "2026-11-01", "2026-11-09"]
    );
}

#[test]
fn a_report_is_read_however_it_was_saved() {
    let expected = read(CARDS).lines;
    let lines = |content: &[u8]| read_content(content).unwrap().lines;
    assert_eq!(lines(CARDS.replace('\n', "\r\n").as_bytes()), expected);
    assert_eq!(lines(CARDS.replace(',', ";").as_bytes()), expected);
    assert_eq!(lines(CARDS.replace(',', " , ").as_bytes()), expected);
    assert_eq!(lines(format!("\u{feff}{CARDS}").as_bytes()), expected);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(CARDS.as_bytes()).unwrap();
    assert_eq!(lines(&gzip.finish().unwrap()), expected);
    let titles: Vec<&str> = FIELDS.iter().map(|(_, title)| *title).collect();
    let with_header = lines(format!("{}\n{CARDS}", titles.join(",")).as_bytes());
    assert_eq!(with_header[0].brief(), expected[0].brief());
    assert_eq!(with_header[0].row, 2);
}

#[test]
fn a_workbook_without_a_header_is_read_too() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(CARDS.lines()) {
        for (column, value) in (0..).zip(line.split(',')) {
            // What a spreadsheet program makes of it: dates lose their leading zero.
            match value.parse::<u32>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, value).unwrap(),
            };
        }
    }
    let found = read_content(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(found.lines, read(CARDS).lines);
}
