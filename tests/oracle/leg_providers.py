"""Leg 2: what providers say of orders, missing events, and chargebacks (spec/matching.md)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coverage import reaches
from found import Found
from leg_orders import COMPARED

UNCOUNTED = ("cancelation", "reminder", "invoice")       # they do not set the status
BOOKED = ("capture", "paid", "underpaid")                # after these a `failed` says nothing
SOLD = ("FAVORABLE", "FUNDED")
ABANDONED = ("PENDING", "REFUSED", "ABORTED")
SETTLED = ("FAVORABLE", "FUNDED", "CANCELLED")


@dataclass(frozen=True)
class Said:
    """The latest that a provider says of one transaction."""
    provider: str
    reference: str
    transaction: str
    status: str              # canonical, empty when it says nothing that is known
    amount: int
    currency: str
    observed: datetime


class ProvidersLeg:
    """Everything leg 2 finds for one as-of date, but for chargebacks."""

    def __init__(self, orders_leg, notifications, subscriptions, found):
        self.orders_leg, self.settings, self.as_of = orders_leg, orders_leg.settings, orders_leg.as_of
        self.orders, self.notes = orders_leg.orders, orders_leg.notes
        self.notifications, self.subscriptions = notifications, subscriptions
        self.coverage = orders_leg.coverage
        self.not_found = {(f.provider, f.order_reference) for f in found if f.code == "ORDER_NOT_FOUND"}
        self.with_lines = {(line.provider, line.order_ref) for line in orders_leg.lines if line.kind in COMPARED}
        self.by_transaction = self.orders_by_transaction()
        self.found = []

    def run(self):
        said = [Said(s.provider, s.reference, s.transaction, s.status, s.amount, s.currency, s.observed)
                for s in self.subscriptions.values()]
        for events in self.notifications.values():
            self.check_order(events)
            said += latest_said(events, self.notes)
            self.event_missing(events)
        of_order, unknown = defaultdict(list), defaultdict(list)
        for one in said:
            order = self.order_of(one)
            if order is not None:
                of_order[order.key].append(one)
            elif one.status in SOLD:
                unknown[one.provider, one.reference].append(one)
        for key, several in unknown.items():
            self.unknown_order(key, several)
        for key, several in of_order.items():
            self.compare(self.orders[key], several)
        return self.found

    # ---- which order ------------------------------------------------------------------------------

    def orders_by_transaction(self):
        """{(provider, transaction id): the order that names it}."""
        found = {}
        for order in self.orders.values():
            key = order.provider, order.transaction
            if order.transaction and key in found:
                self.notes.append("two orders name one transaction")
            found[key] = order
        return found

    def order_of(self, said):
        """The order of the event's reference, else of its transaction id; None when there is none."""
        order = self.orders.get((said.provider, said.reference))
        return order or self.by_transaction.get((said.provider, said.transaction))

    def check_order(self, events):
        """Orders of arrival that the page does not settle."""
        if len({event.stamped for event in events}) > 1:
            self.notes.append("notifications of one transaction with and without timestamp")
        for one, two in zip(events, events[1:]):
            if not one.stamped and one.sequence == two.sequence and one.observed > two.observed:
                self.notes.append("notifications without timestamp in another order than their txtime")

    # ---- findings ------------------------------------------------------------------------------------

    def raise_(self, code, said, reference, expected=None, actual=None, before_books=False):
        """Raises what the shop's book of the observed day must know; PROVIDER_AMOUNT_MISMATCH waits for nothing."""
        item = Found(
            code=code, key=(said.provider, reference), event_date=said.observed.date(), provider=said.provider,
            order_reference=reference, transaction_id=said.transaction, currency=said.currency,
            expected=expected, actual=actual, before_books=before_books, about={"said": said})
        if code == "PROVIDER_AMOUNT_MISMATCH" or reaches(item.event_date, self.coverage.orders(item.provider)):
            self.found.append(item)
        else:
            self.coverage.wait(self.coverage.waits_for_orders(item.provider), item)

    def one_of(self, several):
        """Of several transactions the one observed latest, then the lowest transaction id."""
        last = max(said.observed for said in several)
        if len({said.observed for said in several if said.observed.date() == last.date()}) > 1:
            self.notes.append("several transactions of one discrepancy observed on one day")
        return min((said for said in several if said.observed == last), key=lambda said: said.transaction)

    def unknown_order(self, key, several):
        """ORDER_NOT_FOUND by events alone; where lines raised it already, not a second one."""
        if key in self.with_lines and key not in self.not_found:
            self.notes.append("an unknown order with events whose lines wait for the shop's orders")
        if key not in self.not_found:
            if key in self.orders_leg.beside:
                self.notes.append("chargebacks or adjustments of an order that only events know")
            said = self.one_of(several)
            opened = self.settings.books_open(said.provider)
            self.raise_("ORDER_NOT_FOUND", said, key[1], 0, said.amount,
                        before_books=opened is not None and said.observed.date() < opened)

    def compare(self, order, several):
        """Status and amount of the transactions that stand for an order."""
        rules = self.settings.provider(order.provider)
        delay = timedelta(days=rules["status_delay_days"])
        if self.latest_date(order) + delay > self.as_of:
            return                           # also where one of its dates lies after the as-of date
        old = [said for said in standing(order, several) if said.observed.date() + delay <= self.as_of]
        other = [said for said in old if said.status and said.status != order.status]
        if other:
            one, covered = self.one_of(other), self.coverage.orders(order.provider)
            if len({reaches(said.observed.date(), covered) for said in other}) > 1:
                self.notes.append("of several transactions some wait for the shop's orders")
            self.raise_("PROVIDER_STATUS_MISMATCH", one, order.reference)
        if order.status != "FUNDED":
            return
        amount = order.amount if order.confirmed_amount is None else order.confirmed_amount
        cancelled = self.orders_leg.cancelled(order, amount, self.as_of)
        tolerance = self.settings.tolerance(order.currency)
        low, high = amount - cancelled.by_as_of - tolerance, amount - cancelled.due + tolerance
        funded = [said for said in old if said.status == "FUNDED"]
        if any(said.currency != order.currency for said in funded):
            self.notes.append("the provider's amount in another currency than the order")
        wrong = [said for said in funded if not low <= said.amount <= high]
        if wrong:
            said = self.one_of(wrong)
            self.raise_("PROVIDER_AMOUNT_MISMATCH", said, order.reference, amount - cancelled.by_as_of, said.amount)

    def latest_date(self, order):
        """The latest of an order's dates and of its events'."""
        days = [order.ordered_on, order.confirmed_on, order.cancelled_on]
        events = self.orders_leg.events.get((order.provider, order.reference), [])
        if events and order.cancelled_on:
            self.notes.append("an order with events and a cancellation date of its own")
        return max(day for day in days + [event.occurred_on for event in events] if day)

    def event_missing(self, events):
        """The first gap in the sequence numbers of a transaction."""
        seen = sorted({event.sequence for event in events})
        after = next((two for one, two in zip(seen, seen[1:]) if two > one + 1), None)
        if after is None:
            return
        lowest = max(number for number in seen if number < after) + 1
        event = next(event for event in events if event.sequence == after)
        if event.observed.date() + timedelta(days=1) <= self.as_of:
            self.found.append(Found(
                code="EVENT_MISSING", key=(event.provider, event.transaction, lowest),
                event_date=event.observed.date(), provider=event.provider, transaction_id=event.transaction))


def standing(order, several):
    """The transactions that are compared: the one that the order names, else all without the attempts that
    came to nothing beside one that did not."""
    named = [said for said in several if order.transaction and said.transaction == order.transaction]
    if named:
        return named
    if any(said.status in SETTLED for said in several):
        return [said for said in several if said.status not in ABANDONED]
    return several


def latest_said(events, notes):
    """What PAYONE's notifications of one transaction say, in a list; empty when they say nothing yet."""
    counted = []
    for event in events:
        late_failure = event.action == "failed" and any(before.action in BOOKED for before in counted)
        if event.action not in UNCOUNTED and not late_failure:
            counted.append(event)
    if not counted:
        return []
    last = counted[-1]
    return [Said(last.provider, last.reference, last.transaction, status_of(counted, notes), last.receivable,
                 last.currency, last.observed)]


def status_of(counted, notes):
    """The canonical status of a transaction from its counting notifications in order."""
    last = counted[-1]
    if last.action == "failed":
        return "REFUSED"
    if last.receivable > 0:
        return "FUNDED"
    released = last.action == "capture" and any(event.action == "appointed" for event in counted)
    if released or any(event.receivable > 0 for event in counted[:-1]):
        return "CANCELLED"
    if last.action == "appointed":
        return "FAVORABLE"
    notes.append(f"a {last.action} with receivable 0 that never was positive")
    return ""


# ---- chargebacks ------------------------------------------------------------------------------------------

def chargebacks(lines, notifications, notes):
    """CHARGEBACK of each transaction, from its lines or from its notifications alone."""
    unique = {(line.provider, line.identity): line for line in reversed(lines) if line.kind == "chargeback"}
    last_day = defaultdict(lambda: date.min)
    for line in lines:
        key = line.provider, line.identity
        last_day[key] = max(last_day[key], line.report_date)
    groups = defaultdict(list)
    for key, line in unique.items():
        groups[line.provider, line.transaction or key].append(line)
    found = []
    for (provider, transaction), group in groups.items():
        worth = sum(line.gross for line in group)
        if len({line.currency for line in group}) > 1:
            notes.append("chargebacks of one transaction in several currencies")
        if worth < 0:
            days = [last_day[line.provider, line.identity] for line in group]
            found.append(Found(code="CHARGEBACK", key=(provider, transaction), event_date=max(days), provider=provider,
                               transaction_id=group[0].transaction, currency=group[0].currency, expected=0,
                               actual=worth))
    raised = {item.key for item in found}
    for key, events in notifications.items():
        event = open_cancelation(events, notes)
        if event is None or key in raised:
            continue
        if key in groups:
            notes.append("a chargeback that the lines took back and the events did not")
        found.append(Found(code="CHARGEBACK", key=key, event_date=event.observed.date(), provider=event.provider,
                           transaction_id=event.transaction, currency=event.currency, expected=0,
                           actual=-event.balance))
    return found


def open_cancelation(events, notes):
    """The latest `cancelation` without a later `paid`, None when there is none."""
    opened = None
    for event in events:
        if event.action == "cancelation":
            if opened is not None:
                notes.append("two open cancelations of one transaction")
            opened = event
        elif event.action == "paid" and opened is not None:
            if event.sequence != opened.sequence:
                notes.append("a cancelation, and the paid of another booking after it")
            opened = None
    return opened
