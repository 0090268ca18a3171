# Shared by the benchmarks, which source it from the repository's root: the binary and the Python
# that they run, made where they are not named.

# Sets CRP_RECON to a release binary.
find_binary() {
  if [ -z "${CRP_RECON:-}" ]; then
    cargo build --release --locked
    CRP_RECON=${CARGO_TARGET_DIR:-target}/release/crp-recon
  fi
}

# find_python MODULE OLDEST: sets BENCH_PYTHON to one that has a module of PyPI.
find_python() {
  if [ -n "${BENCH_PYTHON:-}" ]; then return; fi
  local venv=${CARGO_TARGET_DIR:-target}/bench-venv
  BENCH_PYTHON=$venv/bin/python
  if "$BENCH_PYTHON" -c "import $1" 2>/dev/null; then return; fi
  if ! { python3 -m venv "$venv" && "$BENCH_PYTHON" -m pip install --quiet "$1"; }; then
    echo "$(basename "$0"): needs python3 ($2 or later) with venv, and PyPI for $1" \
      "(Debian: apt-get install python3-venv)" >&2
    exit 1
  fi
}

# Sets BENCH_DIR to a folder, a temporary one unless it is named.
find_folder() {
  if [ -z "${BENCH_DIR:-}" ]; then
    BENCH_DIR=$(mktemp -d)
    trap 'rm -rf "$BENCH_DIR"' EXIT
  fi
  mkdir -p "$BENCH_DIR"
}
