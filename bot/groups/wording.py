"""Every sentence said about the setting of a group."""

from collections.abc import Sequence

from bot.conversation.catalogs import Gettext
from bot.conversation.message import Message
from bot.conversation.text import Text, compose
from bot.groups.rules import Answer


def summary(_: Gettext) -> str:
    return _("the country of this group's crisis numbers")


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
        case Answer.NO_NAME:
            return compose(_("I cannot see who wrote that. Please send it under your own name."))
        case Answer.NOT_NOW:
            return compose(
                _("I could not ask whether you are an admin here. Please try again in a little while.")
            )
