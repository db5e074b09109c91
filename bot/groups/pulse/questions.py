"""What a group can be asked, and what is said with it, in six languages; read once, when the bot starts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from bot.conversation.catalogs import SOURCE_LANGUAGE
from bot.groups.pulse import rules


@dataclass(frozen=True, slots=True)
class Asking:
    """A question in one language, with its answers in their order."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question by language, and when somebody last looked at it."""

    key: str
    reviewed: date
    texts: Mapping[str, Asking]

    @property
    def choices(self) -> int:
        """How many answers it has."""
        return len(self.texts[SOURCE_LANGUAGE].answers)

    def in_language(self, language: str) -> Asking:
        """The question in a language; in English where it was not translated."""
        return self.texts.get(language, self.texts[SOURCE_LANGUAGE])


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is said around the questions, in one language."""

    note: str
    kept: str
    over: str
    few: str
    together: str
    least: str
    rounded: str
    week: str


@cache
def questions() -> Mapping[str, Question]:
    """Every question by its key, in order."""
    given = tomllib.loads(_text("questions"))["questions"]
    return {each["key"]: Question(each["key"], each["reviewed"], _texts(each)) for each in given}


def phrases(language: str) -> Phrases:
    """The phrases in a language; in English where there are none."""
    found = _phrases()
    return found.get(language, found[SOURCE_LANGUAGE])


def in_turn(asked: int) -> str:
    """The key of the question whose turn it is, once so many were asked."""
    keys = list(questions())
    return keys[asked % len(keys)]


def check_questions() -> None:
    """Read them now. Raises ValueError for a question that rules could not keep secret."""
    for question in questions().values():
        if {len(asking.answers) for asking in question.texts.values()} != {question.choices}:
            raise ValueError(f"the answers to {question.key} differ in number")
        if question.choices < rules.FEWEST_CHOICES:
            raise ValueError(f"the question {question.key} has too few answers")
    _phrases()


@cache
def _phrases() -> Mapping[str, Phrases]:
    return {language: Phrases(**words) for language, words in tomllib.loads(_text("phrases")).items()}


def _texts(given: Mapping[str, Any]) -> dict[str, Asking]:
    return {
        language: Asking(words["question"], tuple(words["answers"]))
        for language, words in given["texts"].items()
    }


def _text(name: str) -> str:
    return (files("bot.groups.pulse") / f"{name}.toml").read_text("utf-8")
