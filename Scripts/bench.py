#!/usr/bin/env python3
"""Measures the portal beside what bounds it, in one run: `make bench`.

Prints requests a second and CPU milliseconds a request of pages beside a bare Hummingbird server, memory and CPU of
cases that are followed live, the same pages on SQLite and PostgreSQL, import lines a second beside a raw SQLite
insert with the same indexes, and peak memory.
Nothing here passes or fails. `bench.py pages`, `streams`, `engines` or `import` measures that alone.
"""
import glob
import hashlib
import http.client
import os
import re
import resource
import secrets
import select
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import typing
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(ROOT, ".build", os.environ.get("BENCH_CONFIGURATION", "release"))
PORT = 18080
BARE_PORT = 18090
SECONDS = os.environ.get("BENCH_SECONDS", "5")
SETTLE_SECONDS = 3
LINES = int(os.environ.get("BENCH_LINES", "200000"))
STREAMS = (1000, 2000)
IDLE_SECONDS = 30


def wait_for(port, path="/", host=None):
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"nothing answers on port {port}")


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1))


def peak_mib(pid):
    text = open(f"/proc/{pid}/status").read()
    return int(re.search(r"VmHWM:\s+(\d+)", text).group(1)) / 1024


class Visitor:
    """A browser without scripts: keeps cookies, says where it comes from."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def send(self, method, path, fields=None):
        body = urllib.parse.urlencode(fields) if fields is not None else None
        headers = {"Host": f"127.0.0.1:{self.port}", "Sec-Fetch-Site": "same-origin"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, answer.headers, text

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def file_case(visitor, folder, order="4200056298202611186617334714", amount="100.00"):
    """Goes through the whole request and returns the address of the case page."""
    visitor.send("POST", "/find", {"method": "wallet", "order_no": order, "amount": amount})
    visitor.send("POST", "/request/reason", {"reason": "cancelled", "details": ""})
    visitor.send("POST", "/request/amount", {"portion": "part", "amount": "60.00"})
    visitor.send("POST", "/request/contact", {"name": "Bench", "email": "bench@mail.example", "phone": "", "consent": "yes"})
    code = newest_code(folder)
    visitor.send("POST", "/request/contact/code", {"code": code})
    _, _, text = visitor.send("GET", "/request/check")
    submission = re.search(r'name="submission" value="([^"]+)"', text).group(1)
    visitor.send("POST", "/request/check", {"accept_terms": "yes", "submission": submission})
    _, _, text = visitor.send("GET", "/request/done")
    return "/cases/" + re.search(r"RF-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", text).group(0)


def newest_code(folder):
    for _ in range(100):
        # A message that is being written has another name.
        for path in sorted(glob.glob(os.path.join(folder, "*.txt")), reverse=True):
            text = open(path).read()
            if "To: bench@mail.example" in text and "Kind: contact-code" in text:
                return re.search(r"\b(\d{6})\b", text.split("\n\n", 1)[1]).group(1)
        time.sleep(0.1)
    sys.exit("no code arrived")


def wrk(name, pid, url, headers=(), script=None):
    before = cpu_seconds(pid)
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    if script:
        command += ["-s", script]
    output = subprocess.run(command + [url], capture_output=True, text=True, check=True).stdout
    used = cpu_seconds(pid) - before
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    note = f"   ({other.group(1)} answers were neither 2xx nor 3xx)" if other else ""
    print(f"  {name:<44}{rate:>10.0f} req/s{1000 * used / max(requests, 1):>9.3f} CPU-ms{note}", flush=True)
    return rate


def start_demo(folder, log):
    return subprocess.Popen(
        [os.path.join(BIN, "refund-portal"), "demo", "--port", str(PORT), "--data", os.path.join(folder, "demo")],
        stdout=log, stderr=log, cwd=ROOT, env={**os.environ, "LOG_LEVEL": "error"})


def bench_pages(folder):
    data = os.path.join(folder, "demo")
    log = open(os.path.join(folder, "demo.log"), "w")
    demo = start_demo(folder, log)
    bare = subprocess.Popen([os.path.join(BIN, "BareServer"), str(BARE_PORT)], stdout=log, stderr=log)
    try:
        wait_for(PORT)
        wait_for(BARE_PORT, "/hello")
        visitor = Visitor(PORT)
        page = file_case(visitor, os.path.join(data, "messages"))
        # The demo's bank and worker come to rest, so that the page does not change any more.
        time.sleep(SETTLE_SECONDS)
        status, headers, text = visitor.send("GET", page)
        if status != 200:
            sys.exit(f"{page} answers {status}")
        print(f"Pages (16 connections, {SECONDS} s each; the case page has {len(text.encode())} bytes, status {status})")
        bare_url, portal = f"http://127.0.0.1:{BARE_PORT}", f"http://127.0.0.1:{PORT}"
        cookie = f"Cookie: {visitor.cookie()}"
        hello = wrk("bare Hummingbird, hello", bare.pid, f"{bare_url}/hello")
        bare_page = wrk("bare Hummingbird, prepared 12 KiB", bare.pid, f"{bare_url}/page")
        track = wrk("tracking page, unchanged", demo.pid, portal + page, [cookie])
        tag = f"If-None-Match: {headers['ETag']}"
        fresh = wrk("tracking page, If-None-Match", demo.pid, portal + page, [cookie, tag])
        script = os.path.join(folder, "find.lua")
        write_find(script)
        hit = wrk("look-up that finds a payment", demo.pid, portal + "/find", script=script)
        start = wrk("start page", demo.pid, portal + "/")
        print("  as a share of hello:")
        for name, rate in [("tracking page", track), ("If-None-Match", fresh), ("look-up", hit), ("start page", start)]:
            print(f"    {name:<20}{rate / hello:>7.1%}   of the bare 12 KiB page {rate / bare_page:>7.1%}")
        print(f"  peak memory of the portal, worker and sandbox bank together: {peak_mib(demo.pid):.0f} MiB")
    finally:
        for process in (demo, bare):
            process.terminate()
            process.wait()


def write_find(path):
    body = "method=wallet&order_no=4200056298202611186617334714&amount=100.00"
    with open(path, "w") as script:
        script.write(
            'wrk.method = "POST"\n'
            f'wrk.body = "{body}"\n'
            'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n'
            'wrk.headers["Sec-Fetch-Site"] = "same-origin"\n')


def bench_streams(folder):
    """Opens idle streams of one case, each of a session of its own, as the limit per session asks for."""
    raise_limit_of_files(2 * max(STREAMS) + 1000)
    with open(os.path.join(folder, "streams.log"), "w") as log:
        demo = start_demo(folder, log)
        wait_for(PORT)
        visitor = Visitor(PORT)
        page = file_case(visitor, os.path.join(folder, "demo", "messages"), "4200026144202611177263378982", "139.89")
        stop(demo)
        tokens = add_sessions(os.path.join(folder, "demo", "portal.sqlite"), page, max(STREAMS))
        demo = start_demo(folder, log)
        streams = []
        try:
            wait_for(PORT)
            visitor.send("GET", page)
            time.sleep(SETTLE_SECONDS)
            print(f"Cases followed live (idle CPU over {IDLE_SECONDS} s)")
            before, opened = resident_kib(demo.pid), 0
            print(f"  {0:>5} streams{before / 1024:>9.1f} MiB{idle_cpu(demo.pid):>24.2f} % of one core")
            for count in STREAMS:
                streams += [open_stream(page, token) for token in tokens[opened:count]]
                time.sleep(SETTLE_SECONDS)
                after = resident_kib(demo.pid)
                each = 1024 * (after - before) / (count - opened)
                before, opened = after, count
                cpu = idle_cpu(demo.pid)
                print(f"  {count:>5} streams{after / 1024:>9.1f} MiB{each:>9.0f} bytes each{cpu:>9.2f} % of one core")
            print(f"  one change told to all {len(streams)}: {told_seconds(visitor, page, streams):.2f} s")
        finally:
            for stream in streams:
                stream.close()
            stop(demo)


def stop(process):
    process.terminate()
    process.wait()


def raise_limit_of_files(needed):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        sys.exit(f"streams need {needed} open files, the system allows {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def add_sessions(database, page, count):
    """Sessions that may see the case, as the desk writes them; their tokens. No server has the database open now."""
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]
    hashes = [hashlib.sha256(token.encode()).digest() for token in tokens]
    now = int(time.time() * 1000)
    connection = sqlite3.connect(database)
    with connection:
        case = connection.execute("SELECT id FROM refund_case WHERE number = ?", [page.split("/")[-1]]).fetchone()[0]
        connection.executemany(
            "INSERT INTO visitor_session (token_hash, created_ms, last_seen_ms, expires_ms) VALUES (?, ?, ?, ?)",
            [(digest, now, now, now + 3_600_000) for digest in hashes])
        connection.executemany(
            "INSERT INTO visitor_case (token_hash, case_id, viewer, created_ms) VALUES (?, ?, 'cardholder', ?)",
            [(digest, case, now) for digest in hashes])
    connection.close()
    return tokens


def open_stream(page, token):
    """A connection on which the first event has arrived."""
    stream = socket.create_connection(("127.0.0.1", PORT), timeout=20)
    head = f"GET {page}/events HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nCookie: rp_visitor={token}\r\n\r\n"
    stream.sendall(head.encode())
    came = b""
    while b"event: changed" not in came:
        piece = stream.recv(4096)
        if not piece:
            sys.exit(f"no stream: {came[:200]}")
        came += piece
    return stream


def idle_cpu(pid):
    """The share of one core that a server uses which nobody asks for anything, in percent."""
    before = cpu_seconds(pid)
    time.sleep(IDLE_SECONDS)
    return 100 * (cpu_seconds(pid) - before) / IDLE_SECONDS


def told_seconds(visitor, page, streams):
    """How long it takes until every stream has heard of a change, from before the change is asked for."""
    version = re.search(r'data-version="(\d+)"', visitor.send("GET", page)[2]).group(1)
    poll = select.poll()
    waiting = {stream.fileno(): stream for stream in streams}
    for number in waiting:
        poll.register(number, select.POLLIN)
    began = time.monotonic()
    status, _, _ = visitor.send("POST", page + "/withdraw", {"version": version, "reason": ""})
    if status != 303:
        sys.exit(f"the withdrawal answers {status}")
    while waiting:
        for number, _ in poll.poll(20_000) or sys.exit(f"{len(waiting)} streams heard nothing"):
            if b"event: changed" in waiting[number].recv(4096):
                poll.unregister(number)
                del waiting[number]
    return time.monotonic() - began


def bench_import(folder):
    print(f"Import of pos-csv files with {LINES // 10} and {LINES} lines")
    few, _ = import_lines(folder, LINES // 10)
    many, database = import_lines(folder, LINES)
    raw = raw_insert(database, os.path.join(folder, "raw.sqlite"))
    for name, run in [("refund-portal import", many), ("raw SQLite insert, same rows and indexes", raw)]:
        print(f"  {name:<44}{LINES / run.seconds:>10.0f} lines/s{1e6 * run.cpu / LINES:>9.1f} CPU-µs a line")
    print(f"  import as a share of raw: {raw.seconds / many.seconds:.0%} by the clock, {raw.cpu / many.cpu:.0%} by CPU")
    print(f"  peak memory of the import: {few.peak_mib:.0f} MiB and {many.peak_mib:.0f} MiB")


class Run(typing.NamedTuple):
    """What something cost; `seconds` by the clock."""
    seconds: float
    cpu: float
    peak_mib: float


def import_lines(folder, lines):
    """Imports a new file into a new database; what that cost, and the database's path."""
    data = os.path.join(folder, f"import-{lines}")
    os.makedirs(data, mode=0o700)
    statement = os.path.join(data, "statement.csv")
    examples = os.path.join(ROOT, "Scripts", "make-examples.py")
    subprocess.run([sys.executable, examples, "--lines", str(lines), "pos-csv", statement], check=True)
    database = os.path.join(data, "portal.sqlite")
    env = {
        **os.environ, "DATABASE_URL": f"sqlite:{database}", "KEYS_FILE": f"{folder}/demo/keys.json",
        "LOG_LEVEL": "error"}
    portal = os.path.join(BIN, "refund-portal")
    for command in (["migrate"], ["merchant", "add", "bench", "--name", "Bench"]):
        subprocess.run([portal, *command], env=env, cwd=data, check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    process = subprocess.Popen(
        [portal, "import", statement, "--merchant", "bench"], env=env, cwd=data, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit("the import failed")
    return Run(took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024), database


def raw_insert(source, target):
    """SQLite alone, fed the same rows from memory: no foreign keys, no look for what is there already."""
    old = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    statements = [
        row[0] for row in old.execute(
            "SELECT sql FROM sqlite_schema WHERE tbl_name = 'payment' AND sql IS NOT NULL ORDER BY type DESC")]
    rows = old.execute("SELECT * FROM payment ORDER BY rowid").fetchall()
    old.close()
    new = sqlite3.connect(target)
    new.execute("PRAGMA journal_mode = WAL")
    new.execute("PRAGMA synchronous = FULL")
    new.execute("PRAGMA foreign_keys = OFF")
    # The page cache that the portal gives its writer, so that the comparison does not flatter it.
    new.execute("PRAGMA cache_size = -65536")
    for statement in statements:
        new.execute(statement)
    places = ",".join("?" * len(rows[0]))
    began, before = time.monotonic(), time.process_time()
    with new:
        new.executemany(f"INSERT INTO payment VALUES ({places})", rows)
    run = Run(time.monotonic() - began, time.process_time() - before, 0)
    new.close()
    return run


def main():
    # Imported here: it takes its tools from this file.
    from bench_engines import bench_engines
    parts = {"pages": bench_pages, "streams": bench_streams, "engines": bench_engines, "import": bench_import}
    chosen = sys.argv[1:] or list(parts)
    folder = tempfile.mkdtemp(prefix="refund-bench-")
    try:
        for name in chosen:
            parts[name](folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
