//! A payout's reference is found whatever a bank makes of it, in every format; and what only looks
//! like it pays nothing. Each pair of a format and a way to mangle has a payout of its own.

use crate::bank_files::{Movement, cfonb, coda, company, mt940, norma43, ofx, says};
use crate::company::{AS_OF, Company};
use crate::rows::{Entry, camt, euros};

/// What a bank makes of a text with a reference: the pieces that it cuts it into.
type Mangling = (&'static str, fn(&str) -> Vec<String>);

/// Ways in which a reference stays one.
const MANGLED: [Mangling; 16] = [
    ("among words", |it| vec![format!("VIREMENT {it} DU 17")]),
    ("lower case", |it| {
        vec![format!("virement {}", it.to_lowercase())]
    }),
    ("cut in two", |it| {
        let (head, tail) = it.split_at(5);
        vec![format!("PAIEMENT {head}"), format!("{tail} CLIENTS")]
    }),
    ("cut in three", |it| {
        let (head, tail) = it.split_at(3);
        let (middle, end) = tail.split_at(3);
        vec![
            format!("PAIEMENT {head}"),
            middle.to_owned(),
            format!("{end} CLIENTS"),
        ]
    }),
    ("alone and cut in two", |it| {
        let (head, tail) = it.split_at(4);
        vec![head.to_owned(), tail.to_owned()]
    }),
    ("cut where the piece is full", |it| {
        let (head, tail) = it.split_at(6);
        vec![
            format!("{:<1$}{head}", "PAIEMENT ONEY", 27 - head.len()),
            format!("{tail} FIN"),
        ]
    }),
    ("in groups of three", |it| {
        let digits: Vec<char> = it.chars().collect();
        let groups = digits.chunks(3).map(|group| group.iter().collect());
        vec![format!(
            "VIR {} FIN",
            groups.collect::<Vec<String>>().join(" ")
        )]
    }),
    ("several blanks and cut", |it| {
        let (head, tail) = it.split_at(5);
        vec![format!("VIR {head}  "), format!("  {tail}")]
    }),
    ("after a colon", |it| vec![format!("REF:{it}.")]),
    ("between slashes", |it| {
        vec![format!("ROC/{it}/URI/FACTURES")]
    }),
    ("in brackets", |it| vec![format!("ONEY ({it}), MERCI")]),
    ("at the end of a piece", |it| {
        vec![format!("VIR {it}"), "SUITE".to_owned()]
    }),
    ("end-to-end keyword", |it| {
        vec![format!("EREF+{it}"), "SVWZ+AUSZAHLUNG".to_owned()]
    }),
    ("cut behind its keyword", |it| {
        let (head, tail) = it.split_at(5);
        vec![
            format!("KREF+{head}"),
            tail.to_owned(),
            "SVWZ+AUSZAHLUNG".to_owned(),
        ]
    }),
    ("cut before the next keyword", |it| {
        let (head, tail) = it.split_at(5);
        vec![format!("EREF+{head}"), format!("{tail} SVWZ+AUSZAHLUNG")]
    }),
    ("cut in the purpose", |it| {
        let (head, tail) = it.split_at(5);
        vec![
            "EREF+NOTPROVIDED".to_owned(),
            format!("SVWZ+PAYOUT {head}"),
            tail.to_owned(),
        ]
    }),
];

/// Ways in which it is another reference, or a part of one.
const OTHERS: [Mangling; 9] = [
    ("a letter before", |it| vec![format!("VIR X{it}")]),
    ("a zero before", |it| vec![format!("VIR 0{it}")]),
    ("a digit behind", |it| vec![format!("VIR {it}0")]),
    ("a letter behind", |it| vec![format!("VIR {it}A FIN")]),
    ("cut, and a digit behind", |it| {
        let (head, tail) = it.split_at(5);
        vec![format!("VIR {head}"), format!("{tail}0 FIN")]
    }),
    ("cut, and a letter before", |it| {
        let (head, tail) = it.split_at(5);
        vec![format!("VIR X{head}"), format!("{tail} FIN")]
    }),
    ("a hyphen inside", |it| {
        let (head, tail) = it.split_at(5);
        vec![format!("VIR {head}-{tail}")]
    }),
    ("a part is missing", |it| {
        vec![format!("VIR {}", it.split_at(6).0)]
    }),
    ("inside a keyword's longer value", |it| {
        vec![format!("EREF+9{it}"), "SVWZ+AUSZAHLUNG".to_owned()]
    }),
];

/// Formats, by how they write the pieces of a text.
const FORMATS: [&str; 9] = [
    "camt",
    "camt in lines",
    "mt940 sub-fields",
    "mt940 lines",
    "mt940 keys",
    "cfonb labels",
    "cfonb remittance",
    "norma43",
    "ofx",
];

/// A movement of each format: cents and the pieces of its text.
type Told = (i64, Vec<String>);

/// Delivers the statement of one format.
fn deliver(company: &Company, place: usize, told: &[Told]) {
    let name = format!("inbox/bank/{place}.txt");
    let opening = 100_000 * i64::try_from(place + 1).unwrap();
    let of_mt940 = |write: fn(&[String]) -> String| {
        let lines: Vec<_> = told.iter().map(|(cents, it)| (*cents, write(it))).collect();
        mt940(u32::try_from(place).unwrap() + 1, 18, opening, &lines)
    };
    let content = match FORMATS[place] {
        "camt" => of_camt(place, opening, told, "</Ustrd><Ustrd>"),
        "camt in lines" => of_camt(place, opening, told, "\n            "),
        "mt940 sub-fields" => of_mt940(|pieces| {
            let fields = (20..)
                .zip(pieces)
                .map(|(code, piece)| format!("?{code}{piece}"));
            format!("166?00GUTSCHRIFT{}?32ONEY BANK", fields.collect::<String>())
        }),
        "mt940 lines" => of_mt940(|pieces| pieces.join("\r\n")),
        "mt940 keys" => of_mt940(|pieces| {
            format!(
                "/TRTP/SEPA OVERBOEKING/NAME/ONEY/REMI/{}/EREF/X",
                pieces.join("\r\n")
            )
        }),
        "cfonb labels" => of_cfonb(opening, told, &["LIB"; 4]),
        "cfonb remittance" => of_cfonb(opening, told, &["LCC", "LC2", "LC2", "LC2"]),
        "norma43" => norma43(18, told),
        _ => {
            let entry =
                |(cents, pieces): &Told| (*cents, pieces[0].clone(), pieces[1..].join("\n"));
            ofx(18, &told.iter().map(entry).collect::<Vec<_>>())
        }
    };
    company.put(&name, content);
}

fn of_camt(place: usize, opening: i64, told: &[Told], between: &str) -> String {
    let texts: Vec<(String, String)> = told
        .iter()
        .enumerate()
        .map(|(at, (_, pieces))| (format!("C-{place}-{at}"), pieces.join(between)))
        .collect();
    let entries: Vec<Entry<'_>> = told
        .iter()
        .zip(&texts)
        .map(|((cents, _), (id, text))| Entry {
            id,
            day: "2026-11-18",
            cents: *cents,
            text,
        })
        .collect();
    let id = format!("S-{place}");
    camt(&id, ["2026-11-18", "2026-11-18"], opening, &entries)
}

fn of_cfonb(opening: i64, told: &[Told], qualifiers: &[&'static str]) -> String {
    let complements: Vec<Vec<(&str, String)>> = told
        .iter()
        .map(|(_, pieces)| {
            let pieces = pieces.iter().cloned();
            qualifiers.iter().copied().zip(pieces).collect()
        })
        .collect();
    let movements: Vec<Movement<'_>> = told
        .iter()
        .zip(&complements)
        .map(|((cents, _), complements)| (*cents, "VIR SEPA RECU", complements.as_slice()))
        .collect();
    cfonb(18, opening, &movements)
}

/// The payout of a format and a way to mangle: reference and cents.
fn payout(format: usize, mangling: usize) -> (String, i64) {
    let number = 1000 + 100 * format + mangling;
    (
        format!("T7788{number}"),
        50_000 + i64::try_from(number).unwrap(),
    )
}

/// A night in which the bank books `cents` more than each payout, with its reference mangled, and
/// the payouts with what was asked of each.
fn night(manglings: &[Mangling], cents: i64) -> (crate::report::Report, Vec<(String, String)>) {
    let pairs = |format| (0..manglings.len()).map(move |mangling| (format, mangling));
    let pairs: Vec<_> = (0..FORMATS.len()).flat_map(pairs).collect();
    let payouts: Vec<_> = pairs
        .iter()
        .map(|(format, at)| payout(*format, *at))
        .collect();
    let company = company(&payouts);
    for place in 0..FORMATS.len() {
        let told = |(at, (_, mangle)): (usize, &Mangling)| {
            let (reference, booked) = payout(place, at);
            (booked + cents, mangle(&reference))
        };
        let told: Vec<Told> = manglings.iter().enumerate().map(told).collect();
        deliver(&company, place, &told);
    }
    let asked = pairs
        .iter()
        .zip(payouts)
        .map(|((format, at), (reference, _))| {
            (
                reference,
                format!("{}, {}", FORMATS[*format], manglings[*at].0),
            )
        });
    (company.night(AS_OF), asked.collect())
}

#[test]
fn a_reference_is_found_in_every_format_whatever_the_bank_makes_of_it() {
    let (report, asked) = night(&MANGLED, 0);
    let payouts = report.is_sound().table("payouts");
    assert_eq!(payouts.len(), FORMATS.len() * MANGLED.len());
    let mut missed = Vec::new();
    for (row, (reference, what)) in payouts.iter().zip(&asked) {
        assert_eq!(&row["payout_reference"], reference);
        if row["state"] != "matched" || row["matched_by"] != "reference" {
            missed.push(format!("{what}: {} by {}", row["state"], row["matched_by"]));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn what_is_another_reference_pays_nothing_in_any_format() {
    // No amount is right, so that only a reference could link.
    let (report, asked) = night(&OTHERS, 7_000_000);
    let mut linked = Vec::new();
    for (row, (reference, what)) in report.is_sound().table("payouts").iter().zip(&asked) {
        assert_eq!(&row["payout_reference"], reference);
        if !row["bank_entries"].is_empty() {
            linked.push(format!("{what}: {}", row["bank_entries"]));
        }
    }
    assert!(linked.is_empty(), "{}", linked.join("\n"));
}

/// CODA cuts a text after 53 and after 106 characters, wherever that is.
#[test]
fn a_free_communication_of_coda_is_one_text_over_its_records() {
    let payouts: Vec<_> = (0..3).map(|at| payout(9, at)).collect();
    let company = company(&payouts);
    let text = |(at, (reference, cents)): (usize, &(String, i64))| {
        let (head, tail) = reference.split_at(5);
        let filled =
            |width: usize, end: &str| format!("{:<1$}{end}", "PAIEMENT", width - end.len());
        let text = match at {
            0 => format!("{}{tail} FIN", filled(53, head)),
            1 => format!("{} {tail} FIN", filled(52, head)),
            _ => format!("{}{tail} FIN", filled(53, "ONEY") + &filled(53, head)),
        };
        (*cents, text)
    };
    let told: Vec<_> = payouts.iter().enumerate().map(text).collect();
    company.put("inbox/bank/a.cod", coda(18, &told));
    let expected = payouts.iter().map(|(reference, cents)| {
        let amount = euros(*cents);
        format!("{reference} matched by reference: {amount} of {amount}")
    });
    assert_eq!(
        says(company.night(AS_OF).is_sound()),
        expected.collect::<Vec<_>>()
    );
}

/// The longer of two payouts is named, and the shorter one is not: neither as written nor broken.
#[test]
fn a_reference_inside_that_of_another_payout_is_not_named() {
    for text in ["VIR 778810 09 FIN", "VIR 77881009 FIN", "VIR 7788 1009"] {
        let payouts = [("1009", 4_000), ("778810", 5_000), ("77881009", 6_000)];
        let company = company(&payouts.map(|(reference, cents)| (reference.to_owned(), cents)));
        let entry = Entry {
            id: "C-1",
            day: "2026-11-18",
            cents: 6_000,
            text,
        };
        let days = ["2026-11-18", AS_OF];
        company.put("inbox/bank/a.xml", camt("S-1", days, 0, &[entry]));
        let report = company.night(AS_OF);
        assert_eq!(
            says(report.is_sound())[..3],
            [
                "1009 not_received by : 0.00 of 40.00",
                "778810 not_received by : 0.00 of 50.00",
                "77881009 matched by reference: 60.00 of 60.00",
            ],
            "{text}"
        );
    }
}
