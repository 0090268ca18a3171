"""What has been seen over the nights: every file with its first night, duplicates, refusals,
superseded versions, and the orders, events and entries that count."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

import provider_readers
import readers
from readers import Refused

NAMED_KINDS = {"oney-crp"}


@dataclass
class StoredFile:
    """One file as it was first seen."""
    kind: str
    name: str
    sha: str
    received: date                    # the day received
    run: int = 0                      # number of the run that stored it, in the order in which they happened
    input: int = 0                    # number of its input in recon.toml
    status: str = "accepted"          # accepted, duplicate, refused or ignored
    provider: str = ""
    country: str = ""
    report_date: date = None
    sequence: int = None
    rows: int = 0
    rejected: list = field(default_factory=list)
    records: list = field(default_factory=list)
    reason: str = ""

    @property
    def rank(self):
        """Order of receipt: run, then name, then SHA-256."""
        return self.run, self.name, self.sha

    @property
    def day(self):
        """Event date of what concerns the file: its report date, else the day received."""
        return self.report_date or self.received

    @property
    def lines(self):
        """Settlement lines of a CRP file or of a Unified Settlement Report."""
        return [line for _, row in self.records for line in row]


class Store:
    """All files seen so far."""

    def __init__(self, settings):
        self.settings = settings
        self.files = []
        self.known = set()            # (input, name, sha)
        self.runs = 0                 # runs so far, looks and `ingest` among them
        self.recorded = []            # (number of the run, as-of date) of those that were recorded
        self.unread = []              # (input, name) of what the latest run could not read

    def run(self, as_of, folders, records):
        """Sees the folders in one run: {input number: {name: bytes}}, None instead of bytes for what cannot
        be read, None instead of a folder that is not there."""
        self.runs += 1
        self.unread = []
        day = max([as_of, *(file.received for file in self.files)])
        if records:
            self.recorded.append((self.runs, as_of))
        for number, entry in enumerate(self.settings.inputs):
            fresh, folder = [], folders.get(number, {})
            if folder is None:
                self.unread.append((number, entry["path"]))
                continue
            for name, data in folder.items():
                if data is None:
                    self.unread.append((number, name))
                    continue
                sha = hashlib.sha256(data).hexdigest()
                if (number, name, sha) not in self.known:
                    self.known.add((number, name, sha))
                    fresh.append((name, sha, data))
            for name, sha, data in sorted(fresh, key=lambda item: item[:2]):
                file = StoredFile(entry["kind"], name, sha, day, self.runs, number)
                self.files.append(self.take(entry, file, data))

    def night_before(self, as_of):
        """The latest recorded as-of date before one, None when there is none."""
        return max((day for _, day in self.recorded if day < as_of), default=None)

    def since_night_before(self, as_of, which=min):
        """The files stored since the first run (`which` is max: the last one) of the recorded night before."""
        before = self.night_before(as_of)
        run = which((run for run, day in self.recorded if day == before), default=0)
        return [file for file in self.files if file.run > run]

    def found_on(self, file):
        """The as-of date that finds what befell a file when it came: of the first recorded night after it was
        stored whose day is not before the file's own; None when there is none yet."""
        own = file.report_date or date.min
        return next((day for run, day in self.recorded if run >= file.run and day >= own), None)

    def take(self, entry, file, data):
        """Reads one new file."""
        if file.kind == "oney-crp":
            file.provider = entry.get("provider", "oney")
            if ".csv" not in file.name.lower():
                file.status, file.reason = "ignored", "not a report"
                return file
            identity = readers.crp_name(file.name)
            if identity is None:
                file.status, file.reason = "refused", "name"
                return file
            file.country, file.report_date, file.sequence = identity
        elif file.kind in ("payone-settlement", "payone-status", "e-financing"):
            file.provider = self.settings.provider_of(entry)
        if self.is_duplicate(file):
            file.status = "duplicate"
            return file
        try:
            file.rows, file.rejected, file.records = self.read(entry, file, data)
            if file.kind == "payone-settlement":
                file.report_date = max((line.report_date for line in file.lines if line.report_date), default=None)
        except Refused as error:
            file.status, file.reason = "refused", str(error)
        return file

    def is_duplicate(self, file):
        """The same bytes under another name, for CRP with equal country, date and sequence."""
        return any(
            other.sha == file.sha and other.kind == file.kind and other.status == "accepted"
            and (file.kind not in NAMED_KINDS
                 or (other.country, other.report_date, other.sequence)
                 == (file.country, file.report_date, file.sequence))
            for other in self.files)

    def read(self, entry, file, data):
        """(rows, rejected, records) of a file by its kind."""
        percent = entry.get("max_rejected_percent", 10)
        profile = self.settings.profiles.get(entry.get("profile"), {})
        if file.kind == "oney-crp":
            options = {"provider": file.provider, "decimal_mark": profile.get("decimal_mark", "."),
                       "max_rejected_percent": percent}
            return readers.read_crp(data, file.name, file.report_date, options)
        if file.kind == "orders":
            return readers.read_orders(data, self.settings.zone, percent, self.settings.family)
        if file.kind == "order-events":
            return readers.read_events(data, self.settings.zone, percent)
        if file.kind == "payone-settlement":
            return provider_readers.read_usr(data, file.name, file.provider, percent)
        if file.kind == "payone-status":
            mode = entry.get("mode", "live")
            return provider_readers.read_notifications(data, file.provider, self.settings.zone, mode, percent)
        if file.kind == "e-financing":
            return provider_readers.read_subscriptions(data, file.provider, self.settings.zone, percent)
        if readers.decode(data).lstrip().startswith("<"):
            return readers.read_camt(data)
        return readers.read_bank_csv(data, profile, percent)

    def of(self, kind, status="accepted"):
        """Files of a kind and status in the order of receipt."""
        return sorted((f for f in self.files if f.kind == kind and f.status == status), key=lambda f: f.rank)

    # ---- CRP: series and superseding ----------------------------------------------------------

    def crp(self, as_of):
        """CRP files whose report date is seen, by (provider, country), with their series:
        {(provider, country): [[files of series 1], [files of series 2] …]}."""
        groups = defaultdict(list)
        for file in self.of("oney-crp"):
            if file.report_date <= as_of:
                groups[file.provider, file.country].append(file)
        return {key: series(files) for key, files in sorted(groups.items())}

    def counting(self, as_of):
        """{(provider, country): [[counting files of a series, by sequence] …]}."""
        return {key: [[versions(group)[0] for _, group in sorted(by_sequence(files).items())]
                      for files in groups]
                for key, groups in self.crp(as_of).items()}

    def lines(self, as_of):
        """Settlement lines that count, reported on or before the as-of date, in the order of receipt.
        Memo lines are counted nowhere."""
        reports = [file for groups in self.counting(as_of).values() for files in groups for file in files]
        return [line for file in reports + self.of("payone-settlement") for line in file.lines
                if line.kind != "memo" and line.report_date <= as_of]

    # ---- what providers say ------------------------------------------------------------------------

    def notifications(self, as_of):
        """{(provider, transaction): [notifications]} seen by the as-of date, each once (as it was first
        received), in the order of sequence number, timestamp before the line, place in the file."""
        first = {}
        for file in self.of("payone-status"):
            for place, record in file.records:
                key = record.provider, record.key
                told = record, (record.observed if record.stamped else None, file.rank, place)
                if key not in first or earlier(told, first[key]):
                    first[key] = told
        found = defaultdict(list)
        for record, told_at in first.values():
            if record.observed.date() <= as_of:
                found[record.provider, record.transaction].append((record, told_at))
        return {key: in_order(records) for key, records in found.items()}

    def subscriptions(self, as_of):
        """{(provider, transaction): the newest subscription by the as-of date}."""
        newest = {}
        for file in self.of("e-financing"):
            for _, record in file.records:
                key = record.provider, record.transaction
                if record.observed.date() <= as_of and (
                        key not in newest or record.observed >= newest[key].observed):
                    newest[key] = record
        return newest

    # ---- orders ---------------------------------------------------------------------------------

    def orders(self, as_of):
        """{(provider, reference): order row} as known now, ordered on or before the as-of date."""
        kept = {}
        for file in self.of("orders"):
            for row in file.records:
                stored = kept.get(row.key)
                if stored and stored.updated_at and row.updated_at and stored.updated_at > row.updated_at:
                    continue
                kept[row.key] = row
        return {key: row for key, row in kept.items() if row.ordered_on <= as_of}

    def events(self):
        """{(provider, reference): [events]}, an event id counted once."""
        found = defaultdict(dict)
        for file in self.of("order-events"):
            for event in file.records:
                found[event.provider, event.reference][event.event_id] = event
        return {key: list(events.values()) for key, events in found.items()}

    # ---- what was accepted of an input -----------------------------------------------------------

    def of_input(self, number):
        """Files of an input that count as received: accepted ones and duplicates."""
        return [file for file in self.files if file.input == number and file.status in ("accepted", "duplicate")]

    def brought(self, number):
        """The providers of whose orders an input ever brought a row."""
        return {row.provider for file in self.of_input(number) for row in file.records}

    # ---- bank ---------------------------------------------------------------------------------------

    def statements(self):
        """Statements that count: of several versions of one the latest received."""
        kept = {}
        for file in self.of("bank-statement"):
            for record in file.records:
                if isinstance(record, readers.Statement):
                    kept[record.account, record.id, record.first, record.last] = record
        return sorted(kept.values(), key=lambda s: (s.account, s.currency, s.first, s.last, s.id))

    def entries(self, as_of):
        """Booked entries that count, booked on or before the as-of date."""
        found = [entry for statement in self.statements() for entry in statement.entries]
        told = {(entry.account, entry.entry_id, entry.amount, entry.booking) for entry in found if entry.entry_id}
        most = Counter()
        for file in self.of("bank-statement"):
            loose = Counter(record for record in file.records if isinstance(record, readers.Entry))
            for entry, count in loose.items():
                most[entry] = max(most[entry], count)
        found += [entry for entry in most.elements()
                  if (entry.account, entry.entry_id, entry.amount, entry.booking) not in told]
        return sorted((entry for entry in found if entry.booking <= as_of),
                      key=lambda e: (e.booking, e.account, e.entry_id, e.amount, e.text))


def earlier(told, other):
    """Whether a copy of a notification was received before another copy."""
    (one, first), (two, second) = told, other
    if one.stamped and two.stamped and one.observed != two.observed:
        return one.observed < two.observed
    return first[1:] < second[1:]


def in_order(records):
    """Notifications of one transaction by sequence number, then timestamp, then place."""
    stamped = all(record.stamped for record, _ in records)
    ranked = sorted(records, key=lambda r: (r[0].sequence, r[1] if stamped else r[1][1:]))
    return [record for record, _ in ranked]


def series(files):
    """Splits the files of one country into series of numbers, oldest first.

    In order of report date: a file whose number is lower than that of a file of the current
    series dated more than 20 days before it begins a new series."""
    found = []
    for file in sorted(files, key=lambda f: (f.report_date, f.sequence, f.rank)):
        restart = found and any(
            file.sequence < other.sequence and file.report_date - other.report_date > timedelta(days=20)
            for other in found[-1])
        if restart or not found:
            found.append([])
        found[-1].append(file)
    return found


def by_sequence(files):
    """{sequence: its versions}."""
    groups = defaultdict(list)
    for file in files:
        groups[file.sequence].append(file)
    return groups


def versions(group):
    """Versions of one report, the one that counts first: later report date, then later received."""
    return sorted(group, key=lambda f: (f.report_date, f.rank), reverse=True)
