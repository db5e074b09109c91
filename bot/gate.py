"""The gate: whether a message to a caregiver still rests on a live consent, just before it leaves."""

from scheduler.clock import Clock
from scheduler.parcel import Parcel
from storage import grants
from storage.database import Database


class ConsentGate:
    """Asks the database anew: what was live when the message was claimed may have ended since."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def may_send(self, parcel: Parcel) -> bool:
        """True for what needs no consent, and for what has it at this moment; no group ever has it."""
        receipt = parcel.receipt
        if receipt is None or parcel.person_id is None:
            return receipt is None
        async with self._database.reading() as session:
            return receipt in await grants.live(session, [receipt], self._clock.now())
