"""What the person reads about what they share after a backup was put back."""

from collections.abc import Sequence

from bot.caregivers.wording import named, scope_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from storage.bonds import Name
from storage.vocabulary import Scope


def undone(_: Gettext, found: Sequence[Text]) -> Text:
    return paragraphs(
        bold(_("What you share with caregivers")),
        _(
            "Something of mine was lost, and I go on from an older copy. To be on the safe side, this is off now, "
            "also where you had switched it on again in the meantime:"
        ),
        lines(*found),
        _(
            "/caregivers shows how everything stands, and switches on again what you want, or ends a pause. Whom "
            "you ended, or invited lately, you can invite anew. Nobody is told of this but you."
        ),
    )


def off(_: Gettext, name: Name, kind: Scope) -> Text:
    return compose(_("· {name}: {what}"), name=named(_, name), what=scope_name(_, kind))


def paused(_: Gettext, name: Name) -> Text:
    return compose(_("· {name}: paused"), name=named(_, name))


def ended(_: Gettext, name: Name) -> Text:
    return compose(_("· {name}: ended"), name=named(_, name))


def invitation(_: Gettext) -> Text:
    return compose(_("· an invitation: whoever agreed to it lately is not known any more"))
