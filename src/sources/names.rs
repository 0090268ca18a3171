//! Names from outside: which fit, and which can be names here.

use glob::{MatchOptions, Pattern};

/// The most bytes of a name, below what file systems take, with room for what is put beside it.
const NAME_BYTES_MAX: usize = 200;

/// As in a shell: `*` passes over no folder, and finds no hidden file.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: false,
    require_literal_leading_dot: true,
};

/// A pattern of names.
#[derive(Clone, Debug)]
pub(super) struct Names(Option<Pattern>);

impl Names {
    /// The configuration has checked it; one that is none fits nothing.
    pub(super) fn new(pattern: &str) -> Self {
        Self(Pattern::new(pattern).ok())
    }

    /// A name that is a path is asked by its last part: it fits, and is then refused and said.
    pub(super) fn fit(&self, name: &str) -> bool {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        // The ways back and up are in every listing.
        !matches!(name, "." | "..")
            && self
                .0
                .as_ref()
                .is_some_and(|pattern| pattern.matches_with(name, OPTIONS))
    }
}

/// Whether a name can be one of a file in a folder here.
///
/// # Errors
/// Why it cannot: what follows after the name in a sentence.
pub fn check(name: &str) -> Result<(), &'static str> {
    match name {
        "" => Err("is no name"),
        "." | ".." => Err("is a way through folders and no name"),
        _ if name.contains(['/', '\\']) => Err("is a path and no name; it is not taken"),
        _ if name.chars().any(char::is_control) => Err("holds control characters; it is not taken"),
        _ if name.contains(char::REPLACEMENT_CHARACTER) => {
            Err("holds bytes that are no text; it is not taken")
        }
        _ if name.starts_with('.') => Err("is the name of a hidden file; it is not taken"),
        _ if name.len() > NAME_BYTES_MAX => Err("is too long for a name; it is not taken"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_a_path_is_never_taken() {
        for bad in [
            "",
            ".",
            "..",
            "../x",
            "a/b",
            "a\\b",
            "/etc/passwd",
            "a\nb",
            "a\0b",
            ".ssh",
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        assert!(check(&"x".repeat(201)).is_err());
        for good in [
            "crp_fr_v3_261119_1.csv",
            "Relevé 20.xml",
            "a..b",
            "-rf",
            "x:y",
            "~",
        ] {
            assert_eq!(check(good), Ok(()), "{good:?}");
        }
    }

    #[test]
    fn a_pattern_fits_as_in_a_shell() {
        let names = Names::new("*");
        assert!(names.fit("a.csv") && !names.fit(".a.csv") && !names.fit(".."));
        assert!(names.fit("../../a.csv") && names.fit("..\\a.csv"));
        let names = Names::new("crp_*.csv");
        assert!(names.fit("crp_fr_1.csv") && !names.fit("crp_fr_1.csv.part"));
    }
}
