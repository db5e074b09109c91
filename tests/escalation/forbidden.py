"""The table of what the wing must never say, tests/tables/forbidden.toml, as rows."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """A kind of fault, its pattern in a language ("" is every language), and a sentence that it catches."""

    what: str
    language: str
    pattern: str
    catches: str


_TABLE = Path(__file__).parents[1] / "tables" / "forbidden.toml"
FORBIDDEN = tuple(Row(**row) for row in tomllib.loads(_TABLE.read_text(encoding="utf-8"))["row"])


def faults(text: str, language: str) -> list[str]:
    """What a text says that it must not."""
    return [
        row.what
        for row in FORBIDDEN
        if row.language in ("", language) and re.search(row.pattern, text, re.IGNORECASE | re.MULTILINE)
    ]
