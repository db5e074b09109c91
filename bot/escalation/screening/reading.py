"""One text read with one lexicon: idioms are taken out, rules look for wishes and plans, surroundings judge.

Each match of a rule is judged by what stands around it: denied, about somebody else, reported, long past, a
title. In doubt the answer is gentle, never silence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast

from bot.escalation.screening.lexicon import (
    BESIDE,
    COMMA,
    EDGE,
    FEW,
    MANY,
    PICTURE,
    QUOTE,
    UNKNOWN,
    YEAR,
    Lexicon,
    Rule,
)
from bot.escalation.screening.normal import repaired
from bot.escalation.screening.tiers import JUDGED, OVERDOSE, SOMEONE_ELSE, Tier

# How far around a match the same sentence is read; sentences without an end must not cost more.
_WINDOW = 40
_BACK = 14
_TO_CONDITION = 3
_MANY_PILLS = 8
# "50 mg" and "20 drops" are an ordinary dose, "8 am" is a time; so much of a unit is none.
_UNITS = frozenset(
    {"mg", "mcg", "ug", "g", "gr", "ml", "milligrams", "miligramos", "miligramas", "milligramm"}
)
_UNITS |= {"milligrammes", "milligrammi", "drops", "gotas", "tropfen", "gouttes", "gocce", "iu", "ie", "ui"}
_UNITS |= {"am", "pm", "oclock", "h", "hrs", "hs", "uhr", "heures", "horas", "ore"}
_MANY_UNITS = 2000
_MOST_STARRED = 12
# The code of a word that an idiom took: no rule asks for it, and it is not weighed.
_TAKEN = "i"
# Somebody who turned out to be the writer.
_REVEALED = "revealed"
_UNWEIGHED = frozenset({_TAKEN, COMMA, QUOTE})


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules found in a text.

    `tier` and `reasons` stand for themselves; `signs` are names of faint patterns that count only when they
    are weighed together with the words. `words` are those of the text, one spelling for each, without those
    of idioms; a sentence ends with EDGE. `own`: no rule found a plain wish that is denied, long past, a title
    or somebody else's.
    """

    tier: Tier
    reasons: tuple[str, ...]
    signs: frozenset[str]
    words: list[str]
    own: bool


class Reading:
    """One text, as its tokens, read with one lexicon. Use it once."""

    def __init__(self, tokens: list[str], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._codes, self._words = _encoded(tokens, lexicon)
        self._settled = False  # an urgent finding stands; only an overdose could still add to it
        self._titled = False

    def found(self) -> Found:
        """What the rules of this lexicon find."""
        self._take_out_idioms()
        hits: list[tuple[Tier, str]] = []
        signs: set[str] = set()
        own = True
        for rule, tier, reason in self._judged():
            if rule.faint and tier:
                signs.add(reason)
                continue
            own = own and tier is rule.tier and (tier is Tier.URGENT or reason not in JUDGED)
            if tier:
                hits.append((tier, reason))
                if rule.reason == OVERDOSE and tier is Tier.GENTLE:
                    hits.append((tier, OVERDOSE))  # whoever took it, the answer must name the number
        if not hits:
            return Found(Tier.NONE, (), frozenset(signs), self._left(), own)
        strongest = max(tier for tier, _ in hits)
        reasons = dict.fromkeys(reason for tier, reason in hits if tier is strongest)
        return Found(strongest, tuple(reasons), frozenset(signs), self._left(), own)

    def _left(self) -> list[str]:
        """The words that no idiom took away, without those of a title."""
        codes = _without_quotes(self._codes) if self._titled else self._codes
        words = zip(self._words, codes[1:], strict=False)
        return [word for word, code in words if code not in _UNWEIGHED]

    def _take_out_idioms(self) -> None:
        for idiom in self._lexicon.idioms.at_hand(frozenset(self._codes)):
            self._codes = idiom.shape.sub(_blank, self._codes)

    def _judged(self) -> Iterator[tuple[Rule, Tier, str]]:
        for rule in self._lexicon.rules.at_hand(frozenset(self._codes)):
            if (not self._settled or rule.reason == OVERDOSE) and rule.shape.search(self._codes):
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
            self._titled = True
            return Tier.NONE, "title"
        if rule.faint or (rule.other and rule.reason != SOMEONE_ELSE):
            return rule.tier, rule.reason
        if rule.other or self._is_about_another(match):
            if not self._is_revealed(match):
                return Tier.GENTLE, SOMEONE_ELSE
            if rule.other:
                return Tier.URGENT, _REVEALED
        if self._is_denied(rule, match):
            return Tier.GENTLE, "denied"
        if self._is_history(match):
            return Tier.GENTLE, "history"
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
        if not (classes["me"].isdisjoint(match[0]) and classes["mine"].isdisjoint(match[0])):
            return self._is_reported(match)
        if not classes["other"].isdisjoint(match[0]):
            return True
        if self._lexicon.inflected and not classes["third"].isdisjoint(match[0]):
            return True
        for distance, code in enumerate(self._back_from(match.start())):
            if code in classes["me"]:
                return self._is_reported(match)
            if code in classes["other"]:
                return not (distance > 1 and match[0][0] in classes["base"])
        return match[0][0] in classes["third"]

    def _is_revealed(self, match: re.Match[str]) -> bool:
        """Whoever it is about is the writer after all: "somebody here wants to die, and that is me"."""
        revealed = self._lexicon.revealed
        return revealed.search(self._codes, match.start(), match.end() + _WINDOW) is not None

    def _is_reported(self, match: re.Match[str]) -> bool:
        """Somebody else says it: a verb of saying before the match, and its subject is not the writer."""
        classes = self._lexicon.classes
        saying, after = False, ""
        before = self._back_from(match.start())
        for code in before:
            if code in classes["join"] and not saying:
                return False
            if code in classes["say"]:
                if after in classes["other"]:
                    return True  # "said she: …"
                saying = True
            elif saying and code in classes["me"]:
                return False
            elif saying and code in classes["other"]:
                # "If he writes again I'll kill myself" reports nothing.
                return classes["condition"].isdisjoint(islice(before, _TO_CONDITION))
            after = code
        return False

    def _is_denied(self, rule: Rule, match: re.Match[str]) -> bool:
        classes = self._lexicon.classes
        if rule.tier is not Tier.URGENT or rule.negative:
            return False  # "no point in living" and "I'm not safe" are the finding itself
        if not classes["not"].isdisjoint(_without_afterthought(match[0])):
            return True
        codes, start = self._codes, match.start()
        for place in range(start - 1, max(-1, start - 1 - _BACK), -1):
            code = codes[place]
            if code in classes["not"]:
                return classes["hedge"].isdisjoint(codes[max(0, place - 5) : place])
            # "No, I want to die" and "no more, I want to die" deny nothing: a comma ends what a "not" means.
            if code in (EDGE, COMMA) or (code not in classes["skip"] and code not in BESIDE):
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
            if code not in BESIDE:
                yield code


def _without_afterthought(said: str) -> str:
    """Without one last word behind a comma: "I jump, no threat" is cut after "no", and denies nothing."""
    return said[:-2] if said[-2:-1] == COMMA else said


def _blank(match: re.Match[str]) -> str:
    return _TAKEN * len(match[0])


def _without_quotes(codes: str) -> str:
    parts = codes.split(QUOTE)
    return QUOTE.join(part if place % 2 == 0 else _TAKEN * len(part) for place, part in enumerate(parts))


def _encoded(tokens: list[str], lexicon: Lexicon) -> tuple[str, list[str]]:
    """The codes of the tokens between two edges, and beside each code its word in one spelling."""
    spelt, found = lexicon.spelt, [*map(lexicon.codes.get, tokens)]
    each = _guessed(tokens, found, lexicon) if None in found else cast(list[str], found)
    codes = "".join(each)
    if len(codes) == len(tokens):
        return EDGE + codes + EDGE, [*map(spelt.get, codes, tokens)]
    words: list[str] = []
    for token, some in zip(tokens, each, strict=True):
        words += [spelt.get(code, token) for code in some]
    return EDGE + codes + EDGE, words


def _guessed(tokens: list[str], found: Sequence[str | None], lexicon: Lexicon) -> list[str]:
    """The codes, with a guess for every word that the lexicon does not know as it is spelt."""
    starred, codes = 0, [code or UNKNOWN for code in found]
    for place in (place for place, code in enumerate(found) if code is None):
        token = tokens[place]
        if not token.isascii():
            codes[place] = PICTURE
        elif token.isdigit():
            codes[place] = _number(token, with_unit=not _UNITS.isdisjoint(tokens[place + 1 : place + 2]))
        else:
            starred += "*" in token
            # Guessing at stars is slow, and nobody hides more than a few words behind them.
            codes[place] = _code(token, lexicon) if starred <= _MOST_STARRED else UNKNOWN
    return codes


def _code(token: str, lexicon: Lexicon) -> str:
    codes = lexicon.codes
    return "".join(codes[word] for word in repaired(token, codes, lexicon.glued)) or UNKNOWN


def _number(digits: str, with_unit: bool) -> str:
    if with_unit:
        return MANY if len(digits) > 4 or int(digits) >= _MANY_UNITS else FEW
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return YEAR
    return MANY if len(digits) < 5 and int(digits) >= _MANY_PILLS else FEW
