"""The streak: the last weeks as a calendar of dots, each state with a shape of its own."""

from datetime import date, timedelta
from typing import Any, Final

from babel.dates import format_date, get_day_names

from bot.pictures.canvas import (
    ACCENT,
    FAINT,
    INK,
    MARGIN,
    PAPER,
    QUIET,
    SOFT,
    TINT,
    WIDTH,
    Canvas,
    Point,
    fitting_size,
    text_width,
)

_TITLE_Y: Final = 78
_HEAD_Y: Final = 160
_FIRST_ROW_Y: Final = 226
_ROW: Final = 92
_RADIUS: Final = 34
_LEFT: Final = 196
_COLUMN: Final = (WIDTH - MARGIN - _RADIUS - _LEFT) / 6
_KEY_RADIUS: Final = 14
_KEY_ROW: Final = 50
_KEY_GAP: Final = 36

Marks = dict[date, str]


def draw_streak(data: dict[str, Any]) -> bytes:
    """PNG of {"title", "days": [{"day", "state"}], "legend": {state: label}, "language"?: "en"}.

    States: taken, partly, skipped, paused, unrecorded, unknown, none; the legend explains those that occur.
    Raises KeyError or ValueError for data of another shape.
    """
    language = data.get("language", "en")
    marks = {date.fromisoformat(entry["day"]): str(entry["state"]) for entry in data["days"]}
    mondays = _mondays(marks)
    legend = {state: label for state, label in data["legend"].items() if state in marks.values()}
    keys = _placed_keys(legend, _FIRST_ROW_Y + _ROW * len(mondays))
    canvas = Canvas(round(max((y for _, _, (_, y) in keys), default=_FIRST_ROW_Y)) + 62)
    title = str(data["title"])
    canvas.text((MARGIN, _TITLE_Y), title, fitting_size(title, 46, WIDTH - 2 * MARGIN))
    _draw_weekdays(canvas, language)
    for row, monday in enumerate(mondays):
        _draw_week(canvas, _FIRST_ROW_Y + row * _ROW, monday, marks, language)
    for state, label, (x, y) in keys:
        _draw_mark(canvas, (x + _KEY_RADIUS, y), _KEY_RADIUS, state)
        canvas.text((x + 2 * _KEY_RADIUS + 12, y), label, 26, QUIET)
    return canvas.png()


def _mondays(marks: Marks) -> list[date]:
    first, last = min(marks), max(marks)
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=week) for week in range((last - monday).days // 7 + 1)]


def _draw_weekdays(canvas: Canvas, language: str) -> None:
    names = get_day_names("narrow", "stand-alone", locale=language)
    for weekday in range(7):
        canvas.text((_LEFT + weekday * _COLUMN, _HEAD_Y), names[weekday], 26, QUIET, "mm")


def _draw_week(canvas: Canvas, y: float, monday: date, marks: Marks, language: str) -> None:
    days = [monday + timedelta(days=weekday) for weekday in range(7)]
    named = next((day for day in days if day in marks and (day.day == 1 or day == min(marks))), None)
    if named:
        month = format_date(named, "LLL", locale=language)
        canvas.text((MARGIN, y), month, fitting_size(month, 28, _LEFT - _RADIUS - MARGIN - 8), QUIET)
    for weekday, day in enumerate(days):
        if day in marks:
            at = (_LEFT + weekday * _COLUMN, y)
            _draw_mark(canvas, at, _RADIUS, marks[day])
            canvas.text(at, str(day.day), 26, _number_colour(marks[day]), "mm")


def _draw_mark(canvas: Canvas, at: Point, radius: float, state: str) -> None:
    width = 4 if radius > _KEY_RADIUS else 3
    match state:
        case "taken":
            canvas.disc(at, radius, ACCENT)
        case "partly":
            canvas.half_disc(at, radius, TINT)
            canvas.ring(at, radius, ACCENT, width)
        case "skipped":
            canvas.ring(at, radius, ACCENT, width)
        case "paused":
            canvas.rounded_square(at, radius - 3, FAINT, width)
        case "unrecorded":
            canvas.disc(at, radius, SOFT)
        case "unknown":
            canvas.dotted_ring(at, radius - 2, QUIET, 16 if radius > _KEY_RADIUS else 9)


def _number_colour(state: str) -> str:
    return {"taken": PAPER, "none": FAINT}.get(state, INK)


def _placed_keys(legend: dict[str, str], y: float) -> list[tuple[str, str, Point]]:
    """Each entry of the legend with its place, as many in a row as there is room for."""
    placed: list[tuple[str, str, Point]] = []
    x, y = float(MARGIN), y + 6
    for state, label in legend.items():
        width = 2 * _KEY_RADIUS + 12 + text_width(label, 26)
        if x > MARGIN and x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + _KEY_ROW
        placed.append((state, label, (x, y)))
        x += width + _KEY_GAP
    return placed
