"""One house, and as many interleavings in it as are wanted."""

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from storage.tombstones import Tombstones
from tests.caregivers.interleavings.ground import Ground
from tests.caregivers.interleavings.machine import Consents, Tally
from tests.scheduler.posthouse import open_house

AT_A_TIME = 200
# In memory, where there is such a place: nothing here is about what a disk remembers.
MEMORY = Path("/dev/shm")  # noqa: S108


def play(
    *, cases: int, at_a_time: int = AT_A_TIME, report: Callable[[Tally], None] = lambda _tally: None
) -> Tally:
    """Play until at least so many cases were looked at. Raises what the machine finds, with its steps."""
    tally = Tally()
    where = MEMORY if MEMORY.is_dir() else None
    with asyncio.Runner() as runner, tempfile.TemporaryDirectory(prefix="evenkeel-", dir=where) as folder:
        stack = AsyncExitStack()
        house = runner.run(stack.enter_async_context(open_house(Path(folder))))
        ground = Ground(house, Tombstones(Path(folder) / "tombstones", house.master))
        start = Consents.prepare(ground, runner.run)
        rules = settings(
            max_examples=at_a_time,
            stateful_step_count=50,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        try:
            while tally.cases < cases:
                # It takes whatever makes a machine, though it says that it takes its class.
                run_state_machine_as_test(partial(Consents, ground, runner.run, tally, start), settings=rules)  # type: ignore[arg-type]
                report(tally)
        finally:
            runner.run(stack.aclose())
    return tally
