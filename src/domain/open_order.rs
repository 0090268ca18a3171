//! Orders that are not plainly balanced, as recorded nights remember them.

use chrono::NaiveDate;

use super::arena::Arena;
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
    /// Its row of the report, packed; empty where it is not known.
    pub shown: Vec<u8>,
}

/// Packs the row of an order; nothing where it has none.
pub fn pack_row(row: Option<&OrderRow<'_>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    pack(&row, &mut bytes);
    seal(&mut bytes);
    bytes
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
    state: OrderState,
    check_on: Option<NaiveDate>,
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
    /// When its row of the report is damaged.
    pub fn add(&mut self, number: i64, order: &OpenOrder) -> Result<(), Damage> {
        let is_known = !order.shown.is_empty();
        let row: Option<OrderRow<'_>> = if is_known {
            unpack(unseal(&order.shown)?)?
        } else {
            None
        };
        let mut bytes = Vec::new();
        pack(&(&order.provider, &order.order_reference, row), &mut bytes);
        self.places.push(Place {
            number,
            at: self.arena.push(&bytes),
            state: order.state,
            check_on: order.check_on,
            is_known,
        });
        Ok(())
    }

    /// One after the other, by provider and reference once they are sorted.
    pub fn iter(&self) -> impl Iterator<Item = OpenBefore<'_>> {
        self.places.iter().filter_map(|place| {
            // What was packed above is unpacked here.
            let (provider, order_reference, row) = unpack(self.arena.from(place.at)).ok()?;
            Some(OpenBefore {
                number: place.number,
                provider,
                order_reference,
                state: place.state,
                check_on: place.check_on,
                row,
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
