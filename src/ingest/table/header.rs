//! Headers: which columns a reader knows, and where a file has them.

use std::collections::BTreeMap;

use crate::domain::file::bounded;
use crate::ingest::Refusal;
use crate::ingest::profile::Profile;
use crate::ingest::words::{comparable, folds_to, without_currency};

/// The names under which a reader knows its columns.
#[derive(Clone, Debug)]
pub struct Columns<'a> {
    /// Canonical name to the names a header may use, in the reader's order of preference.
    pub names: &'a BTreeMap<String, Vec<String>>,
    /// Sets of canonical names: a row that has all of one set is a header.
    pub recognised_by: &'a [&'a [&'a str]],
    /// Canonical names that the profile fixes: no header needs them.
    pub fixed: &'a BTreeMap<String, String>,
    /// Among how many lines or rows the header is looked for, blank ones counted.
    pub header_lines: usize,
    /// True where a title may name its currency: `Betrag (EUR)` is `Betrag` then.
    pub currency_in_titles: bool,
}

impl<'a> Columns<'a> {
    /// The columns of a profile, and what makes a row of names a header.
    pub(in crate::ingest) fn of(profile: &'a Profile, recognised_by: &'a [&'a [&'a str]]) -> Self {
        Self {
            names: &profile.columns,
            recognised_by,
            fixed: &profile.fixed,
            header_lines: profile.header_within(),
            currency_in_titles: false,
        }
    }

    /// The header that a row of names is, if it is one.
    pub fn header(&self, names: &[String]) -> Option<Header> {
        let at = self.places(names);
        let known = self.recognised_by.iter().any(|set| {
            set.iter()
                .all(|name| at.contains_key(*name) || self.fixed.contains_key(*name))
        });
        known.then(|| Header {
            width: names.len(),
            said_by: HEADER,
            is_loose: false,
            names: names.to_vec(),
            at,
        })
    }

    /// Where a row of names has the columns that are known, in the order of their aliases.
    fn places(&self, names: &[String]) -> BTreeMap<String, Vec<usize>> {
        let written: Vec<String> = names.iter().map(|name| comparable(name)).collect();
        let mut at = BTreeMap::new();
        for (canonical, aliases) in self.names {
            let mut found: Vec<usize> = Vec::new();
            for alias in std::iter::once(canonical).chain(aliases) {
                let column = written.iter().position(|name| folds_to(alias, name));
                found.extend(column.filter(|column| !found.contains(column)));
            }
            if found.is_empty() && self.currency_in_titles {
                found.extend(only_with_currency(names, canonical, aliases));
            }
            if !found.is_empty() {
                at.insert(canonical.clone(), found);
            }
        }
        at
    }

    /// What a header must have, for errors.
    pub fn expected(&self) -> String {
        let first = self.recognised_by.first().copied().unwrap_or_default();
        let preferred = |canonical: &&str| {
            let aliases = self.names.get(*canonical);
            aliases
                .and_then(|aliases| aliases.first())
                .map_or(*canonical, String::as_str)
                .to_owned()
        };
        first.iter().map(preferred).collect::<Vec<_>>().join(", ")
    }
}

/// The column that is called as an alias with a currency behind it; none where two are, since
/// nobody can tell which one counts.
fn only_with_currency(names: &[String], canonical: &str, aliases: &[String]) -> Option<usize> {
    let is_known = |bare: &str| {
        let bare = comparable(bare);
        folds_to(canonical, &bare) || aliases.iter().any(|alias| folds_to(alias, &bare))
    };
    let mut found = names
        .iter()
        .enumerate()
        .filter(|(_, name)| without_currency(name).is_some_and(|(bare, _)| is_known(&bare)));
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

/// Looks for a header among the first rows of a file, and remembers which one looked most like it.
#[derive(Debug, Default)]
pub(super) struct HeaderSearch {
    likeliest: Option<Likeliest>,
    /// The first row that has a value, as it is written.
    first: Option<String>,
    /// The row before, for the one that is as wide as the rows below it.
    before: Option<(usize, String, usize)>,
    /// The first row all of whose fields are filled and whose next row has as many fields.
    widest: Option<(usize, String)>,
}

/// The row that knows most names.
#[derive(Debug)]
struct Likeliest {
    line: usize,
    raw: String,
    known: Vec<String>,
}

impl HeaderSearch {
    /// Notes a row that is no header.
    pub(super) fn passed(
        &mut self,
        line: usize,
        names: &[String],
        raw: &str,
        columns: &Columns<'_>,
    ) {
        let known: Vec<String> = columns
            .places(names)
            .values()
            .filter_map(|at| names.get(*at.first()?).cloned())
            .collect();
        let most = self.likeliest.as_ref().map_or(0, |found| found.known.len());
        if known.len() > most {
            self.likeliest = Some(Likeliest {
                line,
                raw: raw.to_owned(),
                known,
            });
        }
        if !raw.trim().is_empty() {
            self.first.get_or_insert_with(|| raw.trim().to_owned());
        }
        let filled = names.iter().filter(|name| !name.trim().is_empty()).count();
        if let Some((line, raw, fields)) = self.before.take()
            && self.widest.is_none()
            && fields == names.len()
        {
            self.widest = Some((line, raw));
        }
        if filled > 1 && filled == names.len() {
            self.before = Some((line, raw.to_owned(), filled));
        }
    }

    /// What to say of a file without a header, and what to do; `begins` says of what.
    pub(super) fn refusal(self, begins: &str, columns: &Columns<'_>) -> Refusal {
        let place = match (self.likeliest, self.widest) {
            // One known name may be chance; a line of data has none.
            (Some(found), _) if found.known.len() > 1 => Some((
                format!("line {} has most known names", found.line),
                found.raw,
            )),
            (_, Some((line, raw))) => Some((format!("line {line} looks like one"), raw)),
            (Some(found), None) => Some((
                format!("line {} has the only known name", found.line),
                found.raw,
            )),
            (None, None) => None,
        };
        let (place, raw) = match place {
            Some((place, raw)) => (format!("{place}: "), raw),
            None => (String::new(), self.first.unwrap_or_default()),
        };
        Refusal::new(format!(
            "{begins}: {place}found «{}», expected the columns {}; name \
             the file's own columns in a [[profile]], `profile infer` proposes one",
            bounded(&raw, 200),
            columns.expected()
        ))
    }
}

/// How errors call a header that stands in the file.
const HEADER: &str = "the header";

/// The columns of a layout whose files have no header.
#[derive(Clone, Copy, Debug)]
pub struct Positions<'a> {
    /// Canonical name and documented name of each column, in order.
    pub columns: &'a [(&'a str, &'a str)],
    /// What the first column of every row holds.
    pub first: &'a str,
}

/// A header as it stands in a file.
#[derive(Clone, Debug)]
pub struct Header {
    /// How many columns there are.
    pub width: usize,
    /// Who says so: the file's own header, or the documentation of its layout.
    pub(super) said_by: &'static str,
    /// True where rows name their values themselves, so that any column may be absent.
    pub is_loose: bool,
    names: Vec<String>,
    at: BTreeMap<String, Vec<usize>>,
}

impl Header {
    /// A header whose columns are the reader's own, for formats that name every value.
    pub(super) fn canonical(names: &BTreeMap<String, Vec<String>>) -> Self {
        Self {
            width: names.len(),
            said_by: HEADER,
            is_loose: true,
            names: names.keys().cloned().collect(),
            at: names
                .keys()
                .cloned()
                .zip((0..).map(|column| vec![column]))
                .collect(),
        }
    }

    /// The columns of a layout whose files have no header.
    pub(super) fn documented(positions: Positions<'_>) -> Self {
        let columns = positions.columns.iter();
        Self {
            width: positions.columns.len(),
            said_by: "the layout",
            is_loose: false,
            names: columns
                .clone()
                .map(|(_, name)| (*name).to_owned())
                .collect(),
            at: columns
                .zip(0..)
                .map(|((canonical, _), at)| ((*canonical).to_owned(), vec![at]))
                .collect(),
        }
    }

    /// Where a canonical column is.
    pub fn column(&self, canonical: &str) -> Option<usize> {
        self.columns(canonical).first().copied()
    }

    /// Where all the columns that a canonical name stands for are, in the order of its aliases.
    pub fn columns(&self, canonical: &str) -> &[usize] {
        self.at.get(canonical).map_or(&[], Vec::as_slice)
    }

    /// The name that the file gives a canonical column; the canonical one where it is absent.
    pub fn name<'a>(&'a self, canonical: &'a str) -> &'a str {
        let written = self
            .column(canonical)
            .and_then(|column| self.names.get(column));
        written.map_or(canonical, String::as_str)
    }

    /// Where the columns are that no canonical name stands for.
    pub fn unknown(&self) -> Vec<usize> {
        let is_known = |column: &usize| self.at.values().flatten().any(|known| known == column);
        (0..self.width).filter(|column| !is_known(column)).collect()
    }

    /// Refuses a header in which a known column stands twice: nobody can tell which one counts.
    ///
    /// # Errors
    /// Names the column.
    pub(in crate::ingest) fn check_unambiguous(&self) -> Result<(), Refusal> {
        for known in self.at.values().flatten() {
            let name = self.names.get(*known).map_or("", String::as_str);
            let same = |other: &&String| comparable(other) == comparable(name);
            if self.names.iter().filter(same).count() > 1 {
                return Err(Refusal::new(format!(
                    "has more than one column «{name}», and nobody can tell which one counts; \
                     ask for the file again"
                )));
            }
        }
        Ok(())
    }

    /// The columns that are known, each with the file's own name, in the order of the file.
    pub fn used(&self) -> Vec<(&str, &str)> {
        let mut used: Vec<(usize, &str)> = self
            .at
            .iter()
            .flat_map(|(canonical, at)| at.iter().map(|at| (*at, canonical.as_str())))
            .collect();
        used.sort_unstable();
        used.into_iter()
            .filter_map(|(at, canonical)| Some((canonical, self.names.get(at)?.as_str())))
            .collect()
    }

    /// All names as written, in the file's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}
