"""The dialog about the check-in's time, as data."""

from bot.checkins import rules, wording
from bot.conversation.calendar import clock
from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.conversation.times import Ambiguous, Understood, read_clock

_NONE = "none"


def ask_time(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    times = tuple(Option(clock(at), f"{at:%H:%M}") for at in rules.OFFERED_TIMES)
    return Prompt(wording.ask_time(_), (times, (Option(wording.none_at_all(_), _NONE),)))


def read_time(context: Context, _answers: Answers, reply: Reply) -> Read:
    if reply.option is not None:
        return Got({"at": None if reply.option == _NONE else reply.option})
    reading = read_clock(reply.text or "")
    match reading:
        case Understood(value=at):
            return Got({"at": at.isoformat()})
        case Ambiguous(options=options):
            return Got({"options": [f"{at:%H:%M}" for at in options]}, then="which")
    return Again(wording.time_refused(context.gettext))


def ask_which(context: Context, answers: Answers) -> Prompt:
    options = tuple(Option(at, at) for at in answers["options"])
    return Prompt(wording.which_time(context.gettext), (options,))


TIME = Dialog("checkin", (Step("time", ask_time, read_time), Step("which", ask_which, read_time)))
