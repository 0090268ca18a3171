//! What is sent: built by the providers' modules, sent by [`super::http`], compared in tests.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Key;

/// What a path segment or a form value may hold as it is (RFC 3986, unreserved).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A text as it may stand in a path segment, a query or a form.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// How a request is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A question: it changes nothing and may be repeated.
    Get,
    /// An order: what it changes, it may change twice.
    Post,
}

/// What a request carries.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing.
    None,
    /// A JSON text.
    Json(String),
    /// A form, percent-encoded; it may hold a secret.
    Form(Key),
}

/// One request to a provider's server.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whether it only asks.
    pub method: Method,
    /// Path and query behind the configured address, without a leading `/`.
    pub path: String,
    /// Headers; values may be secrets.
    pub headers: Vec<(&'static str, Key)>,
    /// What it carries.
    pub body: Body,
}

impl Request {
    /// A question.
    pub fn get(path: String) -> Self {
        Self {
            method: Method::Get,
            path,
            headers: Vec::new(),
            body: Body::None,
        }
    }

    /// An order with what it carries.
    pub fn post(path: String, body: Body) -> Self {
        Self {
            method: Method::Post,
            path,
            headers: Vec::new(),
            body,
        }
    }

    /// The same with one header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Key>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// Names and values as a percent-encoded form.
pub(super) fn form(pairs: &[(&str, &str)]) -> Key {
    let one = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
    Key::new(pairs.iter().map(one).collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_cannot_leave_its_place_in_the_path() {
        assert_eq!(encoded("CMDE|340005489"), "CMDE%7C340005489");
        assert_eq!(encoded("../é?#&"), "..%2F%C3%A9%3F%23%26");
    }

    #[test]
    fn a_form_is_encoded_and_does_not_print_itself() {
        let form = form(&[
            ("add_paydata[cancellation_reason]", "A B"),
            ("key", "s3cret"),
        ]);
        assert_eq!(
            form.reveal(),
            "add_paydata%5Bcancellation_reason%5D=A%20B&key=s3cret"
        );
        assert_eq!(format!("{:?}", Body::Form(form)), "Form(***)");
    }
}
