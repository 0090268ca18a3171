//! Whose rules a contract follows.
//!
//! A company may have several contracts with one provider (`oney` and `oney-es`) or one under a
//! name of its own. What is particular to Oney, PAYONE or e-Financing hangs on the family that the
//! configuration gives a contract, never on the contract's name.

/// A provider whose files, calendar and API are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Oney.
    Oney,
    /// PAYONE.
    Payone,
    /// e-Financing: Scalexpert by Société Générale.
    EFinancing,
}

/// Days within which a PAYONE guarantee must be captured.
const PAYONE_DEADLINE_DAYS: u32 = 28;

impl Family {
    /// All families.
    pub const ALL: [Self; 3] = [Self::Oney, Self::Payone, Self::EFinancing];

    /// The word of the configuration, and the usual name of a contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Oney => "oney",
            Self::Payone => "payone",
            Self::EFinancing => "e-financing",
        }
    }

    /// The family of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.word() == word)
    }

    /// The provider as it writes itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oney => "Oney",
            Self::Payone => "PAYONE",
            Self::EFinancing => "e-Financing",
        }
    }

    /// Days from the order until an accepted one must be confirmed, where all merchants of the
    /// family have the same.
    pub fn confirm_deadline_days(self) -> Option<u32> {
        match self {
            Self::Payone => Some(PAYONE_DEADLINE_DAYS),
            Self::Oney | Self::EFinancing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_configured_by_its_word() {
        for family in Family::ALL {
            assert_eq!(Family::from_word(family.word()), Some(family));
        }
        assert_eq!(Family::from_word("Oney"), None);
    }
}
