"""Facts about the deployment as a whole: its key, its zone data, its last drill, its last heartbeat."""

from datetime import datetime

from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession


class Deployment(SQLModel, table=True):
    """One row. `key_check` recognises the master key; `tzdata` is the zone data of the stored wakes.

    `drilled_at` is when the last drill began, null for never; `drill_well` its end, null while that is open.
    `alive_at` is the last heartbeat of any worker.
    """

    __tablename__ = "deployment"

    id: int = Field(default=1, primary_key=True)
    key_check: bytes
    tzdata: str
    drilled_at: datetime | None = None
    drill_well: bool | None = None
    alive_at: datetime | None = None


async def read(session: AsyncSession, *, hold: bool = False) -> Deployment | None:
    """The deployment's row; None in a new database. With `hold` no other worker has it until the commit."""
    query = select(Deployment).with_for_update() if hold else select(Deployment)
    return (await session.exec(query)).first()


def begin_drill(known: Deployment, now: datetime) -> None:
    """A drill begins; how it ends is open."""
    known.drilled_at, known.drill_well = now, None
