//! What is refused, and in which words.

use super::*;

#[test]
fn an_unknown_key_is_named_with_line_table_and_the_nearest_known_one() {
    for (text, expected) in [
        (
            "\n[provider.oney]\nsetlement_mode = \"net\"\n",
            "line 3: unknown key `setlement_mode` in [provider.oney]; \
             did you mean `settlement_mode`?",
        ),
        (
            "[[inputs]]\n",
            "line 1: unknown key `inputs` at the top level; did you mean `input`?",
        ),
        (
            "[[input]]\nkind = \"orders\"\npath = \"a\"\nprofil = \"x\"\n",
            "line 4: unknown key `profil` in [[input]]; did you mean `profile`?",
        ),
        (
            "[provider.payone.api]\nportal_id = 1\n",
            "line 2: unknown key `portal_id` in [provider.payone.api]; did you mean `portalid`?",
        ),
        (
            "[[profile]]\nname = \"p\"\nextends = \"bank-csv\"\n[profile.columns]\namuont = [\"A\"]\n",
            "line 5: `amuont` in [profile.columns] is no column that this version knows; \
             did you mean `amount`?",
        ),
    ] {
        assert_eq!(refused(text), expected);
    }
}

#[test]
fn a_wrong_value_is_named_with_its_key_and_what_is_allowed() {
    let oney = |line: &str| format!("[provider.oney]\n{line}\n");
    for (text, expected) in [
        (
            oney("settlement_mode = \"nett\""),
            "line 2: `settlement_mode` in [provider.oney] is \"nett\"; expected one of net, gross",
        ),
        (
            oney("funding_delay_days = -1"),
            "line 2: `funding_delay_days` in [provider.oney] is -1; expected a whole number from \
             0 to 3650, without quotes",
        ),
        (
            oney("bank_text = '(oney'"),
            "line 2: `bank_text` in [provider.oney] is \"(oney\"; expected a regular expression \
             such as '(?i)\\boney\\b' (unclosed group)",
        ),
        (
            oney("report_days = { fr = [\"mon\", \"tues day\"] }"),
            "line 2: `fr` in [provider.oney.report_days] holds \"tues day\"; expected one of mon, \
             tue, wed, thu, fri, sat, sun; did you mean \"tue\"?",
        ),
        (
            "holidays = [\"2026-02-30\"]".to_owned(),
            "line 1: `holidays` at the top level holds \"2026-02-30\"; expected a day that \
             exists, such as \"2026-07-14\"",
        ),
        (
            "timezone = \"Europe/Pariss\"".to_owned(),
            "line 1: `timezone` at the top level is \"Europe/Pariss\"; expected the name of a \
             time zone; did you mean \"Europe/Paris\"?",
        ),
        (
            "[matching]\nfee_tolerance = \"0,01\"".to_owned(),
            "line 2: `fee_tolerance` in [matching] is \"0,01\"; expected a decimal from 0 to \
             1000000 with a dot and at most 10 decimals, such as \"1.45\"",
        ),
        (
            "[input]\nkind = \"orders\"".to_owned(),
            "line 1: `input` at the top level is a table; expected tables that begin with \
             [[input]], in double brackets",
        ),
        (
            "[provider.Oney]".to_owned(),
            "line 1: `Oney` in [provider] differs in case from `oney`; write `oney`",
        ),
    ] {
        assert_eq!(refused(&text), expected);
    }
}

#[test]
fn other_values_that_cannot_be_meant_are_refused() {
    for text in [
        "[provider.oney]\nbank_text = ''",
        "[provider.oney]\nbank_text = 'x*'",
        "[provider.oney]\nreport_days = \"daily\"",
        "[provider.oney]\nreport_days = { FR = \"daily\" }",
        "[provider.oney]\naccounts = [\" \"]",
        "[provider.oney]\nfunding_delay_days = \"5\"",
        "[provider.acme.api]\nbase_url = \"https://a.example/\"",
        "[provider.oney.api]\nbase_url = \"ftp://a.example/\"",
        "[matching]\namount_tolerance = \"-0.01\"",
        "[matching]\nmax_combined_payouts = 7.0",
        "[[fee]]\nrate_percent = \"1\"",
        "[[fee]]\nprovider = \"oney\"",
        "[[fee]]\nprovider = \"oney\"\nrate_percent = \"101\"",
        "[[fee]]\nprovider = \"oney\"\nfixed = \"1e3\"",
        "[[fee]]\nprovider = \"oney\"\nfixed = \"1\"\nfrom = \"2026-02-01\"\nto = \"2026-01-01\"",
        "[report]\nformats = [\"pdf\"]",
        "[mail]\nto = [\"a@b.example\"]\nurl = \"smtp://b.example\"",
        "[mail]\nfrom = \"a@b.example\"\nto = [\"a@b.example\"]",
        "[mail]\nfrom = \"a@b.example\\nBcc: c@d.example\"",
        "[mail]\nto = \"finance@example.com\"",
        "[mail]\nwhen = \"sometimes\"",
        "[database]\nurl = \"recon.db\"",
        "language = \"it\"",
        "[[input]]\npath = \"a\"",
        "[[input]]\nkind = \"orders\"",
        "[[input]]\nkind = \"orders\"\npath = \"a[\"",
        "[[input]]\nkind = \"orders\"\npath = \"a\"\nmax_rejected_percent = 101",
        "[[input]]\nkind = \"orders\"\npath = \"a\"\nmax_file_mib = 0",
        "[[input]]\nkind = \"orders\"\npath = \"a\"\narchive = \"./a\"",
        "[[input]]\nkind = \"orders\"\npath = \"a\"\n[[input]]\nkind = \"orders\"\npath = \"./a\"",
        "[[input]]\nkind = \"orders\"\npath = \"a\"\nprofile = \"bank-csv\"",
        "[[input]]\nkind = \"orders\"\npath = \"a\"\nprofile = \"absent\"",
    ] {
        refused(text);
    }
}

#[test]
fn an_unknown_kind_names_the_nearest_known_one() {
    let error = refused("[[input]]\nkind = \"oney_crp\"\npath = \"a\"");
    assert!(error.ends_with("did you mean \"oney-crp\"?"), "{error}");
}

#[test]
fn keys_of_one_kind_are_refused_for_another() {
    let error = refused("[[input]]\nkind = \"orders\"\npath = \"a\"\nmode = \"test\"");
    assert!(error.contains("payone-status"), "{error}");
    let error = refused("[[input]]\nkind = \"payone-status\"\npath = \"a\"\nmode = \"demo\"");
    assert!(error.contains("\"live\" or \"test\""), "{error}");
    let error = refused("[[input]]\nkind = \"settlement\"\npath = \"a\"");
    assert!(error.contains("there is no `provider`"), "{error}");
}

#[test]
fn text_that_is_no_toml_is_refused_without_repeating_it() {
    let error = refused("[database]\nurl = \"postgres://recon:s3cret@db/recon\n");
    assert!(error.starts_with("line 2: this is not TOML"), "{error}");
    assert!(!error.contains("s3cret"), "{error}");
    assert!(refused("language = \"en\"\nlanguage = \"fr\"").starts_with("line 2: "));
}

#[test]
fn no_secret_is_ever_shown() {
    for text in [
        "[database]\nurl = \"s3cret\"",
        "[database]\nurl = \"mysql://recon:s3cret@db/recon\"",
        "[database]\nurl = [\"s3cret\"]",
        "[database]\nurl = \"postgres://recon:s3cret@db/recon\"\nurl_env = \"OTHER\"",
        "[mail]\nurl = \"imap://user:s3cret@mail.example\"",
        "[provider.oney.api]\nbase_url = \"https://user:s3cret@api.example/\"",
        "[provider.payone.api]\nkey = \"s3cret\"\nkey_env = \"KEY\"",
        "[provider.payone.api]\nkey = { s3cret = 1 }",
    ] {
        assert!(!refused(text).contains("s3cret"), "{text}");
    }
    let text = "[database]\nurl = \"postgres://recon:s3cret@db/recon\"\n\
                [mail]\nurl = \"smtps://user:s3cret@mail.example\"\npassword = \"s3cret\"";
    assert!(!format!("{:?}", read(text)).contains("s3cret"));
}

#[test]
fn a_missing_file_says_how_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let error = load(&folder.path().join("recon.toml"), &|_| None).unwrap_err();
    assert!(error.to_string().contains("crp-recon init"), "{error}");
    assert!(matches!(
        load(folder.path(), &|_| None),
        Err(ConfigError::Unreadable { .. })
    ));
}

#[test]
fn inputs_of_several_families_under_one_name_ask_for_the_family() {
    let input = |kind: &str| {
        format!("[[input]]\nkind = \"{kind}\"\npath = \"{kind}\"\nprovider = \"both\"\n")
    };
    let text = format!("{}{}", input("oney-crp"), input("payone-status"));
    let error = refused(&text);
    assert!(
        error.contains("several families (oney-crp, payone-status)"),
        "{error}"
    );
    assert!(
        error.contains("family = \"…\" in [provider.both]"),
        "{error}"
    );
    read(&format!("{text}[provider.both]\nfamily = \"oney\"\n"));
}
