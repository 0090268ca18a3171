//! Addresses as the configuration writes them: `finance@example.com`, or `Name <address>`.

use lettre::Address;
pub use lettre::message::Mailbox;

/// An address that no mail can be sent to or from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("«{text}» is no mail address; expected finance@example.com, or Name <finance@example.com>")]
pub struct AddressError {
    text: String,
}

/// Reads an address. The name before it may hold anything but line ends.
///
/// # Errors
/// When it is none.
pub fn parse(text: &str) -> Result<Mailbox, AddressError> {
    let wrong = || AddressError {
        text: text.chars().take(100).collect(),
    };
    let (name, address) = match text.rsplit_once('<') {
        Some((name, rest)) => (name, rest.strip_suffix('>').ok_or_else(wrong)?),
        None => ("", text),
    };
    if text.chars().any(char::is_control) {
        return Err(wrong());
    }
    let address: Address = address.trim().parse().map_err(|_not_one| wrong())?;
    let name = name.trim().trim_matches('"').trim();
    let name = (!name.is_empty()).then(|| name.to_owned());
    Ok(Mailbox::new(name, address))
}

/// The part after the `@`, for a `Message-ID`, which knows ASCII only.
pub(super) fn domain(mailbox: &Mailbox) -> &str {
    let domain = mailbox.email.domain();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if domain.chars().all(plain) {
        domain
    } else {
        "crp-recon.invalid"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<String>, String)> {
        let mailbox = parse(text).ok()?;
        Some((mailbox.name, mailbox.email.to_string()))
    }

    #[test]
    fn addresses_come_alone_or_with_a_name() {
        let plain = Some((None, "finance@example.com".to_owned()));
        assert_eq!(read("finance@example.com"), plain);
        assert_eq!(read("<finance@example.com>"), plain);
        let named = |name: &str| Some((Some(name.to_owned()), "a@b.example".to_owned()));
        assert_eq!(read("Recon <a@b.example>"), named("Recon"));
        assert_eq!(
            read("\"Müller, GmbH\" <a@b.example>"),
            named("Müller, GmbH")
        );
        assert_eq!(read("Λογιστήριο <a@b.example>"), named("Λογιστήριο"));
    }

    #[test]
    fn what_is_no_address_or_more_than_one_is_refused() {
        for text in [
            "",
            "finance",
            "@example.com",
            "a@b c",
            "a@b.example\r\nBcc: c@d.example",
            "x\n<a@b.example>",
            "a@b.example, c@d.example",
            "Name <a@b.example",
            "a@b.example>",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_domain_of_other_letters_stays_out_of_the_message_id() {
        assert_eq!(domain(&parse("a@b-1.example").unwrap()), "b-1.example");
        assert_eq!(
            domain(&parse("a@müller.example").unwrap()),
            "crp-recon.invalid"
        );
    }
}
