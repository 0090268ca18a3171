//! A text that a bank cut into pieces of a fixed width, in the middle of words or between them.
//!
//! Nobody can tell from the pieces whether there was a blank at a cut. So keywords and references
//! are looked for in the text without any, and remittance text has one space at each cut, like
//! all lines of it: matching skips blanks inside a reference.

use std::ops::Range;

/// Pieces put together again.
#[derive(Clone, Debug, Default)]
pub(super) struct Pieces {
    text: String,
    /// Where a piece ends and another follows, ascending; with true when the piece was filled.
    cuts: Vec<(usize, bool)>,
    /// Characters of a full piece.
    width: usize,
    last_chars: usize,
}

impl Pieces {
    /// Nothing yet; pieces of `width` characters or more are full.
    pub(super) fn new(width: usize) -> Self {
        Self {
            width,
            ..Self::default()
        }
    }

    /// Pieces of a list of lines.
    pub(super) fn of(lines: &[String], width: usize) -> Self {
        let mut pieces = Self::new(width);
        for line in lines {
            pieces.push(line);
        }
        pieces
    }

    /// Adds a piece.
    pub(super) fn push(&mut self, piece: &str) {
        if !self.text.is_empty() {
            let is_full = self.last_chars >= self.width;
            self.cuts.push((self.text.len(), is_full));
        }
        self.text.push_str(piece);
        self.last_chars = piece.chars().count();
    }

    /// The text without blanks at the cuts.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// All of it.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.text.len()
    }

    /// True where a piece begins.
    pub(super) fn begins_piece(&self, at: usize) -> bool {
        at == 0 || self.cuts.iter().any(|(cut, _)| *cut == at)
    }

    /// A part of the text with one space at each cut and no other double ones.
    pub(super) fn spaced(&self, range: Range<usize>) -> String {
        let mut spaced = String::with_capacity(range.len().saturating_add(8));
        let mut from = range.start;
        let inside = self.cuts.iter().map(|(cut, _)| *cut);
        let inside = inside.filter(|cut| range.start < *cut && *cut < range.end);
        for end in inside.chain(std::iter::once(range.end)) {
            for word in self
                .text
                .get(from..end)
                .unwrap_or_default()
                .split_whitespace()
            {
                if !spaced.is_empty() {
                    spaced.push(' ');
                }
                spaced.push_str(word);
            }
            from = end;
        }
        spaced
    }

    /// A part of the text with a space where a piece was not full, for names.
    pub(super) fn joined(&self, range: Range<usize>) -> String {
        let mut joined = String::with_capacity(range.len());
        let mut from = range.start;
        for (cut, is_full) in &self.cuts {
            if range.start < *cut && *cut < range.end && !is_full {
                joined.push_str(self.text.get(from..*cut).unwrap_or_default());
                joined.push(' ');
                from = *cut;
            }
        }
        joined.push_str(self.text.get(from..range.end).unwrap_or_default());
        tidy(&joined)
    }

    /// Where a value that begins at `range.start` ends: a piece that is not full ends it, because
    /// nothing was cut there.
    pub(super) fn end_of_value(&self, range: &Range<usize>) -> usize {
        let inside = |cut: usize| range.start < cut && cut < range.end;
        let ends = self
            .cuts
            .iter()
            .find(|(cut, is_full)| inside(*cut) && !is_full);
        ends.map_or(range.end, |(cut, _)| *cut)
    }

    /// True when a value is more than one word: a blank, or a cut where nothing was full, stands
    /// inside it.
    pub(super) fn has_words(&self, range: &Range<usize>) -> bool {
        let end = self.end_of_value(range);
        let [first, rest] = [range.start..end, end..range.end]
            .map(|part| self.text.get(part).unwrap_or_default().trim());
        first.contains(char::is_whitespace) || (!first.is_empty() && !rest.is_empty())
    }
}

/// One space for each run of white space, and none at the ends.
pub(super) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
