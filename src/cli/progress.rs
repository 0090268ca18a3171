//! A bar while files are read, where somebody watches.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::one_line;
use crate::pipeline::Progress;

/// A bar on stderr, drawn on a terminal only.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar, hidden when `quiet` or when stderr is no terminal.
    pub(super) fn new(quiet: bool) -> Self {
        let hidden = quiet || !std::io::stderr().is_terminal();
        let target = if hidden {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} files read  {wide_msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, bytes: u64) {
        // A fetch may have ended it before.
        self.0.reset();
        if bytes > 0 {
            self.0.enable_steady_tick(Duration::from_millis(200));
        }
    }

    fn file(&self, name: &str) {
        self.0.inc(1);
        self.0.set_message(one_line(name).into_owned());
    }

    fn fetching(&self, source: &str, (number, of): (usize, usize), name: &str) {
        self.0.enable_steady_tick(Duration::from_millis(200));
        let number = number.saturating_add(1);
        self.0
            .set_message(format!("fetching from {source}: {number} of {of}, {name}"));
    }

    fn end(&self) {
        self.0.finish_and_clear();
    }
}
