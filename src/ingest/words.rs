//! Words and names as files write them, compared in one way.
//!
//! A header's `Währung`, `WAEHRUNG` and `wahrung` are one name, `charge-back` and `Charge back` one
//! word. What a word means is said by the catalogue of built-in profiles, and by a profile's own
//! `[profile.values.COLUMN]`, which goes before it.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::RowError;
use super::profile::Profile;
use crate::domain::Currency;
use crate::domain::file::bounded;

/// Stands for every word that is not mapped otherwise, and for none.
const ANY_WORD: &str = "*";

/// Bytes of the known words that an error lists.
const SHOWN_WORDS_BYTES_MAX: usize = 600;

/// A text as it is compared: without case, accents, blanks, underscores and hyphens, and with `ae`,
/// `oe`, `ue`, `ss` equal to `ä`, `ö`, `ü`, `ß`. A text of nothing else is compared as it stands:
/// `-` may be a word.
pub fn comparable(text: &str) -> String {
    let text = text.trim().trim_matches('\u{feff}');
    if text.is_ascii() {
        let folded: String = folded_ascii(text).map(char::from).collect();
        return if folded.is_empty() {
            text.to_ascii_lowercase()
        } else {
            folded
        };
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)) {
        for letter in letter.to_lowercase() {
            match letter {
                '_' | '-' | '\u{feff}' => {}
                blank if blank.is_whitespace() => {}
                'ß' => folded.push_str("ss"),
                'æ' => folded.push('a'),
                'œ' | 'ø' => folded.push('o'),
                // The accents are gone, so `ä` and `ae` have become `a` and `ae`.
                'e' if folded.ends_with(['a', 'o', 'u']) => {}
                other => folded.push(other),
            }
        }
    }
    if folded.is_empty() {
        text.to_lowercase()
    } else {
        folded
    }
}

/// True when a text is equal to one that is folded already. Headers are compared with some hundred
/// names, nearly all of which differ in their first letter.
pub(in crate::ingest) fn folds_to(text: &str, folded: &str) -> bool {
    if text.is_ascii() && folded_ascii(text).next().is_some() {
        folded_ascii(text).eq(folded.bytes())
    } else {
        comparable(text) == folded
    }
}

/// The letters of an ASCII text as [`comparable`] writes them.
fn folded_ascii(text: &str) -> impl Iterator<Item = u8> {
    let mut before = 0;
    let is_blank = |byte: &u8| matches!(byte, b'_' | b'-' | b' ' | b'\t'..=b'\r');
    text.bytes()
        .filter(move |byte| !is_blank(byte))
        .map(|byte| byte.to_ascii_lowercase())
        .filter(move |byte| {
            let is_silent = *byte == b'e' && matches!(before, b'a' | b'o' | b'u');
            if !is_silent {
                before = *byte;
            }
            !is_silent
        })
}

/// A title without the currency that it names at its end, and that currency: `Betrag (EUR)`,
/// `Montant en euros`, `Amount CHF`.
pub(in crate::ingest) fn without_currency(title: &str) -> Option<(String, Currency)> {
    let title = title.trim();
    let closed = title.strip_suffix([')', ']']).map(str::trim_end);
    let text = closed.unwrap_or(title);
    let at = text
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_whitespace() || matches!(c, '(' | '[' | '_'))
        .map(|(at, c)| (at, at.saturating_add(c.len_utf8())));
    let (end, start) = at?;
    let (before, word) = (text.get(..end)?, text.get(start..)?);
    let is_euro = ["€", "euro", "euros"].contains(&word.to_lowercase().as_str());
    let code = Currency::parse(word).filter(|code| {
        iso_currency::Currency::from_code(code.code()).is_some() && code.code() == word
    });
    let currency = if is_euro { Some(Currency::EUR) } else { code }?;
    let bare = before.trim_end_matches(['(', '[', '_', ' ']);
    let bare = [" in", " en", " em"]
        .iter()
        .find_map(|word| bare.strip_suffix(word))
        .unwrap_or(bare);
    (!bare.trim().is_empty()).then(|| (bare.to_owned(), currency))
}

/// Which way money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Side {
    /// To the merchant.
    Credit,
    /// From the merchant.
    Debit,
}

impl Side {
    /// The words of a profile for the two directions.
    pub(in crate::ingest) fn words(profile: &Profile) -> Words<Self> {
        Words::of(profile, "direction", |canonical| match canonical {
            "credit" => Some(Self::Credit),
            "debit" => Some(Self::Debit),
            _ => None,
        })
    }
}

/// The words of one column with what they mean, put together once for a file.
#[derive(Clone, Debug)]
pub(in crate::ingest) struct Words<T> {
    column: &'static str,
    /// The words as they are usually written: most cells need no folding.
    written: FxHashMap<String, T>,
    compared: BTreeMap<String, T>,
    any: Option<T>,
    shown: Vec<String>,
}

impl<T: Clone> Words<T> {
    /// The words of a column in the profile: those that are built in, and its own before them.
    /// `meaning` understands the canonical words.
    pub(in crate::ingest) fn of(
        profile: &Profile,
        column: &'static str,
        meaning: impl Fn(&str) -> Option<T>,
    ) -> Self {
        let mut words = Self {
            column,
            written: FxHashMap::default(),
            compared: BTreeMap::new(),
            any: None,
            shown: Vec::new(),
        };
        for (canonical, known) in profile.built_in_words(column) {
            if let Some(meaning) = meaning(canonical) {
                words.add(canonical, &meaning);
                for word in known {
                    words.add(word, &meaning);
                }
            }
        }
        for (canonical, own) in profile.notation.values.get(column).into_iter().flatten() {
            if let Some(meaning) = meaning(canonical) {
                for word in own {
                    words.add(word, &meaning);
                }
            }
        }
        words
    }

    fn add(&mut self, word: &str, meaning: &T) {
        if word == ANY_WORD {
            self.any = Some(meaning.clone());
            return;
        }
        let compared = comparable(word);
        // A word that is given a new meaning loses the old one however it is written.
        self.written
            .retain(|other, _| comparable(other) != compared);
        self.written.insert(word.to_owned(), meaning.clone());
        self.compared.insert(compared, meaning.clone());
        if !self.shown.iter().any(|shown| shown == word) {
            self.shown.push(word.to_owned());
        }
    }

    /// What a word means.
    pub(in crate::ingest) fn find(&self, word: &str) -> Option<&T> {
        self.known(word).or(self.any.as_ref())
    }

    /// What a word means that is listed itself: `*` stands for none here.
    pub(in crate::ingest) fn known(&self, word: &str) -> Option<&T> {
        if self.compared.is_empty() {
            return None;
        }
        let found = self.written.get(word);
        found.or_else(|| self.compared.get(&comparable(word)))
    }

    /// The error of a word that no table knows; `name` is the file's own name of the column.
    pub(in crate::ingest) fn unknown(&self, name: &str, word: &str) -> RowError {
        let is_empty = word.trim().is_empty();
        let problem = if is_empty { "is empty, not" } else { "is not" };
        let known = bounded(&self.shown.join(", "), SHOWN_WORDS_BYTES_MAX);
        let column = self.column;
        RowError::new(
            name,
            word,
            format!(
                "{problem} one of {known}; say what it means in [profile.values.{column}] of a \
                 [[profile]], or ask for the file again"
            ),
        )
    }
}

impl Words<Currency> {
    /// The words of a column of currencies: `EUR = ["978", "€"]`.
    pub(in crate::ingest) fn currencies(profile: &Profile, column: &'static str) -> Self {
        Self::of(profile, column, Currency::parse)
    }

    /// The currency of a word: what the profile says, else the code that it is.
    pub(in crate::ingest) fn currency(&self, word: &str) -> Option<Currency> {
        self.find(word).copied().or_else(|| Currency::parse(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::profile::{BANK_CSV, SETTLEMENT};

    fn words(root: &str, column: &'static str, own: &[(&str, &[&str])]) -> Words<String> {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let own = own
            .iter()
            .map(|(meaning, words)| ((*meaning).to_owned(), list(words)))
            .collect();
        let mut profile = Profile::resolve(root, &[]).unwrap();
        profile.notation.values.insert(column.to_owned(), own);
        Words::of(&profile, column, |canonical| Some(canonical.to_owned()))
    }

    fn meaning(words: &Words<String>, word: &str) -> Option<String> {
        words.find(word).cloned()
    }

    #[test]
    fn names_are_compared_without_case_blanks_hyphens_and_accents() {
        for (one, other) in [
            ("Transfer_Id", "TRANSFER ID"),
            ("Libellé", "libelle"),
            ("Montant-financé ", "montant financé"),
            ("Währung", "Waehrung"),
            ("Währung", "WAHRUNG"),
            (
                "Begünstigter/Zahlungspflichtiger",
                "Beguenstigter/Zahlungspflichtiger",
            ),
            ("Größe", "GROESSE"),
            ("\u{feff}Straße", "strasse"),
            ("charge-back", "Charge back"),
            ("Betraege", "Beträge"),
        ] {
            assert_eq!(comparable(one), comparable(other), "{one}");
            assert!(folds_to(one, &comparable(other)), "{one}");
        }
        assert!(folds_to("-", &comparable("-")) && !folds_to("-", &comparable("+")));
        assert_ne!(comparable("Debit"), comparable("Credit"));
        assert_eq!(
            (comparable("-"), comparable(" + ")),
            ("-".into(), "+".into())
        );
    }

    #[test]
    fn a_title_may_name_its_currency() {
        let of = |title| without_currency(title).map(|(bare, code)| format!("{bare}|{code}"));
        for (title, expected) in [
            ("Betrag (EUR)", "Betrag|EUR"),
            ("Betrag (€)", "Betrag|EUR"),
            ("Gutschrift in CHF", "Gutschrift|CHF"),
            ("Montant en euros", "Montant|EUR"),
            ("Montant(EUROS)", "Montant|EUR"),
            ("Amount GBP", "Amount|GBP"),
        ] {
            assert_eq!(of(title).as_deref(), Some(expected));
        }
        for none in [
            "Betrag",
            "Running balance",
            "EUR",
            "(EUR)",
            "Amount per day",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
    }

    #[test]
    fn a_profile_s_own_words_come_before_the_built_in_ones() {
        let words = words(
            SETTLEMENT,
            "kind",
            &[("memo", &["Sale"]), ("funding", &["T0006"])],
        );
        assert_eq!(meaning(&words, "SALE").as_deref(), Some("memo"));
        assert_eq!(meaning(&words, "sale").as_deref(), Some("memo"));
        assert_eq!(meaning(&words, " t0006 ").as_deref(), Some("funding"));
        assert_eq!(
            meaning(&words, "Chargeback-Reversed").as_deref(),
            Some("chargeback_reversal")
        );
        assert_eq!(meaning(&words, "loan"), None);
        assert_eq!(meaning(&words, ""), None);
    }

    #[test]
    fn an_asterisk_stands_for_all_other_words() {
        let words = words(SETTLEMENT, "kind", &[("adjustment", &["*"])]);
        assert_eq!(meaning(&words, "loan").as_deref(), Some("adjustment"));
        assert_eq!(meaning(&words, "").as_deref(), Some("adjustment"));
        assert_eq!(meaning(&words, "refund").as_deref(), Some("cancellation"));
        assert_eq!(words.known("loan"), None);
    }

    #[test]
    fn an_unknown_word_is_named_with_the_known_ones() {
        let error = words(BANK_CSV, "direction", &[]).unknown("Sens", "peut-être");
        for part in ["credit", "soll", "[profile.values.direction]"] {
            assert!(error.reason.contains(part), "{}", error.reason);
        }
        assert_eq!((&*error.column, &*error.value), ("Sens", "peut-être"));
    }
}
