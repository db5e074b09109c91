"""What is kept about a group."""

from bot.conversation.catalogs import LANGUAGE_NAMES, Gettext
from bot.conversation.countries import country_names
from bot.conversation.text import Text
from bot.groups.pulse import summary as checkins
from bot.groups.setup import wording
from bot.groups.visit import GroupVisit
from storage import group_posts


async def facts(_: Gettext, visit: GroupVisit) -> Text:
    """The settings of a group and the number of its posts."""
    group = visit.group
    return wording.facts(
        _,
        group.kind,
        group.state,
        zone=group.zone,
        language=LANGUAGE_NAMES[group.language],
        country=country_names("en").get(group.country or ""),
        topic=group.topic is not None,
        posts=len(await group_posts.of_group(visit.session, group.key)),
        more=await checkins.rows(_, visit),
    )


async def told(visit: GroupVisit) -> Text:
    """The answer to `/group` in the group, for everybody to read."""
    return wording.kept(visit.gettext, visit.group.key, await facts(visit.gettext, visit))
