"""Whole messages that call for help and nothing else: "please help me", "SOS SOS", "ayuda por favor"."""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files

from bot.escalation.screening.normal import fold

_SOS, _SIGN = "sos", "\U0001f198"
_LONGEST = 200  # characters; what is longer says more than that

_NO_LETTER = re.compile(r"[^a-z0-9]+")
_DRAWN_OUT = re.compile(r"([a-z])\1\1+")
_APART = re.compile(r"\bs o s\b")


@dataclass(frozen=True, slots=True)
class _Calls:
    """How one language calls for help, and how it answers our question; see `calls.toml`."""

    calls: frozenset[str]
    small: re.Pattern[str]
    bare: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]

    def hears(self, said: str, *, command: bool) -> bool:
        """Whether a plain message is a call. `command`: its first word may ask how the bot works."""
        left = _once(_without(self.small, said))
        if said in self.calls or left in self.calls:
            return True
        if not left:
            return _SOS in said.split()
        return left in self.bare and left != said and not command


def call_in(text: str) -> str | None:
    """The language of a call for help, "" when several share it; None when the text is no such call."""
    if len(text) > _LONGEST or not (said := _plain(text)):
        return None
    command = text.startswith("/")
    heard = [language for language, calls in _CALLS.items() if calls.hears(said, command=command)]
    return (heard[0] if len(heard) == 1 else "") if heard else None


def answer_in(text: str) -> bool | None:
    """Whether a message says yes, or no, in one of our languages and nothing else; None for anything else."""
    said = _plain(text) if len(text) <= _LONGEST else ""
    if any(said in calls.yes for calls in _CALLS.values()):
        return True
    return False if any(said in calls.no for calls in _CALLS.values()) else None


def _plain(text: str) -> str:
    letters = _NO_LETTER.sub(" ", fold(text.replace(_SIGN, f" {_SOS} ")).replace("'", "")).strip()
    return _APART.sub(_SOS, _DRAWN_OUT.sub(r"\1", letters))


def _without(small: re.Pattern[str], said: str) -> str:
    return " ".join(small.sub(" ", said).split())


def _once(said: str) -> str:
    """What was said again and again, once."""
    words = said.split()
    for size in range(1, len(words) // 2 + 1):
        if words == words[:size] * (len(words) // size):
            return " ".join(words[:size])
    return said


def _calls(
    calls: Collection[str],
    small: Collection[str],
    bare: Collection[str],
    yes: Collection[str],
    no: Collection[str],
) -> _Calls:
    words = re.compile(rf"\b(?:{'|'.join(sorted({_SOS, *small}, key=len, reverse=True))})\b")
    asking = frozenset(bare)
    # A call that has a small word within is looked up without it; none becomes a question or nothing by that.
    short = {_without(words, call) for call in calls} - asking - {""}
    return _Calls(frozenset(calls) | short, words, asking, frozenset(yes), frozenset(no))


def _read() -> dict[str, _Calls]:
    source = (files("bot.escalation.crisis") / "calls.toml").read_text(encoding="utf-8")
    return {language: _calls(**table) for language, table in tomllib.loads(source).items()}


_CALLS = _read()
