"""A safety plan is sealed word by word, and belongs to its person and its column."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from bot.escalation.planning import plans
from bot.escalation.planning.plan import Contact, Plan
from storage import crises, safety_plans
from storage.crises import CrisisEvent
from storage.database import Database
from storage.migration import configuration, migrate
from storage.sealing import CannotOpen
from tests.scheduler.posthouse import START, PostHouse

PLAN = Plan(("quokka", "", "", "", "", "numbat"), (Contact("Axolotlanna", "+4930998877"),))


async def kept(house: PostHouse, ref: str, plan: Plan) -> int:
    """A new person with a plan; their id."""
    person = await house.person(ref)
    async with house.database.transaction() as session:
        await plans.write(session, house.sealers[person], person, plan, START)
    return person


async def test_what_was_written_is_read_again_and_stands_nowhere_in_clear(house: PostHouse) -> None:
    person = await kept(house, "7", PLAN)
    async with house.database.reading() as session:
        assert await plans.read(session, house.sealers[person], person) == PLAN
        rows = await session.exec(text("SELECT * FROM safety_plan"))  # type: ignore[call-overload]
        stored = repr(rows.all()).encode()
    for words in (b"quokka", b"numbat", b"Axolotlanna", b"998877"):
        assert words not in stored


async def test_a_plan_opens_for_its_person_and_in_its_column_only(house: PostHouse) -> None:
    anna, ben = await kept(house, "7", PLAN), await kept(house, "8", PLAN)
    async with house.database.reading() as session:
        row = await safety_plans.of_person(session, anna)
        assert row is not None
        with pytest.raises(CannotOpen):
            safety_plans.open_words(house.sealers[ben], row)
        row.steps_sealed, row.contacts_sealed = row.contacts_sealed, row.steps_sealed
        with pytest.raises(CannotOpen):
            safety_plans.open_words(house.sealers[anna], row)


async def test_an_emptied_plan_leaves_no_row(house: PostHouse) -> None:
    person = await kept(house, "7", PLAN)
    async with house.database.transaction() as session:
        await plans.write(session, house.sealers[person], person, Plan(), START)
    async with house.database.reading() as session:
        assert await safety_plans.of_person(session, person) is None
        assert await plans.read(session, house.sealers[person], person) == Plan()


async def test_events_that_wait_for_the_day_after_are_found_and_others_are_not(house: PostHouse) -> None:
    person = await house.person("7")

    def event(hours: int, wanted: datetime | None, asked: datetime | None) -> CrisisEvent:
        shown = START + timedelta(hours=hours)
        return CrisisEvent(
            person_id=person,
            at=shown,
            source="text",
            tier="urgent",
            follow_up_at=wanted,
            followed_up_at=asked,
        )

    async with house.database.transaction() as session:
        session.add_all([event(0, START, START), event(1, START, None), event(2, None, None)])
    async with house.database.reading() as session:
        assert [e.at for e in await crises.awaiting(session, [person])] == [START + timedelta(hours=1)]
        assert await crises.last_follow_ups(session, [person, 99]) == {person: START}
        recent = await crises.since(session, person, START)
        assert [e.at - START for e in recent] == [timedelta(hours=2), timedelta(hours=1)]


async def test_cards_of_before_keep_their_meaning_and_ask_nobody(tmp_path: Path) -> None:
    """A database of the first version holds crisis events without language, outlook and follow-up."""
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda found: command.upgrade(configuration(found), "0001"))
        await connection.execute(
            text(
                "INSERT INTO person (id, platform, account, ref, created_at, state, reachable, language,"
                " discreet, nudges, nudge_minutes, streak_shown) VALUES"
                " (1, 't', '1', '7', '2026-03-01 09:00:00', 'active', 1, 'en', 0, 3, 20, 1)"
            )
        )
        await connection.execute(
            text(
                "INSERT INTO crisis_event (person_id, at, source, tier)"
                " VALUES (1, '2026-03-01 09:00:00', 'text', 'urgent')"
            )
        )
    await migrate(database)
    async with database.reading() as session:
        [event] = await crises.since(session, 1, START - timedelta(days=9))
        assert (event.outlook, event.language, event.follow_up_at) == ("own", "en", None)
        assert await crises.awaiting(session, [1]) == []
    await database.close()
