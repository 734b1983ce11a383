"""A portal in clear, a portal that speaks TLS, and nginx as docs/guides/nginx.md sets it up, all in a folder of their own."""
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(ROOT, "docs", "guides", "nginx.md")
NAME = "refund.example"
WAIT_SECONDS = 120


def binary():
    told = subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=True)
    return os.path.join(told.stdout.strip(), "refund-portal")


def free_ports(count):
    """Ports that nobody listens on, held together so that they differ."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def until(what, met):
    """Waits for something that happens by itself."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        found = met()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not in {WAIT_SECONDS} s: {what}")


class House:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="portal-edge-")
        self.binary = binary()
        self.programs = []
        self.proxy_port, self.port, self.admin, self.tls_port, self.tls_admin = free_ports(5)
        self.authority = f"{NAME}:{self.proxy_port}"
        self.certificate, self.key = self.make_certificate("first")
        self.serve("plain", {
            "LISTEN": f"127.0.0.1:{self.port}", "ADMIN_LISTEN": f"127.0.0.1:{self.admin}",
            "PUBLIC_URL": f"https://{self.authority}", "TRUSTED_PROXIES": "127.0.0.1/32"}, self.admin)
        self.tls = self.serve("tls", self.tls_settings(), self.tls_admin)
        self.proxy = self.start_proxy()

    def tls_settings(self):
        return {
            "LISTEN": f"127.0.0.1:{self.tls_port}", "ADMIN_LISTEN": f"127.0.0.1:{self.tls_admin}",
            "PUBLIC_URL": f"https://{NAME}:{self.tls_port}", "TLS_CERTIFICATE": self.certificate, "TLS_KEY": self.key}

    def make_certificate(self, name, days=30):
        """A certificate that signs itself; its path and its key's."""
        certificate, key = (os.path.join(self.folder, f"{name}.{kind}") for kind in ("pem", "key"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
             str(days), "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out",
             certificate], stdin=subprocess.DEVNULL, capture_output=True, check=True)
        os.chmod(key, 0o600)
        return certificate, key

    def environment(self, name, more):
        data = os.path.join(self.folder, name)
        return {
            "PATH": os.environ["PATH"], "HOME": self.folder, "DATABASE_URL": f"sqlite:{data}/portal.sqlite",
            "KEYS_FILE": f"{data}/keys.json", "PROOF_STORE_URL": f"file:{data}/proofs",
            "MESSAGE_DIR": f"{data}/messages", "LOG_LEVEL": "info", **more}

    def serve(self, name, settings, admin):
        """A server with a database of its own, once it is ready."""
        os.mkdir(os.path.join(self.folder, name), 0o700)
        env = self.environment(name, settings)
        for command in (["keys", "new"], ["migrate"]):
            done = subprocess.run(
                [self.binary, *command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
        process = self.start([self.binary, "serve"], name, env)
        until(f"{name} is ready", lambda: self.is_ready(process, name, admin))
        return process

    def start(self, command, name, env=None):
        with open(self.log(name), "a") as out:
            # Whatever becomes of the tests, no process outlives them.
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out,
                stderr=out)
        self.programs.append(process)
        return process

    def log(self, name):
        return os.path.join(self.folder, f"{name}.log")

    def is_ready(self, process, name, admin):
        assert process.poll() is None, open(self.log(name)).read()
        try:
            return self.readiness(admin)[0] == 200
        except OSError:
            return False

    def readiness(self, admin):
        connection = http.client.HTTPConnection("127.0.0.1", admin, timeout=10)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def start_proxy(self):
        """nginx by the page of the docs, with our addresses in place of the example's and a cache over everything."""
        block = re.search(r"```nginx\n(.*?)```", open(PAGE).read(), re.S).group(1)
        folder = os.path.join(self.folder, "proxy")
        os.mkdir(folder, 0o700)
        for old, new in {
            "server 127.0.0.1:8080;": f"server 127.0.0.1:{self.port};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.proxy_port} ssl http2;",
            "listen 443 ssl http2 default_server;": f"listen 127.0.0.1:{self.proxy_port} ssl http2 default_server;",
            "/etc/ssl/refund.example.pem": self.certificate, "/etc/ssl/refund.example.key": self.key,
            "/var/cache/nginx/portal": f"{folder}/cache",
            "proxy_set_header Host $host;": f"proxy_set_header Host $host:{self.proxy_port};",
            # Harsher than the page: everything may be kept, as far as the portal lets it.
            "server_name refund.example;": "server_name refund.example;\n    proxy_cache portal;\n"
                                           "    add_header X-Kept $upstream_cache_status always;",
        }.items():
            assert old in block, f"{PAGE} has no `{old}`"
            block = block.replace(old, new)
        # What listens at port 80 only leads to https.
        block = re.sub(r"server \{\s*listen 80;.*?\n\}\n", "", block, flags=re.S)
        path = os.path.join(folder, "nginx.conf")
        temporary = "".join(
            f"    {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(path, "w") as file:
            file.write(
                f"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr warn;\n"
                "events { worker_connections 512; }\nhttp {\n    access_log off;\n" + temporary + block + "}\n")
        process = self.start(["nginx", "-p", folder, "-c", path], "nginx")

        def answers():
            assert process.poll() is None, open(self.log("nginx")).read()
            try:
                return self.connect("proxy").close() is None
            except OSError:
                return False
        until("nginx answers", answers)
        return process

    def connect(self, target, certificate=None):
        """A connection to the portal in clear (`plain`), to the one with TLS (`tls`) or to nginx (`proxy`)."""
        port = {"plain": self.port, "tls": self.tls_port, "proxy": self.proxy_port}[target]
        raw = socket.create_connection(("127.0.0.1", port), timeout=30)
        if target == "plain":
            return raw
        context = ssl.create_default_context(cafile=certificate or self.certificate)
        return context.wrap_socket(raw, server_hostname=NAME)

    def host(self, target):
        return f"{NAME}:{self.tls_port}" if target == "tls" else self.authority

    def close(self):
        for process in reversed(self.programs):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.programs:
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
