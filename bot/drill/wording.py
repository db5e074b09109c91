"""What a drill says to the operator, before and after the cards."""

from bot.conversation.catalogs import Gettext
from bot.conversation.message import Message
from bot.conversation.text import compose, lines
from bot.drill.report import Report, Result


def opening(_: Gettext) -> Message:
    """Before the first card."""
    return Message(
        lines(
            _("This is a drill. The cards that follow are real ones, and nobody is in danger."),
            _("Nothing of it is recorded about you. If you need help yourself, write /sos at any time."),
        )
    )


def closing(_: Gettext, report: Report) -> Message:
    """The result, in one message."""
    handed, accepted = report.slowest()
    count = str(len(report.results))
    times = compose(
        _("The slowest card left after {handed} ms and was accepted after {accepted} ms."),
        handed=f"{handed:.0f}",
        accepted=f"{accepted:.0f}",
    )
    if report.well:
        return Message(
            lines(compose(_("The drill is over. All {count} cards came and were right."), count=count), times)
        )
    head = compose(
        _("The drill is over. Cards that came and were right: {right} of {count}. What went wrong:"),
        count=count,
        right=str(len(report.results) - len(report.failed)),
    )
    return Message(lines(head, *(_fault(result) for result in report.failed), times))


def _fault(result: Result) -> str:
    return f"{result.name}: {'; '.join(result.wrong)}"
