"""The choices of a world that concern its books: names, feeds that stop, accounts, limits, looks at old days,
names that lead nowhere."""

import random
from dataclasses import dataclass, field
from datetime import date

from days import ONE

LIMITED = ["bank-statement", "orders", "order-events", "oney-crp", "payone-settlement", "payone-status", "e-financing"]


@dataclass(frozen=True)
class Step:
    """Something that happens before a night, when a part of its files is there already."""
    kind: str                         # replay (a recorded run of an old day), look (of a range) or ingest
    as_of: date
    first: date = None
    last: date = None
    share: int = 0                    # of ten files so many are there already

    def early(self, deliveries):
        """The files of the night that are there already."""
        return [d for d in deliveries if random.Random(f"{self} {d.kind} {d.name}").randrange(10) < self.share]


@dataclass(frozen=True)
class Outage:
    """A feed that brings nothing from a night on; what it should have brought comes later, or never."""
    key: str                          # of its input
    account: int                      # of a bank's statements: the number of the only account, else None
    begin: int
    end: int                          # the night on which all of it comes at once, None for never

    def holds(self, delivery):
        mine = self.account is None or f"_{self.account}_" in delivery.name
        return delivery.kind == self.key and mine and self.begin <= delivery.night and (
            self.end is None or delivery.night < self.end)


@dataclass
class Feeds:
    """Everything that is decided of the books."""
    rng: random.Random
    oney: str = "oney"                # the names of the contracts
    payone: str = "payone"
    books_open: date = None
    own_books: dict = field(default_factory=dict)        # provider -> day on which its books begin
    limits: dict = field(default_factory=dict)           # key of an input -> max_silence_business_days
    more_accounts: list = field(default_factory=list)    # (currency, IBAN) beside the plan's
    closed: list = field(default_factory=list)
    configured: str = ""              # of `accounts`: all, main, or empty for not set
    outages: list = field(default_factory=list)
    steps: dict = field(default_factory=dict)            # night -> [Step]
    links: dict = field(default_factory=dict)            # night -> [(key, name)] that lead nowhere
    away: dict = field(default_factory=dict)             # night -> [keys] whose folder is not there
    any_numbers: bool = False         # order numbers that do not ascend
    two_shops: bool = False           # a second input of orders, for the partners' ones
    intraday: bool = False            # camt.052 in the evening, camt.053 the day after
    intraday_only: bool = False       # camt.052 alone
    pays_right_fee: bool = False      # the bank shows what the contract says, not what the report says
    pays_once: bool = False           # nor does it pay a line again that is reported again
    pays_unnamed: bool = False        # lines without payout reference are paid


def make(plan, rng, iban):
    """The choices for a world's plan."""
    feeds = Feeds(rng)
    names(plan, feeds)
    accounts(plan, feeds, iban)
    if rng.random() < 0.3:
        feeds.books_open = plan.history_start + ONE * rng.randint(1, 8)
    if rng.random() < 0.15:
        feeds.own_books[feeds.oney] = plan.history_start + ONE * rng.randint(1, 8)
    for key in LIMITED:
        if rng.random() < 0.2:
            feeds.limits[key] = rng.choice([0, 1, 1, 2, 4, 6])
    feeds.any_numbers = rng.random() < 0.4
    feeds.two_shops = plan.partners is not None and rng.random() < 0.4
    feeds.pays_right_fee, feeds.pays_once, feeds.pays_unnamed = (rng.random() < 0.5 for _ in range(3))
    outages(plan, feeds)
    if rng.random() < 0.5:
        steps(plan, feeds)
    if rng.random() < 0.3:
        unread(plan, feeds)
    return feeds


def names(plan, feeds):
    """Contracts with a name of their own."""
    if feeds.rng.random() < 0.25:
        feeds.oney = feeds.rng.choice(["oney-es", "oney-group", "credit"])
    if plan.partners and feeds.rng.random() < 0.25:
        feeds.payone = feeds.rng.choice(["payone-de", "instalments"])


def accounts(plan, feeds, iban):
    """Accounts beside the usual ones, closed ones among them, and what `accounts` says."""
    rng = feeds.rng
    if rng.random() < 0.35:
        feeds.more_accounts = [("EUR", iban(rng)) for _ in range(rng.choice([1, 1, 2]))]
    if feeds.more_accounts and rng.random() < 0.4:
        feeds.closed = [feeds.more_accounts[-1][1]]
    feeds.configured = rng.choice(["", "", "all", "main"])
    if plan.bank_style == "camt":
        feeds.intraday_only = rng.random() < 0.15
        feeds.intraday = not feeds.intraday_only and rng.random() < 0.15


def outages(plan, feeds):
    """Feeds that stop, for good or for some nights."""
    rng = feeds.rng
    keys = [key for key in plan.inputs if key != "order-events"]
    for key in rng.sample(keys, min(len(keys), rng.choice([0, 1, 1, 2, 2]))):
        begin = rng.choice([0, rng.randrange(len(plan.nights)), rng.randrange(len(plan.nights))])
        end = begin + rng.randint(2, 9)
        never = rng.random() < 0.5 or end >= len(plan.nights)
        by_account = key == "bank-statement" and plan.bank_style == "camt" and rng.random() < 0.5
        count = len(plan.accounts) + len(feeds.more_accounts)
        feeds.outages.append(Outage(key, rng.randrange(count) if by_account else None, begin, None if never else end))
    if feeds.closed:
        feeds.outages.append(Outage("bank-statement", len(plan.accounts) + len(feeds.more_accounts) - 1,
                                    rng.randrange(len(plan.nights)), None))


def steps(plan, feeds):
    """Looks at old days, days that are repeated, and files read between the nights."""
    rng = feeds.rng
    for _ in range(rng.choice([1, 1, 2, 3])):
        night = rng.randrange(1, len(plan.nights))
        old = plan.nights[night - 1] - ONE * rng.choice([0, 1, 1, 2, 3, 5])
        kind, share = rng.choice(["replay", "replay", "look", "look", "ingest"]), rng.choice([0, 3, 6, 10])
        as_of = rng.choice([old, plan.nights[night - 1]]) if kind != "ingest" else plan.nights[night]
        last = as_of - ONE * rng.choice([0, 0, 2])
        step = Step(kind, as_of, last - ONE * rng.randint(0, 8), last, share)
        feeds.steps.setdefault(night, []).append(step)


def unread(plan, feeds):
    """Names that lead nowhere and folders that are not there."""
    rng = feeds.rng
    for night in rng.sample(range(len(plan.nights)), 3):
        key = rng.choice(plan.inputs)
        if rng.random() < 0.5:
            feeds.links.setdefault(night, []).append((key, f"gone_{night}.csv"))
        else:
            feeds.away.setdefault(night, []).append(key)


def disturb(feeds, deliveries, nights, story):
    """The deliveries with the outages played into them."""
    for outage in feeds.outages:
        story.append(f"{outage.key} {'' if outage.account is None else f'account {outage.account} '}stops on "
                     f"{nights[outage.begin]}" + (f", all comes on {nights[outage.end]}" if outage.end else ""))
        held = [d for d in deliveries if outage.holds(d)]
        deliveries = [d for d in deliveries if not outage.holds(d)]
        if outage.end is not None:
            deliveries = [type(d)(outage.end, d.kind, d.name, d.data) for d in held] + deliveries
    return deliveries
