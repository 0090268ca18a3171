//! How far the books of small companies reach, and which feed is silent. The 1st of November 2026 is
//! a Sunday.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use regex::Regex;
use rust_decimal::Decimal;

use super::{CoverageItems, Covered, Delivery};
use crate::domain::calendar::BusinessCalendar;
use crate::domain::coverage::{Book, Feed, Reach, Waiting, WaitingList};
use crate::domain::file::{FileId, InputKind};
use crate::domain::rules::{
    FeedInput, ProviderRules, ReportDays, Rules, SettlementMode, Tolerance,
};
use crate::domain::statement::{
    Statement, StatementEntry, StatementId, StatementKind, StoredEntry, StoredStatement,
};
use crate::domain::{Amount, Currency};

fn nov(day: u32) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    first + chrono::Days::new(u64::from(day - 1))
}

fn input(kind: InputKind, path: &str, provider: Option<&str>, limit: u32) -> FeedInput {
    FeedInput {
        kind,
        path: path.to_owned(),
        provider: provider.map(str::to_owned),
        max_silence_business_days: limit,
    }
}

fn rules(inputs: Vec<FeedInput>) -> Rules {
    let default_provider = ProviderRules {
        family: None,
        mode: SettlementMode::Net,
        bank_text: Regex::new(r"[^\s\S]").unwrap(),
        accounts: Vec::new(),
        funding_delay_days: 5,
        cancellation_delay_days: 5,
        status_delay_days: 1,
        payout_grace_business_days: 3,
        entry_grace_business_days: 3,
        bank_window_before_days: 5,
        bank_window_after_days: 20,
        confirm_deadline_days: None,
        deadline_warning_days: 5,
        report_days: ReportDays {
            by_country: BTreeMap::new(),
            default: None,
        },
        reports_settlement: true,
        books_open: None,
    };
    Rules {
        calendar: BusinessCalendar::default(),
        providers: BTreeMap::new(),
        default_provider,
        amount_tolerance: Tolerance(Decimal::ZERO),
        fee_tolerance: Tolerance(Decimal::ZERO),
        max_combined_payouts: 7,
        fees: Vec::new(),
        inputs,
        closed_accounts: Vec::new(),
    }
}

/// A company: what came, and what its accounts say.
struct Company {
    rules: Rules,
    deliveries: Vec<Delivery<'static>>,
    statements: Vec<StoredStatement>,
    entries: Vec<StoredEntry>,
    input_of: BTreeMap<FileId, &'static str>,
    first_recorded: Option<NaiveDate>,
}

impl Company {
    fn with(inputs: Vec<FeedInput>) -> Self {
        Self {
            rules: rules(inputs),
            deliveries: Vec::new(),
            statements: Vec::new(),
            entries: Vec::new(),
            input_of: BTreeMap::new(),
            first_recorded: Some(nov(2)),
        }
    }

    /// A file that came by an input.
    fn came(&mut self, kind: InputKind, by: &'static str, day: u32) -> &mut Delivery<'static> {
        self.deliveries.push(Delivery {
            kind,
            input: by,
            provider: "",
            orders_of: &[],
            received: nov(day),
            report_date: None,
        });
        self.deliveries.last_mut().unwrap()
    }

    /// A report that came on the day after its own.
    fn reported(&mut self, kind: InputKind, by: &'static str, provider: &'static str, day: u32) {
        let delivery = self.came(kind, by, day + 1);
        delivery.provider = provider;
        delivery.report_date = Some(nov(day));
    }

    /// A statement with one booking on its last day; of a table when it covers nothing.
    fn stated(&mut self, account: &str, kind: StatementKind, until: u32) {
        let number = i64::try_from(self.statements.len() + 1).unwrap();
        let is_booked = kind == StatementKind::Booked;
        self.statements.push(StoredStatement {
            number: StatementId(number),
            file: FileId(number),
            statement: Statement {
                account: account.to_owned(),
                id: String::new(),
                sequence: String::new(),
                from: Some(nov(until)),
                to: Some(nov(until)),
                currency: Some(Currency::EUR),
                opening: None,
                closing: None,
                kind,
                covers_until: is_booked.then(|| nov(until)),
            },
            entries: 1,
            credits: Amount::ZERO,
            debits: Amount::ZERO,
            rejected: 0,
        });
        self.entries.push(StoredEntry {
            number,
            statement: StatementId(number),
            entry: StatementEntry {
                line: 1,
                servicer_reference: String::new(),
                booked_on: nov(until),
                value_on: None,
                amount: Amount::from_minor(100),
                currency: Currency::EUR,
                counterparty: String::new(),
                references: Vec::new(),
                remittance: String::new(),
            },
        });
        self.came(InputKind::BankStatement, "bank", until + 1);
        self.input_of.insert(FileId(number), "bank");
    }

    fn on(&self, as_of: u32) -> Covered {
        let statements: Vec<&StoredStatement> = self.statements.iter().collect();
        let items = CoverageItems {
            deliveries: &self.deliveries,
            statements: &statements,
            entries: &self.entries,
            input_of: &self.input_of,
            first_recorded: self.first_recorded,
        };
        Covered::new(&items, &self.rules, nov(as_of))
    }

    /// `bank FR1 until 11-09 (11-13) late` of each feed.
    fn feeds(&self, as_of: u32) -> Vec<String> {
        let feeds = self.on(as_of).feeds(&WaitingList::default());
        feeds.iter().map(in_words).collect()
    }

    /// `FR1 11-13` of each `FEED_SILENT`.
    fn silent(&self, as_of: u32) -> Vec<String> {
        let found = self.on(as_of).silent();
        let line = |it: &crate::domain::discrepancy::Discrepancy| {
            format!("{} {}", it.key.join("/"), it.event_date.format("%m-%d"))
        };
        found.iter().map(line).collect()
    }
}

fn in_words(feed: &Feed) -> String {
    let day =
        |day: Option<NaiveDate>| day.map_or("-".to_owned(), |day| day.format("%m-%d").to_string());
    format!(
        "{} {}{}{} until {} ({}) {}",
        feed.kind.word(),
        feed.provider,
        feed.account,
        feed.path,
        day(feed.covered_until),
        day(feed.allowed_until),
        feed.state.word()
    )
}

fn bank(limit: u32) -> FeedInput {
    input(InputKind::BankStatement, "bank", None, limit)
}

fn all(accounts: &[&str]) -> BTreeSet<String> {
    accounts.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn an_account_is_known_to_the_end_of_its_latest_statement_whatever_exports_add() {
    let mut company = Company::with(vec![bank(3)]);
    company.stated("FR1", StatementKind::Booked, 9);
    company.stated("FR1", StatementKind::Intraday, 11);
    company.stated("FR1", StatementKind::Export, 12);
    // Monday the 9th; Tuesday to Thursday are allowed, Friday is the first day after.
    assert_eq!(company.feeds(13), ["bank FR1 until 11-09 (11-13) late"]);
    assert_eq!(company.feeds(10), ["bank FR1 until 11-09 (11-13) complete"]);
}

#[test]
fn an_account_without_statements_is_known_to_its_latest_booking() {
    let mut company = Company::with(vec![bank(3)]);
    company.stated("FR1", StatementKind::Export, 5);
    company.stated("FR1", StatementKind::Intraday, 6);
    assert_eq!(company.feeds(9), ["bank FR1 until 11-06 (11-12) complete"]);
}

#[test]
fn a_feed_is_silent_once_more_business_days_have_passed_than_are_allowed() {
    let mut company = Company::with(vec![bank(3)]);
    company.stated("FR1", StatementKind::Booked, 9);
    assert_eq!(company.silent(13), Vec::<String>::new());
    // Friday the 13th lies before Saturday: four business days.
    assert_eq!(company.silent(14), ["FR1 11-13"]);
    assert_eq!(company.feeds(14), ["bank FR1 until 11-09 (11-13) silent"]);
}

#[test]
fn what_came_later_covers_until_the_day_that_is_looked_from() {
    let mut company = Company::with(vec![
        bank(3),
        input(InputKind::OneyCrp, "oney", Some("oney"), 0),
        input(InputKind::Orders, "orders", None, 3),
    ]);
    company.stated("FR1", StatementKind::Booked, 20);
    company.reported(InputKind::OneyCrp, "oney", "oney", 19);
    company.came(InputKind::Orders, "orders", 18);
    assert_eq!(
        company.feeds(10),
        [
            "bank FR1 until 11-10 (11-16) complete",
            "reports oney until 11-10 (-) complete",
            "orders orders until 11-10 (11-16) complete",
        ]
    );
}

#[test]
fn of_an_input_the_day_received_counts_and_not_its_rows() {
    let mut company = Company::with(vec![input(
        InputKind::Settlement,
        "settled",
        Some("exemple-pay"),
        6,
    )]);
    company.reported(InputKind::Settlement, "settled", "exemple-pay", 2);
    company.deliveries[0].received = nov(6);
    // Friday the 6th, and seven business days: Tuesday the 17th.
    assert_eq!(
        company.feeds(17),
        ["reports exemple-pay until 11-02 (11-17) late"]
    );
    assert_eq!(company.silent(17), Vec::<String>::new());
    assert_eq!(company.silent(18), ["settlement/settled 11-17"]);
}

#[test]
fn an_input_of_which_nothing_came_counts_from_the_first_recorded_run() {
    let mut company = Company::with(vec![
        bank(3),
        input(InputKind::Orders, "orders", None, 3),
        input(InputKind::OrderEvents, "events", None, 2),
        input(InputKind::PayoneStatus, "status", Some("payone"), 0),
    ]);
    assert_eq!(
        company.feeds(6),
        [
            "bank bank until - (11-06) never",
            "orders orders until - (11-06) never",
            "events events until - (11-05) never",
        ]
    );
    assert_eq!(company.silent(6), ["order-events/events 11-05"]);
    assert_eq!(
        company.silent(7),
        [
            "bank-statement/bank 11-06",
            "orders/orders 11-06",
            "order-events/events 11-05"
        ]
    );
    company.first_recorded = None;
    assert_eq!(company.silent(30), Vec::<String>::new());
}

#[test]
fn a_closed_account_is_never_silent_and_holds_nothing_back() {
    let mut company = Company::with(vec![bank(3)]);
    company.stated("FR1", StatementKind::Booked, 3);
    company.stated("FR2", StatementKind::Booked, 12);
    company.rules.closed_accounts = vec!["FR1".to_owned()];
    assert_eq!(company.silent(13), Vec::<String>::new());
    let covered = company.on(13);
    let set = ["FR1".to_owned(), "FR2".to_owned()];
    assert_eq!(
        covered.bank(&set, &BTreeSet::new()).reach,
        Reach::Until(nov(12))
    );
    // All of its own are closed: the others stand in.
    let only_closed = ["FR1".to_owned()];
    assert_eq!(
        covered.bank(&only_closed, &BTreeSet::new()).reach,
        Reach::Until(nov(12))
    );
}

#[test]
fn the_bank_of_a_provider_ends_with_the_first_of_its_accounts() {
    let mut company = Company::with(vec![bank(3)]);
    company.stated("FR1", StatementKind::Booked, 3);
    company.stated("FR2", StatementKind::Booked, 12);
    company.stated("FR3", StatementKind::Booked, 10);
    let covered = company.on(13);
    let nowhere = BTreeSet::new();
    let seen = covered.bank(&[], &all(&["FR2", "FR3"]));
    assert_eq!(seen.reach, Reach::Until(nov(10)));
    assert_eq!(seen.account.as_deref(), Some("FR3"));
    let set = ["FR2".to_owned()];
    assert_eq!(
        covered.bank(&set, &all(&["FR1"])).reach,
        Reach::Until(nov(12))
    );
    assert_eq!(covered.bank(&[], &nowhere).reach, Reach::Until(nov(3)));
    let unheard_of = ["FR9".to_owned()];
    assert_eq!(covered.bank(&unheard_of, &nowhere).reach, Reach::Nothing);
}

#[test]
fn without_an_input_there_is_no_feed() {
    let company = Company::with(vec![input(InputKind::OneyCrp, "oney", Some("oney"), 0)]);
    let covered = company.on(13);
    assert_eq!(covered.bank(&[], &BTreeSet::new()).reach, Reach::NoFeed);
    assert_eq!(covered.horizon("oney").orders, Reach::NoFeed);
    assert_eq!(covered.reports("oney"), Reach::Nothing);
    assert_eq!(covered.reports("e-financing"), Reach::NoFeed);
}

#[test]
fn orders_are_those_of_the_inputs_that_ever_brought_the_provider() {
    let path = |path: &str| input(InputKind::Orders, path, None, 3);
    let mut company = Company::with(vec![path("web"), path("shop")]);
    let oney = Box::leak(Box::new(["oney".to_owned()]));
    let payone = Box::leak(Box::new(["payone".to_owned()]));
    company.came(InputKind::Orders, "web", 5).orders_of = oney;
    company.came(InputKind::Orders, "web", 6);
    company.came(InputKind::Orders, "shop", 9).orders_of = payone;
    let covered = company.on(13);
    assert_eq!(covered.horizon("oney").orders, Reach::Until(nov(6)));
    assert_eq!(covered.horizon("payone").orders, Reach::Until(nov(9)));
    // Of a provider that nobody brought, any input might.
    assert_eq!(covered.horizon("e-financing").orders, Reach::Until(nov(9)));
    company.came(InputKind::Orders, "shop", 11).orders_of = oney;
    assert_eq!(company.on(13).horizon("oney").orders, Reach::Until(nov(11)));
}

#[test]
fn a_file_of_an_input_that_is_gone_may_have_come_by_any() {
    let path = |path: &str| input(InputKind::Orders, path, None, 3);
    let mut company = Company::with(vec![path("web"), path("shop")]);
    company.came(InputKind::Orders, "", 5);
    assert_eq!(
        company.feeds(6),
        [
            "orders shop until 11-05 (11-11) complete",
            "orders web until 11-05 (11-11) complete"
        ]
    );
}

#[test]
fn what_waits_is_counted_at_the_feed_it_waits_for() {
    let mut company = Company::with(vec![
        bank(3),
        input(InputKind::OneyCrp, "oney", Some("oney"), 0),
        input(InputKind::Orders, "orders", None, 3),
    ]);
    company.stated("FR1", StatementKind::Booked, 9);
    let mut waiting = WaitingList::default();
    for book in [
        Book::Bank(Some("FR1".to_owned())),
        Book::Bank(Some("FR1".to_owned())),
        Book::Reports("oney".to_owned()),
        Book::Orders("oney".to_owned()),
    ] {
        waiting.add(Waiting {
            book,
            currency: Some(Currency::EUR),
            amount: Amount::from_minor(150),
        });
    }
    let feeds = company.on(13).feeds(&waiting);
    let waits = |feed: &Feed| {
        let sum = feed.waiting[&Some(Currency::EUR)];
        (sum.items, sum.amount.to_minor().unwrap())
    };
    assert_eq!(
        feeds.iter().map(waits).collect::<Vec<_>>(),
        [(2, 300), (1, 150), (1, 150)]
    );
}
