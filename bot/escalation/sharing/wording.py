"""The words about sharing. They accuse nobody, and their first line may be read on a locked screen."""

from collections.abc import Callable

from bot.conversation.text import Text, bold, compose, lines, paragraphs
from bot.escalation.lines.routes import checked, line_text
from bot.escalation.rules import CardFacts
from bot.escalation.wording import danger

Translate = Callable[[str], str]


def information(_: Translate, facts: CardFacts) -> Text:
    """Nobody has to share; how to stop without anybody seeing it; who listens, and the number in danger."""
    return paragraphs(
        bold(_("About sharing, in general")),
        _(
            "I send this now and then to people who share something, mostly after something about it has "
            "changed. It says nothing about you or anybody else."
        ),
        _(
            "You do not have to share anything with anybody. You can stop at any time, and you need no reason."
        ),
        _(
            "In /caregivers you can pause or end it with one tap. The other person is not told, and their chat "
            "looks the same as before."
        ),
        _("If somebody close to you controls you, threatens you or hurts you, others can help:"),
        *(line_text(_, line, dated=not facts.alike) for line in facts.lines),
        checked(_, facts.lines[0].verified_how, facts.lines[0].verified_on.isoformat())
        if facts.lines and facts.alike
        else "",
        lines(_("You can find help near you here:"), *facts.finders) if facts.finders else "",
        danger(_, facts),
        _("A call may stay in the list of calls. This message stays in this chat until you delete it."),
    )


def delete(_: Translate) -> str:
    return _("Delete this message")


def deleted(_: Translate) -> Text:
    """What is left of it where the platform does not let go of the message itself."""
    return compose(_("This message is deleted."))
