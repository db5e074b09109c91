"""Records to make visit summaries of: nothing, a usual one, and more than any page holds."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from typing import Any

from bot.reports import page
from bot.reports.rules import Note, Record, Regimen, Result, Version, first_day, summary
from scheduler.timing import Daily
from storage.adherence import DayCount, DueDose, day_counts
from storage.vocabulary import DoseState, NoteKind, SkipReason

TODAY = date(2026, 3, 12)
FIRST = first_day(TODAY)
NOTHING = Record(TODAY)
NAMES = (
    "W" * 64,
    "סרטרלין 50 טבליות",
    "سيرترالين أقراص",
    "Ж" * 64,
    "Thuốc chống trầm cảm ễ ộ ữ",
    "漢字 medicine",
    "Σερτραλίνη 💊",
)


def sentence(words: str) -> str:
    """English, as it is written in the source."""
    return words


def data_of(record: Record, *, named: bool = True) -> dict[str, Any]:
    """The data that a page is drawn from."""
    return page.data(sentence, summary(record, named=named))


def _full() -> Record:
    chance = random.Random(4)
    morning, evening = Daily((time(8),)), Daily((time(22),))
    regimens = [
        Regimen(
            1,
            (
                Version(date(2025, 11, 3), "Sertraline", "50 mg", morning),
                Version(date(2026, 1, 19), "Sertraline", "100 mg", morning),
            ),
        ),
        Regimen(2, (Version(date(2026, 2, 2), "Bupropion", "150 mg", morning),)),
        Regimen(3, (Version(date(2025, 10, 2), "Mirtazapine", "15 mg", evening),), until=date(2026, 2, 1)),
        Regimen(4, (Version(date(2025, 12, 20), "Витамин D", "1000 IU", morning),), for_mood=False),
    ]
    doses = [
        _dose(chance, regimen, FIRST + timedelta(days=number))
        for number in range(90)
        for regimen in regimens
        if regimen.versions[0].since <= FIRST + timedelta(days=number) < (regimen.until or date.max)
    ]
    return Record(
        TODAY,
        regimens,
        day_counts(doses),
        [date(2026, 1, 20)],
        {
            FIRST + timedelta(days=number): _score(chance, number)
            for number in range(90)
            if chance.random() < 0.85 and not 30 < number < 36
        },
        [
            Result(FIRST + timedelta(days=number), "PHQ-9", total, 27)
            for number, total in ((5, 7), (19, 6), (33, 5), (47, 8), (75, 14), (88, 13))
        ],
        [
            {"kind": "restless", "on": "2026-01-20"},
            {"kind": "two_missed_days", "class": None, "on": "2026-01-25"},
            {"kind": "watch", "on": "2026-02-20"},
            {"kind": "concern", "class": "breakthrough", "on": "2026-02-24"},
            {"kind": "confirmed", "class": "breakthrough", "on": "2026-03-04"},
        ],
        {
            "questions": [
                "Could the tiredness come from the new medicine?",
                "May I take it in the evening when I work late and sleep until noon?",
            ],
            "appointment": {"on": "2026-03-18", "at": "10:30", "with": "Dr. Maria Ferrante"},
        },
        [(dose.day, dose.regimen_id) for dose in doses if dose.state is DoseState.SKIPPED],
    )


def _dose(chance: random.Random, regimen: Regimen, day: date) -> DueDose:
    due = datetime.combine(day, time(13), UTC)
    dose = DueDose(regimen.key, day, DoseState.MISSED, due, due + timedelta(hours=4))
    fate = chance.random()
    if day in (FIRST + timedelta(days=number) for number in (40, 41, 42, 70)) or 0.94 < fate < 0.98:
        return dose
    if fate >= 0.98:
        return dose._replace(state=DoseState.UNKNOWN)
    if fate > 0.9:
        return dose._replace(state=DoseState.SKIPPED, reason=SkipReason.SIDE_EFFECTS)
    return dose._replace(state=DoseState.TAKEN, taken_at=due + timedelta(minutes=chance.randint(-10, 300)))


def _score(chance: random.Random, number: int) -> float:
    return min(10.0, max(0.0, round(2 * (3.2 + chance.gauss(0, 1) + (2.5 if number > 62 else 0))) / 2))


def _huge() -> Record:
    """Twenty medicines, two hundred changes and more, names of 64 letters, words without spaces."""
    hourly = [Daily(tuple(time(hour, minute) for hour in range(24))) for minute in range(12)]
    regimens = [
        Regimen(
            key,
            (
                Version(date(2025, 12, 1), NAMES[key % 7], "W" * 64, hourly[0]),
                *(
                    Version(FIRST + timedelta(days=4 * n), NAMES[key % 7], f"{n} mg {'M' * 58}", hourly[n])
                    for n in range(1, 12)
                ),
            ),
        )
        for key in range(1, 21)
    ]
    days = [TODAY - timedelta(days=number) for number in range(90)]
    return Record(
        TODAY,
        regimens,
        [DayCount(key, day, skipped=1) for key, day in product(range(1, 21), days)],
        days,
        {day: float(number % 11) for number, day in enumerate(days)},
        [Result(day, "PHQ-9", number % 28, 27) for number, day in enumerate(days)],
        [{"kind": "confirmed", "class": "breakthrough", "on": day.isoformat()} for day in days],
        {
            "questions": ["Q " * 500] * 10 + ["x" * 4000],
            "appointment": {"on": "2026-03-18", "at": None, "with": "V" * 300},
        },
        [(day, key) for key, day in product(range(1, 21), days)],
        [Note(day, 1, "N" * 500, NoteKind.SIDE_EFFECT) for day in days],
    )


FULL = _full()
HUGE = _huge()
