use super::{XmlKind, camt053, entry, found, identify};

fn with_name(name: &str) -> String {
    let rest = format!(
        "<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties></TxDtls></NtryDtls>"
    );
    camt053(&entry("1", "CRDT", &rest))
}

fn name_in(bytes: &[u8]) -> String {
    assert_eq!(identify(bytes), XmlKind::Camt);
    found(bytes).unwrap().entries()[0].counterparty.clone()
}

/// The text in an encoding whose first 256 characters are Unicode's.
fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

#[test]
fn utf_8_is_read_with_and_without_mark_and_declaration() {
    let xml = with_name("Čés & Söhne".replace('&', "&amp;").as_str());
    for before in [
        "",
        "\u{feff}",
        "<?xml version='1.0' encoding='utf-8' ?>\r\n",
        " \n\t",
    ] {
        assert_eq!(name_in(format!("{before}{xml}").as_bytes()), "Čés & Söhne");
    }
}

#[test]
fn utf_16_is_read_by_its_mark_or_its_pattern() {
    let xml = format!("<?xml version='1.0' encoding='UTF-16'?>{}", with_name("Čé"));
    for mark in ["", "\u{feff}"] {
        let units = || mark.encode_utf16().chain(xml.encode_utf16());
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        assert_eq!(name_in(&little), "Čé");
        assert_eq!(name_in(&big), "Čé");
    }
}

#[test]
fn latin_1_is_read_when_declared_and_when_utf_8_is_declared_wrongly() {
    let xml = with_name("Müller & Frères".replace('&', "&amp;").as_str());
    for label in [
        "ISO-8859-1",
        "iso-8859-1",
        "windows-1252",
        "UTF-8",
        "UTF-16",
    ] {
        let xml = format!("<?xml version=\"1.0\" encoding=\"{label}\"?>{xml}");
        assert_eq!(name_in(&latin1(&xml)), "Müller & Frères", "{label}");
    }
    assert_eq!(name_in(&latin1(&xml)), "Müller & Frères");
}

#[test]
fn an_unknown_encoding_is_refused_by_name() {
    let xml = format!("<?xml version='1.0' encoding='cp850'?>{}", with_name("x"));
    assert_eq!(identify(xml.as_bytes()), XmlKind::Camt);
    let reason = found(xml.as_bytes()).unwrap_err().reason;
    assert!(
        reason.contains("\"cp850\"") && reason.contains("UTF-8"),
        "{reason}"
    );
}

#[test]
fn input_that_arrives_byte_by_byte_reads_the_same() {
    struct Drip<'a>(&'a [u8]);
    impl std::io::Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let end = buffer.len().min(1);
            self.0.read(&mut buffer[..end])
        }
    }
    let xml = with_name("Čé€𝄞");
    let mut input = std::io::BufReader::with_capacity(1, Drip(xml.as_bytes()));
    let mut sink = super::Found::default();
    super::read(&mut input, &mut sink).unwrap();
    assert_eq!(sink.entries()[0].counterparty, "Čé€𝄞");
}
