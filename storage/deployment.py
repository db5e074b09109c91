"""Facts about the deployment as a whole: which key sealed this database, which zone data made its wakes."""

from datetime import datetime

from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession


class Deployment(SQLModel, table=True):
    """One row. `key_check` recognises the master key; `tzdata` is the zone data of the stored wakes.

    `alive_at` is the last beat of the running bot: after an outage it tells since when nobody was asked.
    """

    __tablename__ = "deployment"

    id: int = Field(default=1, primary_key=True)
    key_check: bytes
    tzdata: str
    alive_at: datetime | None = None


async def read(session: AsyncSession) -> Deployment | None:
    """The deployment's row; None in a new database."""
    return (await session.exec(select(Deployment))).first()
