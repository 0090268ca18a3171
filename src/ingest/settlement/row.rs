//! A row of a settlement table: what it does, its amounts, its day.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::amounts::{Parts, Settled, SignRule, Unsettled, Written};
use super::fields::{AmountNotation, Field, REMEDY};
use super::meaning::Meaning;
use super::moments::MomentReader;
use super::{LineReader, SettlementOptions, SettlementSink, SliceKey};
use crate::domain::file::RowNames;
use crate::domain::order::normal_reference;
use crate::domain::settlement::{LineKind, LinePart, SettlementLine, SliceId};
use crate::domain::{Amount, Currency, Money};
use crate::ingest::cells::time_of_day;
use crate::ingest::profile::Signs;
use crate::ingest::table::{Row, Table};
use crate::ingest::words::{Side, Words};
use crate::ingest::{CellError, RowError};

/// An amount in one signed column, or in one for each direction.
struct MoneyColumns {
    one: Field,
    credit: Field,
    debit: Field,
}

/// The columns of a layout that are texts or moments.
struct TextColumns {
    kind: Field,
    direction: Field,
    order_reference: Field,
    transaction_id: Field,
    merchant: Field,
    currency: Field,
    order_currency: Field,
    payout_reference: Field,
    product: Field,
    instalments: Field,
    event_time: Field,
    event_hour: Field,
    payout_date: Field,
    report_date: Field,
}

/// Makes lines of rows.
pub(super) struct RowReader {
    texts: TextColumns,
    gross: MoneyColumns,
    net: MoneyColumns,
    order: MoneyColumns,
    fee: Field,
    vat: Field,
    kinds: Words<Meaning>,
    sides: Words<Side>,
    currencies: Words<Currency>,
    notation: AmountNotation,
    moments: MomentReader,
    rule: SignRule,
    /// True where rows name their values themselves and leave out what they lack.
    is_loose: bool,
    /// The latest day of the lines so far.
    pub(super) latest: Option<NaiveDate>,
}

impl LineReader for RowReader {
    fn take(
        &mut self,
        _table: &Table,
        row: &Row,
        sink: &mut dyn SettlementSink,
    ) -> Result<(), CellError> {
        self.read(row, sink)
    }

    fn names(&self, row: &Row) -> RowNames {
        let texts = &self.texts;
        let payout = texts.payout_reference.text(row).to_owned();
        RowNames {
            provider: String::new(),
            order_reference: normal_reference(texts.order_reference.cell(row).text).to_owned(),
            transaction_id: texts.transaction_id.text(row).to_owned(),
            payouts: Some(payout)
                .filter(|name| !name.is_empty())
                .into_iter()
                .collect(),
        }
    }
}

impl RowReader {
    pub(super) fn new(
        table: &Table,
        options: SettlementOptions<'_>,
        shared: &BTreeMap<String, String>,
    ) -> Self {
        let profile = options.profile;
        let field = |name| Field::find(&table.header, profile, shared, name);
        let money = |one, credit, debit| MoneyColumns {
            one: field(one),
            credit: field(credit),
            debit: field(debit),
        };
        let notation = &profile.notation;
        let zone = notation.timezone.unwrap_or(options.timezone);
        Self {
            texts: TextColumns {
                kind: field("kind"),
                direction: field("direction"),
                order_reference: field("order_reference"),
                transaction_id: field("transaction_id"),
                merchant: field("merchant"),
                currency: field("currency"),
                order_currency: field("order_currency"),
                payout_reference: field("payout_reference"),
                product: field("product"),
                instalments: field("instalments"),
                event_time: field("event_time"),
                event_hour: field("event_hour"),
                payout_date: field("payout_date"),
                report_date: field("report_date"),
            },
            gross: money("gross", "gross_credit", "gross_debit"),
            net: money("net", "net_credit", "net_debit"),
            order: money("order_amount", "order_credit", "order_debit"),
            fee: field("fee"),
            vat: field("vat"),
            kinds: Words::of(profile, "kind", Meaning::from_word),
            sides: Side::words(profile),
            currencies: Words::currencies(profile, "currency"),
            notation: AmountNotation::of(profile),
            moments: MomentReader::new(profile.dates.clone(), zone, options.timezone),
            rule: SignRule {
                signs: notation.signs.unwrap_or(Signs::ByKind),
                fee_sign: notation.fee_sign,
                side: None,
                meaning: None,
            },
            is_loose: table.header.is_loose,
            latest: None,
        }
    }

    fn read(&mut self, row: &Row, sink: &mut dyn SettlementSink) -> Result<(), CellError> {
        let meaning = self.meaning(row)?;
        let rule = SignRule {
            meaning,
            side: self.side(row, meaning)?,
            ..self.rule
        };
        let currency = self.currency(row, &self.texts.currency)?;
        let parts = Parts {
            gross: self.written(row, &self.gross, currency)?,
            fee: self.fee_as_written(row, currency)?,
            net: self.written(row, &self.net, currency)?,
        };
        let settled = rule.settle(parts).map_err(|why| self.unsettled(row, why))?;
        let order_amount = self.order_amount(row, settled.gross, currency)?;
        let event_time = self.event_time(row)?;
        let report_date = self.report_date(row, event_time)?;
        let texts = &self.texts;
        let order_reference = normal_reference(texts.order_reference.cell(row).text);
        let key = SliceKey {
            merchant: texts.merchant.text(row),
            currency,
            payout_reference: texts.payout_reference.text(row),
            report_date,
            kind: meaning.map_or_else(|| kind_by_sign(settled, order_reference), Meaning::kind),
            part: LinePart::Whole,
        };
        let line = SettlementLine {
            order_reference,
            slice: SliceId(0),
            line: row.line,
            transaction_id: texts.transaction_id.text(row),
            event_time,
            gross: settled.gross,
            fee: settled.fee,
            product: texts.product.text(row),
            instalments: texts.instalments.text(row).parse().ok(),
            order_amount,
            contradiction: settled.contradiction,
        };
        sink.emit(&key, &line);
        self.latest = self.latest.max(Some(report_date));
        Ok(())
    }

    /// What the row does; `None` where the layout has no word for it.
    fn meaning(&self, row: &Row) -> Result<Option<Meaning>, RowError> {
        let kind = &self.texts.kind;
        if !kind.is_known() {
            return Ok(None);
        }
        let word = kind.text(row);
        match self.kinds.find(word) {
            Some(meaning) => Ok(Some(*meaning)),
            None if word.is_empty() => Err(kind.missing()),
            None => Err(self.kinds.unknown(&kind.name, word)),
        }
    }

    fn side(&self, row: &Row, meaning: Option<Meaning>) -> Result<Option<Side>, RowError> {
        let direction = &self.texts.direction;
        let word = direction.text(row);
        let may_be_absent = self.is_loose || meaning == Some(Meaning::Memo);
        if !direction.is_known() || (word.is_empty() && may_be_absent) {
            return Ok(None);
        }
        match self.sides.find(word) {
            Some(side) => Ok(Some(*side)),
            None if word.is_empty() => Err(direction.missing()),
            None => Err(self.sides.unknown(&direction.name, word)),
        }
    }

    fn currency(&self, row: &Row, field: &Field) -> Result<Currency, RowError> {
        match field.text(row) {
            "" => Err(field.missing()),
            word => self
                .currencies
                .currency(word)
                .ok_or_else(|| field.error(row, "is not a currency of three letters")),
        }
    }

    fn written(
        &self,
        row: &Row,
        columns: &MoneyColumns,
        currency: Currency,
    ) -> Result<Option<Written>, CellError> {
        let amount = |field: &Field| self.notation.amount(field.named(row), currency);
        if let Some(amount) = amount(&columns.one)? {
            return Ok(Some(Written {
                amount,
                has_side: false,
            }));
        }
        let (credit, debit) = (amount(&columns.credit)?, amount(&columns.debit)?);
        let sum = match (credit, debit) {
            (None, None) => return Ok(None),
            (Some(credit), Some(debit)) if !credit.is_zero() && !debit.is_zero() => {
                let problem = "and the credit are both filled";
                return Err(columns.debit.error(row, problem).into());
            }
            (credit, debit) => {
                credit.unwrap_or(Amount::ZERO).abs() - debit.unwrap_or(Amount::ZERO).abs()
            }
        };
        Ok(Some(Written {
            amount: sum,
            has_side: true,
        }))
    }

    /// The sum of all columns of fees and VAT.
    fn fee_as_written(&self, row: &Row, currency: Currency) -> Result<Option<Amount>, CellError> {
        let fee = self.notation.sum(&self.fee, row, currency)?;
        let vat = self.notation.sum(&self.vat, row, currency)?;
        Ok(match (fee, vat) {
            (None, None) => None,
            (fee, vat) => Some(fee.unwrap_or(Amount::ZERO) + vat.unwrap_or(Amount::ZERO)),
        })
    }

    fn unsettled(&self, row: &Row, why: Unsettled) -> RowError {
        match why {
            Unsettled::NoAmount => {
                let fields = [&self.gross.one, &self.gross.credit, &self.net.one];
                let known = fields.into_iter().find(|field| field.is_known());
                known.unwrap_or(&self.net.credit).missing()
            }
            Unsettled::FeeSignUnknown => {
                let place = self.fee.filled(row).chain(self.vat.filled(row)).next();
                let (value, name) = place.map_or(("", self.fee.name.as_str()), |(cell, name)| {
                    (cell.text.trim(), name)
                });
                RowError::new(
                    name,
                    value,
                    "has a minus on a line that pays, and no net shows whether it costs; \
                     set fee_sign in the profile (\"effect\" when a minus costs)",
                )
            }
        }
    }

    /// The amount in the order's currency, where that is another than the payout's.
    fn order_amount(
        &self,
        row: &Row,
        gross: Amount,
        currency: Currency,
    ) -> Result<Option<Money>, CellError> {
        if self.texts.order_currency.text(row).is_empty() {
            return Ok(None);
        }
        let order_currency = self.currency(row, &self.texts.order_currency)?;
        if order_currency == currency {
            return Ok(None);
        }
        let written = self.written(row, &self.order, order_currency)?;
        Ok(written.map(|written| Money {
            amount: written.amount.with_sign_of(gross),
            currency: order_currency,
        }))
    }

    fn moment(&mut self, row: &Row, which: Which) -> Result<Option<NaiveDateTime>, RowError> {
        let field = match which {
            Which::Event => &self.texts.event_time,
            Which::Payout => &self.texts.payout_date,
            Which::Report => &self.texts.report_date,
        };
        let cell = field.cell(row);
        if cell.text.trim().is_empty() {
            return Ok(None);
        }
        let moment = self.moments.moment(cell);
        moment.map(Some).ok_or_else(|| {
            let expected = self.moments.expected();
            field.error(row, &format!("is not a day {expected}"))
        })
    }

    /// The moment of the event; its hour may stand in a column of its own.
    fn event_time(&mut self, row: &Row) -> Result<Option<NaiveDateTime>, RowError> {
        let moment = self.moment(row, Which::Event)?;
        let hour = &self.texts.event_hour;
        let text = hour.text(row);
        let Some(moment) = moment.filter(|_| !text.is_empty()) else {
            return Ok(moment);
        };
        match time_of_day(text) {
            Some(time) => Ok(Some(moment.date().and_time(time))),
            None => Err(hour.error(row, "is not a time HH:MM:SS")),
        }
    }

    /// The day that a line is reported for: its own, else that of its payout, else of the event.
    fn report_date(
        &mut self,
        row: &Row,
        event_time: Option<NaiveDateTime>,
    ) -> Result<NaiveDate, RowError> {
        let reported = self.moment(row, Which::Report)?;
        let paid = self.moment(row, Which::Payout)?;
        let moment = reported.or(paid).or(event_time);
        moment.map(|moment| moment.date()).ok_or_else(|| {
            RowError::new(
                &self.texts.report_date.name,
                "",
                format!(
                    "is empty, and neither payout_date nor event_time tells the day; \
                     name a column, or take the day from the file's name (file_name); {REMEDY}"
                ),
            )
        })
    }
}

/// A column with a moment.
#[derive(Clone, Copy)]
enum Which {
    Event,
    Payout,
    Report,
}

/// What a line does where no word says so.
fn kind_by_sign(settled: Settled, order_reference: &str) -> LineKind {
    if order_reference.is_empty() {
        LineKind::Adjustment
    } else if settled.gross.is_negative() {
        LineKind::Cancellation
    } else {
        LineKind::Funding
    }
}
