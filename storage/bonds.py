"""Bonds: whom a person invited to care for them, and until when. The person's side; `caring` is the other."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import false, or_, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED, word
from storage.sealing import Sealer
from storage.vocabulary import BondState, Ending, Review

# The room that looks at people's bonds, by its timer.
ROOM = "caregivers"


class Name(NamedTuple):
    """What the platform calls somebody; `username` is empty when there is none."""

    name: str
    username: str = ""

    @property
    def spoken(self) -> str:
        """In one word or two, as one would call them; empty when the platform told nothing."""
        return self.name.strip() or (f"@{self.username}" if self.username else "")


NAMELESS = Name("")


class Bond(SQLModel, table=True):
    """One caregiver of one person.

    `caregiver_id` is the caregiver's own row, null once that was erased. `name_sealed`: what the platform
    calls them, sealed with the person's key. `agreed_text`, `confirmed_text`: the versions of what either of
    them agreed to. `expires_at`: until when the person's consent holds. `state_since`: since when the state
    is what it is; of a live one, since when it lets anything out without a pause of theirs between.
    `asked_at`, `renew_asked_at`: when the person was asked to confirm, and to renew.
    `renew_ask_at`: when to ask. `end_told`: the person knows that the caregiver left, or that it expired.
    """

    __tablename__: ClassVar[str] = "bond"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    caregiver_id: int | None = Field(default=None, foreign_key="person.id", index=True, sa_type=LONG)
    state: BondState = Field(default=BondState.AGREED, sa_type=word(BondState))
    state_since: datetime
    name_sealed: bytes
    agreed_at: datetime
    agreed_text: str
    confirmed_at: datetime | None = None
    confirmed_text: str | None = None
    expires_at: datetime
    asked_at: datetime | None = None
    renew_ask_at: datetime | None = None
    renew_asked_at: datetime | None = None
    renewed_at: datetime | None = None
    names_told: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    review: Review = Field(
        default=Review.OFF, sa_type=word(Review), sa_column_kwargs={"server_default": Review.OFF.value}
    )
    ended_at: datetime | None = None
    ended_by: Ending | None = Field(default=None, sa_type=word(Ending))
    end_told: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

    @property
    def key(self) -> int:
        """The id of a stored bond."""
        if self.id is None:
            raise ValueError("this bond is not stored yet")
        return self.id


def seal_name(sealer: Sealer, name: Name) -> bytes:
    """A caregiver's name, sealed with the key of the person."""
    return sealer.seal(Bond.__tablename__, "name_sealed", json.dumps(name._asdict()))


def open_name(sealer: Sealer, bond: Bond) -> Name:
    """The caregiver's name; `sealer` is the person's."""
    return Name(**json.loads(sealer.open(Bond.__tablename__, "name_sealed", bond.name_sealed)))


async def of_people(
    session: AsyncSession, person_ids: Collection[int], *, ended: bool = True
) -> dict[int, list[Bond]]:
    """The bonds of several people, by person, oldest first; without `ended` those that have not ended."""
    query = select(Bond).where(col(Bond.person_id).in_(person_ids)).order_by(col(Bond.id))
    if not ended:
        query = query.where(col(Bond.state) != BondState.ENDED)
    found: dict[int, list[Bond]] = {person_id: [] for person_id in person_ids}
    for bond in await session.exec(query):
        found[bond.person_id].append(bond)
    return found


async def to_look_at(session: AsyncSession, person_ids: Collection[int]) -> dict[int, list[Bond]]:
    """The bonds of several people that have not ended, or of whose end they do not know yet."""
    matters = or_(col(Bond.state) != BondState.ENDED, col(Bond.end_told).is_(False))
    query = select(Bond).where(col(Bond.person_id).in_(person_ids), matters).order_by(col(Bond.id))
    found: dict[int, list[Bond]] = {person_id: [] for person_id in person_ids}
    for bond in await session.exec(query):
        found[bond.person_id].append(bond)
    return found


async def owned(session: AsyncSession, person_id: int, key: int) -> Bond | None:
    """A bond, if it is this person's."""
    query = select(Bond).where(Bond.id == key, Bond.person_id == person_id)
    return (await session.exec(query)).first()


async def as_caregiver(session: AsyncSession, caregiver_id: int, key: int) -> Bond | None:
    """A bond, if this is its caregiver."""
    return (await session.exec(select(Bond).where(Bond.id == key, Bond.caregiver_id == caregiver_id))).first()


async def with_caregiver(session: AsyncSession, person_id: int, caregiver_id: int) -> list[Bond]:
    """What these two have that has not ended."""
    query = select(Bond).where(Bond.person_id == person_id, Bond.caregiver_id == caregiver_id)
    return list(await session.exec(query.where(col(Bond.state) != BondState.ENDED)))


async def change(
    session: AsyncSession, key: int, was: Sequence[BondState], now: datetime, **values: Any
) -> bool:
    """Change a bond that is in one of these states, in one statement; False when it is in another.

    Two who press at once have one effect.
    """
    state = values.get("state")
    since: Mapping[str, Any] = {"state_since": now} if state is not None else {}
    where = (col(Bond.id) == key, col(Bond.state).in_(was))
    changed = update(Bond).where(*where).values(**values, **since).returning(col(Bond.id))
    found = (await session.exec(changed)).first()
    return found is not None


async def end(session: AsyncSession, key: int, by: Ending, now: datetime, *, told: bool) -> bool:
    """End a bond; False when it had ended. `told`: the person knows."""
    open_states = [state for state in BondState if state is not BondState.ENDED]
    ended = {"state": BondState.ENDED, "ended_at": now, "ended_by": by, "end_told": told}
    return await change(session, key, open_states, now, **ended)


async def people_of(session: AsyncSession, caregiver_id: int) -> list[int]:
    """The people who have a bond with this caregiver that has not ended, by id."""
    open_with = (col(Bond.caregiver_id) == caregiver_id, col(Bond.state) != BondState.ENDED)
    query = select(Bond.person_id).where(*open_with).distinct().order_by(col(Bond.person_id))
    return list(await session.exec(query))


async def sharing(session: AsyncSession, person_ids: Collection[int]) -> set[int]:
    """Those of these people who have a bond that has not ended."""
    theirs = (col(Bond.person_id).in_(person_ids), col(Bond.state) != BondState.ENDED)
    return set(await session.exec(select(Bond.person_id).where(*theirs).distinct()))


async def begin_anew(session: AsyncSession, person_ids: Collection[int], now: datetime) -> None:
    """They are back from a pause, or can be reached again: nothing from before is let out any more."""
    live = (col(Bond.person_id).in_(person_ids), col(Bond.state) == BondState.LIVE)
    await session.exec(update(Bond).where(*live, col(Bond.state_since) < now).values(state_since=now))


async def of_caregiver(session: AsyncSession, caregiver_id: int) -> list[Bond]:
    """Every bond with one caregiver, also those that have ended."""
    return list(await session.exec(select(Bond).where(Bond.caregiver_id == caregiver_id)))


async def let_go(session: AsyncSession, caregiver_id: int, now: datetime) -> None:
    """A caregiver is erased: nothing points at them any more, and what had not ended ends."""
    theirs = col(Bond.caregiver_id) == caregiver_id
    ended = {"state": BondState.ENDED, "state_since": now, "ended_at": now, "ended_by": Ending.GONE}
    await session.exec(update(Bond).where(theirs, col(Bond.state) != BondState.ENDED).values(**ended))
    await session.exec(update(Bond).where(theirs).values(caregiver_id=None))
