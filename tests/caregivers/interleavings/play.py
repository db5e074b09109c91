"""One house, and as many interleavings in it as are wanted."""

import asyncio
import gc
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from itertools import cycle
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from storage.tombstones import Tombstones
from tests.caregivers.interleavings.ground import Ground
from tests.caregivers.interleavings.inplace import DatabaseInPlace, Here
from tests.caregivers.interleavings.machine import Consents
from tests.caregivers.interleavings.tally import Tally
from tests.scheduler.posthouse import open_house, open_house_on_postgresql

AT_A_TIME = 100
# How many deeds an interleaving has, in turn: most of what can go wrong takes few of them, some takes many.
LENGTHS = (10, 10, 10, 10, 10, 30)
# In memory, where there is such a place: nothing here is about what a disk remembers.
MEMORY = Path("/dev/shm")  # noqa: S108


def play(
    *,
    cases: int,
    at_a_time: int = AT_A_TIME,
    report: Callable[[Tally], None] = lambda _tally: None,
    on_server: bool = False,
) -> Tally:
    """Play until at least so many cases were looked at. Raises what the machine finds, with its steps.

    `on_server`: on a real PostgreSQL, which ends with this process.
    """
    tally = Tally()
    where = MEMORY if MEMORY.is_dir() else None
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory(prefix="evenkeel-", dir=where) as folder:
        run = runner.get_loop().run_until_complete
        runner.get_loop().set_default_executor(Here())
        stack = AsyncExitStack()
        place = open_house_on_postgresql() if on_server else open_house(Path(folder), DatabaseInPlace)
        house = run(stack.enter_async_context(place))
        ground = Ground(house, Tombstones(Path(folder) / "tombstones", house.master))
        start = Consents.prepare(ground, run)
        lengths = cycle(LENGTHS)
        try:
            while tally.cases < cases:
                rules = _rules(min(at_a_time, cases - tally.cases), next(lengths))
                # It takes whatever makes a machine, though it says that it takes its class.
                run_state_machine_as_test(partial(Consents, ground, run, tally, start), settings=rules)  # type: ignore[arg-type]
                report(tally)
        finally:
            ground.shelf.close()
            run(stack.aclose())
    return tally


def play_share(number: int, cases: int) -> Tally:
    """Play in a process of its own, and say now and then how far it has come."""
    gc.freeze()  # what is there by now stays, and need not be looked at again and again
    gc.set_threshold(50_000)
    return play(cases=cases, report=lambda tally: print(f"{number}: {tally}", flush=True))


def _rules(examples: int, deeds: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=deeds,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
