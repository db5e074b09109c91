"""Two people of a post house, and what ties them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from bot.gate import ConsentGate
from scheduler.courier import Courier
from scheduler.lanes import Lane
from storage import bonds, caring, scopes
from storage.bonds import Bond, Name
from storage.caring import Caring
from storage.outbox import Posting
from storage.people import Person
from storage.vocabulary import BondState, PersonState, Scope
from tests.scheduler.posthouse import PostHouse

LASTS = timedelta(days=90)
DOSE = Scope.DOSE_NOT_RECORDED


async def two(house: PostHouse) -> tuple[int, int]:
    """A person and a caregiver to be."""
    person, caregiver = await house.crowd(["alex", "anna"])
    async with house.database.transaction() as session:
        await session.exec(update(Person).where(col(Person.id) == person).values(state=PersonState.ACTIVE))
        await session.exec(update(Person).where(col(Person.id) == caregiver).values(state=PersonState.GUEST))
    return person, caregiver


async def tie(house: PostHouse, person: int, caregiver: int, *kinds: Scope, **more: Any) -> Bond:
    """A live bond with these scopes on, and the caregiver's side of it."""
    now = house.clock.now()
    given: dict[str, Any] = {
        "state": BondState.LIVE,
        "state_since": now,
        "agreed_at": now,
        "confirmed_at": now,
    }
    given |= {"agreed_text": "a", "confirmed_text": "b", "expires_at": now + LASTS} | more
    name = bonds.seal_name(house.sealers[person], Name("Anna Berg", "anna"))
    async with house.database.transaction() as session:
        bond = Bond(person_id=person, caregiver_id=caregiver, name_sealed=name, **given)
        session.add(bond)
        await session.flush()
        for kind in kinds:
            until = now + timedelta(days=30) if kind is Scope.LOW_MOOD else None
            await scopes.switch_on(session, bond, kind, now, confirmed_until=until)
        words = caring.seal_name(house.sealers[caregiver], "Alex")
        session.add(Caring(caregiver_id=caregiver, bond_id=bond.key, name_sealed=words, since=now))
    return bond


def notice(house: PostHouse, bond: Bond, kind: Scope = DOSE, body: str = "x", **fields: Any) -> Posting:
    """A message to the caregiver that rests on the bond."""
    assert bond.caregiver_id is not None
    return house.row(bond.caregiver_id, body, Lane.CAREGIVER, consent_id=bond.key, scope=kind, **fields)


def courier(house: PostHouse, **options: Any) -> Courier:
    """A courier with the house's own gate."""
    return house.courier(gate=ConsentGate(house.database, house.clock), **options)


async def as_it_is(house: PostHouse, bond: Bond) -> Bond:
    """The bond as the database has it."""
    async with house.database.reading() as session:
        return (await session.exec(select(Bond).where(Bond.id == bond.key))).one()


async def set_bond(house: PostHouse, bond: Bond, **values: Any) -> None:
    async with house.database.transaction() as session:
        await session.exec(update(Bond).where(col(Bond.id) == bond.key).values(**values))


async def set_person(house: PostHouse, person: int, **values: Any) -> None:
    async with house.database.transaction() as session:
        await session.exec(update(Person).where(col(Person.id) == person).values(**values))
