//! DATEV's EXTF, Buchungsstapel: header, titles, then one posting between two accounts a line.
//!
//! An entry becomes a posting for each line behind its first: *Konto* is the first line's account,
//! *Gegenkonto* the other's, and *S* or *H* is seen from *Konto*. The clearing account thus gets
//! gross on one side and the commission on the other, and has net.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::ExportError;
use super::ledger::{Ledger, comma};
use super::model::{Entry, Journal, Line};
use super::naming::Chart;
use super::text::{Tongue, ascii, cut, encoded, plain, told};
use crate::domain::Amount;
use crate::domain::accounts::AccountSettings;

/// The titles of format version 13.
const TITLES: &str = "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Kurs;Basis-Umsatz;WKZ \
    Basis-Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);BU-Schlüssel;Belegdatum;Belegfeld \
    1;Belegfeld 2;Skonto;Buchungstext;Postensperre;Diverse \
    Adressnummer;Geschäftspartnerbank;Sachverhalt;Zinssperre;Beleglink;Beleginfo - Art \
    1;Beleginfo - Inhalt 1;Beleginfo - Art 2;Beleginfo - Inhalt 2;Beleginfo - Art \
    3;Beleginfo - Inhalt 3;Beleginfo - Art 4;Beleginfo - Inhalt 4;Beleginfo - Art \
    5;Beleginfo - Inhalt 5;Beleginfo - Art 6;Beleginfo - Inhalt 6;Beleginfo - Art \
    7;Beleginfo - Inhalt 7;Beleginfo - Art 8;Beleginfo - Inhalt 8;KOST1 - \
    Kostenstelle;KOST2 - Kostenstelle;Kost-Menge;EU-Land u. UStID \
    (Bestimmung);EU-Steuersatz (Bestimmung);Abw. Versteuerungsart;Sachverhalt \
    L+L;Funktionsergänzung L+L;BU 49 Hauptfunktionstyp;BU 49 Hauptfunktionsnummer;BU 49 \
    Funktionsergänzung;Zusatzinformation - Art 1;Zusatzinformation- Inhalt \
    1;Zusatzinformation - Art 2;Zusatzinformation- Inhalt 2;Zusatzinformation - Art \
    3;Zusatzinformation- Inhalt 3;Zusatzinformation - Art 4;Zusatzinformation- Inhalt \
    4;Zusatzinformation - Art 5;Zusatzinformation- Inhalt 5;Zusatzinformation - Art \
    6;Zusatzinformation- Inhalt 6;Zusatzinformation - Art 7;Zusatzinformation- Inhalt \
    7;Zusatzinformation - Art 8;Zusatzinformation- Inhalt 8;Zusatzinformation - Art \
    9;Zusatzinformation- Inhalt 9;Zusatzinformation - Art 10;Zusatzinformation- Inhalt \
    10;Zusatzinformation - Art 11;Zusatzinformation- Inhalt 11;Zusatzinformation - Art \
    12;Zusatzinformation- Inhalt 12;Zusatzinformation - Art 13;Zusatzinformation- Inhalt \
    13;Zusatzinformation - Art 14;Zusatzinformation- Inhalt 14;Zusatzinformation - Art \
    15;Zusatzinformation- Inhalt 15;Zusatzinformation - Art 16;Zusatzinformation- Inhalt \
    16;Zusatzinformation - Art 17;Zusatzinformation- Inhalt 17;Zusatzinformation - Art \
    18;Zusatzinformation- Inhalt 18;Zusatzinformation - Art 19;Zusatzinformation- Inhalt \
    19;Zusatzinformation - Art 20;Zusatzinformation- Inhalt \
    20;Stück;Gewicht;Zahlweise;Forderungsart;Veranlagungsjahr;Zugeordnete \
    Fälligkeit;Skontotyp;Auftragsnummer;Buchungstyp;USt-Schlüssel (Anzahlungen);EU-Land \
    (Anzahlungen);Sachverhalt L+L (Anzahlungen);EU-Steuersatz (Anzahlungen);Erlöskonto \
    (Anzahlungen);Herkunft-Kz;Buchungs \
    GUID;KOST-Datum;SEPA-Mandatsreferenz;Skontosperre;Gesellschaftername;Beteiligtennummer;Identifikationsnummer;Zeichnernummer;Postensperre \
    bis;Bezeichnung SoBil-Sachverhalt;Kennzeichen \
    SoBil-Buchung;Festschreibung;Leistungsdatum;Datum Zuord. \
    Steuerperiode;Fälligkeit;Generalumkehr \
    (GU);Steuersatz;Land;Abrechnungsreferenz;BVV-Position;EU-Land u. UStID \
    (Ursprung);EU-Steuersatz (Ursprung);Abw. Skontokonto";

/// Fields of a posting.
const FIELDS: usize = 125;

/// Ends each line.
const LINE_END: &str = "\r\n";

const REFERENCE_CHARS_MAX: usize = 36;
const TEXT_CHARS_MAX: usize = 60;
const INFO_CHARS_MAX: usize = 210;
const TITLE_CHARS_MAX: usize = 30;

/// Digits before the comma of an amount.
const WHOLE_DIGITS_MAX: usize = 10;

/// The field that says whether a posting is locked, from 1.
const LOCKED: usize = 114;

pub(super) fn render(
    journal: &Journal,
    settings: &AccountSettings,
) -> Result<Vec<u8>, ExportError> {
    let writer = Writer {
        ledger: Ledger::new(journal, settings)?,
        chart: Chart::new(&settings.datev.accounts, journal, str::to_owned),
    };
    let mut text = header(journal, settings, &writer.ledger)?;
    text.push_str(TITLES);
    text.push_str(LINE_END);
    for entry in &journal.entries {
        writer.entry(entry, &mut text)?;
    }
    Ok(encoded(&text, encoding_rs::WINDOWS_1252))
}

/// The days of the header: all of them in the financial year of the postings.
///
/// Days of other years are left out as long as nothing is booked on them.
fn days(
    journal: &Journal,
    settings: &AccountSettings,
) -> Result<(NaiveDate, NaiveDate, NaiveDate), ExportError> {
    let year = settings.financial_year;
    let first = journal
        .entries
        .first()
        .map_or(journal.to, |entry| entry.date);
    let last = journal
        .entries
        .last()
        .map_or(journal.to, |entry| entry.date);
    let (starts, ends) = (year.start_of(first), year.end_of(first));
    if ends < last {
        return Err(ExportError(format!(
            "an EXTF file holds one financial year, and the entries are of two: that of {first} \
             ends on {ends}; export --from {} --to {ends} and the rest apart, or set \
             `financial_year` in [accounts]",
            journal.from
        )));
    }
    Ok((starts, journal.from.max(starts), journal.to.min(ends)))
}

/// Line 1: 31 fields. Its time of making is the as-of date, so that the same journal gives the same
/// bytes.
fn header(
    journal: &Journal,
    settings: &AccountSettings,
    ledger: &Ledger<'_>,
) -> Result<String, ExportError> {
    let (year, from, to) = days(journal, settings)?;
    let day = |day: NaiveDate| day.format("%Y%m%d").to_string();
    let datev = &settings.datev;
    let title = format!("crp-recon {}-{}", day(from), day(to));
    let title = cut(&title, TITLE_CHARS_MAX);
    Ok(format!(
        "\"EXTF\";700;21;\"Buchungsstapel\";13;{made}000000000;;\"CR\";\"\";\"\";\
         {consultant};{client};{year};{length};{from};{to};\"{title}\";\"\";1;0;0;\"{currency}\";\
         ;\"\";;;\"{chart}\";;;\"\";\"\"{LINE_END}",
        made = day(journal.as_of),
        consultant = datev.consultant,
        client = datev.client,
        year = day(year),
        length = datev.account_length,
        from = day(from),
        to = day(to),
        currency = ledger.currency,
        chart = datev.chart,
    ))
}

struct Writer<'w> {
    ledger: Ledger<'w>,
    chart: Chart<'w>,
}

impl Writer<'_> {
    fn entry(&self, entry: &Entry, text: &mut String) -> Result<(), ExportError> {
        for line in entry.others() {
            let amount = self.ledger.converted(line.amount, entry.currency)?;
            if !amount.is_zero() {
                self.posting(entry, (line, amount), text)?;
            }
        }
        Ok(())
    }

    fn posting(
        &self,
        entry: &Entry,
        (line, amount): (&Line, Amount),
        text: &mut String,
    ) -> Result<(), ExportError> {
        let turnover = self.ledger.comma(amount.abs());
        if WHOLE_DIGITS_MAX + ",00".len() < turnover.len() {
            return Err(ExportError(format!(
                "{turnover} of {} has more digits than a DATEV posting ({WHOLE_DIGITS_MAX} before \
                 the comma and 2 behind it); set `detail = \"line\"` in [accounts], or another \
                 `currency`",
                entry.sources_text()
            )));
        }
        // Seen from the first account, which has the other side.
        let side = if amount.is_negative() { "S" } else { "H" };
        let mut fields = vec![String::new(); FIELDS];
        let foreign = (entry.currency != self.ledger.currency).then(|| {
            let amount = comma(line.amount.abs(), entry.currency);
            ("Betrag".to_owned(), format!("{amount} {}", entry.currency))
        });
        let written = [
            (1, turnover),
            (2, quoted(side)),
            (3, quoted(self.ledger.currency.code())),
            (6, quoted("")),
            (7, self.chart.name(entry.pivot())),
            (8, self.chart.name(&line.account)),
            (9, quoted("")),
            (10, entry.date.format("%d%m").to_string()),
            (11, quoted(&reference(entry))),
            (12, quoted("")),
            (
                14,
                quoted(&cut(&told(entry, Tongue::German), TEXT_CHARS_MAX)),
            ),
            (16, quoted("")),
            (20, quoted("")),
            (LOCKED, "0".to_owned()),
        ];
        let infos = [
            Some(("Quelle".to_owned(), entry.sources_text())),
            Some(("Zahlungsdienst".to_owned(), entry.party.clone())),
            Some(("Referenz".to_owned(), entry.reference.clone())),
            foreign,
        ];
        let infos = infos.into_iter().map(Option::unwrap_or_default);
        let infos = infos.chain(std::iter::repeat_n((String::new(), String::new()), 4));
        let infos = infos
            .flat_map(|(kind, content)| [quoted(&kind), quoted(&cut(&content, INFO_CHARS_MAX))]);
        let costs = [(37, quoted("")), (38, quoted(""))];
        for (number, value) in (21..).zip(infos).chain(costs).chain(written) {
            if let Some(field) = number
                .checked_sub(1)
                .and_then(|at: usize| fields.get_mut(at))
            {
                *field = value;
            }
        }
        // Writing to a text cannot fail.
        write!(text, "{}{LINE_END}", fields.join(";")).unwrap_or_default();
        Ok(())
    }
}

/// *Belegfeld 1*, the key of open items, in its safe set of characters.
fn reference(entry: &Entry) -> String {
    let first = entry.reference.split(", ").next().unwrap_or_default();
    cut(&ascii(first, "$%&*+-/", '-'), REFERENCE_CHARS_MAX)
}

/// A text field.
fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text, &[]).replace('"', "\"\""))
}
