"""The drill itself: every scene through intake, turns and front, to the operator's chat."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

import structlog

from bot.conversation.catalogs import SOURCE_LANGUAGE, catalog
from bot.conversation.inbound import Inbound, Origin
from bot.conversation.message import Message
from bot.drill import wording
from bot.drill.checks import wrong_with
from bot.drill.report import Report, Result
from bot.drill.scenes import Scene, scenes, update_of
from bot.drill.week import due
from bot.drill.witness import Sight, Witness
from bot.escalation.crisis.answers import unsigned
from bot.escalation.crisis.front import Front
from bot.escalation.lines.helplines import Helplines
from bot.telegram.intake import PLATFORM, to_inbound
from bot.telegram.turns import Turns
from scheduler.clock import Clock
from scheduler.mishap import traits
from storage import deployment
from storage.database import Database, is_unavailable

# One message a second is what the platform likes to see in one chat.
PAUSE_SECONDS = 1.1
# Below every number that Telegram gives, and below -1, which stands for an update without one.
_FIRST_ID = -2

_log = structlog.get_logger(__name__)

Pause = Callable[[float], Awaitable[object]]


class Busy(Exception):
    """A drill is going on already."""


class Rehearsal:
    """Plays drills, one at a time.

    The door never sees their updates: nothing is recorded, no calm hours begin, nobody is asked the next day.
    """

    def __init__(
        self,
        operator: Origin,
        database: Database,
        clock: Clock,
        front: Front,
        witness: Witness,
        helplines: Helplines,
        pause: Pause = asyncio.sleep,
    ) -> None:
        """`operator` is their private chat. `pause` waits that many seconds between two messages."""
        self._operator, self._database, self._clock = operator, database, clock
        self._front, self._witness, self._helplines = front, witness, helplines
        self._pause = pause
        self._turns = Turns(front, _leave)
        self._ids = itertools.count(_FIRST_ID, -1)
        self._playing = asyncio.Lock()

    async def beat(self) -> None:
        """Play if a week has passed. A broken beat ends the bot, and a drill must not."""
        if self._playing.locked():
            return
        async with self._playing:
            try:
                if await self._claim():
                    await self._play()
            except Exception as error:
                _log.error("drill_broken", **traits(error))

    async def play(self) -> Report:
        """Play now. Raises Busy. It does without the database if it must."""
        if self._playing.locked():
            raise Busy
        async with self._playing:
            await self._note(begin=True)
            return await self._play()

    async def _claim(self) -> bool:
        """True when one is due. That is noted before it begins, so that no restart plays it twice."""
        try:
            async with self._database.transaction() as session:
                known = await deployment.read(session, hold=True)
                if known is None or not due(known.drilled_at, self._clock.now()):
                    return False
                deployment.begin_drill(known, self._clock.now())
        except Exception as error:
            if not is_unavailable(error):
                raise
            return False  # the next beat asks again
        return True

    async def _play(self) -> Report:
        # The first look may come too late for a card; the second then finds what it brought.
        await self._front.home(self._operator)
        await self._tell(wording.opening(catalog(SOURCE_LANGUAGE)))
        home = await self._front.home(self._operator)
        self._front.unchoose(self._operator)
        report = Report(tuple([await self._act(scene) for scene in scenes(self._helplines, home)]))
        self._front.unchoose(self._operator)  # the country far away was the drill's choice
        await self._tell(wording.closing(catalog(SOURCE_LANGUAGE), report))
        handed, accepted = report.slowest()
        if report.well:
            _log.info("drill_well", handed_ms=round(handed, 1), accepted_ms=round(accepted, 1))
        else:
            _log.error("drill_failed", scenes=[result.name for result in report.failed])
        await self._note(well=report.well)
        return report

    async def _act(self, scene: Scene) -> Result:
        update_id, received = next(self._ids), self._clock.monotonic()
        update = update_of(scene, update_id, int(self._operator.chat), int(self._clock.now().timestamp()))
        with self._witness.looking() as sight:
            await self._turns.take(to_inbound(update, self._operator.account))
        alert = self._front.alert(update_id)
        self._front.recorded(update_id)
        wrong = wrong_with(scene, alert, sight.card, self._helplines)
        if sight.card is not None and sight.accepted is None:
            wrong.append("Telegram did not take it")
        await self._pause(PAUSE_SECONDS)
        tier = alert.tier.name.lower() if alert else "none"
        return Result(scene.name, scene.said, tier, *_times(sight, received), tuple(wrong))

    async def _tell(self, message: Message) -> None:
        await self._witness.send(self._operator.chat, message, unsigned)
        await self._pause(PAUSE_SECONDS)

    async def _note(self, *, begin: bool = False, well: bool = False) -> None:
        try:
            async with self._database.transaction() as session:
                known = await deployment.read(session)
                if known is not None and begin:
                    deployment.begin_drill(known, self._clock.now())
                elif known is not None:
                    known.drill_well = well
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("drill_not_noted", **traits(error))


def operator(chat: str, account: str) -> Origin:
    """The operator, speaking in their private chat with this account."""
    return Origin(PLATFORM, account, chat, chat)


def _times(sight: Sight, received: float) -> tuple[float | None, float | None]:
    """Milliseconds since the update was received: to the network, to acceptance."""

    def since(at: float | None) -> float | None:
        return None if at is None else round((at - received) * 1000, 1)

    return since(sight.handed), since(sight.accepted)


async def _leave(_: Inbound) -> None:
    """A drill has no effects."""
