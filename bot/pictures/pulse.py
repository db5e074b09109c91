"""The check-ins of a week: under each question its answers, with bars of one scale. All is in words too."""

from typing import Any, Final

from bot.pictures.canvas import ACCENT, GRID, INK, MARGIN, QUIET, WIDTH, Canvas, fitting_size, text_width
from bot.pictures.lettering import wrapped

_TITLE_Y: Final = 78
_FIRST_Y: Final = 140
_ROOM: Final = WIDTH - 2 * MARGIN
_HEAD: Final = 34
_DAY_SIZE: Final = 24
_QUESTION_SIZE: Final = 30
_QUESTION_ROW: Final = 40
_ROW: Final = 84
_SIZE: Final = 26
_BAR: Final = 20
_NOTE_SIZE: Final = 22
_NOTE_ROW: Final = 32


def draw_pulse_week(data: dict[str, Any]) -> bytes:
    """PNG of {"title", "note", "days": [{"day", "question", "rows": [{"label", "least", "words"}]}]}.

    Raises KeyError or ValueError for data of another shape.
    """
    days, note = data["days"], wrapped(str(data["note"]), _NOTE_SIZE, _ROOM)
    rows = [row for day in days for row in day["rows"]]
    widest = max(text_width(str(row["words"]), _SIZE) for row in rows)
    scale = (_ROOM - widest - 20) / max(int(row["least"]) for row in rows)
    foot = _FIRST_Y + sum(_height(day) for day in days)
    canvas = Canvas(foot + _NOTE_ROW * len(note) + 44)
    title = str(data["title"])
    canvas.text((MARGIN, _TITLE_Y), title, fitting_size(title, 46, _ROOM))
    y = float(_FIRST_Y)
    for day in days:
        _draw_day(canvas, y, day, scale)
        y += _height(day)
    for number, line in enumerate(note):
        canvas.text((MARGIN, foot + 22 + number * _NOTE_ROW), line, _NOTE_SIZE, QUIET)
    return canvas.png()


def _question(day: dict[str, Any]) -> list[str]:
    return wrapped(str(day["question"]), _QUESTION_SIZE, _ROOM)


def _height(day: dict[str, Any]) -> int:
    return 2 * _HEAD + _QUESTION_ROW * len(_question(day)) + _ROW * len(day["rows"]) + 26


def _draw_day(canvas: Canvas, top: float, day: dict[str, Any], scale: float) -> None:
    canvas.line([(MARGIN, top), (WIDTH - MARGIN, top)], GRID, 2)
    canvas.text((MARGIN, top + _HEAD), str(day["day"]), _DAY_SIZE, QUIET)
    y = top + 2 * _HEAD + 8
    for line in _question(day):
        canvas.text((MARGIN, y), line, _QUESTION_SIZE, INK)
        y += _QUESTION_ROW
    for row in day["rows"]:
        _draw_row(canvas, y + 6, row, scale)
        y += _ROW


def _draw_row(canvas: Canvas, top: float, row: dict[str, Any], scale: float) -> None:
    label, end = str(row["label"]), MARGIN + scale * int(row["least"])
    canvas.text((MARGIN, top + 6), label, fitting_size(label, _SIZE, _ROOM), INK)
    canvas.rectangle((MARGIN, top + 28), (end, top + 28 + _BAR), ACCENT)
    canvas.text((end + 20, top + 28 + _BAR / 2), str(row["words"]), _SIZE, QUIET)
