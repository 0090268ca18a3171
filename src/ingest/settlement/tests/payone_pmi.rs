//! The export of PAYONE's merchant interface, as far as its columns are known.

use super::*;
use crate::ingest::profile::{PAYONE_PMI_DE, PAYONE_PMI_EN};

#[test]
fn the_german_export_shows_payments_and_what_was_given_back() {
    let content = "Account-ID;Zahlungsvorgangsnummer;Händler-Referenz-Nr.;Buchungsdatum;Ereignis;\
                   Betrag;Währung\n\
                   17;987654321;A-1;20261104;Zahlungseinzug;100,00;EUR\n\
                   17;987654321;A-1;20261105;Gutschrift;40,00;EUR\n\
                   17;987654322;A-2;20261105;Rückbelastung;-25,00;EUR\n";
    let found = read(content, &Profile::resolve(PAYONE_PMI_DE, &[]).unwrap());
    assert_eq!(
        found.brief(),
        [
            "funding A-1 100.00 0.00",
            "cancellation A-1 -40.00 0.00",
            "chargeback A-2 -25.00 0.00",
        ]
    );
    assert_eq!(found.lines[0].transaction_id, "987654321");
    assert_eq!(found.lines[0].merchant, "17");
    assert_eq!(found.lines[0].report_date, "2026-11-04");
}

#[test]
fn the_english_export_takes_titles_from_a_profile_where_ours_are_wrong() {
    let theirs = ProfileDefinition {
        name: "ours".to_owned(),
        extends: Some(PAYONE_PMI_EN.to_owned()),
        columns: [("order_reference".to_owned(), vec!["Ref.".to_owned()])].into(),
        ..ProfileDefinition::default()
    };
    let content = "Ref.,Booking date,Event,Amount,Currency\nA-1,20261104,Bank transfer,9.00,EUR\n";
    let resolved = Profile::resolve("ours", std::slice::from_ref(&theirs)).unwrap();
    assert_eq!(read(content, &resolved).brief(), ["funding A-1 9.00 0.00"]);
}
