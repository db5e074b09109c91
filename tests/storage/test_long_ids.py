"""What is counted for ever does not end at two thousand million, on either engine."""

from sqlalchemy import BigInteger, Integer

from storage import leases, people, updates
from storage.adherence_days import AdherenceDay, OwnDay
from storage.outbox import OutboxState
from storage.tables import metadata
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, PostHouse
from tests.storage.bigids import BIG, count_on_from

# One row for ever; how often and how many of what a person set; the place in a list; the doses of one day.
SHORT = {
    *("deployment.id", "person.nudges", "person.nudge_minutes", "person.spread_minutes"),
    *("open_dialog.revision", "outbox.lane"),
    *("outbox.attempt", "outbox.copies", "regimen_version.number", "dose.asked"),
    *("regimen_step.number", "dose.step", "dose.turn", "stock.lead_days", "scope.delay", "scope.threshold"),
    *("caring.tellings", "group_post.shown", "pulse_plan.hours", "pulse_plan.asked", "pulse_answer.choice"),
    *("scope_change.delay", "scope_change.threshold"),
    *(f"adherence_day.{name}" for name in AdherenceDay.model_fields if name not in OwnDay._fields),
}


def test_every_number_of_a_row_is_long_on_a_server() -> None:
    short = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Integer) and not isinstance(column.type, BigInteger)
    }
    assert short == SHORT


def test_what_refers_to_a_row_is_as_long_as_its_number() -> None:
    references = [key for table in metadata.tables.values() for key in table.foreign_keys]
    assert len(references) > 20
    for key in references:
        assert type(key.parent.type) is type(key.column.type), key


async def test_messages_with_long_ids_are_claimed_settled_and_edited(house: PostHouse) -> None:
    await count_on_from(house.database)
    person = await house.person("7")
    sent = await house.write(person, "dose", about="card:1")
    edit = await house.edit(person, "taken", target_row=sent)
    assert min(person, sent, edit) > BIG
    await house.carry()
    assert await house.state(sent) == await house.state(edit) == OutboxState.DELIVERED
    assert house.platform.bodies == ["dose", "taken"]
    assert house.platform.accepted[1].target == (await house.read(sent)).message_ref


async def test_a_lease_on_a_long_id_runs_out_and_is_taken_back(house: PostHouse) -> None:
    await count_on_from(house.database)
    row = await house.write(await house.person("7"), "dose")
    assert await house.claim() == [row]
    house.clock.advance(60)
    async with house.database.transaction() as session:
        assert [lost.row_id for lost in await leases.lapsed(session, house.clock.now(), [row + 1])] == [row]


async def test_long_numbers_of_telegram_are_kept_whole(house: PostHouse) -> None:
    update, chat = 2**40 + 1, f"-100{2**41}"
    person = await house.person(chat)
    async with house.database.transaction() as session:
        assert await updates.mark(session, ACCOUNT, update, house.clock.now())
    async with house.database.transaction() as session:
        assert await updates.seen(session, ACCOUNT, update)
        assert not await updates.mark(session, ACCOUNT, update, house.clock.now())
        found = await people.by_address(session, PLATFORM, ACCOUNT, chat)
    assert found is not None
    assert found.key == person
