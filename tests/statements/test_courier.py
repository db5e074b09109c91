"""A courier with much to carry asks no more of the database than one with little."""

from collections.abc import Callable

from scheduler.courier import Courier
from scheduler.lanes import Lane
from scheduler.outcomes import NotSent, Outcome, Unreachable
from scheduler.pacing import Limits, Pacing
from scheduler.parcel import Parcel
from tests.scheduler.posthouse import PostHouse, until
from tests.statements.conftest import Opening
from tests.statements.counting import Told, difference, statements

FEW, MANY = 16, 64
BOUNDLESS = Limits(account_messages=10_000, account_burst=10_000)


def mixed(house: PostHouse) -> Callable[[Parcel], Outcome]:
    """Of four messages one cannot be sent now, and one reaches nobody any more."""

    def deliver(parcel: Parcel) -> Outcome:
        if parcel.row_id % 4 == 0:
            return NotSent()
        return Unreachable() if parcel.row_id % 4 == 1 else house.platform.accept(parcel)

    return deliver


async def carry(house: PostHouse, count: int) -> tuple[list[Told], list[Told]]:
    """The statements to claim so many messages, and to settle them."""
    pacing = Pacing(BOUNDLESS)
    courier = Courier(house.database, house.clock, house.platform, house.master, pacing, slots=2 * MANY)
    people = await house.crowd([str(number) for number in range(count)])
    await house.post(*(house.row(person, "dose", Lane.DOSE) for person in people))
    house.platform.script = mixed(house)
    with statements(house.database) as claiming:
        await courier.round()
    await until(lambda: not courier.figures["in_flight"])
    with statements(house.database) as settling:
        await courier.round()
    assert len(house.platform.tried) == count
    assert courier.figures["delivered"] == count // 2
    return claiming, settling


async def test_many_messages_are_claimed_and_settled_with_as_many_statements_as_few(opening: Opening) -> None:
    async with opening() as house:
        few = await carry(house, FEW)
    async with opening() as house:
        many = await carry(house, MANY)
    print(f"\n{'statements to':20} {FEW:>6} {MANY:>6} messages")
    for what, before, after in zip(("claim", "settle and claim"), few, many, strict=True):
        print(f"{what:20} {len(before):6} {len(after):6}")
        assert len(before) == len(after), difference(before, after)
