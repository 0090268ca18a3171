//! `init`: a commented configuration and the folders it names, for a first night within minutes.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context as _;

use crate::files::{self, IfThere, WholeFile};

/// Shows every key that this version understands, with its default.
const TEMPLATE: &str = include_str!("recon.toml");

const FILE: &str = "recon.toml";

/// The folders that the template names; `var` holds the database.
const FOLDERS: [&str; 6] = [
    "inbox/oney",
    "inbox/orders",
    "inbox/order-events",
    "inbox/bank",
    "reports",
    "var",
];

/// Writes the configuration and the folders into `dir`, and says on `out` what it wrote, what it
/// left alone and what comes next. What is there already stays as it is.
///
/// # Errors
/// When a folder or the file cannot be made, or a file lies where a folder belongs.
pub fn init(dir: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    files::make_folder(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    let file = dir.join(FILE);
    let wrote = write_new(&file).with_context(|| format!("cannot write {}", file.display()))?;
    say(out, wrote, &file)?;
    for folder in FOLDERS {
        let path = dir.join(folder);
        let there = path.is_dir();
        files::make_folder(&path)
            .with_context(|| format!("cannot make the folder {}", path.display()))?;
        say(out, !there, &path)?;
    }
    let option = if dir == Path::new(".") {
        String::new()
    } else {
        format!(" --config {}", file.display())
    };
    writeln!(
        out,
        "\nNext:\n\
         1. Read {}: time zone, providers, bank.\n\
         2. Put files into the folders of {}.\n\
         3. crp-recon{option} check\n\
         4. crp-recon{option} run",
        file.display(),
        dir.join("inbox").display(),
    )?;
    Ok(())
}

/// Writes the template; false when there is something already, which stays.
fn write_new(file: &Path) -> io::Result<bool> {
    WholeFile::new(file, ".crp-recon-init-", IfThere::Keep).write(TEMPLATE.as_bytes())
}

fn say(out: &mut dyn Write, wrote: bool, path: &Path) -> io::Result<()> {
    let what = if wrote { "wrote" } else { "left alone" };
    writeln!(out, "{what:<10}  {}", path.display())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::config::{self, InputLocation};
    use crate::domain::file::InputKind;

    fn said(dir: &Path) -> String {
        let mut out = Vec::new();
        init(dir, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_new_configuration_loads_and_its_folders_are_there() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("recon");
        assert!(said(&dir).contains("wrote"));
        let settings = config::load(&dir.join(FILE), &|_| None).unwrap();
        let kinds: Vec<_> = settings.inputs.iter().map(|input| input.kind).collect();
        let active = [
            InputKind::OneyCrp,
            InputKind::Orders,
            InputKind::OrderEvents,
            InputKind::BankStatement,
        ];
        assert_eq!(kinds, active);
        for kind in InputKind::ALL {
            let named = format!("kind = \"{}\"", kind.word());
            assert!(TEMPLATE.contains(&named), "{named}");
        }
        for input in &settings.inputs {
            let there = matches!(&input.location, InputLocation::Path(path) if path.is_dir());
            assert!(there, "{}", input.written);
        }
        assert!(settings.report.directory.is_dir());
        assert!(dir.join("var").is_dir());
    }

    #[test]
    fn what_is_there_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "# mine").unwrap();
        let first = said(folder.path());
        assert!(first.contains("left alone"), "{first}");
        assert!(first.contains("wrote"), "{first}");
        assert_eq!(
            fs::read_to_string(folder.path().join(FILE)).unwrap(),
            "# mine"
        );
        let second = said(folder.path());
        assert!(!second.contains("wrote"), "{second}");
    }

    #[test]
    fn a_file_where_a_folder_belongs_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("inbox"), "").unwrap();
        let error = init(folder.path(), &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("inbox"), "{error:#}");
    }
}
