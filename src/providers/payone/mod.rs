//! PAYONE's server API: capture and refund (`facts: payone`).
//!
//! There is no question in it: what became of a payment is only known from the notifications that
//! the shop logs. So an order without an answer is never sent again from here.

use std::fmt::Write as _;

use md5::{Digest, Md5};

use super::request::form;
use super::{Answer, Body, Key, Problem, Request, Verdict};
use crate::answers::{ListedError, one_line};

/// Requests in a minute; the limit is not public.
pub const PER_MINUTE: usize = 60;

/// Why a capture ends what is reserved, in PAYONE's words.
pub const CANCELLATION_REASONS: [&str; 6] = [
    "CONSUMER_REQUEST",
    "UNDELIVERABLE",
    "DUPLICATE",
    "FRAUDULENT",
    "ORDER_SHIPPED_IN_FULL",
    "AUTOMATED_SHIPMENT_FAILED",
];

/// What all requests to PAYONE have in common.
#[derive(Clone, Debug)]
pub struct PayoneAccess {
    /// The merchant account.
    pub mid: String,
    /// The sub account.
    pub aid: String,
    /// The portal.
    pub portal_id: String,
    /// The portal's key.
    pub key: Key,
    /// `live` or `test`.
    pub mode: String,
}

/// What is booked on a payment process.
#[derive(Clone, Copy, Debug)]
pub struct Booking<'b> {
    /// PAYONE's number of the process.
    pub txid: &'b str,
    /// Its place in the process.
    pub sequence: u8,
    /// Cents; negative for a refund.
    pub minor: i64,
    /// Its currency.
    pub currency: &'b str,
}

/// The key as requests have it: the MD5 of the portal's key. What looks like one is taken for one.
pub fn hashed(key: &Key) -> Key {
    let written = key.reveal();
    if written.len() == 32 && written.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return key.clone();
    }
    let hex = Md5::digest(written)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            // Writing into a text cannot fail.
            if write!(hex, "{byte:02x}").is_err() {
                hex.clear();
            }
            hex
        });
    Key::new(hex)
}

impl PayoneAccess {
    /// Claims a reserved amount; `reason` ends the reservation (an amount of 0 releases it).
    pub fn capture(&self, booking: Booking<'_>, reason: Option<&str>) -> Request {
        let mut more = vec![(
            "capturemode",
            if reason.is_some() {
                "completed"
            } else {
                "notcompleted"
            },
        )];
        more.extend(reason.map(|reason| ("add_paydata[cancellation_reason]", reason)));
        self.request("capture", booking, &more)
    }

    /// Gives an amount back; the booking's amount is negative.
    pub fn refund(&self, booking: Booking<'_>) -> Request {
        self.request("refund", booking, &[])
    }

    fn request(&self, what: &str, booking: Booking<'_>, more: &[(&str, &str)]) -> Request {
        let (key, sequence) = (hashed(&self.key), booking.sequence.to_string());
        let minor = booking.minor.to_string();
        let mut pairs = vec![
            ("mid", self.mid.as_str()),
            ("aid", self.aid.as_str()),
            ("portalid", self.portal_id.as_str()),
            ("key", key.reveal()),
            ("mode", self.mode.as_str()),
            ("encoding", "UTF-8"),
            ("request", what),
            ("txid", booking.txid),
            ("sequencenumber", sequence.as_str()),
            ("amount", minor.as_str()),
            ("currency", booking.currency),
        ];
        pairs.extend_from_slice(more);
        Request::post(String::new(), Body::Form(form(&pairs)))
    }
}

/// What PAYONE answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Done, or taken in.
    Approved {
        /// `APPROVED` or `PENDING`.
        word: String,
    },
    /// Refused.
    Error(ListedError),
    /// Something else.
    Unreadable,
}

/// Reads the `name=value` lines of an answer.
pub fn said(answer: &Answer) -> Said {
    let value = |name: &str| {
        let mut lines = answer.text.lines().filter_map(|line| line.split_once('='));
        lines
            .find(|(known, _)| known.trim() == name)
            .map(|(_, value)| one_line(value, 300))
    };
    match value("status").as_deref() {
        Some(word @ ("APPROVED" | "PENDING")) => Said::Approved {
            word: word.to_owned(),
        },
        Some("ERROR") => Said::Error(ListedError {
            field: String::new(),
            code: value("errorcode").unwrap_or_default(),
            label: value("errormessage")
                .or_else(|| value("customermessage"))
                .unwrap_or_default(),
        }),
        _ => Said::Unreadable,
    }
}

/// What to do about an answer. It never says that it may be sent again, and only PAYONE's own word
/// proves that nothing happened: whatever else came may have come from something on the way.
pub fn judge(answer: &Answer) -> Verdict {
    match (answer.status, said(answer)) {
        (200, Said::Approved { .. }) => Verdict::Take,
        (200 | 400..=498, Said::Error(_)) => Verdict::Report,
        _ => Verdict::CheckThenReport,
    }
}

/// An answer that is no good one, as a problem.
pub fn problem(answer: &Answer) -> Problem {
    let (sentence, errors) = match said(answer) {
        Said::Error(error) => ("PAYONE refuses it".to_owned(), vec![error]),
        Said::Approved { .. } | Said::Unreadable => {
            let sentence = match answer.status {
                401 | 403 => "PAYONE does not accept the key; check mid, aid, portalid and key",
                404 => "there is no PAYONE server at this address; check base_url",
                300..=399 => "the server sends us elsewhere, which is not followed; check base_url",
                500..=599 => "PAYONE's server failed",
                _ => "the answer of PAYONE cannot be read",
            };
            let shown = answer.beginning();
            let beginning = if shown.is_empty() {
                String::new()
            } else {
                format!("; it begins «{shown}»")
            };
            (format!("{sentence}{beginning}"), Vec::new())
        }
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

    fn access() -> PayoneAccess {
        PayoneAccess {
            mid: "10001".to_owned(),
            aid: "20002".to_owned(),
            portal_id: "3000003".to_owned(),
            key: Key::new("abc"),
            mode: "test".to_owned(),
        }
    }

    fn answer(status: u16, body: &str) -> Answer {
        Answer::new(status, None, body.as_bytes(), &Scrubber::default())
    }

    fn sent(request: &Request) -> String {
        match &request.body {
            Body::Form(form) => form.reveal().to_owned(),
            Body::None | Body::Json(_) => panic!("no form"),
        }
    }

    #[test]
    fn the_key_is_sent_as_its_md5() {
        // RFC 1321, appendix A.5.
        assert_eq!(
            hashed(&Key::new("abc")).reveal(),
            "900150983cd24fb0d6963f7d28e17f72"
        );
        let already = Key::new("900150983CD24FB0D6963F7D28E17F72");
        assert_eq!(hashed(&already), already);
    }

    #[test]
    fn amounts_are_cents_and_sequence_numbers_are_sent() {
        let booking = Booking {
            txid: "123456789",
            sequence: 1,
            minor: 20_000,
            currency: "EUR",
        };
        let capture = sent(&access().capture(booking, None));
        assert_eq!(
            capture,
            "mid=10001&aid=20002&portalid=3000003&key=900150983cd24fb0d6963f7d28e17f72&mode=test&\
             encoding=UTF-8&request=capture&txid=123456789&sequencenumber=1&amount=20000&\
             currency=EUR&capturemode=notcompleted"
        );
        let zero = Booking {
            minor: 0,
            ..booking
        };
        let release = sent(&access().capture(zero, Some("CONSUMER_REQUEST")));
        assert!(release.contains("&amount=0&"), "{release}");
        assert!(release.contains(
            "capturemode=completed&add_paydata%5Bcancellation_reason%5D=CONSUMER_REQUEST"
        ));
        let back = Booking {
            minor: -5_000,
            sequence: 2,
            ..booking
        };
        let refund = sent(&access().refund(back));
        assert!(refund.contains("request=refund&txid=123456789&sequencenumber=2&amount=-5000&"));
    }

    #[test]
    fn answers_are_read_line_by_line_and_anything_else_is_unclear() {
        for (status, body, expected) in [
            (
                200,
                "status=APPROVED\ntxid=1\nsettleaccount=auto\n",
                Verdict::Take,
            ),
            (200, "status=PENDING\r\ntxid=1", Verdict::Take),
            (
                200,
                "status=ERROR\nerrorcode=64\nerrormessage=Amount differs\n",
                Verdict::Report,
            ),
            (200, "", Verdict::CheckThenReport),
            (
                200,
                "<html>status=APPROVED</html>",
                Verdict::CheckThenReport,
            ),
            (200, "status=REDIRECT", Verdict::CheckThenReport),
            (302, "", Verdict::CheckThenReport),
            (403, "", Verdict::CheckThenReport),
            (404, "<html>", Verdict::CheckThenReport),
            (400, "status=ERROR\nerrorcode=1", Verdict::Report),
            (408, "", Verdict::CheckThenReport),
            (429, "", Verdict::CheckThenReport),
            (500, "status=APPROVED", Verdict::CheckThenReport),
            (503, "", Verdict::CheckThenReport),
        ] {
            assert_eq!(judge(&answer(status, body)), expected, "{status} {body}");
        }
        let refused = answer(
            200,
            "status=ERROR\nerrorcode=64\nerrormessage=Amount differs\n",
        );
        assert_eq!(
            problem(&refused).to_string(),
            "PAYONE refuses it (HTTP 200); 64, Amount differs"
        );
    }
}
