//! The layout of the French *fichier des écritures comptables* (article A47 A-1 of the LPF):
//! eighteen columns behind tabs, one line of an entry each.
//!
//! It is an extract, some days of two journals, and not the legal FEC of a year.

use std::fmt::Write as _;

use super::ledger::{Ledger, comma};
use super::model::{Entry, Journal, JournalKind};
use super::naming::Chart;
use super::text::{Tongue, cut, encoded, plain, told};
use super::{ExportError, model::Account};
use crate::domain::Amount;
use crate::domain::accounts::{AccountRole, AccountSettings, FecEncoding};

const HEADER: &str = "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\t\
    CompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\t\
    ValidDate\tMontantdevise\tIdevise";

/// Ends a record; the article allows either or both characters.
const LINE_END: &str = "\r\n";

/// Characters of a text; the article has no limit, programs that import the file do.
const TEXT_CHARS_MAX: usize = 255;

/// Characters that separate fields in one or another FEC.
const FORBIDDEN: [char; 2] = ['\t', '|'];

pub(super) fn render(
    journal: &Journal,
    settings: &AccountSettings,
) -> Result<Vec<u8>, ExportError> {
    let fec = &settings.fec;
    let writer = Writer {
        journal,
        ledger: Ledger::new(journal, settings)?,
        chart: Chart::new(&fec.accounts, journal, str::to_owned),
        settlement_journal: code_and_name(&fec.settlement_journal),
        bank_journal: code_and_name(&fec.bank_journal),
    };
    let mut text = String::from(HEADER);
    text.push_str(LINE_END);
    for entry in &journal.entries {
        writer.entry(entry, &mut text)?;
    }
    Ok(match fec.encoding {
        FecEncoding::Utf8 => text.into_bytes(),
        FecEncoding::Latin9 => encoded(&text, encoding_rs::ISO_8859_15),
    })
}

struct Writer<'w> {
    journal: &'w Journal,
    ledger: Ledger<'w>,
    chart: Chart<'w>,
    settlement_journal: (&'w str, &'w str),
    bank_journal: (&'w str, &'w str),
}

impl Writer<'_> {
    fn entry(&self, entry: &Entry, text: &mut String) -> Result<(), ExportError> {
        let (journal, journal_name) = match entry.journal {
            JournalKind::Settlements => self.settlement_journal,
            JournalKind::Bank => self.bank_journal,
        };
        let day = entry.date.format("%Y%m%d").to_string();
        let number = entry.number.to_string();
        let (told, sources) = (told(entry, Tongue::French), entry.sources_text());
        for line in self.ledger.lines(entry)? {
            let name = self.chart.name(&line.line.account);
            let (account, label) = code_and_name(&name);
            let (debit, credit) = sides(line.amount);
            let (auxiliary, auxiliary_label) = auxiliary(&line.line.account, entry);
            let foreign = (entry.currency != self.ledger.currency)
                .then(|| (comma(line.line.amount, entry.currency), entry.currency));
            let (foreign, currency) = match &foreign {
                Some((amount, currency)) => (amount.as_str(), currency.code()),
                None => ("", ""),
            };
            let (debit, credit) = (self.ledger.comma(debit), self.ledger.comma(credit));
            let lettering = self.journal.lettering(entry, line.line);
            let code = lettering.map_or("", |it| it.code.as_str());
            let settled =
                lettering.map_or_else(String::new, |it| it.on.format("%Y%m%d").to_string());
            let fields = [
                journal,
                journal_name,
                &number,
                &day,
                account,
                label,
                &auxiliary,
                &auxiliary_label,
                &sources,
                &day,
                &told,
                &debit,
                &credit,
                code,
                &settled,
                &day,
                foreign,
                currency,
            ];
            let fields = fields.map(|field| cut(&plain(field, &FORBIDDEN), TEXT_CHARS_MAX));
            // Writing to a text cannot fail.
            write!(text, "{}{LINE_END}", fields.join("\t")).unwrap_or_default();
        }
        Ok(())
    }
}

/// `467100 Oney`: what stands before the first blank, and behind it.
fn code_and_name(text: &str) -> (&str, &str) {
    let (code, name) = text.split_once(' ').unwrap_or((text, text));
    (code, name.trim())
}

/// Third parties have an auxiliary account: the provider.
fn auxiliary(account: &Account, entry: &Entry) -> (String, String) {
    match account.role {
        AccountRole::Receivable | AccountRole::FeesPayable => {
            let label = if account.provider == entry.provider {
                &entry.party
            } else {
                &account.provider
            };
            (account.provider.to_uppercase(), label.clone())
        }
        AccountRole::Orders
        | AccountRole::Fees
        | AccountRole::FeesVat
        | AccountRole::Chargebacks
        | AccountRole::Adjustments
        | AccountRole::Transit
        | AccountRole::DifferencesLoss
        | AccountRole::DifferencesGain
        | AccountRole::Bank
        | AccountRole::Decided => (String::new(), String::new()),
    }
}

/// Debit and credit; one of them is zero.
fn sides(amount: Amount) -> (Amount, Amount) {
    if amount.is_negative() {
        (Amount::ZERO, amount.abs())
    } else {
        (amount, Amount::ZERO)
    }
}
