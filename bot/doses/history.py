"""The history of a dose: what happened to it is written down, and stays."""

from bot.conversation.visit import Visit
from storage import dose_events
from storage.dose_events import Fact
from storage.doses import Dose


async def note(
    visit: Visit, dose: Dose, kind: str, detail: str | None = None, recorded_by: bytes | None = None
) -> None:
    """Write down a fact about a dose. `recorded_by`: whose fact it is when it is not the person's, sealed."""
    await dose_events.add(visit.session, [fact(visit, dose, kind, detail, recorded_by)])


def fact(
    visit: Visit, dose: Dose, kind: str, detail: str | None = None, recorded_by: bytes | None = None
) -> Fact:
    """What `note` writes down; for many doses, which are written in one statement."""
    return Fact(dose.key, visit.person.key, kind, visit.now, detail, recorded_by)
