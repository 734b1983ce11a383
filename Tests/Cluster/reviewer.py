"""A reviewer at a merchant: signs in once, and decides what cardholders ask for."""
import asyncio
import base64
import hashlib
import hmac
import re
import struct
import time

from browser import Browser, Wrong, said
from plan import yuan

WORDS = "Decided after looking at the payment and at what was said about it."
# Seconds until a file was looked into: a worker that died with it has it for a minute.
LOOKS = 180


def one_time_code(secret, at=None):
    """RFC 6238, SHA-1, 30 seconds, 6 digits."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class Reviewer:
    def __init__(self, house, account, address):
        self.house = house
        self.account = account
        self.browser = Browser(house.port, address, house.figures)

    async def sign_in(self):
        account = self.account
        await self.browser.post("/staff/sign-in", {"email": account["email"], "password": account["password"]})
        code = one_time_code(account["one_time_secret"])
        signed_in = await self.browser.post("/staff/sign-in/code", {"code": code})
        if signed_in.location != "/merchant/queue":
            raise Wrong(f"signing in leads to {signed_in.location}")

    async def approve(self, number, fen):
        await self._decide(
            number, "approve", {"amount": yuan(fen), "checks": ["card", "time", "amount"], "note": ""})

    async def decline(self, number):
        await self._decide(
            number, "decline", {"reason": "goods-used", "explanation": WORDS, "remedy": "contact-merchant"})

    async def offer(self, number, fen):
        await self._decide(number, "offer", {"amount": yuan(fen), "reason": "service-given", "explanation": WORDS})

    async def ask(self, number):
        await self._decide(number, "ask", {"items": ["receipt"], "question": WORDS, "due": ""})

    async def proof(self, number):
        """The file of a case, once a worker has looked into it; one of them may be dead just now."""
        for _ in range(LOOKS):
            page = await self.browser.get(f"/merchant/cases/{number}")
            if found := re.search(rf'href="(/merchant/cases/{number}/proof/[^"/]+)"', page.text):
                return (await self.browser.get(found.group(1))).body
            await asyncio.sleep(1)
        raise Wrong(f"nobody looks into the proof of {number}")

    async def finds(self, number):
        """Whether the queue has it."""
        page = await self.browser.get(f"/merchant/queue?q={number}")
        return f"/merchant/cases/{number}" in page.text

    async def _decide(self, number, act, fields):
        """Decides at the version that the page shows; when that was overtaken, looks again.

        The form is gone once the decision counted, also when its answer was lost.
        """
        for _ in range(20):
            page = await self.browser.get(f"/merchant/cases/{number}?do={act}")
            if number not in page.text:
                raise Wrong(f"the page of {number} is another one: {said(page.text)}")
            form = re.search(
                rf'action="/merchant/cases/{number}/{act}".*?name="version" value="(\d+)"', page.text, re.DOTALL)
            if form is None:
                return
            answer = await self.browser.post(
                f"/merchant/cases/{number}/{act}", {**fields, "version": form.group(1)}, expect=(303, 409))
            if answer.status == 303:
                return
            self.house.figures.conflicts += 1
        raise Wrong(f"{act} of {number} is overtaken again and again")
