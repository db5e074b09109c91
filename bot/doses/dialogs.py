"""What is typed about a dose, as data: when it was taken, where it moves, which day, and notes."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.calendar import clock
from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.conversation.text import clean
from bot.conversation.times import Ambiguous, Understood, read_clock, read_past_day
from bot.doses import asking, moving
from bot.doses.moving import Room
from bot.doses.rules import LONGEST_NOTE
from scheduler.localtime import local_day, zone
from scheduler.timing import Planned, Slot
from storage.vocabulary import NoteKind

AT, DAY, WORDS, KIND = "at", "day", "words", "kind"
_OPTIONS = "options"


def _zone(context: Context) -> ZoneInfo:
    return zone(context.zone or "UTC")


def _clock_said(context: Context, reply: Reply) -> time | Read:
    """One time of the day, typed or chosen; else what follows from what was said."""
    if reply.option is not None:
        return time.fromisoformat(reply.option)
    match read_clock(reply.text or ""):
        case Understood(value=at):
            return at
        case Ambiguous(options=options):
            return Got({_OPTIONS: [clock(at) for at in options]}, then="which")
    return Again(asking.not_a_clock(context.gettext))


def _ask_which(context: Context, answers: Answers) -> Prompt:
    options = tuple(Option(at, at) for at in answers[_OPTIONS])
    return Prompt(asking.which_clock(context.gettext), (options,))


# When it was taken


def _ask_taken_at(context: Context, answers: Answers) -> Prompt:
    return Prompt(asking.ask_clock(context.gettext, answers["what"]))


def _read_taken_at(context: Context, answers: Answers, reply: Reply) -> Read:
    said = _clock_said(context, reply)
    if not isinstance(said, time):
        return said
    due_at = datetime.fromisoformat(answers["due"])
    at = moving.taken_at(said, due_at, _zone(context), context.now)
    if at is None:
        return Again(asking.still_to_come(context.gettext))
    return Got({AT: at.isoformat()})


TAKEN_AT = Dialog(
    "takenat",
    (Step("clock", _ask_taken_at, _read_taken_at), Step("which", _ask_which, _read_taken_at)),
)


# Where it moves


def about_move(what: str, one: Planned, room: Room) -> dict[str, Any]:
    """What the dialog needs to know of a dose that is to be moved."""
    return {
        "what": what,
        "slot": [one.slot.day.isoformat(), one.slot.at.isoformat(), one.due_at.isoformat()],
        "room": [room.earliest.isoformat(), room.latest.isoformat()],
    }


def _room(answers: Answers) -> Room:
    return Room(*map(datetime.fromisoformat, answers["room"]))


def _edges(context: Context, answers: Answers) -> tuple[str, str]:
    room, here = _room(answers), _zone(context)
    today = local_day(context.now, here, context.day_ends)
    first, last = (asking.moment(context.gettext, at, here, today) for at in (room.earliest, room.latest))
    return first, last


def _ask_move(context: Context, answers: Answers) -> Prompt:
    return Prompt(asking.ask_move(context.gettext, answers["what"], *_edges(context, answers)))


def _read_move(context: Context, answers: Answers, reply: Reply) -> Read:
    said = _clock_said(context, reply)
    if not isinstance(said, time):
        return said
    day, at, due_at = answers["slot"]
    one = Planned(Slot(date.fromisoformat(day), time.fromisoformat(at)), datetime.fromisoformat(due_at))
    found = moving.moved_to(said, one, _room(answers), _zone(context))
    if found is None:
        return Again(asking.outside(context.gettext, *_edges(context, answers)))
    return Got({AT: found.isoformat()})


MOVE_TO = Dialog("moveto", (Step("clock", _ask_move, _read_move), Step("which", _ask_which, _read_move)))


# Which day


def _ask_day(context: Context, _answers: Answers) -> Prompt:
    return Prompt(asking.ask_day(context.gettext))


def _read_day(context: Context, _answers: Answers, reply: Reply) -> Read:
    today = local_day(context.now, _zone(context), context.day_ends)
    reading = read_past_day(reply.text or "", today)
    if not isinstance(reading, Understood):
        return Again(asking.not_a_past_day(context.gettext))
    return Got({DAY: reading.value.isoformat()})


PAST_DAY = Dialog("pastday", (Step("day", _ask_day, _read_day),))


# Notes


def _ask_note(context: Context, answers: Answers) -> Prompt:
    return Prompt(asking.ask_note(context.gettext, answers["what"]))


def _read_note(context: Context, _answers: Answers, reply: Reply) -> Read:
    words = clean(reply.text or "").strip()
    if len(words) > LONGEST_NOTE:
        return Again(asking.note_too_long(context.gettext))
    if not any(letter.isalnum() for letter in words):
        return Again(asking.words_wanted(context.gettext))
    return Got({WORDS: words})


def _ask_kind(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    return Prompt(
        asking.is_side_effect(_),
        (
            (Option(asking.yes_side_effect(_), NoteKind.SIDE_EFFECT.value),),
            (Option(asking.just_a_note(_), NoteKind.NOTE.value),),
        ),
    )


def _read_kind(context: Context, _answers: Answers, reply: Reply) -> Read:
    if reply.option is None:
        return Again(asking.tap_one(context.gettext))
    return Got({KIND: NoteKind(reply.option).value})


def _ask_note_anew(context: Context, answers: Answers) -> Prompt:
    return Prompt(asking.ask_note_anew(context.gettext, answers[WORDS]))


_KIND = Step("kind", _ask_kind, _read_kind)
NOTE = Dialog("note", (Step("words", _ask_note, _read_note, then="kind"), _KIND))
NOTE_ANEW = Dialog("renote", (Step("words", _ask_note_anew, _read_note, then="kind"), _KIND))
