"""Sharing that looks unusual, as when somebody is made to share. Pure.

Nothing here accuses anyone: most of it happens in families that are well. It only decides whether a person is
shown, in private, that nobody has to share and how to stop. No pattern is told to the caregiver.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Whoever cares for a family is asked by one or two people in a month. Three who begin within one look like
# somebody who collects people, as in a shared flat or a home.
PERSONS = 3
PERSONS_WITHIN = timedelta(days=30)

# Trying a scope out is on, off and on again. A fourth time within a week looks like a quarrel about it.
SWITCHES = 4
SWITCHES_WITHIN = timedelta(days=7)

# Each scope has a preview that wants to be read. Three of them in the first ten minutes were hardly read by
# whoever is to be seen.
SCOPES_AT_ONCE = 3
AT_ONCE_WITHIN = timedelta(minutes=10)

# To make an invitation, send it, have its text read and agreed to on another phone, and look at the name that
# comes back: that takes two people longer. The platform does not tell one device from another.
ONE_PAIR_OF_HANDS_WITHIN = timedelta(seconds=60)

# What lies further back was told of then, or was not: nothing is told twice, see `bot/escalation/sharing`.
RECENT = timedelta(days=30)


class Pattern(StrEnum):
    """What looks unusual. It is stored nowhere and said to nobody."""

    MANY_PERSONS = "many_persons"
    SWITCHED_OFTEN = "switched_often"
    SWITCHED_AT_ONCE = "switched_at_once"
    ONE_PAIR_OF_HANDS = "one_pair_of_hands"


@dataclass(frozen=True, slots=True)
class Bond:
    """A bond of a caregiver and its moments, in UTC: invitation made, agreed to, confirmed by the person.

    `person` is any number that tells people apart. `confirmed_at` is None before the bond is live.
    """

    person: int
    invited_at: datetime
    agreed_at: datetime
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """The person switched a scope on or off."""

    kind: str
    on: bool
    at: datetime


def unusual(
    bond: Bond, others: Iterable[Bond], changes: Iterable[ScopeChange], now: datetime
) -> frozenset[Pattern]:
    """What looks unusual now about a bond; nothing before it is live or after it has ended.

    `others` are the caregiver's bonds with other persons; `changes` are those of this bond alone.
    """
    if bond.confirmed_at is None or (bond.ended_at is not None and bond.ended_at <= now):
        return frozenset()
    changes, fresh = tuple(changes), now - bond.confirmed_at < RECENT
    found = {
        Pattern.MANY_PERSONS: _many_persons((bond, *others), now),
        Pattern.SWITCHED_OFTEN: _switched_often(changes, now),
        Pattern.SWITCHED_AT_ONCE: fresh and _switched_at_once(changes, bond.confirmed_at),
        Pattern.ONE_PAIR_OF_HANDS: fresh and _one_pair_of_hands(bond, bond.confirmed_at),
    }
    return frozenset(pattern for pattern, there in found.items() if there)


def _many_persons(bonds: Iterable[Bond], now: datetime) -> bool:
    begun = {
        bond.person
        for bond in bonds
        if bond.confirmed_at is not None
        and now - PERSONS_WITHIN < bond.confirmed_at <= now
        and (bond.ended_at is None or bond.ended_at > now)
    }
    return len(begun) >= PERSONS


def _switched_often(changes: Iterable[ScopeChange], now: datetime) -> bool:
    lately = Counter(change.kind for change in changes if now - SWITCHES_WITHIN < change.at <= now)
    return max(lately.values(), default=0) >= SWITCHES


def _switched_at_once(changes: Iterable[ScopeChange], confirmed_at: datetime) -> bool:
    first = {
        change.kind
        for change in changes
        if change.on and timedelta(0) <= change.at - confirmed_at <= AT_ONCE_WITHIN
    }
    return len(first) >= SCOPES_AT_ONCE


def _one_pair_of_hands(bond: Bond, confirmed_at: datetime) -> bool:
    moments = (bond.invited_at, bond.agreed_at, confirmed_at)
    return max(moments) - min(moments) <= ONE_PAIR_OF_HANDS_WITHIN
