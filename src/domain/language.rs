//! The languages in which the program writes to people. Codes, columns and keys are never
//! translated: they are what programs read.

/// The language of reports and mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// French.
    French,
    /// German.
    German,
}

impl Language {
    /// All languages, by the words of the configuration.
    pub const WORDS: [(&'static str, Self); 3] = [
        ("en", Self::English),
        ("fr", Self::French),
        ("de", Self::German),
    ];

    /// The language's tag (BCP 47), as the configuration and `<html lang>` write it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::German => "de",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_configured_by_its_tag() {
        assert!(
            Language::WORDS
                .iter()
                .all(|(word, language)| *word == language.tag())
        );
    }
}
