#!/bin/bash
# A throw-away S3 store (SeaweedFS, which checks signatures) for tests, on the loopback address, with its data in one
# folder and one empty bucket named `proofs`.
#
#   s3.sh start FOLDER PORT   starts on a free PORT, prints the address as PROOF_STORE_URL takes it; uses the three
#                             ports after PORT too, and the four that are 10000 higher
#   s3.sh stop FOLDER         stops it and keeps the data; `kill -9` of the number in FOLDER/pid is a crash
#   s3.sh remove FOLDER       stops it and removes the folder
#   s3.sh until PID FOLDER    removes it when process PID has ended
#
# AWS_ACCESS_KEY_ID is `portal`, AWS_SECRET_ACCESS_KEY is `portal-secret`.
set -euo pipefail

# Nothing started here may keep a descriptor of the caller open: who waits for them to close waits for the server to end
# (Foundation's Process among them).
for descriptor in /proc/$$/fd/*; do
    number=${descriptor##*/}
    if [ "$number" -gt 2 ] && [ "$number" -ne 255 ]; then eval "exec $number>&-"; fi
done

here=$(cd "$(dirname "$0")" && pwd)
key=portal
secret=portal-secret
bucket=proofs
region=us-east-1

weed=$here/../.venv/bin/weed

as_client() {
    env -u AWS_CA_BUNDLE RCLONE_CONFIG=/dev/null RCLONE_S3_PROVIDER=Other RCLONE_S3_ACCESS_KEY_ID=$key \
        RCLONE_S3_SECRET_ACCESS_KEY=$secret RCLONE_S3_ENDPOINT="http://127.0.0.1:$1" \
        timeout 30 rclone --retries 1 "${@:2}"
}

await() {
    local port=$1 folder=$2
    for _ in $(seq 240); do
        if ! kill -0 "$(cat "$folder/pid")" 2> /dev/null; then break; fi
        # The first object makes the volumes, which takes seconds: here, not in somebody's first request.
        if echo ready | as_client "$port" rcat ":s3:$bucket/ready" 2> "$folder/ready.log" &&
            as_client "$port" deletefile ":s3:$bucket/ready" 2>> "$folder/ready.log"; then return 0; fi
        sleep 0.25
    done
    tail -n 20 "$folder/log" "$folder/ready.log" >&2
    return 1
}

start() {
    local folder=$1 port=$2
    [ -x "$weed" ] || { echo "SeaweedFS is missing: Scripts/setup.sh test" >&2; exit 69; }
    command -v rclone > /dev/null || { echo "rclone is missing: Scripts/setup.sh test" >&2; exit 69; }
    mkdir -p "$folder/data"
    cat > "$folder/s3.json" << JSON
{"identities": [{"name": "portal", "credentials": [{"accessKey": "$key", "secretKey": "$secret"}],
    "actions": ["Admin", "Read", "Write", "List"]}]}
JSON
    # Closed descriptors: whoever reads this script's output must not wait for the server to end.
    setsid "$weed" -logtostderr server -dir="$folder/data" -ip=127.0.0.1 -ip.bind=127.0.0.1 \
        -master.volumeSizeLimitMB=64 -filer -s3 -s3.config="$folder/s3.json" -s3.domainName=localhost \
        -s3.port="$port" -master.port=$((port + 1)) -volume.port=$((port + 2)) -filer.port=$((port + 3)) \
        -s3.port.iceberg=0 -s3.port.lance=0 -filer.localSocket="$folder/filer.sock" -s3.localSocket="$folder/s3.sock" \
        > "$folder/log" 2>&1 < /dev/null &
    echo $! > "$folder/pid"
    echo "$port" > "$folder/port"
    if ! await "$port" "$folder"; then stop "$folder"; exit 69; fi
    echo "s3://$bucket?endpoint=http://127.0.0.1:$port&region=$region"
}

stop() {
    local pid
    pid=$(cat "$1/pid" 2> /dev/null || true)
    if [ -n "$pid" ]; then
        kill "$pid" 2> /dev/null || true
        for _ in $(seq 40); do
            kill -0 "$pid" 2> /dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2> /dev/null || true
    fi
    rm -f "$1/pid"
    for number in 0 1 2 3; do
        rm -f /tmp/seaweedfs-*-grpc-$(($(cat "$1/port" 2> /dev/null || echo 0) + 10000 + number)).sock
    done
}

remove() {
    stop "$1"
    rm -rf "$1"
}

case "${1:-}" in
start) start "$2" "$3" ;;
stop) stop "$2" ;;
remove) remove "$2" ;;
until)
    # In a session of its own: a signal to the process group of the tests must not end the cleaning.
    setsid bash -c "while kill -0 $2 2> /dev/null; do sleep 1; done; exec '$here/s3.sh' remove '$3'" \
        > /dev/null 2>&1 < /dev/null &
    ;;
*) sed -n '2,12p' "$0" >&2; exit 64 ;;
esac
