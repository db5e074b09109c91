"""Pictures say what the data say, and are fit to be shown."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.escalation.noticing import wording
from bot.pictures import draw
from bot.pictures.canvas import fitting_size, text_width
from bot.pictures.lettering import shown

FIRST = date(2026, 2, 12)
STATES = ["taken", "partly", "skipped", "paused", "unrecorded", "unknown", "none"]


def streak(states: list[str], **more: Any) -> dict[str, Any]:
    days = [{"day": (FIRST + timedelta(n)).isoformat(), "state": state} for n, state in enumerate(states)]
    return {"title": "27 of the last 28 days", "days": days, "legend": {s: s for s in STATES}, **more}


def mood(values: list[float | None], **more: Any) -> dict[str, Any]:
    days = [{"day": (FIRST + timedelta(n)).isoformat(), "value": value} for n, value in enumerate(values)]
    return {"title": "Four weeks", "days": days, "top": "lighter", "bottom": "heavier", **more}


def week(*days: tuple[str, list[tuple[str, int]]]) -> dict[str, Any]:
    shown_days = [
        {
            "day": "Mon 9 Mar",
            "question": question,
            "rows": [{"label": label, "least": least, "words": f"{least} or more"} for label, least in rows],
        }
        for question, rows in days
    ]
    return {"title": "The check-ins of this week", "note": "Numbers are rounded down.", "days": shown_days}


def pixels(picture: bytes) -> Image.Image:
    image = Image.open(BytesIO(picture))
    image.load()
    return image


def colours(picture: bytes) -> set[tuple[int, int, int]]:
    found = pixels(picture).getcolors(2**24)
    assert found
    return {colour for _, colour in found if isinstance(colour, tuple)}  # type: ignore[misc]


@pytest.mark.parametrize("picture", [streak(["taken"] * 28), mood([5.0] * 28)], ids=["streak", "mood"])
def test_a_picture_is_a_png_of_the_common_width_that_telegram_takes(picture: dict[str, Any]) -> None:
    drawn = draw("mood" if "top" in picture else "streak", picture)
    image = pixels(drawn)
    assert image.format == "PNG"
    assert image.width == 960
    assert 0.05 < image.width / image.height < 20
    assert len(drawn) < 200_000


@pytest.mark.parametrize("kind", ["streak", "mood"])
def test_nothing_is_red(kind: str) -> None:
    data = streak(STATES * 4) if kind == "streak" else mood([0.0, 10.0, None, 5.0])
    assert all(red <= max(green, blue) + 8 for red, green, blue in colours(draw(kind, data)))


def test_every_state_has_a_shape_of_its_own_even_without_colour() -> None:
    shapes = set()
    for state in STATES:
        image = pixels(draw("streak", streak([state], legend={}))).convert("L")
        shapes.add(image.tobytes())
    assert len(shapes) == len(STATES)


def test_the_legend_explains_what_occurs_and_nothing_else() -> None:
    some = draw("streak", streak(["taken"] * 28))
    only = draw("streak", streak(["taken"] * 28, legend={"taken": "taken"}))
    assert some == only


@pytest.mark.parametrize("missing", [None, 1])
def test_a_missing_day_is_neither_drawn_nor_bridged(missing: int | None) -> None:
    """The stretch between two days a day apart holds a line only when the day between them has a value."""
    middle = None if missing is None else 5.0
    image = pixels(draw("mood", mood([5.0, middle, 5.0])))
    assert (_inked(image, 328) < 60) == (missing is None)


def test_days_that_are_not_in_the_data_break_the_line_too() -> None:
    data = mood([5.0, 5.0])
    data["days"][1]["day"] = "2026-02-20"
    image = pixels(draw("mood", data))
    assert _inked(image, 328) < 60


def _inked(image: Image.Image, y: int) -> int:
    """How many pixels of a row are darker than any gridline."""
    return sum(shade < 180 for shade in image.convert("L").crop((0, y, image.width, y + 1)).tobytes())


def test_months_and_weekdays_speak_the_language() -> None:
    assert draw("streak", streak(["taken"] * 28)) != draw("streak", streak(["taken"] * 28, language="it"))


def test_a_long_title_is_set_smaller() -> None:
    title = "27 of the last 28 days, and a good deal of further explanation of it"
    size = fitting_size(title, 46, 848)
    assert size < 46
    assert text_width(title, size) <= 848


@settings(max_examples=25)
@given(st.lists(st.sampled_from(STATES), min_size=1, max_size=40), st.text(max_size=40))
def test_any_record_can_be_drawn(states: list[str], title: str) -> None:
    assert draw("streak", streak(states, title=title)).startswith(b"\x89PNG")


@settings(max_examples=25)
@given(st.lists(st.none() | st.floats(-5, 15), min_size=1, max_size=40))
def test_any_mood_can_be_drawn(values: list[float | None]) -> None:
    assert draw("mood", mood(values)).startswith(b"\x89PNG")


def test_a_link_stands_in_the_picture_dot_by_dot_with_room_around_it() -> None:
    link = "https://t.me/evenkeel_bot?start=cg_t9cCN4Ovdoj6d9T3Yi-2IA"
    image = pixels(draw("qr", {"words": link})).convert("L")
    dots = list(segno.make_qr(link, error="m").matrix)
    edge = image.width // (len(dots) + 8)
    assert image.width == image.height == edge * (len(dots) + 8)
    for down, row in enumerate(dots):
        for right, dark in enumerate(row):
            middle = int((4.5 + right) * edge), int((4.5 + down) * edge)
            assert (image.getpixel(middle) < 100) == bool(dark)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("kind", "data"), [("fresco", {}), ("qr", {}), ("streak", {}), ("mood", {}), ("streak", streak([]))]
)
def test_what_cannot_be_drawn_says_so(kind: str, data: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        draw(kind, data)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_every_label_of_the_pattern_has_its_letters_in_every_language(language: str) -> None:
    _ = safety(language)
    words = [wording.chart_title(_), *wording.chart_key(_).values()]
    assert [shown(each) for each in words] == words


def test_the_pattern_shows_what_is_known_and_leaves_out_what_is_not() -> None:
    monday = date(2026, 3, 2)
    day = {"day": monday.isoformat(), "value": 2.0, "doses": "taken", "changed": False}
    gap = {**day, "value": None, "doses": None}
    labels = wording.chart_key(safety("en"))

    def drawn(*days: dict[str, Any], usual: list[float] | None = None) -> bytes:
        dated = [{**each, "day": (monday + timedelta(days=n)).isoformat()} for n, each in enumerate(days)]
        return draw("pattern", {"title": "Mood", "days": dated, "usual": usual, "labels": labels})

    whole = drawn(day, day, day)
    pictures = [
        whole,
        drawn(day, gap, day),
        drawn(day, {**day, "doses": "none"}, day),
        drawn(day, {**day, "doses": "partly"}, day),
        drawn(day, {**day, "changed": True}, day),
        drawn(day, day, day, usual=[1.0, 3.0]),
    ]
    assert len(set(pictures)) == len(pictures)
    assert whole.startswith(b"\x89PNG")


# A week of check-ins


ANSWERS = [("Hard / Up and down", 5), ("All right", 15), ("Good", 10)]


def bars(picture: bytes) -> list[int]:
    """How long each bar is, from above."""
    image = pixels(picture)
    found: list[int] = []
    inside = False
    for y in range(image.height):
        length = sum(image.getpixel((x, y)) == (0x2B, 0x7A, 0x82) for x in range(image.width))
        if length and not inside:
            found.append(0)
        if length:
            found[-1] = max(found[-1], length + 6)  # three soft pixels at either end
        inside = bool(length)
    return found


def test_the_bars_of_a_week_are_of_one_scale() -> None:
    five, fifteen, ten, also_ten, also_five = bars(
        draw("pulse_week", week(("How is it?", ANSWERS), ("And now?", [("Slow", 10), ("Lively", 5)])))
    )
    assert (also_ten, also_five) == (ten, five)
    assert abs(ten - 2 * five) <= 2
    assert abs(fifteen - 3 * five) <= 2


def test_a_long_week_in_long_words_is_a_picture_that_telegram_takes() -> None:
    rows = [(letter * 60, 10_000) for letter in "ABCDE"]
    drawn = draw("pulse_week", week(*[("A question with a great many words " * 3, rows)] * 7))
    image = pixels(drawn)
    assert image.width == 960
    assert image.width + image.height <= 10_000
    assert image.height / image.width < 20
    assert len(drawn) < 1_000_000
