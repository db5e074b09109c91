"""/usual: what the person is compared with, what they declared of their dose, and whether notices come."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.conversation.facts import DoseChanged, Fact
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from bot.escalation.noticing import asking, card, reading, wake, wording
from bot.escalation.noticing.asking import OfDose
from bot.escalation.noticing.dialogs import AGO, DOSE, HELPED, HELPING, LANGUAGE, SINCE
from bot.escalation.noticing.look import Look
from bot.escalation.noticing.record import Said, Statement, declared_changes
from bot.escalation.noticing.told import told_from
from bot.escalation.recurrence.policy import shipped_policy
from storage import declarations, notices
from storage.declarations import DeclaredFact

_UNCHANGED = (Said.STABLE_SINCE, Said.STABLE_LONG)


async def show(visit: Visit, _words: str) -> None:
    """Answer /usual. In the calm hours after a crisis there are no numbers."""
    _ = card.tongue(visit)
    if visit.calm:
        visit.show(Message(asking.resting_now(_), ((card.help_choice(visit),),)))
        return
    look = await reading.look(visit)
    said = await reading.statements(visit)
    facts = asking.declared(_, visit.person.language, _of_dose(said), visit.today)
    text = asking.usual_page(_, _compared(visit, look), facts, on=visit.person.notices)
    switch = asking.notices_off(_) if visit.person.notices else asking.notices_on(_)
    rows = (
        (_button(asking.lately(_), "lately"),),
        (_button(asking.from_today(_), "anew"),),
        (_button(asking.about_dose(_), "dose"),),
        (_button(switch, "notices", "off" if visit.person.notices else "on"),),
        (card.help_choice(visit),),
    )
    visit.show(Message(text, rows))


async def answer(visit: Visit, argument: str) -> None:
    """Is this your usual? "12.yes", "12.no" or "12.unsure" answers the notice 12."""
    key, word = argument.split(".")
    row = await notices.owned(visit.session, visit.person.key, int(key))
    _ = card.tongue(visit)
    if row is None:
        visit.toast = wording.gone(_)
        return
    told = replace(told_from(notices.open_content(visit.sealer, row)), useful=word != "no")
    row.content_sealed = notices.seal_content(visit.sealer, told.content())
    if word == "no":
        await _state(visit, Said.USUAL_FROM, visit.today)
        visit.show(Message(asking.usual_begun_anew(_)))
    elif word == "yes":
        await _state(visit, Said.USUAL, visit.today)
        visit.show(Message(asking.usual_kept(_)))
        if not _of_dose(await reading.statements(visit)):
            visit.press = None  # a question of its own, under the thanks
            await ask_about_dose(visit, "")
    else:
        visit.show(Message(asking.usual_unsure(_)))


async def take_lately(visit: Visit, _argument: str) -> None:
    """The last four weeks with answers are the usual, if they hold enough of them."""
    policy, _ = shipped_policy().baseline, card.tongue(visit)
    answered = [day.date for day in (await reading.look(visit)).days if day.core is not None]
    first = max(answered, default=visit.today) - timedelta(days=policy.days - 1)
    answers = sum(day >= first for day in answered)
    if answers < policy.answers:
        visit.show(Message(asking.too_few_lately(_, answers, policy.answers), (_to_page(visit),)))
        return
    await _state(visit, Said.USUAL_FROM, first)
    await _state(visit, Said.USUAL, visit.today)
    visit.show(Message(asking.taken_lately(_), (_to_page(visit),)))


async def begin_anew(visit: Visit, _argument: str) -> None:
    """Forget what was compared with; it forms anew from today."""
    await _state(visit, Said.USUAL_FROM, visit.today)
    visit.show(Message(asking.usual_begun_anew(card.tongue(visit)), (_to_page(visit),)))


async def ask_about_dose(visit: Visit, _argument: str) -> None:
    """Since when is the dose the same, and has it been helping?"""
    await visit.open(DOSE, {LANGUAGE: visit.person.language})


async def end_dose(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep what was said of the dose."""
    if answers[SINCE] is not None:
        kind = Said.STABLE_LONG if answers[SINCE] == AGO[-1] else Said.STABLE_SINCE
        await _state(visit, kind, visit.today - timedelta(days=answers[SINCE]))
    if answers[HELPING] is False:
        await _state(visit, Said.NOT_HELPED, visit.today)
    elif answers[HELPED] is not None:
        await _state(visit, Said.HELPED_SINCE, visit.today - timedelta(days=answers[HELPED]))
    visit.show(Message(asking.noted(card.tongue(visit)), (_to_page(visit),)))


async def switch(visit: Visit, argument: str) -> None:
    """Notices about a change: "on" or "off"."""
    _ = card.tongue(visit)
    visit.person.notices = argument == "on"
    if not visit.person.notices:
        await wake.hold_back(visit)
    visit.show(Message(asking.on_again(_) if visit.person.notices else asking.off(_), (_to_page(visit),)))
    await wake.wake([visit])


async def dose_changed(visit: Visit, fact: Fact) -> None:
    """React to the person's word that a dose or a medicine changed."""
    if isinstance(fact, DoseChanged):
        await _state(visit, Said.DOSE_CHANGED, fact.on)


async def _state(visit: Visit, kind: Said, on: date) -> None:
    """Write a declared fact down."""
    content = declarations.seal_content(visit.sealer, kind.value, on)
    visit.session.add(DeclaredFact(person_id=visit.person.key, said_at=visit.now, content_sealed=content))
    await visit.session.flush()


def _compared(visit: Visit, look: Look) -> Text:
    _, needed = card.tongue(visit), shipped_policy().baseline.answers
    if look.baseline is None:
        return asking.nothing_to_compare(_, look.answers, needed)
    return asking.compared_with(_, visit.person.language, look.baseline, visit.today)


def _of_dose(said: list[Statement]) -> OfDose:
    """The last word about each thing counts."""
    long = next((each.on for each in reversed(said) if each.kind in _UNCHANGED), None)
    stable = max(declared_changes(said), default=long)
    helping = next(
        (each for each in reversed(said) if each.kind in (Said.HELPED_SINCE, Said.NOT_HELPED)), None
    )
    helps = helping is not None and helping.kind is Said.HELPED_SINCE
    return OfDose(
        unchanged_since=stable,
        helping_since=helping.on if helping is not None and helps else None,
        not_helping=helping is not None and not helps,
    )


def _to_page(visit: Visit) -> tuple[Choice, ...]:
    return (_button(wording.back(card.tongue(visit)), "page"),)


def _button(label: str, verb: str, argument: str = "") -> Choice:
    return Choice(label, Action(card.ROOM, verb, argument))
