use super::{entry, found, list, sgml};
use crate::ingest::statements::ofx::{TEXT_BYTES_MAX, is_format};

fn reason(text: &str) -> String {
    found(text).unwrap_err().reason
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused() {
    let text = list(&[entry("1", "<MEMO>a &amp; b"), entry("2", "")].concat());
    let last = text.rfind("</OFX>").unwrap();
    for end in 0..last + "</OFX".len() {
        assert!(
            found(text.get(..end).unwrap()).is_err(),
            "cut at byte {end}"
        );
    }
    assert!(found(text.get(..last + "</OFX>".len()).unwrap()).is_ok());
    let cut = text.split_once("<FITID>").unwrap().0;
    assert_eq!(
        reason(cut),
        "is cut off: it ends inside <STMTTRN> (line 7); ask the bank for the file again"
    );
}

#[test]
fn what_is_no_bank_statement_is_refused_by_what_it_is() {
    assert!(reason("<OFX></OFX>").contains("holds no account statement"));
    let investments = sgml("").replace("STMTRS>", "INVSTMTRS>");
    assert!(
        reason(&investments).contains("but INVSTMTRS"),
        "{}",
        reason(&investments)
    );
    assert!(reason("hello").contains("no element <OFX>"));
    let error = list("").replacen(
        "<CODE>0<SEVERITY>INFO",
        "<CODE>2000<SEVERITY>ERROR<MESSAGE>General error",
        1,
    );
    assert!(
        reason(&error).contains("status 2000 (General error)"),
        "{}",
        reason(&error)
    );
}

#[test]
fn a_statement_without_account_or_with_a_damaged_balance_is_refused() {
    assert!(reason(&list("").replace("<ACCTID>", "<NOTHING>")).contains("ACCTID"));
    assert!(reason(&list("").replace("120.50", "12O.50")).contains("\"12O.50\""));
    assert!(reason(&list("").replace("<CURDEF>EUR", "<CURDEF>EURO")).contains("\"EURO\""));
}

#[test]
fn elements_that_are_not_closed_or_not_open_are_damage() {
    let good = list(&entry("1", ""));
    assert!(reason(&good.replace("</STMTTRN>", "")).contains("</STMTTRN> is missing"));
    let twice = list(&[entry("1", ""), entry("2", "")].concat());
    assert!(reason(&twice.replacen("</STMTTRN>", "", 1)).contains("begins inside another"));
    assert!(reason(&good.replace("<STMTTRN>", "")).contains("</STMTTRN> closes nothing"));
    // Of what says little, the end may be missing.
    assert!(found(&good.replace("</BANKACCTFROM>", "")).is_ok());
}

#[test]
fn document_types_and_endless_texts_are_refused() {
    let dtd = format!(
        "<!DOCTYPE OFX [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}",
        list("")
    );
    assert!(reason(&dtd).contains("document type"), "{}", reason(&dtd));
    let long = "x".repeat(TEXT_BYTES_MAX + 1);
    assert!(reason(&list(&entry("1", &format!("<MEMO>{long}")))).contains("text of more than"));
    let deep = sgml(&"<STATUS>".repeat(100));
    assert!(reason(&deep).contains("deeper than"), "{}", reason(&deep));
}

#[test]
fn ofx_is_told_from_its_beginning() {
    for head in [
        "\n\nOFXHEADER:100\n",
        "ofxheader: 100",
        "<?xml?><?OFX a?>",
        "<!-- --><OFX>",
    ] {
        assert!(is_format(head), "{head:?}");
    }
    for head in ["", "OFX", "Date;OFX\n", "<Document>", ":20:OFX"] {
        assert!(!is_format(head), "{head:?}");
    }
}
