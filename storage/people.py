"""People: who talks to the bot, where, and how they want it."""

from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint, bindparam, exists, func, true, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED, word
from storage.dialogs import OpenDialog
from storage.sealing import CannotOpen, MasterKey, Sealer
from storage.vocabulary import PersonState

DEFAULT_NUDGES = 3
DEFAULT_NUDGE_MINUTES = 20


class Person(SQLModel, table=True):
    """One person at one address `(platform, account, ref)`; the account is the bot that talks.

    `spread_minutes`: by how much at most a reminder may come later than planned; 0 is not at all.
    `silent_since`: they had paused everything or blocked the bot then, which a restored backup did not know;
    until they are heard of again nothing of theirs is told to anybody.
    `day_ends_at`: the local time, from 00:00 to 06:00, until which a day of theirs lasts into the next of the
    calendar. `zone_news`: what new zone data changes for them, until they are told; the scheduler's data.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("platform", "account", "ref"), NEVER_REUSED)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    platform: str
    account: str
    ref: str
    created_at: datetime
    state: PersonState = Field(default=PersonState.NEW, sa_type=word(PersonState))
    reachable: bool = True
    language: str = "en"
    country: str | None = None
    zone: str | None = None
    discreet: bool = False
    quiet_from: time | None = None
    quiet_until: time | None = None
    nudges: int = DEFAULT_NUDGES
    nudge_minutes: int = DEFAULT_NUDGE_MINUTES
    checkin_at: time | None = None
    checkin_since: datetime | None = None
    streak_shown: bool = True
    calm_until: datetime | None = None
    phq: str | None = None
    phq_since: datetime | None = None
    notices: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    spread_minutes: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    day_ends_at: time = Field(default=time(0), sa_column_kwargs={"server_default": "00:00:00"})
    zone_news: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    silent_since: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored person."""
        if (key := self.id) is None:
            raise ValueError("this person is not stored yet")
        return key

    @property
    def listens(self) -> bool:
        """Whether anything is said to them unasked; what they missed they are told when they come back."""
        return self.state is PersonState.ACTIVE and self.reachable


class PersonKey(SQLModel, table=True):
    """A person's wrapped data key. Deleting the row is what erasing a person means."""

    __tablename__ = "person_key"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=LONG)
    wrapped: bytes


class Consent(SQLModel, table=True):
    """Agreement to one version of a text, and its end."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    version: str
    given_at: datetime
    withdrawn_at: datetime | None = None


# Built once: building one again for every press would cost more than the press.
AT = (
    col(Person.platform) == bindparam("platform"),
    col(Person.account) == bindparam("account"),
    col(Person.ref) == bindparam("ref"),
)
_AT_ADDRESS = select(Person).where(*AT)
_WITH_KEY = (
    select(Person, PersonKey.wrapped)
    .outerjoin(PersonKey, col(PersonKey.person_id) == col(Person.id))
    .where(*AT)
)
_KEYS = select(PersonKey.person_id, PersonKey.wrapped).where(
    col(PersonKey.person_id).in_(bindparam("ids", expanding=True))
)


async def by_address(session: AsyncSession, platform: str, account: str, ref: str) -> Person | None:
    """The person at an address."""
    found = await session.exec(_AT_ADDRESS, params={"platform": platform, "account": account, "ref": ref})
    return found.first()


async def with_sealer(
    session: AsyncSession, master: MasterKey, platform: str, account: str, ref: str
) -> tuple[Person, Sealer] | None:
    """The person at an address, and their sealer. Raises CannotOpen when their key was destroyed."""
    place = {"platform": platform, "account": account, "ref": ref}
    found = (await session.exec(_WITH_KEY, params=place)).first()
    if found is None:
        return None
    person, wrapped = found
    return person, sealer_of(master, person, wrapped)


def sealer_of(master: MasterKey, person: Person, wrapped: bytes | None) -> Sealer:
    """The sealer of a person with this data key. Raises CannotOpen when it was destroyed."""
    if wrapped is None:
        raise CannotOpen("the person's key was destroyed")
    return master.sealer(wrapped, person.key)


async def strangers(session: AsyncSession, before: datetime) -> list[int]:
    """People who wrote before `before`, never agreed to anything, and have no question open since."""
    asked = exists().where(col(OpenDialog.person_id) == col(Person.id), col(OpenDialog.moved_at) >= before)
    query = select(Person.id).where(Person.state == PersonState.NEW, Person.created_at < before, ~asked)
    return [found for found in await session.exec(query) if found is not None]


async def counts(session: AsyncSession, platform: str) -> dict[str, int]:
    """How many people talk to each account."""
    query = select(col(Person.account), func.count()).where(Person.platform == platform)
    found = await session.exec(query.group_by(col(Person.account)))
    return dict(found.all())


async def of_account(
    session: AsyncSession, platform: str, account: str, limit: int, after: int = 0
) -> list[int]:
    """The ids of people who talk to an account, in order, from the one behind `after` on."""
    query = select(Person.id).where(Person.platform == platform, Person.account == account)
    found = await session.exec(query.where(col(Person.id) > after).order_by(col(Person.id)).limit(limit))
    return [key for key in found if key is not None]


async def lose(session: AsyncSession, platform: str, account: str) -> None:
    """Nobody can be reached through an account any more."""
    there = (col(Person.platform) == platform, col(Person.account) == account)
    await session.exec(update(Person).where(*there, col(Person.reachable)).values(reachable=False))


async def find_again(session: AsyncSession, ids: Collection[int]) -> None:
    """These people may be reached again."""
    gone = (col(Person.id).in_(ids), col(Person.reachable).is_(False))
    await session.exec(update(Person).where(*gone).values(reachable=True))


async def by_ids(session: AsyncSession, ids: Sequence[int]) -> dict[int, Person]:
    """Several people at once, by id."""
    found = await session.exec(select(Person).where(col(Person.id).in_(ids)))
    return {person.key: person for person in found}


async def add(session: AsyncSession, master: MasterKey, person: Person) -> Sealer:
    """Store a new person with a data key of their own."""
    session.add(person)
    await session.flush()
    wrapped = master.new_wrapped_key(person.key)
    session.add(PersonKey(person_id=person.key, wrapped=wrapped))
    return master.sealer(wrapped, person.key)


async def sealers(session: AsyncSession, master: MasterKey, ids: Sequence[int]) -> dict[int, Sealer]:
    """The sealers of several people, by person id."""
    found = await session.exec(_KEYS, params={"ids": ids})
    return {person_id: master.sealer(wrapped, person_id) for person_id, wrapped in found}


async def give_consent(session: AsyncSession, person_id: int, version: str, now: datetime) -> None:
    """Record agreement to a text version."""
    session.add(Consent(person_id=person_id, version=version, given_at=now))


async def consents(session: AsyncSession, person_id: int) -> list[Consent]:
    """Every agreement of a person, oldest first."""
    query = select(Consent).where(Consent.person_id == person_id).order_by(col(Consent.given_at))
    return list(await session.exec(query))
