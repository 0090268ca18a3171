//! `manifest.json`: what a report consists of, and what it rests on.
//!
//! It is written last, names every other file of the folder with its SHA-256, and the manifest of the
//! recorded night before with its own: whoever has one of them can tell whether any report up to then
//! was changed afterwards. Nothing in it is of the machine or the hour.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::ReportError;
use crate::domain::hex::hex;
use crate::domain::outcome::{CountedInput, ReportData};
use crate::files;

/// The name of the file.
pub const FILE_NAME: &str = "manifest.json";

/// Bytes of a file that are read together.
const READ_BYTES: usize = 1 << 16;

#[derive(Serialize)]
struct Manifest<'m> {
    as_of: NaiveDate,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    rules: &'m str,
    files: BTreeMap<String, String>,
    inputs: &'m [CountedInput],
    previous: Option<&'m str>,
}

/// What of a manifest is compared with the folder that it lies in.
#[derive(Debug, Deserialize)]
struct Claim {
    files: BTreeMap<String, String>,
    previous: Option<String>,
}

/// Writes the manifest of the files in a folder, and gives its own SHA-256.
pub(super) fn write(folder: &Path, data: &ReportData) -> Result<String, ReportError> {
    let path = folder.join(FILE_NAME);
    let range = data.scope.range;
    let manifest = Manifest {
        as_of: data.scope.as_of,
        from: range.map(|(from, _)| from),
        to: range.map(|(_, to)| to),
        rules: &data.basis.rules,
        files: hashes(folder).map_err(|error| ReportError::new("read", folder, error))?,
        inputs: &data.basis.inputs,
        previous: data.basis.previous.as_deref(),
    };
    let failed = |error| ReportError::new("write", &path, error);
    let mut bytes = serde_json::to_vec_pretty(&manifest).map_err(|error| failed(error.into()))?;
    bytes.push(b'\n');
    let mut file = files::create_new(&path).map_err(failed)?;
    file.write_all(&bytes)
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    Ok(hex(&Sha256::digest(&bytes)))
}

/// SHA-256 of each file of a folder but its manifest.
fn hashes(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != FILE_NAME {
            all.insert(name, hash(&entry.path())?);
        }
    }
    Ok(all)
}

fn hash(path: &Path) -> io::Result<String> {
    let mut file = BufReader::with_capacity(READ_BYTES, File::open(path)?);
    let mut hash = Sha256::new();
    loop {
        let bytes = file.fill_buf()?;
        if bytes.is_empty() {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(bytes);
        let count = bytes.len();
        file.consume(count);
    }
}

/// A report folder that is what its manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// SHA-256 of the manifest.
    pub manifest: String,
    /// The manifest of the night before, as it is named there.
    pub previous: Option<String>,
    /// How many files it names.
    pub files: usize,
}

/// Compares a report folder with its manifest; the error is a sentence about the first file that
/// does not fit.
///
/// # Errors
/// When a file is missing, has other bytes, or is not named.
pub fn verify(folder: &Path) -> Result<Verified, String> {
    let shown = |name: &str| folder.join(name).display().to_string();
    let own = shown(FILE_NAME);
    let bytes = fs::read(folder.join(FILE_NAME)).map_err(|error| format!("{own}: {error}"))?;
    let claim: Claim = serde_json::from_slice(&bytes)
        .map_err(|error| format!("{own} is no manifest of a report ({error})"))?;
    for (name, sha256) in &claim.files {
        let is_plain = Path::new(name).file_name() == Some(name.as_ref());
        if !is_plain {
            return Err(format!(
                "{own} names {name:?}, which is no file of a report"
            ));
        }
        let found =
            hash(&folder.join(name)).map_err(|error| format!("{}: {error}", shown(name)))?;
        if found != *sha256 {
            return Err(format!(
                "{} has the SHA-256 {found}, and its manifest says {sha256}: it was changed after it \
                 was written",
                shown(name)
            ));
        }
    }
    let there = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = there
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    if let Some(name) =
        (names.iter()).find(|name| *name != FILE_NAME && !claim.files.contains_key(*name))
    {
        return Err(format!(
            "{} is named by no manifest: it was added after the report was written",
            shown(name)
        ));
    }
    Ok(Verified {
        manifest: hex(&Sha256::digest(&bytes)),
        previous: claim.previous,
        files: claim.files.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn folder_with(files: &[(&str, &str)]) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let manifest = write(folder.path(), &sample::report_data()).unwrap();
        (folder, manifest)
    }

    #[test]
    fn a_folder_is_what_its_manifest_says_until_a_byte_of_it_changes() {
        let (folder, manifest) = folder_with(&[("a.csv", "1"), ("b.csv", "2")]);
        let at = |name: &str| folder.path().join(name);
        let verified = verify(folder.path()).unwrap();
        assert_eq!((verified.manifest, verified.files), (manifest, 2));
        fs::write(at("b.csv"), "3").unwrap();
        assert!(
            verify(folder.path())
                .unwrap_err()
                .contains("b.csv has the SHA-256")
        );
        fs::rename(at("b.csv"), at("c.csv")).unwrap();
        assert!(verify(folder.path()).unwrap_err().contains("b.csv"));
        fs::write(at("b.csv"), "2").unwrap();
        fs::write(at("c.csv"), "").unwrap();
        assert!(
            verify(folder.path())
                .unwrap_err()
                .contains("c.csv is named by no manifest")
        );
    }

    #[test]
    fn a_manifest_leads_to_no_other_folder() {
        let (folder, _) = folder_with(&[]);
        for name in ["../a.csv", "/a.csv", "..", ""] {
            let text = serde_json::json!({ "files": { name: "0" }, "previous": null });
            fs::write(folder.path().join(FILE_NAME), text.to_string()).unwrap();
            assert!(
                verify(folder.path())
                    .unwrap_err()
                    .contains("no file of a report"),
                "{name}"
            );
        }
    }
}
