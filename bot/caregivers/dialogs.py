"""The dialog of this room: what somebody agrees to before they are a caregiver."""

from bot.caregivers import rules, wording
from bot.conversation.dialogs import (
    Again,
    Answers,
    Context,
    Dialog,
    Got,
    Option,
    Prompt,
    Read,
    Reply,
    Step,
    Stop,
)
from bot.conversation.text import clean


def ask_agreement(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    rows = ((Option(wording.i_agree(_), "yes", "success"),), (Option(wording.i_decline(_), "no"),))
    return Prompt(wording.agreement(_), rows)


def read_agreement(context: Context, _answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "yes":
            return Got({"agreed": rules.AGREED_TEXT}, then="name")
        case "no":
            return Stop(wording.declined(context.gettext))
    return Again(wording.tap_one(context.gettext))


def ask_name(context: Context, _answers: Answers) -> Prompt:
    return Prompt(wording.ask_name(context.gettext))


def read_name(context: Context, _answers: Answers, reply: Reply) -> Read:
    name = clean(reply.text or "")
    if not 0 < len(name) <= rules.LONGEST_NAME:
        return Again(wording.name_refused(context.gettext, rules.LONGEST_NAME))
    return Got({"name": name})


AGREEMENT = Dialog(
    "agreement", (Step("agree", ask_agreement, read_agreement), Step("name", ask_name, read_name))
)
