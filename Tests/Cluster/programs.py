"""The programs of the house: each a process of its own that can be killed, stopped and started again."""
import http.client
import os
import signal
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
START_SECONDS = 120
END_SECONDS = 120


class Program:
    """A process with a log, and an address that tells when it is ready."""

    def __init__(self, name, kind, command, log, env=None, ready=None):
        self.name, self.kind, self.command, self.log = name, kind, command, log
        # Read at each start.
        self.env = {} if env is None else env
        # (port, path, host header) or None for a program that says nothing.
        self.ready = ready
        self.process = None

    def start(self):
        with open(self.log, "a") as out:
            # Whatever becomes of the tests, no process outlives them.
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *self.command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, env={**os.environ, **self.env})

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.name} ended with {self.process.returncode}:\n{tail(self.log)}")
        if self.ready is None:
            return True
        port, path, host = self.ready
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", path, headers={"Host": host or f"127.0.0.1:{port}"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_until_ready(self):
        end = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if time.monotonic() > end:
                raise AssertionError(f"{self.name} is not ready in {START_SECONDS} s:\n{tail(self.log)}")
            time.sleep(0.05)

    def kill(self):
        """As a loss of power does it."""
        self.process.kill()
        self.process.wait()

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        """As an operator does it; how it ended."""
        if self.process is None or self.process.poll() is not None:
            return self.process and self.process.returncode
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            return self.process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return -signal.SIGKILL


class Postgres:
    """The database: `Scripts/postgres.sh`, which also removes it when the tests are killed."""

    name, kind = "postgres", "database"
    script = os.path.join(ROOT, "Scripts", "postgres.sh")

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.log = os.path.join(folder, "log")
        told([self.script, "until", str(os.getpid()), folder])

    def start(self):
        """Its address, the same each time."""
        self.url = told([self.script, "start", self.folder, str(self.port), "max_connections=100"]).strip()
        return self.url

    def is_ready(self):
        return True

    def kill(self):
        told([self.script, "stop", self.folder, "immediate"])

    def rows(self, statement):
        """What a statement says, a tuple of texts for each row."""
        answer = told(["psql", self.url, "-X", "-A", "-t", "-F", "\t", "-c", statement])
        return [tuple(line.split("\t")) for line in answer.splitlines()]

    def end(self):
        told([self.script, "remove", self.folder])


class S3:
    """The store of proofs: `Scripts/s3.sh`, which also removes it when the tests are killed."""

    name, kind = "s3", "store"
    script = os.path.join(ROOT, "Scripts", "s3.sh")
    keys = {"AWS_ACCESS_KEY_ID": "portal", "AWS_SECRET_ACCESS_KEY": "portal-secret"}

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.log = os.path.join(folder, "log")
        told([self.script, "until", str(os.getpid()), folder])

    def start(self):
        """Its address, as PROOF_STORE_URL takes it."""
        return told([self.script, "start", self.folder, str(self.port)]).strip()

    def end(self):
        told([self.script, "remove", self.folder])


def told(command, **options):
    """What a command printed; one that fails shows all it said."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command[:3])} ends with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def tail(path, lines=40):
    try:
        with open(path, errors="replace") as file:
            return "".join(file.readlines()[-lines:])
    except OSError as fault:
        return str(fault)
