//! Unified Settlement Reports: the published samples, our own, and damaged ones.

mod bad_input;
mod fixtures;
mod records;

use crate::ingest::profile::{Profile, UNIFIED_SETTLEMENT};
use crate::ingest::settlement::tests::notes::{Noted, Outcome, Read, read_bytes};

use super::FIELDS;

/// Cards with the detail of their interchange: payout GS-77.
const CARDS: &str = "\
sett_dtl,merchant_demo1,settlementdata_a1,card,visa,ord_1,transaction_1,ORDER-1001,settlement,02112026,EUR,100.00,04112026,EUR,100.00,98.57,,-1.20,-0.30,-0.20,-0.70,-0.23,140000001,GUID-1,ARN-1,,GS-77,,,T001,05112026
sett_dtl,merchant_demo1,settlementdata_a1,card,visa,ord_2,transaction_2,ORDER-1002,refund,03112026,EUR,-40.00,04112026,EUR,-40.00,-40.00,,,,,,,140000001,GUID-2,ARN-2,,GS-77,,,T001,05112026
sett_dtl,merchant_demo1,settlementdata_a1,card,,,,,fee,,,,04112026,EUR,-5.00,,,,,,,,140000001,GUID-3,,,GS-77,,,,05112026
";

/// SEPA: a settlement, a reject that must not count, and the payout instruction.
const SEPA: &str = "\
sett_dtl,merchant_demo1,settlementdata_b1,sepa,sepa,ord_3,transaction_3,ORDER-1003,settlement,02112026,EUR,66.00,04112026,EUR,66.00,,,,,,,,5000001,E2E-3,MANDATE-3,,PAYOUT-9,,,,12112026
sett_dtl,merchant_demo1,settlementdata_b1,sepa,sepa,ord_4,transaction_4,ORDER-1004,reject,02112026,EUR,25.00,,,,,,,,,,,5000001,E2E-4,MANDATE-4,,,AC01,Incorrect account number,,
sett_dtl,merchant_demo1,settlementdata_b1,sepa,sepa,,,,clearing,,,,04112026,EUR,66.00,,,,,,,,5000001,,,,PAYOUT-9,,,,
";

fn profile() -> Profile {
    Profile::resolve(UNIFIED_SETTLEMENT, &[]).unwrap()
}

fn read_content(content: &[u8]) -> Outcome {
    read_bytes("unified.csv", content, &profile())
}

#[track_caller]
fn read(content: &str) -> Read {
    read_content(content.as_bytes()).unwrap()
}

/// The plain settlement of 100.00 with other values in some fields.
fn record(changes: &[(&str, &str)]) -> String {
    let plain = "sett_dtl,m1,file1,card,visa,ord_1,tr_1,A-1,settlement,02112026,EUR,100.00,\
                 04112026,EUR,100.00,,,,,,,,vp,guid,,,GS-1,,,,05112026";
    let mut values: Vec<&str> = plain.split(',').collect();
    for (title, value) in changes {
        let at = FIELDS.iter().position(|(_, known)| known == title);
        values[at.unwrap()] = value;
    }
    values.join(",")
}

#[track_caller]
fn only_line(changes: &[(&str, &str)]) -> Noted {
    let found = read(&record(changes));
    assert_eq!(found.complaints(), Vec::<String>::new());
    found.lines.into_iter().next().unwrap()
}
