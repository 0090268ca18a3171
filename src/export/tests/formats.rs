//! How the formats write entries: escaping, limits, currencies, years.

use super::super::compose::reported as compose;
use super::super::{file_name, render};
use super::*;
use crate::domain::accounts::{
    AccountRole, AccountSettings, ExportFormat, FecEncoding, datev_chart,
};

fn text(format: ExportFormat, journal: &Journal, settings: &AccountSettings) -> String {
    let bytes = render(format, journal, settings).unwrap();
    match format {
        ExportFormat::Datev => encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned(),
        ExportFormat::Fec => encoding_rs::ISO_8859_15.decode(&bytes).0.into_owned(),
        ExportFormat::Hledger | ExportFormat::Beancount => String::from_utf8(bytes).unwrap(),
    }
}

fn refused(format: ExportFormat, journal: &Journal) -> String {
    let refusal = render(format, journal, &AccountSettings::default());
    refusal.unwrap_err().to_string()
}

fn one_funding() -> Journal {
    of_november(compose(&reported(LineKind::Funding, "1234.50", "2.90")))
}

/// Everything that a format may forbid, in a reference and a file name.
fn hostile() -> Journal {
    let mut lines = reported(LineKind::Funding, "10.00", "0.00");
    lines.reference = "é|\"\\;\t\r\n漢  x, y".repeat(9);
    lines.source.file = "a;b,\"c\\|d\u{0}.csv".to_owned();
    lines.party.name = "Ö;n|e\"y";
    of_november(compose(&lines))
}

#[test]
fn a_fec_has_eighteen_fields_a_decimal_comma_and_the_source_as_piece() {
    let settings = AccountSettings::default();
    let text = text(ExportFormat::Fec, &one_funding(), &settings);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 6);
    assert!(lines[0].starts_with("JournalCode\tJournalLib\tEcritureNum\tEcritureDate\t"));
    assert!(lines[0].ends_with("\tValidDate\tMontantdevise\tIdevise"));
    assert_eq!(
        lines[1],
        "PSP\tPrestataires de paiement\t1\t20261118\t467100\tPrestataires de paiement\tONEY\tOney\t\
         crp_fr_v3_261118_001.csv:2-9 11\t20261118\tOney Financement TFR1\t1231,60\t0,00\t\t\t\
         20261118\t\t"
    );
    assert_eq!(
        lines[2],
        "PSP\tPrestataires de paiement\t1\t20261118\t411000\tClients\t\t\t\
         crp_fr_v3_261118_001.csv:2-9 11\t20261118\tOney Financement TFR1\t0,00\t1234,50\t\t\t\
         20261118\t\t"
    );
}

#[test]
fn datev_writes_gross_and_commission_as_two_sides_of_the_clearing_account() {
    let settings = AccountSettings::default();
    let text = text(ExportFormat::Datev, &one_funding(), &settings);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "\"EXTF\";700;21;\"Buchungsstapel\";13;20261130000000000;;\"CR\";\"\";\"\";1001;1;20260101;\
         4;20261101;20261130;\"crp-recon 20261101-20261130\";\"\";1;0;0;\"EUR\";;\"\";;;\"03\";;;\
         \"\";\"\""
    );
    assert_eq!(lines[0].split(';').count(), 31);
    let starts = [
        "1234,50;\"S\";\"EUR\";;;\"\";1500;1360;\"\";1811;\"TFR1\";\"\";;\"Oney Finanzierung TFR1\";",
        "2,42;\"H\";\"EUR\";;;\"\";1500;4970;\"\";1811;",
        "0,48;\"H\";\"EUR\";;;\"\";1500;1576;\"\";1811;",
    ];
    for (line, start) in lines[2..].iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
        assert_eq!(line.split(';').count(), 125);
        assert!(
            line.contains(";\"Quelle\";\"crp_fr_v3_261118_001.csv:2-9 11\";"),
            "{line}"
        );
    }
    assert_eq!(lines[1].split(';').count(), 125);
    assert_eq!(lines[1].split(';').nth(113), Some("Festschreibung"));
}

#[test]
fn no_text_of_a_file_breaks_out_of_its_field() {
    let (journal, settings) = (hostile(), AccountSettings::default());
    let fec = text(ExportFormat::Fec, &journal, &settings);
    assert!(
        fec.lines().all(|line| line.split('\t').count() == 18),
        "{fec}"
    );
    assert!(!fec.contains('|') && fec.lines().count() == 3, "{fec}");

    let datev = text(ExportFormat::Datev, &journal, &settings);
    let posting = datev.split("\r\n").nth(2).unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(posting.as_bytes());
    let fields = reader.records().next().unwrap().unwrap();
    assert_eq!(fields.len(), 125);
    let safe = |c: char| c.is_ascii_alphanumeric() || "$%&*+-/".contains(c);
    assert!(
        fields[10].chars().all(safe) && fields[10].len() <= 36,
        "{}",
        &fields[10]
    );
    assert!(fields[13].chars().count() <= 60);
    assert_eq!(&fields[21], "a;b,\"c\\|d .csv:2-9 11");

    let hledger = text(ExportFormat::Hledger, &journal, &settings);
    let head = hledger
        .lines()
        .find(|line| line.starts_with("2026-"))
        .unwrap();
    assert!(
        !head.contains(';') && head.matches('|').count() == 1,
        "{head}"
    );
    assert!(
        hledger.contains("    ; source: a;b \"c\\|d .csv:2-9 11\n"),
        "{hledger}"
    );

    let beancount = text(ExportFormat::Beancount, &journal, &settings);
    assert!(
        beancount.contains("* \"Ö;n|e\\\"y\" \"Funding é|\\\"\\\\; 漢 x"),
        "{beancount}"
    );
    assert!(
        beancount.contains("  source: \"a;b,\\\"c\\\\|d .csv:2-9 11\"\n"),
        "{beancount}"
    );
}

#[test]
fn a_fec_may_be_utf_8() {
    let mut settings = AccountSettings::default();
    settings.fec.encoding = FecEncoding::Utf8;
    let bytes = render(ExportFormat::Fec, &hostile(), &settings).unwrap();
    assert!(String::from_utf8(bytes).unwrap().contains("é \"\\; 漢 x"));
}

#[test]
fn providers_that_fold_into_one_name_keep_accounts_of_their_own() {
    let lines = |provider: &'static str| {
        let lines = Reported {
            party: Party {
                provider,
                name: provider,
            },
            ..reported(LineKind::Funding, "10.00", "0.00")
        };
        compose(&lines)
    };
    let journal = of_november([lines("acme+"), lines("acme/"), lines("Acme")].concat());
    let settings = AccountSettings::default();
    let text = text(ExportFormat::Beancount, &journal, &settings);
    let opened = text
        .lines()
        .filter(|line| line.contains(" open Assets:Receivable:"));
    let opened: std::collections::BTreeSet<&str> = opened.collect();
    assert_eq!(opened.len(), 3, "{text}");
}

#[test]
fn books_in_one_currency_need_rates_for_the_others() {
    let pounds = Reported {
        currency: currency("GBP"),
        ..reported(LineKind::Funding, "10.01", "0.33")
    };
    let alone = of_november(compose(&pounds));
    let mut settings = AccountSettings::default();
    // Only pounds: the books are kept in pounds.
    let kept = text(ExportFormat::Datev, &alone, &settings);
    assert!(kept.contains(";\"GBP\";;\"\";;;\"03\""), "{kept}");

    let euros = compose(&reported(LineKind::Funding, "1.00", "0.00"));
    let both = of_november([compose(&pounds), euros].concat());
    for format in [ExportFormat::Fec, ExportFormat::Datev] {
        let error = refused(format, &both);
        assert!(error.contains("set `GBP` in [accounts.rates]"), "{error}");
    }
    settings
        .rates
        .insert(currency("GBP"), "1.15".parse().unwrap());
    let fec = text(ExportFormat::Fec, &both, &settings);
    // 10.01 × 1.15 = 11.5115, 0.27 → 0.31 (0.275 × …), 0.06 → 0.07; the receivable takes the rest.
    let rows: Vec<Vec<&str>> = fec
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    let amounts = rows.iter().map(|row| [row[11], row[12], row[16], row[17]]);
    assert_eq!(
        amounts.collect::<Vec<_>>(),
        [
            ["1,00", "0,00", "", ""],
            ["0,00", "1,00", "", ""],
            ["11,13", "0,00", "9,68", "GBP"],
            ["0,00", "11,51", "-10,01", "GBP"],
            ["0,31", "0,00", "0,27", "GBP"],
            ["0,07", "0,00", "0,06", "GBP"],
        ]
    );
}

#[test]
fn datev_refuses_two_financial_years_and_says_where_the_first_one_ends() {
    let on = |day: &str| {
        let lines = Reported {
            date: day.parse().unwrap(),
            ..reported(LineKind::Funding, "1.00", "0.00")
        };
        compose(&lines)
    };
    let days = ("2026-01-01".parse().unwrap(), "2027-12-31".parse().unwrap());
    let entries = [on("2026-12-31"), on("2027-01-01")].concat();
    let two = Journal::of_days(entries, days, days.1);
    assert!(refused(ExportFormat::Datev, &two).contains("--from 2026-01-01 --to 2026-12-31"));
    // Where nothing is booked in the other year, the header leaves its days out.
    let one = Journal::of_days(on("2026-12-31"), days, days.1);
    let text = text(ExportFormat::Datev, &one, &AccountSettings::default());
    assert!(text.contains(";20260101;4;20260101;20261231;"), "{text}");
}

#[test]
fn an_amount_that_a_posting_cannot_hold_is_refused() {
    let huge = compose(&reported(LineKind::Funding, "9999999999.99", "0.00"));
    let entries = [huge.clone(), huge].concat();
    assert!(
        render(
            ExportFormat::Datev,
            &of_november(entries),
            &AccountSettings::default()
        )
        .is_ok()
    );
    let lines = Reported {
        gross: euros("9999999999.99") + euros("0.01"),
        ..reported(LineKind::Funding, "0.00", "0.00")
    };
    assert!(refused(ExportFormat::Datev, &of_november(compose(&lines))).contains("10000000000,00"));
}

#[test]
fn yen_have_no_decimals_and_dinars_three() {
    let of = |code: &str, minor: i64| Reported {
        currency: currency(code),
        gross: Amount::from_minor(minor),
        ..reported(LineKind::Funding, "0.00", "0.00")
    };
    let journal = of_november([compose(&of("JPY", 1500)), compose(&of("KWD", 1500))].concat());
    let text = text(ExportFormat::Hledger, &journal, &AccountSettings::default());
    for part in [
        "commodity 1000. JPY",
        "commodity 1000.000 KWD",
        "1500 JPY",
        "1.500 KWD",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let dinars = of_november(compose(&of("KWD", 1500)));
    assert!(refused(ExportFormat::Fec, &dinars).contains("2 decimals"));
}

#[test]
fn files_have_the_names_of_their_formats() {
    let (journal, mut settings) = (one_funding(), AccountSettings::default());
    assert!(file_name(ExportFormat::Fec, &journal, &settings).is_err());
    settings.fec.siren = Some("123456789".to_owned());
    let names = ExportFormat::ALL.map(|format| file_name(format, &journal, &settings).unwrap());
    assert_eq!(
        names,
        [
            "123456789FEC20261231.txt",
            "EXTF_Buchungsstapel_2026-11-01_2026-11-30.csv",
            "2026-11-01_2026-11-30.journal",
            "2026-11-01_2026-11-30.beancount",
        ]
    );
}

#[test]
fn both_german_charts_have_numbers_for_everything() {
    for word in ["skr03", "skr04"] {
        let (_, names) = datev_chart(word).unwrap();
        let mut numbers: Vec<&String> = names.general.values().collect();
        assert!(numbers.iter().all(|number| number.len() == 4), "{word}");
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), AccountRole::ALL.len(), "{word}");
    }
}
