use super::{day, found, minor, only_statement, read, statement};
use crate::domain::statement::StatementKind;
use crate::ingest::statements::testing::Found;

fn account(field: &str) -> String {
    let text = statement("").replace(":25:FR7630006000011234567890189", &format!(":25:{field}"));
    only_statement(&text).account
}

#[test]
fn a_statement_has_account_number_days_and_balances() {
    let statement = only_statement(&statement(":61:261117C20,50NTRFX\n:86:x"));
    assert_eq!(statement.account, "FR7630006000011234567890189");
    assert_eq!(
        (statement.id.as_str(), statement.sequence.as_str()),
        ("", "231")
    );
    assert_eq!(statement.from, Some(day("2026-11-16")));
    assert_eq!(statement.to, Some(day("2026-11-17")));
    assert_eq!(statement.currency.unwrap().code(), "EUR");
    assert_eq!(minor(statement.opening), Some(10_000));
    assert_eq!(minor(statement.closing), Some(12_050));
    assert_eq!(statement.kind, StatementKind::Booked);
}

#[test]
fn the_account_is_the_iban_or_the_bank_s_own_number_without_blanks_and_currency() {
    for (written, expected) in [
        ("NL62INGB0001212121EUR", "NL62INGB0001212121"),
        ("NL84RABO01212121212 EUR", "NL84RABO01212121212"),
        ("NL92 KNAB 0123 4567 89", "NL92KNAB0123456789"),
        (
            "AGRIFRPP/FR7630006000011234567890189",
            "FR7630006000011234567890189",
        ),
        (
            "FR7630006000011234567890189/EUR",
            "FR7630006000011234567890189",
        ),
        // The currency at the end of this one belongs to it.
        (
            "MU17BOMM0101101030300200000MUR",
            "MU17BOMM0101101030300200000MUR",
        ),
        ("50880050/0194787400888", "50880050/0194787400888"),
        ("20041111/877321000EUR", "20041111/877321000"),
        (
            "UBRTHUHB/123456789150ABCDEF002/EUR",
            "UBRTHUHB/123456789150ABCDEF002",
        ),
        ("0878787878        ", "0878787878"),
        ("12 34 56", "123456"),
    ] {
        assert_eq!(account(written), expected, "{written}");
    }
}

#[test]
fn the_number_says_nothing_of_a_single_page() {
    for (field, sequence) in [
        (":28C:00231/001", "231"),
        (":28:7/1", "7"),
        (":28C:000", "0"),
        (":28C:00000/00001", "0"),
        (":21:NONREF", "0"),
    ] {
        let text = statement("").replace(":28C:00231/001", field);
        assert_eq!(only_statement(&text).sequence, sequence, "{field}");
    }
}

#[test]
fn pages_of_a_statement_are_linked_by_their_intermediate_balances() {
    let text = ":20:X\n:25:123\n:28C:5/1\n:60F:C261116EUR0,00\n:61:261117C3,00NTRF\n\
                :62M:C261117EUR3,00\n-\n:20:X\n:25:123\n:28C:5/2\n:60M:C261117EUR3,00\n\
                :61:261117D1,00NTRF\n:62F:C2611172,00\n-\n";
    let found = found(text).unwrap();
    let pages: Vec<_> = found.statements.iter().map(|(page, _)| page).collect();
    let sequences: Vec<_> = pages.iter().map(|page| page.sequence.as_str()).collect();
    assert_eq!(sequences, ["5/1", "5/2"]);
    assert_eq!(minor(pages[0].closing), minor(pages[1].opening));
    // The currency of the last balance is missing there.
    assert_eq!(minor(pages[1].closing), Some(200));
}

#[test]
fn blocks_headers_and_line_ends_of_any_kind_are_read() {
    let plain = statement(":61:261117C20,50NTRFX\n:86:x");
    let body = plain.trim_end_matches("-\n");
    for text in [
        format!("{{1:F01BANKFRPPAXXX0000000000}}{{2:I940BANKFRPPXXXXN}}{{4:\n{body}-}}"),
        format!("{{1:F01BANK}}{{2:I940BANK}}{{3:{{108:X}}}}{{4:{body}-}}{{5:{{MAC:0}}}}"),
        format!("{{1:F01BANK}}\n{{2:I940BANK}}\n{{4:\n{body}-XXX\n"),
        format!("BANKFRPP\n940\nBANKFRPP\n{plain}"),
        format!("words and\n- - - lines\n\n:940:\n{plain}"),
        plain.replace('\n', "\r\n"),
        format!("@@{}@@", plain.replace('\n', "@@")),
        body.trim_end().to_owned(),
        format!("{plain}\u{1a}"),
    ] {
        let statement = only_statement(&text);
        assert_eq!(minor(statement.closing), Some(12_050), "{text}");
        assert_eq!(found(&text).unwrap().entries().len(), 1, "{text}");
    }
}

/// What decodes a file may hand over its first bytes in small portions.
#[test]
fn line_ends_of_hbci_are_known_however_the_file_comes_in() {
    let plain = statement(":61:261117C20,50NTRFX\n:86:x").replace('\n', "@@");
    for text in [&plain, &format!("@@{plain}")] {
        let mut found = Found::default();
        let mut slowly = std::io::BufReader::with_capacity(1, text.as_bytes());
        read(&mut slowly, &mut found).unwrap();
        assert_eq!(found.entries().len(), 1, "{text}");
    }
}

#[test]
fn several_statements_of_several_accounts_are_read_one_after_the_other() {
    let one = statement(":61:261117C20,50NTRFX\n:86:x");
    let other = one
        .replace("FR7630006000011234567890189", "123")
        .replace("EUR", "USD");
    let blocks = format!("{{4:\n{one}-}}{{1:F01X}}{{4:\n{other}-}}");
    for text in [format!("{one}{other}"), blocks] {
        let found = found(&text).unwrap();
        let accounts: Vec<_> = found
            .statements
            .iter()
            .map(|(it, _)| it.account.as_str())
            .collect();
        assert_eq!(accounts, ["FR7630006000011234567890189", "123"]);
        assert_eq!(found.entries()[1].currency.code(), "USD");
    }
}

#[test]
fn text_about_the_statement_is_of_no_entry() {
    let text = statement(":86:before\n:61:261117C20,50NTRFX\n:86:its own").replace(
        "\n-\n",
        "\n:64:C261117EUR1,00\n:65:C261118EUR1,00\n:86:after\n-\n",
    );
    assert_eq!(found(&text).unwrap().entries()[0].remittance, "its own");
}

#[test]
fn mt942_is_an_intraday_report() {
    let text = ":20:X\n:25:45050050/76198810\n:28C:13/37\n:34F:EURD12345,67\n\
                :13D:1901091733+0100\n:61:190109C9792,00FTRFNONREF\n:86:x\n\
                :61:190110EC1,00FTRFNONREF\n:90D:0EUR0,00\n:90C:1EUR9792,00\n-\n";
    let statement = only_statement(text);
    assert_eq!(statement.kind, StatementKind::Intraday);
    assert_eq!(statement.sequence, "13/37");
    assert_eq!((statement.opening, statement.closing), (None, None));
    assert_eq!(statement.to, Some(day("2019-01-09")));
    assert_eq!(found(text).unwrap().entries().len(), 1);
}

#[test]
fn mt942_may_end_without_sums_and_end_mark_but_not_inside_a_line() {
    let text = ":20:X\n:25:45050050/76198810\n:34F:EUR1,00\n:13D:1901091733+0100\n\
                :61:190109C9792,00FTRFNONREF\n:86:x\n";
    assert_eq!(found(text).unwrap().entries().len(), 1);
    assert_eq!(found(&text.repeat(2)).unwrap().entries().len(), 2);
    let cut = found(text.trim_end()).unwrap_err();
    assert!(cut.reason.contains("is cut off"), "{}", cut.reason);
    let in_block = format!("{{1:F01X}}{{2:I942X}}{{4:\n{text}");
    assert!(found(&in_block).is_err());
}
