"""Every sentence around questionnaires. Their own words stand in the instruments and are never changed."""

from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from bot.questionnaires.instrument import Instrument


def offer(_: Gettext) -> Text:
    """The choice of an instrument."""
    return paragraphs(
        bold(_("A questionnaire about the last two weeks")),
        _(
            "Care teams know it well, so its result is easy to talk about. The longest form also asks about "
            "thoughts of death. You can stop at any time."
        ),
    )


def take(_: Gettext, instrument: Instrument) -> str:
    """A button that begins one."""
    count = len(instrument.items)
    return _("{name}, {count} questions").format(name=instrument.name, count=count)


def question(_: Gettext, instrument: Instrument, item: int) -> Text:
    """One item, with the notice of its makers under it."""
    number = _("{number} of {count}").format(number=item + 1, count=len(instrument.items))
    heading = compose("{title} · {number}", title=bold(instrument.name), number=number)
    return paragraphs(
        lines(heading, instrument.lead),
        bold(instrument.items[item]),
        instrument.notice if item == 0 else "",
    )


def thanks(_: Gettext, instrument: Instrument, total: int | None, worth_a_talk: bool) -> Text:
    """The end. `total` is None in calm hours, which have no numbers."""
    if total is None:
        return paragraphs(_("Thank you. Your answers are kept."))
    said = compose(
        _("Thank you. Your answers add up to {total} of {highest}."), total=total, highest=instrument.highest
    )
    talk = _(
        "With a sum like this it is usual to talk with the care team. It is no diagnosis, and it says nothing "
        "about your worth."
    )
    return paragraphs(said, talk if worth_a_talk else _("It is no diagnosis. It is a way to see change."))


def begun(_: Gettext, instrument: Instrument) -> Text:
    return compose(_("The {name}, then. Here it is."), name=instrument.name)


def every_two_weeks(_: Gettext) -> str:
    return _("Ask me every two weeks")


def no_more(_: Gettext) -> str:
    return _("Do not ask by yourself")


def comes(_: Gettext, instrument: Instrument) -> Text:
    return compose(
        _("I will bring the {name} every two weeks. Answer when you like, or not at all."),
        name=instrument.name,
    )


def comes_no_more(_: Gettext) -> Text:
    return compose(_("I will not bring it by myself. /phq opens one whenever you want."))


def back(_: Gettext) -> str:
    return _("Back")


def not_now(_: Gettext) -> str:
    return _("Not now")


def set_aside(_: Gettext) -> Text:
    return compose(_("All right, not now. Your answers are kept for three days, and /phq goes on with them."))


def moved_on(_: Gettext) -> str:
    return _("That question has been answered already.")


def is_closed(_: Gettext) -> str:
    return _("That questionnaire has closed. /phq opens a new one.")


def closed(_: Gettext, name: str) -> Text:
    return compose(_("The {name} has closed. That is all right, there is another time."), name=name)


def resting_now(_: Gettext) -> Text:
    return compose(
        _("It was a hard day, so I leave questionnaires until tomorrow. They will still be there.")
    )


def summary(_: Gettext) -> str:
    return _("a questionnaire about the last two weeks")
