"""Invitations: links that work once and for half an hour. Only the hash of what a link holds is here."""

import hashlib
from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, or_, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED


class Invite(SQLModel, table=True):
    """One link. `used_at` and `opened_by`: when it was first opened, and by whom while they are here."""

    __tablename__: ClassVar[str] = "invite"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    token_hash: bytes = Field(unique=True)
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    opened_by: int | None = Field(default=None, foreign_key="person.id", index=True, sa_type=LONG)
    agreed_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored invitation."""
        if self.id is None:
            raise ValueError("this invitation is not stored yet")
        return self.id


def hash_of(token: bytes) -> bytes:
    """What is stored of a token. It is random and long, so nothing slower is needed."""
    return hashlib.sha256(token).digest()


async def make(
    session: AsyncSession, person_id: int, token: bytes, now: datetime, expires_at: datetime
) -> list[bytes]:
    """Store a new invitation; the earlier ones of this person end. The hashes of those that do.

    Whoever calls it leaves a tombstone for each before the commit.
    """
    mine = (col(Invite.person_id) == person_id, col(Invite.agreed_at).is_(None))
    ended = update(Invite).where(*mine, col(Invite.expires_at) > now).values(expires_at=now)
    found = [token_hash for (token_hash,) in await session.exec(ended.returning(col(Invite.token_hash)))]
    session.add(Invite(person_id=person_id, token_hash=hash_of(token), made_at=now, expires_at=expires_at))
    return found


async def by_token(session: AsyncSession, token: bytes, now: datetime) -> Invite | None:
    """The invitation of a token that has not run out."""
    query = select(Invite).where(Invite.token_hash == hash_of(token), Invite.expires_at > now)
    return (await session.exec(query)).first()


async def open_for(session: AsyncSession, key: int, opener: int, now: datetime) -> bool:
    """Give an invitation to whoever opens it first, in one statement; they may open it again."""
    free = or_(col(Invite.used_at).is_(None), col(Invite.opened_by) == opener)
    where = (col(Invite.id) == key, col(Invite.expires_at) > now, col(Invite.agreed_at).is_(None), free)
    opened = update(Invite).where(*where).values(used_at=now, opened_by=opener).returning(col(Invite.id))
    return (await session.exec(opened)).first() is not None


async def person_of(session: AsyncSession, key: int, opener: int) -> int | None:
    """Who made an invitation that this one has opened."""
    return (
        await session.exec(select(Invite.person_id).where(Invite.id == key, Invite.opened_by == opener))
    ).first()


async def agree(session: AsyncSession, key: int, opener: int, now: datetime) -> bytes | None:
    """Use up an invitation that this one has opened, in one statement; its hash, None when it is too late.

    Whoever calls it leaves a tombstone before the commit, as whoever opens one does.
    """
    where = (col(Invite.id) == key, col(Invite.opened_by) == opener, col(Invite.agreed_at).is_(None))
    agreed = update(Invite).where(*where, col(Invite.expires_at) > now).values(agreed_at=now)
    found = (await session.exec(agreed.returning(col(Invite.token_hash)))).first()
    return found[0] if found is not None else None


async def unspent(session: AsyncSession, before: datetime) -> list[Invite]:
    """Those made before an instant to which nobody has agreed."""
    query = select(Invite).where(col(Invite.agreed_at).is_(None), Invite.made_at <= before)
    return list(await session.exec(query.order_by(col(Invite.id))))


async def made_at(session: AsyncSession, person_id: int, agreed_at: datetime) -> datetime | None:
    """When the invitation was made that was agreed to at an instant; None once it is forgotten."""
    query = select(Invite.made_at).where(Invite.person_id == person_id, Invite.agreed_at == agreed_at)
    return (await session.exec(query)).first()


async def forget_opener(session: AsyncSession, person_id: int) -> None:
    """Nothing points any more at somebody who is erased."""
    theirs = col(Invite.opened_by) == person_id
    await session.exec(update(Invite).where(theirs).values(opened_by=None))


async def forget_before(session: AsyncSession, instant: datetime) -> None:
    """Drop invitations that ran out before an instant."""
    await session.exec(delete(Invite).where(col(Invite.expires_at) < instant))
