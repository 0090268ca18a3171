//! How a discrepancy ended, or is as good as ended.

use crate::domain::decision::{Resolution, Standing};
use crate::domain::discrepancy::{ReportedDiscrepancy, State};
use crate::domain::link::Links;

/// How it ended; `None` while it is open.
pub(super) fn of(
    reported: &ReportedDiscrepancy,
    standing: Option<&Standing>,
    links: &Links,
) -> Option<Resolution> {
    let found = &reported.discrepancy;
    match reported.state {
        State::New | State::Persisting | State::Changed => None,
        State::Accepted if standing.is_some_and(|it| it.written_off.is_some()) => {
            Some(Resolution::WrittenOff)
        }
        State::Accepted => Some(Resolution::Accepted),
        State::Resolved => {
            let provider = found.provider.as_str();
            let is_linked = links.all().iter().any(|it| {
                it.id == reported.id
                    || it.link.concerns_order(provider, &found.order_reference)
                    || it.link.concerns_payout(provider, &found.payout_reference)
                    || it.link.concerns_entry(&found.account, &found.bank_entry)
            });
            Some(if is_linked {
                Resolution::Link
            } else {
                Resolution::Itself
            })
        }
    }
}
