"""Bots: the accounts a deployment talks through, beside that of its settings. Their tokens are sealed."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import inspect
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database
from storage.sealing import MasterKey, Sealer


class Bot(SQLModel, table=True):
    """One bot. `account` is its number, `name` what people know it by.

    `refused_at` is when the platform refused its token; null while it takes it.
    """

    __tablename__: ClassVar[str] = "bot"

    account: str = Field(primary_key=True)
    name: str
    token_sealed: bytes
    added_at: datetime
    refused_at: datetime | None = None


def open_token(master: MasterKey, bot: Bot) -> str:
    """The token. Raises CannotOpen when it was altered, or sealed for another bot or by another key."""
    return _sealer(master, bot.account).open(Bot.__tablename__, "token_sealed", bot.token_sealed)


async def there(database: Database) -> bool:
    """True when the database has a place for bots; one of an older version has none."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(lambda found: inspect(found).has_table(Bot.__tablename__))


async def every(session: AsyncSession) -> list[Bot]:
    """All of them, the one that was added first at the head."""
    return list(await session.exec(select(Bot).order_by(col(Bot.added_at), col(Bot.account))))


async def put(
    session: AsyncSession, master: MasterKey, account: str, name: str, token: str, now: datetime
) -> bool:
    """Store a bot, or the new token of one that is there; True when it is new."""
    sealed = _sealer(master, account).seal(Bot.__tablename__, "token_sealed", token)
    known = await session.get(Bot, account)
    if known is None:
        session.add(Bot(account=account, name=name, token_sealed=sealed, added_at=now))
        return True
    known.name, known.token_sealed, known.refused_at = name, sealed, None
    return False


async def take_out(session: AsyncSession, account: str) -> bool:
    """Forget a bot and its token; False when it was not there."""
    known = await session.get(Bot, account)
    if known is None:
        return False
    await session.delete(known)
    return True


async def note_refused(session: AsyncSession, account: str, token_sealed: bytes, at: datetime | None) -> None:
    """The platform refused this token, or with `at` None takes it again; of another one nothing is noted."""
    known = await session.get(Bot, account)
    if known is not None and known.token_sealed == token_sealed:
        known.refused_at = at


def _sealer(master: MasterKey, account: str) -> Sealer:
    """Bots have one key; the place of each seal names its bot, as that of a person's names the person."""
    return Sealer(master.derive("bots"), int(account))
