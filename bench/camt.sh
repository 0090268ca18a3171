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

. bench/common.sh
find_binary
find_python lxml 3.9
find_folder

echo "$(nproc) cores, $(uname -sm)," \
  "$("$BENCH_PYTHON" -c 'from lxml import etree; print("lxml", etree.__version__)')," \
  "$("$CRP_RECON" --version)"
"$BENCH_PYTHON" bench/camt.py --binary "$CRP_RECON" --work "$BENCH_DIR" "$@"
