"""Whatever is broken, nobody who cries is left without an answer. `make drill` tries it with many more."""

import pytest

from bot.drill.cries import cries
from bot.escalation.screening.screen import Tier, screen
from tests.drill.faults import FAULTS, drill
from tests.drill.variants import candidates, variants

CRIES = 40
# What helpers are answered while the database is gone is in tests/crisis/test_always_answered.py, in no time.
FOR_THE_DRILL_ALONE = {"helpers_asking"}
SLOWEST_MS = 5_000  # the machine of a test may be busy; what is measured is printed


@pytest.mark.process
@pytest.mark.xdist_group("processes")
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in FOR_THE_DRILL_ALONE])
async def test_nobody_who_cries_is_left_without_an_answer(fault: str) -> None:
    found = await drill(fault, CRIES)
    print(f"\n{found}")
    assert found.n == CRIES
    assert found.missing == 0
    assert found.max_ms is not None
    assert found.max_ms < SLOWEST_MS


def test_every_text_of_a_drill_is_urgent_and_known_by_its_language() -> None:
    for language, texts in cries().items():
        for text in texts:
            finding = screen(text)
            assert (finding.tier, finding.language) == (Tier.URGENT, language), text


def test_a_drill_cries_in_every_language_and_in_the_same_words_each_time() -> None:
    assert {cry.language for cry in variants(CRIES)} == set(cries())
    assert len(set(variants(500))) == 500
    assert variants(500) == variants(500)


def test_hardly_a_cry_is_left_out_of_the_drill_because_of_the_screen() -> None:
    written = candidates()
    assert len(variants(int(len(written) * 0.98))) >= 700
