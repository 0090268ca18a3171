"""e-Financing's sales: the shop's orders and the subscriptions that the list shows.

Each scenario plays one order's life; most must stay silent, the others plant a defect.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from days import ONE
from partners import Partner

SPLIT = ["SCFRSP-3XTS", "SCFRSP-4XPS"]
LONG = ["SCFRLT-TXTS", "SCDELT-DXTS", "SCFRLT"]


@dataclass
class Shown:
    """What the list shows of a subscription from a moment on."""
    moment: datetime
    status: str
    amount: int
    more: dict


class Scalexpert(Partner):
    """Accepts, waits for delivery, cancels."""

    provider = "e-financing"

    def __init__(self, plan, partner, story):
        super().__init__(plan, partner, story)
        self.subscriptions = []              # (sale, transaction, reference, solution, [Shown])

    def merchant_of(self, sale):
        return ""

    def sell(self, day):
        return self.new_sale(day, "EFI", self.identity())

    def identity(self):
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def open(self, sale, solution=None):
        """A new subscription of a sale."""
        solution = solution or self.rng.choice(SPLIT + LONG)
        self.subscriptions.append((sale, sale.transaction, sale.partner_ref, solution, []))
        if self.rng.random() < 0.5:
            self.show(sale, sale.ordered.date(), "INITIALIZED")
        return solution

    def show(self, sale, day, status, amount=None, **more):
        """The sale's newest subscription changes."""
        moment = self.tick(sale, day)
        versions = self.subscriptions[-1][4]
        amount = amount if amount is not None else versions[-1].amount if versions else sale.amount
        before = versions[-1].more if versions else {"isDelivered": False}
        versions.append(Shown(moment, status, amount, before | more))

    def accept(self, sale, amount=None, solution=None):
        """Accepted, and delivered when the shop confirms; returns the day."""
        solution = self.open(sale, solution)
        self.show(sale, sale.ordered.date(), "ACCEPTED", amount)
        day = self.confirm(sale, amount, 0 if "SP" in solution else None)
        if "LT" in solution:
            self.show(sale, day, "ACCEPTED", isDelivered=True)
        return day


# ---- orders that must stay silent -------------------------------------------------------------------

def plain(c, o):
    c.accept(o)


def waiting(c, o):
    """A long-term credit that is not delivered yet."""
    c.open(o, c.rng.choice(["SCFRLT-TXTS", "SCDELT-DXCO"]))
    c.show(o, o.ordered.date(), c.rng.choice(["ACCEPTED", "ACCEPTED"]))


def partial(c, o):
    day, part = c.accept(o), c.part(o)
    later = day + ONE * c.rng.randint(1, 4)
    c.show(o, later, "ACCEPTED", o.amount, cancellationStatus="REQUEST_FOR_PARTIAL_CANCELLATION")
    c.shop_cancels(o, later, part)
    c.show(o, later, "ACCEPTED", o.amount - part, cancellationStatus="PARTIAL_CANCELLATION_ACCEPTED",
           cancellationAlreadyMade=True)


def cancelled(c, o):
    day = c.accept(o) + ONE * c.rng.randint(1, 4)
    c.shop_cancels(o, day, o.amount, whole=True)
    word = c.rng.choice(["CANCELLED", "ACCEPTED"])
    c.show(o, day, word, cancellationStatus="CANCELLATION_ACCEPTED")


def cancellation_refused(c, o):
    day = c.accept(o)
    c.show(o, day + ONE, "ACCEPTED", cancellationStatus="REQUEST_FOR_CANCELLATION")
    c.show(o, day + ONE * 2, "ACCEPTED", cancellationStatus="CANCELLATION_REJECTED")


def refused(c, o):
    c.open(o)
    word, shop = c.rng.choice([("REJECTED", "REFUSED"), ("ABORTED", "ABORTED"), ("REJECTED", "REJECTED"),
                               ("PRE_ACCEPTED", "PENDING"), ("REQUESTED", "PRE_ACCEPTED")])
    c.show(o, o.ordered.date(), word)
    o.version(o.ordered.date(), status=shop)


def abandoned(c, o):
    """A checkout that the shop never stored."""
    c.orders.remove(o)
    c.open(o)
    c.show(o, o.ordered.date(), c.rng.choice(["INITIALIZED", "PRE_ACCEPTED", "REJECTED", "ABORTED", "CANCELLED"]))


def second_attempt(c, o):
    good, o.transaction = o.transaction, c.identity()
    c.open(o)
    c.show(o, o.ordered.date(), c.rng.choice(["REJECTED", "ABORTED", "PRE_ACCEPTED"]))
    o.transaction = good
    c.accept(o)


def unknown_word(c, o):
    c.confirm(o)
    c.open(o)
    c.show(o, o.ordered.date(), c.rng.choice(["SUSPENDED", "ON_HOLD"]))
    c.tell(o, "a status word that nobody knows; silent")


def by_transaction(c, o):
    o.told_as = f"BASKET-{c.next_number()}"
    o.versions = [(day, changes | {"transaction_id": o.transaction}) for day, changes in o.versions]
    c.accept(o)
    c.tell(o, f"listed as {o.told_as}, found by its transaction; silent")


SILENT = [(plain, 20), (waiting, 4), (partial, 5), (cancelled, 4), (cancellation_refused, 2), (refused, 4),
          (abandoned, 3), (second_attempt, 3), (unknown_word, 2), (by_transaction, 3)]


# ---- orders with a defect ------------------------------------------------------------------------------

def not_delivered(c, o):
    """The shop shipped and told nobody; perhaps later."""
    c.open(o, "SCFRLT-TXNO")
    c.show(o, o.ordered.date(), "ACCEPTED")
    day = c.confirm(o)
    if c.rng.random() < 0.5:
        c.show(o, day + ONE * c.rng.randint(2, 6), "ACCEPTED", isDelivered=True)
    c.tell(o, "shipped but not confirmed as delivered: PROVIDER_STATUS_MISMATCH")


def refused_unseen(c, o):
    c.open(o)
    c.show(o, o.ordered.date(), "REJECTED")
    c.confirm(o)
    c.tell(o, "rejected, but FUNDED at the shop: PROVIDER_STATUS_MISMATCH")


def cancelled_unseen(c, o):
    day = c.accept(o)
    c.show(o, day + ONE * c.rng.randint(1, 3), "CANCELLED", cancellationStatus="CANCELLATION_ACCEPTED")
    if c.rng.random() < 0.5:
        c.shop_cancels(o, day + ONE * 6, o.amount, whole=True)
    c.tell(o, "cancelled by the buyer, unknown to the shop: PROVIDER_STATUS_MISMATCH")


def amount_differs(c, o):
    c.accept(o)
    c.show(o, o.clock.date(), "ACCEPTED", o.amount + c.rng.choice([-1, 1]) * c.rng.randint(101, 900))
    c.tell(o, "another amount financed: PROVIDER_AMOUNT_MISMATCH")


def partial_unseen(c, o):
    day, part = c.accept(o), c.part(o)
    if c.rng.random() < 0.5:
        c.shop_cancels(o, day + ONE, part)
        c.tell(o, "partly cancelled by the shop only: PROVIDER_AMOUNT_MISMATCH once due")
    else:
        c.show(o, day + ONE, "ACCEPTED", o.amount - part, cancellationStatus="PARTIAL_CANCELLATION_ACCEPTED")
        c.tell(o, "partly cancelled by the lender only: PROVIDER_AMOUNT_MISMATCH")


def unknown_to_the_shop(c, o):
    c.orders.remove(o)
    c.accept(o)
    c.tell(o, "unknown to the shop: ORDER_NOT_FOUND")


DEFECTS = [(not_delivered, 4), (refused_unseen, 3), (cancelled_unseen, 3), (amount_differs, 3), (partial_unseen, 4),
           (unknown_to_the_shop, 3)]


def trade(scalexpert):
    """Plays every day."""
    rng, plan = scalexpert.rng, scalexpert.plan
    for day in scalexpert.days(plan.history_start):
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            table = DEFECTS if rng.random() < scalexpert.partner.defects else SILENT
            scenario = rng.choices([s for s, _ in table], [w for _, w in table])[0]
            scenario(scalexpert, scalexpert.sell(day))
