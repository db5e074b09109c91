"""What happens when the timer of the notices fires: rules look at what is true now, for many at once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.caregivers.letters import wording as letters
from bot.caregivers.telling import doses, moods, needing, patterns, weeks, wording
from bot.caregivers.telling.reading import Look, Tie, read
from bot.caregivers.telling.rules import SOON, Step
from bot.caregivers.telling.writing import REVIEW_LASTS, Draft, send_as_logged, write
from bot.conversation.catalogs import Gettext, safety
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from scheduler.breath import unhurried
from scheduler.lanes import Lane
from scheduler.localtime import local
from storage import bonds, told
from storage.bonds import ROOM as CAREGIVERS
from storage.told import Told
from storage.vocabulary import Review, ReviewState, Scope

ROOM = "told"
# What waited for the person's word and is looked at so much later than it should be is not sent.
LATE_AFTER = timedelta(minutes=5)


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    there = [visit for visit in visits if _shares(visit)]  # whoever comes back is looked at then
    if not there:
        return
    drafts: list[tuple[Visit, Draft]] = []
    async for look in unhurried(await read(there)):
        drafts += [(look.visit, draft) for draft in _look(look)]
    await write(drafts)


def _shares(visit: Visit) -> bool:
    return visit.person.listens and visit.person.silent_since is None


def _look(look: Look) -> list[Draft]:
    """What is to be told of one person now; the next look is set."""
    visit, drafts, looks = look.visit, list[Draft](), list[datetime]()
    for tie in look.ties:
        looks += _go_on_with_reviews(look, tie)
        _say_what_was_seen(visit, tie)
        for kind, found in _steps(look, tie):
            looks += [found.look_at] if found.look_at is not None else []
            if found.tell is not None and (draft := _draft(look, tie, kind, found.tell)) is not None:
                drafts.append(draft)
                looks += [visit.now + REVIEW_LASTS] if tie.bond.review is not Review.OFF else []
        looks += _next_dose(look, tie)
        looks += _ask_about_moods(visit, tie)
    if looks:
        visit.wake(ROOM, max(min(looks), visit.now + timedelta(seconds=1)))
    return drafts


def _steps(
    look: Look, tie: Tie
) -> Iterator[tuple[Scope, Step[datetime] | Step[date] | Step[int] | Step[str]]]:
    visit, now, around = look.visit, look.visit.now, look.around(tie)
    for kind, row in tie.on.items():
        wish, past = tie.wish(kind), tie.entries(kind)
        match kind:
            case Scope.DOSE_NOT_RECORDED:
                yield kind, doses.step(look.doses_seen(), wish, past, around, now)
            case Scope.WEEKLY_COUNT:
                asked_first = tie.bond.review is not Review.OFF
                yield kind, weeks.step(wish, past, around, visit.zone, now, asked_first=asked_first)
            case Scope.PATTERN_NOTICED:
                yield kind, patterns.step(look.notices_seen(), wish, past, around, now)
            case Scope.LOW_MOOD if row.confirmed_until is not None and row.confirmed_until > now:
                # A day that was answered before it was switched on is not told.
                days = visit.day_of(wish.since) + timedelta(days=1), visit.today
                yield kind, moods.step(look.scores, wish, past, around, days, now)
            case Scope.NEED_YOU:
                yield kind, needing.step(past, now)


def _draft(look: Look, tie: Tie, kind: Scope, tell: object) -> Draft | None:
    """What a rule found, in the caregiver's words; None when there is nothing to say after all."""
    _ = safety(tie.to.person.language)
    match kind, tell:
        case Scope.DOSE_NOT_RECORDED, datetime() as due_at:
            return Draft(tie, kind, doses.about(due_at), _dose(_, look, tie, due_at))
        case Scope.WEEKLY_COUNT, date() as day:
            found = weeks.count(look.week(), day, look.visit.now)
            text = letters.week(_, found.recorded, found.due, found.unknown)
            return Draft(tie, kind, weeks.about(day), text) if found.due else None
        case Scope.PATTERN_NOTICED, int() as key:
            return Draft(tie, kind, patterns.about(key), letters.pattern(_))
        case Scope.LOW_MOOD, date() as first:
            return Draft(tie, kind, moods.about(first), letters.low_mood(_))
        case Scope.NEED_YOU, str() as call:
            return Draft(tie, kind, call, letters.need_you(_, again=True))
    return None


def _dose(_: Gettext, look: Look, tie: Tie, due_at: datetime) -> Text:
    visit, theirs = look.visit, tie.to.zone.key
    other = visit.zone.key if theirs != visit.zone.key else ""
    return letters.dose_not_recorded(
        _,
        letters.moment(visit.now, visit.zone, other),
        letters.moment(due_at, visit.zone),
        look.medicines_open_at(due_at) if tie.bond.names_told else (),
        tie.wish(Scope.DOSE_NOT_RECORDED).threshold,
    )


def _next_dose(look: Look, tie: Tie) -> list[datetime]:
    """The next dose is not due before the doses room looks again: the first that can be told of it."""
    if Scope.DOSE_NOT_RECORDED not in tie.on or look.next_dose is None:
        return []
    now = look.visit.now
    return [max(look.next_dose + tie.wish(Scope.DOSE_NOT_RECORDED).delay, now + SOON)]


def _go_on_with_reviews(look: Look, tie: Tie) -> list[datetime]:
    """What nobody answered in time leaves, or does not, as the person wished.

    It does not leave in calm hours, nor when an answer could not have reached us, nor after a pause.
    """
    visit, looks = look.visit, []
    for row in tie.past:
        if row.review is not ReviewState.WAITING or row.review_until is None:
            continue
        if row.review_until > visit.now:
            looks.append(row.review_until)
        elif tie.bond.review is Review.SEND and _could_object(look, tie, row) and not visit.calm:
            send_as_logged(visit, tie, row)
        else:
            row.review = ReviewState.DROPPED
    return looks


def _could_object(look: Look, tie: Tie, row: Told) -> bool:
    """Whether the person was here all the while that a message waited for their word, and we were too."""
    until = row.review_until or row.made_at
    there = row.kind in tie.on and tie.wish(row.kind).since <= row.made_at
    in_time = look.visit.now - until <= LATE_AFTER
    return there and in_time and not any(ended > row.made_at for _began, ended in look.outages)


def _say_what_was_seen(visit: Visit, tie: Tie) -> None:
    """Whoever asked for somebody hears that they have seen it, once."""
    _ = visit.gettext
    for row in tie.past:
        seen = row.acknowledged_at
        if row.kind is not Scope.NEED_YOU or seen is None or visit.now - seen > needing.WORTH_SENDING_FOR:
            continue
        name = wording.caregiver(_, bonds.open_name(visit.sealer, tie.bond))
        text = wording.has_seen(_, name, local(seen, visit.zone).time())
        visit.say(Message(text, lane=Lane.DOSE, dedupe_key=f"seen:{row.about}:{tie.bond.key}"))


def _ask_about_moods(visit: Visit, tie: Tie) -> list[datetime]:
    """Days of low mood are told for thirty days at a time: before they are over the person is asked."""
    row = tie.on.get(Scope.LOW_MOOD)
    if row is None or row.confirmed_until is None or row.confirmed_until <= visit.now:
        return []
    at = moods.asks_at(row.confirmed_until)
    if at > visit.now:
        return [at]
    quiet = visit.quiet.until(visit.now) if visit.quiet is not None else None
    later = visit.person.calm_until if visit.calm else quiet
    if later is not None:
        return [later]
    _, key = visit.gettext, str(tie.bond.key)
    name = wording.caregiver(_, bonds.open_name(visit.sealer, tie.bond))
    text = wording.ask_about_moods(_, name, local(row.confirmed_until, visit.zone).date())
    rows = (
        (Choice(wording.moods_yes(_), Action(CAREGIVERS, "moodyes", key)),),
        (Choice(wording.moods_no(_), Action(CAREGIVERS, "moodno", key)),),
    )
    once = f"moods:{key}:{row.confirmed_until:%Y-%m-%d}"
    visit.say(Message(text, rows, Lane.DIGEST, not_after=row.confirmed_until, dedupe_key=once))
    return []


async def came_back(visit: Visit) -> None:
    """The person was away, by a pause or out of reach: what was due before is not told."""
    await bonds.begin_anew(visit.session, [visit.person.key], visit.now)
    await wake([visit])


async def answered(visit: Visit, due_at: datetime) -> None:
    """A dose is recorded: that it was not is told no more, unless it has left."""
    await told.take_back(visit.session, visit.person.key, [doses.about(due_at)], visit.now)
