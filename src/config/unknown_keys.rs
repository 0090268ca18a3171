//! Unknown keys: a misspelt setting would otherwise be silently without effect.

/// The word of `known` that is nearest to `word` by keystrokes; the first of several equally near.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .min_by_key(|candidate| strsim::damerau_levenshtein(&word, &candidate.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_the_one_with_the_fewest_keystrokes() {
        let known = [
            "accounts",
            "bank_text",
            "settlement_mode",
            "funding_delay_days",
        ];
        for (word, expected) in [
            ("setlement_mode", "settlement_mode"),
            ("settlement-mode", "settlement_mode"),
            ("FUNDING_DELAY", "funding_delay_days"),
            ("acounst", "accounts"),
        ] {
            assert_eq!(nearest(word, known), Some(expected));
        }
        assert_eq!(nearest("x", []), None);
    }
}
