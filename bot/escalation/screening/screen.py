"""The crisis screen: a net under the help button, for everything that people type, in six languages.

A text is read in each language it may be in. Rules look for what is said plainly (reading.py); its words and
the signs of despair are weighed together (weights.py). In doubt the answer is gentle, never silence.
Nothing is kept of the text.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.resources import files

from bot.escalation.screening.lexicon import Lexicon, load_lexicon
from bot.escalation.screening.normal import fold, together, tokens, typed_apart
from bot.escalation.screening.reading import Found, Reading
from bot.escalation.screening.tiers import JUDGED, SELF_INJURY, Finding, Tier
from bot.escalation.screening.tongues import load_tongues
from bot.escalation.screening.weights import Weights, load_weights, pieces

__all__ = ["LANGUAGES", "Finding", "Tier", "screen"]

LANGUAGES = ("en", "es", "de", "fr", "pt", "it")
WEIGHED = "weighed words"


@dataclass(frozen=True, slots=True)
class _Tongue:
    """What is known of one language."""

    lexicon: Lexicon
    weights: Weights

    def finding(self, said: list[str], *, weighed: bool) -> Finding:
        found = Reading(said, self.lexicon).found()
        if found.tier is Tier.URGENT:
            return Finding(found.tier, found.reasons, self.lexicon.language)
        weighable = pieces(found.words, found.signs) if weighed else []
        if self._may_be_urgent(found) and self.weights.is_plain(weighable):
            return Finding(Tier.URGENT, (WEIGHED, *found.reasons), self.lexicon.language)
        if found.tier is Tier.GENTLE:
            return Finding(found.tier, found.reasons, self.lexicon.language)
        if self.weights.is_heavy(weighable):
            return Finding(Tier.GENTLE, (WEIGHED, *sorted(found.signs)), self.lexicon.language)
        return Finding(Tier.NONE, (), self.lexicon.language)

    def _may_be_urgent(self, found: Found) -> bool:
        """Words alone are not believed against a rule that saw more, nor without an anchor among them."""
        anchored = not self.weights.anchors.isdisjoint(found.words)
        return anchored and found.own and SELF_INJURY not in found.reasons


def _tongue(language: str) -> _Tongue:
    folder = files("bot.escalation.screening")
    return _Tongue(
        load_lexicon(folder / "lexicons" / f"{language}.toml"),
        load_weights(folder / "weights" / f"{language}.toml"),
    )


# Read once when the program starts, so that a broken lexicon is found then and not in a crisis.
_TONGUES = {language: _tongue(language) for language in LANGUAGES}
_CHOICE = load_tongues(files("bot.escalation.screening") / "weights" / "tongues.toml")


def _joined(folded: str) -> dict[str, list[str]]:
    """By language, the words of a text in which letters were typed apart."""
    lexicons = (tongue.lexicon for tongue in _TONGUES.values())
    return {each.language: tokens(together(folded, each.codes), each.elision) for each in lexicons}


def _telling(said: list[str], joined: Iterable[list[str]]) -> list[str]:
    """The words that may tell the language. Letters that stand one by one do not; the words they make do."""
    made = [word for each in joined for word in each]
    return [word for word in said + made if len(word) > 1]


def screen(text: str) -> Finding:
    """The finding for one text of any length and any characters.

    `language` is that of the reading that found something, else the likeliest.
    """
    folded = fold(text)
    said = tokens(folded)
    apart = typed_apart(folded)
    # In half of the languages an apostrophe ends a word.
    cut = tokens(folded, elision=True) if "'" in folded else said
    best: Finding | None = None
    joined = _joined(folded) if apart else {}
    telling = said if cut is said else said + cut
    choice = _CHOICE.of(_telling(telling, joined.values()) if apart else telling)
    sure = sum(likely for _, likely in choice) == 1
    for language, weighed in choice:
        tongue = _TONGUES[language]
        words = joined[language] if apart else cut if tongue.lexicon.elision else said
        finding = tongue.finding(words, weighed=weighed)
        if best is None or finding.tier > best.tier:
            best = finding
        # What was understood as somebody else's, denied or long past is not misread in a second language.
        if best.tier is Tier.URGENT or not JUDGED.isdisjoint(best.reasons):
            break
    best = best or Finding(Tier.NONE, (), "")
    return best if sure else replace(best, sure=False)
