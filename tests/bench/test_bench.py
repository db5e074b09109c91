"""`make bench` on a small scale. No time is asserted: a machine that is busy must not fail a test."""

import json
from pathlib import Path

import pytest

from tests.bench.__main__ import measure
from tests.bench.databases import ENGINES, SQLITE, settled
from tests.bench.herd import ours
from tests.bench.jobqueue import remind
from tests.bench.scale import due_now

HERD = 200
STALLED_SECONDS = 1.5  # longer than the JobQueue's grace of one second

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("processes")]


async def test_nobody_of_a_small_herd_is_lost_on_either_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bench.json"
    run = await measure(["herd"], rounds=1, people=HERD, file=file)
    figures = run.figures
    assert not run.broken
    lost = {figure.name: figure.value for figure in figures if figure.name.endswith("lost")}
    assert lost == {f"{HERD} reminders, {engine}: lost": 0 for engine in ENGINES}
    written = json.loads(file.read_text("utf-8"))
    assert [figure["name"] for figure in written["figures"]] == [figure.name for figure in figures]
    shown = capsys.readouterr().out
    assert all(figure.name in shown for figure in figures)


async def test_a_loop_that_stands_still_costs_the_jobqueue_its_herd_and_us_nothing(tmp_path: Path) -> None:
    theirs, lost_by_jobqueue = await remind(HERD, stalled=STALLED_SECONDS)
    async with settled(SQLITE, tmp_path, due_now(HERD)) as crowd:
        reading, lost_by_us = await ours(crowd, HERD, stalled=STALLED_SECONDS)
    assert lost_by_jobqueue == HERD
    assert theirs.stall_ms >= 1000 * (STALLED_SECONDS - 0.1)
    assert reading.stall_ms >= 1000 * STALLED_SECONDS - 10
    assert lost_by_us == 0


async def test_who_moves_in_and_out_is_counted_on_either_engine(tmp_path: Path) -> None:
    run = await measure(["import"], rounds=1, people=HERD, file=tmp_path / "bench.json")
    assert not run.broken
    few = HERD // 10
    assert [figure.name for figure in run.figures] == [
        f"{way}: {people}, {engine}"
        for engine in ENGINES
        for people in (f"{HERD} people", f"{few} people with a month")
        for way in ("taken in", "handed over")
    ]
    assert all(figure.value > 0 for figure in run.figures)
    assert [figure.goal is not None for figure in run.figures] == [True, *[False] * 7]
