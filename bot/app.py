"""The composition root: the one place where the real parts meet."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import web
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import almanac, housekeeping
from bot.conversation.router import Router
from bot.conversation.tokens import Signer
from bot.conversation.visit import Means
from bot.drill.page import add_drill
from bot.drill.rehearsal import Rehearsal
from bot.escalation.lines.helplines import put_in_use, shipped_helplines
from bot.gate import ConsentGate
from bot.groups import wake as groups
from bot.groups.moderation.aloud import sentences
from bot.groups.numbers import board
from bot.groups.posts.library import check_library
from bot.groups.pulse.questions import check_questions
from bot.groups.visit import ROOM as GROUPS
from bot.numbers import numbers_of
from bot.receiving import AlreadyPolled
from bot.roles import Role
from bot.rooms import ROOMS
from bot.roster.premises import Alerts, Premises
from bot.roster.roster import Roster
from bot.roster.switchboard import Switchboard
from bot.settings import FREE_PACE, Settings
from bot.unreachable import Unreachables
from bot.vault import Vault
from bot.waking import GroupWaker, RoomWaker
from bot.web.health import Health, add_health
from scheduler.agreement import Agreement
from scheduler.bell import Ear
from scheduler.clock import AgreedClock, Clock, SteerableClock
from scheduler.courier import Courier
from scheduler.metronome import Metronome
from scheduler.mishap import traits
from scheduler.pacing import Limits, Pacing
from scheduler.wakes import Room as WakesRoom
from scheduler.wakes import WakeLoop
from storage import deployment, leases, outages, outbox
from storage.baton import Baton
from storage.database import is_unavailable
from storage.outbox import OutboxState

TICK_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 3_600.0
ALIVE_SECONDS = 60.0
DRILL_SECONDS = 60.0  # how often we ask whether a week has passed
HERALD_SECONDS = 60.0  # how often we ask whether admins of a group should hear of something
ROSTER_SECONDS = 2.0  # how often we ask whether a bot came or went
SLOTS, PAID_SLOTS = 16, 64  # messages under way at once; more of them carry more than 30 a second

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class App:
    """The running deployment, with all its bots."""

    settings: Settings
    vault: Vault
    clock: Clock
    courier: Courier
    wakes: WakeLoop
    roster: Roster
    metronome: Metronome
    web: web.Application
    role: Role = Role.ALL
    _alive: bool = False

    @property
    def rehearsal(self) -> Rehearsal | None:
        """The drill of the crisis path, at the first bot; None where none is set up."""
        first = self.roster.first
        return first.rehearsal if first is not None else None

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set, then drain. Raises what a part raised that cannot go on."""
        if isinstance(self.clock, AgreedClock):
            agreement = Agreement(self.vault.database, self.clock)
            await agreement.begin()
            self.metronome.beat("clock", TICK_SECONDS, agreement.beat)
        if self.role.hears:
            await self._show_life()
            self.metronome.beat("alive", ALIVE_SECONDS, self._show_life)
        if self.role.wakes:
            await self._look_at_zones()
            await self._look_at_numbers()
            self.metronome.beat("wake", TICK_SECONDS, self.wakes.beat)
            self.metronome.beat("housekeeping", HOUSEKEEPING_SECONDS, self._tidy)
            self.metronome.beat("heralds", HERALD_SECONDS, self.roster.tell_admins)
        if self.settings.operator_chat is not None and self.role.hears:
            self.metronome.beat("drill", DRILL_SECONDS, self._drill)
        self.metronome.beat("bots", ROSTER_SECONDS, self.roster.beat)
        self.metronome.start()
        parts = [
            asyncio.create_task(self._keep_bots(), name="bots"),
            asyncio.create_task(self.courier.run(), name="courier"),
            asyncio.create_task(self._listen(), name="bell"),
            asyncio.create_task(self.metronome.watch(), name="metronome"),
            asyncio.create_task(stop.wait(), name="stop"),
        ]
        try:
            await _until_one_ends(parts)
        finally:
            await self.metronome.stop()
            await self.roster.stop()
            await self.courier.drain()
            if self.role.hears:
                await self._show_life()
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    async def quiet(self, timeout: float) -> bool:
        """Wait until nothing is in hand: no update, no wake due now, no message that could leave now."""
        deadline = asyncio.get_running_loop().time() + timeout
        while asyncio.get_running_loop().time() < deadline:
            if self.roster.idle and not self.courier.busy:  # else the database need not be asked
                await self.wakes.tick()
                if self.roster.idle and await self.courier.quiet():
                    return True
                self.courier.wake()
            await asyncio.sleep(0.005)
        return False

    async def next_event(self) -> datetime | None:
        """The next instant at which something is planned: a wake, or a message that has to wait till then."""
        now, wake = self.clock.now(), await self.wakes.earliest()
        async with self.vault.database.reading() as session:
            message = await leases.earliest(session, now)
        plans = (wake, message, await self.courier.relief())
        return min((max(at, now) for at in plans if at is not None), default=None)

    async def health(self) -> Health:
        """What the health page shows."""
        try:
            due = await self.wakes.earliest()
            async with self.vault.database.reading() as session:
                waiting = (await outbox.counts(session)).get(OutboxState.PENDING, 0)
                drill = await self._last_drill(session)
        except Exception as error:
            _log.warning("health_unknown", error=type(error).__name__)
            return Health(False, 0.0, 0, bots=len(self.roster.here), stopped=self.roster.absent)
        late = (self.clock.now() - due).total_seconds() if due is not None else 0.0
        return Health(
            database=True,
            late_s=max(0.0, late),
            waiting=waiting,
            drill=drill,
            paid_broadcast=self.courier.surplus,
            bots=len(self.roster.here),
            stopped=self.roster.absent,
        )

    async def _last_drill(self, session: AsyncSession) -> str:
        known = await deployment.read(session)
        if self.rehearsal is None or known is None:
            return "off"
        if known.drilled_at is None:
            return "never"
        return {True: "well", False: "failed", None: "open"}[known.drill_well]

    async def _drill(self) -> None:
        if self.rehearsal is not None:
            await self.rehearsal.beat()

    async def _keep_bots(self) -> None:
        """Raises AlreadyPolled: two that poll for one token would only take turns in failing.

        One worker polls for all bots, under one lock: a lock for each would hold a connection for each.
        """
        if not self.role.hears or self.settings.webhook_url is not None:
            await self.roster.run()
            return
        async with aclosing(Baton(self.vault.database, "poll")) as baton:
            if await baton.take():
                await _first_of(self.roster.run(), baton.keep())
            raise AlreadyPolled

    async def _listen(self) -> None:
        """Where this worker sends what others post, hear at once that they did."""
        if self.vault.database.is_sqlite or not self.role.sends:
            await asyncio.Event().wait()
        await Ear(self.vault.database, self.courier.wake).run()

    async def _look_at_zones(self) -> None:
        """New time zone data: every wake is computed afresh, because a clock change may have moved."""
        async with self.vault.database.transaction() as session:
            await almanac.compare(session, self.clock.now())
        await almanac.write_down(self.vault.database, self.clock.now())

    async def _look_at_numbers(self) -> None:
        """A new release may know a country better: where its numbers stand in a group they are compared."""
        async with self.vault.database.transaction() as session:
            await board.look(session, self.clock.now())

    async def _show_life(self) -> None:
        """The heartbeat. Whoever steers the clock passes over hours in which we would have been there."""
        steered = self._alive and isinstance(self.clock, SteerableClock)
        silence = timedelta.max if steered else outages.SILENCE
        try:
            async with self.vault.database.transaction() as session:
                outage = await outages.alive(session, self.clock.now(), silence)
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("no_heartbeat", **traits(error))
            return
        self._alive = True
        if outage is not None:
            _log.warning("were_away", minutes=round((outage.ended - outage.began).total_seconds() / 60))

    async def _tidy(self) -> None:
        await housekeeping.tidy(self.vault, self.clock.now())


async def _until_one_ends(parts: Sequence[asyncio.Task[Any]]) -> None:
    """Wait until `stop` is set or a part breaks; raises what it raised."""
    done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
    for part in done:
        part.result()


async def _first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Wait until one of them ends, and let go of the others; raises what it raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await _until_one_ends(tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def compose(
    settings: Settings,
    vault: Vault,
    clock: Clock,
    alerts: Alerts | None = None,
    limits: Limits | None = None,
    role: Role = Role.ALL,
) -> AsyncIterator[App]:
    """Put the parts together; connections are open inside the block.

    `alerts`: crises that were answered while the vault was closed, to be recorded now. `limits`: how fast to
    send, if not as fast as Telegram allows.
    """
    check_library()
    sentences()
    check_questions()
    switchboard, pacing = Switchboard(), Pacing(limits or _limits(settings))
    premises = _premises(settings, vault, clock, pacing, switchboard, role)
    premises.alerts.update(alerts or {})
    roster = Roster(premises, switchboard, hears=role.hears)
    app = App(
        settings=settings,
        vault=vault,
        clock=clock,
        courier=premises.courier,
        wakes=_wakes(premises, roster),
        roster=roster,
        metronome=Metronome(),
        web=web.Application(),
        role=role,
    )
    premises.webhooks.add_to(app.web)
    add_health(app.web, app.health)
    if settings.operator_chat is not None:
        add_drill(app.web, lambda: app.rehearsal, vault.master)
    try:
        await app.roster.open()
        yield app
    finally:
        await app.roster.close()


def _premises(
    settings: Settings, vault: Vault, clock: Clock, pacing: Pacing, switchboard: Switchboard, role: Role
) -> Premises:
    signer = Signer(vault.master.derive("buttons"))
    courier = Courier(
        vault.database,
        clock,
        switchboard,
        vault.master,
        pacing,
        slots=SLOTS if not settings.paid_broadcast else PAID_SLOTS,
        witness=Unreachables(clock, vault.tombstones),
        gate=ConsentGate(vault.database, clock),
        claims=role.sends,
        accounts=lambda: switchboard.accounts,
    )
    return Premises(
        settings=settings,
        vault=vault,
        clock=clock,
        pacing=pacing,
        courier=courier,
        signer=signer,
        router=Router(ROOMS, signer),
        helplines=put_in_use(shipped_helplines(settings.helplines)),
    )


def _limits(settings: Settings) -> Limits:
    return Limits(surplus_messages=max(0, settings.paid_broadcast - FREE_PACE))


def _wakes(premises: Premises, roster: Roster) -> WakeLoop:
    vault, stir = premises.vault, premises.courier.wake
    means = Means(vault.master, vault.tombstones)
    rooms: dict[str, WakesRoom] = {
        room.name: RoomWaker(room.wake, means, premises.signer) for room in ROOMS if room.wake is not None
    }
    wake_groups = groups.waking(numbers_of(premises.helplines))
    rooms |= {GROUPS: GroupWaker(wake_groups, vault.master, premises.signer, roster.link)}
    return WakeLoop(vault.database, premises.clock, rooms, stir=stir, log_key=vault.master.derive("log"))
