//! Once for each day and content, as `.eml` files.

use std::fs;

use super::server::read;
use super::{FOLDER, company, id_of, night, outbox, part};
use crate::company::{AS_OF, Company};
use crate::rows::{crp_name, csv, funding};

#[test]
fn a_night_leaves_a_mail_that_every_reader_can_open() {
    let company = company(FOLDER);
    night(&company, AS_OF, &[]).exits(0);
    let [mail] = outbox(&company).try_into().unwrap();
    let name = mail.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(
        name.starts_with("recon-2026-11-20-") && name.strip_suffix(".eml").is_some(),
        "{name}"
    );
    let read = read(&mail);
    let header = |name: &str| {
        read["headers"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        header("Subject"),
        "[recon] 2026-11-20: 1 new, 1 open, short 2.00 EUR, no statements yet"
    );
    assert_eq!(header("From"), "Reconciliation <recon@example.com>");
    assert_eq!(header("To"), "finance@example.com, Boss <boss@example.com>");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert!(header("Message-ID").starts_with("<recon-2026-11-20-"));
    for media in ["text/plain", "text/html"] {
        let text = part(&read, media);
        assert!(
            text.contains("WEB-1") && text.contains("-2.00 EUR"),
            "{text}"
        );
        assert!(text.contains("in the folder 2026-11-20"), "{text}");
        let machine = company.path("reports").display().to_string();
        assert!(!text.contains(&machine), "{text}");
    }
    let attached = read["parts"].as_array().unwrap().last().unwrap();
    assert_eq!(attached["name"], "report.xlsx");
    let size = fs::metadata(company.path("reports/2026-11-20/report.xlsx"));
    assert_eq!(attached["bytes"], size.unwrap().len());
    let left: Vec<_> = fs::read_dir(company.path("outbox")).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing half-written stays");
}

#[test]
fn the_mail_links_to_the_report_where_the_configuration_says_how_people_open_it() {
    let url = "https://files.example.com/recon/{as_of}/report.html?a=1&b=2";
    let company = super::company_with(FOLDER, |config| {
        config.replace("[report]\n", &format!("[report]\nurl = \"{url}\"\n"))
    });
    night(&company, AS_OF, &[]).exits(0);
    let [mail] = outbox(&company).try_into().unwrap();
    let read = read(&mail);
    let link = url.replace("{as_of}", AS_OF);
    let text = part(&read, "text/plain");
    assert!(
        text.contains(&format!("Open the report: {link}\n")),
        "{text}"
    );
    let html = part(&read, "text/html");
    let escaped = link.replace('&', "&#38;");
    assert!(html.contains(&format!("href=\"{escaped}\"")), "{html}");
}

#[test]
fn a_night_that_is_repeated_sends_nothing_again_unless_its_content_changed() {
    let company = company(FOLDER);
    for _ in 0..3 {
        night(&company, AS_OF, &[]).exits(0);
    }
    night(&company, AS_OF, &["--mail", "--full"]).exits(0);
    night(&company, AS_OF, &["--report-dir", "elsewhere"]).exits(0);
    assert_eq!(outbox(&company).len(), 1);

    let late = csv(&[funding("WEB-9", "2026-11-19", "5.00")]);
    company.put(&crp_name("2026-11-20", 2), late);
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(
        outbox(&company).len(),
        2,
        "an order that nobody has is news"
    );
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(outbox(&company).len(), 2);

    night(&company, "2026-11-21", &[]).exits(0);
    assert_eq!(outbox(&company).len(), 3, "another day is another mail");
}

#[test]
fn what_is_as_it_was_before_a_change_is_said_again() {
    let company = company(FOLDER);
    night(&company, AS_OF, &[]).exits(0);
    let id = id_of(&company, "AMOUNT_MISMATCH");
    company
        .call(&["accept", &id, "--reason", "x", "--user", "a"])
        .exits(0);
    night(&company, AS_OF, &[]).exits(0);
    let subjects = |company: &Company| -> Vec<String> {
        let mails = outbox(company);
        let subject = |mail| {
            read(mail)["headers"]["Subject"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        mails.iter().map(|mail| subject(mail)).collect()
    };
    assert!(
        subjects(&company)
            .contains(&"[recon] 2026-11-20: 0 new, 0 open, no statements yet".to_owned())
    );
    company.call(&["reopen", &id, "--user", "a"]).exits(0);
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(outbox(&company).len(), 3, "the last word is the right one");
}

#[test]
fn mail_goes_out_on_the_nights_that_are_wanted() {
    let sent = |when: &str| {
        let company = company(&format!("{FOLDER}when = \"{when}\"\n"));
        let mut counts = Vec::new();
        for day in ["2026-11-14", AS_OF, "2026-11-21"] {
            night(&company, day, &[]).exits(0);
            counts.push(outbox(&company).len());
        }
        counts
    };
    // On the 14th nothing is due yet; on the 21st nothing is new.
    assert_eq!(sent("always"), [1, 2, 3]);
    assert_eq!(sent("discrepancies"), [0, 1, 2]);
    assert_eq!(sent("new"), [0, 1, 1]);
}

#[test]
fn nobody_is_surprised_by_somebody_who_looks_back() {
    let company = company(FOLDER);
    night(&company, AS_OF, &[]).exits(0);
    for look in [
        &["--no-mail"][..],
        &["--provider", "oney"],
        &["--from", "2026-11-01", "--to", "2026-11-20"],
        &["--from", "2026-11-01", "--to", "2026-11-20", "--record"],
    ] {
        night(&company, AS_OF, look).exits(0);
        assert_eq!(outbox(&company).len(), 1, "{look:?}");
    }
    night(&company, "2026-11-19", &[])
        .exits(0)
        .says("--mail sends one");
    assert_eq!(outbox(&company).len(), 1, "an earlier night");
    night(&company, "2026-11-21", &["--no-mail"]).exits(0);
    assert_eq!(outbox(&company).len(), 1);
    let range = ["--from", "2026-11-01", "--to", "2026-11-20", "--mail"];
    night(&company, AS_OF, &range).exits(0);
    assert_eq!(outbox(&company).len(), 2, "who asks for one gets one");
}

#[test]
fn a_day_that_is_recorded_too_early_silences_no_night() {
    let company = company(FOLDER);
    night(&company, "2030-01-01", &[]).exits(0);
    let before = outbox(&company).len();
    let tonight = company.call(&["run"]).exits(0);
    assert_eq!(outbox(&company).len(), before + 1, "{tonight}");
}

#[test]
fn an_assignee_gets_a_mail_with_only_theirs() {
    let mail =
        format!("{FOLDER}[mail.assignees]\nlea = \"lea@example.com\"\ntom = \"t@x.example\"\n");
    let company = company(&mail);
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(outbox(&company).len(), 1, "nothing is theirs yet");
    let id = id_of(&company, "AMOUNT_MISMATCH");
    company
        .call(&["assign", &id, "lea", "--user", "a"])
        .exits(0);
    company
        .call(&["note", &id, "asked <Oney>", "--user", "a"])
        .exits(0);
    night(&company, "2026-11-21", &[]).exits(0);
    let mails: Vec<_> = outbox(&company).iter().map(|mail| read(mail)).collect();
    let hers: Vec<_> = mails
        .iter()
        .filter(|mail| mail["headers"]["To"] == "lea@example.com")
        .collect();
    assert_eq!((mails.len(), hers.len()), (3, 1));
    assert_eq!(
        hers[0]["headers"]["Subject"],
        "[recon] 2026-11-21, lea: 0 new, 1 open, short 2.00 EUR, no statements yet"
    );
    let text = part(hers[0], "text/plain");
    assert!(text.contains("Note: asked <Oney>"), "{text}");
    assert!(part(hers[0], "text/html").contains("asked &#60;Oney&#62;"));
    assert_eq!(
        hers[0]["parts"].as_array().unwrap().len(),
        2,
        "no attachment"
    );
    night(&company, "2026-11-21", &[]).exits(0);
    assert_eq!(outbox(&company).len(), 3);
}

#[test]
fn a_folder_that_cannot_be_written_keeps_the_mail_for_the_next_run() {
    let company = company(FOLDER);
    company.put("outbox", "a file where a folder belongs");
    night(&company, AS_OF, &[])
        .exits(5)
        .says("kept for the next run");
    assert!(
        company.path("reports/2026-11-20").is_dir(),
        "the report is there"
    );
    fs::rename(company.path("outbox"), company.path("moved away")).unwrap();
    night(&company, "2026-11-21", &["--no-mail"]).exits(0);
    assert!(outbox(&company).is_empty());
    night(&company, "2026-11-21", &[]).exits(0);
    assert_eq!(outbox(&company).len(), 2);
}

#[test]
fn a_mail_that_nobody_would_get_is_a_wrong_configuration() {
    let company = company("");
    night(&company, AS_OF, &["--mail"])
        .exits(2)
        .says("give [mail] a `to`");
    night(&company, AS_OF, &[]).exits(0);
    let wrong = FOLDER.replace("boss@example.com", "boss@-");
    let company = super::company(&wrong);
    night(&company, AS_OF, &[])
        .exits(2)
        .says("is no mail address");
}
