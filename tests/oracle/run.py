#!/usr/bin/env python3
"""Runs the binary night by night in random worlds and compares it with the reference.

    python3 tests/oracle/run.py --binary target/release/crp-recon --seeds 1-50
    python3 tests/oracle/run.py --binary … --seeds 1000-1020          worlds with PAYONE and e-Financing
    python3 tests/oracle/run.py --describe 7          the story of a world
    python3 tests/oracle/run.py --expected 7          what the reference finds, night by night
    python3 tests/oracle/run.py --coverage --seeds 1-50   how often each code is found, without binary
"""

import sys

sys.dont_write_bytecode = True

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import tempfile
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

import check_report
import compare
import worlds
from found import SEVERITY
from model import Model, read_folders

CHECKS = ["nights", "rerun", "full", "order", "range"]
SHOWN = 40                # lines shown of one problem
TIMEOUT_SECONDS = 120


class Failure(Exception):
    """A check failed; the arguments are lines for people."""


class Databases:
    """PostgreSQL databases, one a world's folder; without a server nothing is done and SQLite is used."""

    def __init__(self, server):
        self.server, self.made = server, []

    def of(self, home):
        """The URL of a folder's database, None for SQLite."""
        return self.server and self.server.rsplit("/", 1)[0] + "/" + self.name(home)

    def name(self, home):
        return "oracle_" + hashlib.sha256(str(Path(home).resolve()).encode()).hexdigest()[:16]

    def make(self, home, like=None):
        """An empty database for a folder, or a copy of another folder's."""
        if self.server:
            self.drop(home)
            self.ask(f"CREATE DATABASE {self.name(home)}" + (f" TEMPLATE {self.name(like)}" if like else ""))
            self.made.append(home)

    def drop(self, home):
        if self.server:
            self.ask(f"DROP DATABASE IF EXISTS {self.name(home)}")

    def close(self):
        for home in self.made:
            self.drop(home)

    def ask(self, text):
        subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c", text, self.server], check=True, capture_output=True,
                       timeout=TIMEOUT_SECONDS)


class Binary:
    """The program under test in one world's folder."""

    def __init__(self, path, base, databases):
        self.path, self.base, self.url = str(Path(path).resolve()), Path(base), databases.of(base)

    def call(self, *arguments):
        """Runs a command; returns the exit code and what it wrote."""
        environment = {key: text for key, text in os.environ.items()
                       if key not in ("DATABASE_URL", "CRP_RECON_CONFIG")}
        environment |= {"DATABASE_URL": self.url} if self.url else {}
        done = subprocess.run([self.path, "--config", str(self.base / "recon.toml"), *arguments],
                              capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False,
                              env=environment | {"NO_COLOR": "1"}, cwd=self.base)
        return done.returncode, done.stdout + done.stderr

    def run(self, as_of, *more):
        """A nightly run; returns its report folder as {name: bytes}."""
        code, output = self.call("run", "--as-of", str(as_of), "--future", "--no-mail", *more)
        self.last_exit = code
        if code not in (0, 3):
            raise Failure(f"run --as-of {as_of} {' '.join(more)}: exit {code}", *output.splitlines()[-15:])
        return compare.folder_bytes(self.base / "reports" / str(as_of))

    def step(self, step):
        """What happens between two nights; returns the report folder that it writes, None for `ingest`."""
        if step.kind == "ingest":
            code, output = self.call("ingest", "--as-of", str(step.as_of))
        elif step.kind == "look":
            return self.look(step.as_of, step.first, step.last)
        else:
            self.run(step.as_of)
            return self.base / "reports" / str(step.as_of)
        if code not in (0, 3):
            raise Failure(f"{step}: exit {code}", *output.splitlines()[-15:])
        return None

    def look(self, as_of, first, last):
        """A run of a range that records nothing; returns its report folder."""
        arguments = ["run", "--as-of", str(as_of), "--from", str(first), "--to", str(last), "--future", "--no-mail"]
        code, output = self.call(*arguments)
        folder = self.base / "reports" / f"{first}_{last}_asof-{as_of}"
        if code not in (0, 3) or not folder.is_dir():
            raise Failure(f"{' '.join(arguments)}: exit {code}", *output.splitlines()[-15:])
        return folder

    def act(self, action, identity):
        """accept or reopen."""
        reason = ["--reason", "checked"] if action == "accept" else []
        code, output = self.call(action, identity, *reason, "--user", "tester")
        if code != 0:
            raise Failure(f"{action} {identity}: exit {code}", *output.splitlines()[-15:])


class Trial:
    """One seed's world, played night by night."""

    def __init__(self, world, base, checks, options):
        self.world = world
        self.base, self.checks, self.path = Path(base), checks, options.binary
        self.skipped = options.skip
        self.model = Model(self.world.config)
        self.reports = {}                    # night number -> {name: bytes}
        self.done = {}                       # night number -> [(action, id)]
        self.ids = {}                        # identity -> id
        self.failures = {}                   # check -> lines
        self.last = None
        self.databases = Databases(options.postgres)
        if options.keep:
            self.world.stage(self.base)

    def fail(self, check, *lines):
        """Keeps the first failure of a check."""
        if check not in self.failures:
            self.failures[check] = lines

    def run(self):
        """Plays the world; returns the failures."""
        try:
            return self.play()
        finally:
            self.databases.close()

    def play(self):
        home = self.base / "world"
        home.mkdir(parents=True)
        self.world.write(home)
        self.databases.make(home)
        binary, names = Binary(self.path, home, self.databases), set()
        for number, as_of in enumerate(self.world.nights):
            names |= {delivery.name for delivery in self.world.deliveries if delivery.night == number}
            for step, deliveries in self.world.parts(number):
                self.world.deliver(home, deliveries)
                if step is not None:
                    self.guarded("nights", self.between, binary, step, names)
            self.world.hide(home, number)
            goes_on = self.night(binary, number, as_of, names)
            self.world.unhide(home, number)
            if not goes_on:
                for check in ("order", "range"):
                    self.fail(check, "not run, because a night failed")
                return self.failures
        self.guarded("order", self.order)
        self.guarded("range", self.range, binary)
        return self.failures

    def guarded(self, check, function, *arguments):
        if check in self.checks:
            try:
                function(*arguments)
            except Failure as failure:
                self.fail(check, *failure.args)

    def night(self, binary, number, as_of, names):
        """One night; False when the world cannot go on. A night that differs is told once, and the
        nights go on for the sake of the other checks."""
        home = binary.base
        night = self.model.night(as_of, read_folders(self.world.config, home))
        copy = self.copy_for_full(home, number)
        title = f"night {number + 1} of {len(self.world.nights)}, as-of {as_of}"
        try:
            self.reports[number] = binary.run(as_of)
        except Failure as failure:
            self.fail("nights", title, *failure.args)
            return False
        folder = home / "reports" / str(as_of)
        problems = compare.night_problems(night, folder, names, self.skipped)
        problems |= self.stable_ids(night, folder) | self.exit_code(night, binary)
        problems |= self.adds_up(folder, number)
        if problems:
            self.fail("nights", title, *lines_of(problems))
        self.guarded("full", self.full, copy, number, as_of)
        self.guarded("rerun", self.rerun, binary, number, as_of)
        self.act(binary, night, number, folder)
        self.last = night
        return True

    def between(self, binary, step, names):
        """A step between two nights: a repeated day is right and equals a full recomputation, and so is a look."""
        night = worlds.play(self.model, step, read_folders(self.world.config, binary.base))
        folder = binary.step(step)
        problems = {}
        if step.kind == "replay":
            problems = compare.night_problems(night, folder, names, (*compare.OF_FILES, *self.skipped))
        elif step.kind == "look":
            problems = compare.look_problems(self.model.evaluate(step.as_of), folder, step.first, step.last)
        if problems and "nights" not in self.failures:
            raise Failure(f"before the next night: {step}", *lines_of(problems))
        if step.kind == "replay" and "full" in self.checks:
            before = compare.folder_bytes(folder)
            self.guarded("full", lambda: same(before, binary.run(step.as_of, "--full"), f"{step}: run --full after it"))

    def exit_code(self, night, binary):
        """3 where an input is unread, or a file of tonight is refused or has rejected rows; 0 where nothing of
        that kind stands open."""
        bad = [file for file in night.untold if file.status == "refused" or file.rejected]
        still = [row for row in night.open_rows if row.found.code in ("REPORT_REJECTED", "LINE_REJECTED")]
        wanted = {3} if night.unread or bad else {0, 3} if still else {0}
        return {} if binary.last_exit in wanted else {"exit code": [f"{binary.last_exit}, not {wanted}"]}

    def adds_up(self, folder, number):
        """The report, and what it says of the one before it, by what stands in the folders alone."""
        before = self.world.nights[number - 1] if number else None
        reports = [check_report.Report(it) for it in [folder, before and folder.parent / str(before)] if it]
        told = [f"{rule}: {sentence}" for rule, sentence in check_report.problems(*reports)]
        return {"check_report.py": told} if told else {}

    def stable_ids(self, night, folder):
        """An identity keeps its id over the nights."""
        rows, problems = compare.read_table(folder, "discrepancies.csv"), []
        by_cells = {}
        for row in rows:
            by_cells.setdefault(compare.reduced(row, night.bank_ids), []).append(row["id"])
        for wanted in night.rows:
            ids = by_cells.get(compare.reduced(wanted.cells(), night.bank_ids), [])
            if len(ids) == 1 and self.ids.setdefault(wanted.found.identity, ids[0]) != ids[0]:
                problems.append(f"{wanted.found.code} {wanted.found.key}: id {ids[0]}, "
                                f"was {self.ids[wanted.found.identity]}")
        return {"ids": problems} if problems else {}

    def act(self, binary, night, number, folder):
        """What a person does after the night."""
        rows = compare.read_table(folder, "discrepancies.csv")
        for action, row in worlds.act(self.model, night, self.world.actions.get(number, [])):
            identity = compare.id_of(night, rows, row)
            if identity is None:                 # the night differs, and that is told already
                continue
            try:
                binary.act(action, identity)
            except Failure as failure:
                self.fail("nights", *failure.args)
            self.done.setdefault(number, []).append((action, identity))

    # ---- further checks --------------------------------------------------------------------------

    def copy_for_full(self, home, number):
        """A copy of the world before a night's run: some nights and the last."""
        if "full" not in self.checks or not (number % 4 == 3 or number == len(self.world.nights) - 1):
            return None
        copy = self.base / f"full-{number}"
        shutil.copytree(home, copy, symlinks=True)
        self.databases.make(copy, like=home)
        return copy

    def full(self, copy, number, as_of):
        """`run --full` in place of the night, and after it, gives the same bytes."""
        if copy is None:
            return
        binary = Binary(self.path, copy, self.databases)
        for what in ("instead of the night", "after it"):
            same(self.reports[number], binary.run(as_of, "--full"), f"{as_of}: run --full {what}")
        shutil.rmtree(copy)

    def rerun(self, binary, number, as_of):
        same(self.reports[number], binary.run(as_of), f"{as_of}: the night repeated")

    def order(self):
        """Other order of delivery and other times of files: the same bytes every night."""
        rng = random.Random(f"order {self.world.seed}")
        home = self.base / "other-order"
        home.mkdir()
        self.world.write(home)
        self.databases.make(home)
        binary = Binary(self.path, home, self.databases)

        def mtime(path):
            when = 1_500_000_000 + rng.randrange(200_000_000)
            os.utime(path, (when, when))

        for number, as_of in enumerate(self.world.nights):
            for step, deliveries in self.world.parts(number):
                self.world.deliver(home, rng.sample(deliveries, len(deliveries)), mtime)
                if step is not None:
                    binary.step(step)
            self.world.hide(home, number)
            same(self.reports[number], binary.run(as_of), f"{as_of}: files delivered in another order")
            self.world.unhide(home, number)
            for action, identity in self.done.get(number, []):
                binary.act(action, identity)

    def range(self, binary):
        """A range run is the filter of a full run by event_date, twice the same, and changes nothing."""
        rng, last = random.Random(f"range {self.world.seed}"), self.world.nights[-1]
        start = last - timedelta(days=rng.randint(3, 12))
        end = min(start + timedelta(days=rng.randint(1, 9)), last)
        looks = [compare.folder_bytes(binary.look(last, start, end)) for _ in range(2)]
        same(looks[0], looks[1], "the range run twice")
        problems = compare.look_problems(self.last, binary.look(last, start, end), start, end, states=True)
        if problems and "nights" not in self.failures:
            raise Failure(f"range {start} to {end}, as-of {last}", *lines_of(problems))
        if not (self.world.feeds.links or self.world.feeds.away).get(len(self.world.nights) - 1):
            same(self.reports[len(self.world.nights) - 1], binary.run(last), "the last night after a range run")


def same(first, second, what):
    """Two report folders must be equal."""
    problems = compare.folder_difference(first, second)
    if problems:
        raise Failure(what, *problems[:SHOWN])


def lines_of(problems):
    """{table: lines} as lines for people."""
    lines = []
    for table, found in problems.items():
        lines.append(f"  {table}: {len(found)}")
        lines += [f"    {line}" for line in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"    ... and {len(found) - SHOWN} more")
    return lines


# ---- command line -----------------------------------------------------------------------------------

def trial(seed, options, checks):
    """Runs one seed; returns (seed, {check: lines})."""
    keep = options.keep
    base = Path(keep) / f"seed-{seed}" if keep else Path(tempfile.mkdtemp(prefix=f"oracle-{seed}-"))
    if keep and base.exists():
        shutil.rmtree(base)
    try:
        world = worlds.build(seed, options.without)
        failures = Trial(world, base, checks, options).run()
    except Exception:                        # a bug of the oracle or a timeout: reported as a failure
        failures = {"nights": traceback.format_exc().splitlines()}
    if not keep:
        shutil.rmtree(base, ignore_errors=True)
    return seed, failures


def seeds_of(text):
    """`1-50` or `3,7,12` as numbers."""
    numbers = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def run_all(options, checks):
    """All seeds; returns the exit code."""
    passed = failed = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(trial, seed, options, checks) for seed in options.seeds]
        for job in jobs:
            seed, failures = job.result()
            for check in checks:
                if check in failures:
                    failed += 1
                    print(f"FAILED seed {seed} {check}")
                    print("\n".join(f"    {line}" for line in failures[check]))
                else:
                    passed += 1
            print(f"seed {seed}: {len(checks) - len(failures.keys() & set(checks))} of {len(checks)} checks passed",
                  flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def nights_of(seed, without=()):
    """(number, Night, actions) of every night, by the reference alone."""
    world = worlds.build(seed, without)
    model = Model(world.config)
    for number, night, _ in world.nights_of(model):
        yield world, number, night, worlds.act(model, night, world.actions.get(number, []))


def describe(seed, without):
    """Prints the story of a world and its deliveries."""
    world = worlds.build(seed, without)
    print(world.config)
    print("\n".join(world.story))
    for delivery in world.deliveries:
        print(f"night {delivery.night + 1} {world.nights[delivery.night]}: {delivery.kind} {delivery.name} "
              f"({len(delivery.data)} bytes)")


def expected(seed, without):
    """Prints what the reference finds."""
    for _, number, night, actions in nights_of(seed, without):
        print(f"night {number + 1}, as-of {night.as_of}")
        for row in night.rows:
            cause = night.causes.get(row.found.identity) if row.state != "resolved" else None
            print("    " + compare.show(row.cells()) + (f"\n        because of {cause.code} {cause.key}" if cause else ""))
        for row in night.coverage:
            print("  " + " ".join(f"{column}={text}" for column, text in row.items() if text not in ("", None)))
        print(f"  exposure {night.exposure}")
        for action, row in actions:
            print(f"  then {action} {compare.show(row.cells())}")


def coverage(seeds):
    """Prints how often each code is found in each state."""
    codes, where = Counter(), {}
    for seed in seeds:
        for _, _, night, _ in nights_of(seed):
            for row in night.rows:
                codes[row.found.code, row.state] += 1
                where.setdefault(row.found.code, set()).add(seed)
    states = ["new", "persisting", "changed", "accepted", "resolved"]
    print(f"{'code':32} {'worlds':>8}" + "".join(f"{state:>12}" for state in states))
    for code in SEVERITY:
        print(f"{code:32} {len(where.get(code, ())):8}" + "".join(f"{codes[code, s]:12}" for s in states))
    return 0


def main():
    parser = argparse.ArgumentParser(description="Compares crp-recon with the reference in random worlds.")
    parser.add_argument("--binary", help="path of the crp-recon binary")
    parser.add_argument("--seeds", type=seeds_of, default=seeds_of("1-50"), help="such as 1-50 or 3,7 (1-50)")
    parser.add_argument("--keep", metavar="DIR", help="keeps worlds and staged files under DIR/seed-N")
    parser.add_argument("--checks", default=",".join(CHECKS), help=f"of {','.join(CHECKS)} (all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="worlds at a time")
    parser.add_argument("--skip", type=lambda text: tuple(text.split(",")), default=(), metavar="TABLES",
                        help="does not compare causes, exposure or a table such as coverage.csv")
    parser.add_argument("--postgres", metavar="URL", help="a server on which every world gets a database of its own")
    parser.add_argument("--without", type=lambda text: tuple(text.split(",")), default=(), metavar="KINDS",
                        help="leaves kinds of input out of the worlds, such as e-financing,payone-status")
    parser.add_argument("--describe", type=int, metavar="SEED", help="prints the story of a world")
    parser.add_argument("--expected", type=int, metavar="SEED", help="prints what the reference finds")
    parser.add_argument("--coverage", action="store_true", help="counts the codes in --seeds, without binary")
    options = parser.parse_args()
    if options.describe is not None:
        return describe(options.describe, options.without)
    if options.expected is not None:
        return expected(options.expected, options.without)
    if options.coverage:
        return coverage(options.seeds)
    checks = [check for check in CHECKS if check in options.checks.split(",")]
    unknown = set(options.checks.split(",")) - set(CHECKS)
    if unknown or not options.binary or not Path(options.binary).is_file():
        parser.error(f"unknown checks: {', '.join(unknown)}" if unknown else "--binary PATH is needed")
    return run_all(options, checks)


if __name__ == "__main__":
    sys.exit(main())
