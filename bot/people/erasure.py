"""/delete and /export: the person's own data, taken away or handed over."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import structlog

from bot.conversation.message import Action, Choice, Document, Message
from bot.conversation.visit import Visit
from bot.people import privacy_wording
from bot.people.settings import ROOM_NAME
from storage import (
    bonds,
    care,
    caring,
    declarations,
    dose_events,
    estate,
    notes,
    notices,
    plans,
    regimens,
    safety_plans,
    stock,
    told,
)
from storage import words as caregiver_words
from storage.bonds import Bond
from storage.checkins import Checkin
from storage.declarations import DeclaredFact
from storage.dose_events import DoseEvent
from storage.doses import Dose
from storage.estate import Estate
from storage.notes import DoseNote
from storage.plans import RegimenStep
from storage.questionnaires import Questionnaire
from storage.regimens import RegimenVersion
from storage.safety_plans import SafetyPlan
from storage.stock import Stock
from storage.tombstones import StonesUnwritable
from storage.vocabulary import PersonState

_log = structlog.get_logger(__name__)

# What the bot notes down for its own work; it tells nothing about the person.
_INTERNAL = frozenset(
    {
        "person_id",
        "card_id",
        "planned_through",
        "next_ask_at",
        "reached",
        "told_at",
        "snooze_limit",
        "checkin_since",
        "phq_since",
        "bond_id",
        "caregiver_id",
        "opened_by",
        "token_hash",
        "outbox_id",
    }
)


async def ask_delete(visit: Visit, _words: str) -> None:
    """First of two taps."""
    _ = visit.gettext
    rows = (
        (Choice(privacy_wording.yes_delete(_), Action(ROOM_NAME, "erase")),),
        (Choice(privacy_wording.keep(_), Action(ROOM_NAME, "keep"), "success"),),
    )
    visit.show(Message(privacy_wording.ask_delete(_), rows))


async def ask_delete_again(visit: Visit, _argument: str) -> None:
    """Second of two taps."""
    _ = visit.gettext
    rows = (
        (Choice(privacy_wording.really_delete(_), Action(ROOM_NAME, "erased")),),
        (Choice(privacy_wording.keep(_), Action(ROOM_NAME, "keep"), "success"),),
    )
    visit.show(Message(privacy_wording.ask_delete_again(_), rows))


async def keep(visit: Visit, _argument: str) -> None:
    """The person thought better of it; after the end there is nothing to keep."""
    gone = visit.person.state is PersonState.NEW
    visit.show(
        Message(
            privacy_wording.nothing_here(visit.gettext) if gone else privacy_wording.kept_all(visit.gettext)
        )
    )


async def erase(visit: Visit, _argument: str) -> None:
    """Destroy the key and delete every row. The receipt leaves by itself: the outbox is erased, too.

    First it is written down that this was done, so that no backup can undo it; if that cannot be, nothing is.
    """
    number = f"{visit.now:%Y%m%d%H%M%S}-{visit.person.key}"
    text = privacy_wording.receipt(visit.gettext, visit.now, number)
    try:
        await visit.means.tombstones.lay_for(visit.person, visit.now)
    except StonesUnwritable as error:
        _log.error("not_erased", reason=str(error))
        visit.say(Message(privacy_wording.not_erased(visit.gettext)))
        return
    await estate.erase(visit.session, visit.person.key, visit.now)
    visit.farewell = Message(text)


async def export(visit: Visit, _words: str) -> None:
    """Send everything as one JSON file."""
    everything = await estate.read(visit.session, visit.person.key)
    # Years of doses take a while to write down; the others must not wait for it.
    content = await asyncio.to_thread(_written, visit, everything)
    document = Document(f"evenkeel-{visit.today:%Y-%m-%d}.json", content)
    visit.say(Message(privacy_wording.export_ready(visit.gettext), document=document))


def _written(visit: Visit, everything: Estate) -> str:
    return json.dumps(readable(visit, everything), indent=2, ensure_ascii=False, default=str)


def readable(visit: Visit, everything: Estate) -> dict[str, Any]:
    """A person's rows as plain data, with the sealed words opened."""
    return {
        "format": "evenkeel-export-1",
        "exported_at": visit.now.isoformat(),
        "person": _plain(everything.person),
        "consents": [_plain(row) for row in everything.consents],
        "medicines": [
            {
                **_plain(regimen),
                "versions": [
                    _version(visit, v, [s for s in everything.steps if s.version_id == v.id])
                    for v in everything.versions
                    if v.regimen_id == regimen.id
                ],
                "stock": next(
                    (_stock(visit, row) for row in everything.stocks if row.regimen_id == regimen.id), None
                ),
            }
            for regimen in everything.regimens
        ],
        "doses": [_recorded(visit, row) for row in everything.doses],
        "dose_events": [_recorded(visit, row) for row in everything.dose_events],
        "dose_notes": [_note(visit, row) for row in everything.dose_notes],
        "adherence_days": [_plain(row) for row in everything.adherence_days],
        "checkins": [_answered(visit, row) for row in everything.checkins],
        "questionnaires": [_answered(visit, row) for row in everything.questionnaires],
        "declared": [_declared(visit, row) for row in everything.declared],
        "notices": [{**_plain(row), **notices.open_content(visit.sealer, row)} for row in everything.notices],
        "care_team": [care.open_content(visit.sealer, row) for row in everything.care_contacts],
        "care_file": care.open_content(visit.sealer, everything.care_file) if everything.care_file else None,
        "crisis_cards_shown": [_plain(row) for row in everything.crises],
        "safety_plan": _safety_plan(visit, everything.safety_plan),
        "invitations": [_plain(row) for row in everything.invites],
        "caregivers": [_caregiver(visit, bond, everything) for bond in everything.bonds],
        "cares_for": [
            {**_plain(row), "name": caring.open_name(visit.sealer, row)} for row in everything.caring
        ],
    }


def _plain(row: Any) -> dict[str, Any]:
    plain: dict[str, Any] = row.model_dump(mode="json", exclude={*_sealed(row), *_INTERNAL})
    return plain


def _sealed(row: Any) -> Sequence[str]:
    return [name for name in type(row).model_fields if name.endswith("_sealed")]


def _version(visit: Visit, version: RegimenVersion, steps: Sequence[RegimenStep]) -> dict[str, Any]:
    name, amount = regimens.open_words(visit.sealer, version)
    planned = [{**_plain(step), "amounts": plans.open_amounts(visit.sealer, step)} for step in steps]
    return {**_plain(version), "name": name, "amount": amount, "steps": planned}


def _stock(visit: Visit, row: Stock) -> dict[str, Any]:
    per_amount = stock.open_per_amount(visit.sealer, row)
    return {**_plain(row), "per_amount": {amount: str(number) for amount, number in per_amount.items()}}


def _recorded(visit: Visit, row: Dose | DoseEvent) -> dict[str, Any]:
    """A dose or a fact about one, with the helper who recorded it, if one did."""
    by = dose_events.open_recorder(visit.sealer, row)
    return _plain(row) if by is None else {**_plain(row), "recorded_by": by}


def _note(visit: Visit, row: DoseNote) -> dict[str, Any]:
    return {**_plain(row), "content": notes.open_content(visit.sealer, row)}


def _declared(visit: Visit, row: DeclaredFact) -> dict[str, Any]:
    kind, on = declarations.open_content(visit.sealer, row)
    return {**_plain(row), "kind": kind, "on": on.isoformat()}


def _safety_plan(visit: Visit, row: SafetyPlan | None) -> dict[str, Any] | None:
    if row is None:
        return None
    steps, contacts = safety_plans.open_words(visit.sealer, row)
    people = [{"name": name, "reach": reach} for name, reach in contacts]
    return {**_plain(row), "steps": steps, "people": people}


def _caregiver(visit: Visit, bond: Bond, everything: Estate) -> dict[str, Any]:
    """A caregiver as the person knows them, what they may learn, and what they were sent, word for word."""
    name = bonds.open_name(visit.sealer, bond)
    sent = [row for row in everything.told if row.bond_id == bond.id]
    words = [row for row in everything.words if row.bond_id == bond.id]
    return {
        **_plain(bond),
        **name._asdict(),
        "scopes": [_plain(row) for row in everything.scopes if row.bond_id == bond.id],
        "scope_changes": [_plain(row) for row in everything.scope_changes if row.bond_id == bond.id],
        "sent": [{**_plain(row), "text": told.open_text(visit.sealer, row)} for row in sent],
        "told_me": [{**_plain(row), "text": caregiver_words.open_text(visit.sealer, row)} for row in words],
    }


def _answered(visit: Visit, row: Checkin | Questionnaire) -> dict[str, Any]:
    answers = None
    if row.answers_sealed is not None:
        answers = json.loads(visit.sealer.open(row.__tablename__, "answers_sealed", row.answers_sealed))
    return {**_plain(row), "answers": answers}
