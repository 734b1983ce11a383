"""Many people at once while servers, workers and the database are killed: nothing lost, nothing paid twice."""
import asyncio
import concurrent.futures
import contextlib
import os
import signal
import time

import pytest

from books import Books
from house import House
from journeys import Journeys
from plan import SHORT_RUN, Plan
from reviewer import Reviewer
from trouble import Trouble

JOURNEYS = int(os.environ.get("CLUSTER_JOURNEYS", "2000"))
REQUESTS_AT_A_TIME = 48


@pytest.fixture(autouse=True)
def ended_by_a_signal():
    """A signal that ends the tests ends them as Ctrl-C does: everything is cleaned."""
    def interrupt(number, frame):
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_servers_workers_and_database_that_are_killed_lose_and_double_nothing():
    play(lambda: House(servers=3, workers=2, embedded=False), JOURNEYS)


@pytest.mark.skipif(JOURNEYS < SHORT_RUN, reason="a short run has time for the cluster only")
def test_one_server_on_sqlite_that_is_killed_loses_and_doubles_nothing():
    play(lambda: House(servers=1, workers=0, embedded=True), JOURNEYS // 4)


def play(make, count):
    began = time.monotonic()
    house = make()
    try:
        plan = Plan(count)
        accounts = house.open(plan)
        ready = time.monotonic()
        faults = asyncio.run(live(house, plan, accounts))
        if not faults:
            for program in [*house.workers, *house.servers]:
                if program.end() != 0:
                    faults.append(f"{program.name} does not end as it should")
            faults += Books(house).check()
        report(house, ready - began, time.monotonic() - ready)
        assert not faults, "\n\n".join(faults[:10]) + f"\n\n{len(faults)} faults\n" + house.evidence()
    finally:
        house.close()


async def live(house, plan, accounts):
    """The journeys and the trouble; what was wrong."""
    asyncio.get_running_loop().set_default_executor(concurrent.futures.ThreadPoolExecutor(REQUESTS_AT_A_TIME))
    post = asyncio.create_task(house.mailbox.run())
    reviewers = {}
    for place, (code, sign_ins) in enumerate(accounts.items()):
        reviewers[code] = [
            Reviewer(house, account, f"198.19.{place}.{number + 1}") for number, account in enumerate(sign_ins)]
        for reviewer in reviewers[code]:
            await reviewer.sign_in()
    journeys = Journeys(house, plan.journeys, reviewers)
    trouble = asyncio.create_task(Trouble(house, len(plan.journeys)).run())
    try:
        await journeys.run()
    finally:
        for task in (trouble, post):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    house.tell(f"the last case was decided {time.monotonic() - journeys.decided_at:.0f} s before the end")
    for program in [*house.servers, *house.workers]:
        if program.process.poll() is not None:
            program.start()
        # One that has hardly begun knows nothing yet of ending in order.
        await asyncio.to_thread(program.wait_until_ready)
    return journeys.faults


def report(house, setting_up, seconds):
    figures = house.figures
    kills = ", ".join(f"{count} {kind}" for kind, count in sorted(house.kills.items()))
    retries = ", ".join(f"{count} {kind}" for kind, count in sorted(figures.retries.items()))
    told = sorted(figures.told) or [0]
    print(house.story[-1])
    print(
        f"{len(figures.told)} open pages heard of a decision: half of them within {told[len(told) // 2]:.3f} s, nine of"
        f" ten within {told[len(told) * 9 // 10]:.3f} s, the last after {told[-1]:.1f} s")
    print(
        f"\n{figures.journeys} journeys, {figures.requests} requests in {seconds:.0f} s after {setting_up:.0f} s of"
        f" setting up\nkilled: {kills or 'none'}\nretries: {sum(figures.retries.values())} ({retries or 'none'}),"
        f" {figures.conflicts} overtaken\nslowest answer: {figures.slowest[0]:.1f} s, {figures.slowest[1]}"
        f"\nslowest journey to its end: {figures.slowest_journey[0]:.0f} s, {figures.slowest_journey[1]}"
        f"\nlongest until there was one: {figures.longest[0]:.1f} s, {figures.longest[1]}")
