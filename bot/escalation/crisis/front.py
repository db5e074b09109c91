"""The front: looks at every update before anything else, and answers a crisis from memory.

It needs no database, no queue, no dialog. Country and language come from a cache; on a miss the database
gets 50 ms, then the card goes out without a country and with buttons to choose one.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

import structlog

from bot.conversation.catalogs import SOURCE_LANGUAGE, offered, safety
from bot.conversation.inbound import Inbound, Origin, Press, Words
from bot.conversation.message import Action, Message
from bot.escalation import rules, wording
from bot.escalation.crisis.alert import Alert, Source
from bot.escalation.crisis.answered import Answered, Lately, WasSeen, remember
from bot.escalation.crisis.answers import answer, language_for_all, language_of, unsigned, wants_plan
from bot.escalation.crisis.cry import COMMANDS, START_WORDS, Cry, of_answer, of_country, read
from bot.escalation.crisis.homes import Home, Homes, LookUp
from bot.escalation.crisis.patience import Patience
from bot.escalation.lines.helplines import Helplines
from bot.escalation.planning.plan import Plan
from bot.escalation.rules import CardFacts, CrisisPress, Outlook, Stay, Step
from scheduler.clock import Clock

__all__ = [
    "COMMANDS",
    "Alert",
    "CrisisPlatform",
    "Front",
    "Home",
    "LookUp",
    "OpenPlan",
    "Outlook",
    "Source",
    "WasSeen",
]

PLAN_SECONDS = 1.0
BACKLOG_SECONDS, BACKLOG_CARDS = 10.0, 3
# Repeats of the public line would only draw eyes; but whoever asks for help out loud gets an answer.
GROUP_LINE_SECONDS, GROUP_CALL_SECONDS = 600.0, 60.0
# How long the line for everybody waits to hear that the card of unseen words arrived.
UNSEEN_SECONDS = 2.0
COUNTRY_ASKED_SECONDS, ASKED_SECONDS = 600.0, 600.0

_log = structlog.get_logger(__name__)


class CrisisPlatform(Protocol):
    """Sends at once, on connections of its own; True when it arrived. Never raises."""

    async def send(self, ref: str, message: Message, sign: Callable[[Action], str]) -> bool: ...


OpenPlan = Callable[[Origin], Awaitable[Plan | None]]
AnswerPress = Callable[[str], Awaitable[None]]


def _as_it_is(_: Origin) -> None:
    """Nothing else is sent that could be in the way."""


async def _never(_: Inbound) -> bool:
    return False


async def _closed(_: Origin) -> Plan | None:
    return None


def _unnamed(_: str) -> str | None:
    return None


def _nobody() -> str | None:
    return None


class Front:
    """Answers crises; remembers what it answered."""

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
        was_seen: WasSeen = _never,
        open_plan: OpenPlan = _closed,
        link: Callable[[str], str | None] = _unnamed,
        name: Callable[[], str | None] = _nobody,
        shared: bool = False,
        patience: Patience | None = None,
    ) -> None:
        """`look_up`, `was_seen` and `open_plan` ask the database and may be slow or fail.

        `commands` are the house's own: their names are not what somebody wrote about themselves.
        `clear_the_way` makes whatever else goes to this chat wait, so that the card meets no limit.
        `alerts` holds, by update, what was answered and is not recorded yet.
        `shared`: several workers take updates in, so what is remembered here may be out of date.
        `link` is the address of the private chat with us that begins with a word; None when it is not known.
        `name` is what we are called in groups; None while it is not known.
        `patience` waits for them; None for one that waits no longer than somebody in a crisis can.
        """
        self._helplines, self._platform, self._clock = helplines, platform, clock
        self._answer_press, self._open_plan = answer_press, open_plan
        self._commands, self._clear_the_way, self._link = commands, clear_the_way, link
        self._name = name
        self._patience = patience if patience is not None else Patience()
        self._homes = Homes(look_up, self._patience, clock, shared=shared)
        self._answered = Answered(
            alerts if alerts is not None else {}, was_seen, self._patience, shared=shared
        )
        self._cards = Lately[str](BACKLOG_SECONDS, clock)
        # By group and topic: who reads one topic does not see the line in another.
        self._group_lines = Lately[tuple[str, str | None]](GROUP_LINE_SECONDS, clock)
        self._group_calls = Lately[tuple[str, str | None]](GROUP_CALL_SECONDS, clock)
        self._countries_asked = {
            step: Lately[str](COUNTRY_ASKED_SECONDS, clock) for step in (Step.COUNTRIES, Step.THEIRS)
        }
        # Who was asked whether it is about ending their life, and has said nothing since.
        self._asked = Lately[str](ASKED_SECONDS, clock)
        self._overheard: OrderedDict[int, None] = OrderedDict()

    async def __call__(self, inbound: Inbound) -> None:
        """Answer if this is a crisis, once; otherwise do nothing."""
        if inbound.update_id in self._answered or not await self._may_hear(inbound):
            return
        cry = self._cry(inbound)
        self._asked.forget(inbound.origin.chat)
        if cry is None:
            return
        received = self._clock.monotonic()
        self._answered.note(inbound.update_id, cry.alert(offered(inbound.origin.language)))
        try:
            await (self._in_private if inbound.origin.private else self._in_group)(inbound, cry)
        except Exception:
            # Those who follow do not take these words for any others, and carry a card.
            language = offered(inbound.origin.language)
            self._leave(inbound, undelivered=self._answer(cry, None, None, language, None))
            raise
        except BaseException:
            # Cut off: it is brought again, to us or to the front after us, and was not answered.
            self._answered.take_back(inbound.update_id)
            raise
        if self.alert(inbound.update_id) is not None:
            _log.info("crisis_answered", ms=round((self._clock.monotonic() - received) * 1000, 1))
        if isinstance(inbound.event, Press):
            await self._answer_press(inbound.event.query)

    def remember(self, origin: Origin, home: Home) -> None:
        """An update of this person was committed; keep their country and language at hand."""
        self._homes.remember(origin, home)
        self._answered.serve(origin)

    async def home(self, origin: Origin) -> Home | None:
        """What a card for this chat goes by: from memory, else from the database if it is quick."""
        return await self._homes.of(origin)

    def unchoose(self, origin: Origin) -> None:
        """A country that was chosen on a card holds no longer."""
        self._homes.unchoose(origin)

    def forget(self, origin: Origin) -> None:
        """An erased person leaves nothing here."""
        self._homes.forget(origin)

    def alert(self, update_id: int) -> Alert | None:
        """What was answered here for this update and is not recorded yet."""
        return self._answered.alert(update_id)

    def answered(self, update_id: int) -> bool:
        """True when this update was answered here, whether that is recorded or not."""
        return update_id in self._answered

    def call_for(self, update_id: int) -> str | None:
        """The bare command that asks for what this update was answered with; None when it was not.

        "" for what was not meant for us: nothing of it is to be kept.
        """
        if update_id in self._overheard:
            return ""
        if not self.answered(update_id):
            return None
        alert = self.alert(update_id)
        about_another = alert is not None and alert.outlook is Outlook.OTHER
        return f"/{START_WORDS[Step.WORRIED if about_another else Step.CARD]}"

    def recorded(self, update_id: int) -> None:
        """The record was committed."""
        self._answered.recorded(update_id)

    async def _may_hear(self, inbound: Inbound) -> bool:
        """What is not said to us in a group is dropped unread, unless its admins chose otherwise."""
        event, private = inbound.event, inbound.origin.private
        if private or not isinstance(event, Words) or event.speaks_to(self._name()):
            return True
        heard = await self._homes.hears_all(inbound.origin)
        if not heard:
            remember(self._overheard, inbound.update_id)
        return heard

    def _cry(self, inbound: Inbound) -> Cry | None:
        found = read(inbound, self._commands)
        if not isinstance(inbound.event, Words) or not inbound.origin.private:
            return found
        if (found is None or found.asks) and self._asked.count(inbound.origin.chat):
            # Also of "I think so", in which the screen sees something heavy by itself.
            found = of_answer(inbound.event.text) or found
        if found is not None:
            return found
        if self._countries_asked[Step.THEIRS].count(inbound.origin.chat):
            return of_country(inbound.event.text, Step.WORRIED)
        asked = self._countries_asked[Step.COUNTRIES].count(inbound.origin.chat)
        return of_country(inbound.event.text, Step.CARD) if asked else None

    async def _in_private(self, inbound: Inbound, cry: Cry) -> None:
        home, repeated = await asyncio.gather(
            self._homes.of(inbound.origin), self._answered.before_the_start(inbound)
        )
        if repeated:
            self._answered.drop(inbound.update_id)
            return
        language = language_of(cry, home, inbound.origin)
        self._answered.note(inbound.update_id, cry.alert(language))
        self._leave(inbound, undelivered=await self._card(inbound.origin, inbound, cry, home, language))

    def _leave(
        self, inbound: Inbound, *, undelivered: Message | None = None, unsaid: Message | None = None
    ) -> None:
        """What no try got through is left to whoever records the update."""
        alert = self.alert(inbound.update_id)
        if alert is not None and undelivered is not None:
            alert = replace(alert, undelivered=undelivered)
        if alert is not None and unsaid is not None:
            alert = replace(alert, unsaid=unsaid)
        if alert is not None:
            self._answered.note(inbound.update_id, alert)

    async def _in_group(self, inbound: Inbound, cry: Cry) -> None:
        """A line for everybody, and the card for the person who wrote, both at the same time."""
        if await self._answered.before_the_start(inbound):
            self._answered.drop(inbound.update_id)
            return
        if inbound.origin.sender in {"", inbound.origin.chat}:
            await self._group_line(inbound, cry)
        elif isinstance(inbound.event, Words) and inbound.event.whispered is not None:
            await self._unseen(inbound, cry)
        else:
            await asyncio.gather(self._group_line(inbound, cry), self._card_of_sender(inbound, cry))

    async def _unseen(self, inbound: Inbound, cry: Cry) -> None:
        """Nobody else saw these words: once their writer surely has the card, the group need not read a line.

        In doubt, and when that is not known soon, it does.
        """
        card = asyncio.ensure_future(self._card_of_sender(inbound, cry))
        if not await self._patience.within(UNSEEN_SECONDS, card):
            await self._group_line(inbound, cry)
        await card

    async def _card_of_sender(self, inbound: Inbound, cry: Cry) -> bool:
        """It arrives when this person has started the bot; nobody else learns whether it did.

        True when the platform has taken it.
        """
        if cry.press is not None:
            cry = replace(cry, press=CrisisPress(_public_step(cry.press), language=cry.press.language))
        origin = replace(inbound.origin, chat=inbound.origin.sender, private=True)
        home = await self._homes.of(origin)
        undelivered = await self._card(origin, inbound, cry, home, language_of(cry, home, origin))
        self._leave(inbound, undelivered=undelivered)
        return undelivered is None

    async def _group_line(self, inbound: Inbound, cry: Cry) -> None:
        """The numbers are those of the group's country; of the person's own home nothing shows here."""
        topic = inbound.event.topic if isinstance(inbound.event, Words | Press) else None
        spot, called = (inbound.origin.chat, topic), cry.press is not None
        if (self._group_calls if called else self._group_lines).count(spot):
            return
        for lines in (self._group_lines, self._group_calls):
            lines.note(spot)
        home = await self._homes.of(inbound.origin)
        seen = isinstance(inbound.event, Words) and inbound.event.whispered is None
        language = language_for_all(cry, home, seen=seen)
        facts = self._facts(home.country if home else None, cry, language)
        step = _public_step(cry.press) if cry.press is not None else Step.CARD
        worried = step is Step.WORRIED
        message = wording.in_group(safety(language), facts, self._link(START_WORDS[step]), worried=worried)
        message = replace(message, topic=topic)
        said = False
        try:
            said = await self._send(inbound.origin, message)
        finally:
            if not said:
                for lines in (self._group_lines, self._group_calls):
                    lines.take_back(spot)
        self._leave(inbound, unsaid=None if said else message)

    async def _card(
        self, origin: Origin, inbound: Inbound, cry: Cry, home: Home | None, language: str
    ) -> Message | None:
        """Send the answer to a private chat. What no try got through comes back."""
        if inbound.queued and cry.wants_the_card and self._cards.count(origin.chat) >= BACKLOG_CARDS:
            # Many cries waited for us together. The newest card is seconds old, a fourth would bury it.
            # A press for something else, a country above all, waited too, and is answered.
            _log.info("crisis_answered_already")
            return None
        plan = None
        if wants_plan(cry):
            plan = await self._patience.within(PLAN_SECONDS, self._open_plan(origin))
        message = self._answer(cry, home, self._stay(origin, cry, home), language, plan)
        delivered = await self._send(origin, message)
        if delivered:
            self._cards.note(origin.chat)
            self._note_question(origin, cry)
        return None if delivered else message

    def _stay(self, origin: Origin, cry: Cry, home: Home | None) -> Stay | None:
        """Where the person is for now. A country is chosen by the press that names it, by no later one."""
        if cry.here is not None:
            return self._homes.choose(origin, cry.here, home) if self._helplines.of(cry.here) else None
        on_card = cry.press.chosen if cry.press is not None else None
        covered = on_card is not None and self._helplines.of(on_card.country) is not None
        return self._homes.stay(origin, home, on_card if covered else None)

    def _note_question(self, origin: Origin, cry: Cry) -> None:
        """A "yes" that is typed next answers our direct question, a country the newest question for one."""
        if cry.asks:
            self._asked.note(origin.chat)
        step = cry.press.step if cry.press is not None else None
        if step in self._countries_asked:
            for asked in self._countries_asked.values():
                asked.forget(origin.chat)
            self._countries_asked[step].note(origin.chat)

    def _answer(
        self, cry: Cry, home: Home | None, stay: Stay | None, language: str, plan: Plan | None
    ) -> Message:
        """Whatever is wrong with a country, a language or the words of an answer: something comes."""
        country = stay.country if stay is not None else home.country if home is not None else None
        try:
            facts = self._facts(cry.theirs or cry.here or country, cry, language)
            return answer(cry, self._helplines, replace(facts, chosen=stay), plan)
        except Exception as error:
            _log.error("crisis_answer_broken", error=type(error).__name__)
            return wording.card(safety(SOURCE_LANGUAGE), self._facts(None, cry, SOURCE_LANGUAGE))

    async def _send(self, origin: Origin, message: Message) -> bool:
        self._clear_the_way(origin)
        return await self._platform.send(origin.chat, message, unsigned)

    def _facts(self, country: str | None, cry: Cry, language: str) -> CardFacts:
        facts = rules.card_for(self._helplines, country, self._clock.now().date(), cry.finding, language)
        return replace(facts, theirs=cry.theirs is not None)


def _public_step(press: CrisisPress) -> Step:
    """What a call in a group brings in private: the guide when it was asked for, else the whole card."""
    return Step.WORRIED if press.step is Step.WORRIED else Step.CARD
