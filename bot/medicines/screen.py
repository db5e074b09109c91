"""The pages of /meds: the list, and one medicine with what can be changed."""

from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.text import Text, lines, paragraphs
from bot.conversation.visit import Visit
from bot.medicines import plan_rules, plan_wording, rules, stock_wording, travel_wording, wording
from bot.medicines.shelf import Medicine, medicine, shelf
from bot.medicines.stocking import Supply, supplies

ROOM_NAME = "meds"


async def show_list(visit: Visit) -> None:
    """List the medicines."""
    _, listed = visit.gettext, await shelf(visit)
    if not listed:
        visit.show(Message(wording.no_medicines(_)))
        return
    numbered = (_list_line(visit, number, found) for number, found in enumerate(listed, 1))
    rows = [(button(found.name, "one", found),) for found in listed]
    rows.append((Choice(travel_wording.clocks_button(_), Action(ROOM_NAME, "clocks")),))
    text = paragraphs(wording.your_medicines(_), lines(*numbered))
    visit.show(Message(text, (*rows, help_row(_))))


def _list_line(visit: Visit, number: int, found: Medicine) -> Text:
    _ = visit.gettext
    if found.plan is None:
        return wording.list_line(_, number, found.name, found.amount, found.timing, paused=found.paused)
    summary = plan_wording.summary(_, found.plan, visit.today)
    return wording.numbered_line(_, number, found.name, summary, paused=found.paused)


def button(label: str, verb: str, about: Medicine) -> Choice:
    """A button that says something about a medicine."""
    return Choice(label, Action(ROOM_NAME, verb, str(about.regimen.key)))


async def found_medicine(visit: Visit, argument: str) -> Medicine | None:
    """The medicine that a button is about; a note is shown when it is no longer there."""
    found = await medicine(visit, int(argument))
    if found is None:
        visit.toast = wording.gone(visit.gettext)
    return found


async def show_one(visit: Visit, argument: str) -> None:
    """Show one medicine and what can be changed."""
    found = await found_medicine(visit, argument)
    if found is None:
        return
    supply = (await supplies([visit], [[found]])).get(found.regimen.key)
    text = paragraphs(_text(visit, found), stock_wording.line(visit.gettext, supply) if supply else "")
    visit.show(Message(text, _choices(visit, found, supply)))


def _text(visit: Visit, found: Medicine) -> Text:
    _ = visit.gettext
    if found.plan is None:
        return wording.one_medicine(
            _,
            found.name,
            found.amount,
            found.timing,
            found.bounds,
            paused=found.paused,
            for_mood=found.for_mood,
        )
    plan = plan_wording.whole(_, found.plan, visit.today)
    return wording.one_with_plan(_, found.name, plan, paused=found.paused, for_mood=found.for_mood)


def _choices(visit: Visit, found: Medicine, supply: Supply | None) -> Choices:
    _ = visit.gettext
    halt = (
        button(wording.resume(_), "resume", found)
        if found.paused
        else button(wording.pause(_), "pause", found)
    )
    stock = button(stock_wording.stock(_) if supply else stock_wording.count(_), "stock", found)
    return (
        *_changes(visit, found),
        (button(wording.rename(_), "rename", found), halt),
        (stock,),
        (button(wording.not_for_mood(_) if found.for_mood else wording.for_mood(_), "mood", found),),
        (button(wording.stop(_), "stop", found), Choice(wording.back(_), Action(ROOM_NAME, "list"))),
    )


def _changes(visit: Visit, found: Medicine) -> Choices:
    """What changes the times and amounts: of a plain medicine, or of a plan."""
    _ = visit.gettext
    times = button(wording.change_times(_), "times", found)
    write = button(plan_wording.a_plan(_), "plan", found)
    if found.plan is None:
        return ((times, button(wording.change_amount(_), "amount", found)), (write,))
    rows: list[tuple[Choice, ...]] = [(button(plan_wording.change_plan(_), "plan", found),)]
    if plan_rules.has_later(found.plan, visit.today):
        rows.append(
            (
                button(plan_wording.push_back(_), "push", found),
                button(plan_wording.end_plan(_), "endplan", found),
            )
        )
    return tuple(rows)


def is_full(listed: list[Medicine]) -> bool:
    """Whether no more medicines can be kept."""
    return len(listed) >= rules.MOST_REGIMENS
