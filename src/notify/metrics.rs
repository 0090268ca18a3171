//! A file for the textfile collector of Prometheus' node exporter.
//!
//! It is replaced as a whole by a rename, so the collector never reads half of one. A run that
//! failed has no figures: it replaces what is said of the run, and leaves the figures of the last
//! night that was recorded, with the time of that night.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use chrono::{NaiveDate, NaiveTime};

use super::Bulletin;
use crate::domain::{Amount, Currency};

/// What is said of every run, also of one that failed.
#[derive(Clone, Copy, Debug)]
pub struct RunFacts {
    /// Seconds since 1970.
    pub ended_at: i64,
    /// Milliseconds.
    pub duration_ms: u64,
    /// Its exit code.
    pub exit: u8,
}

/// What is said of a night that was recorded.
#[derive(Clone, Debug)]
pub struct NightFacts {
    /// What it found.
    pub bulletin: Bulletin,
    /// When each source was last fetched as a whole, seconds since 1970.
    pub sources: Vec<(String, i64)>,
    /// Posts to webhooks that nobody has taken yet.
    pub posts_waiting: u64,
}

/// The text while it grows.
#[derive(Default)]
struct Text(String);

impl Text {
    fn metric(&mut self, name: &str, help: &str) {
        // Writing to a text cannot fail.
        write!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge\n").unwrap_or_default();
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let escaped = |text: &str| {
            text.replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n")
        };
        let labels: Vec<String> = labels
            .iter()
            .map(|(key, value)| format!("{key}=\"{}\"", escaped(value)))
            .collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        writeln!(self.0, "{name}{labels} {value}").unwrap_or_default();
    }

    fn one(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.metric(name, help);
        self.sample(name, &[], value);
    }
}

const RUN_ENDED: &str = "crp_recon_last_run_timestamp_seconds";
const RUN_EXIT: &str = "crp_recon_last_run_exit_code";
const RUN_DURATION: &str = "crp_recon_last_run_duration_seconds";

fn of_run(text: &mut Text, run: RunFacts) {
    let long = std::time::Duration::from_millis(run.duration_ms);
    let seconds = format!("{}.{:03}", long.as_secs(), long.subsec_millis());
    text.one(
        RUN_ENDED,
        "When the last run ended, whatever its end.",
        run.ended_at,
    );
    text.one(RUN_EXIT, "How the last run ended: its exit code.", run.exit);
    text.one(RUN_DURATION, "How long the last run took.", seconds);
}

/// The whole text of a night that was recorded.
pub fn of_night(run: RunFacts, night: &NightFacts) -> String {
    let mut text = Text::default();
    of_run(&mut text, run);
    let success = "crp_recon_last_success_timestamp_seconds";
    text.one(
        success,
        "When the last run ended that recorded its night.",
        run.ended_at,
    );
    let bulletin = &night.bulletin;
    text.one(
        "crp_recon_as_of_timestamp_seconds",
        "The day that the night looked from.",
        midnight(bulletin.as_of),
    );
    files(&mut text, bulletin);
    found(&mut text, bulletin);
    feeds(&mut text, bulletin);
    sources(&mut text, night);
    let waiting = "crp_recon_webhook_posts_waiting";
    text.one(
        waiting,
        "Posts to webhooks that nobody has taken yet.",
        night.posts_waiting,
    );
    text.0
}

fn files(text: &mut Text, bulletin: &Bulletin) {
    let name = "crp_recon_files";
    text.metric(
        name,
        "Files of the report's inputs, by what became of them.",
    );
    for (status, count) in &bulletin.files {
        text.sample(name, &[("status", status)], count);
    }
    let name = "crp_recon_rows";
    text.metric(name, "Rows of the accepted files, by result.");
    text.sample(name, &[("result", "accepted")], bulletin.rows.0);
    text.sample(name, &[("result", "rejected")], bulletin.rows.1);
}

fn found(text: &mut Text, bulletin: &Bulletin) {
    let name = "crp_recon_discrepancies";
    text.metric(
        name,
        "Discrepancies of the report, by code, severity and state.",
    );
    for ((code, severity, state), count) in &bulletin.counts {
        let labels = [
            ("code", code.word()),
            ("severity", severity.word()),
            ("state", state.word()),
        ];
        text.sample(name, &labels, count);
    }
    let name = "crp_recon_exposure";
    text.metric(
        name,
        "What is short, over and waits for a book, by root and without sign, in units of the currency.",
    );
    for (currency, sums) in &bulletin.figures.exposure {
        let word = currency.to_string();
        for (figure, sum) in [
            ("short", sums.short),
            ("over", sums.over),
            ("waiting", sums.waiting),
        ] {
            let labels = [("figure", figure), ("currency", word.as_str())];
            text.sample(name, &labels, plain(sum, *currency));
        }
    }
    let name = "crp_recon_difference";
    text.metric(
        name,
        "Sum of the absolute differences of what is open, in units of the currency.",
    );
    for (severity, sums) in &bulletin.figures.amounts {
        for (currency, sum) in sums {
            let word = currency.to_string();
            let labels = [("severity", severity.word()), ("currency", word.as_str())];
            text.sample(name, &labels, plain(*sum, *currency));
        }
    }
    let name = "crp_recon_balance_residual";
    text.metric(name, "What is in no place of the balance or in two: 0.");
    for (provider, currency, sum) in &bulletin.residuals {
        let word = currency.to_string();
        let labels = [("provider", provider.as_str()), ("currency", word.as_str())];
        text.sample(name, &labels, plain(*sum, *currency));
    }
}

fn feeds(text: &mut Text, bulletin: &Bulletin) {
    let name = "crp_recon_feed_covered_until_timestamp_seconds";
    text.metric(name, "The last day that a feed tells of.");
    for ((kind, owner), reach) in &bulletin.feeds {
        if let Some(day) = reach.covered_until {
            let labels = [("feed", kind.word()), ("name", owner.as_str())];
            text.sample(name, &labels, midnight(day));
        }
    }
    let name = "crp_recon_feed_silent";
    text.metric(
        name,
        "1 for a feed of which nothing came for longer than is allowed, or ever.",
    );
    for ((kind, owner), reach) in &bulletin.feeds {
        let labels = [("feed", kind.word()), ("name", owner.as_str())];
        text.sample(name, &labels, u8::from(reach.is_silent));
    }
}

fn midnight(day: NaiveDate) -> i64 {
    day.and_time(NaiveTime::MIN).and_utc().timestamp()
}

fn sources(text: &mut Text, night: &NightFacts) {
    let name = "crp_recon_source_last_success_timestamp_seconds";
    text.metric(name, "When a source was last fetched as a whole.");
    for (source, at) in &night.sources {
        text.sample(name, &[("source", source)], at);
    }
    let name = "crp_recon_source_failed";
    text.metric(
        name,
        "1 for a source that this night could not fetch as a whole.",
    );
    let names: BTreeSet<&str> = night
        .bulletin
        .unfetched
        .iter()
        .map(|one| one.source.as_str())
        .collect();
    for source in names {
        text.sample(name, &[("source", source)], 1);
    }
}

fn plain(amount: Amount, currency: Currency) -> String {
    amount.display(currency).to_string()
}

/// The text of a run that failed: what is said of it, and what an earlier text says of the last
/// night that was recorded.
pub fn of_failure(run: RunFacts, earlier: &str) -> String {
    let mut text = Text::default();
    of_run(&mut text, run);
    let about_runs = |line: &str| {
        let rest = line
            .strip_prefix("# HELP ")
            .or_else(|| line.strip_prefix("# TYPE "));
        let name = rest
            .unwrap_or(line)
            .split([' ', '{'])
            .next()
            .unwrap_or_default();
        [RUN_ENDED, RUN_EXIT, RUN_DURATION].contains(&name)
    };
    for line in earlier.lines().filter(|line| !about_runs(line)) {
        text.0.push_str(line);
        text.0.push('\n');
    }
    text.0
}

/// Replaces the file as a whole.
///
/// # Errors
/// When its folder cannot be written to.
pub fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // The collector is another user; what it may read is left to the process's mask.
    let mut file = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|refused| refused.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn night() -> NightFacts {
        NightFacts {
            bulletin: Bulletin::of(&sample::report_data()),
            sources: vec![("my \"bank\"".to_owned(), 1_763_600_000)],
            posts_waiting: 2,
        }
    }

    const RUN: RunFacts = RunFacts {
        ended_at: 1_763_700_000,
        duration_ms: 61_007,
        exit: 3,
    };

    #[test]
    fn the_text_of_a_night() {
        insta::assert_snapshot!(of_night(RUN, &night()));
    }

    #[test]
    fn a_failed_run_leaves_the_figures_of_the_last_night() {
        let failed = RunFacts {
            ended_at: 1_763_800_000,
            duration_ms: 5,
            exit: 1,
        };
        let text = of_failure(failed, &of_night(RUN, &night()));
        assert_eq!(text.matches("crp_recon_last_run_exit_code 1").count(), 1);
        assert!(!text.contains("crp_recon_last_run_exit_code 3"));
        assert!(text.contains("crp_recon_last_success_timestamp_seconds 1763700000"));
        assert!(text.contains("crp_recon_discrepancies{code=\"AMOUNT_MISMATCH\""));
        let again = of_failure(failed, &text);
        assert_eq!(again.lines().count(), text.lines().count());
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("var/crp_recon.prom");
        write(&path, "a 1\n").unwrap();
        write(&path, "b 2\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "b 2\n");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
