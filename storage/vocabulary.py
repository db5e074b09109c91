"""The closed sets of words that rows and rules share. Pure, so that rules may import it."""

from enum import StrEnum


class PersonState(StrEnum):
    """Where a person stands with the bot.

    GUEST: agreed to be somebody's caregiver, and never to be reminded of anything.
    """

    NEW = "new"
    GUEST = "guest"
    ACTIVE = "active"
    PAUSED = "paused"

    @property
    def settled(self) -> bool:
        """They finished onboarding: consent, zone and country are known."""
        return self in (PersonState.ACTIVE, PersonState.PAUSED)


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


class PulseState(StrEnum):
    """Whether a check-in of a group can be answered."""

    OPEN = "open"
    CLOSED = "closed"


class BondState(StrEnum):
    """AGREED waits for the person's word that this is whom they meant. Only a LIVE bond lets anything out."""

    AGREED = "agreed"
    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"


class Ending(StrEnum):
    """How a bond ended.

    PERSON: the person ended it. DENIED: the person said that this is somebody else. CAREGIVER: the caregiver
    left. GONE: the caregiver erased everything. EXPIRED: nobody renewed it, or nobody confirmed it.
    REPLACED: the two made a new one.
    """

    PERSON = "person"
    DENIED = "denied"
    CAREGIVER = "caregiver"
    GONE = "gone"
    EXPIRED = "expired"
    REPLACED = "replaced"


class Scope(StrEnum):
    """What a caregiver may learn, or do; each is off until the person switches it on."""

    DOSE_NOT_RECORDED = "dose_not_recorded"
    WEEKLY_COUNT = "weekly_count"
    PATTERN_NOTICED = "pattern_noticed"
    LOW_MOOD = "low_mood"
    NEED_YOU = "need_you"
    MAY_RECORD = "may_record"
    MAY_TELL = "may_tell"


class Review(StrEnum):
    """Whether the person is asked before something is sent, and what silence means then."""

    OFF = "off"
    SEND = "send"
    HOLD = "hold"


class ReviewState(StrEnum):
    """What the person decided about one message.

    WAITING: they are to look at it first. ENOUGH: it has left, and they do not want it said again.
    """

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    ENOUGH = "enough"


class WordState(StrEnum):
    """Whether the person keeps a word of a caregiver. One that was discarded is gone."""

    NEW = "new"
    KEPT = "kept"
