"""The pattern: mood against the person's usual band, with doses taken and dose changes under it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel.dates import format_date

from bot.pictures.canvas import (
    ACCENT,
    FAINT,
    GRID,
    MARGIN,
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
_TOP, _BOTTOM = 168, 488
_DOSES_Y: Final = 540
_DATES_Y: Final = 592
_KEYS_Y: Final = 652
_KEY_ROW: Final = 46
_RIGHT: Final = WIDTH - MARGIN - 12
_HIGHEST: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things stand: the left edge, and how far apart two days are."""

    left: float
    apart: float

    def across(self, number: int) -> float:
        return self.left + self.apart * number


def draw_pattern(data: dict[str, Any]) -> bytes:
    """PNG of {"title", "days": [{"day", "value": 0–10 or null, "doses": "taken", "partly", "none" or null,
    "changed": bool}], "usual": [low, high] or null, "labels": {"top", "bottom", "usual", "taken", "partly",
    "none", "changed"}, "language"?: "en"}.

    A missing day stays missing. The labels explain what occurs. Raises KeyError or ValueError for data of
    another shape.
    """
    days, labels = list(data["days"]), {name: str(words) for name, words in data["labels"].items()}
    plot = _plot(labels, len(days))
    keys = _keys(days, data["usual"] is not None, labels)
    placed = list(_placed(keys))
    canvas = Canvas(round(placed[-1][2][1] if placed else _DATES_Y) + 50)
    title = str(data["title"])
    canvas.text((MARGIN, _TITLE_Y), title, fitting_size(title, 46, WIDTH - 2 * MARGIN))
    _draw_band(canvas, data["usual"], plot, len(days))
    _draw_grid(canvas, days, plot, labels, data.get("language", "en"))
    _draw_changes(canvas, days, plot)
    _draw_mood(canvas, days, plot)
    for number, day in enumerate(days):
        _draw_dose(canvas, (plot.across(number), _DOSES_Y), day["doses"])
    for kind, words, at in placed:
        _draw_key(canvas, kind, words, at)
    return canvas.png()


def _plot(labels: Mapping[str, str], days: int) -> _Plot:
    left = MARGIN + max(text_width(labels["top"], 26), text_width(labels["bottom"], 26)) + 32
    return _Plot(left, (_RIGHT - left) / max(days - 1, 1))


def _draw_band(canvas: Canvas, usual: list[float] | None, plot: _Plot, days: int) -> None:
    if usual is not None:
        low, high = usual
        canvas.rectangle((plot.left - 12, _height(high)), (plot.across(days - 1) + 12, _height(low)), SOFT)


def _draw_grid(
    canvas: Canvas, days: list[dict[str, Any]], plot: _Plot, labels: Mapping[str, str], language: str
) -> None:
    canvas.text((MARGIN, _TOP), labels["top"], 26, QUIET)
    canvas.text((MARGIN, _BOTTOM), labels["bottom"], 26, QUIET)
    for level in (0.0, 2.5, 5.0, 7.5, _HIGHEST):
        canvas.line([(plot.left - 12, _height(level)), (_RIGHT + 12, _height(level))], GRID, 2)
    mondays = [number for number, day in enumerate(days) if date.fromisoformat(day["day"]).weekday() == 0]
    for number in mondays:
        canvas.line([(plot.across(number), _TOP), (plot.across(number), _DOSES_Y + 24)], GRID, 2)
    for number in mondays[:: 2 if len(mondays) > 5 else 1]:
        words = format_date(date.fromisoformat(days[number]["day"]), "d MMM", locale=language)
        canvas.text((plot.across(number), _DATES_Y), words, 24, QUIET, "mm")


def _draw_changes(canvas: Canvas, days: list[dict[str, Any]], plot: _Plot) -> None:
    for number, day in enumerate(days):
        if day["changed"]:
            canvas.dashes((plot.across(number), _TOP - 14), (plot.across(number), _DOSES_Y + 20), QUIET, 3)


def _draw_mood(canvas: Canvas, days: list[dict[str, Any]], plot: _Plot) -> None:
    """One dot a day, joined only where no day is missing in between."""
    before: Point | None = None
    for number, day in enumerate(days):
        point = None if day["value"] is None else (plot.across(number), _height(float(day["value"])))
        if before is not None and point is not None:
            canvas.line([before, point], ACCENT, 4)
        if point is not None:
            canvas.disc(point, 7, ACCENT)
        before = point


def _draw_dose(canvas: Canvas, at: Point, state: str | None) -> None:
    match state:
        case "taken":
            canvas.disc(at, 6, ACCENT)
        case "partly":
            canvas.half_disc(at, 6, TINT)
            canvas.ring(at, 6, ACCENT, 2)
        case "none":
            canvas.ring(at, 6, FAINT, 2)


def _draw_key(canvas: Canvas, kind: str, words: str, at: Point) -> None:
    middle = (at[0] + 14, at[1])
    if kind == "usual":
        canvas.rectangle((at[0], at[1] - 12), (at[0] + 28, at[1] + 12), SOFT)
    elif kind == "changed":
        canvas.dashes((middle[0], at[1] - 16), (middle[0], at[1] + 16), QUIET, 3)
    else:
        _draw_dose(canvas, middle, kind)
    canvas.text((at[0] + 40, at[1]), words, 24, QUIET)


def _keys(days: list[dict[str, Any]], banded: bool, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What the legend explains: only what occurs."""
    if banded:
        yield "usual", labels["usual"]
    seen = {day["doses"] for day in days}
    for kind in ("taken", "partly", "none"):
        if kind in seen:
            yield kind, labels[kind]
    if any(day["changed"] for day in days):
        yield "changed", labels["changed"]


def _placed(keys: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str, Point]]:
    """Each entry of the legend with its place, as many in a row as there is room for."""
    x, y = float(MARGIN), float(_KEYS_Y)
    for kind, words in keys:
        width = 40 + text_width(words, 24)
        if x > MARGIN and x + width > WIDTH - MARGIN:
            x, y = float(MARGIN), y + _KEY_ROW
        yield kind, words, (x, y)
        x += width + 36


def _height(value: float) -> float:
    share = min(max(value, 0.0), _HIGHEST) / _HIGHEST
    return _BOTTOM - (_BOTTOM - _TOP) * share
