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
    dict(
        zip(
            "абвгдеёзикмнорстухіїјѕһԁԛԝєαβεικνορτυχωησѵɑɡıł∂€",
            "abbrdeezukmhopctyxiijshdqweabeikvoptuxwnovagilde",
            strict=True,
        )
    )
    | {"œ": "oe", "æ": "ae", "ø": "o"}
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´＇", "'"))
_QUOTES = str.maketrans("“”„«»‟", '""""""')
_PILL = "\U0001f48a"
_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cs", "Cc", "Co", "Cn"})

_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z0-9][ .*_-]{1,2}){2,}[a-z0-9](?![a-z0-9])")
_BETWEEN = re.compile(r"[ .*_-]+")
# Somebody's @name, or a link: in a group the bot's own name stands before whatever is said to it.
_ADDRESS = re.compile(r"(?<![a-z0-9@])(?:@[a-z0-9_]{5,32}|(?:https?://|www\.|t\.me/)\S+)")
# Times of day, words, sentence marks, and pictographs, which speak too.
_TOKEN = re.compile(
    r"(?<![0-9])[0-9]{1,2}[:.][0-9]{2}(?![0-9])|[a-z0-9$@](?:[a-z0-9@$!*|]*[a-z0-9$])?"
    r'|[\n.!?;",:()\[\]-]|[\u2600-\u27bf\U0001f300-\U0001faff]'
)
_ODD = re.compile(r"[^a-z]|(.)\1\1")
_DRAWN_OUT = re.compile(r"(.)\1\1+")
_DOUBLED = re.compile(r"(.)\1+")
# "1" and "!" stand for an i as well as for an l.
_LEETS = (str.maketrans("013457@$!|", "oieastasil"), str.maketrans("013457@$!|", "oleastasll"))
_SHORTEST_GLUED = 7
_LONGEST_GLUED = 24
_LONGEST_WORD = 16


class _Plain(dict[int, str | None]):
    """One character made plain, as `str.translate` asks for it; each is worked out once."""

    def __missing__(self, code: int) -> str | None:
        plain = self[code] = _plain(chr(code))
        return plain


def _plain(character: str) -> str | None:
    if character == _PILL:
        return " pills "
    marked = character.translate(_QUOTES).translate(_APOSTROPHES)
    decomposed = unicodedata.normalize("NFKD", marked)
    kept = "".join(c for c in decomposed if c.isascii() or unicodedata.category(c) not in _INVISIBLE)
    return kept.casefold().translate(_LOOKALIKES) or None


_PLAIN = _Plain({code: chr(code) for code in range(128)})


def fold(text: str) -> str:
    """Lower case, plain Latin letters, no invisible characters, one apostrophe; sentence marks stay.

    Addresses are left out.
    """
    plain = text if text.isascii() else text.translate(_PLAIN)
    lower = plain.lower().replace("`", "'")
    return _ADDRESS.sub(" ", lower) if "@" in lower or "/" in lower or "www." in lower else lower


def tokens(folded: str, elision: bool = False) -> list[str]:
    """The words and sentence marks of a folded text. With `elision` an apostrophe ends a word ("j'ai")."""
    return _TOKEN.findall(folded.replace("'", " " if elision else ""))


def typed_apart(folded: str) -> bool:
    """Whether some letters stand one by one: "k i l l"."""
    return _SPACED.search(folded) is not None


def together(folded: str, known: Collection[str]) -> str:
    """The text with letters that were typed apart put together to words again."""
    return _SPACED.sub(lambda run: _joined(run[0], known), folded)


def repaired(token: str, known: Collection[str], glued: re.Pattern[str] | None = None) -> tuple[str, ...]:
    """The known words that an unknown token may stand for: "k1ll", "dieeee", "k*ll", "killmyself".

    A word is taken apart only when `glued` is found in it; most long words are just long words.
    """
    if _ODD.search(token):
        for reading in _readings(token):
            if reading in known:
                return (reading,)
        if "*" in token:
            return _starred(token, known)
        return _segments(token.replace("2", "to"), known) if len(token) <= _LONGEST_GLUED else ()
    if glued is not None and _SHORTEST_GLUED <= len(token) <= _LONGEST_GLUED and glued.search(token):
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
    """`word` cut into as few known words as possible, the longest first, or nothing."""
    following, pieces = {len(word): 0}, {len(word): 0}
    for start in range(len(word) - 1, -1, -1):
        for end in range(min(len(word), start + _LONGEST_WORD), start, -1):
            fewer = end in pieces and (start not in pieces or pieces[end] + 1 < pieces[start])
            if fewer and word[start:end] in known:
                following[start], pieces[start] = end, pieces[end] + 1
    if 0 not in following:
        return ()
    cuts = [0]
    while cuts[-1] < len(word):
        cuts.append(following[cuts[-1]])
    return tuple(word[start:end] for start, end in pairwise(cuts))
