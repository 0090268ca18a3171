//! Oney's payment report (CRP), versions 3 and 2.
//!
//! The name carries country, report date and sequence; the layout comes from the header. What is
//! documented of the format and what is our assumption is in `docs/inputs.md`.

mod columns;
mod name;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use columns::{CrpColumns, PartColumns};
pub use name::ReportName;

use super::cells::{DayReader, amount, amount_error, time_of_day};
use super::counts::RowCounts;
use super::open_file::OpenFile;
use super::profile::{ONEY_CRP_V2, Profile};
use super::settlement::{LineReader, SettlementSink, SliceKey, read_rows};
use super::table::{Columns, Row, Table};
use super::words::Words;
use super::{CellError, Refusal, RowError};
use crate::domain::file::RowNames;
use crate::domain::order::normal_reference;
use crate::domain::settlement::{Contradiction, LineKind, LinePart, SettlementLine, SliceId};
use crate::domain::{Amount, Currency};

/// How a report is to be read.
#[derive(Clone, Copy, Debug)]
pub struct CrpOptions<'a> {
    /// The profile of the input, where it names one; else both versions are tried.
    pub profile: &'a Profile,
    /// Share of rejected rows above which the file is refused.
    pub max_rejected_percent: u32,
}

const V3_HEADER: &[&[&str]] = &[&[
    "pr_type",
    "is_cancel",
    "merchant_guid",
    "transaction_amount",
    "transaction_amount_currency",
]];
const V2_HEADER: &[&[&str]] = &[
    &[
        "is_cancel",
        "merchant_guid",
        "transaction_amount_currency",
        "payment_amount",
    ],
    &[
        "is_cancel",
        "merchant_guid",
        "transaction_amount_currency",
        "payment_amount_2",
    ],
];

/// True when a text begins like a payment report: its header is one.
pub fn has_known_header(opened: &OpenFile, profile: &Profile) -> bool {
    open(opened, profile).is_ok()
}

pub(super) fn open(opened: &OpenFile, profile: &Profile) -> Result<Table, Refusal> {
    let recognised_by = if profile.root == ONEY_CRP_V2 {
        V2_HEADER
    } else {
        V3_HEADER
    };
    Table::open(opened, profile, &Columns::of(profile, recognised_by))
}

/// Reads a report.
///
/// # Errors
/// The whole file is refused: unknown header, undecidable decimal mark, too many bad rows.
pub fn read(
    opened: &OpenFile,
    report_date: NaiveDate,
    options: CrpOptions<'_>,
    sink: &mut dyn SettlementSink,
) -> Result<RowCounts, Refusal> {
    let mut table = Table::open_by(open, opened, options.profile)?;
    table.header.check_unambiguous()?;
    let columns = CrpColumns::find(&table);
    let mut reader = RowReader {
        profile: options.profile,
        columns,
        types: Words::of(options.profile, "pr_type", RowType::from_word),
        cancels: Words::of(options.profile, "is_cancel", |word| match word {
            "Y" => Some(true),
            "N" => Some(false),
            _ => None,
        }),
        currencies: Words::currencies(options.profile, "transaction_amount_currency"),
        days: DayReader::new(options.profile.dates.clone()),
        report_date,
    };
    let percent = options.max_rejected_percent;
    read_rows(&mut table, percent, sink, &mut reader)
}

/// Whether a row is a purchase, a cancellation or a correction.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowType {
    Financing,
    Regularization,
}

impl RowType {
    /// The type of a canonical word.
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "FIN" | "CA" => Some(Self::Financing),
            "REG" => Some(Self::Regularization),
            _ => None,
        }
    }
}

struct RowReader<'a> {
    profile: &'a Profile,
    columns: CrpColumns,
    types: Words<RowType>,
    cancels: Words<bool>,
    currencies: Words<Currency>,
    days: DayReader,
    report_date: NaiveDate,
}

/// What all parts of a row share.
#[derive(Clone, Copy)]
struct RowFacts<'r> {
    row: &'r Row,
    row_type: RowType,
    cancels: bool,
    kind: LineKind,
    order_reference: &'r str,
    event_time: Option<NaiveDateTime>,
    currency: Currency,
}

impl RowFacts<'_> {
    /// The sign comes from `IS_cancel`, whatever sign is written; only a correction stands as
    /// written.
    fn signed(&self, written: Amount, name: &str) -> Result<Amount, RowError> {
        let regularization = self.row_type == RowType::Regularization;
        if self.cancels {
            Ok(-written.abs())
        } else if written.is_negative() && !regularization {
            Err(RowError::new(
                name,
                &written.display(self.currency).to_string(),
                "is negative on a row that cancels nothing (IS_cancel N); ask Oney what it is",
            ))
        } else {
            Ok(written)
        }
    }
}

impl LineReader for RowReader<'_> {
    fn take(
        &mut self,
        _table: &Table,
        row: &Row,
        sink: &mut dyn SettlementSink,
    ) -> Result<(), CellError> {
        let facts = self.facts(row)?;
        match self.columns.parts {
            None => self.read_v3(facts, sink),
            Some(parts) => self.read_v2(facts, &parts, sink),
        }
    }

    fn names(&self, row: &Row) -> RowNames {
        let columns = &self.columns;
        let transfers = match &columns.parts {
            None => vec![columns.transfer],
            Some(parts) => parts.iter().map(|(_, part)| part.transfer).collect(),
        };
        let payouts = transfers.into_iter().map(|it| row.text(it).to_owned());
        RowNames {
            provider: String::new(),
            order_reference: normal_reference(row.cell(columns.external_reference).text).to_owned(),
            transaction_id: self.transaction(row).to_owned(),
            payouts: payouts.filter(|name| !name.is_empty()).collect(),
        }
    }
}

impl RowReader<'_> {
    fn transaction<'r>(&self, row: &'r Row) -> &'r str {
        match row.text(self.columns.transaction_number) {
            "" => row.text(self.columns.funding_reference),
            number => number,
        }
    }

    fn facts<'r>(&mut self, row: &'r Row) -> Result<RowFacts<'r>, RowError> {
        let columns = &self.columns;
        let word = row.text(columns.pr_type);
        let row_type = self.types.find(word).copied();
        let row_type = row_type.ok_or_else(|| self.types.unknown(columns.name("pr_type"), word))?;
        let word = row.text(columns.is_cancel);
        let cancels = self.cancels.find(word).copied();
        let cancels =
            cancels.ok_or_else(|| self.cancels.unknown(columns.name("is_cancel"), word))?;
        if row.text(columns.merchant).is_empty() {
            return Err(missing(columns.name("merchant_guid")));
        }
        let order_reference = normal_reference(row.cell(columns.external_reference).text);
        let kind = match (row_type, cancels) {
            (RowType::Regularization, _) if order_reference.is_empty() => LineKind::Adjustment,
            (_, true) => LineKind::Cancellation,
            (_, false) => LineKind::Funding,
        };
        let currency = self.currency(row)?;
        let event_time = self.event_time(row, row_type, cancels)?;
        Ok(RowFacts {
            row,
            row_type,
            cancels,
            kind,
            order_reference,
            event_time,
            currency,
        })
    }

    fn currency(&self, row: &Row) -> Result<Currency, RowError> {
        let name = self.columns.name("transaction_amount_currency");
        match row.text(self.columns.currency) {
            "" => Err(missing(name)),
            word => self.currencies.currency(word).ok_or_else(|| {
                RowError::new(
                    name,
                    word,
                    "is not a currency of three letters; ask for the file again",
                )
            }),
        }
    }

    /// The day and hour of the cancellation, else of the purchase.
    fn event_time(
        &mut self,
        row: &Row,
        row_type: RowType,
        cancels: bool,
    ) -> Result<Option<NaiveDateTime>, RowError> {
        let regularization = row_type == RowType::Regularization;
        let purchase = self.moment(
            row,
            self.columns.purchase,
            ["purchase_date", "purchase_hour"],
        )?;
        let cancellation = self.moment(row, self.columns.cancel, ["cancel_date", "cancel_hour"])?;
        if purchase.is_none() && !(regularization && cancels) {
            return Err(missing(self.columns.name("purchase_date")));
        }
        if cancels && cancellation.is_none() {
            return Err(missing(self.columns.name("cancel_date")));
        }
        Ok(if cancels { cancellation } else { purchase })
    }

    fn moment(
        &mut self,
        row: &Row,
        [date, hour]: [Option<usize>; 2],
        [date_name, hour_name]: [&str; 2],
    ) -> Result<Option<NaiveDateTime>, RowError> {
        let text = row.text(date);
        if text.is_empty() {
            return Ok(None);
        }
        let Some(day) = self.days.day(row.cell(date)) else {
            let expected = format!(
                "is not a day {}; ask for the file again",
                self.days.expected()
            );
            return Err(RowError::new(self.columns.name(date_name), text, expected));
        };
        let text = row.text(hour);
        let time = if text.is_empty() {
            Some(NaiveTime::MIN)
        } else {
            time_of_day(text)
        };
        let Some(time) = time else {
            return Err(RowError::new(
                self.columns.name(hour_name),
                text,
                "is not a time HH:MM:SS; ask for the file again",
            ));
        };
        Ok(Some(day.and_time(time)))
    }

    /// An amount as written; `None` where the column is absent or empty.
    fn amount(
        &self,
        row: &Row,
        column: Option<usize>,
        name: &str,
        currency: Currency,
    ) -> Result<Option<Amount>, CellError> {
        let cell = row.cell(column);
        if cell.text.trim().is_empty() {
            return Ok(None);
        }
        match amount(cell, self.profile.decimal_mark, currency) {
            Ok(amount) => Ok(Some(amount)),
            Err(problem) => Err(amount_error(problem, name, cell.text)),
        }
    }

    fn read_v3(&self, facts: RowFacts<'_>, sink: &mut dyn SettlementSink) -> Result<(), CellError> {
        let (columns, row, currency) = (&self.columns, facts.row, facts.currency);
        let name = columns.name("transaction_amount");
        let written = self.amount(row, columns.amount, name, currency)?;
        let gross = facts.signed(written.ok_or_else(|| missing(name))?, name)?;
        let funding_name = columns.name("funding_amount");
        let funding = self.amount(row, columns.funding_amount, funding_name, currency)?;
        let name = columns.name("commission_amount");
        let fee = match (
            self.amount(row, columns.commission, name, currency)?,
            funding,
        ) {
            (Some(commission), _) if facts.cancels => -commission.abs(),
            (Some(commission), _) => commission.abs(),
            (None, Some(funding)) => gross - funding.with_sign_of(gross),
            (None, None) => Amount::ZERO,
        };
        let net_name = columns.name("net_amount");
        let stated_net = self.amount(row, columns.net_amount, net_name, currency)?;
        let line = SettlementLine {
            contradiction: contradiction(gross, gross - fee, funding, stated_net),
            ..self.line(facts, gross, fee)
        };
        let transfer = row.text(columns.transfer);
        sink.emit(&self.slice_key(facts, LinePart::Whole, transfer), &line);
        Ok(())
    }

    fn read_v2(
        &self,
        facts: RowFacts<'_>,
        parts: &[(LinePart, PartColumns); 2],
        sink: &mut dyn SettlementSink,
    ) -> Result<(), CellError> {
        let (columns, row, currency) = (&self.columns, facts.row, facts.currency);
        if columns.amount.is_some() {
            let name = columns.name("transaction_amount");
            let purchase = self.amount(row, columns.amount, name, currency)?;
            facts.signed(purchase.ok_or_else(|| missing(name))?, name)?;
        }
        let mut found: [Option<(LinePart, SettlementLine<'_>, &str)>; 2] = [None, None];
        for (slot, (part, at)) in found.iter_mut().zip(parts) {
            let suffix = if *part == LinePart::Funding { "_2" } else { "" };
            let name = format!("Payment_amount{suffix}");
            let Some(written) = self.amount(row, at.amount, &name, currency)? else {
                continue;
            };
            let gross = facts.signed(written, &name)?;
            let name = format!("Commission_amount{suffix}");
            let commission = self.amount(row, at.commission, &name, currency)?;
            let fee = commission.unwrap_or(Amount::ZERO).abs();
            let fee = if facts.cancels { -fee } else { fee };
            *slot = Some((*part, self.line(facts, gross, fee), row.text(at.transfer)));
        }
        if found.iter().all(Option::is_none) {
            let reason =
                "the row has neither a deposit nor a funding amount; ask for the file again";
            return Err(RowError::new("Payment_amount", "", reason).into());
        }
        // Nothing of a row is handed on before all of it could be read.
        for (part, line, transfer) in found.iter().flatten() {
            sink.emit(&self.slice_key(facts, *part, transfer), line);
        }
        Ok(())
    }

    fn slice_key<'r>(
        &self,
        facts: RowFacts<'r>,
        part: LinePart,
        payout_reference: &'r str,
    ) -> SliceKey<'r> {
        SliceKey {
            merchant: facts.row.text(self.columns.merchant),
            currency: facts.currency,
            payout_reference,
            report_date: self.report_date,
            kind: facts.kind,
            part,
        }
    }

    fn line<'r>(&self, facts: RowFacts<'r>, gross: Amount, fee: Amount) -> SettlementLine<'r> {
        let (columns, row) = (&self.columns, facts.row);
        SettlementLine {
            slice: SliceId(0),
            line: row.line,
            order_reference: facts.order_reference,
            transaction_id: self.transaction(row),
            event_time: facts.event_time,
            gross,
            fee,
            product: row.text(columns.product),
            instalments: row.text(columns.instalments).parse().ok(),
            order_amount: None,
            contradiction: None,
        }
    }
}

/// What a row says of itself that its other columns deny (`spec: inputs, Oney CRP, net`).
fn contradiction(
    gross: Amount,
    net: Amount,
    funding: Option<Amount>,
    stated_net: Option<Amount>,
) -> Option<Contradiction> {
    if let Some(stated) = stated_net.filter(|stated| stated.abs() != net.abs()) {
        return Some(Contradiction {
            expected: net,
            actual: stated.with_sign_of(gross),
        });
    }
    let funding = funding.filter(|f| f.abs() != gross.abs() && f.abs() != net.abs())?;
    let distance = |target: Amount| (funding.abs() - target.abs()).abs();
    let expected = if distance(gross) < distance(net) {
        gross
    } else {
        net
    };
    Some(Contradiction {
        expected,
        actual: funding.with_sign_of(gross),
    })
}

fn missing(name: &str) -> RowError {
    RowError::new(name, "", "is empty and must not be; ask for the file again")
}

#[cfg(test)]
mod tests;
