"""The stage: the real rooms, door, wakes and courier on a real database; only platform and time are played.

How a transcript is written:

    # a remark
    = a new person                        who is here: one of PEOPLE below
    @ 20:00                               time passes until the person's clock shows it next
    @ +20 min                             time passes
    @ away until 13:00                    time passes while we are out of order
    @ sharing looks unusual               a room sees that, and tells it
    > words                               what they say; ">>" and ">>>" are two others, see SPEAKERS
    > [Taken]                             they press the newest button of that name
    > (voice)                             they send something that is not text
    > (edits) words                       they edit a message; also (forwards)
    > (location 40.7, -74.0)              they share where they are
    > (presses the old [Taken])           they press a button of that name which is gone from the chat
    > (opens the link)                    they open the newest link to us that anybody was shown
    > (opens the link before it)          they open the one before
    > (follows [Set me up])               they follow the newest link of that name from their group to us
    >g words                              they write in their group, which they run
    >g Robin: words                       a member writes there; also (nobody:), an admin without a name
    >g Robin: (aloud) words               they write to the others, not to us
    >g Robin: (unseen) words              they write to us what the others do not see
    >g (added)                            somebody adds the bot there; also (removed) and (silenced)
    >g 6 members: [Hard]                  six others press the newest button of that name there, one by one
    > (runs the group no more)            somebody takes their rights there
    > (lets us delete no more)            somebody takes our right to delete there
    > (makes us an admin)                 somebody makes us an admin there, so that we may whisper at any time
    < words                               we say; the rows of buttons stand below, with what they open or
                                          copy. "<<" is said to whoever speaks with ">>"
    <~ words                              a message of ours is now this
    <- words                              a message of ours is gone
    <! words                              the little note that answers a press
    <g words                              we say in the group
    <g* words                             we whisper there to whoever wrote; nobody else sees it
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from sqlmodel import select

from bot.conversation.facts import Fact, SharingLooksUnusual
from bot.conversation.inbound import Event, Inbound, Joined, Left, Origin, Place, Press, Unreadable, Words
from bot.conversation.message import Message, Whisper
from bot.conversation.router import Router
from bot.conversation.sheet import Button, Sheet, read_sheet, sheet_of
from bot.conversation.tokens import Signer, owner_at
from bot.conversation.visit import Means, Visit
from bot.conversation.whispers import Whispers
from bot.door import Door
from bot.escalation.crisis.front import CrisisPlatform, Front, Home
from bot.escalation.crisis.homes import home_of
from bot.escalation.crisis.patience import Patience
from bot.escalation.lines.helplines import shipped_helplines
from bot.escalation.planning import plans
from bot.escalation.planning.plan import Plan
from bot.gate import ConsentGate
from bot.groups import wake as groups
from bot.groups.desk import Desk
from bot.numbers import numbers_of
from bot.rooms import COMMANDS, ROOMS
from bot.telegram.turns import Turns
from bot.unreachable import Unreachables
from bot.vault import Vault, open_vault
from bot.waking import GroupWaker, RoomWaker
from scheduler.clock import SteerableClock
from scheduler.courier import Courier
from scheduler.localtime import local, zone
from scheduler.outcomes import Delivered, Outcome
from scheduler.pacing import Pacing
from scheduler.parcel import Parcel
from scheduler.wakes import Room as WakesRoom
from scheduler.wakes import WakeLoop
from storage import groups as group_rows
from storage import leases, people
from storage.dialogs import OpenDialog
from storage.outbox import OutboxKind
from storage.vocabulary import GroupKind
from tests import made

ALEX, ANNA, BEN, ROBIN, GROUP, BOT = "501", "502", "503", "504", "-1005001", "1000001"
_WRITERS = {"Robin": ROBIN, "nobody": ""}
OWNER = owner_at(BOT, ALEX)
HOME = "America/New_York"
START = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)  # Thursday, 07:00 in New York

_BEGUN = ("/start", "[Yes, let's begin]", "New York", "[United States]")
_SERTRALINE = ("Sertraline", "50 mg", "8am", "[Yes, remind me]", "[No, thank you]")
_BUPROPION = ("/add", "Bupropion", "150 mg", "8am", "[Yes, remind me]")
_EVENINGS = ("Sertraline", "50 mg", "8am", "[Yes, remind me]", "[20:00]")


def _days(heaviness: str) -> tuple[str, ...]:
    """Days with the dose taken and a check-in of one tap, so heavy."""
    a_day = ("@ 08:10", "[Taken]", "@ 20:00", "[Just one tap today]")
    return tuple(deed for value in heaviness for deed in (*a_day, f"[{value}]"))


PEOPLE: dict[str, tuple[str, ...]] = {
    "a new person": (),
    "a person in New York without a medicine": (*_BEGUN, "/cancel"),
    "a person who takes Sertraline, 50 mg, every day at 08:00": (*_BEGUN, *_SERTRALINE),
    "a person who takes Sertraline and Bupropion, every day at 08:00": (*_BEGUN, *_SERTRALINE, *_BUPROPION),
    "a person after 27 days of check-ins, every dose taken": (*_BEGUN, *_EVENINGS, *_days("123" * 9)),
    "a person after four usual weeks and two heavy days, every dose taken": (
        *_BEGUN,
        *_EVENINGS,
        *_days("123" * 9 + "2"),
        "[Yes, this is my usual]",
        "/cancel",
        *_days("66"),
    ),
    "a person after four weeks of check-ins and two days without a dose": (
        *(*_BEGUN, *_EVENINGS, *_days("123" * 9)),
        *("@ 20:00", "@ 20:00", "@ 10:30"),
    ),
    "a person after four weeks of check-ins and five silent days": (
        *(*_BEGUN, *_EVENINGS, *_days("123" * 9)),
        *("@ 20:00",) * 5,
        "@ 10:30",
    ),
}
# Who speaks with how many signs: their chat, and what the platform calls them.
SPEAKERS = {
    1: (ALEX, "Alex Smith", ""),
    2: (ANNA, "Anna Berg", "anna_berg"),
    3: (BEN, "Ben", ""),
}
_SIGNS = {ref: "<" * signs for signs, (ref, _name, _username) in SPEAKERS.items()} | {GROUP: "<g"}
_INVISIBLE = re.compile("[\u2068\u2069\u2060]")
_LINK = re.compile(r"(?:(?<=start=)|(?<=start%3D))cg_[\w-]{22}")
_SIGNED = re.compile(r"start=go_.*")  # no two plays have the same


def plain(words: str) -> str:
    """Words without the invisible marks around a person's own, and without what is drawn by lot."""
    return _LINK.sub("cg_…", _INVISIBLE.sub("", words))


@dataclass(slots=True)
class Chat:
    """What the person sees, and what happened since the last look. The platform of the play.

    `others`: the chats of others, by their references. What happens there is told together.
    """

    signer: Signer
    ref: str = ALEX
    shown: dict[int, Sheet] = field(default_factory=dict)
    happened: list[str] = field(default_factory=list)
    ever: list[tuple[int, Button]] = field(default_factory=list)
    number: int = 0
    others: dict[str, "Chat"] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    run_by: set[str] = field(default_factory=lambda: {ALEX, ANNA})
    deletes: bool = True
    whispers: Whispers | None = None
    whispers_unasked: bool = False

    def of(self, ref: str) -> "Chat":
        """The chat with somebody, or the group's."""
        if ref == self.ref:
            return self
        other = Chat(self.signer, ref, happened=self.happened, links=self.links)
        return self.others.setdefault(ref, other)

    @property
    def owner(self) -> str:
        """Whose buttons these are."""
        return owner_at(BOT, self.ref)

    async def deliver(self, parcel: Parcel) -> Outcome:
        """The courier's messages."""
        whisper = read_sheet(parcel.body).whisper if parcel.kind is OutboxKind.SEND else None
        if whisper is not None and (self._whisper(parcel, whisper) or not whisper.aloud):
            return Delivered(None)
        return self.of(parcel.address.ref).take(parcel)

    def _whisper(self, parcel: Parcel, whisper: Whisper) -> bool:
        """True when one member alone read it: what answers unseen words, and with rights any other."""
        ear = self.whispers.ear(whisper.slip) if self.whispers is not None else None
        if self.whispers is None or ear is None:
            return False
        if ear.words is None and not self.whispers_unasked:
            self.whispers.refused(parcel.address.ref)
            return False
        sheet = read_sheet(parcel.body)
        self.of(parcel.address.ref)._tell("*", sheet.text.plain, _below(sheet))
        return True

    def take(self, parcel: Parcel) -> Outcome:
        """A message for this chat."""
        target = int(parcel.target or 0)
        match parcel.kind:
            case OutboxKind.SEND:
                return Delivered(str(self._appear(read_sheet(parcel.body))))
            case OutboxKind.EDIT if target in self.shown:
                self._change(target, read_sheet(parcel.body))
            case OutboxKind.DELETE if target in self.shown:
                self._tell("-", self.shown.pop(target).text.plain, [])
            case OutboxKind.DELETE:
                self._tell("-", "(what somebody else wrote)", [])
        return Delivered(parcel.target)

    async def send(self, ref: str, message: Message, sign: object) -> bool:
        """The crisis path."""
        if ref not in _SIGNS:
            return False  # they have never started us
        chat = self.of(ref)
        chat._appear(sheet_of(message, lambda action: self.signer.sign(action, chat.owner)))
        return True

    async def answer(self, query_id: str, text: str | None = None, alert: bool = False) -> None:
        """The little note that answers a press."""
        if text:
            self.of(query_id.partition(":")[0])._tell("!", text, [])

    async def is_admin(self, chat: str, person: str) -> bool | None:
        """Alex and Anna run the group; it can be taken from Alex."""
        return person in self.run_by

    async def admins(self, chat: str) -> list[str] | None:
        """Who runs it now."""
        return sorted(self.run_by)

    async def may_delete(self, chat: str) -> bool | None:
        """We may, unless that was taken from us."""
        return self.deletes

    def find(self, label: str, *, gone: bool) -> tuple[int, str]:
        """The newest button of a name: where it stands, and its data."""
        for number, button in reversed(self.ever):
            there = (
                any(button in row for row in self.shown[number].buttons) if number in self.shown else False
            )
            if plain(button.label) == label and there is not gone:
                return number, button.data
        raise LookupError(f"there is no button [{label}]" + (" that has gone" if gone else ""))

    def _appear(self, sheet: Sheet) -> int:
        self.number += 1
        self._tell("", sheet.text.plain, _below(sheet))
        self._keep(self.number, sheet)
        return self.number

    def _tell(self, mark: str, words: str, below: Iterable[str]) -> None:
        self.happened += _block(_SIGNS[self.ref] + mark, words, below)

    def _change(self, number: int, sheet: Sheet) -> None:
        if (sheet.text, sheet.buttons) != (self.shown[number].text, self.shown[number].buttons):
            self._tell("~", sheet.text.plain, _below(sheet))
        self._keep(number, sheet)

    def _keep(self, number: int, sheet: Sheet) -> None:
        self.shown[number] = sheet
        self.ever += [(number, button) for row in sheet.buttons for button in row]
        self.links += [found for found in _LINK.findall(sheet.text.plain) if found not in self.links]


def _block(sign: str, words: str, below: Iterable[str]) -> list[str]:
    """A message as lines: the sign in front of the first, the others under it."""
    first, *rest = plain(words).split("\n")
    margin = " " * (len(sign) + 1)
    return [f"{sign} {first}", *(f"{margin}{line}".rstrip() for line in (*rest, *below))]


def _below(sheet: Sheet) -> list[str]:
    notes = [f"({name})" for name in _notes(sheet)]
    return notes + ["".join(f"{_shown(button)} " for button in row).rstrip() for row in sheet.buttons]


def _shown(button: Button) -> str:
    label = f"[{plain(button.label)}]"
    return {
        "press": label,
        "link": f"{label} → {plain(_SIGNED.sub('start=go_…', button.data))}",
        "copy": f"{label} copies “{plain(button.data)}”",
    }[button.kind]


def _notes(sheet: Sheet) -> list[str]:
    notes = [f"a picture: {sheet.picture.kind}"] if sheet.picture else []
    notes += [f"a file: {sheet.document.filename}"] if sheet.document else []
    notes += [f"in topic {sheet.topic}"] if sheet.topic else []
    notes += ["a key shares the location"] if sheet.keyboard == "share_location" else []
    return notes + (["without a sound"] if sheet.silent else [])


Result = TypeVar("Result")


class Unhurried(Patience):
    """Waits as long as it takes: time is played here, so a busy machine must not make a look-up late."""

    async def within(self, seconds: float, work: Awaitable[Result]) -> Result | None:
        """The result, however long it takes."""
        return await work


@dataclass(slots=True)
class Stage:
    """Everything needed to play."""

    vault: Vault
    clock: SteerableClock
    chat: Chat
    turns: Turns
    door: Door
    courier: Courier
    wakes: WakeLoop
    dialogs_seen: set[str] = field(default_factory=set)
    verbs_seen: set[str] = field(default_factory=set)
    members: int = 0
    _updates: int = 0

    def enter(self, before: "Prelude") -> None:
        """Take up where the prelude ended."""
        self.chat.shown, self.chat.ever = dict(before.shown), list(before.ever)
        self.chat.number, self._updates = max(before.shown, default=0), before.updates
        self.clock.advance_to(before.until)

    async def play(self, line: str) -> list[str]:
        """One line of the person's, or time that passes; what we did comes back as lines."""
        if line == "@ sharing looks unusual":
            await self._tell(SharingLooksUnusual())
        elif line.startswith("@ "):
            await self._pass(line[2:])
        elif line.startswith(">g "):
            await self._do_in_group(line.removeprefix(">g "))
        else:
            signs = line.partition(" ")[0] if line.startswith(">") else ">"
            await self._do(line.removeprefix(f"{signs} "), len(signs))
        happened = list(self.chat.happened)
        self.chat.happened.clear()
        return happened

    async def _do_in_group(self, deed: str) -> None:
        """With a topic: `>g #12 words`."""
        who, words = ALEX, deed
        if found := re.fullmatch(r"(Robin|nobody): (.+)", deed):
            who, words = _WRITERS[found[1]], found[2]
        if found := re.fullmatch(r"(\d+) members: (.+)", deed):
            await self._members_press(int(found[1]), found[2])
            return
        topic = None
        if found := re.fullmatch(r"#(\d+) (.+)", words):
            topic, words = found[1], found[2]
        events: dict[str, Event] = {
            "(added)": Joined(GroupKind.SUPERGROUP),
            "(removed)": Left(),
            "(silenced)": Left(),
        }
        origin = Origin("telegram", BOT, GROUP, who, private=False, language="en")
        called = frozenset[str]() if words.startswith("(aloud) ") else None
        said = Words(words.removeprefix("(aloud) "), topic=topic, message="77", called=called)
        if words.startswith("(unseen) "):
            said = Words(words.removeprefix("(unseen) "), topic=topic, whispered="29")
        event = events.get(words, said)
        if re.fullmatch(r"\(presses the old \[.+]\)|\[.+]", words):
            event = self._event(words, self.chat.of(GROUP))
        await self._take(origin, event)

    async def _members_press(self, count: int, button: str) -> None:
        for _ in range(count):
            self.members += 1
            origin = Origin("telegram", BOT, GROUP, str(7000 + self.members), private=False, language="en")
            await self._take(origin, self._event(button, self.chat.of(GROUP)))
        self.chat.happened[:] = dict.fromkeys(self.chat.happened)  # what each of them reads is told once

    async def _tell(self, fact: Fact) -> None:
        """Tell a fact about the person, as a room does when it wakes."""

        async def notice(visits: list[Visit]) -> None:
            for visit in visits:
                visit.tell(fact)

        async with self.vault.database.transaction() as session:
            person = await people.by_address(session, "telegram", BOT, ALEX)
            assert person is not None
            await RoomWaker(notice, Means(self.vault.master, self.vault.tombstones), self.chat.signer).wake(
                session, [person.key], self.clock.now()
            )
        await self._settle()

    async def _do(self, deed: str, speaker: int) -> None:
        if deed == "(runs the group no more)":
            self.chat.run_by.discard(ALEX)
            return
        if deed == "(lets us delete no more)":
            self.chat.deletes = False
            return
        if deed == "(makes us an admin)":
            self.chat.whispers_unasked = True
            return
        ref, name, username = SPEAKERS[speaker]
        origin = Origin("telegram", BOT, ref, ref, language="en", name=name, username=username)
        await self._take(origin, self._event(deed, self.chat.of(ref)))

    async def _take(self, origin: Origin, event: Event) -> None:
        self._updates += 1
        await self.turns.take(Inbound(self._updates, origin, event))
        await self._settle()

    def _event(self, deed: str, chat: Chat) -> Event:
        if found := re.fullmatch(r"\(presses the old \[(.+)]\)", deed):
            return self._press(chat, found[1], gone=True)
        if found := re.fullmatch(r"\[(.+)]", deed):
            return self._press(chat, found[1], gone=False)
        if found := re.fullmatch(r"\(opens the link( before it)?\)", deed):
            return Words(f"/start {self.chat.links[-2 if found[1] else -1]}")
        if found := re.fullmatch(r"\(location ([\d.-]+), ([\d.-]+)\)", deed):
            return Place(float(found[1]), float(found[2]))
        if found := re.fullmatch(r"\((edits|forwards)\) (.+)", deed):
            return Words(found[2], edited=found[1] == "edits", forwarded=found[1] == "forwards")
        if found := re.fullmatch(r"\(follows \[(.+)]\)", deed):
            _, url = self.chat.of(GROUP).find(found[1], gone=False)
            return Words("/start " + url.partition("start=")[2])
        if found := re.fullmatch(r"\((voice|sticker|photo)\)", deed):
            return Unreadable(found[1])
        return Words(deed)

    def _press(self, chat: Chat, label: str, *, gone: bool) -> Press:
        number, data = chat.find(label, gone=gone)
        if action := self.chat.signer.read(data, chat.owner):
            self.verbs_seen.add(f"{action.room}.{action.verb}")
        return Press(data, str(number), f"{chat.ref}:{self._updates}")

    async def _pass(self, span: str) -> None:
        away, span = span.startswith("away until "), span.removeprefix("away until ")
        if found := re.fullmatch(r"\+(\d+) min", span):
            until = self.clock.now() + timedelta(minutes=int(found[1]))
        else:
            here = local(self.clock.now(), zone(HOME))
            then = datetime.combine(here.date(), time.fromisoformat(span), zone(HOME))
            until = (then if then > here else then + timedelta(days=1)).astimezone(UTC)
        while not away and (following := await self._next()) is not None and following <= until:
            self.clock.advance_to(following)
            await self._settle()
        self.clock.advance_to(until)
        await self._settle()

    async def _next(self) -> datetime | None:
        now = self.clock.now()
        async with self.vault.database.reading() as session:
            candidates = [await self.wakes.earliest(), await leases.earliest(session, now)]
        return min((at for at in candidates if at is not None and at > now), default=None)

    async def _settle(self) -> None:
        await self.wakes.tick()
        assert await self.courier.run_until_quiet()
        while not self.door.idle:
            await asyncio.sleep(0)
        async with self.vault.database.reading() as session:
            for row in await session.exec(select(OpenDialog)):
                self.dialogs_seen.add(f"{row.name}.{row.step}")


@asynccontextmanager
async def stage(
    folder: Path, clock: SteerableClock | None = None, chat_of: Callable[[Signer], Chat] = Chat
) -> AsyncIterator[Stage]:
    """An empty house, on a Thursday morning unless the clock says otherwise."""
    vault = await open_vault(made.at(folder / "stage.db"), folder / "stage.key")
    clock = clock or SteerableClock(START, frozen=True)
    signer = Signer(vault.master.derive("buttons"))
    chat = chat_of(signer)
    chat.whispers = Whispers(clock)
    crisis: CrisisPlatform = chat

    async def look_up(origin: Origin) -> Home | None:
        async with vault.database.reading() as session:
            place = (session, origin.platform, origin.account, origin.chat)
            if not origin.private:
                return home_of(await group_rows.manner_at(*place))
            person = await people.by_address(*place)
        return Home(person.country, person.language) if person is not None else None

    async def open_plan(origin: Origin) -> Plan | None:
        async with vault.database.reading() as session:
            person = await people.by_address(session, origin.platform, origin.account, origin.chat)
            if person is None:
                return Plan()
            sealer = (await people.sealers(session, vault.master, [person.key]))[person.key]
            return await plans.read(session, sealer, person.key)

    means = Means(
        vault.master, vault.tombstones, lambda payload: f"https://t.me/evenkeel_bot?start={payload}"
    )
    courier = Courier(
        vault.database,
        clock,
        chat,
        vault.master,
        Pacing(),
        pace=False,
        witness=Unreachables(clock, means.tombstones),
        gate=ConsentGate(vault.database, clock),
    )
    front = Front(
        shipped_helplines(),
        crisis,
        clock,
        look_up,
        chat.answer,
        commands=COMMANDS,
        open_plan=open_plan,
        patience=Unhurried(),
        name=lambda: "evenkeel_bot",
    )
    door = Door(
        vault.database,
        clock,
        means,
        signer,
        Router(ROOMS, signer),
        front,
        courier,
        chat,
        crisis,
        Desk(
            shipped_helplines().codes,
            COMMANDS,
            numbers_of(shipped_helplines()),
            lambda: "evenkeel_bot",
        ),
        chat,
        chat.whispers,
    )
    rooms: dict[str, WakesRoom] = {
        room.name: RoomWaker(room.wake, means, signer) for room in ROOMS if room.wake is not None
    }
    wake_groups = groups.waking(numbers_of(shipped_helplines()))
    rooms["groups"] = GroupWaker(wake_groups, vault.master, signer, lambda _account, word: means.link(word))
    wakes = WakeLoop(vault.database, clock, rooms)
    try:
        yield Stage(vault, clock, chat, Turns(front, door.handle), door, courier, wakes)
    finally:
        await vault.close()


@dataclass(slots=True)
class Prelude:
    """Somebody as they are when a transcript begins: the files of the house, and their chat."""

    files: dict[str, bytes]
    shown: dict[int, Sheet]
    ever: list[tuple[int, Button]]
    updates: int
    until: datetime


_preludes: dict[str, Prelude] = {}


async def prelude(who: str) -> Prelude:
    """Played once per process."""
    if who not in _preludes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            async with stage(folder) as played:
                for deed in PEOPLE[who]:
                    await played.play(deed)
            files = {name: (folder / name).read_bytes() for name in ("stage.db", "stage.key")}
            chat, until = played.chat, played.clock.now()
            _preludes[who] = Prelude(files, chat.shown, chat.ever, len(PEOPLE[who]), until)
    return _preludes[who]


@dataclass(slots=True)
class Performance:
    """A transcript as it was really played, and what it touched."""

    lines: list[str]
    dialogs: set[str]
    verbs: set[str]


async def perform(script: str, folder: Path) -> Performance:
    """Play a transcript's remarks, deeds and times; our own lines are made anew."""
    lines: list[str] = []
    who = next(line[2:] for line in script.splitlines() if line.startswith("= "))
    before = await prelude(who)
    for name, content in before.files.items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(0o600)
    async with stage(folder) as played:
        played.enter(before)
        for line in script.splitlines():
            if line.startswith("= "):
                lines.append(line)
            elif line.startswith((">", "@ ")):
                lines += [line, *await played.play(line)]
            elif line.startswith("#"):
                lines.append(line)
    return Performance(lines, played.dialogs_seen, played.verbs_seen)
