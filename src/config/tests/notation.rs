//! How a profile says that a settlement layout is written.

use super::*;
use crate::ingest::profile::{AmountUnit, FeeSign, Profile, Signs};

fn profile(rest: &str) -> String {
    format!("[[profile]]\nname = \"theirs\"\nextends = \"settlement\"\n{rest}\n")
}

#[test]
fn every_key_of_a_settlement_layout_is_read() {
    let text = profile(
        "amount_unit = \"minor\"\nsigns = \"reversed\"\nfee_sign = \"effect\"\ntimezone = \"UTC\"\n\
         skip_rows = ['^Total']\nfile_name = '_(?<report_date>[0-9]{8})'\n\
         [profile.values.kind]\nfunding = [\"Retail\", \"T0006\"]\nmemo = \"Payout\"\n\
         [profile.values.Currency]\nEUR = \"978\"",
    );
    let notation = &read(&text).profiles[0].notation;
    assert_eq!(notation.amount_unit, Some(AmountUnit::Minor));
    assert_eq!(notation.signs, Some(Signs::Reversed));
    assert_eq!(notation.fee_sign, Some(FeeSign::Effect));
    assert_eq!(notation.timezone, Some(Tz::UTC));
    assert_eq!(notation.skip_rows, ["^Total"]);
    assert_eq!(notation.values["kind"]["funding"], ["Retail", "T0006"]);
    assert_eq!(notation.values["kind"]["memo"], ["Payout"]);
    assert_eq!(notation.values["currency"]["EUR"], ["978"]);
}

#[test]
fn a_profile_inherits_the_words_that_it_does_not_change() {
    let text = profile(
        "signs = \"written\"\n[profile.values.kind]\nfunding = [\"A\"]\nmemo = [\"B\"]",
    ) + "[[profile]]\nname = \"ours\"\nextends = \"theirs\"\n[profile.values.kind]\nmemo = [\"C\"]\n";
    let profiles = read(&text).profiles;
    let ours = Profile::resolve("ours", &profiles).unwrap().notation;
    assert_eq!(ours.signs, Some(Signs::Written));
    assert_eq!(ours.values["kind"]["funding"], ["A"]);
    assert_eq!(ours.values["kind"]["memo"], ["C"]);
}

#[test]
fn what_cannot_be_meant_is_refused_and_the_nearest_meaning_is_named() {
    for (rest, part) in [
        ("amount_unit = \"cents\"", "expected one of major, minor"),
        (
            "signs = \"both\"",
            "expected one of by-kind, written, reversed",
        ),
        (
            "fee_sign = \"plus\"",
            "expected one of cost, effect, absolute, like-gross",
        ),
        (
            "timezone = \"Europe/Pariss\"",
            "did you mean \"Europe/Paris\"?",
        ),
        ("skip_rows = \"^Total\"", "expected a list"),
        ("skip_rows = ['(']", "a regular expression"),
        ("skip_rows = ['x*']", "does not fit every row"),
        ("file_name = '[0-9]{8}'", "named groups"),
        ("file_name = '('", "named groups"),
        (
            "file_name = '(?<report_day>[0-9]{8})'",
            "did you mean \"report_date\"?",
        ),
        (
            "[profile.values.type]\nfunding = [\"A\"]",
            "only kind, direction, currency have",
        ),
        (
            "[profile.values.kind]\nrefund = [\"A\"]",
            "`refund` in [profile.values.kind] is none of funding, cancellation",
        ),
        (
            "[profile.values.kind]\nfunding = [\"A\"]\nmemo = [\"a\"]",
            "means something else already",
        ),
        (
            "[profile.values.kind]\nfunding = [\"charge-back\"]\nchargeback = [\"Charge back\"]",
            "means something else already",
        ),
        ("header_within = 0", "a whole number from 1 to 10000"),
        ("[profile.values.kind]\nfunding = []", "empty list"),
        ("[profile.columns]\nfees = [\"A\"]", "did you mean `fee`?"),
    ] {
        let error = refused(&profile(rest));
        assert!(error.contains(part), "{rest}\n{error}");
    }
}

#[test]
fn the_keys_are_for_settlement_layouts_only() {
    let text = "[[profile]]\nname = \"bank\"\nextends = \"bank-csv\"\nsigns = \"written\"\n";
    assert_eq!(
        refused(text),
        "line 4: `signs` in [[profile]] is for settlement layouts, and this profile extends \
         \"bank-csv\"; remove it, or extend \"settlement\""
    );
    for root in ["settlement", "payone-pmi-de", "payone-pmi-en"] {
        read(&format!(
            "[[profile]]\nname = \"ours\"\nextends = {root:?}\nsigns = \"written\"\n\
             [profile.columns]\npayout_reference = \"Payout\"\n"
        ));
    }
}

#[test]
fn every_kind_lets_the_words_of_its_columns_be_told_and_its_rows_be_passed_over() {
    for (root, values) in [
        ("bank-csv", "direction]\ncredit = [\"A\"]\ndebit = [\"C\"]"),
        (
            "bank-csv-us",
            "status]\nbooked = [\"fait\"]\npending = [\"*\"]",
        ),
        ("orders", "status]\nFUNDED = [\"Payée\", \"completed\"]"),
        ("orders", "provider]\noney = \"Oney 3x 4x\""),
        ("order-events", "type]\nrefund = [\"Rückzahlung\"]"),
        ("oney-crp-v3", "PR_Type]\nFIN = [\"Financement\"]"),
        ("oney-crp-v2", "is_cancel]\nY = [\"Oui\"]"),
        ("payone-status", "txaction]\npaid = [\"bezahlt\"]"),
        ("unified-settlement", "type]\nrefund = [\"REF\"]"),
        ("payone-pmi-de", "kind]\nfee = [\"Gebühr\"]"),
    ] {
        let text = format!(
            "[[profile]]\nname = \"ours\"\nextends = {root:?}\nskip_rows = ['^Total']\n\
             header_within = 80\n[profile.values.{values}\n"
        );
        let notation = &read(&text).profiles[0].notation;
        assert_eq!(notation.header_within, Some(80));
        assert_eq!(notation.values.len(), 1, "{root}");
    }
    let bank = "[[profile]]\nname = \"bank\"\nextends = \"bank-csv\"\n";
    let error = refused(&format!("{bank}[profile.values.kind]\nfunding = [\"A\"]\n"));
    assert!(
        error.contains("only direction, status, currency have"),
        "{error}"
    );
    let error = refused(&format!("{bank}[profile.values.status]\nbook = [\"A\"]\n"));
    assert!(error.contains("is none of booked, pending"), "{error}");
}
