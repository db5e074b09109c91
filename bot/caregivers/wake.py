"""What this room does when its timer fires: ask to confirm, ask to renew, let consents end, tell who left.

After a backup was put back, tell what is off.
"""

from datetime import datetime

from bot.caregivers import lapses, rules, wording
from bot.caregivers.circle import confirming
from bot.caregivers.helping import hearing
from bot.caregivers.helping.hearing import Heard
from bot.caregivers.rules import Standing, Step
from bot.conversation.message import Action, Choice, Message
from bot.conversation.quiet import quiet_until
from bot.conversation.visit import Visit
from scheduler.lanes import Lane
from scheduler.localtime import local
from storage import bonds
from storage.bonds import ROOM, Bond
from storage.vocabulary import BondState, Ending


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    if not visits:
        return
    found = await bonds.to_look_at(visits[0].session, [visit.person.key for visit in visits])
    heard = await hearing.unshown(visits)
    undone = await lapses.untold(visits)
    for visit in visits:
        key = visit.person.key
        _look(visit, found[key], heard.get(key, []), undone=key in undone)
    owed = [visit for visit in visits if visit.person.key in undone and _silent_until(visit) is None]
    # Whoever fell silent is told when they say something.
    await lapses.tell([each for each in owed if each.person.listens and each.person.silent_since is None])


def _look(visit: Visit, standing: list[Bond], heard: list[Heard], *, undone: bool) -> None:
    later = _silent_until(visit)
    steps = [(bond, rules.next_step(_standing(bond), visit.now)) for bond in standing]
    for bond, step in steps:
        if step is Step.EXPIRE:
            _expire(visit, bond)
            step = rules.next_step(_standing(bond), visit.now)
        if step is Step.CONFIRM and visit.person.reachable:
            _ask_to_confirm(visit, bond)
        if later is None and visit.person.listens:
            _say(visit, bond, step)
    if later is None and visit.person.listens:
        hearing.show(visit, heard)
    ends = any(step in (Step.RENEW, Step.TELL_END, Step.EXPIRE) for _bond, step in steps)
    waits = ends or undone or bool(heard)
    looks = [rules.next_look([_standing(bond) for bond in standing], visit.now)]
    looks += [later] if waits else []
    visit.wake(ROOM, min((at for at in looks if at is not None), default=None))


def _say(visit: Visit, bond: Bond, step: Step) -> None:
    match step:
        case Step.RENEW:
            _ask_to_renew(visit, bond)
        case Step.TELL_END:
            _tell_end(visit, bond)


def _expire(visit: Visit, bond: Bond) -> None:
    """A consent that was not renewed; an agreement that nobody confirmed ends without a word."""
    bond.end_told = bond.state is BondState.AGREED
    bond.state, bond.state_since = BondState.ENDED, visit.now
    bond.ended_at, bond.ended_by = visit.now, Ending.EXPIRED


def _ask_to_confirm(visit: Visit, bond: Bond) -> None:
    name = wording.named(visit.gettext, bonds.open_name(visit.sealer, bond))
    text = wording.ask_to_confirm(visit.gettext, name)
    visit.say(Message(text, confirming(visit, bond), not_after=bond.expires_at))
    bond.asked_at = visit.now


def _ask_to_renew(visit: Visit, bond: Bond) -> None:
    _, key = visit.gettext, str(bond.key)
    name = wording.named(_, bonds.open_name(visit.sealer, bond))
    text = wording.ask_to_renew(_, name, local(bond.expires_at, visit.zone).date())
    rows = (
        (Choice(wording.renew_button(_), Action(ROOM, "renew", key)),),
        (Choice(wording.let_end_button(_), Action(ROOM, "end", key)),),
    )
    visit.say(Message(text, rows, lane=Lane.DIGEST, not_after=bond.expires_at))
    bond.renew_asked_at = visit.now


def _tell_end(visit: Visit, bond: Bond) -> None:
    name = wording.named(visit.gettext, bonds.open_name(visit.sealer, bond))
    tell = wording.ran_out if bond.ended_by is Ending.EXPIRED else wording.left
    visit.say(Message(tell(visit.gettext, name), lane=Lane.DIGEST))
    bond.end_told = True


def _standing(bond: Bond) -> Standing:
    return Standing(
        state=bond.state,
        expires_at=bond.expires_at,
        asked=bond.asked_at is not None,
        renew_ask_at=bond.renew_ask_at,
        renew_asked=bond.renew_asked_at is not None,
        end_told=bond.end_told,
    )


def _silent_until(visit: Visit) -> datetime | None:
    person = visit.person
    if visit.calm:
        return person.calm_until
    return quiet_until(visit.now, visit.zone, person.quiet_from, person.quiet_until)
