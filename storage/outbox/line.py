"""Whose turn it is: what stands in the way of a row, and which rows may be claimed."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_

from storage.outbox.rows import (
    HEAD_LANE,
    INSISTENT,
    NOW,
    OUTBOX,
    PERSON,
    UNDER_WAY,
    OutboxKind,
    OutboxState,
    row_,
    same_address,
)


def _can_still_go(row: Any) -> ColumnElement[bool]:
    """Not too late, and its target is known if it needs one."""
    in_time = or_(row.not_after.is_(None), row.not_after >= NOW)
    return and_(in_time, or_(row.kind == OutboxKind.SEND, row.target.is_not(None)))


def _in_the_way(*, newcomer: bool) -> ColumnElement[bool]:
    """Another row of the same chat must leave, or be settled, before this one.

    In the way is what is in flight in the same lane or concerns the same message; and every earlier row of
    the lane that is due, or that has been tried without reaching the person. What may have reached the person
    already is no longer first, so its repeat holds nobody up.
    """
    other = OUTBOX.alias("other")
    same_target = and_(row_.kind != OutboxKind.SEND, other.c.target == row_.target)
    in_flight = and_(
        other.c.state == OutboxState.LEASED,
        or_(other.c.lane == row_.lane, same_target),
        other.c.id < row_.id if newcomer else other.c.id != row_.id,
    )
    tried = and_(other.c.attempt > 0, other.c.copies == 0)
    ahead = and_(
        other.c.state == OutboxState.PENDING,
        other.c.lane == row_.lane,
        other.c.id < row_.id,
        or_(other.c.not_before <= NOW, tried),
        _can_still_go(other.c),
    )
    return exists().where(same_address(other), other.c.state.in_(UNDER_WAY), or_(in_flight, ahead))


# The conditions are built once; building them again for every claim would cost more than the claim.
UNREACHABLE = exists().where(same_address(PERSON), PERSON.c.reachable.is_(False))
NEWCOMER_BLOCKED = _in_the_way(newcomer=True)
CLAIMABLE = and_(
    row_.state == OutboxState.PENDING,
    row_.not_before <= NOW,
    _can_still_go(row_),
    or_(row_.lane < INSISTENT, ~UNREACHABLE),
    or_(row_.lane == HEAD_LANE, ~_in_the_way(newcomer=False)),
)
