//! What a decision says besides its reason: the order, payout or bank entry that something is linked
//! to, the account that a difference is booked on, the day until which it is put aside.
//!
//! A table of decisions has columns for it, named as the options of the command line. A report's
//! own table shows what is in columns of such names, so there it stands behind the word of the
//! decision: `link: order WEB-1042`, `write-off: 658000`, `snooze: 2026-12-24`.

use chrono::NaiveDate;

use super::shown::DAYS;
use super::words::unescaped;
use crate::domain::decision::{Action, Wish};
use crate::ingest::RowError;
use crate::ingest::cells::{Cell, DayReader};
use crate::ingest::table::{Header, Row};
use crate::ingest::words::comparable;

/// What separates several entries in a cell.
const BETWEEN_ENTRIES: [char; 2] = [';', '\n'];

/// True for decisions that say something besides their reason.
pub(super) fn may_wish(action: Action) -> bool {
    matches!(action, Action::Link | Action::WriteOff | Action::Snooze)
}

/// Where a table of decisions has it.
pub(super) struct WishColumns {
    order: Option<usize>,
    payout: Option<usize>,
    entry: Option<usize>,
    account: Option<usize>,
    write_off: Option<usize>,
    until: Option<usize>,
    until_name: String,
}

impl WishColumns {
    pub(super) fn new(header: &Header, is_reports: bool) -> Self {
        let column = |name| header.column(name).filter(|_| !is_reports);
        Self {
            order: column("order"),
            payout: column("payout"),
            entry: column("entry"),
            account: column("account"),
            write_off: column("write_off"),
            until: column("until"),
            until_name: header.name("until").trim().to_owned(),
        }
    }

    /// What a row says.
    pub(super) fn of(&self, row: &Row) -> Result<Wish, RowError> {
        let text = |column: Option<usize>| {
            let text = unescaped(row.text(column));
            text.strip_prefix('\'').unwrap_or(&text).trim().to_owned()
        };
        let account = text(self.write_off);
        let until = match self.until {
            Some(column) if !row.text(Some(column)).trim().is_empty() => {
                let cell = row.cell(Some(column));
                let read = day(cell);
                let error = || {
                    let problem = format!("«{}» is no day, such as 2026-12-24", cell.text);
                    RowError::new(&self.until_name, cell.text, problem)
                };
                Some(read.ok_or_else(error)?)
            }
            Some(_) | None => None,
        };
        Ok(Wish {
            order: text(self.order),
            payout: text(self.payout),
            entries: entries(&text(self.entry)),
            account: if account.is_empty() {
                text(self.account)
            } else {
                account
            },
            until,
        })
    }
}

fn day(cell: Cell<'_>) -> Option<NaiveDate> {
    DayReader::new(DAYS.map(str::to_owned).to_vec()).day(cell)
}

fn entries(text: &str) -> Vec<String> {
    let all = text.split(BETWEEN_ENTRIES).map(str::trim);
    all.filter(|entry| !entry.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A wish with what stands behind the word of the decision.
///
/// # Errors
/// What of it cannot be understood, as a sentence.
pub(super) fn with_text(mut wish: Wish, action: Action, text: &str) -> Result<Wish, String> {
    if text.is_empty() {
        return Ok(wish);
    }
    if action == Action::WriteOff {
        text.clone_into(&mut wish.account);
    } else if action == Action::Snooze {
        let read = day(Cell { text, typed: false });
        wish.until = Some(read.ok_or_else(|| format!("«{text}» is no day, such as 2026-12-24"))?);
    } else {
        for part in text
            .split([';', ',', '\n'])
            .map(str::trim)
            .filter(|it| !it.is_empty())
        {
            let (word, value) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
            let value = value.trim().to_owned();
            match comparable(word).as_str() {
                _ if value.is_empty() => return Err(not_understood(part)),
                "order" | "commande" | "bestellung" | "auftrag" => wish.order = value,
                "payout" | "versement" | "auszahlung" => wish.payout = value,
                "entry" | "mouvement" | "buchung" => wish.entries.push(value),
                "writeoff" | "solder" | "ausbuchen" => wish.account = value,
                _ => return Err(not_understood(part)),
            }
        }
    }
    Ok(wish)
}

fn not_understood(part: &str) -> String {
    format!(
        "«{part}» names nothing to link to; write order, payout, entry or write-off with what is \
         meant behind it, such as «link: order WEB-1042»"
    )
}
