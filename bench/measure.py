"""Runs both programs on the same generated files and prints a Markdown table; bench.sh calls it.

    measure.py --binary BINARY --work DIR [--lines N] [--runs N] [--history N] [--nights N] [--night-lines N]
               [--keys ascending,permuted]

Each measurement is a whole process: wall time around it, CPU (user + system) and peak memory from wait4.
The two take turns, so that a busy minute of the machine meets both. Shown are medians, and for the wall time
the range. Files are in the page cache. Every result is compared by check.py before it counts.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUCCESS = (0, 3)  # 3: an input was refused or a row rejected
TOOLS = ("DuckDB", "crp-recon")


class Bench:
    def __init__(self, args):
        self.binary, self.work, self.table = args.binary.resolve(), args.work, []

    def generate(self, world, *options):
        command = [sys.executable, HERE / "generate.py", "--out", world, *map(str, options)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip(), file=sys.stderr)

    def commands(self, world):
        as_of = json.loads((world / "world.json").read_text())["as_of"]
        report = world / "reports" / as_of
        ours = [self.binary, "--quiet", "--config", world / "recon.toml", "run", "--future", "--as-of", as_of]
        theirs = [sys.executable, HERE / "duckdb_pipeline.py", world, "--as-of", as_of, "--out", world / "duck"]
        return {"crp-recon": ours, "DuckDB": theirs}, (report, world / "duck")

    def turn(self, world, order):
        """Both programs once, in this order, then the comparison."""
        commands, folders = self.commands(world)
        measured = {tool: self.measure(commands[tool]) for tool in order}
        subprocess.run([sys.executable, HERE / "check.py", *folders], check=True, stdout=sys.stderr)
        return measured

    @staticmethod
    def measure(command):
        with tempfile.TemporaryFile() as log:
            begin = time.perf_counter()
            process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in SUCCESS:
                log.seek(0)
                sys.exit(f"{command} ended with {process.returncode}\n{log.read().decode(errors='replace')[-3000:]}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def row(self, what, turns):
        medians = {tool: [statistics.median(turn[tool][at] for turn in turns) for at in range(3)] for tool in TOOLS}
        for tool in TOOLS:
            wall, cpu, memory = medians[tool]
            walls = [turn[tool][0] for turn in turns]
            ratio = wall / medians["DuckDB"][0]
            self.table.append(f"| {what} | {tool} | {wall:.2f} ({min(walls):.2f}–{max(walls):.2f}) | {cpu:.2f} | "
                              f"{memory:.0f} | {ratio:.2f} |")
            what = ""

    def cold(self, lines, runs, keys):
        world = self.work / "cold"
        self.generate(world, "--lines", lines, "--keys", keys)
        turns = []
        for run in range(runs):
            for left in ("var", "reports", "duck"):
                shutil.rmtree(world / left, ignore_errors=True)
            turns.append(self.turn(world, TOOLS if run % 2 else TOOLS[::-1]))
        self.row(f"first run: {lines:,} lines and as many orders, {keys} order numbers, {runs} runs", turns)
        shutil.rmtree(world)

    def nights(self, history, nights, lines, keys):
        world = self.work / "nights"
        self.generate(world, "--lines", history, "--calm", "--keys", keys)
        self.turn(world, TOOLS)
        turns = []
        for night in range(nights):
            self.generate(world, "--night", "--lines", lines)
            turns.append(self.turn(world, TOOLS if night % 2 else TOOLS[::-1]))
        self.row(f"night: {lines:,} lines behind {history:,}, {keys} order numbers, {nights} nights", turns)
        shutil.rmtree(world)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--binary", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--lines", type=int, default=1_000_000)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--history", type=int, default=1_000_000)
    arguments.add_argument("--nights", type=int, default=5)
    arguments.add_argument("--night-lines", type=int, default=20_000)
    arguments.add_argument("--keys", default="ascending,permuted", help="kinds of order numbers")
    args = arguments.parse_args()
    bench = Bench(args)
    for keys in args.keys.split(","):
        if args.runs:
            bench.cold(args.lines, args.runs, keys)
        if args.nights:
            bench.nights(args.history, args.nights, args.night_lines, keys)
    print("| what | tool | wall s | CPU s | peak MB | × DuckDB |")
    print("|---|---|---|---|---|---|")
    print("\n".join(bench.table))


if __name__ == "__main__":
    main()
