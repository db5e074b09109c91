"""Every sentence about what a helper recorded, and what a caregiver told."""

from bot.conversation.calendar import day_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, paragraphs, said
from bot.doses.book import ShownDose
from bot.doses.wording import at, helper, medicine, taken_state


def recorded_for_you(_: Gettext, shown: ShownDose) -> Text:
    """A helper has recorded a dose: what, as what, and the way back."""
    return paragraphs(
        compose(
            _("{name} recorded for you: {day}, {time}, {medicine}: {state}."),
            name=bold(helper(_, shown.recorded_by or "")),
            day=day_name(_, shown.day),
            time=at(_, shown),
            medicine=medicine(_, shown),
            state=taken_state(_, shown),
        ),
        _(
            "If that is not so, take it back. They are not told, but see it as open again when they look. "
            "/caregivers shows who may record for you."
        ),
    )


def take_back(_: Gettext) -> str:
    return _("Take it back")


def not_theirs_any_more(_: Gettext) -> str:
    return _("That has changed meanwhile. /today shows how it stands, and lets you correct it.")


def said_by(_: Gettext, name: str, words: str) -> Text:
    """What a caregiver told and the person kept."""
    return compose(_("Said by {name}: “{words}”"), name=helper(_, name), words=said(words))
