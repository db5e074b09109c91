"""Moving house takes as many statements for a batch of people as for a few of them."""

from io import BytesIO
from pathlib import Path

import pytest

from bot.moving import exporting
from bot.moving.exporting import write_lines
from bot.moving.importing import Tally, take_in
from tests.scheduler.posthouse import START, PostHouse
from tests.statements import crowd
from tests.statements.conftest import Opening
from tests.statements.counting import Told, difference, statements

FEW, MANY = 3, 60
# Who is next, their keys, who they are, and a statement for each kind of what is kept about them.
OF_A_BATCH = 3 + 24


async def handed_over(house: PostHouse, count: int) -> tuple[bytes, list[Told]]:
    """So many people as lines, and the statements that it took."""
    await crowd.settle(house, count)
    lines = BytesIO()
    with statements(house.database) as told:
        assert await write_lines(lines, house.database, house.master, START) == count
    return lines.getvalue(), told


async def taken_in(house: PostHouse, file: Path, count: int) -> list[Told]:
    """The statements that it took to take so many in."""
    with statements(house.database) as told:
        tally = await take_in(file, house.database, house.master, START, print)
    assert tally == Tally(settled=count)
    return told


async def test_handing_over_many_takes_as_many_statements_as_handing_over_few(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opening() as house:
        _, few = await handed_over(house, FEW)
    async with opening() as house:
        _, many = await handed_over(house, MANY)
    print(f"\n{len(many)} statements to hand {MANY} people over")
    # At last it is asked who is next, and that is nobody.
    assert len(few) == len(many) == OF_A_BATCH + 1, difference(few, many)
    monkeypatch.setattr(exporting, "AT_A_TIME", MANY // 3)
    async with opening() as house:
        _, batches = await handed_over(house, MANY)
    assert len(batches) == 3 * OF_A_BATCH + 1


async def test_taking_many_in_takes_as_many_statements_as_taking_few_in(
    opening: Opening, tmp_path: Path
) -> None:
    told = []
    for count in (FEW, MANY):
        async with opening() as house:
            lines, _ = await handed_over(house, count)
        file = tmp_path / f"{count}.jsonl"
        file.write_bytes(lines)
        async with opening() as house:
            told.append(await taken_in(house, file, count))
    few, many = told
    print(f"\n{len(many)} statements to take {MANY} people in")
    assert len(few) == len(many), difference(few, many)
