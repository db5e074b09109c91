"""Computes the weights of the crisis screen anew from the phrase sets for making.

    python -m tests.escalation.weigh [language …]

Two plain logistic regressions a language, in whole numbers: despair against everyday talk, and an open wish
to die against everything else. The thresholds are set by five-fold cross-validation on the same sets. The
sets in phrases/held take no part in it.
"""

import math
import random
import sys
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.escalation.screening.lexicon import EDGE, Lexicon, load_lexicon
from bot.escalation.screening.normal import fold, together, tokens, typed_apart
from bot.escalation.screening.reading import Found, Reading
from bot.escalation.screening.tiers import OVERDOSE, Tier
from bot.escalation.screening.weights import terms

FOLDER = Path("bot/escalation/screening")
MAKING = Path(__file__).parent / "phrases" / "making"
SETS = ("explicit", "indirect", "benign", "other", "denied")

FOLDS = 5
ROUNDS = 16
RATE = 0.2
PULL = 1e-3  # towards zero
LEAST_SEEN = 3
SMALLEST = 4  # hundredths; a lighter term is left out
# What may be flagged of the benign set, and what may be urgent of it, by rules and weights together.
# The sets of some languages hold more lines that were written to look dangerous than everyday talk does.
FLAGGED_SHARE = {"en": 0.038, "es": 0.042, "de": 0.046, "fr": 0.044, "pt": 0.046, "it": 0.05}
URGENT_SHARE = {"en": 0.007, "es": 0.008, "de": 0.008, "fr": 0.01, "pt": 0.008, "it": 0.006}
LEAST_ANCHORED = 4
ANCHOR_RATIO = 5

# A word is at home where it has at least this share of its use.
HOME_SHARE = 0.1
LEAST_SPOKEN = 3
ELIDED = ("fr", "it")

Vector = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One phrase: its set, what the rules found, and its terms."""

    group: str
    found: Found
    vector: Vector


def examples(language: str, lexicon: Lexicon) -> list[Example]:
    """Every phrase for making of one language, read by its rules."""
    made = []
    for group in SETS:
        for path in sorted(MAKING.glob(f"{language}_{group}*.txt")):
            for line in filter(str.strip, path.read_text(encoding="utf-8").split("\n")):
                made.append(_example(group, line, lexicon))
    return made


def _example(group: str, text: str, lexicon: Lexicon) -> Example:
    folded = fold(text)
    if typed_apart(folded):
        folded = together(folded, lexicon.codes)
    found = Reading(tokens(folded, lexicon.elision), lexicon).found()
    return Example(group, found, tuple({*terms(found.words), *(f"<{sign}>" for sign in found.signs)}))


def fitted(vectors: Sequence[Vector], wanted: Sequence[bool], shares: Sequence[float]) -> dict[str, float]:
    """Logistic regression by stochastic gradient with a rate of its own for each term (AdaGrad)."""
    seen = Counter(term for vector in vectors for term in vector)
    kept = [tuple(term for term in vector if seen[term] >= LEAST_SEEN) for vector in vectors]
    weights: dict[str, float] = {"": 0.0}
    paid: dict[str, float] = {"": 1e-6}
    for term, times in seen.items():
        if times >= LEAST_SEEN:
            weights[term], paid[term] = 0.0, 1e-6
    order, chance = list(range(len(kept))), random.Random(11)
    for _ in range(ROUNDS):
        chance.shuffle(order)
        for at in order:
            vector = kept[at]
            total = weights[""] + sum(weights[term] for term in vector)
            error = (1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - wanted[at]) * shares[at]
            for term in ("", *vector):
                slope = error + PULL * weights[term]
                paid[term] += slope * slope
                weights[term] -= RATE * slope / math.sqrt(paid[term])
    return weights


def _shares(wanted: Sequence[bool], given: Sequence[float]) -> list[float]:
    """Both sides weigh the same, however many examples each has."""
    sides = {side: sum(g for w, g in zip(wanted, given, strict=True) if w is side) for side in (True, False)}
    return [g * len(given) / 2 / sides[w] for w, g in zip(wanted, given, strict=True)]


def _fit(made: Sequence[Example], target: frozenset[str]) -> dict[str, float]:
    wanted = [example.group in target for example in made]
    given = [0.5 if example.group in ("other", "denied") else 1.0 for example in made]
    return fitted([example.vector for example in made], wanted, _shares(wanted, given))


def _score(weights: Mapping[str, float], example: Example) -> float:
    return weights[""] + sum(weights.get(term, 0.0) for term in example.vector)


def crossed(made: Sequence[Example], target: frozenset[str]) -> list[float]:
    """The score of each example by weights that were made without it."""
    scores = [0.0] * len(made)
    part = [random.Random(at).randrange(FOLDS) for at in range(len(made))]
    for fold_ in range(FOLDS):
        weights = _fit([each for each, p in zip(made, part, strict=True) if p != fold_], target)
        for at, example in enumerate(made):
            if part[at] == fold_:
                scores[at] = _score(weights, example)
    return scores


def _threshold(found: Sequence[tuple[bool, float]], share: float) -> float:
    """The lowest score at which no more than a share is flagged, by the rules or by its score."""
    scores = sorted((score for by_rule, score in found if not by_rule), reverse=True)
    room = int(len(found) * share) - (len(found) - len(scores))
    return scores[max(0, room)] + 0.01


HEAVY = frozenset({"explicit", "indirect", "other", "denied"})
PLAIN = frozenset({"explicit"})


def weigh(language: str) -> None:
    """Fit, choose the thresholds, print the cross-validated figures and write the file."""
    lexicon = load_lexicon(FOLDER / "lexicons" / f"{language}.toml")
    made = examples(language, lexicon)
    anchors = _anchors(made)
    heavy = crossed(made, HEAVY)
    plain = [
        score if _may_be_urgent(each.found, anchors) else -math.inf
        for score, each in zip(crossed(made, PLAIN), made, strict=True)
    ]

    benign = [(each, h, p) for each, h, p in zip(made, heavy, plain, strict=True) if each.group == "benign"]
    heavy_at = _threshold(
        [(each.found.tier > Tier.NONE, h) for each, h, _ in benign], FLAGGED_SHARE[language]
    )
    plain_at = _threshold(
        [(each.found.tier is Tier.URGENT, p) for each, _, p in benign], URGENT_SHARE[language]
    )
    _report(language, made, [h >= heavy_at for h in heavy], [p >= plain_at for p in plain])
    _write(language, _fit(made, HEAVY), _fit(made, PLAIN), heavy_at, plain_at, anchors)


def _may_be_urgent(found: Found, anchors: frozenset[str]) -> bool:
    return found.own and OVERDOSE not in found.reasons and not anchors.isdisjoint(found.words)


def _anchors(made: Sequence[Example]) -> frozenset[str]:
    """The words that stand in a share of the explicit phrases many times that of the benign ones."""
    texts, seen = Counter[str](), Counter[tuple[str, str]]()
    for example in made:
        texts[example.group] += 1
        seen.update((example.group, word) for word in {*example.found.words} - {EDGE})
    return frozenset(
        word
        for (group, word), times in seen.items()
        if group == "explicit"
        and times >= LEAST_ANCHORED
        and times / texts["explicit"] >= ANCHOR_RATIO * (seen["benign", word] + 0.5) / texts["benign"]
    )


def _report(language: str, made: Sequence[Example], heavy: Sequence[bool], plain: Sequence[bool]) -> None:
    for group in SETS:
        tiers = [
            _tier(each.found, h, p)
            for each, h, p in zip(made, heavy, plain, strict=True)
            if each.group == group
        ]
        rules = [each.found.tier for each in made if each.group == group]
        print(
            f"{language} {group:>9}: {len(tiers):5} lines, "
            f"urgent {_share(tiers, Tier.URGENT):6.1%}, gentle {_share(tiers, Tier.GENTLE):6.1%}"
            f"   (rules alone {_share(rules, Tier.URGENT):6.1%}, {_share(rules, Tier.GENTLE):6.1%})"
        )


def _tier(found: Found, heavy: bool, plain: bool) -> Tier:
    if found.tier is Tier.URGENT or plain:
        return Tier.URGENT
    return Tier.GENTLE if found.tier is Tier.GENTLE or heavy else Tier.NONE


def _share(tiers: Sequence[Tier], tier: Tier) -> float:
    return sum(each is tier for each in tiers) / max(1, len(tiers))


def _write(
    language: str,
    heavy: Mapping[str, float],
    plain: Mapping[str, float],
    heavy_at: float,
    plain_at: float,
    anchors: frozenset[str],
) -> None:
    lines = [
        "# How heavily words speak, in hundredths. Made by `python -m tests.escalation.weigh`.",
        f'language = "{language}"',
        f"heavy_at = {round((heavy_at - heavy['']) * 100)}",
        f"plain_at = {round((plain_at - plain['']) * 100)}",
        "",
        "# Words that stand in plain wishes far more often than in everyday talk.",
        'anchors = """',
        *textwrap.wrap(" ".join(sorted(anchors)), 108),
        '"""',
        "",
        "# Of despair.",
        *_table("heavy", heavy),
        "",
        "# Of an open wish to die.",
        *_table("plain", plain),
    ]
    path = FOLDER / "weights" / f"{language}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _table(name: str, weights: Mapping[str, float]) -> list[str]:
    by_number: dict[int, list[str]] = {}
    for term, weight in weights.items():
        if term and abs(round(weight * 100)) >= SMALLEST:
            by_number.setdefault(round(weight * 100), []).append(term)
    return [
        f"[{name}]",
        *(
            f'"{number}" = "{", ".join(sorted(by_number[number]))}"'
            for number in sorted(by_number, reverse=True)
        ),
    ]


def tell_apart(languages: Sequence[str]) -> None:
    """Write the words that tell the languages apart: those at home in one or two of them."""
    spoken = {language: _frequencies(language) for language in languages}
    telling: dict[str, list[str]] = {language: [] for language in languages}
    for word in sorted(set().union(*spoken.values())):
        each = {language: spoken[language].get(word, 0.0) for language in languages}
        homes = [language for language in languages if each[language] >= HOME_SHARE * sum(each.values())]
        if len(homes) <= 2:
            for language in homes:
                telling[language].append(word)
    lines = ["# Words that tell a language from the others. Made by `python -m tests.escalation.weigh`."]
    for language, words in telling.items():
        lines += ["", f'{language} = """', *textwrap.wrap(" ".join(words), 108), '"""']
    (FOLDER / "weights" / "tongues.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _frequencies(language: str) -> dict[str, float]:
    """The share of each word among all words of a language's sets; rare ones are left out."""
    counts: Counter[str] = Counter()
    for path in MAKING.glob(f"{language}_*.txt"):
        folded = fold(path.read_text(encoding="utf-8"))
        for elision in {False, language in ELIDED}:
            counts.update(word for word in tokens(folded, elision) if word.isalpha())
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items() if count >= LEAST_SPOKEN}


if __name__ == "__main__":
    every = sorted(path.stem for path in (FOLDER / "lexicons").glob("??.toml"))
    tell_apart(every)
    for name in sys.argv[1:] or every:
        weigh(name)
