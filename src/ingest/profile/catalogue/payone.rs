//! PAYONE: the Unified Settlement Report, the exports of its merchant interface, its notifications.

use super::{Column, Meanings};

/// Canonical and documented name of each field of a record, in order.
pub(in crate::ingest) const UNIFIED_SETTLEMENT_FIELDS: [(&str, &str); 31] = [
    ("record_type", "Record Type"),
    ("merchant_id", "Merchant Id"),
    ("source_file_id", "Source File Id"),
    ("payment_method", "Payment Method"),
    ("payment_brand", "Payment Brand"),
    ("order_id", "Order Id"),
    ("transaction_id", "Transaction Id"),
    ("merchant_reference", "Merchant Reference"),
    ("type", "Type"),
    ("transaction_date", "Transaction Date"),
    ("transaction_currency", "Transaction Currency"),
    ("transaction_amount", "Transaction Amount"),
    ("settlement_date", "Settlement Date"),
    ("settlement_currency", "Settlement Currency"),
    ("settlement_gross_amount", "Settlement Gross Amount"),
    ("settlement_net_amount", "Settlement Net Amount"),
    ("settlement_fx_rate", "Settlement Fx Rate"),
    ("commission", "Commission"),
    ("acquirer_service_fee", "Acquirer Service Fee"),
    ("scheme_fee", "Scheme Fee"),
    ("interchange_fee", "Interchange Fee"),
    ("vat", "VAT"),
    ("pp_merchant_id", "PP Merchant Id"),
    ("pp_reference", "PP Reference"),
    ("pp_additional_reference_1", "PP Additional Reference 1"),
    ("pp_additional_reference_2", "PP Additional Reference 2"),
    ("pp_settlement_batch_id", "PP Settlement Batch Id"),
    ("pp_reason_code", "PP Reason Code"),
    ("pp_reason_description", "PP Reason Description"),
    ("terminal_id", "Terminal Id"),
    ("payment_date", "Payment Date"),
];

/// The same as columns, where somebody added a header.
pub(super) const UNIFIED_COLUMNS: [Column; 31] = [
    ("record_type", &["Record Type"]),
    ("merchant_id", &["Merchant Id"]),
    ("source_file_id", &["Source File Id"]),
    ("payment_method", &["Payment Method"]),
    ("payment_brand", &["Payment Brand"]),
    ("order_id", &["Order Id"]),
    ("transaction_id", &["Transaction Id"]),
    ("merchant_reference", &["Merchant Reference"]),
    ("type", &["Type"]),
    ("transaction_date", &["Transaction Date"]),
    ("transaction_currency", &["Transaction Currency"]),
    ("transaction_amount", &["Transaction Amount"]),
    ("settlement_date", &["Settlement Date"]),
    ("settlement_currency", &["Settlement Currency"]),
    ("settlement_gross_amount", &["Settlement Gross Amount"]),
    ("settlement_net_amount", &["Settlement Net Amount"]),
    ("settlement_fx_rate", &["Settlement Fx Rate"]),
    ("commission", &["Commission"]),
    ("acquirer_service_fee", &["Acquirer Service Fee"]),
    ("scheme_fee", &["Scheme Fee"]),
    ("interchange_fee", &["Interchange Fee"]),
    ("vat", &["VAT"]),
    ("pp_merchant_id", &["PP Merchant Id"]),
    ("pp_reference", &["PP Reference"]),
    ("pp_additional_reference_1", &["PP Additional Reference 1"]),
    ("pp_additional_reference_2", &["PP Additional Reference 2"]),
    ("pp_settlement_batch_id", &["PP Settlement Batch Id"]),
    ("pp_reason_code", &["PP Reason Code"]),
    ("pp_reason_description", &["PP Reason Description"]),
    ("terminal_id", &["Terminal Id"]),
    ("payment_date", &["Payment Date"]),
];

/// Types of records; one that is not known is an adjustment, so a profile need not map all.
pub(super) const UNIFIED_MEANINGS: [Meanings; 3] = [
    Meanings {
        is_open: true,
        ..Meanings::of("type", &[])
    },
    Meanings::any("settlement_currency"),
    Meanings::any("transaction_currency"),
];

/// Documented in German: Zahlungsvorgangsnummer, Händler-Referenz-Nr., Account-ID. The others are
/// our translations of the English titles.
pub(super) const PMI_DE_COLUMNS: [Column; 9] = [
    ("merchant", &["Account-ID"]),
    ("transaction_id", &["Zahlungsvorgangsnummer"]),
    (
        "order_reference",
        &["Händler-Referenz-Nr.", "Händler-Referenz-Nr"],
    ),
    ("report_date", &["Buchungsdatum"]),
    ("event_time", &["Belegdatum"]),
    ("kind", &["Ereignis", "Vorgang"]),
    ("gross", &["Betrag"]),
    ("currency", &["Währung"]),
    ("product", &["Unterart", "Subtyp"]),
];

/// Documented in English: Creation time, Booking date, Document date, Event, Sub type, Amount. The
/// others are our translations of the German titles.
pub(super) const PMI_EN_COLUMNS: [Column; 9] = [
    ("merchant", &["Account-ID", "Account ID"]),
    (
        "transaction_id",
        &["Payment process ID", "Payment process number"],
    ),
    (
        "order_reference",
        &["Merchant reference no.", "Merchant reference number"],
    ),
    ("report_date", &["Booking date"]),
    ("event_time", &["Document date", "Creation time"]),
    ("kind", &["Event"]),
    ("gross", &["Amount"]),
    ("currency", &["Currency"]),
    ("product", &["Sub type"]),
];

/// The words of its kinds are documented.
pub(super) const PMI_DE_MEANINGS: [Meanings; 1] = [Meanings::of(
    "kind",
    &[
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
    ],
)];

/// The same in English; the words are translations, not known ones.
pub(super) const PMI_EN_MEANINGS: [Meanings; 1] = [Meanings::of(
    "kind",
    &[
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
    ],
)];

/// The parameters of a notification that are read, by PAYONE's own names.
pub(in crate::ingest) const PAYONE_STATUS_COLUMNS: [&str; 11] = [
    "txaction",
    "txid",
    "reference",
    "sequencenumber",
    "currency",
    "receivable",
    "balance",
    "mode",
    "transaction_status",
    "reminderlevel",
    "txtime",
];

/// The same as columns, and when the shop received a notification by names that shops use for it.
pub(super) const STATUS_COLUMNS: [Column; 12] = [
    ("txaction", &[]),
    ("txid", &[]),
    ("reference", &[]),
    ("sequencenumber", &[]),
    ("currency", &[]),
    ("receivable", &[]),
    ("balance", &[]),
    ("mode", &[]),
    ("transaction_status", &[]),
    ("reminderlevel", &[]),
    ("txtime", &[]),
    (
        "received_at",
        &[
            "timestamp",
            "observed_at",
            "logged_at",
            "created_at",
            "received",
            "date",
            "time",
        ],
    ),
];

pub(super) const STATUS_MEANINGS: [Meanings; 4] = [
    Meanings::of(
        "txaction",
        &[
            ("appointed", &[]),
            ("capture", &[]),
            ("paid", &[]),
            ("underpaid", &[]),
            ("cancelation", &[]),
            ("refund", &[]),
            ("debit", &[]),
            ("reminder", &[]),
            ("invoice", &[]),
            ("transfer", &[]),
            ("failed", &[]),
            ("vauthorization", &[]),
            ("vsettlement", &[]),
        ],
    ),
    Meanings::of("mode", &[("live", &[]), ("test", &[])]),
    Meanings::of(
        "transaction_status",
        &[("completed", &[]), ("pending", &[])],
    ),
    Meanings::any("currency"),
];
