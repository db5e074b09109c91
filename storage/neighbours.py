"""Neighbours: what an answer to one dose looks at besides, read in one statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.doses import TAKEN_AROUND, Dose
from storage.vocabulary import DoseState


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The doses around one, itself among them, each list in order of due instant.

    `taken`: those of its medicine that were taken since an instant. `day`: those of its medicine on its day.
    `card`: those on its card; none where it has no card.
    """

    taken: list[Dose]
    day: list[Dose]
    card: list[Dose]


_AROUND_ONE = (
    select(Dose)
    .where(
        or_(
            and_(
                col(Dose.regimen_id) == bindparam("regimen"),
                or_(
                    col(Dose.slot_date) == bindparam("day"),
                    and_(
                        col(Dose.state) == DoseState.TAKEN,
                        bindparam("since", type_=TAKEN_AROUND.type) <= TAKEN_AROUND,
                    ),
                ),
            ),
            col(Dose.card_id) == bindparam("card"),
        )
    )
    .order_by(col(Dose.due_at), col(Dose.id))
)


async def of_dose(session: AsyncSession, dose: Dose, since: datetime) -> Neighbours:
    """The doses around this one; those that were taken, from `since` on."""
    asked = {"regimen": dose.regimen_id, "day": dose.slot_date, "since": since, "card": dose.card_id}
    found = list(await session.exec(_AROUND_ONE, params=asked))
    same = [each for each in found if each.regimen_id == dose.regimen_id]
    return Neighbours(
        [each for each in same if each.state is DoseState.TAKEN and (each.taken_at or each.due_at) >= since],
        [each for each in same if each.slot_date == dose.slot_date],
        [each for each in found if each.card_id is not None and each.card_id == dose.card_id],
    )
