"""Browsers without scripts, many at a time: they keep cookies, say where they come from, and try again as people do."""
import asyncio
import collections
import http.client
import re
import time
import typing
import urllib.parse
import uuid

# A proxy says 502 or 504 when a server died under a request, a server says 503 while its database or store is away.
PASSING = (502, 503, 504)
PATIENCE_SECONDS = 180
ANSWER_SECONDS = 90
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 0.25, 4


class Wrong(AssertionError):
    """An answer that nobody should ever get."""


def said(page):
    """What a page says, for a report."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main.group(0) if main else page).split())[:1500]


class Answer(typing.NamedTuple):
    status: int
    location: str
    text: str
    body: bytes
    # Whether an attempt before this one was lost, so that it may have been done already.
    repeated: bool


class Figures:
    """What the whole run comes to."""

    def __init__(self):
        self.journeys = 0
        self.requests = 0
        self.retries = collections.Counter()
        self.conflicts = 0
        self.slowest = (0.0, "none")
        self.longest = (0.0, "none")
        # Seconds from a decision until a page that was open knew of it.
        self.told = []
        self.slowest_journey = (0.0, "none")

    def answered(self, seconds, what):
        self.requests += 1
        self.slowest = max(self.slowest, (seconds, what))

    def journey_ended(self, seconds, what):
        self.journeys += 1
        self.slowest_journey = max(self.slowest_journey, (seconds, what))

    def done(self, seconds, what):
        self.longest = max(self.longest, (seconds, what))


class Browser:
    def __init__(self, port, address, figures):
        self.port = port
        self.address = address
        self.figures = figures
        self.cookies = {}

    async def get(self, path, expect=(200,)):
        return await self.send("GET", path, None, {}, expect)

    async def post(self, path, fields, expect=(303,)):
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        return await self.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"}, expect)

    async def upload(self, path, fields, name, data, expect=(303,)):
        """A form with one file, which comes after the fields."""
        edge = uuid.uuid4().hex
        head = "".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in fields.items())
        head += (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n")
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        return await self.send("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"}, expect)

    async def send(self, method, path, body, headers, expect):
        """Asks until there is an answer that is no passing trouble; anything that is not expected is wrong."""
        what = f"{method} {path}"
        began, pause, seen = time.monotonic(), PAUSE_SECONDS, []
        while True:
            try:
                answer = await asyncio.to_thread(self._exchange, method, path, body, headers)
                trouble = str(answer.status) if answer.status in PASSING else None
            except (OSError, http.client.HTTPException) as fault:
                trouble = type(fault).__name__
            if trouble is None:
                break
            seen.append(trouble)
            self.figures.retries[trouble] += 1
            if time.monotonic() - began > PATIENCE_SECONDS:
                raise Wrong(f"{what}: nothing but {seen} in {PATIENCE_SECONDS} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
        self.figures.done(time.monotonic() - began, what)
        if answer.status not in expect:
            raise Wrong(
                f"{what} answers {answer.status} {answer.location} where {expect} is right"
                f" (lost before: {seen}): {said(answer.text)}")
        return answer._replace(repeated=bool(seen))

    def _exchange(self, method, path, body, headers):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body=body, headers={**self.headers(), **headers})
            response = connection.getresponse()
            data = response.read()
        finally:
            connection.close()
            self.figures.answered(time.monotonic() - began, f"{method} {path}")
        if response.status not in PASSING:
            for line in response.headers.get_all("Set-Cookie") or []:
                name, value = line.split(";")[0].split("=", 1)
                self.cookies[name] = value
        text = data.decode("utf-8", "replace") if response.headers.get_content_maintype() == "text" else ""
        return Answer(response.status, response.headers.get("Location", ""), text, data, False)

    def headers(self):
        headers = {
            "Host": f"127.0.0.1:{self.port}", "X-Forwarded-For": self.address, "Accept-Language": "en",
            "Sec-Fetch-Site": "same-origin", "Connection": "close"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers
