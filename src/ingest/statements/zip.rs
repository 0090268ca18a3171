//! A ZIP archive of statements, as EBICS delivers them: one file with several inside.
//!
//! It is one file for everything that counts files: all its statements are taken, or it is
//! refused. A refusal and a rejected row name the member.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use ::zip::ZipArchive;
use ::zip::result::ZipError;

use super::camt;
use super::format::{StatementFormat, read_text, recognise_head};
use crate::domain::file::{RejectedRow, bounded};
use crate::domain::statement::{Statement, StatementEntry, StatementSink};
use crate::ingest::text::{self, HEAD_BYTES, Look};
use crate::ingest::{Refusal, archive};

/// Bytes of a member's name that are repeated.
const NAME_BYTES_MAX: usize = 200;

/// Unpacked size of a member of an archive that has several of one name.
const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;

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
    let statements = if archive.has_duplicate_names() {
        read_by_place(archive.into_inner(), sink)?
    } else {
        read_by_name(&mut archive, sink)?
    };
    if statements == 0 {
        return Err(Refusal::new(
            "is a ZIP archive without any account statement; ask the bank for the file again",
        ));
    }
    Ok(())
}

/// Reads the members of an archive that has one of each name, and counts the statements.
fn read_by_name(
    archive: &mut ZipArchive<impl Read + Seek>,
    sink: &mut dyn StatementSink,
) -> Result<u32, Refusal> {
    let mut statements = 0_u32;
    for index in 0..archive.len() {
        let (name, is_file) = {
            let member = archive
                .by_index_raw(index)
                .map_err(|error| damaged(&error))?;
            let name = member.name().map(|name| bounded(&name, NAME_BYTES_MAX));
            (name.unwrap_or_default(), member.is_file())
        };
        if is_file && !is_beside(&name) {
            let mut member = Listed { archive, index };
            statements = statements.saturating_add(read_named(&mut member, &name, sink)?);
        }
    }
    Ok(statements)
}

/// Reads the members of an archive that has several of one name, one behind the other, and counts
/// the statements. The directory of an archive is looked up by name and gives one of them only.
fn read_by_place(mut file: impl Read + Seek, sink: &mut dyn StatementSink) -> Result<u32, Refusal> {
    let told = members_told(&mut file)?;
    file.rewind()?;
    let (mut statements, mut members) = (0_u32, 0_u64);
    while let Some(member) =
        ::zip::read::read_zipfile_from_stream(&mut file).map_err(|error| damaged(&error))?
    {
        members = members.saturating_add(1);
        let name = member.name().map(|name| bounded(&name, NAME_BYTES_MAX));
        let name = name.unwrap_or_default();
        archive::check_member(&name, member.size(), member.compressed_size())?;
        if !member.is_file() || is_beside(&name) {
            continue;
        }
        let mut bytes = Vec::new();
        let limit = UNPACKED_BYTES_MAX.saturating_add(1);
        member.take(limit).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|size| size == limit) {
            return Err(Refusal::new(format!(
                "has several members of one name, of which {name} has more than {} MiB; unpack it \
                 by hand",
                UNPACKED_BYTES_MAX >> 20
            )));
        }
        statements = statements.saturating_add(read_named(&mut Unpacked(bytes), &name, sink)?);
    }
    // What lies between members and is in no directory was deleted from the archive.
    if members != told {
        return Err(Refusal::new(
            "is a ZIP archive that holds members beside those of its directory; unpack it by hand",
        ));
    }
    Ok(statements)
}

/// How many members the end of an archive tells.
fn members_told(file: &mut (impl Read + Seek)) -> Result<u64, Refusal> {
    let mut end = [0; 22];
    file.seek(SeekFrom::End(-22))?;
    file.read_exact(&mut end)?;
    match end {
        [b'P', b'K', 5, 6, _, _, _, _, _, _, low, high, ..] => {
            Ok(u64::from(u16::from_le_bytes([low, high])))
        }
        _ => Err(Refusal::new(
            "is a ZIP archive with several members of one name and a comment; unpack it by hand",
        )),
    }
}

/// What a member is read from, as often as it takes to tell what it is.
trait Member {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refusal>;
}

/// A member of an archive that is read where it lies.
struct Listed<'a, R> {
    archive: &'a mut ZipArchive<R>,
    index: usize,
}

impl<R: Read + Seek> Member for Listed<'_, R> {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refusal> {
        let member = self.archive.by_index(self.index);
        let member = member.map_err(|error| damaged(&error))?;
        let left = member.size();
        Ok(Box::new(Capped { member, left }))
    }
}

/// A member in memory.
struct Unpacked(Vec<u8>);

impl Member for Unpacked {
    fn open(&mut self) -> Result<Box<dyn Read + '_>, Refusal> {
        Ok(Box::new(self.0.as_slice()))
    }
}

/// Reads a member under its name; 0 when it is no statement, else 1.
fn read_named(
    member: &mut dyn Member,
    name: &str,
    sink: &mut dyn StatementSink,
) -> Result<u32, Refusal> {
    let in_member =
        |Refusal { reason }| Refusal::new(format!("has the member {name} that {reason}"));
    let read = read_member(member, &mut Named { name, sink });
    read.map(u32::from).map_err(in_member)
}

/// Reads one member; false when it is no statement.
fn read_member(member: &mut dyn Member, sink: &mut dyn StatementSink) -> Result<bool, Refusal> {
    let mut head = Vec::new();
    let head_bytes = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
    member.open()?.take(head_bytes).read_to_end(&mut head)?;
    if head.starts_with(b"PK\x03\x04") {
        return Err(Refusal::new("is a ZIP archive itself; unpack it by hand"));
    }
    if camt::identify(&head) == camt::XmlKind::Camt {
        camt::read(&mut BufReader::new(member.open()?), sink)?;
        return Ok(true);
    }
    let look = text::look_through(&mut member.open()?)?;
    let Some(format) = recognise_head(&look.head, &head_text(&look)) else {
        return Ok(false);
    };
    let mut input = BufReader::new(text::decoded(member.open()?, &look));
    read_text(&format, &mut input, sink)?;
    Ok(format != StatementFormat::Zip)
}

fn head_text(look: &Look) -> String {
    look.encoding.decode(&look.head).0.into_owned()
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

    /// An archive of members that were called a, b and so on, and are all called a now.
    fn of_one_name(members: &[Vec<u8>]) -> Vec<u8> {
        let names = ["stmt-a.xml", "stmt-b.xml", "stmt-c.xml"];
        let members: Vec<_> = names.into_iter().zip(members.iter().cloned()).collect();
        let mut bytes = archive(&members);
        for name in names {
            while let Some(at) = bytes.windows(10).position(|it| it == name.as_bytes()) {
                bytes[at..at + 10].copy_from_slice(b"stmt-0.xml");
            }
        }
        bytes
    }

    #[test]
    fn members_of_one_name_are_all_read_by_their_places() {
        let bytes = of_one_name(&[camt("1.00"), camt("2.00"), camt("1O")]);
        let read = found(bytes.clone()).unwrap();
        assert_eq!(amounts(&read), [100, 200]);
        assert!(
            read.rejected[0]
                .reason
                .contains("(in the member stmt-0.xml)")
        );
        // One that the directory does not tell was deleted.
        let mut fewer = bytes;
        let end = fewer.len() - 22;
        fewer[end + 8] = 2;
        fewer[end + 10] = 2;
        assert!(found(fewer).is_err());
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
