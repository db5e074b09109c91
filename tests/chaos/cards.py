"""People with one open dose and its card before them, written straight into a database, a batch at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.conversation.message import Action
from bot.conversation.tokens import Signer, owner_at
from bot.doses.cards import ROOM
from bot.telegram.intake import PLATFORM
from bot.vault import Vault
from scheduler.lanes import Lane
from scheduler.timing import Daily, to_data
from storage import regimens
from storage.dose_cards import DoseCard
from storage.doses import Dose
from storage.outbox import OutboxRow, OutboxState
from storage.people import Person, PersonKey
from storage.regimens import Regimen, RegimenVersion
from storage.sealing import Sealer
from storage.vocabulary import PersonState, SkipReason
from tests.chaos.yard import ACCOUNT

DUE = datetime(2026, 3, 5, 8, tzinfo=UTC)
NOW = DUE + timedelta(minutes=10)
MESSAGE = "7"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a card. The tokens are those of its buttons."""

    chat: int
    person_id: int
    dose_id: int
    taken: str
    skipped: str


async def deal(vault: Vault, first: int, count: int) -> list[Holder]:
    """`count` people, whose chats are numbered from `first` on, with one open dose each."""
    signer = Signer(vault.master.derive("buttons"))
    people = [_person(first + number) for number in range(count)]
    async with vault.database.transaction() as session:
        session.add_all(people)
        await session.flush()
        keys = {one.key: vault.master.new_wrapped_key(one.key) for one in people}
        session.add_all(PersonKey(person_id=key, wrapped=wrapped) for key, wrapped in keys.items())
        sealers = [vault.master.sealer(keys[one.key], one.key) for one in people]
        courses = [Regimen(person_id=one.key, created_at=DUE, planned_through=NOW) for one in people]
        session.add_all(courses)
        await session.flush()
        versions = [_version(course, sealer) for course, sealer in zip(courses, sealers, strict=True)]
        cards = [DoseCard(person_id=one.key, made_at=DUE) for one in people]
        session.add_all([*versions, *cards])
        await session.flush()
        doses = [_dose(*whole) for whole in zip(courses, versions, cards, strict=True)]
        session.add_all(doses)
        session.add_all(_shown(*whole) for whole in zip(people, cards, sealers, strict=True))
        await session.flush()
    return [_holder(signer, one, dose) for one, dose in zip(people, doses, strict=True)]


def _person(chat: int) -> Person:
    return Person(
        platform=PLATFORM, account=ACCOUNT, ref=str(chat), created_at=DUE, state=PersonState.ACTIVE,
        zone="UTC", country="US", nudges=0,
    )  # fmt: skip


def _version(course: Regimen, sealer: Sealer) -> RegimenVersion:
    name, amount = regimens.seal_words(sealer, "Sertraline", "50 mg")
    timing = to_data(Daily((time(8),)))
    return RegimenVersion(
        regimen_id=course.key, number=1, since=DUE, timing=timing, name_sealed=name, amount_sealed=amount
    )


def _dose(course: Regimen, version: RegimenVersion, card: DoseCard) -> Dose:
    end = DUE + timedelta(hours=4)
    return Dose(
        person_id=course.person_id, regimen_id=course.key, version_id=version.key, slot_date=DUE.date(),
        slot_time=DUE.time(), zone="UTC", due_at=DUE, window_end=end, snooze_limit=end, card_id=card.id,
        asked=1,
    )  # fmt: skip


def _shown(person: Person, card: DoseCard, sealer: Sealer) -> OutboxRow:
    """The card as it was delivered."""
    return OutboxRow(
        person_id=person.key, platform=PLATFORM, account=ACCOUNT, ref=person.ref, lane=Lane.DOSE,
        about=f"card:{card.id}", body_sealed=sealer.seal("outbox", "body_sealed", "{}"), created_at=DUE,
        not_before=DUE, state=OutboxState.DELIVERED, attempt=1, copies=1, message_ref=MESSAGE, settled_at=DUE,
    )  # fmt: skip


def _holder(signer: Signer, person: Person, dose: Dose) -> Holder:
    skip = Action(ROOM, "why", f"{dose.key}.{SkipReason.ADVISED.value}")
    taken = Action(ROOM, "taken", str(dose.key))
    tokens = (signer.sign(action, owner_at(person.account, person.ref)) for action in (taken, skip))
    return Holder(int(person.ref), person.key, dose.key, *tokens)
