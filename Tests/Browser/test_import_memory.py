"""Memory of an import, each in a process of its own: the unit tests share one process and cannot tell."""
import os
import subprocess
import sys

from conftest import ROOT, binary

SMALL, LARGE = 1_000, 150_000
# The writer's page cache, which an import may fill, and what the allocator needs beside it. Keeping as little as
# one kilobyte a line would take 145 MiB more.
PAGE_CACHE_KIB = 64 * 1024
SLACK_KIB = 32 * 1024


def peak_kib(command, env):
    """The most memory that a command had, as the kernel counted it."""
    script = (
        "import os, resource, subprocess, sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)\n"
        "sys.stderr.write(done.stderr)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        "sys.exit(done.returncode)\n")
    done = subprocess.run([sys.executable, "-c", script, *command], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_an_import_needs_no_more_memory_for_more_lines(tmp_path):
    os.chmod(tmp_path, 0o700)
    env = {
        **os.environ, "DATABASE_URL": f"sqlite:{tmp_path}/portal.sqlite", "KEYS_FILE": f"{tmp_path}/keys.json",
        "LOG_LEVEL": "error"}
    for command in (["keys", "new"], ["migrate"], ["merchant", "add", "large", "--name", "Large"]):
        subprocess.run([binary(), *command], env=env, check=True, capture_output=True)
    peaks = []
    for lines in (SMALL, LARGE):
        statement = tmp_path / f"{lines}.csv"
        maker = os.path.join(ROOT, "Scripts", "make-examples.py")
        subprocess.run([sys.executable, maker, "--lines", str(lines), "pos-csv", str(statement)], check=True)
        peaks.append(peak_kib([binary(), "import", str(statement), "--merchant", "large", "--dry-run"], env))
    print(f"peak memory: {peaks[0]} KiB with {SMALL} lines, {peaks[1]} KiB with {LARGE}")
    assert peaks[1] - peaks[0] < PAGE_CACHE_KIB + SLACK_KIB
