//! `profile infer` and `ingest --anonymise`: looks at a file that nobody has described yet.

use std::path::Path;

use chrono_tz::Tz;

use super::RunError;
use crate::domain::file::InputKind;
use crate::ingest::open_file::OpenFile;
use crate::ingest::profile::built_in;
use crate::ingest::unforeseen::guarded;
use crate::ingest::{Refusal, infer, statements};

/// A `[[profile]]` for a table, as text with comments.
///
/// # Errors
/// When the file is no table, or does not tell what it holds.
pub fn infer(
    path: &Path,
    kind: Option<InputKind>,
    name: Option<&str>,
    timezone: Tz,
) -> Result<String, RunError> {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let said = |refusal: Refusal| RunError::Input(format!("{file} {}", refusal.reason));
    let opened = opened(path)?;
    let is_statement = statements::recognise(&opened);
    if let Some(format) =
        is_statement.filter(|_| kind.is_none_or(|it| it == InputKind::BankStatement))
    {
        return Err(said(Refusal::new(format!(
            "is {} and needs no profile",
            format.words()
        ))));
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = name.map_or_else(|| profile_name(&stem), str::to_owned);
    let proposal = guarded(|| infer::propose(&opened, kind, &name)).map_err(said)?;
    let rows = guarded(|| Ok(infer::trial(&opened, &proposal, timezone))).map_err(said)?;
    Ok(infer::written(&proposal, &file, &rows))
}

/// The header and two rows of a table whose letters and digits are masked, to be shown to somebody.
///
/// # Errors
/// When the file is no table.
pub fn anonymised(path: &Path) -> Result<String, RunError> {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let said = |refusal: Refusal| RunError::Input(format!("{file} {}", refusal.reason));
    let opened = opened(path)?;
    guarded(|| infer::masked(&opened)).map_err(said)
}

/// A file that a person names: any size will do, since only its beginning is looked at twice.
fn opened(path: &Path) -> Result<OpenFile, RunError> {
    let said = |reason: String| RunError::Input(format!("{} {reason}", path.display()));
    OpenFile::open(path, u64::MAX).map_err(|unread| said(unread.to_string()))
}

/// A name for a profile that is made of a file's name.
fn profile_name(stem: &str) -> String {
    let plain = |c: char| {
        let c = c.to_ascii_lowercase();
        if c.is_ascii_alphanumeric() { c } else { '-' }
    };
    let name: String = stem.chars().map(plain).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() {
        "ours".to_owned()
    } else if built_in(&name).is_some() {
        format!("our-{name}")
    } else {
        name
    }
}
