//! What the words of a provider mean.

use std::collections::BTreeMap;

use crate::domain::settlement::LineKind;
use crate::ingest::profile::Profile;

/// What a row does. Finer than the kind of its line: the meaning also tells the sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Funding,
    Cancellation,
    CancellationReversal,
    Chargeback,
    ChargebackReversal,
    Fee,
    Adjustment,
    Memo,
}

impl Meaning {
    /// The kind of the row's line.
    pub(super) fn kind(self) -> LineKind {
        match self {
            Self::Funding => LineKind::Funding,
            Self::Cancellation | Self::CancellationReversal => LineKind::Cancellation,
            Self::Chargeback | Self::ChargebackReversal => LineKind::Chargeback,
            Self::Fee | Self::Adjustment => LineKind::Adjustment,
            Self::Memo => LineKind::Memo,
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "funding" => Self::Funding,
            "cancellation" => Self::Cancellation,
            "cancellation_reversal" => Self::CancellationReversal,
            "chargeback" => Self::Chargeback,
            "chargeback_reversal" => Self::ChargebackReversal,
            "fee" => Self::Fee,
            "adjustment" => Self::Adjustment,
            "memo" => Self::Memo,
            _ => return None,
        })
    }
}

/// Which way money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum Side {
    /// To the merchant.
    Credit,
    /// From the merchant.
    Debit,
}

/// Stands for every word that is not mapped otherwise, and for none.
const ANY_WORD: &str = "*";

/// Words that mean the same at all providers; a profile's own come first.
const KINDS: [(Meaning, &[&str]); 8] = [
    (
        Meaning::Funding,
        &[
            "funding",
            "settlement",
            "settled",
            "sale",
            "capture",
            "captured",
            "payment",
            "charge",
            "purchase",
        ],
    ),
    (
        Meaning::Cancellation,
        &[
            "cancellation",
            "cancel",
            "refund",
            "refunded",
            "return",
            "returned",
        ],
    ),
    (
        Meaning::CancellationReversal,
        &[
            "cancellationreversal",
            "refundreversal",
            "refundreversed",
            "refundedreversed",
        ],
    ),
    (Meaning::Chargeback, &["chargeback"]),
    (
        Meaning::ChargebackReversal,
        &["chargebackreversal", "chargebackreversed"],
    ),
    (Meaning::Fee, &["fee", "fees", "commission", "vat", "tax"]),
    (Meaning::Adjustment, &["adjustment", "correction"]),
    (Meaning::Memo, &["memo", "payout", "clearing"]),
];

const SIDES: [(Side, &[&str]); 2] = [
    (Side::Credit, &["credit", "c", "cr", "+"]),
    (Side::Debit, &["debit", "d", "dr", "-"]),
];

/// Words for the two directions, with a profile's own.
#[derive(Clone, Debug)]
pub(in crate::ingest) struct Sides(BTreeMap<String, Side>);

impl Sides {
    /// The words that are common in a kind of file, and those of a profile, which come first.
    pub(in crate::ingest) fn of(profile: &Profile, known: &[(Side, &[&str])]) -> Self {
        let mut sides = common(known);
        let own = profile.notation.values.get("direction");
        extend(&mut sides, own, |word| match word {
            "credit" => Some(Side::Credit),
            "debit" => Some(Side::Debit),
            _ => None,
        });
        Self(sides)
    }

    /// What a word means.
    pub(in crate::ingest) fn side(&self, word: &str) -> Option<Side> {
        find(&self.0, word).copied()
    }
}

/// The words of one layout.
#[derive(Clone, Debug)]
pub(super) struct Words {
    kinds: BTreeMap<String, Meaning>,
    sides: Sides,
    currencies: BTreeMap<String, String>,
}

impl Words {
    pub(super) fn of(profile: &Profile) -> Self {
        let own = |column: &str| profile.notation.values.get(column);
        let mut kinds = common(&KINDS);
        extend(&mut kinds, own("kind"), Meaning::from_word);
        let mut currencies = BTreeMap::new();
        extend(&mut currencies, own("currency"), |code| {
            Some(code.to_owned())
        });
        Self {
            kinds,
            sides: Sides::of(profile, &SIDES),
            currencies,
        }
    }

    /// What a word of the kind column means.
    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        find(&self.kinds, word).copied()
    }

    /// What a word of the direction column means.
    pub(super) fn side(&self, word: &str) -> Option<Side> {
        self.sides.side(word)
    }

    /// The currency's code for a word; the word itself where nothing else is said.
    pub(super) fn currency<'w>(&'w self, word: &'w str) -> &'w str {
        find(&self.currencies, word).map_or(word, String::as_str)
    }
}

fn find<'w, T>(words: &'w BTreeMap<String, T>, word: &str) -> Option<&'w T> {
    words.get(&comparable(word)).or_else(|| words.get(ANY_WORD))
}

fn common<T: Copy>(table: &[(T, &[&str])]) -> BTreeMap<String, T> {
    let each = |(meaning, words): &(T, &[&str])| {
        let meaning = *meaning;
        let pairs = words.iter().map(move |word| (comparable(word), meaning));
        pairs.collect::<Vec<_>>()
    };
    table.iter().flat_map(each).collect()
}

fn extend<T: Clone>(
    words: &mut BTreeMap<String, T>,
    own: Option<&BTreeMap<String, Vec<String>>>,
    meaning: impl Fn(&str) -> Option<T>,
) {
    for (name, list) in own.into_iter().flatten() {
        let Some(meaning) = meaning(name) else {
            continue;
        };
        words.extend(list.iter().map(|word| (comparable(word), meaning.clone())));
    }
}

/// A word as it is compared: without case, blanks, underscores and hyphens, unless it is nothing
/// else.
pub(super) fn comparable(word: &str) -> String {
    let lower = word.trim().to_lowercase();
    let bare: String = lower
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-'))
        .collect();
    if bare.is_empty() { lower } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(column: &str, own: &[(&str, &[&str])]) -> Words {
        let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let own = own
            .iter()
            .map(|(meaning, words)| ((*meaning).to_owned(), list(words)))
            .collect();
        let mut profile = Profile::default();
        profile.notation.values.insert(column.to_owned(), own);
        Words::of(&profile)
    }

    #[test]
    fn a_profile_s_own_words_come_before_the_common_ones() {
        let words = words("kind", &[("memo", &["Sale"]), ("funding", &["T0006"])]);
        assert_eq!(words.meaning("SALE"), Some(Meaning::Memo));
        assert_eq!(words.meaning(" t0006 "), Some(Meaning::Funding));
        assert_eq!(
            words.meaning("Chargeback-Reversed"),
            Some(Meaning::ChargebackReversal)
        );
        assert_eq!(words.meaning("loan"), None);
        assert_eq!(words.meaning(""), None);
    }

    #[test]
    fn an_asterisk_stands_for_all_other_words() {
        let words = words("kind", &[("adjustment", &["*"])]);
        assert_eq!(words.meaning("loan"), Some(Meaning::Adjustment));
        assert_eq!(words.meaning(""), Some(Meaning::Adjustment));
        assert_eq!(words.meaning("refund"), Some(Meaning::Cancellation));
    }

    #[test]
    fn directions_and_currencies_are_words_too() {
        let sides = words("direction", &[("debit", &["S"]), ("credit", &["H"])]);
        assert_eq!(sides.side("S"), Some(Side::Debit));
        assert_eq!(sides.side("-"), Some(Side::Debit));
        assert_eq!(sides.side("CR"), Some(Side::Credit));
        let currencies = words("currency", &[("EUR", &["€", "978"])]);
        assert_eq!(currencies.currency("978"), "EUR");
        assert_eq!(currencies.currency("USD"), "USD");
    }
}
