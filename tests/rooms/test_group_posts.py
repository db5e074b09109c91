"""Posts of groups: when they are due, what they say, and what the library holds."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.conversation.text import clean
from bot.escalation.screening.screen import Tier, screen
from bot.groups.posts import rules
from bot.groups.posts.library import SUBJECTS, Leaf, footers, leaf_of, shelf
from scheduler.localtime import zone
from scheduler.timing import Daily, Interval, MonthDays, OnDays, Planned, Weekly

LEAVES = [leaf for subject in SUBJECTS for leaf in shelf(subject)]
ZONES = (
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago"),
    *("Asia/Beirut", "Pacific/Chatham", "America/Scoresbysund", "Asia/Kolkata", "Antarctica/Troll"),
)


def posted(timing: OnDays, key: str, start: datetime, end: datetime, step: timedelta) -> list[Planned]:
    """What goes out, if the room is woken so often; each time it looks at what is due."""
    looked, now, found = start, start, list[Planned]()
    while now < end:
        now += step
        found += rules.due(timing, zone(key), looked, now)
        looked = now
    return found


@pytest.mark.parametrize("key", ZONES)
@pytest.mark.parametrize("at", [time(0), time(1, 30), time(2), time(2, 30), time(3), time(12), time(23, 45)])
def test_across_every_clock_change_of_a_year_there_is_one_post_for_each_day(key: str, at: time) -> None:
    place = zone(key)
    start, end = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2027, 1, 1, 12, tzinfo=UTC)
    found = posted(Daily((at,)), key, start, end, timedelta(hours=1))
    days = [slot.slot.day for slot in found]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert len(days) in (365, 366)
    moved = [slot for slot in found if slot.due_at.astimezone(place).time() != at]
    assert len(moved) <= 1, "it comes at another time on the day when the clock skips it, and on no other"


@pytest.mark.parametrize("key", ["Europe/Berlin", "America/New_York"])
def test_two_times_that_the_clock_pushes_together_are_one_post(key: str) -> None:
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    found = posted(Daily((time(2, 30), time(3, 30))), key, start, end, timedelta(minutes=30))
    assert len(found) == 61
    assert len({slot.due_at for slot in found}) == 61


def test_however_often_and_late_it_is_looked_each_slot_goes_out_once_or_is_dropped_after_two_hours() -> None:
    timing, place = Daily((time(9),)), zone("Europe/Berlin")
    due_at = datetime(2026, 3, 6, 8, tzinfo=UTC)
    before = due_at - timedelta(hours=10)
    assert rules.due(timing, place, before, due_at - timedelta(seconds=1)) == []
    for late in (timedelta(), timedelta(minutes=1), timedelta(hours=2)):
        assert [slot.due_at for slot in rules.due(timing, place, before, due_at + late)] == [due_at]
        assert rules.due(timing, place, due_at + late, due_at + late + timedelta(minutes=1)) == []
    assert rules.due(timing, place, before, due_at + timedelta(hours=2, seconds=1)) == []


def test_two_slots_of_a_post_never_have_the_same_key() -> None:
    place, now = zone("Europe/Berlin"), datetime(2026, 1, 1, tzinfo=UTC)
    slots = rules.next_of(Daily((time(9), time(21))), place, now, 400)
    assert len({rules.slot_key(7, slot) for slot in slots}) == 400
    assert rules.slot_key(7, slots[0]) != rules.slot_key(8, slots[0])


@pytest.mark.parametrize(
    "timing", [Daily((time(9),)), Weekly(frozenset({0}), (time(9),)), MonthDays(frozenset({31}), (time(9),))]
)
def test_posts_go_by_days_and_the_clock(timing: OnDays) -> None:
    assert rules.on_days(timing) is timing


def test_what_counts_hours_is_for_doses() -> None:
    assert rules.on_days(Interval(8, datetime(2026, 1, 1, tzinfo=UTC))) is None


def test_texts_of_a_shelf_take_turns() -> None:
    assert [rules.in_turn(["a", "b", "c"], shown) for shown in range(5)] == ["a", "b", "c", "a", "b"]
    assert rules.in_turn([], 3) is None


# Own words


@given(st.text(max_size=300))
def test_tidying_twice_is_tidying_once(words: str) -> None:
    once = rules.tidy(words)
    assert rules.tidy(once) == once


@given(st.text(max_size=300))
def test_nothing_that_somebody_wrote_is_styled_or_can_be_tapped(words: str) -> None:
    shown = rules.shown(rules.tidy(words))
    assert shown.spans == ()
    for sign in ("@a", "/a", "#a", "://"):
        assert sign not in shown.plain


@given(st.lists(st.text("abc ÄÖ.,", min_size=1, max_size=20), min_size=1, max_size=6))
def test_lines_stay_lines(lines: list[str]) -> None:
    wanted = [line for line in map(clean, lines) if line]
    assert [line for line in rules.tidy("\n".join(lines)).split("\n") if line] == wanted


@pytest.mark.parametrize(
    ("words", "flaw"),
    [
        ("", "empty"),
        ("a", None),
        ("a" * 1000, None),
        ("a" * 1001, "too long"),
        ("a\n" * 11 + "a", None),
        ("a\n" * 12 + "a", "too long"),
    ],
)
def test_own_words_have_bounds(words: str, flaw: str | None) -> None:
    assert rules.flaw_of(words) == flaw


# The library


def test_every_subject_has_texts_and_every_text_a_key_of_its_own() -> None:
    assert all(shelf(subject) for subject in SUBJECTS)
    assert len({leaf.key for leaf in LEAVES}) == len(LEAVES)
    assert [leaf_of(leaf.key) for leaf in LEAVES] == LEAVES


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.key)
def test_every_text_has_a_source_a_day_of_review_and_six_languages(leaf: Leaf) -> None:
    assert leaf.source
    assert date(2026, 1, 1) <= leaf.reviewed <= date(2027, 12, 31)
    assert leaf.how in ("compared", "named")
    assert set(leaf.words) == set(LANGUAGE_NAMES) == set(footers())
    assert len({text.words for text in leaf.words.values()}) == len(LANGUAGE_NAMES)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: leaf.key)
def test_every_text_is_short_fits_a_button_and_says_nothing_that_hurts(leaf: Leaf) -> None:
    assert len(leaf.key) <= 24
    for text in leaf.words.values():
        assert len(text.title) <= 60
        assert len(text.words) <= 320
        assert "!" not in text.title + text.words
        assert "{" not in text.title + text.words
        assert screen(text.words).tier is not Tier.URGENT, "a text of ours must not read like a cry"
    for word in ("missed", "fail", "forgot", "you must", "relaps"):
        assert word not in leaf.words["en"].words.lower()


def test_every_footer_names_the_source() -> None:
    assert all("{source}" in footer for footer in footers().values())
