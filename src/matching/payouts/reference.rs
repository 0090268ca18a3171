//! Finds payout references in what a bank wrote.
//!
//! A reference is found as a whole token: case ignored, not inside a longer run of letters or
//! digits. Banks break remittance text into lines, so blanks inside a longer reference are
//! skipped. Every text is therefore read as its *marks*: its characters in lower case without the
//! blanks, each remembering whether a blank stood before it and whether a token may begin or end
//! there. References are marks too, found by hash at each place where a token may begin; so the
//! time goes with the length of the texts, not with the number of payouts.

use std::collections::HashMap;

use super::open_items::OpenPayout;
use crate::domain::order::normal_reference;
use crate::domain::payout::BankEntry;

/// A shorter reference is not searched: it would be found everywhere.
const REFERENCE_CHARS_MIN: usize = 4;

/// From this length on, blanks that a bank put inside a reference are skipped.
const BROKEN_REFERENCE_CHARS_MIN: usize = 6;

/// One character of a text that is no blank, in lower case.
#[derive(Clone, Copy)]
struct Mark {
    lower: char,
    /// A blank stands right before it.
    after_blank: bool,
    /// No letter or digit stands right before it.
    opens_token: bool,
    /// No letter or digit stands right after it.
    closes_token: bool,
}

/// A text without its blanks. One character may be several marks in lower case (`İ`): then only
/// the first of them opens and only the last one closes.
fn marks(text: &str) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::with_capacity(text.len());
    let mut before: Option<char> = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if !character.is_whitespace() {
            let opens_token = !before.is_some_and(char::is_alphanumeric);
            let closes_token = !characters.peek().is_some_and(|next| next.is_alphanumeric());
            let mut lower = character.to_lowercase().peekable();
            let mut is_first = true;
            while let Some(letter) = lower.next() {
                marks.push(Mark {
                    lower: letter,
                    after_blank: is_first && before.is_some_and(char::is_whitespace),
                    opens_token: is_first && opens_token,
                    closes_token: lower.peek().is_none() && closes_token,
                });
                is_first = false;
            }
        }
        before = Some(character);
    }
    marks
}

/// A payout's reference as it is searched.
struct Needle<'s, 'a> {
    payout: &'s OpenPayout<'a>,
    marks: Vec<Mark>,
    /// Whether the bank may have put blanks inside it.
    may_be_broken: bool,
}

impl Needle<'_, '_> {
    /// True when `found`, whose letters are this needle's, is it: a whole token, with blanks only
    /// where they may be.
    fn is(&self, found: &[Mark]) -> bool {
        let whole = found.first().is_some_and(|mark| mark.opens_token)
            && found.last().is_some_and(|mark| mark.closes_token);
        let mut inside = self.marks.iter().zip(found).skip(1);
        whole
            && inside.all(|(own, found)| {
                own.after_blank == found.after_blank || (self.may_be_broken && !own.after_blank)
            })
    }
}

/// The references of payouts, to be found in the texts of many entries.
pub(super) struct ReferenceIndex<'s, 'a> {
    /// By their letters without blanks.
    needles: HashMap<String, Vec<Needle<'s, 'a>>>,
    /// How many letters the references have that begin with these two, ascending.
    lengths: HashMap<(char, char), Vec<usize>>,
}

impl<'s, 'a> ReferenceIndex<'s, 'a> {
    pub(super) fn new(payouts: &[&'s OpenPayout<'a>]) -> Self {
        let mut index = Self {
            needles: HashMap::new(),
            lengths: HashMap::new(),
        };
        for &payout in payouts {
            index.add(payout);
        }
        index
    }

    fn add(&mut self, payout: &'s OpenPayout<'a>) {
        let reference = normal_reference(&payout.payout.reference);
        let length = reference.chars().count();
        let marks = marks(reference);
        let (Some(first), Some(second)) = (marks.first(), marks.get(1)) else {
            return;
        };
        if length < REFERENCE_CHARS_MIN {
            return;
        }
        let lengths = self.lengths.entry((first.lower, second.lower)).or_default();
        if let Err(place) = lengths.binary_search(&marks.len()) {
            lengths.insert(place, marks.len());
        }
        let letters = marks.iter().map(|mark| mark.lower).collect();
        self.needles.entry(letters).or_default().push(Needle {
            payout,
            marks,
            may_be_broken: length >= BROKEN_REFERENCE_CHARS_MIN,
        });
    }

    /// The payouts whose reference an entry names and that admit the entry, each once, in order.
    pub(super) fn named_by(&self, entry: &BankEntry) -> Vec<&'s OpenPayout<'a>> {
        let mut named = Vec::new();
        if !self.needles.is_empty() {
            for text in entry.references.iter().chain([&entry.remittance]) {
                self.search(text, &mut named);
            }
        }
        named.retain(|payout| payout.admits(entry));
        named.sort_by_key(|payout| payout.number);
        named.dedup_by_key(|payout| payout.number);
        named
    }

    fn search(&self, text: &str, named: &mut Vec<&'s OpenPayout<'a>>) {
        let text = marks(text);
        let mut letters = String::new();
        for (start, pair) in text.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            if !first.opens_token {
                continue;
            }
            let lengths = self.lengths.get(&(first.lower, second.lower));
            for length in lengths.into_iter().flatten() {
                let Some(found) = text.get(start..start.saturating_add(*length)) else {
                    break;
                };
                letters.clear();
                letters.extend(found.iter().map(|mark| mark.lower));
                let needles = self.needles.get(&letters).into_iter().flatten();
                named.extend(needles.filter(|it| it.is(found)).map(|it| it.payout));
            }
        }
    }
}
