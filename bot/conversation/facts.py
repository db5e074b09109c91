"""Facts: what one room did that another may react to. bot/reactions.py says who reacts."""

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Settled:
    """A person finished onboarding: consent, zone and country are known."""


@dataclass(frozen=True, slots=True)
class RegimensChanged:
    """A medicine was added, edited, paused, resumed or stopped. `first` marks the very first one."""

    first: bool = False


@dataclass(frozen=True, slots=True)
class RegimenEnded:
    """Doses of this regimen that are still open no longer count (it was stopped, paused or edited)."""

    regimen_id: int


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """Zone, quiet hours, nudges, check-in time or discreet mode changed."""


@dataclass(frozen=True, slots=True)
class Travelled:
    """The person's time zone is another one now; `before` is the key of the one it was."""

    before: str


@dataclass(frozen=True, slots=True)
class QuietHoursSet:
    """The person has other quiet hours now."""


@dataclass(frozen=True, slots=True)
class DayEndChanged:
    """The person's own day ends at another time now; `before` is when it ended."""

    before: time


@dataclass(frozen=True, slots=True)
class ClockChosen:
    """This medicine goes by the clock of another zone now; `before` is the key of the one it went by."""

    regimen_id: int
    before: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The person paused everything."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The person resumed."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """The person can be reached again."""


@dataclass(frozen=True, slots=True)
class CalmChanged:
    """The calm hours after a crisis began, or were taken back."""


@dataclass(frozen=True, slots=True)
class DoseAnswered:
    """The person answered a dose: whether it was taken is known now. `due_at`: its instant."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class DoseReopened:
    """The person took an answer back: the dose is open again, or as if never answered."""


@dataclass(frozen=True, slots=True)
class CheckinTimeWanted:
    """The person wants to choose when the check-in comes."""


@dataclass(frozen=True, slots=True)
class CheckinAnswered:
    """A check-in is complete, or was completed anew."""


@dataclass(frozen=True, slots=True)
class QuestionnaireAnswered:
    """A questionnaire is complete."""


@dataclass(frozen=True, slots=True)
class CareTeamSuggested:
    """A notice suggested to contact the care team."""


@dataclass(frozen=True, slots=True)
class CareTeamNotNeeded:
    """The person knows what is behind a notice: nobody asks whether the team was reached."""


@dataclass(frozen=True, slots=True)
class SharingLooksUnusual:
    """Something about how this person shares with a caregiver looks unusual. It accuses nobody.

    Told at the person's own visit, as often as it is seen: who reacts knows how seldom to speak of it.
    """


@dataclass(frozen=True, slots=True)
class ExtraTaken:
    """The person recorded a dose beyond the plan, or beyond their limits, or soon after another one."""


@dataclass(frozen=True, slots=True)
class DoseChanged:
    """The person said that a dose or a medicine changed on this local date."""

    on: date


@dataclass(frozen=True, slots=True)
class OpenDosesWanted:
    """A helper wants to see what is open today of whom they care for: of `person_id`, who lets them.

    `caring_id`: the helper's own entry for them. `named`: they may see the names of medicines.
    """

    caring_id: int
    person_id: int
    named: bool


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A helper says that a dose of `person_id`, who lets them record it, was taken now.

    `by`: the helper, as the platform calls them; empty when it told nothing.
    """

    caring_id: int
    person_id: int
    named: bool
    dose_id: int
    by: str


Fact = (
    CheckinAnswered
    | QuestionnaireAnswered
    | CareTeamSuggested
    | CareTeamNotNeeded
    | DoseAnswered
    | DoseReopened
    | DoseChanged
    | ExtraTaken
    | SharingLooksUnusual
    | Settled
    | RegimensChanged
    | RegimenEnded
    | SettingsChanged
    | Travelled
    | ClockChosen
    | DayEndChanged
    | QuietHoursSet
    | Paused
    | Resumed
    | CameBack
    | CalmChanged
    | CheckinTimeWanted
    | OpenDosesWanted
    | DoseGiven
)
