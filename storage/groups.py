"""Groups: where the bot was added, and what an admin set there. Nothing about any member."""

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession


class Group(SQLModel, table=True):
    """A group that was set up. `country` is an ISO 3166 code: whose helplines are shown there."""

    __tablename__ = "support_group"

    platform: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    ref: str = Field(primary_key=True)
    country: str


async def country_of(session: AsyncSession, platform: str, account: str, ref: str) -> str | None:
    """The country of a group; None when nobody chose one."""
    group = await session.get(Group, (platform, account, ref))
    return group.country if group is not None else None


async def settle(session: AsyncSession, platform: str, account: str, ref: str, country: str) -> None:
    """The group is in this country from now on."""
    await session.merge(Group(platform=platform, account=account, ref=ref, country=country))


async def forget(session: AsyncSession, platform: str, account: str) -> None:
    """Drop what was set in every group of an account."""
    await session.exec(delete(Group).where(col(Group.platform) == platform, col(Group.account) == account))


async def move(session: AsyncSession, platform: str, account: str, old: str, new: str) -> None:
    """The group has a new reference. What was set there already wins."""
    group = await session.get(Group, (platform, account, old))
    if group is None:
        return
    if await session.get(Group, (platform, account, new)) is None:
        await settle(session, platform, account, new, group.country)
    await session.delete(group)
