//! Accounts of the configuration: an IBAN with wrong check digits is somebody else's, or nobody's.

use iban::{BaseIban, ParseBaseIbanError};

use super::document::Field;
use super::error::ConfigError;

/// Letters of the shortest IBAN there is (Norway's).
const IBAN_CHARS_MIN: usize = 15;

/// An account without blanks. A bank's own number is anything; what looks like an IBAN must be one.
pub(super) fn account(field: &Field<'_>, text: &str) -> Result<String, ConfigError> {
    let account: String = text.split_whitespace().collect();
    let looks_like_one = account.len() >= IBAN_CHARS_MIN
        && account.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && account
            .bytes()
            .take(2)
            .all(|byte| byte.is_ascii_alphabetic())
        && account
            .bytes()
            .skip(2)
            .take(2)
            .all(|byte| byte.is_ascii_digit());
    let is_wrong = matches!(
        account.to_ascii_uppercase().parse::<BaseIban>(),
        Err(ParseBaseIbanError::InvalidChecksum)
    );
    if looks_like_one && is_wrong {
        return Err(field.error(&format!(
            "holds the IBAN {account:?}, whose check digits are wrong; copy it again from the bank"
        )));
    }
    Ok(account)
}
