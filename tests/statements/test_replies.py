"""A reply that is alone in its chat asks next to nothing of the database; with company it takes its turn."""

from scheduler.lanes import Lane
from storage import outbox
from storage.outbox import OutboxKind, OutboxState, Posting
from tests.scheduler.posthouse import PostHouse
from tests.statements.conftest import Opening
from tests.statements.counting import Told, statements


async def answer(house: PostHouse, person: int) -> tuple[Posting, list[Told]]:
    """The edit of a card, posted on its way as the answer to a press is; the statements that it took."""
    edit = house.row(person, "edit", Lane.REPLY, kind=OutboxKind.EDIT, target="m1")
    with statements(house.database) as told:
        await house.post(outbox.lease_to(edit, "us", house.clock.now()))
    return edit, told


async def test_a_reply_alone_is_written_and_looked_after_and_no_more(opening: Opening) -> None:
    async with opening() as house:
        anna, ben = await house.crowd(["1", "2"])
        await house.write(ben, "somebody else's", Lane.REPLY)
        edit, told = await answer(house, anna)
        assert edit.state == OutboxState.LEASED
        assert [each.words.split()[0] for each in told] == ["INSERT", "SELECT"]


async def test_a_reply_with_another_before_it_takes_its_turn(opening: Opening) -> None:
    async with opening() as house:
        anna = await house.person("1")
        await house.write(anna, "first", Lane.REPLY)
        edit, told = await answer(house, anna)
        assert edit.state == OutboxState.PENDING
        assert len(told) > 2
