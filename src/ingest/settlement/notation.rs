//! What a profile says of a settlement layout besides the names of its columns: how signs, fees,
//! units and times are written, and which words the provider has for what its rows do.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::words::comparable;

/// In which unit amounts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmountUnit {
    /// Euros: `12.50`.
    Major,
    /// Cents: `1250`.
    Minor,
}

/// What the sign of an amount says, where neither a direction nor two columns do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// What is taken back is negative whatever sign is written; fundings, adjustments and memo
    /// lines stand as written.
    ByKind,
    /// All amounts stand as written: positive is what the merchant receives.
    Written,
    /// All amounts are written from the other side: negative is what the merchant receives.
    Reversed,
}

/// What the sign of a fee says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeeSign {
    /// Positive costs the merchant.
    Cost,
    /// Negative costs the merchant: net is the sum of gross and fee.
    Effect,
    /// It always costs, whatever the sign.
    Absolute,
    /// It costs where gross is positive and is given back where gross is negative.
    LikeGross,
}

/// How a settlement layout is written; what is `None` or empty is inherited, and else the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notation {
    /// The unit of amounts; by default euros, not cents.
    pub amount_unit: Option<AmountUnit>,
    /// The signs of amounts; by default by kind.
    pub signs: Option<Signs>,
    /// The sign of fees; by default what net shows, and without a net a positive fee costs.
    pub fee_sign: Option<FeeSign>,
    /// The zone of times that are written without an offset; by default the company's.
    pub timezone: Option<Tz>,
    /// Regular expressions of raw rows that are passed over: totals and remarks.
    pub skip_rows: Vec<String>,
    /// A regular expression on the file's name whose named groups are values of all its rows.
    pub file_name: Option<String>,
    /// Column, then meaning, then the words that the provider writes for it.
    pub values: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Notation {
    /// This notation with what another one changes.
    #[must_use]
    pub fn changed_by(mut self, change: &Self) -> Self {
        self.amount_unit = change.amount_unit.or(self.amount_unit);
        self.signs = change.signs.or(self.signs);
        self.fee_sign = change.fee_sign.or(self.fee_sign);
        self.timezone = change.timezone.or(self.timezone);
        if !change.skip_rows.is_empty() {
            self.skip_rows.clone_from(&change.skip_rows);
        }
        if change.file_name.is_some() {
            self.file_name.clone_from(&change.file_name);
        }
        for (column, meanings) in &change.values {
            let own = self.values.entry(column.clone()).or_default();
            for (meaning, words) in meanings {
                // A word that is given a new meaning loses the one that it inherits.
                let is_changed = |word: &String| {
                    let same = |new: &String| comparable(new) == comparable(word);
                    words.iter().any(same)
                };
                for list in own.values_mut() {
                    list.retain(|word| !is_changed(word));
                }
                own.insert(meaning.clone(), words.clone());
            }
        }
        self
    }

    /// The notation of PAYONE's merchant interface: only the words of its kinds are documented.
    pub(in crate::ingest) fn payone_pmi_de() -> Self {
        Self::of_kinds(&[
            (
                "funding",
                &[
                    "Zahlungseinzug",
                    "Zahlungseinzüge",
                    "Überweisung",
                    "Überweisungen",
                    "Inkassozahlung",
                    "Inkassozahlungen",
                ],
            ),
            ("chargeback", &["Rückbelastung", "Rückbelastungen"]),
            ("cancellation", &["Gutschrift", "Gutschriften"]),
        ])
    }

    /// The same in English; the words are translations, not known ones.
    pub(in crate::ingest) fn payone_pmi_en() -> Self {
        Self::of_kinds(&[
            (
                "funding",
                &[
                    "Payment collection",
                    "Payment collections",
                    "Direct debit",
                    "Bank transfer",
                    "Bank transfers",
                    "Collection payment",
                    "Collection payments",
                ],
            ),
            ("chargeback", &["Reversal", "Reversals"]),
            ("cancellation", &["Credit", "Credits", "Refund", "Refunds"]),
        ])
    }

    fn of_kinds(kinds: &[(&str, &[&str])]) -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let kinds = kinds
            .iter()
            .map(|(meaning, list)| ((*meaning).to_owned(), words(list)))
            .collect();
        Self {
            values: [("kind".to_owned(), kinds)].into(),
            ..Self::default()
        }
    }
}

/// The columns whose words a profile may map, each with the meanings it can have; no meanings:
/// codes of currencies.
pub const MEANINGS: [(&str, &[&str]); 3] = [
    (
        "kind",
        &[
            "funding",
            "cancellation",
            "cancellation_reversal",
            "chargeback",
            "chargeback_reversal",
            "fee",
            "adjustment",
            "memo",
        ],
    ),
    ("direction", &["credit", "debit"]),
    ("currency", &[]),
];

/// Formats of days where the profile names none.
pub(in crate::ingest) const SETTLEMENT_DATES: [&str; 4] =
    ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d"];

/// The canonical columns of a settlement layout; a header must use these names unless a profile
/// gives others.
pub(in crate::ingest) const SETTLEMENT_COLUMNS: [&str; 25] = [
    "kind",
    "direction",
    "order_reference",
    "transaction_id",
    "merchant",
    "event_time",
    "event_hour",
    "gross",
    "gross_credit",
    "gross_debit",
    "fee",
    "vat",
    "net",
    "net_credit",
    "net_debit",
    "currency",
    "order_amount",
    "order_credit",
    "order_debit",
    "order_currency",
    "payout_reference",
    "payout_date",
    "report_date",
    "product",
    "instalments",
];

/// Canonical column with its titles in the German and in the English export of PAYONE's merchant
/// interface. Documented in German: Zahlungsvorgangsnummer, Händler-Referenz-Nr., Account-ID; in
/// English: Creation time, Booking date, Document date, Event, Sub type, Amount. The others are
/// our translations.
pub(in crate::ingest) const PAYONE_PMI_COLUMNS: [(&str, &[&str], &[&str]); 9] = [
    ("merchant", &["Account-ID"], &["Account-ID", "Account ID"]),
    (
        "transaction_id",
        &["Zahlungsvorgangsnummer"],
        &["Payment process ID", "Payment process number"],
    ),
    (
        "order_reference",
        &["Händler-Referenz-Nr.", "Händler-Referenz-Nr"],
        &["Merchant reference no.", "Merchant reference number"],
    ),
    ("report_date", &["Buchungsdatum"], &["Booking date"]),
    (
        "event_time",
        &["Belegdatum"],
        &["Document date", "Creation time"],
    ),
    ("kind", &["Ereignis", "Vorgang"], &["Event"]),
    ("gross", &["Betrag"], &["Amount"]),
    ("currency", &["Währung"], &["Currency"]),
    ("product", &["Unterart", "Subtyp"], &["Sub type"]),
];
