"""A notice as a message, with the buttons that fit it and to what was answered."""

from datetime import datetime

from bot.conversation.catalogs import Gettext, safety
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.text import paragraphs
from bot.conversation.visit import Visit
from bot.escalation.noticing import asking, wording
from bot.escalation.noticing.told import LEVELS, Kind, Reason, Told
from bot.escalation.rules import SOS, in_language
from scheduler.lanes import Lane
from storage import notices

ROOM = "notice"


def tongue(visit: Visit) -> Gettext:
    """The person's language in this wing."""
    return safety(visit.person.language)


def key_of(thing: str | None) -> int | None:
    """The notice that a row of the outbox is about, if it is about one."""
    room, _, key = (thing or "").partition(":")
    return int(key) if room == ROOM and key.isdigit() else None


def notice(
    visit: Visit, key: int, told: Told, *, questionnaire: str | None, not_after: datetime | None = None
) -> Message:
    """The notice `key`, with what was answered to it so far.

    `questionnaire` is the instrument that is offered with it, if one is.
    """
    _, language = tongue(visit), visit.person.language
    text = paragraphs(wording.notice(_, language, told), wording.answered(_, told))
    return Message(
        text,
        (*_onward(_, told, questionnaire), *_answers(_, key, told), (help_choice(visit),)),
        lane=Lane.REPLY if not_after is None else Lane.CHECKIN,
        not_after=not_after,
        dedupe_key=notices.about(key) if not_after is not None else None,
        about=notices.about(key),
    )


def reasons(visit: Visit, key: int) -> Message:
    """What the person may know to be behind it, one tap."""
    _ = tongue(visit)
    rows = [(_button(wording.reason(_, why), "because", f"{key}.{why.value}"),) for why in Reason]
    back = (_button(wording.back(_), "shown", str(key)),)
    return Message(wording.why(_), (*rows, back, (help_choice(visit),)), about=notices.about(key))


def help_choice(visit: Visit) -> Choice:
    """The help button in the person's language."""
    return Choice(wording.help_label(tongue(visit)), in_language(SOS, visit.person.language))


def to_care_team(_: Gettext) -> Choice:
    """The way to the people who treat."""
    return Choice(wording.care(_), Action("care", "show", apart=True), "primary")


def _onward(_: Gettext, told: Told, questionnaire: str | None) -> Choices:
    """The next steps: the care team where it is suggested, a questionnaire where it may help."""
    rows = []
    if told.kind in (Kind.CONCERN, Kind.CONFIRMED):
        rows.append((to_care_team(_),))
    if questionnaire is not None and told.kind in (*LEVELS, Kind.RESTLESS):
        rows.append((Choice(wording.questionnaire(_), Action("phq", "begin", questionnaire, apart=True)),))
    return tuple(rows)


def _answers(_: Gettext, key: int, told: Told) -> Choices:
    """What has not been answered yet."""
    if told.kind is Kind.BASELINE:
        return _usual(_, key) if told.useful is None else ()
    useful = (
        _button(wording.useful(_), "useful", f"{key}.y"),
        _button(wording.not_useful(_), "useful", f"{key}.n"),
    )
    rows = [useful] if told.useful is None else []
    if told.kind in LEVELS and told.reason is None and told.later is None:
        rows.append(
            (_button(wording.know_why(_), "why", str(key)), _button(wording.later(_), "later", str(key)))
        )
    return tuple(rows)


def _usual(_: Gettext, key: int) -> Choices:
    return (
        (_button(asking.is_usual(_), "usual", f"{key}.yes"),),
        (_button(asking.not_usual(_), "usual", f"{key}.no"),),
        (_button(asking.not_sure(_), "usual", f"{key}.unsure"),),
    )


def _button(label: str, verb: str, argument: str) -> Choice:
    return Choice(label, Action(ROOM, verb, argument))
