"""Facts about the deployment as a whole: which key sealed this database, which zone data made its wakes."""

from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession


class Deployment(SQLModel, table=True):
    """One row. `key_check` recognises the master key; `tzdata` is the zone data of the stored wakes."""

    __tablename__ = "deployment"

    id: int = Field(default=1, primary_key=True)
    key_check: bytes
    tzdata: str


async def read(session: AsyncSession) -> Deployment | None:
    """The deployment's row; None in a new database."""
    return (await session.exec(select(Deployment))).first()
