"""What goes into a visit summary, and what its text says of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.questionnaires.instrument import INSTRUMENTS
from bot.reports import page, rules, twin
from bot.reports.rules import Appointment, ChangeKind, Note, Record, Regimen, Result, Version, summary
from scheduler.timing import Daily
from storage.adherence import DayCount, DueDose, day_counts
from storage.vocabulary import DoseState, NoteKind, SkipReason
from tests.pictures.records import FULL, HUGE, NOTHING, TODAY, sentence

MORNING, EVENING = Daily((time(8),)), Daily((time(20),))
FIRST = rules.first_day(TODAY)


def regimen(*versions: tuple[int, str, str], key: int = 1, until: int | None = None) -> Regimen:
    """A regimen whose versions (days ago, name, amount) are oldest first."""
    made = tuple(
        Version(TODAY - timedelta(days=ago), name, amount, MORNING) for ago, name, amount in versions
    )
    return Regimen(key, made, None if until is None else TODAY - timedelta(days=until))


def changes(*regimens: Regimen) -> list[tuple[int, ChangeKind, int]]:
    found = summary(Record(TODAY, regimens), named=True).changes
    return [((TODAY - change.on).days, change.kind, change.number) for change in found]


def test_the_period_has_ninety_days_with_today() -> None:
    found = summary(NOTHING, named=True)
    assert (found.first, found.today, len(found.mood)) == (FIRST, TODAY, 90)
    assert all(score is None for _, score in found.mood)


def test_scales_are_those_of_the_questionnaires() -> None:
    assert {key: (each.name, each.highest) for key, each in INSTRUMENTS.items()} == rules.SCALES


def test_each_change_of_amount_has_its_day_and_the_newest_is_first() -> None:
    found = changes(regimen((200, "A", "50 mg"), (60, "A", "75 mg"), (20, "A", "100 mg")))
    assert found == [(20, ChangeKind.AMOUNT, 1), (60, ChangeKind.AMOUNT, 1)]


def test_a_correction_on_the_same_day_is_no_change() -> None:
    assert changes(regimen((50, "A", "5 mg"), (50, "A", "50 mg"))) == [(50, ChangeKind.ADDED, 1)]


def test_other_times_and_another_name_are_changes_of_their_own() -> None:
    one = regimen((200, "A", ""))
    moved = replace(one.versions[0], since=TODAY, name="B", timing=EVENING)
    found = changes(replace(one, versions=(*one.versions, moved)))
    assert [kind for _, kind, _ in found] == [ChangeKind.TIMES, ChangeKind.NAME]


def test_a_medicine_stopped_before_the_period_is_left_out_and_one_stopped_in_it_is_there() -> None:
    gone, there = regimen((300, "A", ""), key=1, until=91), regimen((300, "B", ""), key=2, until=30)
    found = summary(Record(TODAY, [gone, there]), named=True)
    assert [(each.number, each.name) for each in found.medicines] == [(1, "B")]
    assert changes(gone, there) == [(30, ChangeKind.STOPPED, 1)]


def test_the_amount_says_since_when_it_has_been_the_same() -> None:
    [one] = summary(
        Record(TODAY, [regimen((300, "A", "50"), (200, "A", "75"), (9, "B", "75"))]), named=True
    ).medicines
    assert ((TODAY - one.since).days, (TODAY - one.amount_since).days) == (300, 200)


def test_the_chart_marks_changes_of_medicines_for_the_mood_and_not_their_first_days_here() -> None:
    first, later = regimen((80, "A", "50"), (40, "A", "75")), regimen((30, "B", ""), key=2)
    soon = regimen((74, "C", ""), key=3)
    vitamin = replace(regimen((20, "D", "1"), (10, "D", "2"), key=4), for_mood=False)
    found = summary(Record(TODAY, [first, later, soon, vitamin], declared_changes=[TODAY]), named=True)
    assert [(TODAY - day).days for day in found.marked] == [40, 30, 0]


def dose(regimen_id: int, ago: int, state: DoseState, reason: SkipReason | None = None) -> DueDose:
    day = TODAY - timedelta(days=ago)
    due = datetime.combine(day, time(8), UTC)
    return DueDose(regimen_id, day, state, due, due + timedelta(hours=4), reason)


def test_bare_days_are_about_medicines_for_the_mood() -> None:
    vitamin = replace(regimen((80, "D", ""), key=2), for_mood=False)
    doses = [dose(1, 3, DoseState.MISSED), dose(2, 3, DoseState.TAKEN), dose(2, 5, DoseState.MISSED)]
    found = summary(Record(TODAY, [regimen((80, "A", "")), vitamin], day_counts(doses)), named=True)
    assert [(TODAY - day).days for day in found.bare] == [3]


def test_figures_of_each_medicine_stand_beside_those_of_all_when_there_are_several() -> None:
    doses = [dose(1, 1, DoseState.TAKEN), dose(2, 1, DoseState.MISSED)]
    two = [regimen((80, "A", "")), regimen((80, "B", ""), key=2)]
    found = summary(Record(TODAY, two, day_counts(doses)), named=True).figures
    assert [(each.number, each.adherence.taking.part, each.adherence.taking.of) for each in found] == [
        (None, 1, 2),
        (1, 1, 1),
        (2, 0, 1),
    ]
    assert len(summary(Record(TODAY, two[:1], day_counts(doses)), named=True).figures) == 1


def test_skips_because_of_side_effects_are_listed_once_a_day_the_newest_first() -> None:
    day = TODAY - timedelta(days=1)
    skips = [(day, 1), (day, 1), (TODAY, 1), (TODAY, 9)]
    found = summary(Record(TODAY, [regimen((80, "A", ""))], skips=skips), named=True)
    assert found.side_effects == ((TODAY, 1), (day, 1))


def test_a_note_keeps_the_words_of_the_person_and_no_name_where_none_is_shown() -> None:
    day = TODAY - timedelta(days=1)
    notes = [
        Note(day, 5, "Zoloft makes my mouth dry", NoteKind.SIDE_EFFECT),
        Note(TODAY, 5, "ok", NoteKind.NOTE),
    ]
    record = Record(TODAY, [regimen((80, "Zoloft", ""), key=5)], notes=notes)
    assert [(note.on, note.number, note.words) for note in summary(record, named=False).notes] == [
        (TODAY, 1, "ok"),
        (day, 1, "… makes my mouth dry"),
    ]
    assert "Zoloft makes my mouth dry" in twin.text(sentence, summary(record, named=True)).plain
    assert "Zoloft" not in twin.text(sentence, summary(record, named=False)).plain


def test_what_was_taken_beyond_the_plan_and_as_needed_is_told_apart() -> None:
    counts = [DayCount(1, TODAY, taken=1, in_time=1, extra=2, as_needed=3)]
    words = twin.text(sentence, summary(Record(TODAY, [regimen((80, "A", ""))], counts), named=True)).plain
    assert "as needed 3; extra doses 2" in words
    assert "counted nowhere else: 2." in words


@pytest.mark.parametrize(("ahead", "shown"), [(-1, False), (0, True), (5, True)])
def test_an_appointment_is_shown_until_it_is_over(ahead: int, shown: bool) -> None:
    on = TODAY + timedelta(days=ahead)
    plans = {"appointment": {"on": on.isoformat(), "at": "10:30", "with": "Dr. X"}}
    found = summary(Record(TODAY, plans=plans), named=True).appointment
    assert found == (Appointment(on, time(10, 30), "Dr. X") if shown else None)


@pytest.mark.parametrize("at", [None, "", "half past ten", 10])
def test_an_appointment_without_a_time_that_can_be_read_has_none(at: object) -> None:
    plans = {"appointment": {"on": TODAY.isoformat(), "at": at, "with": None}}
    assert summary(Record(TODAY, plans=plans), named=True).appointment == Appointment(TODAY, None, "")


@pytest.mark.parametrize("plans", [None, {}, {"appointment": None, "questions": None}, {"appointment": 3}])
def test_without_plans_there_are_none(plans: dict[str, object] | None) -> None:
    found = summary(Record(TODAY, plans=plans), named=True)
    assert (found.appointment, found.questions) == (None, ())


def test_notices_of_the_period_come_newest_first_and_one_without_a_day_is_left_out() -> None:
    days = [TODAY, FIRST, FIRST - timedelta(days=1)]
    rows = [{"kind": "watch", "class": None, "on": day.isoformat()} for day in reversed(days)]
    found = summary(Record(TODAY, notices=[*rows, {"kind": "watch"}]), named=True)
    assert [notice.on for notice in found.notices] == [TODAY, FIRST]


def test_a_notice_says_lower_than_usual_and_never_more() -> None:
    kinds = ["watch", "concern", "confirmed", "cleared", "two_missed_days", "restless", "baseline", "new"]
    patterns = [None, "breakthrough", "missed_doses", "dose_change", "unknown_adherence", "newer"]
    rows = [{"kind": k, "class": p, "on": TODAY.isoformat()} for k in kinds for p in patterns]
    words = twin.text(sentence, summary(Record(TODAY, notices=rows), named=True), 10**6).plain
    assert "mood lower than usual" in words
    for never in ("relapse", "breakthrough", "missed", "depress", "None", "!"):
        assert never not in words


def test_without_names_no_name_and_no_amount_is_said_anywhere() -> None:
    asked = "Is SERTRALINE to blame, or Bupropion?"
    record = replace(FULL, plans={"questions": [asked]})
    hidden = summary(record, named=False)
    said = twin.text(sentence, hidden).plain + str(page.data(sentence, hidden))
    for regimen in FULL.regimens:
        for version in regimen.versions:
            assert version.name.casefold() not in said.casefold()
            assert not version.amount or version.amount not in said
    assert "medicine 1" in said
    assert "Is … to blame, or …?" in said


@pytest.mark.parametrize("record", [NOTHING, FULL, HUGE], ids=["nothing", "full", "huge"])
def test_the_text_is_one_message(record: Record) -> None:
    text = twin.text(sentence, summary(record, named=True))
    assert twin.units(text) <= twin.LONGEST
    assert "It is no diagnosis." in text.plain
    assert "No clinician has reviewed the program." in text.plain
    assert "Found by fixed rules" in text.plain or not record.notices


def test_what_the_text_leaves_out_is_counted_section_by_section() -> None:
    whole = twin.text(sentence, summary(HUGE, named=True), 10**9).plain.split("\n\n")
    cut = twin.text(sentence, summary(HUGE, named=True)).plain.split("\n\n")
    counted = 0
    for long, short in zip(whole, cut, strict=False):
        entries = short.count("\n· ")
        if "\n· and " in short:
            rest = int(short.split("\n· and ")[1].split(" more")[0])
            assert long.count("\n· ") == entries - 1 + rest
            counted += 1
    assert counted >= 5


@given(st.integers(300, 4000), st.integers(0, 90), st.integers(0, 90))
def test_the_text_never_exceeds_its_limit(longest: int, results: int, questions: int) -> None:
    record = Record(
        TODAY,
        [regimen((80, "💊" * 30, "1"))],
        results=[Result(FIRST + timedelta(days=n), "PHQ-9", n, 27) for n in range(results)],
        plans={"questions": [f"{number}? " * 9 for number in range(questions)]},
    )
    assert twin.units(twin.text(sentence, summary(record, named=True), longest)) <= longest


def test_the_words_of_a_page_have_no_mark_that_belongs_to_a_chat() -> None:
    said = str(page.data(sentence, summary(FULL, named=True)))
    assert not any(mark in said for mark in "\u2068\u2069\u2060")
    assert page.data(sentence, summary(FULL, named=True), "de")["language"] == "en"
    assert date(2026, 3, 12) == TODAY
