//! A sheet as plain text: for readers and programs that show no HTML, and what the content of a
//! mail is told by.

use super::items::{Item, Section};
use super::sheet::{Closing, Labelled, Providers, Sheet, one_sum};

/// Characters of a line, where words allow it (RFC 5322 recommends 78).
const LINE_CHARS: usize = 76;

/// What the mail says, without what stands below.
pub(super) fn body(sheet: &Sheet) -> String {
    let mut text = String::new();
    line(&mut text, &sheet.scope);
    line(&mut text, &sheet.headline);
    line(&mut text, &sheet.besides);
    labelled(&mut text, &sheet.first);
    for part in &sheet.sections {
        section(&mut text, part);
    }
    providers(&mut text, &sheet.providers);
    labelled(&mut text, &sheet.files);
    text
}

/// All of it.
pub(super) fn text(sheet: &Sheet, closing: &Closing) -> String {
    let mut text = body(sheet);
    text.push('\n');
    // A path is one word, whatever its length and its blanks.
    if let Some((words, url)) = &closing.link {
        text.extend([words, ": ", url, "\n"]);
    }
    for sentence in &closing.lines {
        text.push_str(sentence);
        text.push('\n');
    }
    line(&mut text, &sheet.foot);
    text
}

fn line(text: &mut String, sentence: &str) {
    wrapped(text, sentence, ["", ""]);
}

fn title(text: &mut String, title: &str) {
    text.push('\n');
    text.push_str(&title.to_uppercase());
    text.push('\n');
}

fn labelled(text: &mut String, part: &Labelled) {
    if part.lines.is_empty() {
        return;
    }
    title(text, &part.title);
    for sentence in &part.lines {
        wrapped(text, sentence, ["- ", "  "]);
    }
}

fn providers(text: &mut String, table: &Providers) {
    if table.rows.is_empty() {
        return;
    }
    title(text, &table.title);
    let [_, head @ ..] = &table.head;
    let mut row = |name: &str, [new, open, short, over]: [&str; 4]| {
        let row = format!("{name:<18} {new:>6} {open:>6}  {short:>20}  {over:>20}");
        text.push_str(row.trim_end());
        text.push('\n');
    };
    row("", head.each_ref().map(String::as_str));
    for one in &table.rows {
        let [short, over] = [&one.short, &one.over].map(|sums| one_sum(sums));
        row(&one.name, [&one.new, &one.open, &short, &over]);
    }
}

fn section(text: &mut String, part: &Section) {
    title(text, &format!("{} ({})", part.title, part.count));
    for one in &part.items {
        item(text, one);
    }
    line(text, &part.more);
}

fn item(text: &mut String, one: &Item) {
    let mut first = one.labelled_title.clone();
    for (mark, part) in [(" ", &one.name), (", ", &one.amount)] {
        if !part.is_empty() {
            first.push_str(mark);
            first.push_str(part);
        }
    }
    wrapped(text, &first, ["* ", "  "]);
    for more in [&one.facts.join(", "), &one.explanation, &one.note] {
        wrapped(text, more, ["  ", "  "]);
    }
}

/// The words of a sentence; what would be misread at the end of a line stays together: a number
/// whose thousands are set apart by a blank, and its currency.
pub(super) fn pieces(sentence: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    // Blanks that do not break are part of their words.
    for word in sentence.split(' ').filter(|word| !word.is_empty()) {
        let goes_on = |before: &&mut String| {
            let after_digit = before.ends_with(|c: char| c.is_ascii_digit());
            let is_currency = word.trim_end_matches(['.', ',']).len() == 3
                && word.starts_with(|c: char| c.is_ascii_uppercase());
            after_digit && (is_currency || word.starts_with(|c: char| c.is_ascii_digit()))
        };
        match pieces.last_mut().filter(goes_on) {
            Some(before) => {
                before.push(' ');
                before.push_str(word);
            }
            None => pieces.push(word.to_owned()),
        }
    }
    pieces
}

/// Adds a sentence, broken between words; nothing where there is none. A word that is longer than
/// a line stays whole.
fn wrapped(text: &mut String, sentence: &str, [first, others]: [&str; 2]) {
    let mut room = 0;
    for (at, word) in pieces(sentence).iter().enumerate() {
        let long = word.chars().count();
        if at > 0 && long < room {
            text.push(' ');
            room = room.saturating_sub(1);
        } else {
            if at > 0 {
                text.push('\n');
            }
            let indent = if at == 0 { first } else { others };
            text.push_str(indent);
            room = LINE_CHARS.saturating_sub(indent.len());
        }
        text.push_str(word);
        room = room.saturating_sub(long);
    }
    if !sentence.trim().is_empty() {
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_broken_between_words_and_nothing_is_lost() {
        let sentence = "word ".repeat(60);
        let mut text = String::new();
        wrapped(&mut text, &sentence, ["* ", "  "]);
        assert!(text.lines().all(|line| line.chars().count() <= LINE_CHARS));
        assert!(text.lines().skip(1).all(|line| line.starts_with("  word")));
        assert_eq!(text.matches("word").count(), 60);

        let mut text = String::new();
        wrapped(&mut text, &"x".repeat(200), ["", ""]);
        assert_eq!(text, format!("{}\n", "x".repeat(200)));

        assert_eq!(
            pieces("for 1 024.50 EUR, 3 new"),
            ["for", "1 024.50 EUR,", "3", "new"]
        );

        let mut text = String::new();
        wrapped(&mut text, " ", ["* ", "  "]);
        assert_eq!(text, "");
    }
}
