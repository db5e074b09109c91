"""Every sentence said in a group by this room. Nobody is named or quoted there."""

from collections.abc import Sequence

from bot.conversation.catalogs import Gettext
from bot.conversation.message import Message
from bot.conversation.text import Text, compose, lines
from bot.groups.rules import Answer


def country_summary(_: Gettext) -> str:
    return _("the country of this group's crisis numbers")


def group_summary(_: Gettext) -> str:
    return _("what I keep about this group, and how an admin sets me up")


def next_summary(_: Gettext) -> str:
    return _("what comes next here")


def resources_summary(_: Gettext) -> str:
    return _("the numbers for a crisis; from an admin: post and pin them")


def greeting(_: Gettext) -> Text:
    """Three lines, when the bot was added."""
    return lines(
        _("I am Evenkeel. Here I can post short texts at set times, and show the numbers for a crisis."),
        _("I never say anything about anyone here: no medicine, no mood, no name."),
        _("An admin sets me up in a private chat. Anybody can have reminders of their own there."),
    )


def here_again(_: Gettext) -> Text:
    return compose(_("I am here again, and go on with what was set up."))


def set_up(_: Gettext) -> str:
    return _("Set me up (admins)")


def in_private(_: Gettext) -> str:
    return _("Remind me in private")


def no_name(_: Gettext) -> Text:
    return compose(
        _(
            "I cannot see who wrote that. Please set it in a private chat with me, or send it under your own name."
        )
    )


def reply(_: Gettext, answer: Answer, here: str | None, found: Sequence[str]) -> Message:
    """The answer to `/country`. `here` is the group's country now, `found` those that may be meant."""
    return Message(_text(_, answer, here, found))


def _text(_: Gettext, answer: Answer, here: str | None, found: Sequence[str]) -> Text:
    match answer:
        case Answer.CHOSEN:
            return compose(
                _("If somebody here is in a crisis, I show the numbers of {country} from now on."),
                country=here or "",
            )
        case Answer.SHOWN if here:
            return compose(
                _(
                    "The crisis numbers of this group are those of {country}. An admin can choose another "
                    "country: /country and its name."
                ),
                country=here,
            )
        case Answer.SHOWN:
            return compose(
                _(
                    "This group has no country yet, so I show no crisis numbers here. An admin can choose "
                    "one: /country and its name."
                )
            )
        case Answer.NO_NUMBERS:
            return compose(
                _("I have no numbers for {country} yet, so nothing was changed."), country=", ".join(found)
            )
        case Answer.UNCLEAR if found:
            return compose(_("Which one is meant? {names}"), names=", ".join(found))
        case Answer.UNCLEAR:
            return compose(
                _(
                    "I have no numbers for a country of that name. Please write it as in “/country Germany” "
                    "or “/country DE”."
                )
            )
        case Answer.NOT_FOR_YOU:
            return compose(_("Only an admin of this group can choose its country."))
        case Answer.NOT_NOW:
            return compose(
                _("I could not ask whether you are an admin here. Please try again in a little while.")
            )
