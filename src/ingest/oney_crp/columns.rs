//! Where a report has its columns, in both versions.

use crate::domain::settlement::LinePart;
use crate::ingest::table::Table;

/// Where the columns are.
pub(super) struct CrpColumns {
    pub(super) names: [String; 12],
    pub(super) pr_type: Option<usize>,
    pub(super) is_cancel: Option<usize>,
    pub(super) merchant: Option<usize>,
    pub(super) purchase: [Option<usize>; 2],
    pub(super) cancel: [Option<usize>; 2],
    pub(super) funding_reference: Option<usize>,
    pub(super) external_reference: Option<usize>,
    pub(super) transaction_number: Option<usize>,
    pub(super) amount: Option<usize>,
    pub(super) currency: Option<usize>,
    pub(super) instalments: Option<usize>,
    pub(super) product: Option<usize>,
    pub(super) funding_amount: Option<usize>,
    pub(super) commission: Option<usize>,
    pub(super) net_amount: Option<usize>,
    pub(super) transfer: Option<usize>,
    /// Amount, commission and transfer of version 2's deposit and funding; `None` in version 3.
    pub(super) parts: Option<[(LinePart, PartColumns); 2]>,
}

#[derive(Clone, Copy)]
pub(super) struct PartColumns {
    pub(super) amount: Option<usize>,
    pub(super) commission: Option<usize>,
    pub(super) transfer: Option<usize>,
}

impl CrpColumns {
    pub(super) fn find(table: &Table) -> Self {
        let at = |name: &str| table.header.column(name);
        let part = |amount, commission, transfer| PartColumns {
            amount: at(amount),
            commission: at(commission),
            transfer: at(transfer),
        };
        let is_v2 = at("payment_amount").or(at("payment_amount_2")).is_some();
        let parts = is_v2.then(|| {
            [
                (
                    LinePart::Deposit,
                    part("payment_amount", "commission_amount", "transfer_id"),
                ),
                (
                    LinePart::Funding,
                    part("payment_amount_2", "commission_amount_2", "transfer_id_2"),
                ),
            ]
        });
        Self {
            names: COLUMN_NAMES.map(|name| table.header.name(name).to_owned()),
            // Version 2 documents that the first column is the type, not how it is called.
            pr_type: at("pr_type").or(is_v2.then_some(0)),
            is_cancel: at("is_cancel"),
            merchant: at("merchant_guid"),
            purchase: [at("purchase_date"), at("purchase_hour")],
            cancel: [at("cancel_date"), at("cancel_hour")],
            funding_reference: at("funding_reference"),
            external_reference: at("external_reference"),
            transaction_number: at("transaction_number"),
            amount: at("transaction_amount"),
            currency: at("transaction_amount_currency"),
            instalments: at("installment_number"),
            product: at("commercial_code"),
            funding_amount: at("funding_amount"),
            commission: at("commission_amount"),
            net_amount: at("net_amount"),
            transfer: at("transfer_id"),
            parts,
        }
    }

    /// The file's own name of a column, for errors.
    pub(super) fn name(&self, canonical: &str) -> &str {
        let known = COLUMN_NAMES
            .iter()
            .zip(&self.names)
            .find(|(name, _)| **name == canonical);
        known.map_or("", |(_, name)| name.as_str())
    }
}

/// The canonical columns that errors name.
const COLUMN_NAMES: [&str; 12] = [
    "pr_type",
    "is_cancel",
    "merchant_guid",
    "purchase_date",
    "purchase_hour",
    "cancel_date",
    "cancel_hour",
    "transaction_amount",
    "transaction_amount_currency",
    "funding_amount",
    "commission_amount",
    "net_amount",
];
