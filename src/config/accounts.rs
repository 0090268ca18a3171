//! `[accounts]`: the books that `export` writes journals for.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::providers;
use super::unknown_keys::nearest;
use crate::domain::Currency;
use crate::domain::accounts::{
    AccountNames, AccountRole, AccountSettings, DatevSettings, Detail, ExportFormat, FecEncoding,
    FecSettings, FinancialYear, datev_chart,
};

pub(super) const KEYS: [&str; 9] = [
    "currency",
    "rates",
    "detail",
    "fee_vat_percent",
    "financial_year",
    "fec",
    "datev",
    "hledger",
    "beancount",
];

/// Keys of every chart besides its accounts.
const CHART_KEYS: [&str; 2] = ["provider", "banks"];
const FEC_KEYS: [&str; 4] = ["siren", "encoding", "settlement_journal", "bank_journal"];
const DATEV_KEYS: [&str; 4] = ["consultant", "client", "account_length", "chart"];

const PERCENT_MAX: Decimal = Decimal::ONE_HUNDRED;
const RATE_MAX: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// The last day of a month that every month has.
const LAST_DAY_OF_ANY_MONTH: u32 = 28;

pub(super) fn read(root: &Section<'_>) -> Result<AccountSettings, ConfigError> {
    let mut settings = AccountSettings {
        companies: providers::names(root, "company")?,
        ..AccountSettings::default()
    };
    let Some(section) = root.table("accounts", &KEYS)? else {
        return Ok(settings);
    };
    settings.currency = section.read("currency", currency)?;
    if let Some(rates) = section.read("rates", rates)? {
        settings.rates = rates;
    }
    let details = [("report", Detail::Report), ("line", Detail::Line)];
    if let Some(detail) = section.read("detail", |field| field.word(&details))? {
        settings.detail = detail;
    }
    let percent = |field: &Field<'_>| field.decimal(PERCENT_MAX);
    if let Some(percent) = section.read("fee_vat_percent", percent)? {
        settings.fee_vat_percent = percent;
    }
    if let Some(year) = section.read("financial_year", financial_year)? {
        settings.financial_year = year;
    }
    if let Some(section) = chart_table(&section, "fec", &FEC_KEYS)? {
        fec(&section, &mut settings.fec)?;
    }
    if let Some(section) = chart_table(&section, "datev", &DATEV_KEYS)? {
        datev(&section, &mut settings.datev)?;
    }
    if let Some(section) = chart_table(&section, "hledger", &[])? {
        accounts(&section, &mut settings.hledger, ExportFormat::Hledger)?;
    }
    if let Some(section) = chart_table(&section, "beancount", &[])? {
        accounts(&section, &mut settings.beancount, ExportFormat::Beancount)?;
    }
    Ok(settings)
}

fn chart_table<'d>(
    section: &Section<'d>,
    key: &str,
    own: &[&str],
) -> Result<Option<Section<'d>>, ConfigError> {
    let roles = AccountRole::ALL.map(AccountRole::word);
    let keys: Vec<&str> = [own, &CHART_KEYS, &roles].concat();
    section.table(key, &keys)
}

fn fec(section: &Section<'_>, fec: &mut FecSettings) -> Result<(), ConfigError> {
    fec.siren = section.read("siren", |field| {
        let text = field.text_or_number()?;
        let good = text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit());
        good.then_some(text)
            .ok_or_else(|| field.wrong("the nine digits of a SIREN, in quotes"))
    })?;
    let encodings = [
        ("iso-8859-15", FecEncoding::Latin9),
        ("utf-8", FecEncoding::Utf8),
    ];
    if let Some(encoding) = section.read("encoding", |field| field.word(&encodings))? {
        fec.encoding = encoding;
    }
    if let Some(journal) = section.read("settlement_journal", Field::name)? {
        fec.settlement_journal = journal;
    }
    if let Some(journal) = section.read("bank_journal", Field::name)? {
        fec.bank_journal = journal;
    }
    accounts(section, &mut fec.accounts, ExportFormat::Fec)
}

fn datev(section: &Section<'_>, datev: &mut DatevSettings) -> Result<(), ConfigError> {
    if let Some(number) = section.read("consultant", |it| it.whole(1001..=9_999_999))? {
        datev.consultant = number;
    }
    if let Some(number) = section.read("client", |it| it.whole(1..=99_999))? {
        datev.client = number;
    }
    let charts = ["skr03", "skr04"].map(|word| (word, datev_chart(word)));
    if let Some(Some((number, names))) = section.read("chart", |field| field.word(&charts))? {
        (datev.chart, datev.accounts) = (number, names);
    }
    if let Some(length) = section.read("account_length", |it| it.whole(4..=8))? {
        datev.account_length = length;
        // SKR 03 and 04 have four digits; longer ones are filled up with zeros.
        let missing = usize::try_from(length.saturating_sub(4)).unwrap_or(0);
        for number in datev.accounts.general.values_mut() {
            number.push_str(&"0".repeat(missing));
        }
    }
    accounts(section, &mut datev.accounts, ExportFormat::Datev)?;
    let names = &datev.accounts;
    let all = names.general.values().chain(names.banks.values());
    let all = all.chain(names.providers.values().flat_map(BTreeMap::values));
    let digits = usize::try_from(datev.account_length).unwrap_or(0);
    match all
        .into_iter()
        .find(|number| digits.saturating_add(1) < number.len())
    {
        None => Ok(()),
        Some(number) => Err(section.error(
            &format!("the account {number:?} has too many digits"),
            &format!("; `account_length` is {digits}, and personal accounts have one digit more"),
        )),
    }
}

/// The accounts of a chart: in general, for providers, for banks.
fn accounts(
    section: &Section<'_>,
    names: &mut AccountNames,
    format: ExportFormat,
) -> Result<(), ConfigError> {
    for role in AccountRole::ALL {
        if let Some(text) = section.read(role.word(), |field| account(field, format))? {
            names.general.insert(role, text);
        }
    }
    if let Some(table) = section.read("provider", Field::free_table)? {
        for field in table.fields() {
            let own = field.table(&AccountRole::ALL.map(AccountRole::word))?;
            let mut texts = BTreeMap::new();
            for role in AccountRole::ALL {
                if let Some(text) = own.read(role.word(), |field| account(field, format))? {
                    texts.insert(role, text);
                }
            }
            names.providers.insert(field.key().to_owned(), texts);
        }
    }
    if let Some(table) = section.read("banks", Field::free_table)? {
        for field in table.fields() {
            let bank: String = field.key().split_whitespace().collect();
            names.banks.insert(bank, account(&field, format)?);
        }
    }
    Ok(())
}

/// An account as its format wants it.
fn account(field: &Field<'_>, format: ExportFormat) -> Result<String, ConfigError> {
    let text = field.name()?;
    let number = text.split(' ').next().unwrap_or_default();
    let digits = |from: usize, to: usize| {
        (from..=to).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (good, wanted) = match format {
        ExportFormat::Fec => (
            number.len() >= 3
                && number.bytes().take(3).all(|byte| byte.is_ascii_digit())
                && number.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            "a number that begins with three digits of the French chart of accounts, and its \
             label behind a blank, such as \"467100 Oney\"",
        ),
        ExportFormat::Datev => (
            text == number && digits(4, 9) && !number.starts_with('0'),
            "a number of 4 to 9 digits that does not begin with 0, such as \"1360\"",
        ),
        ExportFormat::Hledger => (
            !text.contains("  ")
                && !text.contains(';')
                && text.starts_with(char::is_alphabetic)
                && text.split(':').all(|part| !part.trim().is_empty()),
            "an account such as \"assets:receivable:{provider}\"",
        ),
        ExportFormat::Beancount => (
            is_beancount(&text),
            "an account such as \"Assets:Receivable:{provider}\": Assets, Liabilities, Equity, \
             Income or Expenses, then parts of letters, digits and - that begin with a capital \
             letter or a digit",
        ),
    };
    good.then_some(text).ok_or_else(|| field.wrong(wanted))
}

fn is_beancount(text: &str) -> bool {
    let filled = text.replace("{provider}", "P").replace("{bank}", "B");
    let mut parts = filled.split(':');
    let root = parts.next().unwrap_or_default();
    let roots = ["Assets", "Liabilities", "Equity", "Income", "Expenses"];
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let parts: Vec<&str> = parts.collect();
    roots.contains(&root) && !parts.is_empty() && parts.into_iter().all(is_part)
}

fn currency(field: &Field<'_>) -> Result<Currency, ConfigError> {
    let wanted = "a currency of three letters, such as \"EUR\"";
    Currency::parse(field.text()?).ok_or_else(|| field.wrong(wanted))
}

fn rates(field: &Field<'_>) -> Result<BTreeMap<Currency, Decimal>, ConfigError> {
    let mut rates = BTreeMap::new();
    for rate in field.free_table()?.fields() {
        let Some(currency) = Currency::parse(rate.key()) else {
            let near = nearest(rate.key(), ["GBP", "USD", "CHF", "PLN", "SEK"]).unwrap_or("GBP");
            return Err(rate.error(&format!("is no currency; did you mean `{near}`?")));
        };
        let value = rate.decimal(RATE_MAX)?;
        if value.is_zero() {
            return Err(rate.wrong("a rate above 0"));
        }
        rates.insert(currency, value);
    }
    Ok(rates)
}

/// `04-01`.
fn financial_year(field: &Field<'_>) -> Result<FinancialYear, ConfigError> {
    let (month, day) = field.text()?.split_once('-').unwrap_or_default();
    let number = |text: &str| {
        Some(text)
            .filter(|it| it.len() == 2)
            .and_then(|it| it.parse().ok())
    };
    let year = number(month)
        .zip(number(day))
        .map(|(month, day)| FinancialYear { month, day });
    let good = |year: &FinancialYear| {
        (1..=12).contains(&year.month) && (1..=LAST_DAY_OF_ANY_MONTH).contains(&year.day)
    };
    year.filter(good).ok_or_else(|| {
        field.wrong("the month and the day on which financial years begin, such as \"01-01\"")
    })
}
