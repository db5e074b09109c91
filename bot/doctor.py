"""`evenkeel doctor`: looks at everything the bot stands on, and changes nothing."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.escalation.lines.helplines import Helplines, HelplinesUnusable, shipped_helplines
from bot.escalation.rules import OLD_AFTER_DAYS
from bot.settings import Settings
from scheduler.localtime import tzdata_version
from storage import bots, deployment
from storage.bots import Bot
from storage.database import Database
from storage.deployment import Deployment
from storage.migration import pending
from storage.sealing import KeyUnusable, read_key
from storage.tombstones import beside

DRILL_MISSING_AFTER = timedelta(days=8)  # a week, and a day for a bot that was down on Monday


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what to know."""

    subject: str
    well: bool
    words: str


async def examine(settings: Settings, now: datetime) -> list[Finding]:
    """Every finding, in order of importance."""
    return [
        _token(settings),
        *await _database(settings, now),
        *_helplines(settings, now),
        Finding("time zones", True, f"tzdata {tzdata_version()}, as shipped with the bot"),
    ]


def _token(settings: Settings) -> Finding:
    if settings.telegram_token is None:
        return Finding("token", True, "not set, so `evenkeel run` starts the demo, unless bots are stored")
    return Finding("token", True, "set")


async def _database(settings: Settings, now: datetime) -> list[Finding]:
    database = Database(settings.database_url)
    if database.path is not None and not database.path.exists():
        return [Finding("database", True, f"{database.path} does not exist yet; the first run makes it")]
    try:
        behind = await pending(database)
        async with database.reading() as session:
            known = None if behind else await deployment.read(session)
            stored = [] if behind else await bots.every(session)
    except (SQLAlchemyError, OSError) as error:
        return [Finding("database", False, str(getattr(error, "orig", error)).splitlines()[0])]
    finally:
        await database.close()
    words = "needs `evenkeel migrate`" if behind else "can be read and is up to date"
    return [
        Finding("database", not behind, words),
        *_stored(stored),
        _key(settings, known.key_check if known else None),
        _tombstones(settings.tombstones or beside(settings.key_file)),
        *_drill(settings, known, now),
    ]


def _stored(stored: list[Bot]) -> list[Finding]:
    """The bots of the table, where there are some."""
    if not stored:
        return []
    refused = [bot.account for bot in stored if bot.refused_at is not None]
    words = f"{len(stored)} stored" + (f"; Telegram refuses {', '.join(refused)}" if refused else "")
    return [Finding("bots", not refused, words)]


def _drill(settings: Settings, known: Deployment | None, now: datetime) -> list[Finding]:
    """The last drill of the crisis path, where drills are set up."""
    if settings.operator_chat is None or known is None:
        return []
    if known.drilled_at is None:
        return [Finding("drill", False, "never tried: `evenkeel drill` while the bot is running")]
    day, recent = known.drilled_at.date().isoformat(), now - known.drilled_at < DRILL_MISSING_AFTER
    if not known.drill_well:
        return [Finding("drill", False, f"failed or was cut off on {day}: try `evenkeel drill`")]
    return [Finding("drill", recent, f"well on {day}" if recent else f"the last one was on {day}")]


def _key(settings: Settings, check: bytes | None) -> Finding:
    try:
        master = read_key(settings.key_file)
    except KeyUnusable as error:
        return Finding("key", False, str(error))
    if check is not None and not master.recognises(check):
        return Finding("key", False, f"{settings.key_file} does not belong to this database")
    if settings.key_file.stat().st_mode & 0o077:
        return Finding(
            "key", False, f"{settings.key_file} can be read by others: chmod 600 {settings.key_file}"
        )
    return Finding("key", True, "belongs to this database; keep a copy apart from it")


def _tombstones(file: Path) -> Finding:
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        return Finding("tombstones", False, f"{file} cannot be written, so nobody can be erased")
    return Finding("tombstones", True, f"{file} can be written; keep it with the key")


def _helplines(settings: Settings, now: datetime) -> list[Finding]:
    try:
        lines = shipped_helplines(settings.helplines)
    except HelplinesUnusable as error:
        return [Finding("helplines", False, str(error))]
    return [_age(lines, now), *_own(lines)]


def _age(lines: Helplines, now: datetime) -> Finding:
    old = lines.older_than(OLD_AFTER_DAYS, now.date())
    if old:
        codes = ", ".join(sorted(country.code for country in old))
        return Finding("helplines", False, f"verified more than {OLD_AFTER_DAYS} days ago: {codes}")
    return Finding("helplines", True, f"{len(lines.codes)} countries, verified within {OLD_AFTER_DAYS} days")


def _own(lines: Helplines) -> list[Finding]:
    """The operator's own countries, each with the earliest date on which something was verified."""
    own = [f"{code} ({lines.countries[code].oldest_of_all})" for code in lines.overridden]
    return [Finding("your own helplines", True, ", ".join(own))] if own else []
