#!/usr/bin/env bash
# A private MariaDB for the tests: nothing of the system's own server is touched.
#
#     export CRP_RECON_TEST_MYSQL="$(scripts/mariadb-for-tests.sh start /tmp/my)"
#     cargo test --test it orders_sql
#     scripts/mariadb-for-tests.sh stop /tmp/my
#
# start FOLDER  makes a data folder in FOLDER, which must be new or empty, starts a server on a
#               free port of the loopback interface, and prints the URL of an empty database whose
#               user may create databases and users
# stop FOLDER   stops it and removes FOLDER
#
# MariaDB refuses to run as root, so root runs it as the user mysql. Needs the binaries of the
# package mariadb-server.
set -euo pipefail

usage() {
    sed -n '2,15s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

[ $# -eq 2 ] || usage
folder=$2

PATH=$PATH:/usr/sbin:/usr/local/sbin
for program in mariadbd mariadb-install-db; do
    if ! command -v "$program" >/dev/null; then
        echo "no $program found: install the package mariadb-server" >&2
        exit 1
    fi
done

as_user=()
if [ "$(id -u)" -eq 0 ]; then
    as_user=(--user=mysql)
fi

is_free() {
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Waits until the server answers or has ended.
answers() {
    local i
    for i in $(seq 1 150); do
        if ! kill -0 "$2" 2>/dev/null; then return 1; fi
        if ! is_free "$1" && [ -S "$folder/socket" ]; then return 0; fi
        sleep 0.2
    done
    return 1
}

start() {
    if [ -d "$folder" ] && [ -n "$(ls -A "$folder")" ]; then
        echo "$folder is not empty" >&2
        exit 1
    fi
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
    if [ "$(id -u)" -eq 0 ]; then
        chown mysql: "$folder"
    fi
    # Run once before the server is opened: a user with a password, who may do everything.
    cat >"$folder/first.sql" <<'SQL'
CREATE DATABASE shop CHARACTER SET utf8mb4;
CREATE USER 'recon'@'%' IDENTIFIED BY 'for-tests';
GRANT ALL PRIVILEGES ON *.* TO 'recon'@'%' WITH GRANT OPTION;
DROP USER IF EXISTS ''@'localhost';
SQL
    chmod 644 "$folder/first.sql"
    mariadb-install-db --no-defaults "${as_user[@]}" --datadir="$folder/data" \
        --skip-test-db --auth-root-authentication-method=normal >"$folder/install.log" 2>&1 ||
        { cat "$folder/install.log" >&2; exit 1; }
    local port pid first
    first="--init-file=$folder/first.sql"
    for port in $(seq 33061 33129); do
        is_free "$port" || continue
        # Durability is the server's business, not what these tests are about.
        mariadbd --no-defaults "${as_user[@]}" --datadir="$folder/data" --port="$port" \
            --bind-address=127.0.0.1 --socket="$folder/socket" --pid-file="$folder/pid" \
            --skip-name-resolve --innodb-flush-log-at-trx-commit=0 \
            --innodb-buffer-pool-size=16M "$first" \
            >"$folder/server.log" 2>&1 </dev/null &
        pid=$!
        if answers "$port" "$pid"; then
            echo "$pid" >"$folder/running"
            echo "mysql://recon:for-tests@127.0.0.1:$port/shop"
            return
        fi
        kill "$pid" 2>/dev/null || true
        break
    done
    echo "MariaDB did not start:" >&2
    cat "$folder/server.log" >&2
    exit 1
}

stop() {
    if [ ! -f "$folder/running" ]; then
        echo "$folder holds no server of this script" >&2
        exit 1
    fi
    folder=$(cd "$folder" && pwd)
    local pid i
    pid=$(cat "$folder/running")
    kill "$pid" 2>/dev/null || true
    for i in $(seq 1 100); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    rm -rf -- "$folder"
}

case $1 in
start) start ;;
stop) stop ;;
*) usage ;;
esac
