"""Kills servers, workers and the database in turn, and holds a worker past its lease, as long as the journeys last."""
import asyncio
import random
import signal
import time

from programs import Program

# Between one being back and the next one's end.
QUIET_SECONDS = (2.0, 5.0)
GONE_SECONDS = (0.2, 1.5)
# A worker's claim ends after 60 seconds (docs/lifecycle.md).
HELD_SECONDS = 70


class Trouble:
    def __init__(self, house, plan):
        self.house = house
        self.random = random.Random(plan)

    async def run(self):
        async with asyncio.TaskGroup() as group:
            group.create_task(self._kill_in_turn())
            if len(self.house.workers) > 1:
                group.create_task(self._hold(self.house.workers[-1]))

    def _turn(self):
        """Whose turn it is: each time round every server, a worker after each, and the database."""
        house = self.house
        killable = house.workers[:-1] if len(house.workers) > 1 else house.workers
        while True:
            for server in house.servers:
                yield server
                if killable:
                    yield self.random.choice(killable)
            if hasattr(house.database, "kill"):
                yield house.database

    async def _kill_in_turn(self):
        for program in self._turn():
            await asyncio.sleep(self.random.uniform(*QUIET_SECONDS))
            self.house.tell(f"{program.name} is killed")
            await asyncio.to_thread(program.kill)
            self.house.kills[program.kind] += 1
            await asyncio.sleep(self.random.uniform(*GONE_SECONDS))
            if isinstance(program, Program):
                # Not on a helper's thread: the program would end with it.
                program.start()
            else:
                await asyncio.to_thread(program.start)
            began = time.monotonic()
            while not await asyncio.to_thread(program.is_ready):
                await asyncio.sleep(0.1)
            self.house.tell(f"{program.name} is back after {time.monotonic() - began:.1f} s")

    async def _hold(self, worker):
        """A worker that stands still until others have its jobs, and then goes on as if nothing was."""
        while True:
            await asyncio.sleep(self.random.uniform(*QUIET_SECONDS))
            worker.signal(signal.SIGSTOP)
            self.house.tell(f"{worker.name} is held")
            try:
                await asyncio.sleep(HELD_SECONDS)
            finally:
                worker.signal(signal.SIGCONT)
            self.house.kills["worker held past its lease"] += 1
            self.house.tell(f"{worker.name} goes on")
            await asyncio.sleep(10)
