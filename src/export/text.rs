//! What formats forbid, and in which words an entry is told.

use std::fmt::Write as _;

use encoding_rs::Encoding;
use unicode_normalization::UnicodeNormalization;

use super::model::{Entry, EntryKind};
use super::naming::Chart;

/// The languages of the formats' countries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    English,
    French,
    German,
}

/// `Oney Versement TFR5271`.
pub(super) fn told(entry: &Entry, tongue: Tongue) -> String {
    let text = format!(
        "{} {} {}",
        entry.party,
        word(entry.kind, tongue),
        entry.reference
    );
    text.trim_end().to_owned()
}

/// Writes a line for each account of an entry, with the amounts below each other.
pub(super) fn postings(entry: &Entry, chart: &Chart<'_>, indent: &str, text: &mut String) {
    let names = entry.lines().iter().map(|line| chart.name(&line.account));
    let names: Vec<String> = names.collect();
    let widths = names.iter().map(|name| name.chars().count());
    let width = widths.max().unwrap_or(0);
    for (line, name) in entry.lines().iter().zip(&names) {
        let amount = line.amount.display(entry.currency).to_string();
        // Writing to a text cannot fail.
        writeln!(
            text,
            "{indent}{name:<width$}  {amount:>12} {}",
            entry.currency
        )
        .unwrap_or_default();
    }
}

/// What an entry tells, in a word.
pub(super) fn word(kind: EntryKind, tongue: Tongue) -> &'static str {
    let [english, french, german] = match kind {
        EntryKind::Funding => ["Funding", "Financement", "Finanzierung"],
        EntryKind::Cancellation => ["Cancellation", "Annulation", "Stornierung"],
        EntryKind::Chargeback => ["Chargeback", "Reprise de paiement", "Rückbelastung"],
        EntryKind::Adjustment => ["Adjustment", "Ajustement", "Korrektur"],
        EntryKind::Commission => ["Commission", "Commission", "Provision"],
        EntryKind::BankEntry => ["Bank entry", "Mouvement bancaire", "Bankbuchung"],
        EntryKind::Payout => ["Payout", "Versement", "Auszahlung"],
        EntryKind::WriteOff => ["Write-off", "Écart soldé", "Ausbuchung"],
        EntryKind::CommissionDebit => [
            "Commission debit",
            "Commissions du mois",
            "Provisionseinzug",
        ],
    };
    match tongue {
        Tongue::English => english,
        Tongue::French => french,
        Tongue::German => german,
    }
}

/// A text of one line: control characters and characters that `forbids` names become blanks,
/// runs of blanks one.
pub(super) fn plain(text: &str, forbids: &[char]) -> String {
    let is_blank = |c: char| c.is_whitespace() || c.is_control() || forbids.contains(&c);
    let words = text.split(is_blank).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// At most so many characters.
pub(super) fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

/// A text in which only letters and digits of ASCII and some other characters stand; each other
/// one becomes `instead`, accents go.
pub(super) fn ascii(text: &str, others: &str, instead: char) -> String {
    let good = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
    let decomposed = text.nfd().filter(|c| !is_accent(*c));
    decomposed
        .map(|c| if good(c) { c } else { instead })
        .collect()
}

fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// The bytes of a text in an encoding of one byte a character: a letter that it lacks is written
/// without its accent, anything else as `?`.
pub(super) fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    if !lossy {
        return bytes.into_owned();
    }
    let mut all = Vec::with_capacity(text.len());
    let mut buffer = [0_u8; 4];
    for c in text.chars() {
        let (bytes, _, lossy) = encoding.encode(c.encode_utf8(&mut buffer));
        if lossy {
            let base = c.nfd().next().filter(char::is_ascii);
            all.push(
                base.and_then(|base| u8::try_from(base).ok())
                    .unwrap_or(b'?'),
            );
        } else {
            all.extend_from_slice(&bytes);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_an_encoding_lacks_lose_their_accents_or_themselves() {
        let latin = |text| encoded(text, encoding_rs::ISO_8859_15);
        assert_eq!(latin("Réf €"), b"R\xe9f \xa4");
        assert_eq!(latin("Łódź ā 漢"), b"?\xf3dz a ?");
        assert_eq!(
            encoded("„Müller“ €", encoding_rs::WINDOWS_1252),
            b"\x84M\xfcller\x93 \x80"
        );
    }

    #[test]
    fn a_plain_text_has_one_line_and_no_forbidden_character() {
        assert_eq!(plain(" a\t b|c\r\n\u{0}d ", &['|']), "a b c d");
        assert_eq!(ascii("É/é+ö.x", "/", '-'), "E/e-o-x");
        assert_eq!(cut("äöü", 2), "äö");
    }
}
