"""The words about gaps. What to do with a dose is never said; others know that."""

from collections.abc import Callable

from bot.conversation.text import Text, bold, compose, paragraphs
from bot.escalation.noticing.told import Told

Translate = Callable[[str], str]


def missed(_: Translate, told: Told) -> Text:
    """Some days in a row without a recorded dose. Sources in docs/safety.md."""
    return paragraphs(
        bold(compose(_("For {days} days in a row no dose is recorded as taken."), days=told.missed_run)),
        _("If you did take them, /today can still note it. Please do not take two doses to make up for it."),
        _(
            "Stopping suddenly can make people feel unwell; about one in five notices it, often after two to "
            "four days. Please talk with your prescriber or pharmacist before you stop or begin again."
        ),
    )


def too_few(_: Translate, told: Told) -> Text:
    """Too few check-ins: nothing can be seen, which is not the same as nothing there."""
    return paragraphs(
        compose(_("Check-ins in the last ten days: {answers}."), answers=told.answered),
        compose(
            _(
                "With fewer than {needed} I cannot see whether something changes. That does not mean that all is "
                "well, and it does not mean that something is wrong."
            ),
            needed=told.of,
        ),
        _("One tap on a day is enough, and another time of day may suit you better."),
    )


def check_in(_: Translate) -> str:
    return _("Check in now")


def other_time(_: Translate) -> str:
    return _("Another time of day")


def today(_: Translate) -> str:
    return _("Today's doses")
