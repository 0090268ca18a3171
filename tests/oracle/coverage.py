"""What the books cover: until which day each feed is known, what is silent, what waits (spec/matching.md)."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from days import add_business_days, is_business_day, last_business_day_before
from found import Found
from readers import Statement
from settings import LINES

BANK_TEXT_DAYS = 60


@dataclass
class Feed:
    """One row of coverage.csv, but for what waits for it."""
    feed: str                         # bank, reports, orders or events
    provider: str = ""
    account: str = ""
    path: str = ""
    covered: date = None              # None: nothing was ever accepted
    counted_from: date = None         # the day after which silence is counted, None without a limit
    limit: int = 0                    # business days of silence that are allowed, 0 for ever
    accepted: bool = False            # whether anything was ever accepted
    waiting: dict = field(default_factory=lambda: defaultdict(list))      # currency -> amounts

    @property
    def key(self):
        return self.feed, self.provider, self.account, self.path


class Coverage:
    """The books as they are seen from one as-of date."""

    def __init__(self, settings, store, entries, as_of, notes):
        self.settings, self.store, self.as_of, self.notes = settings, store, as_of, notes
        self.entries = entries
        self.first_run = min((run, day) for run, day in store.recorded)[1] if store.recorded else as_of
        self.feeds = {feed.key: feed for feed in (*self.banks(), *self.reports_feeds(), *self.others())}
        self.accounts = {feed.account: feed for feed in self.feeds.values() if feed.account}

    def seen(self, day):
        """A day as far as the as-of date lets it be seen."""
        return None if day is None else min(day, self.as_of)

    # ---- feeds ------------------------------------------------------------------------------------

    def banks(self):
        """A feed for each known account and for each input of statements of which nothing was accepted."""
        ended, booked, limits = {}, {}, defaultdict(set)
        for statement in self.store.statements():
            ended[statement.account] = max(ended.get(statement.account, date.min), statement.last)
        for number, entry in self.inputs("bank-statement"):
            files = self.store.of_input(number)
            if not files:
                yield self.feed(Feed("bank", path=entry["path"]), None, self.settings.max_silence(entry))
            for record in (record for file in files for record in file.records):
                limits[record.account].add(self.settings.max_silence(entry))
                if not isinstance(record, Statement):
                    booked[record.account] = max(booked.get(record.account, date.min), record.booking)
        for account in sorted(limits):
            if len(limits[account]) > 1:
                self.notes.append("an account of two inputs with different limits")
            day = self.seen(ended.get(account, booked.get(account)))
            limit = 0 if account in self.settings.closed_accounts else min(limits[account])
            yield self.feed(Feed("bank", account=account, covered=day), day, limit)

    def reports_feeds(self):
        """A feed for each provider with an input of lines."""
        for provider in sorted(self.settings.reporting_providers()):
            numbers = [(n, e) for n, e in enumerate(self.settings.inputs)
                       if e["kind"] in LINES and self.settings.provider_of(e) == provider]
            limits = {self.settings.max_silence(entry) for _, entry in numbers}
            if len(limits) > 1:
                self.notes.append("two inputs of a provider with different limits")
            received = self.received([number for number, _ in numbers])
            feed = Feed("reports", provider, covered=self.reported(provider))
            yield self.feed(feed, received, min(limits))

    def reported(self, provider):
        """The latest report date of a provider's counting files of lines."""
        days = [file.report_date for kind in LINES for file in self.store.of(kind)
                if file.provider == provider and file.report_date]
        return self.seen(max(days, default=None))

    def others(self):
        """A feed for each input of orders, and for each other one that has a limit."""
        for number, entry in enumerate(self.settings.inputs):
            limit = self.settings.max_silence(entry)
            if entry["kind"] == "orders" or (limit and entry["kind"] not in ("bank-statement", *LINES)):
                received = self.received([number])
                kind = "orders" if entry["kind"] == "orders" else "events"
                yield self.feed(Feed(kind, path=entry["path"], covered=received), received, limit)

    def inputs(self, kind):
        return [(n, entry) for n, entry in enumerate(self.settings.inputs) if entry["kind"] == kind]

    def received(self, numbers):
        """The latest day received of the files of some inputs."""
        days = [file.received for number in numbers for file in self.store.of_input(number)]
        return self.seen(max(days, default=None))

    def feed(self, feed, counted_from, limit):
        feed.accepted = counted_from is not None
        feed.limit = limit
        feed.counted_from = (counted_from or self.first_run) if limit else None
        return feed

    # ---- until when a provider's books are known ------------------------------------------------------

    def reports(self, provider):
        """The day until which a provider's reports are known, None for not at all."""
        feed = self.feeds.get(("reports", provider, "", ""))
        return feed.covered if feed else None

    def orders_inputs(self, provider):
        """The inputs that would hold an order of a provider."""
        inputs = self.inputs("orders")
        of_provider = [(number, entry) for number, entry in inputs if provider in self.store.brought(number)]
        return of_provider or inputs

    def orders(self, provider):
        """The day until which a provider's orders are known, None for not at all."""
        return self.received([number for number, _ in self.orders_inputs(provider)])

    def accounts_of(self, provider):
        """The accounts on which a provider's payouts would stand."""
        rules = self.settings.provider(provider)
        accounts = set(rules["accounts"]) or self.accounts_with_text(rules["bank_text"]) or set(self.accounts)
        still_open = accounts - self.settings.closed_accounts
        return still_open or set(self.accounts) - self.settings.closed_accounts

    def accounts_with_text(self, pattern):
        """The accounts with an entry of the last days that holds a provider's text."""
        found, at_the_edge = set(), set()
        for entry in self.entries:
            if has_text(entry, pattern):
                age = (self.as_of - entry.booking).days
                (found if age < BANK_TEXT_DAYS else at_the_edge if age == BANK_TEXT_DAYS else set()).add(entry.account)
        if at_the_edge - found:
            self.notes.append("an account whose last entry with a provider's text is 60 days old")
        return found

    def bank(self, provider):
        """The day until which the bank is known for a provider's payouts, None for not at all."""
        days = [self.accounts[account].covered if account in self.accounts else None
                for account in self.accounts_of(provider)]
        return None if None in days or not days else min(days)

    def waits_for_bank(self, provider):
        """The feed for which a payout waits: the account that ends first."""
        accounts = self.accounts_of(provider)
        if not accounts or accounts - set(self.accounts):
            never = sorted(feed.path for feed in self.feeds.values() if feed.feed == "bank" and feed.path)
            if not never and self.inputs("bank-statement"):
                self.notes.append("a payout that waits for an account that nobody knows")
            return self.feeds["bank", "", "", never[0]] if never else None
        return self.accounts[min(accounts, key=lambda account: (self.accounts[account].covered, account))]

    def waits_for_orders(self, provider):
        feeds = sorted((self.feeds["orders", "", "", entry["path"]] for _, entry in self.orders_inputs(provider)),
                       key=lambda feed: feed.path)
        return max(feeds, key=lambda feed: feed.covered or date.min, default=None)

    def wait(self, feed, item):
        """An item waits for a feed; without such a feed it is never raised and waits for nothing."""
        if feed is not None:
            currency = "" if item.difference is None else item.currency
            feed.waiting[currency].append(abs(item.difference or 0))

    # ---- silence ------------------------------------------------------------------------------------------

    def allowed_until(self, feed):
        """The last day without alarm, None without a limit."""
        if not feed.limit:
            return None
        return add_business_days(feed.counted_from, feed.limit + 1, self.settings.holidays)

    def state(self, feed):
        allowed = self.allowed_until(feed)
        if not feed.accepted:
            return "never"
        if allowed is not None and self.as_of > allowed:
            return "silent"
        complete = feed.covered and feed.covered >= last_business_day_before(self.as_of, self.settings.holidays)
        return "complete" if complete else "late"

    def silent(self):
        """FEED_SILENT of each account and each input that has been silent for longer than it may."""
        found = []
        for account, feed in sorted(self.accounts.items()):
            self.silence(found, feed, (account,), account=account)
        for number, entry in enumerate(self.settings.inputs):
            limit, received = self.settings.max_silence(entry), self.received([number])
            if not limit or (entry["kind"] == "bank-statement" and received):
                continue
            feed = self.feed(Feed("events"), received, limit)
            self.silence(found, feed, (entry["kind"], entry["path"]), file=f"{entry['kind']} {entry['path']}")
        return found

    def silence(self, found, feed, key, **columns):
        allowed = self.allowed_until(feed)
        if allowed is None:
            return
        days = [day for day in days_between(feed.counted_from, self.as_of)
                if is_business_day(day, self.settings.holidays)]
        if len(days) > feed.limit:
            found.append(Found(code="FEED_SILENT", key=key, event_date=days[feed.limit], **columns))

    def rows(self):
        """The rows of coverage.csv as dictionaries, amounts in minor units."""
        for feed in self.feeds.values():
            for currency, amounts in sorted(feed.waiting.items()) or [("", [])]:
                yield {"feed": feed.feed, "provider": feed.provider, "account": feed.account, "path": feed.path,
                       "covered_until": feed.covered, "allowed_until": self.allowed_until(feed),
                       "state": self.state(feed), "waiting_items": len(amounts), "waiting_amount": sum(amounts),
                       "currency": currency}

    def waiting(self):
        """{currency: the money that waits for a book}."""
        money = defaultdict(int)
        for feed in self.feeds.values():
            for currency, amounts in feed.waiting.items():
                money[currency] += sum(amounts)
        return money


def has_text(entry, pattern):
    """Whether a provider's text is found on an entry."""
    return any(re.search(pattern, text) for text in (entry.counterparty, *entry.references, entry.text))


def days_between(first, last):
    """The days strictly between two days."""
    return [first + timedelta(days=n) for n in range(1, (last - first).days)]


def reaches(day, covered):
    """Whether a book that is covered until a day (None: not at all) reaches another day."""
    return covered is not None and day <= covered
