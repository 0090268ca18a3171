//! Finds payout references in what a bank wrote.
//!
//! A reference is found as a whole token: case ignored, not inside a longer run of letters or
//! digits. Banks break remittance text into lines, so blanks inside a longer reference are
//! skipped. Every text is therefore read as its *marks*: its characters in lower case without the
//! blanks, each remembering whether a blank stood before it and whether a token may begin or end
//! there. References are marks too, found by hash at each place where a token may begin; so the
//! time goes with the length of the texts, not with the number of payouts.
//!
//! Where the bank broke a reference in two, each half looks like a token. A half that is another
//! payout's reference does not name that payout: with the blank skipped, it stands inside the
//! longer run.

use std::cmp::Reverse;
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
    /// Whether the bank broke `found`, whose letters are this needle's; `None` when it is not the
    /// needle: no whole token, or with blanks where they may not be.
    fn is_broken(&self, found: &[Mark]) -> Option<bool> {
        let whole = found.first().is_some_and(|mark| mark.opens_token)
            && found.last().is_some_and(|mark| mark.closes_token);
        let mut inside = self.marks.iter().zip(found).skip(1);
        let mut is_broken = false;
        let as_written = inside.all(|(own, found)| {
            let is_added = found.after_blank && !own.after_blank;
            is_broken |= is_added;
            own.after_blank == found.after_blank || (self.may_be_broken && is_added)
        });
        (whole && as_written).then_some(is_broken)
    }
}

/// A place in a text at which a payout is named.
struct Place<'s, 'a> {
    payout: &'s OpenPayout<'a>,
    start: usize,
    end: usize,
    /// The bank put a blank inside.
    is_broken: bool,
}

/// The payouts named at these places, but for those that only stand inside a broken reference.
fn outside_of_broken<'s, 'a>(
    mut places: Vec<Place<'s, 'a>>,
) -> impl Iterator<Item = &'s OpenPayout<'a>> {
    places.sort_by_key(|place| (place.start, Reverse(place.end)));
    // How far the broken references reach that begin no later, and are longer where they begin at
    // the same place.
    let mut reach = 0;
    for range in places.chunk_by_mut(|one, next| (one.start, one.end) == (next.start, next.end)) {
        let end = range.first().map_or(0, |place| place.end);
        let is_broken = range.iter().any(|place| place.is_broken);
        if end <= reach {
            for place in range.iter_mut() {
                place.end = place.start;
            }
        } else if is_broken {
            reach = end;
        }
    }
    let named = places.into_iter().filter(|place| place.end > place.start);
    named.map(|place| place.payout)
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
        let mut places = Vec::new();
        for (start, pair) in text.windows(2).enumerate() {
            let [first, second] = pair else { continue };
            if !first.opens_token {
                continue;
            }
            let lengths = self.lengths.get(&(first.lower, second.lower));
            for length in lengths.into_iter().flatten() {
                let end = start.saturating_add(*length);
                let Some(found) = text.get(start..end) else {
                    break;
                };
                letters.clear();
                letters.extend(found.iter().map(|mark| mark.lower));
                let needles = self.needles.get(&letters).into_iter().flatten();
                places.extend(needles.filter_map(|needle| {
                    let is_broken = needle.is_broken(found)?;
                    Some(Place {
                        payout: needle.payout,
                        start,
                        end,
                        is_broken,
                    })
                }));
            }
        }
        named.extend(outside_of_broken(places));
    }
}
