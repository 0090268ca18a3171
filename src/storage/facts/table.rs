//! The kinds of facts, and what a packed row of each is known by.

use crate::domain::file::{FileId, InputContent};
use crate::domain::order::{Order, OrderEvent};
use crate::domain::packed::{Damage, take, unpack};
use crate::domain::provider_event::ProviderEvent;
use crate::domain::settlement::SettlementLine;

/// A kind of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactTable {
    /// Settlement lines.
    Lines,
    /// All versions of orders.
    Orders,
    /// Confirmations, cancellations and refunds.
    OrderEvents,
    /// What providers say of their credit files.
    ProviderEvents,
}

impl FactTable {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [
        Self::Lines,
        Self::Orders,
        Self::OrderEvents,
        Self::ProviderEvents,
    ];

    /// Its number in the database.
    pub fn number(self) -> u8 {
        match self {
            Self::Lines => 0,
            Self::Orders => 1,
            Self::OrderEvents => 2,
            Self::ProviderEvents => 3,
        }
    }

    /// The kind with a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.number() == number)
    }

    /// The kind of the rows of files; `None` for those that hold statements.
    pub fn of(content: InputContent) -> Option<Self> {
        match content {
            InputContent::Lines => Some(Self::Lines),
            InputContent::Orders => Some(Self::Orders),
            InputContent::OrderEvents => Some(Self::OrderEvents),
            InputContent::ProviderEvents => Some(Self::ProviderEvents),
            InputContent::Statements | InputContent::Decisions => None,
        }
    }

    /// What it holds, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Lines => "settlement lines",
            Self::Orders => "orders",
            Self::OrderEvents => "order events",
            Self::ProviderEvents => "provider events",
        }
    }

    /// The provider that a row names: its second field. A line names none: it is its file's.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn provider(self, row: &[u8]) -> Result<Option<&str>, Damage> {
        match self {
            Self::Lines => Ok(None),
            Self::Orders | Self::OrderEvents | Self::ProviderEvents => {
                unpack::<(&str, &str)>(row).map(|(_, provider)| Some(provider))
            }
        }
    }

    /// The transaction that a row is found by; empty: by none.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn transaction(self, row: &[u8]) -> Result<&str, Damage> {
        match self {
            Self::Lines | Self::OrderEvents => Ok(""),
            Self::Orders => unpack::<Order<'_>>(row).map(|order| order.transaction_id),
            Self::ProviderEvents => {
                unpack::<(&str, &str, &str)>(row).map(|(_, _, transaction)| transaction)
            }
        }
    }

    /// Takes the row at the beginning of some bytes off them, unpacking all of it.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn split<'b>(self, bytes: &mut &'b [u8]) -> Result<&'b [u8], Damage> {
        let before = *bytes;
        match self {
            Self::Lines => take::<SettlementLine<'_>>(bytes).map(drop),
            Self::Orders => take::<Order<'_>>(bytes).map(drop),
            Self::OrderEvents => take::<OrderEvent<'_>>(bytes).map(drop),
            Self::ProviderEvents => take::<ProviderEvent<'_>>(bytes).map(drop),
        }?;
        let length = before.len().saturating_sub(bytes.len());
        before.get(..length).ok_or(Damage::NoRow)
    }
}

/// A stored row.
#[derive(Clone, Copy, Debug)]
pub struct FactRow<'r> {
    /// What it is.
    pub table: FactTable,
    /// Its number.
    pub number: i64,
    /// The file it came in.
    pub file: FileId,
    /// The provider of its file; empty where each row names its own.
    pub file_provider: &'r str,
    /// The row, packed.
    pub bytes: &'r [u8],
}

impl<'r> FactRow<'r> {
    /// The order reference: the first field of every row.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn reference(&self) -> Result<&'r str, Damage> {
        unpack(self.bytes)
    }

    /// Whose row it is.
    ///
    /// # Errors
    /// For bytes that are no row.
    pub fn provider(&self) -> Result<&'r str, Damage> {
        let own = self.table.provider(self.bytes)?;
        Ok(own.unwrap_or(self.file_provider))
    }
}
