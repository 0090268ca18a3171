//! Third-party exports, with values taken from the files by hand.

use std::path::{Path, PathBuf};

use super::tests::Notes;
use super::{ExportOptions, has_known_header, read_export};
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::{BANK_CSV, BANK_CSV_US, Profile, ProfileDefinition};

/// What an export should give.
struct Expected {
    path: &'static str,
    profile: &'static str,
    /// The account that the profile gives; empty where the file names it.
    account: &'static str,
    entries: &'static [&'static str],
    rejected: usize,
    balances: Option<(&'static str, &'static str)>,
}

/// The account of exports that name none.
const OURS: &str = "FR7630006000011234567890189";

const EXPORTS: [Expected; 12] = [
    Expected {
        path: "bankstatementparser/sample_split_amounts.csv",
        profile: BANK_CSV,
        account: "",
        entries: &["2026-03-20 1250.50 EUR", "2026-03-21 -200.25 EUR"],
        rejected: 0,
        balances: Some(("1000.00", "2050.25")),
    },
    Expected {
        path: "bankstatementparser/golden/csv_garbled_amount.csv",
        profile: BANK_CSV,
        account: OURS,
        entries: &["2026-04-02 100.00 EUR"],
        rejected: 1,
        balances: None,
    },
    Expected {
        path: "php-belgianbankstatement/sample10_crelan.csv",
        profile: BANK_CSV,
        account: "",
        entries: &[
            "2025-02-03 -5.95 EUR",
            "2025-02-03 -0.80 EUR",
            "2025-02-04 -9.50 EUR",
            "2025-02-04 -20.00 EUR",
        ],
        rejected: 0,
        balances: Some(("2106.45", "2070.20")),
    },
    Expected {
        path: "php-belgianbankstatement/sample4_kbc.csv",
        profile: BANK_CSV,
        account: "",
        entries: &[
            "2016-01-04 49.00 EUR",
            "2016-01-03 89.05 EUR",
            "2016-01-02 79.00 EUR",
            "2015-12-30 62.77 EUR",
        ],
        rejected: 0,
        // The newest entry stands first. Its balances do not follow from its amounts: it was edited.
        balances: Some(("1417.43", "1289.43")),
    },
    Expected {
        path: "php-belgianbankstatement/sample5_belfius.csv",
        profile: BANK_CSV,
        account: "",
        entries: &["2019-05-25 1237.84 EUR", "2019-05-26 -52.18 EUR"],
        rejected: 0,
        balances: None,
    },
    Expected {
        path: "php-belgianbankstatement/sample7_belfius.csv",
        profile: BANK_CSV,
        account: "",
        entries: &["2019-05-25 1237.84 EUR", "2019-05-26 -52.18 EUR"],
        rejected: 0,
        balances: None,
    },
    Expected {
        path: "oca/meta_data_separated_credit_debit.csv",
        profile: BANK_CSV,
        account: OURS,
        entries: &[
            "2020-04-01 -50.00 EUR",
            "2020-04-01 -100.00 EUR",
            "2020-04-02 -80.68 EUR",
            "2020-04-02 1300.00 EUR",
        ],
        // A line with a balance follows the entries.
        rejected: 1,
        balances: None,
    },
    Expected {
        path: "oca/multi_currency.csv",
        profile: BANK_CSV_US,
        account: OURS,
        entries: &["2018-12-15 -33.50 USD", "2018-12-15 1525.00 EUR"],
        rejected: 0,
        balances: None,
    },
    Expected {
        path: "oca/original_currency.csv",
        profile: BANK_CSV_US,
        account: OURS,
        entries: &["2018-12-15 1525.00 EUR"],
        rejected: 0,
        balances: None,
    },
    Expected {
        path: "oca/original_currency_empty.csv",
        profile: BANK_CSV_US,
        account: OURS,
        entries: &["2018-12-15 1525.00 EUR"],
        rejected: 0,
        balances: None,
    },
    Expected {
        path: "oca/sample_statement_en.xlsx",
        profile: BANK_CSV,
        account: OURS,
        entries: &["2018-12-15 -33.50 USD", "2018-12-15 1525.00 EUR"],
        rejected: 0,
        balances: None,
    },
    Expected {
        path: "oca/empty_statement_en.xlsx",
        profile: BANK_CSV,
        account: OURS,
        entries: &[],
        rejected: 0,
        balances: None,
    },
];

/// Settlement reports of payment services, and an export without a header: no bank's statement.
const OTHERS: [&str; 5] = [
    "oca-11/activity_en.csv",
    "oca-11/statement_en.csv",
    "oca-13/settlement_detail_report_batch_238.csv",
    "oca-13/settlement_detail_report_batch_380.csv",
    "oca/original_currency_no_header.csv",
];

/// The folder of exports, unless it is missing.
fn folder() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test finds its files")]
    let folder = std::env::var("CRP_RECON_FIXTURES").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures"),
        PathBuf::from,
    );
    let folder = folder.join("statements/csv");
    if !folder.is_dir() {
        eprintln!("SKIPPED: no {}; set CRP_RECON_FIXTURES", folder.display());
        return None;
    }
    Some(folder)
}

fn profile(expected: &Expected) -> Profile {
    let fixed = [("account".to_owned(), expected.account.to_owned())];
    let ours = ProfileDefinition {
        name: "ours".to_owned(),
        extends: Some(expected.profile.to_owned()),
        fixed: fixed.into_iter().filter(|(_, it)| !it.is_empty()).collect(),
        ..ProfileDefinition::default()
    };
    Profile::resolve("ours", &[ours]).unwrap()
}

#[test]
fn third_party_exports_are_read_through_the_built_in_profiles() {
    let Some(folder) = folder() else { return };
    for expected in EXPORTS {
        let path = folder.join(expected.path);
        let opened = OpenFile::open(&path, u64::MAX).unwrap();
        let options = ExportOptions {
            profile: &profile(&expected),
            max_rejected_percent: 10,
        };
        let mut notes = Notes::default();
        let counts = read_export(&opened, options, &mut notes)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", expected.path));
        let found = (notes.amounts(), notes.rejected.len(), notes.balances());
        let balances = expected.balances;
        let balances = balances.map(|(one, other)| (one.to_owned(), other.to_owned()));
        let amounts: Vec<String> = expected.entries.iter().map(|it| (*it).to_owned()).collect();
        let wanted = (amounts, expected.rejected, balances);
        assert_eq!(found, wanted, "{}: {:?}", expected.path, notes.rejected);
        let rows = expected.entries.len() + expected.rejected;
        assert_eq!(counts.rows, u64::try_from(rows).unwrap());
    }
}

#[test]
fn a_table_that_is_no_statement_is_not_taken_for_one() {
    let Some(folder) = folder() else { return };
    for path in OTHERS {
        let path = folder.join(path);
        let opened = OpenFile::open(&path, u64::MAX).unwrap();
        for name in [BANK_CSV, BANK_CSV_US] {
            let profile = Profile::resolve(name, &[]).unwrap();
            assert!(!has_known_header(&opened, &profile), "{}", path.display());
        }
    }
}
