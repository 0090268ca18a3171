//! What people decide about discrepancies.
//!
//! Everything that is decided stands in one trail, in the order in which it was decided; nothing of
//! it is ever changed. Where a discrepancy stands is what its part of the trail adds up to
//! ([`Standing`]); what is linked, what all parts do ([`links_of`]).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::discrepancy::{Discrepancy, Source};
use super::link::{Link, Links};
use super::money::Amount;

/// Who decided, where nobody says it.
pub const NOBODY: &str = "unknown";

/// What a person, or the run itself, did with a discrepancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Took it as it is, with a reason, at the amounts of that moment.
    Accept,
    /// The same, and the difference is booked on an account.
    WriteOff,
    /// Took an acceptance back, also that of a write-off.
    Reopen,
    /// The run took an acceptance back, because the amounts changed or the discrepancy ended.
    Lapse,
    /// Said what belongs together.
    Link,
    /// Took that back.
    Unlink,
    /// Put it aside until a day.
    Snooze,
    /// Agreed with what another person proposed.
    Approve,
    /// Did not agree with it.
    Reject,
    /// Wrote a note.
    Note,
    /// Gave it to somebody.
    Assign,
}

impl Action {
    /// All of them, in the order in which documents list them.
    pub const ALL: [Self; 11] = [
        Self::Accept,
        Self::WriteOff,
        Self::Reopen,
        Self::Lapse,
        Self::Link,
        Self::Unlink,
        Self::Snooze,
        Self::Approve,
        Self::Reject,
        Self::Note,
        Self::Assign,
    ];

    /// The word in the database, on the command line and in `show`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::WriteOff => "write-off",
            Self::Reopen => "reopen",
            Self::Lapse => "lapse",
            Self::Link => "link",
            Self::Unlink => "unlink",
            Self::Snooze => "snooze",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Note => "note",
            Self::Assign => "assign",
        }
    }

    /// The action of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }

    /// What of a discrepancy it is about: two decisions about the same thing contradict each
    /// other, all others go together.
    pub fn subject(self) -> Subject {
        match self {
            Self::Accept | Self::WriteOff | Self::Reopen | Self::Lapse => Subject::Acceptance,
            Self::Link | Self::Unlink => Subject::Link,
            Self::Snooze => Subject::Snooze,
            Self::Approve | Self::Reject => Subject::Proposal,
            Self::Note => Subject::Note,
            Self::Assign => Subject::Assignee,
        }
    }

    /// True for what a second person has to approve where it is about much.
    pub fn needs_approval(self) -> bool {
        matches!(self, Self::Accept | Self::WriteOff | Self::Link)
    }

    /// True for what nobody may do without saying why.
    pub fn needs_reason(self) -> bool {
        match self {
            Self::Accept
            | Self::WriteOff
            | Self::Link
            | Self::Unlink
            | Self::Snooze
            | Self::Reject => true,
            Self::Reopen | Self::Lapse | Self::Approve | Self::Note | Self::Assign => false,
        }
    }
}

/// How a discrepancy ended, or is as good as ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// The data agrees.
    Itself,
    /// A person said what belongs together.
    Link,
    /// Its difference is booked elsewhere.
    WrittenOff,
    /// It is taken as it is.
    Accepted,
}

impl Resolution {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Itself, Self::Link, Self::WrittenOff, Self::Accepted];

    /// The word on the command line and in `show`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Itself => "itself",
            Self::Link => "link",
            Self::WrittenOff => "written-off",
            Self::Accepted => "accepted",
        }
    }

    /// The resolution of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// What of a discrepancy a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Whether it is taken as it is.
    Acceptance,
    /// What it belongs to.
    Link,
    /// Until when it is put aside.
    Snooze,
    /// What is proposed.
    Proposal,
    /// What is noted.
    Note,
    /// Who looks after it.
    Assignee,
}

/// What a decision says besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    /// Nothing.
    #[default]
    None,
    /// The account of the books on which the difference is booked.
    Account(String),
    /// The day until which it is put aside.
    Until(NaiveDate),
    /// What belongs together.
    Link(Link),
}

/// What somebody wants to be decided, as it was typed or stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is to be done.
    pub action: Action,
    /// The reason, the note or the assignee.
    pub content: String,
    /// What it says besides.
    pub wish: Wish,
}

/// What a request says besides its text, before anybody has looked whether it exists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// The order to link to.
    pub order: String,
    /// The payout to link to.
    pub payout: String,
    /// Bank entries to link to, each `ACCOUNT/ENTRY`.
    pub entries: Vec<String>,
    /// The account on which a difference is booked.
    pub account: String,
    /// The day until which it is put aside.
    pub until: Option<NaiveDate>,
}

impl Terms {
    /// True where these are what a wish asked for.
    pub fn answer(&self, wish: &Wish) -> bool {
        match self {
            Self::None => *wish == Wish::default(),
            Self::Account(account) => wish.account == *account,
            Self::Until(day) => wish.until == Some(*day),
            Self::Link(Link::Reference { order, .. } | Link::Line { order, .. }) => {
                wish.order == *order
            }
            Self::Link(Link::File { payout, .. }) => wish.payout == *payout,
            Self::Link(Link::Bank(link)) => {
                let names: Vec<String> = link.entries.iter().map(ToString::to_string).collect();
                let account = link.rest.as_ref().map_or("", |rest| rest.account.as_str());
                let payout = || link.payouts.iter().any(|it| it.reference == wish.payout);
                wish.entries.iter().all(|entry| names.contains(entry))
                    && (wish.payout.is_empty() || payout())
                    && wish.account == account
            }
        }
    }
}

/// What is expected, and what is.
pub type Amounts = (Option<Amount>, Option<Amount>);

/// One entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The discrepancy.
    pub id: String,
    /// What was done.
    pub action: Action,
    /// When, RFC 3339.
    pub at: String,
    /// By whom.
    pub by: String,
    /// The reason, the note or the assignee.
    pub content: String,
    /// The amounts that an acceptance is about.
    pub expected: Option<Amount>,
    /// Likewise.
    pub actual: Option<Amount>,
    /// The file and row that it was read from; `None` where it was typed.
    pub source: Option<Source>,
    /// The business day from which it holds: that of the night it was decided on. Absent from what
    /// earlier versions stored, and from what the run itself did.
    pub day: Option<NaiveDate>,
    /// What it says besides.
    pub terms: Terms,
    /// True where it holds only once another person has approved it.
    pub is_proposed: bool,
}

impl Decision {
    /// The amounts that it is about.
    pub fn amounts(&self) -> Amounts {
        (self.expected, self.actual)
    }
}

/// A difference that is booked on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenOff {
    /// The account.
    pub account: String,
    /// The day from which it is.
    pub day: NaiveDate,
}

/// Put aside until a day, or until the amounts change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snoozed {
    /// The day on which it is back.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
    /// The amounts at which it was put aside.
    pub amounts: Amounts,
}

/// A link that is in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// What belongs together.
    pub link: Link,
    /// The day from which it does.
    pub day: NaiveDate,
    /// Why.
    pub reason: String,
}

/// True for two ways to write one person's name: `Lea` is `lea`.
pub fn is_same_person(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Where a discrepancy stands after all decisions about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The amounts (expected, actual) at which it is accepted.
    pub accepted: Option<Amounts>,
    /// Where its difference is booked, while it is accepted so.
    pub written_off: Option<WrittenOff>,
    /// What it is linked to.
    pub linked: Option<Linked>,
    /// Until when it is put aside.
    pub snoozed: Option<Snoozed>,
    /// What waits for the word of a second person.
    pub proposed: Option<Box<Decision>>,
    /// Who looks after it.
    pub assignee: String,
    /// The reason of the last acceptance that nobody took back.
    pub reason: String,
    /// The last note.
    pub note: String,
}

impl Standing {
    /// Where some decisions about one discrepancy, the oldest first, leave it.
    pub fn of<'d>(decisions: impl IntoIterator<Item = &'d Decision>) -> Self {
        let mut standing = Self::default();
        for decision in decisions {
            standing.apply(decision);
        }
        standing
    }

    /// Takes one more decision, later than all before.
    pub fn apply(&mut self, decision: &Decision) {
        if decision.is_proposed {
            self.proposed = Some(Box::new(decision.clone()));
            return;
        }
        match decision.action {
            Action::Approve => {
                if let Some(proposed) = self.proposed.take() {
                    self.hold(&proposed, decision.day);
                }
            }
            Action::Reject => self.proposed = None,
            Action::Accept
            | Action::WriteOff
            | Action::Reopen
            | Action::Lapse
            | Action::Link
            | Action::Unlink
            | Action::Snooze
            | Action::Note
            | Action::Assign => self.hold(decision, decision.day),
        }
    }

    /// Lets a decision hold from a day on.
    fn hold(&mut self, decision: &Decision, day: Option<NaiveDate>) {
        let day = day.unwrap_or_default();
        match (decision.action, &decision.terms) {
            (Action::Accept | Action::WriteOff, terms) => {
                self.accepted = Some(decision.amounts());
                self.reason.clone_from(&decision.content);
                self.written_off = match terms {
                    Terms::Account(account) => Some(WrittenOff {
                        account: account.clone(),
                        day,
                    }),
                    Terms::None | Terms::Until(_) | Terms::Link(_) => None,
                };
            }
            (Action::Reopen, _) => {
                (self.accepted, self.written_off) = (None, None);
                self.reason.clear();
            }
            // The reason stays readable: a night that is repeated shows what it showed.
            (Action::Lapse, _) => self.accepted = None,
            (Action::Link, Terms::Link(link)) => {
                self.linked = Some(Linked {
                    link: link.clone(),
                    day,
                    reason: decision.content.clone(),
                });
            }
            (Action::Unlink, _) => self.linked = None,
            (Action::Snooze, Terms::Until(until)) => {
                self.snoozed = Some(Snoozed {
                    until: *until,
                    reason: decision.content.clone(),
                    amounts: decision.amounts(),
                });
            }
            (Action::Note, _) => self.note.clone_from(&decision.content),
            (Action::Assign, _) => self.assignee.clone_from(&decision.content),
            (Action::Link | Action::Snooze | Action::Approve | Action::Reject, _) => {}
        }
    }

    /// True while it is put aside: out of mail and of `--strict`.
    pub fn is_snoozed(&self, as_of: NaiveDate, now: Amounts) -> bool {
        let snoozed = self.snoozed.as_ref();
        snoozed.is_some_and(|snoozed| as_of < snoozed.until && snoozed.amounts == now)
    }

    /// True while an acceptance holds for the amounts that are found now.
    pub fn is_accepted(&self, found: &Discrepancy) -> bool {
        self.accepted == Some((found.expected, found.actual))
    }

    /// What reports show as the note, in every language: what was decided with its reason, and what
    /// was noted. The words of decisions are those of the command line.
    pub fn remark(&self) -> String {
        let linked = self.linked.as_ref();
        let snoozed = self.snoozed.as_ref();
        let acceptance = match &self.written_off {
            Some(off) => format!("write-off {}: {}", off.account, self.reason),
            None => self.reason.clone(),
        };
        let proposed = self.proposed.as_ref();
        let parts = [
            proposed.map(|it| format!("proposed {} ({}): {}", it.action.word(), it.by, it.content)),
            linked.map(|it| format!("link {}: {}", it.link, it.reason)),
            Some(acceptance),
            snoozed.map(|it| format!("snooze {}: {}", it.until, it.reason)),
            Some(self.note.clone()),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .flatten()
            .filter(|it| !it.is_empty())
            .collect();
        parts.join("; ")
    }
}

/// The links that a trail, the oldest decision first, leaves in effect.
pub fn links_of<'d>(trail: impl Iterator<Item = &'d Decision>) -> Links {
    let mut standings: BTreeMap<&str, (usize, Standing)> = BTreeMap::new();
    for (number, decision) in trail.enumerate() {
        let (at, standing) = standings.entry(decision.id.as_str()).or_default();
        let before = standing.linked.clone();
        standing.apply(decision);
        if standing.linked != before {
            *at = number;
        }
    }
    let mut in_effect: Vec<(usize, &str, Linked)> = standings
        .into_iter()
        .filter_map(|(id, (at, standing))| Some((at, id, standing.linked?)))
        .collect();
    in_effect.sort_by_key(|(at, _, _)| *at);
    let mut links = Links::default();
    for (_, id, linked) in in_effect {
        links.add(id, linked.day, linked.link);
    }
    links
}
