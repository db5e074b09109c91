"""The grammar of times in one language: patterns for plain text, made of the language's words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Literal

from bot.conversation.timewords import Words


@dataclass(frozen=True, slots=True)
class Grammar:
    """The patterns for plain text in one language, and what their words mean."""

    time_of_day: re.Pattern[str]
    joint: re.Pattern[str]
    every_hours: re.Pattern[str]
    waking: re.Pattern[str]
    days_first: re.Pattern[str]
    days_last: re.Pattern[str]
    weekday: re.Pattern[str]
    weekday_run: re.Pattern[str]
    other_times: re.Pattern[str]
    every_day: re.Pattern[str]
    month_day: re.Pattern[str]
    needed: re.Pattern[str]
    limit: re.Pattern[str]
    date: re.Pattern[str]
    period: re.Pattern[str]
    halves: dict[str, Literal["am", "pm"]]
    named_times: dict[str, time]
    numbers: dict[str, int]
    other_days: dict[str, int]
    other_weeks: dict[str, int]
    ordinals: dict[str, int]
    daily: dict[str, int | None]
    weekdays: dict[str, frozenset[int]]
    months: dict[str, int]
    day_words: dict[str, int]

    def number(self, said: str) -> int:
        """A number in digits or as a word."""
        return self.numbers[said] if said in self.numbers else int(said)


@cache
def grammar_of(words: Words) -> Grammar:
    """The grammar of a language. Pieces of patterns are for plain text, where every gap is one space."""
    joint = _joint(words)
    weekday = _weekday_pattern(words)
    every = _either(words.every)
    day = rf"(?:(?:{_either(words.on)}|{every})\ )*{_unnamed(weekday)}"
    run = rf"{day}(?:(?:{joint}){day})*"
    days = rf"""(?:
        (?P<daily>{_words(words.daily)})
      | (?P<other_days>{_words(words.other_days)})
      | {every}\ (?P<days_apart>{_number(words)})\ ?{_either(words.day_units)}
      | {_weeks(words, run)}
      | (?P<weekdays>{run})
      | {_month_days(words, joint)}
      | {_cycle(words)}
    )"""
    return Grammar(
        time_of_day=_pattern(_time_pattern(words)),
        joint=_pattern(joint),
        every_hours=_pattern(_hours(words)),
        waking=_pattern(_waking(words)),
        days_first=_pattern(rf"{days}[\ ,:]*(?P<rest>.*)"),
        days_last=_pattern(rf"(?P<rest>.*?\S),?\ {days}"),
        weekday=_pattern(weekday),
        weekday_run=_pattern(run),
        other_times=_pattern(rf"\ ?(?:[,;](?:\ ?{_either((*words.but, 'and'))})?|{_either(words.but)})\ ?"),
        every_day=_pattern(rf"{_words(pair for pair in words.daily if pair[1] is None)}[\ ,:]*"),
        month_day=_pattern(_month_day(words)),
        needed=_pattern(_either(words.needed)),
        limit=_pattern(_limit(words)),
        date=_pattern(_date(words)),
        period=_pattern(_period(words)),
        halves={**dict.fromkeys(words.am, "am"), **dict.fromkeys(words.pm, "pm")},
        named_times=dict(words.named_times),
        numbers=dict(words.numbers),
        other_days=dict(words.other_days),
        other_weeks={**dict(words.other_weeks), **dict(words.every_other)},
        ordinals=dict(words.ordinals),
        daily=dict(words.daily),
        weekdays=dict(words.weekdays),
        months=dict(words.months),
        day_words=dict(words.day_words),
    )


# Times of day


def _joint(words: Words) -> str:
    """What may stand between two items of a list."""
    return rf"\ ?{_either(words.joiners)}(?:\ ?{_either(words.joiners)})?\ ?|\ "


def _time_pattern(words: Words) -> str:
    """One time of day; nothing may stick to it, so that "8:30:15" and "8.5" hold none."""
    return rf"""
    (?:{_either(words.at)}\ ?)?
    (?: (?P<named>{_either(word for word, _ in words.named_times)})
      | (?P<clock>
          (?: (?P<compact>\d{{4}})
            | (?P<hour>\d{{1,2}}) (?: [:.h](?P<minute>\d{{2}}) | (?P<mark>\ ?h) )?
          )
          (?:\ ?(?P<half>{_either((*words.am, *words.pm))}) | \ ?{_either(words.oclock)})?
        )
    )
    (?! \w | : | \.\d )"""


# Days


def _weekday_pattern(words: Words) -> str:
    """One weekday, or a span from one to another, or a word for several."""
    single = _either(word for word, days in words.weekdays if len(days) == 1)
    several = _either(word for word, days in words.weekdays if len(days) > 1)
    span = rf"\ ?{_either(words.spans)}\ ?"
    return rf"(?:(?P<first_day>{single})(?:{span}(?P<last_day>{single}))?|(?P<several>{several}))"


def _weeks(words: Words, run: str) -> str:
    """Every so many weeks, with the weekdays after it, before it, or left out."""
    apart = rf"{_either(words.every)}\ (?P<weeks_apart>{_number(words)})\ ?{_either(words.week_units)}"
    named = rf"(?P<other_weeks>{_words(words.other_weeks)})"
    weeks = rf"(?:{apart}|{named})"
    return rf"""
        {weeks}(?:,?\ (?P<days_of_weeks>{run}))?
      | (?P<every_other>{_words(words.every_other)})\ (?P<day_of_weeks>{run})
      | (?P<days_before>{run}),?\ {_renamed(weeks, "weeks_apart", "other_weeks")}"""


def _month_day(words: Words, before_word: str = "") -> str:
    """One day of the month: "15th", "first", "last day"; a word may want something before it."""
    named = rf"(?P<named_day>{_words(words.ordinals)})|(?P<month_end>{_either(words.last_day)})"
    return rf"(?:(?:the\ )?(?P<ordinal>\d{{1,2}})\ ?{_endings(words)}|{before_word}(?:{named})(?!\w))"


def _month_days(words: Words, joint: str) -> str:
    """Days of the month, with or without "of each month"; bare numbers only with it."""
    # "8am first" says nothing of a month; "8am on the first" and "first and last day of the month" do.
    month_named = rf"(?:the\ |(?=[\w\ ,&]*\ {_either(words.of_month)}))"
    one = _unnamed(_month_day(words, month_named))
    listed = rf"{one}(?:(?:{joint}){one})*"
    number = rf"\d{{1,2}}(?:(?:{joint})\d{{1,2}})*"
    on, monthly = _either(words.on), _either(words.monthly)
    after = _either((*words.of_month, *words.monthly))
    return rf"""
        (?:{monthly},?\ )?(?:{on}\ )?(?P<month_days>{listed})(?:,?\ {after})?
      | (?:{on}\ )?{_either(words.day_of_month)}\ (?P<month_numbers>{number})\ {_either(words.of_month)}"""


def _cycle(words: Words) -> str:
    """So many days on, so many days off."""
    unit = rf"(?P<unit_SIDE>{_either(words.day_units)}|(?P<weeks_SIDE>{_either(words.week_units)}))"
    on, off = unit.replace("SIDE", "on"), unit.replace("SIDE", "off")
    return rf"""
        (?P<on>{_number(words)})(?:\ ?{on})?\ {_either(words.on)}
        (?:\ ?(?:{_either((*words.joiners, "then"))}))*\ ?
        (?P<off>{_number(words)})(?:\ ?{off})?\ {_either(words.off)}"""


# Hours, and as needed


def _hours(words: Words) -> str:
    """Every so many hours, from a time, from the last taking, between two times."""
    taken = rf"(?:,?\ {_either(words.after_taking)})"
    return rf"""{_either(words.every)}\ (?:(?P<hours_apart>{_number(words)})\ ?)?{_either(words.hours)}
        (?P<taken>{taken})?
        (?:
            ,?\ {_waking(words)}
          | ,?\ {_either(words.starting)}\ (?P<first>.+?)
        )?
        (?P<taken_after>{taken})?"""


def _waking(words: Words) -> str:
    """ "between 7:00 and 23:00", or "from 7:00 to 23:00"; "from 7:00 and 23:00" are two times."""
    between, ends = _either(words.between), _either(words.between_ends)
    return rf"""(?:
        {between}\ (?P<wakes>.+?)\ ?{ends}\ ?(?P<sleeps>.+?)
      | (?:{_either(words.starting)}\ )?(?P<wakes_too>.+?)\ ?{_either(words.spans)}\ ?(?P<sleeps_too>.+?)
    )"""


def _limit(words: Words) -> str:
    """One limit of what is taken as needed: the hours between two doses, or the most in a day."""
    number, hours = _number(words), _either(words.hours)
    least, most = _either(words.at_least), _either(words.at_most)
    per_day = rf"(?:\ {_either(words.times_units)})?\ {_either(words.per_day)}"
    return rf"""(?<!\w)(?:
        {least}\ (?P<gap>{number})\ ?{hours}(?:\ {_either(words.apart)})?
      | (?P<gap_apart>{number})\ ?{hours}\ {_either(words.apart)}
      | {_either(words.every)}\ (?P<gap_every>{number})\ ?{hours}
      | {most}\ (?P<most>{number}){per_day}
      | (?P<most_first>{number}){per_day}\ {most}
    )(?!\w)"""


# Dates


def _date(words: Words) -> str:
    """A date with a name for its month, in figures from the year down, or in a word."""
    months, ending = _words(words.months), rf"(?:{_endings(words)})?"
    year = r"(?:,?\ (?P<year>20\d\d))?"
    after = rf"(?:the\ )?(?P<day_after>\d{{1,2}}){ending}{year.replace('year', 'year_after')}"
    return rf"""(?:
        (?P<word>{_words(words.day_words)})
      | (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
      | (?P<day>\d{{1,2}}){ending}(?:\ of)?\ (?P<month>{months}){year}
      | (?P<month_before>{months})\ {after}
    )(?![\w:]|\.\d)"""


def _period(words: Words) -> str:
    """One clause about the first or the last day, wherever it stands."""
    one = _unnamed(_date(words))
    units = rf"(?:{_either(words.day_units)}|(?P<for_weeks>{_either(words.week_units)}))"
    return rf"""(?<!\w)(?:
        {_either(words.from_date)}\ (?P<from_date>{one})
      | {_either(words.until_date)}\ (?P<until_date>{one})
      | {_either(words.for_days)}\ (?P<for_number>{_number(words)})\ ?{units}
    )"""


# Pieces


def _number(words: Words) -> str:
    return rf"(?:\d{{1,4}}|{_words(words.numbers)})"


def _endings(words: Words) -> str:
    """What follows the figures of an ordinal: "1st"."""
    return "(?:" + "|".join(map(re.escape, words.ordinal_endings)) + r")(?!\w)"


def _words(pairs: Iterable[tuple[str, object]]) -> str:
    """A pattern for one of the words that have a meaning."""
    return _either(word for word, _ in pairs)


def _renamed(pattern: str, *names: str) -> str:
    """The pattern with other names for these groups, to be used twice in one expression."""
    for name in names:
        pattern = pattern.replace(f"?P<{name}>", f"?P<{name}_too>")
    return pattern


def _unnamed(pattern: str) -> str:
    """The pattern without the names of its groups, to be used twice in one expression."""
    return re.sub(r"\?P<\w+>", "?:", pattern)


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.VERBOSE)


def _either(spellings: Iterable[str]) -> str:
    """A pattern for one of the spellings, longer ones tried first."""
    return "(?:" + "|".join(_whole_word(word) for word in sorted(spellings, key=len, reverse=True)) + ")"


def _whole_word(word: str) -> str:
    """The word not inside a longer one; a digit may stand before it ("8am"), not after it."""
    before = r"(?<![^\W\d_])" if word[0].isalpha() else ""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return before + re.escape(word) + after
