#!/usr/bin/env bash
# crp-recon beside a pipeline written by hand for DuckDB, on the same files; bench/README.md says
# what is measured. Options go to measure.py:
#
#     bench/bench.sh                                              # a million lines; minutes
#     bench/bench.sh --lines 100000 --runs 3 --history 100000 --nights 3
#
# BENCH_DIR holds the generated files (about 1 GB for a million lines; default: a temporary folder).
# CRP_RECON names a binary that is built already, BENCH_PYTHON a Python that has duckdb already.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${CRP_RECON:-}" ]; then
  cargo build --release --locked
  CRP_RECON=${CARGO_TARGET_DIR:-target}/release/crp-recon
fi

if [ -z "${BENCH_PYTHON:-}" ]; then
  venv=${CARGO_TARGET_DIR:-target}/bench-venv
  BENCH_PYTHON=$venv/bin/python
  if ! "$BENCH_PYTHON" -c 'import duckdb' 2>/dev/null; then
    if ! { python3 -m venv "$venv" && "$BENCH_PYTHON" -m pip install --quiet duckdb; }; then
      echo "bench.sh: needs python3 (3.11 or later) with venv, and PyPI for duckdb" \
        "(Debian: apt-get install python3-venv)" >&2
      exit 1
    fi
  fi
fi

if [ -z "${BENCH_DIR:-}" ]; then
  BENCH_DIR=$(mktemp -d)
  trap 'rm -rf "$BENCH_DIR"' EXIT
fi
mkdir -p "$BENCH_DIR"

echo "$(nproc) cores, $(uname -sm), $("$BENCH_PYTHON" -c 'import duckdb; print("DuckDB", duckdb.__version__)')," \
  "$("$CRP_RECON" --version)"
"$BENCH_PYTHON" bench/measure.py --binary "$CRP_RECON" --work "$BENCH_DIR" "$@"
