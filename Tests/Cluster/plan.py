"""Who asks for what: the payments that are imported, and what every journey is to come to."""
import dataclasses
import datetime
import importlib.util
import itertools
import os
import random

from programs import ROOT

SEED = 20261123
# How many journeys share a payment: the channel wants a minute between two refunds of one.
SHARED = (2, 1, 2, 1, 3, 1)
SLACK_FEN = 5000
# Those of docs/sandbox-bank.md that end within minutes; ¥6.06 and ¥6.07 wait an hour for funds.
MISBEHAVING = [fen for fen in range(601, 620) if fen not in (606, 607)]
# Those that take more than two minutes, for which a short run has no time.
PATIENT = (613, 614)
SHORT_RUN = 500
FAILING = {603: "failed", 615: "failed", 604: "needs-payee"}
FIRST_FEN = 1000
# What a journey does, and how many of a hundred do it.
WAYS = {
    "approve": 26, "watched": 8, "proof": 16, "misbehave": 12, "offer-accepted": 8, "offer-refused": 6, "decline": 6,
    "withdraw": 6, "ask": 5, "race": 4, "twice": 3}


@dataclasses.dataclass(frozen=True)
class Journey:
    index: int
    way: str
    merchant: str
    order: str
    total: int
    # Fen that are asked for, and that the bank pays if all goes well.
    asked: int
    agreed: int
    # The words of docs/lifecycle.md that may stand on the page at the end.
    ends: tuple

    @property
    def email(self):
        return f"person{self.index}@mail.example"

    @property
    def address(self):
        """From the network that RFC 2544 sets apart for tests."""
        return f"198.18.{self.index // 250 % 250}.{self.index % 250 + 1}"


def examples():
    """The writer of the sample statements."""
    path = os.path.join(ROOT, "Scripts", "make-examples.py")
    spec = importlib.util.spec_from_file_location("make_examples", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d}"


class Plan:
    """Journeys over the payments of three merchants, the same each time."""

    def __init__(self, count):
        self.rng = random.Random(SEED)
        self.examples = examples()
        self.merchants = self.examples.MERCHANTS
        self.journeys = []
        self._misbehaving = [fen for fen in MISBEHAVING if count >= SHORT_RUN or fen not in PATIENT]
        self._payments = {merchant.code: [] for merchant in self.merchants}
        ways = self._ways(count)
        shared, merchants = itertools.cycle(SHARED), itertools.cycle(self.merchants)
        while (begun := len(self.journeys)) < count:
            # The last ones have a payment each: nobody waits for their turn when all others are done.
            together = next(shared) if begun < count * 2 // 3 else 1
            self._add_payment(next(merchants), ways[begun:begun + together])

    def statement(self, merchant):
        """A merchant's WeChat Pay bill."""
        return self.examples.wechat_bill(merchant, self._payments[merchant.code], self.rng).encode()

    def _ways(self, count):
        ways = [way for way, share in WAYS.items() for _ in range(-(-count * share // 100))]
        self.rng.shuffle(ways)
        ways = ways[:count]
        # What takes minutes begins early: the bank that misbehaves is in the first third.
        late = [place for place in range(count // 3, count) if ways[place] == "misbehave"]
        early = [place for place in range(count // 3) if ways[place] != "misbehave"]
        for one, other in zip(late, early):
            ways[one], ways[other] = ways[other], ways[one]
        return ways

    def _add_payment(self, merchant, ways):
        asked = [self._asked(way, len(self.journeys) + place) for place, way in enumerate(ways)]
        paid_at = datetime.datetime.now().replace(microsecond=0) - datetime.timedelta(
            days=self.rng.randrange(2, 40), minutes=self.rng.randrange(600))
        payment = self.examples.Payment(paid_at, sum(asked) + SLACK_FEN + self.rng.randrange(9000), True)
        self.examples.name_payment(self.rng, merchant, payment)
        self._payments[merchant.code].append(payment)
        for way, fen in zip(ways, asked):
            agreed = fen - 300 if way == "offer-accepted" else fen
            self.journeys.append(Journey(
                len(self.journeys), way, merchant.code, payment.transaction, payment.fen, fen, agreed,
                ends_of(way, fen)))

    def _asked(self, way, index):
        """Another amount for every journey, so that a mix-up shows, but where the bank goes by the amount."""
        return self._misbehaving[index % len(self._misbehaving)] if way == "misbehave" else FIRST_FEN + index


def ends_of(way, fen):
    if way == "misbehave":
        return (FAILING.get(fen, "confirmed"),)
    return {"decline": ("declined",), "withdraw": ("withdrawn",), "race": ("withdrawn", "confirmed")}.get(
        way, ("confirmed",))
