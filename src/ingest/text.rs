//! From bytes to text: compression, byte order marks, encodings.
//!
//! A text file may be UTF-8 with or without a byte order mark, UTF-16 with one, or ISO-8859-1 /
//! Windows-1252, and any of them may be compressed with gzip. Which of the unmarked encodings it
//! is shows only in the whole content, so a file is looked through before it is read
//! ([`OpenFile`](super::open_file::OpenFile)), and a [`Survey`] says what that told.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;

/// How many bytes of a file's beginning are kept to recognise its format.
pub const HEAD_BYTES: usize = 64 * 1024;

/// Bytes that one read of a file asks for.
pub(super) const CHUNK_BYTES: usize = 256 * 1024;

/// What a gzip file begins with.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What one look through a file tells.
#[derive(Clone, Debug)]
pub struct Survey {
    /// SHA-256 of the bytes as they lie on the disk, 64 lower-case hex digits.
    pub sha256: String,
    /// Size on the disk.
    pub size_bytes: u64,
    /// True for gzip.
    pub compressed: bool,
    /// Why the content could not be unpacked.
    pub damage: Option<String>,
    /// True when there is nothing but white space.
    pub blank: bool,
    /// How to read its text where it has no byte order mark.
    pub encoding: &'static Encoding,
    /// The first unpacked bytes, not decoded.
    pub head: Vec<u8>,
}

impl Survey {
    /// The first bytes as text, without a byte order mark.
    pub fn head_text(&self) -> String {
        self.encoding.decode(&self.head).0.into_owned()
    }

    /// True when the content is a ZIP archive (XLSX and ODS are).
    pub fn is_zip(&self) -> bool {
        self.head.starts_with(b"PK\x03\x04") || self.head.starts_with(b"PK\x05\x06")
    }
}

/// The beginning of some text and how to read it.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// Its encoding where it has no byte order mark.
    pub(super) encoding: &'static Encoding,
    /// The first bytes, not decoded.
    pub(super) head: Vec<u8>,
}

/// Looks through what is no file of its own: a member of an archive.
///
/// # Errors
/// When it cannot be read.
pub(super) fn look_through(input: &mut dyn Read) -> io::Result<Look> {
    let mut scan = Scan::default();
    let mut buffer = vec![0_u8; CHUNK_BYTES];
    loop {
        let count = input.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        scan.take(bytes);
    }
    Ok(Look {
        encoding: scan.encoding(),
        head: scan.head,
    })
}

/// Decodes what [`look_through`] looked through.
pub(super) fn decoded<'a>(input: impl Read + 'a, look: &Look) -> impl Read + 'a {
    DecodeReaderBytesBuilder::new()
        .encoding(Some(look.encoding))
        .bom_override(true)
        .strip_bom(true)
        .build(input)
}

/// Lower-case hex digits of some bytes.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).fold(
        String::with_capacity(bytes.len().saturating_mul(2)),
        |mut text, nibble| {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            text
        },
    )
}

/// Collects what [`Survey`] tells about the content, chunk by chunk.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) head: Vec<u8>,
    any_ink: bool,
    not_utf8: bool,
    cut_character: Vec<u8>,
}

impl Scan {
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let room = HEAD_BYTES.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(room));
        if !self.any_ink {
            self.any_ink = bytes.iter().any(|byte| !is_blank(*byte));
        }
        if !self.not_utf8 {
            self.check_utf8(bytes);
        }
    }

    /// Keeps a character that the end of a chunk cuts for the next chunk.
    fn check_utf8(&mut self, bytes: &[u8]) {
        let joined;
        let bytes = if self.cut_character.is_empty() {
            bytes
        } else {
            joined = [self.cut_character.as_slice(), bytes].concat();
            &joined
        };
        let rest = match std::str::from_utf8(bytes) {
            Ok(_) => Vec::new(),
            Err(error) if error.error_len().is_some() => {
                self.not_utf8 = true;
                Vec::new()
            }
            Err(error) => bytes
                .get(error.valid_up_to()..)
                .unwrap_or_default()
                .to_vec(),
        };
        self.cut_character = rest;
    }

    pub(super) fn blank(&self) -> bool {
        !self.any_ink
    }

    /// A byte order mark decides; then valid UTF-8 is UTF-8. A last character that the end of the
    /// file cuts is the mark of a truncated file, not of another encoding.
    pub(super) fn encoding(&self) -> &'static Encoding {
        match Encoding::for_bom(&self.head) {
            Some((encoding, _)) => encoding,
            None if self.not_utf8 => WINDOWS_1252,
            None => UTF_8,
        }
    }
}

/// White space, the NUL of UTF-16 and the bytes of byte order marks.
fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_by_a_chunk_is_no_other_encoding() {
        let mut scan = Scan::default();
        scan.take(b"a\xc3");
        scan.take(b"\xa9b");
        assert_eq!(scan.encoding(), UTF_8);
        scan.take(b"\xc3");
        scan.take(b"x");
        assert_eq!(scan.encoding(), WINDOWS_1252);
    }
}
