"""Which file arrives before which night, and what goes wrong on the way."""

from dataclasses import dataclass, replace
import render
from company import CrpRow
from days import ONE, is_business_day, report_due
from plan import INPUTS, PARTNER_INPUTS
from treasury import BankEntry

KEYS = [*INPUTS, *PARTNER_INPUTS, "orders#2"]


@dataclass(frozen=True)
class Delivery:
    """One file put into an input folder before the run of a night."""
    night: int
    kind: str
    name: str
    data: bytes


class Courier:
    """Collects deliveries; files due after the last night never arrive."""

    def __init__(self, plan, story):
        self.plan, self.rng, self.story = plan, plan.rng, story
        self.deliveries = []

    def bring(self, day, kind, name, data):
        """Delivers a file before the first night on or after a day."""
        night = next((n for n, as_of in enumerate(self.plan.nights) if as_of >= day), None)
        if night is not None:
            self.deliveries.append(Delivery(night, kind, name, data))

    def tell(self, text):
        self.story.append(text)


# ---- CRP ------------------------------------------------------------------------------------------------

class CrpCourier:
    """Numbers, names and delivers the CRP reports of one country."""

    def __init__(self, courier, company, country):
        self.courier, self.plan, self.rng = courier, courier.plan, courier.rng
        self.company, self.country = company, country
        self.reports = company.reports[country]
        self.style = render.crp_style(self.plan, country)
        self.long_date = self.rng.random() < 0.3
        self.upper = self.rng.random() < 0.15

    def run(self):
        self.number()
        share = 0.03 if self.plan.calm else self.rng.choice([0.08, 0.15, 0.25])
        for report in self.reports:
            if self.rng.random() < share:
                self.rng.choices(*zip(*self.mishaps()))[0](report)
            else:
                self.plain(report)

    def number(self):
        """Sequence numbers, with their own mishaps."""
        sequence = self.rng.choice([1, 7, 95, 998, 20231])
        restart = self.restart_date()
        for report in self.reports:
            if report.date == restart:
                sequence = 1
                self.courier.tell(f"{self.country}: numbers start again on {restart}")
            elif not self.plan.calm and not self.plan.restart and self.rng.random() < 0.02:
                skip = self.rng.choice([1, 1, 2, 40])
                sequence += skip
                self.courier.tell(f"{self.country} {report.date}: {skip} numbers skipped: REPORT_MISSING")
            report.sequence = sequence
            sequence += 1
        if not self.plan.calm and self.rng.random() < 0.15:
            self.clone()

    def restart_date(self):
        """A day more than 20 days after the first report, when this country's numbers restart."""
        if self.plan.restart != self.country:
            return None
        late = [r.date for r in self.reports if (r.date - self.reports[0].date).days > 21]
        return self.rng.choice(late[:6]) if late else None

    def clone(self):
        """The same content is sent again under the next number: every line is there twice."""
        index = self.rng.randrange(len(self.reports))
        report = self.reports[index]
        if not report.rows or any(not row.order_ref.strip() for row in report.rows) or self.plan.restart:
            return
        for later in self.reports[index + 1:]:
            later.sequence += 1
        copy = replace(report, rows=[replace(row) for row in report.rows], sequence=report.sequence + 1)
        self.reports.insert(index + 1, copy)
        self.courier.tell(f"{self.country} {report.date}: sent again as #{copy.sequence}: DUPLICATE_LINE")

    # ---- names and bytes ---------------------------------------------------------------------------

    def name(self, report, version="3", date=None, long=None):
        long = self.long_date if long is None else long
        stamp = (date or report.date).strftime("%Y%m%d" if long else "%y%m%d")
        name = f"crp_{self.country}_v{version}_{stamp}_{report.sequence}.csv"
        name = name + ".gz" if self.style.dress.compressed else name
        return name.upper() if self.upper else name

    def data(self, rows, extra=(), style=None):
        style = style or self.style
        return style.dress.bytes(render.crp_text(self.plan, style, rows, extra))

    def due(self, report):
        return report_due(self.country, report.date)

    def bring(self, report, data, days=0, **name):
        self.courier.bring(self.due(report) + ONE * days, "oney-crp", self.name(report, **name), data)

    def tell(self, report, text):
        self.courier.tell(f"report {self.country} {report.date} #{report.sequence}: {text}")

    def plain(self, report):
        self.bring(report, self.data(report.rows))

    # ---- mishaps --------------------------------------------------------------------------------------

    def mishaps(self):
        calm = [(self.late, 4), (self.twice, 4), (self.reencoded, 2)]
        if self.plan.calm:
            return calm
        return calm + [(self.lost, 4), (self.corrected, 5), (self.corrected_same_night, 3), (self.stale, 3),
                       (self.refused, 5), (self.bad_correction, 2), (self.bad_rows, 4), (self.many_bad_rows, 2),
                       (self.damaged, 4), (self.wrong_name, 2), (self.mistyped, 1)]

    def late(self, report):
        days = self.rng.randint(1, 4)
        self.bring(report, self.data(report.rows), days)
        self.tell(report, f"{days} days late")

    def lost(self, report):
        self.tell(report, "never arrives: REPORT_MISSING")

    def twice(self, report):
        """The same bytes under another name."""
        data = self.data(report.rows)
        self.bring(report, data)
        self.bring(report, data, self.rng.choice([0, 1, 3]), version="4")
        self.tell(report, "the same bytes under another name: REPORT_DUPLICATE")

    def wrong_rows(self, report):
        """The rows with an error: one missing, or another amount."""
        rows = [replace(row) for row in report.rows]
        index = self.rng.randrange(len(rows))
        if self.rng.random() < 0.4 and len(rows) > 1:
            rows.pop(index)
        else:
            off = self.rng.randint(200, 900)
            rows[index].amount += off if rows[index].amount > 0 else -off
            rows[index].written = {}
        return rows

    def one_currency(self, report):
        return len({row.currency for row in report.rows}) == 1

    def corrected(self, report):
        if not self.one_currency(report):
            return self.plain(report)
        self.bring(report, self.data(self.wrong_rows(report)))
        variant = self.rng.choice([{}, {"version": "5"}, {"long": not self.long_date}])
        self.bring(report, self.data(report.rows), self.rng.randint(1, 4), **variant)
        return self.tell(report, f"wrong at first, corrected later {variant}: REPORT_REPLACED")

    def corrected_same_night(self, report):
        if not self.one_currency(report):
            return self.plain(report)
        self.bring(report, self.data(self.wrong_rows(report)), version="3")
        self.bring(report, self.data(report.rows), version="4")
        return self.tell(report, "two versions in one night: REPORT_REPLACED")

    def stale(self, report):
        """An older version, by the date in its name, comes after the good one and loses."""
        if not self.one_currency(report):
            return self.plain(report)
        self.bring(report, self.data(report.rows))
        self.bring(report, self.data(self.wrong_rows(report)), self.rng.randint(1, 2), date=report.date - ONE)
        return self.tell(report, "an older version arrives later and loses: REPORT_REPLACED")

    def reencoded(self, report):
        """The same rows again in other bytes."""
        if not self.one_currency(report):
            return self.plain(report)
        self.bring(report, self.data(report.rows))
        dress = replace(self.style.dress, newline="\r\n" if self.style.dress.newline == "\n" else "\n")
        self.bring(report, self.data(report.rows, style=replace(self.style, dress=dress)), 1, version="9")
        return self.tell(report, "the same rows in other bytes: REPORT_REPLACED with equal sums")

    def broken(self, report):
        """Bytes that must be refused."""
        good = self.data(report.rows)
        unknown = render.table(["Alpha", "Beta", "Gamma"], [["1", "2", "3"]]).encode()
        choices = [b"", b" \n\r\n", unknown]
        if good[:2] == b"\x1f\x8b":
            choices.append(good[:len(good) // 2])
        return self.rng.choice(choices)

    def refused(self, report):
        data, days = self.broken(report), self.rng.randint(1, 3)
        self.bring(report, data)
        if self.rng.random() < 0.8:
            self.bring(report, self.data(report.rows), days, **self.rng.choice([{}, {"version": "6"}]))
        self.tell(report, f"broken ({len(data)} bytes): REPORT_REJECTED, good {days} days later perhaps")

    def bad_correction(self, report):
        self.bring(report, self.data(report.rows))
        self.bring(report, b"\n", 1, version="7")
        self.tell(report, "a broken correction follows: REPORT_REJECTED stands, the report counts on")

    def bad_fields(self, report):
        """Rows that must be rejected."""
        row = CrpRow("WEB-1", f"TXB{self.company.next_number()}", 1000, 10, "EUR", "m", "3X", 3,
                     self.company.at(report.date))
        changes = [{"PR_Type": "ABC"}, {"IS_cancel": "X"}, {"IS_cancel": "Y"}, {"Merchant_guid": ""},
                   {"Purchase_date": ""}, {"Purchase_date": "31/02/2026"}, {"Purchase_date": "2026-01-05"},
                   {"Transaction_amount_currency": "EU"}, {"Transaction_amount_currency": ""}]
        if self.style.layout == "v3":
            mark = self.plan.decimal_mark
            amounts = ["12.3456", "ten", "", f"-10{mark}00", f"99999999999999{mark}00"]
            changes += [{"Transaction_amount": text} for text in amounts]
        fields = render.crp_fields(self.plan, self.style, row, **self.rng.choice(changes))
        return self.rng.choice([fields, fields, fields, fields[:-1], fields + ["more"]])

    def bad_rows(self, report):
        self.bring(report, self.data(report.rows, [self.bad_fields(report)]))
        self.tell(report, "a bad row: LINE_REJECTED")

    def many_bad_rows(self, report):
        """Just at or over ten percent of at least 20 rows."""
        good = [replace(row) for row in report.rows]
        order = next((o for o in self.company.orders if o.country == self.country), None)
        if order is None or not self.one_currency(report):
            return self.plain(report)
        filler = [CrpRow(f"FILL-{self.company.next_number()}", f"TXF{self.company.next_number()}", 1000, 0,
                         report.rows[0].currency, order.merchant, "ZZ", 1, self.company.at(report.date))
                  for _ in range(max(18 - len(good), 0))]
        bad = (len(good) + len(filler)) // 9 + self.rng.choice([0, 1])
        extra = [self.bad_fields(report) for _ in range(bad)]
        self.bring(report, self.data(good + filler, extra))
        return self.tell(report, f"{bad} bad rows beside {len(good) + len(filler)}: refused when over 10 %")

    def damaged(self, report):
        """A real row cannot be read; a correction comes or not."""
        if not self.one_currency(report) or len(report.rows) < 2:
            return self.plain(report)
        bad = render.crp_fields(self.plan, self.style, report.rows[0], Merchant_guid="")
        self.bring(report, self.data(report.rows[1:], [bad]))
        if self.rng.random() < 0.6:
            self.bring(report, self.data(report.rows), self.rng.randint(1, 3), version="8")
        return self.tell(report, "a damaged row: LINE_REJECTED, corrected perhaps")

    def wrong_name(self, report):
        self.courier.bring(self.due(report), "oney-crp", f"crp_{self.country}_v3_{report.date:%y%m%d}.csv",
                           self.data(report.rows) if not self.style.dress.compressed else b"PR_Type\n")
        if self.rng.random() < 0.7:
            self.bring(report, self.data(report.rows), 1)
        self.tell(report, "a name without number: refused")

    def mistyped(self, report):
        """The number of one report is far too high."""
        wrong = replace(report, sequence=report.sequence + 400)
        self.bring(wrong, self.data(report.rows))
        self.tell(report, f"named #{wrong.sequence} by mistake")


# ---- orders and events -------------------------------------------------------------------------------------

class OrdersCourier:
    """The shop's exports, one a night."""

    def __init__(self, courier, company):
        self.courier, self.plan, self.rng, self.company = courier, courier.plan, courier.rng, company
        self.dress = render.any_dress(self.rng)
        self.style = "ndjson" if self.plan.orders_style == "delta-ndjson" else "csv"
        self.columns = [c for c in render.ORDER_COLUMNS if c != "updated_at" or self.plan.updated_at]
        if self.rng.random() < 0.3:
            self.rng.shuffle(self.columns)
        if self.rng.random() < 0.3:
            self.columns.append("sales_channel")

    def run(self):
        exported, sent = {}, set()
        for night, as_of in enumerate(self.plan.nights):
            changed = self.changed(as_of, exported, full=self.plan.orders_style.startswith("full"))
            self.export(night, as_of, changed)
            self.events(as_of, sent)

    def changed(self, as_of, exported, full):
        """Rows of the orders that changed since the last export, or of all."""
        rows = []
        for order in self.company.orders:
            known = order.row(as_of)
            if known and (full or exported.get(order.ref) != known["version"]):
                exported[order.ref] = known["version"]
                rows.append(render.order_cells(order, known, self.updated_at(order, known, as_of)))
        return rows

    def updated_at(self, order, known, as_of):
        if not self.plan.updated_at:
            return ""
        day = max(when for when, _ in order.versions if when <= as_of)
        return f"{day}T12:00:{known['version']:02d}"

    def export(self, night, as_of, rows):
        if self.plan.orders_style == "full-csv":
            self.send(as_of, "orders.csv", rows)
            return
        name = f"orders_{as_of:%Y%m%d}." + ("ndjson" if self.style == "ndjson" else "csv")
        if self.style == "ndjson" and not rows:
            return
        delta = self.plan.orders_style.startswith("delta")
        if delta and self.rng.random() < 0.12:
            rows = self.spoil(rows)
        if delta and self.plan.payone and night == 0:
            rows = rows + self.strangers(as_of)
        if delta and not self.plan.calm and self.rng.random() < 0.03:
            self.refused(as_of, name, rows)
            return
        days = 1 if delta and self.plan.updated_at and self.rng.random() < 0.1 else 0
        self.send(as_of + ONE * days, name, rows)
        if days:
            self.courier.tell(f"{name}: a day late")
        if delta and rows and not self.plan.calm and self.rng.random() < 0.05:
            self.courier.bring(as_of + ONE * self.rng.randint(1, 2), "orders", f"copy_of_{name}",
                               self.courier.deliveries[-1].data)
            self.courier.tell(f"{name}: again under another name: REPORT_DUPLICATE")

    def refused(self, as_of, name, rows):
        """An export that must be refused; the good one follows under the same name."""
        name += ".gz" if self.dress.compressed else ""
        self.courier.bring(as_of, "orders", name, self.rng.choice([b"", b"Alpha,Beta\n1,2\n"]))
        self.courier.bring(as_of + ONE, "orders", name, render.records(self.columns, rows, self.style, self.dress))
        self.courier.tell(f"{name}: broken, good a day later: REPORT_REJECTED")

    def send(self, day, name, rows):
        """The export, or the exports of two shops."""
        name += ".gz" if self.dress.compressed else ""
        if self.plan.feeds.two_shops:
            theirs = [row for row in rows if row["provider"] != self.plan.feeds.oney]
            rows = [row for row in rows if row["provider"] == self.plan.feeds.oney]
            if theirs or self.style == "csv":
                self.courier.bring(day, "orders#2", "other_" + name,
                                   render.records(self.columns, theirs, self.style, self.dress))
        if rows or self.style == "csv":
            self.courier.bring(day, "orders", name, render.records(self.columns, rows, self.style, self.dress))

    def spoil(self, rows):
        """Adds rows that must be rejected, or the same order twice."""
        if not rows or self.plan.calm:
            return rows
        bad = dict(self.rng.choice(rows))
        kind = self.rng.choice(["status", "amount", "date", "zero", "missing", "twice"])
        if kind == "twice":
            if self.plan.updated_at:
                older = bad | {"updated_at": bad["updated_at"].replace("T12", "T03"), "status": "PENDING"}
                return [*rows, older] if self.rng.random() < 0.5 else [older, *rows]
        else:
            bad["order_reference"] = f"BAD-{self.company.next_number()}"
            bad |= {"status": {"status": "SHIPPED"}, "amount": {"amount": "12,x"}, "zero": {"amount": "0.00"},
                    "date": {"ordered_at": "2026-13-01"}, "missing": {"currency": ""}}[kind]
        self.courier.tell(f"an order row spoilt: {kind}: LINE_REJECTED unless updated_at decides")
        return [*rows, bad]

    def strangers(self, as_of):
        """Orders of other providers: nothing to report about them but a deadline at PAYONE."""
        day = as_of - ONE * self.rng.choice([1, 20, 24, 30])
        base = {"merchant": "", "amount": "99.00", "currency": "EUR", "ordered_at": day.isoformat(),
                "updated_at": f"{as_of}T01:00:00" if self.plan.updated_at else "", "product": ""}
        return [base | {"order_reference": "PAY-1", "provider": "payone", "status": "FAVORABLE"},
                base | {"order_reference": "PAY-2", "provider": "payone", "status": "FUNDED"},
                base | {"order_reference": "EFI-1", "provider": "e-financing", "status": "FUNDED"}]

    def events(self, as_of, sent):
        """Events since the last export, now and then with older ones again."""
        rows = []
        for order in self.company.orders:
            for day, event in order.events:
                again = event["event_id"] in sent and self.rng.random() < 0.03
                if day <= as_of and (event["event_id"] not in sent or again):
                    rows.append(event | {"order_reference": order.ref, "provider": order.provider,
                                         "amount": render.money.text(event["amount"], order.currency),
                                         "currency": order.currency})
        sent |= {row["event_id"] for row in rows}
        if rows:
            data = render.records(render.EVENT_COLUMNS, rows, self.style, self.dress)
            suffix = self.style if self.style == "ndjson" else "csv"
            self.courier.bring(as_of, "order-events", f"events_{as_of:%Y%m%d}.{suffix}"
                               + (".gz" if self.dress.compressed else ""), data)


# ---- bank -----------------------------------------------------------------------------------------------------

class BankCourier:
    """The bank's statements."""

    def __init__(self, courier, treasury):
        self.courier, self.plan, self.rng = courier, courier.plan, courier.rng
        self.entries = treasury.entries
        self.dress = replace(render.any_dress(self.rng), delimiter=";")
        self.version, self.prefix = self.rng.choice(["02", "08"]), self.rng.choice(["", "", "ns2"])
        self.joint = self.rng.random() < 0.5         # the statements of all accounts in one message
        self.joint = self.joint and all(outage.account is None for outage in self.plan.feeds.outages)

    def run(self):
        if self.plan.bank_style != "camt":
            self.csv()
            return
        days = {}
        for number, (currency, account) in enumerate(self.plan.bank_accounts):
            for statement in self.chain(number, currency, account):
                file = 0 if self.joint else number
                days.setdefault((statement.last, file), []).append(statement)
        for (day, number), statements in sorted(days.items()):
            if self.plan.feeds.intraday or self.plan.feeds.intraday_only:
                self.intraday(day, number, [replace(s, pending=[]) for s in statements if s.entries])
            if not self.plan.feeds.intraday_only:
                self.send(day, number, statements)

    def intraday(self, day, number, statements):
        """The day's entries in the evening, without balances."""
        if statements:
            data = render.camt(statements, f"DAY-{number}-{day}", self.version, self.prefix, intraday=True)
            self.bring(day, f"camt052_{number}_{day:%Y%m%d}.xml", data, 0)

    def chain(self, number, currency, account):
        """Daily statements of one account with their chain of balances."""
        balance, sequence = self.rng.randint(100000, 900000), self.rng.randint(1, 300)
        mine = [e for e in self.entries if e.account == account]
        day = min([self.plan.history_start - 6 * ONE] + [e.booking for e in mine])
        while day < self.plan.last:
            entries = [e for e in mine if e.booking == day]
            if is_business_day(day, self.plan.holidays):
                closing = balance + sum(e.amount for e in entries)
                self.batch(entries)
                yield render.CamtStatement(
                    account, currency, f"ST{number}-{day:%Y%m%d}", sequence, day, day, balance, closing,
                    entries, self.pending(account, currency, day))
                balance, sequence = closing, sequence + 1
            day += ONE

    def batch(self, entries):
        """Some entries of others become batches: details that add up, or that do not."""
        for entry in entries:
            others = "ONEY" not in (entry.counterparty + entry.text).upper()
            if others and not entry.batch and self.rng.random() < 0.1 and abs(entry.amount) > 1000:
                half = entry.amount // 2
                rest = self.rng.choice([entry.amount - half, entry.amount - half + 1])
                entry.batch, entry.texts = [half, rest], [entry.text, entry.text]

    def pending(self, account, currency, day):
        if self.rng.random() > 0.1:
            return []
        return [BankEntry(account, currency, day, 54321, "ONEY BANK", "VIR ONEY PENDING", day,
                          f"PD{day:%m%d}")]

    def send(self, day, number, statements):
        """One message of one day, with or without a mishap."""
        rng, name, mishap = self.rng, f"camt053_{number}_{day:%Y%m%d}.xml", self.rng.random()
        if self.plan.calm and mishap < 0.08:
            mishap = 1
        if mishap < 0.03:
            statements = [replace(statements[0], closing=statements[0].closing + 5000), *statements[1:]]
            self.courier.tell(f"{name}: does not balance: STATEMENT_UNBALANCED, STATEMENT_GAP after it")
        data = render.camt(statements, f"MSG-{number}-{day}", self.version, self.prefix)
        again = render.camt(statements, f"MSG-{number}-{day}-B", self.version, self.prefix, "<!-- sent again -->")
        days = 1 + (rng.randint(2, 5) if 0.03 <= mishap < 0.06 else 0)
        if days > 1:
            self.courier.tell(f"{name}: {days - 1} days late: STATEMENT_GAP if anything was booked")
        if 0.06 <= mishap < 0.08:
            broken = [data[:len(data) * 2 // 3], data.replace(b"?>", b"?><!DOCTYPE d>", 1)]
            self.bring(day, name, rng.choice(broken))
            days = 2
            self.courier.tell(f"{name}: truncated or with a DTD, good a day later: REPORT_REJECTED")
        self.bring(day, name, data, days)
        if 0.08 <= mishap < 0.11:
            self.bring(day, "again_" + name, data, rng.randint(1, 3))
            self.courier.tell(f"{name}: again under another name: REPORT_DUPLICATE")
        elif 0.11 <= mishap < 0.15:
            self.bring(day, "bis_" + name, again, rng.randint(1, 3))
            self.courier.tell(f"{name}: the same statement in other bytes, silent")

    def bring(self, day, name, data, days=1):
        self.courier.bring(day + ONE * days, "bank-statement", name, data)

    def csv(self):
        """Exports without statement ids: day by day, overlapping, or one growing file."""
        for night, as_of in enumerate(self.plan.nights):
            until = as_of + ONE * (1 if self.plan.bank_forward else -1)     # pre-announced ones too
            before = self.plan.nights[night - 1] if night else None
            start = before or self.plan.history_start - 90 * ONE
            if self.plan.bank_style == "csv-overlap" and night:
                start -= ONE * self.rng.randint(1, 4)
            if self.plan.bank_style == "csv-growing":
                start = self.plan.history_start - 90 * ONE
            entries = [e for e in self.entries if start <= e.booking <= until]
            if not entries and self.plan.bank_style != "csv-growing":
                continue
            name = "export.csv" if self.plan.bank_style == "csv-growing" else f"export_{as_of:%Y%m%d}.csv"
            data = render.bank_csv(entries, self.plan.bank_ids, self.dress)
            self.courier.bring(as_of, "bank-statement", name + (".gz" if self.dress.compressed else ""), data)


def deliver(plan, company, treasury, courier, partners=()):
    """All deliveries of a world in the order of the nights; `partners` are the couriers of theirs."""
    for partner in partners:
        partner.run()
    for country in plan.countries:
        CrpCourier(courier, company, country).run()
    OrdersCourier(courier, company).run()
    BankCourier(courier, treasury).run()
    if plan.rng.random() < 0.3:
        courier.bring(plan.nights[0], "oney-crp", "readme.txt", b"Reports of Oney arrive here.\n")
    return in_order(courier.deliveries)


def in_order(deliveries):
    """By night, then kind and name; a path is delivered once a night, the last one counts."""
    last = {(d.night, d.kind, d.name): d for d in deliveries}
    return sorted(last.values(), key=lambda d: (d.night, KEYS.index(d.kind), d.name))
