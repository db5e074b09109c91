"""Buttons and dialogs about what is left of a medicine."""

from decimal import Decimal
from typing import Any

from bot.conversation.dialogs import Again, Answers, Context, Dialog, Got, Option, Prompt, Read, Reply, Step
from bot.conversation.message import Choices, Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from bot.medicines import dialogs, stock_rules, stock_wording, wake, wording
from bot.medicines.screen import button, found_medicine, show_one
from bot.medicines.shelf import Medicine
from bot.medicines.stocking import Supply, supplies
from storage import stock
from storage.stock import Stock

_LEFT, _PER_DOSE, _LEAD = "left", "per_dose", "lead_days"
_AMOUNTS, _TAKES = "amounts", "takes"  # of a plan: its amounts, and what a dose of each takes
_NONE = "0"
_LEAST = Decimal("0.001")


def _ask_left(context: Context, answers: Answers) -> Prompt:
    return Prompt(stock_wording.ask_left(context.gettext, answers[dialogs.NAME]))


def _read_left(context: Context, _answers: Answers, reply: Reply) -> Read:
    number = stock_rules.read_number(reply.text or "")
    if number is None:
        return Again(stock_wording.number_refused(context.gettext))
    return Got({_LEFT: str(number)})


def _ask_per_dose(context: Context, answers: Answers) -> Prompt:
    """For a plan with several amounts: one after another."""
    amounts = answers[_AMOUNTS]
    if len(amounts) < 2:
        return Prompt(stock_wording.ask_per_dose(context.gettext))
    return Prompt(stock_wording.ask_per_amount(context.gettext, amounts, amounts[len(answers[_TAKES])]))


def _read_per_dose(context: Context, answers: Answers, reply: Reply) -> Read:
    number = stock_rules.read_number(reply.text or "", least=_LEAST)
    if number is None:
        return Again(stock_wording.per_dose_refused(context.gettext))
    amounts, takes = answers[_AMOUNTS], dict(answers[_TAKES])
    if amounts:
        takes[amounts[len(takes)]] = str(number)
    if len(takes) < len(amounts):
        return Got({_TAKES: takes}, then=_PER_DOSE)
    return Got({_TAKES: takes, _PER_DOSE: takes[amounts[0]] if amounts else str(number)})


def _ask_lead(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    offered = tuple(Option(str(days), str(days)) for days in stock_rules.OFFERED_LEAD)
    return Prompt(stock_wording.ask_lead(_), (offered, (Option(stock_wording.no_reminder(_), _NONE),)))


def _read_lead(context: Context, _answers: Answers, reply: Reply) -> Read:
    if reply.option == _NONE:
        return Got({_LEAD: 0})
    said = (reply.option or reply.text or "").strip()
    days = int(said) if said.isascii() and said.isdigit() and len(said) <= 4 else 0
    if not 1 <= days <= stock_rules.LONGEST_LEAD:
        return Again(stock_wording.lead_refused(context.gettext, stock_rules.LONGEST_LEAD))
    return Got({_LEAD: days})


_ASK_LEAD = Step(_LEAD, _ask_lead, _read_lead)
COUNT = Dialog(
    "stock",
    (
        Step(_LEFT, _ask_left, _read_left, then=_PER_DOSE),
        Step(_PER_DOSE, _ask_per_dose, _read_per_dose, then=_LEAD),
        _ASK_LEAD,
    ),
)
COUNT_AGAIN = Dialog("stockleft", (Step(_LEFT, _ask_left, _read_left),))
PER_DOSE = Dialog("stockdose", (Step(_PER_DOSE, _ask_per_dose, _read_per_dose),))
LEAD = Dialog("stocklead", (_ASK_LEAD,))


async def _supply(visit: Visit, argument: str) -> tuple[Medicine, Supply | None] | None:
    found = await found_medicine(visit, argument)
    if found is None:
        return None
    return found, (await supplies([visit], [[found]])).get(found.regimen.key)


async def show_stock(visit: Visit, argument: str) -> None:
    """What is left; the first time, ask for it."""
    about = await _supply(visit, argument)
    if about is None:
        return
    _, (found, supply) = visit.gettext, about
    if supply is None:
        await _open(visit, COUNT, found)
        return
    rows = (
        (button(stock_wording.count_again(_), "stockleft", found),),
        (button(stock_wording.change_per_dose(_), "stockdose", found),),
        (button(stock_wording.change_lead(_), "stocklead", found),),
        (button(stock_wording.off(_), "stockoff", found), button(wording.back(_), "one", found)),
    )
    visit.show(Message(stock_wording.page(_, found.name, supply, _amounts(visit, found)), rows))


def _amounts(visit: Visit, found: Medicine) -> tuple[str, ...]:
    """The amounts of a plan, from the step of today on; none for a plain medicine."""
    return found.plan.amounts_from(visit.today) if found.plan is not None else ()


async def offer_amounts(visit: Visit, found: Medicine) -> tuple[Text, Choices]:
    """Where what is left is counted, and nobody said what a dose of some amount of the plan takes: ask."""
    supply = (await supplies([visit], [[found]])).get(found.regimen.key)
    if supply is None or not supply.unsaid(_amounts(visit, found)):
        return Text(""), ()
    return stock_wording.amounts_unsaid(visit.gettext), _what_a_dose_takes(visit, found)


async def offer_per_dose(visit: Visit, found: Medicine) -> tuple[Text, Choices]:
    """Where what is left is counted, and a dose is another amount now: offer to say how many it takes."""
    supply = (await supplies([visit], [[found]])).get(found.regimen.key)
    if supply is None or found.plan is not None:
        return Text(""), ()
    text = stock_wording.amount_changed(visit.gettext, supply.row.per_dose)
    return text, _what_a_dose_takes(visit, found)


def _what_a_dose_takes(visit: Visit, found: Medicine) -> Choices:
    return ((button(stock_wording.change_per_dose(visit.gettext), "stockdose", found),),)


async def _open(visit: Visit, dialog: Dialog, found: Medicine) -> None:
    amounts = list(_amounts(visit, found))
    known = {dialogs.NAME: found.name, "regimen": found.regimen.key, _AMOUNTS: amounts, _TAKES: {}}
    await visit.open(dialog, known)


async def count_again(visit: Visit, argument: str) -> None:
    await _open_about(visit, COUNT_AGAIN, argument)


async def change_per_dose(visit: Visit, argument: str) -> None:
    await _open_about(visit, PER_DOSE, argument)


async def change_lead(visit: Visit, argument: str) -> None:
    await _open_about(visit, LEAD, argument)


async def _open_about(visit: Visit, dialog: Dialog, argument: str) -> None:
    found = await found_medicine(visit, argument)
    if found is not None:
        await _open(visit, dialog, found)


async def end_count(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep what was said; the rest stays. What is left is counted anew only when it was counted."""
    about = await _supply(visit, str(answers["regimen"]))
    if about is None:
        return
    found, supply = about
    if supply is None and not {_LEFT, _PER_DOSE, _LEAD} <= answers.keys():
        await _open(visit, COUNT, found)  # it is counted no longer, so that more has to be known
        return
    said = {amount: Decimal(number) for amount, number in answers[_TAKES].items()}
    kept = {**supply.per_amount, **said} if supply is not None else said
    row = Stock(
        regimen_id=found.regimen.key,
        person_id=visit.person.key,
        # What is left now is counted from now, also when only the rest changes: what was taken stays taken.
        counted_at=visit.now,
        left=Decimal(answers[_LEFT]) if _LEFT in answers or supply is None else supply.left,
        per_dose=Decimal(answers[_PER_DOSE])
        if _PER_DOSE in answers or supply is None
        else supply.row.per_dose,
        lead_days=answers[_LEAD] if _LEAD in answers or supply is None else supply.row.lead_days,
        per_amount_sealed=stock.seal_per_amount(visit.sealer, kept),
    )
    await stock.put(visit.session, row)
    await wake.wake([visit])
    await show_stock(visit, str(found.regimen.key))


async def forget(visit: Visit, argument: str) -> None:
    """Count it no longer."""
    found = await found_medicine(visit, argument)
    if found is not None:
        await stock.forget(visit.session, found.regimen.key)
        visit.toast = stock_wording.forgotten(visit.gettext)
        await wake.wake([visit])
        await show_one(visit, argument)
