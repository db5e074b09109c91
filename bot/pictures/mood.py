"""The mood: one dot a day, joined only where no day is missing in between."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from babel.dates import format_date

from bot.pictures.canvas import ACCENT, GRID, MARGIN, QUIET, WIDTH, Canvas, Point, fitting_size, text_width

_HEIGHT: Final = 600
_TITLE_Y: Final = 78
_TOP: Final = 168
_BOTTOM: Final = 488
_RIGHT: Final = WIDTH - MARGIN - 12
_HIGHEST: Final = 10.0

Days = list[tuple[date, float | None]]


def draw_mood(data: dict[str, Any]) -> bytes:
    """PNG of {"title", "days": [{"day", "value": 0–10 or null}], "top", "bottom", "language"?: "en"}.

    A missing day stays missing: nothing is drawn for it and no line crosses it. Raises KeyError or
    ValueError for data of another shape.
    """
    days: Days = [(date.fromisoformat(entry["day"]), entry["value"]) for entry in data["days"]]
    top, bottom, title = str(data["top"]), str(data["bottom"]), str(data["title"])
    left = MARGIN + max(text_width(top, 26), text_width(bottom, 26)) + 32
    canvas = Canvas(_HEIGHT)
    canvas.text((MARGIN, _TITLE_Y), title, fitting_size(title, 46, WIDTH - 2 * MARGIN))
    canvas.text((MARGIN, _TOP), top, 26, QUIET)
    canvas.text((MARGIN, _BOTTOM), bottom, 26, QUIET)
    _draw_grid(canvas, days, left, data.get("language", "en"))
    for run in _runs(days, left):
        if len(run) > 1:
            canvas.line(run, ACCENT, 4)
        for point in run:
            canvas.disc(point, 8, ACCENT)
    return canvas.png()


def _draw_grid(canvas: Canvas, days: Days, left: float, language: str) -> None:
    for level in (0.0, 2.5, 5.0, 7.5, _HIGHEST):
        y = _height(level)
        canvas.line([(left - 12, y), (_RIGHT + 12, y)], GRID, 2)
    for number, (day, _) in enumerate(days):
        if day.weekday() == 0:
            x = _across(number, days, left)
            canvas.line([(x, _TOP), (x, _BOTTOM + 14)], GRID, 2)
            canvas.text((x, _BOTTOM + 40), format_date(day, "d MMM", locale=language), 24, QUIET, "mm")


def _runs(days: Days, left: float) -> Iterator[list[Point]]:
    """The stretches of days in a row that have a value."""
    run: list[Point] = []
    before: date | None = None
    for number, (day, value) in enumerate(days):
        follows = before is not None and (day - before).days == 1
        if run and (value is None or not follows):
            yield run
            run = []
        if value is not None:
            run.append((_across(number, days, left), _height(value)))
        before = day
    if run:
        yield run


def _across(number: int, days: Days, left: float) -> float:
    return left + (_RIGHT - left) * number / max(len(days) - 1, 1)


def _height(value: float) -> float:
    share = min(max(value, 0.0), _HIGHEST) / _HIGHEST
    return _BOTTOM - (_BOTTOM - _TOP) * share
