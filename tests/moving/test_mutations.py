"""Whatever is wrong with a line: nothing is raised, it is named or taken in, and the others live there."""

import asyncio
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.moving.exporting import hand_over
from tests import made, postgres
from tests.moving.lines import LATER, NOON, lines_of, move, opened, somebody
from tests.storage.record import leave_a_record
from tests.stories.life import house

EXAMPLES = {"sqlite": 150, "postgresql": 25}

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(
        [
            "\0",
            "\ud800",
            "x" * 5_000,
            "0001-01-01T00:00:00+05:00",
            "9999-12-31T23:59:59-05:00",
            "2026-03-05T12:00:00",
            "0001-01-01",
            "24:00",
            "13:00:00+14:00",
            "Europe/Berlin",
            "open",
            "NaN",
            "1e400",
            "-0.001",
            2**31,
            2**63,
            [],
            {},
            [[]],
            {"kind": "daily", "times": []},
        ]
    ),
)


def places(given: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to everything that is in it."""
    inner = given.items() if isinstance(given, dict) else enumerate(given) if isinstance(given, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def mutated(draw: st.DrawFn, line: dict[str, Any]) -> bytes:
    """The line with a few of its values replaced, left out or said twice, or with some of its bytes gone."""
    found = copy.deepcopy(line)
    for _ in range(draw(st.integers(1, 3))):
        ways = list(places(found))
        *path, last = draw(st.sampled_from(ways))
        inner: Any = found
        for step in path:
            inner = inner[step]
        match draw(st.sampled_from(["other", "other", "gone", "twice"])):
            case "gone":
                del inner[last]
            case "twice" if isinstance(inner, list):
                inner.append(copy.deepcopy(inner[last]))
            case _:
                inner[last] = draw(ODD)
        if not found:
            break
    written = json.dumps(found).encode()
    if draw(st.integers(0, 9)) == 0:
        cut = draw(st.integers(0, len(written)))
        written = written[:cut] + draw(st.binary(max_size=3)).replace(b"\n", b"") + written[cut + 3 :]
    return written


async def everything(folder: Path) -> dict[str, Any]:
    """The line of somebody who has everything."""
    async with house(folder, NOON) as one:
        await one.life.settle_in()
        await one.life.add_medicine("Sertraline", "50 mg", "1pm", first=True)
        await one.life.press("20:00")
        await one.life.wait(hours=2)
        await one.life.press("Taken")
        await one.life.say("/checkin")
        await one.life.press("Just one tap today")
        await one.life.press("4")
        assert one.vault is not None
        await leave_a_record(one.vault, one.clock.now())
        await hand_over(folder / "line.jsonl", one.vault.database, one.vault.master, LATER)
    return lines_of(folder / "line.jsonl")[0]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_line_with_something_wrong_costs_no_other_its_place(engine: str, tmp_path: Path) -> None:
    line = asyncio.run(everything(tmp_path))
    url = postgres.new_database() if engine == "postgresql" else None

    @settings(
        max_examples=EXAMPLES[engine],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        derandomize=True,
    )
    @given(mutated(line))
    def played(bad: bytes) -> None:
        asyncio.run(check(bad))

    async def check(bad: bytes) -> None:
        folder = Path(mkdtemp(dir=tmp_path))
        file = folder / "people.jsonl"
        first, second = (json.dumps(somebody(f"{folder.name}-{number}")).encode() for number in (1, 2))
        file.write_bytes(b"\n".join([first, bad, second]) + b"\n")
        target = url or made.at(folder / "there.db")
        async with opened(target, tmp_path if url else folder) as vault:
            tally, complaints = await move(file, vault)
            assert tally.settled + tally.known == 3 - tally.refused
            assert tally.settled >= 2
            assert tally.refused == len(complaints) <= 1
            assert all(number == 2 and len(why) < 60 for number, why in complaints)
            again, _ = await move(file, vault)
            assert again.settled == 0

    try:
        played()
    finally:
        if url:
            postgres.drop_database(url)
