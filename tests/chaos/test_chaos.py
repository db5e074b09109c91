"""Whatever befalls the bot, nothing is lost or has two effects. `make chaos` tries it much longer."""

import json
import random
import signal
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import compose
from bot.demo.house import TOKEN
from bot.settings import Settings
from bot.vault import open_vault
from scheduler.clock import SystemClock
from tests import made
from tests.chaos.figures import Figures, write
from tests.chaos.points import POINTS, Fuse, arm
from tests.chaos.repeats import SKIPPED, TAKEN, UNDO, Case, endings, make
from tests.chaos.troubles import TROUBLES, Trouble

SHORT = [trouble for trouble in TROUBLES if trouble.always]
IN_THIS_PROCESS = ("repeats",)


def _named(trouble: Trouble) -> str:
    return f"{trouble.name}-{trouble.engine}".replace(" ", "-")


async def _survived(trouble: Trouble, folder: Path) -> None:
    found = await trouble.befall(folder / "yard", random.randrange(10**6), full=False)
    print(f"\n{found}")
    assert found.wrong == []


@pytest.mark.process
@pytest.mark.xdist_group("processes")
@pytest.mark.parametrize("trouble", [t for t in SHORT if t.name not in IN_THIS_PROCESS], ids=_named)
async def test_no_reminder_is_lost_and_few_come_twice_whatever_befalls_the_bot(
    trouble: Trouble, tmp_path: Path
) -> None:
    await _survived(trouble, tmp_path)


@pytest.mark.parametrize("trouble", [t for t in SHORT if t.name in IN_THIS_PROCESS], ids=_named)
async def test_updates_that_are_repeated_and_mixed_up_have_one_effect(
    trouble: Trouble, tmp_path: Path
) -> None:
    await _survived(trouble, tmp_path)


@pytest.mark.parametrize("webhook_url", [None, "http://127.0.0.1:1"], ids=["polls", "is pushed to"])
async def test_there_is_every_point_at_which_a_worker_is_to_die(
    tmp_path: Path, webhook_url: str | None
) -> None:
    """`make test` kills at none of them, and a part that has gone would be missed by `make chaos` alone."""
    settings = Settings(
        telegram_token=SecretStr(TOKEN),
        telegram_api="http://127.0.0.1:1",
        database_url=made.at(tmp_path / "evenkeel.db"),
        key_file=tmp_path / "evenkeel.key",
        webhook_url=webhook_url,
    )
    vault = await open_vault(settings.database_url, settings.key_file)
    try:
        async with compose(settings, vault, SystemClock()) as app:
            for point in POINTS:
                arm(app, point, Fuse(10**9, signal.SIGKILL))
    finally:
        await vault.close()


def test_of_two_answers_one_after_the_other_the_first_counts() -> None:
    case = Case((TAKEN, SKIPPED), (((0, 0),), ((1, 1), (0, 1))))
    assert endings(case) == {(TAKEN, 1, 0, 0)}


def test_of_two_answers_at_the_same_moment_either_counts() -> None:
    case = Case((TAKEN, SKIPPED), (((0, 0), (1, 1)),))
    assert endings(case) == {(TAKEN, 1, 0, 0), (SKIPPED, 0, 1, 0)}


def test_what_was_taken_back_is_not_recorded_by_a_replay() -> None:
    case = Case((TAKEN, UNDO), (((0, 0),), ((1, 0),), ((0, 1),)))
    assert endings(case) == {("open", 1, 0, 1)}


def test_a_seed_makes_the_same_cases_again() -> None:
    first, second = ([make(random.Random(7), 2) for _ in range(50)] for _ in range(2))
    assert first == second


def test_what_was_played_before_stays_until_it_is_played_again(tmp_path: Path) -> None:
    file = tmp_path / "chaos.json"
    write([Figures("killed", "sqlite", 1, {"lost": 0}), Figures("killed", "postgresql", 1, {})], file)
    write([Figures("killed", "sqlite", 2, {}), Figures("killed", "sqlite", 1, {"lost": 1})], file)
    runs = json.loads(file.read_text("utf-8"))["runs"]
    assert [(run["engine"], run["seed"], run["counts"]) for run in runs] == [
        ("sqlite", 1, {"lost": 1}),
        ("postgresql", 1, {}),
        ("sqlite", 2, {}),
    ]
