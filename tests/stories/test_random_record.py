"""Whatever somebody presses, in whatever order: the counted days say what the doses say, and nothing breaks.

The real rooms, wakes and courier; a hand that presses any button it sees, types, and lets time pass.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from storage import adherence_days, doses
from storage.adherence import day_counts
from storage.doses import Dose
from storage.vocabulary import DoseKind, DoseState
from tests.transcripts.stage import Stage, plain, stage

BEGUN = ("/start", "[Yes, let's begin]", "New York", "[United States]")
FIRST = ("Sertraline", "50 mg", "8am, 2pm, 9pm", "[Yes, remind me]", "[No, thank you]")
SECOND = (
    "/add",
    "Ibuprofen",
    "200 mg",
    "as needed, at least 4 hours apart, at most 2 a day",
    "[Yes, keep it]",
)
DEEDS = 80
TYPED = (
    "/today",
    "/undo",
    "/meds",
    "/pause",
    "/resume",
    "/cancel",
    "8:30",
    "21:00",
    "5 March",
    "a dry mouth",
)
# What leads away from doses, or ends the story.
AVOIDED = ("Stop", "Yes, stop", "help", "Rename", "Change", "amount", "test", "Delete", "mood")


def deeds(chance: random.Random, played: Stage) -> Iterator[str]:
    """Any button in sight, the newer the likelier; words; time."""
    for _ in range(DEEDS):
        buttons = [
            plain(button.label)
            for number in sorted(played.chat.shown)[-4:]
            for row in played.chat.shown[number].buttons
            for button in row
            if button.kind == "press" and not any(word in button.label for word in AVOIDED)
        ]
        kind = chance.random()
        if buttons and kind < 0.6:
            yield f"[{chance.choice(buttons)}]"
        elif kind < 0.8:
            yield chance.choice(TYPED)
        else:
            yield f"@ +{chance.choice((5, 25, 90, 300, 900))} min"


@pytest.mark.parametrize("seed", range(2))
async def test_counted_days_say_what_the_doses_say_whatever_is_pressed(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with stage(tmp_path) as played:
        for deed in (*BEGUN, *FIRST, *SECOND):
            await played.play(deed)
        for number, deed in enumerate(deeds(chance, played)):
            await played.play(deed)
            if number % 10 == 0 or number == DEEDS - 1:
                await say_the_same(played)


async def say_the_same(played: Stage) -> None:
    async with played.vault.database.reading() as session:
        kept = await adherence_days.of_person(session, 1, date.min, date.max)
        counts = day_counts(await doses.due_doses(session, 1, date.min, date.max))
        assert kept == sorted(counts, key=lambda count: (count.day, count.regimen_id))
        rows = list(await session.exec(select(Dose)))
    assert not [row for row in rows if row.kind is not DoseKind.PLANNED and row.state is DoseState.OPEN]
    assert not [row for row in rows if row.state is not DoseState.TAKEN and row.taken_at is not None]
    slots = Counter((row.regimen_id, row.slot_date, row.slot_time, row.kind) for row in rows)
    assert set(slots.values()) <= {1}
