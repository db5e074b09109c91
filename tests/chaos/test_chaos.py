"""Whatever befalls the bot, nothing is lost or has two effects. `make chaos` tries it much longer."""

import random
from pathlib import Path

import pytest

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
