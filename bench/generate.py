"""Makes a company of any size for the benchmark: settlement reports, orders, bank statements.

    generate.py --out DIR [--lines 1000000] [--days 60] [--seed 7] [--calm]
    generate.py --night --out DIR [--lines 20000]     one more evening behind what is in DIR

DIR gets recon.toml, inbox/{oney,orders,bank} and world.json (what --night goes on from). It is built
for the pipeline's cost, not for its wit: `samples/` and `tests/oracle/` hold the tricky cases. Of 100
orders, decided by the seed and the order's number alone:

    85 clean       reported, paid and booked as sold
     5 amount      reported for another amount
     5 no order    reported, and the shop does not have the order
     5 no report   the shop has it, no report does

--calm keeps this mix for the first 10,000 orders only, and all later ones are clean. A long history is
made this way: what is open, and so stands in every night's report, then does not grow with it.
Standard library only.
"""

import argparse
import datetime as dt
import json
import random
from itertools import chain
from pathlib import Path

IBAN = "FR7630006000011234567890189"
FIRST_DAY = dt.date(2026, 3, 1)
ORDERS_BEFORE_CALM = 10_000
TRANSFERS_A_DAY = 5
ORDERED_DAYS_BEFORE = 7  # longer than funding_delay_days: what is in no report is due

CRP_HEADER = (
    "PR_Type,IS_cancel,Merchant_guid,PSP_guid,Merchant_name,Purchase_date,Purchase_hour,Cancel_date,Cancel_hour,"
    "Funding_reference,External_reference,Transaction_number,Customer_external_code,Transaction_amount,"
    "Transaction_amount_currency,Merchant_context,PSP_context,Installment_number,Payment_delay,Commercial_code,"
    "Funding_amount,Commission_amount,Net_amount,Transfer_Id\n")
ORDER_HEADER = ("order_reference,provider,merchant,amount,currency,status,ordered_at,confirmed_at,cancelled_amount,"
                "cancelled_at,transaction_id,product\n")
MERCHANT = "3f0a6c1e-52d7-4b8e-9a41-7c20d5e1f101"
PSP = "1d7e5a90-6b2c-4e13-a8f4-90c3b5d7f000"
CONFIG = """\
timezone = "Europe/Paris"

[database]
url = "sqlite://var/recon.db"

[[input]]
kind = "oney-crp"
path = "inbox/oney"

[[input]]
kind = "orders"
path = "inbox/orders"

[[input]]
kind = "bank-statement"
path = "inbox/bank"

[provider.oney]
settlement_mode = "net"
bank_text = '(?i)\\boney\\b'

[report]
directory = "reports"
formats = ["csv", "json"]
"""
ENTRY = """<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{entry}</AcctSvcrRef>\
<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>\
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
"""
STATEMENT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>{id}</MsgId></GrpHdr>
<Stmt><Id>{id}</Id><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{opening}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>
"""


def money(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def key(number, keys):
    """The number that an order shows: as a shop counts upwards, or, as several shops or random numbers
    give them, in no order. The second is a permutation: 7,654,321 and the prime have no common divisor."""
    return number if keys == "ascending" else (number * 7_654_321 + 12_345) % 9_999_999_967


def report_days(after):
    """The evenings on which a French report is made, from the day after `after`: not on Saturdays."""
    day = after
    while True:
        day += dt.timedelta(days=1)
        if day.weekday() != 5:
            yield day


def next_booking_day(day):
    """The bank books on the next working day."""
    day += dt.timedelta(days=1)
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return day


class World:
    def __init__(self, out, state):
        self.out, self.state = out, state
        for kind in ("oney", "orders", "bank"):
            (out / "inbox" / kind).mkdir(parents=True, exist_ok=True)

    def fate(self, dice, number):
        share = dice.randrange(100)
        if self.state["calm"] and number >= ORDERS_BEFORE_CALM:
            return "clean"
        return "amount" if share < 5 else "no order" if share < 10 else "no report" if share < 15 else "clean"

    def evening(self, day, count):
        """The report, the orders and the statement that come with one report day."""
        # One generator a day: an evening can be made again without those before it.
        dice = random.Random(f"{self.state['seed']} {day}")
        sums = dict.fromkeys((f"TRF{day:%y%m%d}{place:02d}" for place in range(TRANSFERS_A_DAY)), 0)
        lines, orders = [], []
        for number in range(self.state["next_order"], self.state["next_order"] + count):
            self.case(dice, number, day, (lines, orders, sums))
        self.state["next_order"] += count
        self.state["sequence"] += 1
        name = f"crp_fr_v3_{day:%y%m%d}_{self.state['sequence']:05d}.csv"
        self.write("oney", name, chain([CRP_HEADER], lines))
        self.write("orders", f"orders_{day:%Y%m%d}.csv", chain([ORDER_HEADER], orders))
        self.state["lines"] += len(lines)
        self.state["orders"] += len(orders)
        self.statement(next_booking_day(day), sums, dice)

    def case(self, dice, number, day, into):
        lines, orders, sums = into
        fate = self.fate(dice, number)
        amount = dice.randrange(5_000, 300_000)
        ordered = day - dt.timedelta(days=ORDERED_DAYS_BEFORE)
        clock = f"{dice.randrange(24):02d}:{dice.randrange(60):02d}:{dice.randrange(60):02d}"
        shown = key(number, self.state["keys"])
        reference, transaction = f"WEB-{shown:010d}", f"PA{shown * 7919 % 10**14:014d}"
        product = "3X" if number % 2 else "4X"
        if fate != "no order":
            orders.append(f"{reference},oney,{MERCHANT},{money(amount)},EUR,FUNDED,{ordered}T{clock},"
                          f"{ordered}T{clock},,,,{product}\n")
        if fate == "no report":
            return
        gross = amount + dice.randrange(1, 4_000) if fate == "amount" else amount
        fee = gross * 145 // 10_000 + 10
        transfer = f"TRF{day:%y%m%d}{number % TRANSFERS_A_DAY:02d}"
        sums[transfer] += gross - fee
        lines.append(
            f"FIN,N,{MERCHANT},{PSP},Maison Exemple FR,{ordered:%d/%m/%Y},{clock},,,F{number:014d},CMDE|{reference},"
            f"{transaction},C-{number % 99_991:05d},{money(gross)},EUR,,,{3 + number % 2},,{product},"
            f"{money(gross - fee)},{money(fee)},{money(gross - fee)},{transfer}\n")

    def statement(self, day, sums, dice):
        """The transfers with their references, and as many entries of other people."""
        self.state["statements"] += 1
        entries, opening = [], self.state["balance"]
        booked = [(cents, "ONEY BANK", f"VIREMENT ONEY {transfer}") for transfer, cents in sums.items() if cents]
        booked += [(dice.randrange(1_000, 90_000), f"CLIENT {n}", f"FACTURE {n}") for n in range(TRANSFERS_A_DAY)]
        for place, (cents, name, text) in enumerate(booked):
            entry = f"B{self.state['statements']:06d}{place:03d}"
            entries.append(ENTRY.format(amount=money(cents), day=day, entry=entry, name=name, text=text))
            self.state["balance"] += cents
        name = f"S{self.state['statements']:06d}"
        text = STATEMENT.format(id=name, iban=IBAN, day=day, opening=money(opening),
                                closing=money(self.state["balance"]), entries="".join(entries))
        self.write("bank", f"camt053_{self.state['statements']:06d}.xml", [text])

    def write(self, kind, name, parts):
        with open(self.out / "inbox" / kind / name, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--lines", type=int, help="settlement lines, about (default 1,000,000; of a night 20,000)")
    arguments.add_argument("--days", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--keys", choices=["ascending", "permuted"], default="ascending")
    arguments.add_argument("--calm", action="store_true")
    arguments.add_argument("--night", action="store_true")
    args = arguments.parse_args()
    memory = args.out / "world.json"
    if args.night:
        world = World(args.out, json.loads(memory.read_text()))
        days = [next(report_days(dt.date.fromisoformat(world.state["last_day"])))]
    else:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "recon.toml").write_text(CONFIG)
        world = World(args.out, dict(seed=args.seed, calm=args.calm, keys=args.keys, next_order=0, sequence=0, statements=0,
                                     balance=100_000, lines=0, orders=0, last_day=""))
        days = [day for day, _ in zip(report_days(FIRST_DAY), range(args.days))]
    lines = args.lines or (20_000 if args.night else 1_000_000)
    # 95 of 100 orders give a line.
    left = round(lines / 0.95)
    for place, day in enumerate(days):
        count = left // (len(days) - place)
        world.evening(day, count)
        left -= count
    world.state["last_day"] = str(days[-1])
    # The morning after the last report.
    world.state["as_of"] = str(days[-1] + dt.timedelta(days=1))
    memory.write_text(json.dumps(world.state, indent=1))
    print(f"{world.state['lines']} lines and {world.state['orders']} orders; as of {world.state['as_of']}")


if __name__ == "__main__":
    main()
