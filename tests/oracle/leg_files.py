"""Leg 4: completeness of reports and statements, and what befell the files (spec/matching.md)."""

from collections import defaultdict
from coverage import days_between
from days import ONE, is_report_day, report_due
from found import Found
from store import by_sequence, versions

GAP_MAX = 31


class FilesLeg:
    """Everything leg 4 finds for one as-of date."""

    def __init__(self, settings, store, as_of, notes):
        self.settings, self.store, self.as_of, self.notes = settings, store, as_of, notes
        self.found = []

    def run(self):
        for (provider, country), groups in self.store.counting(self.as_of).items():
            days = self.settings.provider(provider)["report_days"]
            for files in groups:
                for before, after in zip(files, files[1:]):
                    self.gap(provider, country, before, after, days)
            self.late(provider, country, groups[-1], days)
        self.unnumbered()
        self.replaced()
        self.duplicates()
        self.refused()
        self.rejected_lines()
        self.statements()
        return self.found

    # ---- missing reports ----------------------------------------------------------------------

    def missing(self, provider, country, day, sequence, event_date):
        what = day.isoformat() if day else f"#{sequence}"
        opened = self.settings.books_open(provider)
        self.found.append(Found(
            code="REPORT_MISSING", key=(provider, country, what), event_date=event_date,
            provider=provider, file=f"{country} {what}".strip(), about={"report_date": day},
            before_books=opened is not None and event_date < opened))

    def gap(self, provider, country, before, after, report_days):
        numbers = list(range(before.sequence + 1, after.sequence))
        days = [day for day in days_between(before.report_date, after.report_date)
                if is_report_day(country, day, report_days)]
        if len(numbers) > GAP_MAX:
            if len(days) == len(numbers):
                self.notes.append("a long gap that the calendar could date")
            self.missing(provider, country, None, numbers[0], after.report_date)
            return
        for index, number in enumerate(numbers):
            day = days[index] if len(days) == len(numbers) else None
            self.missing(provider, country, day, number, day or after.report_date)

    def late(self, provider, country, files, report_days):
        day = max(file.report_date for file in files) + ONE
        while day <= self.as_of:
            if is_report_day(country, day, report_days) and report_due(country, day) <= self.as_of:
                self.missing(provider, country, day, None, day)
            day += ONE

    def unnumbered(self):
        """Reports without numbers: the report days from the first one on that none of them covers. One of
        several days covers those between them too."""
        covered = defaultdict(set)
        for file in self.store.of("payone-settlement"):
            seen = [line.report_date for line in file.lines
                    if line.report_date and line.report_date <= self.as_of]
            if seen:
                covered[file.provider] |= {min(seen), max(seen), *days_between(min(seen), max(seen))}
        for provider, days in sorted(covered.items()):
            rule = self.settings.provider(provider)["report_days"].get("default")
            if rule is None:
                continue
            for day in days_between(min(days), self.as_of):
                if day not in days and is_report_day("", day, {"default": rule}):
                    self.missing(provider, "", day, None, day)

    # ---- files --------------------------------------------------------------------------------------

    def replaced(self):
        """REPORT_REPLACED, found by the run that stored a version."""
        for (provider, country), groups in self.store.crp(self.as_of).items():
            for files in groups:
                for sequence, group in by_sequence(files).items():
                    fresh = [file for file in group if self.store.found_on(file) == self.as_of]
                    if len(group) > 1 and fresh:
                        self.replaced_report(provider, country, sequence, versions(group))

    def replaced_report(self, provider, country, sequence, ranked):
        winner, losers = ranked[0], ranked[1:]
        older = versions([file for file in ranked if self.store.found_on(file) != self.as_of])
        superseded = older[0] if older and older[0] is not winner else losers[0]
        if len({file.sha for file in ranked}) < len(ranked):
            self.notes.append("the same bytes under one number and two dates")
        currencies = {line.currency for file in (winner, superseded) for line in file.lines}
        if len(currencies) != 1:
            self.notes.append("a replaced report with none or several currencies")
        if older and older[0] is winner and len(losers) > 1:
            self.notes.append("several versions that lost")
        self.found.append(Found(
            code="REPORT_REPLACED", key=(provider, country, sequence), event_date=winner.report_date,
            provider=provider, file=winner.name, currency=min(currencies, default=""),
            expected=sum(line.gross for line in superseded.lines),
            actual=sum(line.gross for line in winner.lines)))

    def duplicates(self):
        for file in self.store.files:
            if file.status == "duplicate" and self.store.found_on(file) == self.as_of:
                self.file_found("REPORT_DUPLICATE", file, file.name)

    def refused(self):
        for file in self.store.files:
            if file.status == "refused" and not any(self.heals(file, other) for other in self.store.files):
                self.file_found("REPORT_REJECTED", file, file.name)

    def heals(self, refused, other):
        """Whether a file accepted in the same run or later takes the place of a refused one."""
        if other.status != "accepted" or other.kind != refused.kind or other.run < refused.run:
            return False
        same_report = refused.sequence is not None and \
            (other.provider, other.country, other.sequence) \
            == (refused.provider, refused.country, refused.sequence)
        return other.name == refused.name or same_report

    def rejected_lines(self):
        counting = [file for groups in self.store.counting(self.as_of).values()
                    for files in groups for file in files]
        for kind in ("orders", "order-events", "bank-statement", "payone-settlement", "payone-status", "e-financing"):
            counting += self.store.of(kind)
        for file in counting:
            for number, _, names in file.rejected:
                if self.read_again(file, number, names):
                    continue
                self.file_found("LINE_REJECTED", file, f"{file.name}:{number}", number, names=names)

    def read_again(self, file, number, names):
        """Whether a later file of the same name and input, or a later row of the same order, was accepted."""
        later = [other for other in self.store.of(file.kind) if other.rank > file.rank]
        if any((other.name, other.input) == (file.name, file.input) for other in later):
            return True
        if file.kind != "orders" or not names.order:
            return False
        return any(row.key == (names.provider, names.order) and (other is not file or row.line > number)
                   for other in [file, *later] for row in other.records)

    def file_found(self, code, file, text, *key, names=None):
        day = self.as_of if code == "REPORT_DUPLICATE" and not file.report_date else file.day
        if day > self.as_of:
            if not file.report_date:
                self.notes.append("a defect of a file received after the as-of date")
            return
        self.found.append(Found(
            code=code, key=(file.name if not key else "", file.sha, *key), event_date=day,
            provider=file.provider, file=text, about={"names": names, "report_date": file.report_date}))

    # ---- statements ------------------------------------------------------------------------------------

    def statements(self):
        before = None
        for statement in self.store.statements():
            if statement.first > self.as_of:
                continue
            if statement.last > self.as_of:
                self.notes.append("a statement that ends after the as-of date")
            same_account = before and (before.account, before.currency) == (statement.account, statement.currency)
            if same_account and before.last >= statement.first:
                self.notes.append("statements that overlap")
            if same_account and before.closing != statement.opening:
                self.statement_found("STATEMENT_GAP", statement, statement.first,
                                     before.closing, statement.opening)
            total = statement.opening + sum(e.amount for e in statement.entries
                                            if e.currency == statement.currency)
            if total != statement.closing:
                self.statement_found("STATEMENT_UNBALANCED", statement, statement.last,
                                     total, statement.closing)
            before = statement

    def statement_found(self, code, statement, day, expected, actual):
        opened = self.settings.books_open()
        self.found.append(Found(
            code=code, key=(statement.account, statement.id), event_date=day, account=statement.account,
            currency=statement.currency, expected=expected, actual=actual,
            before_books=code == "STATEMENT_GAP" and opened is not None and statement.first < opened))
