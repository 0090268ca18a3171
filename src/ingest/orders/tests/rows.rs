//! What each value of an order is made of.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::{Kind, MANDATORY, lines_of, mandatory, orders, read_bytes};
use crate::ingest::profile::ProfileDefinition;

#[test]
fn every_value_of_an_order_comes_from_its_column() {
    let content = "order_reference,provider,merchant,amount,confirmed_amount,currency,status,\
                   ordered_at,confirmed_at,cancelled_amount,cancelled_at,transaction_id,product,\
                   updated_at\n\
                   WEB-1,oney,shop,200.00,180.00,EUR,FUNDED,2026-11-01,2026-11-03,20.00,\
                   2026-11-05,T-1,3X,2026-11-05T10:00:00+01:00\n";
    assert_eq!(
        lines_of(orders(content)),
        [
            "2: oney/WEB-1 200.00 EUR FUNDED 2026-11-01, merchant shop, confirmed 180.00, \
             confirmed on 2026-11-03, cancelled 20.00, cancelled on 2026-11-05, \
             updated 2026-11-05 09:00:00, transaction T-1, product 3X"
        ]
    );
}

#[test]
fn the_mandatory_columns_are_enough() {
    assert_eq!(
        lines_of(orders(&mandatory("WEB-1,oney,200,EUR,FUNDED,2026-11-01\n"))),
        ["2: oney/WEB-1 200.00 EUR FUNDED 2026-11-01"]
    );
}

#[test]
fn references_and_known_providers_are_normalised_other_providers_stand_as_written() {
    let content = mandatory(
        " CMDE|WEB-1 ,ONEY,1,eur,FUNDED,2026-11-01\n\
         WEB-2,E-Financing,1,EUR,FUNDED,2026-11-01\n\
         WEB-3,Alma,1,EUR,FUNDED,2026-11-01\n",
    );
    assert_eq!(
        lines_of(orders(&content)),
        [
            "2: oney/WEB-1 1.00 EUR FUNDED 2026-11-01",
            "3: e-financing/WEB-2 1.00 EUR FUNDED 2026-11-01",
            "4: Alma/WEB-3 1.00 EUR FUNDED 2026-11-01"
        ]
    );
}

#[test]
fn a_status_is_canonical_or_the_word_of_its_provider() {
    for (written, canonical) in [
        ("funded", "FUNDED"),
        ("ACCEPTED", "FUNDED"),
        ("TO_BE_FUNDED", "FAVORABLE"),
        ("appointed", "FAVORABLE"),
        ("INITIALIZED", "PENDING"),
        ("REQUESTED", "PENDING"),
        ("PRE_ACCEPTED", "PENDING"),
        ("CANCELLED", "CANCELLED"),
        ("REJECTED", "REFUSED"),
        ("failed", "REFUSED"),
        ("ABORTED", "ABORTED"),
    ] {
        let rows = format!("WEB-1,oney,1.00,EUR,{written},2026-11-01\n");
        assert_eq!(
            lines_of(orders(&mandatory(&rows))),
            [format!("2: oney/WEB-1 1.00 EUR {canonical} 2026-11-01")]
        );
    }
}

#[test]
fn a_time_is_converted_to_the_zone_before_its_day_is_taken() {
    for (written, day) in [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T18:03:00+01:00", "2026-11-20"),
        // Half past midnight in Paris.
        ("2026-11-20T23:30:00Z", "2026-11-21"),
        ("2026-11-20T23:30:00", "2026-11-20"),
        // 22:30 UTC is half past midnight in summer.
        ("2026-07-20T22:30:00Z", "2026-07-21"),
        ("2026-11-20T00:30:00+09:00", "2026-11-19"),
    ] {
        let rows = format!("WEB-1,oney,1.00,EUR,FUNDED,{written}\n");
        assert_eq!(
            lines_of(orders(&mandatory(&rows))),
            [format!("2: oney/WEB-1 1.00 EUR FUNDED {day}")],
            "{written}"
        );
    }
}

#[test]
fn the_second_row_of_an_order_is_taken_when_it_tells_which_is_later() {
    let content = format!(
        "{MANDATORY},updated_at\n\
         WEB-1,oney,200.00,EUR,FUNDED,2026-11-01,2026-11-02T10:00:00Z\n\
         WEB-1,oney,180.00,EUR,FUNDED,2026-11-01,2026-11-02T09:00:00Z\n"
    );
    // The row that loses is an accepted one; matching takes the one updated later.
    assert_eq!(lines_of(orders(&content)).len(), 2);
}

#[test]
fn the_second_row_of_an_order_is_rejected_when_nothing_tells_which_is_later() {
    let twice = "WEB-1,oney,200.00,EUR,FUNDED,2026-11-01\n\
                 WEB-1,payone,200.00,EUR,FUNDED,2026-11-01\n\
                 CMDE|WEB-1,ONEY,180.00,EUR,FUNDED,2026-11-01\n";
    let (counts, notes) = orders(&mandatory(twice)).unwrap();
    // The order of another provider is another order.
    assert_eq!((counts.rows, counts.accepted, counts.rejected), (3, 2, 1));
    let row = &notes.rejected[0];
    assert_eq!(
        (row.line, row.column.as_str(), row.value.as_str()),
        (4, "order_reference", "WEB-1")
    );
    for words in ["line 2", "line 4", "updated_at", "export each order once"] {
        assert!(row.reason.contains(words), "«{words}» in «{}»", row.reason);
    }
    let same_time = format!(
        "{MANDATORY},updated_at\n\
         WEB-1,oney,200.00,EUR,FUNDED,2026-11-01,2026-11-02T10:00:00Z\n\
         WEB-1,oney,180.00,EUR,FUNDED,2026-11-01,2026-11-02T11:00:00+01:00\n"
    );
    assert_eq!(orders(&same_time).unwrap().0.rejected, 1);
    // The third row is compared with the latest of those before it, not with the last one.
    let third = format!(
        "{MANDATORY},updated_at\n\
         WEB-1,oney,200.00,EUR,FUNDED,2026-11-01,2026-11-02T12:00:00Z\n\
         WEB-1,oney,190.00,EUR,FUNDED,2026-11-01,2026-11-02T09:00:00Z\n\
         WEB-1,oney,180.00,EUR,FUNDED,2026-11-01,2026-11-02T12:00:00Z\n"
    );
    let (_, notes) = orders(&third).unwrap();
    assert_eq!(notes.rejected.len(), 1);
    assert!(notes.rejected[0].reason.contains("line 2 and on line 4"));
}

#[test]
fn orders_come_as_objects_one_a_line() {
    let content = r#"{"order_reference":"WEB-1","provider":"oney","amount":200.10,"currency":"EUR","status":"FUNDED","ordered_at":"2026-11-01","extra":true}

{"ordered_at":"2026-11-02","Order-Reference":"WEB-2","provider":"oney","amount":"1.234,50","currency":"EUR","status":"FUNDED","product":null}
{"order_reference":"WEB-3","provider":"oney","amount":1.005,"currency":"EUR","status":"FUNDED","ordered_at":"2026-11-01"}
{"order_reference":
"#;
    let (counts, notes) = orders(content).unwrap();
    assert_eq!(
        notes.lines,
        [
            "1: oney/WEB-1 200.10 EUR FUNDED 2026-11-01",
            "3: oney/WEB-2 1234.50 EUR FUNDED 2026-11-02"
        ]
    );
    assert_eq!((counts.rows, counts.rejected), (4, 2));
    // A number is exact, whatever it looks like to a program that computes with it.
    assert_eq!(
        (notes.rejected[0].line, notes.rejected[0].value.as_str()),
        (4, "1.005")
    );
    assert_eq!(notes.rejected[1].line, 5);
    assert!(notes.rejected[1].reason.contains("no JSON object"));
}

#[test]
fn orders_come_as_a_workbook_with_typed_values() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0_u16..).zip(MANDATORY.split(',')) {
        sheet.write_string(0, column, name).unwrap();
    }
    // The reference is a number, the amount too, the day a date with a time.
    sheet.write_number(1, 0, 1042).unwrap();
    sheet.write_string(1, 1, "oney").unwrap();
    sheet.write_number(1, 2, 199.9).unwrap();
    sheet.write_string(1, 3, "EUR").unwrap();
    sheet.write_string(1, 4, "FUNDED").unwrap();
    let time = ExcelDateTime::from_ymd(2026, 11, 1)
        .unwrap()
        .and_hms(18, 3, 0)
        .unwrap();
    let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write_with_format(1, 5, &time, &format).unwrap();
    let content = book.save_to_buffer().unwrap();
    assert_eq!(
        lines_of(read_bytes(Kind::Orders, &content, None)),
        ["2: oney/1042 199.90 EUR FUNDED 2026-11-01"]
    );
}

#[test]
fn a_profile_renames_columns_and_fixes_what_the_file_lacks() {
    let ours = ProfileDefinition {
        name: "ours".to_owned(),
        extends: Some("orders".to_owned()),
        dates: vec!["%d.%m.%Y".to_owned()],
        columns: [
            (
                "order_reference".to_owned(),
                vec!["Bestellnummer".to_owned()],
            ),
            ("amount".to_owned(), vec!["Betrag".to_owned()]),
        ]
        .into(),
        fixed: [
            ("provider".to_owned(), "oney".to_owned()),
            ("currency".to_owned(), "EUR".to_owned()),
        ]
        .into(),
        ..ProfileDefinition::default()
    };
    let content = "Bestellnummer;Betrag;status;ordered_at\nWEB-1;200,50;FUNDED;01.11.2026\n";
    assert_eq!(
        lines_of(read_bytes(Kind::Orders, content.as_bytes(), Some(ours))),
        ["2: oney/WEB-1 200.50 EUR FUNDED 2026-11-01"]
    );
}
