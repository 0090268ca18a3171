//! A small company in a temporary folder, and the binary at work for it.

use std::fmt;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::report::Report;
use crate::rows;

/// Its configuration: one input of each kind, each in a folder of its own.
pub(crate) const CONFIG: &str = r#"
timezone = "Europe/Paris"

[database]
url = "sqlite://var/recon.db"

[[input]]
kind = "oney-crp"
path = "inbox/oney"

[[input]]
kind = "orders"
path = "inbox/orders"

[[input]]
kind = "order-events"
path = "inbox/order-events"

[[input]]
kind = "bank-statement"
path = "inbox/bank"

[report]
directory = "reports"
formats = ["csv", "json"]
"#;

/// The day most tests look from; a Friday.
pub(crate) const AS_OF: &str = "2026-11-20";

/// A company: its folder, and the database it uses.
pub(crate) struct Company {
    folder: TempDir,
    database_url: Option<String>,
}

impl Company {
    /// A company with [`CONFIG`] and empty folders.
    pub(crate) fn new() -> Self {
        Self::with(CONFIG)
    }

    /// A company with a configuration of its own.
    pub(crate) fn with(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let company = Self {
            folder,
            database_url: None,
        };
        for inbox in ["oney", "orders", "order-events", "bank"] {
            fs::create_dir_all(company.path("inbox").join(inbox)).unwrap();
        }
        fs::create_dir(company.path("var")).unwrap();
        company.put("recon.toml", config);
        company
    }

    /// The same company with its data elsewhere: `DATABASE_URL` overrides the configuration.
    pub(crate) fn on(mut self, database_url: &str) -> Self {
        self.database_url = Some(database_url.to_owned());
        self
    }

    /// A copy of everything but the database server, where there is one.
    pub(crate) fn copy(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(self.folder.path(), folder.path());
        Self {
            folder,
            database_url: self.database_url.clone(),
        }
    }

    /// A path in its folder.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// Delivers a file.
    pub(crate) fn put(&self, relative: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(relative), content).unwrap();
    }

    /// Delivers an empty report of a day still to come, so that whatever day is looked from, a
    /// funding that is in no report is missing and does not wait for one.
    pub(crate) fn knows_all_reports(&self) {
        self.knows_all_reports_of("inbox/oney");
    }

    /// The same by another folder.
    pub(crate) fn knows_all_reports_of(&self, folder: &str) {
        fs::create_dir_all(self.path(folder)).unwrap();
        let day = "2026-12-31";
        let name = rows::crp_name(day, 999).replace("inbox/oney", folder);
        self.put(&name, rows::header(&rows::funding("", day, "")));
    }

    /// A command of the binary, not run yet, in an environment without settings of its own.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("crp-recon"));
        for variable in ["DATABASE_URL", "CRP_RECON_CONFIG", "RUST_LOG"] {
            command.env_remove(variable);
        }
        if let Some(url) = &self.database_url {
            command.env("DATABASE_URL", url);
        }
        command
            .arg("--config")
            .arg(self.path("recon.toml"))
            .args(words)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn call(&self, words: &[&str]) -> Answer {
        Answer::new(assert_cmd::Command::from_std(self.command(words)).output())
    }

    /// `run --as-of DAY` and more, to its end, whatever the end is. The day may be still to come.
    pub(crate) fn run(&self, day: &str, more: &[&str]) -> Answer {
        self.call(&[&["run", "--as-of", day, "--future", "--no-mail"], more].concat())
    }

    /// A night that is done: its report.
    pub(crate) fn night(&self, day: &str) -> Report {
        self.run(day, &[]).done();
        self.report(day)
    }

    /// A report in the report folder.
    pub(crate) fn report(&self, name: &str) -> Report {
        Report::at(&self.path("reports").join(name))
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            let times = entry.metadata().unwrap().modified().unwrap();
            fs::File::open(&target)
                .and_then(|file| file.set_modified(times))
                .unwrap();
        }
    }
}

/// What the binary said and how it ended.
pub(crate) struct Answer {
    /// The exit code; 128 + signal where a signal ended it.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// Takes what a process gave. A panic is a failure of every test, whatever it looks for.
    pub(crate) fn new(output: std::io::Result<Output>) -> Self {
        let output = output.unwrap();
        let signal = output.status.signal().map_or(0, |signal| 128 + signal);
        let answer = Self {
            code: output.status.code().unwrap_or(signal),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        assert!(
            !answer.stderr.contains("panicked"),
            "the program panicked: {answer}"
        );
        answer
    }

    /// Asserts the exit code.
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Asserts that the job was done, with or without refused input.
    pub(crate) fn done(self) -> Self {
        assert!(matches!(self.code, 0 | 3), "{self}");
        self
    }

    /// Asserts a part of what was said on stderr.
    pub(crate) fn says(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "«{part}» is not said; {self}");
        self
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "exit {code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---"
        )
    }
}
