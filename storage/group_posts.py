"""Posts of a group: what goes out there, and by which timing."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, delete, false
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED


class GroupPost(SQLModel, table=True):
    """One thing that goes out in a group again and again.

    It is a text of the library (`text_key`), the texts of a subject in turn (`subject` alone, `shown` of them
    so far), or an admin's own words (`words_sealed`, sealed with the group's key). `timing` is the
    scheduler's data. `looked_until` is the instant up to which slots were looked at.
    """

    __tablename__ = "group_post"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    group_id: int = Field(foreign_key="support_group.id", sa_type=LONG, index=True)
    subject: str | None = None
    text_key: str | None = None
    words_sealed: bytes | None = None
    timing: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    paused: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    shown: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    looked_until: datetime

    @property
    def key(self) -> int:
        """The id of a stored post."""
        if self.id is None:
            raise ValueError("this post is not stored yet")
        return self.id


async def of_groups(session: AsyncSession, group_ids: Collection[int]) -> dict[int, list[GroupPost]]:
    """The posts of several groups, by group id, in the order in which they were made."""
    query = select(GroupPost).where(col(GroupPost.group_id).in_(group_ids)).order_by(col(GroupPost.id))
    found: dict[int, list[GroupPost]] = {group_id: [] for group_id in group_ids}
    for post in await session.exec(query):
        found[post.group_id].append(post)
    return found


async def of_group(session: AsyncSession, group_id: int) -> list[GroupPost]:
    """The posts of one group."""
    return (await of_groups(session, [group_id]))[group_id]


async def find(session: AsyncSession, group_id: int, post_id: int) -> GroupPost | None:
    """A post, if it is one of this group."""
    query = select(GroupPost).where(GroupPost.id == post_id, GroupPost.group_id == group_id)
    return (await session.exec(query)).first()


async def remove(session: AsyncSession, group_id: int, post_id: int) -> None:
    """Delete a post of a group."""
    mine = (col(GroupPost.id) == post_id, col(GroupPost.group_id) == group_id)
    await session.exec(delete(GroupPost).where(*mine))
