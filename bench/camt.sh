#!/usr/bin/env bash
# A large camt.053: crp-recon beside lxml's iterparse; bench/README.md says what is measured.
# Options go to camt.py:
#
#     bench/camt.sh                       # 200 MB, five runs each
#     bench/camt.sh --mb 50 --runs 3
#
# BENCH_DIR holds the generated files (default: a temporary folder). CRP_RECON names a binary that
# is built already, BENCH_PYTHON a Python that has lxml already.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${CRP_RECON:-}" ]; then
  cargo build --release --locked
  CRP_RECON=${CARGO_TARGET_DIR:-target}/release/crp-recon
fi

if [ -z "${BENCH_PYTHON:-}" ]; then
  venv=${CARGO_TARGET_DIR:-target}/bench-venv
  BENCH_PYTHON=$venv/bin/python
  if ! "$BENCH_PYTHON" -c 'import lxml' 2>/dev/null; then
    if ! { python3 -m venv "$venv" && "$BENCH_PYTHON" -m pip install --quiet lxml; }; then
      echo "camt.sh: needs python3 (3.9 or later) with venv, and PyPI for lxml" \
        "(Debian: apt-get install python3-venv)" >&2
      exit 1
    fi
  fi
fi

if [ -z "${BENCH_DIR:-}" ]; then
  BENCH_DIR=$(mktemp -d)
  trap 'rm -rf "$BENCH_DIR"' EXIT
fi

echo "$(nproc) cores, $(uname -sm)," \
  "$("$BENCH_PYTHON" -c 'from lxml import etree; print("lxml", etree.__version__)')," \
  "$("$CRP_RECON" --version)"
"$BENCH_PYTHON" bench/camt.py --binary "$CRP_RECON" --work "$BENCH_DIR" "$@"
