"""The crisis screen: a net under the help button, for everything that people type.

A text becomes a string of word codes (see lexicon.py). Idioms are taken out; rules look for wishes,
plans and their objects; then each match is judged by its surroundings: denied, about somebody else,
reported, long past, a title. In doubt the answer is gentle, never silence. Nothing is kept of the text.
"""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from itertools import islice

from bot.escalation.screening.lexicon import COMMA, EDGE, FEW, MANY, QUOTE, UNKNOWN, YEAR, Lexicon, Rule, load_lexicon
from bot.escalation.screening.normal import fold, repaired, tokens
from bot.escalation.screening.tiers import OVERDOSE, SOMEONE_ELSE, Finding, Tier

__all__ = ["Finding", "Tier", "screen"]

# In a message longer than this a single faint phrase is ordinary speech; it takes two different ones.
SHORT_WORDS = 40
# How far around a match the same sentence is read; sentences without an end must not cost more.
_WINDOW = 40
_BACK = 14
_MANY_PILLS = 8
_MOST_STARRED = 12

_MARKS = dict.fromkeys("\n.!?;", EDGE) | dict.fromkeys(",:()[]-", COMMA) | {'"': QUOTE}

# Read once when the program starts, so that a broken lexicon is found then and not in a crisis.
_ENGLISH = load_lexicon(files("bot.escalation.screening") / "lexicons" / "en.toml")


def screen(text: str) -> Finding:
    """The finding for one text of any length and any characters."""
    return _Reading(text, _ENGLISH).finding()


class _Reading:
    """One text as codes of one lexicon."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._codes = _encoded(text, lexicon)
        self._settled = False  # an urgent finding stands; only an overdose could still add to it

    def finding(self) -> Finding:
        self._take_out_idioms()
        found: list[tuple[Tier, str]] = []
        faint: dict[Rule, str] = {}
        for rule, tier, reason in self._judged():
            if rule.faint and tier:
                faint[rule] = reason
            elif tier:
                found.append((tier, reason))
                if rule.reason == OVERDOSE and tier is Tier.GENTLE:
                    found.append((tier, OVERDOSE))  # whoever took it, the answer must name the number
        if len(faint) > 1 or (faint and self._is_short()):
            found += [(Tier.GENTLE, reason) for reason in faint.values()]
        tier = max((tier for tier, _ in found), default=Tier.NONE)
        reasons = dict.fromkeys(reason for each, reason in found if each is tier)
        return Finding(tier, tuple(reasons), self._lexicon.language)

    def _is_short(self) -> bool:
        return sum(code not in '|,"' for code in self._codes) <= SHORT_WORDS

    def _take_out_idioms(self) -> None:
        idioms = self._lexicon.idioms
        for code in dict.fromkeys(self._codes):
            bundle = idioms.get(code)
            if bundle and bundle.gate.search(self._codes):
                for shape in bundle.items:
                    self._codes = shape.sub(_blank, self._codes)

    def _judged(self) -> Iterator[tuple[Rule, Tier, str]]:
        rules = self._lexicon.rules
        for code in dict.fromkeys(self._codes):
            bundle = rules.get(code)
            if bundle and bundle.gate.search(self._codes):
                for rule in bundle.items:
                    if not self._settled or rule.reason == OVERDOSE:
                        yield from self._matches(rule)

    def _matches(self, rule: Rule) -> Iterator[tuple[Rule, Tier, str]]:
        for match in rule.shape.finditer(self._codes):
            tier, reason = self._judge(rule, match)
            yield rule, tier, reason
            if tier is rule.tier:
                self._settled = self._settled or tier is Tier.URGENT
                return

    def _judge(self, rule: Rule, match: re.Match[str]) -> tuple[Tier, str]:
        """The tier and reason that are left of a rule where it matched."""
        if self._is_title(match):
            return Tier.NONE, "title"
        if rule.other:
            return rule.tier, rule.reason
        if self._is_about_another(match):
            return (Tier.NONE if rule.faint else Tier.GENTLE), SOMEONE_ELSE
        if self._is_denied(rule, match):
            return Tier.GENTLE, "denied"
        if self._is_history(match):
            return (Tier.NONE if rule.faint else Tier.GENTLE), "history"
        return rule.tier, rule.reason

    def _sentence(self, match: re.Match[str]) -> str:
        start = max(self._codes.rfind(EDGE, 0, match.start() + 1), match.start() - _WINDOW, 0)
        end = self._codes.find(EDGE, match.end())
        return self._codes[start : min(end if end >= 0 else match.end(), match.end() + _WINDOW) + 1]

    def _is_title(self, match: re.Match[str]) -> bool:
        if QUOTE not in self._codes:
            return False
        start = self._codes.rfind(EDGE, 0, match.start() + 1)
        end = self._codes.find(EDGE, match.end())
        before = self._codes.find(QUOTE, max(start, match.start() - _WINDOW), match.start() + 1) >= 0
        after = self._codes.find(QUOTE, match.end() - 1, min(end + 1, match.end() + _WINDOW)) >= 0
        return before and after and bool(self._lexicon.media.search(self._sentence(match)))

    def _is_about_another(self, match: re.Match[str]) -> bool:
        classes = self._lexicon.classes
        selves = classes["me"] | classes["mine"]
        if not selves.isdisjoint(match[0]):
            return self._is_reported(match)
        if not classes["other"].isdisjoint(match[0]):
            return True
        for distance, code in enumerate(self._back_from(match.start())):
            if code in classes["me"]:
                return self._is_reported(match)
            if code in classes["other"]:
                return not (distance > 1 and match[0][0] in classes["base"])
        return match[0][0] in classes["third"]

    def _is_reported(self, match: re.Match[str]) -> bool:
        """Somebody else says it: a verb of saying before the match, and its subject is not the writer."""
        classes = self._lexicon.classes
        saying = False
        for code in self._back_from(match.start()):
            if code in classes["join"] and not saying:
                return False
            if code in classes["say"]:
                saying = True
            elif saying and code in classes["me"]:
                return False
            elif saying and code in classes["other"]:
                return True
        return False

    def _is_denied(self, rule: Rule, match: re.Match[str]) -> bool:
        classes = self._lexicon.classes
        if rule.tier is not Tier.URGENT or rule.negative:
            return False  # "no point in living" and "I'm not safe" are the finding itself
        if not classes["not"].isdisjoint(match[0]):
            return True
        before = self._back_from(match.start())
        for code in before:
            if code in classes["not"]:
                return classes["hedge"].isdisjoint(islice(before, 5))
            if code not in classes["skip"]:
                return False
        return False

    def _is_history(self, match: re.Match[str]) -> bool:
        sentence = self._sentence(match)
        return bool(self._lexicon.history.search(sentence)) and not self._lexicon.present.search(sentence)

    def _back_from(self, place: int) -> Iterator[str]:
        """The words before a place, the nearest first, within the sentence."""
        for at in range(place - 1, max(-1, place - 1 - _BACK), -1):
            code = self._codes[at]
            if code == EDGE:
                return
            if code not in ',"':
                yield code


def _blank(match: re.Match[str]) -> str:
    return UNKNOWN * len(match[0])


def _encoded(text: str, lexicon: Lexicon) -> str:
    codes, starred, parts = lexicon.codes, 0, []
    for token in tokens(fold(text), codes):
        starred += "*" in token
        # Guessing at stars is slow, and nobody hides more than a few words behind them.
        parts.append(codes.get(token) or (UNKNOWN if starred > _MOST_STARRED else _code(token, codes)))
    return EDGE + "".join(parts) + EDGE


def _code(token: str, codes: Mapping[str, str]) -> str:
    if token in _MARKS:
        return _MARKS[token]
    if token.isdigit():
        return _number(token)
    return "".join(codes[word] for word in repaired(token, codes)) or UNKNOWN


def _number(digits: str) -> str:
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return YEAR
    return MANY if len(digits) < 5 and int(digits) >= _MANY_PILLS else FEW
