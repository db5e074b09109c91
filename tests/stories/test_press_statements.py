"""A press on [Taken] asks a dozen things of the database, and each of them once."""

import re
from datetime import UTC, datetime
from pathlib import Path

from tests.statements.counting import Told, statements
from tests.stories.life import House, house

START = datetime(2026, 3, 5, 13, 30, tzinfo=UTC)  # half past eight in New York
PRESS = [
    "INSERT seen_update",  # it has its effect once
    "SELECT person",  # with the key, and whether a wake is overdue
    "SELECT regimen",
    "SELECT dose",  # the one that was pressed, and whatever is open
    "SELECT outbox",  # where the copies of the card are
    "SELECT dose",  # the neighbours: is it the same one? what is on the card? what counts for the day?
    "INSERT dose_event",
    "UPDATE dose",
    "INSERT adherence_day",
    "INSERT timer",
    "INSERT outbox",  # the edit of the card, on its way
    "SELECT outbox",  # is it alone in its chat?
]

_LOCK = re.compile(r"SELECT pg_advisory_xact_lock|.*FOR NO KEY UPDATE$", re.DOTALL)
_NAMED = re.compile(r"(INSERT) INTO (\w+)|(UPDATE) (\w+)|(SELECT) (\w+)\.")


async def pressed(home: House) -> list[Told]:
    """The statements of one press on a reminder, with nothing beside it."""
    assert home.vault is not None
    await home.life.wait(days=1)
    with statements(home.vault.database) as told:
        assert (await home.life.press("Taken") or "").startswith("Recorded at")
    return told


def of_the_door(told: list[Told]) -> list[str]:
    """What its transaction did to which table; the locks of a server and what the courier does apart."""
    connection = next(each.connection for each in told if "seen_update" in each.words)
    mine = [each.words for each in told if each.connection is connection]
    return [_short(words) for words in mine if not _LOCK.match(words)]


def _short(words: str) -> str:
    named = _NAMED.match(words)
    return " ".join(word for word in named.groups() if word) if named else words


async def test_a_press_takes_a_dozen_statements(tmp_path: Path, database_url: str | None) -> None:
    async with house(tmp_path, START, database_url=database_url) as home:
        await home.life.settle_in()
        await home.life.add_medicine("Sertraline", "50 mg", "08:00", first=True)
        assert of_the_door(await pressed(home)) == PRESS
