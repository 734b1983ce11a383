#!/bin/bash
# A throw-away PostgreSQL for tests and benches, on the loopback address, with its data in one folder.
#
#   postgres.sh start FOLDER PORT [SETTING=VALUE …]   makes the folder on first use, starts, prints the address
#   postgres.sh stop FOLDER [smart|fast|immediate]    stops it; `immediate` is a crash
#   postgres.sh signal FOLDER NUMBER                  sends a signal to all its processes; 19 makes it stand still
#   postgres.sh remove FOLDER                         stops it and removes the folder
#   postgres.sh until PID FOLDER                      removes it when process PID has ended
#
# PostgreSQL refuses to run as root, so then it runs as the user `postgres` that Debian's package makes.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
user=portal
password=portal

# What a caller left open is not for the server, which would keep it open: some wait for its end (Foundation's
# Process among them).
for descriptor in /proc/$$/fd/*; do
    number=${descriptor##*/}
    if [ "$number" -gt 2 ] && [ "$number" -ne 255 ]; then eval "exec $number>&-"; fi
done

programs=$(dirname "$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")

as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
    else
        "$@"
    fi
}

start() {
    local folder=$1 port=$2
    shift 2
    if [ ! -d "$folder/data" ]; then
        mkdir -p "$folder"
        chmod 0755 "$folder"
        echo "$password" > "$folder/password"
        if [ "$(id -u)" -eq 0 ]; then chown -R postgres:postgres "$folder"; fi
        as_server "$programs/initdb" -D "$folder/data" -U $user --pwfile="$folder/password" --auth=scram-sha-256 \
            --data-checksums -E UTF8 --locale=C.UTF-8 --no-sync > "$folder/initdb.log"
    fi
    local settings=""
    for setting in "$@"; do settings="$settings -c $setting"; done
    # Closed descriptors: whoever reads this script's output must not wait for the server to end.
    as_server "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 \
        -o "-p $port -k '' -c listen_addresses=127.0.0.1 $settings" start > "$folder/start.log" 2>&1 < /dev/null ||
        { cat "$folder/start.log" "$folder/log" >&2; exit 1; }
    echo "postgres://$user:$password@127.0.0.1:$port/postgres"
}

stop() {
    as_server "$programs/pg_ctl" -D "$1/data" -m "${2:-fast}" -w stop > /dev/null 2>&1 || true
}

remove() {
    stop "$1" immediate
    rm -rf "$1"
}

case "${1:-}" in
start) shift; start "$@" ;;
stop) stop "$2" "${3:-fast}" ;;
signal)
    main=$(head -1 "$2/data/postmaster.pid")
    kill "-$3" "$main" && pkill "-$3" -P "$main"
    ;;
remove) remove "$2" ;;
until)
    # In a session of its own: a signal to the process group of the tests must not end the cleaning.
    setsid bash -c "while kill -0 $2 2> /dev/null; do sleep 1; done; exec '$here/postgres.sh' remove '$3'" \
        > /dev/null 2>&1 < /dev/null &
    ;;
*) sed -n '2,10p' "$0" >&2; exit 64 ;;
esac
