//! Texts that were resolved once, with gaps for what they name.
//!
//! A report may explain hundreds of thousands of discrepancies, in a few hundred texts that differ
//! in names and amounts alone. Fluent chooses among the variants of a text by what is unknown, by
//! counts, and by some words; where all of that is the same, so is everything around the gaps.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::{Fact, Texts};

/// Texts that are kept; a count makes a text of its own, and there may be many counts.
const KEPT_MAX: usize = 4_096;

/// Begins and ends the number of a gap while a text is resolved. No text and no count has them.
const GAP: [char; 2] = ['\u{1}', '\u{2}'];

/// A text with gaps.
#[derive(Debug)]
pub(super) struct Skeleton {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(String),
    /// The number of the fact that belongs there.
    Gap(usize),
}

/// Those of a language.
#[derive(Debug, Default)]
pub(super) struct Skeletons {
    kept: RwLock<HashMap<Vec<u8>, Arc<Skeleton>>>,
}

impl Skeletons {
    /// The text of a shape; `resolve` makes it when nobody has asked for it before.
    pub(super) fn get(&self, shape: Vec<u8>, resolve: impl FnOnce() -> String) -> Arc<Skeleton> {
        // Who panicked while writing left a map behind that is whole.
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(&shape) {
            return Arc::clone(known);
        }
        drop(kept);
        let skeleton = Arc::new(Skeleton::parse(&resolve()));
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT_MAX {
            kept.insert(shape, Arc::clone(&skeleton));
        }
        skeleton
    }
}

/// What chooses among the variants of a text: its key, and of each fact whether it is known, how
/// many it says there are, and its word where `chooses` says that variants go by it.
pub(super) fn shape(key: &str, facts: &[Fact<'_>], chooses: impl Fn(usize) -> bool) -> Vec<u8> {
    let mut shape = Vec::with_capacity(64);
    shape.extend_from_slice(key.as_bytes());
    for (number, fact) in facts.iter().enumerate() {
        match fact {
            Fact::Unknown => shape.push(0),
            Fact::Text(word) if chooses(number) => {
                shape.push(1);
                shape.extend_from_slice(word.as_bytes());
                shape.push(0);
            }
            Fact::Text(_) | Fact::Day(_) => shape.push(2),
            Fact::Count(count) => {
                shape.push(3);
                shape.extend_from_slice(&count.to_le_bytes());
            }
        }
    }
    shape
}

/// What stands for a fact while a text is resolved.
pub(super) fn gap(number: usize) -> String {
    let [begin, end] = GAP;
    format!("{begin}{number}{end}")
}

impl Skeleton {
    fn parse(resolved: &str) -> Self {
        let [begin, end] = GAP;
        let mut pieces = Vec::new();
        let mut rest = resolved;
        while let Some((text, behind)) = rest.split_once(begin) {
            pieces.push(Piece::Text(text.to_owned()));
            let (number, behind) = behind.split_once(end).unwrap_or((behind, ""));
            pieces.extend(number.parse().ok().map(Piece::Gap));
            rest = behind;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Self { pieces }
    }

    /// The text with its facts.
    pub(super) fn fill(&self, facts: &[Fact<'_>], texts: &Texts) -> String {
        let mut text = String::with_capacity(256);
        for piece in &self.pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Gap(number) => text.push_str(&written(facts.get(*number), texts)),
            }
        }
        text
    }
}

fn written<'f>(fact: Option<&'f Fact<'_>>, texts: &Texts) -> Cow<'f, str> {
    match fact {
        Some(Fact::Text(text)) => Cow::Borrowed(text),
        Some(Fact::Day(day)) => Cow::Owned(texts.day(*day)),
        Some(Fact::Count(count)) => Cow::Owned(texts.number(*count)),
        Some(Fact::Unknown) | None => Cow::Borrowed(""),
    }
}
