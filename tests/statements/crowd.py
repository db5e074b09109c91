"""Many people with everything that a room may look at, and the rooms to wake for them."""

import json
from collections.abc import Sequence
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import String, cast, delete, update

from bot.conversation.tokens import Signer
from bot.rooms import ROOMS
from bot.waking import RoomWaker
from scheduler.timing import Daily, to_data
from scheduler.wakes import WakeLoop
from storage import bonds, caring, plans, regimens, timers
from storage.bonds import Bond, Name
from storage.caring import Caring
from storage.checkins import Checkin
from storage.crises import CrisisEvent
from storage.doses import Dose
from storage.outbox import OUTBOX, OutboxState
from storage.people import Person, PersonKey
from storage.plans import NewStep
from storage.regimens import Regimen, RegimenVersion
from storage.scopes import BondScope
from storage.sealing import Sealer
from storage.stock import Stock
from storage.timers import Setting, Timer
from storage.vocabulary import BondState, CheckinState, DoseState, Ending, PersonState, Review, Scope
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, START, PostHouse
from tests.statements.counting import Told, statements
from tests.storage.bigids import count_on_from

LONG_AGO = START - timedelta(days=40)
MOST = 500
_DUE = time(START.hour, START.minute)
_ASKED = time(START.hour + 5)
_WAKES = {room.name: room.wake for room in ROOMS if room.wake is not None}


async def settle(house: PostHouse, count: int) -> list[int]:
    """So many people, of whom no two neighbours are alike, with long ids."""
    await count_on_from(house.database)
    everybody = [_person(number) for number in range(count)]
    async with house.database.transaction() as session:
        session.add_all(everybody)
        await session.flush()
        for person in everybody:
            wrapped = house.master.new_wrapped_key(person.key)
            house.sealers[person.key] = house.master.sealer(wrapped, person.key)
            house.refs[person.key] = person.ref
            session.add(PersonKey(person_id=person.key, wrapped=wrapped))
        taken = [_regimen(person) for person in everybody for _ in range(1 + person.key % 2)]
        session.add_all(taken)
        await session.flush()
        versions = [_version(house.sealers[regimen.person_id], regimen) for regimen in taken]
        session.add_all(versions)
        await session.flush()
        for regimen, version in zip(taken, versions, strict=True):
            if regimen.person_id % 2:
                sealer = house.sealers[regimen.person_id]
                await plans.put(session, sealer, version.key, _steps(version))
        session.add_all([_stock(regimen) for regimen in taken])
        session.add_all([dose for each in zip(taken, versions, strict=True) for dose in _missed(*each)])
        session.add_all([row for person in everybody for row in _past(house.sealers[person.key], person.key)])
        session.add_all(
            [bond for person in everybody for bond in _bonds(house.sealers[person.key], person.key)]
        )
        ties = [_bond(house.sealers[person.key], person) for person in everybody if person.key % 3]
        session.add_all(ties)
        await session.flush()
        session.add_all([row for bond in ties for row in _shared(house, bond)])
    return [person.key for person in everybody]


def _person(number: int) -> Person:
    return Person(
        platform=PLATFORM,
        account=ACCOUNT,
        ref=str(number),
        created_at=LONG_AGO,
        state=PersonState.ACTIVE,
        zone="UTC",
        discreet=number % 5 == 0,
        nudges=number % 4,
        checkin_at=_ASKED,
        checkin_since=LONG_AGO,
        phq="phq9",
        phq_since=LONG_AGO,
        zone_news={"tzdata": "2026b", "zones": {"UTC": [START.isoformat(), 0, 3600]}},
    )


def _regimen(person: Person) -> Regimen:
    return Regimen(person_id=person.key, created_at=LONG_AGO, planned_through=START - timedelta(hours=1))


def _version(sealer: Sealer, regimen: Regimen) -> RegimenVersion:
    name, amount = regimens.seal_words(sealer, "Sertraline", "50 mg")
    return RegimenVersion(
        regimen_id=regimen.key,
        number=1,
        since=LONG_AGO,
        timing=to_data(Daily((_DUE,))),
        name_sealed=name,
        amount_sealed=amount,
    )


def _steps(version: RegimenVersion) -> list[NewStep]:
    """A plan whose second step began yesterday, when nothing was recorded."""
    yesterday = (START - timedelta(days=1)).date()
    first = NewStep(LONG_AGO.date(), version.timing, ["50 mg"])
    return [first, NewStep(yesterday, version.timing, ["25 mg", "50 mg"])]


def _stock(regimen: Regimen) -> Stock:
    """Not enough for three days more."""
    return Stock(
        regimen_id=regimen.key,
        person_id=regimen.person_id,
        counted_at=LONG_AGO,
        left=Decimal(3),
        per_dose=Decimal(1),
        lead_days=7,
    )


def _missed(regimen: Regimen, version: RegimenVersion) -> list[Dose]:
    """Two days on which nothing was recorded."""
    return [
        Dose(
            person_id=regimen.person_id,
            regimen_id=regimen.key,
            version_id=version.key,
            slot_date=due.date(),
            slot_time=due.time(),
            zone="UTC",
            due_at=due,
            window_end=due + timedelta(hours=4),
            snooze_limit=due + timedelta(hours=12),
            state=DoseState.MISSED,
            told_at=due,
        )
        for due in (START - timedelta(days=back) for back in (2, 1))
    ]


def _past(sealer: Sealer, person_id: int) -> list[Checkin | CrisisEvent]:
    """A check-in that was answered, one that nobody answered, and a card after which a question is due."""
    answers = sealer.seal("checkin", "answers_sealed", json.dumps({"mood": 5}))
    days = [START - timedelta(days=back) for back in (2, 1)]
    done, still = (
        Checkin(person_id=person_id, day=day.date(), asked_at=day, expires_at=day + timedelta(hours=20))
        for day in days
    )
    done.state, done.done_at, done.answers_sealed = CheckinState.DONE, days[0], answers
    card = CrisisEvent(person_id=person_id, at=days[1], source="command", tier="urgent", follow_up_at=START)
    return [done, still, card]


def _bonds(sealer: Sealer, person_id: int) -> list[Bond]:
    """One to confirm, one to renew, one that runs out, and one whose caregiver has left."""
    ends = {"expires_at": START + timedelta(days=3), "renew_ask_at": START}
    kinds: list[dict[str, Any]] = [
        {"state": BondState.AGREED, "expires_at": START + timedelta(days=1)},
        {"state": BondState.LIVE, **ends},
        {"state": BondState.LIVE, **ends, "expires_at": START},
        {"state": BondState.ENDED, **ends, "ended_at": START, "ended_by": Ending.CAREGIVER},
    ]
    name = bonds.seal_name(sealer, Name("Anna Berg"))
    since: dict[str, Any] = {
        "state_since": LONG_AGO,
        "agreed_at": LONG_AGO,
        "agreed_text": "1",
        "name_sealed": name,
    }
    return [Bond(person_id=person_id, **since, **kind) for kind in kinds]


def _bond(sealer: Sealer, person: Person) -> Bond:
    """Everybody but every third has a caregiver: the person before them."""
    return Bond(
        person_id=person.key,
        caregiver_id=person.key - 1 if person.key > 1 and person.ref != "0" else person.key,
        state=BondState.LIVE,
        state_since=LONG_AGO,
        name_sealed=bonds.seal_name(sealer, Name("Anna")),
        agreed_at=LONG_AGO,
        agreed_text="a",
        confirmed_at=LONG_AGO,
        expires_at=START + timedelta(days=50),
        names_told=bool(person.key % 2),
        review=list(Review)[person.key % 3],
    )


def _shared(house: PostHouse, bond: Bond) -> list[BondScope | Caring]:
    """Everything is on, and there is something of each kind to tell."""
    day = 24 * 60
    set_so = {
        Scope.DOSE_NOT_RECORDED: (30, 1),
        Scope.WEEKLY_COUNT: ((START.hour + 1) * 60, START.weekday()),
        Scope.PATTERN_NOTICED: (day, 0),
        Scope.LOW_MOOD: (2 * day, 6),
        Scope.NEED_YOU: (None, None),
    }
    rows: list[BondScope | Caring] = [
        BondScope(
            bond_id=bond.key,
            kind=kind,
            person_id=bond.person_id,
            since=LONG_AGO,
            delay=delay,
            threshold=threshold,
            confirmed_until=START + timedelta(days=2),
        )
        for kind, (delay, threshold) in set_so.items()
    ]
    theirs = house.sealers[bond.caregiver_id or 0]
    named = caring.seal_name(theirs, "Alex")
    rows.append(
        Caring(caregiver_id=bond.caregiver_id or 0, bond_id=bond.key, name_sealed=named, since=LONG_AGO)
    )
    return rows


async def expect(house: PostHouse, people: Sequence[int], room: str) -> None:
    """One room wants to look at all of them now, and no other."""
    async with house.database.transaction() as session:
        await session.exec(delete(Timer))
        await timers.put(session, [Setting(person, room, house.clock.now()) for person in people])


async def wake(house: PostHouse, room: str) -> list[Told]:
    """Wake everybody at whom the room wants to look by now; the statements that it took."""
    rooms = {room: RoomWaker(_WAKES[room], house.means, Signer(b"key"))}
    with statements(house.database) as told:
        assert await WakeLoop(house.database, house.clock, rooms, batch=MOST).tick() > 0
    return told


async def arrive(house: PostHouse) -> int:
    """Everything that waits reaches its person, but every fifth message, which is refused; how many."""
    waits, refused = OUTBOX.c.state == OutboxState.PENDING, OUTBOX.c.id % 5 == 0
    now = house.clock.now()
    no = update(OUTBOX).where(waits, refused).values(state=OutboxState.REFUSED, settled_at=now)
    yes = update(OUTBOX).where(waits).values(state=OutboxState.DELIVERED, settled_at=now)
    async with house.database.engine.begin() as connection:
        lost = await connection.execute(no)
        arrived = await connection.execute(yes.values(message_ref=cast(OUTBOX.c.id, String)))
    return int(lost.rowcount + arrived.rowcount)
