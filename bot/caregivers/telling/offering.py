"""What a caregiver who may record is offered under a dose that is not recorded.

The press is the one of their list in /caring, and is looked at in the same way: nothing is promised here.
"""

from bot.caregivers.letters import wording as letters
from bot.caregivers.telling.doses import about
from bot.caregivers.telling.reading import Tie
from bot.conversation.catalogs import safety
from bot.conversation.message import Action, Choice, Choices
from bot.conversation.visit import Visit
from storage.bonds import ROOM
from storage.doses import Dose
from storage.told import Told
from storage.vocabulary import DoseState, Scope


def recording_row(visit: Visit, tie: Tie, row: Told) -> Choices:
    """The button, while they may record, and while something of what is told can be recorded.

    Of several doses of one time they choose out of the list. The button is the same, so that it does not tell
    how many there are.
    """
    told_of = [dose for dose in tie.doses if row.kind is Scope.DOSE_NOT_RECORDED and _is_of(dose, row)]
    if Scope.MAY_RECORD not in tie.on or not any(_still_open(visit, dose) for dose in told_of):
        return ()
    label = letters.record_button(safety(tie.to.person.language))
    if len(told_of) > 1:
        return ((Choice(label, Action(ROOM, "open", str(tie.entry), apart=True)),),)
    return ((Choice(label, Action(ROOM, "give", f"{tie.entry}.{told_of[0].key}", apart=True)),),)


def _is_of(dose: Dose, row: Told) -> bool:
    return about(dose.due_at) == row.about and dose.state is not DoseState.WITHDRAWN


def _still_open(visit: Visit, dose: Dose) -> bool:
    return dose.state is DoseState.OPEN and dose.slot_date == visit.today
