"""Pure decisions about what is said in a group and belongs into a private chat."""

from datetime import datetime, timedelta

QUIET = timedelta(minutes=10)
_FLOOD_SECONDS = 10
_LONGEST = 24  # what a button can carry


def may_point(pointed_at: datetime | None, now: datetime) -> bool:
    """Whether it is time to say again that some things are told in private only."""
    return pointed_at is None or now - pointed_at >= QUIET


def span_key(person_id: int, now: datetime) -> str:
    """What bounds how often somebody is written to because of what they wrote in groups."""
    return f"door:{person_id}:{int(now.timestamp()) // _FLOOD_SECONDS}"


def place_of(ref: str, message: str | None) -> str | None:
    """A message in a group, as a button names it; None when it cannot be named.

    By the group's reference, not by our number: where a group went, its messages have other numbers.
    """
    place = f"{ref}.{message}"
    return place if message is not None and len(place) <= _LONGEST else None


def read_place(place: str) -> tuple[str, str]:
    """The reference of the group, and the message."""
    ref, _, message = place.rpartition(".")
    return ref, message
