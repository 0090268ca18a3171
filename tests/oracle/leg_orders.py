"""Leg 1: settlement lines and orders, fees, duplicate lines (spec/matching.md)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta

from coverage import reaches
from found import Found

FINAL = ("FUNDED", "CANCELLED")
COMPARED = ("funding", "cancellation")
BY_LINES_OF_ORDER = ("ORDER_NOT_FOUND", "MERCHANT_MISMATCH", "STATUS_MISMATCH", "CURRENCY_MISMATCH")


@dataclass
class Cancelled:
    """What the shop cancelled of an order: by the as-of date, and of that what is due."""
    by_as_of: int
    due: int
    first_due_on: date


class OrdersLeg:
    """Everything leg 1 finds for one as-of date."""

    def __init__(self, settings, lines, orders, events, coverage):
        self.settings, self.lines, self.coverage = settings, lines, coverage
        self.as_of, self.notes = coverage.as_of, coverage.notes
        self.events = events
        self.orders = {key: self.confirmed(order) for key, order in orders.items()}
        self.found, self.table = [], {}
        self.waiting = set()                 # orders of which something waits for the provider's reports
        self.merchants = defaultdict(set)    # those that the lines of an order name, repeated ones too
        for line in lines:
            if line.kind in COMPARED and line.merchant:
                self.merchants[line.provider, line.order_ref].add(line.merchant)
        self.beside = defaultdict(list)      # lines with a reference that are compared with no order

    def confirmed(self, order):
        """An order with what its `confirm` events say of its confirmation."""
        events = [event for event in self.events.get(order.key, [])
                  if event.type == "confirm" and event.occurred_on <= self.as_of]
        if not events:
            return order
        whole = sum(event.amount for event in events)
        less = {"confirmed_amount": whole} if whole < order.amount else {}
        return replace(order, confirmed_on=max(event.occurred_on for event in events), **less)

    def run(self):
        groups = defaultdict(list)
        for line in self.lines:
            groups[line.provider, line.identity].append(line)
        unique = [copies[0] for copies in groups.values()]
        for copies in groups.values():
            self.duplicate_line(copies)
            self.fee(copies)
        by_order = defaultdict(list)
        for line in unique:
            if line.order_ref and line.kind in COMPARED:
                by_order[line.provider, line.order_ref].append(line)
            elif line.order_ref:
                self.beside[line.provider, line.order_ref].append(line)
            elif line.kind != "chargeback":
                self.without_reference(line)
        for key, lines in by_order.items():
            if key not in self.orders:
                self.order_not_found(key, lines)
        for key, order in self.orders.items():
            self.order(order, by_order.get(key, []))
        self.beside_notes(by_order)
        return self.found

    def beside_notes(self, by_order):
        """Where chargebacks and adjustments of a reference might have a say that the page does not settle."""
        raised = {(f.provider, f.order_reference) for f in self.found if f.code in BY_LINES_OF_ORDER}
        for key, beside in self.beside.items():
            if key not in self.orders and (key not in by_order or any(l.kind == "chargeback" for l in beside)):
                self.notes.append("chargebacks or adjustments of an order that is not known")
            elif key in self.orders and by_order.get(key) is None and any(l.merchant for l in beside) \
                    and any(l.merchant != self.orders[key].merchant for l in beside if self.orders[key].merchant):
                self.notes.append("another merchant on chargebacks or adjustments only")
            elif key in self.orders and any(l.compared[1] != self.orders[key].currency for l in beside):
                self.notes.append("chargebacks or adjustments in another currency than the order")
            elif key in raised and latest(beside) > latest(by_order.get(key, beside[:1])):
                self.notes.append("chargebacks or adjustments later than the lines of a discrepancy")

    # ---- single lines ----------------------------------------------------------------------

    def line_found(self, code, line, expected, actual, event_date=None, copies=1):
        self.found.append(Found(
            code=code, key=(line.provider, line.identity), event_date=event_date or line.report_date,
            provider=line.provider, order_reference=line.order_ref, transaction_id=line.transaction,
            payout_reference=line.payout_ref, currency=line.currency, expected=expected, actual=actual,
            about={"line": line, "copies": copies}))

    def without_reference(self, line):
        code = "ADJUSTMENT_UNASSIGNED" if line.kind == "adjustment" else "REFERENCE_MISSING"
        self.line_found(code, line, None, line.gross)

    def duplicate_line(self, copies):
        if len(copies) > 1:
            if not copies[0].order_ref:
                self.notes.append("identical lines without order reference")
            self.line_found("DUPLICATE_LINE", copies[0], copies[0].gross,
                            sum(copy.gross for copy in copies), max(copy.report_date for copy in copies),
                            len(copies))

    def fee(self, copies):
        """FEE_MISMATCH of one line (or of its identical copies), the rule's before the columns'."""
        line = copies[0]
        rules = [rule for rule in self.settings.fees if rule.fits(line)] if line.kind == "funding" else []
        if len({rule.product for rule in rules}) > 1:
            self.notes.append("fee rules of several products fit one line")
        rules.sort(key=lambda rule: rule.valid_from, reverse=True)
        mismatches = {copy.column_mismatch for copy in copies}
        if len(mismatches) > 1 or len({copy.report_date for copy in copies if copy.column_mismatch}) > 1:
            self.notes.append("copies of a line differ in their columns or dates")
        if rules:
            if line.gross < 0:
                self.notes.append("fee rule on a negative funding")
            expected = rules[0].fee(line.gross, line.currency)
            if abs(line.fee - expected) > self.settings.fee_tolerance_minor(line.currency):
                if len({copy.report_date for copy in copies}) > 1:
                    self.notes.append("copies of a line with a wrong fee on several dates")
                self.line_found("FEE_MISMATCH", line, -expected, -line.fee)
                return
        if line.column_mismatch:
            expected, actual = line.column_mismatch
            self.line_found("FEE_MISMATCH", line, expected, actual)

    # ---- one order -------------------------------------------------------------------------

    def order_item(self, code, provider, reference, event_date, currency="", expected=None, actual=None, key=(),
                   **more):
        return Found(
            code=code, key=(provider, reference, *key), event_date=event_date, provider=provider,
            order_reference=reference, currency=currency, expected=expected, actual=actual, **more)

    def order_found(self, *columns, **more):
        self.found.append(self.order_item(*columns, **more))

    def raise_or_wait(self, item, day):
        """Raises what the shop's book of that day must know; what lies beyond it waits for the book."""
        if reaches(day, self.coverage.orders(item.provider)):
            self.found.append(item)
        else:
            self.coverage.wait(self.coverage.waits_for_orders(item.provider), item)

    def order_not_found(self, key, lines):
        if len({line.currency for line in lines}) > 1 or any(line.order_currency for line in lines):
            self.notes.append("unknown order with lines in several currencies")
        times, opened = [line.event_day for line in lines], self.settings.books_open(key[0])
        if opened and None in times:
            self.notes.append("an unknown order with lines without a time where the books begin")
        item = self.order_item(
            "ORDER_NOT_FOUND", *key, latest(lines), lines[0].currency, 0, sum(line.gross for line in lines),
            before_books=opened is not None and all(day and day < opened for day in times),
            about={"lines": lines})
        self.raise_or_wait(item, min(line.report_date for line in lines))

    def ordered_before_books(self, order):
        opened = self.settings.books_open(order.provider)
        return opened is not None and order.ordered_on < opened

    def cancelled(self, order, amount, due_by):
        """Xa, what of it is due as it is seen from a day (None: nothing is), and the day the first fell due."""
        delay = timedelta(days=self.settings.provider(order.provider)["cancellation_delay_days"])
        events = self.events.get((order.provider, order.reference))
        if any(event.currency != order.currency for event in events or []):
            self.notes.append("an order event in another currency than its order")
        if events:
            parts = [(event.amount, event.occurred_on) for event in events if event.type != "confirm"]
            if not parts and (order.cancelled_amount or order.status == "CANCELLED"):
                self.notes.append("only confirm events beside a cancellation in the order's row")
        elif order.cancelled_amount is not None or order.status == "CANCELLED":
            whole = amount if order.cancelled_amount is None else order.cancelled_amount
            if order.status != "CANCELLED" and order.cancelled_on is None:
                self.notes.append("cancelled_amount without date on an order that is not CANCELLED")
            parts = [(whole, order.cancelled_on or order.ordered_on)]
        else:
            parts = []
        seen = [(part, day) for part, day in parts if day <= self.as_of]
        due = [(part, day) for part, day in seen if due_by and day + delay <= due_by]
        if sum(part for part, _ in seen) > amount:
            self.notes.append("more cancelled than the order is worth")
        return Cancelled(sum(part for part, _ in seen), sum(part for part, _ in due),
                         min((day + delay for _, day in due), default=None))

    def order(self, order, lines):
        rules = self.settings.provider(order.provider)
        where = order.provider, order.reference
        amount = order.amount if order.confirmed_amount is None else order.confirmed_amount
        if order.merchant and self.merchants[where] - {order.merchant}:
            if len(self.merchants[where]) > 1:
                self.notes.append("lines of several merchants for one order")
            self.order_found("MERCHANT_MISMATCH", *where, latest(lines))
        self.deadline(order, amount, rules)
        foreign = sorted({line.compared[1] for line in lines} - {order.currency})
        for currency in foreign:
            theirs = [line for line in lines if line.compared[1] == currency]
            if any(line.order_currency for line in theirs):
                self.notes.append("a sale in a currency that is neither the order's nor the settlement's")
            self.order_found("CURRENCY_MISMATCH", *where, latest(theirs), currency, None, total(theirs),
                             key=(currency,))
        if foreign:
            if order.status not in FINAL:
                self.notes.append("other currency on an order that may not be paid")
            return
        if order.status not in FINAL:
            net = total(lines)
            if abs(net) > self.settings.tolerance(order.currency):
                item = self.order_item("STATUS_MISMATCH", *where, latest(lines), order.currency, 0, net)
                self.raise_or_wait(item, latest(lines))
            return
        self.compare(order, amount, lines, rules)

    def deadline(self, order, amount, rules):
        days = rules.get("confirm_deadline_days")
        if order.status == "FAVORABLE" and days is not None:
            deadline = order.ordered_on + timedelta(days=days)
            if deadline - timedelta(days=rules["deadline_warning_days"]) <= self.as_of:
                self.order_found("DEADLINE_AT_RISK", order.provider, order.reference, deadline,
                                 order.currency, amount, 0, before_books=self.ordered_before_books(order))

    def compare(self, order, amount, lines, rules):
        """Rules 1 to 3: raises what is certain by the provider's reports and the shop's orders, and counts what
        would be raised if the reports reached the as-of date."""
        feed = self.coverage.feeds.get(("reports", order.provider, "", ""))
        reports = self.coverage.reports(order.provider)
        raised = self.amounts(order, amount, lines, rules, reports and min(reports, self.as_of))
        for item, spoken_of in raised:
            if spoken_of:
                self.raise_or_wait(item, latest(spoken_of))
            else:
                self.found.append(item)
        codes = {item.code for item, _ in raised}
        for item, _ in self.amounts(order, amount, lines, rules, self.as_of) if feed else []:
            if item.code not in codes:
                self.coverage.wait(feed, item)
                self.waiting.add((order.provider, order.reference))

    def amounts(self, order, amount, lines, rules, due_by):
        """[(discrepancy, the lines after which the shop may have said more)] of an order with status FUNDED or
        CANCELLED, with what is due as it is seen from a day."""
        where, tolerance = (order.provider, order.reference), self.settings.tolerance(order.currency)
        fundings = [line for line in lines if line.kind == "funding"]
        cancellations = [line for line in lines if line.kind == "cancellation"]
        funded, given_back = total(fundings), -total(cancellations)
        cancelled = self.cancelled(order, amount, due_by)
        self.table[where] = {"amount": amount, "cancelled": cancelled.by_as_of,
                             "reported_funded": funded, "reported_cancelled": given_back,
                             "currency": order.currency}
        if amount - cancelled.by_as_of - tolerance <= funded - given_back <= amount - cancelled.due + tolerance:
            return []
        if funded < 0 or (fundings and funded == 0):
            self.notes.append("fundings that add up to nothing or less")

        raised, before_books = [], self.ordered_before_books(order)

        def raise_(code, day, expected, actual, spoken_of=None, begin=None):
            before = before_books and code in ("FUNDING_NOT_REPORTED", "CANCELLATION_NOT_REPORTED")
            raised.append((self.order_item(code, *where, day, order.currency, expected, actual, before_books=before,
                                           about={"begin": begin}), spoken_of))

        begin = order.confirmed_on or order.ordered_on
        due_on = begin + timedelta(days=rules["funding_delay_days"])
        if funded > amount + tolerance:
            code = "DUPLICATE_FUNDING" if full_rows(fundings, amount, tolerance) >= 2 else "AMOUNT_MISMATCH"
            raise_(code, latest(fundings), amount, funded)
        elif funded < amount - tolerance and due_by and due_on <= due_by:
            if funded != 0:
                raise_("AMOUNT_MISMATCH", latest(fundings), amount, funded)
            elif order.provider in self.settings.reporting_providers():
                expected = amount - max(cancelled.by_as_of - given_back, 0)
                raise_("FUNDING_NOT_REPORTED", due_on, expected, 0, begin=begin)
        if given_back > cancelled.by_as_of + tolerance:
            if given_back > amount + tolerance:
                code = "OVER_CANCELLED"
            else:
                code = "CANCELLATION_UNEXPECTED" if cancelled.by_as_of == 0 else "CANCELLATION_AMOUNT_MISMATCH"
            raise_(code, latest(cancellations), -cancelled.by_as_of, -given_back, cancellations)
        if funded > 0 and given_back < cancelled.due - tolerance:
            if given_back == 0:
                delay = timedelta(days=rules["cancellation_delay_days"])
                raise_("CANCELLATION_NOT_REPORTED", cancelled.first_due_on, -cancelled.due, 0,
                       begin=cancelled.first_due_on - delay)
            else:
                raise_("CANCELLATION_AMOUNT_MISMATCH", latest(cancellations), -cancelled.due, -given_back)
        return raised


def latest(lines):
    """Latest report date of some lines."""
    return max(line.report_date for line in lines)


def total(lines):
    """Sum of what leg 1 compares of some lines."""
    return sum(line.compared[0] for line in lines)


def full_rows(fundings, amount, tolerance):
    """How many source rows (both parts of a version 2 row together) fund the whole amount."""
    rows = defaultdict(int)
    for line in fundings:
        rows[line.file, line.line] += line.compared[0]
    return sum(abs(gross - amount) <= tolerance for gross in rows.values())
