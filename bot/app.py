"""The composition root: the one place where the real parts meet."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from aiohttp import web
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.catalogs import check_safety
from bot.conversation.inbound import Inbound, Origin
from bot.conversation.router import Router
from bot.conversation.tokens import Signer
from bot.door import Door
from bot.drill.page import add_drill
from bot.drill.rehearsal import Rehearsal, operator
from bot.drill.witness import Witness
from bot.escalation.crisis.front import Alert, Front, Home, LookUp, OpenPlan, WasSeen
from bot.escalation.lines.helplines import shipped_helplines
from bot.escalation.planning import plans
from bot.escalation.planning.plan import Plan
from bot.groups.desk import Desk
from bot.profile import profile
from bot.receiving import AlreadyPolled, Intake, intake, webhook_secret
from bot.roles import Role
from bot.rooms import COMMANDS, ROOMS
from bot.settings import FREE_PACE, Settings
from bot.telegram.account import Account
from bot.telegram.crisis import CrisisSender
from bot.telegram.links import DeepLinks
from bot.telegram.members import ChatMembers
from bot.telegram.profile import register
from bot.telegram.sender import TelegramSender
from bot.telegram.turns import Turns
from bot.unreachable import Unreachables
from bot.vault import Vault
from bot.waking import RoomWaker
from bot.web.health import Health, add_health
from scheduler.bell import Ear
from scheduler.clock import AgreedClock, Clock
from scheduler.courier import Courier
from scheduler.lanes import Lane
from scheduler.localtime import tzdata_version
from scheduler.metronome import Metronome
from scheduler.mishap import traits
from scheduler.pacing import Limits, Pacing
from scheduler.wakes import WakeLoop
from storage import deployment, estate, groups, leases, outbox, people, timers, updates
from storage.database import is_unavailable
from storage.holding import hold_free, the_only_one
from storage.outbox import OutboxState

TICK_SECONDS = 1.0
HOUSEKEEPING_SECONDS = 3_600.0
AGREE_SECONDS = 60.0
SLOW_SECONDS = 1.0
SKEW_SECONDS = 2.0  # more than this between two machines is worth a line in the log
DRILL_SECONDS = 60.0  # how often we ask whether a week has passed
UPDATES_KEPT = timedelta(days=7)
MESSAGES_KEPT = timedelta(days=30)
STRANGERS_KEPT = timedelta(days=1)  # who wrote once and never agreed to anything
SLOTS, PAID_SLOTS = 16, 64  # messages under way at once; more of them carry more than 30 a second
CRISIS_ALONE_SECONDS = 3.0  # nothing else goes to a chat while its crisis card is on the way

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class App:
    """The running bot."""

    vault: Vault
    clock: Clock
    courier: Courier
    wakes: WakeLoop
    intake: Intake
    turns: Turns
    door: Door
    metronome: Metronome
    account: Account
    links: DeepLinks
    web: web.Application
    role: Role = Role.ALL
    rehearsal: Rehearsal | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Run until `stop` is set, then drain. Raises what a part raised that cannot go on."""
        if self.role.wakes:
            await self._notice_new_zones()
            self.metronome.beat("wake", TICK_SECONDS, self.wakes.beat)
            self.metronome.beat("housekeeping", HOUSEKEEPING_SECONDS, self._tidy)
        if self.rehearsal is not None and self.role.hears:
            self.metronome.beat("drill", DRILL_SECONDS, self.rehearsal.beat)
        if isinstance(self.clock, AgreedClock):
            await self._agree()
            self.metronome.beat("clock", AGREE_SECONDS, self._agree)
        self.metronome.start()
        intake = asyncio.create_task(self._take_in(), name="intake")
        parts = [
            intake,
            asyncio.create_task(self.courier.run(), name="courier"),
            asyncio.create_task(self._listen(), name="bell"),
            asyncio.create_task(self.metronome.watch(), name="metronome"),
            asyncio.create_task(stop.wait(), name="stop"),
            asyncio.create_task(self._introduce(), name="profile"),
        ]
        try:
            await _until_one_ends(parts)
        finally:
            self.metronome.stop()
            self.intake.stop()
            if self.role.hears:
                await asyncio.wait({intake}, timeout=10)
            await self.courier.drain()
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    async def quiet(self, timeout: float) -> bool:
        """Wait until nothing is in hand: no update, no wake due now, no message that could leave now."""
        deadline = asyncio.get_running_loop().time() + timeout
        while asyncio.get_running_loop().time() < deadline:
            await self.wakes.tick()
            if self.intake.idle() and self.turns.idle and self.door.idle and await self.courier.quiet():
                return True
            self.courier.wake()
            await asyncio.sleep(0.005)
        return False

    async def next_event(self) -> datetime | None:
        """The next instant at which something is planned: a wake, or a message that waits for its time."""
        now, wake = self.clock.now(), await self.wakes.earliest()
        async with self.vault.database.reading() as session:
            message = await leases.earliest(session, now)
        return min((max(at, now) for at in (wake, message) if at is not None), default=None)

    async def health(self) -> Health:
        """What the health page shows."""
        try:
            due = await self.wakes.earliest()
            async with self.vault.database.reading() as session:
                waiting = (await outbox.counts(session)).get(OutboxState.PENDING, 0)
                drill = await self._last_drill(session)
        except Exception as error:
            _log.warning("health_unknown", error=type(error).__name__)
            return Health(False, 0.0, 0)
        late = (self.clock.now() - due).total_seconds() if due is not None else 0.0
        return Health(True, max(0.0, late), waiting, drill, self.courier.surplus)

    async def _last_drill(self, session: AsyncSession) -> str:
        known = await deployment.read(session)
        if self.rehearsal is None or known is None:
            return "off"
        if known.drilled_at is None:
            return "never"
        return {True: "well", False: "failed", None: "open"}[known.drill_well]

    async def _agree(self) -> None:
        """Go by the server's clock, as the other workers do."""
        if not isinstance(self.clock, AgreedClock):
            return
        began = self.clock.monotonic()
        try:
            shown = await self.vault.database.now()
            took = self.clock.monotonic() - began
            if took > SLOW_SECONDS:
                return  # nobody knows when in this time the server looked at its clock
            ahead = self.clock.agree(shown + timedelta(seconds=took / 2))
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("clock_not_compared", **traits(error))
            return
        if abs(ahead) > SKEW_SECONDS:
            _log.warning("clocks_differ", server_ahead_s=round(ahead, 1))

    async def _take_in(self) -> None:
        """Raises AlreadyPolled: two that poll for one token would only take turns in failing."""
        if not self.role.hears:
            await asyncio.Event().wait()
        if not self.intake.alone:
            await self.intake.run()
            return
        async with the_only_one(self.vault.database, f"poll {self.account.number}") as only:
            if not only:
                raise AlreadyPolled
            await self.intake.run()

    async def _listen(self) -> None:
        """Where this worker sends what others post, hear at once that they did."""
        if self.vault.database.is_sqlite or not self.role.sends:
            await asyncio.Event().wait()
        await Ear(self.vault.database, self.courier.wake).run()

    async def _introduce(self) -> None:
        """Tell Telegram who we are, and learn by which name it knows us."""
        await asyncio.gather(self.links.learn(), register(self.account, profile()))

    async def _notice_new_zones(self) -> None:
        """New time zone data: every wake is computed afresh, because a clock change may have moved."""
        async with self.vault.database.transaction() as session:
            known = await deployment.read(session)
            if known is not None and known.tzdata != tzdata_version():
                _log.info("new_zone_data", before=known.tzdata, now=tzdata_version())
                known.tzdata = tzdata_version()
                await timers.stir_all(session, self.clock.now())

    async def _tidy(self) -> None:
        """Forget what is of no more use."""
        now = self.clock.now()
        try:
            async with self.vault.database.transaction() as session:
                await updates.forget_before(session, now - UPDATES_KEPT)
                await outbox.reap(session, now - MESSAGES_KEPT)
                strangers = await people.strangers(session, now - STRANGERS_KEPT)
                for person_id in await hold_free(session, strangers):
                    await estate.erase(session, person_id)
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("not_tidied", **traits(error))


async def _until_one_ends(parts: Sequence[asyncio.Task[Any]]) -> None:
    """Wait until `stop` is set or a part breaks; raises what it raised. The profile may end by itself."""
    waiting = set(parts)
    while True:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for part in done:
            part.result()
        if any(part.get_name() != "profile" for part in done):
            return


@asynccontextmanager
async def connections(settings: Settings) -> AsyncIterator[tuple[Account, CrisisSender]]:
    """The two ways to Telegram: the account, and the crisis path with connections of its own.

    Raises CatalogUnusable: a crisis answer in broken words must be found before it is needed.
    """
    check_safety()
    if settings.telegram_token is None:
        raise ValueError("a token is needed")
    token, base_url = settings.telegram_token.get_secret_value(), settings.telegram_api.rstrip("/") + "/bot"
    async with Account(token, base_url=base_url) as account, CrisisSender(token, base_url=base_url) as direct:
        yield account, direct


@asynccontextmanager
async def compose(
    settings: Settings,
    vault: Vault,
    clock: Clock,
    alerts: dict[int, Alert] | None = None,
    limits: Limits | None = None,
    role: Role = Role.ALL,
) -> AsyncIterator[App]:
    """Put the parts together; connections are open inside the block.

    `alerts`: crises that were answered while the vault was closed, to be recorded now. `limits`: how fast to
    send, if not as fast as Telegram allows.
    """
    async with connections(settings) as (account, direct):
        answer = TelegramSender(account).answer
        pacing = Pacing(limits or _limits(settings))
        links = DeepLinks(account)
        helplines, witness = shipped_helplines(settings.helplines), Witness(direct, clock)
        front = Front(
            helplines,
            witness,
            clock,
            _look_up(vault),
            answer,
            alerts,
            COMMANDS,
            clear_the_way=_clear_the_way(pacing, clock),
            was_seen=_was_seen(vault),
            open_plan=_open_plan(vault),
            link=links.start,
            shared=not vault.database.is_sqlite,
        )
        desk = Desk(ChatMembers(account), helplines.codes)
        app = _assemble(settings, vault, clock, account, direct, front, pacing, links, desk, role)
        if settings.operator_chat is not None:
            chat = operator(settings.operator_chat, account.number)
            app.rehearsal = Rehearsal(chat, vault.database, clock, front, witness, helplines)
            add_drill(app.web, app.rehearsal, vault.master)
        yield app


def _assemble(
    settings: Settings,
    vault: Vault,
    clock: Clock,
    account: Account,
    direct: CrisisSender,
    front: Front,
    pacing: Pacing,
    links: DeepLinks,
    desk: Desk,
    role: Role,
) -> App:
    signer = Signer(vault.master.derive("buttons"))
    sender = TelegramSender(account)
    courier = Courier(
        vault.database,
        clock,
        sender,
        vault.master,
        pacing,
        slots=SLOTS if not settings.paid_broadcast else PAID_SLOTS,
        witness=Unreachables(),
        claims=role.sends,
    )
    router = Router(ROOMS, signer)
    door = Door(vault.database, clock, vault.master, signer, router, front, courier, sender, direct, desk)
    turns = Turns(front, door.handle, set_aside=door.apologise)
    wakes, http = _wakes(vault, clock, courier, signer), web.Application()
    app = App(
        vault=vault,
        clock=clock,
        courier=courier,
        wakes=wakes,
        intake=intake(settings, account, turns, webhook_secret(vault.master, account.number), http),
        turns=turns,
        door=door,
        metronome=Metronome(),
        account=account,
        links=links,
        web=http,
        role=role,
    )
    add_health(app.web, app.health)
    return app


def _wakes(vault: Vault, clock: Clock, courier: Courier, signer: Signer) -> WakeLoop:
    rooms = {room.name: RoomWaker(room.wake, vault.master, signer) for room in ROOMS if room.wake is not None}
    return WakeLoop(vault.database, clock, rooms, stir=courier.wake, log_key=vault.master.derive("log"))


def _limits(settings: Settings) -> Limits:
    return Limits(surplus_messages=max(0, settings.paid_broadcast - FREE_PACE))


def _clear_the_way(pacing: Pacing, clock: Clock) -> Callable[[Origin], None]:
    def clear(origin: Origin) -> None:
        now = clock.monotonic()
        pacing.reserve(origin.account, origin.chat, Lane.CRISIS, now)
        pacing.hold(origin.account, origin.chat, now + CRISIS_ALONE_SECONDS)

    return clear


def _look_up(vault: Vault) -> LookUp:
    async def look_up(origin: Origin) -> Home | None:
        async with vault.database.reading() as session:
            place = (session, origin.platform, origin.account, origin.chat)
            if not origin.private:
                country = await groups.country_of(*place)
                # A group without a country is asked for again: it may be moving to a new reference just now.
                return Home(country, "") if country is not None else None
            person = await people.by_address(*place)
        return Home(person.country, person.language) if person is not None else None

    return look_up


def _was_seen(vault: Vault) -> WasSeen:
    async def was_seen(inbound: Inbound) -> bool:
        async with vault.database.reading() as session:
            return await updates.seen(session, inbound.origin.account, inbound.update_id)

    return was_seen


def _open_plan(vault: Vault) -> OpenPlan:
    async def open_plan(origin: Origin) -> Plan | None:
        async with vault.database.reading() as session:
            person = await people.by_address(session, origin.platform, origin.account, origin.chat)
            if person is None:
                return Plan()
            sealer = (await people.sealers(session, vault.master, [person.key]))[person.key]
            return await plans.read(session, sealer, person.key)

    return open_plan
