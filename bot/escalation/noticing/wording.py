"""Every sentence about a pattern: what was seen, with numbers and gaps, what it is not, and a next step.

Nothing here predicts, names an illness the person was not told of by others, or says what to do with a dose.
"""

from collections.abc import Callable
from datetime import date

from bot.conversation.text import Text, bold, compose, lines, paragraphs
from bot.escalation.figures import day_words, one_decimal
from bot.escalation.noticing.rules import names_breakthrough
from bot.escalation.noticing.told import LEVELS, Kind, Reason, Told
from bot.escalation.recurrence.classes import Pattern

Translate = Callable[[str], str]


def notice(_: Translate, language: str, told: Told) -> Text:
    """The words of a notice about the pattern. Raises KeyError for a kind that is told elsewhere."""
    return {
        Kind.WATCH: _watch,
        Kind.CONCERN: _concern,
        Kind.CONFIRMED: _concern,
        Kind.CLEARED: _cleared,
        Kind.RESTLESS: _restless,
        Kind.BASELINE: _baseline,
    }[told.kind](_, language, told)


def _watch(_: Translate, language: str, told: Told) -> Text:
    return paragraphs(
        bold(_("Your mood has been lower than your usual lately.")),
        _numbers(_, language, told),
        _restless_line(_, told),
        _("It can be a few hard days, and it can pass. This is not a diagnosis."),
        _("A questionnaire can give a clearer picture, if you would like one."),
    )


def _concern(_: Translate, language: str, told: Told) -> Text:
    return paragraphs(
        bold(_since_when(_, language, told)),
        lines(_numbers(_, language, told), _certain(_, told)),
        _what_it_looks_like(_, told),
        _restless_line(_, told),
        lines(
            _("This is not a diagnosis. Please do not stop or change the medicine on your own."),
            _(
                "A good next step is to tell your care team. There are words ready for them, and a page for "
                "the visit."
            ),
        ),
    )


def _since_when(_: Translate, language: str, told: Told) -> Text:
    if told.since is None:
        return compose(_("Your mood has been lower than your usual lately."))
    day = day_words(language, told.since, told.on)
    return compose(_("Your mood has been lower than your usual since {day}."), day=day)


def _numbers(_: Translate, language: str, told: Told) -> Text:
    """How many answers, how far from the usual, and what is not known."""
    if told.average is None or told.baseline_mean is None:
        return compose("")
    seen = compose(
        _(
            "After {above} of your last {of} check-ins, the running average was clearly above your usual. It is "
            "{average} now, your usual is {usual} (0 is light, 10 is heavy)."
        ),
        above=told.above,
        of=told.of,
        average=one_decimal(language, told.average),
        usual=one_decimal(language, told.baseline_mean),
    )
    return lines(seen, _gaps(_, told))


def _gaps(_: Translate, told: Told) -> Text:
    if told.gaps == 0:
        return compose(_("There was a check-in on every day of this time."))
    return compose(_("Days without a check-in in this time: {gaps}."), gaps=told.gaps)


def _certain(_: Translate, told: Told) -> Text:
    if told.kind is not Kind.CONFIRMED:
        return compose("")
    if told.phq is not None:
        return compose(
            _("Your questionnaire points the same way: its answers add up to {phq}."), phq=told.phq
        )
    return compose(_("It has lasted for two weeks or longer."))


def _what_it_looks_like(_: Translate, told: Told) -> Text:
    """The class in plain words. Missed doses are looked at before anything is said about the medicine."""
    doses = _doses(_, told)
    match told.pattern:
        case Pattern.UNKNOWN_ADHERENCE:
            return _unknown(_, told)
        case Pattern.MISSED_DOSES:
            return paragraphs(
                doses,
                _(
                    "Doses that were not taken can be one reason. That happens to many people, for many good "
                    "reasons, and your care team can help with it."
                ),
            )
        case Pattern.DOSE_CHANGE:
            return paragraphs(
                compose(_("A dose or a medicine changed {days} days ago."), days=told.stable_days or 0),
                _("After a change it can take some weeks until it is clear how it works."),
                doses,
            )
        case None:
            return paragraphs(
                doses,
                _(
                    "I do not know for how long your dose has been the same, so I cannot say what it looks "
                    "like. /usual can tell me: tap “About my dose” there."
                ),
            )
        case Pattern.INADEQUATE_RESPONSE:
            return paragraphs(
                doses,
                _(
                    "On this dose there were no three weeks in a row with a light mood so far. Your care "
                    "team knows what can be done then."
                ),
            )
    return paragraphs(doses, _breakthrough(_, told))


def _doses(_: Translate, told: Told) -> Text:
    recorded = compose(
        _(
            "Doses in this time and the two weeks before: {taken} taken of {answered} recorded, {due} were due."
        ),
        taken=told.taken,
        answered=told.answered,
        due=told.due,
    )
    if told.missed_run < 2:
        return recorded
    run = compose(_("Days in a row without a recorded dose: {days}."), days=told.missed_run)
    return lines(recorded, run)


def _unknown(_: Translate, told: Told) -> Text:
    if told.due == 0:
        return compose(_("Nothing is recorded about doses, so I cannot say more about them."))
    return compose(
        _(
            "It is recorded for {answered} of {due} doses whether they were taken. That is too little to say "
            "more about them. With more answers I could say more."
        ),
        answered=told.answered,
        due=told.due,
    )


def _breakthrough(_: Translate, told: Told) -> Text:
    if names_breakthrough(told):
        return paragraphs(
            _(
                "When symptoms come back although a medicine that used to help is taken, this is called "
                "breakthrough depression."
            ),
            _("It can happen to people who take their medicine as prescribed, and it is nobody's fault."),
        )
    return paragraphs(
        _("The doses were taken, and the dose has been the same for a while. So neither of them explains it.")
    )


def _restless_line(_: Translate, told: Told) -> str:
    return (
        _("You have been more restless than usual, too. By itself that says little.") if told.restless else ""
    )


def _cleared(_: Translate, language: str, told: Told) -> Text:
    return paragraphs(
        compose(
            _("Your check-ins are near your usual again (average {average}, your usual {usual})."),
            average=one_decimal(language, told.average or 0.0),
            usual=one_decimal(language, told.baseline_mean or 0.0),
        ),
        _("If something is planned with your care team, it is still worth keeping."),
    )


def _restless(_: Translate, _language: str, _told: Told) -> Text:
    return paragraphs(
        bold(_("You have been more restless than your usual lately.")),
        _("By itself this says nothing about your mood. This is not a diagnosis."),
        _("A questionnaire can give a clearer picture, if you would like one."),
    )


def _baseline(_: Translate, language: str, told: Told) -> Text:
    return paragraphs(
        bold(_("This is what your check-ins have been like.")),
        compose(
            _(
                "From {first} to {last} there were {answers} check-ins, with an average of {usual} (0 is light, "
                "10 is heavy). I compare with these days from now on."
            ),
            first=day_words(language, told.since, told.on) if told.since else "",
            last=day_words(language, told.until or told.on, told.on),
            answers=told.of,
            usual=one_decimal(language, told.baseline_mean or 0.0),
        ),
        bold(_("Is this your usual?")),
    )


# Buttons


def useful(_: Translate) -> str:
    return _("This is useful")


def not_useful(_: Translate) -> str:
    return _("Not useful")


def know_why(_: Translate) -> str:
    return _("I know why")


def later(_: Translate) -> str:
    return _("Remind me in a week")


def care(_: Translate) -> str:
    return _("My care team")


def questionnaire(_: Translate) -> str:
    return _("Answer a questionnaire")


def reason(_: Translate, why: Reason) -> str:
    """A button for what the person knows to be behind it."""
    return {
        Reason.LIFE_EVENT: _("Something happened in my life"),
        Reason.ILLNESS: _("I am ill"),
        Reason.HOLIDAY: _("Holiday or travel"),
        Reason.OTHER: _("Something else"),
    }[why]


def back(_: Translate) -> str:
    return _("Back")


# Answers


def answered(_: Translate, told: Told) -> str:
    """One line about what the person answered to a notice; empty when nothing."""
    if told.reason is not None:
        return _("Thank you, that is noted. I will not bring this up again unless it becomes clearer.")
    if told.later is not None:
        return _("All right. I will come back to this in a week if it is still so.")
    if told.useful is not None:
        return _("Thank you for telling me.")
    return ""


def why(_: Translate) -> Text:
    return compose(_("What do you think is behind it? One tap is enough."))


# The chart


def chart_caption(_: Translate, language: str, first: date, last: date, told: Told) -> Text:
    """The chart in words."""
    span = compose(
        _("Your mood from {first} to {last}."),
        first=day_words(language, first, last),
        last=day_words(language, last, last),
    )
    if told.kind not in LEVELS or told.baseline_mean is None:
        return span
    usual = compose(
        _("The band is your usual, around {usual}."), usual=one_decimal(language, told.baseline_mean)
    )
    return lines(span, usual)


def chart_title(_: Translate) -> str:
    return _("Mood and doses")


def chart_key(_: Translate) -> dict[str, str]:
    """The labels of the chart's parts."""
    return {
        "top": _("heavier"),
        "bottom": _("lighter"),
        "usual": _("your usual"),
        "taken": _("doses taken"),
        "partly": _("some not recorded"),
        "none": _("none recorded"),
        "changed": _("dose changed"),
    }


def help_label(_: Translate) -> str:
    return _("I need help now")


def gone(_: Translate) -> str:
    return _("This is not here any more.")
