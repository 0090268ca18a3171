//! ZIP archives (an XLSX or ODS is one too) are checked before anything of them is unpacked.

use std::io::{Read, Seek};

use super::Refusal;
use crate::domain::file::bounded;

/// Members that an archive may have.
const MEMBERS_MAX: usize = 1_000;

/// Unpacked size of one member.
const MEMBER_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Unpacked size over packed size, of one member.
const RATIO_MAX: u64 = 200;

/// Checks an archive against the limits of the contract.
///
/// # Errors
/// When it is no archive or goes beyond a limit: the reason names the member.
pub(super) fn check(file: impl Read + Seek) -> Result<(), Refusal> {
    let mut archive = zip::ZipArchive::new(file).map_err(|error| {
        Refusal::new(format!(
            "is a damaged or truncated ZIP archive ({error}); ask for it again"
        ))
    })?;
    if archive.len() > MEMBERS_MAX {
        return Err(Refusal::new(format!(
            "is a ZIP archive of {} members, more than {MEMBERS_MAX}; unpack it by hand",
            archive.len()
        )));
    }
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|error| {
            Refusal::new(format!(
                "is a damaged ZIP archive ({error}); ask for it again"
            ))
        })?;
        let (size, packed) = (member.size(), member.compressed_size());
        let name = member
            .name()
            .map(|name| bounded(&name, 200))
            .unwrap_or_default();
        check_member(&name, size, packed)?;
    }
    Ok(())
}

/// Checks what an archive tells of one member.
///
/// # Errors
/// When it goes beyond a limit.
pub(super) fn check_member(name: &str, size: u64, packed: u64) -> Result<(), Refusal> {
    if size > MEMBER_BYTES_MAX {
        return Err(Refusal::new(format!(
            "has the member {name} of more than {} MiB; unpack it by hand",
            MEMBER_BYTES_MAX >> 20
        )));
    }
    if size > packed.saturating_mul(RATIO_MAX) {
        return Err(Refusal::new(format!(
            "has the member {name} that unpacks to more than {RATIO_MAX} times its size; unpack it \
             by hand if it is what you expect"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::CompressionMethod;
    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    /// An archive of members with their names and contents.
    fn archive<'m>(members: impl IntoIterator<Item = (String, &'m [u8])>) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        for (name, content) in members {
            writer.start_file(name, options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn empty_members(count: usize) -> Vec<u8> {
        archive((0..count).map(|number| (format!("m{number}"), &b""[..])))
    }

    #[track_caller]
    fn assert_refused(bytes: Vec<u8>, says: &[&str]) {
        let reason = check(Cursor::new(bytes)).unwrap_err().reason;
        for words in says {
            assert!(reason.contains(words), "«{words}» in «{reason}»");
        }
    }

    /// Changes the unpacked size that the archive's directory tells of its only member.
    fn telling_size(mut bytes: Vec<u8>, size: u32) -> Vec<u8> {
        let directory = bytes
            .windows(4)
            .rposition(|four| four == b"PK\x01\x02")
            .unwrap();
        bytes[directory + 24..directory + 28].copy_from_slice(&size.to_le_bytes());
        bytes
    }

    #[test]
    fn an_ordinary_archive_passes() {
        let bytes = archive([("statement.xml".to_owned(), &b"<Document/>"[..])]);
        assert!(check(Cursor::new(bytes)).is_ok());
    }

    #[test]
    fn a_thousand_members_pass_and_one_more_is_refused() {
        assert!(check(Cursor::new(empty_members(1_000))).is_ok());
        assert_refused(empty_members(1_001), &["1001 members", "more than 1000"]);
    }

    #[test]
    fn a_member_that_unpacks_to_too_much_is_refused_by_name() {
        let zeros = vec![0_u8; 1024 * 1024];
        let bytes = archive([("bomb.csv".to_owned(), zeros.as_slice())]);
        assert_refused(
            bytes,
            &["bomb.csv", "more than 200 times", "unpack it by hand"],
        );
    }

    #[test]
    fn a_member_over_512_mib_is_refused_before_it_is_unpacked() {
        let bytes = archive([("big.csv".to_owned(), &b"a,b\n"[..])]);
        let told = telling_size(bytes, 512 * 1024 * 1024 + 1);
        assert_refused(told, &["big.csv", "more than 512 MiB"]);
    }

    #[test]
    fn a_truncated_archive_is_refused() {
        let mut bytes = archive([("a.csv".to_owned(), &b"a,b\n1,2\n"[..])]);
        bytes.truncate(bytes.len() - 10);
        assert_refused(bytes, &["damaged or truncated ZIP", "ask for it again"]);
        assert_refused(b"PK\x03\x04 and nothing else".to_vec(), &["ZIP"]);
    }
}
