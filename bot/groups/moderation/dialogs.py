"""The question when nothing shall be posted in a group."""

from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.conversation.hourspan import read_hours
from bot.groups.moderation import wording

_NONE = "none"


def ask_quiet(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    return Prompt(wording.ask_quiet(_), ((Option(wording.quiet_off(_), _NONE),),))


def read_quiet(context: Context, _answers: Answers, reply: Reply) -> Read:
    """Two clock times, or none."""
    if reply.option == _NONE:
        return Got({"from": None, "until": None})
    hours = read_hours(reply.text or "")
    if hours is None:
        return Again(wording.quiet_refused(context.gettext))
    return Got({"from": hours[0].isoformat(), "until": hours[1].isoformat()})


QUIET = Dialog("gquiet", (Step("quiet", ask_quiet, read_quiet),))
