//! Workbooks, read back by another crate than the one that writes them.

use std::fs::File;
use std::io::{Cursor, Read as _, SeekFrom};

use calamine::{Data, DataType as _, Range, Reader as _, Xlsx, open_workbook};
use proptest::prelude::*;

use super::*;
use crate::domain::cause::Causes;
use crate::domain::discrepancy::{Code, State};
use crate::domain::file::FileStatus;
use crate::domain::payout::PayoutState;
use crate::domain::{Amount, Currency};
use crate::report::language::Language;
use crate::report::sample;
use crate::report::views;

/// A workbook of `data` and orders with these references; a sheet has room for `rows_max` rows.
fn written(data: &ReportData, orders: &[&str], rows_max: u32) -> (tempfile::TempDir, PathBuf) {
    written_in(Language::English, data, orders, rows_max)
}

fn written_in(
    language: Language,
    data: &ReportData,
    orders: &[&str],
    rows_max: u32,
) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let mut renderer = XlsxRenderer::new(folder.path(), Texts::of(language));
    renderer.rows_max = rows_max;
    renderer.begin(&views::orders::TABLE).unwrap();
    for order in orders {
        let mut row = sample::order_row();
        row.order_reference = order;
        renderer.row(&views::orders::cells(&row)).unwrap();
    }
    renderer.begin(&views::payouts::TABLE).unwrap();
    for payout in &data.payouts {
        renderer.row(&views::payouts::cells(payout)).unwrap();
    }
    renderer.begin(&views::balance::TABLE).unwrap();
    for balance in &data.balance {
        renderer.row(&views::balance::cells(balance)).unwrap();
    }
    renderer.begin(&views::inputs::TABLE).unwrap();
    for input in &data.inputs {
        renderer.row(&views::inputs::cells(input)).unwrap();
    }
    renderer.begin(&views::rejected::TABLE).unwrap();
    for rejected in &data.rejected {
        renderer.row(&views::rejected::cells(rejected)).unwrap();
    }
    renderer.begin(&views::discrepancies::TABLE).unwrap();
    let texts = Texts::of(language);
    for found in data.discrepancies.iter() {
        let cells =
            views::discrepancies::cells(&found, data.scope.as_of, &Causes::default(), texts);
        renderer.row(&cells).unwrap();
    }
    renderer.finish(data).unwrap();
    let path = folder.path().join(FILE_NAME);
    (folder, path)
}

fn sheet(path: &Path, name: &str) -> Range<Data> {
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    workbook.worksheet_range(name).unwrap()
}

/// A part of the file, as it is stored.
fn part(path: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    let mut entry = archive.by_name(name).unwrap();
    entry.read_to_string(&mut text).unwrap();
    drop(entry);
    text
}

/// The cell right of a label of the Summary.
fn beside(summary: &Range<Data>, label: &str) -> Data {
    let mut rows = summary.rows();
    let row = rows.find(|row| row[0].as_string().as_deref() == Some(label));
    row.unwrap()[1].clone()
}

#[test]
fn the_sheets_stand_in_the_order_of_the_contract_and_have_the_columns_of_the_tables() {
    let (_folder, path) = written(&sample::report_data(), &["WEB-1042"], ROWS_MAX);
    let workbook: Xlsx<_> = open_workbook(&path).unwrap();
    assert_eq!(
        workbook.sheet_names(),
        [
            "Summary",
            "Discrepancies",
            "Orders",
            "Payouts",
            "Balance",
            "Inputs",
            "Rejected"
        ]
    );
    let header = |name: &str| -> Vec<String> {
        let range = sheet(&path, name);
        let cells = range.rows().next().unwrap();
        cells.iter().map(|cell| cell.as_string().unwrap()).collect()
    };
    assert_eq!(header("Orders"), views::orders::TABLE.columns);
    let mut written = header("Discrepancies");
    assert_eq!(written[10..13], ["explanation", "Decision", "Reason"]);
    written.sort_unstable();
    let finance = ["Decision", "Reason"];
    let mut columns = [views::discrepancies::TABLE.columns, &finance[..]].concat();
    columns.sort_unstable();
    assert_eq!(written, columns);
}

#[test]
fn amounts_are_numbers_with_the_digits_of_their_currency_and_days_are_days() {
    let (_folder, path) = written(&sample::report_data(), &["WEB-1042"], ROWS_MAX);
    let orders = sheet(&path, "Orders");
    assert_eq!(orders[(1, 7)], Data::Float(180.0));
    assert_eq!(orders[(1, 10)], Data::Float(177.39));
    let payouts = sheet(&path, "Payouts");
    assert_eq!(payouts[(1, 3)].as_date(), Some(sample::day("2026-11-09")));
    assert!(part(&path, "xl/worksheets/sheet4.xml").contains("<v>1004.5</v>"));
    assert!(part(&path, "xl/styles.xml").contains("yyyy-mm-dd"));
}

#[test]
fn an_amount_that_a_spreadsheet_would_round_is_a_text_and_has_no_formula() {
    let mut data = sample::report_data();
    let huge: Amount = (0..3).map(|_| Amount::from_minor(i64::MAX)).sum();
    data.payouts[0].payout.gross = huge;
    let (_folder, path) = written(&data, &[], ROWS_MAX);
    let digits = Data::String("276701161105643274.21".into());
    assert_eq!(sheet(&path, "Payouts")[(1, 6)], digits);
    let summary = sheet(&path, "Summary");
    assert!(summary.used_cells().any(|(_, _, cell)| *cell == digits));
    let formulas = part(&path, "xl/worksheets/sheet1.xml");
    assert!(!formulas.contains("Payouts!$G$2"), "{formulas}");
    assert!(formulas.contains("Payouts!$H$2"), "{formulas}");
}

#[test]
fn nothing_that_others_wrote_becomes_a_formula_or_an_outward_link() {
    let hostile = [
        "=HYPERLINK(\"http://example.com\",\"x\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "http://example.com",
        "internal:Orders!A1",
        "<script>alert(1)</script>",
        "_x0041_\u{0}\u{b}\u{fffe}]]>&amp;",
        "Μαρία عبد \u{202e}",
    ];
    let mut data = sample::empty_report_data();
    let found = hostile.iter().map(|text| {
        let mut found = sample::discrepancy(Code::AmountMismatch);
        found.order_reference = (*text).to_owned();
        found.key = vec!["oney".into(), (*text).to_owned()];
        sample::reported(found)
    });
    data.discrepancies = found.collect();
    let (_folder, path) = written(&data, &hostile, ROWS_MAX);
    let orders = sheet(&path, "Orders");
    for (row, text) in hostile.iter().enumerate() {
        let quoted = if row < 6 {
            format!("'{text}")
        } else {
            (*text).to_owned()
        };
        let read = orders[(row + 1, 1)].as_string().unwrap();
        // This reader leaves the escapes of control characters as they are stored.
        if !quoted.contains(['\r', '\u{0}']) {
            assert_eq!(read, quoted);
        }
    }
    for number in 2..=7 {
        let xml = part(&path, &format!("xl/worksheets/sheet{number}.xml"));
        assert!(!xml.contains("<f>"), "a formula on sheet {number}");
        assert!(!xml.contains('\0'));
        // The notes at the columns that finance fills in are a part of the file.
        let xml = xml.replace("<legacyDrawing r:id=\"rId1\"/>", "");
        assert!(!xml.contains("r:id="), "an outward link on sheet {number}");
    }
    let links = part(&path, "xl/worksheets/sheet2.xml");
    let plain = hostile
        .iter()
        .filter(|text| !text.contains(char::is_control));
    assert_eq!(links.matches("<hyperlink ").count(), plain.count());
}

#[test]
fn a_discrepancy_links_to_its_order_its_payout_and_its_file() {
    let mut data = sample::report_data();
    let mut rejected = sample::discrepancy(Code::ReportRejected);
    rejected.file = data.inputs[1].file.name.clone();
    let found = [
        sample::discrepancy(Code::AmountMismatch),
        sample::discrepancy(Code::PayoutNotReceived),
        rejected,
        sample::discrepancy(Code::ReportMissing),
    ];
    data.discrepancies = found.into_iter().map(sample::reported).collect();
    data.payouts = vec![sample::payout(PayoutState::Mismatched)];
    let (_folder, path) = written(&data, &["WEB-1041", "WEB-1042"], ROWS_MAX);
    let xml = part(&path, "xl/worksheets/sheet2.xml");
    let links: Vec<&str> = xml.split("<hyperlink ").skip(1).collect();
    assert_eq!(links.len(), 3, "{links:?}");
    for target in ["Orders!A3", "Payouts!A2", "Inputs!A3"] {
        let location = format!("location=\"{target}\"");
        assert!(
            links.iter().any(|link| link.contains(&location)),
            "{target}: {links:?}"
        );
    }
}

#[test]
fn a_sheet_that_is_full_says_so_and_the_totals_still_count_every_row() {
    let data = sample::empty_report_data();
    let (_folder, path) = written(&data, &["A", "B", "C", "D", "E"], 5);
    let orders = sheet(&path, "Orders");
    assert_eq!(orders.height(), 5);
    assert_eq!(orders[(3, 1)], Data::String("C".into()));
    let note = orders[(4, 0)].as_string().unwrap();
    assert_eq!(note, "2 more rows do not fit into a sheet: see orders.csv");
    let summary = sheet(&path, "Summary");
    assert_eq!(beside(&summary, "Orders"), Data::Float(5.0));
    let total = summary
        .used_cells()
        .any(|(_, _, cell)| *cell == Data::Float(1_000.0));
    assert!(total, "five orders of 200.00");
    assert!(!part(&path, "xl/worksheets/sheet1.xml").contains("SUMIFS(Orders!"));
}

#[test]
fn a_sheet_that_is_just_full_has_no_note() {
    let data = sample::empty_report_data();
    let (_folder, path) = written(&data, &["A", "B", "C"], 5);
    assert_eq!(sheet(&path, "Orders").height(), 4);
    assert!(part(&path, "xl/worksheets/sheet1.xml").contains("SUMIFS(Orders!"));
}

#[test]
fn a_quiet_night_still_has_every_sheet() {
    let (_folder, path) = written(&sample::empty_report_data(), &[], ROWS_MAX);
    for (name, columns) in [("Orders", 12), ("Discrepancies", 27), ("Rejected", 6)] {
        assert_eq!(sheet(&path, name).get_size(), (1, columns), "{name}");
    }
    assert_eq!(beside(&sheet(&path, "Summary"), "0-7"), Data::Float(0.0));
}

#[test]
fn decisions_are_chosen_from_a_list_that_covers_every_row() {
    let (_folder, path) = written(&sample::report_data(), &[], ROWS_MAX);
    let xml = part(&path, "xl/worksheets/sheet2.xml");
    assert!(
        xml.contains("<formula1>\"accept,reopen,note,assign\"</formula1>"),
        "{xml}"
    );
    assert!(xml.contains("sqref=\"L2:L10\""), "{xml}");
}

#[test]
fn the_sheet_itself_tells_how_to_decide_in_the_language_of_the_report() {
    for (language, words, hint, headers) in [
        (
            Language::French,
            "accepter,rouvrir,noter,attribuer",
            "triées",
            ["Écarts", "Décision", "Motif"],
        ),
        (
            Language::German,
            "akzeptieren,wieder öffnen,notieren,zuweisen",
            "gefiltert",
            ["Abweichungen", "Entscheidung", "Begründung"],
        ),
    ] {
        let (_folder, path) = written_in(language, &sample::report_data(), &[], ROWS_MAX);
        let xml = part(&path, "xl/worksheets/sheet2.xml");
        assert!(
            xml.contains(&format!("<formula1>\"{words}\"</formula1>")),
            "{xml}"
        );
        let notes = part(&path, "xl/comments1.xml");
        let import = "crp-recon decisions import report.xlsx";
        assert!(notes.contains("ref=\"L1\"") && notes.contains("ref=\"M1\""));
        assert!(notes.contains(import) && notes.contains(hint), "{notes}");
        let [name, finance @ ..] = headers;
        let range = sheet(&path, name);
        let written = [(0, 11), (0, 12)].map(|at| range[at].as_string().unwrap());
        assert_eq!(written, finance);
    }
}

#[test]
fn the_summary_speaks_the_language_of_the_report() {
    let (_folder, path) = written_in(Language::French, &sample::report_data(), &["A"], ROWS_MAX);
    let summary = sheet(&path, "Synthèse");
    let texts: Vec<String> = summary
        .used_cells()
        .filter_map(|(_, _, cell)| cell.get_string().map(str::to_owned))
        .collect();
    for wanted in [
        "Rapprochement au 20/11/2026",
        "Écarts par code et par état",
        "Ancienneté des écarts ouverts",
        "jusqu’à 7 jours",
        "Totaux de Commandes",
        "Ce qui est ouvert, par type et par prestataire",
        "Ce que couvrent les livres",
        "Versements attendus",
        "Erreur",
    ] {
        assert!(
            texts.iter().any(|text| text == wanted),
            "{wanted}: {texts:?}"
        );
    }
    for english in ["as_of", "total", "error", "rows", "expected_payouts"] {
        assert!(texts.iter().all(|text| text != english), "{english}");
    }
}

#[test]
fn the_same_report_is_the_same_bytes_and_its_date_is_the_as_of_date() {
    let bytes = || {
        let (_folder, path) = written(&sample::report_data(), &["A", "B"], ROWS_MAX);
        (
            std::fs::read(&path).unwrap(),
            part(&path, "docProps/core.xml"),
        )
    };
    let (first, core) = bytes();
    assert!(first == bytes().0);
    assert_eq!(core.matches("2026-11-20T00:00:00Z").count(), 2, "{core}");
}

#[test]
fn the_counts_of_the_summary_are_those_of_the_states() {
    let mut data = sample::empty_report_data();
    let found = [State::New, State::New, State::Resolved].map(|state| {
        let mut found = sample::reported(sample::discrepancy(Code::Chargeback));
        found.state = state;
        found
    });
    data.discrepancies = found.into_iter().collect();
    data.inputs = vec![sample::input("a.csv", FileStatus::Refused)];
    let (_folder, path) = written(&data, &[], ROWS_MAX);
    let summary = sheet(&path, "Summary");
    let row = summary
        .rows()
        .find(|row| row[0] == Data::String("CHARGEBACK".into()));
    let numbers: Vec<Option<i64>> = row.unwrap()[1..7].iter().map(Data::as_i64).collect();
    assert_eq!(numbers, [2, 0, 0, 0, 1, 3].map(Some));
    assert_eq!(beside(&summary, "refused"), Data::Float(1.0));
    let eur = summary
        .rows()
        .find(|row| row[1] == Data::String("EUR".into()));
    assert_eq!(
        eur.unwrap()[2],
        Data::Float(400.0),
        "two open ones of 200.00"
    );
}

/// A disk with room for so many bytes.
struct Disk {
    written: Cursor<Vec<u8>>,
    room: u64,
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let end = self.written.position() + u64::try_from(bytes.len()).unwrap();
        if end > self.room {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.written.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Disk {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.written.seek(to)
    }
}

#[test]
fn a_workbook_is_written_to_its_last_byte_or_is_none() {
    let saved = |room| {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write(0, 0, "x").unwrap();
        let mut disk = Disk {
            written: Cursor::new(Vec::new()),
            room,
        };
        save_to(&mut workbook, &mut disk).map(|()| disk.written.into_inner().len())
    };
    let size = u64::try_from(saved(u64::MAX).unwrap()).unwrap();
    assert!(saved(size).is_ok());
    for room in [0, 1, 1_000, size - 100, size - 1] {
        assert!(saved(room).is_err(), "{room} of {size} bytes");
    }
}

#[test]
fn a_panic_of_the_workbooks_crate_is_an_error_of_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let said = |cause: io::ErrorKind| {
        let mut renderer = XlsxRenderer::new(folder.path(), Texts::of(Language::English));
        let error = renderer.guarded(|_| panic!("no way: {:?}", io::Error::from(cause)));
        error.unwrap_err().to_string()
    };
    let full = said(io::ErrorKind::StorageFull);
    assert!(
        full.contains("report.xlsx: there is no room left"),
        "{full}"
    );
    let other = said(io::ErrorKind::TimedOut);
    assert!(other.contains("report.xlsx: check the disk"), "{other}");
}

#[test]
fn a_currency_of_other_digits_has_its_own_number_format() {
    let yen = Currency::parse("JPY").unwrap();
    let mut data = sample::report_data();
    let mut other = data.payouts[0].clone();
    other.payout.currency = yen;
    data.payouts.push(other);
    let (_folder, path) = written(&data, &[], ROWS_MAX);
    let payouts = sheet(&path, "Payouts");
    assert_eq!(payouts[(1, 6)], Data::Float(1_020.0));
    assert_eq!(payouts[(2, 6)], Data::Float(102_000.0));
    let xml = part(&path, "xl/worksheets/sheet4.xml");
    let style = |cell: &str| {
        let (_, rest) = xml.split_once(&format!("<c r=\"{cell}\" s=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    assert_eq!(style("G2"), style("H2"));
    assert_ne!(style("G2"), style("G3"));
}

proptest! {
    #[test]
    fn texts_of_any_length_fit_into_a_cell_and_keep_their_beginning(
        letter in prop::sample::select(vec!["a", "é", "𝄞", "="]),
        count in prop_oneof![0_usize..40, 16_300_usize..16_400, 32_700_usize..32_800],
    ) {
        let text = letter.repeat(count);
        let safe = column::safe_text(&text);
        prop_assert!(safe.encode_utf16().count() <= 32_767);
        let quoted = safe.strip_prefix('\'');
        prop_assert_eq!(quoted.is_some(), letter == "=" && count > 0);
        let kept = quoted.unwrap_or(&safe);
        if let Some(beginning) = kept.strip_suffix("… [cut]") {
            prop_assert!(text.starts_with(beginning));
        } else {
            prop_assert_eq!(kept, text.as_str());
        }
    }
}
