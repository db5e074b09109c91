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
    days_first: re.Pattern[str]
    days_last: re.Pattern[str]
    weekday: re.Pattern[str]
    halves: dict[str, Literal["am", "pm"]]
    named_times: dict[str, time]
    numbers: dict[str, int]
    other_days: dict[str, int]
    daily: dict[str, int | None]
    weekdays: dict[str, frozenset[int]]

    def number(self, said: str) -> int:
        """A number in digits or as a word."""
        return self.numbers[said] if said in self.numbers else int(said)


@cache
def grammar_of(words: Words) -> Grammar:
    """The grammar of a language. Pieces of patterns are for plain text, where every gap is one space."""
    number = rf"(?:\d{{1,4}}|{_either(word for word, _ in words.numbers)})"
    every = _either(words.every)
    joint = rf"\ ?{_either(words.joiners)}(?:\ ?{_either(words.joiners)})?\ ?|\ "
    weekday = _weekday_pattern(words)
    day = rf"(?:(?:{_either(words.on)}|{every})\ )*{_unnamed(weekday)}"
    days = rf"""(?:
        (?P<daily>{_either(word for word, _ in words.daily)})
      | (?P<other_days>{_either(word for word, _ in words.other_days)})
      | {every}\ (?P<days_apart>{number})\ ?{_either(words.day_units)}
      | (?P<weekdays>{day}(?:(?:{joint}){day})*)
    )"""
    return Grammar(
        time_of_day=_pattern(_time_pattern(words)),
        joint=_pattern(joint),
        every_hours=_pattern(
            rf"""{every}\ (?:(?P<hours_apart>{number})\ ?)?{_either(words.hours)}
            (?:,?\ {_either(words.starting)}\ (?P<first>.+))?"""
        ),
        days_first=_pattern(rf"{days}[\ ,:]*(?P<rest>.*)"),
        days_last=_pattern(rf"(?P<rest>.*?\S),?\ {days}"),
        weekday=_pattern(weekday),
        halves={**dict.fromkeys(words.am, "am"), **dict.fromkeys(words.pm, "pm")},
        named_times=dict(words.named_times),
        numbers=dict(words.numbers),
        other_days=dict(words.other_days),
        daily=dict(words.daily),
        weekdays=dict(words.weekdays),
    )


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


def _weekday_pattern(words: Words) -> str:
    """One weekday, or a span from one to another, or a word for several."""
    single = _either(word for word, days in words.weekdays if len(days) == 1)
    several = _either(word for word, days in words.weekdays if len(days) > 1)
    span = rf"\ ?{_either(words.spans)}\ ?"
    return rf"(?:(?P<first_day>{single})(?:{span}(?P<last_day>{single}))?|(?P<several>{several}))"


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
