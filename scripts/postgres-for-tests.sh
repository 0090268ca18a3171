#!/usr/bin/env bash
# A private PostgreSQL for the tests: nothing of the system's own cluster is touched.
#
#     export CRP_RECON_TEST_POSTGRES="$(scripts/postgres-for-tests.sh start /tmp/pg)"
#     cargo test --test it storage_contract
#     scripts/postgres-for-tests.sh stop /tmp/pg
#
# start FOLDER  makes a cluster in FOLDER, which must be new or empty, starts it on a free port of
#               the loopback interface, and prints the URL of an empty database whose user may
#               create databases
# stop FOLDER   stops it and removes FOLDER
#
# PostgreSQL refuses to run as root, so root runs it as the user postgres. Needs the binaries of
# the package postgresql; PG_BIN names their folder where it is not found.
set -euo pipefail

usage() {
    sed -n '2,16s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

[ $# -eq 2 ] || usage
folder=$2
data=$folder/data

bin=${PG_BIN:-}
if [ -z "$bin" ]; then
    bin=$(find /usr/lib/postgresql /usr/pgsql-* -maxdepth 2 -name bin -type d 2>/dev/null |
        sort -V | tail -n 1) || true
fi
if [ -z "$bin" ] && command -v pg_ctl >/dev/null; then
    bin=$(dirname "$(command -v pg_ctl)")
fi
if [ ! -x "$bin/pg_ctl" ]; then
    echo "no pg_ctl found: install the package postgresql, or name its folder in PG_BIN" >&2
    exit 1
fi

# Runs a command as a user that PostgreSQL accepts.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

is_free() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

start() {
    if [ -d "$folder" ] && [ -n "$(ls -A "$folder")" ]; then
        echo "$folder is not empty" >&2
        exit 1
    fi
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    data=$folder/data
    if [ "$(id -u)" -eq 0 ]; then
        chown postgres: "$folder"
    fi
    as_server "$bin/initdb" --pgdata "$data" --username recon --auth trust \
        --encoding UTF8 --locale C --no-sync >"$folder/initdb.log" 2>&1 ||
        { cat "$folder/initdb.log" >&2; exit 1; }
    # Durability is the server's business, not what these tests are about.
    local port options
    for port in $(seq 54331 54399); do
        is_free "$port" || continue
        options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        if as_server "$bin/pg_ctl" start --pgdata "$data" --wait --options "$options" \
            --log "$folder/server.log" >/dev/null 2>&1; then
            "$bin/createdb" --host 127.0.0.1 --port "$port" --username recon recon
            echo "postgres://recon@127.0.0.1:$port/recon"
            return
        fi
    done
    echo "PostgreSQL did not start:" >&2
    cat "$folder/server.log" >&2
    exit 1
}

stop() {
    if [ ! -f "$data/PG_VERSION" ]; then
        echo "$folder holds no cluster of this script" >&2
        exit 1
    fi
    folder=$(cd "$folder" && pwd)
    data=$folder/data
    if as_server "$bin/pg_ctl" status --pgdata "$data" >/dev/null 2>&1; then
        as_server "$bin/pg_ctl" stop --pgdata "$data" --mode immediate --wait >/dev/null
    fi
    rm -rf -- "$folder"
}

case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
