"""The dates that people type: a small, strict grammar. What has two readings is asked about. Pure.

"2026-03-12", "12.3.2026" and "12.3." have one reading. "3/4/2026" is March or April: which one depends on
where somebody learned to write dates. A date without its year is the nearest one that the question can mean.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.conversation.text import clean

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_DOTS = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})(?:\.? ?|\. ?(?P<year>\d{4}))", re.ASCII)
_SLASHES = re.compile(r"(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<year>\d{4}))?", re.ASCII)
_LEAP = 4  # so many years hold every date


class Why(Enum):
    """Why there is no date to go by."""

    NOT_A_DATE = "not a date"
    TOO_EARLY = "too early"
    TOO_LATE = "too late"


@dataclass(frozen=True, slots=True)
class Span:
    """The days that an answer may name, both ends included. `past`: of two years the later one is meant."""

    first: date
    last: date
    past: bool = False

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


def read_day(words: str, span: Span) -> tuple[date, ...] | Why:
    """One day, or two to choose from; the reason when there is none. Any text is safe."""
    plain = clean(unicodedata.normalize("NFKC", words))
    if found := _ISO.fullmatch(plain) or _DOTS.fullmatch(plain):
        orders = [(found["month"], found["day"])]
    elif found := _SLASHES.fullmatch(plain):
        orders = [(found["one"], found["two"]), (found["two"], found["one"])]
    else:
        return Why.NOT_A_DATE
    year = int(found["year"]) if found["year"] else None
    days = [each for month, day in orders for each in _meant(year, int(month), int(day), span)]
    fitting = tuple(dict.fromkeys(each for each in days if span.holds(each)))
    return fitting or _why(days, span)


def _meant(year: int | None, month: int, day: int, span: Span) -> Iterable[date]:
    """The day of that year, or of the year nearest to the question; nothing when no calendar shows it."""
    years = range(span.first.year - _LEAP, span.last.year + _LEAP + 1) if year is None else (year,)
    days = [found for each in years if (found := _date(each, month, day)) is not None]
    inside = [found for found in days if span.holds(found)]
    if inside:
        return [max(inside) if span.past else min(inside)]
    return sorted(days, key=lambda found: min(abs(found - span.first), abs(found - span.last)))[:1]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _why(days: list[date], span: Span) -> Why:
    if not days:
        return Why.NOT_A_DATE
    return Why.TOO_EARLY if days[0] < span.first else Why.TOO_LATE
