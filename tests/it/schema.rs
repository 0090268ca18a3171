//! Documents of the program as a library of JSON Schema sees them.

use std::fs;
use std::process::Command;

use crate::company::{AS_OF, Company};
use crate::story::{self, NIGHTS};
use crate::{samples, skipped};

/// Asserts that a document is what a schema of `docs` says, where a validator is there.
pub(crate) fn is_valid(schema: &str, document: &str) {
    let script = "import sys,json,jsonschema\n\
                  schema = json.load(open(sys.argv[1]))\n\
                  jsonschema.validators.validator_for(schema).check_schema(schema)\n\
                  jsonschema.validate(json.loads(sys.argv[2]), schema)";
    #[expect(
        clippy::disallowed_methods,
        reason = "the interpreter is named by the environment of the tests"
    )]
    let python = std::env::var("CRP_RECON_MOTO_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/");
    let output = Command::new(python)
        .args(["-c", script, &format!("{docs}{schema}"), document])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("No module named") {
        skipped(&format!(
            "nothing was compared with {schema}: install jsonschema with pip"
        ));
        return;
    }
    assert!(output.status.success(), "{schema}: {said}");
}

/// Compares the summary of a report with its schema.
fn summary_is_valid(company: &Company, report: &str) {
    let path = company.path("reports").join(report).join("summary.json");
    is_valid("summary.schema.json", &fs::read_to_string(path).unwrap());
}

#[test]
fn the_summary_of_every_night_and_of_a_range_is_what_its_schema_says() {
    let company = Company::new();
    for (number, day) in NIGHTS.iter().enumerate() {
        story::deliver(&company, number);
        company.night(day);
        summary_is_valid(&company, day);
    }
    let samples = samples::company_with(str::to_owned);
    samples.run(AS_OF, &[]).exits(3);
    summary_is_valid(&samples, AS_OF);
    let range = ["--from", "2026-11-01", "--to", "2026-11-10"];
    samples.run(AS_OF, &range).done();
    summary_is_valid(&samples, "2026-11-01_2026-11-10_asof-2026-11-20");
}
