//! What a mail says: the right figures, in both forms, whatever the data is.

use chrono::{DateTime, Utc};

use super::letter::{BODY_BYTES_MAX, Envelope};
use super::{Attachment, Closing, Digest, Letter, Place, Sheet, address, page, plain};
use crate::domain::detail::Detail;
use crate::domain::discrepancy::{Code, ReportedDiscrepancy, Severity, State};
use crate::domain::found::FoundList;
use crate::domain::outcome::ReportData;
use crate::domain::{Amount, Currency};
use crate::report::language::{Language, Texts};
use crate::report::roots::Roots;
use crate::report::sample;

fn english() -> Texts {
    Texts::of(Language::English)
}

fn digest(data: &ReportData) -> Digest {
    Digest::all(data, &[], &[], english()).remove(0)
}

fn with(discrepancies: impl IntoIterator<Item = ReportedDiscrepancy>) -> ReportData {
    ReportData {
        discrepancies: discrepancies.into_iter().collect::<FoundList>(),
        ..sample::empty_report_data()
    }
}

/// One that somebody should act on, with a difference of so many cents.
fn open(number: i64, state: State, cents: i64) -> ReportedDiscrepancy {
    let mut found = sample::discrepancy(Code::AmountMismatch);
    found.order_reference = format!("WEB-{number:05}");
    found.key = vec!["oney".to_owned(), found.order_reference.clone()];
    found.expected = Some(Amount::from_minor(cents));
    found.actual = Some(Amount::ZERO);
    let mut one = sample::reported(found);
    one.state = state;
    one
}

fn subject(data: &ReportData, language: Language) -> String {
    let texts = Texts::of(language);
    let digest = Digest::all(data, &[], &[], texts).remove(0);
    Sheet::of(&digest, &texts, 0).subject().to_owned()
}

/// The report of the sample's day, and where it is opened.
fn place(url: Option<&str>) -> Place<'_> {
    let folder = "2026-11-20";
    Place { folder, url }
}

fn closing() -> Closing {
    Closing::new(english(), place(None), &["report.xlsx"], &[])
}

fn both(data: &ReportData) -> [String; 2] {
    let sheet = Sheet::of(&digest(data), &english(), 0);
    let html = page::html(&sheet, &closing()).unwrap();
    [plain::text(&sheet, &closing()), html]
}

/// A message, as bytes of ASCII.
fn message(letter: &Letter, date: &str) -> String {
    let from = address::parse("Recon <recon@example.com>").unwrap();
    let to = [address::parse("finance@example.com").unwrap()];
    let date: DateTime<Utc> = date.parse().unwrap();
    let envelope = Envelope {
        from: &from,
        to: &to,
        date,
        message_id: &letter.message_id(&from, &to, 0),
    };
    let file = Attachment {
        name: "report.xlsx",
        bytes: vec![0, 255, 10, 13],
    };
    let bytes = letter.message(envelope, &closing(), vec![file]).unwrap();
    assert!(bytes.is_ascii(), "every server takes it");
    String::from_utf8(bytes).unwrap()
}

fn headers(message: &str) -> Vec<&str> {
    message
        .split("\r\n")
        .take_while(|line| !line.is_empty())
        .collect()
}

#[test]
fn the_subject_is_that_of_the_specification() {
    let news = (0..3).map(|number| open(number, State::New, 10_000));
    let others = (3..12).map(|number| open(number, State::Persisting, 10_050));
    let data = with(news.chain(others));
    let of = |language| subject(&data, language);
    assert_eq!(
        of(Language::English),
        "[recon] 2026-11-20: 3 new, 12 open, short 1 204.50 EUR"
    );
    assert_eq!(
        of(Language::German),
        "[recon] 2026-11-20: 3 neu, 12 offen, Fehlbetrag 1.204,50 EUR"
    );
    assert_eq!(
        of(Language::French),
        "[recon] 2026-11-20: 3 nouveaux, 12 ouverts, manque 1\u{202f}204,50 EUR"
    );
}

#[test]
fn a_good_night_says_that_all_is_balanced() {
    let data = sample::empty_report_data();
    assert_eq!(
        subject(&data, Language::English),
        "[recon] 2026-11-20: all balanced"
    );
    for text in both(&data) {
        assert!(text.contains("All is well"), "{text}");
        assert!(
            !text.contains("Start here"),
            "there is nothing to start with"
        );
    }
    let mut accepted = open(1, State::Accepted, 100);
    accepted.note = "written off".to_owned();
    let data = with([accepted, open(2, State::Resolved, 100)]);
    assert_eq!(
        subject(&data, Language::English),
        "[recon] 2026-11-20: all balanced"
    );
    let [text, _] = both(&data);
    assert!(
        !text.contains("WEB-00001"),
        "accepted is out of the mail: {text}"
    );
    assert!(text.contains("WEB-00002"), "{text}");
}

#[test]
fn every_currency_is_named() {
    let data = sample::report_data();
    assert_eq!(
        subject(&data, Language::English),
        "[recon] 2026-11-20: 3 new, 6 open, short 1 024.50 EUR, 20.00 USD, \
         statements missing since 2026-11-16"
    );
    let mut without = open(1, State::New, 0);
    without.discrepancy.expected = None;
    let data = with([without]);
    assert_eq!(
        subject(&data, Language::English),
        "[recon] 2026-11-20: 1 new, 1 open"
    );
}

#[test]
fn the_mail_of_a_bad_night_reads_well_in_every_language() {
    let data = sample::report_data();
    for language in [Language::English, Language::French, Language::German] {
        let texts = Texts::of(language);
        let digest = Digest::all(&data, &[], &[], texts).remove(0);
        let url = "https://files.example.com/recon/{as_of}/report.html";
        let closing = Closing::new(texts, place(Some(url)), &["report.xlsx"], &["orders.csv"]);
        let text = plain::text(&Sheet::of(&digest, &texts, 0), &closing);
        insta::assert_snapshot!(format!("mail_{}", language.tag()), text);
    }
}

#[test]
fn both_forms_hold_the_same_figures() {
    let [text, html] = both(&sample::report_data());
    for figure in [
        "Short 1 024.50 EUR, 20.00 USD.",
        "-1 004.50 EUR",
        "41 days",
        "New and changed",
        "crp_es_v3_261112_9.csv",
        "The report lies in the folder 2026-11-20",
        "report.xlsx",
    ] {
        let upper = figure.to_uppercase();
        assert!(
            text.contains(figure) || text.contains(&upper),
            "{figure}: {text}"
        );
        // A number is not broken between its thousands.
        let html = html.replace('\u{a0}', " ");
        assert!(html.contains(figure), "{figure}: {html}");
    }
}

#[test]
fn new_and_changed_come_before_the_oldest_and_these_before_the_resolved() {
    let mut old = open(3, State::Persisting, 5);
    old.discrepancy.event_date = sample::day("2026-01-01");
    let data = with([
        open(1, State::New, 100),
        open(2, State::Changed, 900),
        old,
        open(4, State::Persisting, 99_999),
        open(5, State::Resolved, 7),
    ]);
    let [text, html] = both(&data);
    for text in [text, html] {
        let parts = ["NEW AND CHANGED (", "New and changed <span"];
        let body = parts
            .iter()
            .find_map(|title| text.split_once(title))
            .unwrap()
            .1;
        let mut at = 0;
        for number in [2, 1, 3, 4, 5] {
            let name = format!("WEB-0000{number}");
            let found = body.find(&name).unwrap_or_else(|| panic!("{name}: {body}"));
            assert!(found > at, "{name} comes later: {body}");
            at = found;
        }
    }
}

#[test]
fn names_cannot_become_markup_headers_or_formulas_that_run() {
    let mut found = open(1, State::New, 100);
    let evil = "<script>alert(1)</script>\r\nBcc: all@example.com\r\n\u{202e}=HYPERLINK(\"x\")";
    for field in [
        &mut found.discrepancy.order_reference,
        &mut found.discrepancy.provider,
        &mut found.assignee,
        &mut found.note,
    ] {
        *field = evil.to_owned();
    }
    let data = with([found]);
    let providers = [evil.to_owned()];
    let assignees = [evil.to_owned()];
    for digest in Digest::all(&data, &providers, &assignees, english()) {
        let letter = Letter::of(&digest, &english());
        assert!(!letter.subject().contains(char::is_control));
        let sheet = Sheet::of(&digest, &english(), 0);
        let html = page::html(&sheet, &closing()).unwrap();
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains('\u{202e}'), "no text is turned around");
        assert!(!plain::text(&sheet, &closing()).contains("\nBcc:"));
        let message = message(&letter, "2026-11-20T02:00:00Z");
        let names: Vec<&str> = headers(&message)
            .into_iter()
            .filter(|line| !line.starts_with([' ', '\t']))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "From",
                "Date",
                "Message-ID",
                "Subject",
                "To",
                "Auto-Submitted",
                "X-Auto-Response-Suppress",
                "Content-Language",
                "MIME-Version",
                "Content-Type"
            ]
        );
    }
}

#[test]
fn names_of_other_scripts_stay_whole() {
    let mut greek = open(1, State::New, 100);
    greek.discrepancy.order_reference = "ΠΑΡΑΓΓΕΛΊΑ-7".to_owned();
    let mut arabic = open(2, State::New, 200);
    arabic.discrepancy.order_reference = "طلب-٤٢".to_owned();
    for text in both(&with([greek, arabic])) {
        assert!(
            text.contains("ΠΑΡΑΓΓΕΛΊΑ-7") && text.contains("طلب-٤٢"),
            "{text}"
        );
    }
}

#[test]
fn ten_thousand_discrepancies_stay_below_what_gmail_clips() {
    let name = "طلب&<".repeat(400);
    let all = (0..10_000).map(|number| {
        let state = match number % 4 {
            0 => State::New,
            1 => State::Changed,
            2 => State::Persisting,
            _ => State::Resolved,
        };
        let mut one = open(number, state, number);
        one.discrepancy.order_reference.push_str(&name);
        one.discrepancy.detail = Detail::BankText(name.clone());
        one.discrepancy.provider = format!("{name}{}", number % 500);
        one.note.clone_from(&name);
        one.assignee.clone_from(&name);
        one
    });
    let digest = digest(&with(all));
    let letter = Letter::of(&digest, &english());
    let bytes = message(&letter, "2026-11-20T02:00:00Z").len();
    assert!(bytes < BODY_BYTES_MAX + 4_000, "{bytes} bytes");
    let sheet = Sheet::of(&digest, &english(), 0);
    let text = plain::text(&sheet, &closing());
    assert!(text.contains("2 500 new, 7 500 open"), "{text}");
    assert!(text.contains("and 4 988 more in the report"), "{text}");
    assert_eq!(
        digest.news.rows[0].discrepancy.expected,
        Some(Amount::from_minor(9_997))
    );
}

#[test]
fn the_message_id_follows_what_is_said_and_nothing_else() {
    let id = |data: &ReportData| {
        let letter = Letter::of(&digest(data), &english());
        let from = address::parse("recon@example.com").unwrap();
        letter.message_id(&from, &[], 0)
    };
    let data = with([open(1, State::New, 100)]);
    let first = id(&data);
    assert_eq!(first, id(&data.clone()));
    assert!(
        first.starts_with("<recon-2026-11-20-") && first.ends_with("@example.com>"),
        "{first}"
    );
    assert_ne!(first, id(&with([open(1, State::New, 101)])));
    let mut later = data.clone();
    later.scope.as_of = sample::day("2026-11-21");
    assert_ne!(first, id(&later));
    let mut balanced = [sample::empty_report_data(), sample::empty_report_data()];
    balanced[1].scope.as_of = sample::day("2026-11-21");
    assert_ne!(id(&balanced[0]), id(&balanced[1]), "each day has its own");

    let letter = Letter::of(&digest(&data), &english());
    let [one, other] = ["2026-11-20T02:00:00Z", "2026-11-21T04:05:06Z"].map(|date| {
        let message = message(&letter, date);
        message
            .lines()
            .filter(|line| !line.starts_with("Date: "))
            .collect::<Vec<_>>()
            .join("\n")
    });
    assert_eq!(one, other, "only the date differs");
    let from = address::parse("recon@example.com").unwrap();
    assert_ne!(
        letter.message_id(&from, &[], 0),
        letter.message_id(&from, &[], 1)
    );
}

#[test]
fn an_assignee_reads_only_what_is_theirs() {
    let mut mine = open(1, State::New, 100);
    mine.assignee = "Lea ".to_owned();
    let mut resolved = open(2, State::Resolved, 100);
    resolved.assignee = "lea".to_owned();
    let data = with([mine, resolved, open(3, State::New, 900)]);
    let names = ["lea".to_owned(), "tom".to_owned()];
    let digests = Digest::all(&data, &[], &names, english());
    assert_eq!(
        digests.iter().map(Digest::open).collect::<Vec<_>>(),
        [2, 1, 0]
    );
    let sheet = Sheet::of(&digests[1], &english(), 0);
    assert_eq!(
        sheet.subject(),
        "[recon] 2026-11-20, lea: 1 new, 1 open, short 1.00 EUR"
    );
    let text = plain::text(&sheet, &closing());
    assert!(
        text.contains("WEB-00001") && text.contains("WEB-00002"),
        "{text}"
    );
    assert!(!text.contains("WEB-00003"), "{text}");
    let all = plain::text(&Sheet::of(&digests[0], &english(), 0), &closing());
    assert!(all.contains("Assigned to: Lea"), "{all}");
}

#[test]
fn the_parts_add_up_to_the_headline() {
    let data = sample::report_data();
    let digest = digest(&data);
    let total = &digest.overview.total;
    assert_eq!(digest.news.count + digest.persisting.count, total.open);
    let by_provider: u64 = digest.by_provider.values().map(|tally| tally.open).sum();
    assert_eq!(by_provider, total.open);
    let short = |currency| {
        let providers = digest.by_provider.values();
        let nets = providers.filter_map(|sums| sums.money.get(&currency));
        nets.map(|nets| nets.short).sum::<Amount>()
    };
    let whole = Roots::of(&data, |_| true).exposure();
    assert_eq!(short(Currency::EUR), whole[&Currency::EUR].short);
    assert_eq!(short(Currency::EUR), Amount::from_minor(102_450));
    let shown = digest.news.rows.iter().chain(&digest.persisting.rows);
    assert!(
        shown
            .clone()
            .all(|one| one.discrepancy.code.severity() != Severity::Info)
    );
}
