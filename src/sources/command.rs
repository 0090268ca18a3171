//! A program that puts files into a folder: what speaks EBICS, or a protocol of its own.
//!
//! It gets no secret among its arguments, which every user of the machine can read, and of the
//! environment only what a program needs and what the configuration names. It runs in a process
//! group of its own, and when it has ended, or when its time is over, the whole group ends: nobody
//! goes on writing into a folder that is being read.

use std::io::Read;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};

use super::{Credentials, Patience, SourceError, said};
use crate::domain::secret::Secret;
use crate::domain::source::CommandAddress;

/// What `{into}` in an argument stands for.
const INTO: &str = "{into}";

/// The variable that has the password.
const PASSWORD: &str = "CRP_RECON_PASSWORD";

/// Bytes of a program's output that are read; what comes after them is thrown away.
const OUTPUT_BYTES_MAX: u64 = 64 * 1024;

/// Lines of it that are logged: the last ones.
const LOGGED_LINES_MAX: usize = 100;

/// How often a program is asked whether it has ended.
const ASKED_EVERY: Duration = Duration::from_millis(20);

/// How long its output is waited for once it has ended.
const OUTPUT_WAIT: Duration = Duration::from_secs(5);

/// Variables that a program gets whatever the configuration says.
pub const USUAL_VARIABLES: [&str; 9] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "SSL_CERT_FILE",
];

/// Runs a program to its end, in `into`.
///
/// # Errors
/// When it cannot be started, takes too long, or says by its exit code that it failed.
pub fn run(
    address: &CommandAddress,
    credentials: &Credentials,
    into: &Path,
    patience: &Patience,
) -> Result<(), SourceError> {
    let name = address.words.first().map_or("", String::as_str);
    let mut child = started(address, credentials, into).map_err(|error| {
        SourceError::of_all(format!(
            "{name} cannot be started ({error}); check `command` and its permissions"
        ))
    })?;
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let readers = [
        child.stdout.take().map(reader),
        child.stderr.take().map(reader),
    ];
    let ended = wait(&mut child, patience);
    // Where the program has ended, this ends what it left behind, and with it the pipes.
    if let Some(group) = group
        && let Err(error) = kill_process_group(group, Signal::KILL)
    {
        tracing::debug!("nothing of {name} is left to end ({error})");
    }
    let status = match ended {
        Some(status) => Ok(status),
        None => child
            .wait()
            .map_err(|error| SourceError::of_all(format!("{name}: {error}")))
            .and_then(|_killed| {
                patience.check().and(Err(SourceError::of_all(format!(
                    "{name} was ended: it took too long"
                ))))
            }),
    };
    for pipe in readers.into_iter().flatten() {
        log(name, &pipe, credentials);
    }
    let status = status?;
    if status.success() {
        return Ok(());
    }
    let how = match (status.code(), status.signal()) {
        (Some(code), _) => format!("with exit code {code}"),
        (None, Some(signal)) => format!("by signal {signal}"),
        (None, None) => "in an unknown way".to_owned(),
    };
    Err(SourceError::of_all(format!(
        "{name} ended {how}; what it said is in the log"
    )))
}

fn started(
    address: &CommandAddress,
    credentials: &Credentials,
    into: &Path,
) -> std::io::Result<Child> {
    let folder = into.to_string_lossy();
    let mut words = address.words.iter().map(|word| word.replace(INTO, &folder));
    let mut command = Command::new(words.next().unwrap_or_default());
    command
        .args(words)
        .env_clear()
        .process_group(0)
        .current_dir(into);
    for (name, value) in &credentials.variables {
        command.env(name, value.reveal());
    }
    if let Some(password) = &credentials.password {
        command.env(PASSWORD, password.reveal());
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Reads what a program says while it runs, so that it never waits for us.
fn reader(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (to, from) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        let read = pipe.by_ref().take(OUTPUT_BYTES_MAX).read_to_end(&mut text);
        let rest = std::io::copy(&mut pipe, &mut std::io::sink());
        if let Err(error) = read.and(rest.map(|_| 0)) {
            text.extend_from_slice(format!("\n(its output broke off: {error})").as_bytes());
        }
        // Nobody waits for what comes too late.
        drop(to.send(text));
    });
    from
}

/// How it ended; `None` when its time is over.
fn wait(child: &mut Child, patience: &Patience) -> Option<ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if patience.left().is_zero() => return None,
            Ok(None) => thread::sleep(ASKED_EVERY),
            Err(error) => {
                tracing::error!("a program cannot be waited for ({error})");
                return None;
            }
        }
    }
}

fn log(name: &str, output: &Receiver<Vec<u8>>, credentials: &Credentials) {
    // What left the process group may hold the pipe open for ever.
    let Ok(bytes) = output.recv_timeout(OUTPUT_WAIT) else {
        tracing::warn!("{name} left something running that holds its output open");
        return;
    };
    let text = without_secrets(String::from_utf8_lossy(&bytes).into_owned(), credentials);
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let first = lines.len().saturating_sub(LOGGED_LINES_MAX);
    for line in lines.iter().skip(first) {
        tracing::info!("{name} says: {}", said(line));
    }
}

/// A text in which no secret stands, whatever a program prints.
fn without_secrets(text: String, credentials: &Credentials) -> String {
    let usual = |name: &str| USUAL_VARIABLES.contains(&name);
    let variables = credentials.variables.iter();
    let given = variables
        .filter(|(name, _)| !usual(name))
        .map(|(_, value)| value);
    let secrets = given.chain(&credentials.password).map(Secret::reveal);
    // A word of a few letters would take half of the text with it.
    secrets
        .filter(|secret| secret.len() > 3)
        .fold(text, |text, secret| text.replace(secret, "***"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::source::FetchLimits;

    fn ran(script: &str, budget_seconds: u32) -> (Result<(), SourceError>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let words = ["sh", "-c", script, "sh", INTO].map(str::to_owned).to_vec();
        let address = CommandAddress {
            words,
            environment: Vec::new(),
        };
        let credentials = Credentials {
            password: Some(Secret::new("hunter22")),
            variables: vec![("PATH".to_owned(), Secret::new("/usr/bin:/bin"))],
            ..Credentials::default()
        };
        let limits = FetchLimits {
            time_budget_seconds: budget_seconds,
            ..FetchLimits::default()
        };
        let done = run(
            &address,
            &credentials,
            folder.path(),
            &Patience::begin(limits),
        );
        (done, folder)
    }

    /// Asserts that the processes that a script noted end.
    fn ends(folder: &tempfile::TempDir) {
        let pids = std::fs::read_to_string(folder.path().join("pid")).unwrap();
        let runs = |pid: &str| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z ")
        };
        for _ in 0..500 {
            if !pids.lines().any(runs) {
                return;
            }
            thread::sleep(ASKED_EVERY);
        }
        panic!("still running: {pids}");
    }

    #[test]
    fn a_program_gets_the_folder_and_the_password_in_its_environment() {
        let (done, folder) = ran("env > \"$1/env\"; echo \"$@\" > args", 60);
        assert_eq!(done, Ok(()));
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert!(read("env").contains("CRP_RECON_PASSWORD=hunter22"));
        assert!(!read("env").contains("CARGO"), "{}", read("env"));
        assert!(!read("args").contains("hunter22"));
    }

    #[test]
    fn a_program_that_fails_or_takes_too_long_is_said() {
        let (done, _folder) = ran("exit 7", 60);
        assert!(done.unwrap_err().sentence.contains("exit code 7"));
        // Its child would hold the pipes for long.
        let (done, folder) = ran("echo $$ > pid; sleep 600 & echo $! >> pid; sleep 600", 1);
        assert!(done.unwrap_err().sentence.contains("time_budget_seconds"));
        ends(&folder);
    }

    #[test]
    fn what_a_program_leaves_behind_ends_with_it() {
        let (done, folder) = ran("sleep 600 & echo $! > pid", 60);
        assert_eq!(done, Ok(()));
        ends(&folder);
    }

    #[test]
    fn what_a_program_prints_holds_no_secret() {
        let credentials = Credentials {
            password: Some(Secret::new("hunter22")),
            ..Credentials::default()
        };
        let text = without_secrets("login hunter22 failed".to_owned(), &credentials);
        assert_eq!(text, "login *** failed");
    }
}
