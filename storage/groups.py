"""Groups: where the bot was added, and what its admins set there. Nothing about any member."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from typing import NamedTuple

from sqlalchemy import UniqueConstraint, bindparam, delete, false, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import pulses, timers
from storage.columns import LONG, NEVER_REUSED, word
from storage.database import is_postgresql
from storage.group_posts import GroupPost
from storage.sealing import MasterKey, Sealer
from storage.vocabulary import GroupKind, GroupState


class Group(SQLModel, table=True):
    """A group, supergroup or channel at one address.

    `country` is an ISO 3166 code: whose helplines are shown there. `topic` is the platform's reference of the
    part of the group where posts go; None is the group at large. `before` is the state to go back to from
    GONE. `wrapped` is the wrapped data key of the group, made when it is first wanted. `topic_lost`: the
    topic is gone, and no admin was told yet.

    `warns`: posts bear a content warning. `tells_moderators`: of crisis words, never which or whose.
    `hears_all`: by choice of an admin it takes in what is said without a command. `noticed_at`: when the
    members were last told of these two. `pointed_at`: when it was last said there that some things
    are told in private only.

    `resources_shown` stands for what the crisis numbers there say now: None where nobody wants them, "" where
    they have to be said anew. `resources_ref` is the platform's id of that message, once it is known.
    """

    __tablename__ = "support_group"
    __table_args__ = (
        UniqueConstraint("platform", "account", "ref", name="group_address"),
        NEVER_REUSED,
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    platform: str
    account: str
    ref: str
    kind: GroupKind = Field(default=GroupKind.GROUP, sa_type=word(GroupKind))
    state: GroupState = Field(default=GroupState.NEW, sa_type=word(GroupState))
    before: GroupState | None = Field(default=None, sa_type=word(GroupState))
    country: str | None = None
    language: str = "en"
    zone: str | None = None
    topic: str | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    warns: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    tells_moderators: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    hears_all: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    noticed_at: datetime | None = None
    resources_ref: str | None = None
    resources_shown: str | None = None
    topic_lost: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    pointed_at: datetime | None = None
    wrapped: bytes | None = None

    @property
    def key(self) -> int:
        """The id of a stored group."""
        if self.id is None:
            raise ValueError("this group is not stored yet")
        return self.id


def kind_of(ref: str) -> GroupKind:
    """The likeliest kind by the reference alone, for a group of which nobody has told us yet."""
    return GroupKind.SUPERGROUP if ref.startswith("-100") else GroupKind.GROUP


async def at(session: AsyncSession, platform: str, account: str, ref: str) -> Group | None:
    """The group at an address."""
    query = select(Group).where(Group.platform == platform, Group.account == account, Group.ref == ref)
    return (await session.exec(query)).first()


async def hold(session: AsyncSession, group_ids: Sequence[int]) -> dict[int, Group]:
    """These groups by id; until the transaction ends nobody else works on them.

    On a file there is one writer at a time anyway.
    """
    query = select(Group).where(col(Group.id).in_(group_ids)).order_by(col(Group.id))
    if is_postgresql(session):
        query = query.with_for_update(key_share=True)
    found = await session.exec(query, execution_options={"populate_existing": True})
    return {group.key: group for group in found}


async def meet(session: AsyncSession, platform: str, account: str, ref: str) -> Group:
    """The group at an address, held; stored if it is new."""
    group = await at(session, platform, account, ref)
    if group is None:
        group = Group(platform=platform, account=account, ref=ref, kind=kind_of(ref))
        session.add(group)
        await session.flush()
    return (await hold(session, [group.key]))[group.key]


async def find(session: AsyncSession, platform: str, account: str, group_id: int) -> Group | None:
    """A group of an account by its id."""
    here = (Group.platform == platform, Group.account == account, Group.id == group_id)
    return (await session.exec(select(Group).where(*here))).first()


def sealer(master: MasterKey, group: Group) -> Sealer:
    """The sealer of a stored group, whose key is made if it has none yet. Raises CannotOpen."""
    if group.wrapped is None:
        group.wrapped = master.new_wrapped_key(group.key, "group")
    return master.sealer(group.wrapped, group.key, "group")


_KEYS = select(Group.id, Group.wrapped).where(col(Group.id).in_(bindparam("ids", expanding=True)))


async def wrapped_keys(session: AsyncSession, ids: Collection[int]) -> dict[int, bytes]:
    """The wrapped data keys of several groups, by group id."""
    found = await session.exec(_KEYS, params={"ids": list(ids)})
    return {key: wrapped for key, wrapped in found if key is not None and wrapped is not None}


class Manner(NamedTuple):
    """What a word for everybody in a group goes by. `language` is "" while nobody has set it up."""

    country: str | None
    language: str
    hears_all: bool


_MANNER = select(Group.country, Group.language, Group.state, Group.hears_all).where(
    Group.platform == bindparam("platform"),
    Group.account == bindparam("account"),
    Group.ref == bindparam("ref"),
)


async def manner_at(session: AsyncSession, platform: str, account: str, ref: str) -> Manner | None:
    """The manner of the group at an address. In a crisis somebody waits for it."""
    place = {"platform": platform, "account": account, "ref": ref}
    found = (await session.exec(_MANNER, params=place)).first()
    return _manner(*found) if found is not None else None


def manner_of(group: Group) -> Manner:
    """The manner of a group that is in hand."""
    return _manner(group.country, group.language, group.state, group.hears_all)


def _manner(country: str | None, language: str, state: GroupState, hears_all: bool) -> Manner:
    return Manner(country, "" if state is GroupState.NEW else language, hears_all)


async def without_their_topic(session: AsyncSession, platform: str, account: str) -> list[Group]:
    """Groups of an account that lost their topic, and whose admins do not know yet."""
    here = (Group.platform == platform, Group.account == account)
    return list(await session.exec(select(Group).where(*here, col(Group.topic_lost).is_(True))))


async def silence(session: AsyncSession, group_ids: Collection[int]) -> None:
    """Nothing reaches these groups any more; what they had is kept for when they come back."""
    there = (col(Group.id).in_(group_ids), col(Group.state) != GroupState.GONE)
    gone = {"before": Group.state, "state": GroupState.GONE}
    await session.exec(update(Group).where(*there).values(gone))


async def lose_topics(session: AsyncSession, group_ids: Collection[int]) -> None:
    """The topic of these groups is gone: they post to the group at large, and admins are to hear of it."""
    lost = {"topic": None, "topic_lost": True}
    had = (col(Group.id).in_(group_ids), col(Group.topic).is_not(None))
    await session.exec(update(Group).where(*had).values(lost))


async def note_notice(
    session: AsyncSession, group_id: int, at: datetime | None, changes: Mapping[str, bool]
) -> None:
    """The members were told at an instant; `changes` are the switches that this announced."""
    here = col(Group.id) == group_id
    await session.exec(update(Group).where(here).values(noticed_at=at, **changes))


async def note_numbers(session: AsyncSession, group_id: int, ref: str | None, **shown: str) -> None:
    """Where the crisis numbers stand now, if they are wanted there; `resources_shown` as in the table."""
    wanted = (col(Group.id) == group_id, col(Group.resources_shown).is_not(None))
    await session.exec(update(Group).where(*wanted).values(resources_ref=ref, **shown))


async def with_numbers(session: AsyncSession) -> list[int]:
    """The groups where crisis numbers stand, or have to."""
    found = await session.exec(select(Group.id).where(col(Group.resources_shown).is_not(None)))
    return [key for key in found if key is not None]


async def forget(session: AsyncSession, group: Group) -> None:
    """Delete a group with all that was set there. Its messages have to be deleted before."""
    await session.exec(delete(GroupPost).where(col(GroupPost.group_id) == group.key))
    await pulses.forget(session, group.key)
    await timers.forget(session, "group", group.key)
    await session.delete(group)
    await session.flush()


async def of_account(session: AsyncSession, platform: str, account: str) -> list[Group]:
    """Every group of an account."""
    here = (Group.platform == platform, Group.account == account)
    return list(await session.exec(select(Group).where(*here).order_by(col(Group.id))))


async def move(session: AsyncSession, platform: str, account: str, old: str, new: str) -> None:
    """The group has a new reference.

    What was said there already, before we heard of the move, wins: its country, zone, topic and numbers. What
    members are told of first does not come along. The messages of the double have to be deleted before.
    """
    group = await at(session, platform, account, old)
    if group is None:
        return
    if group.resources_shown is not None:
        group.resources_ref, group.resources_shown = None, ""  # what we said before cannot be changed there
    double = await at(session, platform, account, new)
    if double is not None:
        _take_over(group, double)
        await forget(session, double)
    group.ref, group.kind = new, GroupKind.SUPERGROUP
    session.add(group)
    await session.flush()


def _take_over(group: Group, double: Group) -> None:
    for name in ("country", "zone", "topic"):
        chosen = getattr(double, name)
        if chosen is not None:
            setattr(group, name, chosen)
    if double.resources_shown is not None:
        group.resources_ref, group.resources_shown = double.resources_ref, double.resources_shown
    if double.state is not GroupState.NEW:
        group.state, group.before = double.state, double.before
