//! What Oney's HTTP codes and error codes mean for each service (`facts: oney-api`).

use crate::answers::{ListedError, oney as body};
use crate::providers::{Answer, Problem, Verdict};

/// A service of the payment API. The same error code means different things in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Get status.
    Status,
    /// Confirm.
    Confirm,
    /// Cancel.
    Cancel,
}

/// The complaints of an answer.
pub fn errors_of(answer: &Answer) -> Vec<ListedError> {
    answer
        .json()
        .map_or_else(Vec::new, |json| body::errors(&json))
}

/// What to do about an answer of a service.
pub fn judge(service: Service, answer: &Answer) -> Verdict {
    let codes = errors_of(answer);
    let has = |code: &str| codes.iter().any(|error| error.code == code);
    let asks = service == Service::Status;
    let after_failure = if asks {
        Verdict::Retry
    } else {
        Verdict::CheckThenRepeat
    };
    match answer.status {
        200 => Verdict::Take,
        // Oney's own "request failed" of a confirmation comes with this code.
        400 if service == Service::Confirm && has("ERR_07") => Verdict::CheckThenReport,
        404 if asks && body::has_no_file(&codes) => Verdict::Take,
        404 if body::has_no_file(&codes) => Verdict::Report,
        // 404 without it: the path itself is unknown, base_url or a GUID is wrong for every order.
        401 | 403 | 404 if asks => Verdict::StopProvider,
        408 | 429 | 499 | 500..=599 => after_failure,
        // The key and the path were good a moment ago, when the status was read.
        401 | 403 | 404 | 409 if !asks => Verdict::CheckThenReport,
        // Only Oney's own complaint proves that nothing happened.
        400..=498 if asks || !codes.is_empty() => Verdict::Report,
        // A redirect, or no code of HTTP: who knows what it did on the way.
        _ if asks => Verdict::Report,
        _ => Verdict::CheckThenReport,
    }
}

/// True for "no file for this reference".
pub fn is_unknown_file(answer: &Answer) -> bool {
    answer.status == 404 && body::has_no_file(&errors_of(answer))
}

/// An answer that is no good one, as a problem.
pub fn problem(answer: &Answer) -> Problem {
    let errors = errors_of(answer);
    let sentence = match answer.status {
        200..=299 => "the answer holds no status of a purchase",
        300..=399 => {
            "the server sends us elsewhere, which is not followed; set base_url to where the API is"
        }
        400 => "Oney cannot use the request",
        401 => {
            "Oney does not accept the key; check authorization and that it is of this environment \
             and merchant"
        }
        403 => {
            "Oney refuses the key, or the day's requests are used up; check authorization, or ask \
             again tomorrow"
        }
        404 if is_unknown_file(answer) => "Oney has no file for this reference",
        404 => "Oney does not know the address; check base_url, psp_guid and merchant_guid",
        408 | 499 => "Oney took too long",
        409 => "the file's state or amount does not allow it",
        429 => "the limit of requests a minute is used up, by us or by the shop",
        500..=599 => "Oney's server failed",
        _ => "the answer cannot be used",
    };
    let mut problem = Problem {
        sentence: sentence.to_owned(),
        http_status: Some(answer.status),
        errors,
    };
    if problem.errors.is_empty() && !answer.text.trim().is_empty() {
        problem.sentence = format!("{sentence}; it begins «{}»", answer.beginning());
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Scrubber;

    fn answer(status: u16, code: &str) -> Answer {
        let body = if code.is_empty() {
            String::new()
        } else {
            format!(r#"{{"error_list":[{{"error":{{"error_code":"{code}"}}}}]}}"#)
        };
        Answer::new(status, None, body.as_bytes(), &Scrubber::default())
    }

    #[test]
    fn every_row_of_the_documented_tables_is_followed() {
        use Service::{Cancel, Confirm, Status};
        use Verdict::{CheckThenRepeat, CheckThenReport, Report, Retry, StopProvider, Take};
        for (service, status, code, expected) in [
            (Status, 200, "", Take),
            (Status, 400, "", Report),
            (Status, 400, "ERR_05", Report),
            (Status, 400, "ERR_06", Report),
            (Status, 401, "", StopProvider),
            (Status, 403, "", StopProvider),
            (Status, 404, "ERR_09", Take),
            (Status, 404, "", StopProvider),
            (Status, 408, "", Retry),
            (Status, 429, "", Retry),
            (Status, 499, "", Retry),
            (Status, 500, "ERR_07", Retry),
            (Status, 503, "", Retry),
            (Status, 504, "", Retry),
            (Status, 302, "", Report),
            (Status, 204, "", Report),
            (Confirm, 200, "", Take),
            (Confirm, 400, "ERR_05", Report),
            (Confirm, 400, "ERR_06", Report),
            (Confirm, 400, "ERR_07", CheckThenReport),
            (Confirm, 400, "ERR_23", Report),
            (Confirm, 404, "ERR_09", Report),
            (Confirm, 409, "ERR_13", CheckThenReport),
            (Confirm, 500, "ERR_19", CheckThenRepeat),
            (Confirm, 408, "", CheckThenRepeat),
            (Confirm, 429, "", CheckThenRepeat),
            (Confirm, 499, "", CheckThenRepeat),
            (Confirm, 302, "", CheckThenReport),
            (Confirm, 202, "", CheckThenReport),
            (Cancel, 400, "", CheckThenReport),
            (Cancel, 401, "", CheckThenReport),
            (Cancel, 403, "", CheckThenReport),
            (Cancel, 404, "", CheckThenReport),
            (Cancel, 500, "ERR_07", CheckThenRepeat),
            (Cancel, 409, "ERR_13", CheckThenReport),
            (Cancel, 409, "ERR_17", CheckThenReport),
            (Cancel, 409, "ERR_20", CheckThenReport),
            (Cancel, 503, "ERR_18", CheckThenRepeat),
            (Cancel, 500, "ERR_19", CheckThenRepeat),
            (Cancel, 400, "ERR_23", Report),
        ] {
            let got = judge(service, &answer(status, code));
            assert_eq!(got, expected, "{service:?} {status} {code}");
        }
    }

    #[test]
    fn every_code_that_http_may_have_gets_a_verdict_and_a_sentence() {
        for status in 100..=999 {
            for service in [Service::Status, Service::Confirm, Service::Cancel] {
                let verdict = judge(service, &answer(status, ""));
                let may_repeat = matches!(verdict, Verdict::Retry | Verdict::CheckThenRepeat);
                let passing = matches!(status, 408 | 429 | 499 | 500..=599);
                assert_eq!(may_repeat, passing, "{service:?} {status}");
                assert_eq!(verdict == Verdict::Take, status == 200);
            }
            assert!(problem(&answer(status, "")).sentence.len() > 10);
        }
    }

    #[test]
    fn what_cannot_be_read_is_shown_by_its_first_words() {
        let html = Answer::new(502, None, b"<html>Bad Gateway", &Scrubber::default());
        assert_eq!(
            problem(&html).to_string(),
            "Oney's server failed; it begins «<html>Bad Gateway» (HTTP 502)"
        );
        assert_eq!(
            problem(&answer(400, "ERR_06")).to_string(),
            "Oney cannot use the request (HTTP 400); ERR_06"
        );
    }
}
