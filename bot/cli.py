"""The command line: `evenkeel run`, `demo`, `migrate`, `import`, `export`, `bots`, `doctor`, `drill` …

Each command imports its own parts, so that a small one does not wait for the whole house.
"""

import asyncio
import io
import json
import os
import sys
from collections.abc import Coroutine
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot import exits, log, simulation
from bot.memory import look_seldom
from bot.roles import Role
from bot.settings import Settings, SettingsRefused, looks_like_a_token, read_settings
from scheduler.clock import SystemClock
from scheduler.localtime import local_day, zone

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Evenkeel, a companion on messaging platforms for people who take an antidepressant.",
)

DEMO_PORT = 8800
DEMO_FOLDER = Path("var")


def main() -> None:
    """The console script."""
    look_seldom()
    app()


@app.command()
def run(
    role: Annotated[
        Role, typer.Option(help="What this worker does: take updates in (web), wake, send, or all of it.")
    ] = Role.ALL,
) -> None:
    """Run the bot; without a Telegram token, the demo."""
    settings = _settings()
    if settings.telegram_token is None and not _has_bots(settings):
        typer.echo("EVENKEEL_TELEGRAM_TOKEN is not set, so this is the demo.")
        _demo(DEMO_FOLDER, DEMO_PORT)
        return
    from bot.run import run_app

    log.configure()
    if role is not Role.ALL and settings.database_url.startswith("sqlite"):
        _refuse("A part of the work can be done by itself on PostgreSQL only; see EVENKEEL_DATABASE_URL.")
    _plainly(run_app(settings, SystemClock(), role=role))


def _has_bots(settings: Settings) -> bool:
    """A database that cannot be asked may hold some: then it is no time for a demo."""
    from bot.roster.register import how_many

    return asyncio.run(how_many(settings)) != 0


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the chat page; 0 takes a free one.")] = DEMO_PORT,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = DEMO_FOLDER,
) -> None:
    """Try the whole bot in a browser: no token, no network, with a time machine."""
    _demo(folder, port)


def _demo(folder: Path, port: int) -> None:
    from bot.demo.command import show_demo

    log.configure()
    _plainly(show_demo(folder.absolute(), port))


@app.command()
def migrate() -> None:
    """Bring the database to the newest form."""
    from bot.vault import open_vault

    settings = _settings()

    async def work() -> None:
        vault = await open_vault(settings.database_url, settings.key_file, settings.tombstones)
        await vault.close()

    _plainly(work())
    typer.echo("The database is up to date.")


@app.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(help="A file of people, one to a line, as `export` writes it.")],
) -> None:
    """Take people in from a file, in bulk. Who is there already is left alone, so it can be run again."""
    from bot.moving.importing import Tally, take_in
    from bot.vault import open_vault

    settings, tallies = _settings(), list[Tally]()
    log.configure()

    async def work() -> None:
        vault = await open_vault(settings.database_url, settings.key_file, settings.tombstones)
        try:
            now = SystemClock().now()
            tallies.append(await take_in(file, vault.database, vault.master, now, _complain))
        finally:
            await vault.close()

    if not file.exists():
        _refuse(f"{file} is not there.")
    try:
        _plainly(work(), broken_off=exits.BROKEN_OFF)
    except OSError as error:
        _refuse(f"{file} cannot be read: {error.strerror}.")
    [tally] = tallies
    typer.echo(f"{tally.settled} taken in, {tally.known} were there already, {tally.refused} lines refused.")
    if tally.refused:
        raise typer.Exit(1)


def _complain(number: int, why: str) -> None:
    typer.echo(f"line {number}: {why}", err=True)


@app.command("export")
def export_people(
    file: Annotated[
        Path | None,
        typer.Argument(help="A new file, a line of JSON for each person; without it, standard output."),
    ] = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Everybody; a single person uses /export in the chat.")
    ] = False,
) -> None:
    """Write everybody's data into a new file, in clear: for moving house. Keep it as safe as the key."""
    from bot.moving.exporting import Count, hand_over, write_lines
    from bot.vault import open_vault

    settings, counts = _settings(), list[Count]()
    log.configure()  # to standard error
    if not everybody:
        _refuse("Say --all to write everybody's data down in clear. A single person uses /export.")

    async def work() -> None:
        vault = await open_vault(settings.database_url, settings.key_file, settings.tombstones)
        given = (vault.database, vault.master, SystemClock().now())
        try:
            if file is None:
                counts.append(Count(await write_lines(sys.stdout.buffer, *given)))
            else:
                counts.append(await hand_over(file, *given))
        finally:
            await vault.close()

    try:
        _plainly(work(), broken_off=exits.BROKEN_OFF)
    except OSError as error:
        _refuse(_cannot_be_written(file, error))
    [count] = counts
    before = f", {count.before} of them by an earlier run" if count.before else ""
    typer.echo(f"{count.people} people written to {file or 'standard output'}{before}.", err=file is None)


def _cannot_be_written(file: Path | None, error: OSError) -> str:
    from bot.moving.part import Part

    if file is None:
        # What is left in the buffer cannot be written either, and Python would try again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return f"Standard output cannot be written: {error.strerror}."
    part = Part(file).path
    kept = f" What was written is in {part}, and the next run goes on with it." if part.exists() else ""
    return f"{file} cannot be written: {error.strerror}.{kept}"


@app.command()
def doctor() -> None:
    """Check settings, key, database, zone data and helplines; changes nothing."""
    from bot.doctor import examine

    settings = _settings()
    findings = asyncio.run(examine(settings, SystemClock().now()))
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.well else 'LOOK'}  {finding.subject}: {finding.words}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


@app.command()
def drill() -> None:
    """Ask the running bot to send drill cards to the operator's chat, and print what came of it."""
    from bot.drill.asking import NoDrill, ask
    from bot.drill.report import as_table
    from storage.sealing import KeyUnusable

    settings = _settings()
    try:
        report = asyncio.run(ask(settings))
    except (NoDrill, KeyUnusable) as error:
        _refuse(str(error))
    typer.echo(as_table(report))
    if not report.well:
        raise typer.Exit(1)


@app.command()
def simulate(
    phrase: Annotated[
        str, typer.Argument(help='The times, for example "8am and 8pm" or "mon wed fri 9:30".')
    ] = "",
    zone_key: Annotated[str, typer.Option("--zone", help="An IANA time zone.")] = "UTC",
    start: Annotated[str, typer.Option("--from", help="The first day, YYYY-MM-DD; today by default.")] = "",
    until: Annotated[str, typer.Option("--until", help="The last day, YYYY-MM-DD, instead of --days.")] = "",
    days: Annotated[
        int | None, typer.Option(min=1, max=simulation.LONGEST_DAYS, help="How many days; 14 by default.")
    ] = None,
    amount: Annotated[str, typer.Option(help="What is taken each time, for example 50 mg.")] = "",
    day_ends: Annotated[
        str, typer.Option(help="When the person's day ends, 00:00 to 06:00, for who works at night.")
    ] = "00:00",
    steps: Annotated[
        list[str] | None,
        typer.Option(
            "--step", help='A step of a plan, "2026-03-01: 50 mg, 25 mg: 8am"; several make the plan.'
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print a regimen's next fortnight, clock changes included."""
    if bool(phrase) == bool(steps) or (steps and amount):
        _refuse("Say a phrase, or the steps of a plan with their amounts.")
    try:
        ends = time.fromisoformat(day_ends)
        first = date.fromisoformat(start) if start else local_day(SystemClock().now(), zone(zone_key), ends)
        if until and days is not None:
            _refuse("Say --until or --days, not both.")
        length = (date.fromisoformat(until) - first).days + 1 if until else days or 14
        rows = (
            simulation.simulate_plan(steps, zone_key, first, length, day_ends=ends)
            if steps
            else simulation.simulate(
                phrase, zone_key, first, length, day_ends=ends, amount=amount.strip() or None
            )
        )
    except ValueError as error:
        _refuse(str(error))
    typer.echo(simulation.as_json(rows) if as_json else simulation.as_table(rows))


@app.command()
def screen() -> None:
    """Read {"text": …} lines of JSON and write what the crisis screen says of each. Nothing is kept."""
    from bot.screening import answers

    wrong = 0
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors="replace")
    for answer in answers(lines):
        sys.stdout.write(answer + "\n")
        wrong += answer.startswith('{"error"')
    if wrong:
        typer.echo(f"{wrong} of the lines could not be read.", err=True)
        raise typer.Exit(1)


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="A CSV file of check-ins; see docs/evaluating.md.")],
    baseline_days: Annotated[
        int | None, typer.Option(min=7, max=365, help="Days of the baseline; 28 by default.")
    ] = None,
    provisional: Annotated[
        bool, typer.Option("--provisional/--no-provisional", help="Chart before the full baseline, or not.")
    ] = True,
    summary: Annotated[bool, typer.Option("--summary", help="Counts over the whole file instead.")] = False,
) -> None:
    """Run the detector of recurrence patterns over check-ins; one line of JSON for each change of state."""
    from bot import evaluation

    policy = evaluation.policy_for(baseline_days)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            people = evaluation.read_people(lines, lambda words: typer.echo(words, err=True))
    except OSError as error:
        _refuse(f"{file} cannot be read: {error.strerror}.")
    except (evaluation.FileRefused, UnicodeDecodeError) as error:
        _refuse(f"{file}: {error}.")
    found = evaluation.events(people, policy, provisional=provisional)
    if summary:
        typer.echo(json.dumps(evaluation.summary_of(people, found).as_data()))
        return
    for person, event in found:
        sys.stdout.write(evaluation.as_line(person, event, policy) + "\n")


bots = typer.Typer(no_args_is_help=True, help="The bots of this deployment, beside that of the settings.")
app.add_typer(bots, name="bots")


@bots.command("add")
def add_bot(
    token_file: Annotated[
        Path | None, typer.Option(help="A file that holds the token; without it, it is asked for.")
    ] = None,
) -> None:
    """Add a bot, or replace the token of one that is here. The token is read from a prompt or from stdin."""
    from bot.roster.register import NotAdded, add

    settings, token = _settings(), _token(token_file)

    async def work() -> None:
        entry, new = await add(settings, token, SystemClock().now())
        done = "is added" if new else "has its new token"
        typer.echo(f"@{entry.name} ({entry.account}) {done}.")
        typer.echo("A running deployment takes it up within a few seconds; otherwise the next start does.")
        if new and entry.people:
            typer.echo(f"{entry.people} people who talked to it before hear from it again.")

    try:
        _plainly(work())
    except NotAdded as error:
        _refuse(str(error))


@bots.command("list")
def list_bots() -> None:
    """Show every bot: its number, its name, how many people it has, and since when it is here."""
    from bot.roster.register import entries
    from bot.roster.table import as_table

    settings = _settings()

    async def work() -> None:
        typer.echo(as_table(await entries(settings)))

    _plainly(work())


@bots.command("remove")
def remove_bot(
    number: Annotated[str, typer.Argument(help="The bot's number, as `bots list` shows it.")],
    erase: Annotated[bool, typer.Option("--erase", help="Erase its people, too, for good.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a bot: nothing more is sent or heard for it. Its people stay until they are erased."""
    from bot.roster import register
    from bot.roster.table import farewell

    settings = _settings()

    async def work() -> None:
        entry = await register.entry(settings, number, erase=erase)
        typer.echo(farewell(entry, erase=erase))
        if not yes:
            typer.confirm("Shall I?", abort=True)
        await register.remove(settings, number, SystemClock().now())
        typer.echo(f"{number} is removed. A running deployment lets go of it within a few seconds.")
        if erase:
            typer.echo(f"{await register.erase(settings, number, SystemClock().now())} people were erased.")

    try:
        _plainly(work())
    except register.NotRemoved as error:
        _refuse(str(error))


def _token(file: Path | None) -> str:
    """From a file, a prompt that shows nothing, or stdin: an argument would stay in a shell's history."""
    if file is not None:
        try:
            token = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            _refuse(f"{file} cannot be read.")
    elif sys.stdin.isatty():
        token = str(typer.prompt("The token from BotFather", hide_input=True)).strip()
    else:
        token = sys.stdin.readline().strip()
    if not looks_like_a_token(token):
        _refuse("That is no bot token. One looks like 123456:letters.")
    return token


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsRefused as error:
        _refuse(str(error))


def _plainly(work: Coroutine[Any, Any, None], *, broken_off: int = 0) -> None:
    """Run it; what keeps it from running is said in one plain line, without a traceback.

    `broken_off` is how the process ends when somebody at the keyboard ends it.
    """
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        raise typer.Exit(broken_off) from None
    except Exception as error:
        # Only now: it knows the whole house, and a small command does not need that.
        from bot.trouble import PLAIN_TROUBLE

        if not isinstance(error, PLAIN_TROUBLE):
            raise
        _refuse(str(error))


def _refuse(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(exits.REFUSED)
