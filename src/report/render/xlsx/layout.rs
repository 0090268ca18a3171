//! What is special about each sheet: which columns stand first, how its rows are named, coloured,
//! linked and added up.
//!
//! A sheet has the columns of the table of the same name ([`views`](crate::report::views)); one
//! that is named here and not there is an error that the tests of this room find. In English names
//! and words are those of the tables, as programs read them too; in other languages they are the
//! reader's.

use std::borrow::Cow;

use super::style::Tone;
use crate::report::language::{Kind, Language, Texts};

/// The layout of the sheet of one table.
pub(super) struct Layout {
    /// The table's name.
    pub(super) table: &'static str,
    /// The sheet's name.
    pub(super) sheet: &'static str,
    /// Columns at the left that stay when the others are scrolled.
    pub(super) frozen: u16,
    /// What a reader wants to see without scrolling, from the left; behind it stand the columns of
    /// decisions where there are any, and what the table has besides, in its order.
    pub(super) first: &'static [First],
    /// For whoever looks closer: at the right, folded, not printed.
    pub(super) folded: &'static [&'static str],
    /// Columns with words of the program.
    pub(super) words: &'static [(&'static str, Said)],
    /// Columns that are added up on the Summary sheet, by currency where the table has one.
    pub(super) totals: &'static [&'static str],
    /// The columns that name a row, where others link to it.
    pub(super) key: &'static [&'static str],
    /// Cells that link to rows of other sheets.
    pub(super) links: &'static [Link],
    /// Columns whose words are coloured.
    pub(super) tones: &'static [(&'static str, &'static [(&'static str, Tone)])],
    /// True where finance writes its decisions, in two more columns.
    pub(super) decisions: bool,
}

/// A column that is seen without scrolling.
pub(super) struct First {
    /// The column.
    pub(super) name: &'static str,
    /// Digits that it is at most wide, unless an amount needs more; longer texts are wrapped.
    pub(super) width: u16,
}

/// What the words of a column are words of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Words that have titles.
    Word(Kind),
    /// Providers, which have names.
    Provider,
}

impl Said {
    /// A word of a cell, for its reader.
    pub(super) fn title(self, word: &str, texts: Texts) -> Cow<'_, str> {
        match (texts.language(), self) {
            (Language::English, _) => Cow::Borrowed(word),
            (Language::French | Language::German, _) if word.is_empty() => Cow::Borrowed(word),
            (Language::French | Language::German, Self::Word(kind)) => texts.title(kind, word),
            (Language::French | Language::German, Self::Provider) => {
                Cow::Owned(texts.provider(word).to_owned())
            }
        }
    }
}

impl First {
    const fn wide(name: &'static str, width: u16) -> Self {
        Self { name, width }
    }
}

impl Layout {
    /// The sheet's name for its reader.
    pub(super) fn sheet_name(&self, texts: Texts) -> Cow<'static, str> {
        match texts.language() {
            Language::English => Cow::Borrowed(self.sheet),
            Language::French | Language::German => texts.title(Kind::Table, self.table),
        }
    }

    /// The same, as formulas and links name it.
    pub(super) fn sheet_in_formulas(&self, texts: Texts) -> String {
        let name = self.sheet_name(texts);
        if name.chars().all(|c| c.is_ascii_alphanumeric()) {
            return name.into_owned();
        }
        format!("'{}'", name.replace('\'', "''"))
    }

    /// A word of a column as its cells have it.
    pub(super) fn said<'w>(&self, column: &str, word: &'w str, texts: Texts) -> Cow<'w, str> {
        let of = self.words.iter().find(|(name, _)| *name == column);
        of.map_or(Cow::Borrowed(word), |(_, said)| said.title(word, texts))
    }
}

/// A cell that links to a row of another sheet.
pub(super) struct Link {
    /// The column of the cell.
    pub(super) column: &'static str,
    /// The table it leads to. It is written before the one with the link.
    pub(super) to: &'static str,
    /// The columns that hold the other row's key.
    pub(super) by: &'static [&'static str],
}

/// The sheets behind the Summary, in their order.
pub(super) const LAYOUTS: [Layout; 6] = [DISCREPANCIES, ORDERS, PAYOUTS, BALANCE, INPUTS, REJECTED];

const DISCREPANCIES: Layout = Layout {
    table: "discrepancies",
    sheet: "Discrepancies",
    frozen: 2,
    // Beside the columns of decisions they fill a screen of 1440 pixels.
    first: &[
        First::wide("severity", 12),
        First::wide("code", 20),
        First::wide("state", 9),
        First::wide("provider", 9),
        First::wide("order_reference", 12),
        First::wide("payout_reference", 12),
        First::wide("currency", 8),
        First::wide("expected", 10),
        First::wide("actual", 10),
        First::wide("difference", 10),
        First::wide("explanation", 40),
    ],
    folded: &[
        "id",
        "merchant",
        "transaction_id",
        "account",
        "bank_entry",
        "file",
        "cause",
        "sources",
    ],
    words: &[
        ("severity", Said::Word(Kind::Severity)),
        ("code", Said::Word(Kind::Code)),
        ("state", Said::Word(Kind::State)),
        ("provider", Said::Provider),
    ],
    totals: &[],
    key: &[],
    links: &[
        Link {
            column: "order_reference",
            to: "orders",
            by: &["provider", "order_reference"],
        },
        Link {
            column: "payout_reference",
            to: "payouts",
            by: &["provider", "payout_reference", "currency"],
        },
        Link {
            column: "file",
            to: "inputs",
            by: &["file"],
        },
    ],
    tones: &[
        (
            "severity",
            &[
                ("error", Tone::Bad),
                ("warning", Tone::Warn),
                ("info", Tone::Info),
            ],
        ),
        (
            "state",
            &[
                ("new", Tone::Bold),
                ("changed", Tone::Bold),
                ("accepted", Tone::Quiet),
                ("resolved", Tone::Good),
            ],
        ),
    ],
    decisions: true,
};

const ORDERS: Layout = Layout {
    table: "orders",
    sheet: "Orders",
    frozen: 2,
    first: &[],
    folded: &[],
    words: &[
        ("provider", Said::Provider),
        ("status", Said::Word(Kind::OrderStatus)),
        ("state", Said::Word(Kind::OrderState)),
    ],
    totals: &[
        "amount",
        "cancelled",
        "reported_funded",
        "reported_cancelled",
        "fee",
        "net",
    ],
    key: &["provider", "order_reference"],
    links: &[],
    tones: &[(
        "state",
        &[
            ("open", Tone::Bad),
            ("pending", Tone::Quiet),
            ("balanced", Tone::Good),
        ],
    )],
    decisions: false,
};

const PAYOUTS: Layout = Layout {
    table: "payouts",
    sheet: "Payouts",
    frozen: 2,
    first: &[],
    folded: &[],
    words: &[
        ("provider", Said::Provider),
        ("state", Said::Word(Kind::PayoutState)),
        ("matched_by", Said::Word(Kind::MatchedBy)),
    ],
    totals: &["gross", "fee", "net", "expected", "booked", "difference"],
    key: &["provider", "payout_reference", "currency"],
    links: &[],
    tones: &[(
        "state",
        &[
            ("mismatched", Tone::Bad),
            ("not_received", Tone::Bad),
            ("carried_over", Tone::Info),
            ("pending", Tone::Quiet),
            ("matched", Tone::Good),
            ("settled_without_transfer", Tone::Good),
        ],
    )],
    decisions: false,
};

const BALANCE: Layout = Layout {
    table: "balance",
    sheet: "Balance",
    frozen: 2,
    first: &[],
    folded: &[],
    words: &[("provider", Said::Provider)],
    // The Summary shows each of its columns.
    totals: &[],
    key: &[],
    links: &[],
    tones: &[],
    decisions: false,
};

const INPUTS: Layout = Layout {
    table: "inputs",
    sheet: "Inputs",
    frozen: 1,
    first: &[
        First::wide("file", 34),
        First::wide("kind", 24),
        First::wide("provider", 14),
        First::wide("report_date", 12),
        First::wide("status", 12),
        First::wide("rows", 9),
        First::wide("accepted", 10),
        First::wide("rejected", 10),
        First::wide("gross", 14),
        First::wide("reason", 60),
    ],
    folded: &["country", "sequence", "sha256"],
    words: &[
        ("kind", Said::Word(Kind::InputKind)),
        ("provider", Said::Provider),
        ("status", Said::Word(Kind::FileStatus)),
    ],
    totals: &["rows", "accepted", "rejected"],
    key: &["file"],
    links: &[],
    tones: &[(
        "status",
        &[
            ("refused", Tone::Bad),
            ("unread", Tone::Bad),
            ("duplicate", Tone::Quiet),
            ("superseded", Tone::Quiet),
            ("ignored", Tone::Quiet),
        ],
    )],
    decisions: false,
};

const REJECTED: Layout = Layout {
    table: "rejected",
    sheet: "Rejected",
    frozen: 2,
    first: &[
        First::wide("file", 34),
        First::wide("line", 8),
        First::wide("column", 20),
        First::wide("value", 24),
        First::wide("reason", 80),
    ],
    folded: &["raw"],
    words: &[],
    totals: &[],
    key: &[],
    links: &[],
    tones: &[],
    decisions: false,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::discrepancy::{Severity, State};
    use crate::domain::outcome::OrderState;
    use crate::domain::payout::PayoutState;
    use crate::report::render::xlsx::decisions::WIDTHS as DECISION_WIDTHS;
    use crate::report::table::TableSpec;
    use crate::report::views;

    fn table(name: &str) -> TableSpec {
        [
            views::discrepancies::TABLE,
            views::orders::TABLE,
            views::payouts::TABLE,
            views::balance::TABLE,
            views::inputs::TABLE,
            views::rejected::TABLE,
        ]
        .into_iter()
        .find(|table| table.name == name)
        .unwrap()
    }

    #[test]
    fn every_column_that_a_layout_names_is_one_of_its_table() {
        for layout in &LAYOUTS {
            let has = |column: &str| table(layout.table).columns.contains(&column);
            let links = layout.links.iter().flat_map(|link| {
                let by = link.by.iter().copied();
                by.chain([link.column])
            });
            let tones = layout.tones.iter().map(|(column, _)| *column);
            let named = [layout.totals, layout.key, layout.folded].concat();
            let first = layout.first.iter().map(|first| first.name);
            let words = layout.words.iter().map(|(column, _)| *column);
            let all = named.into_iter().chain(first).chain(words);
            for column in all.chain(links).chain(tones) {
                assert!(has(column), "{}: {column}", layout.sheet);
            }
        }
    }

    #[test]
    fn what_finance_needs_fits_beside_its_decisions_on_a_screen_of_1440_pixels() {
        // Excel draws a column of n digits with 7 n + 5 pixels; beside them stand the row numbers,
        // a scroll bar and the window's frame.
        let pixels = |digits: u16| 7 * digits + 5;
        let first = DISCREPANCIES.first.iter().map(|first| pixels(first.width));
        let decisions = DECISION_WIDTHS.map(pixels);
        let seen: u16 = first.chain(decisions).sum();
        assert!(seen + 60 <= 1440, "{seen}");
    }

    #[test]
    fn sheets_have_names_of_their_own_in_every_language() {
        for (_, language) in Language::WORDS {
            let texts = Texts::of(language);
            let names = LAYOUTS.iter().map(|layout| layout.sheet_name(texts));
            let names: std::collections::BTreeSet<_> = names.collect();
            assert_eq!(names.len(), LAYOUTS.len());
            for name in names {
                assert!(
                    name.chars().count() <= 31
                        && !name.contains(['[', ']', ':', '*', '?', '/', '\\'])
                );
            }
        }
    }

    #[test]
    fn a_link_names_as_many_columns_as_the_key_of_its_target() {
        for link in LAYOUTS.iter().flat_map(|layout| layout.links) {
            let to = LAYOUTS.iter().find(|layout| layout.table == link.to);
            assert_eq!(to.unwrap().key.len(), link.by.len(), "{}", link.column);
        }
    }

    #[test]
    fn the_words_that_are_coloured_are_words_of_the_program() {
        let tones = |layout: &Layout, column: &str| -> Vec<&str> {
            let (_, words) = layout
                .tones
                .iter()
                .find(|(name, _)| *name == column)
                .unwrap();
            words.iter().map(|(word, _)| *word).collect()
        };
        let severities = Severity::ALL.map(Severity::word);
        assert_eq!(tones(&DISCREPANCIES, "severity"), severities);
        let states = State::ALL.map(State::word);
        assert!(
            tones(&DISCREPANCIES, "state")
                .iter()
                .all(|word| states.contains(word))
        );
        let payouts = [
            PayoutState::Mismatched,
            PayoutState::NotReceived,
            PayoutState::CarriedOver,
            PayoutState::Pending,
            PayoutState::Matched,
            PayoutState::SettledWithoutTransfer,
        ];
        assert_eq!(tones(&PAYOUTS, "state"), payouts.map(PayoutState::word));
        let orders = [OrderState::Open, OrderState::Pending, OrderState::Balanced];
        assert_eq!(tones(&ORDERS, "state"), orders.map(OrderState::word));
    }
}
