"""What a person plans with their care team: the content of a CareFile. Pure; `files.py` stores it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

MOST_QUESTIONS = 10
LONGEST_QUESTION = 200  # as Telegram counts
LONGEST_DRAFT = 900  # as Telegram counts: with what stands around it, still one message


@dataclass(frozen=True, slots=True)
class Appointment:
    """A local date, perhaps a wall-clock time, perhaps with whom. `reminded`: no reminder is left to give."""

    on: date
    at: time | None = None
    who: str = ""
    reminded: bool = False


@dataclass(frozen=True, slots=True)
class Follow:
    """An open question whether the team was reached: when it is next due (UTC), how often it was asked."""

    due: datetime
    asked: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """All of it. `last_review` and `review_asked_on` are local dates; `draft` is None for the ready words."""

    appointment: Appointment | None = None
    questions: tuple[str, ...] = ()
    draft: str | None = None
    last_review: date | None = None
    follow: Follow | None = None
    review_asked_on: date | None = None

    def with_question(self, words: str) -> "File":
        """The same, with one more question; an eleventh one, or one that is there already, is left out."""
        if words in self.questions:
            return self
        return replace(self, questions=(*self.questions, words)[:MOST_QUESTIONS])

    def without_question(self, key: str) -> "File":
        """The same, without the question of that key; a key that none has changes nothing."""
        return replace(self, questions=tuple(q for q in self.questions if question_key(q) != key))


def question_key(words: str) -> str:
    """A short name for a question on a button: an old button never means another question."""
    return sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def read(content: Mapping[str, Any]) -> File:
    """A file from the JSON that was stored; what is not there is nothing."""
    return File(
        appointment=_appointment(content.get("appointment")),
        questions=tuple(content.get("questions") or ()),
        draft=content.get("draft"),
        last_review=_day(content.get("last_review")),
        follow=_follow(content.get("follow")),
        review_asked_on=_day(content.get("review_asked_on")),
    )


def content_of(file: File) -> dict[str, Any]:
    """The file as JSON that `read` reads again."""
    appointment, follow = file.appointment, file.follow
    return {
        "appointment": None
        if appointment is None
        else {
            "on": appointment.on.isoformat(),
            "at": None if appointment.at is None else f"{appointment.at:%H:%M}",
            "with": appointment.who,
            "reminded": appointment.reminded,
        },
        "questions": list(file.questions),
        "draft": file.draft,
        "last_review": _written(file.last_review),
        "follow": None
        if follow is None
        else {"due": follow.due.astimezone(UTC).isoformat(), "asked": follow.asked},
        "review_asked_on": _written(file.review_asked_on),
    }


def _appointment(found: Mapping[str, Any] | None) -> Appointment | None:
    if found is None:
        return None
    at = found.get("at")
    return Appointment(
        date.fromisoformat(found["on"]),
        None if at is None else time.fromisoformat(at),
        found.get("with") or "",
        bool(found.get("reminded", False)),
    )


def _follow(found: Mapping[str, Any] | None) -> Follow | None:
    if found is None:
        return None
    return Follow(datetime.fromisoformat(found["due"]).astimezone(UTC), int(found.get("asked", 0)))


def _day(found: str | None) -> date | None:
    return None if found is None else date.fromisoformat(found)


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
