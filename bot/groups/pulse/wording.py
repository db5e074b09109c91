"""Every sentence an admin reads about check-ins, in private."""

from collections.abc import Sequence
from datetime import datetime

from bot.conversation.calendar import clock, weekday
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs


def button(_: Gettext) -> str:
    return _("Check-in")


def settings(
    _: Gettext, question: str | None, hours: int, timing: Text | None, picture: Text | None
) -> list[tuple[str, Text | str]]:
    """What is set about a group's check-in, as names and values."""
    return [
        (_("Check-in"), timing or _("only when an admin asks for it")),
        (_("Question"), question or _("all in turn")),
        (_("Open for"), open_for(_, hours)),
        (_("Picture of the week"), picture or _("never")),
    ]


def open_one(_: Gettext, until: datetime) -> tuple[str, str]:
    """The row about an open check-in."""
    return _("Open now"), _("until {moment}").format(moment=moment(_, until))


def card(_: Gettext, rows: Sequence[tuple[str, Text | str]]) -> Text:
    """The card of a group's check-in."""
    facts = lines(*(compose("{name}: {value}", name=name, value=bold(value)) for name, value in rows))
    return paragraphs(bold(_("Check-in of the group")), facts, _explained(_))


def _explained(_: Gettext) -> str:
    return _(
        "Everybody in the group can tap an answer. Nobody sees who answered, you neither. What the group said "
        "is shown when it closes, and only if enough people are on more than one side, at least 5 or 6 on each."
    )


def open_for(_: Gettext, hours: int) -> str:
    return _("{hours} hours").format(hours=hours)


def ask_now(_: Gettext) -> str:
    return _("Ask now")


def question_button(_: Gettext) -> str:
    return _("Question")


def hours_button(_: Gettext) -> str:
    return _("Open for")


def times_button(_: Gettext) -> str:
    return _("Times")


def picture_button(_: Gettext) -> str:
    return _("Picture of the week")


def no_times(_: Gettext) -> str:
    return _("No times")


def no_picture(_: Gettext) -> str:
    return _("No picture")


def which_question(_: Gettext, questions: Sequence[tuple[str, Sequence[str]]]) -> Text:
    """The questions, each with its number and its answers."""
    listed = [
        compose(
            "{number}. {question}\n{answers}",
            number=number,
            question=bold(asked),
            answers=" / ".join(answers),
        )
        for number, (asked, answers) in enumerate(questions, 1)
    ]
    return paragraphs(*listed, _("Which one shall I ask?"))


def all_in_turn(_: Gettext) -> str:
    return _("All in turn")


def how_long(_: Gettext) -> Text:
    return compose(_("How long can it be answered?"))


def moment(_: Gettext, at: datetime) -> str:
    """A local time within a week: "Fri 21:00"."""
    return f"{weekday(_, at.weekday())} {clock(at.time())}"


def is_asked(_: Gettext) -> str:
    return _("I ask it in the group now.")


def is_open(_: Gettext) -> str:
    return _("One is open. It has to close first.")


def rests_until(_: Gettext, at: datetime) -> str:
    """Why a group cannot be asked again yet."""
    return _("A group can be asked once a day. The next time can be from {moment}.").format(
        moment=moment(_, at)
    )


def posts_rest(_: Gettext) -> str:
    return _("Everything is paused here. Let it go on first.")
