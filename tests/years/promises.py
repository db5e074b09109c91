"""What must hold for every dose of every person (the promises of docs/guarantees.md), watched from outside.

The witness keeps a book of its own of what was asked, told and said. It knows when a slot is due from the
calendar alone, never from what the rules under test say.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.plans import Course, Plan
from scheduler.timing import AsNeeded, Interval, OnDays, PerWeekday, Slot, Timing, planned
from storage.adherence import PERIOD_DAYS, day_counts, figures
from storage.streaks import day_marks, streak
from storage.vocabulary import DoseKind, DoseState, SkipReason
from tests.scheduler.naming import names
from tests.years.person import Dose, Medicine, Person, Span

MOMENT = timedelta(minutes=5)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Held:
    """What a medicine goes by, in a zone and with an end of the day, from one instant until another.

    `known_at`: when that was said.
    """

    medicine: int
    course: Course
    zone: ZoneInfo
    day_ends: time
    since: datetime
    known_at: datetime
    until: datetime | None = None


@dataclass(slots=True)
class Told:
    """The witness's page about one dose."""

    arrived: list[datetime] = field(default_factory=list)
    asks: int = 0
    rounds: int = 1
    caught_up: int = 0
    said: DoseState | None = None
    earliest: datetime | None = None
    wished: bool = False
    taken_back: bool = False


@dataclass(slots=True)
class Promises:
    """Sees everything; `broken` holds a line for each promise that did not hold.

    `away`: our outages, as they really were. `absences` counts for "one message after each return".
    """

    person: Person
    away: Sequence[Span] = ()
    broken: list[str] = field(default_factory=list)
    pages: dict[int, Told] = field(default_factory=lambda: defaultdict(Told))
    spans: list[Held] = field(default_factory=list)
    written: set[tuple[int, Slot, time]] = field(default_factory=set)
    caught: Counter[datetime] = field(default_factory=Counter)
    asks: int = 0
    looked_at: datetime | None = None

    def fail(self, promise: str, dose: Dose | None, now: datetime) -> None:
        about = f" medicine {dose.medicine}, {dose.slot.day} {dose.slot.at:%H:%M}" if dose else ""
        self.broken.append(f"{promise}:{about} at {now:%Y-%m-%d %H:%M:%S}")

    # What the rooms do

    def wrote(self, dose: Dose, now: datetime) -> None:
        medicine = self.person.medicines[dose.medicine]
        self.written.add((dose.medicine, dose.slot, self.person.day_ends))
        if not _right_instant(medicine.course, self.person.zone_of(medicine), self.person.day_ends, dose):
            self.fail("a dose at an instant that its slot does not name", dose, now)

    def asked(self, asked: Sequence[Dose], now: datetime, *, refused: bool) -> None:
        self.asks += 1
        leaves = self.person.leaves_at(now)
        # One message for all of them: it is dropped when the first of their windows ends.
        comes = not refused and leaves < min(dose.standing.window_end for dose in asked)
        for dose in asked:
            self._one_asked(dose, now, leaves if comes else None)

    def _one_asked(self, dose: Dose, now: datetime, arrives: datetime | None) -> None:
        page = self.pages[dose.number]
        page.asks += 1
        if now < (page.earliest or dose.due_at):
            self.fail("asked too early", dose, now)
        if now >= dose.standing.window_end:
            self.fail("asked after its window", dose, now)
        if page.said is not None:
            self.fail("asked although it was answered", dose, now)
        if self.person.paused or not self.person.medicines[dose.medicine].active:
            self.fail("asked in a pause", dose, now)
        if page.arrived and not page.wished and self.person.quiet_until(now) is not None:
            self.fail("repeated in quiet hours", dose, now)
        page.wished = False
        if arrives is not None:
            page.arrived.append(arrives)
        if len(page.arrived) > page.rounds * (1 + self.person.nudges):
            self.fail("asked too often", dose, now)

    def caught_up(self, missing: Sequence[Dose], now: datetime, until: datetime) -> None:
        """It is said in a message that the platform has to take before `until`."""
        arrives = not self.person.blocked and self.person.leaves_at(now) < until
        # What only the zone that they name now brought into the absence could not be told with the rest.
        just_said = {span.medicine for span in self.spans if span.known_at == now}
        over = {
            ended
            for began, ended in self.away
            for dose in missing
            if began <= dose.due_at and dose.standing.window_end <= ended and dose.medicine not in just_said
        }
        if arrives:
            self.caught.update(over)
        if any(self.caught[ended] > 1 for ended in over):
            self.fail("more than one message caught up with one absence", missing[0], now)
        for dose in missing:
            page = self.pages[dose.number]
            page.caught_up += arrives
            if page.caught_up > 1:
                self.fail("told twice that we could not ask", dose, now)
            if page.said is not None:
                self.fail("told that we could not ask although it was answered", dose, now)

    def ended(self, dose: Dose, now: datetime) -> None:
        page = self.pages[dose.number]
        if dose.state not in (DoseState.MISSED, DoseState.UNKNOWN):
            self.fail(f"ended unanswered as {dose.state.value}", dose, now)
        if page.said is not None:
            self.fail("ended although it was answered", dose, now)
        if now < dose.standing.window_end:
            self.fail("ended before its window", dose, now)
        if dose.state is DoseState.MISSED and not self._could_answer(dose, page, now):
            self.fail("not recorded, although nobody could answer", dose, now)
        if dose.state is DoseState.UNKNOWN and self._could_answer(dose, page, now):
            self.fail("unknown, although we asked and were there", dose, now)

    def _could_answer(self, dose: Dose, page: Told, now: datetime) -> bool:
        end = dose.standing.window_end
        gone = any(min(ended, end) - max(began, dose.due_at) > MOMENT for began, ended in self.away)
        reached = any(at <= now for at in page.arrived)
        return reached and self.person.reachable and not gone and now - end <= MOMENT

    def withdrew(self, dose: Dose, now: datetime) -> None:
        if self.pages[dose.number].said is not None:
            self.fail("an answer was withdrawn", dose, now)

    def answered(self, dose: Dose, state: DoseState, now: datetime) -> None:
        self.pages[dose.number].said = state
        if dose.kind is DoseKind.AS_NEEDED and not self._within_limits(dose, now):
            self.fail("taken as needed without a question, beyond its limits", dose, now)

    def _within_limits(self, dose: Dose, now: datetime) -> bool:
        limits = self.person.medicines[dose.medicine].course
        before = [
            other.standing.taken_at or other.due_at
            for other in self.person.all_doses()
            if other.medicine == dose.medicine and other.state is DoseState.TAKEN and other is not dose
        ]
        assert isinstance(limits, AsNeeded)
        gap = timedelta(hours=limits.minimum_gap_hours)
        lately = sum(now - at < DAY for at in before)
        return lately < limits.daily_maximum and all(now - at >= gap for at in before)

    def put_off(self, dose: Dose, until: datetime) -> None:
        page = self.pages[dose.number]
        page.rounds, page.earliest, page.wished = page.rounds + 1, until, True

    def moved(self, dose: Dose, now: datetime) -> None:
        """It is asked for at its new time as if it never had been."""
        self.put_off(dose, dose.due_at)
        self.pages[dose.number].arrived.clear()
        if dose.due_at <= now:
            self.fail("moved into the past", dose, now)
        if dose.standing.window_end < dose.due_at + timedelta(hours=1):
            self.fail("moved, and hardly any time left for it", dose, now)

    def reopened(self, dose: Dose, now: datetime, *, taken_back: bool) -> None:
        page = self.pages[dose.number]
        page.rounds, page.said, page.earliest, page.wished = page.rounds + 1, None, None, False
        page.taken_back = page.taken_back or taken_back

    def held_from(self, medicine: Medicine, since: datetime | None, now: datetime) -> None:
        for span in self.spans:
            if span.medicine == medicine.number and span.until is None:
                span.until = now
        if since is not None and not self.person.paused:
            zone = self.person.zone_of(medicine)
            self.spans.append(Held(medicine.number, medicine.course, zone, self.person.day_ends, since, now))

    # At the end

    def finish(self, now: datetime) -> list[str]:
        """The broken promises, with those that only a look at the whole finds."""
        moments = {(d.medicine, d.moved_from or d.due_at) for d in self.person.doses.values()}
        for span in self.spans:
            for slot, due_at in _expected(span, span.until or now):
                # One that was renamed when the own day got another end is known by its instant, or by the
                # name that it had when it was written, in another zone perhaps.
                named = (span.medicine, slot) in self.person.doses or (span.medicine, due_at) in moments
                if not named and (span.medicine, slot, span.day_ends) not in self.written:
                    self.broken.append(f"lost: medicine {span.medicine}, {slot.day} {slot.at} at {due_at}")
        for dose in self.person.all_doses():
            self._one_life(dose, now)
        self._figures(max((dose.slot.day for dose in self.person.doses.values()), default=now.date()), now)
        return self.broken

    def _one_life(self, dose: Dose, now: datetime) -> None:
        page = self.pages[dose.number]
        answered = dose.state in (DoseState.TAKEN, DoseState.SKIPPED)
        if answered and page.said is not dose.state:
            self.fail(f"is {dose.state.value}, which nobody said", dose, now)
        if page.said is not None and page.said is not dose.state:
            self.fail(f"is {dose.state.value}, and {page.said.value} was said", dose, now)
        if dose.open and dose.standing.window_end + MOMENT < now:
            self.fail("never ended", dose, now)
        known = page.arrived or page.caught_up or page.said or page.taken_back
        waits = self.person.quiet_until(now) is not None or not self.person.reachable
        if dose.state in (DoseState.MISSED, DoseState.UNKNOWN) and not known and not waits:
            self.fail("neither reminded nor shown as not delivered", dose, now)

    def _figures(self, today: date, now: datetime) -> None:
        doses = list(self.person.doses.values())
        if streak(day_marks(dose.taking for dose in doses), today).length != _streak_again(doses):
            self.fail("the streak is not what counting from scratch finds", None, now)
        since = today - (PERIOD_DAYS - 1) * DAY
        recent = [dose for dose in doses if since <= dose.slot.day <= today]
        found = figures(day_counts(dose.due_dose for dose in self.person.all_doses()), today)
        taken = sum(dose.state is DoseState.TAKEN for dose in recent)
        due = taken + sum(_counts_against(dose) for dose in recent)
        if (found.taking.part, found.taking.of) != (taken, due):
            self.fail("the adherence is not what counting from scratch finds", None, now)
        unplanned = [dose for dose in self.person.unplanned.values() if since <= dose.slot.day <= today]
        kinds = [dose.kind for dose in unplanned if dose.state is DoseState.TAKEN]
        if (found.as_needed, found.over_use) != (
            kinds.count(DoseKind.AS_NEEDED),
            kinds.count(DoseKind.EXTRA),
        ):
            self.fail("what was not planned is not what counting from scratch finds", None, now)


def _counts_against(dose: Dose) -> bool:
    skipped = dose.state is DoseState.SKIPPED and dose.standing.reason is not SkipReason.ADVISED
    return skipped or dose.state is DoseState.MISSED


def _streak_again(doses: Sequence[Dose]) -> int:
    """Backwards from the newest day: days with all that was due taken, until two missed days in a row."""
    states: dict[date, set[DoseState]] = defaultdict(set)
    for dose in doses:
        advised = dose.state is DoseState.SKIPPED and dose.standing.reason is SkipReason.ADVISED
        if dose.state is not DoseState.WITHDRAWN and not advised:
            states[dose.slot.day].add(dose.state)
    length = 0
    for day in sorted(states, reverse=True):
        if DoseState.MISSED in states[day] and DoseState.MISSED in states.get(day + DAY, set()):
            return length
        length += states[day] == {DoseState.TAKEN}
    return length


def _right_instant(course: Course, zone: ZoneInfo, day_ends: time, dose: Dose) -> bool:
    """Whether the clock on the wall shows the slot when it is due, or jumps over it just then."""
    timing = _timing_on(course, dose.slot.day)
    if timing is None or isinstance(timing, AsNeeded):
        return False
    if isinstance(timing, Interval):
        shown = dose.due_at.astimezone(zone)
        day = shown.date() - DAY if shown.time() < day_ends else shown.date()
        return (day, shown.hour, shown.minute) == (dose.slot.day, dose.slot.at.hour, dose.slot.at.minute)
    on_day = dose.slot.at in _times(timing, dose.slot.day)
    return on_day and dose.due_at == _instant(dose.slot, zone, day_ends)


def _timing_on(course: Course, day: date) -> Timing | None:
    """What holds on a day: of a plan the last step that has begun, as long as the plan goes."""
    if not isinstance(course, Plan):
        return course
    begun = [step.timing for step in course.steps if step.since <= day]
    return begun[-1] if begun and (course.until is None or day <= course.until) else None


def _times(timing: OnDays, day: date) -> Sequence[time]:
    if not names(timing, day):
        return ()
    return timing.week[day.weekday()] if isinstance(timing, PerWeekday) else timing.times


def _instant(slot: Slot, zone: ZoneInfo, day_ends: time) -> datetime:
    day = slot.day + DAY if slot.at < day_ends else slot.day
    return datetime.combine(day, slot.at, zone).astimezone(UTC)


def _expected(span: Held, until: datetime) -> Iterator[tuple[Slot, datetime]]:
    """The slots that a timing names in (since, until]; none where each taking moves the next one."""
    if isinstance(span.course, Interval):
        if span.course.counted_from == "due":
            named = planned(span.course, span.zone, after=span.since, until=until, day_ends=span.day_ends)
            yield from named
        return
    day = span.since.date() - 2 * DAY
    while day <= until.date() + DAY:
        timing = _timing_on(span.course, day)
        for at in _times(timing, day) if timing and not isinstance(timing, Interval | AsNeeded) else ():
            slot = Slot(day, at)
            due_at = _instant(slot, span.zone, span.day_ends)
            if span.since < due_at <= until:
                yield slot, due_at
        day += DAY
