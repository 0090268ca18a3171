//! Oney's payment report.

use super::{Column, Meanings};

/// Columns of version 3 in the documented order, then the three that are our assumption.
pub(super) const V3_COLUMNS: [Column; 24] = [
    ("pr_type", &["PR_Type"]),
    ("is_cancel", &["IS_cancel"]),
    ("merchant_guid", &["Merchant_guid"]),
    ("psp_guid", &["PSP_guid"]),
    ("merchant_name", &["Merchant_name"]),
    ("purchase_date", &["Purchase_date"]),
    ("purchase_hour", &["Purchase_hour"]),
    ("cancel_date", &["Cancel_date"]),
    ("cancel_hour", &["Cancel_hour"]),
    ("funding_reference", &["Funding_reference"]),
    ("external_reference", &["External_reference"]),
    ("transaction_number", &["Transaction_number"]),
    ("customer_external_code", &["Customer_external_code"]),
    ("transaction_amount", &["Transaction_amount"]),
    (
        "transaction_amount_currency",
        &["Transaction_amount_currency"],
    ),
    ("merchant_context", &["Merchant_context"]),
    ("psp_context", &["PSP_context"]),
    ("installment_number", &["Installment_number"]),
    ("payment_delay", &["Payment_delay"]),
    ("commercial_code", &["Commercial_code"]),
    ("funding_amount", &["Funding_amount"]),
    ("commission_amount", &["Commission_amount"]),
    ("net_amount", &["Net_amount"]),
    ("transfer_id", &["Transfer_Id"]),
];

/// What version 2 has besides: its deposit and funding parts.
pub(super) const V2_COLUMNS: [Column; 4] = [
    ("payment_amount", &["Payment_amount"]),
    ("payment_amount_2", &["Payment_amount_2"]),
    ("commission_amount_2", &["Commission_amount_2"]),
    ("transfer_id_2", &["Transfer_Id_2"]),
];

pub(super) const MEANINGS: [Meanings; 3] = [
    Meanings::of("pr_type", &[("FIN", &[]), ("CA", &[]), ("REG", &[])]),
    Meanings::of("is_cancel", &[("Y", &[]), ("N", &[])]),
    Meanings::any("transaction_amount_currency"),
];
