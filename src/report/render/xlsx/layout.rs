//! What is special about each sheet: how its rows are named, coloured, linked and added up.
//!
//! Columns stand as in the table of the same name ([`views`](crate::report::views)); a column
//! that is named here and not there is an error that the tests of this room find.

use super::style::Tone;

/// The layout of the sheet of one table.
pub(super) struct Layout {
    /// The table's name.
    pub(super) table: &'static str,
    /// The sheet's name.
    pub(super) sheet: &'static str,
    /// Columns at the left that stay when the others are scrolled.
    pub(super) frozen: u16,
    /// Columns that are added up on the Summary sheet, by currency where the table has one.
    pub(super) totals: &'static [&'static str],
    /// The columns that name a row, where others link to it.
    pub(super) key: &'static [&'static str],
    /// Cells that link to rows of other sheets.
    pub(super) links: &'static [Link],
    /// Columns whose words are coloured.
    pub(super) tones: &'static [(&'static str, &'static [(&'static str, Tone)])],
    /// True where finance writes its decisions, in two more columns.
    pub(super) decisions: bool,
}

/// A cell that links to a row of another sheet.
pub(super) struct Link {
    /// The column of the cell.
    pub(super) column: &'static str,
    /// The table it leads to. It is written before the one with the link.
    pub(super) to: &'static str,
    /// The columns that hold the other row's key.
    pub(super) by: &'static [&'static str],
}

/// The sheets behind the Summary, in their order.
pub(super) const LAYOUTS: [Layout; 6] = [DISCREPANCIES, ORDERS, PAYOUTS, BALANCE, INPUTS, REJECTED];

const DISCREPANCIES: Layout = Layout {
    table: "discrepancies",
    sheet: "Discrepancies",
    frozen: 2,
    totals: &[],
    key: &[],
    links: &[
        Link {
            column: "order_reference",
            to: "orders",
            by: &["provider", "order_reference"],
        },
        Link {
            column: "payout_reference",
            to: "payouts",
            by: &["provider", "payout_reference", "currency"],
        },
        Link {
            column: "file",
            to: "inputs",
            by: &["file"],
        },
    ],
    tones: &[
        (
            "severity",
            &[
                ("error", Tone::Bad),
                ("warning", Tone::Warn),
                ("info", Tone::Info),
            ],
        ),
        (
            "state",
            &[
                ("new", Tone::Bold),
                ("changed", Tone::Bold),
                ("accepted", Tone::Quiet),
                ("resolved", Tone::Good),
            ],
        ),
    ],
    decisions: true,
};

const ORDERS: Layout = Layout {
    table: "orders",
    sheet: "Orders",
    frozen: 2,
    totals: &[
        "amount",
        "cancelled",
        "reported_funded",
        "reported_cancelled",
        "fee",
        "net",
    ],
    key: &["provider", "order_reference"],
    links: &[],
    tones: &[(
        "state",
        &[
            ("open", Tone::Bad),
            ("pending", Tone::Quiet),
            ("balanced", Tone::Good),
        ],
    )],
    decisions: false,
};

const PAYOUTS: Layout = Layout {
    table: "payouts",
    sheet: "Payouts",
    frozen: 2,
    totals: &["gross", "fee", "net", "expected", "booked", "difference"],
    key: &["provider", "payout_reference", "currency"],
    links: &[],
    tones: &[(
        "state",
        &[
            ("mismatched", Tone::Bad),
            ("not_received", Tone::Bad),
            ("carried_over", Tone::Info),
            ("pending", Tone::Quiet),
            ("matched", Tone::Good),
            ("settled_without_transfer", Tone::Good),
        ],
    )],
    decisions: false,
};

const BALANCE: Layout = Layout {
    table: "balance",
    sheet: "Balance",
    frozen: 2,
    totals: &[
        "funded",
        "cancelled",
        "chargebacks",
        "adjustments",
        "fees",
        "gross",
        "net",
        "expected_payouts",
        "matched",
        "mismatched",
        "not_received",
        "pending",
        "carried_over",
        "unassigned",
        "residual",
    ],
    key: &[],
    links: &[],
    tones: &[],
    decisions: false,
};

const INPUTS: Layout = Layout {
    table: "inputs",
    sheet: "Inputs",
    frozen: 1,
    totals: &["rows", "accepted", "rejected"],
    key: &["file"],
    links: &[],
    tones: &[(
        "status",
        &[
            ("refused", Tone::Bad),
            ("unread", Tone::Bad),
            ("duplicate", Tone::Quiet),
            ("superseded", Tone::Quiet),
            ("ignored", Tone::Quiet),
        ],
    )],
    decisions: false,
};

const REJECTED: Layout = Layout {
    table: "rejected",
    sheet: "Rejected",
    frozen: 2,
    totals: &[],
    key: &[],
    links: &[],
    tones: &[],
    decisions: false,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::discrepancy::{Severity, State};
    use crate::domain::outcome::OrderState;
    use crate::domain::payout::PayoutState;
    use crate::report::table::TableSpec;
    use crate::report::views;

    fn table(name: &str) -> TableSpec {
        [
            views::discrepancies::TABLE,
            views::orders::TABLE,
            views::payouts::TABLE,
            views::balance::TABLE,
            views::inputs::TABLE,
            views::rejected::TABLE,
        ]
        .into_iter()
        .find(|table| table.name == name)
        .unwrap()
    }

    #[test]
    fn every_column_that_a_layout_names_is_one_of_its_table() {
        for layout in &LAYOUTS {
            let has = |column: &str| table(layout.table).columns.contains(&column);
            let links = layout.links.iter().flat_map(|link| {
                let by = link.by.iter().copied();
                by.chain([link.column])
            });
            let tones = layout.tones.iter().map(|(column, _)| *column);
            let named = layout.totals.iter().chain(layout.key).copied();
            for column in named.chain(links).chain(tones) {
                assert!(has(column), "{}: {column}", layout.sheet);
            }
        }
    }

    #[test]
    fn a_link_names_as_many_columns_as_the_key_of_its_target() {
        for link in LAYOUTS.iter().flat_map(|layout| layout.links) {
            let to = LAYOUTS.iter().find(|layout| layout.table == link.to);
            assert_eq!(to.unwrap().key.len(), link.by.len(), "{}", link.column);
        }
    }

    #[test]
    fn the_words_that_are_coloured_are_words_of_the_program() {
        let tones = |layout: &Layout, column: &str| -> Vec<&str> {
            let (_, words) = layout
                .tones
                .iter()
                .find(|(name, _)| *name == column)
                .unwrap();
            words.iter().map(|(word, _)| *word).collect()
        };
        let severities = Severity::ALL.map(Severity::word);
        assert_eq!(tones(&DISCREPANCIES, "severity"), severities);
        let states = State::ALL.map(State::word);
        assert!(
            tones(&DISCREPANCIES, "state")
                .iter()
                .all(|word| states.contains(word))
        );
        let payouts = [
            PayoutState::Mismatched,
            PayoutState::NotReceived,
            PayoutState::CarriedOver,
            PayoutState::Pending,
            PayoutState::Matched,
            PayoutState::SettledWithoutTransfer,
        ];
        assert_eq!(tones(&PAYOUTS, "state"), payouts.map(PayoutState::word));
        let orders = [OrderState::Open, OrderState::Pending, OrderState::Balanced];
        assert_eq!(tones(&ORDERS, "state"), orders.map(OrderState::word));
    }
}
