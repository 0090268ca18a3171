//! The types of records, and what each does to the payout.

use crate::domain::Amount;
use crate::domain::settlement::LineKind;

/// Which sign a gross amount has, whatever sign is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// As written.
    Written,
    /// The merchant gives it back.
    Negative,
    /// The merchant receives it.
    Positive,
}

impl Sign {
    pub(super) fn of(self, written: Amount) -> Amount {
        match self {
            Self::Written => written,
            Self::Negative => -written.abs(),
            Self::Positive => written.abs(),
        }
    }
}

/// What a record does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Effect {
    pub(super) kind: LineKind,
    pub(super) sign: Sign,
}

/// What the types of the documentation do; any other has an effect on the balance as written.
///
/// A `clearing` is the payout itself and a `reject` was never paid; debits for refunds and
/// prefundings are another flow than the payout. Counting them would pay twice, or what was not
/// sold.
const EFFECTS: [(&str, LineKind, Sign); 13] = [
    ("settlement", LineKind::Funding, Sign::Written),
    ("refund", LineKind::Cancellation, Sign::Negative),
    ("chargeback", LineKind::Chargeback, Sign::Negative),
    ("chargeback_reversal", LineKind::Chargeback, Sign::Positive),
    ("dispute", LineKind::Chargeback, Sign::Written),
    ("fee", LineKind::Adjustment, Sign::Negative),
    ("vat", LineKind::Adjustment, Sign::Negative),
    ("repayment", LineKind::Adjustment, Sign::Negative),
    ("clearing", LineKind::Memo, Sign::Written),
    ("reject", LineKind::Memo, Sign::Written),
    ("debit_for_refunds", LineKind::Memo, Sign::Written),
    ("prefunding", LineKind::Memo, Sign::Written),
    ("prefunding_failure", LineKind::Memo, Sign::Written),
];

/// What a record of a type does.
pub(super) fn effect(word: &str) -> Effect {
    let of = |known: &str| word.eq_ignore_ascii_case(known);
    let found = EFFECTS.iter().find(|(known, _, _)| of(known));
    let (kind, sign) = found.map_or((LineKind::Adjustment, Sign::Written), |(_, kind, sign)| {
        (*kind, *sign)
    });
    Effect { kind, sign }
}
