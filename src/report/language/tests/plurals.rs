//! Plurals by the rules of each language (CLDR), tried on messages of their own, so that every
//! category is seen whatever the program's texts need.

use super::*;

const MESSAGES: &str = "
rows = { $count ->
    [one] { $count } one
   *[other] { $count } other
}
known = { $name ->
    [0] nobody
   *[other] { $name }
}
";

fn written(language: Language, count: u64) -> String {
    let texts = Texts::of(language);
    let mut own = read(language).bundle;
    own.add_resource(FluentResource::try_new(MESSAGES.to_owned()).unwrap())
        .unwrap();
    let mut arguments = FluentArgs::new();
    arguments.set("count", texts.argument(Value::Count(count)));
    let pattern = own.get_message("rows").unwrap().value().unwrap();
    let text = own.format_pattern(pattern, Some(&arguments), &mut Vec::new());
    text.into_owned()
}

#[test]
fn only_one_is_singular_in_english_and_german() {
    for language in [Language::English, Language::German] {
        let all = [0, 1, 2, 21, 101].map(|count| written(language, count));
        let expected = ["0 other", "1 one", "2 other", "21 other", "101 other"];
        assert_eq!(all, expected);
    }
}

#[test]
fn nothing_is_singular_too_in_french() {
    let all = [0, 1, 2, 21, 101].map(|count| written(Language::French, count));
    assert_eq!(all, ["0 one", "1 one", "2 other", "21 other", "101 other"]);
}

#[test]
fn a_count_is_written_in_the_notation_of_its_language() {
    let all = ALL.map(|language| written(language, 1_234_567));
    assert_eq!(
        all,
        [
            "1 234 567 other",
            "1\u{202f}234\u{202f}567 other",
            "1.234.567 other"
        ]
    );
}
