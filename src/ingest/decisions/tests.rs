use proptest::prelude::*;

use super::*;
use crate::domain::Currency;
use crate::domain::discrepancy::State;
use crate::domain::money::Amount;

fn of_file(name: &str, content: &[u8], implied: Option<&Request>) -> Result<Decisions, Refusal> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    read(&path, implied)
}

fn imported(content: &str) -> Decisions {
    of_file("t.csv", content.as_bytes(), None).unwrap()
}

fn accepting(content: &str) -> Result<Decisions, Refusal> {
    let implied = Request {
        action: Action::Accept,
        content: String::new(),
        wish: Wish::default(),
    };
    of_file("t.csv", content.as_bytes(), Some(&implied))
}

/// Rows as `line: id action «content» …`, bad ones as `line! column: reason`.
fn told(decisions: &Decisions) -> Vec<String> {
    let row = |row: &AskedRow| {
        let actions = row.requests.iter();
        let actions = actions.map(|it| format!(" {} «{}»", it.action.word(), it.content));
        format!("{}: {}{}", row.line, row.id, actions.collect::<String>())
    };
    let bad = |bad: &BadRow| format!("{}! {}: {}", bad.line, bad.error.column, bad.error.reason);
    let bad = decisions.bad.iter().map(bad);
    decisions.rows.iter().map(row).chain(bad).collect()
}

const ID: &str = "3f0c2a9b17de";

#[test]
fn decisions_are_words_of_three_languages_beside_an_id() {
    for (words, told_as) in [
        ("accept,agreed", "accept «agreed»"),
        ("Accepter,convenu", "accept «convenu»"),
        ("AKZEPTIEREN,vereinbart", "accept «vereinbart»"),
        ("accept: agreed,", "accept «agreed»"),
        ("reopen,", "reopen «»"),
        ("rouvrir,erreur", "reopen «erreur»"),
        ("wieder öffnen,", "reopen «»"),
        ("note,asked Oney", "note «asked Oney»"),
        ("Notieren,gefragt", "note «gefragt»"),
        ("assign,lea", "assign «lea»"),
        ("assign:lea,", "assign «lea»"),
        ("attribuer : Léa,", "assign «Léa»"),
        (
            "zuweisen: Jürgen,bitte anrufen",
            "assign «Jürgen» note «bitte anrufen»",
        ),
    ] {
        let read = imported(&format!("id,Decision,Reason\n{ID},{words}\n"));
        assert_eq!(told(&read), [format!("2: {ID} {told_as}")], "{words}");
    }
}

#[test]
fn columns_are_found_by_their_names_in_three_languages_wherever_they_stand() {
    for header in [
        "Reason;x;Decision;id",
        "Motif;;Décision;Identifiant",
        "Begründung;Bemerkung;ENTSCHEIDUNG;Kennung",
    ] {
        let read = imported(&format!("Freitag;;;\n\n{header}\nagreed;?;accept;{ID}\n"));
        assert_eq!(
            told(&read),
            [format!("4: {ID} accept «agreed»")],
            "{header}"
        );
    }
}

#[test]
fn a_row_that_decides_nothing_is_passed_over_whatever_else_is_in_it() {
    let read = imported(&format!(
        "id,state,assignee,note,Decision,Reason\n{ID},new,lea,asked,,\nTotal,,,,,\n,,,,,\n"
    ));
    assert_eq!(told(&read), Vec::<String>::new());
}

#[test]
fn what_cannot_be_understood_is_said_with_its_column_and_what_was_expected() {
    for (row, column, part) in [
        (
            format!("{ID},maybe,why"),
            "Decision",
            "«maybe» is no decision; choose accept",
        ),
        (
            format!("{ID},,why"),
            "Reason",
            "«why» stands beside no decision",
        ),
        (
            format!("{ID},accept,"),
            "Reason",
            "to accept needs a reason",
        ),
        (format!("{ID},note,"), "Reason", "there is no text to note"),
        (format!("{ID},assign,"), "Reason", "nobody is named"),
        (
            format!("{ID},accept: yes,no"),
            "Reason",
            "«no» says something else",
        ),
        (",accept,why".into(), "ID", "there is no id"),
        (
            "3.0E+11,accept,why".into(),
            "ID",
            "«3.0E+11» is no id of 12 hex digits",
        ),
        (format!("{ID},assign,\"a\nb\""), "Reason", "several lines"),
        (
            format!("{ID},accept,{}", "x".repeat(2_001)),
            "Reason",
            "more than 2000 letters",
        ),
        (
            format!("{ID},accept"),
            "",
            "the row has 2 fields, the header has 3",
        ),
    ] {
        let read = imported(&format!("ID,Decision,Reason\n{row}\n"));
        assert!(read.rows.is_empty(), "{row}");
        let error = &read.bad[0].error;
        assert_eq!(
            (read.bad[0].line, error.column.as_str()),
            (2, column),
            "{row}"
        );
        assert!(error.reason.contains(part), "{row}: {}", error.reason);
    }
}

#[test]
fn an_id_that_a_spreadsheet_took_for_a_number_is_found_again() {
    let read = imported("id,decision,reason\n'000012345678,accept,a\n12345678,accept,a\n");
    let ids: Vec<&str> = read.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["000012345678", "000012345678"]);
}

#[test]
fn a_command_needs_no_column_of_decisions_and_takes_no_other_ones() {
    let read = accepting(&format!("id;reason;assignee\n{ID};agreed;lea\n")).unwrap();
    assert_eq!(
        told(&read),
        [format!("2: {ID} accept «agreed» assign «lea»")]
    );
    let read = accepting(&format!("id,decision,reason\n{ID},,\n{ID},note,x\n")).unwrap();
    let rows = told(&read);
    assert!(
        rows[0].starts_with("3! decision: «note» is another decision than the command's"),
        "{rows:?}"
    );
    let implied = Request {
        wish: Wish::default(),
        action: Action::Reopen,
        content: String::new(),
    };
    let only_ids = of_file("ids.txt", format!("id\n{ID}\n").as_bytes(), Some(&implied)).unwrap();
    assert_eq!(told(&only_ids), [format!("2: {ID} reopen «»")]);
}

#[test]
fn the_assignee_of_a_report_is_shown_and_that_of_another_table_is_an_instruction() {
    let mine = accepting(&format!("id,reason,assignee,note\n{ID},a,lea,asked\n")).unwrap();
    assert_eq!(
        told(&mine),
        [format!("2: {ID} accept «a» assign «lea» note «asked»")]
    );
    assert_eq!(mine.rows[0].shown.assignee, None);
    let report = format!("id,state,reason,assignee,note\n{ID},accepted,a,lea,asked\n");
    let shown = accepting(&report).unwrap();
    assert_eq!(told(&shown), [format!("2: {ID} accept «a»")]);
    let row = &shown.rows[0].shown;
    assert_eq!(row.assignee.as_deref(), Some("lea"));
    assert_eq!(row.state, Some(State::Accepted));
}

#[test]
fn a_file_without_decisions_is_refused_and_says_what_it_needs() {
    for (content, part) in [
        (
            "a,b\n1,2\n",
            "has no table with the columns id and Decision",
        ),
        (
            "id,code\n1,2\n",
            "has no table with the columns id and Decision",
        ),
        ("", "has no table"),
        ("PK\u{3}\u{4}broken", "damaged or truncated ZIP archive"),
    ] {
        let refusal = of_file("t", content.as_bytes(), None).unwrap_err();
        assert!(
            refusal.reason.contains(part),
            "{content}: {}",
            refusal.reason
        );
    }
}

#[test]
fn amounts_are_the_same_however_a_spreadsheet_writes_them() {
    let shows = |text: &str| {
        let table = format!("id;state;expected;decision;reason\n{ID};new;{text};accept;a\n");
        let read = imported(&table);
        read.rows[0].shown.expected.clone().unwrap()
    };
    let amount = Some(Amount::from_minor(-123_450));
    for same in [
        "-1234.50",
        "-1234,5",
        "-1 234,50",
        "-1.234,50",
        "-1,234.50",
        "'-1234.50",
    ] {
        assert!(shows(same).is(amount, Currency::EUR), "{same}");
    }
    for other in ["1234.50", "-1234.51", "", "-1234.5O"] {
        assert!(!shows(other).is(amount, Currency::EUR), "{other}");
    }
    assert!(shows("").is(None, Currency::EUR));
}

#[test]
fn the_day_of_the_report_is_the_day_of_the_event_and_its_age() {
    let as_of = |date: &str, age: &str| {
        let table = format!("id;event_date;age_days;decision;reason\n{ID};{date};{age};accept;a\n");
        imported(&table).rows[0]
            .shown
            .as_of
            .map(|day| day.to_string())
    };
    assert_eq!(as_of("2026-11-06", "14").as_deref(), Some("2026-11-20"));
    assert_eq!(as_of("06/11/2026", "14").as_deref(), Some("2026-11-20"));
    assert_eq!(as_of("06.11.2026", "-2").as_deref(), Some("2026-11-04"));
    assert_eq!(as_of("2026-11-06", "9223372036854775807"), None);
    assert_eq!(as_of("yesterday", "1"), None);
}

#[test]
fn texts_are_compared_by_what_every_encoding_keeps() {
    assert!(same_text(
        "Oney a d?clar? 1?204,50 EUR",
        "Oney a déclaré 1\u{202f}204,50 EUR"
    ));
    assert!(same_text("'=1+1", "=1+1"));
    assert!(same_text("a long be… [cut]", "a long beginning"));
    assert!(!same_text("180.00 EUR", "181.00 EUR"));
    assert!(!same_text("", "Μαρία"));
}

#[test]
fn cells_of_another_discrepancy_are_told_by_the_code() {
    let shown = |code: &str| Shown {
        code: Some(code.to_owned()),
        ..Shown::default()
    };
    let names = ["AMOUNT_MISMATCH", "Montant financé différent"].map(Into::into);
    assert!(shown("CARRY_OVER").is_of_another(&names));
    assert!(shown("Versement non reçu").is_of_another(&names));
    assert!(!shown("amount_mismatch").is_of_another(&names));
    assert!(!shown("Montant financ? diff?rent").is_of_another(&names));
    assert!(!Shown::default().is_of_another(&names));
}

#[test]
fn escapes_of_a_workbook_are_the_characters_that_they_mean() {
    assert_eq!(words::unescaped("a_x000D_b_x005F_x0041_"), "a\rb_x0041_");
    for plain in ["_x00", "_xzzzz_", "_xD800_", "_x", "__x0041", "é_x00é0_"] {
        assert_eq!(words::unescaped(plain), plain);
    }
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut table = b"id;decision;reason;expected;event_date;age_days\n".to_vec();
        table.extend_from_slice(&bytes);
        let read = of_file("t.csv", &table, None);
        prop_assert!(read.is_ok() || !bytes.is_empty());
    }
}

#[test]
fn what_a_decision_says_besides_stands_in_columns_of_its_own() {
    let read = imported(&format!(
        "id,decision,reason,user,order,payout,entry,account,until\n\
         {ID},link,mistyped,ana,WEB-1,,,,\n\
         {ID},link,see advice,,,,FR76/E1; FR76/E2,658000,\n\
         {ID},write-off,small,,,,,658000,\n\
         {ID},snooze,they are on it,,,,,,2026-12-24\n"
    ));
    assert_eq!(read.bad, []);
    let wishes: Vec<&Wish> = read.rows.iter().map(|row| &row.requests[0].wish).collect();
    assert_eq!(
        (wishes[0].order.as_str(), read.rows[0].user.as_str()),
        ("WEB-1", "ana")
    );
    assert_eq!(wishes[1].entries, ["FR76/E1", "FR76/E2"]);
    assert_eq!(
        (wishes[1].account.as_str(), wishes[2].account.as_str()),
        ("658000", "658000")
    );
    assert_eq!(
        wishes[3].until.map(|day| day.to_string()).as_deref(),
        Some("2026-12-24")
    );
}

#[test]
fn in_a_reports_own_table_it_stands_behind_the_word_of_the_decision() {
    let read = imported(&format!(
        "id,state,account,decision,reason\n\
         {ID},new,FR76,link: order WEB-1,mistyped\n\
         {ID},new,FR76,Verknüpfen: Buchung FR76/E1; ausbuchen 658000,siehe Avis\n\
         {ID},new,FR76,write-off: 658000,small\n\
         {ID},new,FR76,snooze: 24/12/2026,they are on it\n\
         {ID},new,FR76,link: WEB-1,mistyped\n\
         {ID},new,FR76,snooze: soon,why\n"
    ));
    let wishes: Vec<&Wish> = read.rows.iter().map(|row| &row.requests[0].wish).collect();
    assert_eq!(
        (wishes[0].order.as_str(), wishes[0].account.as_str()),
        ("WEB-1", "")
    );
    assert_eq!(wishes[1].entries, ["FR76/E1"]);
    assert_eq!(
        (wishes[1].account.as_str(), wishes[2].account.as_str()),
        ("658000", "658000")
    );
    assert_eq!(
        wishes[3].until.map(|day| day.to_string()).as_deref(),
        Some("2026-12-24")
    );
    let reasons: Vec<&str> = read
        .bad
        .iter()
        .map(|bad| bad.error.reason.as_str())
        .collect();
    assert!(
        reasons[0].starts_with("«WEB-1» names nothing to link to"),
        "{reasons:?}"
    );
    assert!(reasons[1].starts_with("«soon» is no day"), "{reasons:?}");
}
