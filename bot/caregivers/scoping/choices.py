"""How each scope can be set, and how a setting travels in a button. Pure.

What `delay` (minutes) and `threshold` mean, by scope:

| scope             | delay                                   | threshold                       |
|-------------------|-----------------------------------------|---------------------------------|
| dose_not_recorded | after the time at which the dose is due | so many in a row                |
| weekly_count      | time of the day, after midnight         | weekday, 0 is Monday            |
| pattern_noticed   | after the person was shown it           | -                               |
| low_mood          | so many days in a row                   | score of the day from 0 to 10   |
| need_you          | -                                       | -                               |
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from storage.vocabulary import Scope

A_DAY: Final = 24 * 60
# What can be told; the other scope is leave to do something.
TELLING: Final = (
    Scope.DOSE_NOT_RECORDED,
    Scope.WEEKLY_COUNT,
    Scope.PATTERN_NOTICED,
    Scope.LOW_MOOD,
    Scope.NEED_YOU,
)
# The short names of the scopes in a button's argument, which holds at most 24 letters.
LETTERS: Final = {"d": TELLING[0], "w": TELLING[1], "p": TELLING[2], "m": TELLING[3], "n": TELLING[4]}
_ARGUMENT: Final = re.compile(r"([0-9]{1,19})([dwpmnDWPMN])([0-9]{0,5})\.([0-9]{1,2})")
_SHORT: Final = {scope: letter for letter, scope in LETTERS.items()}

DELAYS: Final = {
    Scope.DOSE_NOT_RECORDED: (30, 60, 120, 240),
    Scope.WEEKLY_COUNT: (9 * 60, 12 * 60, 18 * 60, 20 * 60),
    Scope.PATTERN_NOTICED: (0, A_DAY, 3 * A_DAY),
    Scope.LOW_MOOD: (2 * A_DAY, 3 * A_DAY, 5 * A_DAY),
}
THRESHOLDS: Final = {
    Scope.DOSE_NOT_RECORDED: (1, 2, 3),
    Scope.WEEKLY_COUNT: tuple(range(7)),
    Scope.LOW_MOOD: (6, 7, 8),
}
# What can be typed instead: a dose's delay between these, and any time of the day for the week.
SHORTEST_DELAY, LONGEST_DELAY = 30, 12 * 60


@dataclass(frozen=True, slots=True)
class Draft:
    """A scope of a bond as it would be set. `names`: the names of medicines are told too."""

    bond: int
    kind: Scope
    delay: int | None = None
    threshold: int | None = None
    names: bool = False

    def argument(self) -> str:
        """As a button carries it: "12d60.1", and "12D60.1" with the names."""
        letter = _SHORT[self.kind].upper() if self.names else _SHORT[self.kind]
        return f"{self.bond}{letter}{'' if self.delay is None else self.delay}.{self.threshold or 0}"

    def with_delay(self, delay: int) -> "Draft":
        """The same with another delay."""
        return replace(self, delay=delay)

    def with_threshold(self, threshold: int) -> "Draft":
        """The same with another threshold."""
        return replace(self, threshold=threshold)


def usual(bond: int, kind: Scope, *, names: bool = False) -> Draft:
    """What is offered first: the latest and the least, where that is not the person's own word."""
    delay = {
        Scope.DOSE_NOT_RECORDED: 120,
        Scope.WEEKLY_COUNT: 18 * 60,
        Scope.PATTERN_NOTICED: A_DAY,
        Scope.LOW_MOOD: 3 * A_DAY,
    }.get(kind)
    threshold = {Scope.DOSE_NOT_RECORDED: 1, Scope.WEEKLY_COUNT: 6, Scope.LOW_MOOD: 7}.get(kind)
    return Draft(bond, kind, delay, threshold, names and kind is Scope.DOSE_NOT_RECORDED)


def read(argument: str) -> Draft | None:
    """Back from a button; None for what no button of ours holds."""
    found = _ARGUMENT.fullmatch(argument)
    if found is None:
        return None
    bond, letter, delay, threshold = found.groups()
    kind = LETTERS[letter.lower()]
    draft = Draft(
        int(bond),
        kind,
        int(delay) if delay else None,
        int(threshold) if kind in THRESHOLDS else None,
        letter.isupper(),
    )
    return draft if is_possible(draft) else None


def is_possible(draft: Draft) -> bool:
    """Whether a scope can be set so."""
    delays, thresholds = DELAYS.get(draft.kind), THRESHOLDS.get(draft.kind)
    if (draft.delay is None) != (delays is None) or (draft.threshold is None) != (thresholds is None):
        return False
    if thresholds is not None and draft.threshold not in thresholds:
        return False
    match draft.kind:
        case Scope.DOSE_NOT_RECORDED:
            return SHORTEST_DELAY <= (draft.delay or 0) <= LONGEST_DELAY
        case Scope.WEEKLY_COUNT:
            return 0 <= (draft.delay or 0) < A_DAY and not draft.names
    return (delays is None or draft.delay in delays) and not draft.names


def wished(delay: int | None) -> timedelta:
    """A delay as it is stored."""
    return timedelta(minutes=delay or 0)
