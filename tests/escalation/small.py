"""A language of a few words, so that a test can show the one rule it is about."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from bot.escalation.screening.lexicon import Lexicon, load_lexicon
from bot.escalation.screening.normal import fold, tokens
from bot.escalation.screening.reading import Found, Reading

WORDS = {
    "me": "i me im myself",
    "mine": "my",
    "other": "he she friend her",
    "third": "wants",
    "base": "want",
    "join": "and but",
    "condition": "if",
    "hedge": "reason",
    "fill": "just really so",
    "skip": "to just want i",
    "not": "not never",
    "say": "said says",
    "people": "everyone",
    "common": "it the to",
}
WISH = {"tier": "urgent", "reason": "wish", "patterns": ["want to die"]}
OVERDOSE = {"tier": "urgent", "reason": "overdose", "patterns": ["took pills"]}

Table = Mapping[str, object]
_NONE: Mapping[str, str] = MappingProxyType({})


def table(
    *rules: Table,
    idioms: Sequence[str] = (),
    words: Mapping[str, str] = _NONE,
    same: Mapping[str, str] = _NONE,
    settings: Table = _NONE,
    history: Sequence[str] = ("ago",),
    present: Sequence[str] = ("tonight",),
    media: Sequence[str] = ("song",),
    revealed: Sequence[str] = ("is me |",),
) -> str:
    """The text of a lexicon file. `settings` are its plain keys, such as `fuzzy` and `elision`."""
    plain: Table = {"language": "xx", "glued": [], "fuzzy": [], "fuzzy_not": []} | dict(settings)
    parts = [_lines(plain)]
    parts += ["[same]", _lines(same), "[words]", _lines(WORDS | dict(words))]
    parts += ["[history]", _lines({"patterns": history}), "[present]", _lines({"patterns": present})]
    parts += ["[media]", _lines({"patterns": media}), "[revealed]", _lines({"patterns": revealed})]
    parts += ["[[idioms]]", _lines({"patterns": idioms})]
    for rule in rules:
        parts += ["[[rules]]", _lines(rule)]
    return "\n".join(parts)


def written(folder: Path, content: str) -> Lexicon:
    """The lexicon of such a text."""
    file = folder / "xx.toml"
    file.write_text(content, encoding="utf-8")
    return load_lexicon(file)


def read(text: str, lexicon: Lexicon) -> Found:
    """What the rules of a lexicon find in a text."""
    return Reading(tokens(fold(text), lexicon.elision), lexicon).found()


def _lines(entries: Table) -> str:
    return "\n".join(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in entries.items())
