//! `[accounts]`.

use super::*;
use crate::domain::accounts::{AccountRole, AccountSettings, Detail, FinancialYear};

#[test]
fn without_a_table_everything_has_its_default() {
    assert_eq!(read("").accounts, AccountSettings::default());
    assert_eq!(
        read("[accounts]\n[accounts.datev]\n").accounts,
        AccountSettings::default()
    );
}

#[test]
fn accounts_are_those_of_the_bank_the_provider_or_the_chart() {
    let accounts = read(
        "[accounts]\ncurrency = \"chf\"\nrates = { EUR = 0.94 }\ndetail = \"line\"\n\
         fee_vat_percent = \"7.7\"\nfinancial_year = \"04-01\"\n\
         [accounts.datev]\nchart = \"skr04\"\naccount_length = 6\nconsultant = 29098\n\
         orders = \"100200\"\n[accounts.datev.provider.oney]\nreceivable = \"1301000\"\n\
         [accounts.datev.banks]\n\"DE89 3704 0044 0532 0130 00\" = \"180100\"\n",
    )
    .accounts;
    assert_eq!(
        accounts.currency.map(|it| it.to_string()).as_deref(),
        Some("CHF")
    );
    assert_eq!(accounts.rates.values().next().unwrap().to_string(), "0.94");
    assert_eq!(accounts.detail, Detail::Line);
    assert_eq!(accounts.financial_year, FinancialYear { month: 4, day: 1 });
    let names = &accounts.datev.accounts;
    let number = |role, provider, bank| names.text(role, provider, bank).to_owned();
    assert_eq!(number(AccountRole::Receivable, "payone", ""), "130000");
    assert_eq!(number(AccountRole::Receivable, "oney", ""), "1301000");
    assert_eq!(number(AccountRole::Orders, "oney", ""), "100200");
    assert_eq!(
        number(AccountRole::Bank, "oney", "DE89370400440532013000"),
        "180100"
    );
    assert_eq!(number(AccountRole::Bank, "oney", "FR76"), "180000");
    assert_eq!(
        (accounts.datev.chart, accounts.datev.consultant),
        ("04", 29_098)
    );
}

#[test]
fn what_a_format_does_not_take_is_refused_with_an_example() {
    for (text, part) in [
        (
            "[accounts]\nreceivables = \"1\"",
            "unknown key `receivables` in [accounts]",
        ),
        (
            "[accounts.fec]\nrecievable = \"467\"",
            "did you mean `receivable`?",
        ),
        ("[accounts.fec]\nbank = \"51\"", "three digits"),
        ("[accounts.fec]\nbank = \"banque 512\"", "three digits"),
        ("[accounts.fec]\nsiren = \"12345\"", "nine digits"),
        (
            "[accounts.fec]\nencoding = \"ebcdic\"",
            "one of iso-8859-15, utf-8",
        ),
        ("[accounts.datev]\nbank = \"0120\"", "4 to 9 digits"),
        ("[accounts.datev]\nbank = \"180000\"", "too many digits"),
        ("[accounts.datev]\nclient = 0", "from 1 to 99999"),
        ("[accounts.datev]\nchart = \"skr07\"", "one of skr03, skr04"),
        (
            "[accounts.hledger]\nbank = \"assets;bank\"",
            "such as \"assets:",
        ),
        (
            "[accounts.beancount]\nbank = \"Bank:Main\"",
            "such as \"Assets:",
        ),
        (
            "[accounts.beancount]\nbank = \"Assets:main\"",
            "capital letter",
        ),
        (
            "[accounts.beancount.provider.oney]\nbanc = \"Assets:A\"",
            "did you mean `bank`?",
        ),
        ("[accounts]\nrates = { euro = \"1\" }", "is no currency"),
        ("[accounts]\nrates = { GBP = 0 }", "a rate above 0"),
        (
            "[accounts]\nfinancial_year = \"02-30\"",
            "such as \"01-01\"",
        ),
        ("[accounts]\ndetail = \"order\"", "one of report, line"),
        (
            "[accounts]\nfee_vat_percent = \"-1\"",
            "a decimal from 0 to 100",
        ),
    ] {
        let error = refused(text);
        assert!(error.contains(part), "{text}\n{error}");
    }
}
