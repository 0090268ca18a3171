//! Order references that may mean the same order although they are not equal.

/// A reference without case, separators and leading zeros: `web-0042` and `WEB_42` fold to
/// different texts, `0042-A` and `42a` to the same.
///
/// Nothing is matched by it; it only finds the order that an explanation names.
pub fn folded(reference: &str) -> String {
    let bare: String = reference
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    bare.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn case_separators_and_leading_zeros_are_dropped() {
        assert_eq!(folded("WEB-1037"), folded("web 1037"));
        assert_eq!(folded("00042-A"), folded("42a"));
        assert_ne!(folded("WEB-1037"), folded("WEB-1038"));
    }
}
