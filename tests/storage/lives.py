"""A medicine with its doses, as rows, for whoever has a post house."""

from datetime import date, datetime, time, timedelta
from typing import Any

from storage import regimens
from storage.doses import Dose
from storage.regimens import Regimen, RegimenVersion
from tests.scheduler.posthouse import START, PostHouse

DAY = START.date()
WINDOW = timedelta(hours=4)


async def medicine(house: PostHouse, person: int, **more: Any) -> tuple[int, int]:
    """A regimen of this person and its version; their ids."""
    name, amount = regimens.seal_words(house.sealers[person], "Sertraline", "50 mg")
    timing = {"kind": "daily", "times": ["09:00"]}
    async with house.database.transaction() as session:
        regimen = Regimen(person_id=person, created_at=START, planned_through=START, **more)
        session.add(regimen)
        await session.flush()
        version = RegimenVersion(
            regimen_id=regimen.key,
            number=1,
            since=START,
            timing=timing,
            name_sealed=name,
            amount_sealed=amount,
        )
        session.add(version)
        await session.flush()
        return regimen.key, version.key


def dose(person: int, home: tuple[int, int], days: int = 0, at: int = 9, **more: Any) -> Dose:
    """A dose that is due at a full hour, some days after the first one."""
    day = DAY + timedelta(days=days)
    due = datetime.combine(day, time(at), START.tzinfo)
    given: dict[str, Any] = {"slot_date": day, "slot_time": time(at), "due_at": due, "zone": "UTC"}
    given |= {"window_end": due + WINDOW, "snooze_limit": due + WINDOW}
    return Dose(person_id=person, regimen_id=home[0], version_id=home[1], **(given | more))


async def keep(house: PostHouse, *rows: Any) -> None:
    """Write these rows."""
    async with house.database.transaction() as session:
        session.add_all(rows)


def on(days: int) -> date:
    """The day that is so many days after the first one."""
    return DAY + timedelta(days=days)
