//! Saved answers of Oney's purchase status.
//!
//! Oney has no file of this; `verify` asks its API and writes down each answer with the time it
//! was asked, one JSON object a line, as if a person had dropped the file. So what was known in a
//! night can be read again without the network. The format is ours (`docs/inputs.md` shows it),
//! and lenient enough for whoever logs answers by other means:
//!
//! ```json
//! {"asked_at":"2026-11-20T02:10:11Z","order_reference":"WEB-1","http_status":200,"answer":{…}}
//! ```
//!
//! | answer | becomes |
//! |---|---|
//! | 200 with a status | a status event |
//! | 404 with `ERR_09` | the event that Oney does not know the order |
//! | any other | the event that the order could not be verified, with what Oney complains of |
//!
//! [`saved`] makes an event of a line; what Oney's bodies mean is read by
//! [`answers::oney`](crate::answers::oney), for whoever talks to the API as well.
//!
//! Sources: Oney, "Get status" and "Error Handling".

mod saved;

use std::io::BufReader;

use super::open_file::OpenFile;
use super::provider_events::saved::SavedAnswer;
use super::provider_events::{EventOptions, ProviderEventSink, Tally};
use super::table::read_line;
use super::{Refusal, RowCounts, RowError};
use saved::{AnswerReader, names, shown};

/// Among how many lines one has to look like a saved answer: the first ones may be damaged.
const LINES_TO_RECOGNISE: usize = 50;

/// Stands for a line that is no object.
const WITHHELD: &str = "(not kept: it may hold personal data; open the file to see the line)";

/// True when a file begins like saved answers.
pub fn is_saved_answers(opened: &OpenFile) -> bool {
    let head = opened.survey().head_text();
    head.lines()
        .take(LINES_TO_RECOGNISE)
        .any(saved::looks_like_saved_answer)
}

/// Reads saved answers.
///
/// # Errors
/// The whole file is refused: no line is a saved answer, too many bad rows, or it cannot be read
/// to its end.
pub fn read(
    opened: &OpenFile,
    options: EventOptions<'_>,
    sink: &mut dyn ProviderEventSink,
) -> Result<RowCounts, Refusal> {
    if !is_saved_answers(opened) {
        return Err(Refusal::new(
            "holds no saved answers of Oney: expected one JSON object a line with asked_at, \
             order_reference, http_status and answer",
        ));
    }
    let mut input = BufReader::new(opened.text(None));
    let reader = AnswerReader::new(options);
    let mut tally = Tally::new(sink);
    let mut bytes = Vec::new();
    let mut line = 0_u32;
    loop {
        bytes.clear();
        if read_line(&mut input, &mut bytes)? == 0 {
            return tally.finish(options.max_rejected_percent);
        }
        line = line.saturating_add(1);
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let Some(saved) = SavedAnswer::from_line(text) else {
            let reason = "the line is no JSON object; ask again, or ask for the file again";
            tally.reject(RowError::new("", "", reason).at(line, WITHHELD));
            continue;
        };
        match reader.read(&saved, line) {
            Ok(event) => tally.event(&event.as_event()),
            Err(error) => tally.reject(error.at(line, &shown(&saved)).naming(names(&saved))),
        }
    }
}

#[cfg(test)]
mod tests;
