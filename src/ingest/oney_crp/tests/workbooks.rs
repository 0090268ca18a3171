//! A report saved as a workbook, with typed values and with texts.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::{Noted, PLAIN, plain_with, read_bytes};

/// The plain report in the second sheet of a workbook, its values written by `cell`.
fn workbook(cell: impl Fn(&mut Worksheet, u16, &str, &str)) -> Vec<u8> {
    let mut book = Workbook::new();
    let notes = book.add_worksheet();
    notes.write_string(0, 0, "Prepared by accounting").unwrap();
    let sheet = book.add_worksheet();
    for (column, (name, value)) in (0_u16..).zip(PLAIN) {
        sheet.write_string(0, column, name).unwrap();
        if !value.is_empty() {
            cell(sheet, column, name, value);
        }
    }
    book.save_to_buffer().unwrap()
}

#[track_caller]
fn only_line(content: &[u8]) -> Noted {
    let (counts, notes) = read_bytes(content, &[]).unwrap();
    assert_eq!(notes.rejected, []);
    assert_eq!(counts.rows, 1);
    notes.lines.into_iter().next().unwrap()
}

#[test]
fn a_workbook_of_texts_is_read_like_a_csv() {
    let content = workbook(|sheet, column, _, value| {
        sheet.write_string(1, column, value).unwrap();
    });
    assert_eq!(only_line(&content), plain_with(&[]));
}

#[test]
fn typed_dates_times_and_numbers_are_read_like_their_texts() {
    let content = workbook(|sheet, column, name, value| {
        let day = Format::new().set_num_format("dd/mm/yyyy");
        let hour = Format::new().set_num_format("hh:mm:ss");
        match name {
            "Purchase_date" => {
                let date = ExcelDateTime::from_ymd(2026, 11, 5).unwrap();
                sheet.write_with_format(1, column, &date, &day).unwrap();
            }
            "Purchase_hour" => {
                let time = ExcelDateTime::from_hms(10, 11, 12).unwrap();
                sheet.write_with_format(1, column, &time, &hour).unwrap();
            }
            _ => match value.parse::<rust_decimal::Decimal>() {
                // A workbook's own number: 196.40 is stored as 196.4.
                Ok(number) => {
                    sheet.write(1, column, number).unwrap();
                }
                Err(_) => {
                    sheet.write_string(1, column, value).unwrap();
                }
            },
        }
    });
    assert_eq!(only_line(&content), plain_with(&[]));
}
