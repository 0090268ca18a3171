//! What a row of a settlement does.

use crate::domain::settlement::LineKind;

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

    /// The meaning of a canonical word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
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
