//! Bank statements that are damaged, hostile, or of another kind.

use super::{Effect, Rejected, at, check, statement};
use crate::rows::{Entry, camt};

fn good() -> String {
    let entry = |id, cents| Entry {
        id,
        day: "2026-11-17",
        cents,
        text: "RENT",
    };
    let entries = [
        entry("B-1", 10_000),
        entry("B-2", -2_000),
        entry("B-3", 500),
    ];
    camt("S-2", ["2026-11-17", "2026-11-17"], 0, &entries)
}

#[test]
fn damaged_xml_refuses_the_statement() {
    let xml = good();
    let (cut, _) = xml.split_once("B-2").unwrap();
    let refused = |words| Effect::Refused(words);
    let without_account = xml.replace("FR7630006000011234567890189", "");
    check(vec![
        ("sound", statement(&xml, Effect::Taken(3))),
        ("truncated", statement(cut, refused(&["cut off"]))),
        (
            "a NUL before any statement is told",
            statement(xml.replacen("<Stmt>", "<Stmt>\0", 1), refused(&["NUL"])),
        ),
        (
            "an end tag of another element",
            statement(xml.replace("</Ntry>", "</Stmt>"), refused(&[])),
        ),
        (
            "without an account",
            statement(without_account, refused(&["account"])),
        ),
        (
            "a balance that is no amount",
            statement(xml.replace("85.00", "85.0O"), refused(&["85.0O"])),
        ),
        (
            "XML of another kind",
            statement("<?xml version=\"1.0\"?><Report/>", refused(&["no camt"])),
        ),
        (
            "camt.055, a request to cancel payments",
            statement(
                xml.replace("camt.053.001.08", "camt.055.001.08")
                    .replace("BkToCstmrStmt", "CstmrPmtCxlReq"),
                refused(&["camt"]),
            ),
        ),
    ]);
}

#[test]
fn nothing_outside_the_file_is_ever_read() {
    let xml = good();
    let dtd = |declaration: &str, use_of_it: &str| {
        xml.replace(
            "<Document",
            &format!("<!DOCTYPE Document [{declaration}]>\n<Document"),
        )
        .replacen("RENT", use_of_it, 1)
    };
    let laughs = "<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">";
    let refused = |words| Effect::Refused(words);
    check(vec![
        (
            "a document type",
            statement(dtd("", "RENT"), refused(&["DOCTYPE"])),
        ),
        (
            "an external entity",
            statement(
                dtd("<!ENTITY x SYSTEM \"file:///etc/hostname\">", "&x;"),
                refused(&["DOCTYPE"]),
            ),
        ),
        (
            "entities in entities",
            statement(dtd(laughs, "&b;"), refused(&["DOCTYPE"])),
        ),
        (
            "an entity that nobody declares",
            statement(xml.replacen("RENT", "&x;", 1), refused(&["&x;"])),
        ),
    ]);
}

#[test]
fn an_entry_that_cannot_be_read_is_rejected_and_the_others_are_taken() {
    let xml = good();
    let garbled = xml.replacen(">20.00<", ">2O.00<", 1);
    let unsigned = xml.replacen("</Amt><CdtDbtInd>DBIT", "</Amt><CdtDbtInd>MINUS", 1);
    // An XML file may be one line: the place is the number of the entry.
    let rejected =
        |column, value, words| Effect::Rejected(vec![Rejected(2, column, value, words)], 2);
    check(vec![
        (
            "a garbled amount",
            statement(garbled, rejected("Ntry/Amt", "2O.00", "not an amount")),
        ),
        (
            "is not one of credit",
            statement(unsigned, rejected("Ntry/CdtDbtInd", "MINUS", "CRDT")),
        ),
    ]);
}

#[test]
fn statements_of_other_formats_are_known_by_their_content() {
    let mt940 = ":20:STARTUMS\n:25:FR7630006000011234567890189\n:28C:1/1\n\
                 :60F:C261117EUR0,00\n:61:2611171117C12,50NTRFNONREF//B-9\n:86:RENT\n\
                 :62F:C261117EUR12,50\n-\n";
    let (cut, _) = mt940.split_once(":62F:").unwrap();
    let bad_row = mt940.replace("C12,50N", "C1Z,50N");
    let ofx = "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX></OFX>\n";
    let in_folder = |name: &'static str| match name {
        "sta" => "inbox/bank/statement.sta",
        "ofx" => "inbox/bank/statement.ofx",
        _ => "inbox/bank/statement.dat",
    };
    check(vec![
        ("MT940", at(in_folder("sta"), mt940, Effect::Taken(1))),
        (
            "MT940 by any name",
            at(in_folder("dat"), mt940, Effect::Taken(1)),
        ),
        (
            "MT940 without its closing balance",
            at(
                in_folder("sta"),
                cut,
                Effect::Refused(&["cut off", ":62F:"]),
            ),
        ),
        (
            "MT940 with a garbled amount",
            at(
                in_folder("sta"),
                bad_row,
                Effect::Rejected(
                    vec![Rejected(5, ":61:", "1Z,50NTRFNONREF//B-9", "decimal comma")],
                    0,
                ),
            ),
        ),
        (
            "OFX without a statement",
            at(in_folder("ofx"), ofx, Effect::Refused(&["STMTRS"])),
        ),
        (
            "notes in the bank's folder",
            at("inbox/bank/notes.txt", "call the bank\n", Effect::Ignored),
        ),
        (
            "a file that is still written",
            at(
                "inbox/bank/statement.xml.part",
                good().split_at(900).0,
                Effect::Ignored,
            ),
        ),
    ]);
}
