//! What only this room can see: that the words which reports write are those which are read back.

use crate::domain::decision::Action;
use crate::domain::discrepancy::State;
use crate::domain::language::Language;
use crate::ingest::decisions::{asked, column_names, state};
use crate::ingest::words::comparable;
use crate::report::language::{Kind, Texts};

#[test]
fn every_word_that_a_workbook_offers_is_understood() {
    for (_, language) in Language::WORDS {
        let texts = Texts::of(language);
        for (key, action) in [
            ("xlsx-decision-accept", Action::Accept),
            ("xlsx-decision-reopen", Action::Reopen),
            ("xlsx-decision-note", Action::Note),
            ("xlsx-decision-assign", Action::Assign),
        ] {
            let word = texts.text(key);
            assert_eq!(
                asked(&word).map(|asked| asked.action),
                Some(action),
                "{word}"
            );
        }
    }
}

#[test]
fn the_titles_of_columns_and_states_in_every_language_are_known() {
    for (_, language) in Language::WORDS {
        let texts = Texts::of(language);
        for column in [
            "id",
            "code",
            "state",
            "currency",
            "expected",
            "actual",
            "event_date",
            "age_days",
            "assignee",
            "note",
            "explanation",
        ] {
            let title = texts.title(Kind::Column, column);
            assert!(
                column_names(column).contains(&comparable(&title)),
                "{title} is not known as {column}"
            );
        }
        for (key, column) in [
            ("xlsx-decision-title", "decision"),
            ("xlsx-reason-title", "reason"),
        ] {
            let title = texts.text(key);
            assert!(
                column_names(column).contains(&comparable(&title)),
                "{title} is not known as {column}"
            );
        }
        for known in State::ALL {
            let title = texts.title(Kind::State, known.word());
            assert_eq!(state(&title), Some(known), "{title}");
        }
    }
}
