use super::{found, statement};
use crate::ingest::statements::mt940::{FIELD_BYTES_MAX, LINE_BYTES_MAX, is_format};

fn reason(text: &str) -> String {
    found(text).unwrap_err().reason
}

#[test]
fn a_file_that_ends_before_a_closing_balance_is_refused_even_after_complete_statements() {
    let text = [
        statement(":61:261117C20,50NTRFX\n:86:x"),
        statement(":61:261117C20,50NTRFX\n:86:x"),
    ]
    .concat();
    let comma = |from: usize| text.get(from..).unwrap().find(',').unwrap() + from;
    let first = comma(text.find(":62F:").unwrap());
    let second = comma(text.rfind(":62F:").unwrap());
    let next_begins = text.rfind(":20:").unwrap() + ":20:".len();
    for end in (0..=first).chain(next_begins..=second) {
        assert!(
            found(text.get(..end).unwrap()).is_err(),
            "cut at byte {end}"
        );
    }
    let cut = text.rsplit_once(":62F:").unwrap().0;
    assert_eq!(
        reason(cut),
        "is cut off: the statement that begins on line 9 ends without the closing balance \
         :62F: (line 14); ask the bank for the file again"
    );
}

#[test]
fn a_message_that_its_block_does_not_end_is_cut() {
    let body = statement("");
    let body = body.trim_end_matches("-\n");
    assert!(reason(&format!("{{4:\n{body}")).contains("no -} ends its last message"));
    let next = format!("{{4:\n{body}-}}{{1:F01BANK");
    assert!(reason(&next).contains("cut off"), "{}", reason(&next));
    let open = body.split_once(":62F:").unwrap().0;
    let begun = format!("{{4:\n{open}{{1:F01}}{{4:\n{body}-}}");
    assert!(reason(&begun).contains("ends without the closing balance"));
}

#[test]
fn a_statement_without_account_or_opening_balance_is_refused() {
    let good = statement("");
    let account = good.replace(":25:FR7630006000011234567890189\n", "");
    assert!(reason(&account).contains("names no account; expected :25:"));
    let empty = good.replace("FR7630006000011234567890189", " ");
    assert!(reason(&empty).contains("names no account"));
    let opening = good.replace(":60F:C261116EUR100,00\n", "");
    assert!(
        reason(&opening).contains("without an opening balance"),
        "{}",
        reason(&opening)
    );
    let line = opening.replace(":62F:", ":61:261117C1,00NTRFX\n:62F:");
    assert!(
        reason(&line).contains("in no currency"),
        "{}",
        reason(&line)
    );
}

#[test]
fn a_balance_that_cannot_be_read_refuses_the_file() {
    for (balance, problem) in [
        ("C261117EUR12x,50", "is not an amount"),
        ("X261117EUR120,50", "expected C or D"),
        ("C26111", "is no balance"),
        (
            "C261117USD120,50",
            "closes a statement in USD that began in EUR",
        ),
        ("", "is no balance"),
    ] {
        let reason = reason(&statement("").replace("C261117EUR120,50", balance));
        assert!(
            reason.contains(problem) && reason.contains("(line "),
            "{reason}"
        );
    }
    let no_currency = statement("").replace("C261116EUR", "C261116");
    assert!(reason(&no_currency).contains("has no currency"));
}

#[test]
fn fields_that_do_not_belong_to_a_statement_are_refused() {
    assert!(reason(":61:261117C1,00NTRFX\n").contains("outside any statement"));
    assert!(reason(":62F:C261117EUR1,00\n").contains("outside any statement"));
    assert!(reason(":64:C261117EUR1,00\n").contains("holds no statement"));
    assert!(reason("hello").contains("holds no statement"));
    let twice = statement(":25:456");
    assert!(
        reason(&twice).contains("has a second account"),
        "{}",
        reason(&twice)
    );
    let twice = statement(":60F:C261116EUR1,00");
    assert!(reason(&twice).contains("second opening balance"));
}

#[test]
fn everything_has_a_limit() {
    let long = "x".repeat(LINE_BYTES_MAX + 10);
    let line = statement(&format!(":61:261117C1,00NTRFX\n:86:{long}"));
    assert!(reason(&line).contains("a line of more than"));
    let lines = format!("{}\n", "x".repeat(60)).repeat(FIELD_BYTES_MAX.div_ceil(60));
    let field = statement(&format!(":61:261117C1,00NTRFX\n:86:{lines}"));
    assert!(reason(&field).contains("a field of more than"));
    let fields = format!(":86:{}\n", "x".repeat(60_000)).repeat(5);
    let entry = statement(&format!(":61:261117C1,00NTRFX\n{fields}"));
    assert!(reason(&entry).contains("an entry with more than"));
}

#[test]
fn mt940_is_told_from_its_beginning() {
    for head in [
        "{1:F01BANK",
        "\r\n:20:X\r\n",
        "words\n:25:1\n",
        "@@:20:X@@:25:1",
        ":62F:C",
    ] {
        assert!(is_format(head), "{head:?}");
    }
    for head in [
        "",
        "20:",
        "Date;:20:\n",
        "at 12:20:15\n",
        "{\"a\":1}",
        ":999:x",
    ] {
        assert!(!is_format(head), "{head:?}");
    }
}
