"""The times that people type: a small, strict grammar.

A phrase is understood only when every word of it is; anything left over means that nothing was understood.
The general date parsers guess instead, and read "8am and 8pm" as one dose. Where a phrase has two sensible
readings the person is asked. How morning and evening are told apart is said in `clocklists`, how dates are
read in `periods`. The table tests/tables/times.toml holds every kind of phrase.

The words are data: another language is another `Words`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.conversation.clocklists import MOST_UNCLEAR, Times, read_list, read_pair
from bot.conversation.dayphrases import read_on_days
from bot.conversation.periods import ALWAYS, Period, read_date, read_past_date, read_period, without_period
from bot.conversation.readings import (
    MOST_OPTIONS,
    Ambiguous,
    NotUnderstood,
    Read,
    Understood,
    Why,
    mapped,
    one_of,
    options_of,
    phrase_of,
)
from bot.conversation.timegrammar import Grammar, grammar_of
from bot.conversation.timewords import ENGLISH, Words
from scheduler.timing import (
    LONGEST_GAP_HOURS,
    LONGEST_HOURS,
    MOST_TIMES_A_DAY,
    SHORTEST_HOURS,
    AsNeeded,
    CountedFrom,
    Interval,
    Timing,
)

__all__ = [
    "LONGEST_PHRASE",
    "MOST_UNCLEAR",
    "Ambiguous",
    "EveryHours",
    "NotUnderstood",
    "Period",
    "Reading",
    "SaidTiming",
    "Understood",
    "WhenNeeded",
    "Why",
    "read_clock",
    "read_dates",
    "read_first_day",
    "read_shown_clock",
    "read_times",
    "read_timing",
    "read_waking",
]

LONGEST_PHRASE = 200
_SOME_MINUTE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EveryHours:
    """ "every 8 hours", perhaps "from 6:00": a timing once somebody knows the instant of the first dose."""

    hours: int
    first: time | None = None
    counted_from: CountedFrom = "due"
    waking: tuple[time, time] | None = None

    def starting(self, first_due_at: datetime) -> Interval:
        """The timing whose first dose is due at an aware instant on a whole minute.

        Raises ValueError when the hours do not fit into the waking time.
        """
        back = timedelta(hours=self.hours) if self.counted_from == "taken" else timedelta()
        return Interval(self.hours, first_due_at - back, self.counted_from, self.waking)

    @property
    def fits(self) -> bool:
        """Whether so many hours fit into the waking time."""
        try:
            self.starting(_SOME_MINUTE)
        except ValueError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class WhenNeeded:
    """ "as needed" with a limit that was not said: a timing once somebody knows it."""

    minimum_gap_hours: int | None = None
    daily_maximum: int | None = None


SaidTiming = Timing | EveryHours | WhenNeeded


@dataclass(frozen=True, slots=True)
class Reading:
    """What a phrase says: the timing, and its first and last day."""

    timing: SaidTiming
    period: Period = ALWAYS


# Reading


def read_times(text: str, words: Words = ENGLISH) -> Read[Times]:
    """The times of day in a phrase such as "8am, 8pm", in order. Any text is safe."""
    plain = _plain(text)
    return plain if isinstance(plain, NotUnderstood) else read_list(plain, grammar_of(words))


def read_clock(text: str, words: Words = ENGLISH) -> Read[time]:
    """The one time in a phrase such as "9pm", for a check-in time. Any text is safe."""
    return _only(read_times(text, words))


def read_shown_clock(text: str, words: Words = ENGLISH) -> Read[time]:
    """The one time that somebody reads off their clock, for "what time is it where you are?".

    Half of the world's clocks show 12 hours, and half a day wrong is the wrong zone: here "6:42" asks, too.
    """
    plain = _plain(text)
    if isinstance(plain, NotUnderstood):
        return plain
    return _only(read_list(plain, grammar_of(words), twelve_hour=True))


def read_waking(text: str, words: Words = ENGLISH) -> Read[tuple[time, time]]:
    """The two times in a phrase such as "7:00 to 23:00". Any text is safe."""
    plain, grammar = _plain(text), grammar_of(words)
    if isinstance(plain, NotUnderstood):
        return plain
    halves = grammar.waking.fullmatch(plain)
    if not halves:
        return NotUnderstood(Why.NO_TIME)
    return _read_waking(halves, grammar)


def read_first_day(text: str, today: date, words: Words = ENGLISH) -> Read[date]:
    """The date in a phrase such as "1 March" or "tomorrow", for a first day. Any text is safe."""
    plain = _plain(text)
    return plain if isinstance(plain, NotUnderstood) else read_date(plain, today, grammar_of(words))


def read_past_day(text: str, today: date, words: Words = ENGLISH) -> Read[date]:
    """The date in a phrase such as "1 March" or "yesterday", for a day that is over. Any text is safe."""
    plain = _plain(text)
    if isinstance(plain, NotUnderstood):
        return plain
    ago = dict(words.days_ago).get(plain)
    if ago is not None:
        return Understood(today - timedelta(days=ago))
    return read_past_date(plain, today, grammar_of(words))


def read_dates(text: str, today: date, words: Words = ENGLISH) -> Read[Period]:
    """The first and the last day in a phrase such as "from 1 March for 10 days". Any text is safe."""
    plain, grammar = _plain(text), grammar_of(words)
    if isinstance(plain, NotUnderstood):
        return plain
    rest, clauses = without_period(plain, grammar)
    if rest or not clauses:
        return NotUnderstood(Why.NOT_A_DATE)
    return read_period(clauses, today, grammar)


def read_timing(text: str, today: date, words: Words = ENGLISH) -> Read[Reading]:
    """The timing in a phrase such as "mon wed fri 9:30 from 1 March". Any text is safe.

    "every 2 days" counts from its first day, which is `today` unless one is said. "every 8 hours" comes back
    as EveryHours, for only the room can learn when the first dose is; "as needed" as WhenNeeded.
    """
    plain, grammar = _plain(text), grammar_of(words)
    if isinstance(plain, NotUnderstood):
        return plain
    rest, clauses = without_period(plain, grammar)
    periods = read_period(clauses, today, grammar) if clauses else Understood(ALWAYS)
    if isinstance(periods, NotUnderstood):
        return periods
    found, unclear = list[Reading](), [phrase_of(periods)]
    for period in options_of(periods):
        timings = _read_timing(rest, period.starts_on or today, grammar)
        if isinstance(timings, NotUnderstood):
            return timings
        found += [Reading(timing, period) for timing in options_of(timings)]
        unclear.append(phrase_of(timings))
    if len(set(found)) > MOST_OPTIONS:
        return NotUnderstood(Why.MORNING_OR_EVENING)
    return one_of(found, ", ".join(dict.fromkeys(filter(None, unclear))), Why.SAID_TWICE)


def _read_timing(plain: str, start: date, grammar: Grammar) -> Read[SaidTiming]:
    """The timing of a phrase that says nothing of its first and last day."""
    hours = grammar.every_hours.fullmatch(plain)
    if hours:
        return _read_every_hours(hours, grammar)
    needed = _read_needed(plain, grammar)
    return needed if needed is not None else mapped(read_on_days(plain, start, grammar), _as_said)


def _as_said(timing: Timing) -> SaidTiming:
    return timing


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


def _only(reading: Read[Times]) -> Read[time]:
    """The reading of a list that must hold one time."""
    if any(len(option) != 1 for option in options_of(reading)):
        return NotUnderstood(Why.TOO_MANY)
    return mapped(reading, lambda times: times[0])


# Hours, and as needed


def _read_every_hours(match: re.Match[str], grammar: Grammar) -> Read[SaidTiming]:
    """ "every 8 hours", with the first time or the waking time when it is there."""
    hours = grammar.number(match["hours_apart"] or "1")
    counted_from: CountedFrom = "taken" if match["taken"] or match["taken_after"] else "due"
    if not SHORTEST_HOURS <= hours <= LONGEST_HOURS:
        return NotUnderstood(Why.OUT_OF_RANGE)
    if match["wakes"] or match["wakes_too"]:
        waking = _read_waking(match, grammar)
        said = mapped(waking, lambda pair: EveryHours(hours, None, counted_from, pair))
        fitting = [option for option in options_of(said) if option.fits]
        return said if isinstance(said, NotUnderstood) else one_of(fitting, phrase_of(said), Why.NOT_AWAKE)
    if match["first"]:
        first = _only(read_list(match["first"], grammar))
        return mapped(first, lambda at: EveryHours(hours, at, counted_from))
    return Understood(EveryHours(hours, None, counted_from))


def _read_waking(match: re.Match[str], grammar: Grammar) -> Read[tuple[time, time]]:
    """When the waking time begins and ends, from whichever way of saying it was used."""
    return read_pair(match["wakes"] or match["wakes_too"], match["sleeps"] or match["sleeps_too"], grammar)


def _read_needed(plain: str, grammar: Grammar) -> Read[SaidTiming] | None:
    """ "as needed" and its limits in any order; None when the phrase is about something else."""
    limits = list(grammar.limit.finditer(plain))
    rest = grammar.limit.sub(" ", plain)
    if not grammar.needed.fullmatch(" ".join(rest.replace(",", " ").replace(";", " ").split())):
        return None
    gaps = [match["gap"] or match["gap_apart"] or match["gap_every"] for match in limits]
    most = [match["most"] or match["most_first"] for match in limits]
    gap, maximum = ([grammar.number(said) for said in saying if said] for saying in (gaps, most))
    if len(gap) > 1 or len(maximum) > 1:
        return NotUnderstood(Why.SAID_TWICE)
    if any(hours > LONGEST_GAP_HOURS for hours in gap):
        return NotUnderstood(Why.OUT_OF_RANGE)
    if any(not 1 <= doses <= MOST_TIMES_A_DAY for doses in maximum):
        return NotUnderstood(Why.TOO_MANY)
    if gap and maximum:
        return Understood(AsNeeded(gap[0], maximum[0]))
    return Understood(WhenNeeded(next(iter(gap), None), next(iter(maximum), None)))
