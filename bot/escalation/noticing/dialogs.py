"""The questions about the dose, as data: since when it is the same, and whether it has been helping."""

from bot.conversation.catalogs import Gettext, safety
from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.escalation.noticing import asking

# Keys of the answers: the person's language, and days counted back from today; None where it is not known.
LANGUAGE, SINCE, HELPING, HELPED = "language", "since", "helping", "helped"

AGO = (14, 30, 90, 180, 365)
_UNKNOWN, _YES, _NO = "unknown", "yes", "no"


def _tongue(answers: Answers) -> Gettext:
    return safety(answers[LANGUAGE])


def _spans(_: Gettext) -> tuple[tuple[Option, ...], ...]:
    options = [Option(asking.ago(_, days), str(days)) for days in AGO]
    return (*((option,) for option in options), (Option(asking.not_known(_), _UNKNOWN),))


def ask_since(_context: Context, answers: Answers) -> Prompt:
    _ = _tongue(answers)
    return Prompt(asking.ask_since(_), _spans(_))


def read_since(_context: Context, answers: Answers, reply: Reply) -> Read:
    return _read_span(answers, reply, SINCE)


def ask_helping(_context: Context, answers: Answers) -> Prompt:
    _ = _tongue(answers)
    labels = ((asking.helping(_), _YES), (asking.not_helping(_), _NO), (asking.not_known(_), _UNKNOWN))
    return Prompt(asking.ask_helping(_), tuple((Option(label, value),) for label, value in labels))


def read_helping(_context: Context, answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "yes":
            return Got({HELPING: True}, then="when")
        case "no":
            return Got({HELPING: False, HELPED: None})
        case "unknown":
            return Got({HELPING: None, HELPED: None})
    return Again(asking.tap_one(_tongue(answers)))


def ask_when(_context: Context, answers: Answers) -> Prompt:
    _ = _tongue(answers)
    return Prompt(asking.ask_helping_since(_), _spans(_))


def read_when(_context: Context, answers: Answers, reply: Reply) -> Read:
    return _read_span(answers, reply, HELPED)


def _read_span(answers: Answers, reply: Reply, key: str) -> Read:
    if reply.option == _UNKNOWN:
        return Got({key: None})
    if reply.option in {str(days) for days in AGO}:
        return Got({key: int(reply.option)})
    return Again(asking.tap_one(_tongue(answers)))


DOSE = Dialog(
    "dose",
    (
        Step("since", ask_since, read_since, then="helping"),
        Step("helping", ask_helping, read_helping),
        Step("when", ask_when, read_when),
    ),
)
