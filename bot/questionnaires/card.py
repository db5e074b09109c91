"""A questionnaire as a message: one item at a time, edited in place, help always in reach."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.visit import Visit
from bot.questionnaires import rules, wording
from bot.questionnaires.instrument import INSTRUMENTS, Instrument, next_item
from scheduler.lanes import Lane
from storage.questionnaires import Questionnaire
from storage.vocabulary import CheckinState

ROOM = "phq"


def is_current(row: Questionnaire) -> bool:
    """Whether the words that were asked are those of today; nobody goes on with other words."""
    instrument = INSTRUMENTS.get(row.instrument)
    return instrument is not None and instrument.version == row.version


def instrument_of(row: Questionnaire) -> Instrument:
    """The words that were asked."""
    return INSTRUMENTS[row.instrument]


def name_of(row: Questionnaire) -> str:
    """The name of what was asked, also when it is asked no more."""
    instrument = INSTRUMENTS.get(row.instrument)
    return instrument.name if instrument is not None else row.instrument


def answers_of(visit: Visit, row: Questionnaire) -> list[int]:
    """The answers so far, in the order of the items."""
    if row.answers_sealed is None:
        return []
    return [
        int(each)
        for each in json.loads(visit.sealer.open("questionnaire", "answers_sealed", row.answers_sealed))
    ]


def keep(visit: Visit, row: Questionnaire, answers: Sequence[int]) -> None:
    """Seal the answers so far; with the last one it is done."""
    row.answers_sealed = visit.sealer.seal("questionnaire", "answers_sealed", json.dumps(list(answers)))
    if next_item(instrument_of(row), answers) is None:
        row.state, row.done_at = CheckinState.DONE, visit.now


def about(row: Questionnaire) -> str:
    """The name of a questionnaire in the outbox."""
    return f"phq:{row.key}"


def question(visit: Visit, row: Questionnaire, not_after: datetime | None = None) -> Message:
    """The next open item, or the thanks when there is none."""
    instrument, answers = instrument_of(row), answers_of(visit, row)
    item = next_item(instrument, answers)
    if item is None:
        return _thanks(visit, row, sum(answers))
    return Message(
        wording.question(visit.gettext, instrument, item),
        _choices(visit, row, item),
        lane=Lane.CHECKIN if not_after else Lane.REPLY,
        not_after=not_after,
        about=about(row),
    )


def _choices(visit: Visit, row: Questionnaire, item: int) -> Choices:
    instrument, _ = instrument_of(row), visit.gettext
    taps = tuple(
        (Choice(label, _tap(row, instrument, item, value)),) for value, label in enumerate(instrument.choices)
    )
    back = Choice(wording.back(_), Action(ROOM, "back", f"{row.key}.{item}"))
    aside = Choice(wording.not_now(_), Action(ROOM, "aside", str(row.key)))
    return (*taps, (back, aside) if item else (aside,), help_row(_))


def _tap(row: Questionnaire, instrument: Instrument, item: int, value: int) -> Action:
    """An answer. Of the item about death it has a verb of its own, which the crisis path knows."""
    verb = "item9" if item == instrument.crisis_item else "tap"
    return Action(ROOM, verb, f"{row.key}.{item}.{value}")


def _thanks(visit: Visit, row: Questionnaire, total: int) -> Message:
    instrument, _ = instrument_of(row), visit.gettext
    worth_a_talk = rules.worth_a_talk(total, len(instrument.items))
    text = wording.thanks(_, instrument, None if visit.calm else total, worth_a_talk)
    every = Choice(wording.every_two_weeks(_), Action(ROOM, "every", instrument.key))
    more = () if visit.calm or visit.person.phq == instrument.key else ((every,),)
    return Message(text, (*more, help_row(_)), about=about(row))
