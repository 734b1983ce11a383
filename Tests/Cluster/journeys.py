"""Every journey from end to end, so many at a time."""
import asyncio
import random
import time
import traceback

from browser import Wrong
from cardholder import Cardholder
from open_page import OpenPage
from plan import yuan

AT_A_TIME = 24
# A stream that broke off comes back, and then looks by itself.
HEARD_SECONDS = 90


class Journeys:
    def __init__(self, house, journeys, reviewers):
        self.house = house
        self.journeys = journeys
        self.reviewers = reviewers
        self.done = []
        self.faults = []
        self.decided_at = time.monotonic()
        self.asking = asyncio.Semaphore(AT_A_TIME)

    async def run(self):
        await asyncio.gather(*[self._one(journey) for journey in self.journeys])

    async def _one(self, journey):
        person = Cardholder(journey, self.house)
        try:
            async with self.asking:
                began = time.monotonic()
                if self.faults:
                    return
                reviewer = random.choice(self.reviewers[journey.merchant])
                await person.ask()
                await self._decide(journey, person, reviewer)
            self.decided_at = time.monotonic()
            # Waiting for the bank takes no place: people do it all at once.
            text = await person.follow(journey.ends)
            self._check_end(journey, person, text)
            self.done.append(journey)
            took = time.monotonic() - began
            self.house.figures.journey_ended(took, f"{journey.way} of ¥{yuan(journey.asked)}")
        except Exception as fault:
            what = str(fault) if isinstance(fault, Wrong) else traceback.format_exc()
            self.faults.append(
                f"{time.strftime('%H:%M:%S')} journey {journey.index} ({journey.way}, {journey.order}, "
                f"case {person.number}): {what}")

    async def _watched(self, journey, person, reviewer):
        """Decides while the cardholder's page is open; the page has to hear of it."""
        _, text = await person.look()
        page = OpenPage(person.browser, f"/cases/{person.number}", text)
        try:
            await page.listens(HEARD_SECONDS)
            await reviewer.approve(person.number, journey.asked)
            decided_at = time.monotonic()
            await page.changed(HEARD_SECONDS)
            self.house.figures.told.append(max(time.monotonic() - decided_at, 0))
        except asyncio.TimeoutError:
            raise Wrong(f"the open page of {person.number} does not hear of its case in {HEARD_SECONDS} s") from None
        finally:
            page.close()

    async def _decide(self, journey, person, reviewer):
        number = person.number
        if journey.index % 10 == 0:
            await person.look_by_link()
        if journey.index % 10 == 1 and not await reviewer.finds(number):
            raise Wrong(f"the queue does not have {number}, which was sent")
        if journey.index % 10 == 2 and self.done:
            await self._strangers(person)
        match journey.way:
            case "withdraw":
                await person.act("withdraw", {"reason": ""}, done=("withdrawn",))
            case "decline":
                await reviewer.decline(number)
            case "offer-accepted":
                await reviewer.offer(number, journey.agreed)
                await person.act("accept-offer")
            case "offer-refused":
                await reviewer.offer(number, journey.asked - 300)
                await person.act("refuse-offer")
                await reviewer.approve(number, journey.asked)
            case "ask":
                await reviewer.ask(number)
                await person.act("answer", {"text": "Here is what you asked for.", "item": ""})
                await reviewer.approve(number, journey.asked)
            case "race":
                await asyncio.gather(
                    reviewer.approve(number, journey.asked),
                    person.act("withdraw", {"reason": ""}, done=("withdrawn", "confirmed")))
            case "proof":
                if await reviewer.proof(number) != person.proof():
                    raise Wrong(f"the proof of {number} is another one")
                await reviewer.approve(number, journey.asked)
            case "watched":
                await self._watched(journey, person, reviewer)
            case _:
                await reviewer.approve(number, journey.asked)

    async def _strangers(self, person):
        other = random.choice(list(self.house.filed))
        if other != person.number:
            await person.stay_out(other)

    def _check_end(self, journey, person, text):
        if journey.ends == ("confirmed",):
            person.shows(text, journey.agreed)
