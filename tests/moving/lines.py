"""People as lines of a file, and how they move."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.demo.house import TOKEN
from bot.moving.importing import Tally, take_in
from bot.moving.reading import FORMAT
from bot.vault import Vault, open_vault

NOON = datetime(2026, 3, 5, 17, tzinfo=UTC)  # 12:00 in New York
LATER = datetime(2026, 3, 9, 18, tzinfo=UTC)


@asynccontextmanager
async def opened(url: str, folder: Path) -> AsyncIterator[Vault]:
    vault = await open_vault(url, folder / "there.key")
    try:
        yield vault
    finally:
        await vault.close()


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


async def move(file: Path, vault: Vault, now: datetime = LATER) -> tuple[Tally, list[tuple[int, str]]]:
    complaints: list[tuple[int, str]] = []

    def complain(number: int, why: str) -> None:
        complaints.append((number, why))

    tally = await take_in(file, vault.database, vault.master, now, complain)
    return tally, complaints


def somebody(ref: str, **more: Any) -> dict[str, Any]:
    """A person with a medicine at one in the afternoon in New York."""
    version = {
        "id": 7,
        "number": 1,
        "since": NOON.isoformat(),
        "timing": {"kind": "daily", "times": ["13:00"]},
        "name": "Sertraline",
        "amount": "50 mg",
    }
    person = {
        "platform": "telegram",
        "account": TOKEN.partition(":")[0],
        "ref": ref,
        "created_at": NOON.isoformat(),
        "state": "active",
        "zone": "America/New_York",
        "country": "US",
    }
    medicine = {"created_at": NOON.isoformat(), "versions": [version]}
    return {
        "format": FORMAT,
        "exported_at": NOON.isoformat(),
        "person": person,
        "medicines": [medicine],
    } | more


def write(file: Path, *people: dict[str, Any] | str) -> Path:
    lines = [each if isinstance(each, str) else json.dumps(each) for each in people]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def without(given: dict[str, Any], *path: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(given))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return dict(copy)


def with_other(given: dict[str, Any], value: Any, *path: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(given))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return dict(copy)


GOOD, MEDICINE, FIRST = somebody("1"), ("medicines", 0), ("medicines", 0, "versions", 0)
STEPS = [
    {
        "number": number,
        "since": "2026-03-05",
        "timing": {"kind": "daily", "times": ["13:00"]},
        "amounts": ["50 mg", "25 mg"],
    }
    for number in range(2)
]
NO_NUMBER = {"per_amount": {"50 mg": "some"}}
STOCK = {"counted_at": NOON.isoformat(), "left": "28.5", "per_dose": "0.5", "lead_days": 7}
DOSE = {
    "id": 3,
    "version_id": 7,
    "slot_date": "2026-03-05",
    "slot_time": "13:00:00",
    "zone": "America/New_York",
    "due_at": NOON.isoformat(),
    "window_end": LATER.isoformat(),
    "state": "taken",
    "step": 1,
    "turn": 1,
}
WITH_STEPS = with_other(GOOD, STEPS, *FIRST, "steps") | {"doses": [DOSE]}
