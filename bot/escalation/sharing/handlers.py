"""Showing the safety information about sharing, and taking it out of sight."""

from datetime import timedelta

from bot.conversation.catalogs import safety
from bot.conversation.collecting import Order
from bot.conversation.message import Action, Choice, Message
from bot.conversation.room import Room
from bot.conversation.visit import Visit
from bot.escalation.lines.helplines import in_use
from bot.escalation.noticing.card import help_choice
from bot.escalation.noticing.wake import hours
from bot.escalation.sharing import rules, wording
from scheduler.lanes import Lane
from storage import outbox
from storage.outbox import OutboxKind
from storage.vocabulary import PersonState

NAME = "sharing"
ABOUT = "sharing"


async def inform(visit: Visit) -> None:
    """React to sharing that looks unusual: the next day the person reads that nobody has to share.

    Not while everything is paused, and not when it was said within the last month.
    """
    person = visit.person
    if person.state is not PersonState.ACTIVE or any(each.message.about == ABOUT for each in visit.orders):
        return
    if not rules.may_tell(await outbox.last_said(visit.session, person.key, ABOUT), visit.now):
        return
    _ = safety(person.language)
    facts = rules.information(in_use(), person.country, visit.today, person.language)
    at = rules.appointment(hours(visit), visit.today + timedelta(days=1), visit.now)
    visit.say(
        Message(
            wording.information(_, facts),
            ((Choice(wording.delete(_), Action(NAME, "clear")),), (help_choice(visit),)),
            lane=Lane.CHECKIN,
            not_before=at.not_before,
            not_after=at.not_after,
            dedupe_key=f"{ABOUT}:{person.key}:{at.not_before:%Y-%m-%d}",
            about=ABOUT,
            protect=False,  # its numbers must be copied, and it must be easy to get rid of
            silent=True,
        )
    )


def hold_back(visit: Visit) -> None:
    """React to calm hours or a pause: what is under way does not leave, and may be said another time."""
    visit.supersede(ABOUT)


async def clear(visit: Visit, _argument: str) -> None:
    """Take the message out of sight. What is too old to be deleted has no words of ours left."""
    if visit.press is None or visit.press.message is None:
        return
    gone = Message(wording.deleted(safety(visit.person.language)))
    visit.edit(visit.press.message, gone)
    visit.orders.append(Order(OutboxKind.DELETE, gone, target=visit.press.message))


ROOM = Room(
    name=NAME,
    buttons={"clear": clear},
    # Whoever erased everything since may still take it out of sight.
    open_buttons=frozenset({"clear"}),
)
