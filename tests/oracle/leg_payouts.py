"""Leg 3: payouts and statement entries, and the balance (spec/matching.md)."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from coverage import has_text, reaches
from days import add_business_days, month_end
from found import Found

COMMISSION_DAYS = timedelta(days=45)


@dataclass(eq=False)
class Payout:
    """All lines with one payout reference and currency."""
    reference: str
    currency: str
    lines: list
    provider: str = ""
    amount: int = 0
    first: date = None
    last: date = None
    state: str = ""
    matched_by: str = ""
    booked: int = None
    alone: bool = True          # whether `booked` belongs to this payout only


def payout_of(reference, lines, provider="", amount=0):
    """The payout of some lines."""
    days = [line.report_date for line in lines]
    return Payout(reference, lines[0].currency, lines, provider, amount, min(days), max(days))


@dataclass(eq=False)
class Group:
    """Payouts and entries linked by reference."""
    payouts: list = field(default_factory=list)
    entries: list = field(default_factory=list)


class PayoutsLeg:
    """Everything leg 3 finds for one provider and one as-of date."""

    def __init__(self, settings, provider, lines, coverage):
        self.settings, self.provider, self.coverage = settings, provider, coverage
        self.as_of, self.notes = coverage.as_of, coverage.notes
        self.bank = coverage.bank(provider)
        self.rules = settings.provider(provider)
        self.net_mode = self.rules["settlement_mode"] == "net"
        self.lines = lines
        self.entries = list(enumerate(coverage.entries))      # (number, entry): equal entries stay apart
        self.found, self.left = [], {}
        self.payouts = self.make_payouts()

    def run(self):
        self.unassigned()
        left_entries = dict(self.entries)
        left_payouts = [payout for payout in self.payouts if payout.amount]
        self.by_reference(left_payouts, left_entries)
        ambiguous = self.by_amount(left_payouts, left_entries)
        self.by_sum(left_payouts, left_entries, ambiguous)
        self.commissions(left_entries)
        for payout in self.payouts:
            self.unmatched(payout)
        self.left = left_entries
        return self.found

    # ---- payouts ------------------------------------------------------------------------------

    def paid(self, line):
        """What a line adds to its payout."""
        return line.gross - line.fee if self.net_mode else line.gross

    def make_payouts(self):
        groups = defaultdict(list)
        for line in self.lines:
            if line.payout_ref:
                groups[line.payout_ref, line.currency].append(line)
        return [payout_of(reference, lines, self.provider, sum(map(self.paid, lines)))
                for (reference, _), lines in sorted(groups.items())]

    def grace_end(self, day, which="payout"):
        return add_business_days(day, self.rules[f"{which}_grace_business_days"], self.settings.holidays)

    def payout_item(self, code, payout, day, expected, actual, group=None):
        return Found(
            code=code, key=(self.provider, payout.reference, payout.currency), event_date=day,
            provider=self.provider, payout_reference=payout.reference, currency=payout.currency,
            expected=expected, actual=actual,
            about={"window": self.window(payout), "group": group, "net": self.net_mode})

    def payout_found(self, *columns, **more):
        self.found.append(self.payout_item(*columns, **more))

    def wait_for_bank(self, item):
        """What only the bank's next statement makes certain."""
        self.coverage.wait(self.coverage.waits_for_bank(self.provider), item)

    def window(self, payout):
        """The first and the last day on which an entry may pay a payout (or lines without one)."""
        return (payout.first - timedelta(days=self.rules["bank_window_before_days"]),
                payout.last + timedelta(days=self.rules["bank_window_after_days"]))

    def unassigned(self):
        files = defaultdict(list)
        for line in self.lines:
            if not line.payout_ref:
                files[line.file].append(line)
        for name, lines in files.items():
            day = self.grace_end(lines[0].report_date)
            if len({line.currency for line in lines}) > 1:
                self.notes.append("lines without payout reference in several currencies of one file")
            if day <= self.as_of:
                self.found.append(Found(
                    code="PAYOUT_REFERENCE_MISSING", key=(self.provider, name), event_date=day,
                    provider=self.provider, file=name, currency=lines[0].currency,
                    actual=sum(map(self.paid, lines)), about={"window": self.window(payout_of("", lines))}))

    # ---- which entries may pay a payout -----------------------------------------------------------

    def has_bank_text(self, entry):
        return has_text(entry, self.rules["bank_text"])

    def on_account(self, entry):
        return not self.rules["accounts"] or entry.account in self.rules["accounts"]

    def eligible(self, payout, entry):
        start, end = self.window(payout)
        return (entry.currency == payout.currency and entry.amount * payout.amount > 0
                and self.on_account(entry) and start <= entry.booking <= end
                and (self.has_bank_text(entry) or names(entry, payout.reference)))

    # ---- step 1 ---------------------------------------------------------------------------------------

    def by_reference(self, payouts, entries):
        links = [(payout, number) for payout in payouts for number, entry in entries.items()
                 if self.eligible(payout, entry) and names(entry, payout.reference)]
        for group in groups_of(links):
            self.settle_group(group, entries)
            for payout in group.payouts:
                payouts.remove(payout)
            for number in group.entries:
                del entries[number]

    def settle_group(self, group, entries):
        booked = [entries[number] for number in group.entries]
        expected, actual = sum(p.amount for p in group.payouts), sum(e.amount for e in booked)
        last, booking = max(p.last for p in group.payouts), max(e.booking for e in booked)
        by_booking = self.grace_end(booking, "entry") <= self.as_of
        by_grace = self.grace_end(last) <= self.as_of
        certain = by_booking or by_grace and reaches(self.grace_end(last), self.bank)
        if abs(expected - actual) <= self.settings.tolerance(group.payouts[0].currency):
            state = "matched"
        else:
            state = "mismatched" if certain else "pending"
        for payout in group.payouts:
            payout.state = state
            if state != "pending":
                payout.matched_by, payout.booked = "reference", actual
                payout.alone = len(group.payouts) == 1
        first = min(group.payouts, key=lambda p: (p.last, p.reference))
        item = self.payout_item("PAYOUT_AMOUNT_MISMATCH", first, booking, expected, actual, group=group.payouts)
        if state == "mismatched":
            self.found.append(item)
        elif state == "pending" and by_grace:
            self.wait_for_bank(item)

    # ---- step 2 ---------------------------------------------------------------------------------------

    def by_amount(self, payouts, entries):
        """Matches single entries of a payout's amount; returns the payouts with a tie."""
        ties = self.ties_of(payouts, entries)
        while True:
            wants = defaultdict(list)
            for payout in payouts:
                near = self.nearest(payout, entries)
                if len(near) == 1:
                    wants[near[0]].append(payout)
            if not wants:
                break
            for number, rivals in wants.items():
                self.pay_one(number, rivals, payouts, entries)
            before, ties = ties, self.ties_of(payouts, entries)
            if before != ties:
                self.notes.append("a tie that changed with a match by amount")
        tied = [number for near in ties.values() for number in near]
        if len(tied) != len(set(tied)):
            self.notes.append("two payouts with ties on the same entries")
        for payout in ties:
            payout.state = "pending"
            self.payout_found("AMBIGUOUS_MATCH", payout, payout.last, payout.amount, None)
        for number in set(tied):
            del entries[number]
        for payout in ties:
            payouts.remove(payout)
        return list(ties)

    def ties_of(self, payouts, entries):
        """{payout: the entries that are equally near}."""
        ties = {payout: self.nearest(payout, entries) for payout in payouts}
        return {payout: near for payout, near in ties.items() if len(near) > 1}

    def nearest(self, payout, entries):
        """Numbers of the entries with the payout's amount that are nearest to its last day."""
        tolerance = self.settings.tolerance(payout.currency)
        fitting = {}
        for number, entry in entries.items():
            if not self.eligible(payout, entry):
                continue
            if entry.amount == payout.amount:
                fitting[number] = abs((entry.booking - payout.last).days)
            elif abs(entry.amount - payout.amount) <= tolerance:
                self.notes.append("an entry within the tolerance of a payout but not equal")
        return [number for number, days in fitting.items() if days == min(fitting.values())]

    def pay_one(self, number, rivals, payouts, entries):
        entry = entries.pop(number)
        winner = min(rivals, key=lambda p: (abs((entry.booking - p.last).days), p.reference))
        for rival in rivals:
            if rival is not winner and self.nearest(rival, entries):
                self.notes.append("a payout that lost its entry to another has a second choice")
        winner.state, winner.matched_by, winner.booked = "matched", "amount", entry.amount
        payouts.remove(winner)

    # ---- step 3 -----------------------------------------------------------------------------------------

    def by_sum(self, payouts, entries, ambiguous):
        paid_numbers = []
        for number, entry in list(entries.items()):
            runs = self.runs(payouts, entry)
            if ambiguous and self.runs(payouts + ambiguous, entry) != runs:
                self.notes.append("a sum that depends on payouts with a tie")
            if len(runs) == 1:
                paid_numbers.append((number, runs[0]))
        used = [payout.reference for _, run in paid_numbers for payout in run]
        if len(used) != len(set(used)):
            self.notes.append("two entries for overlapping sums")
        for number, run in paid_numbers:
            amount = entries.pop(number).amount
            for payout in run:
                payout.state, payout.matched_by, payout.booked, payout.alone = "matched", "sum", amount, False
                payouts.remove(payout)

    def runs(self, payouts, entry):
        """Runs of left-over payouts, following each other, whose sum is the entry's amount."""
        row = sorted((p for p in payouts if p.currency == entry.currency and p.amount * entry.amount > 0),
                     key=lambda p: (p.last, p.reference))
        found = []
        for start in range(len(row)):
            for size in range(2, self.settings.max_combined_payouts + 1):
                run = row[start:start + size]
                if len(run) < size or not all(self.eligible(payout, entry) for payout in run):
                    continue
                gap = abs(sum(payout.amount for payout in run) - entry.amount)
                if gap == 0:
                    found.append(run)
                elif gap <= self.settings.tolerance(entry.currency):
                    self.notes.append("a sum within the tolerance of an entry but not equal")
        return found

    # ---- step 4 -------------------------------------------------------------------------------------------

    def commissions(self, entries):
        if self.net_mode:
            return
        months = defaultdict(int)
        for line in self.lines:
            months[month_end(line.report_date), line.currency] += line.fee
        for (end, currency), fees in sorted(months.items()):
            if fees <= 0:
                continue
            debits = [number for number, entry in entries.items()
                      if entry.amount == -fees and entry.currency == currency and self.on_account(entry)
                      and end < entry.booking <= end + COMMISSION_DAYS and self.has_bank_text(entry)]
            if len(debits) > 1:
                self.notes.append("two debits of one month's commissions")
            if debits:
                del entries[debits[0]]
            elif end + COMMISSION_DAYS <= self.as_of:
                if end + COMMISSION_DAYS in (self.as_of, self.bank):
                    self.notes.append("the last day for a month's commission debit")
                item = Found(
                    code="DEBIT_NOT_TAKEN", key=(self.provider, f"{end:%Y-%m}", currency),
                    event_date=end + COMMISSION_DAYS, provider=self.provider,
                    payout_reference=f"{end:%Y-%m}", currency=currency, expected=-fees, actual=0)
                if reaches(item.event_date, self.bank):
                    self.found.append(item)
                else:
                    self.wait_for_bank(item)

    # ---- what is left -----------------------------------------------------------------------------------------

    def unmatched(self, payout):
        if payout.state:
            return
        day = self.grace_end(payout.last)
        if payout.amount == 0:
            payout.state = "settled_without_transfer"
        elif payout.amount < 0 and self.net_mode:
            payout.state = "carried_over"
            self.payout_found("CARRY_OVER", payout, payout.last, payout.amount, 0)
        elif day > self.as_of:
            payout.state = "pending"
        else:
            code = "PAYOUT_NOT_RECEIVED" if payout.amount > 0 else "DEBIT_NOT_TAKEN"
            item = self.payout_item(code, payout, day, payout.amount, 0)
            payout.state = "not_received" if reaches(day, self.bank) else "pending"
            if payout.state == "pending":
                self.wait_for_bank(item)
            else:
                self.found.append(item)

    def unexplained(self, number, entry):
        """An entry of this provider that no provider's payouts explain."""
        if self.grace_end(entry.booking, "entry") > self.as_of:
            return []
        code = "BANK_CREDIT_UNEXPLAINED" if entry.amount > 0 else "BANK_DEBIT_UNEXPLAINED"
        equals = [other for other, same in self.entries if same == entry and other <= number]
        opened = self.settings.books_open(self.provider)
        item = Found(
            code=code, key=(entry.account, entry.entry_id or (entry, len(equals))), event_date=entry.booking,
            provider=self.provider, account=entry.account, bank_entry=entry.entry_id,
            currency=entry.currency, expected=0, actual=entry.amount,
            before_books=opened is not None
            and entry.booking < opened + timedelta(days=self.rules["bank_window_after_days"]))
        if reaches(self.grace_end(entry.booking, "entry"), self.coverage.reports(self.provider)):
            return [item]
        self.coverage.wait(self.coverage.feeds["reports", self.provider, "", ""], item)
        return []

    # ---- balance -------------------------------------------------------------------------------------------------

    def balance(self, first=date.min, last=date.max):
        """{currency: the figures of balance.csv in minor units} of the lines of some report dates."""
        table, states_of = {}, {(p.reference, p.currency): p.state for p in self.payouts}
        counted = [line for line in self.lines if first <= line.report_date <= last]
        for currency in sorted({line.currency for line in counted}):
            lines = [line for line in counted if line.currency == currency]
            gross = {kind: sum(l.gross for l in lines if l.kind == kind)
                     for kind in ("funding", "cancellation", "chargeback", "adjustment")}
            fees = sum(line.fee for line in lines)
            states = defaultdict(int)
            for line in lines:
                if line.payout_ref:
                    states[states_of[line.payout_ref, currency]] += self.paid(line)
            table[currency] = {
                "lines": len(lines), "funded": gross["funding"], "cancelled": gross["cancellation"],
                "chargebacks": gross["chargeback"], "adjustments": gross["adjustment"], "fees": fees,
                "gross": sum(gross.values()), "net": sum(gross.values()) - fees,
                "expected_payouts": sum(map(self.paid, lines)),
                "matched": states["matched"], "mismatched": states["mismatched"],
                "not_received": states["not_received"], "pending": states["pending"],
                "carried_over": states["carried_over"],
                "unassigned": sum(self.paid(line) for line in lines if not line.payout_ref), "residual": 0}
        return table


def names(entry, reference):
    """Whether an entry's references or remittance text hold a payout reference as a whole token."""
    if len(reference) < 4:
        return False
    between = r"\s*" if len(reference) >= 6 else ""
    pattern = r"(?<![^\W_])" + between.join(map(re.escape, reference)) + r"(?![^\W_])"
    return any(re.search(pattern, text, re.IGNORECASE) for text in (*entry.references, entry.text))


def unexplained(legs, coverage):
    """BANK_CREDIT_UNEXPLAINED and BANK_DEBIT_UNEXPLAINED of the entries that no leg has used, each of the first
    provider by name that reports lines and whose text is found on it."""
    found, reporting = [], coverage.settings.reporting_providers()
    for number, entry in enumerate(coverage.entries):
        theirs = [leg for leg in legs if leg.has_bank_text(entry)]
        if sum(number not in leg.left for leg in legs) > 1:
            coverage.notes.append("an entry that two providers' payouts want")
        first = next((leg for leg in theirs if leg.provider in reporting), None)
        if first is not None and all(number in leg.left for leg in legs):
            found += first.unexplained(number, entry)
    return found


def groups_of(links):
    """Connected groups of (payout, entry number) links."""
    groups = []
    for payout, number in links:
        touching = [g for g in groups if payout in g.payouts or number in g.entries]
        merged = Group([payout], [number])
        for group in touching:
            merged.payouts += [p for p in group.payouts if p not in merged.payouts]
            merged.entries += [n for n in group.entries if n not in merged.entries]
            groups.remove(group)
        groups.append(merged)
    return groups
