//! Profiles: how one sender writes its tables. Names, delimiter, decimal mark, encoding, dates.
//!
//! The built-in ones hold what is documented of a format, and our assumptions where nothing is
//! (`docs/inputs.md` says which is which); a `[[profile]]` of the configuration extends one of
//! them and changes any part.

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use super::Refusal;
use super::cells::DecimalMark;
pub use super::settlement::{AmountUnit, FeeSign, MEANINGS, Notation, Signs};
use super::settlement::{PAYONE_PMI_COLUMNS, SETTLEMENT_COLUMNS, SETTLEMENT_DATES};
use super::statements::BANK_COLUMNS;
use super::unified_settlement;

/// A `[[profile]]` as the configuration gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileDefinition {
    /// Its name.
    pub name: String,
    /// The profile it changes; `None`: its own kind's default.
    pub extends: Option<String>,
    /// The delimiter; `None`: recognised from the header.
    pub delimiter: Option<char>,
    /// The decimal mark, `.` or `,`; `None`: each amount must show it.
    pub decimal_mark: Option<char>,
    /// A WHATWG encoding label; `None`: recognised from the content.
    pub encoding: Option<String>,
    /// Date formats in `strftime` notation.
    pub dates: Vec<String>,
    /// Canonical column to the names the header uses.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Canonical column to a value that all rows have.
    pub fixed: BTreeMap<String, String>,
    /// What else is to be known of a settlement layout.
    pub notation: Notation,
}

/// A profile with all it inherits.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The built-in profile at its root; empty for none.
    pub root: String,
    /// The delimiter, where it is not to be recognised.
    pub delimiter: Option<u8>,
    /// The decimal mark.
    pub decimal_mark: DecimalMark,
    /// The encoding, where it is not to be recognised.
    pub encoding: Option<&'static Encoding>,
    /// Date formats in `strftime` notation.
    pub dates: Vec<String>,
    /// Canonical column to the names the header uses.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Canonical column to a value that all rows have.
    pub fixed: BTreeMap<String, String>,
    /// What else is to be known of a settlement layout.
    pub notation: Notation,
}

/// Oney's payment report, version 3.
pub const ONEY_CRP_V3: &str = "oney-crp-v3";
/// Oney's payment report, version 2.
pub const ONEY_CRP_V2: &str = "oney-crp-v2";
/// The Unified Settlement Report, whose columns have places and no names.
pub const UNIFIED_SETTLEMENT: &str = "unified-settlement";
/// Any provider's settlement table, by the canonical names of its columns.
pub const SETTLEMENT: &str = "settlement";
/// The export of PAYONE's merchant interface in German.
pub const PAYONE_PMI_DE: &str = "payone-pmi-de";
/// The export of PAYONE's merchant interface in English.
pub const PAYONE_PMI_EN: &str = "payone-pmi-en";
/// The shop's orders.
pub const ORDERS: &str = "orders";
/// The shop's order events.
pub const ORDER_EVENTS: &str = "order-events";
/// PAYONE's notifications, where they are kept as a table or as objects.
pub const PAYONE_STATUS: &str = "payone-status";
/// A bank's CSV or XLSX export.
pub const BANK_CSV: &str = "bank-csv";
/// The same from a program that writes days and amounts as in the United States.
pub const BANK_CSV_US: &str = "bank-csv-us";

/// Columns of version 3 in the documented order, then the three that are our assumption.
const CRP_V3_COLUMNS: [&str; 24] = [
    "PR_Type",
    "IS_cancel",
    "Merchant_guid",
    "PSP_guid",
    "Merchant_name",
    "Purchase_date",
    "Purchase_hour",
    "Cancel_date",
    "Cancel_hour",
    "Funding_reference",
    "External_reference",
    "Transaction_number",
    "Customer_external_code",
    "Transaction_amount",
    "Transaction_amount_currency",
    "Merchant_context",
    "PSP_context",
    "Installment_number",
    "Payment_delay",
    "Commercial_code",
    "Funding_amount",
    "Commission_amount",
    "Net_amount",
    "Transfer_Id",
];

/// What version 2 has besides: its deposit and funding parts.
const CRP_V2_COLUMNS: [&str; 4] = [
    "Payment_amount",
    "Payment_amount_2",
    "Commission_amount_2",
    "Transfer_Id_2",
];

const ORDER_COLUMNS: [&str; 14] = [
    "order_reference",
    "provider",
    "merchant",
    "amount",
    "confirmed_amount",
    "currency",
    "status",
    "ordered_at",
    "confirmed_at",
    "cancelled_amount",
    "cancelled_at",
    "transaction_id",
    "product",
    "updated_at",
];

const ORDER_EVENT_COLUMNS: [&str; 7] = [
    "order_reference",
    "provider",
    "type",
    "amount",
    "currency",
    "occurred_at",
    "event_id",
];

/// The parameters of a notification that are read, by PAYONE's own names.
const PAYONE_STATUS_COLUMNS: [&str; 11] = [
    "txaction",
    "txid",
    "reference",
    "sequencenumber",
    "currency",
    "receivable",
    "balance",
    "mode",
    "transaction_status",
    "reminderlevel",
    "txtime",
];

/// When the shop received a notification: names that shops use for it.
const RECEIVED_AT_NAMES: [&str; 7] = [
    "timestamp",
    "observed_at",
    "logged_at",
    "created_at",
    "received",
    "date",
    "time",
];

impl Profile {
    /// The profile of a name, with all it inherits.
    ///
    /// # Errors
    /// When it, or one it extends, does not exist, or when they go round in a circle.
    pub fn resolve(name: &str, definitions: &[ProfileDefinition]) -> Result<Self, Refusal> {
        Self::resolve_within(name, definitions, definitions.len())
    }

    fn resolve_within(
        name: &str,
        definitions: &[ProfileDefinition],
        steps: usize,
    ) -> Result<Self, Refusal> {
        let Some(definition) = definitions.iter().find(|profile| profile.name == name) else {
            return Self::built_in(name)
                .ok_or_else(|| Refusal::new(format!("there is no profile «{name}»")));
        };
        let base = match &definition.extends {
            None => Self::default(),
            Some(_) if steps == 0 => {
                return Err(Refusal::new(format!("the profile «{name}» extends itself")));
            }
            Some(base) => Self::resolve_within(base, definitions, steps.saturating_sub(1))?,
        };
        base.changed_by(definition)
    }

    fn changed_by(mut self, change: &ProfileDefinition) -> Result<Self, Refusal> {
        self.name.clone_from(&change.name);
        if let Some(delimiter) = change.delimiter {
            let byte = u8::try_from(delimiter).ok().filter(u8::is_ascii);
            self.delimiter = Some(byte.ok_or_else(|| {
                Refusal::new(format!(
                    "the delimiter «{delimiter}» is not one ASCII character"
                ))
            })?);
        }
        match change.decimal_mark {
            None => {}
            Some('.') => self.decimal_mark = DecimalMark::Dot,
            Some(',') => self.decimal_mark = DecimalMark::Comma,
            Some(other) => {
                return Err(Refusal::new(format!(
                    "the decimal mark «{other}» is neither . nor ,"
                )));
            }
        }
        if let Some(label) = &change.encoding {
            let encoding = Encoding::for_label(label.as_bytes());
            self.encoding = Some(encoding.ok_or_else(|| {
                Refusal::new(format!(
                    "the encoding «{label}» is not known; try windows-1252"
                ))
            })?);
        }
        if !change.dates.is_empty() {
            self.dates.clone_from(&change.dates);
        }
        self.columns.extend(change.columns.clone());
        self.fixed.extend(change.fixed.clone());
        self.notation = self.notation.changed_by(&change.notation);
        Ok(self)
    }

    /// The built-in profiles of settlement files.
    fn built_in_settlement(name: &str) -> Option<Self> {
        let formats =
            |formats: &[&str]| formats.iter().map(|format| (*format).to_owned()).collect();
        let titles = |titles: &[&str]| titles.iter().map(|title| (*title).to_owned()).collect();
        let profile = Self {
            name: name.to_owned(),
            root: name.to_owned(),
            ..Self::default()
        };
        Some(match name {
            UNIFIED_SETTLEMENT => Self {
                decimal_mark: DecimalMark::Dot,
                dates: formats(&["%d%m%Y"]),
                columns: unified_settlement::FIELDS
                    .iter()
                    .map(|(canonical, title)| ((*canonical).to_owned(), titles(&[title])))
                    .collect(),
                ..profile
            },
            SETTLEMENT => Self {
                dates: formats(&SETTLEMENT_DATES),
                // Every column has its own name; what a profile lists comes before it.
                columns: SETTLEMENT_COLUMNS
                    .iter()
                    .map(|name| ((*name).to_owned(), Vec::new()))
                    .collect(),
                ..profile
            },
            PAYONE_PMI_DE | PAYONE_PMI_EN => {
                let is_german = name == PAYONE_PMI_DE;
                Self {
                    dates: formats(&["%Y%m%d", "%Y-%m-%d", "%d.%m.%Y"]),
                    columns: PAYONE_PMI_COLUMNS
                        .iter()
                        .map(|(canonical, german, english)| {
                            let names = if is_german { german } else { english };
                            ((*canonical).to_owned(), titles(names))
                        })
                        .collect(),
                    notation: if is_german {
                        Notation::payone_pmi_de()
                    } else {
                        Notation::payone_pmi_en()
                    },
                    ..profile
                }
            }
            _ => return None,
        })
    }

    fn built_in(name: &str) -> Option<Self> {
        let canonical = |names: &[&str]| -> BTreeMap<String, Vec<String>> {
            names
                .iter()
                .map(|name| (name.to_lowercase(), vec![(*name).to_owned()]))
                .collect()
        };
        let french_dates = || vec!["%d/%m/%Y".to_owned(), "%d/%m/%y".to_owned()];
        let (columns, dates) = match name {
            ONEY_CRP_V3 => (canonical(&CRP_V3_COLUMNS), french_dates()),
            ONEY_CRP_V2 => {
                let mut columns = canonical(&CRP_V3_COLUMNS);
                columns.extend(canonical(&CRP_V2_COLUMNS));
                (columns, french_dates())
            }
            ORDERS => (canonical(&ORDER_COLUMNS), vec!["%Y-%m-%d".to_owned()]),
            ORDER_EVENTS => (canonical(&ORDER_EVENT_COLUMNS), vec!["%Y-%m-%d".to_owned()]),
            PAYONE_STATUS => {
                let mut columns = canonical(&PAYONE_STATUS_COLUMNS);
                let names = RECEIVED_AT_NAMES.map(str::to_owned).to_vec();
                columns.insert("received_at".to_owned(), names);
                (columns, Vec::new())
            }
            BANK_CSV => {
                let dates = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d/%m/%y", "%d.%m.%y"];
                (bank_columns(), dates.map(str::to_owned).to_vec())
            }
            BANK_CSV_US => {
                let dates = ["%m/%d/%Y", "%m/%d/%y"];
                (bank_columns(), dates.map(str::to_owned).to_vec())
            }
            _ => return Self::built_in_settlement(name),
        };
        let decimal_mark = if name == BANK_CSV_US {
            DecimalMark::Dot
        } else {
            DecimalMark::Recognised
        };
        Some(Self {
            name: name.to_owned(),
            root: name.to_owned(),
            decimal_mark,
            columns,
            dates,
            ..Self::default()
        })
    }
}

fn bank_columns() -> BTreeMap<String, Vec<String>> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    BANK_COLUMNS
        .iter()
        .map(|(canonical, names)| ((*canonical).to_owned(), owned(names)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_changes_what_it_names_and_inherits_the_rest() {
        let mine = ProfileDefinition {
            name: "mine".into(),
            extends: Some(BANK_CSV.into()),
            delimiter: Some(';'),
            decimal_mark: Some(','),
            columns: [("amount".to_owned(), vec!["Betrag EUR".to_owned()])].into(),
            ..ProfileDefinition::default()
        };
        let profile = Profile::resolve("mine", &[mine]).unwrap();
        assert_eq!(profile.delimiter, Some(b';'));
        assert_eq!(profile.decimal_mark, DecimalMark::Comma);
        assert_eq!(profile.columns["amount"], ["Betrag EUR"]);
        assert!(profile.columns["booking_date"].contains(&"Buchungstag".to_owned()));
        assert_eq!(profile.root, BANK_CSV);
    }

    #[test]
    fn unknown_and_circular_profiles_are_errors() {
        let circle = |name: &str, extends: &str| ProfileDefinition {
            name: name.into(),
            extends: Some(extends.into()),
            ..ProfileDefinition::default()
        };
        assert!(Profile::resolve("a", &[circle("a", "b"), circle("b", "a")]).is_err());
        assert!(Profile::resolve("a", &[circle("a", "b")]).is_err());
        assert!(Profile::resolve(ONEY_CRP_V3, &[]).is_ok());
    }
}
