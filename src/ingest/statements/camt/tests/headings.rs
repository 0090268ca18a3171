use super::{balance, day, found, minor, statement_of};
use crate::domain::statement::StatementKind;

#[test]
fn a_statement_has_its_account_number_period_and_balances() {
    let (statement, entries) = statement_of(&format!(
        "<ElctrncSeqNb>7</ElctrncSeqNb><LglSeqNb>9</LglSeqNb>\
         <FrToDt><FrDtTm>2026-03-01T23:30:00-05:00</FrDtTm><ToDtTm>2026-03-02T00:00:00Z</ToDtTm></FrToDt>{}{}",
        balance("OPBD", "10", "2026-03-01"),
        balance("CLBD", "12.5", "2026-03-02"),
    ));
    assert_eq!(statement.account, "FR7630004000");
    assert_eq!(statement.id, "S1");
    assert_eq!(statement.sequence, "7");
    assert_eq!(statement.from, Some(day("2026-03-01")));
    assert_eq!(statement.to, Some(day("2026-03-02")));
    assert_eq!(minor(statement.opening), Some(1000));
    assert_eq!(minor(statement.closing), Some(1250));
    assert_eq!(statement.kind, StatementKind::Booked);
    assert!(entries.is_empty());
}

#[test]
fn a_balance_without_direction_is_a_credit_and_available_ones_say_nothing() {
    let (statement, _) = statement_of(
        "<Bal><Tp><CdOrPrtry><Cd>CLAV</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">oops</Amt></Bal>\
         <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">3</Amt>\
         <Avlbty><Amt Ccy=\"EUR\">4</Amt><CdtDbtInd>DBIT</CdtDbtInd></Avlbty>\
         <Dt><DtTm>2026-03-02T10:00:00</DtTm></Dt></Bal>",
    );
    assert_eq!(minor(statement.closing), Some(300));
    assert_eq!(minor(statement.opening), None);
    assert_eq!(statement.to, Some(day("2026-03-02")));
}

#[test]
fn an_interim_balance_stands_for_the_end_at_which_a_page_is_torn() {
    let page = |number: u32, is_last: bool, balances: &[(&str, &str)]| {
        let mut content =
            format!("<StmtPgntn><PgNb>{number}</PgNb><LastPgInd>{is_last}</LastPgInd></StmtPgntn>");
        for (code, amount) in balances {
            content.push_str(&balance(code, amount, "2026-03-02"));
        }
        let (statement, _) = statement_of(&content);
        (minor(statement.opening), minor(statement.closing))
    };
    assert_eq!(
        page(1, false, &[("OPBD", "1"), ("ITBD", "2")]),
        (Some(100), Some(200))
    );
    assert_eq!(
        page(2, false, &[("ITBD", "2"), ("ITBD", "3")]),
        (Some(200), Some(300))
    );
    assert_eq!(page(2, false, &[("ITBD", "2")]), (None, None));
    assert_eq!(
        page(3, true, &[("ITBD", "3"), ("CLBD", "4")]),
        (Some(300), Some(400))
    );
    assert_eq!(
        page(1, true, &[("OPBD", "1"), ("ITBD", "3"), ("CLBD", "4")]),
        (Some(100), Some(400))
    );
    assert_eq!(
        page(2, false, &[("OPBD", "1"), ("ITBD", "3")]),
        (Some(100), Some(300))
    );
}

#[test]
fn prefixes_envelopes_comments_and_version_01_read_alike() {
    let xml = "<?xml version=\"1.0\"?><!-- a --><e:Envelope xmlns:e=\"urn:e\"><h:AppHdr><Id>x</Id>\
        </h:AppHdr><d:Document><d:BkToCstmrAcctRptV01><d:Rpt><d:Id>R1</d:Id><!-- b --><d:Acct><d:Id>\
        <d:PrtryAcct><d:Id>12 34</d:Id></d:PrtryAcct></d:Id></d:Acct><d:Ntry><d:Amt Ccy='JPY'>1<!-- c -->2\
        </d:Amt><d:CdtDbtInd>DBIT</d:CdtDbtInd><d:Sts>BOOK</d:Sts><d:ValDt><d:Dt>2026-03-02Z</d:Dt></d:ValDt>\
        <d:TxDtls><d:Refs><d:TxId>T1</d:TxId></d:Refs></d:TxDtls></d:Ntry></d:Rpt>\
        </d:BkToCstmrAcctRptV01></d:Document></e:Envelope>";
    let found = found(xml.as_bytes()).unwrap();
    let (statement, entries) = &found.statements[0];
    assert_eq!(
        (statement.account.as_str(), statement.id.as_str()),
        ("1234", "R1")
    );
    assert_eq!(minor(Some(entries[0].amount)), Some(-12));
    assert_eq!(entries[0].references, ["T1"]);
    assert_eq!(entries[0].booked_on, day("2026-03-02"));
}
