"""Starts the demo once for all browser journeys and opens a real Chromium on it."""
import base64
import hashlib
import hmac
import os
import re
import socket
import struct
import subprocess
import time
import urllib.request

import pytest
from playwright.sync_api import sync_playwright

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHOTS = os.path.join(ROOT, "screenshots")
START_SECONDS = 120


def free_port():
    """The first of three free ports in a row: the demo takes P, P+1 and P+2."""
    for base in range(21000, 29000, 7):
        try:
            for port in (base, base + 1, base + 2):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return base
        except OSError:
            continue
    raise RuntimeError("no free ports")


def binary():
    path = subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    return os.path.join(path, "refund-portal")


class Demo:
    """A running demo: its address, what it printed, its messages."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.bank = f"http://127.0.0.1:{self.port + 2}"
        self.log = os.path.join(self.folder, "demo.log")
        self.start()

    def start(self):
        out = open(self.log, "a")
        self.process = subprocess.Popen(
            [binary(), "demo", "--port", str(self.port), "--data", os.path.join(self.folder, "demo")],
            cwd=ROOT, stdout=out, stderr=out, env={**os.environ, "LOG_LEVEL": "info"})
        for _ in range(START_SECONDS * 10):
            if self.process.poll() is not None:
                raise RuntimeError("the demo ended:\n" + open(self.log).read())
            try:
                urllib.request.urlopen(self.url + "/", timeout=2).read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the demo does not answer:\n" + open(self.log).read())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)

    def sign_in(self, email):
        """The password and one-time-code secret that the terminal prints for a member of staff."""
        for line in open(self.log):
            found = re.search(re.escape(email) + r"\s+(\S+)\s+([A-Z2-7]{16,})", line)
            if found:
                return found.group(1), found.group(2)
        raise AssertionError(f"the demo prints no sign-in for {email}")

    def messages(self, to, kind):
        """The texts of messages of a kind to an address, newest first."""
        folder = os.path.join(self.folder, "demo", "messages")
        texts = []
        for name in sorted(os.listdir(folder), reverse=True):
            head, _, text = open(os.path.join(folder, name), encoding="utf-8").read().partition("\n\n")
            if f"To: {to}" in head.split("\n") and f"Kind: {kind}" in head.split("\n"):
                texts.append(text)
        return texts

    def wait_for_message(self, to, kind, count=1):
        for _ in range(300):
            texts = self.messages(to, kind)
            if len(texts) >= count:
                return texts[0]
            time.sleep(0.1)
        raise AssertionError(f"no message {kind} to {to}")

    def verify(self):
        env = {
            **os.environ, "DATABASE_URL": f"sqlite:{self.folder}/demo/portal.sqlite",
            "KEYS_FILE": f"{self.folder}/demo/keys.json"}
        return subprocess.run([binary(), "verify"], env=env, capture_output=True, text=True)


def one_time_code(secret, at=None):
    """RFC 6238, SHA-1, 30 seconds, 6 digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = int((at or time.time()) // 30)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    running = Demo(tmp_path_factory.mktemp("portal"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Opens pages that fail the test on a dialog, a script error or a breach of the content security policy."""
    contexts = []
    complaints = []

    def make(width=1280, language="zh-CN", scripts=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale=language, java_script_enabled=scripts)
        context.set_default_timeout(15000)
        contexts.append(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: (complaints.append("dialog: " + dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on(
            "console",
            lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def shoot():
    os.makedirs(SHOTS, exist_ok=True)

    def shot(page, name):
        page.screenshot(path=os.path.join(SHOTS, name + ".png"), full_page=True)

    return shot
