"""Phrases about days with their times: "mon wed fri 9:30", "1st and 15th 9:00", "8am, weekends 10am"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.conversation.clocklists import Times, read_list, read_lists
from bot.conversation.readings import NotUnderstood, Read, Why, mapped, options_of
from bot.conversation.timegrammar import Grammar
from scheduler.timing import (
    LONGEST_DAYS,
    LONGEST_WEEKS,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    MonthDays,
    OnDays,
    Weekly,
    of_week,
)

WHOLE_WEEK = frozenset(range(7))
_LAST_DAY = 31  # in a shorter month it means the last one


@dataclass(frozen=True, slots=True)
class _NamedDays:
    """The days of a phrase: the timing that they make with times, and how many times the words promise."""

    timing: Callable[[Times], OnDays]
    doses: int | None = None


def read_on_days(plain: str, start: date, grammar: Grammar) -> Read[OnDays]:
    """The timing of a phrase of days and times; what counts days counts from `start`."""
    found = grammar.days_first.fullmatch(plain) or grammar.days_last.fullmatch(plain)
    one = _read_one(found, start, grammar) if found else mapped(read_list(plain, grammar), _daily)
    if not isinstance(one, NotUnderstood):
        return one
    groups = _groups(plain, grammar)
    grouped = one if groups is None else _read_groups(groups, grammar)
    return one if grouped == NotUnderstood(Why.NO_TIME) else grouped


def _daily(times: Times) -> OnDays:
    return Daily(times)


# The same times on all days


def _read_one(found: re.Match[str], start: date, grammar: Grammar) -> Read[OnDays]:
    """Days of one kind, and their times."""
    named = _days(found, start, grammar)
    if isinstance(named, NotUnderstood):
        return named
    times = read_list(found["rest"], grammar)
    if named.doses is not None and any(len(option) != named.doses for option in options_of(times)):
        return NotUnderstood(Why.COUNT_DIFFERS)
    return mapped(times, named.timing)


def _days(match: re.Match[str], start: date, grammar: Grammar) -> _NamedDays | NotUnderstood:
    """The days of a phrase, from whichever of its ways of naming days was used."""
    if match["daily"]:
        return _NamedDays(Daily, grammar.daily[match["daily"]])
    if match["weekdays"]:
        days = _weekdays_in(match["weekdays"], grammar)
        return _NamedDays(lambda times: _on_weekdays(days, times))
    if match["month_days"] or match["month_numbers"]:
        return _of_month(match, grammar)
    if match["on"]:
        return _cycle(match, start, grammar)
    if match["other_days"] or match["days_apart"]:
        return _every_days(match, start, grammar)
    return _every_weeks(match, start, grammar)


def _every_days(match: re.Match[str], start: date, grammar: Grammar) -> _NamedDays | NotUnderstood:
    other = match["other_days"]
    n = grammar.other_days[other] if other else grammar.number(match["days_apart"])
    if not 1 <= n <= LONGEST_DAYS:
        return NotUnderstood(Why.OUT_OF_RANGE)
    return _NamedDays(Daily if n == 1 else lambda times: EveryNDays(n, start, times))


def _every_weeks(match: re.Match[str], start: date, grammar: Grammar) -> _NamedDays | NotUnderstood:
    """Every so many weeks; without a weekday on that of the first day, else from the first such day on."""
    word = match["other_weeks"] or match["other_weeks_too"] or match["every_other"]
    number = match["weeks_apart"] or match["weeks_apart_too"]
    n = grammar.other_weeks[word] if word else grammar.number(number)
    if not 1 <= n <= LONGEST_WEEKS:
        return NotUnderstood(Why.OUT_OF_RANGE)
    phrase = match["days_of_weeks"] or match["day_of_weeks"] or match["days_before"]
    days = _weekdays_in(phrase, grammar) if phrase else frozenset({start.weekday()})
    if n == 1:
        return _NamedDays(lambda times: _on_weekdays(days, times))
    return _NamedDays(lambda times: EveryNWeeks(n, days, first_on(days, start), times))


def first_on(days: frozenset[int], start: date) -> date:
    """The first day on or after `start` that is one of these weekdays."""
    return next(day for step in range(7) if (day := start + timedelta(days=step)).weekday() in days)


def _of_month(match: re.Match[str], grammar: Grammar) -> _NamedDays | NotUnderstood:
    if match["month_numbers"]:
        days = frozenset(map(int, re.findall(r"\d+", match["month_numbers"])))
    else:
        days = frozenset(
            _day_of_month(one, grammar) for one in grammar.month_day.finditer(match["month_days"])
        )
    if not days <= frozenset(range(1, _LAST_DAY + 1)):
        return NotUnderstood(Why.NOT_A_DATE)
    return _NamedDays(lambda times: MonthDays(days, times))


def _day_of_month(match: re.Match[str], grammar: Grammar) -> int:
    if match["month_end"]:
        return _LAST_DAY
    return grammar.ordinals[match["named_day"]] if match["named_day"] else int(match["ordinal"])


def _cycle(match: re.Match[str], start: date, grammar: Grammar) -> _NamedDays | NotUnderstood:
    """Days on and days off; a unit that is said once holds for both."""
    weeks_on, weeks_off = bool(match["weeks_on"]), bool(match["weeks_off"])
    if not match["unit_on"]:
        weeks_on = weeks_off
    if not match["unit_off"]:
        weeks_off = weeks_on
    on = grammar.number(match["on"]) * (7 if weeks_on else 1)
    off = grammar.number(match["off"]) * (7 if weeks_off else 1)
    if not (1 <= on <= LONGEST_DAYS and 1 <= off <= LONGEST_DAYS):
        return NotUnderstood(Why.OUT_OF_RANGE)
    return _NamedDays(lambda times: Cycle(on, off, start, times))


# Other times on other weekdays


@dataclass(frozen=True, slots=True)
class _Group:
    """Weekdays and the text of their times; no days mean all that no other group names."""

    days: frozenset[int]
    times: str


def _groups(plain: str, grammar: Grammar) -> list[_Group] | None:
    """The parts of "weekdays 7:30, weekends 10:00" or "8am, weekends 10am"; None for another shape."""
    runs = list(grammar.weekday_run.finditer(plain))
    if not runs:
        return None
    days = [_weekdays_in(run[0], grammar) for run in runs]
    edges = [0, *(edge for run in runs for edge in run.span()), len(plain)]
    pieces = [plain[edges[n] : edges[n + 1]] for n in range(0, len(edges), 2)]
    if not pieces[-1] and len(runs) > 1:  # "8am on weekdays, 10am on weekends"
        return [_Group(named, _bare(times, grammar)) for named, times in zip(days, pieces[:-1], strict=True)]
    others = _other_times(pieces[0], grammar)
    if pieces[0] and others is None:
        return None
    named_groups = [
        _Group(named, _bare(times, grammar)) for named, times in zip(days, pieces[1:], strict=True)
    ]
    return [*([_Group(frozenset(), others)] if others else []), *named_groups]


def _other_times(piece: str, grammar: Grammar) -> str | None:
    """The times before the first weekday, when a comma or a "but" parts them from it."""
    for match in grammar.other_times.finditer(piece):
        if match.end() == len(piece):
            return grammar.every_day.sub("", piece[: match.start()], count=1)
    return None


def _bare(piece: str, grammar: Grammar) -> str:
    """The text of times without what joins it to the groups beside it."""
    piece = piece.strip(" :")
    for match in grammar.joint.finditer(piece):
        if match.start() == 0 and match.end() > 0:
            piece = piece[match.end() :]
            break
    for match in grammar.joint.finditer(piece):
        if match.end() == len(piece):
            piece = piece[: match.start()]
    return piece.strip(" :")


def _read_groups(groups: list[_Group], grammar: Grammar) -> Read[OnDays]:
    """The timing in which each weekday has the times of its own group."""
    named = [day for group in groups for day in group.days]
    left = WHOLE_WEEK - frozenset(named)
    if len(set(named)) < len(named) or (not groups[0].days and not left):
        return NotUnderstood(Why.SAID_TWICE)
    times = read_lists([group.times for group in groups], grammar)
    return mapped(times, lambda lists: _week(groups, left, lists))


def _week(groups: list[_Group], left: frozenset[int], lists: tuple[Times, ...]) -> OnDays:
    of_day: dict[int, tuple[time, ...]] = {}
    for group, times in zip(groups, lists, strict=True):
        of_day |= dict.fromkeys(group.days or left, times)
    return of_week([of_day.get(day, ()) for day in range(7)])


# Weekdays


def _on_weekdays(days: frozenset[int], times: Times) -> OnDays:
    """Weekly on those days; all seven of them are simply daily."""
    return Daily(times) if days == WHOLE_WEEK else Weekly(days, times)


def _weekdays_in(phrase: str, grammar: Grammar) -> frozenset[int]:
    """The days that a phrase such as "mon-wed and sunday" names."""
    return frozenset(_weekdays(phrase, grammar))


def _weekdays(phrase: str, grammar: Grammar) -> Iterator[int]:
    for match in grammar.weekday.finditer(phrase):
        yield from _weekday_span(match, grammar)


def _weekday_span(match: re.Match[str], grammar: Grammar) -> frozenset[int]:
    """The days of one word, or of a span such as "fri-mon", which may run over Sunday."""
    if match["several"]:
        return grammar.weekdays[match["several"]]
    (first,) = grammar.weekdays[match["first_day"]]
    (last,) = grammar.weekdays[match["last_day"] or match["first_day"]]
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
