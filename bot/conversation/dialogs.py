"""The dialog engine. A dialog is data: steps with a key, a question, a reader and the next step.

`advance` is pure: the dialog, the place where it stands and a reply give the next turn. The place is
stored by the caller, so a dialog survives a restart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from bot.conversation.catalogs import Gettext
from bot.conversation.message import Action, Choice, ChoiceStyle, Keyboard, Message
from bot.conversation.quiet import QuietHours
from bot.conversation.text import Text, as_text

ROOM = "d"  # short: names and values share the 64 bytes of a button
_REVISIONS = 10_000

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What questions and readers may look at besides the answers; `day_ends`: of the own day."""

    gettext: Gettext
    now: datetime
    zone: str | None = None
    day_ends: time = time(0)
    quiet: QuietHours | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person did: typed `text`, pressed `option`, or shared `place` (latitude, longitude)."""

    text: str | None = None
    option: str | None = None
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A button of a question; `value` is at most 24 ASCII characters and comes back as the reply."""

    label: str
    value: str
    style: ChoiceStyle | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question."""

    text: Text
    options: tuple[tuple[Option, ...], ...] = ()
    keyboard: Keyboard | None = None


@dataclass(frozen=True, slots=True)
class Got:
    """The reply was understood. `answers` are merged in; `then` overrules the step's own successor."""

    answers: Answers
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """The reply was not understood: say why, and ask once more."""

    why: str | Text


@dataclass(frozen=True, slots=True)
class Stop:
    """The person does not want to go on."""

    text: Text


Read = Got | Again | Stop


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `then` names the next step; None ends the dialog."""

    key: str
    ask: Callable[[Context, Answers], Prompt]
    read: Callable[[Context, Answers, Reply], Read]
    then: str | None = None


@dataclass(frozen=True, slots=True)
class Dialog:
    """Steps by key; the first one opens it. `apart`: what its end says is a message of its own."""

    name: str
    steps: tuple[Step, ...]
    apart: bool = False

    def step(self, key: str) -> Step:
        """The step of that key. Raises KeyError."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a dialog stands. The revision grows with each turn, so that old buttons are told apart."""

    step: str
    answers: dict[str, Any]
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """The next question, and the place to keep."""

    place: Place
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Finished:
    """All answers are there."""

    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stopped:
    """The dialog ended without a result."""

    text: Text


Turn = Asked | Finished | Stopped


def begin(dialog: Dialog, context: Context, answers: Answers | None = None) -> Asked:
    """Ask the first question; `answers` may hold what is known already.

    Revisions start at a number taken from the time, so that a button of an earlier run does not fit.
    """
    revision = int(context.now.timestamp()) % _REVISIONS
    place = Place(dialog.steps[0].key, dict(answers or {}), revision)
    return Asked(place, dialog.steps[0].ask(context, place.answers))


def advance(dialog: Dialog, place: Place, reply: Reply, context: Context) -> Turn:
    """The next turn after a reply. Pure."""
    step = dialog.step(place.step)
    read = step.read(context, place.answers, reply)
    if isinstance(read, Stop):
        return Stopped(read.text)
    if isinstance(read, Again):
        prompt = step.ask(context, place.answers)
        again = replace(place, revision=place.revision + 1)
        return Asked(again, replace(prompt, text=as_text(read.why) + "\n\n" + prompt.text))
    answers = {**place.answers, **read.answers}
    following = read.then if read.then is not None else step.then
    if following is None:
        return Finished(answers)
    onward = Place(following, answers, place.revision + 1)
    return Asked(onward, dialog.step(following).ask(context, answers))


def as_message(dialog: Dialog, asked: Asked) -> Message:
    """A question as a message whose buttons know the dialog and the revision."""
    choices = tuple(
        tuple(
            Choice(
                option.label,
                Action(ROOM, f"{dialog.name}.{asked.place.revision}", option.value),
                option.style,
            )
            for option in row
        )
        for row in asked.prompt.options
    )
    return Message(asked.prompt.text, choices, keyboard=asked.prompt.keyboard)
