"""What the check-ins of a group want when its timer fires: to be asked, to be closed, to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.groups.posts.rules import LATEST, due, next_of
from bot.groups.pulse import ballot, board, rules
from bot.groups.pulse.questions import in_turn, questions
from bot.groups.visit import GroupVisit
from scheduler.timing import Planned, from_data
from storage import pulses
from storage.pulses import Pulse, PulsePlan
from storage.vocabulary import GroupState, PulseState

_SHORTEST_AGAIN = timedelta(minutes=5)  # asking once more at a new place is worth it with so much time left


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept about the check-ins of a group that is of use now."""

    plan: PulsePlan | None
    pending: Sequence[Pulse]


async def look(visit: GroupVisit, kept: Kept) -> datetime | None:
    """Do what is due. When to look again; None for never."""
    for pulse in kept.pending:
        if pulse.state is PulseState.OPEN and pulse.closes_at <= visit.now:
            await _close(visit, pulse)
        if pulse.state is PulseState.CLOSED and not pulse.told:
            await _tell(visit, pulse)
        elif pulse.state is PulseState.OPEN and pulse.lost:
            _ask_again(visit, pulse)
    closes = [pulse.closes_at for pulse in kept.pending if pulse.state is PulseState.OPEN]
    if kept.plan is None or visit.group.state is not GroupState.ACTIVE:
        return rules.earliest(closes)
    asked = await _ask_if_due(visit, kept.plan, is_open=bool(closes))
    await _show_week_if_due(visit, kept.plan)
    kept.plan.looked_until = visit.now
    return rules.earliest([asked, *closes, *(slot.due_at for _, slot in coming(visit, kept.plan))])


def coming(visit: GroupVisit, plan: PulsePlan, count: int = 1) -> list[tuple[str, Planned]]:
    """The next slots of the check-in and of the picture, each with its subject."""
    timings = {"check-in": plan.timing, "picture": plan.picture_timing}
    return [
        (subject, slot)
        for subject, timing in timings.items()
        if timing is not None
        for slot in next_of(from_data(timing), visit.zone, visit.now, count)
    ]


async def _close(visit: GroupVisit, pulse: Pulse) -> None:
    """Decide what may be shown. Who answered, what, and how many how, is gone with this transaction."""
    asked = questions().get(pulse.question)
    counts = await pulses.close(visit.session, pulse, asked.choices if asked is not None else 0)
    pulse.shown = rules.to_data(rules.totals(counts, ballot.veil()))


async def _tell(visit: GroupVisit, pulse: Pulse) -> None:
    """Where the question stands; where it does not any more, anew. Where the bot is gone, later or never."""
    if pulse.closes_at < visit.now - rules.TOLD_WITHIN:
        pulse.told = True
    if pulse.told or visit.group.state is GroupState.GONE:
        return
    if not pulse.lost:
        await visit.change(pulses.about(pulse.key), board.result(visit, pulse))
    elif visit.group.state is GroupState.ACTIVE:
        visit.say(board.result(visit, pulse))
    else:
        return
    pulse.told = True


def _ask_again(visit: GroupVisit, pulse: Pulse) -> None:
    """The group went elsewhere: the same question there; who answered already has answered."""
    if visit.group.state is GroupState.ACTIVE and pulse.closes_at - visit.now >= _SHORTEST_AGAIN:
        pulse.lost = False
        visit.say(board.question(visit, pulse, pulse.closes_at))


async def _ask_if_due(visit: GroupVisit, plan: PulsePlan, *, is_open: bool) -> datetime | None:
    """Ask, unless the group was asked a moment ago. When the new check-in closes, if there is one."""
    wanted, plan.wanted = plan.wanted, False
    slots = _due(visit, plan.timing, plan.looked_until)
    rests = rules.may_ask_from(await pulses.last_opened(visit.session, visit.group.key))
    if is_open or not (wanted or slots) or (rests is not None and rests > visit.now):
        return None
    pulse = Pulse(
        group_id=visit.group.key,
        question=_question(plan),
        opened_at=visit.now,
        closes_at=visit.now + timedelta(hours=plan.hours),
        key_sealed=ballot.new_key(visit.sealer),
    )
    plan.asked += 1
    visit.session.add(pulse)
    await visit.session.flush()
    visit.say(board.question(visit, pulse, min(visit.now + LATEST, pulse.closes_at)))
    return pulse.closes_at


def _due(visit: GroupVisit, timing: dict[str, Any] | None, looked_until: datetime) -> list[Planned]:
    """What is due by a timing; nothing comes by itself in the quiet hours of the group."""
    slots = due(from_data(timing), visit.zone, looked_until, visit.now) if timing is not None else []
    return [slot for slot in slots if visit.quiet.until(slot.due_at) is None]


def _question(plan: PulsePlan) -> str:
    chosen = plan.question
    return chosen if chosen is not None and chosen in questions() else in_turn(plan.asked)


async def _show_week_if_due(visit: GroupVisit, plan: PulsePlan) -> None:
    for slot in _due(visit, plan.picture_timing, plan.looked_until)[-1:]:
        span = (visit.group.key, slot.due_at - rules.WEEK, slot.due_at)
        found = await pulses.closed_between(visit.session, *span)
        shown = [pulse for pulse in found if rules.from_data(pulse.shown or {}).blocks]
        if len(shown) >= rules.FEWEST_IN_PICTURE:
            key = f"pulse-week:{visit.group.key}:{slot.slot.day}"
            visit.say(board.week(visit, shown[-rules.MOST_IN_PICTURE :], key, slot.due_at + LATEST))
