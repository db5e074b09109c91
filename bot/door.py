"""The door: every update has its effect in one transaction, and is answered after the commit."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import post
from bot.conversation import wording
from bot.conversation.catalogs import Gettext, catalog, offered
from bot.conversation.inbound import Ignored, Inbound, Left, Migrated, Origin, Press, Words
from bot.conversation.message import Message
from bot.conversation.rights import Rights, Unasked
from bot.conversation.router import Router, notice_reachable
from bot.conversation.text import as_text
from bot.conversation.tokens import Signer
from bot.conversation.visit import Means, Visit
from bot.conversation.whispers import Ear, Whispers
from bot.doses.cards import ROOM as DOSES
from bot.escalation.crisis.front import Alert, CrisisPlatform, Front, Home, Outlook, Source
from bot.escalation.crisis.homes import home_of
from bot.escalation.handlers import keep_answer, record
from bot.escalation.screening.tiers import Tier
from bot.groups.desk import Desk
from bot.groups.moderation import telling
from bot.groups.moderation.flood import Flood
from bot.groups.numbers import board
from bot.groups.pulse.answers import forget as forget_answers
from bot.groups.rules import Cried, Matter, Pressed
from bot.groups.visit import GroupVisit, way_through
from bot.leftovers import leftovers
from bot.reactions import look_first, react
from scheduler.clock import Clock
from scheduler.courier import Courier
from scheduler.mishap import traits
from storage import callers, groups, holding, outbox, people, updates
from storage.bonds import Name
from storage.callers import Caller
from storage.database import WRITERS, Database, is_conflict, is_unavailable
from storage.outbox import Address, Posting
from storage.people import Person
from storage.sealing import Sealer

_log = structlog.get_logger(__name__)


class Platform(Protocol):
    """What the door needs of the platform besides the courier."""

    async def answer(self, query_id: str, text: str | None = None, alert: bool = False) -> None: ...


class Members(Protocol):
    """Who may do what in a group, asked afresh each time. None: the platform did not say."""

    async def is_admin(self, chat: str, person: str) -> bool | None: ...

    async def admins(self, chat: str) -> list[str] | None: ...

    async def may_delete(self, chat: str) -> bool | None: ...


@dataclass(slots=True)
class _Done:
    """What is left to do after the commit."""

    visit: Visit | None = None
    rows: list[Posting] | None = None
    group: GroupVisit | None = None
    parting: list[tuple[list[Posting], Sealer]] = field(default_factory=list)
    repeated: bool = False


class Door:
    """Handles one update after the other; the caller keeps the order within a chat."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        means: Means,
        signer: Signer,
        router: Router,
        front: Front,
        courier: Courier,
        platform: Platform,
        direct: CrisisPlatform,
        desk: Desk,
        members: Members,
        whispers: Whispers | None = None,
    ) -> None:
        """`direct` sends without the outbox: for the little that must be said when nothing can be stored.

        Without `whispers` everything is said aloud in groups.
        """
        self._database, self._clock, self._means, self._signer = database, clock, means, signer
        self._router, self._front, self._courier = router, front, courier
        self._platform, self._direct, self._desk = platform, direct, desk
        self._members, self._flood, self._whispers = members, Flood(clock), whispers
        self._warned: set[str] = set()
        self._behind: set[asyncio.Task[None]] = set()
        # A crowd at the door must not keep the courier and the wakes from the database.
        self._counter = asyncio.Semaphore(WRITERS)

    @property
    def idle(self) -> bool:
        """True when nothing is left to do after any commit."""
        return not self._behind

    async def handle(self, inbound: Inbound) -> None:
        """Returns when the effects are committed. Raises when they could not be.

        What floods a group has none, unless it was answered as a cry for help.
        """
        if not self._front.answered(inbound.update_id) and self._floods(inbound):
            if isinstance(inbound.event, Press):
                self._leave_behind(self._platform.answer(inbound.event.query))
            return
        try:
            done = await self._done(inbound)
        except Exception as error:
            if is_unavailable(error) and not is_conflict(error):
                await self._warn_once(inbound)
            raise
        self._warned.discard(inbound.origin.chat)
        self._after(inbound, done)
        self._front.recorded(inbound.update_id)

    def _floods(self, inbound: Inbound) -> bool:
        """What speaks to another bot does not count: it must not use up the answers of ours."""
        if not inbound.origin.private and not self._desk.is_spoken_to(inbound):
            return False
        return not self._flood.admits(inbound)

    async def apologise(self, inbound: Inbound) -> None:
        """An update was set aside because of an error of ours: say so, plainly.

        Somebody who has a crisis card before them is not told that something went wrong. In a group nothing
        is said aloud, past the pace there; who pressed a button reads it in the little note.
        """
        words = wording.went_wrong(_tongue(inbound.origin))
        if self._front.answered(inbound.update_id):
            self._front.recorded(inbound.update_id)
        elif inbound.origin.private:
            await self._say(inbound.origin, Message(words))
        elif isinstance(inbound.event, Press):
            await self._platform.answer(inbound.event.query, words.plain)

    async def _done(self, inbound: Inbound) -> _Done:
        """Do it; where rights in a group have to be known, ask for them and begin again."""
        rights = Rights()
        while True:
            try:
                async with self._counter:
                    return await self._commit(inbound, rights)
            except Unasked as unasked:
                chat, about, sender = unasked.chat, unasked.about, inbound.origin.sender
            if about == "run by":
                rights = rights.told_all(chat, await self._members.admins(chat))
            elif about == "deletes":
                rights = rights.told(chat, await self._members.may_delete(chat), about)
            else:
                rights = rights.told(chat, await self._members.is_admin(chat, sender) if sender else False)

    async def _commit(self, inbound: Inbound, rights: Rights) -> _Done:
        origin, now = inbound.origin, self._clock.now()
        async with self._database.transaction() as session:
            if not await updates.mark(session, origin.account, inbound.update_id, now):
                return _Done(repeated=True)
            if isinstance(inbound.event, Migrated):
                old = Address(origin.platform, origin.account, origin.chat)
                await outbox.move(session, old, inbound.event.new_chat, now)
                new = await groups.at(session, origin.platform, origin.account, inbound.event.new_chat)
                await board.moved(session, new, now)
            if not origin.private:
                await self._tell_moderators(session, inbound, rights)
                if (alert := self._front.alert(inbound.update_id)) is not None:
                    left = await leftovers(session, self._means.master, origin, alert, now)
                    await outbox.post(session, await post.rows_of(left, self._signer))
                matter = self._desk.matter(inbound, self._cry(inbound))
                if isinstance(matter, Cried) and not self._flood.admits_whisper(inbound):
                    matter = None
                return _Done() if matter is None else await self._in_group(session, inbound, matter, rights)
            if isinstance(inbound.event, Ignored | Migrated):
                return _Done()
            visit = await self._visit(session, inbound, rights)
            if visit is None:
                return _Done()
            await self._effects(visit, inbound)
            return _Done(visit, await self._post(visit), parting=await self._part(visit))

    def _cry(self, inbound: Inbound) -> Cried | None:
        """The call for help as which it was answered."""
        alert = self._front.alert(inbound.update_id)
        worried = alert is not None and alert.outlook is Outlook.OTHER
        return Cried(worried) if self._front.answered(inbound.update_id) else None

    async def _tell_moderators(self, session: AsyncSession, inbound: Inbound, rights: Rights) -> None:
        """Words here sounded like a crisis, and were answered. Who wrote them is told nobody.

        Of words that nobody else saw nobody is told at all.
        """
        alert, origin = self._front.alert(inbound.update_id), inbound.origin
        if alert is None or alert.outlook in {Outlook.DISMISSED, Outlook.AGAIN} or _is_hidden(inbound):
            return
        group = await groups.at(session, origin.platform, origin.account, origin.chat)
        if group is not None:
            master, now = self._means.master, self._clock.now()
            told = await telling.tell(session, master, group, origin.sender, rights, now)
            await outbox.post(session, await post.rows_of(told, self._signer))

    async def _in_group(
        self, session: AsyncSession, inbound: Inbound, matter: Matter, rights: Rights
    ) -> _Done:
        origin = inbound.origin
        place = (origin.platform, origin.account, origin.chat)
        await holding.hold_address(session, *place)
        if isinstance(matter, Press) and await groups.at(session, *place) is None:
            return _Done()  # it was forgotten, and a press does not bring it back
        group = await groups.meet(session, *place)
        sealer = groups.sealer(self._means.master, group)
        topic = inbound.event.topic if isinstance(inbound.event, Words | Press) else None
        way = way_through(self._signer, origin.account, self._means.link)
        visit = GroupVisit(session, group, sealer, self._clock.now(), topic=topic, rights=rights, way=way)
        visit.means, visit.ear, visit.whispers = self._means, _ear(inbound), self._whispers
        if isinstance(matter, Press):
            visit.press = matter
            action = self._signer.read(matter.token, visit.addressee.owner)
            await self._desk.press(visit, Pressed(action, origin.sender))
        else:
            await self._desk.attend(visit, matter, named=bool(origin.sender))
        await session.flush()
        await post.set_timers([visit])
        rows = self._courier.lease(await post.rows_of([visit], self._signer))
        await outbox.post(session, rows)
        await outbox.post(session, await post.rows_of(visit.beside, self._signer))
        return _Done(group=visit, rows=rows)

    async def _visit(self, session: AsyncSession, inbound: Inbound, rights: Rights) -> Visit | None:
        origin, now = inbound.origin, self._clock.now()
        await holding.hold_address(session, origin.platform, origin.account, origin.chat)
        place = (origin.platform, origin.account, origin.chat)
        caller = await callers.at(session, self._means.master, place, DOSES, now)
        if caller is None and isinstance(inbound.event, Left):
            return None
        if caller is None:
            newcomer = _newcomer(inbound, now)
            caller = Caller(newcomer, await people.add(session, self._means.master, newcomer))
        press = inbound.event if isinstance(inbound.event, Press) else None
        name = Name(origin.name, origin.username)
        visit = Visit(session, caller.person, caller.sealer, now, press=press, name=name, given=self._means)
        visit.rights, visit.overdue, visit.told_of = rights, caller.overdue, caller.told_of
        return visit

    async def _effects(self, visit: Visit, inbound: Inbound) -> None:
        alert: Alert | None = self._front.alert(inbound.update_id)
        if alert is None and not isinstance(inbound.event, Left):
            await look_first(visit)
        await notice_reachable(visit, inbound.event)
        if alert is not None:
            await record(visit, alert)
            if alert.words:
                await keep_answer(visit, inbound.event)
        if alert is None:
            await self._router.route(visit, inbound.event, inbound.origin.sender)
        elif await self._is_kept(visit, alert):
            await self._keep_item(visit, inbound)
        if visit.farewell is None:
            await react(visit)
            if visit.press is None and visit.toast is not None and not visit.orders:
                visit.say(Message(as_text(visit.toast)))  # there is no button over which it could be shown
        else:
            await forget_answers(visit)

    async def _is_kept(self, visit: Visit, alert: Alert) -> bool:
        """Whether what brought up the card was meant for something else as well."""
        if alert.source is Source.ITEM:
            return visit.person.state.settled
        gentle = alert.words and alert.tier is Tier.GENTLE
        return gentle and await self._router.meant_for_others(visit)

    async def _keep_item(self, visit: Visit, inbound: Inbound) -> None:
        """The card came first, now the answer is kept. If that fails, the record of the card stands."""
        try:
            async with visit.session.begin_nested():
                await self._router.route(visit, inbound.event, inbound.origin.sender)
        except Unasked:
            raise
        except Exception as error:
            if is_unavailable(error):
                raise
            _log.error("item_not_kept", **traits(error))

    async def _post(self, visit: Visit) -> list[Posting]:
        """Write what was said. Replies are leased to this process at once, so that they need no claim."""
        if visit.farewell is not None:
            return []
        await visit.session.flush()
        await post.supersede([visit, *visit.beside])
        await post.set_timers([visit, *visit.beside])
        rows = self._courier.lease(await post.rows_of([visit], self._signer))
        await outbox.post(visit.session, rows)
        await outbox.post(visit.session, await post.rows_of(visit.beside, self._signer))
        await outbox.post(visit.session, await post.rows_of(visit.elsewhere, self._signer))
        return rows + await post.post_letters([visit], self._signer)

    async def _part(self, visit: Visit) -> list[tuple[list[Posting], Sealer]]:
        """Forget groups. What is still to be done there is on its way then, and stands in no table any more.

        Settling will find nothing to settle; what cannot leave at once is lost.
        """
        session, found = visit.session, []
        for place in visit.partings:
            whom = place.addressee
            group = await groups.find(session, whom.platform, whom.account, whom.group_id or 0)
            if group is None:
                continue
            await outbox.forget_group(session, group.key)  # what waits there would be in the way
            rows = self._courier.lease(await post.rows_of([place], self._signer))
            await outbox.post(session, rows)
            await outbox.forget_group(session, group.key)
            await groups.forget(session, group)
            found.append((rows, place.sealer))
        return found

    def _after(self, inbound: Inbound, done: _Done) -> None:
        """Answer the button first, then hand the messages over."""
        visit = done.visit
        if self._front.alert(inbound.update_id) is not None:
            self._courier.wake()  # what of it is carried on was posted beside
        if isinstance(inbound.event, Press) and not self._front.answered(inbound.update_id):
            toast = self._toast(inbound, done)
            alert = inbound.origin.private and toast is not None and len(toast) > 60
            self._leave_behind(self._platform.answer(inbound.event.query, toast, alert))
        if done.group is not None:
            self._remember_group(inbound.origin, home_of(groups.manner_of(done.group.group)))
            if done.rows:
                self._courier.offer(done.rows, done.group.sealer)
            return
        if visit is None:
            return
        if visit.farewell is not None:
            self._front.forget(inbound.origin)
            self._leave_behind(self._say(inbound.origin, visit.farewell))
            return
        self._front.remember(inbound.origin, Home(visit.person.country, visit.person.language))
        for chat in visit.homes:
            self._front.forget(replace(inbound.origin, chat=chat))
        if done.rows:
            self._courier.offer(done.rows, visit.sealer)
        for rows, sealer in done.parting:
            self._courier.offer(rows, sealer)

    def _toast(self, inbound: Inbound, done: _Done) -> str | None:
        """What answers a press. In a group each press has the same kind of answer, whatever came of it."""
        if done.visit is not None:
            return done.visit.toast
        if inbound.origin.private or done.repeated:
            return None
        return done.group.toast if done.group is not None else wording.not_yours(_tongue(inbound.origin))

    def _remember_group(self, origin: Origin, home: Home | None) -> None:
        if home is not None:
            self._front.remember(origin, home)
        else:
            self._front.forget(origin)

    async def _warn_once(self, inbound: Inbound) -> None:
        """Say once per outage that nothing can be saved at the moment."""
        chat = inbound.origin.chat
        if chat in self._warned or not inbound.origin.private:
            return
        self._warned.add(chat)
        if not self._front.answered(inbound.update_id):
            self._leave_behind(
                self._say(inbound.origin, Message(wording.not_saved_yet(_tongue(inbound.origin))))
            )

    async def _say(self, origin: Origin, message: Message) -> None:
        await self._direct.send(origin.chat, message, lambda _action: "")

    def _leave_behind(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(_quietly(work))
        self._behind.add(task)
        task.add_done_callback(self._behind.discard)


async def _quietly(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:
        _log.warning("afterwards_failed", error=type(error).__name__)


def _tongue(origin: Origin) -> Gettext:
    return catalog(offered(origin.language))


def _is_hidden(inbound: Inbound) -> bool:
    """Whether nobody else in the group saw it."""
    return isinstance(inbound.event, Words) and inbound.event.whispered is not None


def _ear(inbound: Inbound) -> Ear | None:
    """Whoever wrote in a group; None for a press, which is answered by its note."""
    event = inbound.event
    return Ear(inbound.origin.sender, event.whispered) if isinstance(event, Words) else None


def _newcomer(inbound: Inbound, now: datetime) -> Person:
    origin = inbound.origin
    return Person(
        platform=origin.platform,
        account=origin.account,
        ref=origin.chat,
        created_at=now,
        language=offered(origin.language),
    )
