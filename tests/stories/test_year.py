"""A year with one medicine: better, steady, a week without it, well again, and then low although it is taken.

Over real HTTP, day by day: every dose and every check-in is tapped. What the bot says of its own accord is
read from the stand-in's log of requests. The quiet months are short, unless `EVENKEEL_WHOLE_YEAR` is set.
"""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.standin.view import buttons_of
from storage import declarations, people
from storage.sealing import Sealer
from tests.stories.life import House, Life, house, plain

NEW_YORK = ZoneInfo("America/New_York")
FIRST = date(2026, 1, 5)
WHOLE = bool(os.environ.get("EVENKEEL_WHOLE_YEAR"))
LOWER = "Your mood has been lower than your usual"
NEAR = "Your check-ins are near your usual again"
GAP = "days in a row no dose is recorded as taken"
USUAL = "Is this your usual?"
FOLLOW = "Did you reach your care team?"
OWN_ACCORD = (
    LOWER,
    NEAR,
    GAP,
    USUAL,
    FOLLOW,
    "You have been more restless",
    "Check-ins in the last ten days",
)


@dataclass(slots=True)
class Year:
    """The person's days, and what they were told."""

    house: House
    day: date = FIRST
    told: list[tuple[date, str]] = field(default_factory=list)
    mark: int = 0

    @property
    def life(self) -> Life:
        return self.house.life

    async def live(self, days: int, heavy: str, *, dose: bool = True) -> None:
        """Some days in a row: the dose at eight, or not, and in the evening a check-in of one tap."""
        for _, value in zip(range(days), cycle(heavy), strict=False):
            await self._until("08:10")
            if dose:
                await self._tap("Taken")
            await self._until("20:00")
            if value != "-":
                await self._tap("Just one tap today")
                await self._tap(value)
            await self._listen()
            self.day += timedelta(days=1)

    async def press(self, label: str) -> None:
        await self._tap(label)
        await self._listen()

    def since(self, day: date) -> list[str]:
        """What was told from a day on, in one word each."""
        return [_kind(words) for on, words in self.told if on >= day]

    async def _until(self, at: str) -> None:
        here = datetime.combine(self.day, time.fromisoformat(at), NEW_YORK)
        await self.life.wait_until(here.astimezone(UTC))

    async def _tap(self, label: str) -> None:
        """Press the newest button of that name. The chat is long by now, so it is read from its end."""
        messages = self.house.standin.world.chats[self.life.person].messages
        for message in reversed(messages.values()):
            for button in (button for row in buttons_of(message) for button in row):
                if button["text"] == label:
                    await self.life.press_on(message["message_id"], button["data"])
                    return
        raise AssertionError(f"no button {label!r}")

    async def _listen(self) -> None:
        log = await self.life.call(f"requests?since={self.mark}")
        self.mark = log["last"]
        said = [plain(entry["params"]) for entry in log["requests"] if _is_message(entry)]
        self.told += [(self.day, words) for words in said if any(mark in words for mark in OWN_ACCORD)]


def _is_message(entry: dict[str, Any]) -> bool:
    return bool(entry["method"] == "sendMessage")


def _kind(words: str) -> str:
    """One word for what was told, with the class that its sentences name."""
    if LOWER in words:
        named = {
            "Doses that were not taken": "missed doses",
            "breakthrough depression": "breakthrough, named",
            "neither of them explains it": "breakthrough, not named",
            "changed": "dose change",
            "whether they were taken": "unknown",
            "no three weeks": "inadequate",
        }
        return next((name for mark, name in named.items() if mark in words), "watch")
    return next(mark for mark in OWN_ACCORD if mark in words)


@pytest.fixture
async def year(tmp_path: Path) -> AsyncIterator[Year]:
    start = datetime.combine(FIRST, time(7), NEW_YORK).astimezone(UTC)
    async with house(tmp_path, start) as one:
        one.life.unhurried = 1.0
        await one.life.settle_in()
        await one.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        await one.life.press("20:00")
        yield Year(one)


async def _dose_changes(year: Year) -> list[date]:
    assert year.house.app is not None
    async with year.house.app.vault.database.reading() as session:
        rows = await declarations.of_people(session, [1])
        person = await _sealer(year)
    opened = [declarations.open_content(person, row) for row in rows]
    return [on for kind, on in opened if kind == "dose_changed"]


async def _sealer(year: Year) -> Sealer:
    assert year.house.app is not None
    vault = year.house.app.vault
    async with vault.database.reading() as session:
        return (await people.sealers(session, vault.master, [1]))[1]


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_a_year_in_which_missed_doses_and_a_return_are_told_apart(year: Year) -> None:
    # The first weeks are hard, and they get better. The hard weeks are not the usual ones.
    await year.live(27, "766556545")
    await year.live(1, "4")
    assert year.since(FIRST) == [USUAL]
    await year.press("No, it was a harder time")
    # Then it is steady: after four weeks the person is shown what is usual, and says so.
    began = year.day
    await year.live(28, "4332123")
    assert year.since(began) == [USUAL]
    await year.press("Yes, this is my usual")
    await year.press("A year or longer")
    await year.press("I do not know")
    steady = year.day
    await year.live(60 if WHOLE else 24, "213122-1")
    assert year.since(steady) == []
    # A week without the medicine, and the mood follows. It is told of the doses first, and never called more.
    missing = year.day
    await year.live(3, "223", dose=False)
    await year.live(4, "5666", dose=False)
    await year.live(8, "66")
    assert year.since(missing) == [GAP, "watch", "missed doses", FOLLOW]
    await year.press("I'd rather not say")
    # The doses are taken again, and it passes.
    again = year.day
    await year.live(30, "322123")
    assert year.since(again) == [NEAR]
    # A good summer.
    summer = year.day
    await year.live(70 if WHOLE else 24, "212122-")
    assert year.since(summer) == []
    # Then the mood sinks although every dose is taken. The word comes only when it is confirmed.
    low = year.day
    await year.live(9, "6576")
    assert year.since(low) == ["watch", "breakthrough, not named"]
    await year.live(15, "6675")
    assert year.since(low) == ["watch", "breakthrough, not named", FOLLOW, FOLLOW, "breakthrough, named"]
    # The team is reached, and the dose is changed. The clock starts anew, and nobody is nagged.
    await year.live(3, "66")
    await year.press("Yes, we talked")
    await year.press("The dose changed")
    await year.press("Done")
    await year.press("Today")
    changed = year.day
    assert len(await _dose_changes(year)) == 1
    await year.live(40, "6655443322")
    assert year.since(changed) == []
    rest = (FIRST + timedelta(days=365) - year.day).days
    await year.live(rest if WHOLE else 45, "2122")
    assert year.since(changed) == [NEAR, USUAL]
    assert year.since(FIRST).count("breakthrough, named") == 1
