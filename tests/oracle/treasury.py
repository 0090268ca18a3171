"""Transfers and the bank: which reports a transfer pays, and what the account shows."""

from dataclasses import dataclass, field
from datetime import date

import money
from company import adjust
from days import ONE, add_business_days, is_business_day, month_end

NOISE = [("MONEYGRAM PAYMENT", "VIR MONEYGRAM 8842"), ("HONEY SHOP SARL", "FACTURE 4471"),
         ("URSSAF", "PRLV SEPA URSSAF"), ("DUPONT SA", "FACTURE 2291 MERCI"), ("STONEY FARM", "INVOICE 77"),
         ("CLIENT MARTIN", "VIREMENT RECU"), ("EDF PRO", "PRLV ELECTRICITE")]
NAMES = ["ONEY BANK", "Oney Bank S.A.", "ONEY SERVICIOS FINANCIEROS", "oney"]


@dataclass
class BankEntry:
    """One movement of an account."""
    account: str
    currency: str
    booking: date
    amount: int
    counterparty: str
    text: str
    value: date = None
    id: str = ""
    end_to_end: str = ""
    batch: list = field(default_factory=list)     # amounts of its details; their texts in `texts`
    texts: list = field(default_factory=list)


@dataclass
class Transfer:
    """A payout as the provider means it: reference, currency, its rows by report date."""
    reference: str
    currency: str
    rows: list                                    # (report, row)

    @property
    def first(self):
        return min(report.date for report, _ in self.rows)

    @property
    def last(self):
        return max(report.date for report, _ in self.rows)


class Treasury:
    """Assigns transfers to reports and writes the bank's entries."""

    def __init__(self, company):
        self.company, self.plan, self.rng, self.story = company, company.plan, company.rng, company.story
        self.entries, self.count = [], self.rng.randint(100, 900)
        self.unnamed = []                             # reports without transfer ids
        self.ref_style = self.rng.choice(["long", "long", "dashed", "digits", "short"])

    def run(self):
        for country in self.plan.countries:
            self.batches(country)
        self.blank_references()
        transfers = self.transfers()
        self.same_amounts(transfers)
        self.pay(transfers)
        self.pay_unnamed()
        if self.plan.mode == "gross":
            self.commissions()
        self.noise()
        self.strangers()
        for entry in self.entries:
            entry.value = entry.value or entry.booking
            entry.id = entry.id or f"BK{self.company.next_number():07d}"
        self.entries.sort(key=lambda e: (e.booking, e.id))

    # ---- transfer references -----------------------------------------------------------------------

    def new_reference(self, day):
        self.count += self.rng.randint(1, 3)
        if self.ref_style == "long":
            return f"TRF{day:%y%m%d}{self.count:04d}"
        if self.ref_style == "dashed":
            return f"ON-{day:%y%m}-{self.count:05d}"
        if self.ref_style == "digits":
            return f"7{day:%m%d}{self.count:05d}"
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"       # three characters: too short to be found in a text
        return letters[self.count // 100 % 24] + f"{self.count % 100:02d}"

    def batches(self, country):
        """Consecutive reports share a transfer; in net mode a negative one goes on."""
        reports = self.company.reports[country]
        size, index = self.rng.choice([1, 1, 2, 3]), 0
        while index < len(reports):
            batch = reports[index:index + size]
            reference = self.new_reference(batch[0].date)
            if self.rng.random() < 0.06 and not self.plan.calm:
                self.make_negative(batch)
            index += size
            while self.plan.mode == "net" and self.total(batch) < 0 and index < len(reports) \
                    and self.rng.random() < 0.85:
                batch += reports[index:index + size]
                index += size
            for report in batch:
                for row in report.rows:
                    row.transfer = reference

    def total(self, batch):
        """What a batch pays in its first currency, net mode."""
        return sum(row.net for report in batch for row in report.rows if row.currency == "EUR")

    def make_negative(self, batch):
        """A big adjustment turns a batch negative."""
        order = next((o for o in self.company.orders if o.country == batch[0].country and o.currency == "EUR"), None)
        if order is None or self.plan.layouts[order.country] == "v2":
            return
        worth = sum(row.gross for report in batch for row in report.rows)
        adjust(self.company, batch[-1], order, -abs(worth) - self.rng.randint(1000, 50000))
        self.story.append(f"batch of {batch[0].country} {batch[0].date} made negative")

    def blank_references(self):
        """Some reports forget the transfer id."""
        for country in self.plan.countries:
            for report in self.company.reports[country]:
                single = len({row.currency for row in report.rows}) == 1
                if single and self.rng.random() < (0 if self.plan.calm else 0.03):
                    for row in report.rows:
                        row.transfer = ""
                    self.unnamed.append(report)
                    self.story.append(f"{country} {report.date}: no transfer id: PAYOUT_REFERENCE_MISSING")

    def transfers(self):
        found = {}
        for country in self.plan.countries:
            for report in self.company.reports[country]:
                for row in report.rows:
                    if row.transfer:
                        key = row.transfer, row.currency
                        found.setdefault(key, Transfer(*key, [])).rows.append((report, row))
        return sorted(found.values(), key=lambda t: (t.last, t.reference))

    def amount(self, transfer):
        """What the bank shows of a transfer: what was reported, or what is right."""
        feeds, net = self.plan.feeds, self.plan.mode == "net"
        rows = [row for _, row in transfer.rows if not (row.again and feeds.pays_once)]
        right = sum(row.overcharged for row in rows) if net and feeds.pays_right_fee else 0
        return sum(row.net if net else row.gross for row in rows) + right

    def same_amounts(self, transfers):
        """Now and then an adjustment makes two neighbours equal, or one nothing."""
        if self.plan.calm or self.rng.random() > 0.4:
            return
        euros = [t for t in transfers if t.currency == "EUR"]
        for first, second in zip(euros, euros[1:]):
            report, row = second.rows[-1]
            order = next((o for o in self.company.orders if o.country == report.country and o.currency == "EUR"), None)
            if self.plan.layouts[report.country] == "v2" or order is None or self.rng.random() > 0.08:
                continue
            target = self.rng.choice([self.amount(first), 0])
            difference = target - self.amount(second)
            if difference:
                added = adjust(self.company, report, order, difference)
                added.transfer, added.currency, added.merchant = second.reference, "EUR", row.merchant
                second.rows.append((report, added))
                self.story.append(f"transfer {second.reference} adjusted to {target} cents")

    # ---- payments -----------------------------------------------------------------------------------

    def pay(self, transfers):
        waiting = list(transfers)
        while waiting:
            transfer = waiting.pop(0)
            amount = self.amount(transfer)
            if transfer.currency not in self.plan.accounts or amount == 0:
                continue
            if amount < 0:
                self.debit(transfer, amount)
                continue
            others = [t for t in waiting[:4] if t.currency == transfer.currency and self.amount(t) > 0]
            used = self.rng.choices(*zip(*self.ways(others)))[0](transfer, amount, others)
            for other in used or []:
                waiting.remove(other)

    def ways(self, others):
        """(scenario, weight) of paying a transfer."""
        plain = [(self.by_reference, 40), (self.by_cut_reference, 6), (self.without_reference, 12)]
        if others:
            plain += [(self.one_for_two, 4), (self.one_for_several, 5), (self.batch_for_two, 2)]
        if self.plan.calm:
            return plain
        return plain + [(self.two_for_one, 4), (self.never, 4), (self.late, 3), (self.wrong_amount, 4),
                        (self.wrong_then_corrected, 3), (self.inside_token, 3), (self.two_candidates, 2),
                        (self.tie, 2), (self.before_report, 3), (self.too_far, 2)]

    def book(self, currency, day, amount, text, counterparty=None, **more):
        """An entry on the account of a currency, moved to a business day."""
        while not is_business_day(day, self.plan.holidays):
            day += ONE
        if day >= self.plan.history_start - 5 * ONE:
            entry = BankEntry(self.account(currency), currency, day, amount,
                              counterparty or self.rng.choice(NAMES), text, **more)
            self.entries.append(entry)
            return entry
        return None

    def account(self, currency):
        """The account of a currency, now and then another one of it."""
        feeds = self.plan.feeds
        others = [account for other, account in feeds.more_accounts if other == currency]
        return feeds.rng.choice(others) if others and feeds.rng.random() < 0.25 else self.plan.accounts[currency]

    def after(self, transfer, days=None):
        """A business day shortly after a transfer's last report."""
        return add_business_days(transfer.last, self.rng.choice([1, 1, 2]) if days is None else days,
                                 self.plan.holidays)

    def phrase(self, *references):
        """A remittance text that names the references."""
        names = " ".join(r.lower() if self.rng.random() < 0.1 else r for r in references)
        return self.rng.choice(["VIR ONEY {}", "ONEY {} DU JOUR", "REGLEMENT {} ONEY BANK", "{}"]).format(names)

    def tell(self, transfer, text):
        self.story.append(f"transfer {transfer.reference} ({money.text(self.amount(transfer), transfer.currency)} "
                          f"{transfer.currency}, last {transfer.last}): {text}")

    def by_reference(self, transfer, amount, _others):
        if self.rng.random() < 0.2:
            self.book(transfer.currency, self.after(transfer), amount, "VIREMENT", end_to_end=transfer.reference)
        else:
            self.book(transfer.currency, self.after(transfer), amount, self.phrase(transfer.reference))

    def by_cut_reference(self, transfer, amount, _others):
        ref = transfer.reference
        for _ in range(self.rng.choice([1, 2])):
            cut = self.rng.randrange(1, len(ref))
            ref = ref[:cut] + " " + ref[cut:]
        self.book(transfer.currency, self.after(transfer), amount, f"VIR ONEY {ref} DU JOUR")
        self.tell(transfer, f"paid, named with blanks inside: {ref!r}")

    def without_reference(self, transfer, amount, _others):
        self.book(transfer.currency, self.after(transfer), amount, "VIREMENT ONEY")

    def one_for_two(self, transfer, amount, others):
        other = others[0]
        self.book(transfer.currency, self.after(other), amount + self.amount(other),
                  self.phrase(transfer.reference, other.reference))
        self.tell(transfer, f"one entry with {other.reference}")
        return [other]

    def batch_for_two(self, transfer, amount, others):
        """One booked batch whose details name a transfer each; two entries where it is no camt."""
        parts, refs = [amount, self.amount(others[0])], [transfer.reference, others[0].reference]
        texts = [f"VIR ONEY {ref}" for ref in refs]
        if self.plan.bank_style == "camt":
            self.book(transfer.currency, self.after(others[0]), sum(parts), "", batch=parts, texts=texts)
        else:
            for part, text in zip(parts, texts):
                self.book(transfer.currency, self.after(others[0]), part, text)
        self.tell(transfer, f"a batch with {refs[1]}")
        return [others[0]]

    def one_for_several(self, transfer, amount, others):
        run = others[:self.rng.choice([1, 1, 2, 3])]
        self.book(transfer.currency, self.after(run[-1]), amount + sum(map(self.amount, run)), "VIR GROUPE ONEY")
        self.tell(transfer, "one entry, unnamed, with " + ", ".join(t.reference for t in run))
        return run

    def two_for_one(self, transfer, amount, _others):
        part = amount // 3
        if part == 0:
            return
        self.book(transfer.currency, self.after(transfer), part, self.phrase(transfer.reference))
        self.book(transfer.currency, self.after(transfer, 3), amount - part, self.phrase(transfer.reference))
        self.tell(transfer, "paid in two entries")

    def never(self, transfer, _amount, _others):
        self.tell(transfer, "never paid: PAYOUT_NOT_RECEIVED")

    def late(self, transfer, amount, _others):
        days = self.plan.provider["payout_grace_business_days"] + self.rng.randint(1, 3)
        self.book(transfer.currency, self.after(transfer, days), amount, self.phrase(transfer.reference))
        self.tell(transfer, "paid late: PAYOUT_NOT_RECEIVED, then resolved")

    def off(self):
        return self.rng.choice([-1, 1]) * self.rng.randint(101, 2500)

    def wrong_amount(self, transfer, amount, _others):
        self.book(transfer.currency, self.after(transfer), max(amount + self.off(), 1), self.phrase(transfer.reference))
        self.tell(transfer, "paid with another amount: PAYOUT_AMOUNT_MISMATCH")

    def wrong_then_corrected(self, transfer, amount, _others):
        lacking = min(self.rng.randint(200, 2000), amount // 2)
        if lacking < 150:
            return
        ends = self.plan.provider["entry_grace_business_days"] + 2
        self.book(transfer.currency, self.after(transfer, 1), amount - lacking, self.phrase(transfer.reference))
        self.book(transfer.currency, self.after(transfer, 1 + ends), self.rng.choice([lacking, lacking // 2]),
                  self.phrase(transfer.reference))
        self.tell(transfer, "paid too little, the rest later: PAYOUT_AMOUNT_MISMATCH, then resolved or changed")

    def inside_token(self, transfer, amount, _others):
        text = self.rng.choice(["ONEY X{}", "ONEY {}7", "ONEY REF{}A"]).format(transfer.reference)
        self.book(transfer.currency, self.after(transfer), self.rng.choice([amount, amount + 777]), text)
        self.tell(transfer, "its reference only inside a longer token")

    def two_candidates(self, transfer, amount, _others):
        self.book(transfer.currency, self.after(transfer, 1), amount, "VIREMENT ONEY")
        self.book(transfer.currency, self.after(transfer, 3), amount, "VIREMENT ONEY BIS")
        self.tell(transfer, "two entries of its amount, the second stays unexplained")

    def tie(self, transfer, amount, _others):
        day = self.after(transfer, 1)
        self.book(transfer.currency, day, amount, "VIREMENT ONEY")
        self.book(transfer.currency, day, amount, self.rng.choice(["VIREMENT ONEY", "AUTRE VIREMENT ONEY"]))
        self.tell(transfer, "two entries equally near: AMBIGUOUS_MATCH")

    def before_report(self, transfer, amount, _others):
        self.book(transfer.currency, transfer.last - ONE * self.rng.choice([0, 1, 2]), amount,
                  self.phrase(transfer.reference))
        self.tell(transfer, "paid before the report")

    def too_far(self, transfer, amount, _others):
        days = self.plan.provider["bank_window_before_days"] + self.rng.randint(1, 3) + 2
        self.book(transfer.currency, transfer.first - ONE * days, amount, self.phrase(transfer.reference))
        self.tell(transfer, "an entry before the window")

    def debit(self, transfer, amount):
        """A negative transfer: a debit in gross mode, carried over in net mode."""
        if self.plan.mode == "net":
            self.tell(transfer, "negative: CARRY_OVER")
            return
        way = self.rng.choice(["reference", "amount", "never"])
        if way != "never":
            text = self.phrase(transfer.reference) if way == "reference" else "PRLV ONEY"
            self.book(transfer.currency, self.after(transfer), amount, text)
        self.tell(transfer, f"negative, debit {way}")

    def pay_unnamed(self):
        """Lines without transfer id are paid all the same."""
        for report in self.unnamed if self.plan.feeds.pays_unnamed else []:
            amount = sum(row.net if self.plan.mode == "net" else row.gross for row in report.rows)
            if amount and report.rows and report.rows[0].currency in self.plan.accounts:
                day = add_business_days(report.date, 1, self.plan.holidays)
                self.book(report.rows[0].currency, day, amount, "VIREMENT ONEY SANS REFERENCE", counterparty="ONEY BANK")

    # ---- other entries -----------------------------------------------------------------------------------

    def commissions(self):
        """The monthly debit of commissions, sometimes wrong or missing."""
        months = {}
        for country in self.plan.countries:
            for report in self.company.reports[country]:
                for row in report.rows:
                    key = month_end(report.date), row.currency
                    months[key] = months.get(key, 0) + row.signed_fee
        for (end, currency), fees in sorted(months.items()):
            if fees <= 0 or currency not in self.plan.accounts:
                continue
            way = self.rng.choice(["right", "right", "right", "wrong", "never"])
            off = 311 if way == "wrong" else 0
            if way != "never":
                self.book(currency, end + ONE * self.rng.randint(1, 9), -fees - off, "COMMISSIONS ONEY DU MOIS")
            self.story.append(f"commissions of {end:%Y-%m} {currency}: {way}")

    def noise(self):
        """Entries that are none of Oney's business."""
        for day in self.company.days(self.plan.history_start):
            if self.rng.random() < 0.3:
                name, text = self.rng.choice(NOISE)
                sign = self.rng.choice([-1, 1])
                self.book("EUR", day, sign * self.rng.randint(500, 200000), text, counterparty=name)

    def strangers(self):
        """Entries of Oney that no report explains."""
        for day in self.company.days(self.plan.history_start):
            if self.rng.random() < (0 if self.plan.calm else 0.04):
                sign = self.rng.choice([-1, 1])
                entry = self.book("EUR", day, sign * self.rng.randint(500, 90000),
                                  self.rng.choice(["VIR ONEY", "ONEY DIVERS", "PRLV ONEY FRAIS"]))
                self.story.append(f"stranger on the account {entry.booking}: {entry.amount} cents" if entry else "")
        euros = [e for e in self.entries if e.currency == "EUR" and e.counterparty == "DUPONT SA"]
        if euros and self.rng.random() < 0.5:
            self.entries.append(re_book(euros[0]))


def re_book(entry):
    """A second, equal movement on the same day: a real one."""
    return BankEntry(entry.account, entry.currency, entry.booking, entry.amount, entry.counterparty, entry.text,
                     entry.value)
