"""The library of texts for groups, read once. Whatever is wrong with a file is found when the bot starts."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, get_args

from bot.conversation.catalogs import SOURCE_LANGUAGE

Subject = Literal["self-care", "sleep", "movement", "talking", "breakthrough"]
How = Literal["compared", "named"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one language."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One text: its words by language, whence they come, and when and how somebody last looked at them."""

    key: str
    subject: Subject
    source: str
    reviewed: date
    how: How
    words: Mapping[str, Words]

    def in_language(self, language: str) -> Words:
        """The text in a language; in English where it was not translated."""
        return self.words.get(language, self.words[SOURCE_LANGUAGE])


@cache
def shelf(subject: str) -> tuple[Leaf, ...]:
    """The texts of a subject in their order; none for a subject that there is not."""
    return tuple(leaf for leaf in _library() if leaf.subject == subject)


def leaf_of(key: str) -> Leaf | None:
    """The text of that key; None when it was taken out."""
    return next((leaf for leaf in _library() if leaf.key == key), None)


@cache
def _library() -> tuple[Leaf, ...]:
    found = [_read(_folder().joinpath(f"{_file(subject)}.toml").read_text("utf-8")) for subject in SUBJECTS]
    return tuple(leaf for leaves in found for leaf in leaves)


def check_library() -> None:
    """Read the texts now, not when the first group wants one."""
    _library()
    footers()


@cache
def footers() -> Mapping[str, str]:
    """What stands under every text, by language; `{source}` is its source."""
    found: dict[str, str] = tomllib.loads(_folder().joinpath("footer.toml").read_text("utf-8"))
    return found


def _folder() -> Traversable:
    return files("bot.groups.posts") / "shelves"


def _file(subject: str) -> str:
    return subject.replace("-", "_")


def _read(text: str) -> list[Leaf]:
    given = tomllib.loads(text)
    return [
        Leaf(
            key=each["key"],
            subject=given["subject"],
            source=each["source"],
            reviewed=each["reviewed"],
            how=each["how"],
            words={language: Words(**words) for language, words in each["texts"].items()},
        )
        for each in given["texts"]
    ]
