//! What people decide about discrepancies.

use super::discrepancy::Source;
use super::money::Amount;

/// What a person, or the run itself, did with a discrepancy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Took it as it is, with a reason, at the amounts of that moment.
    Accept,
    /// Wrote a note.
    Note,
    /// Gave it to somebody.
    Assign,
    /// Took an acceptance back.
    Reopen,
    /// The run took an acceptance back, because the amounts changed or the discrepancy ended.
    Lapse,
}

impl Action {
    /// The word in the database and in `show`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Note => "note",
            Self::Assign => "assign",
            Self::Reopen => "reopen",
            Self::Lapse => "lapse",
        }
    }

    /// What of a discrepancy it is about: two decisions about the same thing contradict each
    /// other, all others go together.
    pub fn subject(self) -> Subject {
        match self {
            Self::Accept | Self::Reopen | Self::Lapse => Subject::Acceptance,
            Self::Note => Subject::Note,
            Self::Assign => Subject::Assignee,
        }
    }

    /// The action of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Accept,
            Self::Note,
            Self::Assign,
            Self::Reopen,
            Self::Lapse,
        ]
        .into_iter()
        .find(|action| action.word() == word)
    }
}

/// What of a discrepancy a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Whether it is taken as it is.
    Acceptance,
    /// What is noted.
    Note,
    /// Who looks after it.
    Assignee,
}

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
}

/// True for two ways to write one person's name: `Lea` is `lea`.
pub fn is_same_person(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Where a discrepancy stands after all decisions about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The amounts (expected, actual) at which it is accepted.
    pub accepted: Option<(Option<Amount>, Option<Amount>)>,
    /// Who looks after it.
    pub assignee: String,
    /// The reason of the last acceptance that nobody took back.
    pub reason: String,
    /// The last note.
    pub note: String,
}

impl Standing {
    /// Takes one more decision, later than all before.
    pub fn apply(&mut self, decision: &Decision) {
        match decision.action {
            Action::Accept => {
                self.accepted = Some((decision.expected, decision.actual));
                self.reason.clone_from(&decision.content);
            }
            Action::Note => self.note.clone_from(&decision.content),
            Action::Assign => self.assignee.clone_from(&decision.content),
            Action::Reopen => {
                self.accepted = None;
                self.reason.clear();
            }
            // The reason stays readable: a night that is repeated shows what it showed.
            Action::Lapse => self.accepted = None,
        }
    }

    /// What reports show as the note: the reason of the acceptance, and what was noted.
    pub fn remark(&self) -> String {
        let parts = [self.reason.as_str(), self.note.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("; ")
    }
}
