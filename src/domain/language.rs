//! The languages in which the program writes to people. Codes, columns and keys are never
//! translated: they are what programs read.

use std::collections::BTreeMap;

use super::family::Family;

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

/// How the company's people are written to: in which language, and what they call themselves and the
/// providers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// The language.
    pub language: Language,
    /// The configuration is read once and holds until the program ends.
    names: Option<&'static Names>,
}

/// What people call things.
#[derive(Debug, Default, PartialEq, Eq)]
struct Names {
    company: String,
    providers: BTreeMap<String, String>,
}

impl Wording {
    /// A language, with the names of the company and of the providers that are configured.
    pub fn new(language: Language, company: String, providers: BTreeMap<String, String>) -> Self {
        Self {
            language,
            names: Some(Box::leak(Box::new(Names { company, providers }))),
        }
    }

    /// The company whose books these are; empty where it is not named.
    pub fn company(&self) -> &'static str {
        self.names.map_or("", |names| &names.company)
    }

    /// The same in another language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// What people call a provider; one that is neither configured nor known, as it is.
    pub fn provider<'p>(&self, provider: &'p str) -> &'p str {
        let configured = self.names.and_then(|names| names.providers.get(provider));
        match configured {
            Some(name) => name,
            None => Family::from_word(provider).map_or(provider, |it| it.name()),
        }
    }
}

impl From<Language> for Wording {
    fn from(language: Language) -> Self {
        Self {
            language,
            names: None,
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

    #[test]
    fn a_provider_is_called_as_configured_else_as_it_calls_itself() {
        let names = BTreeMap::from([("oney-es".to_owned(), "Oney España".to_owned())]);
        let wording = Wording::new(Language::English, String::new(), names);
        assert_eq!(wording.provider("oney-es"), "Oney España");
        assert_eq!(wording.provider("oney"), "Oney");
        assert_eq!(wording.provider("payone"), "PAYONE");
        assert_eq!(wording.provider("e-financing"), "e-Financing");
        assert_eq!(wording.provider("alma"), "alma");
        assert_eq!(Wording::default().provider("oney-es"), "oney-es");
    }
}
