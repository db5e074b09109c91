"""Which sharing looks unusual; and that a calm bond never does."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.caregivers.unusual import (
    AT_ONCE_WITHIN,
    ONE_PAIR_OF_HANDS_WITHIN,
    RECENT,
    SCOPES_AT_ONCE,
    Bond,
    Pattern,
    ScopeChange,
    unusual,
)
from tests.rooms.tables import rows

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
SCOPES = ("dose_not_recorded", "weekly_count", "pattern_noticed", "low_mood", "need_you", "may_record")


def bond(confirmed_at: datetime, person: int = 1, ended_at: datetime | None = None) -> Bond:
    """A bond whose making took its time."""
    return Bond(
        person,
        confirmed_at - timedelta(hours=1),
        confirmed_at - timedelta(minutes=40),
        confirmed_at,
        ended_at,
    )


def days(count: float) -> timedelta:
    return timedelta(days=count)


@rows("sharing.toml", "persons")
def test_how_many_people_share_with_one_caregiver(row: dict[str, Any]) -> None:
    own, *others = [
        bond(NOW - days(ago), number, NOW - days(0.5) if number in row.get("ended", ()) else None)
        for number, ago in enumerate(row["began"], 1)
    ]
    assert unusual(own, others, (), NOW) == ({Pattern.MANY_PERSONS} if row["unusual"] else set())


@rows("sharing.toml", "switches")
def test_how_often_a_scope_is_switched(row: dict[str, Any]) -> None:
    seen: Counter[str] = Counter()
    changes = []
    for ago, kind in (words.split() for words in row["switches"]):
        changes.append(ScopeChange(kind, on=seen[kind] % 2 == 0, at=NOW - days(int(ago))))
        seen[kind] += 1
    found = unusual(bond(NOW - days(20)), (), changes, NOW)
    assert found == ({Pattern.SWITCHED_OFTEN} if row["unusual"] else set())


@rows("sharing.toml", "first")
def test_how_many_scopes_are_switched_on_at_once(row: dict[str, Any]) -> None:
    confirmed_at = NOW - days(row.get("ago", 1))
    changes = [
        ScopeChange(kind, on=True, at=confirmed_at + timedelta(minutes=after))
        for kind, after in zip(SCOPES, row["on"], strict=False)
    ]
    found = unusual(bond(confirmed_at), (), changes, NOW)
    assert found == ({Pattern.SWITCHED_AT_ONCE} if row["unusual"] else set())


@rows("sharing.toml", "hands")
def test_how_fast_it_went(row: dict[str, Any]) -> None:
    made = NOW - days(row.get("ago", 1)) - timedelta(seconds=row["confirmed"])
    opened, confirmed = (made + timedelta(seconds=row[name]) for name in ("opened", "confirmed"))
    found = unusual(Bond(1, made, opened, confirmed), (), (), NOW)
    assert found == ({Pattern.ONE_PAIR_OF_HANDS} if row["unusual"] else set())


def test_a_bond_that_is_not_live_yet_or_any_more_tells_nothing() -> None:
    quick = Bond(1, NOW, NOW, None)
    crowd = [bond(NOW, person) for person in range(2, 9)]
    assert unusual(quick, crowd, (), NOW) == set()
    assert unusual(bond(NOW - days(1), ended_at=NOW), crowd, (), NOW) == set()


def test_one_person_twice_is_one_person() -> None:
    """Somebody who ended it and invited the same caregiver anew, and once more."""
    again = [bond(NOW - days(ago)) for ago in (1, 2, 3)]
    assert unusual(again[0], again[1:], (), NOW) == set()


calm_waits = st.timedeltas(ONE_PAIR_OF_HANDS_WITHIN + timedelta(seconds=1), days(1))
ages = st.timedeltas(timedelta(0), days(400))


@given(calm_waits, ages, st.lists(st.tuples(st.sampled_from(SCOPES), ages), unique_by=lambda each: each[0]))
def test_one_calm_bond_with_stable_scopes_is_never_unusual(
    wait: timedelta, age: timedelta, scopes: list[tuple[str, timedelta]]
) -> None:
    """Each scope is switched on at most once, and at most two of them in the first minutes."""
    confirmed_at = NOW - age
    own = Bond(1, confirmed_at - wait, confirmed_at - wait / 2, confirmed_at)
    changes = [ScopeChange(kind, on=True, at=confirmed_at + after) for kind, after in scopes]
    hasty = [change for change in changes if change.at - confirmed_at <= AT_ONCE_WITHIN]
    calm = [change for change in changes if change not in hasty[SCOPES_AT_ONCE - 1 :]]
    assert unusual(own, (), calm, NOW) == set()


@given(
    st.lists(st.tuples(st.integers(1, 6), ages), min_size=1, max_size=8),
    st.lists(st.tuples(st.sampled_from(SCOPES), st.booleans(), ages), max_size=12),
    st.timedeltas(timedelta(0), days(3)),
)
def test_whatever_was_unusual_is_not_so_any_more_when_nothing_has_happened_for_a_month(
    bonds: list[tuple[int, timedelta]], switches: list[tuple[str, bool, timedelta]], wait: timedelta
) -> None:
    """So nothing is told a second time, a month after it was told."""
    own, *others = [Bond(person, NOW - age - wait, NOW - age - wait / 2, NOW - age) for person, age in bonds]
    changes = [ScopeChange(kind, on, NOW - age) for kind, on, age in switches]
    assert unusual(own, others, changes, NOW + RECENT) == set()
