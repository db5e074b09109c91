"""Every sentence about what is left of a medicine."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from bot.conversation.calendar import day_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.medicines.stocking import Supply


def count(_: Gettext) -> str:
    return _("Count what is left")


def stock(_: Gettext) -> str:
    return _("What is left")


def number(value: Decimal) -> str:
    """A number without the zeros at its end: 3.5, 28."""
    return f"{value.normalize():f}"


def line(_: Gettext, supply: Supply) -> Text:
    """How much is left, and until when it lasts."""
    left = compose(_("Left: {left}"), left=number(supply.left))
    if supply.runs_out is None:
        return left
    return lines(left, compose(_("From {day} on there is not enough."), day=day_name(_, supply.runs_out)))


def page(_: Gettext, name: str, supply: Supply, amounts: Sequence[str] = ()) -> Text:
    """Everything about what is left of one medicine; `amounts` are those of a plan."""
    return paragraphs(
        bold(said(name)),
        lines(line(_, supply), *_per_dose(_, supply, amounts), remind_line(_, supply.row.lead_days)),
        _("I count down with every dose that you record as taken, from what you told me."),
    )


def _per_dose(_: Gettext, supply: Supply, amounts: Sequence[str]) -> Iterator[Text]:
    usual = number(supply.row.per_dose)
    if not any(amount in supply.per_amount for amount in amounts) or len(amounts) == 1:
        taken = supply.per_amount.get(amounts[0], supply.row.per_dose) if amounts else supply.row.per_dose
        yield compose(_("Each dose takes {per_dose}."), per_dose=number(taken))
        return
    for amount in amounts:
        told = supply.per_amount.get(amount)
        name = amount_name(_, amount)
        if told is not None:
            yield compose(_("A dose of {amount} takes {number}."), amount=name, number=number(told))
        else:
            unsaid = _("A dose of {amount}: not said yet, I reckon with {number}.")
            yield compose(unsaid, amount=name, number=usual)


def amount_name(_: Gettext, amount: str) -> Text:
    """An amount in the person's words."""
    return said(amount) if amount else compose(_("an amount that you left out"))


def remind_line(_: Gettext, lead_days: int) -> Text:
    if not lead_days:
        return compose(_("I do not remind you of a refill."))
    if lead_days == 1:
        return compose(_("I remind you the day before it runs out."))
    return compose(_("I remind you {days} days before it runs out."), days=lead_days)


def ask_left(_: Gettext, name: str) -> Text:
    return compose(
        _("How much of {name} do you have now? Count tablets, capsules or millilitres and write the number."),
        name=said(name),
    )


def ask_per_dose(_: Gettext) -> Text:
    return compose(_("How many of these does each dose take? Write the number; a half is ½ or 0.5."))


def ask_per_amount(_: Gettext, amounts: Sequence[str], amount: str) -> Text:
    """The same for a plan: of each of its amounts."""
    intro = _("Your plan has {count} amounts, so I ask for each of them.") if amount == amounts[0] else ""
    return paragraphs(
        compose(intro, count=len(amounts)) if intro else "",
        compose(
            _("How many of these does a dose of {amount} take? Write the number; a half is ½ or 0.5."),
            amount=bold(amount_name(_, amount)),
        ),
    )


def amounts_unsaid(_: Gettext) -> Text:
    return compose(
        _(
            "I count what is left of it. How much does a dose of each amount take? Until you say it, I "
            "reckon with what one took before."
        )
    )


def amount_changed(_: Gettext, per_dose: Decimal) -> Text:
    """What is left is reckoned with the number that was said before."""
    told = _("I count what is left of it, and a dose took {number}. If it takes more or less now, tell me.")
    return compose(told, number=number(per_dose))


def ask_lead(_: Gettext) -> Text:
    return compose(_("How many days before it runs out shall I remind you? Tap a number or type one."))


def no_reminder(_: Gettext) -> str:
    return _("No reminder")


def number_refused(_: Gettext) -> str:
    return _("Please write one number, up to 10000, such as 28 or 3.5.")


def per_dose_refused(_: Gettext) -> str:
    return _("Please write one number that is more than 0, such as 1 or 0.5.")


def lead_refused(_: Gettext, most: int) -> str:
    return _("Please tap or write a number of days from 1 to {most}.").format(most=most)


def count_again(_: Gettext) -> str:
    return _("Count again")


def change_per_dose(_: Gettext) -> str:
    return _("Change what a dose takes")


def change_lead(_: Gettext) -> str:
    return _("Change the reminder")


def off(_: Gettext) -> str:
    return _("Do not count it any more")


def forgotten(_: Gettext) -> str:
    return _("It is no longer counted.")


def refill(_: Gettext, name: str, number_in_list: int, runs_out: date, left: Decimal) -> Text:
    """The reminder; without a name and an amount in discreet mode."""
    if not name:
        return paragraphs(
            compose(
                _("Medicine {number} will soon run out: from {day} on there is not enough."),
                number=number_in_list,
                day=day_name(_, runs_out),
            ),
            _("If you need more, this may be a good moment to get it."),
        )
    return paragraphs(
        compose(
            _("{name} will soon run out: {left} left, and from {day} on there is not enough."),
            name=bold(said(name)),
            left=number(left),
            day=day_name(_, runs_out),
        ),
        _("If you need more, this may be a good moment to get it."),
    )
