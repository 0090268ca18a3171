//! The page of the report in a browser: what it shows is what the other files say, and searching,
//! sorting and filtering do what they say.

mod browser;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use crp_recon::domain::discrepancy::{Code, Discrepancy, ReportedDiscrepancy, Source, State};
use crp_recon::domain::found::FoundList;
use crp_recon::domain::outcome::{ReportData, ReportScope};
use crp_recon::domain::{Amount, Currency};
use crp_recon::report::language::Language;
use crp_recon::report::{Format, ReportOptions, ReportWriter};
use serde_json::{Value, json};

use crate::company::AS_OF;
use crate::report::{Report, Row};
use browser::Browser;

const PROBE: &str = include_str!("probe.js");

/// The probe, looking for a code, a text and an id.
fn probe(code: &str, text: &str, id: &str) -> String {
    [("CODE", code), ("TEXT", text), ("ID", id)]
        .iter()
        .fold(PROBE.to_owned(), |script, (name, value)| {
            script.replace(&format!("WANTED_{name}"), &format!("{value:?}"))
        })
}

fn ids<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Vec<Value> {
    rows.into_iter().map(|row| json!(row["id"])).collect()
}

/// The samples' report with its page.
fn samples() -> (crate::company::Company, Report, PathBuf) {
    let company = crate::samples::company_with(|config| {
        config.replace("[\"csv\", \"json\"]", "[\"csv\", \"json\", \"html\"]")
    });
    company.run(AS_OF, &[]).exits(3);
    let page = company.path("reports").join(AS_OF).join("report.html");
    assert!(page.is_file());
    let report = company.report(AS_OF);
    (company, report, page)
}

#[test]
fn the_page_of_the_samples_shows_what_the_other_files_say() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let (_company, report, page) = samples();
    let rows = report.table("discrepancies");
    // As it is delivered, with its policy: its own script runs, and nothing is complained of.
    let loaded = browser.load(&page, &[]);
    assert_eq!(loaded.console, Vec::<String>::new());
    let all = rows.len();
    assert!(loaded.html.contains(&format!("{all} of {all} shown")));

    let last = rows.last().unwrap();
    let script = probe("FUNDING_NOT_REPORTED", "web-1017", &last["id"]);
    let said = browser.probe(&page, &script, &[]);

    // The most urgent first, under each what it explains; how, `urgent` says again in its own words.
    let (urgent, below) = urgent(&rows);
    assert_eq!(said["before"], json!(urgent));
    assert_eq!(said["below"], json!(below));
    assert_eq!(said["as_before"], said["before"]);
    assert_eq!(said["said"], "ascending");
    let difference = |row: &&Row| row["difference"].parse::<rust_decimal::Decimal>().ok();
    let (mut known, unknown): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| difference(row).is_some());
    let place = |row: &&Row| urgent.iter().position(|id| *id == json!(row["id"]));
    known.sort_by_key(|row| (difference(row), place(row)));
    let mut unknown = unknown;
    unknown.sort_by_key(place);
    let sorted: Vec<Value> = ids(known.iter().chain(&unknown).copied());
    assert_eq!(said["ascending"], json!(sorted));
    let first = known.last().unwrap();
    assert_eq!(said["descending"][0], json!(first["id"]));
    let by_id: BTreeMap<&str, &Row> = rows.iter().map(|row| (row["id"].as_str(), row)).collect();
    let chosen = |wanted: &dyn Fn(&Row) -> bool| -> Vec<Value> {
        let is_wanted = |id: &&Value| wanted(by_id[id.as_str().unwrap()]);
        urgent.iter().filter(is_wanted).cloned().collect()
    };
    let of_code = chosen(&|row| row["code"] == "FUNDING_NOT_REPORTED");
    assert_eq!(said["of_code"], json!(of_code));
    let of_order = chosen(&|row| row["order_reference"] == "WEB-1017");
    assert_eq!(said["searched"], json!(of_order));
    let payout = said["found"][0].as_str().unwrap();
    let of_payout = chosen(&|row| row.values().any(|text| text.contains(payout)));
    assert_eq!(said["found"][1], json!(of_payout));

    // The last row, opened: all its sources.
    assert_eq!(said["opened"], true);
    assert_eq!(said["focused"], "SUMMARY");
    let detail = said["detail"].as_str().unwrap();
    for source in last["sources"].split(';') {
        let file = source.rsplit_once(':').map_or(source, |(file, _)| file);
        assert!(detail.contains(file), "{source} is not in {detail}");
    }
    same_figures(&report, &said);
}

/// The ids in the order in which people look at them, and those that stand below the one that explains
/// them: by state, severity, net and age of the root.
fn urgent(rows: &[Row]) -> (Vec<Value>, Vec<Value>) {
    let place = rows.iter().enumerate();
    let place: BTreeMap<&str, usize> = place.map(|(at, row)| (row["id"].as_str(), at)).collect();
    let cause = |at: usize| place.get(rows[at]["cause"].as_str()).copied();
    let over = |at: usize| match rows[at]["state"].as_str() {
        "accepted" => 1,
        "resolved" => 2,
        _ => 0,
    };
    let root = |at: usize| {
        std::iter::successors(Some(at), |at| cause(*at))
            .last()
            .unwrap()
    };
    let exposure = |at: usize| {
        let text = rows[at]["exposure"].as_str();
        rust_decimal::Decimal::from_str_exact(if text.is_empty() || over(at) > 0 {
            "0"
        } else {
            text
        })
        .unwrap()
    };
    // Of all that hangs on a root, what is still to do and what it comes to.
    let key = |at: usize, with: &[usize]| {
        let net: rust_decimal::Decimal = with.iter().map(|at| exposure(*at)).sum();
        let over = with.iter().map(|at| over(*at)).min();
        let severity = ["error", "warning", "info"]
            .iter()
            .position(|word| rows[at]["severity"] == *word);
        let age: i64 = rows[at]["age_days"].parse().unwrap();
        (over, severity, std::cmp::Reverse(net.abs()), -age, at)
    };
    let group =
        |at: usize| -> Vec<usize> { (0..rows.len()).filter(|one| root(*one) == at).collect() };
    let mut order = Vec::new();
    let mut below = Vec::new();
    let mut roots: Vec<usize> = (0..rows.len()).filter(|at| cause(*at).is_none()).collect();
    roots.sort_by_key(|at| key(*at, &group(*at)));
    for root in roots {
        order.push(json!(rows[root]["id"]));
        let mut explained: Vec<usize> = (0..rows.len())
            .filter(|at| cause(*at) == Some(root))
            .collect();
        explained.sort_by_key(|at| key(*at, &[*at]));
        for at in explained {
            assert!(
                (0..rows.len()).all(|other| cause(other) != Some(at)),
                "the samples have no longer chain"
            );
            order.push(json!(rows[at]["id"]));
            below.push(json!(rows[at]["id"]));
        }
    }
    (order, below)
}

/// The figures of the page are those of `summary.json`.
fn same_figures(report: &Report, said: &Value) {
    let summary: Value = serde_json::from_slice(&report.bytes()["summary.json"]).unwrap();
    let mut counts = BTreeMap::new();
    for (code, states) in summary["counts"].as_object().unwrap() {
        let states = states.as_object().unwrap().values();
        let count: u64 = states.map(|count| count.as_u64().unwrap()).sum();
        counts.insert(code.clone(), count.to_string());
    }
    let shown = said["counts"].as_array().unwrap().iter();
    let text = |row: &Value, at: usize| row[at].as_str().unwrap().to_owned();
    let shown: BTreeMap<String, String> = shown.map(|row| (text(row, 0), text(row, 1))).collect();
    assert_eq!(shown, counts);
    let mut exposure = BTreeSet::new();
    for (currency, sums) in summary["exposure"].as_object().unwrap() {
        for (name, sum) in sums.as_object().unwrap() {
            let sum = sum.as_str().unwrap();
            if sum.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
                exposure.insert((name.clone(), currency.clone(), sum.to_owned()));
            }
        }
    }
    let shown = said["exposure"].as_array().unwrap().iter();
    let shown: BTreeSet<_> = shown
        .map(|row| (text(row, 0), text(row, 1), text(row, 2)))
        .collect();
    assert_eq!(shown, exposure);
    let ageing = said["ageing"].as_array().unwrap();
    assert_eq!(ageing.len(), summary["ageing"].as_object().unwrap().len());
    for bucket in ageing {
        let word = bucket[0].as_str().unwrap();
        assert_eq!(bucket[1], summary["ageing"][word].to_string(), "{word}");
    }
    let residuals = report
        .table("balance")
        .into_iter()
        .map(|row| json!([row["provider"], row["currency"], row["residual"]]));
    assert_eq!(said["residuals"], json!(residuals.collect::<Vec<_>>()));
}

#[test]
fn the_page_can_be_read_in_both_modes_with_labels_headings_and_headers() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let (_company, report, page) = samples();
    let rows = report.table("discrepancies");
    let script = probe("CARRY_OVER", "oney", &rows[0]["id"]);
    for (dark, options) in [
        (false, &[][..]),
        (true, &["--blink-settings=preferredColorScheme=0"][..]),
    ] {
        let said = browser.probe(&page, &script, options);
        assert_eq!(said["dark"], dark, "the browser takes the mode");
        let contrast = said["contrast_percent"].as_u64().unwrap();
        assert!(
            contrast >= 450,
            "{contrast} % at {}",
            said["contrast_where"]
        );
        assert_eq!(said["unlabelled"], 0);
        assert_eq!(said["unscoped"], 0);
        assert_eq!(said["headings"], 1);
    }
}

#[test]
fn the_discrepancies_begin_on_the_second_screen_of_a_desk_and_the_third_of_a_phone() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let (_company, _report, page) = samples();
    let top = "root.querySelector('#discrepancies').getBoundingClientRect().top";
    for (width, begins) in [(1_440, 1_800.0), (390, 3.0 * 844.0)] {
        let said = browser.framed(&page, (width, true), top);
        assert!(said.as_f64().unwrap() < begins, "{said} at {width} pixels");
    }
}

#[test]
fn the_page_fits_a_phone() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let (_company, _report, page) = samples();
    let said = browser.framed(&page, (390, true), "[root.clientWidth, root.scrollWidth]");
    let width = said[0].as_u64().unwrap();
    assert!((360..=390).contains(&width), "{said}");
    assert_eq!(said[1], said[0], "nothing is wider than the screen");
}

fn found(number: u32, reference: String) -> ReportedDiscrepancy {
    let key = vec!["oney".to_owned(), reference.clone()];
    let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
    let mut found = Discrepancy::new(Code::AmountMismatch, key, day);
    "oney".clone_into(&mut found.provider);
    found.order_reference = reference;
    found.currency = Some(Currency::EUR);
    found.expected = Some(Amount::from_minor(20_000));
    found.actual = Some(Amount::from_minor(i64::from(number)));
    found.sources = (1..4)
        .map(|line| Source {
            file: format!("crp_fr_v3_2611{line:02}_{number}.csv"),
            line,
        })
        .collect();
    ReportedDiscrepancy {
        id: found.id(),
        discrepancy: found,
        state: State::New,
        first_seen: Some(day),
        assignee: String::new(),
        note: String::new(),
    }
}

/// A page of these discrepancies.
fn page_of(discrepancies: FoundList) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let scope = ReportScope {
        as_of: AS_OF.parse().unwrap(),
        range: None,
    };
    let options = ReportOptions {
        directory: folder.path().to_owned(),
        formats: vec![Format::Html],
        wording: Language::English.into(),
    };
    let data = ReportData {
        unfetched: Vec::new(),
        scope,
        discrepancies,
        payouts: Vec::new(),
        balance: Vec::new(),
        inputs: Vec::new(),
        rejected: Vec::new(),
        coverage: Vec::new(),
        causes: crp_recon::domain::cause::Causes::default(),
        exit: 0,
        basis: crp_recon::domain::outcome::Basis::default(),
    };
    let writer = ReportWriter::create(&options, &scope).unwrap();
    let page = writer.finish(&data).unwrap().folder.join("report.html");
    (folder, page)
}

#[test]
fn twenty_thousand_rows_stay_usable() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let all: FoundList = (0..20_000)
        .map(|number| found(number, format!("WEB-{number:05}")))
        .collect();
    let last = all.iter().last().unwrap().id;
    let (_folder, page) = page_of(all);
    let bytes = std::fs::metadata(&page).unwrap().len();
    assert!(bytes <= 6_000_000, "{bytes}");
    let said = browser.probe(&page, &probe("AMOUNT_MISMATCH", "web-19999", &last), &[]);
    assert_eq!(said["before"].as_array().unwrap().len(), 100);
    assert_eq!(said["searched"], json!([last]));
    assert_eq!(said["opened"], true);
    assert!(
        said["elements"].as_u64().unwrap() < 10_000,
        "{}",
        said["elements"]
    );
}

#[test]
fn without_a_script_the_first_rows_are_there_and_nothing_that_needs_one() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let all: FoundList = (0..1_000)
        .map(|number| found(number, format!("WEB-{number:05}")))
        .collect();
    let (_folder, page) = page_of(all);
    let seen = "(function () {
        var seen = function (selector) {
            return [].filter.call(root.querySelectorAll(selector), function (element) {
                return element.getClientRects().length > 0;
            }).length;
        };
        return [seen('tr[id^=d-]'), seen('#discrepancies summary'), seen('input, select, button'), seen('.rest')];
    })()";
    let without = browser.framed(&page, (1_440, false), seen);
    assert_eq!(without, json!([500, 500, 0, 1]));
    let with = browser.framed(&page, (1_440, true), seen);
    assert_eq!(with[0], 100);
    assert_ne!(with[2], 0);
    assert_eq!(with[3], 0);
}

#[test]
fn the_script_draws_rows_as_they_are_without_it() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let (_company, _report, page) = samples();
    let rows = "[].map.call(root.querySelectorAll('.rows tbody'), function (body) {
        return [].slice.call(body.children, 0, 200).map(function (tr) { return tr.outerHTML; }).join('');
    })";
    let with = browser.framed(&page, (1_440, true), rows);
    let without = browser.framed(&page, (1_440, false), rows);
    assert!(with.as_array().unwrap().len() > 3);
    assert_eq!(with, without);
}

#[test]
fn values_from_files_run_nothing_and_turn_nothing_around() {
    let Some(browser) = Browser::find() else {
        return;
    };
    let hostile = [
        "<script>document.title='run'</script>",
        "\"><img src=x onerror=\"document.title='run'\">",
        "</noscript><script>document.title='run'</script>",
        "=HYPERLINK(\"http://example.com\")",
        "Παραγγελία 7",
        "طلب 1234",
        "line\nbreak\ttab\u{202e}turned",
    ];
    // Once in the rows that every browser lays out, once in those behind.
    let all: FoundList = (0..400_u32)
        .map(|number| {
            let name = hostile[usize::try_from(number).unwrap() % hostile.len()];
            found(number, format!("{name} {number}"))
        })
        .collect();
    let last = all.iter().last().unwrap().id;
    let (_folder, page) = page_of(all);
    let loaded = browser.load(&page, &[]);
    assert_eq!(loaded.console, Vec::<String>::new());
    assert!(!loaded.html.contains("<title>run"));
    // Without the policy escaping alone must do.
    let script = probe("AMOUNT_MISMATCH", "παραγγελια", &last).replace(
        "answer.id = 'probe';",
        "answer.id = 'probe'; out.title = document.title; out.images = document.images.length;",
    );
    let said = browser.probe(&page, &script, &[]);
    assert_ne!(said["title"], "run");
    assert_eq!(said["images"], 0);
    assert_eq!(said["before"].as_array().unwrap().len(), 100);
    assert_eq!(
        said["searched"].as_array().unwrap().len(),
        // 4, 11, … 396 of 400.
        57,
        "accents do not matter"
    );
}
