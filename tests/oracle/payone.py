"""PAYONE's sales: the shop's orders, the notifications and the settlement records of each.

Each scenario plays one order's life; most must stay silent, the others plant a defect.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

import money
from days import ONE, is_business_day
from partners import Partner, in_euro
from settings import FeeRule

NEGATIVE = ("refund", "chargeback", "fee", "vat", "repayment")
MEMO = ("clearing", "reject", "debit_for_refunds", "prefunding", "prefunding_failure")


@dataclass
class Call:
    """One notification that PAYONE sends."""
    transaction: str
    reference: str
    moment: datetime
    started: datetime
    values: dict
    arrives: datetime = None         # later than its moment when it was delayed
    lost: bool = False


@dataclass
class UsrRow:
    """One `sett_dtl` record; `gross` has its true sign."""
    type: str
    settled: date
    gross: int
    ref: str = ""
    order_id: str = ""
    transaction: str = ""
    sold: date = None
    sold_amount: int = None
    sold_currency: str = ""
    net: int = None                  # as written, None where the field is empty
    commission: int = None
    vat: int = None
    batch: str = ""
    paid: date = None
    source: str = ""
    turned: bool = False             # the gross is written with the other sign
    written: dict = field(default_factory=dict)      # field number -> text written instead

    @property
    def memo(self):
        return self.type in MEMO

    @property
    def worth(self):
        """What it adds to a payout in net mode."""
        return self.gross + (self.commission or 0) + (self.vat or 0) if self.net is None else self.net


class Payone(Partner):
    """Reserves, captures, refunds; settles."""

    provider = "payone"

    def __init__(self, plan, partner, story):
        super().__init__(plan, partner, story)
        self.calls, self.rows = [], []
        self.txid = self.rng.randint(100_000_000, 900_000_000)
        days = [day for day in self.days(plan.history_start - 3 * ONE) if is_business_day(day, plan.holidays)]
        self.batches = {}
        for start in range(0, len(days), partner.batch_days):
            number = f"{self.rng.getrandbits(64):016X}"
            name = self.rng.choice([f"GS{number}", f"GS-{self.next_number()}", f"{number}{number[::-1]}"])
            for day in days[start:start + partner.batch_days]:
                self.batches[day] = name

    def sell(self, day):
        self.txid += self.rng.randint(1, 900)
        currency = self.rng.choice(["EUR"] * 6 + self.partner.foreign)
        return self.new_sale(day, self.rng.choice(["PAY", "P1", "SHOP"]), str(self.txid), currency)

    # ---- notifications --------------------------------------------------------------------------------

    def call(self, sale, action, day, balance=0, **more):
        """A notification of what has just become of a sale."""
        moment = self.tick(sale, day)
        values = {"txaction": action, "sequencenumber": str(sale.sequence), "price": self.text(sale, sale.amount),
                  "receivable": self.text(sale, sale.receivable), "balance": self.text(sale, balance)} | more
        call = Call(sale.transaction, sale.partner_ref, moment, sale.ordered, values)
        call.values["currency"] = sale.currency
        self.calls.append(call)
        return call

    def text(self, sale, minor):
        return money.text(minor, sale.currency)

    def reserve(self, sale):
        if self.rng.random() < 0.15:
            self.call(sale, "appointed", sale.ordered.date(), transaction_status="pending", reasoncode="903")
        self.call(sale, "appointed", sale.ordered.date())

    def capture(self, sale, day, amount):
        sale.sequence, sale.receivable = sale.sequence + 1, sale.receivable + amount
        self.call(sale, "capture", day, balance=amount)

    def paid(self, sale, day):
        if self.rng.random() < 0.8:
            self.call(sale, "paid", day)
        if self.rng.random() < 0.1:
            self.call(sale, "invoice", day)

    def refund(self, sale, day, amount):
        sale.sequence, sale.receivable = sale.sequence + 1, sale.receivable - amount
        action, more = self.rng.choice([("refund", {}), ("debit", {"transactiontype": "GT"})])
        self.call(sale, action, day, balance=self.rng.choice([0, -amount]), **more)

    def ship(self, sale, amount=None, **changes):
        """The shop confirms and PAYONE captures on the same day; returns the day."""
        amount = sale.amount if amount is None else amount
        direct = amount == sale.amount and self.rng.random() < 0.25
        day = self.confirm(sale, None if amount == sale.amount else amount, 0 if direct else None, **changes)
        if direct:
            sale.receivable = amount
            self.call(sale, "appointed", sale.ordered.date(), balance=amount)
        else:
            self.reserve(sale)
            self.capture(sale, day, amount)
        self.paid(sale, day + ONE * self.rng.choice([0, 1, 3]))
        return day

    # ---- settlement records -------------------------------------------------------------------------------

    def row(self, type_, day, gross, **changes):
        """A record without an order."""
        settled = self.business_day(day)
        row = UsrRow(type_, settled, gross, batch=self.batches.get(settled, "GS-LATE"), paid=settled + 2 * ONE)
        row = replace(row, **changes)
        self.rows.append(row)
        return row

    def line(self, sale, type_, day, amount, delay=None, **changes):
        """A record of a sale; the amount in the sale's currency, with its true sign."""
        settled = day + ONE * (self.rng.choice([0, 0, 1]) if delay is None else delay)
        gross = in_euro(abs(amount), sale.currency) * (-1 if amount < 0 else 1)
        own = {"ref": sale.ref if self.rng.random() < 0.9 else f" CMDE|{sale.ref}", "transaction": sale.transaction,
               "order_id": f"ord_{sale.ref.lower()}", "sold": sale.ordered.date(), "sold_amount": amount,
               "sold_currency": sale.currency}
        fees = self.fees(gross) if type_ == "settlement" else {}
        if type_ == "refund" and self.rng.random() < 0.3:
            fees = {"commission": abs(gross) // 100}
        elif type_ in NEGATIVE and not fees and self.rng.random() < 0.2:
            fees = {"turned": True}
        return self.row(type_, settled, gross, **(own | fees | changes))

    def fee(self, gross):
        rate, fixed, vat = self.partner.fee or ("1.20", "", "19")
        rule = FeeRule("payone", None, Decimal(rate), Decimal(fixed or "0"), Decimal(vat or "0"), date.min)
        return rule.fee(gross, "EUR")

    def fees(self, gross):
        """Net, commission and VAT in one of the ways that processors fill them."""
        fee = self.fee(gross)
        vat = fee * 19 // 119
        styles = ["full", "full", "no net", "net only"] + ([] if self.partner.fee else ["none"])
        style = self.rng.choice(styles)
        if style == "none":
            return {}
        if style == "net only":
            return {"net": gross - fee}
        return {"commission": vat - fee, "vat": -vat} | ({"net": gross - fee} if style == "full" else {})

    def fund(self, sale, day, amount=None, **more):
        return self.line(sale, "settlement", day, sale.amount if amount is None else amount, **more)


# ---- orders that must stay silent -----------------------------------------------------------------

def plain(c, o):
    c.fund(o, c.ship(o))


def captured_for_less(c, o):
    amount = o.amount - c.part(o)
    c.fund(o, c.ship(o, amount), amount)


def two_captures(c, o):
    first, day = c.part(o), c.confirm(o)
    c.reserve(o)
    c.capture(o, day, first)
    c.capture(o, day + ONE, o.amount - first)
    c.fund(o, day, first)
    c.fund(o, day + ONE, o.amount - first)


def partial_refund(c, o):
    day, part = c.ship(o), c.part(o)
    c.fund(o, day)
    later = day + ONE * c.rng.randint(1, 5)
    c.shop_cancels(o, later, part)
    c.refund(o, later, part)
    c.line(o, "refund", later, -part)


def refund_before_settlement(c, o):
    day, part = c.ship(o), c.part(o)
    c.shop_cancels(o, day, part)
    c.refund(o, day, part)
    c.fund(o, day, o.amount - part, delay=1)


def full_refund(c, o):
    day = c.ship(o)
    c.fund(o, day)
    later = day + ONE * c.rng.randint(1, 5)
    c.shop_cancels(o, later, o.amount, whole=True)
    c.refund(o, later, o.receivable)
    c.line(o, "refund", later, -o.amount)


def released(c, o):
    """Capture of 0: the reservation is given up."""
    c.reserve(o)
    day = o.ordered.date() + ONE * c.rng.randint(0, 3)
    o.sequence += 1
    c.call(o, "capture", day)
    c.shop_cancels(o, day, o.amount, whole=True)


def refused(c, o):
    if c.rng.random() < 0.5:
        c.reserve(o)
    c.call(o, "failed", o.ordered.date())
    o.version(o.ordered.date(), status=c.rng.choice(["REFUSED", "REFUSED", "failed"]))


def second_attempt(c, o):
    """A first attempt fails, the second one is paid: the first is not compared."""
    kind = c.rng.choice(["failed", "failed late"])
    good, o.transaction = o.transaction, str(c.txid + 1000000)
    c.call(o, "failed", o.ordered.date())
    o.transaction, o.sequence = good, 0
    c.fund(o, c.ship(o))
    c.tell(o, f"a first attempt {kind}, a second one is paid; silent")


def late_failure(c, o):
    day = c.ship(o)
    c.fund(o, day)
    if o.sequence:
        c.call(o, "failed", day + ONE * c.rng.randint(1, 3))
        c.tell(o, "failed after the capture, ignored; silent")


def reminded(c, o):
    day = c.ship(o)
    c.fund(o, day)
    for level in ("2", "3"):
        c.call(o, "reminder", day + ONE * c.rng.randint(1, 4), balance=o.receivable, reminderlevel=level)


def by_transaction(c, o):
    """PAYONE was given another reference; the order names the transaction."""
    o.told_as = f"CART-{c.next_number()}"
    o.versions = [(day, changes | {"transaction_id": o.transaction}) for day, changes in o.versions]
    c.fund(o, c.ship(o))
    c.tell(o, f"notified as {o.told_as}, found by its transaction; silent")


def abandoned(c, o):
    """A checkout that the shop never stored, and that came to nothing."""
    c.orders.remove(o)
    c.call(o, "failed", o.ordered.date())


def reversed_chargeback(c, o):
    day = c.ship(o)
    c.fund(o, day)
    later = day + ONE * c.rng.randint(1, 3)
    c.line(o, "chargeback", later, -o.amount)
    c.line(o, "chargeback_reversal", later, o.amount, delay=c.rng.choice([0, 0, 4]))
    c.tell(o, "charged back and reversed: silent once reversed")


def dispute(c, o):
    day = c.ship(o)
    c.fund(o, day)
    c.line(o, "dispute", day + ONE, -o.amount)
    c.line(o, "dispute", day + ONE, o.amount, delay=c.rng.choice([0, 3]))


def with_reference(c, o):
    """Adjustments of an order are nobody's alarm."""
    day = c.ship(o)
    c.fund(o, day, delay=2)
    c.line(o, c.rng.choice(["adjustment", "holdback", "unknown", "brand_new_type"]), day, -c.part(o), delay=0)


def rejected_payment(c, o):
    """A reject and what else is no money line."""
    day = c.ship(o)
    c.fund(o, day)
    c.line(o, c.rng.choice(["reject", "prefunding", "prefunding_failure", "debit_for_refunds"]), day, o.amount, delay=0)


SILENT = [(plain, 40), (captured_for_less, 5), (two_captures, 4), (partial_refund, 7), (refund_before_settlement, 3),
          (full_refund, 5), (released, 4), (refused, 4), (second_attempt, 4), (late_failure, 3), (reminded, 3),
          (by_transaction, 4), (abandoned, 3), (reversed_chargeback, 3), (dispute, 2), (with_reference, 3),
          (rejected_payment, 4)]
