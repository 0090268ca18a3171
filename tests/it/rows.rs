//! The files of a company, written from rows whose cells a test may spoil one by one.

/// A row of a table with named columns.
#[derive(Clone)]
pub(crate) struct Row {
    columns: &'static [&'static str],
    values: Vec<String>,
}

impl Row {
    fn new(columns: &'static [&'static str]) -> Self {
        Self {
            columns,
            values: vec![String::new(); columns.len()],
        }
    }

    /// The row with another value in one column.
    pub(crate) fn with(mut self, column: &str, value: &str) -> Self {
        let at = self.columns.iter().position(|name| *name == column);
        let at = at.unwrap_or_else(|| panic!("no column {column}"));
        value.clone_into(&mut self.values[at]);
        self
    }

    /// The row as it stands in a file.
    pub(crate) fn line(&self, delimiter: &str) -> String {
        let quoted = |value: &String| {
            if value.contains(delimiter) {
                format!("\"{value}\"")
            } else {
                value.clone()
            }
        };
        let values: Vec<String> = self.values.iter().map(quoted).collect();
        values.join(delimiter)
    }
}

/// A CSV file of rows of one kind.
pub(crate) fn csv(rows: &[Row]) -> String {
    delimited(rows, ",")
}

/// The same with another delimiter.
pub(crate) fn delimited(rows: &[Row], delimiter: &str) -> String {
    let mut lines = vec![rows[0].columns.join(delimiter)];
    lines.extend(rows.iter().map(|row| row.line(delimiter)));
    lines.join("\n") + "\n"
}

/// The header of [`csv`] alone.
pub(crate) fn header(row: &Row) -> String {
    row.columns.join(",") + "\n"
}

const CRP: &[&str] = &[
    "PR_Type",
    "IS_cancel",
    "Merchant_guid",
    "Purchase_date",
    "Purchase_hour",
    "Cancel_date",
    "Cancel_hour",
    "External_reference",
    "Transaction_number",
    "Transaction_amount",
    "Transaction_amount_currency",
    "Merchant_context",
    "Commission_amount",
    "Transfer_Id",
];

/// A funding in a payment report, of a purchase on a day like `2026-11-18`.
pub(crate) fn funding(order: &str, day: &str, gross: &str) -> Row {
    Row::new(CRP)
        .with("PR_Type", "FIN")
        .with("IS_cancel", "N")
        .with("Merchant_guid", "shop-1")
        .with("Purchase_date", &written(day))
        .with("Purchase_hour", "10:00:00")
        .with("External_reference", order)
        .with("Transaction_number", &format!("TX-{order}"))
        .with("Transaction_amount", gross)
        .with("Transaction_amount_currency", "EUR")
}

/// A cancellation in a payment report.
pub(crate) fn cancellation(order: &str, day: &str, gross: &str) -> Row {
    funding(order, day, gross)
        .with("IS_cancel", "Y")
        .with("Cancel_date", &written(day))
        .with("Cancel_hour", "11:00:00")
}

/// `2026-11-18` as payment reports write it.
fn written(day: &str) -> String {
    let parts: Vec<&str> = day.split('-').rev().collect();
    parts.join("/")
}

/// The name of a French payment report: the day it covers and its number.
pub(crate) fn crp_name(day: &str, sequence: u32) -> String {
    format!(
        "inbox/oney/crp_fr_v3_{}_{sequence}.csv",
        day.replace('-', "")
    )
}

const ORDER: &[&str] = &[
    "order_reference",
    "provider",
    "amount",
    "currency",
    "status",
    "ordered_at",
    "cancelled_amount",
    "cancelled_at",
    "updated_at",
];

/// An order that was funded.
pub(crate) fn order(reference: &str, day: &str, amount: &str) -> Row {
    Row::new(ORDER)
        .with("order_reference", reference)
        .with("provider", "oney")
        .with("amount", amount)
        .with("currency", "EUR")
        .with("status", "FUNDED")
        .with("ordered_at", day)
}

/// The header of an orders file without `updated_at`, and its rows.
pub(crate) fn orders_without_updated_at(rows: &[Row]) -> String {
    let cut = |line: &str| line.rsplit_once(',').unwrap().0.to_owned();
    let lines: Vec<String> = csv(rows).lines().map(cut).collect();
    lines.join("\n") + "\n"
}

const EVENT: &[&str] = &[
    "order_reference",
    "provider",
    "type",
    "amount",
    "currency",
    "occurred_at",
    "event_id",
];

/// A refund of an order.
pub(crate) fn refund(reference: &str, day: &str, amount: &str) -> Row {
    Row::new(EVENT)
        .with("order_reference", reference)
        .with("provider", "oney")
        .with("type", "refund")
        .with("amount", amount)
        .with("currency", "EUR")
        .with("occurred_at", day)
        .with("event_id", &format!("EV-{reference}-{day}"))
}

/// A booked entry of a statement: its reference at the bank, the signed amount, its text.
pub(crate) struct Entry<'e> {
    pub(crate) id: &'e str,
    pub(crate) day: &'e str,
    pub(crate) cents: i64,
    pub(crate) text: &'e str,
}

/// The account of all statements.
pub(crate) const ACCOUNT: &str = "FR7630006000011234567890189";

/// A camt.053 statement with a true closing balance.
pub(crate) fn camt(id: &str, [from, to]: [&str; 2], opening: i64, entries: &[Entry<'_>]) -> String {
    let closing = opening + entries.iter().map(|entry| entry.cents).sum::<i64>();
    let balance = |code: &str, cents: i64, day: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{}<Dt><Dt>{day}</Dt></Dt></Bal>",
            amount(cents)
        )
    };
    let entry = |entry: &Entry<'_>| {
        let Entry {
            id,
            day,
            cents,
            text,
        } = entry;
        format!(
            "<Ntry>{}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>\
             <ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{id}</AcctSvcrRef><NtryDtls><TxDtls>\
             <RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n",
            amount(*cents)
        )
    };
    let entries: String = entries.iter().map(entry).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\n\
         <Stmt><Id>{id}</Id><FrToDt><FrDtTm>{from}T00:00:00</FrDtTm>\
         <ToDtTm>{to}T23:59:59</ToDtTm></FrToDt>\
         <Acct><Id><IBAN>{ACCOUNT}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n{}{}\n{entries}\
         </Stmt></BkToCstmrStmt></Document>\n",
        balance("OPBD", opening, from),
        balance("CLBD", closing, to),
    )
}

fn amount(cents: i64) -> String {
    let sign = if cents < 0 { "DBIT" } else { "CRDT" };
    format!(
        "<Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>{sign}</CdtDbtInd>",
        euros(cents.abs())
    )
}

/// `12.50` for 1250.
pub(crate) fn euros(cents: i64) -> String {
    format!("{}.{:02}", cents.div_euclid(100), cents.rem_euclid(100))
}
