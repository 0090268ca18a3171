"""Reads a report's workbook with openpyxl and compares it with the other files of the report.

    check.py REPORT_FOLDER [--recalculate SOFFICE]

Every cell of every sheet is compared with the CSV of the same table; the Summary with
summary.json; each formula's stored result with the sum of the cells it names; each link with the
row it leads to. With --recalculate, LibreOffice opens a copy without stored results and computes
them again. Prints what it compared, or fails with the first thing that differs.
"""

import argparse
import csv
import json
import pathlib
import re
import subprocess
import tempfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl

SHEETS = {
    "Discrepancies": "discrepancies",
    "Orders": "orders",
    "Payouts": "payouts",
    "Balance": "balance",
    "Inputs": "inputs",
    "Rejected": "rejected",
}
FINANCE = ["Decision", "Reason"]
NUMBERS = {
    "discrepancies": {"expected", "actual", "difference", "age_days"},
    "orders": {"amount", "cancelled", "reported_funded", "reported_cancelled", "fee", "net"},
    "payouts": {"lines", "gross", "fee", "net", "expected", "booked", "difference"},
    "balance": {"lines", "funded", "cancelled", "chargebacks", "adjustments", "fees", "gross",
                "net", "expected_payouts", "matched", "mismatched", "not_received", "pending",
                "carried_over", "unassigned", "residual"},
    "inputs": {"sequence", "rows", "accepted", "rejected", "gross"},
    "rejected": {"line"},
}
DAYS = {"event_date", "first_seen", "first_report", "last_report", "report_date"}


def number(value):
    """A number of a workbook as the decimal that it means."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def table(folder, name):
    with open(folder / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def same_cell(column, name, written, read):
    where = f"{name}.{column}: CSV {written!r}, workbook {read!r}"
    if written == "":
        assert read is None, where
    elif column in DAYS:
        assert isinstance(read, (date, datetime)), where
        assert read.isoformat()[:10] == written, where
    elif column in NUMBERS[name] and ";" not in written:
        assert isinstance(read, (int, float)) and not isinstance(read, bool), where
        assert number(read) == Decimal(written), where
    else:
        assert isinstance(read, str), where
        # What the text of a workbook cannot hold is escaped there: ECMA-376, 22.9.2.19.
        assert openpyxl.utils.escape.unescape(read) == written, where


def compare_tables(folder, book):
    cells = 0
    for sheet_name, name in SHEETS.items():
        rows = table(folder, name)
        sheet = book[sheet_name]
        header = [cell.value for cell in sheet[1]]
        wanted = rows[0] + (FINANCE if name == "discrepancies" else [])
        assert sorted(header) == sorted(wanted), f"header of {sheet_name}"
        assert sheet.max_row == len(rows), f"{sheet_name}: {sheet.max_row} rows, CSV {len(rows)}"
        assert sheet.freeze_panes and sheet.freeze_panes.endswith("2"), f"{sheet_name} is not frozen"
        assert sheet.auto_filter.ref.startswith("A1:"), f"{sheet_name} has no filter"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet_name
        if name == "discrepancies":
            # People read them by urgency, and programs in the order of the table.
            at = header.index("id") + 1
            places = {sheet.cell(row, at).value: row for row in range(2, len(rows) + 1)}
            assert len(places) == len(rows) - 1, "an id is there twice"
        else:
            places = {}
        for row, written in enumerate(rows[1:], start=2):
            row = places.get(written[0], row)
            for at, column in enumerate(rows[0]):
                same_cell(column, name, written[at], sheet.cell(row, header.index(column) + 1).value)
                cells += 1
    seen = [cell.value for cell in book["Discrepancies"][1]]
    assert seen.index("Decision") == seen.index("explanation") + 1, "the decision stands beside the sentence"
    folded = book["Discrepancies"].column_dimensions[openpyxl.utils.get_column_letter(seen.index("id") + 1)]
    assert folded.hidden and folded.outlineLevel == 1, "technical columns are folded"
    return cells


def blocks(sheet):
    """The blocks of the Summary by their titles: a list of dictionaries each."""
    found, title, columns = {}, None, None
    for row in sheet.iter_rows(values_only=True):
        filled = [value for value in row if value is not None]
        if not filled:
            title, columns = None, None
        elif title is None:
            title = row[0]
        elif columns is None:
            columns = [value for value in row]
            found[title] = []
        else:
            width = max(at for at, column in enumerate(columns) if column is not None) + 1
            found[title].append(dict(zip(columns[:width], row)))
    return found


def compare_summary(folder, book):
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    found = blocks(book["Summary"])
    counts = {}
    for row in found["Discrepancies by code and state"]:
        states = {k: v for k, v in row.items() if k not in ("code", "total") and v}
        assert sum(states.values()) == row["total"], row
        if row["code"] != "total":
            counts[row["code"]] = states
    assert counts == summary["counts"], (counts, summary["counts"])
    exposure = {}
    for row in found["What is open, by kind and provider"]:
        if row["code"] == "total" and row.get("currency"):
            exposure[row["currency"]] = {name: number(row[name]) for name in ("short", "over")}
    stated = {currency: {name: Decimal(sums[name]) for name in ("short", "over")}
              for currency, sums in summary["exposure"].items()}
    # What only waits is not open.
    stated = {currency: sums for currency, sums in stated.items() if any(sums.values())}
    exposure = {currency: sums for currency, sums in exposure.items() if any(sums.values())}
    assert exposure == stated, (exposure, stated)
    feeds = found.get("What the books cover", [])
    assert len(feeds) == len(table(folder, "coverage")) - 1, feeds
    amounts = {}
    for row in found.get("Open differences by severity and currency", []):
        amounts.setdefault(row["severity"], {})[row["currency"]] = number(row["amount"])
    stated = {severity: {currency: Decimal(text) for currency, text in sums.items()}
              for severity, sums in summary["amounts"].items()}
    assert amounts == stated, (amounts, stated)
    ageing = {row["days"]: row["open"] for row in found["Age of open discrepancies"]}
    assert ageing == summary["ageing"], (ageing, summary["ageing"])
    # The balance lies on its side: a row a figure, a column a provider and currency.
    balance = {row[None]: [row[key] for key in row if key is not None] for row in found.get("Balance", [])}
    for at, row in enumerate(summary["balance"]):
        for column, value in row.items():
            if column in NUMBERS["balance"]:
                assert number(balance[column][at]) == Decimal(str(value)), (column, balance[column], row)
    files = {row["status"]: row["files"] for row in found.get("Inputs", [])}
    statuses = [row["status"] for row in summary["inputs"]]
    assert files == {status: statuses.count(status) for status in statuses}, files
    for name in ("Orders", "Payouts"):
        rows = table(folder, name.lower())
        for shown in found.get(f"Totals of {name}", []):
            at = rows[0].index("currency")
            mine = [row for row in rows[1:] if row[at] == shown["currency"]]
            assert shown["rows"] == len(mine), (name, shown)
            for column, total in shown.items():
                if column in ("currency", "rows"):
                    continue
                index = rows[0].index(column)
                stated = sum((Decimal(row[index] or 0) for row in mine), Decimal(0))
                assert number(total) == stated, (name, column, total, stated)
    return len(found)


def compare_links(folder, book):
    """Each link leads to a row that bears the link's text; each reference that has a row links."""
    links = 0
    sheet = book["Discrepancies"]
    header = [cell.value for cell in sheet[1]]
    wanted = {"order_reference": ("Orders", "order_reference"),
              "payout_reference": ("Payouts", "payout_reference"), "file": ("Inputs", "file")}
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            column = header[cell.column - 1]
            if cell.hyperlink is None:
                continue
            assert cell.hyperlink.target is None, f"{cell.coordinate} leads out of the workbook"
            target, place = cell.hyperlink.location.split("!")
            assert target == wanted[column][0], (column, target)
            names = [c.value for c in book[target][1]]
            at = names.index(wanted[column][1])
            line = int(re.fullmatch(r"A(\d+)", place)[1])
            assert book[target].cell(line, at + 1).value == cell.value, cell.coordinate
            links += 1
    for column, (target, name) in wanted.items():
        names = [c.value for c in book[target][1]]
        key = [names.index("provider"), names.index(name)] if column != "file" else [names.index(name)]
        there = {tuple(row[at] for at in key)
                 for row in book[target].iter_rows(min_row=2, values_only=True)}
        mine = [header.index("provider"), header.index(column)] if column != "file" else [header.index(column)]
        for row in sheet.iter_rows(min_row=2):
            if tuple(row[at].value for at in mine) in there and row[mine[-1]].value:
                cell = row[mine[-1]]
                # The same reference in another currency has no row of its own.
                if cell.hyperlink is None and column == "payout_reference":
                    continue
                assert cell.hyperlink is not None, f"{cell.coordinate} has no link"
    for row in book["Summary"].iter_rows():
        for cell in row:
            if cell.hyperlink is not None:
                assert cell.hyperlink.location.split("!")[0].strip("'") in SHEETS, cell.coordinate
    return links


def formulas(path):
    book = openpyxl.load_workbook(path)
    return {(sheet.title, cell.coordinate): cell.value
            for sheet in book for row in sheet.iter_rows() for cell in row
            if isinstance(cell.value, str) and cell.data_type == "f"}


def recalculate(path, soffice, stored, known):
    """LibreOffice computes every formula again, in a copy that has no results."""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        openpyxl.load_workbook(path).save(work / "bare.xlsx")
        bare = openpyxl.load_workbook(work / "bare.xlsx", data_only=True)
        for sheet, cell in known:
            assert bare[sheet][cell].value is None, "the copy still has results"
        command = [soffice, f"-env:UserInstallation=file://{work}/profile", "--headless",
                   "--convert-to", "xlsx", "--outdir", str(work / "out"), str(work / "bare.xlsx")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0 and "Error" not in done.stderr, done.stderr
        computed = openpyxl.load_workbook(work / "out" / "bare.xlsx", data_only=True)
        for sheet, cell in known:
            mine, theirs = stored[sheet][cell].value, computed[sheet][cell].value
            assert number(mine) == number(theirs), (sheet, cell, known[sheet, cell], mine, theirs)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--recalculate", metavar="SOFFICE")
    arguments = arguments.parse_args()
    path = arguments.folder / "report.xlsx"
    book = openpyxl.load_workbook(path, data_only=True)
    assert book.sheetnames == ["Summary", *SHEETS], book.sheetnames
    known = formulas(path)
    assert {sheet for sheet, _ in known} <= {"Summary"}, "formulas beside the Summary"
    cells = compare_tables(arguments.folder, book)
    summary = compare_summary(arguments.folder, book)
    links = compare_links(arguments.folder, book)
    if arguments.recalculate:
        recalculate(path, arguments.recalculate, book, known)
    print(f"{cells} cells, {summary} blocks, {links} links, {len(known)} formulas")


main()
