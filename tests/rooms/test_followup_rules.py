"""The decision tables of the day after."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.quiet import is_quiet
from bot.escalation.followup.rules import (
    FIRST,
    LAST,
    Card,
    Hours,
    Step,
    ask_until,
    follow_up_at,
    step,
    taken_back,
)
from bot.escalation.rules import Outlook
from scheduler.localtime import local
from tests.rooms.tables import rows

NEW_YORK = ZoneInfo("America/New_York")
OUTLOOKS = {"d": Outlook.DISMISSED, "o": Outlook.OTHER}


def moment(words: str) -> datetime:
    """ "03-05 20:00" on the clock of New York."""
    day, at = words.split()
    return datetime.fromisoformat(f"2026-{day}T{at}").replace(tzinfo=NEW_YORK).astimezone(UTC)


def hours(row: dict[str, Any]) -> Hours:
    if "quiet" not in row:
        return Hours(NEW_YORK)
    start, end = map(time.fromisoformat, row["quiet"].split("-"))
    return Hours(NEW_YORK, start, end)


@rows("followup.toml", "due")
def test_when_the_day_after_is(row: dict[str, Any]) -> None:
    assert follow_up_at(moment(row["shown"]), hours(row)) == moment(row["at"])


@rows("followup.toml", "step")
def test_what_follows(row: dict[str, Any]) -> None:
    asked = moment(row["asked"]) if "asked" in row else None
    found = step([moment(words) for words in row.get("wanted", ())], asked, hours(row), moment(row["now"]))
    expected = {"nothing": Step(), "ask": Step(ask=True), "drop": Step(drop=True)}
    assert found == (expected.get(row["then"]) or Step(next_wake=moment(row["then"])))


@rows("followup.toml", "no")
def test_what_a_no_takes_back(row: dict[str, Any]) -> None:
    cards = [
        Card(number, OUTLOOKS.get(sort.lower(), Outlook.OWN), sort.lower() == "u", sort.lower() == "q")
        for number, sort in enumerate(row["cards"])
    ]
    gone = tuple(number for number, sort in enumerate(row["cards"]) if sort.isupper())
    assert taken_back(cards) == gone


instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - in UTC a word later
zones = st.sampled_from(["America/New_York", "Pacific/Apia", "Europe/Berlin", "Asia/Kathmandu"]).map(ZoneInfo)
quiets = st.one_of(st.just((None, None)), st.tuples(st.times(), st.times()))


@given(instants, zones, quiets)
def test_nobody_is_asked_at_night_or_in_quiet_hours_nor_within_the_calm_hours(
    shown: datetime, zone: ZoneInfo, quiet: tuple[time | None, time | None]
) -> None:
    start, end = (at.replace(second=0, microsecond=0) if at else None for at in quiet)
    here = Hours(zone, start, end)
    at = follow_up_at(shown, here)
    clock = local(at, zone).time().replace(second=0, microsecond=0)
    assert not is_quiet(clock, start, end)
    some_of_the_day = any(FIRST <= minute <= LAST for minute in here.humane())
    assert FIRST <= clock <= LAST or not some_of_the_day
    assert timedelta(hours=12) <= at - shown <= timedelta(hours=37)
    assert step([at], None, here, at) == Step(ask=True)
    assert step([at], None, here, at - timedelta(minutes=1)) == Step(next_wake=at)


@given(instants, zones, quiets)
def test_the_question_has_an_hour_to_arrive_where_the_day_has_one(
    shown: datetime, zone: ZoneInfo, quiet: tuple[time | None, time | None]
) -> None:
    start, end = (at.replace(second=0, microsecond=0) if at else None for at in quiet)
    here = Hours(zone, start, end)
    at = follow_up_at(shown, here)
    until = ask_until(at, at, here)
    if here.asking() != here.humane():
        assert until - at >= timedelta(hours=1)
    assert not is_quiet(local(until - timedelta(minutes=1), zone).time(), start, end)
