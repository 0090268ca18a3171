//! The example of the contract, the template of `init`, and the fingerprint of the rules.

use super::*;
use crate::domain::accounts::{AccountSettings, FecSettings};

/// The example of the contract, as it stands there.
const CONTRACT: &str = include_str!("contract.toml");

/// What `init` writes.
const TEMPLATE: &str = include_str!("../../cli/recon.toml");

fn fingerprint(text: &str) -> String {
    read(text).rules_fingerprint
}

fn without_comment_marks(text: &str) -> String {
    let is_setting = |rest: &str| rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '[');
    let line = |line: &str| match line.strip_prefix('#') {
        Some(rest) if is_setting(rest) => format!("{rest}\n"),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn the_example_of_the_contract_is_accepted() {
    let settings = read(CONTRACT);
    assert_eq!(settings.timezone, Tz::Europe__Paris);
    assert_eq!(settings.wording.language, Language::English);
    assert_eq!(
        settings.database.to_string(),
        "sqlite:///srv/recon/var/recon.db"
    );
    assert_eq!(settings.inputs.len(), 3);
    assert_eq!(settings.rules.fees.len(), 1);
    assert_eq!(
        settings.profiles[0].columns["remittance"],
        ["Libellé", "Détail"]
    );
    assert_eq!(settings.report.formats, ReportFormat::ALL);
    let names: Vec<_> = settings.rules.providers.keys().collect();
    assert_eq!(names, ["e-financing", "oney", "payone"]);
    let apis: Vec<_> = settings
        .apis
        .iter()
        .map(|api| api.provider.as_str())
        .collect();
    assert_eq!(apis, ["e-financing", "oney", "payone"]);
    let mail = settings.mail.unwrap();
    assert_eq!(mail.to, ["finance@example.com"]);
    assert!(matches!(
        mail.transport,
        MailTransport::Smtp {
            url: Some(_),
            password: Some(_),
            ca_file: None,
        }
    ));
}

#[test]
fn the_commented_keys_of_the_contract_are_accepted() {
    let text = CONTRACT
        .replace("# confirm_deadline_days", "confirm_deadline_days")
        .replace("# report_days", "report_days")
        .replace("# archive", "archive")
        .replace("\"archive/oney\"   max_", "\"archive/oney\"\nmax_")
        .replace("# books_open", "books_open")
        .replace("# closed_accounts", "closed_accounts")
        .replace(
            "# provider = \"oney\"   profile = \"oney-crp-v3\"   max_",
            "max_",
        );
    assert_ne!(text, CONTRACT);
    let input = &read(&text).inputs[0];
    assert_eq!(
        input.archive,
        Some(PathBuf::from("/srv/recon/archive/oney"))
    );
}

#[test]
fn what_the_template_sets_is_the_default() {
    let inputs: String = [
        ("oney-crp", "oney"),
        ("orders", "orders"),
        ("order-events", "order-events"),
        ("bank-statement", "bank"),
    ]
    .map(|(kind, folder)| format!("[[input]]\nkind = \"{kind}\"\npath = \"inbox/{folder}\"\n"))
    .concat();
    let (template, bare) = (read(TEMPLATE), read(&inputs));
    assert_eq!(template.rules_fingerprint, bare.rules_fingerprint);
    assert_eq!(template.timezone, bare.timezone);
    assert_eq!(template.wording.language, bare.wording.language);
    assert_eq!(template.report, bare.report);
    assert_eq!(template.database.to_string(), bare.database.to_string());
}

#[test]
fn everything_that_the_template_comments_out_is_accepted() {
    let text = without_comment_marks(TEMPLATE);
    let settings = read(&text);
    assert_eq!(settings.apis.len(), 3);
    assert_eq!(settings.profiles.len(), 2);
    assert_eq!(settings.rules.fees.len(), 1);
    assert!(settings.mail.is_some());
    // What it shows of charts is their defaults, but for a provider and a bank.
    let accounts = settings.accounts.fec.accounts;
    assert_eq!(accounts.general, FecSettings::default().accounts.general);
    assert_eq!((accounts.providers.len(), accounts.banks.len()), (1, 1));
    assert_eq!(settings.accounts.datev, AccountSettings::default().datev);
    assert_eq!(
        settings.accounts.hledger,
        AccountSettings::default().hledger
    );
    assert_eq!(
        settings.accounts.beancount,
        AccountSettings::default().beancount
    );
}

#[test]
fn the_template_shows_every_key() {
    let text = without_comment_marks(TEMPLATE);
    // Each secret is shown in one of its three ways; what is read from databases comes later.
    let elsewhere = |key: &&&str| {
        !key.ends_with("_env") && !key.ends_with("_file") && !["mode", "query"].contains(*key)
    };
    let sources = sources::keys();
    let parts: [&[&str]; 14] = [
        &KEYS,
        &accounts::KEYS,
        &database::KEYS,
        &inputs::KEYS,
        &providers::KEYS,
        &matching::MATCHING_KEYS,
        &matching::FEE_KEYS,
        &matching::DECISION_KEYS,
        &profiles::KEYS,
        &report::KEYS,
        &mail::KEYS,
        &sources,
        &notify::KEYS,
        &notify::WEBHOOK_KEYS,
    ];
    for key in parts.into_iter().flatten().filter(elsewhere) {
        let shown = text.lines().any(|line| {
            let line = line.trim_start_matches(['#', '[', ' ']);
            line.starts_with(&format!("{key} ="))
                || line.starts_with(&format!("{key}_env ="))
                || line.starts_with(&format!("{key}]"))
                || line.starts_with(&format!("{key}."))
                || line.contains(&format!(".{key}]"))
                || line.contains(&format!(".{key}."))
        });
        assert!(shown, "{key}");
    }
}

#[test]
fn the_fingerprint_follows_the_rules_and_nothing_else() {
    let one = "[matching]\namount_tolerance = \"0.10\"\nfee_tolerance = \"0.01\"\n";
    let same = "# a comment\n[matching]\nfee_tolerance = 0.01\namount_tolerance = \"0.1\"\n\
                [report]\ndirectory = \"elsewhere\"\n";
    assert_eq!(fingerprint(one), fingerprint(same));
    assert_eq!(fingerprint(one).len(), 64);
    let mut seen = std::collections::BTreeSet::new();
    for text in [
        "",
        "timezone = \"Europe/Berlin\"",
        "holidays = [\"2026-07-14\"]",
        "[matching]\namount_tolerance = \"0.01\"",
        "[matching]\nfee_tolerance = \"0.02\"",
        "[matching]\nmax_combined_payouts = 8",
        "[provider.oney]\nsettlement_mode = \"gross\"",
        "[provider.oney]\nbank_text = 'ONEY'",
        "[provider.oney]\naccounts = [\"DE89370400440532013000\"]",
        "[provider.oney]\nfunding_delay_days = 6",
        "[provider.oney]\ncancellation_delay_days = 6",
        "[provider.oney]\nstatus_delay_days = 6",
        "[provider.oney]\npayout_grace_business_days = 6",
        "[provider.oney]\nentry_grace_business_days = 6",
        "[provider.oney]\nbank_window_before_days = 6",
        "[provider.oney]\nbank_window_after_days = 6",
        "[provider.oney]\nreport_days = { fr = \"daily\" }",
        "[provider.oney]\nbooks_open = \"2026-10-01\"",
        "books_open = \"2026-10-01\"",
        "closed_accounts = [\"DE89370400440532013000\"]",
        "[provider.oney]\nreport_days = { default = \"daily\" }",
        "[provider.acme]",
        ONE_INPUT,
        &format!("{ONE_INPUT}max_silence_business_days = 2\n"),
        "[[fee]]\nprovider = \"oney\"\nfixed = \"1\"",
        "[[fee]]\nprovider = \"oney\"\nrate_percent = \"1\"",
        "[[fee]]\nprovider = \"oney\"\nfixed = \"1\"\nproduct = \"3X\"",
        "[[fee]]\nprovider = \"oney\"\nfixed = \"1\"\nvat_percent = 20",
        "[[fee]]\nprovider = \"oney\"\nfixed = \"1\"\nfrom = \"2026-01-01\"",
        "[[fee]]\nprovider = \"oney\"\nfixed = \"1\"\nto = \"2026-01-01\"",
    ] {
        assert!(seen.insert(fingerprint(text)), "{text}");
    }
}
