//! A file while it is read: opened once, and its hash is that of the bytes that were read.
//!
//! A file may be replaced, grow or be cut short while it is read, by a delivery that does not
//! rename or by a person. A small one is therefore read into memory in one go, and everything
//! (hash, recognition, rows) is told from these bytes. A large one is read twice from the one
//! handle, first to look through it and then for its rows, and the second reading must give what
//! the first one gave. An archive is read here and there: of a large one a copy is made that
//! nobody else can change. Whatever the system refuses is no fault of the content: the file is
//! [`Unread`], whatever its reader makes of the bytes that it did get.

#[cfg(test)]
mod tests;

use std::fs::{File, Metadata};
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::Xxh3;

use super::inbox::{self, stamp};
use super::text::{CHUNK_BYTES, GZIP, HEAD_BYTES, Scan, Survey, hex};
use super::{Refusal, Unread};

/// A file up to this size is read into memory.
const IN_MEMORY_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A compressed file may not hold more than this times its size (`spec: inputs, bad input`).
const GZIP_RATIO_MAX: u64 = 200;

/// What a compressed file may hold however small it is.
const GZIP_BYTES_MIN: u64 = 1024 * 1024;

/// An opened file with what a look through it told. A clone reads the same bytes.
#[derive(Clone)]
pub struct OpenFile {
    name: Arc<str>,
    stamp: Arc<str>,
    content: Content,
    survey: Arc<Survey>,
}

#[derive(Clone)]
enum Content {
    /// All of it.
    Memory(Arc<[u8]>),
    /// A copy without a name.
    Copy(Arc<File>),
    /// The file itself, which others may write to.
    Shared(Arc<Shared>),
}

/// A file that others may write to while it is read.
struct Shared {
    file: File,
    /// What the first reading gave; `None` where there was none.
    first: Option<Reading>,
    /// Why the system did not give all of it.
    trouble: OnceLock<String>,
    /// How many streams were begun.
    begun: AtomicU64,
    /// The last stream that gave what the first reading gave.
    proven: AtomicU64,
}

/// How much was read, and a hash of it. Two readings of one handle differ by accident only, so a
/// fast hash will do.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Reading {
    size_bytes: u64,
    hash: u128,
}

impl OpenFile {
    /// Opens a file and looks through it. One of more than `size_bytes_max` is hashed, but not
    /// unpacked.
    ///
    /// # Errors
    /// When the system does not give all of it, or it changes meanwhile.
    pub fn open(path: &Path, size_bytes_max: u64) -> Result<Self, Unread> {
        let (file, metadata) = open_regular(path)?;
        let (content, survey) = if metadata.len() <= IN_MEMORY_BYTES_MAX {
            let bytes = read_small(&file, metadata.len())?;
            let survey = Look::default().of_memory(&bytes);
            (Content::Memory(bytes), survey)
        } else {
            look_through(file.try_clone()?, size_bytes_max)?
        };
        let opened = Self {
            name: name_of(path),
            stamp: stamp(&metadata).into(),
            content,
            survey: Arc::new(survey),
        };
        if stamp(&file.metadata()?) != *opened.stamp || opened.survey.size_bytes != metadata.len() {
            return Err(Unread::changed());
        }
        opened.trouble()?;
        Ok(opened)
    }

    /// Opens a file to see what it may be: of a large text only the beginning is read, and its
    /// `sha256` is empty.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub fn glance(path: &Path) -> Result<Self, Unread> {
        let (file, metadata) = open_regular(path)?;
        let mut beginning = Vec::new();
        let limit = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
        (&file).take(limit).read_to_end(&mut beginning)?;
        let is_archive = beginning.starts_with(b"PK");
        if metadata.len() <= IN_MEMORY_BYTES_MAX || is_archive {
            return Self::open(path, u64::MAX);
        }
        let shared = Arc::new(Shared::new(file, None));
        let mut look = Look {
            compressed: beginning.starts_with(&GZIP),
            ..Look::default()
        };
        if look.compressed {
            look.unpack_head(&shared);
        } else {
            look.scan.take(&beginning);
        }
        Ok(Self {
            name: name_of(path),
            stamp: stamp(&metadata).into(),
            content: Content::Shared(shared),
            survey: Arc::new(look.survey(String::new(), metadata.len())),
        })
    }

    /// Its name without folders.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Size and times of the very file that was opened.
    pub fn stamp(&self) -> &str {
        &self.stamp
    }

    /// What the look through it told.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// True for a ZIP archive (XLSX and ODS are) that is not compressed once more.
    pub fn is_archive(&self) -> bool {
        self.survey.is_zip() && !self.survey.compressed
    }

    /// Its text as UTF-8.
    pub fn text(&self, forced: Option<&'static Encoding>) -> Box<dyn Read + Send> {
        let encoding = forced.unwrap_or(self.survey.encoding);
        let plain_utf8 = encoding == UTF_8 && self.survey.encoding == UTF_8;
        let mut decoder = DecodeReaderBytesBuilder::new();
        decoder
            .encoding(Some(encoding))
            .bom_override(true)
            .strip_bom(true)
            .utf8_passthru(plain_utf8);
        Box::new(decoder.build(self.bytes()))
    }

    /// Its bytes, unpacked but not decoded (XML names its own encoding).
    pub fn bytes(&self) -> Box<dyn Read + Send> {
        let raw: Box<dyn Read + Send> = match &self.content {
            Content::Memory(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
            Content::Copy(copy) => Box::new(BufReader::with_capacity(
                CHUNK_BYTES,
                At::new(Arc::clone(copy)),
            )),
            Content::Shared(shared) => Box::new(BufReader::with_capacity(
                CHUNK_BYTES,
                Stream::new(Arc::clone(shared)),
            )),
        };
        if self.survey.compressed {
            Box::new(MultiGzDecoder::new(raw))
        } else {
            raw
        }
    }

    /// An archive, to be read here and there.
    ///
    /// # Errors
    /// When it is none.
    pub fn archive(&self) -> Result<Box<dyn ReadSeek>, Refusal> {
        match &self.content {
            Content::Memory(bytes) => Ok(Box::new(Cursor::new(Arc::clone(bytes)))),
            Content::Copy(copy) => Ok(Box::new(BufReader::new(At::new(Arc::clone(copy))))),
            Content::Shared(_) => Err(Refusal::new("is no archive")),
        }
    }

    /// Proves, once its rows are read, that they are of the bytes that were hashed.
    ///
    /// # Errors
    /// When the system did not give all of it, or it changed meanwhile.
    pub fn check(&self) -> Result<(), Unread> {
        if let Content::Shared(shared) = &self.content
            && shared.proven.load(Ordering::Relaxed) != shared.begun.load(Ordering::Relaxed)
        {
            // The reader had no need to go to the end: somebody must. What fails is noted.
            drop(io::copy(
                &mut Stream::new(Arc::clone(shared)),
                &mut io::sink(),
            ));
        }
        self.trouble()
    }

    /// Tells, once its reader has failed, whether the system is the cause.
    ///
    /// # Errors
    /// When it is.
    pub fn trouble(&self) -> Result<(), Unread> {
        let Content::Shared(shared) = &self.content else {
            return Ok(());
        };
        if let Some(reason) = shared.trouble.get() {
            return Err(Unread::new(reason.clone()));
        }
        if stamp(&shared.file.metadata()?) != *self.stamp {
            return Err(Unread::changed());
        }
        Ok(())
    }
}

/// What an archive is read from.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

fn name_of(path: &Path) -> Arc<str> {
    inbox::written(path.file_name().unwrap_or_default()).into()
}

/// Opens a regular file; nothing else is opened. What became a FIFO only now would keep a reader
/// waiting for ever, so opening never waits.
fn open_regular(path: &Path) -> Result<(File, Metadata), Unread> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(Unread::changed());
    }
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Unread::changed());
    }
    Ok((file, metadata))
}

fn read_small(mut file: &File, size_bytes: u64) -> Result<Arc<[u8]>, Unread> {
    let mut bytes = Vec::with_capacity(usize::try_from(size_bytes).unwrap_or(0));
    // One byte more than there should be: a file that grows is seen to.
    (&mut file)
        .take(size_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

/// Looks through a large file, and copies an archive on the way.
fn look_through(file: File, size_bytes_max: u64) -> Result<(Content, Survey), Unread> {
    let mut look = Look::default();
    let (mut sha256, mut hash) = (Sha256::new(), Xxh3::new());
    let mut size_bytes = 0_u64;
    let mut copy = None;
    let mut buffer = vec![0_u8; CHUNK_BYTES];
    let is_wanted = file.metadata()?.len() <= size_bytes_max;
    loop {
        let count = read_at(&file, &mut buffer, size_bytes)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        if size_bytes == 0 {
            look.compressed = bytes.starts_with(&GZIP);
            if bytes.starts_with(b"PK") && is_wanted {
                copy = Some(tempfile::tempfile()?);
            }
        }
        if let Some(copy) = &mut copy {
            copy.write_all(bytes)?;
        }
        size_bytes = size_bytes.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        sha256.update(bytes);
        hash.update(bytes);
        if !look.compressed {
            look.scan.take(bytes);
        }
    }
    let first = Reading {
        size_bytes,
        hash: hash.digest128(),
    };
    let content = match copy {
        Some(copy) => Content::Copy(Arc::new(copy)),
        None => Content::Shared(Arc::new(Shared::new(file, Some(first)))),
    };
    if let (Content::Shared(shared), true) = (&content, look.compressed) {
        if is_wanted {
            look.unpack(Stream::new(Arc::clone(shared)), size_bytes);
        } else {
            look.unpack_head(shared);
        }
    }
    Ok((content, look.survey(hex(&sha256.finalize()), size_bytes)))
}

/// What a look through a file collects.
#[derive(Default)]
struct Look {
    scan: Scan,
    compressed: bool,
    damage: Option<String>,
}

impl Look {
    fn of_memory(mut self, bytes: &[u8]) -> Survey {
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.compressed = bytes.starts_with(&GZIP);
        if self.compressed {
            self.unpack(bytes, size_bytes);
        } else {
            self.scan.take(bytes);
        }
        self.survey(hex(&Sha256::digest(bytes)), size_bytes)
    }

    /// Unpacks all of a gzip file, up to what one of its size may hold.
    fn unpack(&mut self, packed: impl Read, size_bytes: u64) {
        let mut unpacked = MultiGzDecoder::new(BufReader::with_capacity(CHUNK_BYTES, packed));
        let mut buffer = vec![0_u8; CHUNK_BYTES];
        let limit = size_bytes
            .saturating_mul(GZIP_RATIO_MAX)
            .max(GZIP_BYTES_MIN);
        let mut size = 0_u64;
        loop {
            match unpacked.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => {
                    size = size.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
                    if size > limit {
                        self.damage = Some(format!(
                            "unpacks to more than {GZIP_RATIO_MAX} times its size; \
                             unpack it by hand if it is what you expect"
                        ));
                        return;
                    }
                    self.scan.take(buffer.get(..count).unwrap_or_default());
                }
                Err(error) => {
                    self.damage = Some(format!(
                        "is a damaged or truncated gzip file ({error}); ask for it again"
                    ));
                    return;
                }
            }
        }
    }

    /// Unpacks the beginning of a gzip file, to recognise it by.
    fn unpack_head(&mut self, shared: &Arc<Shared>) {
        let packed = BufReader::new(Stream::new(Arc::clone(shared)));
        let limit = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
        let mut head = Vec::new();
        let end = MultiGzDecoder::new(packed)
            .take(limit)
            .read_to_end(&mut head);
        self.damage = end.err().map(|error| error.to_string());
        self.scan.take(&head);
    }

    fn survey(self, sha256: String, size_bytes: u64) -> Survey {
        Survey {
            sha256,
            size_bytes,
            compressed: self.compressed,
            damage: self.damage,
            blank: self.scan.blank(),
            encoding: self.scan.encoding(),
            head: self.scan.head,
        }
    }
}

impl Shared {
    fn new(file: File, first: Option<Reading>) -> Self {
        Self {
            file,
            first,
            trouble: OnceLock::new(),
            begun: AtomicU64::new(0),
            proven: AtomicU64::new(0),
        }
    }

    /// Notes why the file is unread; the first reason stays.
    fn note(&self, unread: &Unread) {
        self.trouble.get_or_init(|| unread.reason.clone());
    }
}

/// Reads a shared file from its beginning, and sees at its end whether it is the same.
struct Stream {
    shared: Arc<Shared>,
    number: u64,
    at: u64,
    hash: Xxh3,
}

impl Stream {
    fn new(shared: Arc<Shared>) -> Self {
        let number = shared.begun.fetch_add(1, Ordering::Relaxed);
        Self {
            shared,
            number: number.saturating_add(1),
            at: 0,
            hash: Xxh3::new(),
        }
    }

    fn end(&self) -> io::Result<()> {
        let now = Reading {
            size_bytes: self.at,
            hash: self.hash.digest128(),
        };
        if self.shared.first.is_some_and(|first| first != now) {
            let changed = Unread::changed();
            self.shared.note(&changed);
            return Err(io::Error::other(changed));
        }
        self.shared.proven.store(self.number, Ordering::Relaxed);
        Ok(())
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let count = read_at(&self.shared.file, buffer, self.at).map_err(|error| {
            let again = io::Error::new(error.kind(), error.to_string());
            self.shared.note(&Unread::from(error));
            again
        })?;
        if count == 0 {
            self.end()?;
        }
        self.hash.update(buffer.get(..count).unwrap_or_default());
        self.at = self
            .at
            .saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }
}

/// Reads a copy from wherever it is asked to; several may read one at the same time.
struct At {
    file: Arc<File>,
    at: u64,
}

impl At {
    fn new(file: Arc<File>) -> Self {
        Self { file, at: 0 }
    }
}

impl Read for At {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = read_at(&self.file, buffer, self.at)?;
        self.at = self
            .at
            .saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(count)
    }
}

impl Seek for At {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.file.metadata()?.len().checked_add_signed(by),
        };
        self.at = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// Reads at a place without moving the handle.
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(file, buffer, at);
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(file, buffer, at);
        match read {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
