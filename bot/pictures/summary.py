"""The visit summary on one page of A4: what it holds is cut to fit, and what was cut is counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.pictures import chart, lettering
from bot.pictures.canvas import ACCENT, GRID, INK, QUIET
from bot.pictures.lettering import shown, visual, width, wrapped
from bot.pictures.paper import HEIGHT, WIDTH, Line, Page, Shape, Words

_LEFT: Final = 42.0
_RIGHT: Final = WIDTH - 42.0
_TOP: Final = 38.0
_BOTTOM: Final = HEIGHT - 30.0
_COLUMN_GAP: Final = 22.0
_MIDDLE: Final = (_LEFT + _RIGHT) / 2

_BODY: Final = 8.4
_ROW: Final = 11.2
_NOTE: Final = 6.8
_NOTE_ROW: Final = 8.6
_TITLE: Final = 9.6
_TITLE_ROW: Final = 15.5
_GAP: Final = 8.0
_INDENT: Final = 9.0
_FIRST_COLUMN: Final = 132.0
_LEAST_CHART: Final = 138.0
_MOST_CHART: Final = 190.0
# Lines an entry may have; fewer, when even one entry in each list is too much.
_LONGEST_ENTRIES: Final = (6, 4, 3, 2, 1)


@dataclass(slots=True)
class _List:
    """A titled list in its column; `shown` of its entries are on the page, and a line counts the others."""

    title: str
    entries: list[list[str]]
    note: list[str]
    more: str
    worth: int = 1  # how much longer than another one it may be before it is cut
    empty: bool = False
    shown: int = field(init=False)
    used: float = field(init=False)
    head: float = 0.0

    def __post_init__(self) -> None:
        self.shown = len(self.entries)
        self.used = sum(map(self.row_height, self.entries))

    def row_height(self, entry: list[str]) -> float:
        return _ROW * len(entry)

    @property
    def hidden(self) -> int:
        return len(self.entries) - self.shown

    @property
    def height(self) -> float:
        rest = _ROW if self.hidden else 0.0
        return _TITLE_ROW + self.head + self.used + rest + _NOTE_ROW * len(self.note) + _GAP

    def hide_one(self) -> None:
        self.shown -= 1
        self.used -= self.row_height(self.entries[self.shown])


@dataclass(slots=True)
class _Sheet:
    """Everything of the page, wrapped, before it has its places."""

    head: list[Words]
    head_height: float
    top: list[_List]
    table: _List
    cells: list[list[str]]
    left: list[_List]
    right: list[_List]
    chart: dict[str, Any]
    chart_note: list[str]

    @property
    def columns(self) -> float:
        return max(_height(self.left), _height(self.right))

    @property
    def chart_around(self) -> float:
        """The height of the chart's title, note and gap."""
        return _TITLE_ROW + _NOTE_ROW * len(self.chart_note) + _GAP

    @property
    def height(self) -> float:
        body = _height(self.top) + self.table.height + self.chart_around + _LEAST_CHART
        return _TOP + self.head_height + body + self.columns

    def fit(self) -> bool:
        """Hide entries until the page holds the rest, of the longest list first; False when it never does."""
        while self.height > _BOTTOM:
            lower = self.left if _height(self.left) >= _height(self.right) else self.right
            long = [each for each in (*self.top, self.table, *lower) if each.shown > 1]
            if not long:
                return False
            max(long, key=lambda each: each.used / each.worth).hide_one()
        return True


def lay_out(data: dict[str, Any]) -> Page:
    """The page of {"language", "title", "date", "period", "about": [], "appointment", "more", "shortened",
    "unshown", "top": [list], "table", "chart", "foot": [list]}.

    A list is {"title", "note", "entries": [], "empty", "worth"?: 1}; the table {"title", "head": [],
    "rows": [[]], "note"}; `chart.py` says what the chart is. "more" has a place for {count}. Raises KeyError
    or ValueError for data of another shape.
    """
    for longest in _LONGEST_ENTRIES:
        sheet = _sheet(data, longest)
        if sheet.fit():
            break
    shapes = [*sheet.head, *_placed(sheet, data["language"])]
    if any(isinstance(shape, Words) and lettering.LACKING in shape.text for shape in shapes):
        shapes.append(Words((_LEFT, HEIGHT - 16), visual(shown(data["unshown"])), _NOTE, QUIET))
    return Page(data["title"], data["language"], shapes)


def _height(lists: Sequence[_List]) -> float:
    return sum(each.height for each in lists)


def _sheet(data: dict[str, Any], longest: int) -> _Sheet:
    full, half = _RIGHT - _LEFT, _MIDDLE - _LEFT - _COLUMN_GAP / 2
    head, head_height = _head(data, longest)
    table = data["table"]
    rows = [[str(cell) for cell in row] for row in table["rows"]]
    names = [_cut(row[0], _BODY, _FIRST_COLUMN - 8, min(longest, 3), data) for row in rows]
    tabled = _List(table["title"], names, wrapped(shown(table["note"]), _NOTE, full), data["more"])
    tabled.head = _ROW
    left, right = _columns([_list(each, half, longest, data) for each in data["foot"]])
    return _Sheet(
        head=head,
        head_height=head_height,
        top=[_list(each, full, longest, data) for each in data["top"]],
        table=tabled,
        cells=[table["head"], *(row[1:] for row in rows)],
        left=left,
        right=right,
        chart=data["chart"],
        chart_note=wrapped(shown(data["chart"]["note"]), _NOTE, full),
    )


def _columns(lists: Sequence[_List]) -> tuple[list[_List], list[_List]]:
    """The lists in two columns, each below what is shorter so far."""
    left: list[_List] = []
    right: list[_List] = []
    for each in lists:
        (left if _height(left) <= _height(right) else right).append(each)
    return left, right


def _list(found: dict[str, Any], room: float, longest: int, data: dict[str, Any]) -> _List:
    entries = found["entries"] or [found["empty"]]
    note = wrapped(shown(found["note"]), _NOTE, room) if found["note"] else []
    cut = [_cut(entry, _BODY, room - _INDENT, longest, data) for entry in entries]
    return _List(found["title"], cut, note, data["more"], found.get("worth", 1), not found["entries"])


def _cut(words: str, size: float, room: float, longest: int, data: dict[str, Any]) -> list[str]:
    """An entry as lines; one that is too long says that it goes on elsewhere."""
    lines = wrapped(shown(words), size, room)
    if len(lines) <= longest:
        return lines
    sign = " " + shown(data["shortened"])
    last = lines[longest - 1]
    while last and width(last + sign, size) > room:
        last = last[:-1]
    return [*lines[: longest - 1], last.rstrip() + sign]


def _head(data: dict[str, Any], longest: int) -> tuple[list[Words], float]:
    """The head of the page and its height."""
    room, y = _RIGHT - _LEFT, _TOP + 14
    words = [
        Words((_LEFT, y), visual(shown(data["title"])), 18, INK, bold=True),
        Words((_RIGHT, y), visual(shown(data["date"])), 11, INK, align="right"),
    ]
    y += 16
    words.append(Words((_LEFT, y), visual(shown(data["period"])), _BODY, INK))
    for sentence in data["about"]:
        for line in wrapped(shown(sentence), 7.6, room):
            y += 10.5
            words.append(Words((_LEFT, y), visual(line), 7.6, QUIET))
    if data["appointment"]:
        y += 4
        for line in _cut(data["appointment"], 9.6, room, min(longest, 2), data):
            y += 12.5
            words.append(Words((_LEFT, y), visual(line), 9.6, INK))
    return words, y + 16 - _TOP


def _placed(sheet: _Sheet, language: str) -> Iterator[Shape]:
    """Everything below the head, from top to bottom; what room is left makes the chart higher."""
    y = _TOP + sheet.head_height
    yield Line((_LEFT, y - 8), (_RIGHT, y - 8), GRID, 1)
    drawn = any(entry["value"] is not None for entry in sheet.chart["days"])
    spare = max(_BOTTOM - sheet.height, 0.0) if drawn else 0.0
    for each in sheet.top:
        yield from _list_shapes(each, _LEFT, y)
        y += each.height
    yield from _table_shapes(sheet, y)
    y += sheet.table.height
    yield _title(sheet.chart["title"], _LEFT, y)
    y += _TITLE_ROW
    high = min(_LEAST_CHART + spare, _MOST_CHART)
    yield from chart.shapes(sheet.chart, (_LEFT, y - 4, _RIGHT, y + high), language)
    yield from _note(sheet.chart_note, _LEFT, y + high)
    y += high + sheet.chart_around - _TITLE_ROW
    for column, x in ((sheet.left, _LEFT), (sheet.right, _MIDDLE + _COLUMN_GAP / 2)):
        place = y
        for each in column:
            yield from _list_shapes(each, x, place)
            place += each.height


def _title(words: str, x: float, y: float) -> Shape:
    return Words((x, y + 9), visual(shown(words)), _TITLE, ACCENT, bold=True)


def _list_shapes(each: _List, x: float, y: float) -> Iterator[Shape]:
    yield _title(each.title, x, y)
    y += _TITLE_ROW
    for entry in each.entries[: each.shown]:
        if not each.empty:
            yield Words((x, y + 8), "·", _BODY, QUIET, bold=True)
        for line in entry:
            yield Words(
                (x if each.empty else x + _INDENT, y + 8), visual(line), _BODY, QUIET if each.empty else INK
            )
            y += _ROW
    yield from _rest(each, x + _INDENT, y)
    yield from _note(each.note, x, y + (_ROW if each.hidden else 0))


def _rest(each: _List, x: float, y: float) -> Iterator[Shape]:
    if each.hidden:
        yield Words((x, y + 8), visual(shown(each.more.format(count=each.hidden))), _BODY, QUIET)


def _note(lines: Sequence[str], x: float, y: float) -> Iterator[Shape]:
    for line in lines:
        y += _NOTE_ROW
        yield Words((x, y - 1.5), visual(line), _NOTE, QUIET)


def _table_shapes(sheet: _Sheet, y: float) -> Iterator[Shape]:
    table, (head, *rows) = sheet.table, sheet.cells
    yield _title(table.title, _LEFT, y)
    y += _TITLE_ROW
    yield from _cells(head[1:], y, QUIET)
    y += table.head
    yield Line((_LEFT, y - 1), (_RIGHT, y - 1), GRID, 0.8)
    for name, cells in zip(table.entries[: table.shown], rows, strict=False):
        yield from _cells(cells, y, INK)
        for line in name:
            yield Words((_LEFT, y + 8), visual(line), _BODY)
            y += _ROW
    yield from _rest(table, _LEFT, y)
    yield from _note(table.note, _LEFT, y + (_ROW if table.hidden else 0))


def _cells(cells: Sequence[str], y: float, colour: str) -> Iterator[Shape]:
    column = (_RIGHT - _LEFT - _FIRST_COLUMN) / len(cells)
    for number, cell in enumerate(cells):
        words = shown(cell)
        size = min(_BODY, _BODY * (column - 5) / max(width(words, _BODY), 1))
        yield Words((_LEFT + _FIRST_COLUMN + column * number, y + 8), visual(words), size, colour)
