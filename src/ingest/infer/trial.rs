//! Reads a file with the profile that is proposed for it, and shows its first rows.

use chrono_tz::Tz;

use super::Proposal;
use crate::domain::Currency;
use crate::domain::file::{InputKind, RejectedRow};
use crate::domain::order::{Order, OrderEvent};
use crate::domain::settlement::{LineKind, SettlementLine, SliceId};
use crate::domain::statement::{Statement, StatementEntry, StatementSink};
use crate::ingest::open_file::OpenFile;
use crate::ingest::orders::{self, OrderEventSink, OrderOptions, OrderSink};
use crate::ingest::profile::Profile;
use crate::ingest::settlement::{self, SettlementOptions, SettlementSink, SliceKey};
use crate::ingest::statements::{ExportOptions, read_export};
use crate::ingest::{Refusal, RowCounts};

/// Rows that are shown.
const ROWS_SHOWN: usize = 5;

/// Stands for an account that the file does not name.
const SOME_ACCOUNT: &str = "(your account)";

/// The first rows as they would be read, and how many there are; or why the file would be refused.
pub fn trial(opened: &OpenFile, proposal: &Proposal, timezone: Tz) -> Vec<String> {
    let mut shown = Shown::default();
    let mut definition = proposal.definition.clone();
    let names_account = definition.columns.contains_key("account");
    if proposal.kind == InputKind::BankStatement && !names_account {
        let fixed = &mut definition.fixed;
        fixed.insert("account".to_owned(), SOME_ACCOUNT.to_owned());
    }
    let name = definition.name.clone();
    let counts = Profile::resolve(&name, &[definition])
        .and_then(|profile| read(opened, proposal.kind, (&profile, timezone), &mut shown));
    let mut lines = shown.rows;
    match counts {
        Ok(counts) => lines.push(format!(
            "{} rows: {} taken, {} rejected, {} passed over",
            counts.rows, counts.accepted, counts.rejected, counts.passed_over
        )),
        Err(refusal) => lines.push(format!("as it stands the file {}", refusal.reason)),
    }
    lines
}

fn read(
    opened: &OpenFile,
    kind: InputKind,
    (profile, timezone): (&Profile, Tz),
    shown: &mut Shown,
) -> Result<RowCounts, Refusal> {
    let max_rejected_percent = 100;
    let options = OrderOptions {
        profile,
        timezone,
        max_rejected_percent,
    };
    match kind {
        InputKind::BankStatement => {
            let options = ExportOptions {
                profile,
                max_rejected_percent,
            };
            read_export(opened, options, shown)
        }
        InputKind::Orders => orders::read(opened, options, shown),
        InputKind::OrderEvents => orders::read_events(opened, options, shown),
        InputKind::OneyCrp
        | InputKind::PayoneSettlement
        | InputKind::Settlement
        | InputKind::PayoneStatus
        | InputKind::EFinancing
        | InputKind::OneyStatus
        | InputKind::Decisions => {
            let options = SettlementOptions {
                profile,
                timezone,
                max_rejected_percent,
            };
            settlement::read(opened, options, shown).map(|file| file.counts)
        }
    }
}

/// The first rows in words.
#[derive(Default)]
struct Shown {
    rows: Vec<String>,
    slice: Option<(LineKind, Currency, String)>,
}

impl Shown {
    fn add(&mut self, row: impl FnOnce() -> String) {
        if self.rows.len() < ROWS_SHOWN {
            let row = row();
            self.rows.push(row);
        }
    }

    fn add_rejected(&mut self, row: &RejectedRow) {
        self.add(|| {
            format!(
                "line {} would be rejected: {} «{}» {}",
                row.line, row.column, row.value, row.reason
            )
        });
    }
}

impl StatementSink for Shown {
    fn entry(&mut self, entry: StatementEntry) {
        self.add(|| {
            format!(
                "{} {} {} «{}» «{}»",
                entry.booked_on,
                entry.amount.display(entry.currency),
                entry.currency,
                entry.counterparty,
                entry.remittance
            )
        });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.add_rejected(&row);
    }

    fn statement(&mut self, _statement: Statement) {}
}

impl OrderSink for Shown {
    fn order(&mut self, order: &Order<'_>) {
        self.add(|| {
            format!(
                "{} {} {} {} {} ordered {}",
                order.order_reference,
                order.provider,
                order.amount.display(order.currency),
                order.currency,
                order.status.word(),
                order.ordered_on
            )
        });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.add_rejected(&row);
    }
}

impl OrderEventSink for Shown {
    fn event(&mut self, event: &OrderEvent<'_>) {
        self.add(|| {
            format!(
                "{} {} {} {} {} {}",
                event.order_reference,
                event.provider,
                event.kind.word(),
                event.amount.display(event.currency),
                event.currency,
                event.occurred_on
            )
        });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.add_rejected(&row);
    }
}

impl SettlementSink for Shown {
    fn slice(&mut self, key: &SliceKey<'_>) -> SliceId {
        self.slice = Some((key.kind, key.currency, key.payout_reference.to_owned()));
        SliceId(0)
    }

    fn line(&mut self, line: &SettlementLine<'_>) {
        let Some((kind, currency, payout)) = self.slice.clone() else {
            return;
        };
        self.add(|| {
            format!(
                "{} {} gross {} fee {} {currency} payout «{payout}»",
                kind.word(),
                line.order_reference,
                line.gross.display(currency),
                line.fee.display(currency)
            )
        });
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.add_rejected(&row);
    }
}
