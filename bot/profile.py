"""What the platform shows about the bot: its menu and who it is, in every language there is."""

from bot.conversation.catalogs import DAILY_LANGUAGES, SOURCE_LANGUAGE, Gettext, catalog
from bot.groups import wording as groups
from bot.groups.rules import COUNTRY, GROUP, NEXT, RESOURCES
from bot.rooms import summaries
from bot.telegram.profile import Profile

# Of a group's menu, what is its writer's alone. The others are for everybody there.
_IN_GROUPS = frozenset({"sos", "worried", "start", "help"})


def profile() -> list[Profile]:
    """One face per language; that of the source language is for everybody else."""
    return [_face(language) for language in DAILY_LANGUAGES]


def _face(language: str) -> Profile:
    _ = catalog(language)
    menu = summaries(_)
    in_groups = [
        *((name, summary) for name, summary in menu if name in _IN_GROUPS),
        (GROUP, groups.group_summary(_)),
        (NEXT, groups.next_summary(_)),
        (RESOURCES, groups.resources_summary(_)),
    ]
    return Profile(
        private=menu,
        groups=in_groups,
        admins=[*in_groups, (COUNTRY, groups.country_summary(_))],
        description=_description(_),
        short_description=_("Reminders for your medicine, a brief check-in, and help in a crisis."),
        language=None if language == SOURCE_LANGUAGE else language,
        whispered=_IN_GROUPS,
    )


def _description(_: Gettext) -> str:
    return _(
        "I remind you of your medicine, ask how you are if you like, and keep the record, so that you and "
        "your care team can see early when things change. I am a program, not a medical device and not for "
        "emergencies. In a crisis send /sos."
    )
