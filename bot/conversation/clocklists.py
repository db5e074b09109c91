"""Lists of times of day, such as "8am, noon and 20h", in plain text.

Morning or evening, in short:

* "8am", "20:00", "08:00", "0800", "20h" and "noon" say it themselves, and so does "8:30" alone (08:30).
* "8" alone does not: 08:00 or 20:00.
* In a list, a time that only a 24-hour clock shows (13 and above, 0, a leading zero, "8h") settles the bare
  hours beside it: "8, 20" is 08:00 and 20:00. "8:30" settles nothing: "8:30, 9" asks about the 9.
* Beside am or pm people write the 12-hour clock: in "8:30, 9pm" the "8:30" asks as well.
* Nobody means one time twice: "8 and 8" is 08:00 and 20:00, and "8am, 8am" is not understood.
* Three unclear hours make eight readings, too many to offer: the person is asked to write am or pm.

Several lists of one phrase are read together: in "8, weekends 10:00pm" the "8" stands beside pm.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from itertools import product
from typing import Literal

from bot.conversation.readings import NotUnderstood, Read, Understood, Why, one_of
from bot.conversation.timegrammar import Grammar
from scheduler.timing import MOST_TIMES_A_DAY

MOST_UNCLEAR = 2

Times = tuple[time, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """One time as it was typed."""

    words: str
    hour: int
    minute: int | None = None
    half: Literal["am", "pm"] | None = None
    only_24_hour: bool = False
    named: bool = False

    @property
    def bare(self) -> bool:
        """Whether it is a number and nothing else."""
        return self.minute is None and self.half is None and not self.only_24_hour

    def readings(self, *, settled: bool, twelve_hour: bool) -> Times:
        """The times it may mean: none when no clock shows it, two when morning or evening is unclear."""
        minute = self.minute or 0
        if self.hour > 23 or minute > 59 or (self.half and not 1 <= self.hour <= 12):
            return ()
        if self.half:
            return (time(self.hour % 12 + (12 if self.half == "pm" else 0), minute),)
        typed = time(self.hour, minute)
        clear = self.named or self.only_24_hour or (settled if self.minute is None else not twelve_hour)
        return (typed,) if clear else (typed, time((self.hour + 12) % 24, minute))


def read_list(plain: str, grammar: Grammar, *, twelve_hour: bool = False) -> Read[Times]:
    """The times of one list, in order; `twelve_hour` says that "6:42" may be in the evening."""
    reading = read_lists([plain], grammar, twelve_hour=twelve_hour)
    if isinstance(reading, NotUnderstood):
        return reading
    if isinstance(reading, Understood):
        return Understood(reading.value[0])
    return one_of((lists[0] for lists in reading.options), reading.phrase, Why.SAID_TWICE)


def read_lists(
    plains: Sequence[str], grammar: Grammar, *, twelve_hour: bool = False
) -> Read[tuple[Times, ...]]:
    """The times of several lists of one phrase, each list in order."""
    lists: list[list[_Said]] = []
    for plain in plains:
        said = _said_in(plain, grammar)
        if isinstance(said, NotUnderstood):
            return said
        lists.append(said)
    if any(len(said) > MOST_TIMES_A_DAY for said in lists):
        return NotUnderstood(Why.TOO_MANY)
    return _together(_everything(lists, twelve_hour=twelve_hour))


def read_pair(first: str, last: str, grammar: Grammar) -> Read[tuple[time, time]]:
    """Two times of which one comes before the other, such as those of "between 7:00 and 23:00"."""
    reading = read_lists([first, last], grammar)
    if isinstance(reading, NotUnderstood):
        return reading
    options = [reading.value] if isinstance(reading, Understood) else list(reading.options)
    if any(len(times) != 1 for option in options for times in option):
        return NotUnderstood(Why.TOO_MANY)
    phrase = "" if isinstance(reading, Understood) else reading.phrase
    pairs = [(begins[0], ends[0]) for begins, ends in options if begins != ends]
    return one_of(pairs, phrase, Why.SAID_TWICE)


@dataclass(frozen=True, slots=True)
class _Everything:
    """What the lists of a phrase say together: each time's readings, and the words of the unclear ones."""

    readings: list[list[Times]]
    unclear: list[str]


def _everything(lists: list[list[_Said]], *, twelve_hour: bool) -> _Everything:
    every = [one for said in lists for one in said]
    twelve_hour = twelve_hour or any(one.half for one in every)
    settled = not twelve_hour and any(one.only_24_hour for one in every)
    readings = [[one.readings(settled=settled, twelve_hour=twelve_hour) for one in said] for said in lists]
    flat = [times for times_of_list in readings for times in times_of_list]
    unclear = [one.words for one, times in zip(every, flat, strict=True) if len(times) > 1]
    return _Everything(readings, unclear)


def _together(found: _Everything) -> Read[tuple[Times, ...]]:
    """Every way to choose one reading of each time, without those that name a time of a list twice."""
    if not all(times for of_list in found.readings for times in of_list):
        return NotUnderstood(Why.NOT_A_TIME)
    if len(found.unclear) > MOST_UNCLEAR:
        return NotUnderstood(Why.MORNING_OR_EVENING)
    ways = [
        [tuple(sorted(way)) for way in product(*of_list) if len(set(way)) == len(way)]
        for of_list in found.readings
    ]
    return one_of(product(*ways), ", ".join(found.unclear), Why.SAID_TWICE)


def _said_in(plain: str, grammar: Grammar) -> list[_Said] | NotUnderstood:
    """The times of a list, as typed, when the list is nothing but times and what joins them."""
    said: list[_Said] = []
    joint, position = "", 0
    while match := grammar.time_of_day.match(plain, position):
        one = _said(match, grammar)
        if joint == " " and (one.bare or said[-1].bare):
            break  # "8 20" may be a time or two
        said.append(one)
        if match.end() == len(plain):
            return said
        joined = grammar.joint.match(plain, match.end())
        if not joined:
            break
        joint, position = joined[0], joined.end()
    return NotUnderstood(Why.LEFT_OVER if said or re.search(r"\d", plain) else Why.NO_TIME)


def _said(match: re.Match[str], grammar: Grammar) -> _Said:
    """One time from its match."""
    if match["named"]:
        at = grammar.named_times[match["named"]]
        return _Said(match["named"], at.hour, at.minute, named=True)
    compact = match["compact"]
    hour, minute = (compact[:2], compact[2:]) if compact else (match["hour"], match["minute"])
    half = grammar.halves[match["half"]] if match["half"] else None
    only_24_hour = half is None and (hour.startswith("0") or int(hour) > 12 or match["mark"] is not None)
    return _Said(match["clock"], int(hour), int(minute) if minute else None, half, only_24_hour)
