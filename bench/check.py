"""Do both find the same?  check.py CRP_RECON_REPORT DUCKDB_OUT   (folders)

Compares discrepancies.csv for the codes that the yardstick knows, as a multiset of code, reference, amounts,
date and source lines, and for each payout that both list what was reported, booked and made of it.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

SHARED = {"ORDER_NOT_FOUND", "FUNDING_NOT_REPORTED", "AMOUNT_MISMATCH", "PAYOUT_NOT_RECEIVED",
          "PAYOUT_AMOUNT_MISMATCH"}


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def lines(sources):
    """Of the sources, those in settlement reports: the yardstick names no others."""
    return ";".join(sorted(part for part in sources.split(";") if part.startswith("crp_")))


def discrepancies(folder):
    found = Counter()
    for row in rows(folder / "discrepancies.csv"):
        if row["code"] in SHARED and row.get("state") != "resolved":
            payout = row["code"].startswith("PAYOUT")
            found[(row["code"], row["payout_reference"] if payout else row["order_reference"], row["currency"],
                   row["expected"], row["actual"], row["event_date"],
                   "" if payout else lines(row["sources"]))] += 1
    return found


def payouts(folder):
    return {(row["payout_reference"], row["currency"]): (row["lines"], row["gross"], row["fee"], row["net"],
                                                          row["booked"], row["state"], row["bank_entries"])
            for row in rows(folder / "payouts.csv")}


def main():
    ours, theirs = Path(sys.argv[1]), Path(sys.argv[2])
    first, second = discrepancies(ours), discrepancies(theirs)
    differences = [f"only crp-recon: {key}" for key in first - second]
    differences += [f"only DuckDB: {key}" for key in second - first]
    # crp-recon lists the payouts that are open or changed, the yardstick all of them.
    listed, known = payouts(ours), payouts(theirs)
    differences += [f"payout {key}: {row}, DuckDB {known.get(key)}" for key, row in listed.items()
                    if known.get(key) != row]
    for line in differences[:20]:
        print(line)
    if not first:
        differences.append("nothing was found: that is no comparison")
        print(differences[-1])
    print(f"{sum(first.values())} discrepancies and {len(listed)} payouts compared, {len(differences)} differences")
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
