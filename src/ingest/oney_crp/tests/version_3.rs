//! Version 3: what each canonical value of a line is made of.

use super::{
    Noted, PLAIN, amounts, cancelling_with, only_line, plain_with, read_bytes, read_text, report,
    table, without,
};
use crate::ingest::profile::ProfileDefinition;

#[test]
fn every_value_of_a_line_comes_from_its_column() {
    let line = plain_with(&[]);
    let expected = Noted {
        row: 2,
        kind: "funding",
        part: "",
        order_reference: "WEB-1".to_owned(),
        merchant: "M-1".to_owned(),
        transaction_id: "T-1".to_owned(),
        event_time: "2026-11-05 10:11:12".to_owned(),
        currency: "EUR".to_owned(),
        gross: "200.00".to_owned(),
        fee: "3.60".to_owned(),
        net: "196.40".to_owned(),
        payout_reference: "TR-1".to_owned(),
        report_date: "2026-11-06".to_owned(),
        product: "3X".to_owned(),
        instalments: Some(3),
        contradiction: None,
    };
    assert_eq!(line, expected);
}

#[test]
fn type_and_cancellation_make_the_kind() {
    let kind = |pr_type, is_cancel, reference| {
        plain_with(&[
            ("PR_Type", pr_type),
            ("IS_cancel", is_cancel),
            ("Cancel_date", "06/11/2026"),
            ("External_reference", reference),
        ])
        .kind
    };
    for pr_type in ["FIN", "CA", "fin", "REG"] {
        assert_eq!(kind(pr_type, "N", "WEB-1"), "funding", "{pr_type}");
        assert_eq!(kind(pr_type, "Y", "WEB-1"), "cancellation", "{pr_type}");
    }
    assert_eq!(kind("REG", "N", ""), "adjustment");
    assert_eq!(kind("REG", "Y", " "), "adjustment");
    // Without a reference a funding stays one: leg 1 says that its reference is missing.
    assert_eq!(kind("FIN", "N", ""), "funding");
}

#[test]
fn a_reference_is_trimmed_and_loses_its_marker() {
    let reference = |written| plain_with(&[("External_reference", written)]).order_reference;
    assert_eq!(reference("  WEB-1 "), "WEB-1");
    assert_eq!(reference("CMDE|WEB-1"), "WEB-1");
    assert_eq!(reference(" CMDE| WEB-1"), "WEB-1");
    // Nothing else is guessed.
    assert_eq!(reference("cmde|WEB-1"), "cmde|WEB-1");
    assert_eq!(reference("000WEB-1"), "000WEB-1");
}

#[test]
fn the_funding_reference_stands_in_for_a_missing_transaction_number() {
    assert_eq!(
        plain_with(&[("Transaction_number", "")]).transaction_id,
        "F-1"
    );
    let absent = table(&without(&PLAIN, &["Transaction_number"]), &[&[]]);
    assert_eq!(only_line(&absent).transaction_id, "F-1");
}

#[test]
fn the_time_is_that_of_the_purchase_or_of_the_cancellation() {
    assert_eq!(plain_with(&[]).event_time, "2026-11-05 10:11:12");
    assert_eq!(cancelling_with(&[]).event_time, "2026-11-06 09:00:00");
    assert_eq!(
        plain_with(&[("Purchase_date", "05/11/26"), ("Purchase_hour", "")]).event_time,
        "2026-11-05 00:00:00"
    );
    assert_eq!(
        cancelling_with(&[("Cancel_hour", "23:59")]).event_time,
        "2026-11-06 23:59:00"
    );
}

#[test]
fn a_cancellation_is_negative_whatever_sign_is_written() {
    for written in ["200.00", "-200.00"] {
        let line = cancelling_with(&[
            ("Transaction_amount", written),
            ("Commission_amount", "-3.60"),
        ]);
        // −200.00 − (−3.60)
        assert_eq!(amounts(&line), ["-200.00", "-3.60", "-196.40"]);
        assert_eq!(line.contradiction, None);
    }
}

#[test]
fn only_a_correction_may_be_negative_without_cancelling() {
    let correction = plain_with(&[
        ("PR_Type", "REG"),
        ("Transaction_amount", "-10.00"),
        ("Funding_amount", ""),
        ("Commission_amount", ""),
        ("Net_amount", ""),
    ]);
    assert_eq!(correction.kind, "funding");
    assert_eq!(amounts(&correction), ["-10.00", "0.00", "-10.00"]);
    let taken_back = plain_with(&[
        ("PR_Type", "REG"),
        ("IS_cancel", "Y"),
        ("Cancel_date", "06/11/2026"),
        ("Transaction_amount", "10.00"),
        ("Funding_amount", ""),
        ("Commission_amount", ""),
        ("Net_amount", ""),
        ("External_reference", ""),
    ]);
    assert_eq!(taken_back.kind, "adjustment");
    assert_eq!(amounts(&taken_back), ["-10.00", "0.00", "-10.00"]);
}

#[test]
fn a_commission_costs_on_a_funding_and_is_given_back_on_a_cancellation() {
    for written in ["3.60", "-3.60"] {
        let funding = plain_with(&[("Commission_amount", written)]);
        assert_eq!(amounts(&funding), ["200.00", "3.60", "196.40"]);
        let cancellation = cancelling_with(&[("Commission_amount", written)]);
        assert_eq!(amounts(&cancellation), ["-200.00", "-3.60", "-196.40"]);
    }
}

#[test]
fn without_a_commission_the_fee_is_what_the_funding_lacks_of_the_gross() {
    let fee = |funding, cancels: bool| {
        let changes = [
            ("Commission_amount", ""),
            ("Net_amount", ""),
            ("Funding_amount", funding),
        ];
        if cancels {
            cancelling_with(&changes)
        } else {
            plain_with(&changes)
        }
    };
    // Gross mode: the funding is the gross.
    assert_eq!(amounts(&fee("200.00", false)), ["200.00", "0.00", "200.00"]);
    // Net mode: the funding is the net.
    assert_eq!(amounts(&fee("196.40", false)), ["200.00", "3.60", "196.40"]);
    for written in ["196.40", "-196.40"] {
        assert_eq!(
            amounts(&fee(written, true)),
            ["-200.00", "-3.60", "-196.40"]
        );
    }
    // Neither is written.
    assert_eq!(amounts(&fee("", false)), ["200.00", "0.00", "200.00"]);
    let absent = table(
        &without(&PLAIN, &["Commission_amount", "Net_amount", "Transfer_Id"]),
        &[&[]],
    );
    let line = only_line(&absent);
    assert_eq!(amounts(&line), ["200.00", "3.60", "196.40"]);
    assert_eq!(line.payout_reference, "");
}

#[test]
fn a_funding_amount_is_the_gross_or_the_net_by_absolute_value() {
    for right in ["200.00", "196.40", "-196.40", ""] {
        assert_eq!(
            plain_with(&[("Funding_amount", right)]).contradiction,
            None,
            "{right}"
        );
        assert_eq!(
            cancelling_with(&[("Funding_amount", right)]).contradiction,
            None,
            "{right}"
        );
    }
    let both = |expected: &str, actual: &str| Some((expected.to_owned(), actual.to_owned()));
    // 197.00 is nearer to the net of 196.40, 199.00 to the gross of 200.00.
    let near_net = plain_with(&[("Funding_amount", "197.00")]);
    assert_eq!(near_net.contradiction, both("196.40", "197.00"));
    assert_eq!(amounts(&near_net), ["200.00", "3.60", "196.40"]);
    let near_gross = plain_with(&[("Funding_amount", "199.00")]);
    assert_eq!(near_gross.contradiction, both("200.00", "199.00"));
    // With gross's sign on a cancellation.
    let cancels = cancelling_with(&[("Funding_amount", "199.00")]);
    assert_eq!(cancels.contradiction, both("-200.00", "-199.00"));
}

#[test]
fn a_net_amount_is_the_net_and_is_named_before_the_funding_amount() {
    let both = |expected: &str, actual: &str| Some((expected.to_owned(), actual.to_owned()));
    let wrong_net = plain_with(&[("Net_amount", "196.00")]);
    assert_eq!(wrong_net.contradiction, both("196.40", "196.00"));
    assert_eq!(amounts(&wrong_net), ["200.00", "3.60", "196.40"]);
    let both_wrong = plain_with(&[("Net_amount", "196.00"), ("Funding_amount", "199.00")]);
    assert_eq!(both_wrong.contradiction, both("196.40", "196.00"));
    let cancels = cancelling_with(&[("Net_amount", "196.00")]);
    assert_eq!(cancels.contradiction, both("-196.40", "-196.00"));
    assert_eq!(
        cancelling_with(&[("Net_amount", "-196.40")]).contradiction,
        None
    );
}

#[test]
fn a_correction_that_cancels_needs_no_purchase_date() {
    let line = cancelling_with(&[("PR_Type", "REG"), ("Purchase_date", "")]);
    assert_eq!(line.event_time, "2026-11-06 09:00:00");
}

#[test]
fn amounts_have_the_decimals_of_their_currency() {
    let yen = plain_with(&[
        ("Transaction_amount_currency", "jpy"),
        ("Transaction_amount", "20000"),
        ("Funding_amount", "20000"),
        ("Commission_amount", ""),
        ("Net_amount", ""),
    ]);
    assert_eq!(
        (yen.currency.as_str(), yen.gross.as_str()),
        ("JPY", "20000")
    );
}

#[test]
fn columns_are_found_by_name_in_any_order_and_spelling() {
    let spelled = report(&[&[]])
        .replace("PR_Type", "pr type")
        .replace("IS_cancel", "Is-Cancel")
        .replace("Transfer_Id", "TRANSFER_ID")
        .replace("Merchant_guid", "MERCHANT GUID");
    assert_eq!(only_line(&spelled), plain_with(&[]));
    let turned = |line: &str| line.split(',').rev().collect::<Vec<_>>().join(",");
    let turned: Vec<String> = report(&[&[]]).lines().map(turned).collect();
    assert_eq!(only_line(&turned.join("\n")), plain_with(&[]));
}

#[test]
fn delimiters_encodings_and_line_ends_are_recognised() {
    let plain = plain_with(&[]);
    for delimiter in [";", "\t", "|"] {
        assert_eq!(only_line(&report(&[&[]]).replace(',', delimiter)), plain);
    }
    assert_eq!(only_line(&report(&[&[]]).replace('\n', "\r\n")), plain);
    assert_eq!(only_line(&format!("\u{feff}{}", report(&[&[]]))), plain);
    let with_commas = report(&[&[]])
        .replace(',', ";")
        .replace("200.00", "200,00")
        .replace("196.40", "196,40");
    assert_eq!(only_line(&with_commas), plain);
}

#[test]
fn a_profile_names_the_columns_of_another_language() {
    let french = ProfileDefinition {
        name: "our-oney".to_owned(),
        extends: Some("oney-crp-v3".to_owned()),
        columns: [(
            "commission_amount".to_owned(),
            vec!["Montant de la commission".to_owned()],
        )]
        .into(),
        dates: vec!["%Y.%m.%d".to_owned()],
        ..ProfileDefinition::default()
    };
    let content = report(&[&[("Purchase_date", "2026.11.05"), ("Funding_amount", "")]])
        .replace("Commission_amount", "MONTANT DE LA COMMISSION");
    let (_, notes) = read_bytes(content.as_bytes(), &[french]).unwrap();
    assert_eq!(notes.rejected, []);
    assert_eq!(amounts(&notes.lines[0]), ["200.00", "3.60", "196.40"]);
    assert_eq!(notes.lines[0].event_time, "2026-11-05 10:11:12");
}

#[test]
fn lines_keep_the_number_of_their_row_in_the_file() {
    let (counts, notes) = read_text(&report(&[&[], &[("External_reference", "WEB-2")]])).unwrap();
    let rows: Vec<(u32, &str)> = notes
        .lines
        .iter()
        .map(|line| (line.row, line.order_reference.as_str()))
        .collect();
    assert_eq!(rows, [(2, "WEB-1"), (3, "WEB-2")]);
    assert_eq!(counts.accepted, 2);
}
