//! What is wrong with the configuration, as a sentence that begins with file and line.

use std::io;
use std::path::PathBuf;

/// Why the configuration cannot be used. Nothing secret is ever part of it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no such file.
    #[error(
        "{}: there is no such file; `crp-recon init` writes one, `--config` names another",
        path.display()
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file is there and cannot be read as text.
    #[error("{}: cannot be read; check its permissions and that it is UTF-8 text", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is no TOML, or a setting in it is not one that can be used.
    #[error("{file}: {}{sentence}", place(*line))]
    Setting {
        /// The file as it was named.
        file: String,
        /// One-based line, where one is at fault.
        line: Option<usize>,
        /// What was found and what was expected.
        sentence: String,
    },
}

fn place(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!("line {line}: "))
}
