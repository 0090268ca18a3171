//! The books that a journal is exported to: accounts, journals, currency and financial year, as the
//! configuration's `[accounts]` says.
//!
//! The journal itself speaks of [`AccountRole`]s; each format has its own chart, because FEC and
//! DATEV number accounts and hledger and beancount name them.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::money::Currency;

/// A format of journals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExportFormat {
    /// The layout of the French fichier des écritures comptables.
    Fec,
    /// DATEV's EXTF, Buchungsstapel.
    Datev,
    /// An hledger journal.
    Hledger,
    /// A beancount ledger.
    Beancount,
}

impl ExportFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Fec, Self::Datev, Self::Hledger, Self::Beancount];

    /// The word of the command line and of the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fec => "fec",
            Self::Datev => "datev",
            Self::Hledger => "hledger",
            Self::Beancount => "beancount",
        }
    }

    /// The format of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }
}

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountRole {
    /// What a provider owes: its balance is what is reported and not settled.
    Receivable,
    /// What customers owe: fundings settle it, cancellations open it again.
    Orders,
    /// Commissions without VAT.
    Fees,
    /// VAT in commissions.
    FeesVat,
    /// Commissions of a provider that pays gross, until it debits them.
    FeesPayable,
    /// Money taken back from, or returned to the merchant by a chargeback.
    Chargebacks,
    /// Corrections, fees and VAT that a provider reports as lines of their own.
    Adjustments,
    /// Bank entries of a provider that no payout explains, or not yet.
    Transit,
    /// Differences within the tolerance, to the merchant's cost.
    DifferencesLoss,
    /// Differences within the tolerance, to its gain.
    DifferencesGain,
    /// A bank account.
    Bank,
    /// The account that a person named when writing a difference off; no setting names it.
    Decided,
}

impl AccountRole {
    /// All roles that the configuration has accounts for, in the order in which documents list them.
    pub const ALL: [Self; 11] = [
        Self::Receivable,
        Self::Orders,
        Self::Fees,
        Self::FeesVat,
        Self::FeesPayable,
        Self::Chargebacks,
        Self::Adjustments,
        Self::Transit,
        Self::DifferencesLoss,
        Self::DifferencesGain,
        Self::Bank,
    ];

    /// The key of the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Orders => "orders",
            Self::Fees => "fees",
            Self::FeesVat => "fees_vat",
            Self::FeesPayable => "fees_payable",
            Self::Chargebacks => "chargebacks",
            Self::Adjustments => "adjustments",
            Self::Transit => "transit",
            Self::DifferencesLoss => "differences_loss",
            Self::DifferencesGain => "differences_gain",
            Self::Bank => "bank",
            Self::Decided => "decided",
        }
    }
}

/// The accounts of one format. A text may hold `{provider}`, and that of a bank `{bank}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountNames {
    /// For every provider and bank; complete.
    pub general: BTreeMap<AccountRole, String>,
    /// For one provider, where it has its own.
    pub providers: BTreeMap<String, BTreeMap<AccountRole, String>>,
    /// For one bank account, by its IBAN or number without blanks.
    pub banks: BTreeMap<String, String>,
}

impl AccountNames {
    /// The same texts for every provider and bank, in the order of [`AccountRole::ALL`].
    pub fn new(texts: [&str; 11]) -> Self {
        let named = AccountRole::ALL.into_iter().zip(texts);
        Self {
            general: named.map(|(role, text)| (role, text.to_owned())).collect(),
            providers: BTreeMap::new(),
            banks: BTreeMap::new(),
        }
    }

    /// The text for a role, a provider and, for banks, an account.
    pub fn text(&self, role: AccountRole, provider: &str, bank: &str) -> &str {
        let own = self.providers.get(provider).and_then(|it| it.get(&role));
        let bank = (role == AccountRole::Bank).then(|| self.banks.get(bank));
        let text = bank.flatten().or(own).or_else(|| self.general.get(&role));
        text.map_or("", String::as_str)
    }
}

/// How much one entry of the journal stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// All lines of one kind, payout, merchant and day of a report file.
    #[default]
    Report,
    /// One settlement line.
    Line,
}

/// The day on which financial years begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinancialYear {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 28.
    pub day: u32,
}

impl FinancialYear {
    /// The first day of the financial year that a day is in.
    pub fn start_of(self, day: NaiveDate) -> NaiveDate {
        let begins = |year| NaiveDate::from_ymd_opt(year, self.month, self.day).unwrap_or(day);
        let this = begins(day.year());
        if this <= day {
            this
        } else {
            begins(day.year().saturating_sub(1))
        }
    }

    /// The last day of that year.
    pub fn end_of(self, day: NaiveDate) -> NaiveDate {
        let start = self.start_of(day);
        let next = NaiveDate::from_ymd_opt(start.year().saturating_add(1), self.month, self.day);
        next.and_then(|next| next.pred_opt()).unwrap_or(day)
    }
}

/// In which characters a FEC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FecEncoding {
    /// ISO 8859-15, as the article says.
    Latin9,
    /// UTF-8, which the tax administration's checker reads as well.
    Utf8,
}

/// What a FEC says besides the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FecSettings {
    /// Nine digits; names the file where `--out` is a folder.
    pub siren: Option<String>,
    /// Characters.
    pub encoding: FecEncoding,
    /// Code and name of the journal of settlement lines and payouts.
    pub settlement_journal: String,
    /// Code and name of the journal of bank entries.
    pub bank_journal: String,
    /// Numbers, each with its label behind a blank.
    pub accounts: AccountNames,
}

/// What an EXTF file says besides the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatevSettings {
    /// Beraternummer.
    pub consultant: u32,
    /// Mandantennummer.
    pub client: u32,
    /// Digits of general ledger accounts.
    pub account_length: u32,
    /// Sachkontenrahmen, two digits.
    pub chart: &'static str,
    /// Numbers.
    pub accounts: AccountNames,
}

/// `[accounts]`, with its defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSettings {
    /// What FEC and DATEV are kept in; `None`: the journal's only currency, else the euro.
    pub currency: Option<Currency>,
    /// What one unit of another currency is worth in it.
    pub rates: BTreeMap<Currency, Decimal>,
    /// How much one entry stands for.
    pub detail: Detail,
    /// VAT in commissions that no `[[fee]]` rule fits, in per cent of the commission without it.
    pub fee_vat_percent: Decimal,
    /// When financial years begin.
    pub financial_year: FinancialYear,
    /// FEC.
    pub fec: FecSettings,
    /// DATEV.
    pub datev: DatevSettings,
    /// hledger.
    pub hledger: AccountNames,
    /// beancount.
    pub beancount: AccountNames,
    /// Whose contract each provider's is, where several companies are reconciled together.
    pub companies: BTreeMap<String, String>,
}

/// The accounts of DATEV's Sachkontenrahmen 03 or 04. None of them is a collective account of
/// customers (1400, 1200), which DATEV fills from personal accounts and lets nobody post to: the shop's
/// sales meet what providers financed on money in transit.
pub fn datev_chart(word: &str) -> Option<(&'static str, AccountNames)> {
    let skr03 = [
        "1500", "1360", "4970", "1576", "1700", "1460", "1792", "1590", "4900", "2700", "1200",
    ];
    let skr04 = [
        "1300", "1460", "6855", "1406", "3500", "1240", "3630", "1370", "6300", "4830", "1800",
    ];
    match word {
        "skr03" => Some(("03", AccountNames::new(skr03))),
        "skr04" => Some(("04", AccountNames::new(skr04))),
        _ => None,
    }
}

impl Default for FecSettings {
    fn default() -> Self {
        Self {
            siren: None,
            encoding: FecEncoding::Latin9,
            settlement_journal: "PSP Prestataires de paiement".to_owned(),
            bank_journal: "BQ Banque".to_owned(),
            accounts: AccountNames::new([
                "467100 Prestataires de paiement",
                "411000 Clients",
                "627800 Commissions des prestataires",
                "445660 TVA sur commissions",
                "408100 Commissions non prelevees",
                "416000 Clients, paiements repris",
                "471100 Ajustements des prestataires",
                "471000 Mouvements bancaires en attente",
                "658000 Ecarts de reglement, charges",
                "758000 Ecarts de reglement, produits",
                "512000 Banque",
            ]),
        }
    }
}

impl Default for DatevSettings {
    fn default() -> Self {
        let (chart, accounts) =
            datev_chart("skr03").unwrap_or_else(|| ("03", AccountNames::new([""; 11])));
        Self {
            consultant: 1001,
            client: 1,
            account_length: 4,
            chart,
            accounts,
        }
    }
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            companies: BTreeMap::new(),
            currency: None,
            rates: BTreeMap::new(),
            detail: Detail::Report,
            fee_vat_percent: Decimal::ZERO,
            financial_year: FinancialYear { month: 1, day: 1 },
            fec: FecSettings::default(),
            datev: DatevSettings::default(),
            // The last parts differ from each other: `hledger check uniqueleafnames`.
            hledger: AccountNames::new([
                "assets:receivable:{provider}",
                "assets:orders",
                "expenses:fees:{provider}-fees",
                "assets:vat on fees",
                "liabilities:fees:{provider}-fees-payable",
                "assets:chargebacks",
                "assets:adjustments:{provider}-adjustments",
                "assets:transit:{provider}-transit",
                "expenses:settlement losses",
                "revenues:settlement gains",
                "assets:bank:{bank}",
            ]),
            beancount: AccountNames::new([
                "Assets:Receivable:{provider}",
                "Assets:Orders",
                "Expenses:Fees:{provider}",
                "Assets:Vat-On-Fees",
                "Liabilities:Fees:{provider}",
                "Assets:Chargebacks",
                "Assets:Adjustments:{provider}",
                "Assets:Transit:{provider}",
                "Expenses:Settlement-Differences",
                "Income:Settlement-Differences",
                "Assets:Bank:{bank}",
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_financial_year_may_begin_on_any_day() {
        let april = FinancialYear { month: 4, day: 1 };
        assert_eq!(april.start_of(day("2026-03-31")), day("2025-04-01"));
        assert_eq!(april.end_of(day("2026-03-31")), day("2026-03-31"));
        assert_eq!(april.start_of(day("2026-04-01")), day("2026-04-01"));
        assert_eq!(april.end_of(day("2026-04-01")), day("2027-03-31"));
    }

    #[test]
    fn the_account_of_a_bank_or_a_provider_comes_before_the_general_one() {
        let mut names = AccountNames::new(["1500"; 11]);
        names.banks.insert("FR76".to_owned(), "1210".to_owned());
        names.providers.insert(
            "oney".to_owned(),
            BTreeMap::from([(AccountRole::Receivable, "1501".to_owned())]),
        );
        assert_eq!(names.text(AccountRole::Bank, "oney", "FR76"), "1210");
        assert_eq!(names.text(AccountRole::Bank, "oney", "DE89"), "1500");
        assert_eq!(names.text(AccountRole::Receivable, "oney", "FR76"), "1501");
        assert_eq!(names.text(AccountRole::Receivable, "payone", ""), "1500");
    }
}
