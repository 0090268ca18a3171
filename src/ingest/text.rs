//! From bytes to text: compression, byte order marks, encodings.
//!
//! A text file may be UTF-8 with or without a byte order mark, UTF-16 with one, or ISO-8859-1 /
//! Windows-1252, and any of them may be compressed with gzip. Which of the unmarked encodings it
//! is shows only in the whole content, so a file is looked through once ([`survey`]: identity,
//! blankness and encoding in one pass) before it is read.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::Refusal;

/// How many bytes of a file's beginning are kept to recognise its format.
pub const HEAD_BYTES: usize = 64 * 1024;

/// Bytes that one read of a file asks for.
const CHUNK_BYTES: usize = 256 * 1024;

/// What a gzip file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A compressed file may not hold more than this times its size (`spec: inputs, bad input`).
const GZIP_RATIO_MAX: u64 = 200;

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

/// Looks through a file once.
///
/// # Errors
/// When the file cannot be opened or read; a broken compression is no error but
/// [`Survey::damage`], because the file still has an identity.
pub fn survey(path: &Path) -> io::Result<Survey> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut scan = Scan::default();
    let mut buffer = vec![0_u8; CHUNK_BYTES];
    let mut size_bytes = 0_u64;
    let mut compressed = false;
    loop {
        let count = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        if size_bytes == 0 {
            compressed = bytes.starts_with(&GZIP);
        }
        size_bytes = size_bytes.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        hash.update(bytes);
        if !compressed {
            scan.take(bytes);
        }
    }
    let damage = if compressed {
        scan_compressed(path, size_bytes, &mut scan)?
    } else {
        None
    };
    Ok(Survey {
        sha256: hex(&hash.finalize()),
        size_bytes,
        compressed,
        damage,
        blank: scan.blank(),
        encoding: scan.encoding(),
        head: scan.head,
    })
}

/// Looks at the beginning of a file only: enough to recognise it, and nothing to store it by. Its
/// `sha256` is empty, and what stands behind the beginning may yet be of another encoding.
///
/// # Errors
/// When the file cannot be opened or read.
pub fn glance(path: &Path) -> io::Result<Survey> {
    let (file, mut beginning) = (File::open(path)?, Vec::new());
    let size_bytes = file.metadata()?.len();
    let limit = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
    file.take(limit).read_to_end(&mut beginning)?;
    let compressed = beginning.starts_with(&GZIP);
    let mut damage = None;
    if compressed {
        beginning.clear();
        let unpacked = MultiGzDecoder::new(BufReader::new(File::open(path)?));
        let end = unpacked.take(limit).read_to_end(&mut beginning);
        damage = end.err().map(|error| error.to_string());
    }
    let mut scan = Scan::default();
    scan.take(&beginning);
    Ok(Survey {
        sha256: String::new(),
        size_bytes,
        compressed,
        damage,
        blank: scan.blank(),
        encoding: scan.encoding(),
        head: scan.head,
    })
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

fn scan_compressed(path: &Path, packed: u64, scan: &mut Scan) -> io::Result<Option<String>> {
    let mut unpacked = MultiGzDecoder::new(BufReader::new(File::open(path)?));
    let mut buffer = vec![0_u8; CHUNK_BYTES];
    let mut size = 0_u64;
    let limit = packed.saturating_mul(GZIP_RATIO_MAX).max(1024 * 1024);
    loop {
        match unpacked.read(&mut buffer) {
            Ok(0) => return Ok(None),
            Ok(count) => {
                size = size.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
                if size > limit {
                    return Ok(Some(format!(
                        "unpacks to more than {GZIP_RATIO_MAX} times its size; \
                         unpack it by hand if it is what you expect"
                    )));
                }
                scan.take(buffer.get(..count).unwrap_or_default());
            }
            Err(error) => {
                return Ok(Some(format!(
                    "is a damaged or truncated gzip file ({error}); ask for it again"
                )));
            }
        }
    }
}

/// Collects what [`Survey`] tells about the content, chunk by chunk.
#[derive(Default)]
struct Scan {
    head: Vec<u8>,
    any_ink: bool,
    not_utf8: bool,
    cut_character: Vec<u8>,
}

impl Scan {
    fn take(&mut self, bytes: &[u8]) {
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

    fn blank(&self) -> bool {
        !self.any_ink
    }

    /// A byte order mark decides; then valid UTF-8 is UTF-8. A last character that the end of the
    /// file cuts is the mark of a truncated file, not of another encoding.
    fn encoding(&self) -> &'static Encoding {
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

/// Opens a surveyed text file for reading as UTF-8.
///
/// # Errors
/// When the file cannot be opened any more.
pub fn open(
    path: &Path,
    survey: &Survey,
    forced: Option<&'static Encoding>,
) -> Result<Box<dyn Read + Send>, Refusal> {
    let file = BufReader::with_capacity(CHUNK_BYTES, File::open(path)?);
    let encoding = forced.unwrap_or(survey.encoding);
    let plain_utf8 = encoding == UTF_8 && survey.encoding == UTF_8;
    let mut decoder = DecodeReaderBytesBuilder::new();
    decoder
        .encoding(Some(encoding))
        .bom_override(true)
        .strip_bom(true)
        .utf8_passthru(plain_utf8);
    Ok(if survey.compressed {
        Box::new(decoder.build(MultiGzDecoder::new(file)))
    } else {
        Box::new(decoder.build(file))
    })
}

/// Opens a surveyed file for reading its bytes, unpacked but not decoded (XML names its own
/// encoding).
///
/// # Errors
/// When the file cannot be opened any more.
pub fn open_bytes(path: &Path, survey: &Survey) -> Result<Box<dyn Read + Send>, Refusal> {
    let file = BufReader::with_capacity(CHUNK_BYTES, File::open(path)?);
    Ok(if survey.compressed {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &[u8]) -> (Survey, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        let found = survey(&path).unwrap();
        let mut text = Vec::new();
        let input = open(&path, &found, None);
        input.unwrap().read_to_end(&mut text).unwrap();
        (found, String::from_utf8(text).unwrap())
    }

    fn gzip(text: &str) -> Vec<u8> {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text.as_bytes()).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn a_glance_sees_the_beginning_that_a_survey_sees() {
        let packed = gzip("a;b\n1;2\n");
        // A character is cut where the beginning ends.
        let long = format!("x{}", "é".repeat(HEAD_BYTES)).into_bytes();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for bytes in [b"a;\xe9\n".as_slice(), &packed, &long, b"", b" \n"] {
            std::fs::write(&path, bytes).unwrap();
            let told = |it: Survey| (it.head, it.encoding, it.compressed, it.size_bytes, it.blank);
            let [glance, survey] = [glance(&path), survey(&path)].map(Result::unwrap);
            assert_eq!(told(glance), told(survey));
        }
    }

    #[test]
    fn text_is_read_in_every_encoding_it_arrives_in() {
        assert_eq!(read("Libellé;é".as_bytes()).1, "Libellé;é");
        assert_eq!(read(b"\xef\xbb\xbfLibell\xc3\xa9").1, "Libellé");
        assert_eq!(read(b"Libell\xe9 10 \x80").1, "Libellé 10 €");
        let utf16: Vec<u8> = "\u{feff}Libellé"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&utf16).1, "Libellé");
        let utf16: Vec<u8> = "\u{feff}Libellé"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(read(&utf16).1, "Libellé");
    }

    #[test]
    fn gzip_is_unpacked_and_its_damage_is_told() {
        let packed = gzip(&"é;1\n".repeat(1000));
        assert_eq!(read(&packed).1, "é;1\n".repeat(1000));
        let mut cut = tempfile::NamedTempFile::new().unwrap();
        cut.write_all(&packed[..packed.len() - 6]).unwrap();
        let damage = survey(cut.path()).unwrap().damage.unwrap();
        assert!(damage.contains("truncated"), "{damage}");
    }

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

    #[test]
    fn white_space_is_blank_and_the_hash_is_of_the_bytes_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blank.csv");
        std::fs::write(&path, b"\xef\xbb\xbf \r\n\t\n").unwrap();
        assert!(survey(&path).unwrap().blank);
        std::fs::write(&path, b"abc").unwrap();
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(survey(&path).unwrap().sha256, hash);
    }
}
