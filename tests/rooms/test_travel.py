"""What a journey changes for a medicine: travel.toml is the specification, and nothing is doubled or lost."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.times import Understood, read_timing
from bot.medicines.travel import compare, mark, marked
from scheduler.localtime import all_zones, local, zone
from scheduler.timing import Daily, Planned, Slot, Timing, Weekly, planned
from tests.rooms.tables import rows

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
PLACES = ("Pacific/Auckland", "Asia/Tokyo", "Europe/Berlin", "America/New_York", "Pacific/Pago_Pago")


def timing_of(words: str) -> Timing:
    reading = read_timing(words, date(2026, 3, 5))
    assert isinstance(reading, Understood)
    assert isinstance(reading.value.timing, Daily | Weekly)
    return reading.value.timing


def shown(words: str, at: ZoneInfo) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=at).astimezone(UTC)


def slot(words: str) -> Slot:
    moment = datetime.fromisoformat(words)
    return Slot(moment.date(), moment.time())


@rows("travel.toml", "journey")
def test_what_a_journey_changes(row: dict[str, Any]) -> None:
    old, new = zone(row["from"]), zone(row["to"])
    last = Planned(slot(row["last"]), shown(row["last"], old)) if "last" in row else None
    found = compare(timing_of(row["timing"]), old, new, last, shown(row["at"], old))
    assert found.before is not None
    assert found.after is not None
    assert local(found.before.due_at, new) == datetime.fromisoformat(row["before"]).replace(tzinfo=new)
    assert local(found.after.due_at, new) == datetime.fromisoformat(row["after"]).replace(tzinfo=new)
    assert found.gap == (row["gap"] * HOUR if "gap" in row else None)
    assert found.usual == (row["usual"] * HOUR if "usual" in row else None)
    assert found.warning == row.get("warning")
    assert [kept.slot for kept in found.kept] == [slot(words) for words in row.get("kept", ())]


@given(
    st.sampled_from(PLACES),
    st.sampled_from(PLACES),
    st.sets(st.integers(0, 23).map(time), min_size=1, max_size=3),
    st.integers(0, 400),
)
def test_every_slot_of_the_new_clock_comes_or_was_had_and_none_comes_twice(
    old_key: str, new_key: str, times: set[time], hours: int
) -> None:
    old, new, timing = zone(old_key), zone(new_key), Daily(tuple(sorted(times)))
    now = NOON + hours * HOUR
    had = list(planned(timing, old, after=now - timedelta(days=3), until=now))
    found = compare(timing, old, new, had[-1], now, booked={each.slot for each in had})
    assert found.after is not None
    assert found.after.slot not in {each.slot for each in had}
    until_then = list(planned(timing, new, after=now, until=found.after.due_at))
    came = {each.slot for each in until_then}
    assert came == {each.slot for each in found.kept} | {
        each.slot for each in until_then if each.due_at == found.after.due_at
    }


def test_a_zone_on_a_button_is_known_again() -> None:
    assert len({mark(key) for key in all_zones()}) == len(all_zones())
    assert marked(mark("Pacific/Auckland")) == zone("Pacific/Auckland")
    assert marked("no zone") is None
