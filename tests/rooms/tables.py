"""Reading the tables in tests/tables: rows that a clinician can read."""

import tomllib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "tables"
DAY = datetime(2026, 3, 5, tzinfo=UTC)


def rows(file: str, kind: str) -> pytest.MarkDecorator:
    """The rows of a table as pytest parameters, each with its reason as a name."""
    table = tomllib.loads((FOLDER / file).read_text("utf-8"))[kind]
    return pytest.mark.parametrize("row", [pytest.param(row, id=row["why"]) for row in table])


def moment(words: str) -> datetime:
    """ "08:00" on the day of the table, "+1 08:00" on the next."""
    ahead, _, at = words.rpartition(" ")
    return datetime.combine(DAY, time.fromisoformat(at), UTC) + timedelta(days=int(ahead or 0))
