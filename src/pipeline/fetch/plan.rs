//! The sources of the configuration, with their secrets, ready to be fetched.

use std::path::{Path, PathBuf};

use crate::config::{Secret, SecretSource, Settings, SourceSettings};
use crate::domain::source::{CommandAddress, FetchLimits, SourceAddress};
use crate::pipeline::RunError;
use crate::pipeline::apis::Environment;
use crate::sources::Credentials;
use crate::sources::command::USUAL_VARIABLES;

/// One source with all that fetching it needs.
#[derive(Clone, Debug)]
pub struct SourcePlan {
    pub(super) name: String,
    pub(super) address: SourceAddress,
    pub(super) into: PathBuf,
    /// True when files are removed, or moved away, once a recorded night has read them.
    pub(super) removes: bool,
    pub(super) limits: FetchLimits,
    /// `Err`: what is missing, in a sentence. It fails this source only.
    pub(super) credentials: Result<Credentials, String>,
}

impl SourcePlan {
    /// The sources of these names, in the order of the configuration; no names: all.
    ///
    /// # Errors
    /// When there is no source of a name.
    pub fn of(
        settings: &Settings,
        names: &[String],
        environment: Environment<'_>,
    ) -> Result<Vec<Self>, RunError> {
        let known = || settings.sources.iter().map(|source| source.name.as_str());
        if let Some(name) = names
            .iter()
            .find(|name| !known().any(|known| known == *name))
        {
            let all = known().collect::<Vec<_>>().join(", ");
            return Err(RunError::Setting(if all.is_empty() {
                format!("there is no source {name:?}: the configuration has no [[source]]")
            } else {
                format!("there is no source {name:?}; the configuration has {all}")
            }));
        }
        let wanted = |source: &&SourceSettings| names.is_empty() || names.contains(&source.name);
        let sources = settings.sources.iter().filter(wanted);
        Ok(sources
            .map(|source| Self::one(source, environment))
            .collect())
    }

    fn one(source: &SourceSettings, environment: Environment<'_>) -> Self {
        let moves = matches!(&source.address, SourceAddress::Imaps(it) if !it.move_to.is_empty());
        Self {
            name: source.name.clone(),
            address: source.address.clone(),
            into: source.into.clone(),
            removes: source.remove_after || moves,
            limits: source.limits,
            credentials: credentials(source, environment),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder that its files are put into.
    pub fn folder(&self) -> &Path {
        &self.into
    }
}

fn credentials(
    source: &SourceSettings,
    environment: Environment<'_>,
) -> Result<Credentials, String> {
    let fetch = |secret: &Option<SecretSource>| {
        let fetched = secret.as_ref().map(|secret| secret.fetch(environment));
        fetched.transpose().map_err(|error| error.to_string())
    };
    let variables = match &source.address {
        SourceAddress::Command(command) => variables(command, environment)?,
        SourceAddress::Sftp(_)
        | SourceAddress::Imaps(_)
        | SourceAddress::S3(_)
        | SourceAddress::Folder(_) => Vec::new(),
    };
    Ok(Credentials {
        password: fetch(&source.password)?,
        passphrase: fetch(&source.passphrase)?,
        access_key: fetch(&source.access_key)?,
        variables,
    })
}

/// What a program gets of the environment. A variable that the configuration names has to be there.
fn variables(
    command: &CommandAddress,
    environment: Environment<'_>,
) -> Result<Vec<(String, Secret)>, String> {
    let usual = USUAL_VARIABLES
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), Secret::new(environment(name)?))));
    let named = command.environment.iter().map(|name| {
        let value = environment(name).ok_or_else(|| {
            format!("the environment variable {name} is not set; set it where the job is started")
        });
        Ok((name.clone(), Secret::new(value?)))
    });
    usual.map(Ok).chain(named).collect()
}

/// Whether there is the program of a command.
pub(super) fn program(
    command: &CommandAddress,
    credentials: &Credentials,
) -> Result<String, String> {
    let name = command.words.first().map_or("", String::as_str);
    let path = credentials
        .variables
        .iter()
        .find(|(name, _)| name == "PATH");
    let folders = path.map_or("", |(_, path)| path.reveal());
    let mut places = std::env::split_paths(folders).map(|folder| folder.join(name));
    let there = if name.contains('/') {
        Path::new(name).is_file()
    } else {
        places.any(|place| place.is_file())
    };
    if !there {
        return Err(format!(
            "there is no program {name}; correct `command`, or install it"
        ));
    }
    Ok(format!("{name} is there; it is run by a fetch only"))
}
