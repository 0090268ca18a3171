"""Compares the report folder of one night with the reference."""

import csv
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import money

ALWAYS = ["code", "severity", "state", "first_seen", "expected", "actual", "event_date"]
ORDER = ["provider", "order_reference", "currency"]
LINE = ["provider", "order_reference", "transaction_id", "payout_reference", "currency"]
PAYOUT = ["provider", "payout_reference", "currency"]
BANK = ["provider", "account", "bank_entry", "currency"]
COLUMNS = {
    "REFERENCE_MISSING": LINE, "DUPLICATE_LINE": LINE, "FEE_MISMATCH": LINE, "ADJUSTMENT_UNASSIGNED": LINE,
    "MERCHANT_MISMATCH": ["provider", "order_reference"],
    "PAYOUT_NOT_RECEIVED": PAYOUT, "PAYOUT_AMOUNT_MISMATCH": PAYOUT, "DEBIT_NOT_TAKEN": PAYOUT,
    "CARRY_OVER": PAYOUT, "AMBIGUOUS_MATCH": PAYOUT,
    "PAYOUT_REFERENCE_MISSING": ["provider", "file", "currency"],
    "BANK_CREDIT_UNEXPLAINED": BANK, "BANK_DEBIT_UNEXPLAINED": BANK,
    "REPORT_MISSING": ["provider", "file"], "REPORT_REPLACED": ["provider", "file", "currency"],
    "REPORT_DUPLICATE": ["file"], "REPORT_REJECTED": ["file"], "LINE_REJECTED": ["file"],
    "CHARGEBACK": ["provider", "transaction_id", "currency"], "EVENT_MISSING": ["provider", "transaction_id"],
    "PROVIDER_STATUS_MISMATCH": ["provider", "order_reference"],
    "FEED_SILENT": ["account", "file"],
    "STATEMENT_GAP": ["account", "currency"], "STATEMENT_UNBALANCED": ["account", "currency"]}


OF_FILES = ("inputs.csv", "rejected.csv")       # what the page does not settle of a day that is repeated
OF_LATER_NIGHTS = ("REPORT_REPLACED", "REPORT_DUPLICATE")       # a look at an old day is no night that finds them


def read_table(folder, name):
    """Rows of a CSV file of the report as dictionaries."""
    with open(Path(folder) / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reduced(cells, bank_ids):
    """The compared cells of a row, as a sorted tuple of (column, text)."""
    columns = ALWAYS + COLUMNS.get(cells["code"], ORDER)
    kept = {column: cells.get(column, "") for column in columns}
    if "bank_entry" in kept and not bank_ids:
        kept["bank_entry"] = ""
    if kept["code"] == "LINE_REJECTED":
        kept["file"] = rejected_row(kept["file"])
    if "order_reference" in kept:
        kept["order_reference"] = kept["order_reference"].removeprefix("CMDE|")
    return tuple(sorted(kept.items()))


def rejected_row(text):
    """`name:line` of a rejected row; of a listing only its name, for what its line is nobody says."""
    return text.rsplit(":", 1)[0] if text.startswith("subscriptions_") else text


def show(cells, explanation=None):
    """One line for people."""
    head = ["code", "state", "expected", "actual", "event_date", "first_seen"]
    cells = dict(cells)
    text = " ".join(f"{cells.get(c) or '-'}" for c in head)
    rest = " ".join(f"{c}={t}" for c, t in cells.items() if t and c not in head and c != "severity")
    return f"{text} | {rest}" + (f"\n        {explanation}" if explanation else "")


def discrepancies(night, rows):
    """Missing and extra rows of discrepancies.csv, as lines for people."""
    wanted = Counter(reduced(row.cells(), night.bank_ids) for row in night.rows)
    have = Counter(reduced(row, night.bank_ids) for row in rows)
    problems = [f"missing x{n}: {show(cells)}" for cells, n in sorted((wanted - have).items())]
    extra = have - wanted
    for row in rows:
        cells = reduced(row, night.bank_ids)
        if extra[cells] > 0:
            extra[cells] -= 1
            problems.append(f"extra:      {show(cells, row.get('explanation'))}")
    return problems


def arithmetic(night, rows, file_names):
    """What each row of discrepancies.csv must say of itself."""
    problems = []
    ids = Counter(row["id"] for row in rows)
    problems += [f"id {i} stands {n} times" for i, n in ids.items() if n > 1]
    for row in rows:
        where = f"{row['code']} {row['id']}"
        age = (night.as_of - date.fromisoformat(row["event_date"])).days
        if row["age_days"] != str(age):
            problems.append(f"{where}: age_days {row['age_days']}, not {age}")
        if row["expected"] and row["actual"]:
            difference = Decimal(row["actual"]) - Decimal(row["expected"])
            if not row["difference"] or Decimal(row["difference"]) != difference:
                problems.append(f"{where}: difference {row['difference']!r}, not {difference}")
        if not row["explanation"].strip():
            problems.append(f"{where}: no explanation")
        for source in filter(None, row["sources"].split(";")):
            if not source.startswith("+") and source.rsplit(":", 1)[0] not in file_names:
                problems.append(f"{where}: source {source!r} is no file that was delivered")
    return problems


def causes(night, rows):
    """The cause of each open row (another row of the reference, whatever its id) and its exposure."""
    by_id = {row["id"]: reduced(row, night.bank_ids) for row in rows}
    by_cells = {}
    for row in rows:
        by_cells.setdefault(reduced(row, night.bank_ids), []).append(row)
    cells_of = {row.found.identity: reduced(row.cells(), night.bank_ids) for row in night.open_rows}
    problems = []
    for wanted in night.open_rows:
        found = by_cells.get(cells_of[wanted.found.identity], [])
        if len(found) != 1:
            continue                             # told already, or equal in all that is compared
        if found[0]["exposure"] != wanted.cells()["exposure"]:
            problems.append(f"{show(cells_of[wanted.found.identity])}\n        exposure {found[0]['exposure']!r}, "
                            f"not {wanted.cells()['exposure']!r}")
        cause, told = night.causes.get(wanted.found.identity), found[0]["cause"]
        has, wants = by_id.get(told, told), cells_of[cause.identity] if cause else ""
        if has != wants:
            problems.append(f"{show(cells_of[wanted.found.identity])}\n        cause  {show(has) if told in by_id else has}"
                            f"\n        not    {show(wants) if wants else 'none'}")
    return problems


def coverage(night, rows):
    """coverage.csv against the reference."""
    def text(cell):
        return "" if cell is None else str(cell)

    def key(row):
        provider = row["provider"] if row["feed"] == "reports" else ""
        path = row["path"] if row["feed"] != "reports" and not row["account"] else ""
        return row["feed"], provider, row["account"], path, row["currency"]

    wanted, problems = {key(row): row for row in night.coverage}, []
    for row in rows:
        have = wanted.pop(key(row), None)
        if have is None:
            problems.append(f"unknown row {key(row)}")
            continue
        problems += [f"{key(row)}: {column} {row[column]!r}, not {text(have[column])!r}"
                     for column in ("covered_until", "allowed_until", "state", "waiting_items")
                     if row[column] != text(have[column])]
        if Decimal(row["waiting_amount"] or "0") != Decimal(money.text(have["waiting_amount"], row["currency"] or "EUR")):
            problems.append(f"{key(row)}: waiting_amount {row['waiting_amount']!r}, not {have['waiting_amount']}")
    return problems + [f"{row}: no row" for row in wanted]


def exposure(night, folder):
    """What summary.json says is short, over and waiting."""
    stored = json.loads((Path(folder) / "summary.json").read_text(encoding="utf-8"))["exposure"]
    have = {currency: tuple(Decimal(str(three[name])) for name in ("short", "over", "waiting"))
            for currency, three in stored.items()}
    wanted = {currency: tuple(Decimal(money.text(minor, currency)) for minor in three)
              for currency, three in night.exposure.items()}
    return [f"{currency}: short, over, waiting {have.get(currency)}, not {wanted.get(currency)}"
            for currency in sorted(have.keys() | wanted.keys())
            if have.get(currency, (0, 0, 0)) != wanted.get(currency, (0, 0, 0))]


def balance(night, rows):
    """balance.csv against the reference."""
    problems, seen = [], set()
    for row in rows:
        key = row["provider"], row["currency"]
        figures = {column: text for column, text in row.items() if column not in ("provider", "currency")}
        if Decimal(figures["residual"]) != 0:
            problems.append(f"{key}: residual {figures['residual']}")
        wanted = night.balance.get(key)
        if wanted is None:
            if any(Decimal(text or "0") for text in figures.values()):
                problems.append(f"{key}: unknown row {figures}")
            continue
        seen.add(key)
        for column, minor in wanted.items():
            texts = [money.text(minor, key[1]) if column != "lines" else str(minor)]
            if column == "expected_payouts":       # with or without the unassigned lines
                texts.append(money.text(minor - wanted["unassigned"], key[1]))
            if figures[column] not in texts:
                problems.append(f"{key}: {column} {figures[column]}, not {texts[0]}")
    return problems + [f"{key}: no row" for key in night.balance if key not in seen]


def payouts(night, rows):
    """payouts.csv: what is there must be right, and every open payout must be there."""
    problems, wanted = [], {(p.provider, p.reference, p.currency): p for p in night.payouts}
    seen = set()
    for row in rows:
        key = row["provider"], row["payout_reference"], row["currency"]
        seen.add(key)
        payout = wanted.get(key)
        if payout is None:
            problems.append(f"{key}: no such payout")
            continue
        figures = {"first_report": payout.first.isoformat(), "last_report": payout.last.isoformat(),
                   "lines": str(len(payout.lines)), "state": payout.state, "matched_by": payout.matched_by,
                   "gross": money.text(sum(line.gross for line in payout.lines), key[2]),
                   "fee": money.text(sum(line.fee for line in payout.lines), key[2]),
                   "net": money.text(sum(line.gross - line.fee for line in payout.lines), key[2]),
                   "expected": money.text(payout.amount, key[2])}
        if payout.state == "pending":
            figures |= {"booked": "", "difference": ""}
        elif payout.booked is not None and payout.alone:
            figures |= {"booked": money.text(payout.booked, key[2]),
                        "difference": money.text(payout.booked - payout.amount, key[2])}
        problems += [f"{key}: {column} {row[column]!r}, not {text!r}"
                     for column, text in figures.items() if row[column] != text]
    open_states = ("mismatched", "not_received", "pending", "carried_over")
    return problems + [f"{key}: {payout.state}, but no row" for key, payout in sorted(wanted.items())
                       if payout.state in open_states and key not in seen]


def orders(night, rows):
    """orders.csv: amounts of the rows that are there (signs aside), and open orders must be there."""
    problems, states = [], {}
    for row in rows:
        key = row["provider"], row["order_reference"].removeprefix("CMDE|")
        states[key] = row["state"]
        wanted = night.orders.get(key)
        if wanted is None or row["currency"] != wanted["currency"]:
            continue
        for column in ("cancelled", "reported_funded", "reported_cancelled"):
            text = money.text(wanted[column], wanted["currency"])
            if Decimal(row[column] or "0").copy_abs() != Decimal(text).copy_abs():
                problems.append(f"{key}: {column} {row[column]!r}, not {text!r}")
    codes = {"AMOUNT_MISMATCH", "FUNDING_NOT_REPORTED", "DUPLICATE_FUNDING", "CANCELLATION_NOT_REPORTED",
             "CANCELLATION_UNEXPECTED", "CANCELLATION_AMOUNT_MISMATCH", "OVER_CANCELLED"}
    for row in night.open_rows:
        key = row.found.provider, row.found.order_reference
        if row.found.code in codes and states.get(key) != "open":
            problems.append(f"{key}: {row.found.code} is raised, but its state is {states.get(key)!r}")
    return problems + [f"{key}: waits for its provider's reports, but its state is {states.get(key)!r}"
                       for key in night.waiting_orders if states.get(key) not in ("open", "pending")]


def inputs(night, rows):
    """inputs.csv: one row a file stored since the recorded night before, and rows = accepted + rejected."""
    problems, unread = [], [row["file"] for row in rows if row["status"] == "unread"]
    if len(unread) != len(night.unread):
        problems.append(f"unread are {unread}, not {night.unread}")
    problems += [f"{name}: not unread" for name in night.unread
                 if not any(Path(file).name == Path(name).name for file in unread)]
    rows = [row for row in rows if row["status"] != "unread"]
    wanted = {(file.name, file.sha): file for file in night.files}
    for row in rows:
        counts = [int(row[column] or 0) for column in ("rows", "accepted", "rejected")]
        if counts[0] != counts[1] + counts[2]:
            problems.append(f"{row['file']}: rows {counts[0]} are not accepted {counts[1]} + rejected {counts[2]}")
        key = row["file"], row["sha256"]
        if row["status"] == "ignored":           # whether it is hashed at all is not said
            key = next((other for other in wanted if other[0] == row["file"]), key)
        file = wanted.pop(key, None)
        if file is None:
            problems.append(f"{row['file']} ({row['status']}): not first seen this night")
            continue
        status = {"superseded": "accepted"}.get(row["status"], row["status"])
        if status != file.status:
            problems.append(f"{row['file']}: {row['status']} ({row['reason']}), not {file.status} ({file.reason})")
        elif file.status == "accepted" and file.kind != "bank-statement":
            if counts != [file.rows, file.rows - len(file.rejected), len(file.rejected)]:
                problems.append(f"{row['file']}: rows, accepted, rejected {counts}, not "
                                f"{file.rows} with {len(file.rejected)} rejected")
        problems += identity(row, file)
    untold = {(file.name, file.sha) for file in night.untold}
    return problems + [f"{name}: no row" for name, sha in sorted(wanted) if (name, sha) in untold]


def identity(row, file):
    """Country, sequence and date of a CRP file; date of a Unified Settlement Report."""
    if file.kind == "payone-settlement" and file.status == "accepted" and file.report_date:
        if row["report_date"] != file.report_date.isoformat():
            return [f"{row['file']}: report_date {row['report_date']!r}, not '{file.report_date}'"]
    if file.kind != "oney-crp" or file.status == "ignored" or file.sequence is None:
        return []
    figures = {"country": file.country, "sequence": str(file.sequence), "report_date": file.report_date.isoformat()}
    return [f"{row['file']}: {column} {row[column]!r}, not {text!r}"
            for column, text in figures.items() if row[column] != text]


def rejected(night, rows):
    """rejected.csv: file and line of the rejected rows of tonight's files."""
    wanted = {rejected_row(f"{file.name}:{line}") for file in night.files if file.status == "accepted"
              for line, *_ in file.rejected}
    have = {rejected_row(f"{row['file']}:{row['line']}") for row in rows}
    # A file superseded in the night it came counts no longer, and may be left out.
    return [f"{place}: missing or unexpected" for place in sorted(have - wanted)] + [
        f"{row.found.file}: no row in rejected.csv" for row in night.rows
        if row.found.code == "LINE_REJECTED" and row.state == "new"
        and rejected_row(row.found.file) not in have]


def summary(folder, rows):
    """summary.json counts the same rows."""
    counts = {}
    for row in rows:
        states = counts.setdefault(row["code"], Counter())
        states[row["state"]] += 1
    stored = json.loads((Path(folder) / "summary.json").read_text(encoding="utf-8"))["counts"]
    stored = {code: {state: n for state, n in states.items() if n} for code, states in stored.items()}
    stored = {code: states for code, states in stored.items() if states}
    return [f"{code}: summary.json counts {dict(stored.get(code, {}))}, the table {dict(counts.get(code, {}))}"
            for code in sorted(stored.keys() | counts.keys()) if stored.get(code) != counts.get(code)]


def look_problems(night, folder, first, last, states=False):
    """What is wrong with the report of a range: the filter of a night by `event_date`, and the balance of the
    lines that were reported in the range."""
    def kept(code):
        return states or code not in OF_LATER_NIGHTS

    rows = [row for row in read_table(folder, "discrepancies.csv")
            if row["state"] != "resolved" and kept(row["code"])]
    wanted = [row for row in night.open_rows if first <= row.found.event_date <= last and kept(row.found.code)]
    if not states:
        rows = [row | {"state": "", "first_seen": ""} for row in rows]
        wanted = [Plain(row.cells() | {"state": "", "first_seen": ""}) for row in wanted]
    ranges = {(leg.provider, currency): table for leg in night.legs
              for currency, table in leg.balance(first, last).items()}
    for leg in night.legs:
        for payout in leg.payouts:           # in which column a part of nothing stands, the page does not say
            part = sum(leg.paid(line) for line in payout.lines if first <= line.report_date <= last)
            if part and payout.state == "settled_without_transfer":
                ranges[leg.provider, payout.currency].pop("matched", None)
    found = {"discrepancies.csv": discrepancies(replace(night, rows=wanted), rows),
             "balance.csv": balance(replace(night, balance=ranges), read_table(folder, "balance.csv"))}
    return {table: problems for table, problems in found.items() if problems}


@dataclass
class Plain:
    """A row of the reference without its state."""
    texts: dict

    def cells(self):
        return self.texts


def night_problems(night, folder, file_names, without=()):
    """Everything that is wrong with the report folder of a night, but for some tables: {table: [lines]}."""
    if not Path(folder).is_dir():
        return {"folder": [f"{folder} does not exist"]}
    rows = read_table(folder, "discrepancies.csv")
    found = {
        "discrepancies.csv": discrepancies(night, rows),
        "causes": causes(night, rows) if "causes" not in without else [],
        "coverage.csv": coverage(night, read_table(folder, "coverage.csv")),
        "exposure": exposure(night, folder) if "exposure" not in without else [],
        "each discrepancy": arithmetic(night, rows, file_names),
        "balance.csv": balance(night, read_table(folder, "balance.csv")),
        "payouts.csv": payouts(night, read_table(folder, "payouts.csv")),
        "orders.csv": orders(night, read_table(folder, "orders.csv")),
        "inputs.csv": inputs(night, read_table(folder, "inputs.csv")),
        "rejected.csv": rejected(night, read_table(folder, "rejected.csv")),
        "summary.json": summary(folder, rows)}
    return {table: problems for table, problems in found.items() if problems and table not in without}


def id_of(night, rows, wanted):
    """The id that the binary gave to a row of the reference, None when it is not to be found."""
    cells = reduced(wanted.cells(), night.bank_ids)
    ids = [row["id"] for row in rows if reduced(row, night.bank_ids) == cells]
    return ids[0] if len(ids) == 1 else None


def folder_bytes(folder):
    """{file name: bytes} of a folder and its subfolders."""
    folder = Path(folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def folder_difference(first, second):
    """What differs between two folders given as {name: bytes}."""
    problems = []
    for name in sorted(first.keys() | second.keys()):
        if first.get(name) == second.get(name):
            continue
        if name not in first or name not in second:
            problems.append(f"{name}: only in one folder")
            continue
        pairs = zip(first[name].decode(errors="replace").splitlines() + ["(end)"],
                    second[name].decode(errors="replace").splitlines() + ["(end)"])
        line, (one, two) = next(((n, pair) for n, pair in enumerate(pairs, start=1) if pair[0] != pair[1]),
                                (0, ("?", "?")))
        problems.append(f"{name} line {line}:\n        {one[:300]}\n        {two[:300]}")
    return problems
