"""The real rooms, door, wakes and courier, in which the deeds of `tests.years.deeds` are carried out.

What is pressed or said goes through the door. Dialogs are passed over: their endings are called with the
answers that they would have gathered.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.conversation.inbound import Event, Inbound, Origin, Press, Returned, Words
from bot.conversation.message import Action
from bot.conversation.visit import Means, Visit
from bot.doses import answers, cards, correcting, shifting, taking
from bot.doses import dialogs as dose_dialogs
from bot.doses.book import open_book
from bot.doses.life import Standing
from bot.doses.rules import slot_argument
from bot.medicines import dialogs, handlers, plan_dialogs, plan_handlers
from bot.medicines.plan_rules import as_answers, step_argument
from bot.medicines.shelf import medicine
from bot.people import settings
from bot.reactions import look_first
from bot.waking import RoomWaker
from scheduler.clock import SteerableClock
from scheduler.outcomes import Outcome, Unreachable
from scheduler.parcel import Parcel
from scheduler.timing import Slot, Timing, to_data
from storage import outages, timers
from storage.doses import Dose
from storage.outbox import OutboxKind, OutboxRow, OutboxState
from storage.people import Person
from storage.regimens import Regimen
from storage.timers import Timer
from storage.vocabulary import DoseKind, DoseState
from tests.transcripts.stage import ALEX, BOT, OWNER, Chat, Stage, prelude, stage
from tests.years import deeds
from tests.years.deeds import Deed

NOBODY_YET = "a person in New York without a medicine"
_CORRECTIONS = {DoseState.TAKEN: "taken", DoseState.MISSED: "not"}
UNDER_WAY = (OutboxState.PENDING, OutboxState.LEASED)


class PlayedClock(SteerableClock):
    """Shows what it is set to, to the second, and may be put back, as a machine's clock may."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at, frozen=True)
        self.at = at
        self._began = at
        self._put_back = timedelta(0)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at + self._put_back - self._began).total_seconds()

    def advance_to(self, instant: datetime) -> None:
        self.at = max(self.at, instant)

    def put_back(self, span: timedelta) -> None:
        """The wall clock jumps back; what counts evenly goes on."""
        self.at -= span
        self._put_back += span


class LockedChat(Chat):
    """A chat that the person can block. It counts the copies of each card."""

    blocked = False

    async def deliver(self, parcel: Parcel) -> Outcome:
        if self.blocked:
            return Unreachable()
        return await super().deliver(parcel)


@dataclass(slots=True)
class Home:
    """One person in the real house."""

    stage: Stage
    clock: PlayedClock
    chat: LockedChat
    folder: Path
    regimens: list[int] = field(default_factory=list)
    updates: int = 1000

    async def look(self) -> None:
        """Whoever is due is woken, and what was said is carried."""
        await self.stage.wakes.tick()
        await self._carry()

    async def _carry(self) -> None:
        assert await self.stage.courier.run_until_quiet()
        while not self.stage.door.idle:
            await asyncio.sleep(0)

    async def do(self, deed: Deed) -> None:
        """One deed, at the time of the clock."""
        match deed:
            case deeds.Block():
                self.chat.blocked = True
            case deeds.Unblock():
                self.chat.blocked = False
                await self._hear(Returned())
            case deeds.Undo():
                await self._hear(Words("/undo"))
            case deeds.Pause(medicine=None):
                await self._hear(Words("/pause"))
            case deeds.Resume(medicine=None):
                await self._hear(Words("/resume"))
            case deeds.Add() | deeds.ChangeTimes() | deeds.Travel() | deeds.EndDaysAt() | deeds.KeepQuiet():
                await self.visit(lambda visit: self._change(visit, deed))
                await self._carry()
            case deeds.WritePlan() | deeds.PushBack() | deeds.Move():
                await self.visit(lambda visit: self._end_dialog(visit, deed))
                await self._carry()
            case deeds.Answer(state=DoseState.TAKEN) | deeds.Log() | deeds.Correct(state=DoseState.TAKEN):
                await self.visit(lambda visit: self._take(visit, deed))
                await self._carry()
            case _:
                action = await self._button(deed)
                if action is not None:
                    await self._hear(self._press(action))

    async def _hear(self, event: Event) -> None:
        self.updates += 1
        origin = Origin("telegram", BOT, ALEX, ALEX, language="en")
        await self.stage.turns.take(Inbound(self.updates, origin, event))
        await self._carry()

    def _press(self, action: Action) -> Press:
        return Press(self.chat.signer.sign(action, OWNER), None, f"{ALEX}:{self.updates}")

    async def _button(self, deed: Deed) -> Action | None:
        """The button that says this; None when there is no such dose."""
        match deed:
            case deeds.Pause(medicine=int(number)):
                return self._about("pause", number)
            case deeds.Resume(medicine=int(number)):
                return self._about("resume", number)
            case deeds.Stop():
                return self._about("stopped", deed.medicine)
            case deeds.EndPlan():
                return self._about("planended", deed.medicine)
            case deeds.GoOn():
                return self._about("where" if deed.where else "dates", deed.medicine)
            case deeds.StepBefore():
                return await self._step_before(self.regimens[deed.medicine - 1])
            case deeds.ShiftDay():
                return Action("doses", "by", f"all.{deed.hours}")
            case deeds.TakeAsNeeded(medicine=number, anyway=anyway):
                minute = int(self.clock.now().timestamp()) // 60
                verb, more = ("anyway", minute) if anyway else ("want", "again")
                return Action("doses", verb, f"{self.regimens[number - 1]}.{more}")
            case deeds.Answer() | deeds.PutOff() | deeds.Correct():
                dose = await self.dose(deed.medicine, deed.slot)
                return _on_dose(dose, deed) if dose is not None else None
        raise AssertionError(f"no button for {deed}")

    def _about(self, verb: str, number: int) -> Action:
        return Action("meds", verb, str(self.regimens[number - 1]))

    async def _take(self, visit: Visit, deed: deeds.Answer | deeds.Log | deeds.Correct) -> None:
        """What the room does once it is clear which dose is meant, and that it was taken."""
        book = await open_book(visit)
        slot = slot_argument(self.regimens[deed.medicine - 1], deed.slot)
        dose = await correcting.dose_of_slot(book, slot)
        if dose is None:
            return
        if isinstance(deed, deeds.Correct):
            await answers.correct(book, dose, DoseState.TAKEN)
        elif answers.already(book, dose) is None:
            await answers.record(book, dose, DoseState.TAKEN)
        await taking.show(book, cards.LIST, dose)

    async def _change(self, visit: Visit, deed: Deed) -> None:
        match deed:
            case deeds.Add():
                await handlers.end_add(visit, _answers(deed.timing))
                found = await visit.session.exec(select(Regimen.id).order_by(col(Regimen.id)))
                self.regimens = [key for key in found if key is not None]
            case deeds.ChangeTimes():
                regimen = self.regimens[deed.medicine - 1]
                await handlers.end_times(visit, {**_answers(deed.timing), "regimen": regimen})
            case deeds.Travel():
                await settings.end_zone(visit, {"zone": deed.zone.key, "country": visit.person.country})
            case deeds.EndDaysAt():
                await settings.end_day_end(visit, {"ends": deed.at.isoformat()})
            case deeds.KeepQuiet():
                begins, ends = deed.hours or (None, None)
                hours = {"from": begins and begins.isoformat(), "until": ends and ends.isoformat()}
                await settings.end_quiet(visit, hours)

    async def _end_dialog(self, visit: Visit, deed: deeds.WritePlan | deeds.PushBack | deeds.Move) -> None:
        regimen = self.regimens[deed.medicine - 1]
        match deed:
            case deeds.Move():
                about = {"about": slot_argument(regimen, deed.slot), dose_dialogs.AT: deed.to.isoformat()}
                await shifting.end_move(visit, about)
            case deeds.PushBack():
                await plan_handlers.end_push(visit, {"regimen": regimen, plan_dialogs.BY_DAYS: deed.days})
            case deeds.WritePlan() if (found := await medicine(visit, regimen)) is not None:
                known = {dialogs.NAME: found.name, "regimen": regimen}
                plan, until = deed.plan, deed.plan.until
                written = {
                    plan_dialogs.STEPS: as_answers(plan.steps),
                    plan_dialogs.UNTIL: until and until.isoformat(),
                }
                known = plan_dialogs.known(known, found.as_step(visit.today))
                await plan_handlers.end_write(visit, known | written)

    async def _step_before(self, regimen: int) -> Action | None:
        """The button of the question which step it is, as it would be asked now."""
        asked: list[Action] = []

        async def ask(visit: Visit) -> None:
            found = await medicine(visit, regimen)
            if found is not None and found.plan is not None:
                since = found.plan.steps[found.plan.current(visit.today)].since
                asked.append(Action("meds", "before", step_argument(regimen, since)))

        await self.visit(ask)
        return asked[0] if asked else None

    async def visit(self, act: Callable[[Visit], Awaitable[None]]) -> None:
        """Let something act on the person as a room does: reactions, messages and timers follow."""

        async def wake(visits: list[Visit]) -> None:
            await look_first(visits[0])
            await act(visits[0])

        vault, now = self.stage.vault, self.clock.now()
        async with vault.database.transaction() as session:
            waker = RoomWaker(wake, Means(vault.master, vault.tombstones), self.chat.signer)
            person = (await session.exec(select(Person))).one()
            woken = await waker.wake(session, [person.key], now)
            await timers.put(session, list(woken.settings))

    async def beat(self) -> None:
        """The heartbeat, which notices that we were away."""
        async with self.stage.vault.database.transaction() as session:
            await outages.alive(session, self.clock.now())

    # What the tests look at

    async def dose(self, medicine: int, slot: Slot) -> Dose | None:
        for dose in await self.doses():
            named = self.medicine_of(dose), Slot(dose.slot_date, dose.slot_time), dose.kind
            if named == (medicine, slot, DoseKind.PLANNED):
                return dose
        return None

    async def doses(self) -> list[Dose]:
        async with self.stage.vault.database.reading() as session:
            return list(await session.exec(select(Dose).order_by(col(Dose.due_at), col(Dose.id))))

    def medicine_of(self, dose: Dose) -> int:
        return self.regimens.index(dose.regimen_id) + 1

    async def rows_by_slot(self) -> dict[Any, Any]:
        """The doses as `Dose.row` of the made-up person tells them, by medicine, slot and kind."""

        def told(dose: Dose) -> tuple[Any, ...]:
            changing = (getattr(dose, name) for name in Standing._fields)
            return dose.due_at, dose.snooze_limit, dose.moved_from, dose.step, dose.turn, *changing

        return {
            (self.medicine_of(dose), Slot(dose.slot_date, dose.slot_time), dose.kind): told(dose)
            for dose in await self.doses()
        }

    async def person(self) -> Person:
        async with self.stage.vault.database.reading() as session:
            return (await session.exec(select(Person))).one()

    async def wake_at(self, room: str = "doses") -> datetime | None:
        async with self.stage.vault.database.reading() as session:
            return (await session.exec(select(Timer.fire_at).where(Timer.room == room))).first()

    async def rows(self) -> list[OutboxRow]:
        """Everything that was ever to be sent."""
        async with self.stage.vault.database.reading() as session:
            return list(await session.exec(select(OutboxRow).where(OutboxRow.kind == OutboxKind.SEND)))


def _answers(timing: Timing) -> dict[str, object]:
    return {dialogs.NAME: "Sertraline", dialogs.AMOUNT: "50 mg", dialogs.TIMING: to_data(timing)}


def _on_dose(dose: Dose, deed: deeds.Answer | deeds.PutOff | deeds.Correct) -> Action | None:
    match deed:
        case deeds.PutOff():
            return Action("doses", "later", f"{dose.card_id}.{deed.way}") if dose.card_id else None
        case deeds.Answer():
            return Action("doses", "why", f"{dose.key}.{deed.reason}")
        case deeds.Correct():
            verb = _CORRECTIONS.get(deed.state) or str(deed.reason)
            return Action("doses", "was", f"{dose.key}.{verb}")


@asynccontextmanager
async def home(folder: Path, begins: datetime) -> AsyncIterator[Home]:
    """Somebody who agreed, without a medicine yet."""
    before = await prelude(NOBODY_YET)
    assert before.until <= begins
    for name, content in before.files.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    clock = PlayedClock(begins)
    async with stage(folder, clock, LockedChat) as played:
        played.enter(before)
        assert isinstance(played.chat, LockedChat)
        yield Home(played, clock, played.chat, folder)


@asynccontextmanager
async def again(before: Home) -> AsyncIterator[Home]:
    """The same files, chat and clock after a restart; the house before must be closed."""
    async with stage(before.folder, before.clock, LockedChat) as played:
        assert isinstance(played.chat, LockedChat)
        seen = before.chat
        played.chat.shown, played.chat.ever, played.chat.number = seen.shown, seen.ever, seen.number
        played.chat.blocked = seen.blocked
        yield Home(played, before.clock, played.chat, before.folder, before.regimens, before.updates)
