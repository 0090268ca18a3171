//! `shop` of an `[[input]]`: queries on the public schemas of shop programs, with the words of their
//! statuses mapped.
//!
//! Each is one SELECT in `shops/`, with three places: `{prefix}` of the tables, and the provider and
//! the choice of orders by the payment methods that the company uses.

use regex::{Captures, Regex};

use super::document::{Field, Section};
use super::error::ConfigError;
use super::unknown_keys::nearest;

/// A shop program whose database is known.
struct ShopProgram {
    word: &'static str,
    query: &'static str,
    /// What its tables begin with unless the company chose something else.
    prefix: &'static str,
}

const PROGRAMS: [ShopProgram; 5] = [
    ShopProgram {
        word: "prestashop",
        query: include_str!("shops/prestashop.sql"),
        prefix: "ps_",
    },
    ShopProgram {
        word: "woocommerce",
        query: include_str!("shops/woocommerce.sql"),
        prefix: "wp_",
    },
    ShopProgram {
        word: "magento",
        query: include_str!("shops/magento.sql"),
        prefix: "",
    },
    ShopProgram {
        word: "shopware",
        query: include_str!("shops/shopware.sql"),
        prefix: "",
    },
    ShopProgram {
        word: "sylius",
        query: include_str!("shops/sylius.sql"),
        prefix: "",
    },
];

/// Keys that only a shop has.
const KEYS: [&str; 2] = ["payment_methods", "table_prefix"];

/// The query of the shop that a section names; `None` where it names none.
pub(super) fn query(section: &Section<'_>) -> Result<Option<String>, ConfigError> {
    let Some(shop) = section.get("shop") else {
        return match KEYS.iter().find_map(|key| section.get(key)) {
            None => Ok(None),
            Some(alone) => {
                Err(alone.error("needs a `shop` beside it, such as shop = \"woocommerce\""))
            }
        };
    };
    if section.get("query").is_some() {
        return Err(
            shop.error("stands beside `query`; a shop has its own query, remove one of them")
        );
    }
    let word = shop.text()?;
    let Some(program) = PROGRAMS.iter().find(|program| program.word == word) else {
        let words = PROGRAMS.map(|program| program.word);
        let near = nearest(word, words).unwrap_or_default();
        return Err(shop.wrong(format!(
            "one of {}; did you mean {near:?}?",
            words.join(", ")
        )));
    };
    let methods = methods(section, &shop)?;
    let prefix = section.read("table_prefix", |field| name(field, &['_']))?;
    let prefix = prefix.unwrap_or_else(|| program.prefix.to_owned());
    Ok(Some(filled(program.query, &prefix, &methods)))
}

/// The payment methods of a provider.
type Methods = Vec<(String, Vec<String>)>;

/// Which payment methods of the shop belong to which provider.
fn methods(section: &Section<'_>, shop: &Field<'_>) -> Result<Methods, ConfigError> {
    let Some(table) = section.read("payment_methods", Field::free_table)? else {
        return Err(shop.error(
            "needs `payment_methods` beside it: which of the shop's payment methods are whose, as \
             payment_methods = { oney = [\"oney_3x\"] }",
        ));
    };
    let mut methods = Methods::new();
    for field in table.fields() {
        let provider = field.key();
        let is_plain = provider
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !is_plain {
            return Err(field.error("is no name of a provider: letters, digits and - are"));
        }
        let list = field.list(|item| name(item, &['_', '-', '.', ':', '/']))?;
        if list.is_empty() {
            return Err(field.error("is an empty list; name the payment methods of the shop"));
        }
        methods.push((provider.to_owned(), list));
    }
    if methods.is_empty() {
        return Err(shop.error("needs a payment method of at least one provider"));
    }
    Ok(methods)
}

/// A name that stands in a query as it is: nothing in it can end a text of SQL.
fn name(field: &Field<'_>, marks: &[char]) -> Result<String, ConfigError> {
    let text = field.text()?;
    let is_plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || marks.contains(&c));
    if is_plain && !text.is_empty() {
        return Ok(text.to_owned());
    }
    let marks: String = marks.iter().collect();
    Err(field.wrong(format!(
        "letters, digits and any of {marks}, as the shop's database has it"
    )))
}

/// The query with the company's tables and payment methods.
fn filled(query: &str, prefix: &str, methods: &Methods) -> String {
    let quoted = |list: &[String]| format!("'{}'", list.join("', '"));
    let place = Regex::new(r"\{(prefix|provider|methods):?([^}]*)\}");
    let Ok(place) = place else {
        return query.to_owned();
    };
    let fill = |found: &Captures<'_>| {
        let part = |at| found.get(at).map_or("", |it| it.as_str());
        match (part(1), part(2)) {
            ("prefix", _) => prefix.to_owned(),
            ("provider", column) => {
                let case = |(provider, list): &(String, Vec<String>)| {
                    format!(" WHEN {column} IN ({}) THEN '{provider}'", quoted(list))
                };
                let cases: String = methods.iter().map(case).collect();
                format!("CASE{cases} END")
            }
            (_, column) => {
                let all = methods.iter().map(|(_, list)| quoted(list));
                format!("{column} IN ({})", all.collect::<Vec<_>>().join(", "))
            }
        }
    };
    place.replace_all(query, fill).into_owned()
}
