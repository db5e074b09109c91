"""The care team: when something is asked, what is typed, what is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.conversation.quiet import is_quiet
from bot.escalation.care import file, rules, team
from bot.escalation.care.dates import Span, Why, read_day
from bot.escalation.care.draft import Draft, Facts, facts_of, newest_facts
from bot.escalation.care.file import Appointment, File, Follow, question_key
from bot.escalation.care.rules import Here, Look, look
from bot.escalation.care.team import Contact, Role, Ways
from bot.escalation.figures import day_words
from bot.escalation.followup.rules import FIRST, LAST, Hours
from bot.escalation.recurrence.policy import shipped_policy
from scheduler.localtime import local
from tests.rooms.tables import rows

BERLIN = ZoneInfo("Europe/Berlin")
POLICY = shipped_policy().care
TODAY = date(2026, 3, 5)


def moment(words: str) -> datetime:
    """ "03-05 20:00" on the clock of Berlin."""
    day, at = words.split()
    return datetime.fromisoformat(f"2026-{day}T{at}").replace(tzinfo=BERLIN).astimezone(UTC)


def here(row: dict[str, Any]) -> Here:
    start, end = map(time.fromisoformat, row["quiet"].split("-")) if "quiet" in row else (None, None)
    return Here(
        moment(row["now"]),
        Hours(BERLIN, start, end),
        date.fromisoformat(row["since"]),
        row.get("silent", False),
        moment(row["calm_until"]) if "calm_until" in row else None,
    )


def file_of(row: dict[str, Any]) -> File:
    appointment = None
    if "appointment" in row:
        day, _, at = row["appointment"].partition(" ")
        known = time.fromisoformat(at) if at else None
        appointment = Appointment(date.fromisoformat(day), known, "", row.get("reminded", False))
    follow = Follow(moment(row["follow"]), row.get("asked", 0)) if "follow" in row else None
    last, asked_on = (
        date.fromisoformat(row[name]) if name in row else None for name in ("last_review", "review_asked_on")
    )
    return File(appointment=appointment, follow=follow, last_review=last, review_asked_on=asked_on)


def deed(found: Look) -> str:
    deeds = {"remind": found.remind is not None, "ask": found.ask, "review": found.review}
    done = [name for name, is_done in deeds.items() if is_done]
    assert len(done) <= 1
    return done[0] if done else "nothing"


@rows("care.toml", "look")
def test_what_follows(row: dict[str, Any]) -> None:
    found = look(file_of(row), here(row), POLICY)
    assert deed(found) == row["then"]
    assert found.next_wake == (moment(row["wake"]) if row["wake"] else None)


@rows("care.toml", "day")
def test_a_date_that_is_typed(row: dict[str, Any]) -> None:
    span = rules.change_days(TODAY) if row.get("past") else rules.appointment_days(TODAY)
    expected = tuple(map(date.fromisoformat, row["days"])) if "days" in row else Why(row["refused"])
    assert read_day(row["typed"], span) == expected


@rows("care.toml", "ways")
def test_a_way_to_reach_somebody_that_is_typed(row: dict[str, Any]) -> None:
    ways = Ways(row.get("phone", ""), row.get("email", ""))
    assert team.read_ways(row["typed"], "DE") == (None if ways == Ways() else ways)


def test_an_address_longer_than_any_is_refused() -> None:
    assert team.read_email("a" * 242 + "@example.org")
    assert team.read_email("a" * 243 + "@example.org") is None


@given(st.text(max_size=80), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_no_text_breaks_the_reading_of_dates_or_of_ways(words: str, today: date) -> None:
    for span in (rules.appointment_days(today), rules.change_days(today)):
        found = read_day(words, span)
        assert isinstance(found, Why) or all(span.holds(day) for day in found)
    team.read_ways(words, "DE")


@given(st.dates(TODAY, TODAY + timedelta(days=730)))
def test_every_day_can_be_typed_in_every_form(day: date) -> None:
    span = rules.appointment_days(TODAY)
    assert read_day(day.isoformat(), span) == (day,)
    assert read_day(f"{day.day}.{day.month}.{day.year}", span) == (day,)
    slashed = read_day(f"{day.month}/{day.day}/{day.year}", span)
    assert not isinstance(slashed, Why)
    assert day in slashed
    assert len(slashed) <= 2


def test_days_are_named_in_the_language_of_the_person_and_with_another_year() -> None:
    assert day_words("en", date(2026, 3, 12), TODAY) == "Thu 12 Mar"
    assert day_words("en", date(2027, 3, 12), TODAY) == "Fri 12 Mar 2027"
    for language in LANGUAGE_NAMES:
        assert "12" in day_words(language, date(2026, 3, 12), TODAY)
        assert "2027" in day_words(language, date(2027, 3, 12), TODAY)
    assert day_words("de", date(2026, 3, 12), TODAY) == "Do., 12. März"


# What stays true whatever happens

instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - in UTC a word later
zones = st.sampled_from(["America/New_York", "Pacific/Apia", "Europe/Berlin", "Asia/Kathmandu"]).map(ZoneInfo)
minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0))
quiets = st.one_of(st.just((None, None)), st.tuples(minutes, minutes))
days = st.dates(date(2025, 1, 1), date(2027, 1, 1))
appointments = st.builds(Appointment, days, st.none() | minutes, st.just(""), st.booleans())
follows = st.builds(Follow, instants, st.integers(0, 2))
files = st.builds(
    File,
    appointment=st.none() | appointments,
    last_review=st.none() | days,
    follow=st.none() | follows,
    review_asked_on=st.none() | days,
)


@given(files, instants, zones, quiets, st.booleans(), st.none() | st.integers(1, 720))
def test_nobody_is_asked_at_night_in_quiet_or_calm_hours_or_during_a_pause_and_nothing_is_said_twice(
    kept: File,
    now: datetime,
    zone: ZoneInfo,
    quiet: tuple[time | None, time | None],
    silent: bool,
    calm: int | None,
) -> None:
    hours = Hours(zone, *quiet)
    until = now + timedelta(minutes=calm) if calm else None
    at = Here(now, hours, date(2025, 1, 1), silent, until)
    found = look(kept, at, POLICY)
    if deed(found) != "nothing":
        assert not silent
    if found.ask or found.review:
        clock = local(now, zone).time().replace(second=0, microsecond=0)
        assert not is_quiet(clock, *quiet)
        assert FIRST <= clock <= LAST or not any(FIRST <= minute <= LAST for minute in hours.humane())
        assert until is None
    assert found.next_wake is None or found.next_wake > now
    again = look(found.file, at, POLICY)
    assert deed(found) == "nothing" or deed(again) != deed(found)


@settings(max_examples=40)
@given(files, instants, zones, quiets, st.booleans())
def test_a_notice_is_asked_about_at_most_twice_and_the_timer_comes_to_rest(
    kept: File, now: datetime, zone: ZoneInfo, quiet: tuple[time | None, time | None], says_not_yet: bool
) -> None:
    hours = Hours(zone, *quiet)
    kept = rules.suggested(replace(kept, appointment=None), now, hours, POLICY)
    asked, reviews, until = [], [], now + timedelta(days=400)
    at: datetime | None = now
    while at is not None and at < until:
        found = look(kept, Here(at, hours, date(2025, 1, 1)), POLICY)
        kept = found.file
        if found.ask:
            asked.append(at)
            if says_not_yet:
                kept = rules.not_yet(kept, at + timedelta(hours=1), hours, POLICY)
        if found.review:
            reviews.append(at)
        at = found.next_wake
    assert len(asked) == 2
    assert asked[0] - now >= timedelta(days=3) - timedelta(hours=1)  # clocks move
    assert asked[1] - asked[0] >= timedelta(days=3) - timedelta(hours=1)
    assert kept.follow is None
    assert all(b - a >= timedelta(days=89) for a, b in pairwise(reviews))


@given(appointments, instants, zones, quiets)
def test_every_appointment_has_its_word_on_the_day_before_and_its_question_after(
    planned: Appointment, now: datetime, zone: ZoneInfo, quiet: tuple[time | None, time | None]
) -> None:
    hours = Hours(zone, *quiet)
    before, after = rules.remind_at(planned, hours), rules.after_at(planned, hours)
    assert local(before, zone).date() == planned.on - timedelta(days=1)
    if zone.key == "Asia/Kathmandu":  # elsewhere the clock may jump into quiet hours
        assert not is_quiet(local(before, zone).time(), *quiet)
    assert local(after, zone).date() > planned.on
    assert before < rules.begins_at(planned, hours) < after


# What a person does


def test_whoever_talked_is_asked_no_more_and_an_appointment_of_today_is_over() -> None:
    noon, hours = moment("03-05 12:00"), Hours(BERLIN)
    open_one = rules.suggested(File(appointment=Appointment(TODAY)), noon, hours, POLICY)
    assert rules.talked(open_one, TODAY) == File(last_review=TODAY)
    ahead = Appointment(TODAY + timedelta(days=1))
    assert rules.talked(File(appointment=ahead), TODAY).appointment == ahead


def test_a_not_yet_is_asked_once_more_after_three_days_and_not_a_third_time() -> None:
    noon, hours = moment("03-05 12:00"), Hours(BERLIN)
    once = File(follow=Follow(moment("03-08 09:00"), 1))
    later = rules.not_yet(once, noon, hours, POLICY)
    assert later.follow == Follow(moment("03-08 12:00"), 1)
    assert rules.asks_again(later, POLICY)
    twice = File(follow=Follow(noon, 2))
    assert rules.not_yet(twice, noon, hours, POLICY) == twice
    assert not rules.asks_again(twice, POLICY)
    assert rules.not_yet(File(), noon, hours, POLICY) == File()


def test_a_not_yet_to_an_old_question_counts_for_the_new_one() -> None:
    noon, hours = moment("03-05 12:00"), Hours(BERLIN)
    fresh = rules.suggested(File(), noon, hours, POLICY)
    assert rules.not_yet(fresh, noon, hours, POLICY).follow == Follow(moment("03-08 12:00"), 1)


def test_a_new_notice_takes_the_place_of_the_open_question_at_a_humane_hour() -> None:
    late, hours = moment("03-05 23:30"), Hours(BERLIN)
    found = rules.suggested(File(follow=Follow(late, 2)), late, hours, POLICY)
    assert found.follow == Follow(moment("03-09 10:00"), 0)


@pytest.mark.parametrize(("now", "reminded"), [("03-05 16:59", False), ("03-05 17:00", True)])
def test_whoever_notes_an_appointment_on_its_eve_needs_no_reminder(now: str, reminded: bool) -> None:
    tomorrow = Appointment(TODAY + timedelta(days=1))
    found = rules.planned(File(), tomorrow, moment(now), Hours(BERLIN)).appointment
    assert found == replace(tomorrow, reminded=reminded)


@pytest.mark.parametrize(
    ("chosen", "tapped", "then"),
    [
        ([], "dose", ["dose"]),
        (["dose"], "dose", []),
        (["dose"], "medicine", ["dose", "medicine"]),
        (["medicine"], "dose", ["dose", "medicine"]),
        (["dose", "visit"], "same", ["same", "visit"]),
        (["same", "else"], "medicine", ["medicine", "else"]),
        (["same"], "visit", ["same", "visit"]),
    ],
)
def test_several_things_come_of_a_talk_but_not_a_change_and_none(
    chosen: list[str], tapped: str, then: list[str]
) -> None:
    assert rules.toggled(chosen, tapped) == then


# What is kept


@given(
    files,
    st.lists(st.text(min_size=1, max_size=20), max_size=10, unique=True),
    st.none() | st.text(max_size=50),
)
def test_a_file_that_is_stored_is_the_same_file_when_it_is_read(
    kept: File, questions: list[str], words: str | None
) -> None:
    kept = replace(kept, questions=tuple(questions), draft=words)
    assert file.read(file.content_of(kept)) == kept


def test_the_names_in_a_stored_file_are_those_that_others_read() -> None:
    kept = File(
        Appointment(date(2026, 3, 12), time(9, 30), "Dr. Meyer"),
        ("How long?",),
        "I sleep badly.",
        date(2026, 3, 1),
        Follow(datetime(2026, 3, 8, 11, tzinfo=UTC), 1),
        date(2026, 2, 1),
    )
    assert file.content_of(kept) == {
        "appointment": {"on": "2026-03-12", "at": "09:30", "with": "Dr. Meyer", "reminded": False},
        "questions": ["How long?"],
        "draft": "I sleep badly.",
        "last_review": "2026-03-01",
        "follow": {"due": "2026-03-08T11:00:00+00:00", "asked": 1},
        "review_asked_on": "2026-02-01",
    }
    assert file.read({}) == File()


def test_ten_questions_are_the_most_and_one_can_be_taken_out_by_its_key_alone() -> None:
    kept = File()
    for n in range(12):
        kept = kept.with_question(f"Question {n}?")
    assert len(kept.questions) == 10
    assert kept.with_question("Question 0?") == kept
    left = kept.without_question(question_key("Question 3?"))
    assert "Question 3?" not in left.questions
    assert left.without_question(question_key("Question 3?")) == left


@pytest.mark.parametrize("role", Role)
def test_somebody_who_is_stored_is_the_same_when_they_are_read(role: Role) -> None:
    kept = Contact("Dr. Meyer", role, "+4930123456", "meyer@example.org", 7)
    content = team.content_of(kept)
    assert set(content) == {"name", "role", "phone", "email"}
    assert team.read(content, 7) == kept


# The draft


def test_of_a_notice_only_what_is_there_is_used() -> None:
    notice = {"since": "2026-02-20", "taken": 26, "due": 28, "stable_since": "2025-12-01", "kind": "concern"}
    assert facts_of(notice) == Facts(date(2026, 2, 20), 26, 28, date(2025, 12, 1))
    assert facts_of({}) == Facts()
    assert facts_of({"since": None, "taken": "many", "due": True, "stable_since": "soon"}) == Facts()
    assert Facts(taken=0, due=14).doses == (0, 14)
    assert Facts(taken=3, due=0).doses is None
    assert Facts(due=3).doses is None


@pytest.mark.parametrize(
    ("kinds", "since"),
    [
        ([], None),
        (["concern"], 1),
        (["watch", "concern"], 1),
        (["not_enough_checkins", "two_missed_days", "confirmed"], 3),
        (["cleared", "concern"], None),
        (["watch", "cleared"], 1),
        (["baseline", "restless"], None),
        ([None], 1),
    ],
)
def test_a_draft_says_that_the_mood_is_lower_only_while_a_notice_says_so(
    kinds: list[str | None], since: int | None
) -> None:
    told = [
        {"since": date(2026, 3, n).isoformat(), **({"kind": kind} if kind else {})}
        for n, kind in enumerate(kinds, 1)
    ]
    found = newest_facts(told)
    assert found == (None if since is None else Facts(since=date(2026, 3, since)))


def test_a_draft_for_the_clipboard_counts_as_the_platform_counts() -> None:
    assert Draft("x" * 256).copied
    assert not Draft("x" * 257).copied
    assert not Draft("😀" * 129).copied


def test_a_draft_too_long_for_an_address_leaves_the_chat_reachable() -> None:
    short, long = Draft("When could we speak?"), Draft("ä" * 900)
    assert short.to("+4930123456") == "https://t.me/+4930123456?text=When%20could%20we%20speak%3F"
    assert short.shared == "https://t.me/share/url?url=When%20could%20we%20speak%3F"
    assert long.to("+4930123456") == "https://t.me/+4930123456"
    assert long.shared is None


def test_a_span_holds_its_ends() -> None:
    span = Span(TODAY, TODAY)
    assert span.holds(TODAY)
    assert not span.holds(TODAY + timedelta(days=1))


def test_after_we_were_away_a_question_waits_until_doses_are_caught_up() -> None:
    back = moment("03-05 12:00")
    kept = File(follow=Follow(back - timedelta(hours=1), 0))
    seen = Here(back, Hours(BERLIN, None, None), date(2026, 3, 1), away=((back - timedelta(hours=3), back),))
    assert not look(kept, seen, POLICY).ask
    assert look(kept, seen, POLICY).next_wake == back + timedelta(hours=2)
    assert look(kept, replace(seen, now=back + timedelta(hours=2)), POLICY).ask
