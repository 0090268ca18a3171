#!/usr/bin/env python3
"""Shows that every rule of scripts/check_report.py fires on a copy in which one thing was altered.

    python3 tests/checker/altered.py NIGHT NEXT_NIGHT

The two folders are reports of recorded nights that follow each other, the first with something of everything in it.
"""

import csv
import importlib.util
import json
import shutil
import sys
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.dont_write_bytecode = True
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_report.py"
spec = importlib.util.spec_from_file_location("check_report", SCRIPT)
check = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check)


def a_cent_more(text):
    return str(Decimal(text) + Decimal("0.01"))


def a_day_later(text):
    return (date.fromisoformat(text) + timedelta(days=1)).isoformat()


def one_more(text):
    return str(int(text) + 1)


def becomes(text):
    return lambda _: text


def rows_of(table, change):
    """Alters the rows of a table."""
    def alter(folder):
        path = folder / f"{table}.csv"
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            names, rows = reader.fieldnames, list(reader)
        change(rows)
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return alter


def cell(table, column, change, where=lambda row: True):
    """Alters one filled cell of the first row that fits."""
    def alter(rows):
        row = next(row for row in rows if row[column] and where(row))
        row[column] = change(row[column])
    return rows_of(table, alter)


def filled(table, column, text, where):
    """Fills an empty cell of the first row that fits."""
    def alter(rows):
        next(row for row in rows if not row[column] and where(row))[column] = text
    return rows_of(table, alter)


def without(table, where=lambda row: True):
    """Leaves the first row that fits out."""
    return rows_of(table, lambda rows: rows.remove(next(filter(where, rows))))


def twice(table, where=lambda row: True):
    """Has the first row that fits once more at the end."""
    return rows_of(table, lambda rows: rows.append(next(filter(where, rows))))


def told(name, change):
    """Alters summary.json or manifest.json."""
    def alter(folder):
        path = folder / name
        whole = json.loads(path.read_text(encoding="utf-8"))
        change(whole)
        path.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    return alter


def put(*keys):
    """Sets a value deep in a document; the last key is the value."""
    *path, last, value = keys

    def change(whole):
        for key in path:
            whole = whole[key]
        whole[last] = value
    return change


def is_(column, text):
    return lambda row: row[column] == text


ALTERED = {
    "manifest": [cell("orders", "merchant", becomes("someone else")), lambda folder: (folder / "orders.csv").unlink(),
                 lambda folder: (folder / "more.csv").write_text("x"), told("manifest.json", put("as_of", "2026-01-01"))],
    "folder": [lambda folder: folder.rename(folder.with_name("2020-01-01"))],
    "counted": [told("manifest.json", lambda whole: whole.update(inputs=[])),
                told("manifest.json", put("inputs", 0, "sha256", "0" * 64))],
    "difference": [cell("discrepancies", "difference", a_cent_more), cell("discrepancies", "expected", a_cent_more)],
    "exposed": [cell("discrepancies", "exposure", a_cent_more),
                filled("discrepancies", "exposure", "1.00", is_("code", "CARRY_OVER"))],
    "ages": [cell("discrepancies", "age_days", one_more), cell("discrepancies", "event_date", a_day_later),
             cell("discrepancies", "first_seen", becomes("2099-01-01"))],
    "causes": [cell("discrepancies", "cause", becomes("000000000000")), twice("discrepancies")],
    "order": [twice("discrepancies", is_("severity", "error"))],
    "counts": [cell("discrepancies", "state", becomes("accepted"), is_("state", "new")),
               cell("discrepancies", "difference", a_cent_more), told("summary.json", put("ageing", "0-7", 999))],
    "exposure": [cell("discrepancies", "exposure", a_cent_more), cell("discrepancies", "cause", becomes("")),
                 cell("coverage", "waiting_amount", a_cent_more)],
    "same_rows": [cell("balance", "funded", a_cent_more), cell("inputs", "gross", a_cent_more),
                  told("summary.json", lambda whole: whole["coverage"].pop())],
    "balance": [cell("balance", column, a_cent_more) for column in check.TABLES["balance"].split()[3:]],
    "payouts": [cell("payouts", column, a_cent_more) for column in ("net", "fee", "expected", "difference")]
    + [cell("payouts", "state", becomes("pending"), is_("state", "matched")),
       cell("payouts", "first_report", becomes("2099-01-01"))],
    "open_payouts": [without("payouts", is_("state", "not_received")), without("payouts", is_("state", "mismatched")),
                     cell("payouts", "state", becomes("matched"), is_("state", "carried_over"))],
    "missing_payouts": [without("discrepancies", is_("code", "PAYOUT_NOT_RECEIVED")),
                        without("payouts", is_("state", "not_received"))],
    "orders": [cell("orders", "net", a_cent_more), twice("orders")],
    "coverage": [cell("coverage", "state", becomes("silent"), is_("state", "complete")),
                 cell("coverage", "covered_until", becomes("")), cell("coverage", "allowed_until", becomes("2020-01-01")),
                 without("discrepancies", lambda row: row["code"] == "FEED_SILENT" and row["account"])],
    "inputs": [cell("inputs", "rows", one_more), cell("inputs", "rejected", one_more), without("rejected"),
               told("summary.json", put("exit", 0))],
    "chain": [told("manifest.json", put("previous", None))],
    "history": [without("discrepancies", is_("state", "persisting")),
                cell("discrepancies", "expected", a_cent_more, is_("state", "persisting")),
                cell("discrepancies", "state", becomes("new"), is_("state", "persisting")),
                cell("discrepancies", "id", becomes("000000000000"), is_("state", "persisting"))],
}


def main():
    night, later = map(Path, sys.argv[1:])
    sound = [*check.problems(check.Report(night)), *check.problems(check.Report(later), check.Report(night))]
    assert not sound, sound
    rules = {rule.__name__ for rule in check.RULES + check.CHAIN_RULES}
    assert rules == set(ALTERED), rules ^ set(ALTERED)
    chained = {rule.__name__ for rule in check.CHAIN_RULES}
    for rule, alterations in ALTERED.items():
        for number, alter in enumerate(alterations, 1):
            folder, before = (later, check.Report(night)) if rule in chained else (night, None)
            fired = fires(folder, alter, before)
            assert rule in fired, f"{rule} does not fire on alteration {number}; {fired or 'none'} did"
    print(f"{len(ALTERED)} rules fire on {sum(map(len, ALTERED.values()))} altered copies")


def fires(folder, alter, before):
    """The names of the rules that fire on an altered copy; a folder that lacks a table is no report at all."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / folder.name
        shutil.copytree(folder, copy)
        alter(copy)
        (copy,) = Path(scratch).iterdir()
        try:
            return {name for name, _ in check.problems(check.Report(copy), before)}
        except check.NoReport:
            return {"manifest"}


if __name__ == "__main__":
    main()
