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

. bench/common.sh
find_binary
find_python duckdb 3.11
find_folder

echo "$(nproc) cores, $(uname -sm), $("$BENCH_PYTHON" -c 'import duckdb; print("DuckDB", duckdb.__version__)')," \
  "$("$CRP_RECON" --version)"
"$BENCH_PYTHON" bench/measure.py --binary "$CRP_RECON" --work "$BENCH_DIR" "$@"
