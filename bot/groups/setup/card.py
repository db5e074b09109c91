"""The card of a group in private: everything that can be changed, each change kept at once."""

from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.visit import Visit
from bot.groups.moderation import wording as moderation
from bot.groups.pulse import wording as pulse
from bot.groups.setup import summary, wording
from bot.groups.visit import ROOM, SUBJECT, GroupVisit
from storage import timers
from storage.timers import Setting
from storage.vocabulary import GroupKind, GroupState


async def show(visit: Visit, group: GroupVisit, topic: str | None = None) -> None:
    """The card. `topic`: the part of the group from which the admin came."""
    _ = visit.gettext
    notes = [] if group.group.zone is not None else [wording.zone_first(_)]
    text = wording.card(_, group.group.key, await summary.facts(_, group), notes)
    visit.show(Message(text, _buttons(visit, group, topic)))


def _buttons(visit: Visit, group: GroupVisit, topic: str | None) -> Choices:
    _, key = visit.gettext, str(group.group.key)
    rows: list[tuple[Choice, ...]] = [
        (_choice(wording.zone_button(_), "zone", key), _choice(wording.country_button(_), "country", key)),
        (_choice(wording.language_button(_), "language", key),),
    ]
    if topic is not None and topic != group.group.topic:
        rows.append((_choice(wording.this_topic(_), "topic", f"{key}.{topic}"),))
    if group.group.topic is not None:
        rows.append((_choice(wording.no_topic(_), "topic", key),))
    rows.append((_choice(wording.add_post(_), "add", key), _choice(wording.posts_button(_), "posts", key)))
    turned = moderation.warn_button(_, group.group.warns)
    rows.append((_choice(moderation.quiet_button(_), "quiet", key), _choice(turned, "warn", key)))
    rows.append((_choice(moderation.numbers_button(_), "numbers", key),))
    if group.group.kind is not GroupKind.CHANNEL:
        rows.append((_choice(moderation.words_button(_), "words", key),))
    rows.append((_choice(pulse.button(_), "pulse", key),))
    if group.group.state is GroupState.ACTIVE:
        rows.append((_choice(wording.pause(_), "pause", key),))
    if group.group.state is GroupState.PAUSED:
        rows.append((_choice(wording.go_on(_), "resume", key),))
    rows.append((_choice(wording.forget(_), "forget", key),))
    return tuple(rows)


def languages(visit: Visit, group: GroupVisit) -> Message:
    """The question which language the library speaks there."""
    key = group.group.key
    rows = [(_choice(name, "speak", f"{key}.{code}"),) for code, name in LANGUAGE_NAMES.items()]
    rows.append((_choice(wording.back(visit.gettext), "card", str(key)),))
    return Message(wording.ask_language(visit.gettext), tuple(rows))


def sure(visit: Visit, group: GroupVisit) -> Message:
    """The question before everything is forgotten."""
    _, key = visit.gettext, str(group.group.key)
    rows = (
        (_choice(wording.forget_yes(_), "forgotten", key),),
        (_choice(wording.back(_), "card", key),),
    )
    return Message(wording.forget_sure(_), rows)


async def stir(group: GroupVisit) -> None:
    """Something about a group changed: let the room look at it."""
    await group.session.flush()
    await timers.put(group.session, [Setting(group.group.key, ROOM, group.now, SUBJECT)])


def _choice(label: str, verb: str, argument: str) -> Choice:
    return Choice(label, Action(ROOM, verb, argument))
