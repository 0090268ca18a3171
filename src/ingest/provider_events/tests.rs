//! A sink that writes down in words what it is given, for the tests of all three readers.

use super::{EventOptions, NotificationMode, ProviderEventSink};
use crate::domain::file::RejectedRow;
use crate::domain::provider_event::{NoStatus, ProviderEvent, Said};
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::{PAYONE_STATUS, Profile};
use crate::ingest::{Refusal, RowCounts};

/// What a reader handed over.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Notes {
    /// `2: payone/WEB-1 #1001 20.00 EUR, capture 1 balance 0.00, 2026-11-20 10:00:00`.
    pub(in crate::ingest) lines: Vec<String>,
    pub(in crate::ingest) rejected: Vec<RejectedRow>,
    pub(in crate::ingest) set_aside: Vec<(u32, String)>,
}

fn told(answer: NoStatus<'_>) -> String {
    let code = answer
        .http_status
        .map_or("no answer".to_owned(), |code| format!("HTTP {code}"));
    format!("{code}: {}", answer.words)
}

fn said(event: &ProviderEvent<'_>) -> String {
    match event.said {
        Said::Status {
            status,
            word,
            sub_status,
        } => {
            let status = status.map_or("unknown", |status| status.word());
            format!("{status} ({word}/{sub_status})")
        }
        Said::NotKnown(answer) => format!("not known ({})", told(answer)),
        Said::NotVerified(answer) => format!("not verified ({})", told(answer)),
        Said::Booking(booking) => format!(
            "{} {} balance {}{}",
            booking.action.word(),
            booking.sequence,
            booking.balance.display(event.currency),
            if booking.reminder_level.is_empty() {
                String::new()
            } else {
                format!(" level {}", booking.reminder_level)
            }
        ),
    }
}

impl ProviderEventSink for Notes {
    fn event(&mut self, event: &ProviderEvent<'_>) {
        let amount = event.amount.map_or_else(
            || "-".to_owned(),
            |amount| amount.display(event.currency).to_string(),
        );
        self.lines.push(format!(
            "{}: {}/{} #{} {amount} {}, {}, {}",
            event.line,
            event.provider,
            event.order_reference,
            event.transaction_id,
            event.currency,
            said(event),
            event.observed_at
        ));
    }

    fn rejected(&mut self, row: RejectedRow) {
        self.rejected.push(row);
    }

    fn set_aside(&mut self, line: u32, reason: &str) {
        self.set_aside.push((line, reason.to_owned()));
    }
}

/// What reading a file came to.
pub(in crate::ingest) type Outcome = Result<(RowCounts, Notes), Refusal>;

/// A reader of provider events.
pub(in crate::ingest) type Reader =
    fn(&OpenFile, EventOptions<'_>, &mut dyn ProviderEventSink) -> Result<RowCounts, Refusal>;

/// Reads some bytes in Paris, as the provider's own, under the built-in profile.
pub(in crate::ingest) fn read_with(reader: Reader, provider: &str, content: &[u8]) -> Outcome {
    let profile = Profile::resolve(PAYONE_STATUS, &[])?;
    let options = EventOptions {
        provider,
        profile: &profile,
        timezone: chrono_tz::Europe::Paris,
        mode: NotificationMode::Live,
        max_rejected_percent: 10,
    };
    read_under(reader, options, content)
}

/// Reads some bytes under given options.
pub(in crate::ingest) fn read_under(
    reader: Reader,
    options: EventOptions<'_>,
    content: &[u8],
) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, content).unwrap();
    let opened = OpenFile::open(&path, u64::MAX).unwrap();
    let mut notes = Notes::default();
    let counts = reader(&opened, options, &mut notes)?;
    let rejected = u64::try_from(notes.rejected.len()).unwrap();
    let kept = u64::try_from(notes.lines.len() + notes.set_aside.len()).unwrap();
    assert_eq!((counts.accepted, counts.rejected), (kept, rejected));
    assert_eq!(counts.rows, counts.accepted + counts.rejected);
    Ok((counts, notes))
}

/// The events of a file of which no row is rejected.
#[track_caller]
pub(in crate::ingest) fn lines_of(outcome: Outcome) -> Vec<String> {
    let (_, notes) = outcome.unwrap();
    assert_eq!(notes.rejected, []);
    notes.lines
}

/// Asserts that nothing of some words is in what is kept of rejected rows.
#[track_caller]
pub(in crate::ingest) fn assert_kept_out(rejected: &[RejectedRow], words: &[&str]) {
    for row in rejected {
        let kept = format!("{row:?}");
        for word in words {
            assert!(!kept.contains(word), "«{word}» in {kept}");
        }
    }
}
