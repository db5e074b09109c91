"""What the bot says of itself about the care team, and what it says to the answers."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from bot.escalation.care import rules
from bot.escalation.care.dates import Why
from bot.escalation.care.file import Appointment, File
from bot.escalation.care.wording import ROOM, help_row, numbered, summary_row, team_row, when, write_row
from bot.escalation.figures import day_words
from scheduler.lanes import Lane

Translate = Callable[[str], str]

# What a message speaks of: something newer about it holds the older back.
VISIT, FOLLOW, REVIEW = "care:visit", "care:follow", "care:review"


def reminder(
    _: Translate, language: str, planned: Appointment, file: File, today: date, not_after: datetime, key: str
) -> Message:
    """The day before an appointment. `not_after` (UTC): when it begins. `key` names this sending."""
    questions = lines(_("Your questions:"), *numbered(file)) if file.questions else Text("")
    return Message(
        paragraphs(
            bold(_("Your appointment")),
            when(_, language, planned, today),
            questions or _("If you want to ask something, /care can hold your questions."),
            _("A summary of the last weeks can help in the talk."),
        ),
        (summary_row(_), team_row(_), help_row(_, language)),
        lane=Lane.CHECKIN,
        not_after=not_after,
        dedupe_key=key,
        about=VISIT,
    )


def question(_: Translate, language: str, not_after: datetime, key: str) -> Message:
    """Was the team reached? One tap, or nothing at all. `not_after` (UTC): too late to ask."""
    return Message(
        paragraphs(_("Did you reach your care team?"), _("One tap is enough. You do not have to answer.")),
        (
            (Choice(_("Yes, we talked"), Action(ROOM, "talked"), "success"),),
            (Choice(_("Not yet"), Action(ROOM, "notyet")),),
            (Choice(_("I'd rather not say"), Action(ROOM, "unsaid")),),
            help_row(_, language),
        ),
        lane=Lane.CHECKIN,
        not_after=not_after,
        dedupe_key=key,
        about=FOLLOW,
    )


def not_yet(_: Translate, language: str, days: int | None) -> Message:
    """It can take several tries. `days`: when it is asked once more; None for never."""
    again = ""
    if days is not None:
        again = compose(_("I ask once more in about {days} days, and then not again."), days=days).plain
    return Message(
        paragraphs(
            _("Thank you for telling me. It can take a few tries to reach them, and that is all right."),
            _("If it is easier to begin with a message, there are words ready for you."),
            again,
        ),
        (write_row(_), team_row(_), help_row(_, language)),
    )


def unsaid(_: Translate, language: str) -> Message:
    """No second question, no reason asked."""
    return Message(
        paragraphs(
            _("That is all right. You do not have to say, and I will not ask again about this."),
            _("Your care team is one tap away in /care."),
        ),
        (team_row(_), help_row(_, language)),
    )


def ask_outcome(_: Translate, chosen: Collection[str]) -> Text:
    return paragraphs(
        _("It is good that you talked. What came of it?"),
        _("Tap all that fits, then Done.") if not chosen else _("Tap Done when nothing else fits."),
    )


def outcome(_: Translate, what: str) -> str:
    """What can come of a talk."""
    return {
        rules.DOSE: _("The dose changed"),
        rules.MEDICINE: _("Another medicine"),
        rules.SAME: _("It stays as it is"),
        rules.APPOINTMENT: _("An appointment was made"),
        rules.ELSE: _("Something else"),
    }[what]


def done(_: Translate) -> str:
    return _("Done")


def ask_since(_: Translate) -> Text:
    return paragraphs(
        _("From which day on does the change hold?"),
        _("Tap a day, or write a date like 2026-03-12 or 12.3.2026."),
    )


def today(_: Translate) -> str:
    return _("Today")


def yesterday(_: Translate) -> str:
    return _("Yesterday")


def unknown_day(_: Translate) -> str:
    return _("I don't know the day")


def since_refused(_: Translate, why: Why) -> str:
    """Why a day cannot be that of a change."""
    return {
        Why.NOT_A_DATE: _("I could not read that as a date."),
        Why.TOO_EARLY: _("That is more than 90 days ago. I can note a day within the last 90 days."),
        Why.TOO_LATE: _("That day has not come yet. Once it has, “We talked” in /care can note it."),
    }[why]


def outcome_noted(_: Translate, language: str, changed: date | None, at: date) -> Message:
    """After the talk: what was noted, and where the amount is kept."""
    change: Text | str = ""
    if changed is not None:
        change = paragraphs(
            compose(_("Noted: changed from {day} on."), day=day_words(language, changed, at)),
            _("The name and the amount that I show are in /meds. You can change them there."),
        )
    return Message(
        paragraphs(_("Thank you. I noted that you talked."), change), (team_row(_), help_row(_, language))
    )


def review(
    _: Translate,
    language: str,
    last: date | None,
    since: date,
    at: date,
    again: int,
    not_after: datetime,
    key: str,
) -> Message:
    """It is a while since the `last` review, or since the person began. Today is `at`.

    `again`: in how many days this is said once more at the earliest. `not_after` (UTC): too late to say it.
    """
    return Message(
        paragraphs(
            _how_long(_, language, last, since, at),
            _(
                "For people who go on with an antidepressant, guidelines advise a talk with the care team at "
                "least every six months: how it goes, what it does, and what comes next."
            ),
            _(
                "If you talked elsewhere, tap “We talked”. Please do not stop or change the medicine on your "
                "own."
            ),
            compose(_("I say this again in {days} days at the earliest."), days=again),
        ),
        _review_rows(_, language),
        lane=Lane.CHECKIN,
        not_after=not_after,
        dedupe_key=key,
        about=REVIEW,
    )


def _how_long(_: Translate, language: str, last: date | None, since: date, at: date) -> Text:
    if last is not None:
        return compose(
            _("The last talk about your treatment that is noted here was on {day}."),
            day=day_words(language, last, at),
        )
    return compose(
        _("No talk about your treatment is noted here since you began on {day}."),
        day=day_words(language, since, at),
    )


def _review_rows(_: Translate, language: str) -> Choices:
    return (
        (Choice(_("We talked"), Action(ROOM, "talked")),),
        (Choice(_("Appointment"), Action(ROOM, "visit")),),
        write_row(_),
        team_row(_),
        help_row(_, language),
    )
