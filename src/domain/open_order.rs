//! Orders that are not plainly balanced, as recorded nights remember them.

use chrono::NaiveDate;

use serde::{Deserialize, Serialize};

use super::arena::Arena;
use super::calendar::packed_opt_day;
use super::outcome::{OrderRow, OrderState};
use super::packed::{Damage, pack, seal, unpack, unseal};

/// An order that is not plainly balanced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpenOrder {
    /// Who finances it.
    pub provider: String,
    /// Its reference.
    pub order_reference: String,
    /// Where it stands.
    pub state: OrderState,
    /// The next day on which time alone may change it.
    pub check_on: Option<NaiveDate>,
    /// All of this and its row of the report, packed and sealed; empty where an earlier version
    /// stored it.
    pub packed: Vec<u8>,
}

/// What is packed of an open order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Packed<'a> {
    provider: &'a str,
    order_reference: &'a str,
    state: OrderState,
    #[serde(with = "packed_opt_day")]
    check_on: Option<NaiveDate>,
    #[serde(borrow)]
    row: Option<OrderRow<'a>>,
}

impl OpenOrder {
    /// The order with its row of the report, if it has one.
    pub fn new(
        (provider, order_reference): (&str, &str),
        state: OrderState,
        check_on: Option<NaiveDate>,
        row: Option<OrderRow<'_>>,
    ) -> Self {
        let content = Packed {
            provider,
            order_reference,
            state,
            check_on,
            row,
        };
        let mut packed = Vec::new();
        pack(&content, &mut packed);
        seal(&mut packed);
        Self {
            provider: provider.to_owned(),
            order_reference: order_reference.to_owned(),
            state,
            check_on,
            packed,
        }
    }

    /// What it is without a row of the report.
    fn without_row(&self) -> Packed<'_> {
        Packed {
            provider: &self.provider,
            order_reference: &self.order_reference,
            state: self.state,
            check_on: self.check_on,
            row: None,
        }
    }
}

/// Many of them in little memory.
#[derive(Clone, Debug, Default)]
pub struct OpenOrders {
    arena: Arena,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    number: i64,
    at: u32,
    is_known: bool,
}

/// One of them, as the night before left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenBefore<'a> {
    /// The row of the database that holds it.
    pub number: i64,
    /// Who finances it.
    pub provider: &'a str,
    /// Its reference.
    pub order_reference: &'a str,
    /// Where it stood.
    pub state: OrderState,
    /// The next day on which time alone may change it.
    pub check_on: Option<NaiveDate>,
    /// Its row of the report, where it has one.
    pub row: Option<OrderRow<'a>>,
    /// False where only looking at it again tells whether it has one.
    pub is_known: bool,
}

impl OpenBefore<'_> {
    /// True when it has to be looked at again on a day, whether or not something of it changed.
    pub fn is_due(&self, day: NaiveDate) -> bool {
        !self.is_known || self.check_on.is_some_and(|check_on| check_on <= day)
    }
}

impl OpenOrders {
    /// Adds one that a row of the database holds.
    ///
    /// # Errors
    /// When it is not what was stored.
    pub fn add(&mut self, number: i64, order: &OpenOrder) -> Result<(), Damage> {
        let is_known = !order.packed.is_empty();
        let mut content = order.without_row();
        if is_known {
            let packed: Packed<'_> = unpack(unseal(&order.packed)?)?;
            content.row = packed.row;
            if content != packed {
                return Err(Damage::Checksum);
            }
        }
        let mut bytes = Vec::new();
        pack(&content, &mut bytes);
        self.places.push(Place {
            number,
            at: self.arena.push(&bytes),
            is_known,
        });
        Ok(())
    }

    /// The rows of the database that hold them.
    pub fn rows(&self) -> Vec<i64> {
        self.places.iter().map(|place| place.number).collect()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// One after the other, by provider and reference once they are sorted.
    pub fn iter(&self) -> impl Iterator<Item = OpenBefore<'_>> {
        self.places.iter().filter_map(|place| {
            // What was packed above is unpacked here.
            let packed: Packed<'_> = unpack(self.arena.from(place.at)).ok()?;
            Some(OpenBefore {
                number: place.number,
                provider: packed.provider,
                order_reference: packed.order_reference,
                state: packed.state,
                check_on: packed.check_on,
                row: packed.row,
                is_known: place.is_known,
            })
        })
    }

    /// Sorts by provider and reference.
    pub fn sort(&mut self) {
        let key = |place: &Place| unpack::<(&str, &str)>(self.arena.from(place.at)).ok();
        self.places.sort_by(|a, b| key(a).cmp(&key(b)));
    }
}
