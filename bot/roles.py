"""What a worker does of the whole: taking in, waking, sending, or all of it."""

from enum import StrEnum


class Role(StrEnum):
    """The part of one worker. Replies leave from the worker that made them, whatever its part is."""

    ALL = "all"
    WEB = "web"  # takes updates in, and answers them
    WAKE = "wake"  # wakes the rooms, and tidies
    SEND = "send"  # sends what waits in the outbox

    @property
    def hears(self) -> bool:
        """True when updates come in here."""
        return self in (Role.ALL, Role.WEB)

    @property
    def wakes(self) -> bool:
        """True when the rooms are woken here."""
        return self in (Role.ALL, Role.WAKE)

    @property
    def sends(self) -> bool:
        """True when the outbox is carried from here."""
        return self in (Role.ALL, Role.SEND)
