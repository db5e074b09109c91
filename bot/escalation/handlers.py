"""What remains to be done about a crisis once it was answered, and the buttons of this room."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.conversation.catalogs import safety
from bot.conversation.facts import CalmChanged
from bot.conversation.inbound import Event
from bot.conversation.room import Command, Conversation, Room
from bot.conversation.visit import Visit
from bot.escalation import wake, wording
from bot.escalation.care import kept
from bot.escalation.crisis.alert import Alert, Source
from bot.escalation.followup import rules as followup
from bot.escalation.followup import wording as followup_wording
from bot.escalation.followup.rules import CALM_AFTER, QUESTION_STANDS, Card
from bot.escalation.lines.helplines import in_use
from bot.escalation.planning import contacts, planner
from bot.escalation.planning import dialogs as plan_dialogs
from bot.escalation.planning import editing as planning_wording
from bot.escalation.rules import Outlook, card_for
from bot.escalation.screening.tiers import Tier
from scheduler.lanes import Lane
from storage import crises
from storage.crises import CrisisEvent


async def record(visit: Visit, alert: Alert) -> None:
    """Note that a card was shown, and what follows: twelve calm hours, and a question the next day.

    Dose reminders go on. After a "no" what the question had opened is taken back; a card about somebody else
    has no consequences, and a page of an answer leaves no trace.
    """
    if alert.undelivered is not None:
        visit.say(replace(alert.undelivered, lane=Lane.CRISIS))
    if alert.outlook is Outlook.AGAIN:
        return
    if alert.outlook is Outlook.DISMISSED:
        await _take_back(visit)
    elif alert.outlook is Outlook.OWN:
        await wake.hold_back(visit)
    visit.session.add(_event(visit, alert))
    await _plan_ahead(visit)


async def name_poison_line(visit: Visit) -> None:
    """An extra dose was recorded: whom to ask, and the emergency number of their country. No advice."""
    person = visit.person
    facts = card_for(in_use(), person.country, visit.today, language=person.language)
    visit.say(wording.extra_dose(safety(person.language), replace(facts, overdose=True)))


async def keep_answer(visit: Visit, event: Event) -> None:
    """What was typed for the plan or for the care team is kept, also when it brought up a card."""
    await planner.keep_answer(visit, event)
    await kept.keep_answer(visit, event)


def _event(visit: Visit, alert: Alert) -> CrisisEvent:
    follows = alert.outlook is Outlook.OWN and visit.person.state.settled
    return CrisisEvent(
        person_id=visit.person.key,
        at=visit.now,
        # What somebody answered to item 9 is sealed; this row must not tell it in clear.
        source=(Source.BUTTON if alert.source is Source.ITEM else alert.source).value,
        tier=alert.tier.name.lower(),
        outlook=alert.outlook.value,
        language=alert.language,
        follow_up_at=followup.follow_up_at(visit.now, wake.hours(visit)) if follows else None,
    )


async def _take_back(visit: Visit) -> None:
    """The person said no: the question has no consequences any more."""
    recent = await crises.since(visit.session, visit.person.key, visit.now - QUESTION_STANDS)
    gone = followup.taken_back([_card(event) for event in recent])
    for event in recent:
        if event.key in gone:
            event.outlook, event.follow_up_at = Outlook.DISMISSED.value, None


def _card(event: CrisisEvent) -> Card:
    urgent = event.tier == Tier.URGENT.name.lower()
    asked = not urgent and event.source == Source.TEXT.value
    return Card(event.key, Outlook(event.outlook), urgent, asked)


async def _plan_ahead(visit: Visit) -> None:
    """The calm hours and the timer, from what is recorded now."""
    recent = await crises.since(visit.session, visit.person.key, visit.now - CALM_AFTER)
    calm_until = _calm_until(recent)
    if calm_until != visit.person.calm_until:
        visit.person.calm_until = calm_until
        visit.tell(CalmChanged())
    await wake.wake([visit])


def _calm_until(recent: Iterable[CrisisEvent]) -> datetime | None:
    return max((e.at + CALM_AFTER for e in recent if e.outlook == Outlook.OWN.value), default=None)


async def answered_already(_visit: Visit, _words: str) -> None:
    """The front answered before the router saw it."""


async def look_again(visit: Visit) -> None:
    """React to a return: what could not be asked meanwhile may still be asked."""
    await wake.wake([visit])


async def better(visit: Visit, argument: str) -> None:
    """The next day is a little better."""
    language = await _language_of(visit, argument)
    visit.show(followup_wording.better(safety(language), language))


async def still_hard(visit: Visit, argument: str) -> None:
    """The next day is still hard."""
    language = await _language_of(visit, argument)
    visit.show(followup_wording.still_hard(safety(language), language))


async def _language_of(visit: Visit, argument: str) -> str:
    event = await crises.owned(visit.session, visit.person.key, int(argument))
    return event.language if event is not None else visit.person.language


ROOM = Room(
    name=planning_wording.ROOM,
    commands={
        "sos": Command(answered_already, wording.sos_summary, before_consent=True),
        "crisis": Command(answered_already, before_consent=True),
        "worried": Command(answered_already, wording.worried_summary, before_consent=True),
        "plan": Command(planner.show, planning_wording.plan_summary),
    },
    buttons={
        "plan": planner.show,
        "step": planner.write_step,
        "allsix": planner.write_all,
        "wipe": planner.ask_wipe,
        "wiped": planner.wipe,
        "people": contacts.show,
        "addone": contacts.add,
        "change": contacts.change,
        "remove": contacts.remove,
        "better": better,
        "hard": still_hard,
    },
    # Whoever erased everything since they were asked may answer all the same.
    open_buttons=frozenset({"better", "hard"}),
    conversations=(
        Conversation(plan_dialogs.STEP, planner.end_step),
        Conversation(plan_dialogs.PERSON, contacts.end),
    ),
    wake=wake.wake,
)
