//! Workbooks that say more than they hold: cells where no program has any, and a few hundred bytes
//! that unfold into gigabytes.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::{Case, Effect, at, check};

const COLUMNS: [&str; 7] = [
    "order_reference",
    "provider",
    "merchant",
    "amount",
    "currency",
    "status",
    "ordered_at",
];

const VALUES: [&str; 7] = ["WEB-2", "oney", "", "20.00", "EUR", "FUNDED", "2026-11-10"];

fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of one sheet: what stands before its rows, and rows behind a header and an order.
fn xlsx_of(before: &str, rows: &str, parts: &[(&str, String)]) -> Vec<u8> {
    let cells = |values: [&str; 7]| -> String {
        let cell = |value: &str| format!("<c t=\"inlineStr\"><is><t>{value}</t></is></c>");
        values.iter().map(|value| cell(value)).collect()
    };
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{before}\
         <sheetData><row r=\"1\">{}</row><row r=\"2\">{}</row>{rows}</sheetData></worksheet>",
        cells(COLUMNS),
        cells(VALUES)
    );
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"rId1\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let mut all = vec![
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"
                .into(),
        ),
        (
            "_rels/.rels",
            relations("officeDocument", "xl/workbook.xml"),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                 xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/>\
                 </sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations("worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    all.extend(parts.iter().map(|(name, text)| (*name, text.clone())));
    archive(&all)
}

/// An ODS workbook: rows behind a header and an order.
fn ods_of(rows: &str) -> Vec<u8> {
    let row = |values: [&str; 7]| -> String {
        let cell = |value: &str| {
            format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{value}</text:p>\
                 </table:table-cell>"
            )
        };
        let cells: String = values.iter().map(|value| cell(value)).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body>\
         <office:spreadsheet><table:table table:name=\"S\">{}{}{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>",
        row(COLUMNS),
        row(VALUES)
    );
    archive(&[
        (
            "mimetype",
            "application/vnd.oasis.opendocument.spreadsheet".into(),
        ),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>"
                .into(),
        ),
        ("content.xml", content),
    ])
}

/// So many hexadecimal digits that do not look alike: an archive that packs too well is refused for
/// that alone.
fn letters(count: usize) -> String {
    let mut letters = String::with_capacity(count + 8);
    let mut number = 1_u32;
    while letters.len() < count {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        write!(letters, "{:04x}", number >> 16).unwrap();
    }
    letters
}

fn xlsx(bytes: Vec<u8>, effect: Effect) -> Case {
    at("inbox/orders/orders.xlsx", bytes, effect)
}

fn ods(bytes: Vec<u8>, effect: Effect) -> Case {
    at("inbox/orders/orders.ods", bytes, effect)
}

#[test]
fn cells_where_no_program_has_any_refuse_their_workbook_and_nothing_else() {
    let cell = |place: &str| format!("<row r=\"3\"><c r=\"{place}\"><v>1</v></c></row>");
    let refused = |rows: &str| xlsx(xlsx_of("", rows, &[]), Effect::Refused(&[]));
    check(vec![
        ("sound", xlsx(xlsx_of("", "", &[]), Effect::Taken(1))),
        ("a row beyond all numbers", refused(&cell("A99999999999"))),
        ("a column beyond all numbers", refused(&cell("ZZZZZZZZZZ2"))),
        ("a column that no sheet has", refused(&cell("ZZZZ3"))),
        (
            "a row number beyond 32 bits",
            refused("<row r=\"4294967296\"><c><v>1</v></c></row>"),
        ),
        (
            "a row that no sheet has",
            refused("<row r=\"2000000\"><c r=\"A2000000\"><v>1</v></c></row>"),
        ),
    ]);
}

/// Whether the library minds a wrong dimension is its own business: nothing else may suffer.
#[test]
fn a_wrong_dimension_costs_no_more_than_its_own_file() {
    for before in [
        "<dimension ref=\"B9:A1\"/>",
        "<dimension ref=\"A1:ZZZZZZZ99999999999\"/>",
        "<dimension ref=\"\"/>",
    ] {
        let company = crate::company::Company::with(crate::company::CONFIG);
        company.put("inbox/orders/orders.xlsx", xlsx_of(before, "", &[]));
        let answer = company.call(&["run", "--as-of", crate::company::AS_OF]);
        assert!(matches!(answer.code, 0 | 3), "{before}: {}", answer.stderr);
        let report = company.report(crate::company::AS_OF);
        let input = report.input("orders.xlsx");
        assert!(
            ["accepted", "refused"].contains(&input["status"].as_str()),
            "{before}: {input:?}"
        );
    }
}

#[test]
fn what_unfolds_into_gigabytes_is_refused_before_it_does() {
    let too_much = || Effect::Refused(&["256 MB"]);
    let filled =
        "<table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>";
    let many_rows = format!(
        "<table:table-row table:number-rows-repeated=\"1048570\">{filled}</table:table-row>"
    );
    let far_row = format!(
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
         table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row>{filled}</table:table-row>"
    );
    let wide_rows = "<table:table-row table:number-rows-repeated=\"5000\"><table:table-cell \
                     office:value-type=\"string\" table:number-columns-repeated=\"16384\"><text:p>x\
                     </text:p></table:table-cell></table:table-row>";
    let blanks = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>\
                  <text:s text:c=\"4000000000\"/></text:p></table:table-cell></table:table-row>";
    let announced = "<sst uniqueCount=\"900000000\"><si><t>x</t></si></sst>".to_owned();
    let mut fonts = "<styleSheet><fonts>".to_owned();
    for size in 0..700_000 {
        write!(fonts, "<font s=\"{size}\"/>").unwrap();
    }
    fonts.push_str("</fonts></styleSheet>");
    let styles = format!(
        "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"{}\"/></numFmts>\
         <cellXfs>{}</cellXfs></styleSheet>",
        letters(100_000),
        "<xf numFmtId=\"200\"/>".repeat(2_000)
    );
    let endless = format!("<sst><si><t>{}</t></si></sst>", letters(6 * 1024 * 1024));
    let with = |name, text| xlsx(xlsx_of("", "", &[(name, text)]), too_much());
    check(vec![
        ("a row a million times", ods(ods_of(&many_rows), too_much())),
        ("a cell far below", ods(ods_of(&far_row), too_much())),
        ("wide rows many times", ods(ods_of(wide_rows), too_much())),
        ("blanks by number", ods(ods_of(blanks), too_much())),
        ("announced texts", with("xl/sharedStrings.xml", announced)),
        ("very many fonts", with("xl/styles.xml", fonts)),
        (
            "one text without end",
            with("xl/sharedStrings.xml", endless),
        ),
        ("styles with a long name", with("xl/styles.xml", styles)),
    ]);
}

/// What office programs write: the rows below a table, repeated to the end of the sheet.
#[test]
fn empty_rows_to_the_end_of_the_sheet_are_nothing() {
    let below = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell \
                 table:number-columns-repeated=\"16384\"/></table:table-row>";
    check(vec![("empty rows", ods(ods_of(below), Effect::Taken(1)))]);
}

/// One cell in the last corner of a sheet takes no memory, and is a row of its own.
#[test]
fn a_cell_far_from_the_table_is_a_rejected_row() {
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    let company = crate::company::Company::with(crate::company::CONFIG);
    company.put("inbox/orders/orders.xlsx", xlsx_of("", far, &[]));
    company
        .call(&["run", "--as-of", crate::company::AS_OF])
        .exits(3);
    let report = company.report(crate::company::AS_OF);
    let input = report.input("orders.xlsx");
    assert_eq!(
        (&input["accepted"], &input["rejected"]),
        (&"1".into(), &"1".into())
    );
}
