"""The same pages on SQLite and on PostgreSQL, which holds a copy of the same portal: `bench.py engines`.

CPU is that of all processes that a request takes: the servers and, on PostgreSQL, the database's. The copy is made by
`migrate --from … --to …`. PostgreSQL is a throw-away one of `Scripts/postgres.sh` that waits for its disk as usual.
"""
import os
import re
import socket
import subprocess
import time

import bench


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def cpu_of_family(pid):
    """Seconds of a process, of its children and of the children that have ended."""
    total = 0
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            fields = open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(name) == pid:
            total += sum(int(field) for field in fields[11:15])
        elif int(fields[1]) == pid:
            total += sum(int(field) for field in fields[11:13])
    return total / os.sysconf("SC_CLK_TCK")


class House:
    """One database and the servers on it."""

    def __init__(self, data, database, servers, database_pid=None):
        self.database_pid = database_pid
        self.ports = [free_port() for _ in range(servers)]
        self.processes = [self.serve(data, database, port) for port in self.ports]
        for port in self.ports:
            bench.wait_for(port)

    def serve(self, data, database, port):
        env = {
            **os.environ, "DATABASE_URL": database, "KEYS_FILE": f"{data}/keys.json", "WORKER": "off",
            "PROOF_STORE_URL": f"file:{data}/proofs", "MESSAGE_DIR": f"{data}/messages", "LOG_LEVEL": "error",
            "LISTEN": f"127.0.0.1:{port}", "ADMIN_LISTEN": f"127.0.0.1:{free_port()}"}
        return subprocess.Popen([os.path.join(bench.BIN, "refund-portal"), "serve"], env=env, cwd=bench.ROOT)

    def cpu(self):
        own = sum(bench.cpu_seconds(process.pid) for process in self.processes)
        return own + (cpu_of_family(self.database_pid) if self.database_pid else 0)

    def ask(self, name, path, headers=(), script=None):
        """Asks all servers at once, with 16 connections in all."""
        before = self.cpu()
        each = 16 // len(self.ports)
        askers = []
        for port in self.ports:
            command = ["wrk", "-t1", f"-c{each}", f"-d{bench.SECONDS}s"]
            for header in headers:
                command += ["-H", header]
            if script:
                command += ["-s", script]
            askers.append(subprocess.Popen(
                [*command, f"http://127.0.0.1:{port}{path}"], stdout=subprocess.PIPE, text=True))
        texts = [asker.communicate()[0] for asker in askers]
        requests = sum(int(re.search(r"(\d+) requests in", text).group(1)) for text in texts)
        refused = sum(int(number) for text in texts for number in re.findall(r"Non-2xx or 3xx responses: (\d+)", text))
        rate = sum(float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)) for text in texts)
        cpu = 1000 * (self.cpu() - before) / max(requests, 1)
        note = f"   ({refused} answers were neither 2xx nor 3xx)" if refused else ""
        print(f"  {name:<44}{rate:>10.0f} req/s{cpu:>9.3f} CPU-ms{note}", flush=True)
        return cpu

    def close(self):
        for process in self.processes:
            bench.stop(process)


def bench_engines(folder):
    data = os.path.join(folder, "demo")
    with open(os.path.join(folder, "engines.log"), "w") as log:
        demo = bench.start_demo(folder, log)
        bench.wait_for(bench.PORT)
        visitor = bench.Visitor(bench.PORT)
        page = bench.file_case(visitor, os.path.join(data, "messages"), "4200026144202611177263378982", "139.89")
        time.sleep(bench.SETTLE_SECONDS)
        bench.stop(demo)
    script = os.path.join(folder, "find.lua")
    bench.write_find(script)
    cookie = f"Cookie: {visitor.cookie()}"
    store = f"/tmp/refund-bench-pg-{os.getpid()}"
    postgres = os.path.join(bench.ROOT, "Scripts", "postgres.sh")
    address = subprocess.run(
        [postgres, "start", store, str(free_port())], check=True, capture_output=True, text=True).stdout.strip()
    try:
        pid = int(open(f"{store}/data/postmaster.pid").readline())
        file = f"sqlite:{data}/portal.sqlite"
        subprocess.run(
            [os.path.join(bench.BIN, "refund-portal"), "migrate", "--from", file, "--to", address], check=True,
            cwd=bench.ROOT, env={**os.environ, "KEYS_FILE": f"{data}/keys.json"}, capture_output=True)
        print(f"Engines (16 connections in all, {bench.SECONDS} s each; CPU of servers and database together)")
        cpu = {}
        for name, database, servers in [
            ("SQLite, 1 server", file, 1), ("PostgreSQL, 1 server", address, 1), ("PostgreSQL, 2 servers", address, 2),
        ]:
            house = House(data, database, servers, pid if database == address else None)
            try:
                house.ask("(first requests, not counted)", page, [cookie])
                cpu[name, "tracking page"] = house.ask(f"{name}: tracking page", page, [cookie])
                cpu[name, "look-up"] = house.ask(f"{name}: look-up that finds", "/find", script=script)
            finally:
                house.close()
        for job in ("tracking page", "look-up"):
            share = cpu["PostgreSQL, 1 server", job] / cpu["SQLite, 1 server", job]
            print(f"  {job}: PostgreSQL takes {share:.2f} times the CPU of SQLite")
    finally:
        subprocess.run([postgres, "remove", store], check=True)
