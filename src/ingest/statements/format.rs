//! Which format a statement is in, told from its content, and the reader for each.

use std::io::{BufRead, BufReader};

use super::camt::{self, XmlKind};
use super::{cfonb120, coda, mt940, norma43, ofx, zip};
use crate::domain::statement::StatementSink;
use crate::ingest::Refusal;
use crate::ingest::open_file::OpenFile;

/// A format that is no table. Tables (CSV, XLSX) are read through a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementFormat {
    /// camt.052, camt.053 or camt.054.
    Camt,
    /// XML of another kind, with its name where it has one.
    OtherXml(String),
    /// MT940 or MT942.
    Mt940,
    /// OFX 1 or 2.
    Ofx,
    /// CFONB120.
    Cfonb120,
    /// Norma 43.
    Norma43,
    /// CODA.
    Coda,
    /// A ZIP archive of statements.
    Zip,
}

impl StatementFormat {
    /// What it is called.
    pub fn words(&self) -> &str {
        match self {
            Self::Camt => "a camt statement",
            Self::OtherXml(_) => "XML of another kind",
            Self::Mt940 => "MT940 or MT942",
            Self::Ofx => "OFX",
            Self::Cfonb120 => "CFONB 120",
            Self::Norma43 => "Norma 43",
            Self::Coda => "CODA",
            Self::Zip => "a ZIP archive of statements",
        }
    }
}

/// The format of a file; `None` for what is no statement, or may be a table.
pub fn recognise(opened: &OpenFile) -> Option<StatementFormat> {
    if opened.is_archive() {
        let is_workbook = opened.archive().is_ok_and(zip::is_workbook);
        return (!is_workbook).then_some(StatementFormat::Zip);
    }
    recognise_head(&opened.survey().head, &opened.survey().head_text())
}

/// The format of what begins so, as bytes and as text.
pub(super) fn recognise_head(head: &[u8], text: &str) -> Option<StatementFormat> {
    match camt::identify(head) {
        XmlKind::Camt => return Some(StatementFormat::Camt),
        XmlKind::OtherXml(name) if !ofx::is_format(text) => {
            return Some(StatementFormat::OtherXml(name));
        }
        XmlKind::OtherXml(_) | XmlKind::NotXml => {}
    }
    if ofx::is_format(text) {
        Some(StatementFormat::Ofx)
    } else if mt940::is_format(text) {
        Some(StatementFormat::Mt940)
    } else if coda::is_format(text) {
        Some(StatementFormat::Coda)
    } else if cfonb120::is_format(text) {
        Some(StatementFormat::Cfonb120)
    } else if norma43::is_format(text) {
        Some(StatementFormat::Norma43)
    } else {
        None
    }
}

/// Reads a file of a recognised format and hands what it finds to `sink`.
///
/// # Errors
/// The whole file is refused, and what was handed over counts for nothing.
pub fn read(
    format: &StatementFormat,
    opened: &OpenFile,
    sink: &mut dyn StatementSink,
) -> Result<(), Refusal> {
    match format {
        StatementFormat::Zip => zip::read(opened.archive()?, sink),
        StatementFormat::Camt => {
            // XML names its own encoding.
            let mut input = BufReader::new(opened.bytes());
            camt::read(&mut input, sink)
        }
        StatementFormat::OtherXml(_)
        | StatementFormat::Mt940
        | StatementFormat::Ofx
        | StatementFormat::Cfonb120
        | StatementFormat::Norma43
        | StatementFormat::Coda => {
            let mut input = BufReader::new(opened.text(None));
            read_text(format, &mut input, sink)
        }
    }
}

/// Reads a statement of any format but ZIP and camt from its text in UTF-8.
pub(super) fn read_text(
    format: &StatementFormat,
    input: &mut dyn BufRead,
    sink: &mut dyn StatementSink,
) -> Result<(), Refusal> {
    match format {
        StatementFormat::Camt => camt::read(input, sink),
        StatementFormat::Mt940 => mt940::read(input, sink),
        StatementFormat::Ofx => ofx::read(input, sink),
        StatementFormat::OtherXml(what) => Err(Refusal::new(format!(
            "is XML, but no camt.052, camt.053 or camt.054 ({what}); \
             ask the bank for account statements"
        ))),
        StatementFormat::Zip => Err(Refusal::new(
            "is a ZIP archive inside another one; unpack it by hand",
        )),
        StatementFormat::Cfonb120 => cfonb120::read(input, sink),
        StatementFormat::Norma43 => norma43::read(input, sink),
        StatementFormat::Coda => coda::read(input, sink),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(head: &str) -> Option<StatementFormat> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, head).unwrap();
        recognise(&OpenFile::open(&path, u64::MAX).unwrap())
    }

    #[test]
    fn formats_are_told_from_their_first_lines() {
        use StatementFormat::{Camt, Mt940, Ofx, OtherXml, Zip};
        for (head, expected) in [
            ("{1:F01BANK}{4:\n:20:X\n", Mt940),
            ("\r\n:20:STMT\r\n:25:FR76", Mt940),
            ("some words\n\n:20:STMT\n", Mt940),
            ("@@:20:STMT@@:25:FR76", Mt940),
            ("OFXHEADER:100\n", Ofx),
            ("<OFX><SIGNONMSGSRSV1>", Ofx),
            ("<?xml version=\"1.0\"?><?OFX X?><OFX>", Ofx),
            ("<Document><BkToCstmrStmt>", Camt),
            ("<Report>", OtherXml("Report".to_owned())),
            ("PK\u{3}\u{4}rest", Zip),
        ] {
            assert_eq!(told(head), Some(expected), "{head:?}");
        }
        for (begins, width, expected) in [
            ("0130004    00001EUR2", 120, StatementFormat::Cfonb120),
            ("11004912340200051403", 80, StatementFormat::Norma43),
            (
                "0000001112600005        12345678",
                128,
                StatementFormat::Coda,
            ),
        ] {
            assert_eq!(told(&format!("{begins:<width$}")), Some(expected));
        }
        for other in ["Date;Montant\n", "0130004,1\n", "hello", ""] {
            assert_eq!(told(other), None, "{other:?}");
        }
    }
}
