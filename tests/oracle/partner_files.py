"""Which of the partners' files arrives before which night, what goes wrong on the way, and what the bank
shows of PAYONE's payouts."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import partner_render as render
from days import ONE, month_end
from render import Dress


@dataclass
class Payout:
    """One payout of PAYONE: its records."""
    reference: str
    rows: list
    amount: int

    @property
    def last(self):
        return max(row.settled for row in self.rows)


# ---- settlement reports -----------------------------------------------------------------------------------

class UsrCourier:
    """One report a settlement day, now and then with records of its neighbours' days."""

    def __init__(self, courier, payone):
        self.courier, self.payone = courier, payone
        self.rng, self.plan, self.partner = payone.rng, payone.plan, payone.partner
        self.dress = Dress(",", self.rng.choice(["\n", "\n", "\r\n"]),
                           self.rng.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"]),
                           self.rng.random() < 0.12)
        self.days = {}                       # settlement day -> records of its file

    def place(self):
        """Puts every record into a file; records without batch are paid under their file's id."""
        days = sorted({row.settled for row in self.payone.rows if not row.memo})
        sources = {day: f"settlementdata_{self.rng.getrandbits(44):011x}" for day in days}
        self.sources, self.clean = sources, {day: self.rng.random() < 0.3 for day in days}
        for row in self.payone.rows:
            at = row.settled
            if at in sources and row.batch and self.rng.random() < 0.08:
                near = [day for day in days if abs((day - at).days) <= 3 and not self.clean[day]]
                at = self.rng.choice(near or [at])
            if at in sources and not (row.memo and not row.batch):
                self.days.setdefault(at, []).append(row)
                row.source = sources[at]

    def run(self):
        share = 0.02 if self.plan.calm else 0.15
        for day, rows in sorted(self.days.items()):
            self.rng.shuffle(rows)
            ahead = max(row.settled for row in rows) > day
            memo_last = max(row.settled for row in rows) > max((r.settled for r in rows if not r.memo), default=day)
            due = day + ONE * self.rng.choice([0, 1])
            if memo_last or ahead or self.rng.random() > share:
                self.bring(due, day, rows)
            else:
                self.rng.choice([self.late, self.twice, self.broken, self.bad_rows, self.many_bad_rows])(due, day, rows)

    def name(self, day):
        return f"unified-{day:%Y%m%d}.csv" + (".gz" if self.dress.compressed else "")

    def data(self, day, rows):
        return self.dress.bytes(render.usr_text(rows, self.partner.merchant, self.sources[day], self.rng,
                                                self.dress.newline))

    def bring(self, due, day, rows, name=None):
        data = self.data(day, rows)
        self.courier.bring(due, "payone-settlement", name or self.name(day), data)
        return data

    def late(self, due, day, rows):
        self.bring(due + ONE * self.rng.randint(1, 4), day, rows)
        self.courier.tell(f"{self.name(day)}: late")

    def twice(self, due, day, rows):
        data = self.bring(due + ONE, day, rows)
        self.courier.bring(due + ONE * self.rng.choice([1, 2]), "payone-settlement", f"copy-{self.name(day)}", data)
        self.courier.tell(f"{self.name(day)}: again under another name: REPORT_DUPLICATE")

    def broken(self, due, day, rows):
        data = self.rng.choice([b"", b" \n\r\n", b"Alpha,Beta\n1,2\n"])
        self.courier.bring(due, "payone-settlement", self.name(day), data)
        if self.rng.random() < 0.8:
            self.bring(due + ONE, day, rows)
        self.courier.tell(f"{self.name(day)}: broken, good a day later perhaps: REPORT_REJECTED")

    def bad_text(self, day, rows):
        """The text of a record that must be rejected."""
        row = replace(self.rng.choice([r for r in rows if not r.memo]), settled=day, ref="BAD-1", turned=False,
                      transaction=f"9{self.payone.next_number()}", type="settlement", written={})
        fields = render.usr_fields(row, self.partner.merchant, self.sources[day], self.rng)
        kind = self.rng.choice(["field", "field", "field", "short", "long", "quote"])
        if kind == "field":
            number, text = self.rng.choice([(2, ""), (3, ""), (9, ""), (13, ""), (14, ""), (15, ""), (13, "31022026"),
                                            (13, "1112026"), (15, "12.3456"), (15, "ten"), (14, "EURO"),
                                            (15, "99999999999999.00"), (18, "-1.2345"), (16, "1.x")])
            fields[number - 1] = text
        elif kind == "quote":
            fields[28] = '"Incorrect account number'
        return ",".join(fields[:-1] if kind == "short" else fields + ["more"] if kind == "long" else fields)

    def bad_rows(self, due, day, rows):
        texts = list(rows)
        texts.insert(self.rng.randrange(len(rows)) + 1, self.bad_text(day, rows))
        self.bring(due, day, texts)
        self.courier.tell(f"{self.name(day)}: a bad record: LINE_REJECTED")

    def many_bad_rows(self, due, day, rows):
        """Just at or over ten percent of at least 20 records."""
        lines = [row for row in rows if not row.memo]
        filler = [replace(lines[0], ref=f"FILL-{self.payone.next_number()}", settled=day, type="settlement", gross=1000,
                          sold_amount=1000, sold_currency="EUR", net=None, commission=None, vat=None, turned=False,
                          transaction=f"8{self.payone.next_number()}", written={})
                  for _ in range(max(18 - len(rows), 0))]
        bad = (len(rows) + len(filler)) // 9 + self.rng.choice([0, 1])
        self.bring(due, day, rows + filler + [self.bad_text(day, rows) for _ in range(bad)])
        self.courier.tell(f"{self.name(day)}: {bad} bad records of {len(rows) + len(filler) + bad}: "
                          "refused when over 10 %")


# ---- notification logs ------------------------------------------------------------------------------------------

class LogCourier:
    """The shop's log of PAYONE's notifications, one file a night or one growing file."""

    def __init__(self, courier, payone):
        self.courier, self.payone = courier, payone
        self.rng, self.plan, self.partner = payone.rng, payone.plan, payone.partner
        self.stamped = self.partner.log_style == "stamped"
        self.dress = Dress(",", self.rng.choice(["\n", "\n", "\r\n"]), "utf-8", self.rng.random() < 0.12)

    def run(self):
        arrivals = sorted(self.arrivals(), key=lambda item: (item[0], item[1].moment))
        before, pending, whole = None, [], []
        ahead = ONE * self.rng.choice([0, 0, 1])
        for as_of in self.plan.nights:
            until = datetime.combine(as_of + ahead, time(23, 59, 59))
            fresh = [(at, call) for at, call in arrivals if at <= until and (before is None or at > before)]
            before, calls = until, pending + fresh
            pending = []
            whole += [(at, self.values(call)) for at, call in calls]
            if self.partner.growing_log:
                self.send(as_of, "payone.log", whole)
            elif calls and self.rng.random() < 0.05:
                self.courier.tell(f"notifications up to {as_of} come a night later")
                pending = calls
            elif calls:
                self.send(as_of, f"payone_{as_of:%Y%m%d}.log", self.with_noise(whole[len(whole) - len(calls):]))

    def values(self, call):
        mode = "test" if call.reference.startswith("TEST") else "live"
        return render.parameters(call, self.plan.zone, self.partner.still_txtime, self.rng, mode)

    def arrivals(self):
        """(arrival, call): retries, disorder, delays and losses; and the notifications of a test system."""
        alone = {}
        for call in self.payone.calls:
            key = call.transaction, call.values["sequencenumber"]
            alone[key] = alone.get(key, 0) + 1
        for call in self.payone.calls:
            if call.lost:
                continue
            at = call.arrives or call.moment
            free = self.stamped and call.values["txaction"] not in ("paid", "cancelation") \
                or alone[call.transaction, call.values["sequencenumber"]] == 1
            if free and self.rng.random() < 0.08:
                at += timedelta(minutes=self.rng.randint(30, 1200))
            yield at, call
            if self.rng.random() < 0.1 and call.values.get("transaction_status") != "pending":
                for hours in self.rng.choice([(1,), (1, 4), (1, 4, 20), (30,)]):
                    yield at + timedelta(hours=hours), call
            if self.rng.random() < 0.03:
                yield at, replace(call, transaction=f"7{call.transaction}", reference=f"TEST-{call.reference}")

    def with_noise(self, entries):
        """Bad lines among good ones; never the first, which tells the format."""
        if self.plan.calm or len(entries) < 2 or self.rng.random() > 0.12 or len(entries) >= 18:
            return entries
        at, values = self.rng.choice(entries)
        if values["mode"] == "test" or values.get("transaction_status") == "pending":
            return entries
        name, text = self.rng.choice([("txid", ""), ("txaction", ""), ("receivable", "ten"), ("currency", "EU"),
                                      ("receivable", "12.3456"), ("balance", "1.2.3"), ("sequencenumber", "x")])
        bad = (at, values | {name: text})
        if self.partner.log_style in ("stamped", "bare") and self.rng.random() < 0.3:
            bad = (at, "connection reset by peer")
        self.courier.tell(f"a bad notification ({name}={text!r}): LINE_REJECTED")
        place = self.rng.randrange(len(entries)) + 1
        return entries[:place] + [bad] + entries[place:]

    def send(self, as_of, name, entries):
        style = self.partner.log_style
        if style == "csv" and any(isinstance(values, str) for _, values in entries):
            return
        name = name.replace(".log", {"csv": ".csv", "ndjson": ".ndjson"}.get(style, ".log"))
        text = render.log_text(entries, style, self.plan.zone, self.rng, self.dress.newline)
        data = b"" if not self.plan.calm and not self.partner.growing_log and self.rng.random() < 0.03 \
            else self.dress.bytes(text)
        self.courier.bring(as_of, "payone-status", name + (".gz" if self.dress.compressed else ""), data)
        if not data:
            self.courier.bring(as_of + ONE, "payone-status", name, self.dress.bytes(text))
            self.courier.tell(f"{name}: empty, good a night later under its plain name: REPORT_REJECTED")


# ---- list pages ---------------------------------------------------------------------------------------------------

class ListCourier:
    """The subscriptions as the list shows them, night by night."""

    def __init__(self, courier, scalexpert):
        self.courier, self.scalexpert = courier, scalexpert
        self.rng, self.plan, self.partner = scalexpert.rng, scalexpert.plan, scalexpert.partner

    def run(self):
        ahead = ONE * self.rng.choice([0, 0, 1])
        for as_of in self.plan.nights:
            if self.rng.random() < 0.85:
                self.listing(as_of, datetime.combine(as_of + ahead, time(23, 59, 59)))

    def listing(self, as_of, until):
        items = []
        for sale, transaction, told_as, solution, versions in self.scalexpert.subscriptions:
            seen = [shown for shown in versions if shown.moment <= until]
            if seen:
                items.append(render.subscription(sale, transaction, told_as, solution, seen[-1], self.plan.zone,
                                                 self.rng))
        self.rng.shuffle(items)
        name, calm, size = f"subscriptions_{as_of:%Y%m%d}.json", self.plan.calm, self.partner.page_size
        if not calm and len(items) > size and self.rng.random() < 0.05:
            self.send(as_of, name, items, items[:-1])
            self.courier.tell(f"{name}: a subscription is missing: REPORT_REJECTED")
            if self.rng.random() < 0.7:
                self.send(as_of + ONE, name, items)
        elif not calm and items and len(items) < 19 and self.rng.random() < 0.06:
            bad = self.rng.choice(items)
            field, text = self.rng.choice([("lastUpdateTimestamp", "yesterday"), ("buyerFinancedAmount", "many"),
                                           ("consolidatedStatus", None), ("merchantGlobalOrderId", "")])
            self.send(as_of, name, [item | {field: text} if item is bad else item for item in items])
            self.courier.tell(f"{name}: a bad {field}: LINE_REJECTED")
        elif not calm and self.rng.random() < 0.03:
            self.courier.bring(as_of, "e-financing", name, self.rng.choice([b"", b'{"totalItemCount":1,"subscr']))
            self.courier.tell(f"{name}: broken: REPORT_REJECTED")
        elif len(items) > size and self.rng.random() < 0.08:
            self.send(as_of, name, items, items[:size] + items[size - 1:])    # the list moved while it was read
        else:
            days = self.rng.choice([1, 2]) if self.rng.random() < 0.05 else 0
            self.send(as_of + ONE * days, name, items)

    def send(self, as_of, name, items, kept=None):
        text = render.list_text(items, self.partner.page_size, self.partner.single_page, self.rng, kept)
        self.courier.bring(as_of, "e-financing", name, text.encode())


# ---- PAYONE on the bank account ---------------------------------------------------------------------------------

class PayoneBank:
    """Books PAYONE's payouts on the company's account."""

    def __init__(self, treasury, payone):
        self.treasury, self.payone = treasury, payone
        self.rng, self.plan, self.partner = payone.rng, payone.plan, payone.partner
        self.net = self.partner.payone["settlement_mode"] == "net"

    def run(self):
        already = len(self.treasury.entries)
        waiting = self.payouts()
        while waiting:
            payout = waiting.pop(0)
            if payout.amount > 0:
                other = next((p for p in waiting[:1] if p.amount > 0), None)
                if self.pay(payout, other):
                    waiting.remove(other)
            elif payout.amount < 0 and self.rng.random() < 0.5:
                self.book(payout, payout.amount, f"PAYONE LASTSCHRIFT {payout.reference}")
        if not self.net:
            self.commissions()
        for entry in self.treasury.entries[already:]:
            entry.value = entry.value or entry.booking
            entry.id = entry.id or f"PB{self.payone.next_number():07d}"
        self.treasury.entries.sort(key=lambda e: (e.booking, e.id))

    def payouts(self):
        found = {}
        for row in self.payone.rows:
            if row.source and not row.memo:
                found.setdefault(row.batch or row.source, []).append(row)
        made = [Payout(reference, rows, sum(row.worth if self.net else row.gross for row in rows))
                for reference, rows in found.items()]
        return sorted(made, key=lambda payout: (payout.last, payout.reference))

    def book(self, payout, amount, text, days=None, **more):
        day = payout.last
        for _ in range(self.rng.choice([1, 2]) if days is None else days):
            day = self.payone.business_day(day + ONE)
        return self.treasury.book("EUR", day, amount, text, **({"counterparty": "PAYONE GMBH"} | more))

    def pay(self, payout, other):
        """Pays a payout in one of many ways; True when `other` was paid with it."""
        ways = [("reference", 40), ("end to end", 8), ("unnamed", 10), ("no text", 4)]
        if other:
            ways += [("two", 5), ("sum", 5)]
        if not self.plan.calm:
            ways += [("never", 4), ("late", 4), ("wrong", 4), ("parts", 4), ("tie", 2), ("stranger", 2)]
        way = self.rng.choices(*zip(*ways))[0]
        named, amount = f"AUSZAHLUNG {payout.reference} PAYONE", payout.amount
        if way in ("reference", "stranger"):
            self.book(payout, amount, named)
        elif way == "end to end":
            self.book(payout, amount, "GUTSCHRIFT", end_to_end=payout.reference)
        elif way == "unnamed":
            self.book(payout, amount, "PAYONE AUSZAHLUNG")
        elif way == "no text":
            self.book(payout, amount, f"SETTLEMENT {payout.reference}", counterparty="CONCARDIS")
        elif way == "late":
            self.book(payout, amount, named, days=self.partner.payone["payout_grace_business_days"] + 2)
        elif way == "wrong":
            self.book(payout, max(amount + self.rng.choice([-1, 1]) * self.rng.randint(101, 2500), 1), named)
        elif way == "parts" and amount > 300:
            self.book(payout, amount // 3, named)
            self.book(payout, amount - amount // 3, named, days=3)
        elif way == "tie":
            for _ in range(2):
                self.book(payout, amount, "PAYONE AUSZAHLUNG", days=1)
        elif way in ("two", "sum"):
            text = f"PAYONE {payout.reference} {other.reference}" if way == "two" else "PAYONE SAMMLER"
            self.book(other, amount + other.amount, text)
        if way == "stranger":
            self.book(payout, self.rng.choice([-1, 1]) * self.rng.randint(500, 9000), "PAYONE DIVERSES")
        if way != "reference":
            self.payone.story.append(f"payone payout {payout.reference} ({amount}, last {payout.last}): {way}")
        return way in ("two", "sum")

    def commissions(self):
        """Gross mode: the monthly debit."""
        months = {}
        for row in self.payone.rows:
            if row.source and not row.memo:
                end = month_end(row.settled)
                months[end] = months.get(end, 0) + row.gross - row.worth
        for end, fees in sorted(months.items()):
            if fees > 0 and self.rng.random() < 0.8:
                day = self.payone.business_day(end + ONE * self.rng.randint(1, 9))
                self.treasury.book("EUR", day, -fees, "PAYONE GEBUEHREN", counterparty="PAYONE GMBH")
