"""The front: looks at every update before anything else, and answers a crisis from memory.

It needs no database, no queue, no dialog. Country and language come from a cache; on a miss the database
gets 50 ms, then the card goes out without a country and with buttons to choose one.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

import structlog

from bot.conversation.catalogs import Gettext, catalog, offered
from bot.conversation.inbound import Inbound, Origin, Press, Words
from bot.conversation.message import Action, Message
from bot.escalation import rules, wording
from bot.escalation.helplines import Helplines
from bot.escalation.rules import CrisisPress, Step
from bot.escalation.screening.screen import Finding, Tier, screen
from scheduler.clock import Clock

LOOK_UP_SECONDS = 0.05
REMEMBERED = 100_000
COMMANDS = frozenset({"sos", "crisis"})

_log = structlog.get_logger(__name__)


class Source(StrEnum):
    """By which way in a card was asked for."""

    COMMAND = "command"
    BUTTON = "button"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Home:
    """What a card needs to know of a person."""

    country: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Alert:
    """An update that was answered here. It is recorded later, without a word of what was written.

    `undelivered` is the answer if no try got it through; the outbox then carries it on.
    """

    source: Source
    tier: Tier
    undelivered: Message | None = None


class CrisisPlatform(Protocol):
    """Sends at once, on connections of its own; True when it arrived. Never raises."""

    async def send(self, ref: str, message: Message, sign: Callable[[Action], str]) -> bool: ...


LookUp = Callable[[Origin], Awaitable[Home | None]]
AnswerPress = Callable[[str], Awaitable[None]]


def _as_it_is(_: Origin) -> None:
    """Nothing else is sent that could be in the way."""


class Front:
    """Answers crises; remembers what it answered until the record is made."""

    def __init__(
        self,
        helplines: Helplines,
        platform: CrisisPlatform,
        clock: Clock,
        look_up: LookUp,
        answer_press: AnswerPress,
        alerts: dict[int, Alert] | None = None,
        commands: frozenset[str] = frozenset(),
        clear_the_way: Callable[[Origin], None] = _as_it_is,
    ) -> None:
        """`look_up` reads a person's home from the database and may be slow or fail.

        `commands` are the house's own: their names are not what somebody wrote about themselves.
        `clear_the_way` makes whatever else goes to this chat wait, so that the card meets no limit.
        `alerts` holds, by update, what was answered and is not recorded yet.
        """
        self._helplines, self._platform, self._clock = helplines, platform, clock
        self._look_up, self._answer_press = look_up, answer_press
        self._homes: OrderedDict[Origin, Home] = OrderedDict()
        self._alerts = alerts if alerts is not None else {}
        self._commands = commands
        self._clear_the_way = clear_the_way
        self._looking: set[asyncio.Task[None]] = set()

    async def __call__(self, inbound: Inbound) -> None:
        """Answer if this is a crisis, once; otherwise do nothing."""
        if inbound.update_id in self._alerts:
            return
        press = self._press(inbound)
        finding = self._finding(inbound) if press is None else None
        if press is None and finding is None:
            return
        alert = self._alerts[inbound.update_id] = _alert(inbound, press, finding)
        received = self._clock.monotonic()
        self._clear_the_way(inbound.origin)
        home = await self._home(inbound.origin)
        message = self._message(catalog(home.language), home, press, finding, private=inbound.origin.private)
        delivered = await self._platform.send(inbound.origin.chat, message, _unsigned)
        if not delivered:
            self._alerts[inbound.update_id] = replace(alert, undelivered=message)
        _log.info(
            "crisis_answered", delivered=delivered, ms=round((self._clock.monotonic() - received) * 1000, 1)
        )
        if isinstance(inbound.event, Press):
            await self._answer_press(inbound.event.query)

    def remember(self, origin: Origin, home: Home) -> None:
        """Keep a person's country and language at hand."""
        key = _place(origin)
        self._homes[key] = home
        self._homes.move_to_end(key)
        if len(self._homes) > REMEMBERED:
            self._homes.popitem(last=False)

    def forget(self, origin: Origin) -> None:
        """An erased person leaves nothing here."""
        self._homes.pop(_place(origin), None)

    def alert(self, update_id: int) -> Alert | None:
        """What was answered here for this update."""
        return self._alerts.get(update_id)

    def recorded(self, update_id: int) -> None:
        """The record was committed."""
        self._alerts.pop(update_id, None)

    def _press(self, inbound: Inbound) -> CrisisPress | None:
        match inbound.event:
            case Press(token=token):
                return rules.read_token(token)
            case Words(text=text) if _command(text) in COMMANDS:
                return CrisisPress(Step.CARD)
        return None

    def _finding(self, inbound: Inbound) -> Finding | None:
        if not isinstance(inbound.event, Words):
            return None
        text = inbound.event.text
        finding = screen(text.partition(" ")[2] if _command(text) in self._commands else text)
        return None if finding.tier is Tier.NONE else finding

    async def _home(self, origin: Origin) -> Home:
        known = self._homes.get(_place(origin))
        if known is None:
            task = asyncio.create_task(self._fetch(origin))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)
            # Not cancelled when it takes longer: its answer still serves the next message.
            await asyncio.wait({task}, timeout=LOOK_UP_SECONDS)
            known = self._homes.get(_place(origin))
        return known or Home(None, offered(origin.language))

    async def _fetch(self, origin: Origin) -> None:
        try:
            home = await self._look_up(origin)
        except Exception as error:
            _log.warning("crisis_look_up_failed", error=type(error).__name__)
            return
        if home is not None:
            self.remember(origin, home)

    def _message(
        self, _: Gettext, home: Home, press: CrisisPress | None, finding: Finding | None, *, private: bool
    ) -> Message:
        if not private:
            return wording.in_group(_)
        country = press.country if press is not None and press.country else home.country
        facts = rules.card_for(self._helplines, country, self._clock.now().date(), finding)
        if press is None and finding is not None:
            return wording.card(_, facts) if rules.answer_to(finding) == "card" else wording.gentle(_, facts)
        match press.step if press else Step.CARD:
            case Step.COUNTRIES:
                return wording.countries(_, self._helplines, press.page if press else 1)
            case Step.NO:
                return wording.dismissed(_, facts)
            case Step.UNSAID:
                return wording.unsaid(_, facts)
            case Step.WORRIED:
                return wording.helper_steps(_, facts)
            case Step.GROUND:
                return wording.grounding(_, facts)
        return wording.card(_, facts)


def _alert(inbound: Inbound, press: CrisisPress | None, finding: Finding | None) -> Alert:
    if finding is not None:
        return Alert(Source.TEXT, finding.tier)
    source = Source.BUTTON if isinstance(inbound.event, Press) else Source.COMMAND
    gentle = press is not None and press.step in {Step.NO, Step.UNSAID, Step.WORRIED}
    return Alert(source, Tier.GENTLE if gentle else Tier.URGENT)


def _command(text: str) -> str:
    head = (
        text[1:].split(maxsplit=1)[0] if text.startswith("/") and len(text) > 1 and text[1:].strip() else ""
    )
    return head.partition("@")[0].lower()


def _place(origin: Origin) -> Origin:
    """An address without who spoke there and how."""
    return Origin(origin.platform, origin.account, origin.chat, "")


def _unsigned(action: Action) -> str:
    raise ValueError("a crisis message has public buttons only")
