"""Pure decisions about invitations and bonds: what a link holds, what is next, when to ask again."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.conversation.links import INVITATION, is_invitation
from bot.conversation.quiet import is_quiet
from scheduler.localtime import local
from storage.vocabulary import BondState

TOKEN_BYTES: Final = 16
INVITE_LASTS: Final = timedelta(minutes=30)
CONFIRM_WITHIN: Final = timedelta(days=1)
CONSENT_LASTS: Final = timedelta(days=90)
RENEW_IN_THE_LAST: Final = timedelta(days=7)
LONGEST_NAME: Final = 40
MOST_CAREGIVERS: Final = 10
# Whoever opened so many wrong links lately is not looked up any more.
MOST_WRONG, WRONG_COUNTS_FOR = 10, timedelta(hours=1)
# The versions of what the two agree to.
AGREED_TEXT: Final = "2026-11-29"
CONFIRMED_TEXT: Final = "2026-11-29"
_MORNING, _EVENING = time(9), time(20)
_HOUR = timedelta(hours=1)


def payload_of(token: bytes) -> str:
    """What a link holds: 25 characters that survive any messenger."""
    return INVITATION + base64.urlsafe_b64encode(token).rstrip(b"=").decode("ascii")


def share_url(link: str) -> str:
    """What opens the platform's own list of chats, to send a link to one of them."""
    return f"https://t.me/share/url?url={quote(link, safe='')}"


def token_in(payload: str) -> bytes | None:
    """The token that a link holds; None when nobody can have made it."""
    if not is_invitation(payload):
        return None
    token = base64.urlsafe_b64decode(payload.removeprefix(INVITATION) + "==")
    return token if payload_of(token) == payload else None


class Step(Enum):
    """What is to be done about a bond now."""

    NOTHING = auto()
    CONFIRM = auto()
    EXPIRE = auto()
    RENEW = auto()
    TELL_END = auto()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a bond stands. `asked`, `renew_asked`: the person was; `end_told`: they know of its end."""

    state: BondState
    expires_at: datetime
    asked: bool
    renew_ask_at: datetime | None
    renew_asked: bool
    end_told: bool


def next_step(bond: Standing, now: datetime) -> Step:
    """What is next, if the person can be told."""
    if bond.state is BondState.ENDED:
        return Step.NOTHING if bond.end_told else Step.TELL_END
    if bond.expires_at <= now:
        return Step.EXPIRE
    if bond.state is BondState.AGREED:
        return Step.NOTHING if bond.asked else Step.CONFIRM
    due = bond.renew_ask_at is not None and bond.renew_ask_at <= now
    return Step.RENEW if due and not bond.renew_asked else Step.NOTHING


def next_look(bonds: Sequence[Standing], now: datetime) -> datetime | None:
    """When something is next to be done by itself; None for never."""
    open_ones = [bond for bond in bonds if bond.state is not BondState.ENDED]
    asks = [bond.renew_ask_at for bond in open_ones if bond.renew_ask_at is not None and not bond.renew_asked]
    ahead = [at for at in (*asks, *(bond.expires_at for bond in open_ones)) if at > now]
    return min(ahead, default=None)


def renew_ask_at(
    expires_at: datetime, zone: ZoneInfo, quiet_from: time | None, quiet_until: time | None, draw: float
) -> datetime:
    """A random hour of the person's waking days in the last week; `draw` is from [0, 1).

    Nobody who watches the person can know it beforehand. Where all hours are quiet, all of them may be it.
    """
    first = expires_at - RENEW_IN_THE_LAST
    hours = [first + number * _HOUR for number in range(int((RENEW_IN_THE_LAST - CONFIRM_WITHIN) / _HOUR))]
    waking = [
        at
        for at in hours
        if _MORNING <= (clock := local(at, zone).time()) <= _EVENING
        and not is_quiet(clock.replace(second=0, microsecond=0), quiet_from, quiet_until)
    ]
    choice = waking or hours
    return choice[int(draw * len(choice))]


def can_be_confirmed(state: BondState, expires_at: datetime, now: datetime) -> bool:
    """Whether the person's word still makes a bond of it."""
    return state is BondState.AGREED and expires_at > now


def goes_on(state: BondState, expires_at: datetime, now: datetime) -> bool:
    """Whether the person has confirmed it and it has not run out: then their word makes it last longer.

    A second invitation of the same caregiver leaves it as it is.
    """
    return state in (BondState.LIVE, BondState.PAUSED) and expires_at > now
