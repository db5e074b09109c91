"""How fast rows go from claim to settlement when the platform costs nothing; `pytest -s` prints it."""

import time

import pytest

from tests.scheduler.posthouse import PostHouse


@pytest.mark.parametrize("slots", [16, 250])
async def test_the_speed_of_the_courier_is_printed(house: PostHouse, slots: int) -> None:
    people = await house.crowd([str(n) for n in range(500)])
    await house.post(
        *(house.row(person, "{}", dedupe_key=f"card:{person}", within=3600) for person in people)
    )
    courier = house.courier(slots=slots)
    started = time.perf_counter()
    await house.carry(courier)
    seconds = time.perf_counter() - started
    print(f"\n{slots} slots: {len(people) / seconds:.0f} rows a second from claim to settlement")
    assert courier.figures["delivered"] == len(people)
