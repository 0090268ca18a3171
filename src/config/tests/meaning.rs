//! What settings mean.

use chrono::Weekday;

use super::*;
use crate::domain::family::Family;
use crate::domain::rules::SettlementMode;

#[test]
fn the_database_comes_from_the_environment_first() {
    let shown = |text: &str, environment: &[(&str, &str)]| {
        read_with(text, environment).map(|settings| settings.database.to_string())
    };
    let configured = "[database]\nurl_env = \"RECON_DB\"";
    let both = [
        ("DATABASE_URL", "postgres://one:x@db/one"),
        ("RECON_DB", "sqlite://two.db"),
    ];
    assert_eq!(shown(configured, &both).unwrap(), "postgres://one@db/one");
    assert_eq!(
        shown(configured, &both[1..]).unwrap(),
        "sqlite:///srv/recon/two.db"
    );
    let error = shown(configured, &[]).unwrap_err().to_string();
    assert!(error.contains("RECON_DB is not set"), "{error}");
    let error = shown("", &[("DATABASE_URL", "oracle://one:s3cret@db")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("DATABASE_URL, which overrides database.url"),
        "{error}"
    );
    assert!(!error.contains("s3cret"), "{error}");
}

#[test]
fn the_address_of_a_report_is_one_that_a_mail_may_lead_to() {
    let url = |url: &str| format!("[report]\nurl = '{url}'");
    let good = "https://files.example.com/recon/{as_of}/report.html";
    let settings = read_with(&url(good), &[]).unwrap();
    assert_eq!(settings.report.url.as_deref(), Some(good));
    for bad in [
        "javascript:alert(1)",
        "//files.example.com",
        "https://example.com/a b",
        "https://example.com/\"><b>",
        "https://example.com/{day}",
    ] {
        let error = refused(&url(bad));
        assert!(
            error.contains("`url` in [report]") && error.contains("https://"),
            "{error}"
        );
    }
}

#[test]
fn paths_are_relative_to_the_file() {
    let text = "[report]\ndirectory = \"../out\"\n\
                [[input]]\nkind = \"orders\"\npath = \"./inbox/orders/\"\n\
                [[input]]\nkind = \"orders\"\npath = \"/srv/shop/*.csv\"\n\
                [[input]]\nkind = \"orders\"\npath = \"inbox/*.csv\"\n";
    let file = Path::new("/srv/recon [1]/recon.toml");
    let settings = parse(text, file, &|_| None).unwrap();
    assert_eq!(settings.base, Path::new("/srv/recon [1]"));
    assert_eq!(
        settings.report.directory,
        Path::new("/srv/recon [1]/../out")
    );
    let locations: Vec<_> = settings
        .inputs
        .into_iter()
        .map(|input| input.location)
        .collect();
    assert_eq!(
        locations,
        [
            InputLocation::Path("/srv/recon [1]/inbox/orders".into()),
            InputLocation::Glob("/srv/shop/*.csv".into()),
            InputLocation::Glob("/srv/recon [[]1[]]/inbox/*.csv".into()),
        ]
    );
}

#[test]
fn every_provider_that_is_named_has_rules() {
    let text = format!(
        "{ONE_INPUT}[[input]]\nkind = \"oney-crp\"\npath = \"other\"\nprovider = \"acme+\"\n\
         [provider.payone]\nsettlement_mode = \"gross\"\naccounts = [\"de 89 3704 0044 0532 0130 00\"]\n\
         [[fee]]\nprovider = \"shoppay\"\nfixed = 1\n"
    );
    let providers = read(&text).rules.providers;
    assert_eq!(
        providers.keys().collect::<Vec<_>>(),
        ["acme+", "oney", "payone", "shoppay"]
    );
    let renamed = read("[[input]]\nkind = \"oney-crp\"\npath = \"a\"\nprovider = \"oney-es\"\n");
    let names: Vec<_> = renamed.rules.providers.into_keys().collect();
    assert_eq!(
        names,
        ["oney-es"],
        "no provider of the same family comes uncalled"
    );
    let reporting: Vec<_> = providers
        .iter()
        .filter(|(_, rules)| rules.reports_settlement)
        .map(|(name, _)| name)
        .collect();
    assert_eq!(reporting, ["acme+", "oney"]);
    assert_eq!(providers["payone"].mode, SettlementMode::Gross);
    assert_eq!(providers["payone"].accounts, ["DE89370400440532013000"]);
    assert_eq!(providers["shoppay"].mode, SettlementMode::Net);
    assert!(providers["acme+"].bank_text.is_match("SEPA ACME+ 77"));

    let rules = read("").rules;
    // Nobody is a provider whom nothing names: bank entries are not theirs.
    assert!(rules.providers.is_empty());
    for name in ["unheard-of", "oney"] {
        assert!(!rules.provider(name).bank_text.is_match(name), "{name}");
    }
    let rules = read("[provider.oney]\n").rules;
    let oney = rules.provider("oney");
    assert!(oney.bank_text.is_match("VIR ONEY BANK"));
    assert!(!oney.bank_text.is_match("MONEY TRANSFER"));
}

#[test]
fn report_days_of_a_country_do_not_change_those_of_others() {
    let of = |line: &str| {
        let settings = read(&format!("[provider.oney]\n{line}\n"));
        settings.rules.providers["oney"].report_days.clone()
    };
    let french = |line| of(line).of("fr").map(<[Weekday]>::to_vec);
    let default = french("").unwrap();
    assert_eq!(default.len(), 6);
    assert!(!default.contains(&Weekday::Sat));
    assert_eq!(of("").of("es").map(<[Weekday]>::len), Some(7));

    let spanish = of("report_days = { es = [\"thu\", \"mon\", \"mon\"] }");
    assert_eq!(
        spanish.of("es"),
        Some([Weekday::Mon, Weekday::Thu].as_slice())
    );
    assert_eq!(spanish.of("fr"), Some(default.as_slice()));
    assert_eq!(spanish.of("pt").map(<[Weekday]>::len), Some(7));

    assert_eq!(
        french("report_days = { default = [\"mon\"] }"),
        Some(vec![Weekday::Mon])
    );
    let acme = read("[provider.acme]\n").rules.providers["acme"]
        .report_days
        .clone();
    assert_eq!(acme.of("fr"), None);
}

#[test]
fn decimals_are_the_digits_that_were_typed() {
    let text = "holidays = [2026-07-14, \"2026-12-24\"]\n\
                [[fee]]\nprovider = \"oney\"\nproduct = 3\nrate_percent = 1.45\nfixed = \"0.10\"\n\
                vat_percent = 20\nfrom = 2026-01-01\n";
    let settings = read(text);
    let fee = &settings.rules.fees[0];
    assert_eq!(fee.rate_percent.to_string(), "1.45");
    assert_eq!(fee.fixed.to_string(), "0.10");
    assert_eq!(
        fee.vat_percent.map(|vat| vat.to_string()).as_deref(),
        Some("20")
    );
    assert_eq!(fee.product.as_deref(), Some("3"));
    assert_eq!(
        fee.from.map(|day| day.to_string()).as_deref(),
        Some("2026-01-01")
    );
    let bastille = "2026-07-14".parse().unwrap();
    assert!(!settings.rules.calendar.is_business_day(bastille));
}

#[test]
fn profiles_go_back_to_a_built_in_one() {
    let profile = |name: &str, rest: &str| format!("[[profile]]\nname = \"{name}\"\n{rest}\n");
    let extends = |name: &str, other: &str| profile(name, &format!("extends = \"{other}\""));
    let good = extends("b", "a") + &extends("a", "oney-crp-v3");
    let input = format!("{ONE_INPUT}profile = \"b\"\n");
    assert_eq!(
        read(&format!("{input}{good}")).inputs[0].profile.as_deref(),
        Some("b")
    );

    for (text, part) in [
        (extends("a", "b") + &extends("b", "a"), "extends itself"),
        (extends("a", "a"), "extends itself"),
        (extends("a", "oney-crp-v4"), "did you mean \"oney-crp-v2\"?"),
        (extends("orders", "bank-csv"), "not built in"),
        (profile("a", "") + &profile("a", ""), "already the name"),
        (profile("a", "delimiter = \";;\""), "one character"),
        (profile("a", "decimal_mark = \"'\""), "expected one of ., ,"),
        (profile("a", "encoding = \"klingon\""), "windows-1252"),
        (profile("a", "dates = [\"%d/%m\"]"), "day, month and year"),
        (
            profile("a", "dates = [\"%d/%m/%Q\"]"),
            "day, month and year",
        ),
        (profile("a", "columns = { amount = [] }"), "empty list"),
        (
            profile("a", "columns = { amount = \"A\", Amount = \"B\" }"),
            "twice",
        ),
        (profile("a", "fixed = { curency = \"EUR\" }"), "`currency`"),
        (
            extends("a", "bank-csv") + &format!("{ONE_INPUT}profile = \"a\"\n"),
            "oney-crp-v2 or",
        ),
    ] {
        let error = refused(&text);
        assert!(error.contains(part), "{text}\n{error}");
    }
}

#[test]
fn a_profile_says_how_columns_are_read() {
    let text = "[[profile]]\nname = \"ours\"\nextends = \"oney-crp-v3\"\ndelimiter = \"\\t\"\n\
                decimal_mark = \",\"\nencoding = \"latin1\"\ndates = [\"%d/%m/%y\", \"%FT%T%z\"]\n\
                [profile.columns]\nTransfer_ID = [\"Virement\"]\nPR_Type = \"Type\"\n\
                [profile.fixed]\ntransaction_amount_currency = \"EUR\"\n";
    let profile = &read(text).profiles[0];
    assert_eq!(
        (profile.delimiter, profile.decimal_mark),
        (Some('\t'), Some(','))
    );
    assert_eq!(profile.encoding.as_deref(), Some("windows-1252"));
    assert_eq!(profile.columns["transfer_id"], ["Virement"]);
    assert_eq!(profile.columns["pr_type"], ["Type"]);
    assert_eq!(profile.fixed["transaction_amount_currency"], "EUR");
}

#[test]
fn an_api_says_who_we_are_and_leaves_secrets_where_they_are() {
    let settings = read(
        "[provider.oney.api]\nbase_url = \"http://127.0.0.1:9/\"\ncountry = \"FR\"\n\
         reference_type = \"\"\ntime_budget_seconds = 60\nallow_actions = true\n\
         merchants = { \"m-1\" = { authorization = \"s3cret\" }, \"m-2\" = {} }\n\
         [provider.payone.api]\nmid = 10001\nmode = \"test\"\n",
    );
    let [oney, payone] = settings.apis.as_slice() else {
        panic!("{:?}", settings.apis)
    };
    assert_eq!((oney.timeout_seconds, oney.time_budget_seconds), (10, 60));
    assert!(oney.allow_actions && !payone.allow_actions);
    assert!(!format!("{oney:?}").contains("s3cret"));
    let ApiAccess::Oney {
        merchants,
        reference_type,
        ..
    } = &oney.access
    else {
        panic!("{oney:?}")
    };
    assert_eq!(merchants.len(), 2);
    assert_eq!(reference_type.as_deref(), Some(""));
    assert!(matches!(
        &payone.access,
        ApiAccess::Payone { mid, is_test: true, .. } if mid == "10001"
    ));
    let path = "[provider.oney.api]\npath = \"payments/{merchant}\"\n";
    assert!(refused(path).contains("{reference}"));
}

#[test]
fn a_contract_under_another_name_follows_the_rules_of_its_family() {
    let text = "[[input]]\nkind = \"oney-crp\"\npath = \"es\"\nprovider = \"oney-es\"\n\
                [provider.credit]\nfamily = \"payone\"\nname = \"Ratenkauf\"\n\
                [provider.payone]\nconfirm_deadline_days = 20\n[provider.oney]\n";
    let settings = read(text);
    let rules = |name: &str| settings.rules.providers[name].clone();
    assert_eq!(rules("oney-es").family, Some(Family::Oney));
    assert_eq!(rules("oney-es").report_days, rules("oney").report_days);
    assert_eq!(rules("credit").family, Some(Family::Payone));
    assert_eq!(rules("credit").confirm_deadline_days, Some(28));
    assert_eq!(rules("payone").confirm_deadline_days, Some(20));
    assert_eq!(
        settings.rules.family("e-financing"),
        Some(Family::EFinancing)
    );
    assert_eq!(settings.rules.family("alma"), None);
    assert_eq!(settings.wording.provider("credit"), "Ratenkauf");
    assert_eq!(settings.wording.provider("oney-es"), "oney-es");
}

#[test]
fn an_api_is_that_of_the_family() {
    let text = "[provider.oney-es]\nfamily = \"oney\"\n[provider.oney-es.api]\ncountry = \"ES\"\n";
    let apis = read(text).apis;
    assert_eq!(apis[0].provider, "oney-es");
    assert!(matches!(&apis[0].access, ApiAccess::Oney { country, .. } if country == "ES"));
}

#[test]
fn the_family_counts_when_rules_are_compared() {
    let print = |text: &str| read(text).rules_fingerprint;
    let without = print("[provider.shop]\nsettlement_mode = \"net\"\n");
    assert_ne!(
        without,
        print("[provider.shop]\nfamily = \"e-financing\"\n")
    );
    assert_eq!(without, print("[provider.shop]\nname = \"The shop\"\n"));
}
