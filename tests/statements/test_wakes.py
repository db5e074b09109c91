"""Waking many people asks no more of the database than waking few. `pytest -s` prints the counts."""

from datetime import timedelta

from bot.rooms import ROOMS
from tests.scheduler.posthouse import START, PostHouse
from tests.statements import crowd
from tests.statements.conftest import Opening
from tests.statements.counting import Told, difference

FEW, MANY = 50, 200
Course = dict[str, tuple[list[Told], int]]
# Hours since the first dose fell due, the room that wakes, and what there is to do for it.
STAGES = (
    (0, "doses", "due"),
    (0.35, "doses", "asked again"),
    (4, "doses", "over"),
    (4.5, "told", "told, asked first"),
    (5.1, "told", "sent"),
    (5.1, "caregivers", "looked at"),
    (5, "meds", "asked, told"),
    (5, "mood", "asked"),
    (5, "phq", "asked"),
    (5, "escalation", "asked after"),
    (5, "gaps", "told"),
    (5, "people", "told"),
    (5, "caregivers", "asked, told"),
    (5, "notice", "looked at"),
    (5, "care", "looked at"),
    (30, "mood", "over, asked"),
    (80, "phq", "over, asked"),
)


async def course(house: PostHouse, count: int) -> Course:
    """What it takes to wake so many people in every room, stage by stage, and how many messages come of it.

    Every fifth message is refused.
    """
    people = await crowd.settle(house, count)
    told: Course = {}
    for hours, room, stage in STAGES:
        house.clock.advance_to(START + timedelta(hours=hours))
        if room != "doses" or not hours:
            await crowd.expect(house, people, room)
        statements = await crowd.wake(house, room)
        told[f"{room}: {stage}"] = (statements, await crowd.arrive(house))
    return told


def allowed(stage: str, few: int) -> int:
    """For the notices years of answers are read, so that is done for some people at a time."""
    return few * (MANY // FEW) if stage.startswith("notice") else few


async def test_waking_many_people_takes_as_many_statements_as_waking_few(opening: Opening) -> None:
    async with opening() as house:
        few = await course(house, FEW)
    async with opening() as house:
        many = await course(house, MANY)
    print(f"\n{'statements for':20} {FEW:>6} {MANY:>6} people {'messages':>12}")
    for stage, (statements, _) in few.items():
        print(f"{stage:20} {len(statements):6} {len(many[stage][0]):6} {many[stage][1]:19}")
    assert {room for _, room, _ in STAGES} == {room.name for room in ROOMS if room.wake is not None}
    for stage, (statements, _) in few.items():
        told = many[stage][0]
        assert len(told) <= allowed(stage, len(statements)), stage + difference(statements, told)
