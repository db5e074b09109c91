"""Which clock each medicine goes by: the card after a journey, the same on /meds, and its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.facts import ClockChosen
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import Text, as_text, lines, paragraphs, said
from bot.conversation.visit import Visit
from bot.medicines import plan_rules, rules, travel, travel_wording, wording
from bot.medicines.quiet import hushed
from bot.medicines.shelf import Medicine, shelf, zone_of
from bot.medicines.travel import Change
from scheduler.localtime import zone
from scheduler.timing import AsNeeded, Planned, Slot
from storage import doses
from storage.doses import Dose
from storage.vocabulary import DoseKind, DoseState

ROOM = "meds"
# The last dose of a medicine for one day of each month is that long ago.
_LOOK_BACK, _LOOK_AHEAD = timedelta(days=35), timedelta(days=3)


async def travelled(visit: Visit, before: str) -> None:
    """React to another zone: what it changes for each medicine, and which clock it may go by instead."""
    if before != visit.zone.key:
        card = await _card(visit, zone(before), travel_wording.after_travel(visit.gettext, visit.zone))
        if card is not None:
            visit.say(card)


async def chosen(visit: Visit, regimen_id: int, before: str) -> None:
    """React to the choice of a clock: the card as it is now."""
    await _show(visit, zone(before), regimen_id)


async def day_end_changed(visit: Visit, before: time) -> None:
    """React to another end of the day: which doses belong to another day now, and which of them move."""
    told = [text for entry in await _entries(visit) if (text := entry.told_of_day(before)).plain]
    if told:
        visit.say(Message(paragraphs(travel_wording.after_day_end(visit.gettext), *told)))


async def quiet_hours_set(visit: Visit) -> None:
    """React to other quiet hours: which times lie in them, and what becomes of their reminders."""
    told = [line for entry in await _entries(visit) for line in entry.told_of_quiet()]
    if told:
        visit.say(Message(lines(*told)))


async def show(visit: Visit, _argument: str) -> None:
    """By which clock each medicine goes."""
    await _show(visit, visit.zone)


async def _show(visit: Visit, before: ZoneInfo, regimen_id: int | None = None) -> None:
    card = await _card(visit, before, travel_wording.by_which_clock(visit.gettext), regimen_id)
    visit.show(card or Message(travel_wording.no_clock(visit.gettext)))


async def go_local(visit: Visit, argument: str) -> None:
    """A medicine goes by the clock of where the person is: "12.0f3a99c1", with the zone it had."""
    await _choose(visit, argument, home=False)


async def keep_home(visit: Visit, argument: str) -> None:
    """A medicine keeps the time of a zone, wherever the person is: "12.0f3a99c1"."""
    await _choose(visit, argument, home=True)


async def _choose(visit: Visit, argument: str, *, home: bool) -> None:
    key, _, short = argument.partition(".")
    before = travel.marked(short)
    found = next((m for m in await shelf(visit) if m.regimen.key == int(key)), None)
    if found is None or before is None or not travel.follows_the_clock(found.course):
        visit.toast = wording.gone(visit.gettext)
        return
    found.regimen.home_zone = before.key if home else None
    say, _ = travel_wording, visit.gettext
    visit.toast = say.keeps_now(_, before.key) if home else say.follows_now(_)
    visit.tell(ClockChosen(found.regimen.key, before.key))


async def _card(
    visit: Visit, before: ZoneInfo, heading: Text, regimen_id: int | None = None
) -> Message | None:
    """Each medicine with its clock; None when no medicine goes by any.

    After the choice for one of them (`regimen_id`) the others are compared only if they went by that clock.
    """
    listed = await _entries(visit)
    if not listed:
        return None
    olds = [
        before if regimen_id in {None, entry.medicine.regimen.key} or entry.went_by(before) else visit.zone
        for entry in listed
    ]
    texts = [entry.told(old) for entry, old in zip(listed, olds, strict=True)]
    buttons = [
        (entry.button(old),)
        for entry, old in zip(listed, olds, strict=True)
        if travel.follows_the_clock(entry.medicine.course)
    ]
    listing = (Choice(travel_wording.my_medicines(visit.gettext), Action(ROOM, "list")),)
    return Message(paragraphs(heading, *texts), (*buttons, listing))


async def _entries(visit: Visit) -> list["_Entry"]:
    """The medicines that go by a clock, as they are on /meds."""
    rows = await doses.between(
        visit.session, visit.person.key, visit.today - _LOOK_BACK, visit.today + _LOOK_AHEAD
    )
    return [
        _Entry(visit, medicine, _title(visit, number, medicine), _own(rows, medicine))
        for number, medicine in enumerate(await shelf(visit), 1)
        if not isinstance(medicine.timing, AsNeeded) and not medicine.paused
    ]


def _title(visit: Visit, number: int, medicine: Medicine) -> Text:
    if visit.person.discreet:
        return as_text(travel_wording.numbered(visit.gettext, number))
    return said(medicine.name)


def _own(rows: Sequence[Dose], medicine: Medicine) -> list[Dose]:
    return [row for row in rows if row.regimen_id == medicine.regimen.key and row.kind is DoseKind.PLANNED]


def _planned(dose: Dose | None) -> Planned | None:
    return _planned_row(dose) if dose is not None else None


def _planned_row(dose: Dose) -> Planned:
    return Planned(Slot(dose.slot_date, dose.slot_time), dose.due_at)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A medicine on the card, with its doses of late."""

    visit: Visit
    medicine: Medicine
    title: Text
    rows: Sequence[Dose]

    @property
    def had(self) -> list[Dose]:
        """The doses that are no longer to come."""
        now = self.visit.now
        return [dose for dose in self.rows if dose.state is not DoseState.OPEN or dose.due_at <= now]

    @property
    def last(self) -> Dose | None:
        """The latest of them that counts."""
        counted = (dose for dose in self.had if dose.state is not DoseState.WITHDRAWN)
        return max(counted, key=lambda dose: dose.due_at, default=None)

    def went_by(self, clock: ZoneInfo) -> bool:
        """Whether the last dose was by this clock."""
        return self.last is not None and self.last.zone == clock.key

    def told(self, old: ZoneInfo) -> Text:
        """Which clock it goes by, and what that changes against the old one."""
        _, here, medicine, say = self.visit.gettext, self.visit.zone, self.medicine, travel_wording
        timing = medicine.timing_on(self.visit.today)
        if not travel.follows_the_clock(timing):
            return say.goes_on(_, self.title, timing, self._upcoming(), here)
        if medicine.regimen.home_zone is not None:
            home = zone_of(self.visit, medicine.regimen)
            return say.keeps(_, self.title, timing, home, self._upcoming(), here)
        if old.key == here.key:
            return say.goes_along(_, self.title, timing)
        change, day_ends = self._compared(old, here), self.visit.person.day_ends_at
        told = say.follows(_, self.title, change, old, here, self.visit.now, day_ends)
        return lines(told, self._next_step(change, old, here))

    def _next_step(self, change: Change, old: ZoneInfo, new: ZoneInfo) -> Text:
        """What it changes for the step that begins soon; empty when none does, or when that was told."""
        visit, plan = self.visit, self.medicine.plan
        number = plan.begins_soon(visit.today) if plan is not None else None
        if plan is None or number is None:
            return Text("")
        since, ends = plan.steps[number].since, visit.person.day_ends_at
        if change.after is not None and change.after.slot.day >= since:
            return Text("")
        before, then = (plan_rules.first_of(plan, number, clock, ends) for clock in (old, new))
        first = Change(before, then)
        return travel_wording.next_step(visit.gettext, since, first, old, new, visit.now, ends)

    def told_of_quiet(self) -> list[Text]:
        """A line for each time of it that lies in the quiet hours."""
        visit, medicine = self.visit, self.medicine
        found = hushed(
            medicine.course,
            zone_of(visit, medicine.regimen),
            visit.quiet,
            visit.now,
            day_ends=visit.person.day_ends_at,
            bounds=medicine.bounds,
        )
        return [wording.in_quiet(visit.gettext, self.title, at, found[at]) for at in sorted(found)]

    def _upcoming(self) -> Planned | None:
        """The next dose by the clock it keeps; None for one that hangs on when it is taken."""
        if rules.counts_from_taking(self.medicine.timing_on(self.visit.today)):
            return None
        home = zone_of(self.visit, self.medicine.regimen)
        return self._compared(home, home).after

    def _compared(self, old: ZoneInfo, new: ZoneInfo) -> Change:
        return travel.compare(
            self.medicine.course,
            old,
            new,
            _planned(self.last),
            self.medicine.regimen.planned_through,
            booked={Slot(dose.slot_date, dose.slot_time) for dose in self.had},
            day_ends=self.visit.person.day_ends_at,
            bounds=self.medicine.bounds,
        )

    def told_of_day(self, before: time) -> Text:
        """What another end of the day changes; empty when nothing does."""
        visit, medicine, ends = self.visit, self.medicine, self.visit.person.day_ends_at
        if not travel.follows_the_clock(medicine.course):
            return Text("")
        goes_by = zone_of(visit, medicine.regimen)
        change = travel.by_another_day(
            medicine.course,
            goes_by,
            (before, ends),
            _planned(self.last),
            medicine.regimen.planned_through,
            booked=[_planned_row(dose) for dose in self.had],
            bounds=medicine.bounds,
        )
        return travel_wording.by_another_day(visit.gettext, self.title, change, goes_by, (before, ends))

    def button(self, old: ZoneInfo) -> Choice:
        """What is not so now: local time for a medicine that keeps another, and the other way round."""
        _, regimen = self.visit.gettext, self.medicine.regimen
        keeps = regimen.home_zone
        argument = f"{regimen.key}.{travel.mark(keeps or old.key)}"
        if keeps is None:
            return Choice(travel_wording.keep_home(_, self.title, old.key), Action(ROOM, "home", argument))
        return Choice(travel_wording.go_local(_, self.title), Action(ROOM, "local", argument))
