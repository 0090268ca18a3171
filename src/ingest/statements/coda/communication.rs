//! Communications: free text, or a structure that its first three digits name.

use crate::ingest::statements::fixed_width::columns;
use crate::ingest::statements::fixed_width::values::{add_reference, is_digits, words};

/// What a communication says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Communication {
    /// The text for people.
    pub(super) text: String,
    /// References in it, as they are searched.
    pub(super) references: Vec<String>,
}

/// Reads the communication of a movement, its parts put together with their padding.
pub(super) fn read(raw: &str, is_structured: bool) -> Communication {
    let (kind, content) = (columns(raw, 1, 3), columns(raw, 4, usize::MAX));
    if !is_structured || !is_digits(kind) {
        return Communication {
            text: words(raw),
            references: Vec::new(),
        };
    }
    match kind {
        "100" => iso_11649(content),
        "101" | "102" => belgian(content),
        "127" => direct_debit(content),
        _ => Communication {
            text: words(content),
            references: Vec::new(),
        },
    }
}

/// `RF` and up to 23 characters.
fn iso_11649(content: &str) -> Communication {
    let mut references = Vec::new();
    add_reference(&mut references, columns(content, 1, 25));
    Communication {
        text: words(content),
        references,
    }
}

/// Twelve digits, the last two being what the first ten leave when divided by 97, or 97 for 0.
/// People know them as `+++123/4567/89012+++`.
fn belgian(content: &str) -> Communication {
    let digits = columns(content, 1, 12);
    let parts = [
        columns(digits, 1, 3),
        columns(digits, 4, 7),
        columns(digits, 8, 12),
    ];
    if !has_check_digits(digits) {
        return Communication {
            text: words(content),
            references: Vec::new(),
        };
    }
    let rest = columns(content, 13, usize::MAX);
    Communication {
        text: words(&format!("+++{}+++ {rest}", parts.join("/"))),
        references: vec![digits.to_owned()],
    }
}

fn has_check_digits(digits: &str) -> bool {
    let number = |first, last| columns(digits, first, last).parse::<u64>().ok();
    let (Some(number), Some(check)) = (number(1, 10), number(11, 12)) else {
        return false;
    };
    let rest = match number % 97 {
        0 => 97,
        rest => rest,
    };
    digits.len() == 12 && is_digits(digits) && check == rest
}

/// SEPA direct debit: day (6), kind, scheme and outcome (1 each), creditor and mandate (35 each),
/// text (62).
fn direct_debit(content: &str) -> Communication {
    let mut references = Vec::new();
    add_reference(&mut references, columns(content, 45, 79));
    add_reference(&mut references, columns(content, 10, 44));
    Communication {
        text: words(columns(content, 80, 141)),
        references,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_belgian_structured_communication_is_shown_as_people_know_it() {
        // 0903394848 mod 97 = 92 and 1234567890 mod 97 = 2, worked out by hand.
        let found = read("101090339484892", true);
        assert_eq!(found.text, "+++090/3394/84892+++");
        assert_eq!(found.references, ["090339484892"]);
        assert_eq!(read("102123456789002  ", true).text, "+++123/4567/89002+++");
        // A multiple of 97 has the check digits 97.
        assert_eq!(read("101000000009797", true).text, "+++000/0000/09797+++");
    }

    #[test]
    fn wrong_check_digits_stay_text() {
        for raw in ["101090339484893", "10109033948489", "101ABC339484892"] {
            let found = read(raw, true);
            assert_eq!(format!("101{}", found.text), raw);
            assert_eq!(found.references, [""; 0]);
        }
    }

    #[test]
    fn a_direct_debit_names_mandate_and_creditor() {
        let raw = format!(
            "127060624120{:<35}{:<35}{:<62}",
            "BE22ZZZ3215646432", "SEPA-00000001", "Invoice 17"
        );
        let found = read(&raw, true);
        assert_eq!(found.references, ["SEPA-00000001", "BE22ZZZ3215646432"]);
        assert_eq!(found.text, "Invoice 17");
    }

    #[test]
    fn other_communications_keep_their_text() {
        assert_eq!(
            read("100RF18539007547034  ", true).references,
            ["RF18539007547034"]
        );
        assert_eq!(read("113 CARD  9999 SHOP", true).text, "CARD 9999 SHOP");
        assert_eq!(read("101 euro  please", false).text, "101 euro please");
        assert_eq!(read("", true), Communication::default());
    }
}
