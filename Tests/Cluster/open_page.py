"""A case page that is left open: told by server-sent events that the case moved on, whichever server it moved on."""
import asyncio
import http.client
import re
import socket
import threading
import time

COME_BACK_SECONDS = 1
STREAM_SECONDS = 60


class OpenPage:
    """Follows a case from the version that its page shows, and comes back whenever the stream breaks off."""

    def __init__(self, browser, path, text):
        self.browser = browser
        self.path = path
        self.version = int(re.search(r'data-version="(\d+)"', text).group(1))
        self.loop = asyncio.get_running_loop()
        self.heard = asyncio.Event()
        self.told = asyncio.Event()
        self.closed = False
        self.connection = None
        threading.Thread(target=self._follow, daemon=True).start()

    async def listens(self, seconds):
        """Waits until the server was heard."""
        await asyncio.wait_for(self.heard.wait(), seconds)

    async def changed(self, seconds):
        """Waits until another version was told."""
        await asyncio.wait_for(self.told.wait(), seconds)

    def close(self):
        self.closed = True
        try:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            pass  # It broke off by itself.

    def _follow(self):
        while not self.closed:
            try:
                self._read()
            except (OSError, http.client.HTTPException):
                self.browser.figures.retries["stream"] += not self.closed
            time.sleep(COME_BACK_SECONDS)

    def _read(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.browser.port, timeout=STREAM_SECONDS)
        try:
            self.connection.request(
                "GET", f"{self.path}/events?version={self.version}", headers=self.browser.headers())
            response = self.connection.getresponse()
            for line in response if response.status == 200 else ():
                if line.startswith(b"data: "):
                    self.loop.call_soon_threadsafe(self._hear, int(line[6:]))
        finally:
            self.connection.close()

    def _hear(self, version):
        self.heard.set()
        if version > self.version:
            self.told.set()
