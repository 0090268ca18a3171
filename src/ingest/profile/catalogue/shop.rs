//! The shop's orders and order events.

use super::{Column, Meanings};

pub(super) const ORDER_COLUMNS: [Column; 14] = [
    ("order_reference", &[]),
    ("provider", &[]),
    ("merchant", &[]),
    ("amount", &[]),
    ("confirmed_amount", &[]),
    ("currency", &[]),
    ("status", &[]),
    ("ordered_at", &[]),
    ("confirmed_at", &[]),
    ("cancelled_amount", &[]),
    ("cancelled_at", &[]),
    ("transaction_id", &[]),
    ("product", &[]),
    ("updated_at", &[]),
];

/// The canonical statuses with the words that Oney, PAYONE and e-Financing have for them.
pub(super) const ORDER_MEANINGS: [Meanings; 3] = [
    Meanings::of(
        "status",
        &[
            ("PENDING", &["INITIALIZED", "REQUESTED", "PRE_ACCEPTED"]),
            ("FAVORABLE", &["TO_BE_FUNDED", "APPOINTED"]),
            ("FUNDED", &["ACCEPTED"]),
            ("CANCELLED", &[]),
            ("REFUSED", &["REJECTED", "FAILED"]),
            ("ABORTED", &[]),
        ],
    ),
    Meanings::any("provider"),
    Meanings::any("currency"),
];

pub(super) const EVENT_COLUMNS: [Column; 7] = [
    ("order_reference", &[]),
    ("provider", &[]),
    ("type", &[]),
    ("amount", &[]),
    ("currency", &[]),
    ("occurred_at", &[]),
    ("event_id", &[]),
];

pub(super) const EVENT_MEANINGS: [Meanings; 3] = [
    Meanings::of(
        "type",
        &[("confirm", &[]), ("cancel", &[]), ("refund", &[])],
    ),
    Meanings::any("provider"),
    Meanings::any("currency"),
];
