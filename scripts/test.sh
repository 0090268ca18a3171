#!/usr/bin/env bash
# Runs all tests. On Debian as root it installs what is missing; elsewhere it says what to install
# and what is skipped for want of it. Arguments go to the Rust tests:
#
#     scripts/test.sh
#     scripts/test.sh payouts           # only tests with this in their names
#
# Needs Rust and a C compiler. PostgreSQL's and MariaDB's tests run on private servers that live as
# long as this script, or on CRP_RECON_TEST_POSTGRES and CRP_RECON_TEST_MYSQL if they are set already.
set -euo pipefail
cd "$(dirname "$0")/.."

skipped=()
work=$(mktemp -d)
chmod 711 "$work" # where root runs this, the servers below it belong to other users
cluster=""
mariadb=""
stop() {
  if [ -n "$cluster" ]; then scripts/postgres-for-tests.sh stop "$cluster" >/dev/null 2>&1 || true; fi
  if [ -n "$mariadb" ]; then scripts/mariadb-for-tests.sh stop "$mariadb" >/dev/null 2>&1 || true; fi
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

has() { command -v "$1" >/dev/null 2>&1; }
has_mariadb() { PATH=$PATH:/usr/sbin has mariadbd; }
has_sbin() { PATH=$PATH:/usr/sbin has "$1"; }
has_postgres() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

missing=()
has cc || missing+=(gcc libc6-dev)
has python3 || missing+=(python3)
python3 -c 'import ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)
has hledger || missing+=(hledger)
has_postgres || missing+=(postgresql)
has chromium || has chromium-browser || has google-chrome || missing+=(chromium fonts-noto-core)
has python3 && python3 -c "import openpyxl" 2>/dev/null || missing+=(python3-openpyxl)
has soffice || has libreoffice || missing+=(libreoffice-calc-nogui)
has_mariadb || missing+=(mariadb-server)
has_sbin sshd || missing+=(openssh-server)
has_sbin dovecot || missing+=(dovecot-imapd)
has python3 && python3 -c "import aiosmtpd" 2>/dev/null || missing+=(python3-aiosmtpd)
if [ ${#missing[@]} -gt 0 ]; then
  if has apt-get && [ "$(id -u)" -eq 0 ]; then
    echo "test.sh: installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 # servers are installed, not started
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
      >"$work/apt.log" 2>&1 || { tail -n 20 "$work/apt.log" >&2; echo "test.sh: apt-get failed" >&2; }
  else
    echo "test.sh: not installed: ${missing[*]} (names of Debian; install them for all tests)" >&2
  fi
fi
has cargo || { echo "test.sh: there is no cargo; install Rust from https://rustup.rs" >&2; exit 1; }
has cc || { echo "test.sh: there is no C compiler, which SQLite is built with" >&2; exit 1; }

if [ -n "${CRP_RECON_TEST_POSTGRES:-}" ]; then
  echo "test.sh: PostgreSQL as CRP_RECON_TEST_POSTGRES says"
elif [ ! -x scripts/postgres-for-tests.sh ]; then
  skipped+=("storage on PostgreSQL: scripts/postgres-for-tests.sh is not there")
elif ! has_postgres; then
  skipped+=("storage on PostgreSQL: install postgresql, or set CRP_RECON_TEST_POSTGRES")
else
  cluster=$work/postgres
  if url=$(scripts/postgres-for-tests.sh start "$cluster" </dev/null 2>"$work/postgres.log"); then
    export CRP_RECON_TEST_POSTGRES=$url
  else
    cat "$work/postgres.log" >&2
    skipped+=("storage on PostgreSQL: the private cluster did not start, see above")
  fi
fi

if [ -n "${CRP_RECON_TEST_MYSQL:-}" ]; then
  echo "test.sh: MySQL as CRP_RECON_TEST_MYSQL says"
elif ! has_mariadb; then
  skipped+=("orders from MySQL: install mariadb-server, or set CRP_RECON_TEST_MYSQL")
else
  mariadb=$work/mariadb
  if url=$(scripts/mariadb-for-tests.sh start "$mariadb" </dev/null 2>"$work/mariadb.log"); then
    export CRP_RECON_TEST_MYSQL=$url
  else
    cat "$work/mariadb.log" >&2
    skipped+=("orders from MySQL: the private server did not start, see above")
  fi
fi

if [ -n "${CRP_RECON_BEAN_CHECK:-}" ] || has bean-check; then
  :
elif python3 -m venv "$work/beancount" >"$work/pip.log" 2>&1 \
  && "$work/beancount/bin/pip" install --quiet 'beancount>=3,<4' >>"$work/pip.log" 2>&1; then
  export CRP_RECON_BEAN_CHECK=$work/beancount/bin/bean-check
else
  skipped+=("exports to beancount: install beancount with pip (bean-check)")
fi
if [ -n "${CRP_RECON_SMTP_PYTHON:-}" ] || python3 -c "import aiosmtpd" 2>/dev/null; then
  :
elif python3 -m venv "$work/smtp" >"$work/pip.log" 2>&1 \
  && "$work/smtp/bin/pip" install --quiet 'aiosmtpd>=1.4,<2' >>"$work/pip.log" 2>&1; then
  export CRP_RECON_SMTP_PYTHON=$work/smtp/bin/python
else
  skipped+=("mail through a server: install python3-aiosmtpd, or set CRP_RECON_SMTP_PYTHON")
fi
if [ -n "${CRP_RECON_MOTO_PYTHON:-}" ]; then
  :
elif python3 -m venv "$work/moto" >"$work/pip.log" 2>&1 \
  && "$work/moto/bin/pip" install --quiet 'moto[server,s3]>=5,<6' prometheus_client jsonschema >>"$work/pip.log" 2>&1; then
  export CRP_RECON_MOTO_PYTHON=$work/moto/bin/python
else
  skipped+=("an S3 server: install moto[server] with pip, and set CRP_RECON_MOTO_PYTHON")
fi
has_sbin sshd || skipped+=("an SFTP server: install openssh-server")
has_sbin dovecot || skipped+=("a mail server's IMAP: install dovecot-imapd")
has hledger || skipped+=("exports to hledger: install hledger")

if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --locked --no-fail-fast "$@"
  cargo test --locked --doc "$@"
else
  cargo test --locked --no-fail-fast "$@"
fi

[ -d "${CRP_RECON_FIXTURES:-../shared/fixtures}" ] \
  || skipped+=("statements of other projects: set CRP_RECON_FIXTURES to a folder with them")

python3 -c "import openpyxl" 2>/dev/null \
  || skipped+=("report.xlsx as openpyxl reads it: install python3-openpyxl")
has soffice || has libreoffice \
  || skipped+=("report.xlsx as LibreOffice computes it: install libreoffice-calc-nogui")

if [ ${#skipped[@]} -gt 0 ]; then
  printf '\n*** SKIPPED: %s' "${skipped[@]}"
  printf '\n\n'
fi
echo "test.sh: passed"
