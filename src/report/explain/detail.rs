//! What an explanation may name of a discrepancy's detail.

use super::facts::{Facts, optional, owned, quoted, word, written};
use crate::domain::detail::{Detail, MissingReport, NamedStatement, UnassignedSum};
use crate::domain::order::OrderStatus;
use crate::report::language::Fact;

impl<'a> Facts<'a> {
    /// What a message calls `name`, where the detail says something of it.
    pub(super) fn of_detail(&self, name: &str) -> Fact<'a> {
        let found = self.found();
        let money = |amount, currency| owned(Some(written(amount, currency, self.texts())));
        match (&found.detail, name) {
            (Detail::Times(times), "count") => Fact::Count(*times),
            (Detail::OrderAmount(amount), "amount") => money(*amount, found.currency),
            (Detail::OrderStatus(status), "status") => Fact::Text(status.word().into()),
            (Detail::OtherCurrency(other), "amount") => money(other.expected, Some(other.currency)),
            (Detail::ShopMerchant(merchant), "shop-merchant") => word(merchant),
            (Detail::UnknownOrder(order), "status") => {
                optional(order.status.map(OrderStatus::word))
            }
            (Detail::UnknownOrder(order), "amount") => self.money(order.amount),
            (Detail::UnknownOrder(order), "taken-back") => self.money(
                order
                    .amount
                    .zip(found.actual)
                    .map(|(funded, left)| funded - left),
            ),
            (Detail::UnknownOrder(order), "nearest") => optional(order.nearest.as_deref()),
            (Detail::ProviderStatus(status), "status") => Fact::Text(status.ours.word().into()),
            (Detail::ProviderStatus(status), "their-status") => {
                optional(status.theirs.map(OrderStatus::word))
            }
            (Detail::ProviderStatus(status), "own-words") => quoted(status.own_words.as_str()),
            (Detail::MissingEvents(events), "first") => number(events.first),
            (Detail::MissingEvents(events), "last") if events.last > events.first => {
                number(events.last)
            }
            (Detail::MissingEvents(events), "next") => number(events.next),
            (Detail::Notification(notice), "notice") => quoted(notice.as_str()),
            (Detail::Commissions(month_end), "month") => {
                owned(Some(month_end.format("%Y-%m").to_string()))
            }
            (Detail::BankText(text), "bank-text") => quoted(text.as_str()),
            (Detail::Candidates(candidates), "count") => Fact::Count(candidates.count),
            (Detail::Candidates(candidates), "candidates") => list(&candidates.entries),
            (Detail::PaidTogether(payouts), "count") => Fact::Count(length(payouts)),
            (Detail::PaidTogether(payouts), "payouts") => list(payouts),
            (Detail::UnassignedLines(lines), name) => self.of_unassigned(lines, name),
            (Detail::MissingReport(report), name) => self.of_missing_report(report, name),
            (Detail::Refusal(reason), "reason") => {
                // A sentence goes on behind it.
                quoted(reason.trim_end_matches('.'))
            }
            (Detail::OtherFile(file), "other-file") => quoted(file.as_str()),
            (Detail::RejectedCell(cell), "column") => quoted(cell.column.as_str()),
            (Detail::RejectedCell(cell), "complaint") if cell.value.is_empty() => {
                quoted(cell.reason.trim_end_matches('.'))
            }
            (Detail::RejectedCell(cell), "complaint") => {
                let reason = cell.reason.trim_end_matches('.');
                quoted(format!("«{}» {reason}", cell.value))
            }
            (Detail::Statement(statement), name) => of_statement(statement, name),
            (Detail::SilentFeed(feed), "day") => feed.known_until.map_or(Fact::Unknown, Fact::Day),
            (Detail::SilentFeed(feed), "count") => Fact::Count(feed.allowed.into()),
            _ => Fact::Unknown,
        }
    }

    /// The sum where there are several, one for each currency; a single one is in the columns.
    fn of_unassigned(&self, lines: &UnassignedSum, name: &str) -> Fact<'a> {
        match name {
            "count" => Fact::Count(lines.lines),
            "amount" if lines.sums.len() > 1 => {
                let sums = lines.sums.iter();
                let sums = sums.map(|sum| written(sum.amount, Some(sum.currency), self.texts()));
                owned(Some(sums.collect::<Vec<_>>().join(", ")))
            }
            _ => Fact::Unknown,
        }
    }

    fn of_missing_report(&self, report: &MissingReport, name: &str) -> Fact<'a> {
        match name {
            "count" => Fact::Count(report.count),
            "country" if !report.country.is_empty() => owned(Some(report.country.to_uppercase())),
            "day" => Fact::Day(self.found().event_date),
            "number" => report.number.map_or(Fact::Unknown, number),
            _ => Fact::Unknown,
        }
    }
}

fn of_statement<'a>(statement: &'a NamedStatement, name: &str) -> Fact<'a> {
    let before = statement.before.as_ref();
    match name {
        "statement" => word(&statement.name),
        "before" => optional(before.map(|before| before.name.as_str())),
        "day" => before.map_or(Fact::Unknown, |before| Fact::Day(before.ended_on)),
        _ => Fact::Unknown,
    }
}

fn list(texts: &[String]) -> Fact<'static> {
    quoted(texts.join(", "))
}

fn length(texts: &[String]) -> u64 {
    u64::try_from(texts.len()).unwrap_or(u64::MAX)
}

/// A number that names something: no thousands are set apart in it.
fn number(number: u64) -> Fact<'static> {
    owned(Some(number.to_string()))
}
