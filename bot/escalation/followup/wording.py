"""Every sentence of the day after. None of them names what happened: others may see the screen."""

from collections.abc import Callable
from datetime import datetime

from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.text import paragraphs
from bot.escalation.planning.editing import ROOM
from bot.escalation.rules import PLAN, REACH, SOS, in_language
from scheduler.lanes import Lane

Translate = Callable[[str], str]


_ABOUT = "followup:"


def about_question(event_id: int) -> str:
    """What a question is about whose newest card is that event."""
    return f"{_ABOUT}{event_id}"


def question_in(about: str | None) -> int | None:
    """The event of such a question; None for any other message."""
    return int(about.removeprefix(_ABOUT)) if about is not None and about.startswith(_ABOUT) else None


def question(_: Translate, language: str, event_id: int, asked_at: datetime, not_after: datetime) -> Message:
    """How is it now? One tap, or nothing at all. `not_after` (UTC): too late to ask."""
    thing = about_question(event_id)
    return Message(
        paragraphs(
            _("Yesterday was a hard day. How is it now?"),
            _("One tap is enough. You do not have to answer."),
        ),
        (
            (Choice(_("A little better"), Action(ROOM, "better", str(event_id))),),
            (Choice(_("Still hard"), Action(ROOM, "hard", str(event_id))),),
            (_help(_, language),),
            (_plan(_, language),),
        ),
        lane=Lane.CHECKIN,
        not_after=not_after,
        dedupe_key=f"{thing}:{asked_at:%y%m%d%H%M}",
        about=thing,
    )


def better(_: Translate, language: str) -> Message:
    """After "a little better"."""
    return Message(
        paragraphs(
            _("It is good to hear that. Thank you for telling me."),
            _("It can go up and down for a while. If it gets hard again, this stays here."),
        ),
        _near(_, language),
    )


def still_hard(_: Translate, language: str) -> Message:
    """After "still hard": what helped to be ready for this, and the people who treat."""
    return Message(
        paragraphs(
            _("Thank you for telling me. It is a lot to carry, and you do not have to carry it alone."),
            _(
                "Your care team would want to know about this. You could call them, or show them this "
                "message."
            ),
            _("Here are the numbers, your plan, and words for somebody you trust."),
        ),
        (*_near(_, language), (Choice(_("Write to someone"), in_language(REACH, language)),)),
    )


def _near(_: Translate, language: str) -> Choices:
    return ((_help(_, language),), (_plan(_, language),))


def _help(_: Translate, language: str) -> Choice:
    return Choice(_("I need help now"), in_language(SOS, language))


def _plan(_: Translate, language: str) -> Choice:
    return Choice(_("My safety plan"), in_language(PLAN, language))
