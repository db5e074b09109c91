"""A press under a check-in. A little note that only the presser sees answers it; nothing else changes."""

from bot.conversation.visit import Visit
from bot.groups.pulse import ballot, rules
from bot.groups.pulse.board import until
from bot.groups.pulse.questions import phrases, questions
from bot.groups.visit import GroupVisit
from storage import groups, pulses
from storage.pulses import Pulse
from storage.vocabulary import PulseState


async def answer(visit: GroupVisit, argument: str, who: str) -> None:
    """Keep an answer, or change it. The note is the same for everybody, whatever they answered before."""
    said = phrases(visit.group.language)
    pulse_id, _, chosen = argument.partition(".")
    pulse = await pulses.find(visit.session, visit.group.key, int(pulse_id)) if pulse_id.isdigit() else None
    choice = rules.choice_in(chosen, _choices(pulse)) if pulse is not None else None
    if pulse is None or choice is None or not who or not _is_open(visit, pulse) or pulse.key_sealed is None:
        visit.toast = said.over
        return
    await pulses.answer(visit.session, pulse, ballot.hash_of(visit.sealer, pulse.key_sealed, who), choice)
    visit.toast = said.kept.format(until=until(visit, pulse.closes_at))


async def forget(visit: Visit) -> None:
    """Somebody has everything erased: their answers in open check-ins go as well."""
    session, who = visit.session, visit.person
    found = {group.key: group for group in await groups.of_account(session, who.platform, who.account)}
    for key, pending in (await pulses.pending(session, found)).items():
        for pulse in (each for each in pending if each.key_sealed is not None):
            sealer = groups.sealer(visit.means.master, found[key])
            await pulses.take_back(session, pulse, ballot.hash_of(sealer, pulse.key_sealed or b"", who.ref))


def _is_open(visit: GroupVisit, pulse: Pulse) -> bool:
    return pulse.state is PulseState.OPEN and visit.now < pulse.closes_at


def _choices(pulse: Pulse) -> int:
    asked = questions().get(pulse.question)
    return asked.choices if asked is not None else 0
