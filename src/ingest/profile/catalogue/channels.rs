//! Payment services that a merchant may be paid through. From public documentation; no live file of
//! `HiPay` was seen, of Adyen two samples of third parties.

use super::{Column, Meanings};

/// Adyen's settlement details report: amounts of the shopper in GC, of the payout in NC.
pub(super) const ADYEN_COLUMNS: [Column; 15] = [
    ("kind", &["Type"]),
    ("order_reference", &["Merchant Reference"]),
    ("transaction_id", &["Psp Reference"]),
    ("merchant", &["Merchant Account"]),
    ("event_time", &["Creation Date"]),
    ("report_date", &["Booking Date"]),
    ("net_credit", &["Net Credit (NC)"]),
    ("net_debit", &["Net Debit (NC)"]),
    ("currency", &["Net Currency"]),
    (
        "fee",
        &[
            "Commission (NC)",
            "Markup (NC)",
            "Scheme Fees (NC)",
            "Interchange (NC)",
        ],
    ),
    ("order_currency", &["Gross Currency"]),
    ("order_credit", &["Gross Credit (GC)"]),
    ("order_debit", &["Gross Debit (GC)"]),
    ("payout_reference", &["Batch Number"]),
    ("product", &["Payment Method"]),
];

pub(super) const ADYEN_MEANINGS: [Meanings; 1] = [Meanings::of(
    "kind",
    &[
        (
            "funding",
            &["Settled", "SettledExternally", "SettledInInstallments"],
        ),
        (
            "cancellation",
            &["Refunded", "RefundedExternally", "RefundedInInstallments"],
        ),
        ("cancellation_reversal", &["RefundedReversed"]),
        (
            "chargeback",
            &["Chargeback", "SecondChargeback", "ChargebackExternally"],
        ),
        (
            "chargeback_reversal",
            &["ChargebackReversed", "ChargebackReversedExternally"],
        ),
        ("fee", &["Fee", "InvoiceDeduction", "PaymentCost"]),
        (
            "adjustment",
            &[
                "Balancetransfer",
                "DepositCorrection",
                "ReserveAdjustment",
                "MiscCosts",
                "AdvancementCommissioned",
                "ManualCorrected",
                "BankInstructionReturned",
            ],
        ),
        ("memo", &["MerchantPayout"]),
    ],
)];

/// `HiPay`'s settlement file.
pub(super) const HIPAY_COLUMNS: [Column; 9] = [
    ("kind", &["Operation"]),
    ("order_reference", &["Order"]),
    ("transaction_id", &["Transaction ID"]),
    ("merchant", &["Account"]),
    ("event_time", &["Date"]),
    ("payout_date", &["Date value"]),
    ("net", &["Settled amount"]),
    ("currency", &["Settlement currency"]),
    ("payout_reference", &["Settlement ID"]),
];

pub(super) const HIPAY_MEANINGS: [Meanings; 1] = [Meanings::of(
    "kind",
    &[
        ("funding", &["Sales"]),
        ("cancellation", &["Refunds"]),
        ("chargeback", &["Chargebacks"]),
        ("adjustment", &["Deferred", "Rolling", "Other"]),
    ],
)];
