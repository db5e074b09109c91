"""Outages: the times at which no worker was there, told by the heartbeat that stood still."""

from datetime import datetime, timedelta

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import deployment
from storage.columns import LONG

SILENCE = timedelta(minutes=5)


class Outage(SQLModel, table=True):
    """From the last heartbeat before until the first one after."""

    __tablename__ = "outage"

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    began: datetime
    ended: datetime = Field(index=True)


async def alive(session: AsyncSession, now: datetime, silence: timedelta = SILENCE) -> Outage | None:
    """The heartbeat. The first one after more than `silence` writes the outage down, and it comes back.

    Nothing happens in a database that is not set up yet. A clock that was put back has seen no outage.
    """
    known = await deployment.read(session, hold=True)
    if known is None:
        return None
    before, known.alive_at = known.alive_at, now
    if before is None or now - before <= silence:
        return None
    outage = Outage(began=before, ended=now)
    session.add(outage)
    await session.flush()
    return outage


async def during(session: AsyncSession, since: datetime, until: datetime) -> list[Outage]:
    """The outages that touch the time between two instants, oldest first."""
    query = select(Outage).where(Outage.ended > since, Outage.began < until)
    return list(await session.exec(query.order_by(col(Outage.began), col(Outage.id))))
