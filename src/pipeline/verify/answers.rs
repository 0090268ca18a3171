//! Answers become input files: written whole, under a name with the time, never over another.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::answers::e_financing;
use crate::clock::RunClock;
use crate::config::{ApiAccess, ApiSettings, InputLocation, Settings};
use crate::domain::family::Family;
use crate::domain::file::InputKind;
use crate::files::{self, IfThere, WholeFile};
use crate::pipeline::RunError;
use crate::providers::Answer;

/// Bytes of a JSON answer that are kept whole; a status has some hundred.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Other files with the same name that are stepped over.
const NAMES_TRIED: u32 = 100;

/// Where the answers of a provider go.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    pattern: Option<glob::Pattern>,
    kind: InputKind,
}

/// The kind of input that the answers of a provider are; `None`: it answers no questions.
fn kind_of(access: &ApiAccess) -> Option<InputKind> {
    match access {
        ApiAccess::Oney { .. } => Some(InputKind::OneyStatus),
        ApiAccess::EFinancing { .. } => Some(InputKind::EFinancing),
        ApiAccess::Payone { .. } => None,
    }
}

/// The folder of the input that reads a provider's answers.
///
/// # Errors
/// When there is none.
pub(super) fn folder(settings: &Settings, api: &ApiSettings) -> Result<Folder, RunError> {
    let provider = api.provider.as_str();
    let Some(kind) = kind_of(&api.access) else {
        return Err(RunError::Setting(format!(
            "{provider} answers no questions"
        )));
    };
    let mut its_own = settings
        .inputs
        .iter()
        .filter(|input| input.kind == kind && input.provider.as_deref() == Some(provider));
    let folder = its_own.find_map(|input| match &input.location {
        InputLocation::Path(path) if !path.is_file() => Some(Folder {
            path: path.clone(),
            pattern: None,
            kind,
        }),
        InputLocation::Path(_) | InputLocation::Query(_) => None,
        InputLocation::Glob(pattern) => {
            let (folder, _) = pattern.rsplit_once('/')?;
            let plain = !folder.contains(['*', '?', '[']);
            plain.then(|| Folder {
                path: PathBuf::from(folder),
                pattern: glob::Pattern::new(pattern).ok(),
                kind,
            })
        }
    });
    folder.ok_or_else(|| {
        let is_usual = kind.family().map(Family::word) == Some(provider);
        let named = if is_usual {
            String::new()
        } else {
            format!(", provider = \"{provider}\"")
        };
        RunError::Setting(format!(
            "verify keeps what {provider} answers as input files, and no [[input]] reads them; add \
             one with kind = \"{}\"{named} and a folder as path",
            kind.word()
        ))
    })
}

/// The answers of one provider, until they are written.
pub(super) struct Kept {
    provider: String,
    kind: InputKind,
    /// Answers with what was asked, each one a JSON document of one line.
    documents: Vec<String>,
    /// Subscriptions of e-Financing.
    items: Vec<Value>,
}

/// What of an error answer of e-Financing is kept: the names of its two documented forms. Whatever
/// else may be in it is about people.
const ERROR_KEYS: [&str; 12] = [
    "timestamp",
    "httpStatusCode",
    "httpStatusMessage",
    "errorCode",
    "errorMessage",
    "requestMethod",
    "requestURI",
    "path",
    "status",
    "error",
    "message",
    "traceId",
];

impl Kept {
    pub(super) fn new(provider: &str, folder: &Folder) -> Self {
        Self {
            provider: provider.to_owned(),
            kind: folder.kind,
            documents: Vec::new(),
            items: Vec::new(),
        }
    }

    pub(super) fn provider(&self) -> &str {
        &self.provider
    }

    /// Keeps an answer as one JSON document: `about` and, behind it, what was answered. `clean`
    /// takes secrets out that the server repeats in another form of JSON.
    pub(super) fn document(
        &mut self,
        mut about: Value,
        answer: &Answer,
        clean: impl Fn(&str) -> String,
    ) {
        let whole = answer
            .json()
            .filter(|_| answer.text.len() <= ANSWER_BYTES_MAX);
        if let Value::Object(fields) = &mut about {
            match whole {
                Some(body) => fields.insert("answer".to_owned(), self.without_people(body)),
                None => fields.insert("answer_text".to_owned(), answer.beginning().into()),
            };
        }
        self.documents.push(clean(&about.to_string()));
    }

    /// An answer that is no status, as it may be kept.
    fn without_people(&self, mut body: Value) -> Value {
        if let Value::Object(fields) = &mut body
            && self.kind == InputKind::EFinancing
            && !e_financing::is_empty_list(&Value::Object(fields.clone()))
        {
            fields.retain(|key, _| ERROR_KEYS.contains(&key.as_str()));
        }
        body
    }

    /// Keeps the subscriptions of an order.
    pub(super) fn list(&mut self, items: Vec<Value>) {
        self.items.extend(items);
    }

    fn content(self) -> Option<String> {
        if self.kind == InputKind::OneyStatus {
            let lines = self.documents;
            return (!lines.is_empty()).then(|| format!("{}\n", lines.join("\n")));
        }
        let mut documents = Vec::new();
        if !self.items.is_empty() {
            // One complete list: how many it says are how many it holds.
            let list = json!({"totalItemCount": self.items.len(), "subscriptions": self.items});
            documents.push(format!("{list:#}"));
        }
        documents.extend(self.documents);
        (!documents.is_empty()).then(|| format!("[\n{}\n]\n", documents.join(",\n")))
    }

    /// Writes what was kept, if anything was.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(
        self,
        folder: &Folder,
        clock: RunClock,
    ) -> Result<Option<PathBuf>, RunError> {
        let Some(content) = self.content() else {
            return Ok(None);
        };
        let failed = |error: std::io::Error| {
            RunError::Input(format!(
                "the answers cannot be kept in {} ({error}); check that the folder can be written",
                folder.path.display()
            ))
        };
        files::make_folder(&folder.path).map_err(failed)?;
        let time = clock.started_at.format("%Y%m%dT%H%M%SZ");
        let ending = if folder.kind == InputKind::OneyStatus {
            "ndjson"
        } else {
            "json"
        };
        for number in 1..=NAMES_TRIED {
            let more = if number == 1 {
                String::new()
            } else {
                format!("_{number}")
            };
            let name = format!("{}_{time}{more}.{ending}", folder.kind.word());
            let path = folder.path.join(name);
            if let Some(pattern) = &folder.pattern
                && !pattern.matches_path(&path)
            {
                return Err(RunError::Setting(format!(
                    "the file {} would not be read: the input's pattern {pattern} does not fit it; \
                     name the folder alone",
                    path.display()
                )));
            }
            if put(&content, &folder.path, &path).map_err(failed)? {
                return Ok(Some(path));
            }
        }
        Err(RunError::Input(format!(
            "{} is full of files of this second; run verify again",
            folder.path.display()
        )))
    }
}

/// Writes a file whole, unless there is one of this name. It is written beside the folder, so that
/// a run that looks into it meets no half of it.
fn put(content: &str, folder: &Path, path: &Path) -> std::io::Result<bool> {
    let grow = |grows_in: &Path| {
        let whole = WholeFile {
            grows_in,
            ..WholeFile::new(path, ".verify-", IfThere::Keep)
        };
        whole.write(content.as_bytes())
    };
    let beside = folder.parent().unwrap_or(folder);
    match grow(beside) {
        Err(refused) if refused.kind() == std::io::ErrorKind::PermissionDenied => grow(folder),
        done => done,
    }
}
