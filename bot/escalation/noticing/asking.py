"""Every sentence about what is usual for a person, and about their dose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.conversation.text import Text, bold, compose, lines, paragraphs
from bot.escalation.figures import day_words, one_decimal
from bot.escalation.recurrence.baseline import Baseline

Translate = Callable[[str], str]


def is_usual(_: Translate) -> str:
    return _("Yes, this is my usual")


def not_usual(_: Translate) -> str:
    return _("No, it was a harder time")


def not_sure(_: Translate) -> str:
    return _("I am not sure")


def usual_kept(_: Translate) -> Text:
    return compose(_("Thank you. Then this is what I compare with. /usual changes it at any time."))


def usual_begun_anew(_: Translate) -> Text:
    return compose(
        _(
            "Thank you for saying so. Then I begin anew from today, and show you in about four weeks what "
            "your check-ins were like. Until then I say little."
        )
    )


def usual_unsure(_: Translate) -> Text:
    return compose(_("That is all right. I keep it for now. /usual changes it at any time."))


# The page /usual


def usual_summary(_: Translate) -> str:
    return _("your usual, and what I compare with")


def usual_page(_: Translate, compared: Text, facts: Text, *, on: bool) -> Text:
    """What is compared with, what was declared, and whether notices come."""
    return paragraphs(
        bold(_("Your usual")),
        compared,
        facts,
        _("Notices about a change are on.") if on else _("Notices about a change are off."),
    )


def nothing_to_compare(_: Translate, answers: int, needed: int) -> Text:
    return compose(
        _("There is nothing to compare with yet. Check-ins so far: {answers}, of {needed} in four weeks."),
        answers=answers,
        needed=needed,
    )


def compared_with(_: Translate, language: str, baseline: Baseline, today: date) -> Text:
    """The baseline in words."""
    return compose(
        _(
            "I compare with {answers} check-ins from {first} to {last}. Their average is {usual} (0 is "
            "light, 10 is heavy)."
        ),
        answers=baseline.answers,
        first=day_words(language, baseline.first, today),
        last=day_words(language, baseline.last, today),
        usual=one_decimal(language, baseline.mean),
    )


@dataclass(frozen=True, slots=True)
class OfDose:
    """What holds of the person's words about their dose; None for what was not said."""

    unchanged_since: date | None = None
    helping_since: date | None = None
    not_helping: bool = False

    def __bool__(self) -> bool:
        return self != OfDose()


def declared(_: Translate, language: str, said: OfDose, today: date) -> Text:
    """What the person said of the dose."""
    told: list[Text | str] = []
    if said.unchanged_since is not None:
        day = day_words(language, said.unchanged_since, today)
        told.append(compose(_("Your dose is unchanged since about {day}, as you said."), day=day))
    if said.helping_since is not None:
        day = day_words(language, said.helping_since, today)
        told.append(compose(_("It has been helping since about {day}, as you said."), day=day))
    if said.not_helping:
        told.append(_("You said that this dose has not helped so far."))
    return lines(*told)


def lately(_: Translate) -> str:
    return _("The last four weeks are my usual")


def from_today(_: Translate) -> str:
    return _("Begin anew from today")


def about_dose(_: Translate) -> str:
    return _("About my dose")


def notices_off(_: Translate) -> str:
    return _("No more notices about a change")


def notices_on(_: Translate) -> str:
    return _("Notices about a change, please")


def taken_lately(_: Translate) -> Text:
    return compose(_("Then I take the last four weeks as your usual."))


def too_few_lately(_: Translate, answers: int, needed: int) -> Text:
    return compose(
        _("The last four weeks hold {answers} check-ins; {needed} are needed. Nothing is changed."),
        answers=answers,
        needed=needed,
    )


def off(_: Translate) -> Text:
    return compose(_("All right, no more notices about a change. /usual turns them on again."))


def on_again(_: Translate) -> Text:
    return compose(_("Thank you. Notices about a change come again."))


def resting_now(_: Translate) -> Text:
    return compose(_("It was a hard day, so I leave the numbers until tomorrow. They will still be there."))


# The questions about the dose


def ask_since(_: Translate) -> Text:
    return compose(_("Since when has your dose been the same? About is good enough."))


def ask_helping(_: Translate) -> Text:
    return compose(_("Has this dose been helping?"))


def ask_helping_since(_: Translate) -> Text:
    return compose(_("Since when, about?"))


def ago(_: Translate, days: int) -> str:
    """A button for a time that is about so many days ago."""
    return {
        14: _("Two weeks"),
        30: _("A month"),
        90: _("Three months"),
        180: _("Half a year"),
        365: _("A year or longer"),
    }[days]


def not_known(_: Translate) -> str:
    return _("I do not know")


def helping(_: Translate) -> str:
    return _("Yes, it helps")


def not_helping(_: Translate) -> str:
    return _("Not so far")


def tap_one(_: Translate) -> str:
    return _("Please tap one of the buttons, or /cancel.")


def noted(_: Translate) -> Text:
    return compose(_("Thank you, that is noted. It helps me not to draw a wrong conclusion."))
