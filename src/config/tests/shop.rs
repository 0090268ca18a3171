//! Inputs that are queries on the shop's database.

use super::*;

/// An input of the kind orders with more lines.
fn orders(lines: &str) -> String {
    format!("[[input]]\nkind = \"orders\"\n{lines}\n")
}

fn query_of(input: &InputSettings) -> &ShopInput {
    let InputLocation::Query(query) = &input.location else {
        panic!("{:?}", input.location)
    };
    query
}

#[test]
fn a_query_has_an_address_and_a_name_by_its_place() {
    let one = orders("url = \"mysql://shop:s3cret@db:3306/shop\"\nquery = \"SELECT 1\"");
    let files = orders("path = \"inbox\"");
    let two = orders("url_env = \"SHOP\"\nquery = \"SELECT 2\"\narchive = \"kept\"");
    let three = orders("url = \"sqlite://var/shop.db\"\nquery = \"SELECT 3\"");
    let text = format!("{one}{files}{two}{three}");
    let settings = read_with(&text, &[("SHOP", "postgresql://u:s3cret@db/shop")]).unwrap();
    let queries = [0, 2, 3].map(|at| query_of(&settings.inputs[at]));
    let names = queries.map(|query| query.name.as_str());
    assert_eq!(names, ["orders.sql", "orders-2.sql", "orders-3.sql"]);
    let shown = queries.map(|query| query.shown.as_str());
    assert_eq!(
        shown,
        [
            "mysql://shop@db:3306/shop",
            "postgres://u@db/shop",
            "sqlite:///srv/recon/var/shop.db"
        ]
    );
    assert!(matches!(queries[0].address, Ok(ShopAddress::Mysql(_))));
    assert!(matches!(queries[1].address, Ok(ShopAddress::Postgres(_))));
    assert!(matches!(queries[2].address, Ok(ShopAddress::Sqlite(_))));
    assert!(!format!("{settings:?}").contains("s3cret"));
}

#[test]
fn an_address_that_cannot_be_had_is_the_input_s_own_trouble() {
    let settings = read(&orders("url_env = \"SHOP\"\nquery = \"SELECT 1\""));
    let query = query_of(&settings.inputs[0]);
    assert_eq!(query.name, "orders.sql");
    let reason = query.address.clone().unwrap_err();
    assert!(reason.contains("SHOP is not set"), "{reason}");
}

#[test]
fn half_a_query_is_refused_with_what_is_missing() {
    let url = "url = \"postgres://shop@db/shop\"";
    for (lines, expected) in [
        (
            format!("{url}\nquery = \"SELECT 1\"\npath = \"a\""),
            "line 3: `url` in [[input]] stands beside `path`; an input reads files or a database, \
             not both",
        ),
        (
            url.to_owned(),
            "line 3: `url` in [[input]] needs a `query` beside it: a SELECT that gives the columns \
             of orders by name",
        ),
        (
            "query = \"SELECT 1\"".to_owned(),
            "line 3: `query` in [[input]] needs a `url` beside it: the address of the shop's \
             database",
        ),
        (
            "url = \"oracle://shop:s3cret@db/shop\"\nquery = \"SELECT 1\"".to_owned(),
            "line 1: `url` in [[input]] is of no kind that this version knows; expected \
             postgres://user@host/database, mysql://user@host/database or \
             sqlite://path/of/file.db",
        ),
        (
            "url = \"mysql:\"\nquery = \"SELECT 1\"".to_owned(),
            "line 1: `url` in [[input]] names no server; expected postgres://user@host/database, \
             mysql://user@host/database or sqlite://path/of/file.db",
        ),
        (
            format!("{url}\nquery = \" \""),
            "line 4: `query` in [[input]] is \" \"; expected a SELECT that gives the columns of \
             orders by name",
        ),
        (
            format!("{url}\nurl_env = \"SHOP\"\nquery = \"SELECT 1\""),
            "line 1: `url` in [[input]] is given more than once; keep one of url, url_env, url_file",
        ),
    ] {
        assert_eq!(refused(&orders(&lines)), expected);
    }
}

#[test]
fn only_orders_are_asked_of_a_database_and_each_query_once() {
    let bank = "[[input]]\nkind = \"bank-statement\"\nurl = \"postgres://a@b/c\"\nquery = \"x\"";
    assert_eq!(
        refused(bank),
        "line 3: `url` in [[input]] is for inputs of the kind orders; remove it, and give a `path`"
    );
    let one = orders("url = \"postgres://a:s3cret@b/c\"\nquery = \"SELECT 1\"");
    let error = refused(&format!("{one}{one}"));
    assert!(
        error.contains("the query on \"postgres://a@b/c\" in"),
        "{error}"
    );
    assert!(
        error.contains("is already an input of the kind orders"),
        "{error}"
    );
}

#[test]
fn a_shop_program_brings_its_own_query() {
    let text = orders(
        "url = \"mysql://shop@db/shop\"\nshop = \"woocommerce\"\ntable_prefix = \"x_\"\n\
         payment_methods = { oney = [\"oney_3x\", \"oney_4x\"], payone = [\"bnpl\"] }",
    );
    let settings = read(&text);
    let query = &query_of(&settings.inputs[0]).query;
    for part in [
        "FROM x_wc_orders o",
        "CASE WHEN o.payment_method IN ('oney_3x', 'oney_4x') THEN 'oney' WHEN \
         o.payment_method IN ('bnpl') THEN 'payone' END AS provider",
        "o.payment_method IN ('oney_3x', 'oney_4x', 'bnpl')",
        ":since",
    ] {
        assert!(query.contains(part), "{part}\n{query}");
    }
    assert!(!query.contains('{'), "{query}");
}

#[test]
fn a_shop_that_cannot_be_asked_is_refused_with_what_to_write() {
    let url = "url = \"mysql://shop@db/shop\"\n";
    let methods = "payment_methods = { oney = [\"oney\"] }\n";
    for (lines, part) in [
        (
            format!("{url}shop = \"woocomerce\"\n{methods}"),
            "did you mean \"woocommerce\"?",
        ),
        (
            format!("{url}shop = \"magento\""),
            "needs `payment_methods` beside it",
        ),
        (
            format!("{url}shop = \"magento\"\n{methods}query = \"SELECT 1\""),
            "stands beside `query`",
        ),
        (
            format!("{url}query = \"SELECT 1\"\n{methods}"),
            "needs a `shop` beside it",
        ),
        (
            format!("{url}shop = \"magento\"\npayment_methods = {{ oney = [\"a' OR 1\"] }}"),
            "letters, digits and any of",
        ),
        (
            format!("{url}shop = \"magento\"\npayment_methods = {{ oney = [] }}"),
            "is an empty list",
        ),
        (
            format!("shop = \"magento\"\n{methods}"),
            "needs a `url` beside it",
        ),
    ] {
        let error = refused(&orders(&lines));
        assert!(error.contains(part), "{lines}\n{error}");
    }
}

#[test]
fn an_iban_with_wrong_check_digits_is_refused() {
    let profile = |account: &str| {
        format!(
            "[[profile]]\nname = \"b\"\nextends = \"bank-csv\"\n[profile.fixed]\naccount = {account:?}\n"
        )
    };
    let error = refused(&profile("DE89 3704 0044 0532 0130 01"));
    assert!(error.contains("whose check digits are wrong"), "{error}");
    for account in [
        "DE89 3704 0044 0532 0130 00",
        "0001234567",
        "FR761",
        "12030000/0001234567",
    ] {
        read(&profile(account));
    }
    let provider = "[provider.oney]\naccounts = [\"FR7630006000011234567890188\"]\n";
    assert!(refused(provider).contains("whose check digits are wrong"));
}
