//! One contract, two databases: whatever a company does, it gets the same bytes on SQLite and on
//! PostgreSQL ([`databases`](crate::databases)).

use std::thread::sleep;
use std::time::Duration;

use crate::company::{CONFIG, Company};
use crate::crash;
use crate::databases::{PostgresDatabase, on_both};
use crate::mail;
use crate::story::{self, NIGHTS};

#[test]
fn five_nights_are_the_same_bytes_on_every_database() {
    let expected = story::play(&Company::new());
    on_both(|contract| {
        let nights = story::play(&contract.company);
        story::assert_same_nights(&expected, &nights, "on another database");
        let day = NIGHTS[4];
        contract.company.run(day, &["--full"]).done();
        let again = contract.company.report(day).bytes();
        crate::report::assert_same(&expected[4], &again, "in full");
    });
}

#[test]
fn mail_waits_and_leaves_once_on_every_database() {
    on_both(|contract| {
        let company = &contract.company;
        company.put("recon.toml", format!("{CONFIG}{}", mail::FOLDER));
        company.put("outbox", "a file where a folder belongs");
        story::deliver(company, 0);
        let night = |more: &[&str]| company.call(&[&["run", "--as-of", NIGHTS[0]], more].concat());
        night(&[]).exits(5);
        std::fs::rename(company.path("outbox"), company.path("moved away")).unwrap();
        let sent = || std::fs::read_dir(company.path("outbox")).unwrap().count();
        for more in [&[][..], &[], &["--mail"], &["--full"]] {
            night(more).done();
            assert_eq!(sent(), 1, "{more:?}");
        }
        company.call(&["run", "--as-of", NIGHTS[1]]).done();
        assert_eq!(sent(), 2);
    });
}

#[test]
fn a_database_of_a_newer_version_is_refused_with_a_sentence() {
    on_both(|contract| {
        let company = &contract.company;
        story::deliver(company, 0);
        let before = company.night(NIGHTS[0]).bytes();
        contract.execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 9999, 'of a later version', success, checksum, 0 FROM _sqlx_migrations
             WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
        );
        let refused = company.run(NIGHTS[1], &[]).exits(1);
        assert!(refused.stderr.contains("newer version"), "{refused}");
        assert!(refused.stderr.contains("9999"), "{refused}");
        assert!(!company.path("reports").join(NIGHTS[1]).exists());
        contract.execute("DELETE FROM _sqlx_migrations WHERE version = 9999");
        crate::report::assert_same(&before, &company.night(NIGHTS[0]).bytes(), "untouched");
    });
}

#[test]
fn a_database_without_any_table_is_brought_up_to_date_on_start() {
    on_both(|contract| {
        // Any change makes the SQLite file; neither database has a table of ours then.
        contract.execute("CREATE TABLE somebody_elses (id BIGINT)");
        story::deliver(&contract.company, 0);
        contract.company.night(NIGHTS[0]).is_sound();
    });
}

#[test]
fn a_migration_that_was_changed_is_refused_with_a_sentence() {
    on_both(|contract| {
        story::deliver(&contract.company, 0);
        contract.company.night(NIGHTS[0]);
        let other = match contract.server {
            Some(_) => "'\\x00'::bytea",
            None => "x'00'",
        };
        contract.execute(&format!("UPDATE _sqlx_migrations SET checksum = {other}"));
        let refused = contract.company.run(NIGHTS[1], &[]).exits(1);
        assert!(refused.stderr.contains("database"), "{refused}");
        assert!(!refused.stderr.contains("Error {"), "{refused}");
    });
}

#[test]
fn a_run_that_is_killed_leaves_no_trace_on_postgresql_either() {
    let company = Company::new();
    crash::before_the_night(&company);
    let (expected, _) = crash::undisturbed(&company.copy());
    let Some(timing) = PostgresDatabase::create() else {
        return;
    };
    let company = Company::new().on(&timing.url);
    crash::before_the_night(&company);
    let (on_postgres, run) = crash::undisturbed(&company);
    crate::report::assert_same(&expected, &on_postgres, "on another database");
    let Some(server) = PostgresDatabase::create() else {
        return;
    };
    let company = Company::new().on(&server.url);
    crash::before_the_night(&company);
    for delay in crash::delays(run, 8) {
        crash::kill_after(&company, delay);
        wait_for_the_lock(&company);
    }
    crash::the_next_run_does_the_night(&company, &expected, "killed eight times");
}

/// The server notices after a moment that a killed run has gone, and frees its lock. A look is the
/// question that changes nothing.
fn wait_for_the_lock(company: &Company) {
    let range = ["--from", "2026-01-01", "--to", "2026-01-01"];
    let words = [&["report", "--report-dir", "looked"][..], &range].concat();
    for _ in 0..100 {
        if company.call(&words).code != 75 {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("the lock of a killed run is held for ten seconds");
}
