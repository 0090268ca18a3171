use super::only_entry;
use crate::domain::statement::StatementEntry;

fn of(information: &str) -> StatementEntry {
    only_entry(&format!(":61:261117C1,00NTRFNONREF\n:86:{information}"))
}

#[test]
fn lines_of_free_text_are_joined_by_a_space() {
    let entry = of("VIR SEPA RECU DE ONEY\n  PAYOUT   TFR-5273\n-\nEND");
    assert_eq!(
        entry.remittance,
        "VIR SEPA RECU DE ONEY PAYOUT TFR-5273 - END"
    );
    assert_eq!(
        (entry.counterparty.as_str(), entry.references.len()),
        ("", 0)
    );
}

#[test]
fn numbered_sub_fields_give_name_references_and_remittance() {
    let entry = of(
        "166?00GUTSCHRIFT?100399?20EREF+TRX-0A4A47C3-F846-4729?21-8A1B-5DF620F?22\n\
         MREF+M-1?23CRED+DE98ZZZ09999999999?24SVWZ+Rechnung 4711?25 vom 3.11.\n\
         ?30DRESDEFF508?31DE14508800500194785000?32ONEY BANK GmbH und Co KG Ha?33ndel",
    );
    assert_eq!(
        entry.references,
        ["TRX-0A4A47C3-F846-4729-8A1B-5DF620F", "M-1"]
    );
    assert_eq!(entry.counterparty, "ONEY BANK GmbH und Co KG Handel");
    assert_eq!(entry.remittance, "Rechnung 4711 vom 3.11. GUTSCHRIFT");
}

#[test]
fn keywords_are_found_across_sub_fields_and_with_a_colon() {
    let cut =
        of("835?20Cie., S.C.A.?22EREF+ 12345 PAYPAL?23MREF+ 12AB CRED+ A?24B12 S?25VWZ+ X Y?26Z");
    assert_eq!(cut.references, ["12345 PAYPAL", "12AB"]);
    assert_eq!(cut.remittance, "Cie., S.C.A. 12345 PAYPAL A B12 X Y Z");
    let colon = of("166?20Hello?21EREF: E-1 IBAN: DE1 ABWA: ANN");
    assert_eq!(colon.references, ["E-1"]);
    assert_eq!(colon.remittance, "Hello");
    assert_eq!(colon.counterparty, "ANN");
    let text = of("166?20Hello IBAN: DE1 BIC: X");
    assert_eq!(text.remittance, "Hello IBAN: DE1 BIC: X");
}

#[test]
fn a_reference_ends_with_a_sub_field_that_is_not_full() {
    let entry = of("166?20EREF+E-1?21PAYOUT TFR-5273?22KREF+NOTPROVIDED");
    assert_eq!(entry.references, ["E-1"]);
    assert_eq!(entry.remittance, "E-1 PAYOUT TFR-5273");
}

#[test]
fn the_separator_is_what_follows_the_digits() {
    let entry = of("020~00VE02~20PAYOUT~21TFR-5273~32ONEY~33");
    assert_eq!(entry.remittance, "PAYOUT TFR-5273 VE02");
    assert_eq!(entry.counterparty, "ONEY");
    assert_eq!(
        of("123-45 is no sub-field").remittance,
        "123-45 is no sub-field"
    );
    assert_eq!(of("911 TRANSAKCJA").remittance, "911 TRANSAKCJA");
}

/// A bank that cuts before the 27th character leaves open how much of what follows is the value,
/// and so is what stands behind a value after a blank.
#[test]
fn a_reference_that_is_cut_before_its_sub_field_is_full_stays_in_the_text() {
    let cut = of("166?00GUTSCHRIFT?20EREF+TFR-52?2173?22SVWZ+PAYOUT?32ONEY");
    assert_eq!(cut.references, ["TFR-52"]);
    assert_eq!(cut.remittance, "TFR-52 73 PAYOUT GUTSCHRIFT");
    let behind = of("166?20KREF+A1 TFR-5273?21SVWZ+PAYOUT BIC: GENODEF1PFK TFR-5274");
    assert_eq!(behind.references, ["A1 TFR-5273"]);
    assert_eq!(
        behind.remittance,
        "A1 TFR-5273 PAYOUT BIC: GENODEF1PFK TFR-5274"
    );
    let joined = of("166?20EREF+2026-11-17-ONEY-TFR-52?2173?22SVWZ+PAYOUT EREF: X BIC: Y Z");
    assert_eq!(joined.references, ["2026-11-17-ONEY-TFR-5273", "X"]);
    assert_eq!(joined.remittance, "PAYOUT Y Z");
}

#[test]
fn keys_between_slashes_give_name_references_and_remittance() {
    let entry = of(
        "/TRTP/SEPA OVERBOEKING/IBAN/NL57INGB0001212121/BIC/INGBNL2A/NAME/\n\
         CAFE MON AMI/REMI/897789005/2026 and/or/EREF/NOTPROVIDED/MARF/M-7",
    );
    assert_eq!(entry.counterparty, "CAFE MON AMI");
    assert_eq!(entry.references, ["M-7"]);
    assert_eq!(entry.remittance, "897789005/2026 and/or SEPA OVERBOEKING");
}

#[test]
fn keys_are_found_across_lines_and_in_the_way_of_other_banks() {
    let ing = of("/EREF/400313131313//MARF/2.345//CSID/NL11AAA441212121212\n\
         //CNTP/NL21BASN0272727272/COBANL2XXXX/T-Mobile Netherlands BV///R\n\
         EMI/USTD//Factuurnummer 858585858585//PURP/OTHR/");
    assert_eq!(ing.references, ["400313131313", "2.345"]);
    assert_eq!(ing.counterparty, "T-Mobile Netherlands BV");
    assert_eq!(ing.remittance, "Factuurnummer 858585858585");
    let rabo = of("/ORDP//NAME/COMPANY B V/ADDR/STATION/REMI/STRD/CUR/9001000012345678");
    assert_eq!(rabo.counterparty, "COMPANY B V");
    assert_eq!(rabo.references, ["9001000012345678"]);
    let unknown = of("/PT/FT/PY/SOMETHING FOO");
    assert_eq!(unknown.remittance, "/PT/FT/PY/SOMETHING FOO");
}

#[test]
fn a_wrapped_time_is_text_and_no_tag() {
    let entry = of("805?20Pauschalen?602017-01-01T13\n:12:11");
    assert_eq!(entry.remittance, "Pauschalen 2017-01-01T13:12:11");
    assert_eq!(
        of("at 10\n:25:30 o'clock").remittance,
        "at 10 :25:30 o'clock"
    );
    assert_eq!(of("at 10\n:20:15").remittance, "at 10 :20:15");
    assert_eq!(of("KTO\n:KO:NR").remittance, "KTO :KO:NR");
}

#[test]
fn a_second_field_of_text_goes_on_with_the_first() {
    let entry = of("first\n:86:second\n:86:first");
    assert_eq!(entry.remittance, "first second");
}

#[test]
fn non_swift_lines_are_the_text_of_their_entry() {
    let entry = only_entry(
        ":NS:22Test GmbH\n23Testkonto\n:61:261117C1,00NTRFNONREF\n\
         :NS:01Verwendungszweck 1\n02TFR-5273\n15Empfaenger\n17Buchungstext\n1812345",
    );
    assert_eq!(entry.remittance, "Verwendungszweck 1 TFR-5273 Buchungstext");
    assert_eq!(entry.counterparty, "Empfaenger");
}
