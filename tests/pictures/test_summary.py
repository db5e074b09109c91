"""The visit summary is one page in every case, says what the record says, and its letters are letters."""

import re
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures import draw, draw_document, lettering, painting
from bot.pictures.canvas import ACCENT, GRID, INK, QUIET
from bot.pictures.paper import HEIGHT, WIDTH, Box, Disc, Line, Page, Words
from bot.pictures.summary import lay_out
from bot.reports.rules import Record
from tests.pictures.records import FULL, HUGE, NAMES, NOTHING, data_of

KIND = "visit_summary"
records = pytest.mark.parametrize("record", [NOTHING, FULL, HUGE], ids=["nothing", "full", "huge"])


def written(page: Page) -> list[str]:
    """Every line of words on a page."""
    return [shape.text for shape in page.shapes if isinstance(shape, Words)]


def extent(shape: Words | Line | Disc | Box) -> tuple[float, float, float, float]:
    """The left, top, right and bottom of a shape."""
    match shape:
        case Words(at=(x, y)):
            wide = lettering.width(shape.text, shape.size, shape.bold)
            left = {"left": x, "middle": x - wide / 2, "right": x - wide}[shape.align]
            return left, y - shape.size, left + wide, y + shape.size / 4
        case Line(start=(x, y), end=(to_x, to_y)):
            return min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)
        case Disc(at=(x, y), radius=radius):
            return x - radius, y - radius, x + radius, y + radius
        case Box(at=(x, y)):
            return x, y, x + shape.width, y + shape.height


@records
def test_everything_stands_on_the_page(record: Record) -> None:
    for shape in lay_out(data_of(record)).shapes:
        left, top, right, bottom = extent(shape)
        assert left >= 30, shape
        assert right <= WIDTH - 30, shape
        assert top >= 20, shape
        assert bottom <= HEIGHT - 12, shape


@records
def test_no_two_lines_of_words_overlap(record: Record) -> None:
    """Measured without the space between the lines."""
    boxes = [extent(shape) for shape in lay_out(data_of(record)).shapes if isinstance(shape, Words)]
    for number, (left, top, right, bottom) in enumerate(boxes):
        for other_left, other_top, other_right, other_bottom in boxes[:number]:
            beside = right <= other_left + 0.5 or other_right <= left + 0.5
            assert beside or bottom - 2.5 <= other_top or other_bottom - 2.5 <= top


@records
def test_the_picture_is_a_png_that_telegram_takes_and_that_is_not_blank(record: Record) -> None:
    drawn = draw(KIND, data_of(record))
    image = Image.open(BytesIO(drawn))
    assert image.format == "PNG"
    assert image.width + image.height <= 10_000
    assert len(drawn) < 2_000_000
    dark = sum(image.convert("L").histogram()[:128])
    assert dark > 5_000


@records
def test_the_page_has_the_colours_of_every_picture_and_no_other(record: Record) -> None:
    """None of them is red, whatever there is to say."""
    assert {shape.colour for shape in lay_out(data_of(record)).shapes} <= {INK, QUIET, GRID, ACCENT}


@records
def test_the_file_is_a_pdf_of_one_page_with_its_own_fonts(record: Record) -> None:
    document = draw_document(KIND, data_of(record))
    assert document.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", document)) == 1
    assert re.search(rb"/Count\s+1\b", document)
    assert len(re.findall(rb"/FontFile2", document)) >= 2
    assert len(document) < 300_000


def test_the_same_data_is_the_same_file() -> None:
    """What is sent twice is one file, and it tells nothing of when and where it was made."""
    assert draw_document(KIND, data_of(FULL)) == draw_document(KIND, data_of(FULL))


def test_the_letters_of_the_file_can_be_read_back() -> None:
    page = lay_out(data_of(FULL))
    found = read_back(painting.pdf(page, compressed=False))
    for line in written(page):
        assert line.replace(" ", "") in found
    for words in ("Sertraline", "Витамин", "Dr.MariaFerrante", "Itisnodiagnosis."):
        assert words in found


def read_back(document: bytes) -> str:
    """Every word of an uncompressed PDF in the order in which it was written, without spaces."""
    maps = _maps(document)
    content = max(
        re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL), key=lambda s: s.count(b" Tj")
    )
    said, table = "", dict[int, str]()
    for name, string in re.findall(
        rb"/(F\d+(?:\+\d+)?) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", content, re.DOTALL
    ):
        if name:
            table = maps.get(name, {})
        else:
            said += "".join(table.get(code, "?") for code in _unescaped(string))
    return said.replace(" ", "").replace("\u00a0", "")


def _maps(document: bytes) -> dict[bytes, dict[int, str]]:
    """For each font what its codes mean, as its ToUnicode table says."""
    objects = dict(re.findall(rb"\n(\d+) 0 obj\n(.*?)endobj", document, re.DOTALL))
    maps = {}
    for each in objects.values():
        if (name := re.search(rb"/Name /(F\d+\+\d+)", each)) and (
            to := re.search(rb"/ToUnicode (\d+) 0 R", each)
        ):
            table = objects[to[1]]
            codes = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,})>", table)
            maps[name[1]] = {
                int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for code, letter in codes
            }
    return maps


def _unescaped(string: bytes) -> bytes:
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def meant(found: re.Match[bytes]) -> bytes:
        code: bytes = found[1]
        return bytes([int(code, 8)]) if code.isdigit() else named.get(code, code)

    return re.sub(rb"\\([0-7]{3}|.)", meant, string, flags=re.DOTALL)


def test_what_there_is_no_room_for_is_counted() -> None:
    data = data_of(HUGE)
    page = " ".join(written(lay_out(data)))
    rest = [int(number) for number in re.findall(r"and (\d+) more", page)]
    lists = [len(each["entries"]) for each in (*data["top"], *data["foot"])] + [len(data["table"]["rows"])]
    shown = page.count("·")
    rows = len(data["table"]["rows"]) - rest[len(data["top"])]  # they have no point before them
    assert sum(lists) - sum(rest) == shown + rows
    assert "shortened here" in page


def test_nothing_is_hidden_that_there_is_room_for() -> None:
    assert not re.search(r"and \d+ more", " ".join(written(lay_out(data_of(NOTHING)))))
    data = data_of(FULL)
    said = "".join(written(lay_out(data))).replace(" ", "")
    for each in data["top"]:
        for entry in each["entries"]:
            assert entry.replace(" ", "") in said


def test_a_letter_that_the_fonts_lack_is_a_box_and_the_page_says_so() -> None:
    record = Record(FULL.today, plans={"questions": ["漢字?"]})
    words = " ".join(written(lay_out(data_of(record))))
    assert "□□?" in words
    assert data_of(record)["unshown"] in words
    assert data_of(FULL)["unshown"] not in " ".join(written(lay_out(data_of(FULL))))


@pytest.mark.parametrize(
    "name", ["Σερτραλίνη", "Сертралин", "Thuốc chống trầm cảm ễ ộ ữ", "Ağrı kesici ş", "Żółć"]
)
def test_the_letters_of_many_languages_are_there(name: str) -> None:
    assert lettering.shown(name) == name


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("Sertraline, 50 mg", "Sertraline, 50 mg"),
        ("אבג", "גבא"),
        ("1 Mar: אבג דהו, 50 mg", "1 Mar: והד גבא, 50 mg"),
        ("אבג 50 דהו", "והד 50 גבא"),
        ("(אבג) (א)", "(א) (גבא)"),
        ("بت", "\ufe96\ufe91"),
        ("بتب.", "\ufe90\ufe98\ufe91."),
        ("اب", "\ufe8f\ufe8d"),
    ],
)
def test_words_from_right_to_left_are_put_as_they_are_seen(said: str, seen: str) -> None:
    assert lettering.visual(said) == seen


@given(st.text(max_size=80), st.floats(20, 300))
def test_a_line_never_exceeds_its_room_and_no_letter_is_lost(words: str, room: float) -> None:
    kept = lettering.shown(words)
    lines = lettering.wrapped(kept, 8.4, room)
    assert "".join(lines).replace(" ", "") == kept.replace(" ", "")
    for line in lines:
        assert lettering.width(line, 8.4) <= room or len(line.strip(" ")) <= 3
        assert len(lettering.visual(line)) <= len(line)


@settings(max_examples=15)
@given(st.lists(st.text(max_size=400), max_size=12), st.sampled_from(NAMES))
def test_any_words_fit_on_one_page(questions: list[str], who: str) -> None:
    record = Record(
        FULL.today,
        HUGE.regimens,
        HUGE.counts,
        plans={"questions": questions, "appointment": {"on": "2026-04-01", "with": who * 9}},
    )
    for shape in lay_out(data_of(record)).shapes:
        assert extent(shape)[3] <= HEIGHT - 12


@pytest.mark.parametrize("data", [{}, {"title": "x"}])
def test_what_is_no_summary_says_so(data: dict[str, Any]) -> None:
    for drawer in (draw, draw_document):
        with pytest.raises((KeyError, ValueError)):
            drawer(KIND, data)
