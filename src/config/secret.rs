//! Where secrets are kept.

use std::path::PathBuf;

use super::document::Section;
use super::error::ConfigError;
use crate::domain::secret::Secret;

/// Where a secret is: `key`, `key_env` or `key_file` of the configuration.
///
/// It is fetched when it is needed: a missing mail password must not stop a run that sends no
/// mail.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// In the configuration itself.
    Here(Secret),
    /// In the environment variable of this name.
    Environment(String),
    /// The content of this file, without the line end.
    File(PathBuf),
}

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The environment lacks it.
    #[error("the environment variable {name} is not set or empty; set it where the job is started")]
    NotSet {
        /// Its name.
        name: String,
    },
    /// The file cannot be read.
    #[error("the file {} cannot be read ({reason}); check its path and permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// There is nothing in the file.
    #[error("the file {} is empty; write the secret into it", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

impl SecretSource {
    /// Fetches the secret.
    ///
    /// # Errors
    /// When the environment variable is not set, or the file cannot be read or is empty.
    pub fn fetch(
        &self,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Secret, SecretError> {
        match self {
            Self::Here(secret) => Ok(secret.clone()),
            Self::Environment(name) => environment(name)
                .filter(|text| !text.is_empty())
                .map(Secret::new)
                .ok_or_else(|| SecretError::NotSet { name: name.clone() }),
            Self::File(path) => {
                let text =
                    std::fs::read_to_string(path).map_err(|reason| SecretError::Unreadable {
                        path: path.clone(),
                        reason,
                    })?;
                let text = text.trim_end_matches(['\r', '\n']);
                if text.is_empty() {
                    return Err(SecretError::Empty { path: path.clone() });
                }
                Ok(Secret::new(text))
            }
        }
    }

    /// The secret `key` of a section, which may be given in one of three ways.
    pub(super) fn of(section: &Section<'_>, key: &str) -> Result<Option<Self>, ConfigError> {
        let (key_env, key_file) = (format!("{key}_env"), format!("{key}_file"));
        let here = section.get(key);
        let named = section.get(&key_env);
        let stored = section.get(&key_file);
        match (here, named, stored) {
            (None, None, None) => Ok(None),
            (Some(here), None, None) => {
                let text = here.hidden().text()?;
                Ok(Some(Self::Here(Secret::new(text))))
            }
            (None, Some(named), None) => Ok(Some(Self::Environment(named.name()?))),
            (None, None, Some(stored)) => Ok(Some(Self::File(stored.path()?))),
            _ => Err(section.error(
                &format!("`{key}`"),
                &format!(" is given more than once; keep one of {key}, {key_env}, {key_file}"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints_itself() {
        let secret = Secret::new("hunter2");
        let source = SecretSource::Here(secret.clone());
        assert_eq!(
            format!("{secret} {secret:?} {source:?}"),
            "*** *** Here(***)"
        );
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[test]
    fn a_secret_is_fetched_from_the_environment_or_a_file() {
        let environment = |name: &str| (name == "KEY").then(|| "from outside".to_owned());
        let fetch = |source: SecretSource| {
            source
                .fetch(&environment)
                .map(|secret| secret.reveal().to_owned())
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            fetch(SecretSource::Environment("KEY".into())).unwrap(),
            "from outside"
        );
        let error = fetch(SecretSource::Environment("OTHER".into())).unwrap_err();
        assert!(error.contains("OTHER is not set"), "{error}");

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, "kept in a file\r\n").unwrap();
        assert_eq!(
            fetch(SecretSource::File(file.clone())).unwrap(),
            "kept in a file"
        );
        std::fs::write(&file, "\n").unwrap();
        assert!(
            fetch(SecretSource::File(file))
                .unwrap_err()
                .contains("is empty")
        );
        let error = fetch(SecretSource::File(folder.path().join("absent"))).unwrap_err();
        assert!(error.contains("absent cannot be read"), "{error}");
    }
}
