use std::fmt::Write as _;

use super::{balance, camt053, day, entry, found, minor, only_entry, rejected_of, statement_of};
use crate::domain::statement::StatementKind;

#[test]
fn the_direction_alone_gives_the_sign_also_of_a_reversal() {
    let reversal = "<RvslInd>true</RvslInd>";
    assert_eq!(
        minor(Some(only_entry(&entry("7.1", "CRDT", reversal)).amount)),
        Some(710)
    );
    assert_eq!(
        minor(Some(only_entry(&entry("7.100", "DBIT", reversal)).amount)),
        Some(-710)
    );
}

#[test]
fn only_booked_entries_count_whatever_the_form_of_their_status() {
    let with_status = |status: &str| {
        let xml = entry("1", "CRDT", "").replace("<Sts>BOOK</Sts>", status);
        statement_of(&xml).1.len()
    };
    assert_eq!(with_status("<Sts>\n BOOK\n</Sts>"), 1);
    assert_eq!(with_status("<Sts>\n <Cd>BOOK</Cd>\n</Sts>"), 1);
    assert_eq!(with_status(""), 1);
    for other in ["PDNG", "FUTR", "INFO"] {
        assert_eq!(with_status(&format!("<Sts>{other}</Sts>")), 0);
        assert_eq!(with_status(&format!("<Sts><Cd>{other}</Cd></Sts>")), 0);
    }
}

#[test]
fn an_entry_that_is_not_booked_is_not_judged() {
    let pending = entry("12..34", "?", "").replace("BOOK", "PDNG");
    assert_eq!(statement_of(&pending).1, []);
}

#[test]
fn a_notification_without_status_is_rejected_because_it_may_be_pending() {
    let xml = camt053(&entry("1", "CRDT", "").replace("<Sts>BOOK</Sts>", ""));
    let xml = xml
        .replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
        .replace("Stmt>", "Ntfctn>");
    let found = found(xml.as_bytes()).unwrap();
    assert_eq!(
        found.rejected.first().map(|row| row.column.as_str()),
        Some("Ntry/Sts")
    );
    assert_eq!(
        found.statements.first().map(|(s, _)| s.kind),
        Some(StatementKind::Intraday)
    );
}

#[test]
fn an_entry_without_booking_date_takes_the_next_best_date() {
    let undated = entry("1", "CRDT", "").replace("<BookgDt><Dt>2026-03-02</Dt></BookgDt>", "");
    let valued = undated.replace(
        "</Ntry>",
        "<ValDt><DtTm>2026-03-04T23:59:59+02:00</DtTm></ValDt></Ntry>",
    );
    let period = "<FrToDt><ToDtTm>2026-03-06T00:00:00</ToDtTm></FrToDt>";
    let closing = balance("CLBD", "1", "2026-03-05");
    let booked_on = |content: String| only_entry(&content).booked_on;
    assert_eq!(
        booked_on(format!("{period}{closing}{valued}")),
        day("2026-03-04")
    );
    assert_eq!(
        booked_on(format!("{period}{closing}{undated}")),
        day("2026-03-05")
    );
    assert_eq!(booked_on(format!("{period}{undated}")), day("2026-03-06"));
    let row = rejected_of(&undated);
    assert_eq!((row.line, row.column.as_str()), (1, "Ntry/BookgDt"));
}

#[test]
fn what_cannot_be_read_rejects_its_entry_and_no_other() {
    let good = entry("5", "CRDT", "");
    for (bad, column, value) in [
        (entry("12..34", "CRDT", ""), "Ntry/Amt", "12..34"),
        (entry("-5", "CRDT", ""), "Ntry/Amt", "-5"),
        (entry("1,50", "CRDT", ""), "Ntry/Amt", "1,50"),
        (entry("1.005", "CRDT", ""), "Ntry/Amt", "1.005"),
        (entry("", "CRDT", ""), "Ntry/Amt", ""),
        (
            entry("10000000000000.01", "CRDT", ""),
            "Ntry/Amt",
            "10000000000000.01",
        ),
        (entry("5", "C", ""), "Ntry/CdtDbtInd", "C"),
        (
            entry("5", "CRDT", "").replace("EUR", "EURO"),
            "Ntry/Amt/@Ccy",
            "EURO",
        ),
        (
            entry("5", "CRDT", "").replace("BOOK", "BOOKED"),
            "Ntry/Sts",
            "BOOKED",
        ),
        (
            entry("5", "CRDT", "").replace("03-02", "02-30"),
            "Ntry/BookgDt",
            "2026-02-30",
        ),
        (
            entry("5", "CRDT", "<ValDt><Dt>02.03.2026</Dt></ValDt>"),
            "Ntry/ValDt",
            "02.03.2026",
        ),
    ] {
        let found = found(camt053(&format!("{good}{bad}{good}")).as_bytes()).unwrap();
        let lines: Vec<u32> = found.entries().iter().map(|entry| entry.line).collect();
        assert_eq!(lines, [1, 3], "{bad}");
        assert_eq!(found.rejected.len(), 1);
        let row = &found.rejected[0];
        assert_eq!(
            (row.line, row.column.as_str(), row.value.as_str()),
            (2, column, value)
        );
        assert_eq!(row.raw, bad);
        assert!(
            row.reason.contains("expected") || row.reason.contains("beyond"),
            "{}",
            row.reason
        );
    }
}

/// Details of the given amounts, all credits but those with a minus.
fn details(amounts: &[&str]) -> String {
    let mut xml = String::from("<NtryDtls><Btch><PmtInfId>B1</PmtInfId></Btch>");
    for (at, amount) in amounts.iter().enumerate() {
        let (sign, amount) = match amount.strip_prefix('-') {
            Some(amount) => ("DBIT", amount),
            None => ("CRDT", *amount),
        };
        write!(
            xml,
            "<TxDtls><Refs><EndToEndId>E{at}</EndToEndId></Refs><Amt Ccy=\"EUR\">{amount}</Amt>\
             <CdtDbtInd>{sign}</CdtDbtInd><RltdPties><Dbtr><Nm>D{at}</Nm></Dbtr>\
             <Cdtr><Pty><Nm>C{at}</Nm></Pty></Cdtr></RltdPties>\
             <RmtInf><Ustrd>text {at}</Ustrd></RmtInf></TxDtls>"
        )
        .unwrap();
    }
    xml + "</NtryDtls>"
}

#[test]
fn a_batch_whose_details_add_up_becomes_one_entry_a_detail() {
    let rest = format!(
        "<AcctSvcrRef>A1</AcctSvcrRef>{}",
        details(&["30", "-5", "1.5"])
    );
    let (_, entries) = statement_of(&entry("26.5", "CRDT", &rest));
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                minor(Some(entry.amount)).unwrap(),
                entry.counterparty.as_str(),
                entry.line,
            )
        })
        .collect();
    assert_eq!(seen, [(3000, "D0", 1), (-500, "C1", 1), (150, "D2", 1)]);
    assert_eq!(entries[1].references, ["A1", "B1", "E1"]);
    assert_eq!(entries[1].remittance, "text 1");
    assert_eq!(entries[1].servicer_reference, "A1");
}

#[test]
fn a_batch_whose_details_do_not_add_up_stays_one_entry_with_all_their_texts() {
    let whole = only_entry(&entry("26.51", "CRDT", &details(&["30", "-5", "1.5"])));
    assert_eq!(minor(Some(whole.amount)), Some(2651));
    assert_eq!(whole.references, ["B1", "E0", "E1", "E2"]);
    assert_eq!(whole.remittance, "text 0 text 1 text 2");
    assert_eq!(whole.counterparty, "D0");
    let unreadable = only_entry(&entry("2", "CRDT", &details(&["1", "1..0"])));
    assert_eq!(minor(Some(unreadable.amount)), Some(200));
}

#[test]
fn the_amount_of_a_detail_is_the_first_in_the_currency_of_the_entry() {
    let detail = |amounts: &str| format!("<TxDtls>{amounts}</TxDtls>");
    let settled = detail(
        "<Amt Ccy=\"USD\">9</Amt><AmtDtls><InstdAmt><Amt Ccy=\"USD\">9</Amt></InstdAmt>\
         <TxAmt><Amt Ccy=\"EUR\">3</Amt></TxAmt></AmtDtls>",
    );
    let ordered = detail("<AmtDtls><InstdAmt><Amt Ccy=\"EUR\">4</Amt></InstdAmt></AmtDtls>");
    let foreign = detail("<AmtDtls><InstdAmt><Amt Ccy=\"USD\">4</Amt></InstdAmt></AmtDtls>");
    let count = |details: &str, amount: &str| {
        let rest = format!("<NtryDtls>{details}</NtryDtls>");
        statement_of(&entry(amount, "DBIT", &rest)).1.len()
    };
    assert_eq!(
        count(&format!("{settled}</NtryDtls><NtryDtls>{ordered}"), "7"),
        2
    );
    assert_eq!(count(&format!("{settled}{foreign}"), "7"), 1);
}

#[test]
fn a_single_detail_leaves_the_amount_to_the_entry() {
    let only = only_entry(&entry("26", "CRDT", &details(&["30"])));
    assert_eq!(minor(Some(only.amount)), Some(2600));
}

#[test]
fn references_come_once_each_and_placeholders_not_at_all() {
    let only = only_entry(&entry(
        "1",
        "DBIT",
        "<NtryRef>N1</NtryRef><AcctSvcrRef>NONREF</AcctSvcrRef><NtryDtls>\
         <TxDtls><Refs><MsgId>M1</MsgId><AcctSvcrRef>D1</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId>\
         <TxId>N1</TxId><MndtId>R1</MndtId><UETR>U1</UETR><Prtry><Tp>X</Tp><Ref>P1</Ref></Prtry></Refs>\
         <RmtInf><Strd><RfrdDocInf><Tp><Issr>no</Issr></Tp><Nb>I1</Nb></RfrdDocInf><CdtrRefInf>\
         <Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>",
    ));
    assert_eq!(
        only.references,
        ["N1", "M1", "D1", "R1", "U1", "P1", "I1", "RF18"]
    );
    assert_eq!(only.servicer_reference, "D1");
}

#[test]
fn the_servicer_reference_falls_back_to_the_entry_and_its_own_reference() {
    let of = |rest: &str| only_entry(&entry("1", "DBIT", rest)).servicer_reference;
    assert_eq!(
        of("<NtryRef>N1</NtryRef><AcctSvcrRef>A1</AcctSvcrRef>"),
        "A1"
    );
    assert_eq!(
        of("<NtryRef>N1</NtryRef><AcctSvcrRef>NONREF</AcctSvcrRef>"),
        "N1"
    );
    assert_eq!(of(""), "");
}

#[test]
fn remittance_is_joined_in_order_and_the_banks_text_is_added_unless_it_repeats() {
    let with = |additional: &str| {
        only_entry(&entry(
            "1",
            "CRDT",
            &format!(
                "<NtryDtls><TxDtls><RmtInf><Ustrd> Payout\r\n  T77 </Ustrd><Strd>\
                 <CdtrRefInf><Ref>RF18</Ref></CdtrRefInf><AddtlRmtInf>more</AddtlRmtInf></Strd>\
                 <Ustrd><![CDATA[a & b]]> &lt;c&#233;</Ustrd></RmtInf><RtrInf><Rsn><Cd>MS03</Cd></Rsn>\
                 </RtrInf><AddtlTxInf>Payout</AddtlTxInf></TxDtls></NtryDtls>\
                 <AddtlNtryInf>{additional}</AddtlNtryInf>"
            ),
        ))
        .remittance
    };
    assert_eq!(with("T77 a"), "Payout T77 a & b <cé RF18 more MS03");
    assert_eq!(
        with("SEPA credit"),
        "Payout T77 a & b <cé RF18 more MS03 SEPA credit"
    );
}

#[test]
fn the_counterparty_may_stand_in_a_party_an_agent_or_be_the_ultimate_one() {
    let of = |parties: &str| {
        let rest =
            format!("<NtryDtls><TxDtls><RltdPties>{parties}</RltdPties></TxDtls></NtryDtls>");
        only_entry(&entry("1", "CRDT", &rest)).counterparty
    };
    let address = "<PstlAdr><Nm>street</Nm></PstlAdr>";
    assert_eq!(
        of(&format!("<Dbtr>{address}<Nm>Oney\n Bank</Nm></Dbtr>")),
        "Oney Bank"
    );
    assert_eq!(of("<Dbtr><Pty><Nm>Oney</Nm></Pty></Dbtr>"), "Oney");
    assert_eq!(
        of("<Dbtr><Agt><FinInstnId><Nm>Oney</Nm></FinInstnId></Agt></Dbtr>"),
        "Oney"
    );
    assert_eq!(
        of("<Dbtr><Id/></Dbtr><UltmtDbtr><Nm>Oney</Nm></UltmtDbtr>"),
        "Oney"
    );
    assert_eq!(of("<Cdtr><Nm>We</Nm></Cdtr>"), "");
}
