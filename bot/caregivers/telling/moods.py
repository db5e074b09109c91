"""When days of low mood in a row are told, and when the person is asked whether they still may be. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from bot.caregivers.telling.rules import READ_BACK, Around, Entry, Step, Wish, told, told_lately

CONFIRMED_FOR: Final = timedelta(days=30)
ASK_BEFORE: Final = timedelta(days=3)
ONCE_IN: Final = timedelta(days=7)
_A_DAY: Final = timedelta(days=1)


def about(first: date) -> str:
    """What is told of heavy days in a row is about the first of them."""
    return f"mood:{first}"


def days_of(wish: Wish) -> int:
    """How many days in a row the person wished."""
    return wish.delay // _A_DAY


def step(
    scores: Mapping[date, float | None],
    wish: Wish,
    past: Sequence[Entry],
    around: Around,
    days: tuple[date, date],
    now: datetime,
) -> Step[date]:
    """The first of the heavy days that are to be told of now. Higher scores are heavier.

    `days`: the first day that may be looked at, and today. A day without an answer ends the row. One that
    reaches the first day that is read was told when it began, whenever that was.
    """
    row = heavy_days(scores, wish.threshold, days)
    if len(row) < days_of(wish) or row[0] <= days[1] - READ_BACK:
        return Step()
    if told(past, about(row[0])) or told_lately(past, now - ONCE_IN):
        return Step()
    later = around.later(now)
    return Step(look_at=later) if later is not None else Step(tell=row[0])


def heavy_days(
    scores: Mapping[date, float | None], threshold: int, days: tuple[date, date]
) -> Sequence[date]:
    """The days in a row up to today, or to yesterday while today is not answered, with such scores."""
    first, today = days
    day = today if scores.get(today) is not None else today - _A_DAY
    found: list[date] = []
    while day >= first and (score := scores.get(day)) is not None and score >= threshold:
        found.append(day)
        day -= _A_DAY
    return found[::-1]


def asks_at(confirmed_until: datetime) -> datetime:
    """When the person is asked whether it may go on."""
    return confirmed_until - ASK_BEFORE
