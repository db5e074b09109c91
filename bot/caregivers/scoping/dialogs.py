"""The dialog in which a delay or a time of the day is typed, as data."""

import re

from bot.caregivers.scoping import choices, wording
from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.conversation.times import Ambiguous, Understood, read_clock
from storage.vocabulary import Scope

_SPAN = re.compile(r"(\d{1,3})\s*(h|hours?|m|min|minutes?)?", re.IGNORECASE)


def _of_week(answers: Answers) -> bool:
    draft = choices.read(answers["draft"])
    return draft is not None and draft.kind is Scope.WEEKLY_COUNT


def ask_delay(context: Context, answers: Answers) -> Prompt:
    return Prompt(wording.ask_typed(context.gettext, of_week=_of_week(answers)))


def read_delay(context: Context, answers: Answers, reply: Reply) -> Read:
    if _of_week(answers):
        return _time(context, reply)
    minutes = minutes_in(reply.text or "")
    if minutes is None or not choices.SHORTEST_DELAY <= minutes <= choices.LONGEST_DELAY:
        return Again(wording.typed_refused(context.gettext, of_week=False))
    return Got({"delay": minutes})


def _time(context: Context, reply: Reply) -> Read:
    match read_clock(reply.option or reply.text or ""):
        case Understood(value=at):
            return Got({"delay": at.hour * 60 + at.minute})
        case Ambiguous(options=options):
            return Got({"options": [f"{at:%H:%M}" for at in options]}, then="which")
    return Again(wording.typed_refused(context.gettext, of_week=True))


def ask_which(context: Context, answers: Answers) -> Prompt:
    return Prompt(wording.which_time(context.gettext), (tuple(Option(at, at) for at in answers["options"]),))


def minutes_in(words: str) -> int | None:
    """How many minutes are meant: "45", "90 min", "2 h"; None for anything else."""
    found = _SPAN.fullmatch(words.strip())
    if found is None:
        return None
    return int(found[1]) * (60 if (found[2] or "").lower().startswith("h") else 1)


SETTING = Dialog("sharing", (Step("delay", ask_delay, read_delay), Step("which", ask_which, read_delay)))
