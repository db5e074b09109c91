"""Who reacts when messages end without having reached anybody."""

from collections.abc import Collection, Sequence

import structlog
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.doses.wake import untold_in
from bot.escalation.followup.wording import question_in
from bot.escalation.noticing import card
from bot.escalation.planning.editing import ROOM as ESCALATION
from bot.groups.moderation import notices
from bot.groups.numbers import board
from scheduler.clock import Clock
from storage import crises, doses, groups, outbox, pulses, timers
from storage import notices as told_notices
from storage.dose_cards import card_in
from storage.outbox import Ended, OutboxKind, OutboxState
from storage.people import Person
from storage.timers import Setting
from storage.tombstones import Tombstones

_TOLD_NOBODY = (OutboxState.UNREACHABLE, OutboxState.EXPIRED, OutboxState.REFUSED)

_log = structlog.get_logger(__name__)


class Unreachables:
    """A person who blocked the bot is left in peace: everything is kept, nothing is sent, nobody is told.

    A notice that certainly never left is taken back, so that it can still be told; so is the question of the
    day after a crisis, and the word about doses that could not be asked for. A group that cannot be reached
    rests likewise until the bot is there again.
    """

    def __init__(self, clock: Clock, tombstones: Tombstones) -> None:
        self._clock, self._tombstones = clock, tombstones

    def concerns(self, ended: Ended) -> bool:
        """Whatever did not arrive; of groups also what did, for their notices and counts."""
        return ended.state is not OutboxState.DELIVERED or ended.group_id is not None

    async def settled(self, session: AsyncSession, ended: Sequence[Ended]) -> None:
        """Mark the people and groups whom a message could not reach; count what the platform refused."""
        gone = {row.person_id for row in ended if row.state is OutboxState.UNREACHABLE and row.person_id}
        if gone:
            await self._silence(session, gone)
        for person_id, thing in {(row.person_id, row.about) for row in ended if _never_left(row)}:
            if person_id is not None and thing is not None:
                await self._take_back(session, person_id, thing)
        await _take_back_telling(session, ended)
        await _look_at_groups(session, ended)
        refused = sum(row.state is OutboxState.REFUSED for row in ended)
        if refused:
            _log.error("messages_refused", count=refused)

    async def _take_back(self, session: AsyncSession, person_id: int, thing: str) -> None:
        """A notice, or the question of the day after, that nobody has read may still be told or asked."""
        notice, question = card.key_of(thing), question_in(thing)
        if notice is None and question is None:
            return
        if not await outbox.never_left(session, person_id, thing):
            return
        if notice is not None:
            await told_notices.take_back(session, notice)
        if question is not None and await crises.take_back_question(session, question) is not None:
            await timers.put(session, [Setting(person_id, ESCALATION, self._clock.now())])

    async def _silence(self, session: AsyncSession, gone: Collection[int]) -> None:
        """They blocked the bot: also with a backup put back, nothing of theirs is told before they speak."""
        news = (col(Person.id).in_(gone), col(Person.reachable).is_(True))
        found = list(await session.exec(select(Person).where(*news)))
        await self._tombstones.lay_for_silence(session, found, self._clock.now())
        await session.exec(update(Person).where(*news).values(reachable=False))


async def _look_at_groups(session: AsyncSession, ended: Sequence[Ended]) -> None:
    gone = {row.group_id for row in ended if row.state is OutboxState.UNREACHABLE and row.group_id}
    if gone:
        await groups.silence(session, gone)
    vanished = [
        key for row in ended if _found_nothing(row) and (key := pulses.pulse_in(row.about)) is not None
    ]
    if vanished:
        await pulses.lose(session, vanished)
    astray = {row.group_id for row in ended if row.astray and row.group_id and row.kind is OutboxKind.SEND}
    if astray:
        await groups.lose_topics(session, astray)
    of_groups = [row for row in ended if row.group_id is not None and row.about is not None]
    await notices.settled(session, of_groups)
    await board.settled(session, of_groups)


def _found_nothing(row: Ended) -> bool:
    """True for what could not be said in a group, and for a change of what is not there any more.

    A change that was made before, of which we were not sure, finds nothing to do: that is no loss.
    """
    if row.group_id is None or row.state is OutboxState.UNREACHABLE:
        return row.group_id is not None
    return row.kind is OutboxKind.EDIT and (row.astray or row.state is OutboxState.REFUSED)


async def _take_back_telling(session: AsyncSession, ended: Sequence[Ended]) -> None:
    nobody = [
        row for row in ended if row.kind is OutboxKind.SEND and row.copies == 0 and row.state in _TOLD_NOBODY
    ]
    cards = [card_id for row in nobody if (card_id := card_in(row.about)) is not None]
    spans = [
        (row.person_id, *span)
        for row in nobody
        if row.person_id is not None and (span := untold_in(row.about)) is not None
    ]
    if cards or spans:
        await doses.take_back_telling(session, cards, spans)


def _never_left(row: Ended) -> bool:
    return row.state in (OutboxState.EXPIRED, OutboxState.REFUSED) and row.copies == 0
