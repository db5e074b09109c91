"""The closed sets of words that rows and rules share. Pure, so that rules may import it."""

from enum import StrEnum


class PersonState(StrEnum):
    """Where a person stands with the bot."""

    NEW = "new"
    ACTIVE = "active"
    PAUSED = "paused"


class RegimenState(StrEnum):
    """Whether doses of a regimen fall due."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"


class DoseState(StrEnum):
    """OPEN until it ends in one of the others.

    MISSED: the window ended unanswered. UNKNOWN: we could not ask. WITHDRAWN: a pause, a stop or an edit
    took it back.
    """

    OPEN = "open"
    TAKEN = "taken"
    SKIPPED = "skipped"
    MISSED = "missed"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"


class DoseKind(StrEnum):
    """Where a dose comes from.

    PLANNED: a slot of its timing. AS_NEEDED: taken because it was wanted. EXTRA: taken beyond what was
    planned, or beyond the limits of a medicine taken as needed. The last two are taken, or taken back.
    """

    PLANNED = "planned"
    AS_NEEDED = "as_needed"
    EXTRA = "extra"


class NoteKind(StrEnum):
    """What a note with a dose is about."""

    NOTE = "note"
    SIDE_EFFECT = "side_effect"


class SkipReason(StrEnum):
    """Why the person said no."""

    SIDE_EFFECTS = "side_effects"
    RAN_OUT = "ran_out"
    FELT_WELL = "felt_well"
    ADVISED = "advised"
    OTHER = "other"


class CheckinState(StrEnum):
    """OPEN while it can be answered; EXPIRED closed by itself, whatever was answered is kept."""

    OPEN = "open"
    DONE = "done"
    EXPIRED = "expired"


class CheckinForm(StrEnum):
    """FULL: the five taps. SHORT: one tap, for hard days."""

    FULL = "full"
    SHORT = "short"


class GroupKind(StrEnum):
    """What kind of place a group is."""

    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class GroupState(StrEnum):
    """NEW until an admin has set it up. GONE: the bot is not there any more, or may not write there."""

    NEW = "new"
    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"
