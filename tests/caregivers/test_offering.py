"""The button to record under the message that a dose is not recorded."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.caregivers.telling.doses import about
from bot.caregivers.telling.offering import recording_row
from bot.caregivers.telling.reading import Tie
from bot.conversation.letters import Receiver
from bot.conversation.message import Action
from bot.conversation.visit import Visit
from storage.bonds import ROOM, Bond
from storage.doses import Dose
from storage.people import Person
from storage.scopes import BondScope
from storage.sealing import Sealer
from storage.told import Told
from storage.vocabulary import DoseState, Scope
from tests.caregivers.ties import DOSE
from tests.storage.lives import dose

RECORD = Scope.MAY_RECORD
LIVES_AT: dict[str, Any] = {"platform": "p", "account": "a", "ref": "1", "zone": "UTC"}


def offered(now: datetime, *doses: Dose, on: tuple[Scope, ...] = (DOSE, RECORD)) -> list[Action]:
    """What a caregiver could tap to record, under the message about the first of these doses."""
    alex, anna, sealer = Person(**LIVES_AT), Person(**LIVES_AT), cast(Sealer, None)
    visit = Visit(cast(AsyncSession, None), alex, sealer, now)
    scope = {kind: BondScope(bond_id=1, person_id=1, kind=kind, since=now) for kind in on}
    past: dict[str, Any] = {"bond_id": 1, "person_id": 1, "text_sealed": b"", "made_at": now}
    row = Told(kind=DOSE, about=about(doses[0].due_at), **past)
    tie = Tie(cast(Bond, None), Receiver(anna, sealer), 3, "Alex", list(doses), on=scope)
    return [
        choice.action
        for choices in recording_row(visit, tie, row)
        for choice in choices
        if isinstance(choice.action, Action)
    ]


def planned(key: int, **more: Any) -> Dose:
    row = dose(1, (1, 1), **more)
    row.id = key
    return row


def test_the_button_under_a_dose_that_is_not_recorded_is_that_of_the_list() -> None:
    one = planned(7)
    now = one.due_at + timedelta(hours=1)
    assert offered(now, one) == [Action(ROOM, "give", "3.7", apart=True)]
    assert offered(now, one, planned(8, at=one.slot_time.hour)) == [Action(ROOM, "open", "3", apart=True)]
    later = planned(8, at=one.slot_time.hour + 1)
    assert offered(now, one, later) == [Action(ROOM, "give", "3.7", apart=True)], "another time is another"


def test_there_is_no_button_for_who_may_not_record_and_for_what_cannot_be_recorded() -> None:
    one = planned(7)
    now = one.due_at + timedelta(hours=1)
    assert offered(now, one, on=(DOSE,)) == []
    assert offered(now, planned(7, state=DoseState.MISSED)) == []
    assert offered(now, planned(7, state=DoseState.WITHDRAWN)) == []
    assert offered(now + timedelta(days=1), one) == [], "yesterday is none of theirs"
