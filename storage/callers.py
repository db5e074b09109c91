"""Callers: who is at the door, and what is asked of each of them before anything else, in one statement."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import people
from storage.people import Person, PersonKey
from storage.sealing import MasterKey, Sealer
from storage.timers import Timer
from storage.told import Told


class Caller(NamedTuple):
    """One person. `overdue`: a timer of theirs has run out, and nobody has looked yet.

    `told_of`: somebody was told something of them once, or is about to be.
    """

    person: Person
    sealer: Sealer
    overdue: bool = False
    told_of: bool = False


_OVERDUE = exists().where(
    col(Timer.subject_kind) == "person",
    col(Timer.subject_id) == col(Person.id),
    col(Timer.room) == bindparam("room"),
    col(Timer.fire_at) <= bindparam("now"),
)
_TOLD_OF = exists().where(col(Told.person_id) == col(Person.id))
# Built once: building it again for every press would cost more than the press.
_CALLING = (
    select(Person, PersonKey.wrapped, _OVERDUE, _TOLD_OF)
    .outerjoin(PersonKey, col(PersonKey.person_id) == col(Person.id))
    .where(*people.AT)
)


async def at(
    session: AsyncSession, master: MasterKey, place: tuple[str, str, str], room: str, now: datetime
) -> Caller | None:
    """Who lives at an address `(platform, account, ref)`; `overdue` is about the timer of this room.

    Raises CannotOpen when their key was destroyed.
    """
    platform, account, ref = place
    asked = {"platform": platform, "account": account, "ref": ref, "room": room, "now": now}
    found = (await session.exec(_CALLING, params=asked)).first()
    if found is None:
        return None
    person, wrapped, overdue, told_of = found
    return Caller(person, people.sealer_of(master, person, wrapped), overdue, told_of)
