//! Oney's payment API: get status, confirm, cancel (`facts: oney-api`).
//!
//! Hosts, paths and headers are known from public clients only, so address, path and reference
//! type are settings. What a status says is read tolerantly, an amount exactly.

mod verdict;

use serde_json::{Map, Value};

pub use verdict::{Service, errors_of, is_unknown_file, judge, problem};

use super::request::encoded;
use super::{Answer, Body, Key, Request};
use crate::answers::oney as body;
use crate::domain::order::OrderStatus;
use crate::domain::{Amount, Currency};

/// Requests in a minute: Oney allows 240 for the key, which the live shop needs as well.
pub const PER_MINUTE: usize = 60;

/// The path of a purchase, with places for its parts.
pub const DEFAULT_PATH: &str =
    "payments/v1/purchase/psp_guid/{psp}/merchant_guid/{merchant}/reference/{reference}";

/// The same for partners that have no PSP.
pub const DEFAULT_PATH_WITHOUT_PSP: &str =
    "payments/v1/purchase/merchant_guid/{merchant}/reference/{reference}";

/// What requests to Oney have in common.
#[derive(Clone, Debug)]
pub struct OneyAccess {
    /// The PSP, where there is one.
    pub psp_guid: String,
    /// The country header.
    pub country: String,
    /// The type before the reference (`CMDE`); empty: the reference alone.
    pub reference_type: String,
    /// The path, with `{psp}`, `{merchant}` and `{reference}`.
    pub path: String,
    /// Of labels, which are only shown.
    pub language_code: String,
}

/// Whose file it is.
#[derive(Clone, Copy, Debug)]
pub struct File<'f> {
    /// The merchant's GUID.
    pub merchant: &'f str,
    /// Its key.
    pub authorization: &'f Key,
    /// The order's reference without type.
    pub order_reference: &'f str,
}

impl OneyAccess {
    fn path(&self, file: File<'_>) -> String {
        let reference = if self.reference_type.is_empty() {
            file.order_reference.to_owned()
        } else {
            format!("{}|{}", self.reference_type, file.order_reference)
        };
        // The reference last: it may hold a text like `{psp}`.
        self.path
            .trim_start_matches('/')
            .replace("{psp}", &encoded(&self.psp_guid))
            .replace("{merchant}", &encoded(file.merchant))
            .replace("{reference}", &encoded(&reference))
    }

    fn with_headers(&self, request: Request, file: File<'_>) -> Request {
        request
            .with("X-Oney-Authorization", file.authorization.clone())
            .with("X-Oney-Partner-Country-Code", self.country.as_str())
            .with("X-Oney-Secret", "None")
            .with("Accept", "application/json")
    }

    /// Asks for the status of a file.
    pub fn status(&self, file: File<'_>) -> Request {
        let language = encoded(&self.language_code);
        let path = format!("{}?language_code={language}", self.path(file));
        let request = self.with_headers(Request::get(path), file);
        request.with("Content-Type", "application/json; charset=UTF-8")
    }

    /// Confirms an amount.
    pub fn confirm(&self, file: File<'_>, amount: Value, request_id: &str) -> Request {
        let payment = object([("payment_amount", amount)]);
        let body = object([
            ("language_code", self.language_code.as_str().into()),
            ("merchant_request_id", request_id.into()),
            ("payment", payment),
        ]);
        self.action(file, "confirm", &body)
    }

    /// Cancels an amount; `funded`: the customer was charged, so a down payment goes back.
    pub fn cancel(&self, file: File<'_>, amount: Value, funded: bool, request_id: &str) -> Request {
        let purchase = object([
            ("cancellation_reason_code", 0.into()),
            ("cancellation_amount", amount),
            ("refund_down_payment", funded.into()),
        ]);
        let body = object([
            ("language_code", self.language_code.as_str().into()),
            ("merchant_request_id", request_id.into()),
            ("purchase", purchase),
        ]);
        self.action(file, "cancel", &body)
    }

    fn action(&self, file: File<'_>, action: &str, body: &Value) -> Request {
        let path = format!("{}/action/{action}", self.path(file));
        self.with_headers(Request::post(path, Body::Json(body.to_string())), file)
    }
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let fields = fields.map(|(key, value)| (key.to_owned(), value));
    Value::Object(fields.into_iter().collect::<Map<_, _>>())
}

/// What Oney says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStatus {
    /// The canonical status; `None` for a word that is not known.
    pub status: Option<OrderStatus>,
    /// Oney's own word.
    pub word: String,
    /// Oney's word for the step within PENDING, else empty.
    pub sub_status: String,
    /// The amount as its digits are written, where it is said.
    pub amount_text: Option<String>,
}

impl FileStatus {
    /// The amount, where it is said and is one.
    pub fn amount(&self, currency: Currency) -> Option<Amount> {
        Amount::parse(self.amount_text.as_deref()?, currency).ok()
    }
}

impl std::fmt::Display for FileStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.word)?;
        if !self.sub_status.is_empty() {
            write!(f, " ({})", self.sub_status)?;
        }
        match &self.amount_text {
            Some(amount) => write!(f, ", {amount}"),
            None => Ok(()),
        }
    }
}

/// The status in a good answer; `None` where it holds none.
pub fn file_status(answer: &Answer) -> Option<FileStatus> {
    match body::from_json(&answer.json()?) {
        body::Answer::Purchase(purchase) => Some(FileStatus {
            status: OrderStatus::from_word(&purchase.status_code),
            word: purchase.status_code,
            sub_status: purchase.sub_status_code,
            amount_text: purchase.payment_amount,
        }),
        body::Answer::Errors(_) | body::Answer::Unreadable(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::Scrubber;

    fn access() -> OneyAccess {
        OneyAccess {
            psp_guid: "psp-1".to_owned(),
            country: "FR".to_owned(),
            reference_type: "CMDE".to_owned(),
            path: DEFAULT_PATH.to_owned(),
            language_code: "FR".to_owned(),
        }
    }

    fn read(body: &str) -> Option<FileStatus> {
        file_status(&Answer::new(
            200,
            None,
            body.as_bytes(),
            &Scrubber::default(),
        ))
    }

    #[test]
    fn a_status_is_asked_for_as_public_clients_do() {
        let key = Key::new("s3cret");
        let file = File {
            merchant: "m-1",
            authorization: &key,
            order_reference: "340005489",
        };
        let request = access().status(file);
        assert_eq!(
            request.path,
            "payments/v1/purchase/psp_guid/psp-1/merchant_guid/m-1/reference/CMDE%7C340005489\
             ?language_code=FR"
        );
        let value = |name: &str| {
            let found = request.headers.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.reveal().to_owned())
        };
        assert_eq!(value("X-Oney-Authorization").as_deref(), Some("s3cret"));
        assert_eq!(value("X-Oney-Partner-Country-Code").as_deref(), Some("FR"));
        assert!(!format!("{request:?}").contains("s3cret"));
    }

    #[test]
    fn confirm_and_cancel_say_what_the_documentation_shows() {
        let key = Key::new("s3cret");
        let file = File {
            merchant: "m-1",
            authorization: &key,
            order_reference: "1",
        };
        let text = |request: Request| match request.body {
            Body::Json(text) => (request.path, text),
            Body::None | Body::Form(_) => panic!("no JSON"),
        };
        let amount: Value = serde_json::from_str("450.00").unwrap();
        let (path, body) = text(access().confirm(file, amount.clone(), "id-1"));
        assert!(
            path.ends_with("reference/CMDE%7C1/action/confirm"),
            "{path}"
        );
        assert_eq!(
            body,
            r#"{"language_code":"FR","merchant_request_id":"id-1","payment":{"payment_amount":450.00}}"#
        );
        let (path, body) = text(access().cancel(file, amount, true, "id-2"));
        assert!(path.ends_with("reference/CMDE%7C1/action/cancel"), "{path}");
        assert_eq!(
            body,
            r#"{"language_code":"FR","merchant_request_id":"id-2","purchase":{"cancellation_reason_code":0,"cancellation_amount":450.00,"refund_down_payment":true}}"#
        );
    }

    #[test]
    fn the_documented_status_is_read_with_its_exact_amount() {
        let status = read(
            r#"{"language_code":"FR","purchase":{"status_code":"PENDING","status_label":"…",
                "sub_status_code":"WAITING_ONEY","payment":{"payment_amount":899.0}}}"#,
        )
        .unwrap();
        assert_eq!(status.status, Some(OrderStatus::Pending));
        assert_eq!(
            status.amount(Currency::EUR),
            Some(Amount::from_minor(89_900))
        );
        assert_eq!(status.to_string(), "PENDING (WAITING_ONEY), 899.0");
        let cents = r#"{"purchase":{"status_code":"FUNDED","payment":{"payment_amount":0.29}}}"#;
        let amount = read(cents).unwrap().amount(Currency::EUR);
        assert_eq!(amount, Some(Amount::from_minor(29)));
    }

    #[test]
    fn other_words_are_kept_and_other_bodies_hold_no_status() {
        let word = |word: &str| {
            let body = format!(r#"{{"purchase":{{"status_code":"{word}"}}}}"#);
            read(&body).unwrap().status
        };
        assert_eq!(word("TO_BE_FUNDED"), Some(OrderStatus::Favorable));
        assert_eq!(word("ARCHIVED"), None);
        let wrapped = r#"{"Payments_Status_Response":{"purchase":{"status_code":"FUNDED"}}}"#;
        assert_eq!(read(wrapped).unwrap().status, Some(OrderStatus::Funded));
        for body in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"purchase":{}}"#,
            r#"{"purchase":7}"#,
            r#"{"error_list":[{"error":{"error_code":"ERR_07"}}]}"#,
            r#"{"encrypted_message":"abcd"}"#,
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
