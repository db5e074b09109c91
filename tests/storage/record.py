"""What the rooms do not write yet, written for the one person of a vault who takes one medicine."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.vault import Vault
from storage import (
    adherence_days,
    bonds,
    caring,
    dose_events,
    invites,
    notes,
    outages,
    people,
    plans,
    scopes,
    stock,
    told,
    words,
    zones,
)
from storage.bonds import Bond, Name
from storage.caring import Caring
from storage.dose_events import DoseEvent
from storage.doses import Dose
from storage.notes import DoseNote
from storage.people import Person
from storage.plans import NewStep
from storage.regimens import Regimen, RegimenVersion
from storage.sealing import Sealer
from storage.stock import Stock
from storage.told import Told
from storage.vocabulary import BondState, DoseKind, DoseState, NoteKind, Scope
from storage.words import CaregiverWord
from storage.wrong_links import WrongLink


async def leave_a_record(vault: Vault, now: datetime) -> None:
    """A plan, doses of every kind, a moved one, notes, a stock, counted days, news of a zone, an outage."""
    async with vault.database.transaction() as session:
        person = (await session.exec(select(Person))).one()
        sealer = (await people.sealers(session, vault.master, [person.key]))[person.key]
        person.day_ends_at = time(4)
        await _plan(session, sealer)
        await _taking(session, sealer, now)
        await _sharing(session, sealer, now)
        await zones.keep(session, "2026a", {"America/New_York": []})
        await zones.bring_news(session, {person.key: {"tzdata": "2026b"}})
        await outages.alive(session, now - timedelta(days=1))
        await outages.alive(session, now)
        days = {adherence_days.own_day(dose) for dose in await session.exec(select(Dose))}
        await adherence_days.refresh(session, days)


async def _plan(session: AsyncSession, sealer: Sealer) -> None:
    version = (await session.exec(select(RegimenVersion))).one()
    version.starts_on = version.since.date()
    version.ends_on = version.starts_on + timedelta(days=60)
    later = version.starts_on + timedelta(days=30)
    steps = [NewStep(version.starts_on, version.timing, ["50 mg"])]
    steps.append(NewStep(later, version.timing, ["25 mg", "50 mg"]))
    await plans.put(session, sealer, version.key, steps)


async def _taking(session: AsyncSession, sealer: Sealer, now: datetime) -> None:
    """The first dose has a note, and a helper recorded it; an extra one and a moved one come to it.

    Half a tablet is left.
    """
    first = (await session.exec(select(Dose).order_by(col(Dose.due_at)))).all()[0]
    first.step, first.turn, first.time_said = 1, 1, True
    event = (await session.exec(select(DoseEvent).where(DoseEvent.dose_id == first.key))).all()[-1]
    event.recorded_by_sealed = first.recorded_by_sealed = dose_events.seal_recorder(sealer, "Anna Berg")
    slot = {name: getattr(first, name) for name in ("person_id", "regimen_id", "version_id", "zone")}
    slot |= {"window_end": now + timedelta(hours=6), "snooze_limit": now + timedelta(hours=6)}
    for kind in (DoseKind.EXTRA, DoseKind.AS_NEEDED):
        taken = Dose(**slot, kind=kind, slot_date=now.date(), slot_time=time(0, 1), due_at=now)
        taken.state, taken.ended_at, taken.taken_at = DoseState.TAKEN, now, now
        session.add(taken)
    moved = Dose(
        **slot,
        slot_date=now.date() + timedelta(days=1),
        slot_time=time(11),
        due_at=now + timedelta(hours=2),
        moved_from=now,
        asked=2,
    )
    session.add(moved)
    await session.flush()
    for dose, about in ((first, NoteKind.NOTE), (moved, NoteKind.SIDE_EFFECT)):
        words = notes.seal_content(sealer, "A dry mouth.")
        note = DoseNote(person_id=dose.person_id, dose_id=dose.key, kind=about, at=now, content_sealed=words)
        session.add(note)
    regimen = (await session.exec(select(Regimen))).one()
    regimen.last_taken_at = regimen.paused_at = regimen.step_ask_at = now
    regimen.step_told_for = now.date()
    half = Stock(
        regimen_id=regimen.key,
        person_id=regimen.person_id,
        counted_at=now,
        left=Decimal("0.5"),
        per_dose=Decimal("0.125"),
        lead_days=7,
        told_for=now.date(),
        per_amount_sealed=stock.seal_per_amount(sealer, {"50 mg": Decimal("0.25")}),
    )
    await stock.put(session, half)


async def _sharing(session: AsyncSession, sealer: Sealer, now: datetime) -> None:
    """A caregiver with what passed between them, a link, and somebody cared for: here it is the same one."""
    [person] = await session.exec(select(Person))
    name = bonds.seal_name(sealer, Name("Anna Berg", "anna"))
    bond = Bond(
        person_id=person.key,
        caregiver_id=person.key,
        state=BondState.PAUSED,
        state_since=now,
        name_sealed=name,
        agreed_at=now,
        agreed_text="1",
        expires_at=now + timedelta(days=90),
    )
    session.add(bond)
    await session.flush()
    await scopes.switch_on(session, bond, Scope.DOSE_NOT_RECORDED, now, delay=60, threshold=1)
    mine: dict[str, Any] = {"bond_id": bond.key, "person_id": person.key}
    said = told.seal_text(sealer, "As of 09:00, the 08:00 dose is not recorded.")
    session.add(Told(**mine, kind=Scope.DOSE_NOT_RECORDED, text_sealed=said, made_at=now))
    seen = words.seal_text(sealer, "Seemed very low today.")
    session.add(CaregiverWord(**mine, text_sealed=seen, at=now))
    cared_for = caring.seal_name(sealer, "Alex")
    session.add(Caring(caregiver_id=person.key, bond_id=bond.key, name_sealed=cared_for, since=now))
    await invites.make(session, person.key, bytes(16), now, now + timedelta(minutes=30))
    session.add(WrongLink(person_id=person.key, at=now))
