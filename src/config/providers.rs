//! `[provider.NAME]`: how each provider pays, and how long things may take.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};
use regex::Regex;

use super::document::{Field, Section};
use super::error::ConfigError;
use super::settings::InputSettings;
use super::unknown_keys::nearest;
use crate::domain::family::Family;
use crate::domain::file::InputKind;
use crate::domain::rules::{FeeRule, ProviderRules, ReportDays, SettlementMode};

pub(super) const KEYS: [&str; 18] = [
    "family",
    "name",
    "company",
    "settlement_mode",
    "bank_text",
    "accounts",
    "funding_delay_days",
    "cancellation_delay_days",
    "status_delay_days",
    "payout_grace_business_days",
    "entry_grace_business_days",
    "bank_window_before_days",
    "bank_window_after_days",
    "deadline_warning_days",
    "confirm_deadline_days",
    "report_days",
    "books_open",
    "api",
];

/// The longest delay, in days: ten years.
const DELAY_DAYS_MAX: u32 = 3_650;

const EVERY_DAY: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// Finds nothing.
const NOTHING: &str = r"[^\s\S]";

/// The rules of a provider of a family that no `[provider.NAME]` table describes.
fn defaults(
    family: Option<Family>,
    bank_text: Regex,
    books_open: Option<NaiveDate>,
) -> ProviderRules {
    ProviderRules {
        family,
        mode: SettlementMode::Net,
        bank_text,
        accounts: Vec::new(),
        funding_delay_days: 5,
        cancellation_delay_days: 5,
        status_delay_days: 1,
        payout_grace_business_days: 3,
        entry_grace_business_days: 3,
        bank_window_before_days: 5,
        bank_window_after_days: 20,
        confirm_deadline_days: family.and_then(Family::confirm_deadline_days),
        deadline_warning_days: 5,
        report_days: default_report_days(family),
        reports_settlement: false,
        books_open,
    }
}

/// The rules of the providers that the configuration does not name: orders may be theirs, money
/// is not, because no input of theirs reports any.
pub(super) fn unnamed(root: &Section<'_>) -> Result<ProviderRules, ConfigError> {
    Ok(defaults(
        None,
        compiled(root, "", NOTHING)?,
        books_open(root)?,
    ))
}

/// The day from which the books of all providers are known that have none of their own.
fn books_open(section: &Section<'_>) -> Result<Option<NaiveDate>, ConfigError> {
    section.read("books_open", Field::day)
}

/// The accounts that no statement comes for any more.
pub(super) fn closed_accounts(root: &Section<'_>) -> Result<Vec<String>, ConfigError> {
    let mut accounts = root
        .read("closed_accounts", |field| field.list(account))?
        .unwrap_or_default();
    accounts.sort_unstable();
    accounts.dedup();
    Ok(accounts)
}

/// A pattern of our own making; it can only be too large.
fn compiled(root: &Section<'_>, name: &str, pattern: &str) -> Result<Regex, ConfigError> {
    Regex::new(pattern).map_err(|error| {
        root.error(
            &format!("the provider name {name:?}"),
            &format!(" makes no pattern: {error}"),
        )
    })
}

/// `(?i)\bname\b`; a border is asked for only where the name begins or ends with a letter or
/// digit, because next to another character there is none.
fn whole_word(name: &str) -> String {
    let border = |c: Option<char>| {
        if c.is_some_and(char::is_alphanumeric) {
            r"\b"
        } else {
            ""
        }
    };
    let (before, after) = (
        border(name.chars().next()),
        border(name.chars().next_back()),
    );
    format!("(?i){before}{}{after}", regex::escape(name))
}

/// Oney reports France from Sunday to Friday and every other country daily; of other providers
/// nothing is known.
fn default_report_days(family: Option<Family>) -> ReportDays {
    if family != Some(Family::Oney) {
        return ReportDays {
            by_country: BTreeMap::new(),
            default: None,
        };
    }
    let not_saturday = EVERY_DAY
        .into_iter()
        .filter(|day| *day != Weekday::Sat)
        .collect();
    ReportDays {
        by_country: BTreeMap::from([("fr".to_owned(), not_saturday)]),
        default: Some(EVERY_DAY.to_vec()),
    }
}

/// The rules of every provider that the configuration names, by name.
pub(super) fn read(
    root: &Section<'_>,
    inputs: &[InputSettings],
    fees: &[FeeRule],
) -> Result<BTreeMap<String, ProviderRules>, ConfigError> {
    let sections: BTreeMap<_, _> = sections_of(root)?.into_iter().collect();
    let mut names: BTreeSet<&str> = sections.keys().map(String::as_str).collect();
    names.extend(inputs.iter().filter_map(|input| input.provider.as_deref()));
    names.extend(fees.iter().map(|fee| fee.provider.as_str()));

    let reports = |name: &str| {
        let its_own = |input: &&InputSettings| input.provider.as_deref() == Some(name);
        inputs
            .iter()
            .filter(its_own)
            .any(|input| input.kind.reports_settlement())
    };
    let mut providers = BTreeMap::new();
    let open = books_open(root)?;
    for name in names {
        let section = sections.get(name);
        let family = family(root, (name, section), inputs)?;
        // Its bank entries are those that hold its own name as a whole word.
        let defaults = defaults(family, compiled(root, name, &whole_word(name))?, open);
        let mut rules = match section {
            Some(section) => read_one(section, defaults)?,
            None => defaults,
        };
        rules.reports_settlement = reports(name);
        providers.insert(name.to_owned(), rules);
    }
    Ok(providers)
}

/// A name that tables of providers give under a key, such as what people call the provider.
pub(super) fn names(
    root: &Section<'_>,
    key: &str,
) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut names = BTreeMap::new();
    for (provider, section) in sections_of(root)? {
        if let Some(name) = section.read(key, Field::name)? {
            names.insert(provider, name);
        }
    }
    Ok(names)
}

/// Whose rules a provider follows: as its table says, else those of its own name, else those of
/// the inputs that report for it.
fn family(
    root: &Section<'_>,
    (name, section): (&str, Option<&Section<'_>>),
    inputs: &[InputSettings],
) -> Result<Option<Family>, ConfigError> {
    let words = Family::ALL.map(|family| (family.word(), family));
    let written = match section {
        Some(section) => section.read("family", |field| field.word(&words))?,
        None => None,
    };
    if let Some(family) = written.or_else(|| Family::from_word(name)) {
        return Ok(Some(family));
    }
    let its_own = inputs
        .iter()
        .filter(|input| input.provider.as_deref() == Some(name));
    let kinds: BTreeMap<Family, InputKind> = its_own
        .filter_map(|input| Some((input.kind.family()?, input.kind)))
        .collect();
    let kind = |kind: Option<&InputKind>| kind.map_or("", |kind| kind.word());
    let (first, last) = (kinds.first_key_value(), kinds.last_key_value());
    if kinds.len() > 1 {
        let (one, other) = (kind(first.map(|it| it.1)), kind(last.map(|it| it.1)));
        return Err(section.unwrap_or(root).error(
            &format!(
                "the inputs of {name:?} are of several families ({one}, {other}), and none is set"
            ),
            &format!(
                "; write family = \"…\" in [provider.{name}], or give them providers of their own"
            ),
        ));
    }
    Ok(first.map(|(family, _)| *family))
}

/// The `[provider.NAME]` tables with their names.
pub(super) fn sections_of<'d>(
    root: &Section<'d>,
) -> Result<Vec<(String, Section<'d>)>, ConfigError> {
    let Some(table) = root.read("provider", Field::free_table)? else {
        return Ok(Vec::new());
    };
    let section = |field: Field<'d>| {
        let name = field.key().to_owned();
        if let Some(known) = other_case(&name) {
            return Err(field.error(&format!("differs in case from `{known}`; write `{known}`")));
        }
        if name.trim() != name || name.is_empty() || name.chars().any(char::is_control) {
            return Err(field.error("has blanks around its name; write it without"));
        }
        Ok((name, field.table(&KEYS)?))
    };
    table.fields().map(section).collect()
}

/// The name of a provider as a value.
pub(super) fn provider_name(field: &Field<'_>) -> Result<String, ConfigError> {
    let name = field.name()?;
    match other_case(&name) {
        Some(known) => Err(field.wrong(format!("{known:?}, in lower case"))),
        None => Ok(name),
    }
}

/// The known provider that a name means and does not write; its files and rules would be without
/// effect.
fn other_case(name: &str) -> Option<&'static str> {
    Family::ALL
        .into_iter()
        .map(Family::word)
        .find(|known| *known != name && known.eq_ignore_ascii_case(name))
}

fn read_one(section: &Section<'_>, defaults: ProviderRules) -> Result<ProviderRules, ConfigError> {
    let delay = |key: &str, default: u32| Ok(section.read(key, days)?.unwrap_or(default));
    let modes = [
        ("net", SettlementMode::Net),
        ("gross", SettlementMode::Gross),
    ];
    Ok(ProviderRules {
        family: defaults.family,
        mode: section
            .read("settlement_mode", |field| field.word(&modes))?
            .unwrap_or(defaults.mode),
        bank_text: section
            .read("bank_text", pattern)?
            .unwrap_or(defaults.bank_text),
        accounts: section
            .read("accounts", |field| field.list(account))?
            .unwrap_or(defaults.accounts),
        funding_delay_days: delay("funding_delay_days", defaults.funding_delay_days)?,
        cancellation_delay_days: delay(
            "cancellation_delay_days",
            defaults.cancellation_delay_days,
        )?,
        status_delay_days: delay("status_delay_days", defaults.status_delay_days)?,
        payout_grace_business_days: delay(
            "payout_grace_business_days",
            defaults.payout_grace_business_days,
        )?,
        entry_grace_business_days: delay(
            "entry_grace_business_days",
            defaults.entry_grace_business_days,
        )?,
        bank_window_before_days: delay(
            "bank_window_before_days",
            defaults.bank_window_before_days,
        )?,
        bank_window_after_days: delay("bank_window_after_days", defaults.bank_window_after_days)?,
        confirm_deadline_days: section
            .read("confirm_deadline_days", days)?
            .or(defaults.confirm_deadline_days),
        deadline_warning_days: delay("deadline_warning_days", defaults.deadline_warning_days)?,
        report_days: match section.read("report_days", Field::free_table)? {
            Some(table) => report_days(&table, defaults.report_days)?,
            None => defaults.report_days,
        },
        reports_settlement: defaults.reports_settlement,
        books_open: books_open(section)?.or(defaults.books_open),
    })
}

fn days(field: &Field<'_>) -> Result<u32, ConfigError> {
    field.whole(0..=DELAY_DAYS_MAX)
}

fn pattern(field: &Field<'_>) -> Result<Regex, ConfigError> {
    let pattern = Regex::new(field.text()?).map_err(|error| {
        let report = error.to_string();
        let reason = report
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        field.wrong(format!(
            "a regular expression such as '(?i)\\boney\\b' ({reason})"
        ))
    })?;
    if pattern.is_match("") {
        return Err(field
            .wrong("a regular expression that does not fit every text, such as '(?i)\\boney\\b'"));
    }
    Ok(pattern)
}

/// An account as statements are compared with it: without blanks, an IBAN in capitals.
fn account(field: &Field<'_>) -> Result<String, ConfigError> {
    let account = super::iban::account(field, field.text()?)?;
    if account.is_empty() {
        return Err(field.wrong("an IBAN, or the bank's own number of the account"));
    }
    let is_iban = account.chars().take(2).all(|c| c.is_ascii_alphabetic())
        && account.chars().skip(2).take(2).all(|c| c.is_ascii_digit());
    Ok(if is_iban {
        account.to_ascii_uppercase()
    } else {
        account
    })
}

/// With `default`, the table says everything; without, it says what differs for its countries.
fn report_days(table: &Section<'_>, defaults: ReportDays) -> Result<ReportDays, ConfigError> {
    let mut by_country = BTreeMap::new();
    let mut default = None;
    for field in table.fields() {
        let days = weekdays(&field)?;
        let country = field.key();
        if country == "default" {
            default = Some(days);
        } else if !country.is_empty() && country.bytes().all(|byte| byte.is_ascii_lowercase()) {
            by_country.insert(country.to_owned(), days);
        } else {
            return Err(field.error(
                "is no country; write it as file names do, in lower case, such as `fr`, or \
                 `default` for all others",
            ));
        }
    }
    if default.is_some() {
        return Ok(ReportDays {
            by_country,
            default,
        });
    }
    let mut all = defaults.by_country;
    all.append(&mut by_country);
    Ok(ReportDays {
        by_country: all,
        default: defaults.default,
    })
}

/// `"daily"`, or a list of weekdays.
fn weekdays(field: &Field<'_>) -> Result<Vec<Weekday>, ConfigError> {
    if !field.is_list() {
        let everyday = [("daily", EVERY_DAY.to_vec())];
        return field.word(&everyday).map_err(|_wrong_word| {
            field.wrong("\"daily\", or a list of weekdays such as [\"mon\", \"tue\"]")
        });
    }
    let mut days = field.list(weekday)?;
    days.sort_by_key(Weekday::num_days_from_monday);
    days.dedup();
    Ok(days)
}

fn weekday(field: &Field<'_>) -> Result<Weekday, ConfigError> {
    let word = field.text()?;
    word.parse().map_err(|_not_a_day| {
        let known = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let near = nearest(word, known).unwrap_or_default();
        field.wrong(format!(
            "one of {}; did you mean {near:?}?",
            known.join(", ")
        ))
    })
}
