"""The company's sales: orders as the shop knows them and the CRP rows that Oney reports.

Each scenario plays one order's life; most must stay silent, the others plant a defect.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal

import money
import plan as plans
from days import ONE, is_report_day
from settings import FeeRule


@dataclass
class CrpRow:
    """One row of a CRP file before it is written; amounts positive, `amount` may be negative on REG."""
    order_ref: str
    transaction: str
    amount: int
    fee: int
    currency: str
    merchant: str
    code: str
    instalments: int
    purchase: datetime
    cancel: datetime = None
    pr_type: str = "FIN"
    transfer: str = ""
    deposit: int = 0                 # v2: part of the amount that is the deposit
    overcharged: int = 0             # commission beyond the contract
    again: bool = False              # a copy of another row
    written: dict = field(default_factory=dict)     # column -> text written instead

    @property
    def gross(self):
        return -abs(self.amount) if self.cancel else self.amount

    @property
    def signed_fee(self):
        return -self.fee if self.cancel else self.fee

    @property
    def net(self):
        return self.gross - self.signed_fee


@dataclass
class Report:
    """One CRP report as Oney means it."""
    country: str
    date: date
    rows: list = field(default_factory=list)
    sequence: int = 0


@dataclass
class Order:
    """One order and what the shop learns of it, day by day."""
    ref: str
    country: str
    merchant: str
    currency: str
    amount: int
    code: str
    ordered: datetime
    by_events: bool = False
    versions: list = field(default_factory=list)    # (day known, changed columns)
    events: list = field(default_factory=list)      # (day known, columns)
    provider: str = "oney"

    def version(self, day, **changes):
        """From this day on the shop's row says so."""
        self.versions.append((day, changes))

    def row(self, day):
        """The columns as known on a day, or None."""
        known = [changes for when, changes in sorted(self.versions, key=lambda v: v[0]) if when <= day]
        merged = {}
        for changes in known:
            merged |= changes
        return merged | {"version": len(known)} if known else None


class Company:
    """Sells, confirms, cancels; Oney reports."""

    def __init__(self, plan, story):
        self.plan, self.rng, self.story = plan, plan.rng, story
        self.orders, self.reports = [], {}
        self.number = self.rng.randint(1000, 90000)
        self.horizon = plan.last + ONE
        for country in plan.countries:
            self.reports[country] = [Report(country, day) for day in self.days(plan.history_start)
                                     if is_report_day(country, day, plan.report_days)]

    def days(self, start):
        return [start + ONE * n for n in range((self.horizon - start).days)]

    # ---- making things -----------------------------------------------------------------------------

    def next_number(self):
        self.number += 1
        return self.number

    def order_number(self):
        """The number of a new order, ascending or not."""
        feeds = self.plan.feeds
        return f"{feeds.rng.getrandbits(36):x}" if feeds.any_numbers else self.next_number()

    def at(self, day):
        """A time on a day, often near midnight, never in the hours that a clock change may skip."""
        rng = self.rng
        hour = rng.choice([0, 23, rng.randrange(3, 24), rng.randrange(3, 24)])
        return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)))

    def stamp(self, moment):
        """A local time as ISO 8601 in one of the styles that a shop writes."""
        style = self.rng.choice(["date", "naive", "offset", "utc"])
        if style == "date":
            return moment.date().isoformat()
        if style == "naive":
            return moment.isoformat()
        aware = moment.replace(tzinfo=self.plan.zone)
        if style == "offset":
            return aware.isoformat()
        return aware.astimezone(plans.zoneinfo.ZoneInfo("UTC")).isoformat().replace("+00:00", "Z")

    def sell(self, country, day):
        """A new order, not confirmed yet."""
        plan, rng = self.plan, self.rng
        code = rng.choice(sorted(plans.codes(plan, country)))
        amount = rng.randint(2000, 90000)
        order = Order(
            provider=plan.feeds.oney,
            ref=f"{rng.choice(['WEB', 'WEB', 'MAG', 'B2C'])}-{self.order_number()}", country=country,
            merchant=rng.choice(plan.merchants[country]), currency=rng.choice(plan.currencies[country]),
            amount=amount, code=code, ordered=self.at(day), by_events=rng.random() < 0.25)
        order.version(day, status="FAVORABLE", amount=amount, ordered_at=self.stamp(order.ordered),
                      merchant=rng.choice([order.merchant, order.merchant, ""]), product=code)
        self.orders.append(order)
        return order

    def confirm(self, order, amount=None, days=None, **changes):
        """The shop confirms; returns the day."""
        day = order.ordered.date() + ONE * (self.rng.choice([0, 0, 1, 2]) if days is None else days)
        moment = max(self.at(day), order.ordered)
        changes = {"status": "FUNDED", "confirmed_at": self.stamp(moment)} | changes
        if amount is not None:
            changes["confirmed_amount"] = amount
        if order.by_events and self.rng.random() < 0.3:
            self.event(order, "confirm", order.amount if amount is None else amount, moment)
            if self.plan.feeds.rng.random() < 0.5:        # the events alone tell of it
                changes = {name: told for name, told in changes.items() if not name.startswith("confirmed_")}
        order.version(day, **changes)
        return day

    def event(self, order, type_, amount, moment):
        order.events.append((moment.date(), {
            "type": type_, "amount": amount, "occurred_at": self.stamp(moment),
            "event_id": f"EV{self.next_number()}"}))

    def shop_cancels(self, order, day, amount, whole=False):
        """The shop cancels a part, or what is left."""
        moment = max(self.at(day), order.ordered)
        changes = {"status": "CANCELLED"} if whole else {}
        if order.by_events:
            self.event(order, self.rng.choice(["cancel", "refund"]), amount, moment)
        elif not whole or self.rng.random() < 0.5:
            changes |= {"cancelled_at": self.stamp(moment), "cancelled_amount": amount}
        elif self.rng.random() < 0.6:
            changes |= {"cancelled_at": self.stamp(moment)}
        order.version(day, **changes)

    def report(self, country, day):
        """The first report for a day or later, None beyond the world's end."""
        return next((report for report in self.reports[country] if report.date >= day), None)

    def fee(self, code, amount, currency):
        """The commission as the contract says."""
        rate, fixed, vat = self.plan.fees.get(code, ("1.30", "", ""))
        if self.plan.mode == "gross" and not self.plan.commission_column:
            return 0
        rule = FeeRule("oney", code, Decimal(rate), Decimal(fixed or "0"), Decimal(vat or "0"), date.min)
        return rule.fee(amount, currency)

    def row(self, order, report, amount, **changes):
        """A funding row for an order in a report."""
        rng, day = self.rng, report.date
        instalments = plans.codes(self.plan, order.country)[order.code]
        written_ref = order.ref if rng.random() < 0.8 else f"CMDE|{order.ref}"
        purchase = self.at(day) if self.plan.mode == "gross" else order.ordered
        row = CrpRow(
            order_ref=written_ref, transaction=f"TX{self.next_number()}{rng.randrange(100):02d}", amount=amount,
            fee=self.fee(order.code, amount, order.currency), currency=order.currency,
            merchant=order.merchant, code=order.code, instalments=instalments, purchase=purchase)
        if order.code in ("3XD", "4XD"):
            row.deposit = amount // instalments
        row = replace(row, **changes)
        report.rows.append(row)
        return row

    def fund(self, order, day, amount=None, delay=None, **changes):
        """Oney reports a funding."""
        report = self.report(order.country, day + ONE * (self.rng.choice([0, 0, 1]) if delay is None else delay))
        if report is None:
            return None
        return self.row(order, report, order.amount if amount is None else amount, **changes)

    def give_back(self, order, day, amount, delay=None, **changes):
        """Oney reports a cancellation."""
        report = self.report(order.country, day + ONE * (self.rng.choice([0, 0, 1]) if delay is None else delay))
        if report is None:
            return None
        fee = amount // 100 if self.rng.random() < 0.5 and self.plan.commission_column else 0
        if not self.plan.commission_column and self.plan.mode == "net":
            fee = amount // 100
        row = self.row(order, report, amount, fee=fee, cancel=self.at(report.date), **changes)
        row.deposit = amount // 3 if row.deposit and self.rng.random() < 0.5 else 0
        return row

    def tell(self, order, text):
        self.story.append(f"order {order.ref} ({order.country}, {money.text(order.amount, order.currency)} "
                          f"{order.currency}, {order.ordered.date()}): {text}")


# ---- orders that must stay silent ----------------------------------------------------------------

def plain(c, o):
    c.fund(o, c.confirm(o))


def confirmed_for_less(c, o):
    amount = o.amount - c.rng.randint(100, o.amount // 2)
    c.fund(o, c.confirm(o, amount), amount)
    c.tell(o, "confirmed and funded for less, silent")


def cancelled_before_funding(c, o):
    part = c.rng.randint(100, o.amount // 2)
    day = c.confirm(o)
    c.shop_cancels(o, day, part)
    c.fund(o, day, o.amount - part, delay=1)
    c.tell(o, "cancelled in part before the funding, which is lower; silent")


def cancelled_in_full_before_funding(c, o):
    c.confirm(o)
    c.shop_cancels(o, o.ordered.date() + ONE * 2, o.amount, whole=True)
    c.tell(o, "cancelled in full before any funding, silent")


def partial_cancellation(c, o):
    part = c.rng.randint(100, o.amount // 2)
    day = c.confirm(o)
    c.fund(o, day)
    later = day + ONE * c.rng.randint(2, 5)
    c.shop_cancels(o, later, part)
    c.give_back(o, later, part)


def several_cancellations(c, o):
    o.by_events = True
    day = c.confirm(o)
    c.fund(o, day)
    for days in (2, c.rng.randint(3, 6)):
        part = c.rng.randint(100, o.amount // 3)
        c.shop_cancels(o, day + ONE * days, part)
        c.give_back(o, day + ONE * days, part)


def full_cancellation(c, o):
    day = c.confirm(o)
    c.fund(o, day)
    later = day + ONE * c.rng.randint(2, 6)
    c.shop_cancels(o, later, o.amount, whole=True)
    c.give_back(o, later, o.amount)


def split_funding(c, o):
    part = o.amount // 3
    day = c.confirm(o)
    c.fund(o, day, part)
    c.fund(o, day, o.amount - part, delay=c.rng.choice([0, 1, 2]))


def regularised(c, o):
    """Funded by REG rows, given back by a REG row without purchase date."""
    day = c.confirm(o)
    c.fund(o, day, pr_type="REG")
    if c.rng.random() < 0.5:
        part = c.rng.randint(100, o.amount // 2)
        c.shop_cancels(o, day + ONE * 3, part)
        c.give_back(o, day + ONE * 3, part, pr_type="REG", purchase=None)


def card(c, o):
    c.fund(o, c.confirm(o), pr_type="CA")


def within_tolerance(c, o):
    cents = int(Decimal(c.plan.tolerance) * 100)
    c.fund(o, c.confirm(o), o.amount + c.rng.choice([-cents, cents]))


def never_confirmed(c, o):
    if c.rng.random() < 0.6:
        word = c.rng.choice(["REFUSED", "ABORTED", "PENDING", "TO_BE_FUNDED"])
        o.version(o.ordered.date() + ONE * c.rng.randint(0, 3), status=word)


def corrected_line(c, o):
    """A second funding row that a cancellation takes back: F - C is right."""
    day = c.confirm(o)
    c.fund(o, day)
    c.fund(o, day, delay=1)
    c.give_back(o, day, o.amount, delay=2)


SILENT = [(plain, 40), (confirmed_for_less, 5), (cancelled_before_funding, 5),
          (cancelled_in_full_before_funding, 4), (partial_cancellation, 6), (several_cancellations, 4),
          (full_cancellation, 5), (split_funding, 4), (regularised, 3), (card, 3), (within_tolerance, 2),
          (never_confirmed, 4), (corrected_line, 1)]


# ---- orders with a defect --------------------------------------------------------------------------

def not_funded(c, o):
    c.confirm(o)
    c.tell(o, "never funded: FUNDING_NOT_REPORTED")


def not_funded_partly_cancelled(c, o):
    part = c.rng.randint(100, o.amount // 2)
    day = c.confirm(o)
    c.shop_cancels(o, day + ONE, part)
    c.tell(o, f"never funded and {part} cents cancelled: FUNDING_NOT_REPORTED of the rest")


def funded_late(c, o):
    c.fund(o, c.confirm(o), delay=c.plan.provider["funding_delay_days"] + c.rng.randint(2, 4))
    c.tell(o, "funded late: FUNDING_NOT_REPORTED, then resolved")


def wrong_amount(c, o):
    off = c.rng.choice([-1, 1]) * c.rng.randint(101, 1500)
    day = c.confirm(o)
    c.fund(o, day, o.amount + off)
    c.tell(o, f"funded {off} cents off: AMOUNT_MISMATCH")
    if c.rng.random() < 0.3:
        o.version(day + ONE * 6, amount=o.amount + off)


def second_funding_changes(c, o):
    """An amount mismatch that changes: two parts too few, then too many."""
    day = c.confirm(o)
    c.fund(o, day, o.amount // 2, delay=0)
    c.fund(o, day, o.amount, delay=c.plan.provider["funding_delay_days"] + 3)
    c.tell(o, "half funded, later whole again: AMOUNT_MISMATCH changes")


def funded_twice(c, o):
    day = c.confirm(o)
    c.fund(o, day, delay=0)
    c.fund(o, day, delay=c.rng.randint(1, 3))
    c.tell(o, "funded twice: DUPLICATE_FUNDING")


def line_twice(c, o):
    row = c.fund(o, c.confirm(o))
    if row is None:
        return
    reports = c.reports[o.country]
    index = next(i for i, report in enumerate(reports) if any(r is row for r in report.rows))
    target = reports[min(index + c.rng.choice([0, 0, 1]), len(reports) - 1)]
    for _ in range(c.rng.choice([1, 1, 2])):
        target.rows.append(replace(row, again=True))
    c.tell(o, "the same line again: DUPLICATE_LINE")


def unknown_order(c, o):
    kind = c.rng.choice(["case", "separator", "unknown", "late"])
    day = c.confirm(o)
    if kind == "late":
        o.versions = [(when + ONE * 4, changes) for when, changes in o.versions]
        c.fund(o, day, delay=0)
    else:
        ref = {"case": o.ref.lower(), "separator": o.ref.replace("-", ""), "unknown": f"X-{c.next_number()}"}[kind]
        row = c.fund(o, day, order_ref=ref)
        if row and c.rng.random() < 0.3:
            c.give_back(o, day + ONE * 2, o.amount // 2, order_ref=ref)
    c.tell(o, f"line without order ({kind}): ORDER_NOT_FOUND")


def other_currency(c, o):
    c.fund(o, c.confirm(o), currency="SEK" if o.currency == "EUR" else "EUR")
    c.tell(o, "funded in another currency: CURRENCY_MISMATCH")


def other_merchant(c, o):
    c.fund(o, c.confirm(o, merchant="m-other"))
    if c.rng.random() < 0.4:
        o.version(o.ordered.date() + ONE * 5, merchant=o.merchant)
    c.tell(o, "the shop names another merchant: MERCHANT_MISMATCH")


def paid_without_status(c, o):
    day = o.ordered.date()
    word = c.rng.choice(["PENDING", "REFUSED", "ABORTED", "FAVORABLE"])
    o.version(day + ONE, status=word)
    c.fund(o, day + ONE)
    c.tell(o, f"{word} but funded: STATUS_MISMATCH")
    if word in ("PENDING", "FAVORABLE") and c.rng.random() < 0.5:
        c.confirm(o, days=6)


def cancellation_not_reported(c, o):
    part = c.rng.choice([o.amount, c.rng.randint(200, o.amount // 2)])
    day = c.confirm(o)
    c.fund(o, day)
    c.shop_cancels(o, day + ONE * 2, part, whole=part == o.amount)
    if c.rng.random() < 0.3:
        c.give_back(o, day, part, delay=c.plan.provider["cancellation_delay_days"] + 5)
    c.tell(o, "cancelled by the shop, no line: CANCELLATION_NOT_REPORTED")


def cancellation_unexpected(c, o):
    day = c.confirm(o)
    c.fund(o, day)
    c.give_back(o, day + ONE * 2, c.rng.choice([o.amount, c.rng.randint(200, o.amount // 2)]))
    c.tell(o, "cancelled by Oney only: CANCELLATION_UNEXPECTED")


def cancellation_differs(c, o):
    part = c.rng.randint(1000, o.amount // 2)
    off = c.rng.choice([-1, 1]) * c.rng.randint(150, 900)
    day = c.confirm(o)
    c.fund(o, day)
    c.shop_cancels(o, day + ONE * 2, part)
    c.give_back(o, day + ONE * 2, part + off)
    c.tell(o, f"cancelled {off} cents off: CANCELLATION_AMOUNT_MISMATCH")


def over_cancelled(c, o):
    day = c.confirm(o)
    c.fund(o, day)
    part = c.rng.choice([0, o.amount // 3])
    if part:
        c.shop_cancels(o, day + ONE, part)
    c.give_back(o, day + ONE * 2, o.amount, delay=0)
    c.give_back(o, day + ONE * 2, o.amount // 2, delay=1)
    c.tell(o, "more given back than it was worth: OVER_CANCELLED")


def wrong_fee(c, o):
    row = c.fund(o, c.confirm(o))
    if row is None or c.plan.layouts[o.country] == "v2" or not c.plan.commission_column:
        return
    kind = c.rng.choice(["commission", "net", "funding"])
    off = c.rng.randint(5, 60)
    amount = money.text(c.rng.choice([row.net - off, row.gross + off]), row.currency, c.plan.decimal_mark)
    if kind == "commission":
        row.overcharged = c.rng.randint(10, 90)
        row.fee += row.overcharged
    elif kind == "net" and c.plan.net_column:
        row.written["Net_amount"] = amount
    else:
        row.written["Funding_amount"] = amount
    c.tell(o, f"{kind} wrong: FEE_MISMATCH")


def without_reference(c, o):
    row = c.fund(o, c.confirm(o), order_ref="")
    if row and c.rng.random() < 0.3:
        c.give_back(o, o.ordered.date() + ONE * 3, o.amount // 2, order_ref="  ")
    c.tell(o, "line without order reference: REFERENCE_MISSING")


def adjustment(c, o):
    """A REG row without reference, beside a plain order."""
    day = c.confirm(o)
    c.fund(o, day)
    report = c.report(o.country, day + ONE)
    if report and c.plan.layouts[o.country] == "v3":
        adjust(c, report, o, c.rng.choice([-1, 1]) * c.rng.randint(100, 900))


def adjust(c, report, order, amount):
    """Adds an adjustment to a report: REG without reference, as Y or with its sign."""
    row = c.row(order, report, amount, order_ref="", pr_type="REG", fee=0)
    if amount < 0 and c.rng.random() < 0.5:
        row.cancel = c.at(report.date)
        row.purchase = None
    row.deposit = 0
    c.story.append(f"adjustment of {amount} cents in {report.country} {report.date}: ADJUSTMENT_UNASSIGNED")
    return row


def forgotten(c, o):
    """Stays FAVORABLE: DEADLINE_AT_RISK where a deadline is configured."""
    c.tell(o, "never confirmed")


DEFECTS = [(not_funded, 5), (not_funded_partly_cancelled, 2), (funded_late, 3), (wrong_amount, 5),
           (second_funding_changes, 2), (funded_twice, 3), (line_twice, 4), (unknown_order, 4),
           (other_currency, 2), (other_merchant, 2), (paid_without_status, 3), (cancellation_not_reported, 4),
           (cancellation_unexpected, 3), (cancellation_differs, 4), (over_cancelled, 2), (wrong_fee, 4),
           (without_reference, 2), (adjustment, 3), (forgotten, 3)]


def trade(company):
    """Plays every day of every country."""
    plan, rng = company.plan, company.rng
    share = 0.02 if plan.calm else rng.choice([0.1, 0.2, 0.35])
    for day in company.days(plan.history_start):
        for country in plan.countries:
            for _ in range(rng.choice([0, 1, 1, 2, 3])):
                table = DEFECTS if rng.random() < share else SILENT
                scenario = rng.choices([s for s, _ in table], [w for _, w in table])[0]
                scenario(company, company.sell(country, day))
