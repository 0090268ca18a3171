//! Shop programs: their public schemas, of which only the columns that are used.

use super::shop::{Server, Shop};
use super::{imports, pairs};
use crate::company::Company;
use crate::report::Report;

/// A shop with its tables, and the orders that have to be found in it.
struct Program {
    word: &'static str,
    tables: &'static str,
    methods: &'static str,
    expected: &'static [(&'static str, &'static str)],
    servers: &'static [Server],
}

const PROGRAMS: [Program; 5] = [
    Program {
        word: "woocommerce",
        tables: "CREATE TABLE wp_wc_orders (id BIGINT UNSIGNED PRIMARY KEY, status VARCHAR(20), \
                 currency VARCHAR(10), type VARCHAR(20), total_amount DECIMAL(26,8), \
                 date_created_gmt DATETIME, date_updated_gmt DATETIME, parent_order_id BIGINT, \
                 payment_method VARCHAR(100), transaction_id VARCHAR(100)); \
                 INSERT INTO wp_wc_orders VALUES \
                 (101, 'wc-processing', 'EUR', 'shop_order', 120.50, '2026-10-01 09:00:00', \
                 '2026-10-01 09:05:00', 0, 'oney_3x', 'T-101'), \
                 (102, 'wc-completed', 'EUR', 'shop_order', 80, '2026-10-02 23:30:00', \
                 '2026-10-05 10:00:00', 0, 'oney_4x', ''), \
                 (103, 'wc-completed', 'EUR', 'shop_order_refund', -30, '2026-10-05 10:00:00', \
                 '2026-10-05 10:00:00', 102, NULL, NULL), \
                 (104, 'wc-failed', 'EUR', 'shop_order', 10, '2026-10-03 08:00:00', \
                 '2026-10-03 09:00:00', 0, 'oney_3x', ''), \
                 (105, 'wc-processing', 'EUR', 'shop_order', 10, '2026-10-03 08:00:00', \
                 '2026-10-03 09:00:00', 0, 'bacs', '')",
        methods: "oney_3x\", \"oney_4x",
        expected: &[("101", "120.50 0.00"), ("102", "80.00 30.00")],
        servers: &[Server::Mysql],
    },
    Program {
        word: "prestashop",
        tables: "CREATE TABLE ps_orders (id_order INT PRIMARY KEY, reference VARCHAR(9), \
                 id_currency INT, current_state INT, module VARCHAR(255), \
                 total_paid_tax_incl DECIMAL(20,6), date_add DATETIME, date_upd DATETIME); \
                 CREATE TABLE ps_currency (id_currency INT PRIMARY KEY, iso_code VARCHAR(3)); \
                 CREATE TABLE ps_order_state (id_order_state INT PRIMARY KEY, paid TINYINT); \
                 CREATE TABLE ps_order_slip (id_order_slip INT PRIMARY KEY, id_order INT, \
                 total_products_tax_incl DECIMAL(20,6), total_shipping_tax_incl DECIMAL(20,6), \
                 date_add DATETIME); \
                 INSERT INTO ps_currency VALUES (1, 'EUR'); \
                 INSERT INTO ps_order_state VALUES (2, 1), (6, 0), (8, 0); \
                 INSERT INTO ps_orders VALUES \
                 (1, 'ABCDEFGHI', 1, 2, 'oney', 100, '2026-10-01 10:00:00', '2026-10-01 10:01:00'), \
                 (2, 'ABCDEFGHI', 1, 2, 'oney', 20, '2026-10-01 10:00:00', '2026-10-03 10:01:00'), \
                 (3, 'JKLMNOPQR', 1, 2, 'oney', 50, '2026-10-02 10:00:00', '2026-10-02 10:01:00'), \
                 (4, 'STUVWXYZA', 1, 2, 'ps_wirepayment', 50, '2026-10-02 10:00:00', \
                 '2026-10-02 10:01:00'), \
                 (5, 'BCDEFGHIJ', 1, 8, 'oney', 9, '2026-10-02 10:00:00', '2026-10-02 10:01:00'); \
                 INSERT INTO ps_order_slip VALUES (1, 3, 10.5, 2, '2026-10-04 12:00:00')",
        methods: "oney",
        expected: &[("ABCDEFGHI", "120.00 0.00"), ("JKLMNOPQR", "50.00 12.50")],
        servers: &[Server::Mysql],
    },
    Program {
        word: "magento",
        tables: "CREATE TABLE sales_order (entity_id INT PRIMARY KEY, state VARCHAR(32), \
                 increment_id VARCHAR(50), grand_total DECIMAL(20,4), order_currency_code \
                 VARCHAR(3), created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL, total_refunded \
                 DECIMAL(20,4)); \
                 CREATE TABLE sales_order_payment (entity_id INT PRIMARY KEY, parent_id INT, \
                 method VARCHAR(128), last_trans_id VARCHAR(255)); \
                 CREATE TABLE sales_creditmemo (entity_id INT PRIMARY KEY, order_id INT, \
                 created_at TIMESTAMP NULL); \
                 INSERT INTO sales_order VALUES \
                 (1, 'processing', '000000001', 100, 'EUR', '2026-10-01 09:00:00', \
                 '2026-10-01 09:00:00', NULL), \
                 (2, 'complete', '000000002', 60, 'EUR', '2026-10-02 09:00:00', \
                 '2026-10-04 09:00:00', 20), \
                 (3, 'new', '000000003', 60, 'EUR', '2026-10-02 09:00:00', \
                 '2026-10-04 09:00:00', NULL); \
                 INSERT INTO sales_order_payment VALUES (1, 1, 'oney', 'T1'), (2, 2, 'oney', NULL), \
                 (3, 3, 'oney', NULL); \
                 INSERT INTO sales_creditmemo VALUES (1, 2, '2026-10-04 08:00:00')",
        methods: "oney",
        expected: &[("000000001", "100.00 0.00"), ("000000002", "60.00 20.00")],
        servers: &[Server::Mysql],
    },
    Program {
        word: "shopware",
        tables: "CREATE TABLE `order` (id BINARY(16), version_id BINARY(16), order_number \
                 VARCHAR(64), currency_id BINARY(16), amount_total DOUBLE, order_date_time \
                 DATETIME(3), created_at DATETIME(3), updated_at DATETIME(3)); \
                 CREATE TABLE currency (id BINARY(16), iso_code CHAR(3)); \
                 CREATE TABLE order_transaction (id BINARY(16), order_id BINARY(16), \
                 order_version_id BINARY(16), payment_method_id BINARY(16), state_id BINARY(16), \
                 created_at DATETIME(3), updated_at DATETIME(3)); \
                 CREATE TABLE payment_method (id BINARY(16), technical_name VARCHAR(255)); \
                 CREATE TABLE state_machine_state (id BINARY(16), technical_name VARCHAR(255)); \
                 INSERT INTO `order` VALUES (0x01, 0x0fa91ce3e96a4bc2be4bd9ce752c3425, '10001', \
                 0x01, 99.90, '2026-10-01 09:00:00', '2026-10-01 09:00:00', NULL); \
                 INSERT INTO currency VALUES (0x01, 'EUR'); \
                 INSERT INTO payment_method VALUES (0x01, 'payment_oney'); \
                 INSERT INTO state_machine_state VALUES (0x01, 'paid'); \
                 INSERT INTO order_transaction VALUES (0x01, 0x01, \
                 0x0fa91ce3e96a4bc2be4bd9ce752c3425, 0x01, 0x01, '2026-10-01 09:00:00', NULL)",
        methods: "payment_oney",
        expected: &[("10001", "99.90 0.00")],
        servers: &[Server::Mysql],
    },
    Program {
        word: "sylius",
        tables: "CREATE TABLE sylius_order (id INT PRIMARY KEY, number VARCHAR(255), currency_code \
                 VARCHAR(3), total INT, payment_state VARCHAR(255), checkout_completed_at \
                 TIMESTAMP NULL, updated_at TIMESTAMP NULL); \
                 CREATE TABLE sylius_payment (id INT PRIMARY KEY, order_id INT, method_id INT); \
                 CREATE TABLE sylius_payment_method (id INT PRIMARY KEY, code VARCHAR(255)); \
                 INSERT INTO sylius_order VALUES (1, '000001', 'EUR', 12990, 'paid', \
                 '2026-10-01 09:00:00', '2026-10-01 09:00:00'), (2, '000002', 'EUR', 500, \
                 'awaiting_payment', '2026-10-01 09:00:00', '2026-10-01 09:00:00'); \
                 INSERT INTO sylius_payment VALUES (1, 1, 1), (2, 1, 2), (3, 2, 2); \
                 INSERT INTO sylius_payment_method VALUES (1, 'bank'), (2, 'oney')",
        methods: "oney",
        expected: &[("000001", "129.90 0.00")],
        servers: &[Server::Mysql, Server::Postgres],
    },
];

fn night(shop: &Shop, company: &Company, program: &Program) -> Report {
    company.put(
        "recon.toml",
        format!(
            "[database]\nurl = \"sqlite://var/recon.db\"\n\
             [[input]]\nkind = \"orders\"\nshop = {:?}\nurl = {:?}\n\
             payment_methods = {{ oney = [\"{}\"] }}\n\
             [[input]]\nkind = \"oney-crp\"\npath = \"inbox/oney\"\n\
             [report]\nformats = [\"csv\", \"json\"]\n",
            program.word, shop.url, program.methods
        ),
    );
    company.night("2026-11-20")
}

#[test]
fn the_orders_of_a_shop_program_are_found_by_its_own_query() {
    for program in &PROGRAMS {
        for server in program.servers {
            let company = Company::new();
            let Some(shop) = Shop::open(*server, &company) else {
                continue;
            };
            shop.execute(program.tables);
            let report = night(&shop, &company, program);
            let import = imports(&report).remove(0);
            assert_eq!(
                import["status"], "accepted",
                "{}: {}",
                program.word, import["reason"]
            );
            assert_eq!(import["rejected"], "0", "{}", program.word);
            assert_eq!(sold(&report), pairs(program.expected), "{}", program.word);
        }
    }
}

/// The orders that money may be paid for: amount and cancelled amount, by reference.
fn sold(report: &Report) -> Vec<(String, String)> {
    let rows = report.table("orders");
    let funded = rows.iter().filter(|row| row["status"] == "FUNDED");
    let mut sold: Vec<(String, String)> = funded
        .map(|row| {
            let amounts = format!("{} {}", row["amount"], row["cancelled"]);
            (row["order_reference"].clone(), amounts)
        })
        .collect();
    sold.sort();
    sold
}
