"""A helpline file read with suspicion: each key is checked once, and a key nobody asked for is an error."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


class HelplinesUnusable(ValueError):
    """The helpline data cannot be trusted; the sentence names the file."""


def read_table(file: Traversable | Path) -> dict[str, Any]:
    """The TOML of a file. Raises HelplinesUnusable when it is empty or cannot be read."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HelplinesUnusable(f"{file.name}: cannot be read ({error})") from error
    if not table:
        raise HelplinesUnusable(f"{file.name}: the file is empty")
    return table


class Entry:
    """A table of a file; each reading is checked and ticked off, so that a misspelt key is found."""

    def __init__(self, file: str, table: Mapping[str, Any]) -> None:
        self.file = file
        self._left = dict(table)

    def word(self, key: str, shape: re.Pattern[str] | None = None, optional: bool = False) -> str:
        value = self._left.pop(key, "" if optional else None)
        if not isinstance(value, str) or not (value.strip() or optional):
            raise HelplinesUnusable(f"{self.file}: {key} must be text")
        if shape and not shape.fullmatch(value):
            raise HelplinesUnusable(f"{self.file}: {key} cannot be {value!r}")
        return value

    def words(self, key: str, shape: re.Pattern[str] | None = None, least: int = 0) -> tuple[str, ...]:
        values = self._list(key, str)
        if len(values) < least:
            raise HelplinesUnusable(f"{self.file}: {key} is empty")
        for value in values:
            if not value.strip() or (shape and not shape.fullmatch(value)):
                raise HelplinesUnusable(f"{self.file}: {key} cannot hold {value!r}")
        return tuple(values)

    def one_of(self, key: str, known: Iterable[str]) -> Any:
        value = self.word(key, optional=True)
        if value not in tuple(known):
            raise HelplinesUnusable(f"{self.file}: {key} cannot be {value!r}")
        return value

    def day(self, key: str) -> date:
        value = self._left.pop(key, None)
        if type(value) is not date:
            raise HelplinesUnusable(f"{self.file}: {key} must be a date")
        return value

    def flag(self, key: str) -> bool:
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise HelplinesUnusable(f"{self.file}: {key} must be true or false")
        return value

    def entries(self, key: str) -> "list[Entry]":
        return [Entry(self.file, table) for table in self._list(key, dict)]

    def finish(self) -> None:
        if self._left:
            raise HelplinesUnusable(f"{self.file}: unknown key {', '.join(sorted(self._left))}")

    def _list(self, key: str, kind: type) -> list[Any]:
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
            raise HelplinesUnusable(f"{self.file}: {key} must be a list")
        return values
