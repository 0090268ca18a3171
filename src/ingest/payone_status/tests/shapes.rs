//! The ways in which a shop keeps notifications.

use std::io::Write;

use rust_xlsxwriter::Workbook;

use super::*;
use crate::ingest::open_file::OpenFile;

const CSV: &str = "received_at,key,txaction,txid,reference,sequencenumber,currency,receivable,\
                   balance,mode,txtime,lastname\n\
                   2026-11-21T08:30:00+01:00,secret,paid,200123456,ORDER-1,1,EUR,200.00,0.00,live,\
                   1795246200,Müller\n\
                   ,secret,appointed,200123456,ORDER-1,,EUR,0,0,live,1795246200,Müller\n";

const EXPECTED: [&str; 2] = [
    "2: payone/ORDER-1 #200123456 200.00 EUR, paid 1 balance 0.00, 2026-11-21 07:30:00",
    "3: payone/ORDER-1 #200123456 0.00 EUR, appointed 0 balance 0.00, 2026-11-21 07:30:00",
];

#[test]
fn a_table_has_the_parameters_as_columns() {
    assert_eq!(lines_of(notifications(CSV)), EXPECTED);
    let latin: Vec<u8> = CSV.chars().map(|c| u8::try_from(c).unwrap()).collect();
    assert_eq!(lines_of(read_with(read, "payone", &latin)), EXPECTED);
    let semicolons = CSV.replace(',', ";");
    assert_eq!(lines_of(notifications(&semicolons)), EXPECTED);
}

#[test]
fn a_workbook_is_read_like_a_table() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0..).zip(CSV.lines()) {
        for (column, value) in (0..).zip(line.split(',')) {
            match value.parse::<u32>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, value).unwrap(),
            };
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(lines_of(read_with(read, "payone", &bytes)), EXPECTED);
}

#[test]
fn objects_have_numbers_or_texts() {
    let objects = r#"{"txaction":"paid","txid":200123456,"reference":"ORDER-1","sequencenumber":1,"currency":"EUR","receivable":200.00,"balance":0,"mode":"live","txtime":1795246200,"lastname":"M"}
{"txaction":"appointed","txid":"200123456","reference":"ORDER-1","sequencenumber":"","currency":"EUR","receivable":"0.00","balance":"0.00","mode":"live","timestamp":"2026-11-21T08:30:00+01:00","txtime":null}
"#;
    let expected = [
        EXPECTED[0].replacen('2', "1", 1),
        EXPECTED[1].replacen('3', "2", 1),
    ];
    assert_eq!(lines_of(notifications(objects)), expected);
}

#[test]
fn a_log_may_be_compressed_or_utf16() {
    let log = line("paid", "1", "200.00", "0.00");
    let expected = lines_of(notifications(&log));
    assert_eq!(expected.len(), 1);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(log.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    assert_eq!(lines_of(read_with(read, "payone", &packed)), expected);
    let wide: Vec<u8> = format!("\u{feff}{log}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(lines_of(read_with(read, "payone", &wide)), expected);
}

#[test]
fn commas_are_amounts_only_where_the_profile_says_so() {
    let log = line("paid", "1", "123,45", "0,00");
    let (_, notes) = notifications(&log).unwrap();
    assert!(notes.rejected[0].reason.contains("decimal_mark"));
    let comma = || ProfileDefinition {
        decimal_mark: Some(','),
        ..ProfileDefinition::default()
    };
    let read = under(comma(), NotificationMode::Live, &log);
    assert!(lines_of(read)[0].contains(" 123.45 EUR,"));
    let dots = line("paid", "1", "1.234", "0.00");
    let (_, notes) = under(comma(), NotificationMode::Live, &dots).unwrap();
    assert_eq!(notes.rejected.len(), 1, "a dot is not taken for thousands");
}

#[test]
fn a_profile_may_name_columns_and_fix_values() {
    let definition = ProfileDefinition {
        columns: [("txaction".to_owned(), vec!["Ereignis".to_owned()])].into(),
        fixed: [("currency".to_owned(), "EUR".to_owned())].into(),
        ..ProfileDefinition::default()
    };
    let table = "Ereignis,txid,reference,sequencenumber,receivable,balance,txtime\n\
                 paid,1001,A,1,20.00,0.00,1795246200\n";
    assert_eq!(
        lines_of(under(definition, NotificationMode::Live, table)),
        ["2: payone/A #1001 20.00 EUR, paid 1 balance 0.00, 2026-11-21 07:30:00"]
    );
}

#[test]
fn notifications_are_recognised_by_their_beginning() {
    let recognised = |content: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        let opened = OpenFile::open(&path, u64::MAX).unwrap();
        let profile = Profile::resolve(PAYONE_STATUS, &[]).unwrap();
        is_notifications(&opened, &profile)
    };
    let log = line("paid", "1", "200.00", "0.00");
    assert!(recognised(&log));
    assert!(recognised(&format!(
        "damaged\n\n2026-11-20T10:00:00Z\t{log}"
    )));
    assert!(recognised(CSV));
    assert!(!recognised(
        "order_reference,provider,amount,currency,status,ordered_at\n"
    ));
    assert!(!recognised("{\"asked_at\":\"2026-11-20T10:00:00Z\"}\n"));
    assert!(!recognised("notes\n"));
    assert!(!recognised(""));
}
