//! What was done at providers for an order: its audit trail.

use super::dossier::text;
use crate::domain::provider_action::ProviderAction;
use crate::pipeline::RunError;
use crate::report::table::Cell;
use crate::storage::{Db, provider_actions};

pub(super) const ACTION_COLUMNS: &[&str] = &[
    "action",
    "requested_at",
    "requested_by",
    "what",
    "amount",
    "currency",
    "outcome",
    "completed_at",
    "reason",
    "detail",
];

/// The actions for an order.
pub(super) async fn of_order(
    db: &mut Db,
    reference: &str,
) -> Result<Vec<ProviderAction>, RunError> {
    Ok(provider_actions::of_order(db, reference).await?)
}

/// Those at one provider, as rows of [`ACTION_COLUMNS`].
pub(super) fn rows(actions: &[ProviderAction], provider: &str) -> Vec<Vec<Cell<'static>>> {
    let row = |action: &ProviderAction| {
        vec![
            text(action.number.to_string()),
            text(&action.requested_at),
            text(&action.requested_by),
            text(action.kind.word()),
            Cell::amount(action.amount, action.currency),
            text(action.currency.code()),
            text(action.outcome.word()),
            text(&action.completed_at),
            text(&action.reason),
            text(&action.detail),
        ]
    };
    let own = actions.iter().filter(|action| action.provider == provider);
    own.map(row).collect()
}
