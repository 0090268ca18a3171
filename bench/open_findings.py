"""A night behind many open discrepancies: what it costs that they are there.

    open_findings.py --binary BINARY --work DIR [--open 3000,300000] [--changed 1000] [--nights 3]

Makes a shop whose orders no report funds, one world for each number of open discrepancies, records a night over it, and
then measures nights in which a report funds some of them: whole processes, wall time around them, CPU (user + system)
and peak memory from wait4. Checks that as many are open as must be.
"""

import argparse
import csv
import datetime
import os
import pathlib
import random
import shutil
import statistics
import time

CONFIG = """timezone = "Europe/Paris"
[database]
url = "sqlite://var/recon.db"
[[input]]
kind = "oney-crp"
path = "inbox/oney"
[[input]]
kind = "orders"
path = "inbox/orders"
[provider.oney]
settlement_mode = "net"
[report]
directory = "reports"
formats = ["csv"]
"""
ORDERS = ["order_reference", "provider", "merchant", "amount", "currency", "status", "ordered_at", "confirmed_at"]
LINES = (
    "PR_Type IS_cancel Merchant_guid PSP_guid Merchant_name Purchase_date Purchase_hour Cancel_date Cancel_hour "
    "Funding_reference External_reference Transaction_number Customer_external_code Transaction_amount "
    "Transaction_amount_currency Merchant_context PSP_context Installment_number Payment_delay Commercial_code "
    "Funding_amount Commission_amount Net_amount Transfer_Id"
).split()
FIRST_NIGHT = datetime.date(2026, 11, 2)


class World:
    """Orders that nobody funds, and reports that fund some of them later."""

    def __init__(self, folder, count):
        self.folder, self.rows, self.sequence = folder, [], 0
        shutil.rmtree(folder, ignore_errors=True)
        for kind in ("oney", "orders"):
            (folder / "inbox" / kind).mkdir(parents=True)
        (folder / "recon.toml").write_text(CONFIG)
        numbers = random.Random(1).sample(range(10**9), count)
        for at, number in enumerate(numbers):
            ordered = datetime.date(2026, 10, 1) + datetime.timedelta(days=at % 10)
            self.rows.append((f"WEB-{number:010d}", ordered, 10_000 + at % 90_000))
        with open(folder / "inbox/orders/orders.csv", "w", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(ORDERS)
            for reference, ordered, cents in self.rows:
                moment = f"{ordered}T12:00:00+02:00"
                rows.writerow([reference, "oney", "", f"{cents / 100:.2f}", "EUR", "FUNDED", moment, moment])

    def report(self, day, funded):
        self.sequence += 1
        name = f"crp_fr_v3_{day:%y%m%d}_{self.sequence:05d}.csv"
        with open(self.folder / "inbox/oney" / name, "w", newline="") as file:
            rows = csv.DictWriter(file, LINES, restval="", lineterminator="\n")
            rows.writeheader()
            for at, (reference, ordered, cents) in enumerate(funded):
                amount = f"{cents / 100:.2f}"
                rows.writerow({
                    "PR_Type": "FIN", "IS_cancel": "N", "Merchant_guid": "m", "PSP_guid": "p", "Merchant_name": "M",
                    "Purchase_date": f"{ordered:%d/%m/%Y}", "Purchase_hour": "12:00:00",
                    "Funding_reference": f"FR{self.sequence:05d}{at:07d}", "External_reference": f"CMDE|{reference}",
                    "Transaction_number": f"{self.sequence:05d}{at:08d}", "Transaction_amount": amount,
                    "Transaction_amount_currency": "EUR", "Installment_number": "3", "Payment_delay": "0",
                    "Commercial_code": "3X60", "Funding_amount": amount, "Commission_amount": "0.00",
                    "Net_amount": amount, "Transfer_Id": f"TRF{day:%y%m%d}{self.sequence:03d}",
                })


def run(binary, folder, day):
    """Runs a night; wall seconds, CPU seconds, peak MB."""
    began = time.monotonic()
    pid = os.posix_spawn(binary, [binary, "run", "--as-of", str(day), "-q"], os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    ])
    _, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 3):
        raise SystemExit(f"{binary} ended with {code}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def open_count(folder, day):
    with open(folder / "reports" / str(day) / "discrepancies.csv", newline="") as file:
        rows = csv.DictReader(file)
        return sum(row["code"] == "FUNDING_NOT_REPORTED" and row["state"] != "resolved" for row in rows)


def measure(options, count):
    folder = pathlib.Path(options.work) / f"open-{count}"
    world = World(folder, count)
    os.chdir(folder)
    world.report(FIRST_NIGHT - datetime.timedelta(days=1), world.rows[:1])
    run(options.binary, folder, FIRST_NIGHT)
    left, turns = world.rows[1:], []
    for night in range(1, options.nights + 1):
        day = FIRST_NIGHT + datetime.timedelta(days=night)
        funded, left = left[: options.changed], left[options.changed :]
        world.report(day - datetime.timedelta(days=1), funded)
        turns.append(run(options.binary, folder, day))
        if open_count(folder, day) != len(left):
            raise SystemExit(f"{open_count(folder, day)} are open on {day} instead of {len(left)}")
    wall, cpu, peak = (statistics.median(turn[at] for turn in turns) for at in range(3))
    print(f"| {count:,} | {wall:.2f} | {cpu:.2f} | {peak:.0f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=os.path.abspath)
    parser.add_argument("--work", required=True, type=os.path.abspath)
    parser.add_argument("--open", default="3000,300000", help="numbers of open discrepancies")
    parser.add_argument("--changed", type=int, default=1000, help="how many a night resolves")
    parser.add_argument("--nights", type=int, default=3)
    options = parser.parse_args()
    print("| open discrepancies | wall s | CPU s | peak MB |\n|---|---|---|---|", flush=True)
    for count in options.open.split(","):
        measure(options, int(count))


main()
