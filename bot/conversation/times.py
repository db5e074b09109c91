"""The times that people type: a small, strict grammar.

A phrase is understood only when every word of it is; anything left over means that nothing was understood.
The general date parsers guess instead, and read "8am and 8pm" as one dose. Where a phrase has two sensible
readings the person is asked.

Morning or evening, in short:

* "8am", "20:00", "08:00", "0800", "20h" and "noon" say it themselves, and so does "8:30" alone (08:30).
* "8" alone does not: 08:00 or 20:00.
* In a list, a time that only a 24-hour clock shows (13 and above, 0, a leading zero, "8h") settles the bare
  hours beside it: "8, 20" is 08:00 and 20:00. "8:30" settles nothing: "8:30, 9" asks about the 9.
* Beside am or pm people write the 12-hour clock: in "8:30, 9pm" the "8:30" asks as well.
* Nobody means one time twice: "8 and 8" is 08:00 and 20:00, and "8am, 8am" is not understood.
* Three unclear hours make eight readings, too many to offer: the person is asked to write am or pm.

The words are data: another language is another `Words`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from itertools import product
from typing import Generic, Literal, TypeVar

from bot.conversation.timegrammar import Grammar, grammar_of
from bot.conversation.timewords import ENGLISH, Words
from scheduler.timing import (
    LONGEST_DAYS,
    LONGEST_HOURS,
    MOST_TIMES_A_DAY,
    SHORTEST_HOURS,
    Daily,
    EveryNDays,
    Interval,
    Timing,
    Weekly,
)

LONGEST_PHRASE = 200
MOST_UNCLEAR = 2

Times = tuple[time, ...]
Value = TypeVar("Value")


# What a reading is


class Why(Enum):
    """Why a phrase was not understood; the sentence for it is the room's to say."""

    EMPTY = "empty"
    TOO_LONG = "too long"
    NO_TIME = "no time"
    NOT_A_TIME = "not a time"
    LEFT_OVER = "left over"
    MORNING_OR_EVENING = "morning or evening"
    SAID_TWICE = "said twice"
    TOO_MANY = "too many"
    COUNT_DIFFERS = "count differs"
    OUT_OF_RANGE = "out of range"


@dataclass(frozen=True, slots=True)
class Understood(Generic[Value]):
    """The phrase has one reading."""

    value: Value


@dataclass(frozen=True, slots=True)
class Ambiguous(Generic[Value]):
    """The phrase has two to four readings, as typed first; `phrase` holds the unclear words only ("8, 9")."""

    options: tuple[Value, ...]
    phrase: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The phrase has no reading that may be relied on."""

    why: Why


@dataclass(frozen=True, slots=True)
class EveryHours:
    """ "every 8 hours", perhaps "from 6:00": a timing once somebody knows the instant of the first dose."""

    hours: int
    first: time | None = None

    def starting(self, first_due_at: datetime) -> Interval:
        """The timing whose first dose is due at an aware instant on a whole minute."""
        return Interval(self.hours, first_due_at)


SaidTiming = Timing | EveryHours
ClockRead = Understood[time] | Ambiguous[time] | NotUnderstood
TimesRead = Understood[Times] | Ambiguous[Times] | NotUnderstood
TimingRead = Understood[SaidTiming] | Ambiguous[SaidTiming] | NotUnderstood


# Reading


def read_times(text: str, words: Words = ENGLISH) -> TimesRead:
    """The times of day in a phrase such as "8am, 8pm", in order. Any text is safe."""
    plain = _plain(text)
    return plain if isinstance(plain, NotUnderstood) else _read_list(plain, grammar_of(words))


def read_clock(text: str, words: Words = ENGLISH) -> ClockRead:
    """The one time in a phrase such as "9pm", for a check-in time. Any text is safe."""
    return _only(read_times(text, words))


def read_shown_clock(text: str, words: Words = ENGLISH) -> ClockRead:
    """The one time that somebody reads off their clock, for "what time is it where you are?".

    Half of the world's clocks show 12 hours, and half a day wrong is the wrong zone: here "6:42" asks, too.
    """
    plain = _plain(text)
    if isinstance(plain, NotUnderstood):
        return plain
    return _only(_read_list(plain, grammar_of(words), twelve_hour=True))


def read_timing(text: str, today: date, words: Words = ENGLISH) -> TimingRead:
    """The timing in a phrase such as "mon wed fri 9:30". Any text is safe.

    "every 2 days" counts from `today`. "every 8 hours" comes back as EveryHours, for only the room can learn
    when the first dose is.
    """
    plain = _plain(text)
    if isinstance(plain, NotUnderstood):
        return plain
    grammar = grammar_of(words)
    hours = grammar.every_hours.fullmatch(plain)
    if hours:
        return _read_every_hours(hours, grammar)
    found = grammar.days_first.fullmatch(plain) or grammar.days_last.fullmatch(plain)
    if not found:
        return _mapped(_read_list(plain, grammar), Daily)
    named = _days(found, today, grammar)
    if isinstance(named, NotUnderstood):
        return named
    times = _read_list(found["rest"], grammar)
    if named.doses is not None and not _all_have(named.doses, times):
        return NotUnderstood(Why.COUNT_DIFFERS)
    return _mapped(times, named.timing)


def _plain(text: str) -> str | NotUnderstood:
    """The text in lower case with ASCII digits and single spaces, if there is any and not too much of it."""
    if len(text) > LONGEST_PHRASE:
        return NotUnderstood(Why.TOO_LONG)
    letters = unicodedata.normalize("NFKC", "".join(map(_plain_letter, text))).casefold().replace("’", "'")
    plain = " ".join(letters.split()).strip(" .!")
    if len(plain) > LONGEST_PHRASE:
        return NotUnderstood(Why.TOO_LONG)
    return plain or NotUnderstood(Why.EMPTY)


def _plain_letter(letter: str) -> str:
    """A digit of any script as an ASCII digit; a mark of direction as a space.

    A number that is not a plain digit ("²", "½") becomes a sign that the grammar lacks: unfolded, "1²" would
    read as 12.
    """
    match unicodedata.category(letter):
        case "Nd":
            return str(unicodedata.decimal(letter))
        case "No" | "Nl":
            return "\N{REPLACEMENT CHARACTER}"
        case "Cf":
            return " "
        case _:
            return letter


def _only(reading: TimesRead) -> ClockRead:
    """The reading of a list that must hold one time."""
    if isinstance(reading, Understood):
        return Understood(reading.value[0]) if len(reading.value) == 1 else NotUnderstood(Why.TOO_MANY)
    if isinstance(reading, Ambiguous):
        if any(len(option) != 1 for option in reading.options):
            return NotUnderstood(Why.TOO_MANY)
        return Ambiguous(tuple(option[0] for option in reading.options), reading.phrase)
    return reading


def _mapped(reading: TimesRead, make: Callable[[Times], SaidTiming]) -> TimingRead:
    """The reading of the times as a reading of the timing that they belong to."""
    match reading:
        case Understood(value):
            return Understood(make(value))
        case Ambiguous(options, phrase):
            return Ambiguous(tuple(map(make, options)), phrase)
        case _:
            return reading


def _all_have(count: int, reading: TimesRead) -> bool:
    """Whether every reading names so many times; what was not understood is not held against its count."""
    match reading:
        case Understood(value):
            return len(value) == count
        case Ambiguous(options):
            return all(len(option) == count for option in options)
        case _:
            return True


# Lists of times


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


def _read_list(plain: str, grammar: Grammar, *, twelve_hour: bool = False) -> TimesRead:
    """The reading of a list of times; `twelve_hour` says that "6:42" may be in the evening."""
    said = _said_in(plain, grammar)
    if isinstance(said, NotUnderstood):
        return said
    if len(said) > MOST_TIMES_A_DAY:
        return NotUnderstood(Why.TOO_MANY)
    twelve_hour = twelve_hour or any(one.half for one in said)
    settled = not twelve_hour and any(one.only_24_hour for one in said)
    readings = [one.readings(settled=settled, twelve_hour=twelve_hour) for one in said]
    if not all(readings):
        return NotUnderstood(Why.NOT_A_TIME)
    unclear = [one.words for one, times in zip(said, readings, strict=True) if len(times) > 1]
    if len(unclear) > MOST_UNCLEAR:
        return NotUnderstood(Why.MORNING_OR_EVENING)
    return _one_of(readings, ", ".join(unclear))


def _one_of(readings: list[Times], phrase: str) -> TimesRead:
    """Every way to choose one reading of each time, without those that name a time twice."""
    options = tuple(
        dict.fromkeys(tuple(sorted(way)) for way in product(*readings) if len(set(way)) == len(way))
    )
    if not options:
        return NotUnderstood(Why.SAID_TWICE)
    return Understood(options[0]) if len(options) == 1 else Ambiguous(options, phrase)


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


# Days and hours


@dataclass(frozen=True, slots=True)
class _NamedDays:
    """The days of a phrase: the timing that they make with times, and how many times the words promise."""

    timing: Callable[[Times], Timing]
    doses: int | None = None


def _read_every_hours(match: re.Match[str], grammar: Grammar) -> TimingRead:
    """ "every 8 hours", with the first time when it is there."""
    hours = grammar.number(match["hours_apart"] or "1")
    if not SHORTEST_HOURS <= hours <= LONGEST_HOURS:
        return NotUnderstood(Why.OUT_OF_RANGE)
    if not match["first"]:
        return Understood(EveryHours(hours))
    times = _read_list(match["first"], grammar)
    if not _all_have(1, times):
        return NotUnderstood(Why.TOO_MANY)
    return _mapped(times, lambda first: EveryHours(hours, first[0]))


def _days(match: re.Match[str], today: date, grammar: Grammar) -> _NamedDays | NotUnderstood:
    """The days of a phrase, from whichever of its ways of naming days was used."""
    if match["daily"]:
        return _NamedDays(Daily, grammar.daily[match["daily"]])
    if match["weekdays"]:
        return _NamedDays(_on_weekdays(_weekdays_in(match["weekdays"], grammar)))
    other = match["other_days"]
    n = grammar.other_days[other] if other else grammar.number(match["days_apart"])
    if not 1 <= n <= LONGEST_DAYS:
        return NotUnderstood(Why.OUT_OF_RANGE)
    return _NamedDays(Daily if n == 1 else lambda times: EveryNDays(n, today, times))


def _on_weekdays(days: frozenset[int]) -> Callable[[Times], Timing]:
    """Weekly on those days; all seven of them are simply daily."""
    return Daily if len(days) == 7 else lambda times: Weekly(days, times)


def _weekdays_in(phrase: str, grammar: Grammar) -> frozenset[int]:
    """The days that a phrase such as "mon-wed and sunday" names."""
    return frozenset(
        day for match in grammar.weekday.finditer(phrase) for day in _weekday_span(match, grammar)
    )


def _weekday_span(match: re.Match[str], grammar: Grammar) -> frozenset[int]:
    """The days of one word, or of a span such as "fri-mon", which may run over Sunday."""
    if match["several"]:
        return grammar.weekdays[match["several"]]
    (first,) = grammar.weekdays[match["first_day"]]
    (last,) = grammar.weekdays[match["last_day"] or match["first_day"]]
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
