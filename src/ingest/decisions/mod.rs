//! What people decided about discrepancies, in a table: `report.xlsx` as finance sends it back, or
//! a CSV, XLSX or ODS with an id and a decision in each row.
//!
//! Rows may be sorted, filtered, moved to other sheets or left out, columns may stand anywhere: a
//! row is known by the id in it, a column by its name in any language of the reports. A row that
//! decides nothing is passed over without a look at its other cells.
//!
//! A table with the column `state` is taken for one that a report wrote. Its other columns then
//! are what the person saw when deciding ([`Shown`]), so that a decision about what is no longer
//! true can be told; in a table of another's making `assignee` and `note` are instructions.

mod shown;
#[cfg(test)]
mod tests;
mod wishes;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use super::open_file::OpenFile;
use super::profile::Profile;
use super::table::{Columns, Header, NextRow, Row, Table};
use super::unforeseen::guarded;
use super::{Refusal, RowError};
use crate::domain::decision::{Action, Request, Wish};
use shown::ShownColumns;
pub use shown::{Shown, ShownAmount, same_text};
use wishes::WishColumns;
pub use words::{Asked, asked, column_names, state};

/// Decisions of one file.
pub const DECISIONS_MAX: usize = 100_000;

/// Letters of a reason, a note or a name; a cell of a workbook has at most 32,767.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// The header stands at most so far down.
const HEADER_LINES: usize = 25;

/// Digits of a discrepancy's id.
const ID_DIGITS: usize = 12;

/// A row that asks for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedRow {
    /// The sheet, where several have decisions; else empty.
    pub sheet: String,
    /// One-based line of the file, or row of the sheet.
    pub line: u32,
    /// The discrepancy.
    pub id: String,
    /// What is to be done; no two are the same action.
    pub requests: Vec<Request>,
    /// Who decided, where the row says it; else empty.
    pub user: String,
    /// What the person saw; nothing in a table that no report wrote.
    pub shown: Shown,
}

/// A row that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The sheet, where several have decisions; else empty.
    pub sheet: String,
    /// One-based line of the file, or row of the sheet.
    pub line: u32,
    /// The id, as far as there is one.
    pub id: String,
    /// What is wrong.
    pub error: RowError,
}

/// The decisions of a file.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// Rows that ask for something, in the order of the file.
    pub rows: Vec<AskedRow>,
    /// Rows that cannot be understood.
    pub bad: Vec<BadRow>,
}

/// Reads the decisions of a file.
///
/// With `implied`, a table needs no column of decisions, and one that has it may ask for nothing
/// else; what it says holds for rows that have nothing of their own.
///
/// # Errors
/// When the file is no table of decisions: the end of a sentence that begins with its name.
pub fn read(path: &Path, implied: Option<&Request>) -> Result<Decisions, Refusal> {
    guarded(|| {
        let opened = OpenFile::open(path, u64::MAX);
        read_opened(
            &opened.map_err(|unread| Refusal::new(unread.reason))?,
            implied,
        )
    })
}

/// True for a table with ids and decisions.
pub fn is_table(opened: &OpenFile) -> bool {
    tables(opened, true).is_ok_and(|tables| !tables.is_empty())
}

/// The tables of a file that have ids, and where it is asked for decisions.
fn tables(opened: &OpenFile, with_decisions: bool) -> Result<Vec<(String, Table)>, Refusal> {
    let names = words::columns();
    let columns = Columns {
        names: &names,
        recognised_by: &[&["id"]],
        fixed: &BTreeMap::new(),
        header_lines: HEADER_LINES,
        currency_in_titles: false,
    };
    let mut tables = Table::open_all(opened, &Profile::default(), &columns)?;
    if with_decisions {
        // The workbook may have other sheets with ids, such as a copy without decisions.
        tables.retain(|(_, table)| table.header.column("decision").is_some());
    }
    Ok(tables)
}

/// The same of a file that is open.
///
/// # Errors
/// Likewise.
pub fn read_opened(opened: &OpenFile, implied: Option<&Request>) -> Result<Decisions, Refusal> {
    if let Some(damage) = &opened.survey().damage {
        return Err(Refusal::new(damage.clone()));
    }
    let tables = tables(opened, implied.is_none())?;
    if tables.is_empty() {
        let needed = match implied {
            Some(_) => "id",
            None => "id and Decision",
        };
        return Err(Refusal::new(format!(
            "has no table with the columns {needed}; give report.xlsx, or a table with such a \
             header"
        )));
    }
    let several = tables.len() > 1;
    let mut decisions = Decisions::default();
    for (name, mut table) in tables {
        let sheet = if several { name } else { String::new() };
        Reader::new(&table.header, implied, sheet).read(&mut table, &mut decisions)?;
    }
    Ok(decisions)
}

/// Where the columns of one table are.
struct Reader<'r> {
    implied: Option<&'r Request>,
    sheet: String,
    names: ColumnNames,
    id: Option<usize>,
    decision: Option<usize>,
    reason: Option<usize>,
    /// Instructions; `None` where the column only shows what is.
    assignee: Option<usize>,
    note: Option<usize>,
    user: Option<usize>,
    wishes: WishColumns,
    shown: ShownColumns,
}

/// Names as the header writes them, for errors.
struct ColumnNames {
    id: String,
    decision: String,
    reason: String,
    assignee: String,
    note: String,
}

/// The instructions of a row, before it is known whether they go together.
struct Cells {
    decision: String,
    reason: String,
    assignee: String,
    note: String,
    wish: Result<Wish, RowError>,
}

impl<'r> Reader<'r> {
    fn new(header: &Header, implied: Option<&'r Request>, sheet: String) -> Self {
        let column = |name| header.column(name);
        let is_reports = column("state").is_some();
        let instruction = |name| column(name).filter(|_| !is_reports);
        let name = |canonical| header.name(canonical).trim().to_owned();
        Self {
            implied,
            sheet,
            names: ColumnNames {
                id: name("id"),
                decision: name("decision"),
                reason: name("reason"),
                assignee: name("assignee"),
                note: name("note"),
            },
            id: column("id"),
            decision: column("decision"),
            reason: column("reason"),
            assignee: instruction("assignee"),
            note: instruction("note"),
            user: column("user"),
            wishes: WishColumns::new(header, is_reports),
            shown: ShownColumns::new(header, is_reports),
        }
    }

    fn read(&self, table: &mut Table, into: &mut Decisions) -> Result<(), Refusal> {
        let mut row = Row::default();
        loop {
            match table.next_row(&mut row)? {
                NextRow::End => return Ok(()),
                NextRow::Row => self.take(&row, into),
                NextRow::Bad { line, reason, .. } => {
                    let error = RowError::new("", "", reason);
                    into.bad.push(self.bad(line, String::new(), error));
                }
            }
            if into.rows.len().saturating_add(into.bad.len()) > DECISIONS_MAX {
                return Err(Refusal::new(format!(
                    "has more than {DECISIONS_MAX} decisions; cut it into several files"
                )));
            }
        }
    }

    fn bad(&self, line: u32, id: String, error: RowError) -> BadRow {
        BadRow {
            sheet: self.sheet.clone(),
            line,
            id,
            error,
        }
    }

    fn take(&self, row: &Row, into: &mut Decisions) {
        let text = |column| words::unescaped(row.text(column)).trim().to_owned();
        let cells = Cells {
            decision: text(self.decision),
            reason: text(self.reason),
            assignee: text(self.assignee),
            note: text(self.note),
            wish: self.wishes.of(row),
        };
        let raw_id = text(self.id);
        let idle = [&cells.decision, &cells.reason, &cells.assignee, &cells.note]
            .into_iter()
            .all(String::is_empty);
        // A table that is nothing but a list of ids asks for all of them.
        let asks_by_id = self.decision.is_none() && self.implied.is_some() && !raw_id.is_empty();
        if idle && !asks_by_id {
            return;
        }
        let understood = words::id(&raw_id, ID_DIGITS)
            .ok_or_else(|| self.no_id(&raw_id))
            .and_then(|id| Ok((id, self.requests(cells)?)));
        match understood {
            Ok((id, requests)) => into.rows.push(AskedRow {
                sheet: self.sheet.clone(),
                line: row.line,
                id,
                requests,
                user: text(self.user),
                shown: self.shown.of(row),
            }),
            Err(error) => into.bad.push(self.bad(row.line, raw_id, error)),
        }
    }

    fn no_id(&self, raw: &str) -> RowError {
        let remedy = "copy it again from a report, into a cell that is formatted as text";
        let reason = if raw.is_empty() {
            format!("there is no id, so the decision is about nothing; {remedy}")
        } else {
            format!("«{raw}» is no id of {ID_DIGITS} hex digits; {remedy}")
        };
        RowError::new(&self.names.id, raw, reason)
    }

    /// What a row asks for.
    fn requests(&self, mut cells: Cells) -> Result<Vec<Request>, RowError> {
        let names = &self.names;
        let mut requests: Vec<Request> = Vec::new();
        if let Some(asked) = self.decided(&cells)? {
            requests.push(self.request(asked, &mut cells)?);
        } else if !cells.reason.is_empty() {
            let (reason, words) = (&cells.reason, words::CHOICE);
            let problem =
                format!("«{reason}» stands beside no decision; choose {words}, or empty it");
            return Err(RowError::new(&names.reason, reason, problem));
        }
        // Who is given something reads why.
        for (action, content) in [
            (Action::Assign, cells.assignee),
            (Action::Note, cells.note),
            (Action::Note, cells.reason),
        ] {
            let is_known = |it: &Request| it.action == action && it.content == content;
            if content.is_empty() || requests.iter().any(is_known) {
                continue;
            }
            if requests.iter().any(|known| known.action == action) {
                let problem = format!("«{content}» is a second {}; leave one", action.word());
                return Err(RowError::new(&names.note, &content, problem));
            }
            requests.push(Request {
                action,
                content: self.checked(action, content)?,
                wish: Wish::default(),
            });
        }
        Ok(requests)
    }

    /// What the decision of a row asks for; takes its reason out of the cells.
    fn request(&self, asked: Asked, cells: &mut Cells) -> Result<Request, RowError> {
        let Asked { action, text } = asked;
        let (inline, mut wish) = if wishes::may_wish(action) {
            let wish = std::mem::replace(&mut cells.wish, Ok(Wish::default()))?;
            let error = |problem| RowError::new(&self.names.decision, &cells.decision, problem);
            (
                String::new(),
                wishes::with_text(wish, action, &text).map_err(error)?,
            )
        } else {
            (text, Wish::default())
        };
        let own = match action {
            Action::Assign => &cells.assignee,
            Action::Note => &cells.note,
            Action::Accept
            | Action::WriteOff
            | Action::Reopen
            | Action::Lapse
            | Action::Link
            | Action::Unlink
            | Action::Snooze
            | Action::Approve
            | Action::Reject => "",
        };
        let mut content = self.one_of(action, &inline, own)?;
        if content.is_empty() {
            content = std::mem::take(&mut cells.reason);
        } else if action != Action::Assign && !cells.reason.is_empty() {
            let reason = &cells.reason;
            let problem = "says something else than the text of the decision; leave one of them";
            let problem = format!("«{reason}» {problem}");
            return Err(RowError::new(&self.names.reason, reason, problem));
        }
        if let Some(implied) = self.implied {
            if content.is_empty() {
                content.clone_from(&implied.content);
            }
            if wish == Wish::default() {
                wish = implied.wish.clone();
            }
        }
        Ok(Request {
            action,
            content: self.checked(action, content)?,
            wish,
        })
    }

    /// The word of the decision column, else what the command implies.
    fn decided(&self, cells: &Cells) -> Result<Option<Asked>, RowError> {
        let column = &self.names.decision;
        let error = |reason| RowError::new(column, &cells.decision, reason);
        if self.decision.is_none() {
            let implied = self.implied.map(|implied| Asked {
                action: implied.action,
                text: String::new(),
            });
            return Ok(implied);
        }
        if cells.decision.is_empty() {
            return Ok(None);
        }
        let asked = words::asked(&cells.decision).ok_or_else(|| {
            let (found, words) = (&cells.decision, words::CHOICE);
            error(format!(
                "«{found}» is no decision; choose {words}, or empty it"
            ))
        })?;
        match self.implied {
            Some(implied) if implied.action != asked.action => Err(error(format!(
                "«{}» is another decision than the command's, {}; \
                 `crp-recon decisions import` takes rows of every kind",
                cells.decision,
                implied.action.word()
            ))),
            _ => Ok(Some(asked)),
        }
    }

    /// The text behind the word of the decision, or in the column that is made for it.
    fn one_of(&self, action: Action, inline: &str, own: &str) -> Result<String, RowError> {
        if !inline.is_empty() && !own.is_empty() && inline != own {
            let column = match action {
                Action::Assign => &self.names.assignee,
                Action::Note
                | Action::Accept
                | Action::WriteOff
                | Action::Reopen
                | Action::Lapse
                | Action::Link
                | Action::Unlink
                | Action::Snooze
                | Action::Approve
                | Action::Reject => &self.names.note,
            };
            let problem = format!("«{own}» contradicts «{inline}» in the decision; leave one");
            return Err(RowError::new(column, own, problem));
        }
        Ok(if inline.is_empty() { own } else { inline }.to_owned())
    }

    /// The reason, note or name as it may be stored.
    fn checked(&self, action: Action, content: String) -> Result<String, RowError> {
        let error = |problem: String| RowError::new(&self.names.reason, &content, problem);
        if content.chars().count() > TEXT_CHARS_MAX {
            let problem = format!("the text has more than {TEXT_CHARS_MAX} letters; shorten it");
            return Err(error(problem));
        }
        if content.is_empty() {
            let missing = if action == Action::Note {
                "there is no text to note; write it here".to_owned()
            } else if action == Action::Assign {
                "nobody is named to assign it to; write the name here".to_owned()
            } else if action.needs_reason() {
                let word = action.word();
                format!("to {word} needs a reason, for whoever asks in a year; write it here")
            } else {
                return Ok(content);
            };
            return Err(error(missing));
        }
        if action == Action::Assign && content.chars().any(char::is_control) {
            return Err(error(format!(
                "«{content}» has several lines; a name has one"
            )));
        }
        Ok(content)
    }
}
