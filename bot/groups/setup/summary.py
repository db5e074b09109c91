"""What is kept about a group."""

from bot.conversation.catalogs import LANGUAGE_NAMES, Gettext
from bot.conversation.countries import country_names
from bot.conversation.text import Text
from bot.groups.moderation import wording as moderation
from bot.groups.pulse import summary as checkins
from bot.groups.setup import wording
from bot.groups.visit import GroupVisit
from scheduler.localtime import local
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
        more=[*await checkins.rows(_, visit), *_of_moderation(_, visit)],
    )


def _of_moderation(_: Gettext, visit: GroupVisit) -> list[tuple[str, str]]:
    """What is kept for the good of the members, named."""
    group = visit.group
    told = local(group.noticed_at, visit.zone).date() if group.noticed_at is not None else None
    return [
        (_("Quiet hours"), moderation.quiet_value(_, group.quiet_from, group.quiet_until)),
        (_("Content warnings"), moderation.on_or_off(_, group.warns)),
        (_("Message with the crisis numbers"), moderation.yes_or_no(_, group.resources_shown is not None)),
        (_("I read"), moderation.heard_value(_, group.hears_all)),
        (_("Admins are told of crisis words"), moderation.yes_or_no(_, group.tells_moderators)),
        (_("Last notice to members"), moderation.notice_value(_, told)),
    ]


async def told(visit: GroupVisit) -> Text:
    """The answer to `/group` in the group, for everybody to read."""
    return wording.kept(visit.gettext, visit.group.key, await facts(visit.gettext, visit))
