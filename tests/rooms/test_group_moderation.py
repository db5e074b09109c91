"""What is set for the good of members: notices, warnings, quiet hours, and how many answers a minute has."""

import itertools
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.catalogs import LANGUAGE_NAMES, places
from bot.conversation.hourspan import read_hours
from bot.conversation.inbound import Event, Inbound, Joined, Left, Origin, Press, Words
from bot.conversation.quiet import QuietHours
from bot.conversation.text import Text
from bot.groups.moderation import flood
from bot.groups.moderation.aloud import sentence, sentences
from bot.groups.moderation.flood import Flood
from bot.groups.moderation.rules import Matter, Notice, notice_in, warning_of
from bot.groups.numbers.rules import mark_of
from bot.groups.posts.library import SUBJECTS
from bot.groups.posts.rules import LATEST, after_quiet, comes
from scheduler.clock import SteerableClock
from scheduler.localtime import local, zone
from scheduler.timing import Daily, following
from storage.groups import Group
from storage.vocabulary import GroupKind

BERLIN = zone("Europe/Berlin")
NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)  # two nights before the clock goes forward
clocks = st.times().map(lambda at: time(at.hour, at.minute))

# Notices and warnings


def test_every_sentence_is_there_in_every_language_with_the_same_places() -> None:
    spoken = sentences()
    assert set(spoken) == set(LANGUAGE_NAMES)
    for language in LANGUAGE_NAMES:
        assert set(spoken[language]) == set(spoken["en"]), language
        for key, words in spoken[language].items():
            assert places(words) == places(spoken["en"][key]), (language, key)


@pytest.mark.parametrize("matter", list(Matter))
@pytest.mark.parametrize("on", [True, False])
def test_a_notice_is_known_again_by_what_its_message_speaks_of(matter: Matter, on: bool) -> None:
    notice = Notice(matter, on)
    assert notice_in(notice.about) == notice
    assert sentence(notice.key, "de") != sentence(notice.key, "en")
    assert hasattr(Group, matter.column)


def test_a_word_that_only_looks_like_a_notice_is_none() -> None:
    assert notice_in("group-notice:tells") is notice_in("group-post:1") is notice_in(None) is None


def test_heavy_subjects_and_own_words_bear_a_warning() -> None:
    assert {subject for subject in SUBJECTS if warning_of(subject, own=False)} == {"breakthrough"}
    assert warning_of("own", own=True) == "warning_own"


def test_other_numbers_or_another_day_have_another_mark() -> None:
    marks = {mark_of(Text(words)) for words in ("call 112, 2026-11-23", "call 112, 2026-11-24", "call 110")}
    assert len(marks) == 3


# Quiet hours


@given(st.sets(clocks, min_size=1, max_size=3), clocks, clocks, st.integers(0, 300))
def test_nothing_comes_in_quiet_hours_nor_early_nor_later_than_two_hours(
    times: set[time], start: time, end: time, late: int
) -> None:
    quiet = QuietHours(BERLIN, start, end)
    for slot in following(Daily(tuple(sorted(times))), BERLIN, NOON, 4):
        now = slot.due_at + timedelta(minutes=late)
        at = comes(slot, quiet, now)
        if at is None:
            held = quiet.until(now)
            assert held is not None
            assert held >= slot.due_at + LATEST
        else:
            assert quiet.until(at) is None
            assert at >= now
            assert at == now or at < slot.due_at + LATEST


def test_a_slot_to_come_is_shown_at_the_time_at_which_it_stands_there() -> None:
    [slot] = following(Daily((time(6),)), BERLIN, NOON, 1)
    heard = after_quiet(slot, QuietHours(BERLIN, time(22), time(7)))
    assert heard is not None
    assert (heard.slot.at, local(heard.due_at, BERLIN).time()) == (time(7), time(7))
    assert after_quiet(slot, QuietHours(BERLIN, time(22), time(9))) is None
    assert after_quiet(slot, QuietHours(BERLIN, None, None)) == slot


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("22:00 7:00", (time(22), time(7))),
        ("22:00-7:00", (time(22), time(7))),
        ("10 pm to 7 am", (time(22), time(7))),
        ("7:00 7:00", None),
        ("22:00", None),
        ("at night", None),
        ("1:00 2:00 3:00", None),
        ("", None),
    ],
)
def test_hours_are_two_different_times(words: str, hours: tuple[time, time] | None) -> None:
    assert read_hours(words) == hours


# Floods


_numbers = itertools.count(1)


def update(event: Event, sender: str = "7", chat: str = "-1005") -> Inbound:
    origin = Origin("telegram", "1", chat, sender, private=not chat.startswith("-"))
    return Inbound(next(_numbers), origin, event)


COMMAND, PRESS = Words("/group"), Press("x", "1", "q")


@pytest.fixture
def clock() -> SteerableClock:
    return SteerableClock(NOON, frozen=True)


def test_one_member_gets_so_many_answers_a_minute_and_the_others_get_theirs(clock: SteerableClock) -> None:
    guard = Flood(clock)
    admitted = [guard.admits(update(COMMAND)) for _ in range(100)]
    assert admitted == [True] * flood.OF_ONE_MEMBER + [False] * (100 - flood.OF_ONE_MEMBER)
    assert guard.admits(update(COMMAND, "8"))
    clock.advance(61)
    assert guard.admits(update(COMMAND))


def test_many_together_get_so_many_answers_a_minute_and_other_groups_get_theirs(
    clock: SteerableClock,
) -> None:
    guard = Flood(clock)
    admitted = [guard.admits(update(COMMAND, str(sender))) for sender in range(100)]
    assert sum(admitted) == flood.OF_ONE_GROUP
    assert guard.admits(update(COMMAND, "7", "-1006"))
    assert all(guard.admits(update(COMMAND, "7", "7")) for _ in range(100))


def test_the_long_numbers_come_more_seldom_than_other_answers(clock: SteerableClock) -> None:
    guard = Flood(clock)
    numbers = [guard.admits(update(Words("/resources@evenkeel_bot"), str(sender))) for sender in range(9)]
    assert sum(numbers) == flood.NUMBERS_OF_ONE_GROUP
    assert guard.admits(update(COMMAND, "100"))


def test_presses_are_bounded_for_one_member_and_not_for_all_of_them(clock: SteerableClock) -> None:
    guard = Flood(clock)
    assert sum(guard.admits(update(PRESS)) for _ in range(100)) == flood.PRESSES_OF_ONE_MEMBER
    assert all(guard.admits(update(PRESS, str(sender))) for sender in range(100, 200))


def test_cries_that_nobody_saw_leave_the_group_most_of_its_budget(clock: SteerableClock) -> None:
    guard = Flood(clock)
    cry = Words("/sos", whispered="29")
    assert sum(guard.admits_whisper(update(cry, str(n))) for n in range(100)) == flood.WHISPERS_OF_ONE_GROUP
    assert guard.admits_whisper(update(cry, chat="-1006"))
    clock.advance(61)
    assert guard.admits_whisper(update(cry))


@pytest.mark.parametrize("event", [COMMAND, PRESS])
def test_what_is_tried_again_while_nothing_can_be_stored_counts_once_and_is_done_in_the_end(
    clock: SteerableClock, event: Event
) -> None:
    guard, kept = Flood(clock), update(event)
    assert all(guard.admits(kept) for _ in range(100))
    assert guard.admits(update(event))


@pytest.mark.parametrize("event", [Words("good morning"), Left(), Joined(GroupKind.GROUP)])
def test_what_costs_no_answer_is_not_counted(clock: SteerableClock, event: Event) -> None:
    guard = Flood(clock)
    assert all(guard.admits(update(event)) for _ in range(100))


def test_nobody_can_be_found_in_what_it_remembers_and_it_remembers_few(
    clock: SteerableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood, "REMEMBERED", 50)
    guard, other = Flood(clock), Flood(clock)
    for sender in range(700_000, 700_200):
        guard.admits(update(PRESS, str(sender)))
        other.admits(update(PRESS, str(sender)))
    kept, others = set(guard._counted), set(other._counted)
    assert len(kept) <= 50
    assert not kept & others
    assert not any(str(sender).encode() in b"".join(kept) for sender in range(700_000, 700_200))
