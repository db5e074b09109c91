"""The dialogs about the care team as data: somebody in it, words, a question, an appointment, a talk."""

from datetime import date, time, timedelta
from typing import Any

from bot.conversation.calendar import clock
from bot.conversation.catalogs import Gettext, safety
from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.conversation.text import clean, said
from bot.conversation.times import Ambiguous, Understood, read_clock
from bot.escalation.care import asking, rules, team, wording
from bot.escalation.care.dates import Span, Why, read_day
from bot.escalation.care.file import LONGEST_DRAFT, LONGEST_QUESTION
from bot.escalation.care.team import Contact, Role
from bot.escalation.figures import day_words
from bot.escalation.planning.dialogs import LEAVE, read_name
from bot.escalation.planning.editing import name_refused
from bot.escalation.planning.plan import LONGEST_NAME, acceptable_name, as_typed, units
from scheduler.localtime import local_day, zone

# Keys of the answers.
LANGUAGE, COUNTRY = "language", "country"
CONTACT, NAME, ROLE, PHONE, EMAIL = "contact", "name", "role", "phone", "email"
WORDS, NOW = "words", "now"
ON, AT, WITH, TEAM, OPTIONS = "on", "at", "with", "team", "options"
CHOSEN, SINCE = "chosen", "since"

_OWN_WAY, _NONE, _DONE = "own", "none", "done"


def _tongue(answers: Answers) -> Gettext:
    return safety(answers[LANGUAGE])


def _today(context: Context) -> date:
    return local_day(context.now, zone(context.zone or "UTC"))


# Somebody in the team


def ask_name(_context: Context, answers: Answers) -> Prompt:
    _, now = _tongue(answers), answers.get(NAME, "")
    return Prompt(wording.ask_name(_, now), ((Option(wording.leave(_), LEAVE),),) if now else ())


def ask_role(_context: Context, answers: Answers) -> Prompt:
    _, now = _tongue(answers), Role(answers[ROLE]) if ROLE in answers else None
    roles = [Option(wording.role(_, each), each.value) for each in Role]
    rows = [tuple(roles[at : at + 2]) for at in range(0, len(roles), 2)]
    if now is not None:
        rows.append((Option(wording.leave(_), LEAVE),))
    return Prompt(wording.ask_role(_, answers[NAME], now), tuple(rows))


def read_role(_context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == LEAVE and ROLE in answers:
        return Got({})
    if reply.option not in set(Role):
        return Again(wording.tap_one(_tongue(answers)))
    return Got({ROLE: reply.option})


def ask_ways(_context: Context, answers: Answers) -> Prompt:
    _ = _tongue(answers)
    now = _known(answers)
    rows = [(Option(wording.my_own_way(_), _OWN_WAY),)]
    if now is not None:
        rows.append((Option(wording.leave(_), LEAVE),))
    return Prompt(wording.ask_ways(_, answers[NAME], now), tuple(rows))


def read_ways(_context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == LEAVE and _known(answers) is not None:
        return Got({})
    if reply.option == _OWN_WAY:
        return Got({PHONE: "", EMAIL: ""})
    ways = team.read_ways(reply.text or "", answers[COUNTRY])
    if ways is None:
        return Again(wording.ways_refused(_tongue(answers)))
    return Got({PHONE: ways.phone, EMAIL: ways.email})


def _known(answers: Answers) -> Contact | None:
    """Who is being changed, as they were."""
    return contact_in(answers) if PHONE in answers else None


def contact_in(answers: Answers) -> Contact:
    """The contact that the answers make."""
    key = int(answers[CONTACT])
    return Contact(answers[NAME], Role(answers[ROLE]), answers[PHONE], answers[EMAIL], key)


def answers_of(contact: Contact) -> dict[str, Any]:
    """What is known of a contact who is about to be changed."""
    return {**team.content_of(contact), CONTACT: contact.key}


# Words for the team, and one question


def ask_draft(_context: Context, answers: Answers) -> Prompt:
    _, now = _tongue(answers), answers[NOW]
    rows = ((Option(wording.leave(_), LEAVE),),) if now else ()
    return Prompt(wording.ask_own_words(_, LONGEST_DRAFT, now), rows)


def read_draft(_context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == LEAVE:
        return Got({WORDS: answers[NOW]})
    return _read_words(answers, as_typed(reply.text or ""), LONGEST_DRAFT)


def ask_question(_context: Context, answers: Answers) -> Prompt:
    return Prompt(wording.ask_question(_tongue(answers), LONGEST_QUESTION))


def read_question(_context: Context, answers: Answers, reply: Reply) -> Read:
    return _read_words(answers, clean(reply.text or ""), LONGEST_QUESTION)


def _read_words(answers: Answers, words: str, most: int) -> Read:
    if not any(letter.isalnum() for letter in words):
        return Again(wording.nothing_readable(_tongue(answers)))
    if units(words) > most:
        return Again(wording.too_long(_tongue(answers), most))
    return Got({WORDS: words})


# An appointment


def ask_day(context: Context, answers: Answers) -> Prompt:
    _, language, today = _tongue(answers), answers[LANGUAGE], _today(context)
    days = [(ahead, today + timedelta(days=ahead)) for ahead in rules.OFFERED_DAYS]
    rows = [
        (Option(wording.offered_day(_, language, ahead, day, today), day.isoformat()),) for ahead, day in days
    ]
    return Prompt(wording.ask_day(_), tuple(rows))


def read_appointment_day(context: Context, answers: Answers, reply: Reply) -> Read:
    found = _read_day(reply, rules.appointment_days(_today(context)))
    if isinstance(found, Why):
        return Again(wording.day_refused(_tongue(answers), found))
    return _one_or_ask(found, ON)


def _read_day(reply: Reply, span: Span) -> tuple[date, ...] | Why:
    return read_day(reply.option if reply.option is not None else reply.text or "", span)


def _one_or_ask(days: tuple[date, ...], key: str) -> Read:
    if len(days) > 1:
        return Got({OPTIONS: [day.isoformat() for day in days]}, then="which")
    return Got({key: days[0].isoformat()})


def ask_which_day(context: Context, answers: Answers) -> Prompt:
    language, today = answers[LANGUAGE], _today(context)
    days = [date.fromisoformat(day) for day in answers[OPTIONS]]
    rows = tuple((Option(day_words(language, day, today), day.isoformat()),) for day in days)
    return Prompt(wording.which_day(_tongue(answers)), rows)


def ask_time(context: Context, answers: Answers) -> Prompt:
    _, day = _tongue(answers), date.fromisoformat(answers[ON])
    text = wording.ask_time(_, answers[LANGUAGE], day, _today(context))
    return Prompt(text, ((Option(wording.no_time(_), _NONE),),))


def read_time(_context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == _NONE:
        return Got({AT: None}, then="with")
    reading = read_clock(reply.option or reply.text or "")
    match reading:
        case Understood(value=at):
            return Got({AT: clock(at)}, then="with")
        case Ambiguous(options=options):
            return Got({OPTIONS: [clock(at) for at in options]}, then="clock")
    return Again(wording.time_refused(_tongue(answers)))


def ask_which_time(_context: Context, answers: Answers) -> Prompt:
    options = tuple(Option(at, at) for at in answers[OPTIONS])
    return Prompt(wording.which_time(_tongue(answers)), (options,))


def ask_with(_context: Context, answers: Answers) -> Prompt:
    _ = _tongue(answers)
    names = [(Option(said(name).plain, key),) for key, name in answers[TEAM]]
    return Prompt(wording.ask_with(_), (*names, (Option(wording.nobody_named(_), _NONE),)))


def read_with(_context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == _NONE:
        return Got({WITH: ""})
    name = dict(answers[TEAM]).get(reply.option) if reply.option is not None else clean(reply.text or "")
    if name is None or not acceptable_name(name):
        return Again(name_refused(_tongue(answers), LONGEST_NAME))
    return Got({WITH: name})


def time_in(answers: Answers) -> time | None:
    """The time of the appointment, when it is known."""
    return None if answers[AT] is None else time.fromisoformat(answers[AT])


# What came of a talk


def ask_outcome(_context: Context, answers: Answers) -> Prompt:
    _, chosen = _tongue(answers), answers.get(CHOSEN, ())
    rows = [(Option(_ticked(asking.outcome(_, each), each in chosen), each),) for each in rules.OUTCOMES]
    return Prompt(asking.ask_outcome(_, chosen), (*rows, (Option(asking.done(_), _DONE, "primary"),)))


def read_outcome(_context: Context, answers: Answers, reply: Reply) -> Read:
    chosen = list(answers.get(CHOSEN, ()))
    if reply.option == _DONE:
        changed = not rules.CHANGES.isdisjoint(chosen)
        return Got({CHOSEN: chosen}, then="since") if changed else Got({CHOSEN: chosen, SINCE: None})
    if reply.option not in rules.OUTCOMES:
        return Again(wording.tap_one(_tongue(answers)))
    return Got({CHOSEN: rules.toggled(chosen, reply.option)}, then="what")


def ask_since(context: Context, answers: Answers) -> Prompt:
    _, today = _tongue(answers), _today(context)
    yesterday = today - timedelta(days=1)
    row = (Option(asking.today(_), today.isoformat()), Option(asking.yesterday(_), yesterday.isoformat()))
    return Prompt(asking.ask_since(_), (row, (Option(asking.unknown_day(_), _NONE),)))


def read_since(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.option == _NONE:
        return Got({SINCE: None})
    found = _read_day(reply, rules.change_days(_today(context)))
    if isinstance(found, Why):
        return Again(asking.since_refused(_tongue(answers), found))
    return _one_or_ask(found, SINCE)


def _ticked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


CARER = Dialog(
    "carer",
    (
        Step("name", ask_name, read_name, then="role"),
        Step("role", ask_role, read_role, then="ways"),
        Step("ways", ask_ways, read_ways),
    ),
)
DRAFT = Dialog("careword", (Step("words", ask_draft, read_draft),))
QUESTION = Dialog("careask", (Step("words", ask_question, read_question),))
APPOINTMENT = Dialog(
    "careday",
    (
        Step("on", ask_day, read_appointment_day, then="at"),
        Step("which", ask_which_day, read_appointment_day, then="at"),
        Step("at", ask_time, read_time),
        Step("clock", ask_which_time, read_time),
        Step("with", ask_with, read_with),
    ),
)
OUTCOME = Dialog(
    "caretalk",
    (
        Step("what", ask_outcome, read_outcome),
        Step("since", ask_since, read_since),
        Step("which", ask_which_day, read_since),
    ),
)
