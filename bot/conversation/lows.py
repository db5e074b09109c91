"""A low week, as the check-ins of the last days tell: then nothing speaks of streaks."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from bot.conversation.visit import Visit
from storage import checkins
from storage.scores import LOW_WEEK, core_score, is_low_week


async def no_streaks(visits: Sequence[Visit]) -> set[int]:
    """Of these people of one session, those to whom nobody speaks of streaks now: after a crisis, or low."""
    if not visits:
        return set()
    sealers = {visit.person.key: visit.sealer for visit in visits}
    first = min(visit.today for visit in visits) - timedelta(days=LOW_WEEK)
    scores: dict[int, dict[date, float | None]] = defaultdict(dict)
    for row in await checkins.answers_since(visits[0].session, list(sealers), first):
        if row.answers_sealed is not None:
            opened = sealers[row.person_id].open("checkin", "answers_sealed", row.answers_sealed)
            scores[row.person_id][row.day] = core_score(json.loads(opened))
    return {
        visit.person.key
        for visit in visits
        if visit.calm or is_low_week(scores[visit.person.key], visit.today)
    }
