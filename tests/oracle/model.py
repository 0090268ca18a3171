"""The reference implementation: what a run must find on a given night.

    model = Model(text of recon.toml)
    night = model.night(as_of, folders)     # folders: {input number: {file name: bytes}}
    model.look(as_of, folders)              # a run that records nothing

Every night everything is computed anew from all files seen so far; only the list of files with the
runs that stored them, and the rows of the recorded nights, are carried on.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from causes import Causes, figures
from coverage import Coverage
from found import Found
from leg_files import FilesLeg
from leg_orders import OrdersLeg
from leg_payouts import PayoutsLeg, unexplained
from leg_providers import ProvidersLeg, chargebacks
from settings import Settings
from store import Store


@dataclass
class Row:
    """One discrepancy with its state."""
    found: Found
    state: str
    first_seen: date

    def cells(self):
        """The fixed columns of its row in discrepancies.csv."""
        return self.found.cells() | {"state": self.state, "first_seen": self.first_seen.isoformat()}

    @property
    def sort_key(self):
        return tuple(self.cells().values())


@dataclass
class Night:
    """What the reference says of one night."""
    as_of: date
    rows: list
    payouts: list
    balance: dict                     # {(provider, currency): figures}
    files: list                       # those stored since the recorded night before
    untold: list                      # those of them that a repetition of that night did not tell of already
    orders: dict                      # {(provider, reference): figures of orders.csv}
    waiting_orders: set               # those of which something waits for the provider's reports
    bank_ids: bool                    # whether the bank's entries have ids of their own
    causes: dict                      # identity -> the discrepancy that explains it
    coverage: list                    # rows of coverage.csv
    exposure: dict                    # {currency: (short, over, waiting)}
    unread: list                      # names of what could not be read
    legs: list = field(default_factory=list)      # leg 3 of each provider
    notes: list = field(default_factory=list)

    @property
    def open_rows(self):
        return [row for row in self.rows if row.state != "resolved"]


class Model:
    """The reference over the nights."""

    def __init__(self, config_text):
        self.settings = Settings(config_text)
        self.store = Store(self.settings)
        self.recorded = {}                    # as-of date -> {identity: Row} of the open ones
        self.accepted = {}                    # identity -> amounts accepted by a person

    def look(self, as_of, folders):
        """Sees the folders without recording anything: a run of a range, or `ingest`."""
        self.store.run(as_of, folders, records=False)

    def night(self, as_of, folders):
        """Sees the folders, computes the night and records it."""
        self.store.run(as_of, folders, records=True)
        night = self.evaluate(as_of)
        self.recorded[as_of] = {row.found.identity: row for row in night.open_rows}
        return night

    def evaluate(self, as_of):
        """A night as it would be reported, from what is stored."""
        store, notes = self.store, []
        coverage = Coverage(self.settings, store, store.entries(as_of), as_of, notes)
        found, orders_leg, legs = self.legs(coverage)
        causes = Causes(self.settings, coverage, found, orders_leg.orders, notes).run()
        rows = self.states(as_of, found)
        return Night(
            as_of=as_of, rows=sorted(rows, key=lambda row: row.sort_key),
            payouts=[payout for leg in legs for payout in leg.payouts],
            balance={(leg.provider, currency): table for leg in legs for currency, table in leg.balance().items()},
            files=store.since_night_before(as_of), untold=store.since_night_before(as_of, max), notes=notes, orders=orders_leg.table,
            waiting_orders=orders_leg.waiting, bank_ids=any(entry.entry_id for entry in coverage.entries),
            causes=causes, coverage=list(coverage.rows()), exposure=figures(rows, causes, coverage.waiting()),
            unread=[name for _, name in store.unread], legs=legs)

    def legs(self, coverage):
        """All discrepancies as they are seen with some books, leg 1, and the leg 3 of each provider."""
        store, settings, as_of, notes = self.store, self.settings, coverage.as_of, coverage.notes
        lines = store.lines(as_of)
        orders_leg = OrdersLeg(settings, lines, store.orders(as_of), store.events(), coverage)
        found = orders_leg.run()
        notifications = store.notifications(as_of)
        found += ProvidersLeg(orders_leg, notifications, store.subscriptions(as_of), found).run()
        found += chargebacks(lines, notifications, notes)
        legs = []
        for provider in sorted(settings.known_providers()):
            leg = PayoutsLeg(settings, provider, [line for line in lines if line.provider == provider], coverage)
            found += leg.run()
            legs.append(leg)
        found += unexplained(legs, coverage) + coverage.silent()
        found += FilesLeg(settings, store, as_of, notes).run()
        twice = [identity for identity, n in Counter(f.identity for f in found).items() if n > 1]
        if twice:
            notes.append(f"one key raised twice: {twice}")
        return found, orders_leg, legs

    def states(self, as_of, found):
        """The rows of the night: open ones with their states, and those resolved by it."""
        before = self.recorded.get(self.store.night_before(as_of), {})
        rows = [self.state(as_of, item, before.get(item.identity)) for item in found]
        still_open = {item.identity for item in found}
        for identity, row in before.items():
            if identity not in still_open:
                self.accepted.pop(identity, None)
                rows.append(Row(row.found, "resolved", row.first_seen))
        return rows

    def state(self, as_of, item, old):
        if old is None:
            return Row(item, "new", as_of)
        if old.found.amounts != item.amounts:
            self.accepted.pop(item.identity, None)
            return Row(item, "changed", old.first_seen)
        if item.identity in self.accepted:
            return Row(item, "accepted", old.first_seen)
        return Row(item, "persisting", old.first_seen)

    # ---- what a person does between the nights -------------------------------------------------

    def accept(self, row):
        """A person accepts an open discrepancy."""
        self.accepted[row.found.identity] = row.found.amounts

    def reopen(self, row):
        """A person reopens an accepted one."""
        self.accepted.pop(row.found.identity, None)


def read_folders(config_text, base):
    """The input folders as they are now: {input number: {file name: bytes}}; None instead of bytes for a name
    that leads nowhere, None instead of a folder that is not there."""
    folders = {}
    for number, entry in enumerate(Settings(config_text).inputs):
        folder = Path(base) / entry["path"]
        folders[number] = {path.name: path.read_bytes() if path.is_file() else None
                           for path in sorted(folder.iterdir()) if path.is_file() or path.is_symlink()} \
            if folder.is_dir() else None
    return folders
