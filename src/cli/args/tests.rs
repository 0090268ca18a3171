use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::parse_checked(std::iter::once("crp-recon").chain(line.split_whitespace()))
}

fn refused(line: &str) -> String {
    let error = parse(line).expect_err(line);
    assert_eq!(error.exit_code(), 2, "{line}");
    error.to_string()
}

fn run(line: &str) -> RunArgs {
    let command = parse(line).unwrap().command;
    let Command::Run(run) = command else {
        panic!("{command:?}")
    };
    run
}

#[test]
fn the_definition_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn every_line_of_the_contract_is_understood() {
    for line in [
        "init",
        "init somewhere",
        "--config a.toml -vv --log-format json check",
        "check --config a.toml -q",
        "run",
        "run --as-of 2026-11-20 --from 2026-10-01 --to 2026-10-31 --provider oney \
         --provider payone --full --record --mail --report-dir out --strict --json",
        "run --no-mail",
        "ingest",
        "ingest a.csv b.xml --kind bank-statement --as-of 2026-11-20 --dry-run --json",
        "report",
        "report --run 17 --format csv --format xlsx --report-dir out",
        "report --from 2026-10-01 --to 2026-10-31",
        "discrepancies --state new --code CARRY_OVER --provider oney --min-age 8 --json",
        "discrepancies --min-age -3 --code carry_over",
        "accept 3f0c2a9b17de 000000000000 --reason agreed --user anna",
        "note 3f0c2a9b17de asked",
        "assign 3F0C2A9B17DE anna --user bernd",
        "reopen 3f0c2a9b17de",
        "show WEB-1042 --json",
        "runs --json",
        "audit verify",
        "audit verify --reports reports --has \
         e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "describe",
        "verify",
        "verify --all",
        "verify 3f0c2a9b17de 000000000000",
        "provider confirm WEB-1 --reason shipped",
        "provider cancel WEB-1 --amount 30.00 --reason returned --yes --user anna",
        "provider capture WEB-1 --amount 0 --reason expired --provider payone",
        "provider refund WEB-1 --amount 5 --reason returned --repeat 3",
        "provider deliver WEB-1 --reason shipped --yes",
        "export fec --from 2026-10-01 --to 2026-10-31",
        "export fec --from 2026-10-01 --to 2026-10-31 --provider oney --provider oney-es",
        "export datev --from 2026-10-01 --to 2026-10-31 --company Beispiel",
        "export beancount --from 2026-10-01 --to 2026-10-31 --out october.beancount",
        "completions bash",
    ] {
        if let Err(error) = parse(line) {
            panic!("{line}: {error}");
        }
    }
}

#[test]
fn commands_of_later_versions_are_not_offered() {
    assert!(refused("close").contains("unrecognized subcommand"));
}

#[test]
fn an_action_at_a_provider_needs_an_order_and_a_reason() {
    assert!(refused("provider").contains("confirm"));
    assert!(refused("provider confirm --reason x").contains("<ORDER>"));
    assert!(refused("provider cancel WEB-1 --yes").contains("--reason"));
    assert!(refused("provider ship WEB-1 --reason x").contains("unrecognized subcommand"));
    assert!(refused("verify --all 3f0c2a9b17de").contains("cannot be used with"));
}

#[test]
fn a_range_has_two_ends_in_their_order() {
    assert!(refused("run --from 2026-10-01").contains("--to"));
    assert!(refused("report --to 2026-10-01").contains("--from"));
    let error = refused("run --from 2026-10-31 --to 2026-10-01");
    assert!(
        error.contains("ends on 2026-10-01, before it begins on 2026-10-31"),
        "{error}"
    );
    let one_day = run("run --from 2026-10-01 --to 2026-10-01").range.days();
    assert!(one_day.is_some_and(|(from, to)| from == to));
    assert!(refused("report --run 1 --from 2026-10-01 --to 2026-10-31").contains("--run"));
}

#[test]
fn a_range_records_only_when_it_is_asked_to() {
    let range = "run --from 2026-10-01 --to 2026-10-31";
    assert!(run("run").records());
    assert!(!run(range).records());
    assert!(run(&format!("{range} --record")).records());
    assert!(run(&format!("{range} --mail")).records());
    assert!(refused("run --mail --no-mail").contains("cannot be used with"));
}

#[test]
fn a_day_that_does_not_exist_is_refused_with_an_example() {
    for day in ["2026-02-30", "20.11.2026", "today", "2026-1-1"] {
        let error = refused(&format!("run --as-of {day}"));
        assert!(error.contains("such as 2026-11-20"), "{error}");
    }
}

#[test]
fn ids_codes_and_reasons_are_checked() {
    assert!(refused("accept 3f0c2a9b17de").contains("--reason"));
    assert!(refused("accept --reason agreed").contains("<ID>"));
    assert!(refused("reopen 3f0c").contains("12 hex digits"));
    assert!(refused("discrepancies --code CARY_OVER").contains("CARRY_OVER"));
    assert!(refused("ingest --kind orders").contains("FILE"));
    assert!(refused("ingest --kind payone a.csv").contains("bank-statement"));
    assert!(refused("-v -q runs").contains("cannot be used with"));
    let blank = ["crp-recon", "note", "3f0c2a9b17de", "  "];
    assert_eq!(Cli::parse_checked(blank).unwrap_err().exit_code(), 2);
}

#[test]
fn the_configuration_is_recon_toml_unless_named() {
    // Whoever runs the tests may have the variable set.
    let expected = std::env::var_os("CRP_RECON_CONFIG").unwrap_or("recon.toml".into());
    assert_eq!(parse("runs").unwrap().config, PathBuf::from(expected));
    assert_eq!(
        parse("runs --config a.toml").unwrap().config,
        PathBuf::from("a.toml")
    );
}
