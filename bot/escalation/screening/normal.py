"""Writing made plain: one spelling for the many ways in which the same word is typed.

Case, accents, letters of other alphabets that look like ours, invisible characters, spaced letters,
digits for letters, stars and drawn-out words. Every step is linear in the length of the text.
"""

import re
import unicodedata
from collections.abc import Collection
from itertools import pairwise

# Cyrillic, Greek and other letters that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "абвгдеёзикмнорстухіїјѕһԁԛԝєαβεικνορτυχωησѵɑɡıł∂",
    "abbrdeezukmhopctyxiijshdqweabeikvoptuxwnovagild",
)
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´＇")
_QUOTES = str.maketrans("“”„«»‟", '""""""')
_PILL = "\U0001f48a"
_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cs", "Cc", "Co", "Cn"})

_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z0-9][ .*_-]{1,2}){2,}[a-z0-9](?![a-z0-9])")
_BETWEEN = re.compile(r"[ .*_-]+")
_TOKEN = re.compile(r'[a-z0-9$@](?:[a-z0-9@$!*|]*[a-z0-9$])?|[\n.!?;",:()\[\]-]')
_ODD = re.compile(r"[^a-z]|(.)\1\1")
_DRAWN_OUT = re.compile(r"(.)\1\1+")
_DOUBLED = re.compile(r"(.)\1+")
# "1" and "!" stand for an i as well as for an l.
_LEETS = (str.maketrans("013457@$!|", "oieastasil"), str.maketrans("013457@$!|", "oleastasll"))
_LONGEST_GLUED = 24
_LONGEST_WORD = 16


def fold(text: str) -> str:
    """Lower case, plain Latin letters, no invisible characters, no apostrophes; sentence marks stay."""
    plain = text if text.isascii() else _plain(text)
    return plain.lower().translate(_APOSTROPHES)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.translate(_QUOTES).replace(_PILL, " pills "))
    kept = "".join(c for c in decomposed if c.isascii() or unicodedata.category(c) not in _INVISIBLE)
    return kept.casefold().translate(_LOOKALIKES)


def tokens(folded: str, known: Collection[str]) -> list[str]:
    """The words and sentence marks of a folded text. Letters typed apart become words again."""
    if _SPACED.search(folded):
        folded = _SPACED.sub(lambda run: _joined(run[0], known), folded)
    return _TOKEN.findall(folded)


def repaired(token: str, known: Collection[str]) -> tuple[str, ...]:
    """The known words that an unknown token may stand for: "k1ll", "dieeee", "k*ll", "killmyself"."""
    if _ODD.search(token):
        for reading in _readings(token):
            if reading in known:
                return (reading,)
        if "*" in token:
            return _starred(token, known)
        return _segments(token.replace("2", "to"), known) if len(token) <= _LONGEST_GLUED else ()
    if 7 <= len(token) <= _LONGEST_GLUED:
        return _segments(token, known)
    return ()


def _joined(run: str, known: Collection[str]) -> str:
    word = _BETWEEN.sub("", run)
    if word in known or word.isdigit():
        return word
    return " ".join(_segments(word, known)) or word


def _readings(token: str) -> list[str]:
    readings = []
    for letters in (token, *map(token.translate, _LEETS)):
        if letters.isalpha():
            readings += [letters, _DRAWN_OUT.sub(r"\1", letters), _DRAWN_OUT.sub(r"\1\1", letters)]
            readings.append(_DOUBLED.sub(r"\1", letters))
    return readings


def _starred(token: str, known: Collection[str]) -> tuple[str, ...]:
    if len(token) > _LONGEST_GLUED:
        return ()
    shape = re.compile(re.escape(token).replace(r"\*", "[a-z]"))
    return next(((word,) for word in sorted(known) if len(word) == len(token) and shape.fullmatch(word)), ())


def _segments(word: str, known: Collection[str]) -> tuple[str, ...]:
    """`word` cut into known words, the longest first, or nothing."""
    following = {len(word): 0}
    for start in range(len(word) - 1, -1, -1):
        for end in range(min(len(word), start + _LONGEST_WORD), start, -1):
            if end in following and word[start:end] in known:
                following[start] = end
                break
    if 0 not in following:
        return ()
    cuts = [0]
    while cuts[-1] < len(word):
        cuts.append(following[cuts[-1]])
    return tuple(word[start:end] for start, end in pairwise(cuts))
