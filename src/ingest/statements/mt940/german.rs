//! `:86:` with numbered sub-fields: Germany, Austria, Luxembourg, Poland.
//!
//! Three digits of the booking (GVC), then sub-fields, each a separator and two digits:
//! `166?00GUTSCHRIFT?20EREF+…`. The separator is whatever follows the digits, mostly `?`.

use super::information::{Information, keywords};
use super::pieces::Pieces;

/// Characters of a full sub-field.
const FIELD_CHARS: usize = 27;

/// Number and content of one sub-field.
pub(super) type Field<'t> = (u8, &'t str);

/// The sub-fields of a text that has such; `text` is without line ends, which are nothing but
/// the width of the lines here.
pub(super) fn fields(text: &str) -> Option<Vec<Field<'_>>> {
    let text = text.trim_start();
    let is_digit = |c: char| c.is_ascii_digit();
    let digits = text.chars().take_while(|c| is_digit(*c)).count();
    let body = match digits {
        0 => text,
        3 => text.get(3..)?,
        _ => return None,
    };
    let separator = body.chars().next()?;
    if separator.is_alphanumeric() || separator.is_whitespace() {
        return None;
    }
    // Without the three digits only the usual separator is believed.
    if digits == 0 && separator != '?' {
        return None;
    }
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut open: Option<(u8, usize)> = None;
    for (at, found) in body.match_indices(separator) {
        let code_at = at.saturating_add(found.len());
        let content_at = code_at.saturating_add(2);
        let Some(code) = body.get(code_at..content_at).and_then(code) else {
            continue;
        };
        if let Some((before, from)) = open {
            fields.push((before, body.get(from..at).unwrap_or_default()));
        }
        open = Some((code, content_at));
    }
    if let Some((last, from)) = open {
        fields.push((last, body.get(from..).unwrap_or_default()));
    }
    let known = fields.iter().filter(|(code, _)| is_usual(*code)).count();
    let begins = body.get(separator.len_utf8()..).is_some_and(|rest| {
        let first = rest.get(..2).and_then(code);
        first.is_some_and(is_usual)
    });
    // A hyphen in free text is no separator.
    let enough = if separator == '?' { 1 } else { 2 };
    (begins && known >= enough).then_some(fields)
}

fn code(two: &str) -> Option<u8> {
    let is_number = two.len() == 2 && two.bytes().all(|byte| byte.is_ascii_digit());
    two.parse().ok().filter(|_| is_number)
}

fn is_usual(code: u8) -> bool {
    matches!(code, 0 | 10 | 20..=34 | 60..=69)
}

/// What the sub-fields say. Numbers that nobody has described are text at the end.
pub(super) fn information(fields: &[Field<'_>]) -> Information {
    let mut text = Pieces::new(FIELD_CHARS);
    let mut name = Pieces::new(FIELD_CHARS);
    let mut additions = Vec::new();
    for (code, content) in fields {
        match code {
            20..=29 | 60..=69 => text.push(content),
            32 | 33 => name.push(content),
            // Number of the batch; bank and account of the partner; text key.
            10 | 30 | 31 | 34 | 38 => {}
            _ => additions.push((*content).to_owned()),
        }
    }
    let mut information = remittance(&text, name.joined(name.all()));
    information.additions = additions;
    information
}

/// The text behind `SVWZ+` and all that no other keyword explains, with the references.
///
/// A value of several words is kept whole: where a bank cuts a reference before the width of a
/// sub-field, or writes text behind it, nobody can tell how much of it is the value.
fn remittance(text: &Pieces, counterparty: String) -> Information {
    let found = keywords(text);
    let mut information = Information {
        counterparty,
        ..Information::default()
    };
    let begins = found.first().map_or(text.all().end, |first| first.start);
    let mut words = vec![text.spaced(0..begins)];
    for keyword in &found {
        let from = match keyword.word {
            "SVWZ" => keyword.value.start,
            // The name of the one it is done for: many words, none of them text.
            "ABWA" | "ABWE" => text.end_of_value(&keyword.value),
            _ if text.has_words(&keyword.value) => keyword.value.start,
            _ => keyword.value.end,
        };
        words.push(text.spaced(from..keyword.value.end));
    }
    words.retain(|word| !word.is_empty());
    information.remittance = words.join(" ");
    information.add_keywords(text, &found);
    information
}

/// Reads `:NS:`, in which banks write the same without sub-fields: one line a number.
pub(super) fn non_swift(lines: &[String]) -> Information {
    let mut text = Pieces::new(FIELD_CHARS);
    let mut name = Pieces::new(FIELD_CHARS);
    let mut additions = Vec::new();
    for line in lines {
        let Some((number, content)) = line.split_at_checked(2) else {
            continue;
        };
        match code(number) {
            Some(1..=14) => text.push(content),
            Some(15 | 16) => name.push(content),
            Some(17) => additions.push(content.to_owned()),
            _ => {}
        }
    }
    let mut information = remittance(&text, name.joined(name.all()));
    information.additions = additions;
    information
}
