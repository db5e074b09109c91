"""Text with styles, free of any markup language.

What a person wrote goes through `said`, which makes it inert: no control or bidi character that could
reorder our words, no link or mention that a client would make tappable.
"""

import re
import string
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal

Style = Literal["bold", "italic", "code", "quote", "spoiler", "time"]

_ISOLATE, _POP = "\u2068", "\u2069"
_WORD_JOINER = "\u2060"
# After @, # , $ and /, and before a dot or colon that could belong to an address; "0.5 mg" stays as it is.
_LINKISH = re.compile(r"(?<=[@#$/])(?=\w)|(?<=\w)(?=\.[^\W\d])|(?<=:)(?=//)")


@dataclass(frozen=True, slots=True)
class Span:
    """A styled stretch of a text; start and length count Python characters.

    `unix`: of a "time", the instant that it names, in seconds since 1970.
    """

    start: int
    length: int
    style: Style
    unix: int | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters and the spans that style them."""

    plain: str
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "Text | str") -> "Text":
        return chained(self, other)

    def __bool__(self) -> bool:
        return bool(self.plain)


def as_text(part: "Text | str") -> Text:
    """Our own words as a text."""
    return part if isinstance(part, Text) else Text(part)


def styled(part: "Text | str", style: Style) -> Text:
    """The whole of `part` in one style."""
    text = as_text(part)
    if not text.plain:
        return text
    return Text(text.plain, (Span(0, len(text.plain), style), *text.spans))


def bold(part: "Text | str") -> Text:
    """The whole of `part` in bold."""
    return styled(part, "bold")


def instant(words: str, at: datetime) -> Text:
    """An instant: whoever's client knows how sees it by their own clock, everybody else sees `words`."""
    return Text(words, (Span(0, len(words), "time", int(at.timestamp())),))


def clean(words: str) -> str:
    """What a person wrote as one line: composed, single-spaced, without control or formatting characters.

    Zero-width joiners inside emoji stay, everything else of category C goes (lone surrogates included).
    """
    if not (words.isascii() and words.isprintable()):  # as most words are, and those are composed and clean
        composed = unicodedata.normalize("NFC", words)
        words = "".join(c for c in composed if c in "\u200d\n\t" or unicodedata.category(c)[0] != "C")
    return " ".join(words.split())


def said(words: str) -> Text:
    """A person's own words, safe to show: cleaned, defused and isolated from the direction of ours."""
    return Text(_ISOLATE + _LINKISH.sub(_WORD_JOINER, clean(words)) + _POP)


def chained(*parts: "Text | str") -> Text:
    """Parts one right after the other, each keeping its styles."""
    return _chained(parts)


def _chained(parts: "Iterable[Text | str]") -> Text:
    plain: list[str] = []
    spans: list[Span] = []
    offset = 0
    for part in parts:
        if isinstance(part, Text):
            spans += _moved(part.spans, offset)
            part = part.plain
        plain.append(part)
        offset += len(part)
    return Text("".join(plain), tuple(spans))


def _moved(spans: tuple[Span, ...], by: int) -> Iterable[Span]:
    """The spans of a part that has so many characters before it."""
    return [Span(each.start + by, each.length, each.style, each.unix) for each in spans] if by else spans


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """Our own words and the place that follows them, if one does."""
    return tuple((literal, field) for literal, field, _, _ in string.Formatter().parse(template))


def compose(template: str, /, **parts: "Text | str | int") -> Text:
    """Fill the named places of a translated template; styles of the parts are kept.

    Raises KeyError when the template names a part that was not given.
    """
    found: list[Text | str] = []
    for literal, field in _pieces(template):
        found.append(literal)
        if field is not None:
            part = parts[field]
            found.append(str(part) if isinstance(part, int) else part)
    return _chained(found)


def lines(*parts: "Text | str") -> Text:
    """Parts one below the other; empty ones are left out."""
    return _joined("\n", parts)


def paragraphs(*parts: "Text | str") -> Text:
    """Parts with an empty line between them; empty ones are left out."""
    return _joined("\n\n", parts)


def _joined(between: str, parts: "tuple[Text | str, ...]") -> Text:
    filled = [part for part in parts if part]
    if len(filled) == 1:
        return as_text(filled[0])
    found: list[Text | str] = []
    for part in filled:
        found += (between, part)
    return _chained(found[1:])
