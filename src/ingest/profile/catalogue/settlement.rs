//! Any provider's settlement table.

use super::{Column, Meanings};

/// Every column has its own name; what a profile lists comes before it.
pub(super) const COLUMNS: [Column; 25] = [
    ("kind", &[]),
    ("direction", &[]),
    ("order_reference", &[]),
    ("transaction_id", &[]),
    ("merchant", &[]),
    ("event_time", &[]),
    ("event_hour", &[]),
    ("gross", &[]),
    ("gross_credit", &[]),
    ("gross_debit", &[]),
    ("fee", &[]),
    ("vat", &[]),
    ("net", &[]),
    ("net_credit", &[]),
    ("net_debit", &[]),
    ("currency", &[]),
    ("order_amount", &[]),
    ("order_credit", &[]),
    ("order_debit", &[]),
    ("order_currency", &[]),
    ("payout_reference", &[]),
    ("payout_date", &[]),
    ("report_date", &[]),
    ("product", &[]),
    ("instalments", &[]),
];

/// Words that mean the same at all providers.
pub(super) const MEANINGS: [Meanings; 3] = [
    Meanings::of(
        "kind",
        &[
            (
                "funding",
                &[
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
                "cancellation",
                &["cancel", "refund", "refunded", "return", "returned"],
            ),
            (
                "cancellation_reversal",
                &["refund reversal", "refund reversed", "refunded reversed"],
            ),
            ("chargeback", &[]),
            ("chargeback_reversal", &["chargeback reversed"]),
            ("fee", &["fees", "commission", "vat", "tax"]),
            ("adjustment", &["correction"]),
            ("memo", &["payout", "clearing"]),
        ],
    ),
    Meanings::of(
        "direction",
        &[("credit", &["c", "cr", "+"]), ("debit", &["d", "dr", "-"])],
    ),
    Meanings::any("currency"),
];
