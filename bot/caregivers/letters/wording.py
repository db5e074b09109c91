"""Every sentence that a caregiver is told about somebody. None of them says more than its scope."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.conversation.calendar import clock, place_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, instant, lines, paragraphs, said


def letter(name: str, body: Text) -> Text:
    """A letter: above it the caregiver's own name for whom it is about."""
    return paragraphs(bold(said(name)), body)


def seen_button(_: Gettext) -> str:
    return _("Thank you, I have seen it")


def record_button(_: Gettext) -> str:
    """For whoever may record: the same whatever was told, and however many doses that is."""
    return _("Record as taken")


def seen(_: Gettext) -> str:
    return _("Noted. Thank you.")


def dose_not_recorded(
    _: Gettext, now: Text, slot: Text, names: Sequence[str] = (), in_a_row: int = 1
) -> Text:
    """That the doses of one time are not recorded. Without names not even how many they are."""
    if len(names) > 1:
        first = compose(
            _("As of {now}, these doses of {slot} are not recorded: {names}."),
            now=now,
            slot=slot,
            names=said(", ".join(names)),
        )
    elif names:
        first = compose(
            _("As of {now}, the {slot} dose of {name} is not recorded."),
            now=now,
            slot=slot,
            name=said(names[0]),
        )
    else:
        first = compose(_("As of {now}, the {slot} dose is not recorded."), now=now, slot=slot)
    row = compose(_("At least {count} in a row are not recorded."), count=in_a_row) if in_a_row > 1 else ""
    return lines(first, row, _("That need not mean that it was not taken."))


def week(_: Gettext, recorded: int, due: int, unknown: int) -> Text:
    """The count of the week. The first sentence is right for any numbers, in every language."""
    return lines(
        compose(_("Doses recorded in the last seven days: {recorded} of {due}."), recorded=recorded, due=due),
        _unknown(_, unknown),
        _("Recorded means that there is an answer, be it that a dose was taken or that it was left out."),
    )


def _unknown(_: Gettext, count: int) -> Text | str:
    """Doses about which we could not ask: that lies with us."""
    if count == 1:
        return _("About one dose I know nothing, because I could not ask about it.")
    if not count:
        return ""
    template = _("About {unknown} doses I know nothing, because I could not ask about them.")
    return compose(template, unknown=count)


def pattern(_: Gettext) -> Text:
    return lines(
        _("Evenkeel has noticed a lasting change and has suggested talking to the care team."),
        _("Of what was noticed nothing more is told."),
    )


def low_mood(_: Gettext) -> Text:
    return lines(
        _("The last days were heavy, by their own answers."),
        _("You can ask how it is, and listen."),
    )


def need_you(_: Gettext, *, again: bool) -> Text:
    return lines(
        _("A message to you, sent by their own tap:"),
        _("“Can you be with me, or call me?”"),
        _("I say it once more because nobody has tapped yet that they have seen it.") if again else "",
    )


def moment(at: datetime, zone: tzinfo, shown_zone: str = "") -> Text:
    """An instant for somebody who may live by another clock; `shown_zone`: whose zone the words name."""
    words = clock(at.astimezone(zone).time())
    return instant(f"{words} ({place_name(shown_zone)})" if shown_zone else words, at)
