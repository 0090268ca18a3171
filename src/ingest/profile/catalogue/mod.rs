//! All built-in profiles in one table: what they are for, their columns with the titles that are
//! known of them, and the words that their columns may hold.

mod bank;
mod channels;
mod oney;
mod payone;
mod settlement;
mod shop;

use super::Profile;
use crate::domain::file::InputKind;
use crate::ingest::cells::DecimalMark;
pub(in crate::ingest) use payone::{PAYONE_STATUS_COLUMNS, UNIFIED_SETTLEMENT_FIELDS};

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
/// Adyen's settlement details report.
const ADYEN: &str = "adyen-settlement";
/// `HiPay`'s settlement file.
const HIPAY: &str = "hipay-settlement";
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

/// A column with the titles that a header may use besides the canonical name, in the order of
/// preference.
type Column = (&'static str, &'static [&'static str]);

/// What the words of a column can mean.
#[derive(Clone, Copy, Debug)]
pub struct Meanings {
    /// The canonical column.
    pub column: &'static str,
    /// Each canonical word with others that mean the same wherever they are used.
    pub words: &'static [(&'static str, &'static [&'static str])],
    /// True where a profile may map to any word: codes of currencies, names of providers.
    pub is_open: bool,
}

impl Meanings {
    const fn of(
        column: &'static str,
        words: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        Self {
            column,
            words,
            is_open: false,
        }
    }

    const fn any(column: &'static str) -> Self {
        Self {
            column,
            words: &[],
            is_open: true,
        }
    }
}

/// A profile that needs no configuration.
struct BuiltIn {
    name: &'static str,
    /// The built-in profile whose columns it has too.
    base: Option<&'static str>,
    /// The kinds of input that may name it.
    kinds: &'static [InputKind],
    /// The kind that tries it, in the order of this table, where an input names none.
    tried_for: Option<InputKind>,
    columns: &'static [Column],
    dates: &'static [&'static str],
    decimal_mark: DecimalMark,
    meanings: &'static [Meanings],
}

const BUILT_IN: [BuiltIn; 13] = [
    BuiltIn {
        base: Some(ONEY_CRP_V3),
        columns: &oney::V2_COLUMNS,
        meanings: &[],
        ..BuiltIn::oney(ONEY_CRP_V2)
    },
    BuiltIn {
        columns: &oney::V3_COLUMNS,
        ..BuiltIn::oney(ONEY_CRP_V3)
    },
    BuiltIn {
        name: UNIFIED_SETTLEMENT,
        base: None,
        kinds: &[InputKind::PayoneSettlement, InputKind::Settlement],
        tried_for: Some(InputKind::PayoneSettlement),
        columns: &payone::UNIFIED_COLUMNS,
        dates: &["%d%m%Y"],
        decimal_mark: DecimalMark::Dot,
        meanings: &payone::UNIFIED_MEANINGS,
    },
    BuiltIn {
        columns: &payone::PMI_DE_COLUMNS,
        meanings: &payone::PMI_DE_MEANINGS,
        ..BuiltIn::payone_pmi(PAYONE_PMI_DE)
    },
    BuiltIn {
        columns: &payone::PMI_EN_COLUMNS,
        meanings: &payone::PMI_EN_MEANINGS,
        ..BuiltIn::payone_pmi(PAYONE_PMI_EN)
    },
    BuiltIn {
        name: SETTLEMENT,
        base: None,
        kinds: &[InputKind::Settlement, InputKind::PayoneSettlement],
        tried_for: Some(InputKind::Settlement),
        columns: &settlement::COLUMNS,
        dates: &["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y%m%d"],
        decimal_mark: DecimalMark::Recognised,
        meanings: &settlement::MEANINGS,
    },
    BuiltIn {
        columns: &channels::ADYEN_COLUMNS,
        meanings: &channels::ADYEN_MEANINGS,
        ..BuiltIn::channel(ADYEN)
    },
    BuiltIn {
        columns: &channels::HIPAY_COLUMNS,
        meanings: &channels::HIPAY_MEANINGS,
        ..BuiltIn::channel(HIPAY)
    },
    BuiltIn {
        name: ORDERS,
        base: None,
        kinds: &[InputKind::Orders],
        tried_for: Some(InputKind::Orders),
        columns: &shop::ORDER_COLUMNS,
        dates: &["%Y-%m-%d"],
        decimal_mark: DecimalMark::Recognised,
        meanings: &shop::ORDER_MEANINGS,
    },
    BuiltIn {
        name: ORDER_EVENTS,
        base: None,
        kinds: &[InputKind::OrderEvents],
        tried_for: Some(InputKind::OrderEvents),
        columns: &shop::EVENT_COLUMNS,
        dates: &["%Y-%m-%d"],
        decimal_mark: DecimalMark::Recognised,
        meanings: &shop::EVENT_MEANINGS,
    },
    BuiltIn {
        name: PAYONE_STATUS,
        base: None,
        kinds: &[InputKind::PayoneStatus],
        tried_for: Some(InputKind::PayoneStatus),
        columns: &payone::STATUS_COLUMNS,
        dates: &[],
        decimal_mark: DecimalMark::Recognised,
        meanings: &payone::STATUS_MEANINGS,
    },
    BuiltIn {
        name: BANK_CSV,
        base: None,
        kinds: &[InputKind::BankStatement],
        tried_for: Some(InputKind::BankStatement),
        columns: &bank::COLUMNS,
        dates: &[
            "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y",
        ],
        decimal_mark: DecimalMark::Recognised,
        meanings: &bank::MEANINGS,
    },
    BuiltIn {
        name: BANK_CSV_US,
        base: None,
        kinds: &[InputKind::BankStatement],
        tried_for: None,
        columns: &bank::COLUMNS,
        dates: &["%m/%d/%Y", "%m/%d/%y"],
        decimal_mark: DecimalMark::Dot,
        meanings: &bank::MEANINGS,
    },
];

impl BuiltIn {
    const fn oney(name: &'static str) -> Self {
        Self {
            name,
            base: None,
            kinds: &[InputKind::OneyCrp],
            tried_for: Some(InputKind::OneyCrp),
            columns: &[],
            dates: &["%d/%m/%Y", "%d/%m/%y"],
            decimal_mark: DecimalMark::Recognised,
            meanings: &oney::MEANINGS,
        }
    }

    const fn channel(name: &'static str) -> Self {
        Self {
            name,
            base: Some(SETTLEMENT),
            kinds: &[InputKind::Settlement, InputKind::PayoneSettlement],
            tried_for: None,
            columns: &[],
            dates: &["%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%d/%m/%Y"],
            decimal_mark: DecimalMark::Recognised,
            meanings: &[],
        }
    }

    const fn payone_pmi(name: &'static str) -> Self {
        Self {
            name,
            base: Some(SETTLEMENT),
            kinds: &[InputKind::PayoneSettlement],
            tried_for: Some(InputKind::PayoneSettlement),
            columns: &[],
            dates: &["%Y%m%d", "%Y-%m-%d", "%d.%m.%Y"],
            decimal_mark: DecimalMark::Recognised,
            meanings: &[],
        }
    }

    fn profile(&self) -> Profile {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let mut columns = self.base.and_then(built_in).unwrap_or_default().columns;
        let own = self.columns.iter();
        columns.extend(own.map(|(canonical, titles)| ((*canonical).to_owned(), owned(titles))));
        Profile {
            name: self.name.to_owned(),
            root: self.name.to_owned(),
            decimal_mark: self.decimal_mark,
            dates: owned(self.dates),
            columns,
            ..Profile::default()
        }
    }
}

/// The built-in profile of a name.
pub fn built_in(name: &str) -> Option<Profile> {
    let found = BUILT_IN.iter().find(|profile| profile.name == name)?;
    Some(found.profile())
}

/// The built-in profiles that an input of a kind may name; of `None`, all of them.
pub fn built_in_for(kind: Option<InputKind>) -> Vec<&'static str> {
    let fits = |profile: &&BuiltIn| kind.is_none_or(|kind| profile.kinds.contains(&kind));
    BUILT_IN.iter().filter(fits).map(|it| it.name).collect()
}

/// The built-in profiles that are tried for an input of a kind that names none, in this order; the
/// last one says what is wrong with a file that fits none of them.
pub fn tried_for(kind: InputKind) -> Vec<&'static str> {
    let mut names: Vec<&str> = BUILT_IN
        .iter()
        .filter(|profile| profile.tried_for == Some(kind))
        .map(|profile| profile.name)
        .collect();
    if kind == InputKind::PayoneSettlement {
        names.push(SETTLEMENT);
    }
    names
}

/// What the words of the columns of a built-in profile can mean, those of its base first; of an
/// unknown profile, those of all.
pub fn meanings_of(root: &str) -> Vec<Meanings> {
    let Some(profile) = BUILT_IN.iter().find(|profile| profile.name == root) else {
        return BUILT_IN
            .iter()
            .flat_map(|it| it.meanings)
            .copied()
            .collect();
    };
    let mut meanings = profile.base.map(meanings_of).unwrap_or_default();
    meanings.extend_from_slice(profile.meanings);
    meanings
}

/// True for a built-in profile whose reader understands the keys of settlement layouts.
pub fn has_settlement_notation(root: &str) -> bool {
    [SETTLEMENT, PAYONE_PMI_DE, PAYONE_PMI_EN, ADYEN, HIPAY].contains(&root)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::ingest::words::comparable;

    #[test]
    fn no_title_stands_for_two_columns_of_a_profile() {
        for profile in &BUILT_IN {
            let mut titles: BTreeMap<String, String> = BTreeMap::new();
            for (canonical, aliases) in profile.profile().columns {
                for alias in aliases.iter().chain([&canonical]) {
                    let before = titles.insert(comparable(alias), canonical.clone());
                    assert!(
                        before.is_none_or(|other| other == canonical),
                        "{}: {alias}",
                        profile.name
                    );
                }
            }
        }
    }

    #[test]
    fn no_word_of_a_column_means_two_things() {
        for meanings in BUILT_IN.iter().flat_map(|profile| profile.meanings) {
            let mut known: BTreeMap<String, &str> = BTreeMap::new();
            for (canonical, words) in meanings.words {
                for word in words.iter().chain([canonical]) {
                    let before = known.insert(comparable(word), canonical);
                    assert!(before.is_none_or(|other| other == *canonical), "{word}");
                }
            }
        }
    }

    #[test]
    fn every_kind_that_is_a_table_tries_a_profile_that_it_may_name() {
        for kind in InputKind::ALL {
            for name in tried_for(kind) {
                assert!(built_in_for(Some(kind)).contains(&name), "{name}");
            }
        }
        assert_eq!(
            tried_for(InputKind::PayoneSettlement),
            [UNIFIED_SETTLEMENT, PAYONE_PMI_DE, PAYONE_PMI_EN, SETTLEMENT]
        );
    }
}
