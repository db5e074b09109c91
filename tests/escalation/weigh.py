"""Computes the weights of the crisis screen anew from the phrase sets for making: `make weights`.

Two logistic regressions a language, written down in whole numbers: despair against everyday talk, and an open
wish to die against everything else. The bars, one for each class of length, are set by five-fold
cross-validation on the same sets. The sets in phrases/held take no part in it.
"""

import math
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.escalation.screening.lexicon import EDGE, Lexicon, load_lexicon
from bot.escalation.screening.normal import fold, together, tokens, typed_apart
from bot.escalation.screening.reading import Found, Reading
from bot.escalation.screening.tiers import SELF_INJURY, Tier
from bot.escalation.screening.weights import LENGTHS, length_class, share_of_each, terms

FOLDER = Path("bot/escalation/screening")
MAKING = Path(__file__).parent / "phrases" / "making"
SETS = ("explicit", "indirect", "benign", "other", "denied")
HEAVY = frozenset({"explicit", "indirect", "other", "denied"})
PLAIN = frozenset({"explicit"})

FOLDS = 5
FREEDOM = 8.0  # sklearn's C
LEAST_SEEN = 3
SMALLEST = 12  # hundredths; a lighter term is left out
LONG_COUNTS = 4.0  # long texts are few
DOUBTFUL_COUNTS = 0.5  # somebody else's despair, and despair denied
INDIRECT_COUNTS = 0.1  # to call one of them urgent is no great mistake
# What the weights may flag of the short benign texts, and what they may call urgent of them.
# The sets of some languages hold more lines that were written to look dangerous than everyday talk does.
FLAGGED_SHARE = {"en": 0.038, "es": 0.05, "de": 0.045, "fr": 0.046, "pt": 0.046, "it": 0.05}
URGENT_SHARE = {"en": 0.016, "es": 0.015, "de": 0.012, "fr": 0.018, "pt": 0.009, "it": 0.008}
# Longer texts are fewer, and a cry is harder to hear in them.
FLAGGED_SHARE_OF_LONGER = 0.03
URGENT_SHARE_OF_LONGER = 0.04
LEAST_ANCHORED = 3
ANCHOR_RATIO = 2

# A word is at home where it has at least this share of its use.
HOME_SHARE = 0.1
LEAST_SPOKEN = 3
ELIDED = ("fr", "it")

Scores: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Example:
    """One phrase: its set, what the rules found, and its terms."""

    group: str
    found: Found
    terms: frozenset[str]

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(word != EDGE for word in self.found.words)

    @property
    def counts(self) -> float:
        """How much it counts."""
        share = DOUBTFUL_COUNTS if self.group in ("other", "denied") else 1.0
        return share * (LONG_COUNTS if length_class(self.words) == len(LENGTHS) else 1.0)


def examples(language: str, lexicon: Lexicon) -> list[Example]:
    """Every phrase for making of one language, read by its rules."""
    return [
        _example(group, line, lexicon)
        for group in SETS
        for path in sorted(MAKING.glob(f"{language}_{group}*.txt"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.strip()
    ]


def _example(group: str, text: str, lexicon: Lexicon) -> Example:
    folded = fold(text)
    if typed_apart(folded):
        folded = together(folded, lexicon.codes)
    found = Reading(tokens(folded, lexicon.elision), lexicon).found()
    return Example(group, found, frozenset((*terms(found.words), *(f"<{sign}>" for sign in found.signs))))


@dataclass(frozen=True, slots=True)
class Model:
    """One regression: the weight of each term, and what a text without any has."""

    places: Mapping[str, int]
    weights: Scores
    bias: float

    def scores(self, made: Sequence[Example]) -> Scores:
        """The score of each example."""
        found: Scores = _matrix(made, self.places) @ self.weights + self.bias
        return found


def fitted(made: Sequence[Example], target: frozenset[str], counts: Sequence[float]) -> Model:
    """A regression over the terms that are not too rare; both sides weigh the same."""
    seen = Counter(term for example in made for term in example.terms)
    kept = sorted(term for term, times in seen.items() if times >= LEAST_SEEN)
    places = {term: place for place, term in enumerate(kept)}
    wanted = np.array([example.group in target for example in made])
    given = np.array(counts)
    for side in (True, False):
        given[wanted == side] *= len(made) / 2 / given[wanted == side].sum()
    regression = LogisticRegression(C=FREEDOM, solver="liblinear", max_iter=300, random_state=11)
    regression.fit(_matrix(made, places), wanted, sample_weight=given)
    return Model(places, regression.coef_[0], float(regression.intercept_[0]))


def _matrix(made: Sequence[Example], places: Mapping[str, int]) -> csr_matrix:
    columns: list[int] = []
    values: list[float] = []
    rows = [0]
    for example in made:
        here = [places[term] for term in example.terms if term in places]
        columns += here
        values += [share_of_each(example.words)] * len(here)
        rows.append(len(columns))
    return csr_matrix((values, columns, rows), shape=(len(made), len(places)))


def _fit_heavy(made: Sequence[Example]) -> Model:
    return fitted(made, HEAVY, [example.counts for example in made])


def _fit_plain(made: Sequence[Example]) -> Model:
    counts = [each.counts * (INDIRECT_COUNTS if each.group == "indirect" else 1.0) for each in made]
    return fitted(made, PLAIN, counts)


def crossed(made: Sequence[Example], fit: Callable[[Sequence[Example]], Model]) -> Scores:
    """The score of each example by weights that were made without it."""
    scores = np.zeros(len(made))
    groups = [f"{example.group} {length_class(example.words)}" for example in made]
    for learnt, left in StratifiedKFold(FOLDS, shuffle=True, random_state=11).split(groups, groups):
        scores[left] = fit([made[at] for at in learnt]).scores([made[at] for at in left])
    return scores


def _bar(scores: Iterable[float], share: float) -> float:
    """The lowest score at which no more than a share of the benign texts that the rules pass is flagged."""
    highest = sorted(scores, reverse=True)
    return highest[int(len(highest) * share)] + 0.01


def weigh(language: str) -> None:
    """Fit, choose the bars, print the cross-validated figures and write the file."""
    lexicon = load_lexicon(FOLDER / "lexicons" / f"{language}.toml")
    made = examples(language, lexicon)
    anchors = _anchors(made)
    heavy, plain = crossed(made, _fit_heavy), crossed(made, _fit_plain)
    plain[[not _may_be_urgent(each.found, anchors) for each in made]] = -math.inf
    classes = [length_class(each.words) for each in made]
    passed = [at for at, each in enumerate(made) if each.group == "benign" and each.found.tier is Tier.NONE]
    flagged = (FLAGGED_SHARE[language], FLAGGED_SHARE_OF_LONGER, FLAGGED_SHARE_OF_LONGER)
    urgent = (URGENT_SHARE[language], URGENT_SHARE_OF_LONGER, URGENT_SHARE_OF_LONGER)
    heavy_at, plain_at = (
        [_bar((scores[at] for at in passed if classes[at] == length), shares[length]) for length in range(3)]
        for scores, shares in ((heavy, flagged), (plain, urgent))
    )
    tiers = [
        _tier(each.found, heavy[at] >= heavy_at[classes[at]], plain[at] >= plain_at[classes[at]])
        for at, each in enumerate(made)
    ]
    _report(language, made, tiers)
    _write(language, _fit_heavy(made), _fit_plain(made), heavy_at, plain_at, anchors)


def _may_be_urgent(found: Found, anchors: frozenset[str]) -> bool:
    return found.own and SELF_INJURY not in found.reasons and not anchors.isdisjoint(found.words)


def _anchors(made: Sequence[Example]) -> frozenset[str]:
    """The words that stand in a share of the explicit phrases twice that of the benign ones, or more."""
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


def _tier(found: Found, heavy: bool, plain: bool) -> Tier:
    if found.tier is Tier.URGENT or plain:
        return Tier.URGENT
    return Tier.GENTLE if found.tier is Tier.GENTLE or heavy else Tier.NONE


def _report(language: str, made: Sequence[Example], tiers: Sequence[Tier]) -> None:
    found: dict[tuple[str, int], list[tuple[Tier, Tier]]] = {}
    for example, tier in zip(made, tiers, strict=True):
        found.setdefault((example.group, length_class(example.words)), []).append((tier, example.found.tier))
    for (group, length), both in sorted(found.items()):
        whole, rules = ([each[place] for each in both] for place in (0, 1))
        print(
            f"{language} {group:>9} {('short', 'medium', 'long')[length]:>6}: {len(both):5} lines, "
            f"urgent {_share(whole, Tier.URGENT):6.1%}, gentle {_share(whole, Tier.GENTLE):6.1%}"
            f"   (rules alone {_share(rules, Tier.URGENT):6.1%}, {_share(rules, Tier.GENTLE):6.1%})"
        )


def _share(tiers: Sequence[Tier], tier: Tier) -> float:
    return sum(each is tier for each in tiers) / len(tiers)


def _write(
    language: str,
    heavy: Model,
    plain: Model,
    heavy_at: Sequence[float],
    plain_at: Sequence[float],
    anchors: frozenset[str],
) -> None:
    # Literal strings, which are read three times as fast as those that may hold escapes.
    lines = [
        "# How heavily words speak, in hundredths. Made by `make weights`.",
        f'language = "{language}"',
        f"heavy_at = {[round((at - heavy.bias) * 100) for at in heavy_at]}",
        f"plain_at = {[round((at - plain.bias) * 100) for at in plain_at]}",
        "",
        "# Words that stand in plain wishes at least twice as often as in everyday talk.",
        "anchors = '''",
        *textwrap.wrap(" ".join(sorted(anchors)), 108),
        "'''",
        "",
        "# Of despair.",
        *_table("heavy", heavy),
        "",
        "# Of an open wish to die.",
        *_table("plain", plain),
    ]
    path = FOLDER / "weights" / f"{language}.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _table(name: str, model: Model) -> list[str]:
    by_number: dict[int, list[str]] = {}
    for term, place in model.places.items():
        number = round(model.weights[place] * 100)
        if abs(number) >= SMALLEST:
            by_number.setdefault(number, []).append(term)
    rows = (f"\"{number}\" = '{', '.join(sorted(by_number[number]))}'" for number in sorted(by_number)[::-1])
    return [f"[{name}]", *rows]


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
    lines = ["# Words that tell a language from the others. Made by `make weights`."]
    for language, words in telling.items():
        lines += ["", f"{language} = '''", *textwrap.wrap(" ".join(words), 108), "'''"]
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
