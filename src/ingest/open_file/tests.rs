use std::path::PathBuf;

use super::*;

/// A file of some bytes, and its folder.
fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn open(path: &Path) -> OpenFile {
    OpenFile::open(path, u64::MAX).unwrap()
}

fn read(bytes: &[u8]) -> (OpenFile, String) {
    let (_folder, path) = written(bytes);
    let opened = open(&path);
    let mut text = Vec::new();
    opened.text(None).read_to_end(&mut text).unwrap();
    (opened, String::from_utf8(text).unwrap())
}

/// More than is read into memory, in lines.
fn large() -> Vec<u8> {
    let line = b"2026-11-20;FR7630006000011234567890189;100.00;EUR\n";
    let lines = usize::try_from(IN_MEMORY_BYTES_MAX)
        .unwrap()
        .div_ceil(line.len());
    line.repeat(lines + 9)
}

/// What is wrong once all of an opened file was read, after something was done to it.
fn after(bytes: &[u8], act: impl FnOnce(&Path)) -> Result<(), Unread> {
    let (_folder, path) = written(bytes);
    let opened = open(&path);
    act(&path);
    drop(opened.text(None).read_to_end(&mut Vec::new()));
    opened.check()
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
    for bytes in [
        b"a;\xe9\n".as_slice(),
        &packed,
        &long,
        b"",
        b" \n",
        &large(),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let opened = [OpenFile::glance(&path), OpenFile::open(&path, 0)];
        let told = opened.map(|it| {
            let it = it.unwrap().survey.as_ref().clone();
            (it.head, it.encoding, it.compressed, it.size_bytes, it.blank)
        });
        assert_eq!(told[0], told[1]);
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
    let damage = open(cut.path()).survey.damage.clone().unwrap();
    assert!(damage.contains("truncated"), "{damage}");
}

#[test]
fn white_space_is_blank_and_the_hash_is_of_the_bytes_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("blank.csv");
    std::fs::write(&path, b"\xef\xbb\xbf \r\n\t\n").unwrap();
    assert!(open(&path).survey.blank);
    std::fs::write(&path, b"abc").unwrap();
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(open(&path).survey.sha256, hash);
}

#[test]
fn a_file_that_is_replaced_is_read_as_it_was_when_it_was_opened() {
    for bytes in [b"one".to_vec(), large()] {
        let (folder, path) = written(&bytes);
        let opened = open(&path);
        let other = folder.path().join("other");
        std::fs::write(&other, b"two").unwrap();
        std::fs::rename(&other, &path).unwrap();
        let mut read = Vec::new();
        opened.text(None).read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
    }
}

#[test]
fn a_large_file_that_changes_while_it_is_read_is_unread() {
    let file = |path: &Path| File::options().write(true).open(path).unwrap();
    let changed = Err(Unread::changed());
    let grows = |path: &Path| {
        let mut file = File::options().append(true).open(path).unwrap();
        file.write_all(b"2026-11-21;x\n").unwrap();
    };
    assert_eq!(after(&large(), |_| ()), Ok(()));
    assert_eq!(after(&large(), grows), changed);
    assert_eq!(
        after(&large(), |path| file(path).set_len(20_000_000).unwrap()),
        changed
    );
    assert_eq!(
        after(&large(), |path| file(path).set_len(9).unwrap()),
        changed
    );
    assert_eq!(
        after(&large(), |path| std::fs::rename(
            path,
            path.with_extension("away")
        )
        .unwrap()),
        changed
    );
    let one_byte = |path: &Path| file(path).write_all(b"3").unwrap();
    assert_eq!(after(&large(), one_byte), changed);
    let packed = gzip(&format!(
        "{:?}",
        large().chunks(3).rev().collect::<Vec<_>>()
    ));
    assert_eq!(after(&packed, |_| ()), Ok(()));
}

#[test]
fn a_change_that_leaves_no_trace_in_the_times_is_seen_in_the_bytes() {
    let (_folder, path) = written(&large());
    let opened = open(&path);
    let Content::Shared(shared) = &opened.content else {
        panic!("it is in memory");
    };
    let other = Arc::new(Shared {
        first: shared.first.map(|first| Reading { hash: 0, ..first }),
        ..Shared::new(shared.file.try_clone().unwrap(), None)
    });
    let opened = OpenFile {
        content: Content::Shared(other),
        ..opened.clone()
    };
    // A reader that does not go to the end changes nothing of it.
    opened.text(None).read_exact(&mut [0; 100]).unwrap();
    assert_eq!(opened.check(), Err(Unread::changed()));
}

#[test]
fn a_large_archive_is_read_from_a_copy_of_its_own() {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(large());
    let (_folder, path) = written(&bytes);
    let opened = open(&path);
    std::fs::write(&path, "").unwrap();
    let mut archive = opened.archive().unwrap();
    archive.seek(SeekFrom::End(-4)).unwrap();
    let mut end = String::new();
    archive.read_to_string(&mut end).unwrap();
    assert_eq!(end, "EUR\n");
}

#[cfg(unix)]
#[test]
fn what_became_a_pipe_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    assert!(OpenFile::open(&path, u64::MAX).is_err());
}
