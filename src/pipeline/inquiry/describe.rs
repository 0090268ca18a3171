//! `describe`: the rules in force, in words.
//!
//! What an auditor asks for under names such as *Verfahrensdokumentation*: what is read, how it is
//! compared, when something counts as a difference, and since when it has been done that way. It says
//! what the configuration says and nothing that it does not, in Markdown.

use std::fmt::Write as _;

use super::open;
use crate::config::{InputLocation, InputSettings, Settings};
use crate::domain::rules::{FeeRule, ProviderRules, SettlementMode};
use crate::pipeline::RunError;
use crate::storage::DatabaseLocation;
use crate::storage::journal::{self, Proof};

/// Writing to a text cannot fail.
macro_rules! put {
    ($text:expr, $($what:tt)*) => {
        writeln!($text, $($what)*).unwrap_or_default()
    };
}

/// The description of the procedure.
///
/// # Errors
/// When there is a database and it cannot be read.
pub async fn describe(
    settings: &Settings,
    location: &DatabaseLocation,
) -> Result<String, RunError> {
    let proof = match open(location).await {
        // The rules can be described before the first night.
        Err(RunError::NotFound(_)) => Ok(Proof::default()),
        Err(error) => return Err(error),
        Ok(mut db) => {
            let proof = journal::prove(&mut db).await?;
            db.close().await?;
            proof
        }
    };
    let mut text = String::new();
    head(settings, &mut text);
    match &proof {
        Ok(proof) => since(settings, proof, &mut text),
        Err(misfit) => put!(
            text,
            "\n**The journal is not whole** ({}), so it cannot be said since when: see \
             `crp-recon audit verify`.",
            misfit.what
        ),
    }
    inputs(settings, &mut text);
    comparison(settings, &mut text);
    for (name, rules) in &settings.rules.providers {
        provider(settings, name, rules, &mut text);
    }
    fees(settings, &mut text);
    records(settings, &mut text);
    Ok(text)
}

fn head(settings: &Settings, text: &mut String) {
    put!(text, "# The reconciliation, as it is done\n");
    put!(text, "- program: crp-recon {}", env!("CARGO_PKG_VERSION"));
    put!(text, "- rules: {}", settings.rules_fingerprint);
    put!(text, "- days and times: {}", settings.timezone.name());
}

fn since(settings: &Settings, proof: &Proof, text: &mut String) {
    let current = proof.procedures.iter().rev();
    let current = current.take_while(|it| it.rules == settings.rules_fingerprint);
    match current.last() {
        Some(first) => put!(
            text,
            "- in force since: the night of {}, which ran at {}",
            first.as_of,
            first.at
        ),
        None => put!(
            text,
            "- in force since: no night has been recorded by these rules yet"
        ),
    }
    if proof.procedures.is_empty() {
        return;
    }
    put!(text, "\n## Since when\n");
    put!(
        text,
        "| first night | ran at | version | rules |\n|---|---|---|---|"
    );
    for it in &proof.procedures {
        put!(
            text,
            "| {} | {} | {} | {} |",
            it.as_of,
            it.at,
            it.version,
            it.rules
        );
    }
}

fn inputs(settings: &Settings, text: &mut String) {
    put!(text, "\n## What is read\n");
    put!(
        text,
        "Each file is read once and stored whole, with its SHA-256 and each row that could not be read; \
         nothing that is stored is edited or removed. A later file with the same provider, country and \
         number replaces an earlier one, which stays stored.\n"
    );
    put!(
        text,
        "| kind | from | provider | alarm after silence of |\n|---|---|---|---|"
    );
    for (input, feed) in settings.inputs.iter().zip(&settings.rules.inputs) {
        let silence = match feed.max_silence_business_days {
            0 => "never".to_owned(),
            days => format!("{days} business days"),
        };
        put!(
            text,
            "| {} | {} | {} | {silence} |",
            input.kind.word(),
            place(input),
            input.provider.as_deref().unwrap_or("as the rows say"),
        );
    }
    let rules = &settings.rules;
    if !rules.closed_accounts.is_empty() {
        let accounts = rules.closed_accounts.join(", ");
        put!(text, "\nNo statement is expected any more of: {accounts}.");
    }
}

fn place(input: &InputSettings) -> String {
    match input.location {
        InputLocation::Query(_) => format!("a query on {}", input.written),
        InputLocation::Path(_) | InputLocation::Glob(_) => input.written.clone(),
    }
}

fn comparison(settings: &Settings, text: &mut String) {
    let rules = &settings.rules;
    put!(text, "\n## How it is compared\n");
    for line in [
        "Amounts are whole minor units of their currency; no floating point is used.".to_owned(),
        format!(
            "Orders against reports: what was funded and cancelled is compared with what the shop says, \
             within {} in the line's currency.",
            rules.amount_tolerance.0
        ),
        "Orders against the provider's status: the latest word of each.".to_owned(),
        format!(
            "Payouts against the bank: by reference, by amount, and by a sum of \
             up to {} payouts that follow each other; two that fit equally well are left to a person.",
            rules.max_combined_payouts
        ),
        "Completeness: the numbers and days of reports, statements that do not go on from each other, \
         and feeds that are silent."
            .to_owned(),
        "That something is missing is said only once the book in which it would stand reaches that day."
            .to_owned(),
        "Every euro that was reported is in exactly one place of the balance; where it is not, the run \
         fails and prints no report."
            .to_owned(),
    ] {
        put!(text, "- {line}");
    }
    put!(
        text,
        "\nBusiness days are Monday to Friday without the TARGET2 holidays and those of the configuration."
    );
    if let Some(day) = rules.default_provider.books_open {
        put!(
            text,
            "\nThe books begin on {day}: what concerns the time before is for information."
        );
    }
}

fn provider(settings: &Settings, name: &str, rules: &ProviderRules, text: &mut String) {
    put!(text, "\n## {}\n", settings.wording.provider(name));
    let mode = match rules.mode {
        SettlementMode::Net => {
            "net: commissions are deducted from payouts, negative ones are carried over"
        }
        SettlementMode::Gross => {
            "gross: payouts are paid in full, commissions are debited by the month"
        }
    };
    let family = rules
        .family
        .map_or("none that is known", |family| family.name());
    let accounts = if rules.accounts.is_empty() {
        "all".to_owned()
    } else {
        rules.accounts.join(", ")
    };
    let money = if rules.reports_settlement {
        "yes"
    } else {
        "no, only the status of orders"
    };
    let facts = [
        ("contract", name.to_owned()),
        ("rules of", family.to_owned()),
        ("reports its money", money.to_owned()),
        ("pays", mode.to_owned()),
        ("pays to the accounts", accounts),
        (
            "is recognised on statements by",
            format!("`{}`", rules.bank_text.as_str()),
        ),
    ];
    for (what, said) in facts.into_iter().chain(delays(rules)) {
        put!(text, "- {what}: {said}");
    }
    if let Some(day) = rules.books_open {
        put!(text, "- its books begin on: {day}");
    }
}

/// How long things may take.
fn delays(rules: &ProviderRules) -> [(&'static str, String); 7] {
    let deadline = match rules.confirm_deadline_days {
        Some(days) => format!(
            "{days} days after the order, told {} days before",
            rules.deadline_warning_days
        ),
        None => "without a deadline that is known".to_owned(),
    };
    [
        (
            "a funding is missing after",
            format!("{} days", rules.funding_delay_days),
        ),
        (
            "a cancellation is missing after",
            format!("{} days", rules.cancellation_delay_days),
        ),
        (
            "a status may differ for",
            format!("{} days", rules.status_delay_days),
        ),
        (
            "a payout is missing after",
            format!("{} business days", rules.payout_grace_business_days),
        ),
        (
            "a bank entry is unexplained after",
            format!("{} business days", rules.entry_grace_business_days),
        ),
        (
            "the bank may book a payout",
            format!(
                "from {} days before its first report to {} days after its last",
                rules.bank_window_before_days, rules.bank_window_after_days
            ),
        ),
        ("an order must be confirmed", deadline),
    ]
}

fn fees(settings: &Settings, text: &mut String) {
    let rules = &settings.rules;
    put!(text, "\n## Commissions\n");
    if rules.fees.is_empty() {
        put!(
            text,
            "No rule says what a commission should be, so none is checked."
        );
        return;
    }
    put!(
        text,
        "A commission that differs by more than {} from its rule is a difference.\n",
        rules.fee_tolerance.0
    );
    put!(
        text,
        "| provider | product | per cent | fixed | VAT per cent | from | to |\n|---|---|---|---|---|---|---|"
    );
    for fee in &rules.fees {
        put!(text, "{}", fee_row(fee));
    }
}

fn fee_row(fee: &FeeRule) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
    format!(
        "| {} | {} | {} | {} | {} | {} | {} |",
        fee.provider,
        fee.product.as_deref().unwrap_or("all"),
        fee.rate_percent,
        fee.fixed,
        fee.vat_percent
            .map_or_else(String::new, |vat| vat.to_string()),
        day(fee.from),
        day(fee.to)
    )
}

fn records(settings: &Settings, text: &mut String) {
    put!(text, "\n## What is kept\n");
    for line in [
        "Recorded nights with what they found, decisions with who, when and why, actions at providers, \
         and mail that was handed over: in the database, and in its journal, each row of which holds the \
         SHA-256 of the row before. `crp-recon audit verify` recomputes it."
            .to_owned(),
        format!(
            "Reports, each with a manifest of its files, its inputs and its rules: in {}.",
            settings.report.directory.display()
        ),
        "Input files: where the inputs and their archives are.".to_owned(),
    ] {
        put!(text, "- {line}");
    }
}
