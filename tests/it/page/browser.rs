//! A headless Chromium, where there is one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The browser of this machine.
pub(super) struct Browser {
    program: PathBuf,
    profile: tempfile::TempDir,
}

/// A page as the browser made it, and what it complained of.
pub(super) struct Loaded {
    pub(super) html: String,
    pub(super) console: Vec<String>,
}

impl Browser {
    /// `None`, said loudly, where there is none.
    pub(super) fn find() -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        let program = std::env::split_paths(&path)
            .flat_map(|folder| NAMES.map(|name| folder.join(name)))
            .find(|program| program.is_file());
        if program.is_none() {
            crate::skipped("report.html in a browser: install chromium");
        }
        Some(Self {
            program: program?,
            profile: tempfile::tempdir().unwrap(),
        })
    }

    /// Loads a file and gives the document as it then is.
    pub(super) fn load(&self, file: &Path, options: &[&str]) -> Loaded {
        let output = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--enable-logging=stderr",
                "--window-size=1440,900",
                // Until nothing is left to do: the page unpacks its rows after it is loaded.
                "--virtual-time-budget=20000",
                "--dump-dom",
            ])
            .args(options)
            .arg(format!("--user-data-dir={}", self.profile.path().display()))
            .arg(format!("file://{}", file.display()))
            .output()
            .unwrap();
        let log = String::from_utf8_lossy(&output.stderr);
        let html = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(html.contains("</html>"), "the browser gave no page: {log}");
        Loaded {
            html,
            console: log
                .lines()
                .filter(|line| line.contains("CONSOLE"))
                // What a frame without scripts is meant to do.
                .filter(|line| !line.contains("Blocked script execution"))
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Lets a script work on a page; gives what it says in `<pre id="probe">`.
    pub(super) fn probe(&self, page: &Path, script: &str, options: &[&str]) -> serde_json::Value {
        let html = fs::read_to_string(page).unwrap();
        // The page's policy runs no script but its own: the copy is without it.
        let (before, rest) = html
            .split_once("<meta http-equiv=\"Content-Security-Policy\"")
            .unwrap();
        let (_, after) = rest.split_once('>').unwrap();
        let (body, end) = after.rsplit_once("</body>").unwrap();
        let copy = self.profile.path().join("probed.html");
        let script = format!("<script>{script}</script></body>");
        fs::write(&copy, [before, body, &script, end].concat()).unwrap();
        self.said(&copy, options)
    }

    /// Shows a page in a frame, with its script or without, and gives what an expression says of
    /// its `root` element, as JSON.
    pub(super) fn framed(
        &self,
        page: &Path,
        (width, scripts): (u32, bool),
        expression: &str,
    ) -> serde_json::Value {
        let sandbox = if scripts {
            ""
        } else {
            "sandbox=\"allow-same-origin\""
        };
        let frame = self.profile.path().join("frame.html");
        let html = format!(
            "<!doctype html><html><body><iframe {sandbox} src=\"file://{}\" style=\"width:{width}px;height:800px;border:0\"></iframe>\
             <script>document.querySelector('iframe').onload = function () {{\
             var root = this.contentDocument.documentElement;\
             (function wait() {{ if ({scripts} && !root.classList.contains('js')) {{ return setTimeout(wait, 10); }}\
             var answer = document.createElement('pre'); answer.id = 'probe';\
             answer.textContent = JSON.stringify({expression});\
             document.body.append(answer); }})(); }};</script></body></html>",
            page.display()
        );
        fs::write(&frame, html).unwrap();
        self.said(&frame, &["--allow-file-access-from-files"])
    }

    fn said(&self, page: &Path, options: &[&str]) -> serde_json::Value {
        let loaded = self.load(page, options);
        assert_eq!(loaded.console, Vec::<String>::new());
        let (_, said) = loaded.html.rsplit_once("<pre id=\"probe\">").unwrap();
        let (said, _) = said.split_once("</pre>").unwrap();
        let said = said
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&nbsp;", "\u{a0}")
            .replace("&amp;", "&");
        serde_json::from_str(&said).unwrap()
    }
}
