//! A profile for a table that nobody has described yet: what its content proves, what it only
//! suggests, and what it does not tell.
//!
//! A sample of the rows ([`sample`]) → what each column holds ([`evidence`]) → the proposal
//! ([`Proposal`]), of which only what is certain takes effect: known titles, and what all rows agree
//! about. Money is never guessed: a column of amounts with a title that is not known is shown as a
//! suggestion for a person to decide.

mod evidence;
mod mask;
mod sample;
mod text;
mod trial;

use super::Refusal;
use super::open_file::OpenFile;
use super::profile::{
    Profile, ProfileDefinition, UNIFIED_SETTLEMENT, built_in, built_in_for, comparable, tried_for,
};
use super::words::without_currency;
use crate::domain::file::InputKind;
use evidence::{Column, Holds};
pub use mask::masked;
use sample::Sample;
use std::collections::BTreeMap;
pub use text::written;
pub use trial::trial;

/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 100;

/// Kinds of tables that a profile can be proposed for, with the columns that no file lacks.
const KINDS: [(InputKind, &[&str]); 4] = [
    (InputKind::BankStatement, &["booking_date"]),
    (
        InputKind::Orders,
        &[
            "order_reference",
            "provider",
            "amount",
            "currency",
            "status",
            "ordered_at",
        ],
    ),
    (
        InputKind::OrderEvents,
        &[
            "order_reference",
            "provider",
            "type",
            "amount",
            "currency",
            "occurred_at",
        ],
    ),
    (InputKind::Settlement, &["order_reference", "currency"]),
];

/// A column that may be what a canonical name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The canonical name.
    pub canonical: String,
    /// The title in the file.
    pub title: String,
    /// Why it may be, with examples.
    pub reason: String,
}

/// What a file shows of the profile that it needs.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// What the file holds.
    pub kind: InputKind,
    /// The line of the header.
    pub header_line: usize,
    /// What is certain, ready to be tried.
    pub definition: ProfileDefinition,
    /// Columns that a person has to decide about.
    pub suggestions: Vec<Suggestion>,
    /// Columns whose words nobody knows, with these words.
    pub words: Vec<(String, Vec<String>)>,
    /// Titles that neither the proposal nor a suggestion uses.
    pub unused: Vec<String>,
    /// What the file does not tell, as sentences.
    pub open: Vec<String>,
}

/// Proposes a profile for a file.
///
/// # Errors
/// When it is no table, or nothing tells what it holds.
pub fn propose(
    opened: &OpenFile,
    kind: Option<InputKind>,
    name: &str,
) -> Result<Proposal, Refusal> {
    let sample = Sample::of(opened)?;
    let Found { kind, root, header } = header_of(&sample, kind)?;
    let base = built_in(root).unwrap_or_default();
    let titles = sample.rows.get(header).cloned().unwrap_or_default();
    let rows = sample
        .rows
        .get(header.saturating_add(1)..)
        .unwrap_or_default();
    let columns: Vec<Column> = titles
        .iter()
        .enumerate()
        .map(|(at, title)| Column::of(title.trim(), rows, at))
        .collect();
    let mut proposal = Proposal {
        kind,
        header_line: header.saturating_add(1),
        definition: ProfileDefinition {
            name: name.to_owned(),
            extends: Some(root.to_owned()),
            delimiter: sample.delimiter,
            encoding: sample.encoding.clone(),
            ..ProfileDefinition::default()
        },
        suggestions: Vec::new(),
        words: Vec::new(),
        unused: Vec::new(),
        open: Vec::new(),
    };
    if proposal.header_line > base.header_within() {
        proposal.definition.notation.header_within = Some(proposal.header_line);
    }
    let known = known_columns(&columns, &base);
    proposal.take_known(&columns, &known, &base);
    proposal.take_dates(&columns, &known, &base);
    proposal.take_decimal_mark(&columns);
    proposal.suggest(&columns, &known);
    proposal.look_for_what_lacks(&columns, &known);
    Ok(proposal)
}

/// What the titles of a table tell.
struct Found {
    kind: InputKind,
    /// The built-in profile whose titles they are.
    root: &'static str,
    /// The row of the header, from 0.
    header: usize,
}

/// The kind, the profile and the header: the row that knows most titles of one, where it knows
/// enough.
fn header_of(sample: &Sample, asked: Option<InputKind>) -> Result<Found, Refusal> {
    let all = KINDS.iter().map(|(kind, _)| *kind);
    let kinds: Vec<InputKind> = asked.map_or_else(|| all.collect(), |kind| vec![kind]);
    let mut best: Option<(usize, Found)> = None;
    let mut is_tie = false;
    for kind in kinds {
        // The report without a header is told by its first row.
        let roots = built_in_for(Some(kind)).into_iter();
        for root in roots.filter(|root| *root != UNIFIED_SETTLEMENT) {
            let Some(base) = built_in(root) else { continue };
            let titles = Titles::of(&base);
            for (header, row) in sample.rows.iter().take(HEADER_ROWS).enumerate() {
                let is_known = |title: &&String| titles.canonical(title).is_some();
                let count = row.iter().filter(is_known).count();
                let (most, other) = best
                    .as_ref()
                    .map_or((0, kind), |(most, it)| (*most, it.kind));
                if count > most {
                    is_tie = false;
                    best = Some((count, Found { kind, root, header }));
                } else if count == most && other != kind {
                    is_tie = true;
                }
            }
        }
    }
    match (best, asked) {
        (Some((count, found)), _) if count > 1 && !is_tie => Ok(found),
        (Some((_, found)), Some(_)) => Ok(found),
        (None, Some(kind)) => Ok(Found {
            kind,
            root: tried_for(kind).last().copied().unwrap_or_default(),
            header: sample.widest(),
        }),
        (_, None) => Err(Refusal::new(
            "does not tell what it holds: too few of its titles are known; say it with --kind \
             (bank-statement, settlement, orders or order-events)",
        )),
    }
}

/// The titles of a profile, comparable, each with the canonical column that it stands for.
struct Titles(BTreeMap<String, String>);

impl Titles {
    fn of(base: &Profile) -> Self {
        let mut titles = BTreeMap::new();
        for (canonical, aliases) in &base.columns {
            for alias in std::iter::once(canonical).chain(aliases) {
                titles.insert(comparable(alias), canonical.clone());
            }
        }
        Self(titles)
    }

    /// The canonical column that a title stands for by default.
    fn canonical(&self, title: &str) -> Option<&str> {
        let bare = || without_currency(title).and_then(|(bare, _)| self.0.get(&comparable(&bare)));
        let found = self.0.get(&comparable(title)).or_else(bare);
        found.map(String::as_str)
    }
}

/// Canonical name to the columns that have a known title.
fn known_columns(columns: &[Column], base: &Profile) -> BTreeMap<String, Vec<usize>> {
    let titles = Titles::of(base);
    let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        if let Some(canonical) = titles.canonical(&column.title) {
            known.entry(canonical.to_owned()).or_default().push(at);
        }
    }
    known
}

impl Proposal {
    /// Lists the columns of known titles, so that what counts can be seen and changed.
    fn take_known(
        &mut self,
        columns: &[Column],
        known: &BTreeMap<String, Vec<usize>>,
        base: &Profile,
    ) {
        for (canonical, at) in known {
            let titles: Vec<String> = base
                .columns
                .get(canonical)
                .into_iter()
                .flatten()
                .chain([canonical])
                .flat_map(|alias| {
                    at.iter()
                        .filter_map(|at| columns.get(*at))
                        .filter(|column| is_called(&column.title, alias))
                        .map(|column| column.title.clone())
                })
                .collect();
            let mut titles: Vec<String> = titles;
            titles.dedup();
            // What decides about money and accounts stays a default: a default may be overruled.
            let decides = ["account", "amount"].contains(&canonical.as_str());
            if decides && self.kind == InputKind::BankStatement {
                continue;
            }
            self.definition.columns.insert(canonical.clone(), titles);
        }
        for (canonical, at) in known {
            let built_in = base.built_in_words(canonical);
            if built_in.is_empty() {
                continue;
            }
            let is_word = |word: &str| {
                built_in.iter().any(|(meaning, words)| {
                    let mut words = words.iter().chain([meaning]);
                    words.any(|known| comparable(known) == comparable(word))
                })
            };
            let found = at.iter().filter_map(|at| columns.get(*at));
            let unknown: Vec<String> = found
                .flat_map(|column| &column.words)
                .filter(|word| !is_word(word))
                .cloned()
                .collect();
            if !unknown.is_empty() {
                self.words.push((canonical.clone(), unknown));
            }
        }
    }

    /// The formats in which all days of the known columns can be read.
    fn take_dates(
        &mut self,
        columns: &[Column],
        known: &BTreeMap<String, Vec<usize>>,
        base: &Profile,
    ) {
        let is_day = |canonical: &str| canonical.ends_with("_date") || canonical.ends_with("_at");
        let days: Vec<&Column> = known
            .iter()
            .filter(|(canonical, _)| is_day(canonical))
            .flat_map(|(_, at)| at)
            .filter_map(|at| columns.get(*at))
            .collect();
        let formats = evidence::formats_of(&days);
        let ambiguous = formats.iter().any(|it| it.starts_with("%m"))
            && formats.iter().any(|it| it.starts_with("%d"));
        if ambiguous {
            self.open.push(format!(
                "whether days are written with the day or with the month first ({}): no day of the \
                 sample is above 12; dates = [\"{}\"] decides",
                days.first()
                    .map_or(String::new(), |column| column.examples()),
                formats.join("\"] or [\"")
            ));
        } else if let Some(format) = formats.first()
            && !base.dates.iter().any(|known| known == format)
        {
            self.definition.dates = vec![(*format).to_owned()];
        }
    }

    /// The decimal mark, where some amount shows it; none where amounts contradict each other.
    fn take_decimal_mark(&mut self, columns: &[Column]) {
        let amounts: Vec<&Column> = columns
            .iter()
            .filter(|column| column.holds == Holds::Amounts)
            .collect();
        let shown = |mark| amounts.iter().any(|column| column.shows_mark(mark));
        match (shown(','), shown('.')) {
            (true, false) => self.definition.decimal_mark = Some(','),
            (false, true) => self.definition.decimal_mark = Some('.'),
            (true, true) => self.open.push(
                "the decimal mark: some amounts show a comma and some a dot, so each is read by \
                 itself"
                    .to_owned(),
            ),
            (false, false) => {
                if let Some(column) = amounts.iter().find(|column| column.is_undecided()) {
                    self.open.push(format!(
                        "the decimal mark: {} in «{}» may be thousands or decimals; decimal_mark = \
                         \",\" or \".\" decides",
                        column.examples(),
                        column.title
                    ));
                }
            }
        }
    }

    /// Columns of no known title that hold what a canonical column holds.
    fn suggest(&mut self, columns: &[Column], known: &BTreeMap<String, Vec<usize>>) {
        let is_used = |at: usize| known.values().flatten().any(|used| *used == at);
        for (at, column) in columns.iter().enumerate() {
            if column.title.is_empty() || is_used(at) {
                continue;
            }
            let candidates = candidates(self.kind, column.holds, known);
            if candidates.is_empty() {
                self.unused.push(column.title.clone());
            }
            for canonical in candidates {
                self.suggestions.push(Suggestion {
                    canonical: canonical.to_owned(),
                    title: column.title.clone(),
                    reason: format!("{}: {}", column.holds.words(), column.examples()),
                });
            }
        }
    }

    /// What no file of the kind may lack.
    fn look_for_what_lacks(&mut self, columns: &[Column], known: &BTreeMap<String, Vec<usize>>) {
        let has = |canonical: &str| known.contains_key(canonical);
        let needed = KINDS.iter().find(|(kind, _)| *kind == self.kind);
        let lacking: Vec<&str> = needed
            .map_or(&[][..], |(_, needed)| needed)
            .iter()
            .copied()
            .filter(|canonical| !has(canonical))
            .collect();
        if !lacking.is_empty() {
            self.open.push(format!(
                "which columns are {}: list them in [profile.columns], or give all rows a value in \
                 [profile.fixed]",
                lacking.join(", ")
            ));
        }
        let is_bank = self.kind == InputKind::BankStatement;
        if is_bank && !has("amount") && !(has("debit") && has("credit")) {
            self.open
                .push("which column is the amount, or which are debit and credit".to_owned());
        }
        if self.kind == InputKind::Settlement && !has("gross") && !has("net") {
            self.open
                .push("which column is gross and which is net".to_owned());
        }
        if is_bank {
            self.look_for_the_account(columns, known);
        }
    }

    fn look_for_the_account(&mut self, columns: &[Column], known: &BTreeMap<String, Vec<usize>>) {
        let own = known
            .get("account")
            .and_then(|at| columns.get(*at.first()?));
        match own {
            Some(column) if column.is_constant() => {
                let columns = &mut self.definition.columns;
                columns.insert("account".to_owned(), vec![column.title.clone()]);
            }
            Some(column) => self.open.push(format!(
                "whose account it is: «{}» differs from row to row or is empty, so it is the other \
                 party's or the file is of several accounts; account in [profile.fixed] names yours, \
                 account = [\"{}\"] in [profile.columns] says that all are yours",
                column.title, column.title
            )),
            None => self
                .open
                .push("whose account it is: account in [profile.fixed] names it".to_owned()),
        }
    }
}

fn is_called(title: &str, alias: &str) -> bool {
    let alias = comparable(alias);
    let bare = || without_currency(title).map(|(bare, _)| comparable(&bare));
    comparable(title) == alias || bare() == Some(alias)
}

/// The canonical columns of a kind that are lacking and could hold what a column holds.
fn candidates(
    kind: InputKind,
    holds: Holds,
    known: &BTreeMap<String, Vec<usize>>,
) -> Vec<&'static str> {
    let has = |canonical: &str| known.contains_key(canonical);
    let both = has("debit") && has("credit");
    let all: &[&str] = match (kind, holds) {
        (InputKind::BankStatement, Holds::Days) => &["booking_date", "value_date"],
        (InputKind::BankStatement, Holds::Amounts) if has("amount") || both => &["balance"],
        (InputKind::BankStatement, Holds::Amounts) => &["amount", "debit", "credit", "balance"],
        (InputKind::BankStatement, Holds::Accounts) => &["account"],
        // Texts are joined: one more may be wanted.
        (InputKind::BankStatement, Holds::Texts) => return vec!["remittance"],
        (InputKind::BankStatement, Holds::Words) => &["status", "direction"],
        (InputKind::Settlement, Holds::Days) => &["report_date", "payout_date", "event_time"],
        (InputKind::Settlement, Holds::Amounts) => &["gross", "fee", "net"],
        (_, Holds::Currencies) => &["currency"],
        (InputKind::Settlement, Holds::Texts) => {
            &["order_reference", "payout_reference", "transaction_id"]
        }
        (InputKind::Settlement, Holds::Words) => &["kind"],
        (InputKind::Orders, Holds::Days) => &["ordered_at", "confirmed_at", "cancelled_at"],
        (InputKind::OrderEvents, Holds::Days) => &["occurred_at"],
        (InputKind::Orders | InputKind::OrderEvents, Holds::Amounts) => &["amount"],
        (InputKind::Orders | InputKind::OrderEvents, Holds::Texts) => &["order_reference"],
        (InputKind::Orders, Holds::Words) => &["status", "provider"],
        (InputKind::OrderEvents, Holds::Words) => &["type", "provider"],
        _ => &[],
    };
    all.iter().copied().filter(|it| !has(it)).collect()
}
