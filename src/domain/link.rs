//! What a person says belongs together: lines and an order, a file and a payout, payouts and bank
//! entries.
//!
//! A link is a fact like any other: it has a day and is seen from that day on, until it is taken
//! back. It names things by what they are called, not by numbers of rows, so that a corrected report
//! or statement is linked as the one before was.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::money::{Amount, Currency};

/// A bank entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryName {
    /// Its account, as the statement writes it.
    pub account: String,
    /// Its id on that account.
    pub entry: String,
}

impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.entry)
    }
}

/// A payout.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PayoutName {
    /// Who pays.
    pub provider: String,
    /// Its reference.
    pub reference: String,
    /// Its currency.
    #[serde(with = "code")]
    pub currency: Currency,
}

/// The commissions of a month, which a provider that pays gross debits at once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MonthName {
    /// Who charges.
    pub provider: String,
    /// Their currency.
    #[serde(with = "code")]
    pub currency: Currency,
    /// The last day of the month.
    pub month_end: NaiveDate,
}

/// What was booked beyond what was expected, and the account of the books that it goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rest {
    /// The account.
    pub account: String,
    /// Booked less expected, in minor units.
    pub amount: Amount,
}

/// Bank entries, and what they pay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankLink {
    /// The payouts that they pay; none: they are something else, and all of it is the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payouts: Vec<PayoutName>,
    /// The month whose commissions they debit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<MonthName>,
    /// The entries.
    pub entries: Vec<EntryName>,
    /// What is written off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Rest>,
}

/// What belongs together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// All lines and notifications that name a reference are those of an order.
    Reference {
        /// Whose lines.
        provider: String,
        /// What they name.
        written: String,
        /// The order.
        order: String,
    },
    /// A line that names no order, and its copies, are those of an order.
    Line {
        /// Its identity, as the key of its discrepancy has it.
        line: Vec<String>,
        /// Its currency.
        #[serde(with = "code")]
        currency: Currency,
        /// The order.
        order: String,
    },
    /// The lines of a file that name no payout belong to one.
    File {
        /// Whose lines.
        provider: String,
        /// The file's name.
        file: String,
        /// The payout.
        payout: String,
    },
    /// Bank entries pay payouts.
    Bank(BankLink),
}

impl Link {
    /// True where it makes lines those of an order, or takes them from a reference.
    pub fn concerns_order(&self, provider: &str, reference: &str) -> bool {
        match self {
            Self::Reference {
                provider: own,
                written,
                order,
            } => own == provider && (written == reference || order == reference),
            Self::Line { line, order, .. } => {
                line.first().is_some_and(|own| own == provider) && order == reference
            }
            Self::File { .. } | Self::Bank(_) => false,
        }
    }

    /// True where it speaks of a payout.
    pub fn concerns_payout(&self, provider: &str, reference: &str) -> bool {
        match self {
            Self::File {
                provider: own,
                payout,
                ..
            } => own == provider && payout == reference,
            Self::Bank(link) => {
                let mut payouts = link.payouts.iter();
                payouts.any(|it| it.provider == provider && it.reference == reference)
            }
            Self::Reference { .. } | Self::Line { .. } => false,
        }
    }

    /// True where it speaks of a bank entry.
    pub fn concerns_entry(&self, account: &str, entry: &str) -> bool {
        match self {
            Self::Bank(link) => {
                let mut entries = link.entries.iter();
                entries.any(|it| it.account == account && it.entry == entry)
            }
            Self::Reference { .. } | Self::Line { .. } | Self::File { .. } => false,
        }
    }
}

impl fmt::Display for Link {
    /// What was linked to, as notes show it in every language.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference { order, .. } | Self::Line { order, .. } => write!(f, "order {order}"),
            Self::File { payout, .. } => write!(f, "payout {payout}"),
            Self::Bank(link) => {
                let payouts = link
                    .payouts
                    .iter()
                    .map(|it| format!("payout {}", it.reference));
                let entries = link.entries.iter().map(|it| format!("entry {it}"));
                let rest = link
                    .rest
                    .iter()
                    .map(|it| format!("write-off {}", it.account));
                let parts: Vec<String> = payouts.chain(entries).chain(rest).collect();
                f.write_str(&parts.join(", "))
            }
        }
    }
}

/// Currencies as their codes.
mod code {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::domain::money::Currency;

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands references over"
    )]
    pub(super) fn serialize<S: Serializer>(
        currency: &Currency,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(currency.code())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Currency, D::Error> {
        let code = String::deserialize(deserializer)?;
        Currency::parse(&code).ok_or_else(|| D::Error::custom("no code of a currency"))
    }
}

/// A link between bank entries and payouts that is in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedGroup {
    /// The discrepancy that it was said of.
    pub id: String,
    /// The day from which it holds.
    pub day: NaiveDate,
    /// What belongs together.
    pub link: BankLink,
}

/// A link that is in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedLink {
    /// The discrepancy that it was said of.
    pub id: String,
    /// The day from which it holds.
    pub day: NaiveDate,
    /// What belongs together.
    pub link: Link,
}

/// A provider and a reference of it.
type OrderKey = (String, String);

/// The links in effect from a viewpoint, in the order in which they were decided: where two say
/// something of the same thing, the earlier one holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    references: BTreeMap<OrderKey, String>,
    lines: BTreeMap<(Vec<String>, Currency), String>,
    files: BTreeMap<(String, String), String>,
    groups: Vec<DecidedGroup>,
    all: Vec<DecidedLink>,
}

/// How many parts the identity of a line has.
const LINE_PARTS: usize = 9;

impl Links {
    /// Adds one that was decided later than all before.
    pub fn add(&mut self, id: &str, day: NaiveDate, link: Link) {
        self.all.push(DecidedLink {
            id: id.to_owned(),
            day,
            link: link.clone(),
        });
        match link {
            Link::Reference {
                provider,
                written,
                order,
            } => {
                self.references.entry((provider, written)).or_insert(order);
            }
            Link::Line {
                mut line,
                currency,
                order,
            } => {
                line.truncate(LINE_PARTS);
                self.lines.entry((line, currency)).or_insert(order);
            }
            Link::File {
                provider,
                file,
                payout,
            } => {
                self.files.entry((provider, file)).or_insert(payout);
            }
            Link::Bank(link) => self.groups.push(DecidedGroup {
                id: id.to_owned(),
                day,
                link,
            }),
        }
    }

    /// True where no line belongs to another order than it names.
    pub fn moves_no_line(&self) -> bool {
        self.references.is_empty() && self.lines.is_empty()
    }

    /// The order that a written reference stands for.
    pub fn order_of(&self, provider: &str, written: &str) -> Option<&str> {
        if self.references.is_empty() {
            return None;
        }
        let key = (provider.to_owned(), written.to_owned());
        self.references.get(&key).map(String::as_str)
    }

    /// True where single lines without a reference are linked.
    pub fn have_lines(&self) -> bool {
        !self.lines.is_empty()
    }

    /// The order of a line without a reference, by its identity.
    pub fn order_of_line(&self, mut line: Vec<String>, currency: Currency) -> Option<&str> {
        line.truncate(LINE_PARTS);
        self.lines.get(&(line, currency)).map(String::as_str)
    }

    /// The payout of a file's lines that name none.
    pub fn payout_of(&self, provider: &str, file: &str) -> Option<&str> {
        if self.files.is_empty() {
            return None;
        }
        let key = (provider.to_owned(), file.to_owned());
        self.files.get(&key).map(String::as_str)
    }

    /// All of them, as they were decided.
    pub fn all(&self) -> &[DecidedLink] {
        &self.all
    }

    /// Payouts and bank entries that belong together.
    pub fn groups(&self) -> &[DecidedGroup] {
        &self.groups
    }

    /// What lines name (nothing, for lines without a reference), and the orders they are of.
    pub fn moves(&self) -> impl Iterator<Item = Move<'_>> {
        let references = self.references.iter();
        let by_reference = references.map(|((provider, written), order)| Move {
            provider,
            written,
            order,
        });
        let lines = self.lines.iter().map(|((line, _), order)| Move {
            provider: line.first().map_or("", String::as_str),
            written: "",
            order,
        });
        by_reference.chain(lines)
    }

    /// Adds to some references those that links bring together with them.
    pub fn add_linked(&self, references: &mut BTreeSet<String>) {
        let mut before = 0;
        while before < references.len() && !self.moves_no_line() {
            before = references.len();
            for one in self.moves() {
                if references.contains(one.written) != references.contains(one.order) {
                    references.insert(one.written.to_owned());
                    references.insert(one.order.to_owned());
                }
            }
        }
    }

    /// The orders, by provider and reference, whose lines are not the same by other links.
    pub fn orders_that_differ(&self, other: &Self) -> BTreeSet<OrderKey> {
        let all = |links: &Self| -> BTreeSet<(String, String, String)> {
            let owned = |one: Move<'_>| {
                let [provider, written, order] = [one.provider, one.written, one.order];
                (provider.to_owned(), written.to_owned(), order.to_owned())
            };
            links.moves().map(owned).collect()
        };
        let changed_lines = self.lines != other.lines;
        let (now, then) = (all(self), all(other));
        let differing = now.symmetric_difference(&then);
        let mut orders = BTreeSet::new();
        for (provider, written, order) in differing {
            orders.insert((provider.clone(), written.clone()));
            orders.insert((provider.clone(), order.clone()));
        }
        if changed_lines {
            for one in self.moves().chain(other.moves()) {
                if one.written.is_empty() {
                    orders.insert((one.provider.to_owned(), one.order.to_owned()));
                    orders.insert((one.provider.to_owned(), String::new()));
                }
            }
        }
        orders
    }
}

/// Lines that belong to another order than they name.
#[derive(Clone, Copy, Debug)]
pub struct Move<'l> {
    /// Whose.
    pub provider: &'l str,
    /// What they name; empty for a line that names nothing.
    pub written: &'l str,
    /// The order.
    pub order: &'l str,
}
