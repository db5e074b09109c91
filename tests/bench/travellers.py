"""People as lines of a file, for moving house: with a medicine each, or with a month behind them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.moving.reading import FORMAT
from tests.bench.crowd import ACCOUNT, FIRST_CHAT

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MONTH = 30
_VERSION = 1


def write(file: Path, people: int, *, days: int = 0) -> Path:
    """So many people who take one medicine, and answered and took it on each of the last `days`."""
    with file.open("w", encoding="utf-8") as lines:
        for number in range(people):
            lines.write(json.dumps(_person(number) | _past(days)) + "\n")
    return file


def _person(number: int) -> dict[str, Any]:
    now = NOON.isoformat()
    person = {
        "platform": "telegram",
        "account": ACCOUNT,
        "ref": str(FIRST_CHAT + number),
        "created_at": now,
        "state": "active",
        "zone": "Europe/Berlin",
        "country": "DE",
    }
    version = {
        "id": _VERSION,
        "number": 1,
        "since": now,
        "timing": {"kind": "daily", "times": ["13:00"]},
        "name": "Sertraline",
        "amount": "50 mg",
    }
    medicine = {"created_at": now, "versions": [version]}
    return {"format": FORMAT, "exported_at": now, "person": person, "medicines": [medicine]}


def _past(days: int) -> dict[str, Any]:
    moments = [NOON - timedelta(days=days - number) for number in range(days)]
    return {
        "doses": [_dose(number, at) for number, at in enumerate(moments)],
        "dose_events": [event for number, at in enumerate(moments) for event in _events(number, at)],
        "checkins": [_checkin(at) for at in moments],
    }


def _dose(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "version_id": _VERSION,
        "slot_date": f"{at:%Y-%m-%d}",
        "slot_time": "13:00:00",
        "zone": "Europe/Berlin",
        "due_at": at.isoformat(),
        "window_end": (at + timedelta(hours=4)).isoformat(),
        "state": "taken",
        "taken_at": at.isoformat(),
        "ended_at": at.isoformat(),
    }


def _events(number: int, at: datetime) -> Iterator[dict[str, Any]]:
    for kind in ("reminded", "taken"):
        yield {"dose_id": number, "kind": kind, "at": at.isoformat()}


def _checkin(at: datetime) -> dict[str, Any]:
    answers = {"mood": 6, "interest": 7, "energy": 5, "sleep": 6, "anxiety": 3}
    return {
        "day": f"{at:%Y-%m-%d}",
        "state": "done",
        "asked_at": at.isoformat(),
        "expires_at": (at + timedelta(hours=4)).isoformat(),
        "answers": answers,
    }
