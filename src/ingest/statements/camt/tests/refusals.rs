use super::{balance, camt053, entry, found};
use crate::ingest::statements::camt::{DETAILS_MAX, MARKUP_BYTES_MAX, VALUE_BYTES_MAX};

fn reason(xml: &str) -> String {
    found(xml.as_bytes()).unwrap_err().reason
}

#[test]
fn a_file_that_is_cut_anywhere_is_refused_even_after_complete_statements() {
    let one = camt053(&entry(
        "1",
        "CRDT",
        "<AddtlNtryInf>a &amp; b</AddtlNtryInf>",
    ));
    let two = one.replace("</Stmt>", "</Stmt><Stmt><Id>S2</Id></Stmt>");
    let xml = two.replace("<Id>S2</Id>", "<Acct><Id><IBAN>X</IBAN></Id></Acct>");
    assert_eq!(found(xml.as_bytes()).unwrap().statements.len(), 2);
    for end in 0..xml.len() {
        assert!(found(&xml.as_bytes()[..end]).is_err(), "cut at byte {end}");
    }
    let cut = xml.split_once("<BookgDt>").unwrap().0;
    assert_eq!(
        reason(&format!("\n{cut}")),
        format!(
            "is cut off: the XML ends inside <Ntry> number 1 (line 2, byte {}); ask the bank for \
             the file again",
            cut.len() + 1
        )
    );
}

#[test]
fn document_types_and_foreign_entities_are_refused() {
    let text = |text: &str| camt053(&entry("1", "CRDT", &format!("<X>{text}</X>")));
    let dtd = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    assert!(reason(&format!("{dtd}{}", text("&x;"))).contains("<!DOCTYPE>"));
    assert!(reason(&dtd.replace("DOCTYPE", "doctype")).contains("DOCTYPE"));
    assert!(reason(&text("&x;")).contains("the entity &x;"));
    assert!(reason(&text("&nbsp;")).contains("the entity &nbsp;"));
    assert!(reason(&text("&#0;")).contains("the entity &#0;"));
    assert!(reason(&text("a & b")).contains("a bare &"));
    assert!(found(text("&lt;&gt;&amp;&apos;&quot;&#10;&#x20AC;").as_bytes()).is_ok());
}

#[test]
fn damaged_xml_is_refused() {
    let good = camt053(&entry("1", "CRDT", ""));
    assert!(found(good.as_bytes()).is_ok());
    for bad in [
        good.replace("</Ntry>", "</Stmt>"),
        good.replace("</Ntry>", ""),
        good.replace("<Ntry>", "</Ntry><Ntry>"),
        good.replace("Ccy=\"EUR\"", "Ccy=EUR"),
        good.replace("BOOK", "BO\0OK"),
        format!("{good}{good}"),
        format!("{good}<!-- "),
        format!("{good} x"),
        format!("x{good}"),
    ] {
        assert!(found(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(found(format!("{good}\r\n\u{1a}").as_bytes()).is_ok());
}

#[test]
fn a_message_without_statement_or_account_is_refused() {
    let none = "<Document><BkToCstmrStmt><GrpHdr/></BkToCstmrStmt></Document>";
    assert!(reason(none).contains("without any statement"));
    let nameless = "<Document><BkToCstmrStmt><Stmt><Id>S9</Id><Acct><Id><IBAN> </IBAN></Id></Acct></Stmt></BkToCstmrStmt></Document>";
    assert!(reason(nameless).contains("(\"S9\") that names no account"));
    assert!(reason("<Document><CstmrCdtTrfInitn/></Document>").contains("its root <Document>"));
    assert!(reason("").contains("is not XML"));
    assert!(reason("  \n").contains("is not XML"));
    assert!(reason(":20:STARTUMS").contains("is not XML"));
}

#[test]
fn a_balance_that_cannot_be_read_refuses_the_file() {
    for (balance, problem) in [
        (
            balance("CLBD", "12..34", "2026-03-02"),
            "\"12..34\" that is not an amount",
        ),
        (
            balance("OPBD", "-1", "2026-03-02"),
            "\"-1\" that has a sign",
        ),
        (balance("OPBD", "", "2026-03-02"), "OPBD balance of \"\""),
        (
            balance("PRCD", "1", "").replace("CRDT", "C"),
            "neither CRDT nor DBIT",
        ),
        (balance("CLBD", "1", "").replace("EUR", "?"), "no currency"),
    ] {
        let reason = reason(&camt053(&balance));
        assert!(reason.contains(problem), "{reason}");
    }
}

#[test]
fn everything_has_a_limit() {
    let deep = camt053(&format!("{}{}", "<x>".repeat(100), "</x>".repeat(100)));
    assert!(reason(&deep).contains("nests elements deeper"));
    let long = "x".repeat(VALUE_BYTES_MAX + 1);
    let text = camt053(&entry(
        "1",
        "CRDT",
        &format!("<AddtlNtryInf>{long}</AddtlNtryInf>"),
    ));
    assert!(reason(&text).contains("has a value of more than"));
    let huge = "x".repeat(MARKUP_BYTES_MAX * 2);
    assert!(reason(&camt053(&format!("<!-- {huge} -->"))).contains("has a tag, comment or text"));
    assert!(reason(&camt053(&format!("<X y='{huge}'/>"))).contains("has a tag, comment or text"));
    let many = format!(
        "<NtryDtls>{}</NtryDtls>",
        "<TxDtls/>".repeat(DETAILS_MAX + 1)
    );
    assert!(reason(&camt053(&entry("1", "CRDT", &many))).contains("details, the limit"));
    let ids = "<NtryRef>1</NtryRef>".repeat(2_000);
    assert!(reason(&camt053(&entry("1", "CRDT", &ids))).contains("more than 1000 values"));
}
