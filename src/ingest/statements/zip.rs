//! A ZIP archive of statements, as EBICS delivers them: one file with several inside.
//!
//! It is one file for everything that counts files: all its statements are taken, or it is
//! refused. A refusal and a rejected row name the member.

use std::io::{self, BufReader, Read, Seek};

use ::zip::ZipArchive;
use ::zip::read::ZipFile;
use ::zip::result::ZipError;

use super::camt;
use super::format::{StatementFormat, read_text, recognise_head};
use crate::domain::file::{RejectedRow, bounded};
use crate::domain::statement::{Statement, StatementEntry, StatementSink};
use crate::ingest::text::{self, HEAD_BYTES, Look};
use crate::ingest::{Refusal, archive};

/// Bytes of a member's name that are repeated.
const NAME_BYTES_MAX: usize = 200;

/// Members by which a workbook is known: of XLSX, and of ODS.
const OF_WORKBOOKS: [&str; 2] = ["[Content_Types].xml", "mimetype"];

/// True for XLSX and ODS, which are ZIP archives too.
pub(super) fn is_workbook(file: impl Read + Seek) -> bool {
    ZipArchive::new(file).is_ok_and(|archive| {
        let is_of_workbook = |name: &str| archive.index_for_name(name).is_some();
        OF_WORKBOOKS.into_iter().any(is_of_workbook)
    })
}

/// Reads the statements of all members, in the archive's order.
///
/// What is no statement is passed over (a cover note, what a Mac puts beside each file); XML of
/// another kind is not, because it may have been meant to be one.
///
/// # Errors
/// The whole archive is refused: beyond a limit, damaged, one of its statements would be refused
/// by itself, or there is none in it.
pub(super) fn read(
    mut file: impl Read + Seek,
    sink: &mut dyn StatementSink,
) -> Result<(), Refusal> {
    archive::check(&mut file)?;
    file.rewind()?;
    let mut archive = ZipArchive::new(file).map_err(|error| damaged(&error))?;
    let mut statements = 0_u32;
    for index in 0..archive.len() {
        let (name, is_file) = {
            let member = archive
                .by_index_raw(index)
                .map_err(|error| damaged(&error))?;
            let name = member.name().map(|name| bounded(&name, NAME_BYTES_MAX));
            (name.unwrap_or_default(), member.is_file())
        };
        if !is_file || is_beside(&name) {
            continue;
        }
        let mut named = Named { name: &name, sink };
        let read = read_member(&mut archive, index, &mut named);
        let in_member = |refusal| {
            let Refusal { reason } = refusal;
            Refusal::new(format!("has the member {name} that {reason}"))
        };
        if read.map_err(in_member)? {
            statements = statements.saturating_add(1);
        }
    }
    if statements == 0 {
        return Err(Refusal::new(
            "is a ZIP archive without any account statement; ask the bank for the file again",
        ));
    }
    Ok(())
}

/// Reads one member; false when it is no statement.
fn read_member(
    archive: &mut ZipArchive<impl Read + Seek>,
    index: usize,
    sink: &mut dyn StatementSink,
) -> Result<bool, Refusal> {
    let mut head = Vec::new();
    let head_bytes = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
    open(archive, index)?
        .take(head_bytes)
        .read_to_end(&mut head)?;
    if head.starts_with(b"PK\x03\x04") {
        return Err(Refusal::new("is a ZIP archive itself; unpack it by hand"));
    }
    if camt::identify(&head) == camt::XmlKind::Camt {
        camt::read(&mut BufReader::new(open(archive, index)?), sink)?;
        return Ok(true);
    }
    let look = text::look_through(&mut open(archive, index)?)?;
    let Some(format) = recognise_head(&look.head, &head_text(&look)) else {
        return Ok(false);
    };
    let member = open(archive, index)?;
    let mut input = BufReader::new(text::decoded(member, &look));
    read_text(&format, &mut input, sink)?;
    Ok(format != StatementFormat::Zip)
}

fn head_text(look: &Look) -> String {
    look.encoding.decode(&look.head).0.into_owned()
}

fn open<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    index: usize,
) -> Result<Capped<ZipFile<'_, R>>, Refusal> {
    let member = archive.by_index(index).map_err(|error| damaged(&error))?;
    let left = member.size();
    Ok(Capped { member, left })
}

fn damaged(error: &ZipError) -> Refusal {
    Refusal::new(format!(
        "is damaged, encrypted or packed in an unusual way ({error}); unpack it by hand, or ask \
         for it again"
    ))
}

/// What lies beside the files on some systems: `__MACOSX/._a.xml`, `.DS_Store`.
fn is_beside(name: &str) -> bool {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.starts_with("__MACOSX/") || last.starts_with('.')
}

/// A member that may not unpack to more than the archive tells, because that was checked.
struct Capped<R> {
    member: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.member.read(buffer)?;
        let left = u64::try_from(count)
            .ok()
            .and_then(|count| self.left.checked_sub(count));
        self.left = left.ok_or_else(|| io::Error::other("unpacks to more than it tells"))?;
        Ok(count)
    }
}

/// Adds the member's name to what is rejected of it.
struct Named<'s> {
    name: &'s str,
    sink: &'s mut dyn StatementSink,
}

impl StatementSink for Named<'_> {
    fn entry(&mut self, entry: StatementEntry) {
        self.sink.entry(entry);
    }
    fn rejected(&mut self, row: RejectedRow) {
        let reason = format!("{} (in the member {})", row.reason, self.name);
        self.sink.rejected(RejectedRow { reason, ..row });
    }
    fn statement(&mut self, statement: Statement) {
        self.sink.statement(statement);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use ::zip::CompressionMethod;
    use ::zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;
    use crate::ingest::statements::testing::{Found, Numbers, fixtures};

    const CAMT: &str = "<Document><BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><IBAN>FR76</IBAN></Id>\
        <Ccy>EUR</Ccy></Acct><Ntry><Amt Ccy=\"EUR\">AMOUNT</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
        <Sts>BOOK</Sts><BookgDt><Dt>2026-11-17</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt>\
        </Document>";

    fn camt(amount: &str) -> Vec<u8> {
        CAMT.replace("AMOUNT", amount).into_bytes()
    }

    fn archive(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, content) in members {
            writer.start_file(*name, options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn found(bytes: Vec<u8>) -> Result<Found, Refusal> {
        let mut found = Found::default();
        read(Cursor::new(bytes), &mut found).map(|()| found)
    }

    fn amounts(found: &Found) -> Vec<i64> {
        let entries = found.entries().into_iter();
        entries
            .map(|entry| entry.amount.to_minor().unwrap())
            .collect()
    }

    #[test]
    fn the_statements_of_all_members_are_read_and_other_files_passed_over() {
        let mt940 = ":20:X\n:25:FR76\n:28C:1\n:60F:C261116EUR0,00\n:61:261117C3,00NTRFNONREF\n\
                     :86:caf\u{e9}\n:62F:C261117EUR3,00\n-\n";
        let latin_1 = encoding_rs::WINDOWS_1252.encode(mt940).0.into_owned();
        let read = found(archive(&[
            ("b/1.xml", camt("1.00")),
            ("__MACOSX/b/._1.xml", b"<junk".to_vec()),
            ("b/.DS_Store", b"<junk".to_vec()),
            ("readme.txt", b"two statements".to_vec()),
            ("a", camt("2.00")),
            ("c.sta", latin_1),
        ]))
        .unwrap();
        assert_eq!(amounts(&read), [100, 200, 300]);
        assert_eq!(read.entries()[2].remittance, "café");
    }

    #[test]
    fn one_bad_member_refuses_the_archive_by_its_name() {
        let cut = camt("1.00")[..200].to_vec();
        for (bad, says) in [
            (cut, "has the member b.xml that is cut off"),
            (b"<Report/>".to_vec(), "no camt.052"),
            (archive(&[("a.xml", camt("1"))]), "is a ZIP archive itself"),
        ] {
            let bytes = archive(&[("a.xml", camt("1.00")), ("b.xml", bad)]);
            let reason = found(bytes).unwrap_err().reason;
            assert!(reason.contains(says), "{reason}");
        }
    }

    #[test]
    fn a_rejected_row_names_its_member() {
        let read = found(archive(&[("a.xml", camt("1.00")), ("b.xml", camt("1O"))])).unwrap();
        assert_eq!(amounts(&read), [100]);
        let reason = &read.rejected[0].reason;
        assert!(reason.ends_with("(in the member b.xml)"), "{reason}");
    }

    #[test]
    fn an_archive_without_statements_is_refused() {
        for bytes in [archive(&[]), archive(&[("a.txt", b"hello".to_vec())])] {
            let reason = found(bytes).unwrap_err().reason;
            assert!(reason.contains("without any account statement"), "{reason}");
        }
    }

    #[test]
    fn a_member_that_unpacks_to_more_than_it_tells_is_refused() {
        let mut bytes = archive(&[("a.xml", camt("1.00"))]);
        let directory = bytes.windows(4).rposition(|four| four == b"PK\x01\x02");
        let at = directory.unwrap() + 24;
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        assert!(found(bytes).is_err());
    }

    #[test]
    fn workbooks_are_told_from_archives_by_their_members() {
        let is = |names: &[&str]| {
            let members: Vec<_> = names.iter().map(|name| (*name, vec![b'x'])).collect();
            is_workbook(Cursor::new(archive(&members)))
        };
        assert!(is(&["xl/workbook.xml", "[Content_Types].xml"]));
        assert!(is(&["mimetype", "content.xml"]));
        assert!(!is(&["a.xml", "b.xml"]));
        assert!(!is_workbook(Cursor::new(b"PK\x03\x04".to_vec())));
    }

    #[test]
    fn third_party_files_give_the_same_zipped_or_not() {
        let files = fixtures("camt");
        let files: Vec<_> = files
            .iter()
            .filter(|file| file.is_valid())
            .take(40)
            .collect();
        let mut entries = 0;
        let members = files
            .iter()
            .map(|file| (file.path.as_str(), file.bytes.clone()));
        for file in &files {
            let mut plain = Found::default();
            super::camt::read(&mut file.bytes.as_slice(), &mut plain).unwrap();
            entries += plain.entries().len();
        }
        if !files.is_empty() {
            let zipped = found(archive(&members.collect::<Vec<_>>())).unwrap();
            assert_eq!(zipped.entries().len(), entries);
        }
    }

    #[test]
    fn damaged_archives_never_panic() {
        let bytes = archive(&[("a.xml", camt("1.00")), ("b.xml", camt("2.00"))]);
        let mut numbers = Numbers(5);
        for _ in 0..400 {
            drop(found(
                numbers.damage(&bytes, b"PK\x01\x02\x03\x04\x05\x06\xff"),
            ));
        }
    }
}
