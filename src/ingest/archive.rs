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
        if size > MEMBER_BYTES_MAX {
            return Err(Refusal::new(format!(
                "has the member {name} of more than {} MiB; unpack it by hand",
                MEMBER_BYTES_MAX >> 20
            )));
        }
        if size > packed.saturating_mul(RATIO_MAX) {
            return Err(Refusal::new(format!(
                "has the member {name} that unpacks to more than {RATIO_MAX} times its size; \
                 unpack it by hand if it is what you expect"
            )));
        }
    }
    Ok(())
}
