//! What a profile says of a table besides the names of its columns: which rows are none, how signs,
//! fees, units and times are written, and which words the sender has.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::ingest::words::comparable;

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

/// Column, then meaning, then the words that the sender writes for it.
pub type Values = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// How a table is written; what is `None` or empty is inherited, and else the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notation {
    /// Regular expressions of rows that are passed over: totals and remarks.
    pub skip_rows: Vec<String>,
    /// Among how many lines the header is looked for.
    pub header_within: Option<usize>,
    /// The sender's words.
    pub values: Values,
    /// Settlements: the unit of amounts; by default euros, not cents.
    pub amount_unit: Option<AmountUnit>,
    /// Settlements: the signs of amounts; by default by kind.
    pub signs: Option<Signs>,
    /// Settlements: the sign of fees; by default what net shows, and without a net a positive fee
    /// costs.
    pub fee_sign: Option<FeeSign>,
    /// Settlements: the zone of times that are written without an offset; by default the company's.
    pub timezone: Option<Tz>,
    /// Settlements: a regular expression on the file's name whose named groups are values of all
    /// its rows.
    pub file_name: Option<String>,
}

impl Notation {
    /// This notation with what another one changes.
    #[must_use]
    pub fn changed_by(mut self, change: &Self) -> Self {
        self.header_within = change.header_within.or(self.header_within);
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
}
