"""What would disturb other tests or takes too long for them: slow clients, floods, TLS testers, a scanner.

`make torture`, or `make torture TORTURE="slow tls"` for some of it: idle, slow, flood, tls, scan. It prints figures and
fails when a normal visitor notices more than the bound beside each.
"""
import os
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "Edge"))
import house as edge  # noqa: E402
from wire import exchange, get, statuses  # noqa: E402

# What a visitor may wait for the start page while somebody tortures the server, slowest of a hundred, in seconds.
VISITOR_SECONDS = 0.5
IDLE_SOCKETS = 2000
SLOW_SECONDS = 60


def release_binary():
    told = subprocess.run(
        ["swift", "build", "-c", "release", "--show-bin-path"], cwd=edge.ROOT, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=True)
    return os.path.join(told.stdout.strip(), "refund-portal")


class Visitor(threading.Thread):
    """Opens the start page again and again, each time on a connection of its own."""

    def __init__(self, connect, host):
        super().__init__(daemon=True)
        self.connect, self.host = connect, host
        self.times, self.failures, self.stopping = [], 0, threading.Event()

    def run(self):
        while not self.stopping.wait(0.05):
            begun = time.monotonic()
            try:
                answer = exchange(self.connect(), get("/", self.host))
                good = statuses(answer) == [200]
            except OSError:
                good = False
            self.times.append(time.monotonic() - begun)
            self.failures += not good

    def figures(self):
        self.stopping.set()
        self.join()
        slowest = statistics.quantiles(self.times, n=100)[-1]
        print(f"  a visitor meanwhile: {len(self.times)} pages, {self.failures} failed, "
              f"median {statistics.median(self.times) * 1000:.0f} ms, slowest 1 % {slowest * 1000:.0f} ms")
        assert self.failures == 0 and slowest < VISITOR_SECONDS


def watched(connect, host, work):
    visitor = Visitor(connect, host)
    visitor.start()
    try:
        work()
    finally:
        visitor.figures()


def idle(house):
    """Connections that say nothing, and that begin a header and never end it."""
    def work():
        sockets = []
        for number in range(IDLE_SOCKETS):
            one = socket.create_connection(("127.0.0.1", house.tls_port), timeout=60)
            if number % 2:
                one.sendall(b"\x16\x03\x01")
            sockets.append(one)
        begun = time.monotonic()
        for one in sockets:
            one.settimeout(120)
            try:
                while one.recv(4096):
                    pass
            except OSError:
                pass
        print(f"  {IDLE_SOCKETS} silent connections, the last closed by the server "
              f"{time.monotonic() - begun:.0f} s after it was opened")
    watched(lambda: house.connect("tls"), house.host("tls"), work)


def slow(house):
    """slowhttptest: headers that drip, bodies that drip, answers that are not read."""
    port, admin = edge.free_ports(2)
    address = f"127.0.0.1:{port}"
    house.serve("slow", {
        "LISTEN": address, "ADMIN_LISTEN": f"127.0.0.1:{admin}", "PUBLIC_URL": f"http://{address}"}, admin)
    url = f"http://{address}/find"
    for name, options in (("headers", ["-H", "-i", "5"]), ("bodies", ["-B", "-i", "5", "-s", "8192"]),
                          ("readers", ["-X", "-w", "1", "-y", "2", "-n", "5", "-z", "1", "-k", "3"])):
        def work(name=name, options=options):
            done = subprocess.run(
                ["slowhttptest", "-c", "1000", *options, "-r", "200", "-l", str(SLOW_SECONDS), "-u", url],
                stdin=subprocess.DEVNULL, capture_output=True, text=True)
            said = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)
            last = re.findall(r"(?:initializing|pending|connected|error|closed|service available): +\S+", said)[-6:]
            print(f"  slow {name}: at the end", ", ".join(" ".join(item.split()) for item in last))
        watched(lambda: socket.create_connection(("127.0.0.1", port), timeout=30), address, work)


def flood(house):
    """More connections of one address than it may have; needs an address beyond loopback."""
    own = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=True).stdout.split()[0]
    port, admin = edge.free_ports(2)
    house.serve("flood", {
        **house.tls_settings(), "LISTEN": f"0.0.0.0:{port}", "ADMIN_LISTEN": f"127.0.0.1:{admin}",
        "PUBLIC_URL": f"https://{edge.NAME}:{port}"}, admin)
    context = ssl.create_default_context(cafile=house.certificate)

    def connected():
        try:
            return context.wrap_socket(socket.create_connection((own, port), timeout=30), server_hostname=edge.NAME)
        except OSError:
            return None
    taken = [connected() for _ in range(300)]
    held = [one for one in taken if one]
    print(f"  of 300 connections of {own} {len(held)} were taken")
    assert len(held) == 256
    held[0].close()
    edge.until("there is room again", connected)
    for one in held:
        one.close()
    one = edge.until("a connection", connected)
    request = f"GET /nothing HTTP/1.1\r\nHost: {edge.NAME}:{port}\r\n\r\n".encode()
    codes, begun = [], time.monotonic()
    while 429 not in codes and time.monotonic() - begun < 60:
        one.sendall(request * 20)
        answer, wanted = b"", len(codes) + 20
        while len(codes) + len(statuses(answer)) < wanted:
            answer += one.recv(65536)
        codes += statuses(answer)
    print(f"  {codes.count(404)} pages in {time.monotonic() - begun:.0f} s, then {codes[-1]}")
    assert codes[-1] == 429


def tls(house):
    """What sslscan and testssl.sh find at the listener."""
    address = f"127.0.0.1:{house.tls_port}"
    for command in (["sslscan", "--no-colour", f"--sni-name={edge.NAME}", address],
                    ["testssl", "--quiet", "--color", "0", "-p", "-s", "-f", "-S", "-U", address]):
        if shutil.which(command[0]) is None:
            print(f"  {command[0]} is not installed")
            continue
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        print(done.stdout)


def scan(house):
    """wapiti over the pages that need no sign-in, where `.venv-wapiti` has it."""
    wapiti = os.path.join(edge.ROOT, ".venv-wapiti", "bin", "wapiti")
    if not os.path.exists(wapiti):
        print("  wapiti is not installed: python3 -m venv .venv-wapiti && .venv-wapiti/bin/pip install wapiti3==3.2.3")
        return
    report = os.path.join(house.folder, "wapiti.txt")
    subprocess.run(
        [wapiti, "-u", f"https://{house.host('tls')}/", "-m", "csp,http_headers,cookieflags,xss,sql,file,ssrf,crlf",
         "--flush-session", "--no-bugreport", "--verify-ssl", "0", "-d", "3", "--max-scan-time", "300", "-f", "txt",
         "-o", report], stdin=subprocess.DEVNULL, capture_output=True)
    print(open(report).read() if os.path.exists(report) else "  no report")


PARTS = {"idle": idle, "slow": slow, "flood": flood, "tls": tls, "scan": scan}


def main(names):
    edge.binary = release_binary
    house = edge.House()
    try:
        for name in names or PARTS:
            print(f"{name}: {PARTS[name].__doc__.splitlines()[0]}", flush=True)
            PARTS[name](house)
    finally:
        house.close()


if __name__ == "__main__":
    main(sys.argv[1:])
