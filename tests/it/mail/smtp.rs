//! Delivery to a real mail server, well and unwell.

use serde_json::{Value, json};

use super::server::{MailServer, Taken, USER, read};
use super::{company, night};
use crate::company::{AS_OF, Answer, Company};

/// `[mail]` for a server.
fn settings(server: &MailServer, scheme: &str) -> String {
    let (port, ca) = (server.port, server.ca_file());
    format!(
        "[mail]\nfrom = \"Reconciliation <recon@example.com>\"\n\
         to = [\"finance@example.com\", \"boss@example.com\"]\n\
         url = \"{scheme}://{USER}@localhost:{port}\"\npassword_env = \"SMTP_PASSWORD\"\n\
         ca_file = \"{}\"\n",
        ca.display()
    )
}

/// A server that behaves like this, and a company that sends to it by STARTTLS.
fn with(play: &Value) -> Option<(MailServer, Company)> {
    let server = MailServer::start(play)?;
    let company = company(&settings(&server, "smtp"));
    Some((server, company))
}

fn good() -> Value {
    json!({"tls": "starttls"})
}

fn recipients(taken: &[Taken]) -> Vec<Value> {
    taken.iter().map(|one| one.envelope["to"].clone()).collect()
}

fn message_id(taken: &Taken) -> String {
    read(&taken.eml)["headers"]["Message-ID"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn check(company: &Company) -> Answer {
    let mut command = company.command(&["check"]);
    command.env("SMTP_PASSWORD", super::server::PASSWORD);
    Answer::new(assert_cmd::Command::from_std(command).output())
}

#[test]
fn a_mail_goes_out_once_by_starttls_with_a_login() {
    let Some((server, company)) = with(&good()) else {
        return;
    };
    night(&company, AS_OF, &[]).exits(0);
    night(&company, AS_OF, &[]).exits(0);
    let taken = server.taken();
    let both = json!(["boss@example.com", "finance@example.com"]);
    assert_eq!(recipients(&taken), [both]);
    let envelope = &taken[0].envelope;
    assert_eq!(envelope["from"], "recon@example.com");
    assert_eq!(
        (&envelope["tls"], &envelope["login"]),
        (&json!(true), &json!(true))
    );
    let mail = read(&taken[0].eml);
    assert_eq!(
        mail["headers"]["To"],
        "finance@example.com, boss@example.com"
    );
    assert_eq!(
        server.connections(),
        1,
        "the second night asked for nothing"
    );
}

#[test]
fn a_mail_goes_out_by_tls_from_the_start() {
    let Some(server) = MailServer::start(&json!({"tls": "smtps"})) else {
        return;
    };
    let company = company(&settings(&server, "smtps"));
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn a_server_that_is_down_gets_the_mail_from_the_next_run_first() {
    let Some((server, company)) = with(&good()) else {
        return;
    };
    let port = server.port;
    let down = settings(&server, "smtp").replace(&port.to_string(), "1");
    let up = std::fs::read_to_string(company.path("recon.toml")).unwrap();
    company.put("recon.toml", up.replace(&settings(&server, "smtp"), &down));
    night(&company, AS_OF, &[])
        .exits(5)
        .says("kept for the next run");
    night(&company, "2026-11-21", &[])
        .exits(5)
        .says("2 mail(s) kept");
    company.put("recon.toml", up);
    night(&company, "2026-11-22", &[]).exits(0);
    let subjects: Vec<String> = server
        .taken()
        .iter()
        .map(|one| {
            read(&one.eml)["headers"]["Subject"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let days: Vec<&str> = subjects
        .iter()
        .filter_map(|subject| subject.get(8..18))
        .collect();
    assert_eq!(days, [AS_OF, "2026-11-21", "2026-11-22"], "in their order");
    night(&company, "2026-11-22", &[]).exits(0);
    assert_eq!(server.taken().len(), 3);
}

#[test]
fn a_mail_that_is_overtaken_while_it_waits_is_not_sent() {
    let Some((server, company)) = with(&json!({"tls": "starttls", "mail": "451 later"})) else {
        return;
    };
    night(&company, AS_OF, &[]).exits(5).says("451");
    let id = super::id_of(&company, "AMOUNT_MISMATCH");
    company
        .call(&["accept", &id, "--reason", "x", "--user", "a"])
        .exits(0);
    server.plays(&good());
    night(&company, AS_OF, &[]).exits(0);
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    let mail = read(&taken[0].eml);
    assert_eq!(
        mail["headers"]["Subject"],
        "[recon] 2026-11-20: 0 new, 0 open, no statements yet"
    );
}

#[test]
fn a_login_that_is_refused_is_said_without_the_password() {
    let Some((server, company)) = with(&json!({"tls": "starttls", "login": false})) else {
        return;
    };
    let answer = night(&company, AS_OF, &[]).exits(5);
    assert!(answer.stderr.contains("refuses the login"), "{answer}");
    assert!(answer.stderr.contains("535"), "{answer}");
    server.plays(&good());
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn a_recipient_who_is_refused_takes_nothing_from_the_others() {
    let play = json!({"tls": "starttls", "rcpt": {"boss@example.com": "550 5.1.1 no such user"}});
    let Some((server, company)) = with(&play) else {
        return;
    };
    let answer = night(&company, AS_OF, &[]).exits(5);
    assert!(answer.stderr.contains("boss@example.com (550"), "{answer}");
    assert!(answer.stderr.contains("no such user"), "{answer}");
    assert_eq!(
        recipients(&server.taken()),
        [json!(["finance@example.com"])]
    );
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(
        server.connections(),
        1,
        "what is refused for good is not tried again"
    );
    server.plays(&good());
    night(&company, AS_OF, &["--mail"]).exits(0);
    let taken = server.taken();
    assert_eq!(
        recipients(&taken)[1..],
        [json!(["boss@example.com"])],
        "on demand"
    );
    assert_eq!(message_id(&taken[0]), message_id(&taken[1]));
}

#[test]
fn a_recipient_who_is_refused_for_now_is_tried_again_alone() {
    let play = json!({"tls": "starttls", "rcpt": {"boss@example.com": "451 4.2.1 try later"}});
    let Some((server, company)) = with(&play) else {
        return;
    };
    night(&company, AS_OF, &[])
        .exits(5)
        .says("the next run tries again");
    server.plays(&good());
    night(&company, AS_OF, &[]).exits(0);
    let expected = [json!(["finance@example.com"]), json!(["boss@example.com"])];
    assert_eq!(recipients(&server.taken()), expected);
}

#[test]
fn a_connection_that_is_cut_after_the_message_sends_it_again_under_the_same_id() {
    let Some((server, company)) = with(&json!({"tls": "starttls", "cut": true})) else {
        return;
    };
    night(&company, AS_OF, &[])
        .exits(5)
        .says("with the same Message-ID");
    server.plays(&good());
    night(&company, AS_OF, &[]).exits(0);
    let taken = server.taken();
    assert_eq!(taken.len(), 2, "better twice than never");
    assert_eq!(message_id(&taken[0]), message_id(&taken[1]));
    let bytes = |one: &Taken| std::fs::read(&one.eml).unwrap();
    assert_eq!(bytes(&taken[0]), bytes(&taken[1]), "to the byte");
}

#[test]
fn a_message_that_is_refused_for_good_is_not_sent_for_ever() {
    let Some((server, company)) = with(&json!({"tls": "starttls", "data": "552 too large"})) else {
        return;
    };
    night(&company, AS_OF, &[]).exits(5).says("too large");
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_password_is_not_sent_where_nobody_offers_tls() {
    let Some((server, company)) = with(&json!({"tls": "none"})) else {
        return;
    };
    night(&company, AS_OF, &[])
        .exits(5)
        .says("does not offer STARTTLS");
    assert!(server.taken().is_empty());
    // A relay on this machine that asks for no login may do without.
    let plain = std::fs::read_to_string(company.path("recon.toml")).unwrap();
    let plain = plain
        .replace(&format!("{USER}@"), "")
        .replace("password_env = \"SMTP_PASSWORD\"\n", "");
    company.put("recon.toml", plain);
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let Some((server, company)) = with(&good()) else {
        return;
    };
    let text = std::fs::read_to_string(company.path("recon.toml")).unwrap();
    let without: String = text
        .lines()
        .filter(|line| !line.starts_with("ca_file"))
        .fold(String::new(), |all, line| format!("{all}{line}\n"));
    company.put("recon.toml", without);
    night(&company, AS_OF, &[]).exits(5).says("mail.ca_file");
    assert!(server.taken().is_empty());
}

#[test]
fn checking_logs_in_and_sends_nothing() {
    let Some((server, company)) = with(&good()) else {
        return;
    };
    let answer = check(&company).exits(0);
    let line = "answers over TLS and takes the login";
    assert!(answer.stdout.contains(line), "{answer}");
    assert!(server.taken().is_empty());
    server.plays(&json!({"tls": "starttls", "login": false}));
    let answer = check(&company).exits(1);
    assert!(answer.stdout.contains("refuses the login"), "{answer}");
    assert!(!answer.stdout.contains(super::server::PASSWORD), "{answer}");
}

#[test]
fn a_run_that_is_killed_while_it_sends_sends_again_under_the_same_id() {
    let Some((server, company)) = with(&json!({"tls": "starttls", "slow": 600})) else {
        return;
    };
    let mut command = company.command(&["run", "--as-of", AS_OF]);
    command.env("SMTP_PASSWORD", super::server::PASSWORD);
    let mut running = command.spawn().unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while server.connections() == 0 && std::time::Instant::now() < until {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    server.plays(&good());
    night(&company, AS_OF, &[]).exits(0);
    night(&company, AS_OF, &[]).exits(0);
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert!(message_id(&taken[0]).starts_with("<recon-2026-11-20-"));
}

/// This one takes a minute: it is the limit itself.
#[test]
fn a_server_that_does_not_answer_does_not_hang_the_night() {
    let Some((server, company)) = with(&json!({"tls": "starttls", "slow": 600})) else {
        return;
    };
    let began = std::time::Instant::now();
    night(&company, AS_OF, &[])
        .exits(5)
        .says("was not done within 60 seconds");
    assert!(began.elapsed() < std::time::Duration::from_secs(110));
    server.plays(&good());
    night(&company, AS_OF, &[]).exits(0);
    assert_eq!(server.taken().len(), 1);
}
