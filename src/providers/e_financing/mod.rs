//! e-Financing (Scalexpert): the subscriptions of an order, their cancellation and the
//! confirmation of delivery (`facts: e-financing`).

mod session;
mod subscription;

use serde_json::Value;

pub use session::{Credentials, Failed, Listing, Session};
pub use subscription::{Cancellation, Subscription, without_people};

use super::request::encoded;
use super::{Answer, Body, Problem, Request, Verdict};
use crate::answers::{ListedError, e_financing as body};

/// Requests in a minute: 600 are allowed for the scope, half of them stay for the shop.
pub const PER_MINUTE: usize = 300;

/// Where the API is below the configured address.
const API: &str = "e-financing/api/v1";

/// Subscriptions of one page, the API's own default.
const PAGE_SIZE: usize = 20;

fn list(order_reference: &str, page: usize) -> Request {
    let order = encoded(order_reference);
    Request::get(format!(
        "{API}/subscriptions?merchantGlobalOrderId={order}&page={page}&pageSize={PAGE_SIZE}"
    ))
}

/// Cancels an amount of a subscription.
pub fn cancel(subscription: &str, amount: &Value) -> Request {
    let body = format!(r#"{{"cancelledAmount":{amount}}}"#);
    let id = encoded(subscription);
    Request::post(
        format!("{API}/subscriptions/{id}/_cancel"),
        Body::Json(body),
    )
}

/// Confirms that a long-term order was delivered, which asks for its money.
pub fn confirm_delivery(subscription: &str) -> Request {
    let id = encoded(subscription);
    Request::post(
        format!("{API}/subscriptions/{id}/_confirmDelivery"),
        Body::Json(r#"{"isDelivered":true}"#.to_owned()),
    )
}

/// The complaint of an answer: of the service, or of the gateway in front of it.
pub fn errors_of(answer: &Answer) -> Vec<ListedError> {
    answer
        .json()
        .map_or_else(Vec::new, |json| body::errors(&json))
}

/// What to do about the answer to a question.
pub fn judge_question(answer: &Answer) -> Verdict {
    match answer.status {
        200 => Verdict::Take,
        401 | 403 => Verdict::StopProvider,
        408 | 429 | 499 | 500..=599 => Verdict::Retry,
        _ => Verdict::Report,
    }
}

/// What to do about the answer to a cancellation or a confirmation of delivery.
pub fn judge_action(answer: &Answer) -> Verdict {
    match answer.status {
        200..=204 => Verdict::Take,
        // A token may end in the middle; whoever says so, the request may have gone further.
        401 | 408 | 429 | 499 | 500..=599 => Verdict::CheckThenRepeat,
        403 | 409 => Verdict::CheckThenReport,
        // Only e-Financing's own complaint proves that nothing happened.
        400..=498 if !errors_of(answer).is_empty() => Verdict::Report,
        _ => Verdict::CheckThenReport,
    }
}

/// An answer that is no good one, as a problem.
pub fn problem(answer: &Answer) -> Problem {
    let sentence = match answer.status {
        200..=299 => "the answer is no list of subscriptions",
        300..=399 => {
            "the server sends us elsewhere, which is not followed; set base_url to where the API is"
        }
        400 | 422 => "e-Financing cannot use the request",
        401 => "e-Financing does not accept a new token; check client_id and client_secret",
        403 => "the key lacks the scope e-financing:rw; ask for it",
        404 => "e-Financing does not know this; check base_url",
        409 => "the subscription was changed meanwhile, or its state does not allow it",
        429 => "the limit of requests a minute is used up, by us or by the shop",
        408 | 499 => "e-Financing took too long",
        500..=599 => "e-Financing's server failed",
        _ => "the answer cannot be used",
    };
    let errors = errors_of(answer);
    let sentence = if errors.is_empty() && !answer.text.trim().is_empty() {
        format!("{sentence}; it begins «{}»", answer.beginning())
    } else {
        sentence.to_owned()
    };
    Problem {
        sentence,
        http_status: Some(answer.status),
        errors,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Scrubber;

    fn answer(status: u16, body: &str) -> Answer {
        Answer::new(status, None, body.as_bytes(), &Scrubber::default())
    }

    #[test]
    fn requests_are_those_of_the_documented_api() {
        assert_eq!(
            list("ORDER 2/1", 2).path,
            "e-financing/api/v1/subscriptions?merchantGlobalOrderId=ORDER%202%2F1&page=2&pageSize=20"
        );
        let amount: Value = serde_json::from_str("50.00").unwrap();
        let request = cancel("7b0a-1", &amount);
        assert_eq!(
            request.path,
            "e-financing/api/v1/subscriptions/7b0a-1/_cancel"
        );
        assert!(matches!(request.body, Body::Json(text) if text == r#"{"cancelledAmount":50.00}"#));
    }

    #[test]
    fn codes_are_judged_as_the_table_says() {
        for (status, question, action) in [
            (200, Verdict::Take, Verdict::Take),
            (204, Verdict::Report, Verdict::Take),
            (302, Verdict::Report, Verdict::CheckThenReport),
            (400, Verdict::Report, Verdict::CheckThenReport),
            (401, Verdict::StopProvider, Verdict::CheckThenRepeat),
            (403, Verdict::StopProvider, Verdict::CheckThenReport),
            (404, Verdict::Report, Verdict::CheckThenReport),
            (409, Verdict::Report, Verdict::CheckThenReport),
            (422, Verdict::Report, Verdict::CheckThenReport),
            (429, Verdict::Retry, Verdict::CheckThenRepeat),
            (500, Verdict::Retry, Verdict::CheckThenRepeat),
            (503, Verdict::Retry, Verdict::CheckThenRepeat),
        ] {
            let answer = answer(status, "");
            assert_eq!(judge_question(&answer), question, "{status}");
            assert_eq!(judge_action(&answer), action, "{status}");
        }
    }

    #[test]
    fn both_forms_of_errors_are_read() {
        let service = r#"{"timestamp":"t","httpStatusCode":"400","errorCode":"INVALID_UUID",
            "errorMessage":"no id"}"#;
        assert_eq!(
            problem(&answer(400, service)).to_string(),
            "e-Financing cannot use the request (HTTP 400); INVALID_UUID, no id"
        );
        let gateway = r#"{"path":"/x","status":422,"error":"Unprocessable","message":"body"}"#;
        let refused = answer(422, gateway);
        assert_eq!(errors_of(&refused)[0].code, "Unprocessable");
        assert_eq!(judge_action(&refused), Verdict::Report);
    }
}
