use super::*;
use crate::domain::discrepancy::Code;
use crate::domain::found::FoundList;
use crate::domain::outcome::OrderState;
use crate::domain::{Amount, Currency};
use crate::report::language::Language;
use crate::report::sample;

const ALL: [Language; 3] = [Language::English, Language::French, Language::German];

/// The page of a report, with one open order.
fn page_in(language: Language, data: &ReportData) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut renderer = HtmlRenderer::new(folder.path(), Texts::of(language));
    renderer.begin(&views::orders::TABLE).unwrap();
    let mut order = sample::order_row();
    for state in [OrderState::Open, OrderState::Pending, OrderState::Balanced] {
        order.state = state;
        renderer.row(&views::orders::cells(&order)).unwrap();
    }
    renderer.begin(&views::discrepancies::TABLE).unwrap();
    renderer.finish(data).unwrap();
    std::fs::read_to_string(folder.path().join(FILE_NAME)).unwrap()
}

fn page_of(data: &ReportData) -> String {
    page_in(Language::English, data)
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).expect(start);
    rest.split_once(end).expect(end).0
}

#[test]
fn the_first_screen_says_what_is_wrong_how_much_since_when_and_what_to_do() {
    let page = page_of(&sample::report_data());
    let headline = between(&page, "<h1>", "</h1>");
    // 20.00 EUR and 20.00 USD of two orders, 1 004.50 EUR of a payout.
    assert!(
        headline.ends_with(
            "Not known: statements of FR76…0185 since 2026-11-16, 3 files missing or refused; \
             4 512.20 EUR waits for it. Short 1 024.50 EUR, 20.00 USD. 3 new, 6 open."
        ),
        "{headline}"
    );
    let oldest = between(&page, "<p class=\"lead\">", "</p>");
    assert!(
        oldest.starts_with("The oldest (41 days): Payout not received T77."),
        "{oldest}"
    );
    let steps: Vec<&str> = between(&page, "<ol class=\"steps\">", "</ol>")
        .split("<li>")
        .skip(1)
        .collect();
    assert!(steps[0].contains("Fetch the statements of FR76…0185 since 2026-11-16"));
    assert!(steps[0].contains("1 item waits for it, 4 512.20 EUR"));
    let fetched = steps
        .iter()
        .any(|step| step.contains("Fetch report of Oney FR of 2026-11-19"));
    assert!(fetched, "{steps:?}");
    let missing = between(&page, "<ul class=\"files\">", "</ul>");
    assert!(missing.contains("crp_es_v3_261112_9.csv"), "{missing}");
    let besides = between(&page, "<p class=\"besides\">", "</p>");
    assert_eq!(
        besides,
        "Besides: 1 for information, 1 accepted, 1 resolved."
    );
    let book = between(&page, "<tr class=\"gap\">", "</tr>");
    assert!(book.contains("FR7630001007941234567890185") && book.contains("2026-11-13"));
    assert!(book.contains("1 × 4 512.20 EUR"), "{book}");
}

#[test]
fn what_a_root_explains_stands_below_it_and_says_by_what_it_is_explained() {
    let missing = sample::reported(sample::discrepancy(Code::ReportMissing));
    let effect = sample::reported(sample::discrepancy(Code::FundingNotReported));
    let mut data = sample::empty_report_data();
    let ids = [&effect, &missing].map(|one| one.discrepancy.identity());
    data.causes.explain(ids[0], ids[1]);
    data.discrepancies = [missing, effect].into_iter().collect();
    let page = page_of(&data);
    let root = between(&page, &format!("<tr id=\"d-{}\"", ids[1]), "</tr>");
    assert!(
        root.contains("explains 1 finding, net -200.00 EUR"),
        "{root}"
    );
    let below = between(
        &page,
        &format!("<tr id=\"d-{}\" class=\"u1\">", ids[0]),
        "</dl>",
    );
    assert!(below.contains("<dt>Cause</dt><dd><bdi>Report missing fr #17</bdi></dd>"));
}

#[test]
fn a_range_says_its_days_and_compares_with_no_night() {
    let mut data = sample::report_data();
    let night = page_of(&data);
    assert!(night.contains("since the night before"));
    data.scope.range = Some((sample::day("2026-11-01"), sample::day("2026-11-12")));
    let page = page_of(&data);
    assert!(page.contains("From 2026-11-01 to 2026-11-12, as of 2026-11-20"));
    assert!(!page.contains("night before"));
    assert!(between(&page, "<h1>", "</h1>").ends_with(" 6 open."));
}

#[test]
fn a_payout_opens_to_gross_refunds_fees_net_and_what_the_bank_booked() {
    let page = page_of(&sample::report_data());
    let open = between(&page, "<section id=\"payouts\"", "</section>");
    assert!(
        open.contains(
            "Gross 1 020.00 EUR, of which refunds -30.00 EUR; fees 15.50 EUR; net 1 004.50 EUR. \
             Bank: 1 000.00 EUR."
        ),
        "{open}"
    );
    assert!(open.contains("<bdi>Oney</bdi>"), "{open}");
    let done = between(&page, "<section id=\"payouts-done\"", "</section>");
    assert!(done.contains("No payout is in this report."));
}

#[test]
fn a_night_without_anything_says_so_everywhere() {
    let page = page_of(&sample::empty_report_data());
    assert!(
        between(&page, "<h1>", "</h1>")
            .ends_with("All is well: every book is complete and nothing is open.")
    );
    for sentence in [
        "There is nothing to do.",
        "There is no discrepancy.",
        "No payout is in this report.",
        "No file is in this report.",
        "Every row could be read.",
        "No provider has reported anything.",
        "1 other book that nothing waits for",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
    assert!(!page.contains("class=\"lead\""));
}

#[test]
fn every_language_has_its_page() {
    let page = |language| page_in(language, &sample::report_data());
    for (language, tag) in ALL.into_iter().zip(["en", "fr", "de"]) {
        let begin = format!("<html lang=\"{tag}\" dir=\"ltr\" ");
        assert!(page(language).contains(&begin), "{tag}");
    }
    let french = page(Language::French);
    let headline = between(&french, "<h1>", "</h1>");
    assert!(
        headline.ends_with("Il manque 1\u{202f}024,50 EUR, 20,00 USD. 3 nouveaux, 6 ouverts."),
        "{headline}"
    );
    let german = page(Language::German);
    assert!(german.contains("Rest 0,00 EUR"));
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let data = sample::report_data();
    assert_eq!(page_of(&data), page_of(&data));
}

#[test]
fn the_page_fetches_nothing() {
    let page = page_of(&sample::report_data());
    for outside in ["http://", "https://", "url(", "@import", "src=", "//cdn"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(
        page.contains(&format!("script-src &#39;{}", hash_of(SCRIPT)))
            || page.contains(&format!("script-src '{}", hash_of(SCRIPT)))
    );
    // What ends a style or a script early would leave the rest of it as text.
    assert!(!STYLE.contains("</") && !SCRIPT.contains("</script") && !SCRIPT.contains("<!--"));
}

#[test]
fn the_balance_shows_every_place_and_a_residual_of_nothing() {
    let page = page_of(&sample::report_data());
    let book = between(&page, "<article class=\"book\"", "</article>");
    assert!(book.contains("data-residual=\"0.00\""));
    for (label, amount) in [
        ("Gross", "1 020.00"),
        ("Commissions", "-15.50"),
        ("Net", "1 004.50"),
        ("Mismatched", "1 004.50"),
        ("Together", "1 004.50"),
        ("Residual", "0.00"),
    ] {
        let row = between(book, &format!("<th scope=\"row\">{label}</th>"), "</tr>");
        assert!(
            row.contains(&format!("<td class=\"n\">{amount}</td>")),
            "{row}"
        );
    }
}

#[test]
fn values_are_escaped_and_stay_on_the_line_of_their_row() {
    let mut found = sample::discrepancy(Code::AmountMismatch);
    found.order_reference = "<script>\n\"'&\u{202e}طلب".into();
    found.sources = vec![sample::source("</noscript>", 3)];
    let mut data = sample::empty_report_data();
    data.discrepancies = [sample::reported(found)].into_iter().collect();
    let page = page_of(&data);
    let rows: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("<tr id=\"d-"))
        .collect();
    let [row] = rows.as_slice() else {
        panic!("{rows:#?}");
    };
    assert!(row.ends_with("</details></td></tr>"));
    assert!(
        !row.contains("<script>") && !row.contains("</noscript>"),
        "{row}"
    );
    assert!(!row.contains('\u{202e}'));
}

#[test]
fn a_name_from_right_to_left_is_set_apart_in_its_sentence() {
    let sentence = crate::report::words::isolated("order طلب has 20.00 EUR", &["طلب", "WEB-1"]);
    assert_eq!(sentence, "order \u{2068}طلب\u{2069} has 20.00 EUR");
}

#[test]
fn the_first_rows_are_there_without_a_script_and_the_page_says_what_the_others_need() {
    let all = (0..=ROWS_AT_ONCE).map(|number| {
        let mut found = sample::discrepancy(Code::AmountMismatch);
        found.key = vec!["oney".into(), format!("{number:04}")];
        sample::reported(found)
    });
    let mut data = sample::empty_report_data();
    data.discrepancies = all.collect();
    let page = page_of(&data);
    assert_eq!(page.matches("<tr id=\"d-").count(), 500);
    let rest = between(&page, "<p class=\"cut rest\">", "</p>");
    assert_eq!(
        rest,
        "Without JavaScript the page shows the first 500 of 501; the others need it. \
         All are in discrepancies.csv."
    );
}

#[test]
fn a_table_that_is_cut_says_so_and_where_the_rest_is() {
    let mut data = sample::empty_report_data();
    data.inputs = (0..2_001)
        .map(|number| {
            sample::input(
                &format!("{number:04}.csv"),
                crate::domain::file::FileStatus::Accepted,
            )
        })
        .collect();
    let page = page_of(&data);
    assert!(page.contains("The page shows the first 2 000 of 2 001. All are in inputs.csv"));
    let inputs = between(&page, "<section id=\"inputs\"", "</section>");
    assert_eq!(inputs.matches("<tr><th scope=\"row\"").count(), 500);
}

#[test]
fn only_open_orders_have_rows_and_the_others_are_counted() {
    let page = page_of(&sample::empty_report_data());
    let orders = between(&page, "<section id=\"orders\"", "</section>");
    assert_eq!(orders.matches("<tr><th scope=\"row\"").count(), 1);
    assert!(orders.contains("Besides: 1 pending, for which it is too early, and 1 balanced;"));
}

#[test]
fn figures_of_many_currencies_stay_short() {
    let codes = ["CHF", "EUR", "GBP", "PLN", "SEK"];
    let all: FoundList = codes
        .iter()
        .map(|code| {
            let mut found = sample::discrepancy(Code::AmountMismatch);
            found.key = vec!["oney".into(), (*code).into()];
            found.currency = Currency::parse(code);
            found.expected = Some(Amount::ZERO);
            found.actual = Some(Amount::from_minor(100));
            sample::reported(found)
        })
        .collect();
    let mut data = sample::empty_report_data();
    data.discrepancies = all;
    let page = page_of(&data);
    let headline = between(&page, "<h1>", "</h1>");
    assert!(
        headline.contains("Over 1.00 CHF, 1.00 EUR, 1.00 GBP, and 2 more currencies."),
        "{headline}"
    );
}
