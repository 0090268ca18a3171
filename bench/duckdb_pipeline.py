"""The yardstick: what a data engineer would write by hand in DuckDB for the files of generate.py.

    duckdb_pipeline.py DIR --as-of 2026-05-10 --out OUT

Keeps everything in DIR/var/duck.db: loads the files that are new by name, joins all lines with all orders
and all payouts with all bank entries again, and writes OUT/discrepancies.csv and OUT/payouts.csv. It does
what the benchmark's data needs and no more: bench/README.md lists what it leaves out.
"""

import argparse
import datetime as dt
import hashlib
import re
import xml.etree.ElementTree as xml
from pathlib import Path

import duckdb

FUNDING_DELAY_DAYS, PAYOUT_GRACE_BUSINESS_DAYS = 5, 3
WINDOW_BEFORE_DAYS, WINDOW_AFTER_DAYS = 5, 20
TARGET2_HOLIDAYS = {dt.date.fromisoformat(day) for day in (
    "2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2026-12-26", "2027-01-01")}
CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"

TABLES = """
CREATE TABLE IF NOT EXISTS files (name VARCHAR, kind VARCHAR, sha256 VARCHAR);
CREATE TABLE IF NOT EXISTS lines (file VARCHAR, report_date DATE, order_reference VARCHAR, transaction_id VARCHAR,
    event_time TIMESTAMP, gross BIGINT, fee BIGINT, net BIGINT, currency VARCHAR, product VARCHAR,
    instalments INTEGER, payout_reference VARCHAR);
CREATE TABLE IF NOT EXISTS orders (file VARCHAR, order_reference VARCHAR, provider VARCHAR, merchant VARCHAR,
    amount BIGINT, currency VARCHAR, status VARCHAR, ordered_on DATE, confirmed_on DATE, product VARCHAR);
CREATE TABLE IF NOT EXISTS entries (file VARCHAR, entry VARCHAR, booked_on DATE, amount BIGINT, currency VARCHAR,
    counterparty VARCHAR, remittance VARCHAR);
"""
LOAD_LINES = """
INSERT INTO lines
SELECT parse_filename(filename), strptime(split_part(parse_filename(filename), '_', 4), '%y%m%d')::DATE,
       regexp_replace(trim(External_reference), '^CMDE\\|', ''), Transaction_number,
       strptime(Purchase_date || ' ' || Purchase_hour, '%d/%m/%Y %H:%M:%S'),
       CASE IS_cancel WHEN 'Y' THEN -1 ELSE 1 END * abs(cents), abs(fee),
       CASE IS_cancel WHEN 'Y' THEN -1 ELSE 1 END * abs(cents) - abs(fee),
       Transaction_amount_currency, Commercial_code, Installment_number::INTEGER, Transfer_Id
FROM (SELECT *, (Transaction_amount::DECIMAL(17, 2) * 100)::BIGINT AS cents,
             (Commission_amount::DECIMAL(17, 2) * 100)::BIGINT AS fee
      FROM read_csv($files, header = true, all_varchar = true, delim = ',', quote = '"', filename = true))
"""
LOAD_ORDERS = """
CREATE OR REPLACE TEMP TABLE delivered AS
SELECT parse_filename(filename) AS file, order_reference, provider, merchant,
       (amount::DECIMAL(17, 2) * 100)::BIGINT AS amount, currency, status, ordered_at[:10]::DATE AS ordered_on,
       confirmed_at[:10]::DATE AS confirmed_on, product
FROM read_csv($files, header = true, all_varchar = true, delim = ',', quote = '"', filename = true)
"""
REPLACE_ORDERS = """
DELETE FROM orders WHERE order_reference IN (SELECT order_reference FROM delivered);
INSERT INTO orders SELECT * FROM delivered;
"""
MATCH = """
CREATE TEMP TABLE reported AS
SELECT order_reference, any_value(currency) AS currency, sum(gross) AS gross, max(report_date) AS last_report
FROM lines WHERE report_date <= $as_of GROUP BY order_reference;

CREATE TEMP TABLE discrepancies AS
SELECT 'ORDER_NOT_FOUND' AS code, order_reference, '' AS payout_reference, currency, 0 AS expected,
       gross AS actual, last_report AS event_date
FROM reported ANTI JOIN orders USING (order_reference)
UNION ALL
SELECT CASE WHEN gross IS NULL THEN 'FUNDING_NOT_REPORTED' ELSE 'AMOUNT_MISMATCH' END, order_reference, '',
       o.currency, amount, coalesce(gross, 0), coalesce(last_report, due_on)
FROM (SELECT *, coalesce(confirmed_on, ordered_on) + $funding_delay::INTEGER AS due_on FROM orders
      WHERE status = 'FUNDED' AND ordered_on <= $as_of) AS o LEFT JOIN reported USING (order_reference)
WHERE coalesce(gross, 0) > amount OR (coalesce(gross, 0) < amount AND due_on <= $as_of);

CREATE TEMP TABLE reported_payouts AS
SELECT payout_reference, currency, min(report_date) AS first_report, max(report_date) AS last_report,
       count(*) AS line_count, sum(gross) AS gross, sum(fee) AS fee, sum(net) AS net
FROM lines WHERE report_date <= $as_of AND payout_reference <> '' GROUP BY ALL;

CREATE TEMP TABLE payouts AS
SELECT p.*, b.booked, b.last_booked, b.bank_entries, CASE
           WHEN b.booked = p.net THEN 'matched' WHEN b.booked IS NOT NULL THEN 'mismatched'
           WHEN p.net = 0 THEN 'settled_without_transfer' WHEN p.net < 0 THEN 'carried_over'
           WHEN g.ends_on <= $as_of THEN 'not_received' ELSE 'pending' END AS state, g.ends_on
FROM reported_payouts p JOIN grace g ON g.day = p.last_report
LEFT JOIN (SELECT t.token, e.currency, sum(e.amount) AS booked, max(e.booked_on) AS last_booked,
                  string_agg(e.entry, ';' ORDER BY e.entry) AS bank_entries
           FROM (SELECT entry, unnest(regexp_extract_all(upper(remittance), '[0-9A-Z]{4,}')) AS token
                 FROM entries) AS t
           JOIN entries e USING (entry) JOIN reported_payouts q ON q.payout_reference = t.token
            AND e.booked_on BETWEEN q.first_report - $before::INTEGER AND q.last_report + $after::INTEGER
           WHERE e.booked_on <= $as_of GROUP BY ALL) AS b
  ON b.token = p.payout_reference AND b.currency = p.currency;

INSERT INTO discrepancies
SELECT CASE state WHEN 'mismatched' THEN 'PAYOUT_AMOUNT_MISMATCH' ELSE 'PAYOUT_NOT_RECEIVED' END, '',
       payout_reference, currency, net, coalesce(booked, 0),
       CASE state WHEN 'mismatched' THEN last_booked ELSE ends_on END
FROM payouts WHERE state IN ('mismatched', 'not_received');
"""
# The lines of a file were inserted in its order, so a row's number in the file follows from its rowid.
WRITE = """
COPY (SELECT code, 'oney' AS provider, d.order_reference, d.payout_reference, d.currency,
             printf('%.2f', expected / 100) AS expected, printf('%.2f', actual / 100) AS actual,
             printf('%.2f', (actual - expected) / 100) AS difference, event_date, coalesce(sources, '') AS sources,
             printf('expected %.2f %s, found %.2f', expected / 100, d.currency, actual / 100) AS explanation
      FROM discrepancies d LEFT JOIN (
          SELECT order_reference, string_agg(file || ':' || (l.rowid - first_row + 2), ';' ORDER BY file, l.rowid)
                 AS sources
          FROM lines l JOIN (SELECT file, min(rowid) AS first_row FROM lines GROUP BY file) USING (file)
          WHERE order_reference IN (SELECT order_reference FROM discrepancies) GROUP BY order_reference
      ) AS s USING (order_reference)
      ORDER BY code, d.order_reference, d.payout_reference) TO '{out}/discrepancies.csv' (HEADER);
COPY (SELECT 'oney' AS provider, payout_reference, currency, first_report, last_report, line_count AS lines,
             printf('%.2f', gross / 100) AS gross, printf('%.2f', fee / 100) AS fee,
             printf('%.2f', net / 100) AS net, printf('%.2f', booked / 100) AS booked, state, bank_entries
      FROM payouts ORDER BY payout_reference, currency) TO '{out}/payouts.csv' (HEADER);
"""


def cents(text):
    whole, _, rest = text.partition(".")
    return int(whole + (rest + "00")[:2])


def booked_entries(path):
    for _, element in xml.iterparse(path):
        if element.tag != CAMT + "Ntry":
            continue
        if element.findtext(f"{CAMT}Sts/{CAMT}Cd") == "BOOK":
            amount = element.find(f"{CAMT}Amt")
            sign = 1 if element.findtext(f"{CAMT}CdtDbtInd") == "CRDT" else -1
            yield (path.name, element.findtext(f"{CAMT}AcctSvcrRef"), element.findtext(f"{CAMT}BookgDt/{CAMT}Dt"),
                   sign * cents(amount.text), amount.get("Ccy"),
                   " ".join(name.text for name in element.iter(CAMT + "Nm")),
                   " ".join(text.text for text in element.iter(CAMT + "Ustrd")))
        element.clear()


def insert(db, table, rows):
    """Rows from Python: one list a column."""
    if rows:
        marks = ", ".join(f"unnest(${place + 1})" for place in range(len(rows[0])))
        db.execute(f"INSERT INTO {table} SELECT {marks}", [list(column) for column in zip(*rows)])


def new_files(db, world, kind):
    known = {name for name, in db.execute("SELECT name FROM files WHERE kind = ?", [kind]).fetchall()}
    return [path for path in sorted((world / "inbox" / kind).iterdir()) if path.name not in known]


def load(db, world):
    db.execute(TABLES)
    db.execute("BEGIN")
    for kind in ("oney", "orders", "bank"):
        paths = new_files(db, world, kind)
        if not paths:
            continue
        names = {"files": [str(path) for path in paths]}
        if kind == "oney":
            db.execute(LOAD_LINES, names)
        elif kind == "orders":
            db.execute(LOAD_ORDERS, names)
            db.execute(REPLACE_ORDERS)
        else:
            insert(db, "entries", [entry for path in paths for entry in booked_entries(path)])
        digest = lambda path: hashlib.file_digest(open(path, "rb"), "sha256").hexdigest()
        insert(db, "files", [(path.name, kind, digest(path)) for path in paths])
    db.execute("COMMIT")


def grace_ends_on(day):
    left = PAYOUT_GRACE_BUSINESS_DAYS
    while left:
        day += dt.timedelta(days=1)
        left -= day.weekday() < 5 and day not in TARGET2_HOLIDAYS
    return day


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("world", type=Path)
    arguments.add_argument("--as-of", type=dt.date.fromisoformat, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    args = arguments.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    (args.world / "var").mkdir(exist_ok=True)
    db = duckdb.connect(str(args.world / "var/duck.db"))
    load(db, args.world)
    days = [args.as_of - dt.timedelta(days=back) for back in range(1000)]
    db.execute("CREATE TEMP TABLE grace (day DATE, ends_on DATE)")
    insert(db, "grace", [(day, grace_ends_on(day)) for day in days])
    values = {"as_of": args.as_of, "funding_delay": FUNDING_DELAY_DAYS, "before": WINDOW_BEFORE_DAYS,
              "after": WINDOW_AFTER_DAYS}
    for statement in MATCH.strip().split(";\n\n"):
        names = set(re.findall(r"\$(\w+)", statement))
        db.execute(statement, {name: values[name] for name in names})
    db.execute(WRITE.format(out=args.out))
    db.close()


if __name__ == "__main__":
    main()
