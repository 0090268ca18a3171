"""What explains what, and what money it is about (spec/matching.md, "Cause" and "Exposure")."""

import re
from collections import defaultdict
from datetime import timedelta

LEG_ONE = {"ORDER_NOT_FOUND", "CURRENCY_MISMATCH", "MERCHANT_MISMATCH", "STATUS_MISMATCH", "FUNDING_NOT_REPORTED",
           "AMOUNT_MISMATCH", "DUPLICATE_FUNDING", "CANCELLATION_NOT_REPORTED", "CANCELLATION_UNEXPECTED",
           "CANCELLATION_AMOUNT_MISMATCH", "OVER_CANCELLED", "DEADLINE_AT_RISK"}
ORDER_IN_KEY = LEG_ONE | {"PROVIDER_STATUS_MISMATCH", "PROVIDER_AMOUNT_MISMATCH"}
TRANSACTION_IN_KEY = {"CHARGEBACK", "EVENT_MISSING"}
PAYOUT_IN_KEY = {"PAYOUT_NOT_RECEIVED", "PAYOUT_AMOUNT_MISMATCH", "DEBIT_NOT_TAKEN", "CARRY_OVER", "AMBIGUOUS_MATCH"}
OF_A_LINE = {"FEE_MISMATCH", "DUPLICATE_LINE", "REFERENCE_MISSING", "ADJUSTMENT_UNASSIGNED"}
NOT_REPORTED = {"FUNDING_NOT_REPORTED", "CANCELLATION_NOT_REPORTED"}
UNEXPLAINED = {"BANK_CREDIT_UNEXPLAINED", "BANK_DEBIT_UNEXPLAINED"}
NEAR_DAYS = 2


class Causes:
    """The cause of each open discrepancy of a night."""

    def __init__(self, settings, coverage, found, orders, notes):
        self.settings, self.coverage, self.orders, self.notes = settings, coverage, orders, notes
        self.found = found
        self.of_code = defaultdict(list)
        for item in found:
            self.of_code[item.code].append(item)
        self.named = self.rejected_rows()
        self.hints = self.orders_hinted_at()

    def run(self):
        """{identity: the discrepancy that explains it}."""
        causes = {}
        for item in self.found:
            for rule in (self.rejected_row, self.fees_and_copies, self.provider_status, self.misspelt,
                         self.without_payout, self.statement_gap, self.report):
                cause = rule(item)
                if cause is not None:
                    causes[item.identity] = cause
                    break
        return causes

    # ---- 1: a rejected row --------------------------------------------------------------------------

    def rejected_rows(self):
        """{(kind of reference, provider, reference): the rejected rows that name it}."""
        named = defaultdict(list)
        for item in self.of_code["LINE_REJECTED"]:
            names = item.about["names"]
            pairs = [("order", names.order), ("transaction", names.transaction)]
            for what, text in pairs + [("payout", payout) for payout in names.payouts]:
                if text:
                    named[what, names.provider, text].append(item)
        return named

    def rejected_row(self, item):
        what, text = ("order", item.order_reference) if item.code in ORDER_IN_KEY else \
            ("transaction", item.transaction_id) if item.code in TRANSACTION_IN_KEY else \
            ("payout", item.payout_reference) if item.code in PAYOUT_IN_KEY else ("", "")
        if item.code in OF_A_LINE:
            line = item.about["line"]
            if any(self.named.get((what, line.provider, text)) for what, text in
                   (("order", line.order_ref), ("transaction", line.transaction), ("payout", line.payout_ref))):
                self.notes.append("a rejected row that names what a line's identity holds")
        return one(self.named.get((what, item.provider, text), []))

    # ---- 2: fees and copies of a payout group ---------------------------------------------------------

    def fees_and_copies(self, item):
        if item.code != "PAYOUT_AMOUNT_MISMATCH":
            return None
        references = {payout.reference for payout in item.about["group"]}

        def of_group(code):
            return [other for other in self.of_code[code] if other.provider == item.provider
                    and other.currency == item.currency and other.payout_reference in references]

        def net(other):
            line = other.about["line"]
            whole = line.gross - line.fee if item.about["net"] else line.gross
            return (other.about["copies"] - 1) * whole

        fees, copies = of_group("FEE_MISMATCH"), of_group("DUPLICATE_LINE")
        fitting = [rows for rows, total in ((fees, sum(other.difference for other in fees)),
                                            (copies, sum(map(net, copies))))
                   if rows and abs(total) == abs(item.difference)]
        if len(fitting) > 1:
            self.notes.append("fees and copies that both explain a payout")
        if fitting and len(fitting[0]) > 1:
            if len({(row.about["line"].kind, row.about["line"].part) for row in fitting[0]}) > 1 \
                    or len({row.about["line"].order_ref for row in fitting[0]}) < len(fitting[0]):
                self.notes.append("several lines explain a payout whose order is not settled")
        return min(fitting[0], key=lambda row: row.about["line"].order_ref) if fitting else None

    # ---- 3: the provider's status -----------------------------------------------------------------------

    def provider_status(self, item):
        if item.code not in LEG_ONE:
            return None
        return one([other for other in self.of_code["PROVIDER_STATUS_MISMATCH"]
                    if (other.provider, other.order_reference) == (item.provider, item.order_reference)])

    # ---- 4: a misspelt order ------------------------------------------------------------------------------

    def orders_hinted_at(self):
        """{(provider, reference): the unknown orders whose explanation names this one}."""
        hints = defaultdict(list)
        for item in self.of_code["ORDER_NOT_FOUND"]:
            order = self.nearest(item)
            if order is not None:
                hints[order.key].append(item)
        return hints

    def nearest(self, item):
        """The order that is nearest to an unknown reference, None when there is none."""
        same = [order for order in self.orders.values() if order.provider == item.provider]
        alike = [order for order in same if bare(order.reference) == bare(item.order_reference)]
        if len(alike) > 1:
            self.notes.append("two orders that differ from an unknown one in their separators only")
        if alike:
            return alike[0]
        lines = item.about.get("lines")
        days = {line.event_day for line in lines if line.event_day} if lines else {item.about["said"].observed.date()}
        funded = sum(line.gross for line in lines if line.kind == "funding") if lines else item.difference
        equal = [order for order in same if {item.difference, funded} & {order.amount, order.confirmed_amount}
                 and order.currency == item.currency]
        if equal and funded != item.difference or any(order.confirmed_amount for order in equal):
            self.notes.append("an unknown order that is like another one by some of its amounts")
        near = [order for order in equal if any(abs((order.ordered_on - day).days) <= NEAR_DAYS for day in days)]
        if len(equal) > 1 or len(equal) != len(near):
            self.notes.append("an unknown order with the amount of several orders or of an older one")
        return one(near)

    def misspelt(self, item):
        if item.code != "FUNDING_NOT_REPORTED":
            return None
        return one([other for other in self.hints[item.provider, item.order_reference]
                    if other.difference == item.expected and other.currency == item.currency])

    # ---- 5: lines without payout reference ------------------------------------------------------------------

    def without_payout(self, item):
        if item.code not in UNEXPLAINED:
            return None

        def fits(missing, entry):
            first, last = missing.about["window"]
            return missing.provider == entry.provider and missing.currency == entry.currency \
                and missing.actual == entry.actual and first <= entry.event_date <= last

        entries = [entry for code in UNEXPLAINED for entry in self.of_code[code]]
        return one([missing for missing in self.of_code["PAYOUT_REFERENCE_MISSING"] if fits(missing, item)
                    and sum(fits(missing, entry) for entry in entries) == 1])

    # ---- 6: a statement that is missing ------------------------------------------------------------------------

    def statement_gap(self, item):
        if item.code != "PAYOUT_NOT_RECEIVED":
            return None
        first, last = item.about["window"]
        accounts = self.coverage.accounts_of(item.provider)
        gaps = [gap for gap in self.of_code["STATEMENT_GAP"]
                if gap.account in accounts and first <= gap.event_date <= last]
        return min(gaps, key=lambda gap: (gap.event_date, gap.key), default=None)

    # ---- 7: a report that is missing or was refused ----------------------------------------------------------------

    def report(self, item):
        reports = [(other, other.about["report_date"]) for code in ("REPORT_REJECTED", "REPORT_MISSING")
                   for other in self.of_code[code] if other.provider == item.provider and other.about["report_date"]]
        if item.code in NOT_REPORTED:
            begin = item.about["begin"]
            fitting = [(day - begin, other, day) for other, day in reports if begin <= day <= item.event_date]
        elif item.code in UNEXPLAINED:
            after = timedelta(days=self.settings.provider(item.provider)["bank_window_after_days"])
            fitting = [(item.event_date - day, other, day) for other, day in reports
                       if day <= item.event_date <= day + after]
        else:
            return None
        rank = ["REPORT_REJECTED", "REPORT_MISSING"]
        best = min(fitting, key=lambda fit: (fit[0], fit[2], rank.index(fit[1].code), fit[1].key), default=None)
        return best and best[1]


def one(candidates):
    """The only candidate, None where there is none or more than one."""
    return candidates[0] if len(candidates) == 1 else None


def bare(reference):
    """A reference without case, separators and leading zeros."""
    return re.sub(r"[\W_]", "", reference).lower().lstrip("0")


def figures(rows, causes, waiting):
    """{currency: (short, over, waiting)}: the net of each root and of all that hangs on it."""
    net = defaultdict(int)
    for row in rows:
        if row.state in ("accepted", "resolved") or row.found.exposure is None:
            continue
        root = row.found
        while root.identity in causes:
            root = causes[root.identity]
        net[root.identity, row.found.currency] += row.found.exposure
    found = defaultdict(lambda: [0, 0, 0])
    for (_, currency), amount in net.items():
        found[currency][0 if amount < 0 else 1] += abs(amount)
    for currency, amount in waiting.items():
        found[currency][2] += amount
    return {currency: tuple(three) for currency, three in found.items() if any(three)}
