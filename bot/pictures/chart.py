"""The mood of many weeks on paper: one dot a day, joined only where no day is missing in between."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel.dates import format_date

from bot.pictures.canvas import ACCENT, GRID, INK, QUIET, Point
from bot.pictures.lettering import shown, visual, width
from bot.pictures.paper import Box, Disc, Line, Shape, Words

SMALL: Final = 6.5
LEGEND_ROW: Final = 11.0
_HIGHEST: Final = 10.0
_LEVELS: Final = (0.0, 2.5, 5.0, 7.5, _HIGHEST)
_ABOVE: Final = 14.0  # for the sums of questionnaires
_BELOW: Final = 24.0  # for bare days and the names of days
_DASH: Final = 3.0
_APART: Final = 15.0  # two sums that are nearer would be written over one another
_SIGN: Final = 12.0
_GAP: Final = 16.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the chart stands, and the days it has."""

    left: float
    right: float
    top: float
    bottom: float
    first: date
    last: date

    def across(self, day: date) -> float:
        """Where a day is."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return self.left + (self.right - self.left) * share

    def height(self, value: float) -> float:
        """Where a score is; higher is heavier, and further up."""
        share = min(max(value, 0.0), _HIGHEST) / _HIGHEST
        return self.bottom - (self.bottom - self.top) * share

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def legend_rows(chart: dict[str, Any], room: float) -> int:
    """How many rows the legend takes."""
    return 1 + max((row for row, _x, _key in _placed(chart, room)), default=0)


def shapes(chart: dict[str, Any], box: tuple[float, float, float, float], language: str) -> Iterator[Shape]:
    """The chart inside (left, top, right, bottom), its legend at the foot.

    `chart` has "days": [{"day", "value": 0–10 or null}], "marked" and "bare": days, "results": [{"day",
    "total"}], "top", "bottom" and "legend": {"marked", "bare", "results"}.
    """
    left, top, right, bottom = box
    days = [(date.fromisoformat(entry["day"]), entry["value"]) for entry in chart["days"]]
    labels = {f"{chart['top']} 10": _HIGHEST, f"{chart['bottom']} 0": 0.0}
    room = max(width(label, SMALL + 0.5) for label in labels)
    foot = bottom - LEGEND_ROW * legend_rows(chart, right - left)
    frame = Frame(left + room + 8, right - 14, top + _ABOVE, foot - _BELOW, days[0][0], days[-1][0])
    for label, value in labels.items():
        at = (frame.left - 6, frame.height(value) + 2.4)
        yield Words(at, visual(shown(label)), SMALL + 0.5, QUIET, align="right")
    yield from _grid(frame, days, language)
    yield from _changes(frame, [date.fromisoformat(day) for day in chart["marked"]])
    yield from _mood(frame, days)
    yield from _bare(frame, [date.fromisoformat(day) for day in chart["bare"]])
    yield from _results(frame, chart["results"])
    yield from _legend(chart, left, foot, right - left)


def _grid(frame: Frame, days: list[tuple[date, float | None]], language: str) -> Iterator[Shape]:
    for level in _LEVELS:
        y = frame.height(level)
        yield Line((frame.left - 3, y), (frame.right + 3, y), GRID, 0.8)
    for day, _value in days:
        if day.weekday() == 0:
            x = frame.across(day)
            yield Line((x, frame.top), (x, frame.bottom + 12), GRID, 0.8)
            yield Words(
                (x, frame.bottom + 20),
                format_date(day, "d MMM", locale=language),
                SMALL,
                QUIET,
                align="middle",
            )


def _changes(frame: Frame, marked: list[date]) -> Iterator[Shape]:
    for day in filter(frame.holds, marked):
        yield from _dashes(frame.across(day), frame.top - 2, frame.bottom)


def _dashes(x: float, top: float, bottom: float) -> Iterator[Shape]:
    y = top
    while y < bottom:
        yield Line((x, y), (x, min(y + _DASH, bottom)), INK, 1)
        y += 2 * _DASH


def _mood(frame: Frame, days: list[tuple[date, float | None]]) -> Iterator[Shape]:
    before: tuple[date, Point] | None = None
    for day, value in days:
        if value is None:
            before = None
            continue
        at = (frame.across(day), frame.height(value))
        if before is not None and (day - before[0]).days == 1:
            yield Line(before[1], at, ACCENT, 1.1)
        yield Disc(at, 1.8, ACCENT)
        before = day, at


def _bare(frame: Frame, bare: list[date]) -> Iterator[Shape]:
    for day in filter(frame.holds, bare):
        yield _tick(frame.across(day), frame.bottom + 4)


def _tick(x: float, y: float) -> Shape:
    return Box((x - 1, y), 2, 7, INK)


def _results(frame: Frame, results: list[dict[str, Any]]) -> Iterator[Shape]:
    """A sign for each; its sum beside it where the next one leaves room."""
    signs = [(frame.across(day), total) for day, total in _dated(results) if frame.holds(day)]
    y = frame.top - 8
    for number, (x, total) in enumerate(signs):
        yield Box((x - 2, y - 2), 4, 4, QUIET)
        if number + 1 == len(signs) or signs[number + 1][0] - x >= _APART:
            yield Words((x + 4, y + 2.4), str(total), SMALL + 0.5, INK)


def _dated(results: list[dict[str, Any]]) -> list[tuple[date, int]]:
    return sorted((date.fromisoformat(entry["day"]), int(entry["total"])) for entry in results)


def _placed(chart: dict[str, Any], room: float) -> Iterator[tuple[int, float, str]]:
    """Each entry of the legend that explains something: its row, its place in the row, and its key."""
    row, x = 0, 0.0
    for key, label in chart["legend"].items():
        if not chart[key]:
            continue
        wide = _SIGN + width(shown(label), SMALL + 0.5)
        if x and x + wide > room:
            row, x = row + 1, 0.0
        yield row, x, key
        x += wide + _GAP


def _legend(chart: dict[str, Any], left: float, top: float, room: float) -> Iterator[Shape]:
    for row, place, key in _placed(chart, room):
        x, y = left + place, top + LEGEND_ROW * row + 7
        match key:
            case "marked":
                yield from _dashes(x + 3, y - 6, y + 2)
            case "bare":
                yield _tick(x + 3, y - 5.5)
            case _:
                yield Box((x + 1, y - 4.4), 4, 4, QUIET)
        yield Words((x + _SIGN, y), visual(shown(chart["legend"][key])), SMALL + 0.5, QUIET)
