"""The post: takes the messages that the workers write to `MESSAGE_DIR`, as a mail server would."""
import asyncio
import collections
import os

LOOK_EVERY_SECONDS = 0.2


class Mailbox:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.taken = {}
        self.of = collections.defaultdict(list)
        self.arrived = collections.defaultdict(asyncio.Event)

    async def run(self):
        """Empties the folder as long as the journeys last. A message that is sent twice has the same name."""
        while True:
            for name in sorted(os.listdir(self.folder)):
                if name.endswith(".txt"):
                    self._take(name)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _take(self, name):
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            head, _, text = file.read().partition("\n\n")
        os.unlink(path)
        if name in self.taken:
            return
        headers = dict(line.split(": ", 1) for line in head.split("\n"))
        self.taken[name] = headers
        self.of[headers["To"]].append((headers["Kind"], text))
        self.arrived[headers["To"]].set()

    def texts(self, to, kind):
        return [text for kind_of_it, text in self.of[to] if kind_of_it == kind]

    async def something(self, to, seconds):
        """Waits for any new message to somebody, or so long."""
        event = self.arrived[to]
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except asyncio.TimeoutError:
            return
        event.clear()

    async def all(self, to, kind, seconds, count=1):
        """The messages of a kind, once there are so many."""
        end = asyncio.get_running_loop().time() + seconds
        while len(self.texts(to, kind)) < count:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise AssertionError(f"message number {count} of kind {kind} to {to} does not come in {seconds} s")
            await self.something(to, left)
        return self.texts(to, kind)
