#!/usr/bin/env python3
"""Checks a report without the program that wrote it.

    python3 scripts/check_report.py reports/2026-11-20
    python3 scripts/check_report.py --chain reports/2026-11-19 reports/2026-11-20

Every figure that can be recomputed from the folder's own tables is recomputed; with --chain also what one
recorded night says of the one before it, in the order given. Needs nothing but Python and shares no code with
crp-recon: it was written from what the tables say of themselves. A line for each thing that does not add up,
which begins with the name of its rule; the exit code is 1 then, 2 where something is no report.
"""

import argparse
import csv
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

TABLES = {
    "discrepancies": "id code severity state provider merchant order_reference transaction_id payout_reference account "
                     "bank_entry file currency expected actual difference event_date first_seen age_days assignee note "
                     "sources explanation cause exposure",
    "orders": "provider order_reference merchant status currency amount cancelled reported_funded reported_cancelled fee "
              "net state",
    "payouts": "provider payout_reference currency first_report last_report lines gross fee net expected booked "
               "difference state matched_by bank_entries",
    "balance": "provider currency lines funded cancelled chargebacks adjustments fees gross net expected_payouts matched "
               "mismatched not_received pending carried_over unassigned residual",
    "coverage": "feed provider account path covered_until allowed_until state waiting_items waiting_amount currency",
    "inputs": "file kind provider country sequence report_date sha256 status rows accepted rejected gross reason",
    "rejected": "file line column value reason raw",
}
SEVERITIES = ["error", "warning", "info"]
MONEY = set(  # the codes whose difference is an exposure
    "ORDER_NOT_FOUND STATUS_MISMATCH FUNDING_NOT_REPORTED AMOUNT_MISMATCH DUPLICATE_FUNDING CANCELLATION_NOT_REPORTED "
    "CANCELLATION_UNEXPECTED CANCELLATION_AMOUNT_MISMATCH OVER_CANCELLED DUPLICATE_LINE FEE_MISMATCH CHARGEBACK "
    "PAYOUT_NOT_RECEIVED PAYOUT_AMOUNT_MISMATCH DEBIT_NOT_TAKEN BANK_CREDIT_UNEXPLAINED BANK_DEBIT_UNEXPLAINED".split())
PLACES = ["matched", "mismatched", "not_received", "pending", "carried_over", "unassigned"]
STATES = {
    "matched": lambda p: p["booked"] != "" and p["matched_by"] != "",
    "mismatched": lambda p: p["booked"] != "",
    "not_received": lambda p: amount(p["expected"]) != 0 and amount(p["booked"]) == 0,
    "pending": lambda p: not (p["booked"] or p["difference"] or p["matched_by"]),
    "carried_over": lambda p: amount(p["expected"]) < 0,
    "settled_without_transfer": lambda p: amount(p["expected"]) == 0,
}
AGES = [(7, "0-7"), (30, "8-30"), (60, "31-60"), (90, "61-90")]


class NoReport(Exception):
    """A folder that holds no report, or not all of it."""


def amount(text):
    """The amount of a cell; an empty one is nothing."""
    return Decimal(text or "0")


def day(text):
    return date.fromisoformat(text)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Report:
    """A report folder as it was read."""

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            self.manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
            self.summary = json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))
            self.tables = {name: self.read(name) for name in TABLES}
            self.as_of = day(self.summary["as_of"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NoReport(f"{self.folder}: {error}") from error
        self.is_night = self.summary["from"] is None
        self.found = self.tables["discrepancies"]
        self.open = [row for row in self.found if row["state"] != "resolved"]

    def read(self, name):
        with open(self.folder / f"{name}.csv", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != TABLES[name].split():
                raise ValueError(f"{name}.csv has the columns {reader.fieldnames}")
            return list(reader)

    def root(self, identity):
        """The last of the chain of what explains a discrepancy; None where it goes in circles."""
        causes = {row["id"]: row["cause"] for row in self.found}
        seen = set()
        while causes.get(identity):
            if identity in seen:
                return None
            seen.add(identity)
            identity = causes[identity]
        return identity


def manifest(report):
    """Every file is the one that the manifest names, and no other lies there."""
    named = report.manifest["files"]
    there = {path.name for path in report.folder.iterdir()} - {"manifest.json"}
    for name in sorted(there ^ set(named)):
        yield f"{name} is {'not named' if name in there else 'missing'}"
    for name in sorted(there & set(named)):
        if sha256(report.folder / name) != named[name]:
            yield f"{name} has other bytes than were written"
    for key in ("as_of", "from", "to"):
        if report.manifest[key] != report.summary[key]:
            yield f"{key} is {report.manifest[key]}, in summary.json {report.summary[key]}"


def folder(report):
    """The folder is named after what it is about."""
    about, summary = report.folder.resolve().name, report.summary
    wanted = summary["as_of"] if report.is_night else f"{summary['from']}_{summary['to']}_asof-{summary['as_of']}"
    if about != wanted:
        yield f"it is called {about}, and is the report {wanted}"


def counted(report):
    """The manifest names the files that count."""
    named = {(row["kind"], row["file"], row["sha256"]) for row in report.manifest["inputs"]}
    for row in report.tables["inputs"]:
        key = row["kind"], row["file"], row["sha256"]
        seen = not row["sequence"] or not row["report_date"] or day(row["report_date"]) <= report.as_of
        if row["status"] == "accepted" and seen and key not in named:
            yield f"{row['file']} was accepted and is not named"
        if row["status"] in ("superseded", "refused", "unread") and key in named:
            yield f"{row['file']} is {row['status']} and named"


def difference(report):
    """difference = actual - expected."""
    for row in report.found:
        both = row["expected"] and row["actual"]
        wanted = amount(row["actual"]) - amount(row["expected"]) if both else None
        if (amount(row["difference"]) if row["difference"] else None) != wanted:
            yield f"{row['id']}: {row['difference'] or 'nothing'} instead of {wanted}"


def exposed(report):
    """The exposure of a code that is about money is its difference."""
    for row in report.found:
        about_money = row["code"] in MONEY and row["severity"] != "info"
        if row["exposure"] != (row["difference"] if about_money else ""):
            yield f"{row['id']} {row['code']}: {row['exposure'] or 'none'}"


def ages(report):
    """age_days = as_of - event_date, and nothing was seen before it could be."""
    for row in report.found:
        if int(row["age_days"]) != (report.as_of - day(row["event_date"])).days:
            yield f"{row['id']}: {row['age_days']} days since {row['event_date']}"
        if row["first_seen"] and day(row["first_seen"]) > report.as_of:
            yield f"{row['id']}: first seen on {row['first_seen']}"
        if report.is_night and row["state"] == "new" and row["first_seen"] != report.summary["as_of"]:
            yield f"{row['id']} is new and first seen on {row['first_seen']}"


def causes(report):
    """What explains something is in the report, and nothing explains itself."""
    ids = Counter(row["id"] for row in report.found)
    yield from (f"{identity} stands there {count} times" for identity, count in ids.items() if count > 1)
    for row in report.found:
        if report.root(row["id"]) is None:
            yield f"{row['id']} explains itself"
        elif report.is_night and row["cause"] and row["cause"] not in ids:
            yield f"{row['id']}: {row['cause']} is not there"


def order(report):
    """Rows are sorted by severity, code, provider."""
    keys = [(SEVERITIES.index(row["severity"]), row["code"]) for row in report.found]
    blocks = [key for at, key in enumerate(keys) if at == 0 or keys[at - 1] != key]
    if len(blocks) != len(set(blocks)) or [key[0] for key in keys] != sorted(key[0] for key in keys):
        yield "discrepancies.csv is not sorted by severity and code"


def counts(report):
    """counts, amounts and ageing of summary.json are those of discrepancies.csv."""
    states, sums, buckets = defaultdict(Counter), defaultdict(Counter), Counter()
    for row in report.found:
        states[row["code"]][row["state"]] += 1
    for row in report.open:
        age = int(row["age_days"])
        buckets[next((word for limit, word in AGES if age <= limit), "over 90")] += 1
        if row["currency"] and row["difference"]:
            sums[row["severity"]][row["currency"]] += abs(amount(row["difference"]))
    told = report.summary
    if {code: dict(own) for code, own in states.items()} != told["counts"]:
        yield f"counts: {dict(states)}"
    have = {(severity, currency): Decimal(text) for severity, own in told["amounts"].items() for currency, text in own.items()}
    wanted = {(severity, currency): sum_ for severity, own in sums.items() for currency, sum_ in own.items()}
    if nonzero(have) != nonzero(wanted):
        yield f"amounts: {nonzero(wanted)}"
    if +Counter(told["ageing"]) != buckets:
        yield f"ageing: {dict(buckets)}"


def nonzero(sums):
    return {key: value for key, value in sums.items() if value}


def exposure(report):
    """short and over are the nets by root of what nobody has accepted, waiting what coverage.csv says."""
    nets, wanted = defaultdict(Decimal), defaultdict(Decimal)
    for row in report.open:
        if row["exposure"] and row["state"] != "accepted":
            nets[row["currency"], report.root(row["id"])] += amount(row["exposure"])
    for (currency, _), net in nets.items():
        wanted[currency, "short" if net < 0 else "over"] += abs(net)
    for row in report.tables["coverage"]:
        if row["currency"]:
            wanted[row["currency"], "waiting"] += amount(row["waiting_amount"])
    have = {(currency, name): Decimal(text) for currency, own in report.summary["exposure"].items()
            for name, text in own.items()}
    if nonzero(have) != nonzero(wanted):
        yield f"{nonzero(have)} instead of {nonzero(dict(wanted))}"


def same_rows(report):
    """balance, coverage and inputs of summary.json are the tables of these names."""
    for name in ("balance", "coverage", "inputs"):
        table = [{column: text or None for column, text in row.items()} for row in report.tables[name]]
        told = [{column: None if value in (None, "") else unguarded(str(value), text)
                 for (column, value), text in zip(row.items(), own.values())}
                for row, own in zip(report.summary[name], report.tables[name])]
        if len(report.summary[name]) != len(table) or told != table:
            yield f"{name} differs from {name}.csv"


def unguarded(value, text):
    """A cell that could be taken for a formula has an apostrophe in CSV."""
    return text if text == f"'{value}" else value


def balance(report):
    """Every euro is in exactly one place."""
    for row in report.tables["balance"]:
        own = {column: amount(row[column]) for column in TABLES["balance"].split()[3:]}
        name = f"{row['provider']} {row['currency']}"
        if own["gross"] != own["funded"] + own["cancelled"] + own["chargebacks"] + own["adjustments"]:
            yield f"{name}: gross"
        if own["net"] != own["gross"] - own["fees"]:
            yield f"{name}: net"
        total = own["expected_payouts"] + own["unassigned"]
        if total not in (own["gross"], own["net"]):
            yield f"{name}: payouts and what is unassigned are {total}, neither gross nor net"
        if own["residual"] != 0 or total != sum(own[place] for place in PLACES):
            yield f"{name}: the places add up to {sum(own[place] for place in PLACES)}, the lines to {total}"


def payouts(report):
    """net = gross - fee, expected is one of both, difference = booked - expected, and the state fits."""
    for row in report.tables["payouts"]:
        name = f"{row['provider']} {row['payout_reference']}"
        gross, fee, net, expected = (amount(row[column]) for column in ("gross", "fee", "net", "expected"))
        if net != gross - fee:
            yield f"{name}: net"
        if expected not in (gross, net):
            yield f"{name}: expected is neither gross nor net"
        if row["difference"] and amount(row["difference"]) != amount(row["booked"]) - expected:
            yield f"{name}: difference"
        if row["state"] not in STATES or not STATES[row["state"]](row):
            yield f"{name}: it cannot be {row['state']}"
        if not day(row["first_report"]) <= day(row["last_report"]) <= report.as_of:
            yield f"{name}: from {row['first_report']} to {row['last_report']}"


def open_payouts(report):
    """The open payouts add up to what balance.csv says of them. (Of a range they have other lines, too.)"""
    sums = defaultdict(Decimal)
    for row in report.tables["payouts"]:
        sums[row["provider"], row["currency"], row["state"]] += amount(row["expected"])
    for row in report.tables["balance"] if report.is_night else ():
        for state in ("mismatched", "not_received", "pending", "carried_over"):
            wanted = sums[row["provider"], row["currency"], state]
            if amount(row[state]) != wanted:
                yield f"{row['provider']} {row['currency']}: {state} is {row[state]}, its payouts are {wanted}"


def missing_payouts(report):
    """A payout that was not received is a discrepancy, and only such a one. (A debit may be a month's commissions.)"""
    told = {(row["provider"], row["payout_reference"], row["currency"]) for row in report.open
            if row["code"] == "PAYOUT_NOT_RECEIVED"
            or row["code"] == "DEBIT_NOT_TAKEN" and not re.fullmatch(r"\d{4}-\d{2}", row["payout_reference"])}
    missing = {(row["provider"], row["payout_reference"], row["currency"]) for row in report.tables["payouts"]
               if row["state"] == "not_received"}
    for key in sorted(told ^ missing) if report.is_night else ():
        yield f"{' '.join(key)} is {'only called missing' if key in told else 'missing and not called so'}"


def orders(report):
    """net = funded - cancelled - fee, and each order stands there once."""
    seen = Counter((row["provider"], row["order_reference"]) for row in report.tables["orders"])
    yield from (f"{' '.join(key)} stands there {count} times" for key, count in seen.items() if count > 1)
    for row in report.tables["orders"]:
        if row["net"] and amount(row["net"]) != (
                amount(row["reported_funded"]) - amount(row["reported_cancelled"]) - amount(row["fee"])):
            yield f"{row['provider']} {row['order_reference']}: net"


def coverage(report):
    """A feed is never, silent, late or complete by its days, and a silent account is a discrepancy."""
    silent = {row["account"] for row in report.open if row["code"] == "FEED_SILENT" and row["account"]}
    for row in report.tables["coverage"]:
        name = " ".join(filter(None, (row["feed"], row["provider"], row["account"], row["path"])))
        until, allowed = row["covered_until"], row["allowed_until"]
        overdue = bool(allowed) and day(allowed) < report.as_of
        if (row["state"] == "never") != (not until):
            yield f"{name}: {row['state']}, covered until {until or 'no day'}"
        elif until and (row["state"] == "silent") != overdue:
            yield f"{name}: {row['state']}, allowed until {allowed or 'ever'}"
        if until and row["state"] == "complete" and report.as_of - day(until) > timedelta(days=14):
            yield f"{name}: complete, and covered until {until}"
        if report.is_night and row["account"] and (row["state"] == "silent") != (row["account"] in silent):
            yield f"{name}: {row['state']}, and it is {'' if row['account'] in silent else 'no '}discrepancy"


def inputs(report):
    """rows = accepted + rejected; what was rejected is in rejected.csv; a bad file is exit code 3."""
    rejected, bad = Counter(), False
    for row in report.tables["inputs"]:
        if int(row["rows"]) != int(row["accepted"]) + int(row["rejected"]):
            yield f"{row['file']}: {row['rows']} rows, {row['accepted']} accepted, {row['rejected']} rejected"
        if row["status"] == "accepted":
            rejected[row["file"]] += int(row["rejected"])
        bad = bad or row["status"] in ("refused", "unread") or int(row["rejected"]) > 0
    told = Counter(row["file"] for row in report.tables["rejected"])
    for name in sorted(told.keys() | rejected.keys()):
        if told[name] != rejected[name]:
            yield f"{name}: {rejected[name]} rejected, {told[name]} in rejected.csv"
    if report.is_night and bad and report.summary["exit"] != 3:
        yield f"a file or row was refused, and exit is {report.summary['exit']}"


def chain(report, before):
    """The manifest names the one of the night before."""
    wanted = sha256(before.folder / "manifest.json")
    if report.manifest["previous"] != wanted:
        yield f"previous is {report.manifest['previous']}, that of {before.folder.name} is {wanted}"


def history(report, before):
    """What was open before is open or resolved, and persisting only with the same amounts."""
    then, now = ({row["id"]: row for row in it} for it in (before.open, report.found))
    for identity in sorted(then.keys() - now.keys()):
        yield f"{identity} was open on {before.folder.name} and is not there"
    for identity, row in now.items():
        old = then.get(identity)
        same = old and (old["expected"], old["actual"]) == (row["expected"], row["actual"])
        if row["state"] in ("persisting", "changed", "resolved") and not old:
            yield f"{identity} is {row['state']} and was not open before"
        elif row["state"] == "new" and old or row["state"] == "persisting" and not same:
            yield f"{identity} is {row['state']} and was there with {old['expected']}, {old['actual']}"
        elif old and old["first_seen"] != row["first_seen"]:
            yield f"{identity} was first seen on {old['first_seen']}, now on {row['first_seen']}"


RULES = [manifest, folder, counted, difference, exposed, ages, causes, order, counts, exposure, same_rows, balance,
         payouts, open_payouts, missing_payouts, orders, coverage, inputs]
CHAIN_RULES = [chain, history]


def problems(report, before=None):
    """(rule, sentence) of all that does not add up."""
    for rule in RULES:
        yield from attempt(rule, report)
    for rule in CHAIN_RULES if before else ():
        yield from attempt(rule, report, before)


def attempt(rule, *reports):
    try:
        for sentence in rule(*reports):
            yield rule.__name__, sentence
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        yield rule.__name__, f"a cell cannot be read: {error!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="REPORT", nargs="+")
    parser.add_argument("--chain", action="store_true", help="the reports are recorded nights, the oldest first")
    arguments = parser.parse_args()
    bad, before = 0, None
    for name in arguments.folders:
        try:
            report = Report(name)
        except NoReport as error:
            print(f"no report: {error}")
            return 2
        for rule, sentence in problems(report, before):
            print(f"{rule}: {report.folder.name}: {sentence}")
            bad += 1
        before = report if arguments.chain else None
    if not bad:
        print(f"{len(arguments.folders)} report(s) add up")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
