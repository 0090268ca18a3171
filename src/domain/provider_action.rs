//! What people let the program do at a provider: confirmations, cancellations, captures, refunds,
//! confirmations of delivery. Each is written down before it is sent, and completed afterwards, so
//! that nothing is ever sent twice because nobody remembers the first time.

use super::family::Family;
use super::money::{Amount, Currency};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProviderActionKind {
    /// Oney: the goods are ready, fund the order.
    Confirm,
    /// Oney, e-Financing: take an amount back.
    Cancel,
    /// PAYONE: claim a reserved amount; an amount of 0 releases it.
    Capture,
    /// PAYONE: give an amount back.
    Refund,
    /// e-Financing: the goods were delivered, fund the order.
    Deliver,
}

impl ProviderActionKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Confirm,
        Self::Cancel,
        Self::Capture,
        Self::Refund,
        Self::Deliver,
    ];

    /// The word of the command line and the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Cancel => "cancel",
            Self::Capture => "capture",
            Self::Refund => "refund",
            Self::Deliver => "deliver",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The providers that know it.
    pub fn families(self) -> &'static [Family] {
        match self {
            Self::Confirm => &[Family::Oney],
            Self::Cancel => &[Family::Oney, Family::EFinancing],
            Self::Capture | Self::Refund => &[Family::Payone],
            Self::Deliver => &[Family::EFinancing],
        }
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProviderActionOutcome {
    /// Written down; whether it was sent is not known.
    Intended,
    /// Carried out.
    Done,
    /// Taken in by the provider, who decides later.
    Pending,
    /// Not carried out, by the provider's word or because its state forbids it.
    Refused,
    /// Never sent.
    NotSent,
    /// Sent, and nobody knows what became of it.
    Unknown,
}

impl ProviderActionOutcome {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Done => "done",
            Self::Pending => "pending",
            Self::Refused => "refused",
            Self::NotSent => "not-sent",
            Self::Unknown => "unknown",
        }
    }

    /// The outcome of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Intended,
            Self::Done,
            Self::Pending,
            Self::Refused,
            Self::NotSent,
            Self::Unknown,
        ]
        .into_iter()
        .find(|outcome| outcome.word() == word)
    }

    /// True where the provider took it: its amount is moved, or will be.
    pub fn has_moved(self) -> bool {
        match self {
            Self::Done | Self::Pending => true,
            Self::Intended | Self::Refused | Self::NotSent | Self::Unknown => false,
        }
    }

    /// True while it may have moved money without anybody knowing: nothing like it may be sent.
    pub fn is_open(self) -> bool {
        match self {
            Self::Intended | Self::Unknown => true,
            Self::Done | Self::Pending | Self::Refused | Self::NotSent => false,
        }
    }
}

/// One entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderAction {
    /// Its number.
    pub number: i64,
    /// When it was asked for, RFC 3339 in UTC.
    pub requested_at: String,
    /// By whom.
    pub requested_by: String,
    /// At which provider.
    pub provider: String,
    /// For which order.
    pub order_reference: String,
    /// The provider's number of the transaction, may be empty.
    pub transaction_id: String,
    /// What.
    pub kind: ProviderActionKind,
    /// How much, positive; `None` where no amount is sent.
    pub amount: Option<Amount>,
    /// Its currency.
    pub currency: Currency,
    /// Why.
    pub reason: String,
    /// What names it at the provider: Oney's request id, PAYONE's sequence number; may be empty.
    pub request_id: String,
    /// What the provider showed before it was sent.
    pub state_before: String,
    /// The amount that the provider showed then.
    pub amount_before: Option<Amount>,
    /// What became of it.
    pub outcome: ProviderActionOutcome,
    /// When that was known, may be empty.
    pub completed_at: String,
    /// How it went, in words.
    pub detail: String,
}

impl ProviderAction {
    /// True for the same order to the same provider about the same amount.
    pub fn repeats(&self, other: &Self) -> bool {
        self.provider == other.provider
            && self.order_reference == other.order_reference
            && self.kind == other.kind
            && self.amount == other.amount
            && self.currency == other.currency
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_what_they_say() {
        for kind in ProviderActionKind::ALL {
            assert_eq!(ProviderActionKind::from_word(kind.word()), Some(kind));
            assert!(!kind.families().is_empty());
        }
        for word in [
            "intended", "done", "pending", "refused", "not-sent", "unknown",
        ] {
            let outcome = ProviderActionOutcome::from_word(word).unwrap();
            assert_eq!(outcome.word(), word);
            assert_eq!(outcome.is_open(), ["intended", "unknown"].contains(&word));
        }
    }
}
