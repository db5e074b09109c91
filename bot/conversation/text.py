"""Text with styles, free of any markup language.

What a person wrote goes through `said`, which makes it inert: no control or bidi character that could
reorder our words, no link or mention that a client would make tappable.
"""

import re
import string
import unicodedata
from dataclasses import dataclass
from typing import Literal

Style = Literal["bold", "italic", "code", "quote"]

_ISOLATE, _POP = "\u2068", "\u2069"
_WORD_JOINER = "\u2060"
# After @, # , $ and /, and before a dot or colon that could belong to an address; "0.5 mg" stays as it is.
_LINKISH = re.compile(r"(?<=[@#$/])(?=\w)|(?<=\w)(?=\.[^\W\d])|(?<=:)(?=//)")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """A styled stretch of a text; start and length count Python characters."""

    start: int
    length: int
    style: Style


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters and the spans that style them."""

    plain: str
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "Text | str") -> "Text":
        tail = as_text(other)
        offset = len(self.plain)
        moved = tuple(Span(span.start + offset, span.length, span.style) for span in tail.spans)
        return Text(self.plain + tail.plain, self.spans + moved)

    def __bool__(self) -> bool:
        return bool(self.plain)


def as_text(part: "Text | str | int") -> Text:
    """Our own words as a text."""
    return part if isinstance(part, Text) else Text(str(part))


def styled(part: "Text | str", style: Style) -> Text:
    """The whole of `part` in one style."""
    text = as_text(part)
    if not text.plain:
        return text
    return Text(text.plain, (Span(0, len(text.plain), style), *text.spans))


def bold(part: "Text | str") -> Text:
    """The whole of `part` in bold."""
    return styled(part, "bold")


def clean(words: str) -> str:
    """What a person wrote as one line: composed, single-spaced, without control or formatting characters.

    Zero-width joiners inside emoji stay, everything else of category C goes (lone surrogates included).
    """
    composed = unicodedata.normalize("NFC", words)
    kept = (c for c in composed if c in "\u200d\n\t" or unicodedata.category(c)[0] != "C")
    return _SPACES.sub(" ", "".join(kept)).strip()


def said(words: str) -> Text:
    """A person's own words, safe to show: cleaned, defused and isolated from the direction of ours."""
    return Text(_ISOLATE + _LINKISH.sub(_WORD_JOINER, clean(words)) + _POP)


def compose(template: str, /, **parts: "Text | str | int") -> Text:
    """Fill the named places of a translated template; styles of the parts are kept.

    Raises KeyError when the template names a part that was not given.
    """
    whole = Text("")
    for literal, field, _, _ in string.Formatter().parse(template):
        whole += literal
        if field is not None:
            whole += as_text(parts[field])
    return whole


def lines(*parts: "Text | str") -> Text:
    """Parts one below the other; empty ones are left out."""
    return _joined("\n", parts)


def paragraphs(*parts: "Text | str") -> Text:
    """Parts with an empty line between them; empty ones are left out."""
    return _joined("\n\n", parts)


def _joined(between: str, parts: "tuple[Text | str, ...]") -> Text:
    whole = Text("")
    for part in map(as_text, parts):
        if part:
            whole = whole + between + part if whole else part
    return whole
