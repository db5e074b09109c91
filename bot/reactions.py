"""Which room reacts to which fact: the whole nervous system in one table."""

from collections.abc import Awaitable, Callable, Mapping

from bot.caregivers import wake as caregivers_wake
from bot.caregivers.helping import recording
from bot.caregivers.telling import wake as telling
from bot.checkins import handlers as checkins
from bot.checkins import wake as checkins_wake
from bot.conversation.errands import Errand
from bot.conversation.facts import (
    CalmChanged,
    CameBack,
    CareTeamNotNeeded,
    CareTeamSuggested,
    CheckinAnswered,
    CheckinTimeWanted,
    ClockChosen,
    DayEndChanged,
    DoseAnswered,
    DoseChanged,
    DoseGiven,
    DoseReopened,
    ExtraTaken,
    Fact,
    OpenDosesWanted,
    Paused,
    QuestionnaireAnswered,
    QuietHoursSet,
    RegimenEnded,
    RegimensChanged,
    Resumed,
    SettingsChanged,
    Settled,
    SharingLooksUnusual,
    Travelled,
)
from bot.conversation.visit import Visit
from bot.doses import changes as doses
from bot.doses import helping
from bot.doses import wake as doses_wake
from bot.doses.cards import ROOM as DOSES
from bot.escalation import handlers as escalation
from bot.escalation.care import followthrough as care
from bot.escalation.gaps import wake as gaps
from bot.escalation.noticing import usual
from bot.escalation.noticing import wake as noticing
from bot.escalation.sharing import handlers as sharing
from bot.medicines import clocks, pausing
from bot.medicines import handlers as medicines
from bot.medicines import wake as medicines_wake
from bot.people import wake as people_wake
from bot.questionnaires import handlers as questionnaires
from bot.questionnaires import wake as questionnaires_wake
from scheduler.localtime import zone
from storage import timers

Reaction = Callable[[Visit, Fact], Awaitable[None]]


async def _add_first_medicine(visit: Visit, _fact: Fact) -> None:
    await medicines.add(visit, "")


async def _plan_doses(visit: Visit, _fact: Fact) -> None:
    await doses.plan_anew(visit)


async def _look_back(visit: Visit, fact: Fact) -> None:
    if isinstance(fact, Travelled):
        await doses.look_back(visit, zone(fact.before))


async def _show_clocks(visit: Visit, fact: Fact) -> None:
    if isinstance(fact, Travelled):
        await clocks.travelled(visit, fact.before)
    if isinstance(fact, ClockChosen):
        await clocks.chosen(visit, fact.regimen_id, fact.before)


async def _count_by_another_day(visit: Visit, fact: Fact) -> None:
    if isinstance(fact, DayEndChanged):
        await doses.count_by_another_day(visit, fact.before)


async def _show_quiet(visit: Visit, _fact: Fact) -> None:
    await clocks.quiet_hours_set(visit)
    await checkins.quiet_hours_set(visit)


async def _show_day_end(visit: Visit, fact: Fact) -> None:
    if isinstance(fact, DayEndChanged):
        await clocks.day_end_changed(visit, fact.before)


async def _go_by_another_clock(visit: Visit, fact: Fact) -> None:
    if isinstance(fact, ClockChosen):
        await doses.go_by_another_clock(visit, fact.regimen_id, zone(fact.before))


async def _tell_zone_news(visit: Visit, _fact: Fact) -> None:
    await people_wake.wake([visit])


async def _withdraw_doses(visit: Visit, fact: Fact) -> None:
    if isinstance(fact, RegimenEnded):
        await doses.withdraw(visit, fact.regimen_id)


async def _rest(visit: Visit, _fact: Fact) -> None:
    await doses.rest(visit)


async def _go_on(visit: Visit, _fact: Fact) -> None:
    await doses.go_on(visit)


async def _plan_checkins(visit: Visit, _fact: Fact) -> None:
    await checkins_wake.wake([visit])
    await questionnaires_wake.wake([visit])


async def _hold_back_checkins(visit: Visit, fact: Fact) -> None:
    if visit.calm or isinstance(fact, Paused):
        await checkins.hold_back(visit)
        await questionnaires.hold_back(visit)


async def _follow_up(visit: Visit, _fact: Fact) -> None:
    await escalation.look_again(visit)


async def _follow_through(visit: Visit, _fact: Fact) -> None:
    await care.suggested(visit)


async def _plan_care(visit: Visit, _fact: Fact) -> None:
    await care.look_again(visit)


async def _offer_checkin(visit: Visit, fact: Fact) -> None:
    if isinstance(fact, RegimensChanged) and fact.first:
        await checkins.offer(visit)


async def _ask_checkin_time(visit: Visit, _fact: Fact) -> None:
    await checkins.ask_time(visit)


async def _let_be(visit: Visit, _fact: Fact) -> None:
    await care.let_be(visit)


async def _hold_plans(visit: Visit, _fact: Fact) -> None:
    await pausing.everything_paused(visit)


async def _ask_about_plans(visit: Visit, _fact: Fact) -> None:
    await pausing.everything_resumed(visit)


async def _look_at_medicines(visit: Visit, _fact: Fact) -> None:
    await medicines_wake.wake([visit])


async def _notice(visit: Visit, _fact: Fact) -> None:
    await noticing.wake([visit])


async def _hold_back_notices(visit: Visit, fact: Fact) -> None:
    if visit.calm or isinstance(fact, Paused):
        await noticing.hold_back(visit)
        sharing.hold_back(visit)


async def _look_at_bonds(visit: Visit, _fact: Fact) -> None:
    await caregivers_wake.wake([visit])


async def _look_at_telling(visit: Visit, _fact: Fact) -> None:
    await telling.wake([visit])


async def _tell_from_now_on(visit: Visit, _fact: Fact) -> None:
    await telling.came_back(visit)


async def _tell_soon(visit: Visit, _fact: Fact) -> None:
    # It is told to many at once: they are looked at together, and when it has arrived.
    visit.wake(telling.ROOM, visit.now)


async def _take_back_told(visit: Visit, fact: Fact) -> None:
    if isinstance(fact, DoseAnswered) and visit.told_of:
        await telling.answered(visit, fact.due_at)


async def _name_poison_line(visit: Visit, _fact: Fact) -> None:
    await escalation.name_poison_line(visit)


async def _inform_about_sharing(visit: Visit, _fact: Fact) -> None:
    await sharing.inform(visit)


async def _look_for_gaps(visit: Visit, _fact: Fact) -> None:
    await gaps.wake([visit])


async def _list_open_doses(visit: Visit, fact: Fact) -> None:
    if not isinstance(fact, OpenDosesWanted) or (host := await visit.at(fact.person_id)) is None:
        return
    await look_first(host)
    found = await helping.open_today(host, named=fact.named)
    await recording.show_open(visit, fact.caring_id, found)


async def _record_for(visit: Visit, fact: Fact) -> None:
    if not isinstance(fact, DoseGiven) or (host := await visit.at(fact.person_id)) is None:
        return
    await look_first(host)
    came_of_it = await helping.record(host, fact.dose_id, fact.by)
    recorded = came_of_it is Errand.RECORDED
    found = await helping.open_today(host, named=fact.named) if recorded else []
    await recording.show_open(visit, fact.caring_id, found, came_of_it)


REACTIONS: Mapping[type[Fact], tuple[Reaction, ...]] = {
    Settled: (_add_first_medicine, _plan_care, _look_for_gaps),
    RegimenEnded: (_withdraw_doses,),
    RegimensChanged: (_plan_doses, _look_at_medicines, _offer_checkin, _look_at_telling),
    SettingsChanged: (
        _plan_doses,
        _look_at_medicines,
        _plan_checkins,
        _plan_care,
        _look_for_gaps,
        _look_at_telling,
    ),
    Travelled: (_look_back, _show_clocks, _look_at_telling),
    QuietHoursSet: (_show_quiet,),
    DayEndChanged: (_count_by_another_day, _show_day_end),
    ClockChosen: (_go_by_another_clock, _show_clocks, _plan_doses, _look_at_telling),
    Paused: (
        _rest,
        _hold_plans,
        _look_at_medicines,
        _hold_back_checkins,
        _plan_checkins,
        _plan_care,
        _hold_back_notices,
        _notice,
        _look_for_gaps,
    ),
    Resumed: (
        _go_on,
        _tell_zone_news,
        _ask_about_plans,
        _look_at_medicines,
        _plan_checkins,
        _plan_care,
        _notice,
        _look_for_gaps,
        _look_at_bonds,
        _tell_from_now_on,
    ),
    CameBack: (
        _plan_doses,
        _tell_zone_news,
        _look_at_medicines,
        _plan_checkins,
        _follow_up,
        _plan_care,
        _notice,
        _look_for_gaps,
        _look_at_bonds,
        _tell_from_now_on,
    ),
    CalmChanged: (
        _hold_back_checkins,
        _look_at_medicines,
        _plan_checkins,
        _plan_care,
        _hold_back_notices,
        _notice,
        _look_at_bonds,
        _look_at_telling,
    ),
    CheckinTimeWanted: (_ask_checkin_time,),
    CareTeamSuggested: (_follow_through, _tell_soon),
    CareTeamNotNeeded: (_let_be,),
    DoseAnswered: (_take_back_told,),
    DoseReopened: (_look_at_telling,),
    DoseChanged: (usual.dose_changed,),
    ExtraTaken: (_name_poison_line,),
    SharingLooksUnusual: (_inform_about_sharing,),
    CheckinAnswered: (_notice, _look_at_telling),
    QuestionnaireAnswered: (_notice,),
    OpenDosesWanted: (_list_open_doses,),
    DoseGiven: (_record_for,),
}


async def look_first(visit: Visit) -> None:
    """Before somebody changes anything, doses that fell due meanwhile are looked at.

    Else a change that is heard first after an outage would pass over them: no row, and nobody is told.
    """
    if not visit.person.state.settled:
        return
    if visit.overdue is None:
        visit.overdue = await timers.is_due(visit.session, visit.person.key, DOSES, visit.now)
    if visit.overdue:
        await doses_wake.wake([visit])
        await visit.session.flush()


async def react(visit: Visit) -> None:
    """Let every room react to what this visit and those beside it told, and to what that tells in turn."""
    while visit.facts:
        fact = visit.facts.pop(0)
        for reaction in REACTIONS[type(fact)]:
            await reaction(visit, fact)
    for each in visit.beside:
        await react(each)
