"""What the notices look at, read for several people in a constant number of statements."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.caregivers.scoping.choices import wished
from bot.caregivers.telling.doses import UNRECORDED, DoseSeen
from bot.caregivers.telling.patterns import NoticeSeen
from bot.caregivers.telling.rules import READ_BACK, Around, Entry, Wish
from bot.caregivers.telling.weeks import DoseOfWeek
from bot.conversation.letters import Receiver
from bot.conversation.spans import Spans
from bot.conversation.visit import Visit
from scheduler.localtime import instant
from storage import (
    caring,
    checkins,
    copies,
    dose_cards,
    doses,
    notices,
    outages,
    regimens,
    scopes,
    timers,
    told,
)
from storage.bonds import Bond
from storage.copies import Copy
from storage.doses import Dose
from storage.notices import Notice
from storage.outbox import OutboxState
from storage.scopes import BondScope
from storage.scores import core_score
from storage.told import Told
from storage.vocabulary import ReviewState, Scope

_OUTAGES = timedelta(days=2)
_OF_DOSES = frozenset({Scope.DOSE_NOT_RECORDED, Scope.WEEKLY_COUNT})
DOSES = "doses"  # the room that writes down which doses are due


@dataclass(slots=True)
class Tie:
    """One caregiver of a person: what is on, who they are, and what they were told.

    `entry` is the caregiver's own entry for the person; `doses` are those of the look that it belongs to.
    """

    bond: Bond
    to: Receiver
    entry: int
    name: str
    doses: list[Dose]
    on: dict[Scope, BondScope] = field(default_factory=dict)
    past: list[Told] = field(default_factory=list)

    def wish(self, kind: Scope) -> Wish:
        """A scope that is on, as the rules see it: nothing from before it was on is told."""
        row = self.on[kind]
        since = max(row.since, self.bond.state_since)
        return Wish(since, wished(row.delay), row.threshold if row.threshold is not None else 1)

    def entries(self, kind: Scope) -> list[Entry]:
        """What was told by a scope, as the rules see it."""
        return [
            Entry(row.about or "", row.made_at, row.acknowledged_at is not None or _is_over(row))
            for row in self.past
            if row.kind is kind
        ]


def _is_over(row: Told) -> bool:
    """What the caregiver never got cannot be seen by them; what the person has enough of need not be."""
    return row.review in (ReviewState.DROPPED, ReviewState.ENOUGH) or row.outcome in (
        OutboxState.SUPERSEDED,
        OutboxState.WITHHELD,
    )


@dataclass(slots=True)
class Look:
    """One person, as far as their caregivers may be told of it."""

    visit: Visit
    ties: list[Tie] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    copies: Mapping[str, list[Copy]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    scores: dict[date, float | None] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    outages: Spans = ()
    next_dose: datetime | None = None

    def around(self, tie: Tie) -> Around:
        """What holds around the person, for one caregiver."""
        visit = self.visit
        began = instant(visit.today, visit.person.day_ends_at, visit.zone) or visit.now
        return Around(visit.person.calm_until, self.outages, tie.to.quiet, began)

    def doses_seen(self) -> list[DoseSeen]:
        """The doses, as the rule sees them."""
        return [self._seen(dose) for dose in self.doses]

    def _seen(self, dose: Dose) -> DoseSeen:
        shown = self.copies.get(dose_cards.about_card(dose.card_id), []) if dose.card_id is not None else []
        return DoseSeen(
            dose.due_at, dose.state, dose.next_ask_at, _accepted_at(shown), under_way=_under_way(shown)
        )

    def week(self) -> list[DoseOfWeek]:
        """The doses, as the count of the week sees them."""
        return [DoseOfWeek(dose.slot_date, dose.state, dose.window_end) for dose in self.doses]

    def notices_seen(self) -> list[NoticeSeen]:
        """What the person was shown of their pattern, as the rule sees it."""
        return [self._notice(row) for row in self.notices]

    def _notice(self, row: Notice) -> NoticeSeen:
        content = notices.open_content(self.visit.sealer, row)
        shown = self.copies.get(notices.about(row.key), [])
        explained = content.get("reason") is not None
        kind, at = str(content["kind"]), _accepted_at(shown)
        return NoticeSeen(row.key, kind, row.told_at, at, under_way=_under_way(shown), explained=explained)

    def medicines_open_at(self, due_at: datetime) -> list[str]:
        """The names of what is not recorded of one instant, in order."""
        still = [dose for dose in self.doses if dose.due_at == due_at and dose.state in UNRECORDED]
        return list(dict.fromkeys(self.names[dose.regimen_id] for dose in still))


def _accepted_at(shown: Sequence[Copy]) -> datetime | None:
    """When the platform accepted the newest of these that it did; what may have arrived does not count."""
    return next((copy.settled_at for copy in reversed(shown) if copy.state is OutboxState.DELIVERED), None)


def _under_way(shown: Sequence[Copy]) -> bool:
    return bool(shown) and shown[-1].state in copies.UNDER_WAY


async def read(visits: Sequence[Visit]) -> list[Look]:
    """Everything about these people of one session; those who let nothing out have no ties."""
    session, now = visits[0].session, visits[0].now
    looks = {visit.person.key: Look(visit) for visit in visits}
    on = await scopes.live_of_people(session, list(looks), now)
    if not on:
        return list(looks.values())
    await _read_ties(looks, on)
    away = tuple((each.began, each.ended) for each in await outages.during(session, now - _OUTAGES, now))
    for look in looks.values():
        look.outages = away
    wanted = _by_scope(looks.values())
    if ids := wanted[_OF_DOSES]:
        await _read_doses(looks, ids, now)
    if ids := wanted[frozenset({Scope.PATTERN_NOTICED})]:
        for row in await notices.of_people(session, ids, now - READ_BACK):
            looks[row.person_id].notices.append(row)
    if ids := wanted[frozenset({Scope.LOW_MOOD})]:
        await _read_moods(looks, ids)
    await _read_copies(looks.values())
    return list(looks.values())


def _by_scope(looks: Collection[Look]) -> dict[frozenset[Scope], list[int]]:
    """Whose rows have to be read, by the scopes that need them."""
    needs = (_OF_DOSES, frozenset({Scope.PATTERN_NOTICED}), frozenset({Scope.LOW_MOOD}))
    return {
        need: [look.visit.person.key for look in looks if any(need & tie.on.keys() for tie in look.ties)]
        for need in needs
    }


async def _read_ties(looks: Mapping[int, Look], on: Sequence[tuple[Bond, BondScope]]) -> None:
    visits = [look.visit for look in looks.values()]
    session, now = visits[0].session, visits[0].now
    found = {bond.key: bond for bond, _scope in on if bond.caregiver_id is not None}
    theirs = await visits[0].receivers({bond.caregiver_id for bond in found.values() if bond.caregiver_id})
    names = await caring.of_bonds(session, list(found))
    ties: dict[int, Tie] = {}
    for key, bond in found.items():
        to, side = theirs.get(bond.caregiver_id or 0), names.get(key)
        if to is not None and side is not None:
            look, name = looks[bond.person_id], caring.open_name(to.sealer, side)
            ties[key] = Tie(bond, to, side.key, name, look.doses)
            look.ties.append(ties[key])
    for bond, scope in on:
        if bond.key in ties:
            ties[bond.key].on[scope.kind] = scope
    for row in await told.since(session, list(ties), now - READ_BACK):
        ties[row.bond_id].past.append(row)


async def _read_doses(looks: Mapping[int, Look], ids: Sequence[int], now: datetime) -> None:
    session = looks[ids[0]].visit.session
    for dose in await doses.planned_since(session, ids, (now - READ_BACK).date()):
        looks[dose.person_id].doses.append(dose)
    plans = await timers.of_people(session, ids, DOSES)
    for key in ids:
        looks[key].next_dose = looks[key].visit.timers.get(DOSES, plans.get(key))
    named = [key for key in ids if any(tie.bond.names_told for tie in looks[key].ties)]
    if named:
        for regimen, version in await regimens.of_people(session, named, stopped=True):
            words = regimens.open_words(looks[regimen.person_id].visit.sealer, version)
            looks[regimen.person_id].names[regimen.key] = words[0]


async def _read_moods(looks: Mapping[int, Look], ids: Sequence[int]) -> None:
    visits = [looks[key].visit for key in ids]
    first = min(visit.today for visit in visits) - READ_BACK
    for row in await checkins.answers_since(visits[0].session, ids, first):
        if row.answers_sealed is not None:
            opened = looks[row.person_id].visit.sealer.open("checkin", "answers_sealed", row.answers_sealed)
            looks[row.person_id].scores[row.day] = core_score(json.loads(opened))


async def _read_copies(looks: Collection[Look]) -> None:
    """What became of the reminders and notices of these people."""
    recent = [
        (look, dose.card_id)
        for look in looks
        for dose in look.doses
        if dose.card_id is not None and look.visit.now - dose.due_at < timedelta(days=2)
    ]
    things = {dose_cards.about_card(card) for _look, card in recent}
    things |= {notices.about(row.key) for look in looks for row in look.notices}
    if not things:
        return
    people = [look.visit.person.key for look in looks if look.ties]
    found = await copies.about(next(iter(looks)).visit.session, people, things)
    for look in looks:
        look.copies = found
