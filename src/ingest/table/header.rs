//! Headers: which columns a reader knows, and where a file has them.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::ingest::Refusal;

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
}

impl Columns<'_> {
    /// The header that a row of names is, if it is one.
    pub fn header(&self, names: &[String]) -> Option<Header> {
        let written: Vec<String> = names.iter().map(|name| comparable(name)).collect();
        let mut at = BTreeMap::new();
        for (canonical, aliases) in self.names {
            let mut found: Vec<usize> = Vec::new();
            for alias in std::iter::once(canonical)
                .chain(aliases)
                .map(|alias| comparable(alias))
            {
                let column = written.iter().position(|name| *name == alias);
                found.extend(column.filter(|column| !found.contains(column)));
            }
            if !found.is_empty() {
                at.insert(canonical.clone(), found);
            }
        }
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

    /// All names as written, in the file's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

/// A column name as it is compared: without case, spaces, underscores, hyphens and accents.
pub(in crate::ingest) fn comparable(name: &str) -> String {
    name.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '\u{feff}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_names_are_compared_without_case_spaces_hyphens_and_accents() {
        assert_eq!(comparable("Transfer_Id"), comparable("TRANSFER ID"));
        assert_eq!(comparable("Libellé"), comparable("libelle"));
        assert_eq!(
            comparable("Montant-financé "),
            comparable("montant financé")
        );
    }
}
