"""A cardholder on the way from a payment to the end of the case, and everything that must be right on the way."""
import asyncio
import html
import json
import os
import re

from browser import Browser, Wrong, said
from plan import yuan
from programs import ROOT

NUMBER = re.compile(r"RF-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")
WORDS = json.load(open(os.path.join(ROOT, "templates", "words", "en.json"), encoding="utf-8"))
STATUSES = {
    WORDS[key]: key.rsplit(".", 1)[1] for key in WORDS
    if key.startswith("cardholder.status.") and not key.endswith(".next") and "{" not in WORDS[key]}
CODE_SECONDS = 240
LOOK_AGAIN_SECONDS = 20
END_SECONDS = 900


class Cardholder:
    def __init__(self, journey, house):
        self.journey = journey
        self.house = house
        self.browser = Browser(house.port, journey.address, house.figures)
        self.number = None
        self.token = None

    async def ask(self):
        """From the payment to the case number."""
        journey, browser = self.journey, self.browser
        await browser.post("/find", {"method": "wallet", "order_no": journey.order, "amount": yuan(journey.total)})
        await browser.get("/request")
        needs_proof = journey.way == "proof"
        reason = "goods-returned" if needs_proof else "cancelled"
        await self._to("/request/amount", "/request/reason", {"reason": reason, "details": ""})
        await self._to("/request/proof", "/request/amount", {"portion": "part", "amount": yuan(journey.asked)})
        if needs_proof:
            sent = await browser.upload(
                "/request/proof", {"kind": "return-receipt", "continue": "yes"}, "slip.jpg", self.proof())
            self._leads(sent, "/request/contact")
        await self._prove_contact()
        await self._submit()

    def proof(self):
        """A picture of its own: a mix-up would show."""
        return self.house.picture + b"journey %d" % self.journey.index

    async def _to(self, where, path, fields):
        self._leads(await self.browser.post(path, fields), where)

    def _leads(self, answer, where):
        if answer.location != where:
            raise Wrong(f"leads to {answer.location}, not to {where}")

    async def _prove_contact(self):
        journey, browser = self.journey, self.browser
        contact = {"name": f"Person {journey.index}", "email": journey.email, "phone": "", "consent": "yes"}
        # 429: answers that were lost had a code each, and there are three in ten minutes.
        given = await browser.post("/request/contact", contact, expect=(303, 429))
        if given.status == 429 and not given.repeated:
            raise Wrong("a first code is refused as one too many")
        # An answer that was lost may have sent a code of its own: then the newest counts, in whatever order they come.
        tried = []
        for _ in range(4 if given.repeated else 1):
            texts = await self.house.mailbox.all(journey.email, "contact-code", CODE_SECONDS, len(tried) + 1)
            tried.append(next(place for place in reversed(range(len(texts))) if place not in tried))
            code = re.search(r"\b\d{6}\b", texts[tried[-1]]).group(0)
            answer = await browser.post("/request/contact/code", {"code": code}, expect=(303, 422))
            if answer.status == 303:
                return self._leads(answer, "/request/check")
        raise Wrong(f"none of {len(tried)} codes that were sent is taken: {said(answer.text)}")

    async def _submit(self):
        browser = self.browser
        page = await browser.get("/request/check")
        self.shows(page.text, self.journey.asked)
        submission = re.search(r'name="submission" value="([^"]+)"', page.text).group(1)
        sent = {"accept_terms": "yes", "submission": submission}
        times = 3 if self.journey.way == "twice" else 1
        for answer in await asyncio.gather(*[browser.post("/request/check", sent) for _ in range(times)]):
            self._leads(answer, "/request/done")
        done = await browser.get("/request/done")
        self.shows(done.text, self.journey.asked)
        self.number = NUMBER.search(done.text).group(0)
        self.token = re.search(r"/t/([\w-]+)", done.text).group(1)
        self.house.filed[self.number] = self.journey

    async def look(self):
        """The page of the own case; its status."""
        page = await self.browser.get(f"/cases/{self.number}")
        if self.number not in page.text:
            raise Wrong(f"the page of {self.number} is another one: {said(page.text)}")
        self.shows(page.text, self.journey.asked)
        status = html.unescape(re.search(r'<p class="slip__status">(.*?)</p>', page.text).group(1))
        return STATUSES.get(status, status), page.text

    def shows(self, text, fen):
        if f"¥{yuan(fen)}" not in text and f"</span>{yuan(fen)}</span>" not in text:
            raise Wrong(f"¥{yuan(fen)} does not stand on the page: {said(text)}")

    async def act(self, command, fields=None, done=()):
        """Sends a form of the case page, at the version that the page shows, until it counted or was overtaken."""
        for _ in range(20):
            status, text = await self.look()
            form = re.search(
                rf'action="/cases/{self.number}/{command}".*?name="version" value="(\d+)"', text, re.DOTALL)
            if status in done or form is None:
                return status
            answer = await self.browser.post(
                f"/cases/{self.number}/{command}", {**(fields or {}), "version": form.group(1)}, expect=(303, 409))
            if answer.status == 303:
                return (await self.look())[0]
            self.house.figures.conflicts += 1
        raise Wrong(f"{command} of {self.number} is overtaken again and again")

    async def follow(self, ends):
        """Looks whenever a message comes, and now and then, until the case says how it ended."""
        end = asyncio.get_running_loop().time() + END_SECONDS
        while True:
            status, text = await self.look()
            if status in ends:
                return text
            if asyncio.get_running_loop().time() > end:
                raise Wrong(f"{self.number} still says {status!r} after {END_SECONDS} s, not one of {ends}")
            await self.house.mailbox.something(self.journey.email, LOOK_AGAIN_SECONDS)

    async def look_by_link(self):
        """Another browser, with the link of the messages: it may look and no more."""
        other = Browser(self.house.port, self.journey.address, self.house.figures)
        opened = await other.get(f"/t/{self.token}", expect=(303,))
        self._leads(opened, f"/cases/{self.number}")
        page = await other.get(f"/cases/{self.number}")
        self.shows(page.text, self.journey.asked)
        if f"/cases/{self.number}/withdraw" in page.text:
            raise Wrong("somebody with the link alone is offered to withdraw")

    async def stay_out(self, number):
        """Somebody else's case is not there for this browser."""
        await self.browser.get(f"/cases/{number}", expect=(404,))
