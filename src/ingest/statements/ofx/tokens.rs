//! Tags and texts, portion by portion, with the line that was reached.

use std::collections::VecDeque;
use std::io::BufRead;

use super::{TAG_BYTES_MAX, TEXT_BYTES_MAX};
use crate::ingest::Refusal;

/// A piece of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// The name of a start tag, in capitals.
    Start(String),
    /// The name of an end tag, in capitals.
    End(String),
    /// A text with its entities resolved.
    Text(String),
}

/// Reads the pieces of a file that is given as UTF-8.
pub(super) struct Tokens<'a> {
    input: &'a mut dyn BufRead,
    line: u32,
    text: Vec<u8>,
    markup: Vec<u8>,
    /// Tokens that were found behind a text.
    next: VecDeque<Token>,
}

/// What stands behind a `<`.
enum Markup {
    Token(Token),
    /// `<MEMO/>`
    Empty(String),
    /// A comment or an instruction.
    Nothing,
    /// No tag at all: it is part of the text.
    Text,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(input: &'a mut dyn BufRead) -> Self {
        Self {
            input,
            line: 1,
            text: Vec::new(),
            markup: Vec::new(),
            next: VecDeque::new(),
        }
    }

    /// The next piece; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Result<Option<Token>, Refusal> {
        if let Some(token) = self.next.pop_front() {
            return Ok(Some(token));
        }
        self.text.clear();
        loop {
            if !self.text_to_tag()? {
                return Ok(self.take_text());
            }
            match self.markup()? {
                Markup::Nothing => continue,
                Markup::Text => {
                    self.text.push(b'<');
                    self.text.append(&mut self.markup);
                    continue;
                }
                Markup::Token(token) => self.next.push_back(token),
                Markup::Empty(name) => {
                    self.next.push_back(Token::Start(name.clone()));
                    self.next.push_back(Token::End(name));
                }
            }
            return Ok(self.take_text().or_else(|| self.next.pop_front()));
        }
    }

    fn take_text(&mut self) -> Option<Token> {
        let text = String::from_utf8_lossy(&self.text);
        let is_blank = text.trim().is_empty();
        let token = (!is_blank).then(|| Token::Text(resolved(&text)));
        self.text.clear();
        token
    }

    /// Reads text up to and with a `<`; false at the end of the file.
    fn text_to_tag(&mut self) -> Result<bool, Refusal> {
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                return Ok(false);
            }
            let end = memchr::memchr(b'<', available);
            let taken = available
                .get(..end.unwrap_or(available.len()))
                .unwrap_or_default();
            let lines = memchr::memchr_iter(b'\n', taken).count();
            self.line = self
                .line
                .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.text.extend_from_slice(taken);
            let used = taken.len().saturating_add(usize::from(end.is_some()));
            self.input.consume(used);
            if self.text.len() > TEXT_BYTES_MAX {
                return Err(self.refusal(format!(
                    "has a text of more than {TEXT_BYTES_MAX} bytes, the limit"
                )));
            }
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    /// A refusal with the line that was reached.
    pub(super) fn refusal(&self, what: impl std::fmt::Display) -> Refusal {
        Refusal::new(format!(
            "{what} (line {}); ask the bank for the file again",
            self.line
        ))
    }

    /// Reads what stands behind a `<`. What turns out to be text stays in `markup`.
    fn markup(&mut self) -> Result<Markup, Refusal> {
        self.markup.clear();
        loop {
            let Some(byte) = self.peek()? else {
                return Ok(Markup::Text);
            };
            let is_comment = self.markup.starts_with(b"!--");
            let is_data = self.markup.starts_with(b"![CDATA[");
            if byte == b'<' && !is_comment && !is_data {
                return Ok(Markup::Text);
            }
            self.bump(byte);
            if is_comment {
                if byte == b'>' && self.markup.ends_with(b"-->") {
                    return Ok(Markup::Nothing);
                }
                // A comment may be long; only its end matters.
                if self.markup.len() > TAG_BYTES_MAX {
                    let kept = self.markup.len().saturating_sub(2);
                    let tail = self.markup.split_off(kept);
                    self.markup.clear();
                    self.markup.extend_from_slice(b"!-- ");
                    self.markup.extend_from_slice(&tail);
                }
                continue;
            }
            if is_data {
                if byte == b'>' && self.markup.ends_with(b"]]>") {
                    let end = self.markup.len().saturating_sub(3);
                    let data = self.markup.get(8..end).unwrap_or_default().to_vec();
                    self.text.extend_from_slice(&data);
                    return Ok(Markup::Nothing);
                }
                if self.markup.len() > TEXT_BYTES_MAX {
                    return Err(self.refusal(format!(
                        "has a text of more than {TEXT_BYTES_MAX} bytes, the limit"
                    )));
                }
                continue;
            }
            if byte == b'>' {
                return self.tag();
            }
            let may_be_tag = matches!(
                self.markup.first(),
                Some(b'/' | b'?' | b'!' | b'A'..=b'Z' | b'a'..=b'z')
            );
            if !may_be_tag || self.markup.len() > TAG_BYTES_MAX {
                return Ok(Markup::Text);
            }
        }
    }

    /// What the bytes between `<` and `>` are.
    fn tag(&mut self) -> Result<Markup, Refusal> {
        let markup = String::from_utf8_lossy(&self.markup).into_owned();
        let content = markup.trim_end_matches('>');
        if content.starts_with('?') {
            return Ok(Markup::Nothing);
        }
        if let Some(declaration) = content.strip_prefix('!') {
            let word: String = declaration.chars().take(7).collect();
            return match word.to_ascii_uppercase().as_str() {
                "DOCTYPE" | "ENTITY " => Err(self.refusal(
                    "has a document type (<!DOCTYPE>), which no bank statement needs and which \
                     may pull in other files",
                )),
                _ => Ok(Markup::Text),
            };
        }
        let is_end = content.starts_with('/');
        let content = content.trim_start_matches('/');
        let is_empty = content.ends_with('/');
        let name = content
            .split(|c: char| c.is_ascii_whitespace() || c == '/')
            .next();
        let name = name.unwrap_or_default();
        // A prefix says nothing.
        let name = name.rsplit(':').next().unwrap_or_default();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
        if !is_name {
            return Ok(Markup::Text);
        }
        let name = name.to_ascii_uppercase();
        self.markup.clear();
        Ok(match (is_end, is_empty) {
            (true, _) => Markup::Token(Token::End(name)),
            (false, true) => Markup::Empty(name),
            (false, false) => Markup::Token(Token::Start(name)),
        })
    }

    fn peek(&mut self) -> Result<Option<u8>, Refusal> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn bump(&mut self, byte: u8) {
        self.input.consume(1);
        self.line = self.line.saturating_add(u32::from(byte == b'\n'));
        self.markup.push(byte);
    }
}

/// A text with its entities resolved; a bare `&` stands for itself.
fn resolved(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        resolved.push_str(before);
        let known = behind
            .split_once(';')
            .and_then(|(name, after)| Some((entity(name)?, after)));
        if let Some((character, after)) = known {
            resolved.push(character);
            rest = after;
        } else {
            resolved.push('&');
            rest = behind;
        }
    }
    resolved.push_str(rest);
    resolved
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace())
        }
    }
}
