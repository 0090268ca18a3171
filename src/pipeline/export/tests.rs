//! The journal of any small world agrees with what matching says of it.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::config;
use crate::domain::payout::{BankEntry, MonthlyFee, Payout, UnassignedLines};
use crate::domain::rules::SettlementMode;
use crate::domain::settlement::LineKind;
use crate::matching::balance::ReportedTotal;
use crate::matching::coverage::Covered;
use crate::matching::payouts::{PayoutItems, PayoutsOutcome};

/// Oney pays net, PAYONE gross; a cent is within the tolerance.
const CONFIG: &str = "[provider.oney]\n[provider.payone]\nsettlement_mode = \"gross\"\n\
                      [matching]\namount_tolerance = \"0.01\"\n";

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let settings = config::parse(CONFIG, std::path::Path::new("recon.toml"), &|_| None);
    settings.unwrap().rules
});

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).unwrap() + chrono::Days::new(u64::from(number))
}

/// Lines of one kind, payout and day.
#[derive(Clone, Debug)]
struct Lines {
    provider: &'static str,
    currency: Currency,
    reference: &'static str,
    kind: LineKind,
    date: NaiveDate,
    gross: Amount,
    fee: Amount,
}

fn lines() -> impl Strategy<Value = Vec<Lines>> {
    let one = (
        select(vec!["oney", "payone"]),
        select(vec!["EUR", "EUR", "GBP"]),
        select(vec!["REF-1", "REF-22", "REF-333", "REF-4444", ""]),
        select(LineKind::ALL[..4].to_vec()),
        (0_u32..40, -4_i64..9, -1_i64..3),
    );
    let lines = one.prop_map(
        |(provider, code, reference, kind, (date, gross, fee))| Lines {
            provider,
            currency: Currency::parse(code).unwrap(),
            reference,
            kind,
            date: day(date),
            gross: Amount::from_minor(gross * 7),
            fee: Amount::from_minor(fee),
        },
    );
    vec(lines, 0..14)
}

fn bank() -> impl Strategy<Value = Vec<BankEntry>> {
    let one = (
        select(vec!["ONEY", "PAYONE", "ONEY PAYONE", "RENT"]),
        select(vec!["", "REF-1", "REF-22", "REF-333 REF-4444", "REF-4444"]),
        select(vec!["EUR", "EUR", "GBP"]),
        (0_u32..60, -5_i64..12, -1_i64..2),
    );
    vec(one, 0..14).prop_map(|rows| {
        let rows = rows.into_iter().enumerate();
        rows.map(
            |(number, (party, text, code, (booked, units, cents)))| BankEntry {
                entry_id: format!("B{number}"),
                account: "FR76".to_owned(),
                booked_on: day(booked),
                amount: Amount::from_minor(units * 7 + cents),
                currency: Currency::parse(code).unwrap(),
                counterparty: party.to_owned(),
                references: Vec::new(),
                remittance: text.to_owned(),
                file: "bank.xml".to_owned(),
                line: 1,
            },
        )
        .collect()
    })
}

/// What leg 3 takes, added up here a second time.
struct World {
    payouts: Vec<Payout>,
    unassigned: Vec<UnassignedLines>,
    fees: Vec<MonthlyFee>,
    totals: Vec<ReportedTotal>,
}

impl World {
    fn of(lines: &[Lines]) -> Self {
        let mut world = Self {
            payouts: Vec::new(),
            unassigned: Vec::new(),
            fees: Vec::new(),
            totals: Vec::new(),
        };
        for it in lines {
            world.totals.push(ReportedTotal {
                provider: it.provider.to_owned(),
                currency: it.currency,
                kind: it.kind,
                lines: 1,
                gross: it.gross,
                fee: it.fee,
            });
            world.add_fee(it);
            if it.reference.is_empty() {
                world.unassigned.push(UnassignedLines {
                    provider: it.provider.to_owned(),
                    file: "a.csv".to_owned(),
                    currency: it.currency,
                    first: it.date,
                    last: it.date,
                    lines: 1,
                    gross: it.gross,
                    fee: it.fee,
                });
            } else {
                world.add_to_payout(it);
            }
        }
        world
    }

    fn add_fee(&mut self, it: &Lines) {
        let first = if it.date < day(31) { 31 } else { 61 };
        let month_end = day(first).pred_opt().unwrap();
        let is_it = |fee: &&mut MonthlyFee| {
            (fee.provider.as_str(), fee.currency, fee.month_end)
                == (it.provider, it.currency, month_end)
        };
        match self.fees.iter_mut().find(is_it) {
            Some(fee) => fee.fee += it.fee,
            None => self.fees.push(MonthlyFee {
                provider: it.provider.to_owned(),
                currency: it.currency,
                month_end,
                fee: it.fee,
            }),
        }
    }

    fn add_to_payout(&mut self, it: &Lines) {
        let is_it = |payout: &&mut Payout| {
            (
                payout.provider.as_str(),
                payout.reference.as_str(),
                payout.currency,
            ) == (it.provider, it.reference, it.currency)
        };
        if let Some(payout) = self.payouts.iter_mut().find(is_it) {
            payout.first = payout.first.min(it.date);
            payout.last = payout.last.max(it.date);
            payout.gross += it.gross;
            payout.fee += it.fee;
            return;
        }
        self.payouts.push(Payout {
            provider: it.provider.to_owned(),
            reference: it.reference.to_owned(),
            currency: it.currency,
            first: it.date,
            last: it.date,
            lines: 1,
            gross: it.gross,
            refunds: Amount::ZERO,
            fee: it.fee,
            merchant: String::new(),
            files: Vec::new(),
        });
    }

    fn matched(
        &self,
        bank: &[BankEntry],
        rules: &Rules,
        as_of: NaiveDate,
    ) -> (PayoutsOutcome, Vec<Booking>) {
        let items = PayoutItems {
            links: &[],
            payouts: &self.payouts,
            unassigned: &self.unassigned,
            monthly_fees: &self.fees,
            entries: bank,
        };
        reconcile_bookings(&items, rules, &Covered::everything(as_of))
    }
}

fn reported(lines: &[Lines], rules: &Rules) -> Vec<Reported<'static>> {
    let one = |it: &Lines| Reported {
        party: party(it.provider, Wording::default()),
        mode: rules.provider(it.provider).mode,
        kind: it.kind,
        date: it.date,
        currency: it.currency,
        reference: it.reference.to_owned(),
        payout: it.reference.to_owned(),
        source: Source::line("a.csv", 2),
        gross: it.gross,
        fee: it.fee,
        fee_by_vat: BTreeMap::from([(Decimal::from(20), it.fee)]),
    };
    lines.iter().map(one).collect()
}

fn balance_of(entries: &[Entry], role: AccountRole) -> Amount {
    let lines = entries.iter().flat_map(Entry::lines);
    lines
        .filter(|line| line.account.role == role)
        .map(|line| line.amount)
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_journal_of_any_world_has_the_open_items_of_its_balance(
        lines in lines(), bank in bank(), (night, cut) in (20_u32..80, 0_u32..80),
    ) {
        let night = day(night);
        let rules = &*RULES;
        let lines: Vec<Lines> = lines.into_iter().filter(|it| it.date <= night).collect();
        let bank: Vec<BankEntry> = bank.into_iter().filter(|it| it.booked_on <= night).collect();
        let world = World::of(&lines);
        let (outcome, bookings) = world.matched(&bank, rules, night);
        let table = balance(&world.totals, outcome.payouts.iter().map(PlacedSum::from), &world.unassigned, rules);
        let reported = reported(&lines, rules);
        let all = entries(reported.iter(), &bookings, Wording::default());

        // The identity of the receivable, and that every entry balances and is known by the night.
        if let Err(error) = check(&all, &table, &outcome.payouts) {
            prop_assert!(false, "{}", error);
        }
        for entry in &all {
            prop_assert!(entry.lines().iter().map(|line| line.amount).sum::<Amount>().is_zero());
            prop_assert!(entry.lines().iter().all(|line| !line.amount.is_zero()));
            prop_assert!(entry.date <= night);
        }

        // Each bank entry of a provider is booked once; transit holds those that nothing explains.
        let of_bank: Vec<&BankEntry> = bookings.iter().flat_map(|it| &it.entries).collect();
        let ids: BTreeSet<&str> = of_bank.iter().map(|it| it.entry_id.as_str()).collect();
        prop_assert_eq!(ids.len(), of_bank.len());
        for it in &bank {
            let is_known = it.counterparty != "RENT";
            prop_assert!(!is_known || ids.contains(it.entry_id.as_str()), "{:?}", it);
        }
        let sum = |entries: &[BankEntry]| entries.iter().map(|it| it.amount).sum::<Amount>();
        let unexplained = bookings
            .iter()
            .filter(|it| matches!(it.purpose, Purpose::Unexplained { .. }))
            .map(|it| sum(&it.entries))
            .sum::<Amount>();
        prop_assert_eq!(balance_of(&all, AccountRole::Transit), -unexplained);
        let booked = of_bank.iter().map(|it| it.amount).sum::<Amount>();
        prop_assert_eq!(balance_of(&all, AccountRole::Bank), booked);

        // Commissions are what was reported, and payable until debited.
        let fees: Amount = lines.iter().map(|it| it.fee).sum();
        let costs = balance_of(&all, AccountRole::Fees) + balance_of(&all, AccountRole::FeesVat);
        prop_assert_eq!(costs, fees);
        let gross = lines.iter().filter(|it| {
            rules.provider(it.provider).mode == SettlementMode::Gross
        });
        let debited = bookings
            .iter()
            .filter(|it| matches!(it.purpose, Purpose::Commission { .. }))
            .map(|it| sum(&it.entries))
            .sum::<Amount>();
        let payable = -gross.map(|it| it.fee).sum::<Amount>() - debited;
        prop_assert_eq!(balance_of(&all, AccountRole::FeesPayable), payable);

        // Two pieces are the whole.
        let (first, last, cut) = (day(0), day(80), day(cut));
        let journal = |days| Journal::of_days(all.clone(), days, night);
        let pieces = [
            journal((first, cut)).entries,
            journal((cut.succ_opt().unwrap(), last)).entries,
        ];
        prop_assert_eq!(pieces.concat(), journal((first, last)).entries);
    }
}
