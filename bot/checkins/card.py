"""The check-in as a message: one question at a time, edited in place, help always in reach."""

import json
from collections.abc import Mapping
from datetime import datetime

from bot.checkins import rules, wording
from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.visit import Visit
from scheduler.lanes import Lane
from storage.checkins import Checkin
from storage.vocabulary import CheckinForm, CheckinState

ROOM = "mood"
_FIRST_ROW = 6


def answers_of(visit: Visit, checkin: Checkin) -> dict[str, int]:
    """What was answered so far, by item."""
    if checkin.answers_sealed is None:
        return {}
    opened = json.loads(visit.sealer.open("checkin", "answers_sealed", checkin.answers_sealed))
    return {str(item): int(value) for item, value in opened.items()}


def keep(visit: Visit, checkin: Checkin, answers: Mapping[str, int]) -> None:
    """Seal the answers so far."""
    checkin.answers_sealed = visit.sealer.seal("checkin", "answers_sealed", json.dumps(dict(answers)))


def begin_again(visit: Visit, checkin: Checkin) -> None:
    """Answer once more; what was answered before stays until the new answers are complete."""
    checkin.earlier_sealed, checkin.answers_sealed = checkin.answers_sealed, None
    checkin.form, checkin.state = CheckinForm.FULL, CheckinState.OPEN


def finish(visit: Visit, checkin: Checkin) -> None:
    """The answers are complete."""
    checkin.state, checkin.done_at, checkin.earlier_sealed = CheckinState.DONE, visit.now, None


def let_rest(visit: Visit, checkin: Checkin) -> None:
    """The round ends unfinished. Answers that were complete before count again."""
    checkin.state = CheckinState.EXPIRED
    if checkin.earlier_sealed is not None:
        checkin.answers_sealed, checkin.earlier_sealed = checkin.earlier_sealed, None
        checkin.state = CheckinState.DONE


def about(checkin: Checkin) -> str:
    """The name of a check-in in the outbox."""
    return f"checkin:{checkin.key}"


def question(visit: Visit, checkin: Checkin, not_after: datetime | None = None) -> Message:
    """The next open question of a check-in, or the thanks when there is none."""
    answers = answers_of(visit, checkin)
    item = rules.next_item(checkin.form, answers)
    if item is None:
        text = wording.thanks(visit.gettext, checkin.day)
        return Message(text, (help_row(visit.gettext),), about=about(checkin))
    return Message(
        wording.ask(visit.gettext, checkin.form, item, checkin.day, over=checkin.day < visit.today),
        _choices(visit, checkin, item, bool(answers)),
        lane=Lane.CHECKIN if not_after else Lane.REPLY,
        not_after=not_after,
        about=about(checkin),
    )


def _choices(visit: Visit, checkin: Checkin, item: str, begun: bool) -> Choices:
    number = rules.FORMS[checkin.form].index(item)
    taps = [
        Choice(str(value), Action(ROOM, "tap", f"{checkin.key}.{checkin.form.value[0]}{number}.{value}"))
        for value in range(rules.HIGHEST + 1)
    ]
    return (
        tuple(taps[:_FIRST_ROW]),
        tuple(taps[_FIRST_ROW:]),
        _beside(visit, checkin, begun),
        help_row(visit.gettext),
    )


def _beside(visit: Visit, checkin: Checkin, begun: bool) -> tuple[Choice, ...]:
    _, key = visit.gettext, str(checkin.key)
    back = Choice(wording.back(_), Action(ROOM, "back", key))
    short = Choice(wording.short_way(_), Action(ROOM, "short", key))
    aside = Choice(wording.not_now(_), Action(ROOM, "aside", key))
    if begun:
        return (back, short) if checkin.form is CheckinForm.FULL else (back,)
    return (short, aside) if checkin.form is CheckinForm.FULL else (back, aside)
