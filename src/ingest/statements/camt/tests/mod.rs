use super::{XmlKind, identify, read};
use crate::domain::file::RejectedRow;
use crate::domain::statement::{Statement, StatementEntry, StatementSink};
use crate::ingest::Refusal;

mod encodings;
mod entries;
mod fixtures;
mod headings;
mod recognition;
mod refusals;

/// What a file gave, in the order in which it came.
#[derive(Debug, Default)]
struct Found {
    statements: Vec<(Statement, Vec<StatementEntry>)>,
    rejected: Vec<RejectedRow>,
    waiting: Vec<StatementEntry>,
}

impl StatementSink for Found {
    fn entry(&mut self, entry: StatementEntry) {
        self.waiting.push(entry);
    }
    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }
    fn statement(&mut self, statement: Statement) {
        let entries = std::mem::take(&mut self.waiting);
        self.statements.push((statement, entries));
    }
}

impl Found {
    fn entries(&self) -> Vec<&StatementEntry> {
        self.statements
            .iter()
            .flat_map(|(_, entries)| entries)
            .collect()
    }
}

fn found(mut bytes: &[u8]) -> Result<Found, Refusal> {
    let mut found = Found::default();
    read(&mut bytes, &mut found).map(|()| found)
}

/// A camt.053 with one statement of this content after its id and account.
fn camt053(content: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Id>S1</Id>\
         <Acct><Id><IBAN>FR76 3000 4000</IBAN></Id><Ccy>EUR</Ccy></Acct>{content}\
         </Stmt></BkToCstmrStmt></Document>"
    )
}

/// An entry of `amount` euros, booked on 2 March 2026.
fn entry(amount: &str, sign: &str, rest: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>2026-03-02</Dt></BookgDt>{rest}</Ntry>"
    )
}

fn balance(code: &str, amount: &str, day: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )
}

fn statement_of(content: &str) -> (Statement, Vec<StatementEntry>) {
    let mut found = found(camt053(content).as_bytes()).unwrap();
    assert_eq!(found.rejected, []);
    found.statements.remove(0)
}

fn only_entry(xml: &str) -> StatementEntry {
    let (_, mut entries) = statement_of(xml);
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

fn rejected_of(content: &str) -> RejectedRow {
    let mut found = found(camt053(content).as_bytes()).unwrap();
    assert_eq!(found.entries().len(), 0);
    assert_eq!(found.rejected.len(), 1);
    found.rejected.remove(0)
}

fn minor(amount: Option<crate::domain::Amount>) -> Option<i64> {
    amount.and_then(crate::domain::Amount::to_minor)
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}
