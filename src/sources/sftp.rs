//! An SFTP server, by its host key, with a password or a private key.
//!
//! The host key is pinned: nobody is asked at night, and whoever shows another key gets neither the
//! password nor a signature. RSA is not compiled in (RUSTSEC-2023-0071 has no mended version), so
//! neither a server nor a login that knows RSA keys only can be used: `docs/sources.md` says what
//! to do about it.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use russh::client::{self, AuthResult, Handle, KeyboardInteractiveAuthResponse};
use russh::keys::{Algorithm, EcdsaCurve, HashAlg, PrivateKeyWithHashAlg, load_secret_key};
use russh::{Disconnect, MethodKind, MethodSet, Preferred};
use russh_sftp::client::RawSftpSession;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::{FileAttributes, OpenFlags, StatusCode};

use super::names::Names;
use super::{Credentials, LISTED_MAX, Listing, Part, Patience, RemoteFile, SourceError, said};
use crate::domain::source::SftpAddress;

/// Bytes of one read: what every server gives.
const READ_BYTES: u32 = 32 * 1024;

/// Reads that are on their way at once.
const READS_AT_ONCE: u64 = 16;

/// Rounds of questions that a server may ask at login.
const QUESTIONS_MAX: usize = 4;

/// Host keys that can be checked, each asked for by itself where the first one shown is another.
const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::Ed25519,
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP256,
    },
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP384,
    },
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP521,
    },
];

/// The connection.
pub struct Sftp {
    ssh: Handle<HostKey>,
    files: RawSftpSession,
    folder: String,
    names: Names,
    patience: Patience,
}

/// Looks at the key that a server shows.
struct HostKey {
    pinned: Vec<String>,
    shown: Shown,
}

/// The fingerprint that a server showed, with its kind.
type Shown = Arc<Mutex<Option<(String, Algorithm)>>>;

impl client::Handler for HostKey {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &russh::keys::PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let russh::keys::PublicKeyOrCertificate::PublicKey { key, .. } = key else {
            return Ok(false);
        };
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let known = self.pinned.contains(&fingerprint);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = Some((fingerprint, key.algorithm()));
        Ok(known)
    }
}

/// A connection, or the key that was shown instead of a pinned one.
enum Greeting {
    Known(Handle<HostKey>),
    Unknown(String, Algorithm),
    /// The server has no key of this kind.
    NoSuchKind,
}

impl Sftp {
    pub(super) async fn open(
        address: &SftpAddress,
        credentials: &Credentials,
        patience: Patience,
    ) -> Result<Self, SourceError> {
        let mut ssh = greet(address, patience).await?;
        let login = login(&mut ssh, address, credentials);
        patience.wait("logging in", login).await??;
        let files = patience
            .wait("starting SFTP", files_of(&ssh, patience))
            .await??;
        Ok(Self {
            ssh,
            files,
            folder: address.folder.clone(),
            names: Names::new(&address.pattern),
            patience,
        })
    }

    fn path(&self, key: &str) -> String {
        format!("{}/{key}", self.folder.trim_end_matches('/'))
    }

    pub(super) async fn list(&self) -> Result<Listing, SourceError> {
        let unlisted = |error: SftpError| {
            SourceError::of_all(format!(
                "the folder {} cannot be listed ({}); check the path of `url`",
                self.folder,
                said(error)
            ))
        };
        let opened = self.files.opendir(&self.folder).await.map_err(unlisted)?;
        let (mut listing, mut count) = (Listing::default(), 0_usize);
        loop {
            self.patience.check()?;
            let entries = match self.files.readdir(&opened.handle).await {
                Ok(entries) => entries.files,
                Err(SftpError::Status(status)) if status.status_code == StatusCode::Eof => break,
                Err(error) => return Err(unlisted(error)),
            };
            count = count.saturating_add(entries.len().max(1));
            if count > LISTED_MAX {
                return Err(SourceError::of_all(format!(
                    "the folder {} has more than {LISTED_MAX} names; ask for it to be cleared",
                    self.folder
                )));
            }
            for entry in entries {
                if self.names.fit(&entry.filename) {
                    self.take(&mut listing, entry.filename, entry.attrs).await?;
                }
            }
        }
        self.files.close(opened.handle).await.map_err(unlisted)?;
        Ok(listing)
    }

    /// Takes a regular file up, and a link to one. Folders, FIFOs and devices are none.
    async fn take(
        &self,
        listing: &mut Listing,
        name: String,
        attributes: FileAttributes,
    ) -> Result<(), SourceError> {
        let is_link = attributes.file_type().is_symlink();
        let attributes = if attributes.permissions.is_none() || is_link {
            // A name that would be a path is not asked for.
            match super::names::check(&name) {
                Ok(()) => match self.attributes(&name).await? {
                    Some(attributes) => attributes,
                    None => return Ok(()),
                },
                Err(_) => attributes,
            }
        } else {
            attributes
        };
        if attributes.permissions.is_none() || attributes.file_type().is_file() {
            listing.add(remote(name, &attributes));
        }
        Ok(())
    }

    /// What a path leads to; `None` where that is nothing.
    async fn attributes(&self, key: &str) -> Result<Option<FileAttributes>, SourceError> {
        match self.files.stat(self.path(key)).await {
            Ok(found) => Ok(Some(found.attrs)),
            Err(SftpError::Status(_)) => Ok(None),
            Err(error) => Err(SourceError::of_all(format!("{key}: {}", said(error)))),
        }
    }

    pub(super) async fn download(
        &self,
        file: &RemoteFile,
        part: &mut Part,
    ) -> Result<(), SourceError> {
        let path = self.path(&file.key);
        let opened = self
            .files
            .open(path, OpenFlags::READ, FileAttributes::empty())
            .await;
        let handle = opened.map_err(|error| broken(&file.name, &error))?.handle;
        let read = self.read(&handle, part).await;
        let closed = self.files.close(handle).await;
        read.map_err(|error| match error {
            Unread::Server(error) => broken(&file.name, &error),
            Unread::Here(error) => error,
        })?;
        closed.map_err(|error| broken(&file.name, &error))?;
        self.same(file).await
    }

    /// Reads an open file to its end, some reads at once.
    async fn read(&self, handle: &str, part: &mut Part) -> Result<(), Unread> {
        loop {
            self.patience.check().map_err(Unread::Here)?;
            let start = part.bytes();
            let step = u64::from(READ_BYTES);
            let reads = (0..READS_AT_ONCE).map(|number| {
                let offset = start.saturating_add(number.saturating_mul(step));
                self.files.read(handle, offset, READ_BYTES)
            });
            for (number, answer) in join_all(reads).await.into_iter().enumerate() {
                let data = match answer {
                    Ok(data) => data.data,
                    Err(SftpError::Status(status)) if status.status_code == StatusCode::Eof => {
                        return Ok(());
                    }
                    Err(error) => return Err(Unread::Server(error)),
                };
                let wanted = usize::try_from(READ_BYTES).unwrap_or(usize::MAX);
                if data.is_empty() || data.len() > wanted {
                    let what = format!("read {number} gave {} bytes", data.len());
                    return Err(Unread::Server(SftpError::UnexpectedBehavior(what)));
                }
                part.write(&data).map_err(Unread::Here)?;
                // After a short read the others are of another place.
                if data.len() < wanted {
                    break;
                }
            }
        }
    }

    /// Whether a file is still the one that was listed.
    async fn same(&self, file: &RemoteFile) -> Result<(), SourceError> {
        let now = self.attributes(&file.key).await?;
        let now = now.map(|attributes| remote(file.name.clone(), &attributes));
        if now
            .as_ref()
            .is_some_and(|now| now.version == file.version && now.size_bytes == file.size_bytes)
        {
            return Ok(());
        }
        Err(SourceError::of_one(format!(
            "{}: it has changed meanwhile; the next fetch takes it",
            file.name
        )))
    }

    pub(super) async fn remove(&self, file: &RemoteFile) -> Result<(), SourceError> {
        if self.attributes(&file.key).await?.is_none() {
            return Ok(());
        }
        self.same(file).await?;
        let removed = self.files.remove(self.path(&file.key)).await;
        removed.map(|_status| ()).map_err(|error| {
            let why = said(&error);
            SourceError::of_one(format!("{}: it cannot be removed ({why})", file.name))
        })
    }

    pub(super) async fn close(&self) {
        let bye = self.ssh.disconnect(Disconnect::ByApplication, "", "");
        if let Ok(Err(error)) = self.patience.wait("taking leave", bye).await {
            tracing::debug!("the server did not take leave ({error})");
        }
    }
}

/// Why a file was not read to its end.
enum Unread {
    Server(SftpError),
    Here(SourceError),
}

/// A file that a server does not give is one thing, a server that is gone another.
fn broken(name: &str, error: &SftpError) -> SourceError {
    let sentence = format!(
        "{name}: it could not be read whole ({}); the next fetch tries again",
        said(error)
    );
    match error {
        SftpError::Status(_) => SourceError::of_one(sentence),
        SftpError::IO(_)
        | SftpError::Timeout
        | SftpError::Limited(_)
        | SftpError::UnexpectedPacket
        | SftpError::UnexpectedBehavior(_) => SourceError::of_all(sentence),
    }
}

fn remote(name: String, attributes: &FileAttributes) -> RemoteFile {
    RemoteFile {
        key: name.clone(),
        name,
        size_bytes: attributes.size,
        version: attributes
            .mtime
            .map_or_else(String::new, |time| time.to_string()),
    }
}

/// Connects to the server that has a pinned host key. A server has several keys, of several kinds,
/// and shows the one of the kind that we ask for first: the others are asked for where that one is
/// not pinned.
async fn greet(address: &SftpAddress, patience: Patience) -> Result<Handle<HostKey>, SourceError> {
    let mut seen: Vec<String> = Vec::new();
    let mut left = ALGORITHMS.to_vec();
    let mut asked = ALGORITHMS.to_vec();
    loop {
        let greeting = patience
            .wait("connecting", connect(address, &asked, patience))
            .await??;
        match greeting {
            Greeting::Known(ssh) => return Ok(ssh),
            Greeting::Unknown(fingerprint, kind) => {
                seen.push(format!("{fingerprint} ({kind})"));
                left.retain(|other| *other != kind);
            }
            Greeting::NoSuchKind => {
                let only = asked.first().cloned().filter(|_| asked.len() == 1);
                left.retain(|other| only.as_ref().is_some_and(|only| other != only));
            }
        }
        match left.first() {
            Some(next) if !address.host_keys.is_empty() => asked = vec![next.clone()],
            Some(_) | None => return Err(unknown_host(address, &seen)),
        }
    }
}

fn unknown_host(address: &SftpAddress, seen: &[String]) -> SourceError {
    let host = &address.host;
    let shown = seen.join(", ");
    SourceError::of_all(match (seen.is_empty(), address.host_keys.is_empty()) {
        (true, _) => format!(
            "{host} has neither an Ed25519 nor an ECDSA host key, and RSA is not supported; ask for \
             one, or use a `command` (docs/sources.md)"
        ),
        (false, true) => format!(
            "there is no `host_key` to know {host} by; it shows {shown}: compare that with what \
             whoever runs it tells you, then write it as `host_key`"
        ),
        (false, false) => format!(
            "{host} shows the host key {shown}, which is none of `host_key`; nothing was sent. Either \
             its key was changed, which whoever runs it will confirm, or this is another server"
        ),
    })
}

async fn connect(
    address: &SftpAddress,
    kinds: &[Algorithm],
    patience: Patience,
) -> Result<Greeting, SourceError> {
    // Half of the silence that is borne, so that a server that lives has said something by then.
    let beat = patience
        .step()
        .checked_div(2)
        .unwrap_or(Duration::from_secs(1));
    let config = client::Config {
        keepalive_interval: Some(beat),
        keepalive_max: 2,
        preferred: Preferred {
            key: Cow::Owned(kinds.to_vec()),
            ..Preferred::default()
        },
        ..client::Config::default()
    };
    let shown = Shown::default();
    let host_key = HostKey {
        pinned: address.host_keys.clone(),
        shown: Arc::clone(&shown),
    };
    let server = (address.host.as_str(), address.port);
    let connected = client::connect(Arc::new(config), server, host_key).await;
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (connected, shown) {
        (Ok(ssh), _) => Ok(Greeting::Known(ssh)),
        (Err(russh::Error::UnknownKey), Some((fingerprint, kind))) => {
            Ok(Greeting::Unknown(fingerprint, kind))
        }
        (
            Err(russh::Error::NoCommonAlgo {
                kind: russh::AlgorithmKind::Key,
                ..
            }),
            _,
        ) => Ok(Greeting::NoSuchKind),
        (Err(error), _) => Err(SourceError::of_all(format!(
            "{} port {} cannot be reached ({}); check `url` and the network",
            address.host,
            address.port,
            said(error)
        ))),
    }
}

async fn login(
    ssh: &mut Handle<HostKey>,
    address: &SftpAddress,
    credentials: &Credentials,
) -> Result<(), SourceError> {
    let cut =
        |error: russh::Error| SourceError::of_all(format!("the login broke off ({})", said(error)));
    let user = address.user.as_str();
    let mut tried = Vec::new();
    if let Some(key) = private_key(address, credentials)? {
        tried.push("key_file");
        if ssh
            .authenticate_publickey(user, key)
            .await
            .map_err(cut)?
            .success()
        {
            return Ok(());
        }
    }
    if let Some(password) = &credentials.password {
        tried.push("password");
        let answer = ssh
            .authenticate_password(user, password.reveal())
            .await
            .map_err(cut)?;
        if answer.success()
            || asked_in_words(&answer)
                && answered(ssh, user, password.reveal()).await.map_err(cut)?
        {
            return Ok(());
        }
    }
    let sentence = match tried.as_slice() {
        [] => format!(
            "there is neither `password_env` nor `key_file` to log in to {}",
            address.host
        ),
        tried => format!(
            "{} does not let {user} in; check the user of `url` and `{}`",
            address.host,
            tried.join("` and `")
        ),
    };
    Err(SourceError::of_all(sentence))
}

fn private_key(
    address: &SftpAddress,
    credentials: &Credentials,
) -> Result<Option<PrivateKeyWithHashAlg>, SourceError> {
    let Some(path) = &address.key_file else {
        return Ok(None);
    };
    let passphrase = credentials
        .passphrase
        .as_ref()
        .map(crate::domain::secret::Secret::reveal);
    let key = load_secret_key(path, passphrase).map_err(|error| {
        SourceError::of_all(format!(
            "key_file {} cannot be used ({}); it has to be an Ed25519 or ECDSA key, readable by this \
             user, and `passphrase_env` has to open it if it has a passphrase",
            path.display(),
            said(error)
        ))
    })?;
    if key.algorithm().is_rsa() {
        return Err(SourceError::of_all(format!(
            "key_file {} is an RSA key, which is not supported; make one with ssh-keygen -t ed25519",
            path.display()
        )));
    }
    Ok(Some(PrivateKeyWithHashAlg::new(Arc::new(key), None)))
}

/// True for a server that takes no password as such, and asks for it in words of its own.
fn asked_in_words(answer: &AuthResult) -> bool {
    let asks = |methods: &MethodSet| methods.contains(&MethodKind::KeyboardInteractive);
    matches!(answer, AuthResult::Failure { remaining_methods, .. } if asks(remaining_methods))
}

/// Answers each question that does not show what is typed with the password.
async fn answered(
    ssh: &mut Handle<HostKey>,
    user: &str,
    password: &str,
) -> Result<bool, russh::Error> {
    let mut answer = ssh
        .authenticate_keyboard_interactive_start(user, None)
        .await?;
    for _ in 0..QUESTIONS_MAX {
        let prompts = match answer {
            KeyboardInteractiveAuthResponse::Success => return Ok(true),
            KeyboardInteractiveAuthResponse::Failure { .. } => return Ok(false),
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        let reply = |prompt: &client::Prompt| {
            if prompt.echo {
                String::new()
            } else {
                password.to_owned()
            }
        };
        let replies = prompts.iter().map(reply).collect();
        answer = ssh
            .authenticate_keyboard_interactive_respond(replies)
            .await?;
    }
    Ok(false)
}

async fn files_of(
    ssh: &Handle<HostKey>,
    patience: Patience,
) -> Result<RawSftpSession, SourceError> {
    let no_sftp = |error: String| {
        SourceError::of_all(format!("the server offers no SFTP to this login ({error})"))
    };
    let channel = ssh
        .channel_open_session()
        .await
        .map_err(|error| no_sftp(said(error)))?;
    let asked = channel.request_subsystem(true, "sftp").await;
    asked.map_err(|error| no_sftp(said(error)))?;
    let files = RawSftpSession::new(channel.into_stream());
    files.set_timeout(patience.step().as_secs().max(1));
    files.init().await.map_err(|error| no_sftp(said(error)))?;
    Ok(files)
}
