//! What a row says under one profile or another.

use super::notes::Noted;
use super::*;
use crate::domain::file::InputKind;
use crate::ingest::profile::{AmountUnit, FeeSign, Signs};

#[test]
fn the_canonical_columns_need_no_profile() {
    let content = table(&[
        "Sale,A-1,100.00,1.50,98.50,EUR,P-1,2026-11-04",
        "refund,A-2,40.00,,,EUR,P-1,05/11/2026",
        "Payout,,138.50,,,EUR,P-1,2026-11-05",
        "Chargeback reversed,A-3,12.00,,,EUR,P-2,2026-11-06",
        "Fee,,5.00,,,EUR,P-2,2026-11-06",
    ]);
    let found = read(&content, &profile(|_| {}));
    assert_eq!(
        found.brief(),
        [
            "funding A-1 100.00 1.50",
            "cancellation A-2 -40.00 0.00",
            "memo  138.50 0.00",
            "chargeback A-3 12.00 0.00",
            "adjustment  -5.00 0.00",
        ]
    );
    assert_eq!(
        found.payouts,
        [("P-1".into(), 5850), ("P-2".into(), 700)].into()
    );
    assert_eq!(
        found.file.report_date.unwrap().to_string(),
        "2026-11-06",
        "the latest day of the lines"
    );
    assert_eq!(found.lines[1].report_date, "2026-11-05");
}

#[test]
fn columns_for_debit_and_credit_say_which_way_money_goes() {
    let theirs = profile(|p| {
        column(p, "gross_debit", &["Soll"]);
        column(p, "gross_credit", &["Haben"]);
        column(p, "currency", &["Währung"]);
        column(p, "order_reference", &["Auftrag"]);
        column(p, "report_date", &["Tag"]);
        kind(p, "cancellation", &["Erstattung"]);
        column(p, "kind", &["Art"]);
    });
    let content = "Auftrag;Art;Soll;Haben;Währung;Tag\n\
                   A-1;sale;;100,00;EUR;04.11.2026\n\
                   A-1;Erstattung;40,00;0,00;EUR;04.11.2026\n\
                   A-2;Erstattung;;7,00;EUR;04.11.2026\n";
    assert_eq!(
        read(content, &theirs).brief(),
        [
            "funding A-1 100.00 0.00",
            "cancellation A-1 -40.00 0.00",
            "cancellation A-2 7.00 0.00",
        ]
    );
    let both = "Auftrag;Art;Soll;Haben;Währung;Tag\nA-1;sale;1,00;1,00;EUR;04.11.2026\n";
    assert_eq!(
        read(both, &theirs).complaints(),
        ["2: Soll «1,00» and the credit are both filled"]
    );
}

#[test]
fn a_direction_gives_unsigned_amounts_their_sign() {
    let theirs = profile(|p| column(p, "direction", &["C/D"]));
    let content = "order_reference,kind,C/D,gross,net,currency,report_date\n\
                   A-1,sale,C,100.00,98.50,EUR,2026-11-04\n\
                   A-1,refund,D,40.00,41.00,EUR,2026-11-04\n\
                   A-2,refund,X,40.00,41.00,EUR,2026-11-04\n";
    let found = read(content, &theirs);
    assert_eq!(
        found.brief(),
        ["funding A-1 100.00 1.50", "cancellation A-1 -40.00 1.00"]
    );
    assert_eq!(
        found.complaints(),
        ["4: C/D «X» is not one of credit, c, cr, +, debit, d, dr, -"]
    );
}

#[test]
fn several_columns_of_fees_add_up_and_vat_with_them() {
    let theirs = profile(|p| {
        column(p, "fee", &["Commission", "Scheme fees", "Interchange"]);
        column(p, "vat", &["VAT"]);
        column(p, "net", &["Net"]);
    });
    let header = "order_reference,kind,gross,Fee,Commission,Scheme fees,Interchange,VAT,Net,\
                  currency,report_date\n";
    let content = format!(
        "{header}A-1,sale,100.00,9.99,1.00,0.20,0.30,0.30,98.20,EUR,2026-11-04\n\
         A-2,sale,50.00,9.99,,,,,,EUR,2026-11-04\n"
    );
    let found = read(&content, &theirs);
    assert_eq!(
        found.brief(),
        ["funding A-1 100.00 1.80", "funding A-2 50.00 0.00"],
        "the listed columns only, not one that is called like the canonical one"
    );
    assert_eq!(found.lines[0].contradiction, "");
}

#[test]
fn a_net_that_contradicts_its_parts_is_what_is_paid() {
    let content = table(&["Sale,A-1,100.00,1.50,97.00,EUR,P-1,2026-11-04"]);
    let found = read(&content, &profile(|_| {}));
    assert_eq!(found.brief(), ["funding A-1 100.00 3.00"]);
    assert_eq!(found.lines[0].contradiction, "98.50 97.00");
}

#[test]
fn a_fee_with_a_minus_needs_a_net_or_a_word_of_the_profile() {
    let content = table(&["Sale,A-1,100.00,-1.50,,EUR,P-1,2026-11-04"]);
    let found = read(&content, &profile(|_| {}));
    assert!(found.complaints()[0].starts_with("2: fee «-1.50» has a minus"));
    assert!(found.rejected[0].reason.contains("fee_sign"));
    let effect = profile(|p| p.notation.fee_sign = Some(FeeSign::Effect));
    assert_eq!(read(&content, &effect).brief(), ["funding A-1 100.00 1.50"]);
}

#[test]
fn cents_are_whole_numbers() {
    let theirs = profile(|p| p.notation.amount_unit = Some(AmountUnit::Minor));
    let content = table(&[
        "Sale,A-1,10050,150,,EUR,P-1,2026-11-04",
        "Sale,A-2,500,,,JPY,P-1,2026-11-04",
        "Sale,A-3,100.50,,,EUR,P-1,2026-11-04",
        "Sale,A-4,9999999999999999,,,EUR,P-1,2026-11-04",
    ]);
    let found = read(&content, &theirs);
    assert_eq!(
        found.brief(),
        ["funding A-1 100.50 1.50", "funding A-2 500 0"]
    );
    assert_eq!(
        found.complaints(),
        [
            "4: gross «100.50» is not a whole number of the smallest unit (amount_unit is minor)",
            "5: gross «9999999999999999» is beyond ±10^15 minor units",
        ]
    );
}

#[test]
fn signs_may_be_written_from_either_side() {
    let content = table(&[
        "Sale,A-1,-100.00,,-98.50,EUR,P-1,2026-11-04",
        "Refund,A-1,40.00,,40.00,EUR,P-1,2026-11-04",
    ]);
    let reversed = profile(|p| p.notation.signs = Some(Signs::Reversed));
    assert_eq!(
        read(&content, &reversed).brief(),
        ["funding A-1 100.00 1.50", "cancellation A-1 -40.00 0.00"]
    );
    let written = profile(|p| p.notation.signs = Some(Signs::Written));
    assert_eq!(
        read(&content, &written).brief(),
        ["funding A-1 -100.00 -1.50", "cancellation A-1 40.00 0.00"]
    );
}

#[test]
fn without_a_kind_the_sign_and_the_order_tell_what_a_row_does() {
    let content = "order_reference,gross,currency,report_date\n\
                   A-1,100.00,EUR,2026-11-04\nA-1,-40.00,EUR,2026-11-04\n,-5.00,EUR,2026-11-04\n";
    assert_eq!(
        read(content, &profile(|_| {})).brief(),
        [
            "funding A-1 100.00 0.00",
            "cancellation A-1 -40.00 0.00",
            "adjustment  -5.00 0.00",
        ]
    );
}

#[test]
fn an_order_in_another_currency_keeps_its_own_amount() {
    let theirs = profile(|p| {
        column(p, "currency", &["Net Currency"]);
        column(p, "order_currency", &["Gross Currency"]);
        column(p, "order_credit", &["Gross Credit"]);
        column(p, "order_debit", &["Gross Debit"]);
        column(p, "net_credit", &["Net Credit"]);
        column(p, "net_debit", &["Net Debit"]);
        column(p, "fee", &["Commission"]);
    });
    let content = "order_reference,kind,Gross Currency,Gross Debit,Gross Credit,Net Currency,\
                   Net Debit,Net Credit,Commission,report_date\n\
                   A-1,Settled,GBP,,100.00,EUR,,115.00,2.00,2026-11-04\n\
                   A-2,Settled,EUR,,20.00,EUR,,19.60,0.40,2026-11-04\n\
                   A-1,Refunded,GBP,10.00,,EUR,11.70,,,2026-11-04\n";
    let found = read(content, &theirs);
    assert_eq!(
        found.brief(),
        [
            "funding A-1 117.00 2.00",
            "funding A-2 20.00 0.40",
            "cancellation A-1 -11.70 0.00",
        ]
    );
    let orders: Vec<&str> = found
        .lines
        .iter()
        .map(|l| l.order_amount.as_str())
        .collect();
    assert_eq!(orders, ["100.00 GBP", "", "-10.00 GBP"]);
}

#[test]
fn the_day_comes_from_the_line_the_payout_the_event_or_the_name() {
    let theirs = profile(|p| {
        p.notation.file_name =
            Some("^set_(?<payout_reference>[A-Z0-9]+)_(?<report_date>[0-9]{8})".to_owned());
    });
    let content = "order_reference,gross,currency,event_time,payout_date\n\
                   A-1,1.00,EUR,2026-11-01,2026-11-03\nA-2,1.00,EUR,2026-11-02,\n";
    let days = |name: &str| -> Vec<(String, String)> {
        let found = read_named(name, content, &theirs).unwrap();
        let pair = |line: Noted| (line.report_date, line.payout_reference);
        found.lines.into_iter().map(pair).collect()
    };
    let pair = |day: &str, payout: &str| (day.to_owned(), payout.to_owned());
    assert_eq!(
        days("set_PX77_20261104.csv"),
        [pair("2026-11-04", "PX77"), pair("2026-11-04", "PX77")]
    );
    assert_eq!(
        days("other.csv"),
        [pair("2026-11-03", ""), pair("2026-11-02", "")]
    );
}

#[test]
fn times_of_another_zone_become_local_days() {
    let theirs = profile(|p| {
        p.notation.timezone = Some(chrono_tz::UTC);
        p.dates = vec!["%Y-%m-%d %H:%M:%S".to_owned(), "%Y-%m-%d".to_owned()];
    });
    let content = "order_reference,gross,currency,event_time,report_date,event_hour\n\
                   A-1,1.00,EUR,2026-11-04 23:30:00,2026-11-04 23:30:00,\n\
                   A-2,1.00,EUR,2026-11-04,2026-11-04,10:11:12\n";
    let found = read(content, &theirs);
    assert_eq!(found.lines[0].event_time, "2026-11-05 00:30:00");
    assert_eq!(found.lines[0].report_date, "2026-11-05");
    assert_eq!(found.lines[1].event_time, "2026-11-04 10:11:12");
    assert_eq!(found.lines[1].report_date, "2026-11-04");
}

#[test]
fn the_first_column_that_is_filled_counts() {
    let theirs = profile(|p| {
        column(p, "order_reference", &["Merchant reference", "Order"]);
        p.fixed.insert("currency".into(), "EUR".into());
        p.fixed.insert("merchant".into(), "shop-1".into());
    });
    let content = "Order,Merchant reference,gross,report_date\n\
                   X-1,CMDE|A-1,1.00,2026-11-04\nX-2, ,1.00,2026-11-04\n";
    let found = read(content, &theirs);
    let orders: Vec<&str> = found
        .lines
        .iter()
        .map(|l| l.order_reference.as_str())
        .collect();
    assert_eq!(orders, ["A-1", "X-2"]);
    assert_eq!(found.lines[0].merchant, "shop-1");
}

#[test]
fn objects_are_rows_too() {
    let content = "{\"order_reference\":\"A-1\",\"kind\":\"charge\",\"gross\":12.5,\
                   \"currency\":\"eur\",\"report_date\":\"2026-11-04\"}\n";
    assert_eq!(
        read(content, &profile(|_| {})).brief(),
        ["funding A-1 12.50 0.00"]
    );
}

#[test]
fn a_profile_that_extends_nothing_has_the_canonical_columns_too() {
    let bare = ProfileDefinition {
        name: "theirs".to_owned(),
        ..ProfileDefinition::default()
    };
    let bare = Profile::resolve_for(InputKind::Settlement, "theirs", &[bare]).unwrap();
    let content = table(&["Sale,A-1,100.00,1.50,98.50,EUR,P-1,2026-11-04"]);
    assert_eq!(read(&content, &bare).brief(), ["funding A-1 100.00 1.50"]);
}

#[test]
fn a_word_with_a_new_meaning_loses_the_one_it_had() {
    let base = profile(|p| kind(p, "memo", &["Hold", "Release"])).notation;
    let mut change = base.clone();
    change.values.clear();
    let words = vec!["HOLD".to_owned()];
    let adjustment = [("adjustment".to_owned(), words)].into();
    change.values.insert("kind".to_owned(), adjustment);
    let kinds = &base.changed_by(&change).values["kind"];
    assert_eq!(kinds["adjustment"], ["HOLD"]);
    assert_eq!(kinds["memo"], ["Release"]);
}
