use super::read;
use crate::domain::statement::StatementEntry;
use crate::ingest::Refusal;
use crate::ingest::statements::testing::Found;

mod entries;
mod fixtures;
mod refusals;

fn found(text: &str) -> Result<Found, Refusal> {
    let mut found = Found::default();
    read(&mut text.as_bytes(), &mut found).map(|()| found)
}

/// A file of OFX 1 with one statement of these elements behind its account.
fn sgml(content: &str) -> String {
    format!(
        "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\n\r\n\
         <OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS>\
         </SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR\r\n\
         <BANKACCTFROM><BANKID>30006<ACCTID>FR76 3000 6000 0112<ACCTTYPE>CHECKING\
         </BANKACCTFROM>{content}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\r\n"
    )
}

/// An entry of 17 November 2026.
fn entry(amount: &str, rest: &str) -> String {
    format!(
        "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261117120000[+1:CET]<TRNAMT>{amount}\
         <FITID>F1{rest}</STMTTRN>"
    )
}

fn list(entries: &str) -> String {
    sgml(&format!(
        "<BANKTRANLIST><DTSTART>20261116<DTEND>20261117{entries}</BANKTRANLIST>\
         <LEDGERBAL><BALAMT>120.50<DTASOF>20261117</LEDGERBAL>\
         <AVAILBAL><BALAMT>99.00<DTASOF>20261117</AVAILBAL>"
    ))
}

fn only_entry(text: &str) -> StatementEntry {
    let found = found(text).unwrap();
    assert_eq!(found.rejected, []);
    let entries = found.entries();
    assert_eq!(entries.len(), 1);
    entries[0].clone()
}
