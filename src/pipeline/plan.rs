//! The inputs of the configuration, ready to be read.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use crate::config::{InputLocation, InputSettings, Settings, ShopInput};
use crate::domain::file::InputKind;
use crate::ingest::inbox::{self, Place};
use crate::ingest::profile::Profile;
use crate::ingest::provider_events::NotificationMode;
use crate::ingest::{Refusal, recognise, text};

/// One input with all that reading it needs.
#[derive(Clone, Debug)]
pub struct InputPlan {
    /// What it brings.
    pub kind: InputKind,
    /// Where its files are.
    pub place: Place,
    /// What is asked of the shop's database, for an input without files.
    pub query: Option<ShopInput>,
    /// The place as the configuration writes it, for messages.
    pub written: String,
    /// Who reports, where the rows do not say it themselves.
    pub provider: String,
    /// Which of PAYONE's notifications count.
    pub mode: NotificationMode,
    /// The profiles that are tried, in this order.
    pub profiles: Vec<Profile>,
    /// Share of rejected rows above which a file is refused.
    pub max_rejected_percent: u32,
    /// Size above which a file is refused.
    pub max_file_mib: u64,
    /// Where stored files are moved.
    pub archive: Option<PathBuf>,
    /// The zone whose days count.
    pub timezone: Tz,
    /// Fingerprint of all that may turn a refused file into a readable one.
    pub fingerprint: String,
}

impl InputPlan {
    /// The plans of all inputs.
    ///
    /// # Errors
    /// When a profile does not exist.
    pub fn all(settings: &Settings) -> Result<Vec<Self>, Refusal> {
        settings
            .inputs
            .iter()
            .map(|input| Self::of(input, settings))
            .collect()
    }

    /// The plan of a file that a person names: of the first input of its kind whose place it is in,
    /// else of the first input of its kind, else as if there were one.
    ///
    /// # Errors
    /// When a profile does not exist, which the configuration rules out.
    pub fn for_file(kind: InputKind, path: &Path, settings: &Settings) -> Result<Self, Refusal> {
        let of_kind = || settings.inputs.iter().filter(|input| input.kind == kind);
        let holding = of_kind().find(|input| inbox::holds(&place(&input.location), path));
        if let Some(input) = holding.or_else(|| of_kind().next()) {
            return Self::of(input, settings);
        }
        let input = InputSettings {
            kind,
            written: String::new(),
            location: InputLocation::Path(settings.base.clone()),
            provider: kind.family().map(|family| family.word().to_owned()),
            test_notifications: false,
            profile: None,
            max_rejected_percent: 10,
            max_file_mib: 2_048,
            archive: None,
            max_silence_business_days: None,
        };
        Self::of(&input, settings)
    }

    /// Size in bytes above which a file is refused.
    pub fn size_bytes_max(&self) -> u64 {
        self.max_file_mib.saturating_mul(1024 * 1024)
    }

    /// The kinds of the inputs in whose places a file lies, each once.
    pub fn kinds_holding(path: &Path, settings: &Settings) -> Vec<InputKind> {
        let mut kinds: Vec<InputKind> = Vec::new();
        for input in &settings.inputs {
            if !kinds.contains(&input.kind) && inbox::holds(&self::place(&input.location), path) {
                kinds.push(input.kind);
            }
        }
        kinds
    }

    fn of(input: &InputSettings, settings: &Settings) -> Result<Self, Refusal> {
        let mut profiles =
            recognise::profiles_of(input.kind, input.profile.as_deref(), &settings.profiles)?;
        let mode = if input.test_notifications {
            NotificationMode::Test
        } else {
            NotificationMode::Live
        };
        let query = match &input.location {
            InputLocation::Query(query) => Some(query.clone()),
            InputLocation::Path(_) | InputLocation::Glob(_) => None,
        };
        let mut hash = Sha256::new();
        if let Some(query) = &query {
            profiles.iter_mut().for_each(as_databases_write);
            hash.update(format!("{:?}", (&query.shown, &query.query)));
        }
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update(format!(
            "{:?} {} {} {:?} {:?}",
            profiles, input.max_rejected_percent, input.max_file_mib, settings.timezone, mode
        ));
        Ok(Self {
            kind: input.kind,
            place: place(&input.location),
            query,
            written: input.written.clone(),
            provider: input.provider.clone().unwrap_or_default(),
            mode,
            profiles,
            max_rejected_percent: input.max_rejected_percent,
            max_file_mib: input.max_file_mib,
            archive: input.archive.clone(),
            timezone: settings.timezone,
            fingerprint: text::hex(hash.finalize().get(..8).unwrap_or_default()),
        })
    }
}

fn place(location: &InputLocation) -> Place {
    match location {
        InputLocation::Path(path) => Place::Path(path.clone()),
        InputLocation::Glob(pattern) => Place::Glob(pattern.clone()),
        InputLocation::Query(_) => Place::Nowhere,
    }
}

/// Whatever the shop's own texts look like: days of the database are ISO 8601, and all is UTF-8.
fn as_databases_write(profile: &mut Profile) {
    const ISO: &str = "%Y-%m-%d";
    profile.encoding = None;
    if !profile.dates.iter().any(|format| format == ISO) {
        profile.dates.push(ISO.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    #[test]
    fn a_named_file_is_read_as_the_input_that_it_lies_in_says() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        std::fs::create_dir_all(base.join("fr")).unwrap();
        std::fs::create_dir_all(base.join("es")).unwrap();
        std::fs::write(base.join("es/crp_es_v3_261018_1.csv"), "x").unwrap();
        std::fs::write(base.join("elsewhere.csv"), "x").unwrap();
        std::fs::write(
            base.join("recon.toml"),
            "[database]\nurl = \"sqlite://recon.db\"\n\
             [[input]]\nkind = \"oney-crp\"\npath = \"fr\"\n\
             [[input]]\nkind = \"oney-crp\"\npath = \"es/*.csv\"\nprovider = \"oney-es\"\n",
        )
        .unwrap();
        let settings = config::load(&base.join("recon.toml"), &|_| None).unwrap();
        let provider = |name: &str| {
            let plan = InputPlan::for_file(InputKind::OneyCrp, &base.join(name), &settings);
            plan.unwrap().provider
        };
        assert_eq!(provider("es/../es/crp_es_v3_261018_1.csv"), "oney-es");
        assert_eq!(provider("elsewhere.csv"), "oney");
    }
}
