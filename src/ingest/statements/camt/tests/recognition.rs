use super::{XmlKind, camt053, identify};

#[test]
fn a_file_is_recognised_by_its_elements_and_their_namespaces_only() {
    let other = |name: &str| XmlKind::OtherXml(name.to_owned());
    for (head, kind) in [
        (camt053("").as_str(), XmlKind::Camt),
        ("\u{feff} <BkToCstmrAcctRpt>", XmlKind::Camt),
        (
            "<d:Document xmlns:d='urn:iso:std:iso:20022:tech:xsd:camt.054.001.02'/>",
            XmlKind::Camt,
        ),
        (
            "<B xmlns:h='urn:iso:std:iso:20022:tech:xsd:head.001.001.01'><h:AppHdr/><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.052.001.08'>",
            XmlKind::Camt,
        ),
        (
            "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.055.001.09'><x/>",
            other("camt.055.001.09"),
        ),
        (
            "<Document xsi:schemaLocation='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'><!-- camt.053 --><x/>",
            other("Document"),
        ),
        ("<?xml version='1.0'?><OFX><SIGNONMSGSRSV1>", other("OFX")),
        ("<!DOCTYPE html><html><body>", other("html")),
        ("<?xml version='1.0'?>", other("")),
        (":20:STARTUMS", XmlKind::NotXml),
        ("OFXHEADER:100\n<OFX>", XmlKind::NotXml),
        ("", XmlKind::NotXml),
        ("<", XmlKind::NotXml),
    ] {
        assert_eq!(identify(head.as_bytes()), kind, "{head}");
    }
}
