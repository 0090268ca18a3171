//! `verify` and `provider` against servers that behave and servers that do not; what they store, on
//! both databases.

mod actions;
mod e_financing;
mod payone;
mod questions;
pub(crate) mod server;
mod storage;
mod wire;

use crate::company::{AS_OF, Answer, CONFIG, Company};
use crate::rows::{csv, order};
use server::TestServer;

/// What every test's server is told, and nobody else may learn.
const SECRET: &str = "k3y/of-the\"shop";

/// The configuration of a company that may speak to a server.
fn config(server: &TestServer, more: &str) -> String {
    let url = &server.url;
    format!(
        "{CONFIG}
[provider.oney.api]
base_url = \"{url}\"
psp_guid = \"psp-1\"
merchant_guid = \"merchant-1\"
country = \"FR\"
authorization_env = \"ONEY_AUTHORIZATION\"
timeout_seconds = 1
{more}
[provider.e-financing.api]
base_url = \"{url}\"
client_id_env = \"SCALEXPERT_ID\"
client_secret_env = \"SCALEXPERT_SECRET\"
timeout_seconds = 1
allow_actions = true
"
    )
}

/// The inputs that read what `verify` keeps, and one through which e-Financing reports fundings, so
/// that they can be missing.
const ANSWERS: &str = "
[[input]]
kind = \"oney-crp\"
path = \"inbox/scalexpert\"
provider = \"e-financing\"
[[input]]
kind = \"oney-status\"
path = \"inbox/oney-status\"
[[input]]
kind = \"e-financing\"
path = \"inbox/e-financing\"
";

/// A company with these orders of one day in November, and a recorded night that misses their
/// fundings.
fn company(server: &TestServer, more: &str, orders: &[(&str, &str, &str)]) -> Company {
    with_config(&config(server, more), orders)
}

/// The same, where answers can be kept; `None`, said loudly, in a version that reads none.
fn asking(server: &TestServer, more: &str, orders: &[(&str, &str, &str)]) -> Option<Company> {
    let config = format!("{}{ANSWERS}", config(server, more));
    let company = Company::with(&config);
    if company.call(&["check"]).stderr.contains("later version") {
        crate::skipped("this version reads no answers of providers yet");
        return None;
    }
    Some(with_config(&config, orders))
}

fn with_config(config: &str, orders: &[(&str, &str, &str)]) -> Company {
    let company = Company::with(config);
    play_night(&company, orders);
    company
}

/// Gives a company some orders, and plays a night that misses their fundings.
fn play_night(company: &Company, orders: &[(&str, &str, &str)]) {
    let rows: Vec<_> = orders
        .iter()
        .map(|(reference, provider, amount)| {
            order(reference, "2026-11-02", amount).with("provider", provider)
        })
        .collect();
    company.put("inbox/orders/o.csv", csv(&rows));
    company.knows_all_reports();
    company.knows_all_reports_of("inbox/scalexpert");
    company.run(AS_OF, &[]).done();
}

/// Runs a command with the secrets in its environment; none of them may come out again.
fn call(company: &Company, words: &[&str]) -> Answer {
    let mut command = company.command(words);
    for name in [
        "ONEY_AUTHORIZATION",
        "SCALEXPERT_ID",
        "SCALEXPERT_SECRET",
        "PAYONE_KEY",
    ] {
        command.env(name, SECRET);
    }
    let answer = Answer::new(assert_cmd::Command::from_std(command).output());
    let said = format!("{}{}", answer.stdout, answer.stderr);
    for form in [SECRET.to_owned(), SECRET.replace('"', "\\\"")] {
        assert!(!said.contains(&form), "a secret came out: {answer}");
    }
    answer
}
