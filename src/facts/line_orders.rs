//! Which order a line is of, where a person said that it is another than the line names.

use std::collections::BTreeSet;

use crate::domain::packed::{Damage, pack, unpack};
use crate::domain::settlement::SettlementLine;

/// What people said of lines; whoever knows the links answers it.
pub trait LineOrders {
    /// True where every line is of the order that it names.
    fn moves_nothing(&self) -> bool;

    /// The order of the lines and notifications that name a reference.
    fn of_reference(&self, provider: &str, written: &str) -> Option<&str>;

    /// The order of a line that names none.
    fn of_unnamed(&self, line: &SettlementLine<'_>) -> Option<&str>;

    /// Adds to references those whose rows may be needed with theirs.
    fn add_linked(&self, references: &mut BTreeSet<String>);
}

/// No person said anything of lines.
#[derive(Clone, Copy, Debug)]
pub struct AsWritten;

impl LineOrders for AsWritten {
    fn moves_nothing(&self) -> bool {
        true
    }

    fn of_reference(&self, _provider: &str, _written: &str) -> Option<&str> {
        None
    }

    fn of_unnamed(&self, _line: &SettlementLine<'_>) -> Option<&str> {
        None
    }

    fn add_linked(&self, _references: &mut BTreeSet<String>) {}
}

/// A packed line under the reference of the order that it is of; `None` where it names that itself.
pub(super) fn moved_line(
    orders: &dyn LineOrders,
    provider: &str,
    row: &[u8],
    into: &mut Vec<u8>,
) -> Result<Option<String>, Damage> {
    let written: &str = unpack(row)?;
    let order = if written.is_empty() {
        orders.of_unnamed(&unpack(row)?)
    } else {
        orders.of_reference(provider, written)
    };
    let Some(order) = order else { return Ok(None) };
    let line: SettlementLine<'_> = unpack(row)?;
    into.clear();
    let moved = SettlementLine {
        order_reference: order,
        ..line
    };
    pack(&moved, into);
    Ok(Some(order.to_owned()))
}
