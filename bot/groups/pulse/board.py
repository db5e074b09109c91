"""What a check-in says in the group: the question, what is shown at its close, and the picture of a week."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from babel.dates import format_datetime

from bot.conversation.catalogs import SOURCE_LANGUAGE
from bot.conversation.message import Action, Choice, Message, Picture
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from bot.groups.pulse import rules
from bot.groups.pulse.questions import Asking, Phrases, phrases, questions
from bot.groups.visit import ROOM, GroupVisit
from scheduler.lanes import Lane
from scheduler.localtime import local
from storage.pulses import Pulse, about

KIND = "pulse_week"
VERB = "answer"


def question(visit: GroupVisit, pulse: Pulse, not_after: datetime) -> Message:
    """The question with its answers to tap."""
    asking, said = _asking(visit, pulse), phrases(visit.group.language)
    rows = [
        (Choice(answer, Action(ROOM, VERB, f"{pulse.key}.{number}")),)
        for number, answer in enumerate(asking.answers)
    ]
    return Message(
        paragraphs(bold(asking.question), compose(said.note, until=until(visit, pulse.closes_at))),
        tuple(rows),
        lane=Lane.GROUP,
        not_after=not_after,
        about=about(pulse.key),
        topic=visit.group.topic,
    )


def result(visit: GroupVisit, pulse: Pulse) -> Message:
    """The question again, with what may be shown, and nothing to tap."""
    shown, said = rules.from_data(pulse.shown or {}), phrases(visit.group.language)
    asking = _asking(visit, pulse)
    words = (lines(*_rows(asking, shown, said)), said.rounded) if shown.blocks else (_unshown(shown, said),)
    text = paragraphs(bold(asking.question), *words, said.over)
    return Message(text, lane=Lane.GROUP, about=about(pulse.key), topic=visit.group.topic)


def week(visit: GroupVisit, pulses: Sequence[Pulse], dedupe_key: str, not_after: datetime) -> Message:
    """The picture of a week, and the same in words. Its numbers are those that were shown at each close."""
    language, said = visit.group.language, phrases(visit.group.language)
    days, told = list[dict[str, Any]](), list[Text]()
    for pulse in pulses:
        asking, shown = _asking(visit, pulse), rules.from_data(pulse.shown or {})
        day = format_datetime(local(pulse.opened_at, visit.zone), "EEE d MMM", locale=language)
        rows = [
            {
                "label": _label(asking, block),
                "least": block.least,
                "words": _least(said, block),
            }
            for block in shown.blocks
        ]
        days.append({"day": day, "question": asking.question, "rows": rows})
        told.append(lines(f"{day} · {asking.question}", *_rows(asking, shown, said)))
    return Message(
        paragraphs(bold(said.week), *told, said.rounded),
        lane=Lane.GROUP,
        picture=Picture(KIND, {"title": said.week, "note": said.rounded, "days": days}),
        topic=visit.group.topic,
        dedupe_key=dedupe_key,
        not_after=not_after,
    )


def until(visit: GroupVisit, instant: datetime) -> str:
    """A weekday and a time by the group's clock and in its language."""
    return format_datetime(local(instant, visit.zone), "EEE HH:mm", locale=visit.group.language)


def _asking(visit: GroupVisit, pulse: Pulse) -> Asking:
    found = questions().get(pulse.question)
    asked = found if found is not None else next(iter(questions().values()))
    return asked.in_language(visit.group.language or SOURCE_LANGUAGE)


def _rows(asking: Asking, shown: rules.Totals, said: Phrases) -> list[Text]:
    return [
        compose("{answers}: {least}", answers=_label(asking, block), least=bold(_least(said, block)))
        for block in shown.blocks
    ]


def _unshown(shown: rules.Totals, said: Phrases) -> str:
    return said.together.format(count=rules.LEAST) if shown.enough else said.few


def _label(asking: Asking, block: rules.Block) -> str:
    return " / ".join(asking.answers[choice] for choice in block.choices)


def _least(said: Phrases, block: rules.Block) -> str:
    return said.least.format(count=block.least)
