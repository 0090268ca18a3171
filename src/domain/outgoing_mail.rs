//! Mail that is to leave, or has left: a message, and where it stands with each recipient.

/// Where a message stands with one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecipientState {
    /// It is still to be handed over.
    Waiting,
    /// The server took it.
    Accepted,
    /// The server will never take it.
    Refused,
    /// A later mail about the same day says something else, so this one is not sent any more.
    Replaced,
    /// The address is no longer configured.
    Dropped,
    /// It could not be handed over for too long.
    Expired,
}

impl RecipientState {
    /// All states.
    pub const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Accepted,
        Self::Refused,
        Self::Replaced,
        Self::Dropped,
        Self::Expired,
    ];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Replaced => "replaced",
            Self::Dropped => "dropped",
            Self::Expired => "expired",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// What a mail is about and who it is for. Of each there is one mail, unless its content changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailTopic {
    /// The report that it tells of: its folder's name, and the providers that it is limited to.
    pub scope: String,
    /// The assignee whose discrepancies it holds; empty for the digest of all.
    pub audience: String,
}

/// A message that is ready to leave.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Its number: mails leave in this order.
    pub number: i64,
    /// What it is about.
    pub topic: MailTopic,
    /// SHA-256 of what it says, 64 hex digits.
    pub content: String,
    /// With its angle brackets.
    pub message_id: String,
    /// Its subject.
    pub subject: String,
    /// The sender's address.
    pub sender: String,
    /// When it was composed, RFC 3339 in UTC.
    pub composed_at: String,
    /// The whole message as it is sent (RFC 5322), with its attachments.
    pub message: Vec<u8>,
    /// The addresses that still wait for it.
    pub waiting: Vec<String>,
}
