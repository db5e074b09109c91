"""The lexicon of one language: a text is read as a string of word codes.

Every word that the lexicon knows is one character of a private use plane; every other word is an "x".
A pattern of the lexicon is then a small regular expression over such characters, with bounded gaps only,
so that reading stays linear. How a pattern is written is told at the top of each data file.

Loading looks up every word of every pattern. An expression is made when a text first needs it, in much less
than a millisecond: there are some sixteen hundred in a language, and a text needs a few.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from bot.escalation.screening.hooks import Hooks, Hung
from bot.escalation.screening.tiers import Tier

UNKNOWN, EDGE, COMMA, QUOTE, PICTURE, FEW, MANY, YEAR = 'x|,"p09y'
# What stands between words and is none.
BESIDE = frozenset({COMMA, QUOTE, PICTURE})
MARKS = dict.fromkeys("\n.!?;", EDGE) | dict.fromkeys(",:()[]-", COMMA) | {'"': QUOTE}
# Beyond the first plane, `re` keeps a class of such characters as a list, not as a map of 65,536 bits, which
# takes ten times as long to make.
_FIRST_CODE = 0xF0000
_WORD = '[^|,"p]'
_JOINT = '[,"p]{0,2}'
_TIGHT = '["p]{0,2}'
_START, _END = '(?<=\\|)"?', f"(?={_JOINT}\\|)"
_ANY = "<any>"
_NUMBERS = {
    "<number>": frozenset({FEW, MANY, YEAR}),
    "<many>": frozenset({MANY}),
    "<year>": frozenset({YEAR}),
}
_ELEMENT = re.compile(
    r"(?P<not>!)?(?P<words>[a-z0-9<>/|]*[a-z0-9>|])(?P<optional>\?)?|(?P<gap>\.\.[1-9])|[~_]"
)
_GAP = re.compile(r"(\{0,[1-9]\})")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TIERS = {"urgent": Tier.URGENT, "gentle": Tier.GENTLE, "faint": Tier.GENTLE}
_COMMON = ("fill", "skip", "me", "other", "people", "not", "common")


class LexiconUnusable(ValueError):
    """The lexicon cannot be trusted; the sentence names the file."""


@dataclass(frozen=True)
class Idiom:
    """One pattern that is said and meant otherwise; `expressed` makes its expression."""

    pattern: str
    expressed: Callable[[str], str] = field(compare=False, repr=False)

    @cached_property
    def shape(self) -> re.Pattern[str]:
        """The pattern over word codes."""
        return re.compile(self.expressed(self.pattern))


@dataclass(frozen=True)
class Rule(Idiom):
    """One pattern and what it means.

    `faint`: too common to count alone in a long text. `negative`: it holds a "not" of its own.
    `other`: it speaks of somebody else.
    """

    tier: Tier
    faint: bool
    reason: str
    negative: bool
    other: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language: the code of each word, the idioms to take out, and the rules, by the words they need.

    `codes` holds misspellings too, `spelt` each code's word. `elision`: an apostrophe ends a word ("j'ai").
    `inflected`: the verb alone tells who is meant ("quiere"). `glued`: a long word that holds one of these is
    tried as several words written together.
    """

    language: str
    spelt: Mapping[str, str]
    codes: Mapping[str, str]
    classes: Mapping[str, frozenset[str]]
    idioms: Hooks[Idiom]
    rules: Hooks[Rule]
    history: re.Pattern[str]
    present: re.Pattern[str]
    media: re.Pattern[str]
    revealed: re.Pattern[str]
    elision: bool
    inflected: bool
    glued: re.Pattern[str] | None


def load_lexicon(file: Traversable | Path) -> Lexicon:
    """Read and compile a lexicon. Raises LexiconUnusable with the file and the pattern at fault."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return _Compiler(table).lexicon()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise LexiconUnusable(f"{file.name}: {error}") from error


class _Compiler:
    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self._words = {name: frozenset(words.split()) for name, words in table["words"].items()}
        self._codes = self._numbered()
        self._common = {self._codes[word] for name in _COMMON for word in self._words[name]}
        self._digits = frozenset(code for word, code in self._codes.items() if word.isdigit())
        self._set, self._one_of = cache(self._codes_of), cache(self._any_word_of)
        self._nots = frozenset(self._codes[word] for word in self._words["not"])
        self._filler = self._class(self._codes[word] for word in self._words["fill"])

    def lexicon(self) -> Lexicon:
        table = self._table
        return Lexicon(
            language=table["language"],
            spelt={code: word for word, code in self._codes.items()}
            | {each: each for each in MARKS.values()},
            codes=MARKS | self._misspelt() | self._short_forms() | self._codes,
            classes={
                name: frozenset(self._codes[word] for word in words) for name, words in self._words.items()
            },
            idioms=self._idioms(),
            rules=self._rules(),
            history=self._any_of(table["history"]["patterns"]),
            present=self._any_of(table["present"]["patterns"]),
            media=self._any_of(table["media"]["patterns"]),
            revealed=self._any_of(table["revealed"]["patterns"]),
            elision=table.get("elision", False),
            inflected=table.get("inflected", False),
            glued=re.compile("|".join(map(re.escape, table["glued"]))) if table["glued"] else None,
        )

    def _numbered(self) -> dict[str, str]:
        words = set().union(*self._words.values())
        for pattern in self._all_patterns():
            for element in _elements(pattern):
                words |= {word for word in element["words"].split("/") if word and word[0] not in "<|"}
        # Words of the same lists get neighbouring codes, so that a list is written as a few ranges.
        lists: dict[str, list[str]] = {}
        for name, listed in self._words.items():
            for word in listed:
                lists.setdefault(word, []).append(name)
        ordered = sorted(words, key=lambda word: (lists.get(word, []), word))
        return {word: chr(_FIRST_CODE + place) for place, word in enumerate(ordered)}

    def _all_patterns(self) -> Iterable[str]:
        for name in ("idioms", "rules"):
            for group in self._table[name]:
                yield from _orders(group["patterns"])
        for name in ("history", "present", "media", "revealed"):
            yield from self._table[name]["patterns"]

    def _misspelt(self) -> dict[str, str]:
        """Every spelling one slip away from the words listed as fuzzy, unless it is another word."""
        taken = self._codes.keys() | set(self._table["fuzzy_not"])
        return {
            slip: self._codes[word]
            for word in self._table["fuzzy"]
            for slip in _slips(word)
            if slip not in taken
        }

    def _short_forms(self) -> dict[str, str]:
        same: Mapping[str, str] = self._table["same"]
        return {short: "".join(self._codes[word] for word in long.split()) for short, long in same.items()}

    def _idioms(self) -> Hooks[Idiom]:
        idioms = (Idiom(pattern, self._least) for _, pattern in self._patterns("idioms"))
        return Hooks(Hung(self._needs(idiom.pattern), idiom) for idiom in dict.fromkeys(idioms))

    def _rules(self) -> Hooks[Rule]:
        rules = (self._rule(group, pattern) for group, pattern in self._patterns("rules"))
        return Hooks(Hung(self._needs(rule.pattern), rule) for rule in dict.fromkeys(rules))

    def _patterns(self, name: str) -> Iterator[tuple[Mapping[str, Any], str]]:
        return ((group, each) for group in self._table[name] for each in _orders(group["patterns"]))

    def _rule(self, group: Mapping[str, Any], pattern: str) -> Rule:
        return Rule(
            pattern=pattern,
            expressed=self._shape,
            tier=_TIERS[group["tier"]],
            faint=group["tier"] == "faint",
            reason=group["reason"],
            negative=self._negative(pattern),
            other=group.get("who") == "other",
        )

    def _negative(self, pattern: str) -> bool:
        said = (self._set(element["words"]) for element in _elements(pattern) if not element["not"])
        return not all(map(self._nots.isdisjoint, said))

    def _needs(self, pattern: str) -> tuple[frozenset[str], ...]:
        """The codes of which a match must hold one out of each set, the rarest set first."""
        sets = [(element, self._set(element["words"])) for element in _elements(pattern)]
        needed = [codes for element, codes in sets if _is_hook(element)]
        if not needed:
            raise ValueError(f"{pattern!r} has no word to hang on")
        return tuple(sorted(needed, key=lambda codes: (len(codes & self._common), len(codes))))

    def _any_of(self, patterns: Iterable[str]) -> re.Pattern[str]:
        return re.compile("|".join(map(self._shape, patterns)))

    def _least(self, pattern: str) -> str:
        """The shape whose gaps take no more than they must: an idiom must not swallow the cry behind it."""
        return _GAP.sub(r"\1?", self._shape(pattern))

    def _shape(self, pattern: str) -> str:
        shape, joint = "", ""
        for element in _elements(pattern):
            if element["all"] == "_":
                joint = _TIGHT
                continue
            shape += self._piece(element, joint)
            joint = _JOINT
        return shape

    def _piece(self, element: Mapping[str, str], joint: str) -> str:
        words = element["words"]
        if words == EDGE:
            return self._fill(joint, 3) + _END if joint else _START
        if EDGE in words:
            either = f"{joint}{self._one_of(words)}|{_END}"
            return f"(?!{either})" if element["not"] else f"(?:{either})"
        if element["all"] == "~":
            return self._fill(joint, 5)
        if element["gap"]:
            return f"(?:{joint}{_WORD}){{0,{element['gap'][2:]}}}"
        if element["not"]:
            return f"(?!{joint}{self._one_of(words)})" if joint else f"(?<!{self._one_of(words)})"
        if element["optional"]:
            return f"(?:{joint}{self._one_of(words)})?"
        return joint + self._one_of(words)

    def _fill(self, joint: str, most: int) -> str:
        return f"(?:{joint}{self._filler}){{0,{most}}}"

    def _any_word_of(self, words: str) -> str:
        return _WORD if words == _ANY else self._class(self._set(words))

    def _class(self, codes: Iterable[str]) -> str:
        return "[" + "".join(_ranges(sorted(codes))) + "]"

    def _codes_of(self, words: str) -> frozenset[str]:
        codes: set[str] = set()
        for word in filter(None, words.replace(EDGE, "").split("/")):
            if word == _ANY:
                if words != _ANY:
                    raise ValueError(f"{words!r} is any word at all")
                return frozenset()
            if word.startswith("<"):
                codes |= self._numbers(word) or {self._codes[each] for each in self._words[word.strip("<>")]}
            else:
                codes.add(self._codes[word])
        return frozenset(codes)

    def _numbers(self, word: str) -> frozenset[str]:
        """The codes of a built-in class of numbers, with those that patterns name by their digits."""
        known = _NUMBERS.get(word, frozenset())
        return known | self._digits if word == "<number>" else known


def _ranges(codes: Sequence[str]) -> Iterator[str]:
    """Sorted codes as the inside of a class of characters: neighbours as a range."""
    first = last = ""
    for code in codes:
        if last and ord(code) == ord(last) + 1:
            last = code
            continue
        yield first if first == last else f"{first}-{last}"
        first = last = code
    yield first if first == last else f"{first}-{last}"


def _is_hook(element: Mapping[str, str]) -> bool:
    """Whether a match must hold one of these words, and the words are listed."""
    words = element["words"]
    free = element["not"] or element["optional"] or EDGE in words or words == _ANY or words in _NUMBERS
    return bool(words) and not free


def _orders(patterns: Iterable[str]) -> Iterator[str]:
    """Each pattern; "a & b", two words near each other, becomes one pattern for each order."""
    for pattern in patterns:
        first, both, second = pattern.partition(" & ")
        yield from (f"{first} ..6 {second}", f"{second} ..6 {first}") if both else (pattern,)


@cache
def _elements(pattern: str) -> Sequence[Mapping[str, str]]:
    try:
        return [_element(part) for part in pattern.split()]
    except ValueError as error:
        raise ValueError(f"{pattern!r} cannot be read at {error}") from None


@cache
def _element(part: str) -> Mapping[str, str]:
    match = _ELEMENT.fullmatch(part)
    if match is None:
        raise ValueError(repr(part))
    return {key: value or "" for key, value in match.groupdict().items()} | {"all": part}


def _slips(word: str) -> set[str]:
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    dropped = {head + tail[1:] for head, tail in cuts if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    wrong = {head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS}
    added = {head + letter + tail for head, tail in cuts for letter in _LETTERS}
    return dropped | swapped | wrong | added
