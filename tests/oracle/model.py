"""The reference implementation: what a run must find on a given night.

    model = Model(text of recon.toml)
    night = model.night(as_of, folders)     # folders: {input number: {file name: bytes}}

Every night everything is computed anew from all files seen so far; only the list of files
with their first night, and the states of the night before, are carried on.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from found import Found
from leg_files import FilesLeg
from leg_orders import OrdersLeg
from leg_payouts import PayoutsLeg
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
    files: list                       # those first seen this night
    orders: dict                      # {(provider, reference): figures of orders.csv}
    bank_ids: bool                    # whether the bank's entries have ids of their own
    notes: list = field(default_factory=list)

    @property
    def open_rows(self):
        return [row for row in self.rows if row.state != "resolved"]


class Model:
    """The reference over the nights."""

    def __init__(self, config_text):
        self.settings = Settings(config_text)
        self.store = Store(self.settings)
        self.before = {}                      # identity -> Row of the night before, open ones
        self.accepted = {}                    # identity -> amounts accepted by a person

    def night(self, as_of, folders):
        """Sees the folders and computes the night."""
        self.store.night(as_of, folders)
        notes = []
        found, legs = self.evaluate(as_of, notes)
        rows = self.states(as_of, found)
        return Night(
            as_of=as_of, rows=sorted(rows, key=lambda row: row.sort_key),
            payouts=[payout for leg in legs for payout in leg.payouts],
            balance={(leg.provider, currency): figures
                     for leg in legs for currency, figures in leg.balance().items()},
            files=[file for file in self.store.files if file.received == as_of], notes=notes,
            orders=self.orders, bank_ids=any(entry.entry_id for entry in self.store.entries(as_of)))

    def evaluate(self, as_of, notes):
        """All discrepancies of an as-of date, and the leg 3 of each provider."""
        store, settings = self.store, self.settings
        lines = store.lines(as_of)
        orders_leg = OrdersLeg(settings, lines, store.orders(as_of), store.events(), as_of, notes)
        found = orders_leg.run()
        notifications = store.notifications(as_of)
        found += ProvidersLeg(orders_leg, notifications, store.subscriptions(as_of), found).run()
        found += chargebacks(lines, notifications, notes)
        self.orders = orders_leg.table
        entries, legs = store.entries(as_of), []
        for provider in sorted(settings.known_providers()):
            leg = PayoutsLeg(settings, provider, [line for line in lines if line.provider == provider],
                             entries, as_of, notes)
            found += leg.run()
            legs.append(leg)
        found += FilesLeg(settings, store, as_of, notes).run()
        twice = [identity for identity, n in Counter(f.identity for f in found).items() if n > 1]
        if twice:
            notes.append(f"one key raised twice: {twice}")
        return found, legs

    def states(self, as_of, found):
        """The rows of the night: open ones with their states, and those resolved by it."""
        rows, open_rows = [], {}
        for item in found:
            row = self.state(as_of, item)
            rows.append(row)
            open_rows[item.identity] = row
        for identity, row in self.before.items():
            if identity not in open_rows:
                self.accepted.pop(identity, None)
                rows.append(Row(row.found, "resolved", row.first_seen))
        self.before = open_rows
        return rows

    def state(self, as_of, item):
        old = self.before.get(item.identity)
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
    """The input folders as they are now: {input number: {file name: bytes}}."""
    folders = {}
    for number, entry in enumerate(Settings(config_text).inputs):
        folder = Path(base) / entry["path"]
        folders[number] = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()} \
            if folder.is_dir() else {}
    return folders
