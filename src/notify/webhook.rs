//! The bodies of webhooks, and their signature.

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::Bulletin;
use super::bulletin::money;
use crate::domain::discrepancy::ReportedDiscrepancy;
use crate::domain::hex::hex;
use crate::domain::outcome::ReportData;
use crate::report::overview::is_to_do;

/// What a JSON body says that it is.
const SCHEMA: &str = "crp-recon/night/1";

/// The header with the signature of the body.
pub const SIGNATURE_HEADER: &str = "X-Crp-Recon-Signature";

/// The header with what stays the same when a post is repeated.
pub const DELIVERY_HEADER: &str = "X-Crp-Recon-Delivery";

/// Discrepancies that a body holds; of the others there is only their number.
const DETAILS_MAX: usize = 200;

/// Lines of codes in a message for people.
const LINES_MAX: usize = 12;

/// The JSON body of `docs/webhook.schema.json`; with `details`, what is to do goes along.
pub fn json_body(bulletin: &Bulletin, details: Option<&ReportData>) -> String {
    let mut counts: Map<String, Value> = Map::new();
    for (code, states) in &bulletin.figures.counts {
        let states = states.iter();
        let states: Map<String, Value> = states
            .map(|(state, count)| (state.word().to_owned(), (*count).into()))
            .collect();
        counts.insert(code.word().to_owned(), states.into());
    }
    let at_stake = bulletin.at_stake.iter();
    let at_stake: Map<String, Value> = at_stake
        .map(|(currency, sum)| {
            (
                currency.to_string(),
                sum.display(*currency).to_string().into(),
            )
        })
        .collect();
    let unfetched = bulletin.unfetched.iter();
    let unfetched: Vec<Value> = unfetched
        .map(|one| json!({ "source": one.source, "reason": one.reason }))
        .collect();
    let mut body = json!({
        "schema": SCHEMA,
        "as_of": bulletin.as_of.to_string(),
        "exit": bulletin.exit,
        "headline": bulletin.headline(),
        "new": bulletin.new,
        "changed": bulletin.changed,
        "open": bulletin.open,
        "at_stake": at_stake,
        "counts": counts,
        "files": bulletin.files,
        "rows": { "accepted": bulletin.rows.0, "rejected": bulletin.rows.1 },
        "unfetched": unfetched,
    });
    if let (Some(data), Some(body)) = (details, body.as_object_mut()) {
        let to_do = || {
            let all = data.discrepancies.glances().enumerate();
            all.filter(|(_, one)| !one.is_snoozed && is_to_do(one.severity, one.state))
        };
        let first = to_do().take(DETAILS_MAX);
        let first = first.filter_map(|(at, _)| data.discrepancies.get(at));
        let shown: Vec<Value> = first.map(|one| detail(&one)).collect();
        let left_out = to_do().count().saturating_sub(shown.len());
        body.insert("discrepancies".to_owned(), shown.into());
        body.insert("discrepancies_left_out".to_owned(), left_out.into());
    }
    body.to_string()
}

fn detail(one: &ReportedDiscrepancy) -> Value {
    let found = &one.discrepancy;
    let amount = |amount: Option<crate::domain::Amount>| {
        found
            .currency
            .zip(amount)
            .map(|(currency, sum)| sum.display(currency).to_string())
    };
    json!({
        "id": one.id,
        "code": found.code.word(),
        "severity": found.severity.word(),
        "state": one.state.word(),
        "provider": found.provider,
        "order_reference": found.order_reference,
        "payout_reference": found.payout_reference,
        "currency": found.currency.map(|currency| currency.to_string()),
        "expected": amount(found.expected),
        "actual": amount(found.actual),
        "event_date": found.event_date.to_string(),
    })
}

/// The lines of a message for people: the headline, and how many of each code are new and open.
fn lines(bulletin: &Bulletin) -> Vec<String> {
    let mut lines = vec![format!("Reconciliation {}", bulletin.headline())];
    for one in &bulletin.unfetched {
        lines.push(format!(
            "Source {} was not fetched: {}",
            one.source, one.reason
        ));
    }
    let sums = bulletin.figures.amounts.iter();
    for (severity, sums) in sums {
        let sums: Vec<String> = sums
            .iter()
            .map(|(currency, sum)| money(*sum, *currency))
            .collect();
        if !sums.is_empty() {
            lines.push(format!("{}: {}", severity.word(), sums.join(", ")));
        }
    }
    let open = bulletin.figures.counts.iter().map(|(code, states)| {
        let count = |wanted: &[&str]| -> u64 {
            let some = states
                .iter()
                .filter(|(state, _)| wanted.contains(&state.word()));
            some.map(|(_, count)| *count).sum()
        };
        (
            code.word(),
            count(&["new"]),
            count(&["new", "changed", "persisting"]),
        )
    });
    let open: Vec<_> = open.filter(|(_, _, open)| *open > 0).collect();
    for (code, new, open) in open.iter().take(LINES_MAX) {
        lines.push(format!("{code}: {open} open, {new} new"));
    }
    if let Some(more) = open.len().checked_sub(LINES_MAX).filter(|more| *more > 0) {
        lines.push(format!("and {more} more codes"));
    }
    lines
}

/// A message of Slack. What could be markup there is escaped.
pub fn slack_body(bulletin: &Bulletin) -> String {
    let text = lines(bulletin).join("\n");
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    json!({ "text": text }).to_string()
}

/// A card of Microsoft Teams' workflows.
pub fn teams_body(bulletin: &Bulletin) -> String {
    let block = |(number, line): (usize, &String)| {
        let weight = if number == 0 { "Bolder" } else { "Default" };
        json!({ "type": "TextBlock", "text": line, "wrap": true, "weight": weight })
    };
    let lines = lines(bulletin);
    let blocks: Vec<Value> = lines.iter().enumerate().map(block).collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": blocks,
            },
        }],
    })
    .to_string()
}

/// `sha256=` and the HMAC-SHA256 of a body; `None` for a key that is none.
pub fn signature(key: &str, body: &str) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(body.as_bytes());
    Some(format!("sha256={}", hex(&mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_body_names_nothing_of_a_customer_unless_told() {
        let data = sample::report_data();
        let bulletin = Bulletin::of(&data);
        for body in [
            json_body(&bulletin, None),
            slack_body(&bulletin),
            teams_body(&bulletin),
        ] {
            assert!(body.contains("new"), "{body}");
            assert!(!body.contains("WEB-") && !body.contains("TFR"), "{body}");
        }
        assert!(json_body(&bulletin, Some(&data)).contains("WEB-"));
    }

    #[test]
    fn the_body_for_programs() {
        let data = sample::report_data();
        let body = json_body(&Bulletin::of(&data), None);
        let body: Value = serde_json::from_str(&body).unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&body).unwrap());
    }

    #[test]
    fn a_signature_is_the_one_that_others_compute() {
        // RFC 4231, test case 2.
        assert_eq!(
            signature("Jefe", "what do ya want for nothing?").unwrap(),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
