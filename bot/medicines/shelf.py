"""The shelf: a person's medicines with their words opened, and the one way to write a version."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.visit import Visit
from bot.medicines import dialogs, rules
from bot.medicines.answers import bounds_in, with_bounds
from scheduler.localtime import zone
from scheduler.timing import UNBOUNDED, Bounds, Interval, Planned, Slot, Timing, from_data
from storage import doses, regimens
from storage.regimens import Regimen, RegimenVersion
from storage.vocabulary import RegimenState


@dataclass(frozen=True, slots=True)
class Medicine:
    """A regimen as the person knows it."""

    regimen: Regimen
    number: int
    name: str
    amount: str
    timing: Timing
    bounds: Bounds = UNBOUNDED

    @property
    def paused(self) -> bool:
        return self.regimen.state is RegimenState.PAUSED

    @property
    def for_mood(self) -> bool:
        return self.regimen.for_mood


async def shelf(visit: Visit) -> list[Medicine]:
    """Every medicine that was not stopped, oldest first."""
    rows = await regimens.of_people(visit.session, [visit.person.key])
    return [_opened(visit, regimen, version) for regimen, version in rows]


async def medicine(visit: Visit, regimen_id: int) -> Medicine | None:
    """One medicine of this person."""
    return next((m for m in await shelf(visit) if m.regimen.key == regimen_id), None)


async def put_new(visit: Visit, answers: dict[str, Any]) -> Medicine:
    """Store a new regimen with its first version; its doses begin after now."""
    regimen = Regimen(person_id=visit.person.key, created_at=visit.now, planned_through=visit.now)
    _settle_home(visit, regimen, from_data(answers[dialogs.TIMING]))
    visit.session.add(regimen)
    await visit.session.flush()
    return await _write(visit, regimen, 1, answers)


async def put_version(visit: Visit, old: Medicine, answers: dict[str, Any]) -> Medicine:
    """Store what changed as the next version; the rest stays."""
    kept = (await regimens.versions(visit.session, old.regimen.key))[-1].timing
    timing = answers.get(dialogs.TIMING, kept)
    if timing != kept:
        _settle_home(visit, old.regimen, from_data(timing), from_data(kept))
    kept_days = with_bounds(old.bounds)
    return await _write(visit, old.regimen, old.number + 1, {**kept_days, **answers, dialogs.TIMING: timing})


def _settle_home(visit: Visit, regimen: Regimen, timing: Timing, before: Timing | None = None) -> None:
    """Hours that really pass keep the zone in which they were named; times by the clock follow the person.

    Their slots are names on a clock; under another clock two doses could bear one name. What the confirmation
    showed is kept, so hours that are named anew settle anew.
    """
    if isinstance(timing, Interval):
        regimen.home_zone = visit.zone.key
    elif isinstance(before, Interval):
        regimen.home_zone = None


async def held_since(visit: Visit, found: Medicine) -> datetime:
    """From when a new timing of this medicine may plan doses."""
    last = await doses.last_answered_of(visit.session, found.regimen.key)
    slot = Planned(Slot(last.slot_date, last.slot_time), last.due_at) if last else None
    held = rules.holds_from(
        found.timing,
        zone_of(visit, found.regimen),
        slot,
        visit.now,
        day_ends=visit.person.day_ends_at,
        bounds=found.bounds,
    )
    return max(held, found.regimen.planned_through)


def zone_of(visit: Visit, regimen: Regimen) -> ZoneInfo:
    """The zone a medicine follows."""
    return zone(regimen.home_zone) if regimen.home_zone else visit.zone


async def _write(visit: Visit, regimen: Regimen, number: int, answers: dict[str, Any]) -> Medicine:
    name, amount = answers[dialogs.NAME], answers.get(dialogs.AMOUNT, "")
    name_sealed, amount_sealed = regimens.seal_words(visit.sealer, name, amount)
    bounds = bounds_in(answers)
    version = RegimenVersion(
        regimen_id=regimen.key,
        number=number,
        since=visit.now,
        timing=answers[dialogs.TIMING],
        name_sealed=name_sealed,
        amount_sealed=amount_sealed,
        starts_on=bounds.starts_on,
        ends_on=bounds.ends_on,
    )
    visit.session.add(version)
    await visit.session.flush()
    return _opened(visit, regimen, version)


def _opened(visit: Visit, regimen: Regimen, version: RegimenVersion) -> Medicine:
    name, amount = regimens.open_words(visit.sealer, version)
    bounds = Bounds(version.starts_on, version.ends_on)
    return Medicine(regimen, version.number, name, amount, from_data(version.timing), bounds)
