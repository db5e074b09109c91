"""The simulator lives the lives that the real rooms live: dose by dose, and wake by wake."""

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest

from tests.life.house import home
from tests.years.chance import Fate, fate
from tests.years.deeds import Deed, Looked
from tests.years.promises import Promises
from tests.years.rooms import Rooms
from tests.years.year import Lived, live

FORTNIGHT, EVENTFUL = timedelta(days=12), 25
SEEDS = ("694", "677", "321", "520", "510")  # short ones
# Whether the dose book reads our outages yet; until then the rooms know nothing of them.
OUTAGES_ARE_READ = True


def lived(seed: str) -> Lived:
    return live(seed, FORTNIGHT, eventful=EVENTFUL, told_of_outages=OUTAGES_ARE_READ, troubles=False)


def test_these_lives_have_all_that_people_do() -> None:
    done = {type(entry.what) for seed in SEEDS for entry in lived(seed).journal}
    assert done == {*get_args(Deed), Looked}


@pytest.mark.parametrize("seed", SEEDS)
async def test_the_simulator_and_the_real_rooms_agree(seed: str, tmp_path: Path) -> None:
    once = lived(seed)
    again: Fate = fate(Random(seed), FORTNIGHT, EVENTFUL)
    again.person.troubles = ()
    rooms = Rooms(again.person, Promises(again.person))
    async with home(tmp_path, again.begins) as real:
        await real.visit(lambda visit: _settle(visit, again))
        for entry in once.journal[:-1]:  # but for the look at the end, which no timer asks for
            real.clock.advance_to(entry.at)
            if isinstance(entry.what, Looked):
                rooms.look(entry.at)
                await real.look()
            else:
                rooms.do(entry.what, entry.at)
                await real.do(entry.what)
            assert await real.wake_at() == rooms.wake_at, entry
        assert await real.rows_by_slot() == rooms.person.rows()
    assert len(rooms.person.doses) > 10


async def _settle(visit: Any, drawn: Fate) -> None:
    person = visit.person
    person.zone, person.nudges = drawn.person.zone.key, drawn.person.nudges
    person.nudge_minutes = drawn.person.every // timedelta(minutes=1)
    person.quiet_from, person.quiet_until = drawn.person.quiet or (None, None)
