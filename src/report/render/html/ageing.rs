//! How old the money is: what is short and over by the age of its root, and how many are open.

use std::collections::BTreeMap;
use std::io;

use askama::Template;

use super::balance::{minor, scaled};
use crate::domain::{Amount, Currency};
use crate::report::figures::{AgeBucket, Exposure, Figures};
use crate::report::language::{Kind, Texts};
use crate::report::roots::Roots;
use crate::report::words::Words;

/// The length of the longest bar.
const LENGTH: u64 = 1_000;

#[derive(Template)]
#[template(path = "ageing.html")]
struct Chart<'a> {
    t: &'a Texts,
    /// The currency of the bars.
    currency: String,
    rows: Vec<Age>,
}

struct Age {
    word: &'static str,
    title: String,
    count: u64,
    count_text: String,
    short: Vec<String>,
    over: Vec<String>,
    short_bar: u64,
    over_bar: u64,
}

/// Draws it; bars are of the currency that most is at stake in.
pub(super) fn chart(words: Words<'_>, figures: &Figures, roots: &Roots) -> io::Result<String> {
    let all = |sums: &Exposure| minor(sums.short).saturating_add(minor(sums.over));
    let main = roots.exposure();
    let main = main.iter().max_by_key(|(_, sums)| all(sums));
    let main = main.map(|(currency, _)| *currency);
    let of = |bucket: AgeBucket| roots.ageing().get(&bucket);
    let in_main = |bucket: AgeBucket| of(bucket)?.get(&main?).copied();
    let longest = AgeBucket::ALL.into_iter().filter_map(in_main);
    let longest = longest.map(|sums| all(&sums)).max().unwrap_or(0);
    let row = |bucket: AgeBucket| {
        let bars = in_main(bucket).unwrap_or_default();
        let count = figures.ageing.get(&bucket).copied().unwrap_or(0);
        Age {
            word: bucket.word(),
            title: words.texts.title(Kind::Age, bucket.word()).into_owned(),
            count,
            count_text: words.texts.number(count),
            short: sums(words, of(bucket), |sums| sums.short),
            over: sums(words, of(bucket), |sums| sums.over),
            short_bar: scaled(minor(bars.short), longest, LENGTH),
            over_bar: scaled(minor(bars.over), longest, LENGTH),
        }
    };
    let chart = Chart {
        t: words.texts,
        currency: main.map_or(String::new(), |currency| currency.to_string()),
        rows: AgeBucket::ALL.map(row).into(),
    };
    chart.render().map_err(io::Error::other)
}

fn sums(
    words: Words<'_>,
    of: Option<&BTreeMap<Currency, Exposure>>,
    part: fn(&Exposure) -> Amount,
) -> Vec<String> {
    let sums = of.into_iter().flatten();
    words.sums(
        &sums
            .map(|(currency, sums)| (*currency, part(sums)))
            .collect(),
    )
}
