"""The whole house on this machine: database, bank, servers, workers, and the proxy that people come through."""
import collections
import json
import os
import random
import shutil
import socket
import tempfile
import time

from browser import Figures
from mailbox import Mailbox
from programs import ROOT, S3, Postgres, Program, tail, told
from sqlite_file import SQLiteFile

PICTURE = os.path.join(ROOT, "docs", "examples", "proof", "slip.jpg")
# Below the range that Linux gives outgoing connections from, so that a restarted program finds its port free.
PORTS = range(24000, 32000)
# The S3 server takes four in a row, and the four that are 10000 higher.
S3_PORTS = range(12000, 20000, 4)


def free_ports(count):
    """Ports that nobody listens on, taken together so that they differ."""
    probes, ports = [], []
    for port in random.sample(PORTS, len(PORTS)):
        probe = socket.socket()
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.close()
            continue
        probes.append(probe)
        ports.append(port)
        if len(ports) == count:
            break
    for probe in probes:
        probe.close()
    return ports


def free_s3_port():
    while True:
        first = random.choice(S3_PORTS)
        try:
            for port in [first + place + higher for place in range(4) for higher in (0, 10000)]:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue


def binary():
    return os.path.join(told(["swift", "build", "--show-bin-path"], cwd=ROOT).strip(), "refund-portal")


class House:
    """One PostgreSQL, one S3 server, servers and workers; or one server that does everything on SQLite."""

    def __init__(self, servers, workers, embedded):
        self.folder = tempfile.mkdtemp(prefix="portal-cluster-")
        # PostgreSQL runs as a user of its own and has to come by; what is ours lies in folders that are closed.
        os.chmod(self.folder, 0o711)
        self.data = self._inside("data")
        self.logs = self._inside("logs")
        ports = iter(free_ports(3 + 2 * servers + workers))
        self.port, self.bank_port = next(ports), next(ports)
        self.binary = binary()
        self.figures = Figures()
        self.mailbox = Mailbox(os.path.join(self.data, "messages"))
        self.picture = open(PICTURE, "rb").read()
        self.filed = {}
        self.kills = collections.Counter()
        self.story = []
        if embedded:
            self.database, self.proofs = SQLiteFile(self.data), None
        else:
            self.database = Postgres(self._inside("postgres"), next(ports))
            self.proofs = S3(self._inside("s3"), free_s3_port())
        self.env = {
            "KEYS_FILE": f"{self.data}/keys.json", "MESSAGE_DIR": self.mailbox.folder,
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}", "TRUSTED_PROXIES": "127.0.0.1/32", "LOG_LEVEL": "info"}
        self.bank = self._program(
            "bank", "bank", ["sandbox", "--port", str(self.bank_port), "--data", f"{self.data}/bank"],
            ready=(self.bank_port, "/books", None))
        self.servers = [self._server(place, next(ports), next(ports), embedded) for place in range(servers)]
        self.workers = [self._worker(place, next(ports)) for place in range(workers)]
        self.proxy = self._proxy()

    def _inside(self, name):
        path = os.path.join(self.folder, name)
        os.mkdir(path, 0o700)
        return path

    def _program(self, name, kind, arguments, env=None, ready=None):
        return Program(
            name, kind, [self.binary, *arguments], os.path.join(self.logs, f"{name}.log"),
            collections.ChainMap(env or {}, self.env), ready)

    def _server(self, place, port, admin, embedded):
        env = {
            "LISTEN": f"127.0.0.1:{port}", "ADMIN_LISTEN": f"127.0.0.1:{admin}", "WORKER": "on" if embedded else "off"}
        server = self._program(
            f"server-{place + 1}", "server", ["serve"], env, (port, "/", f"127.0.0.1:{self.port}"))
        server.port = port
        return server

    def _worker(self, place, admin):
        env = {"ADMIN_LISTEN": f"127.0.0.1:{admin}"}
        return self._program(f"worker-{place + 1}", "worker", ["worker"], env, (admin, "/readyz", None))

    def _proxy(self):
        """nginx with its own settings: one process, nothing outside its folder."""
        folder = self._inside("proxy")
        with open(os.path.join(os.path.dirname(__file__), "nginx.conf")) as file:
            text = file.read()
        servers = "\n".join(
            f"        server 127.0.0.1:{server.port} max_fails=1 fail_timeout=1s;" for server in self.servers)
        path = os.path.join(folder, "nginx.conf")
        with open(path, "w") as file:
            file.write(text.replace("@FOLDER@", folder).replace("@PORT@", str(self.port)).replace("@SERVERS@", servers))
        command = ["nginx", "-p", folder, "-c", path]
        return Program("nginx", "proxy", command, os.path.join(self.logs, "nginx.log"), {}, (self.port, "/", None))

    @property
    def programs(self):
        return [self.bank, *self.servers, *self.workers, self.proxy]

    def open(self, plan):
        """Sets everything up and starts it; the sign-ins of the reviewers, by merchant."""
        self.env["DATABASE_URL"] = self.database.start()
        self.env["PROOF_STORE_URL"] = self.proofs.start() if self.proofs else f"file:{self.data}/proofs"
        self.env.update(S3.keys if self.proofs else {})
        self.run("migrate")
        self.run("keys", "new")
        accounts = {merchant.code: self._furnish(plan, merchant) for merchant in plan.merchants}
        for program in self.programs:
            program.start()
        for program in self.programs:
            program.wait_until_ready()
        return accounts

    def _furnish(self, plan, merchant):
        code = merchant.code
        self.run("merchant", "add", code, "--name", code)
        account = self.run(
            "sandbox", "--account", merchant.mchid, "--port", str(self.bank_port), "--data", f"{self.data}/bank")
        self.run("channel", "add", "--merchant", code, self._file(f"{code}.json", account.encode()))
        self.run("import", self._file(f"{code}.csv", plan.statement(merchant)), "--merchant", code)
        sign_ins = []
        for name in ("first", "second"):
            email = f"{name}@{code}.example"
            added = self.run("staff", "add", "--email", email, "--role", "reviewer", "--merchant", code, "--json")
            sign_ins.append(json.loads(added))
        return sign_ins

    def _file(self, name, data):
        path = os.path.join(self.data, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def run(self, *arguments):
        """Runs a command to its end; what it printed."""
        return told([self.binary, *arguments], cwd=self.data, env={**os.environ, **self.env})

    def tell(self, what):
        """Writes into the story of the run, which is printed when something is wrong."""
        self.story.append(f"{time.strftime('%H:%M:%S')} {what}")

    def evidence(self):
        """What the programs said last that was not ordinary, and what was done to them."""
        parts = ["Story:", *self.story[-60:]]
        for program in self.programs:
            marks = [" error ", " warning ", "Fatal", "status=500"] if program is not self.proxy else [""]
            lines = [line for line in tail(program.log, 20000).splitlines() if any(mark in line for mark in marks)]
            parts += [f"-- {program.name} ({program.log})", *lines[-25:]]
        return "\n".join(parts)

    def close(self):
        """Ends everything and removes the folder; CLUSTER_KEEP keeps it."""
        for program in [*self.workers, *self.servers, self.bank, self.proxy]:
            program.end()
        for place in (self.database, self.proofs):
            if place:
                place.end()
        if "CLUSTER_KEEP" in os.environ:
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
