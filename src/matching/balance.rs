//! The balance: every euro of a provider in exactly one place.
//!
//! One side is added up from the lines themselves as each file was read, the other from the
//! payouts and what became of them. They go different ways, so a line that got lost or was
//! counted twice on either way shows as a residual, and the run fails rather than print a report.

use std::collections::BTreeMap;

use crate::domain::outcome::BalanceRow;
use crate::domain::payout::{PayoutOutcome, PayoutState, UnassignedLines};
use crate::domain::rules::{Rules, SettlementMode};
use crate::domain::settlement::LineKind;
use crate::domain::{Amount, Currency};

/// What the files that count report, by provider, currency and kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedTotal {
    /// Who reports.
    pub provider: String,
    /// Currency.
    pub currency: Currency,
    /// What the lines do.
    pub kind: LineKind,
    /// How many.
    pub lines: u64,
    /// Σ gross.
    pub gross: Amount,
    /// Σ fee.
    pub fee: Amount,
}

/// What the lines of a payout add up to, and where that stands. Of a report of a range they are the
/// lines of that range; where their payout stands is told by all of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedSum {
    /// Who pays.
    pub provider: String,
    /// Currency.
    pub currency: Currency,
    /// The state of the payout.
    pub state: PayoutState,
    /// Σ by the provider's mode.
    pub sum: Amount,
}

impl From<&PayoutOutcome> for PlacedSum {
    fn from(outcome: &PayoutOutcome) -> Self {
        Self {
            provider: outcome.payout.provider.clone(),
            currency: outcome.payout.currency,
            state: outcome.state,
            sum: outcome.expected,
        }
    }
}

/// Adds the balance up, by provider and currency.
pub fn balance(
    totals: &[ReportedTotal],
    payouts: impl IntoIterator<Item = PlacedSum>,
    unassigned: &[UnassignedLines],
    rules: &Rules,
) -> Vec<BalanceRow> {
    let mut rows: BTreeMap<(String, Currency), BalanceRow> = BTreeMap::new();
    // What counts nowhere makes no row: a record that settles nothing may even have no currency.
    for total in totals.iter().filter(|it| it.kind != LineKind::Memo) {
        add_lines(row(&mut rows, &total.provider, total.currency), total);
    }
    for placed in payouts {
        let row = row(&mut rows, &placed.provider, placed.currency);
        row.expected_payouts += placed.sum;
        let place = match placed.state {
            PayoutState::Matched | PayoutState::SettledWithoutTransfer => &mut row.matched,
            PayoutState::Mismatched => &mut row.mismatched,
            PayoutState::NotReceived => &mut row.not_received,
            PayoutState::Pending => &mut row.pending,
            PayoutState::CarriedOver => &mut row.carried_over,
        };
        *place += placed.sum;
    }
    for lines in unassigned {
        let mode = rules.provider(&lines.provider).mode;
        row(&mut rows, &lines.provider, lines.currency).unassigned +=
            by_mode(mode, lines.gross, lines.fee);
    }
    for row in rows.values_mut() {
        let mode = rules.provider(&row.provider).mode;
        let places = row.matched
            + row.mismatched
            + row.not_received
            + row.pending
            + row.carried_over
            + row.unassigned;
        row.residual = by_mode(mode, row.gross(), row.fees) - places;
    }
    rows.into_values().collect()
}

/// What a payout of these lines is: net or gross of commissions.
pub fn by_mode(mode: SettlementMode, gross: Amount, fee: Amount) -> Amount {
    match mode {
        SettlementMode::Gross => gross,
        SettlementMode::Net => gross - fee,
    }
}

fn row<'r>(
    rows: &'r mut BTreeMap<(String, Currency), BalanceRow>,
    provider: &str,
    currency: Currency,
) -> &'r mut BalanceRow {
    rows.entry((provider.to_owned(), currency))
        .or_insert_with(|| BalanceRow {
            provider: provider.to_owned(),
            currency,
            lines: 0,
            funded: Amount::ZERO,
            cancelled: Amount::ZERO,
            chargebacks: Amount::ZERO,
            adjustments: Amount::ZERO,
            fees: Amount::ZERO,
            expected_payouts: Amount::ZERO,
            matched: Amount::ZERO,
            mismatched: Amount::ZERO,
            not_received: Amount::ZERO,
            pending: Amount::ZERO,
            carried_over: Amount::ZERO,
            unassigned: Amount::ZERO,
            residual: Amount::ZERO,
        })
}

fn add_lines(row: &mut BalanceRow, total: &ReportedTotal) {
    let place = match total.kind {
        LineKind::Funding => &mut row.funded,
        LineKind::Cancellation => &mut row.cancelled,
        LineKind::Chargeback => &mut row.chargebacks,
        LineKind::Adjustment => &mut row.adjustments,
        LineKind::Memo => return,
    };
    *place += total.gross;
    row.fees += total.fee;
    row.lines = row.lines.saturating_add(total.lines);
}
