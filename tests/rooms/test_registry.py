"""What the rooms offer hangs together: buttons, commands, tokens, texts, settings."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.caregivers.scoping.choices import Draft
from bot.conversation.inbound import Inbound, Origin, Words
from bot.conversation.message import Action, Message
from bot.conversation.router import Router
from bot.conversation.sheet import LONGEST_DATA
from bot.conversation.tokens import Signer
from bot.doses import rules as dose_rules
from bot.doses.taking import Press
from bot.escalation.crisis.front import Front
from bot.escalation.lines.helplines import shipped_helplines
from bot.medicines.plan_rules import step_argument
from bot.rooms import COMMANDS, ROOMS, summaries
from bot.settings import example
from scheduler.clock import SystemClock
from scheduler.timing import Slot
from storage.vocabulary import Scope, SkipReason

HOUSE = Path(__file__).parents[2]
ROOM_FOLDERS = (
    *("people", "medicines", "doses", "checkins", "questionnaires", "groups", "reports", "caregivers"),
    "escalation",
)
SIGNER = Signer(b"k" * 32)
LARGE = 10**12
ALEX = str(LARGE)

WORDING = [
    file
    for room in ROOM_FOLDERS
    for name in ("*wording.py", "asking.py")
    for file in sorted((HOUSE / "bot" / room).rglob(name))
]
WORDING += [HOUSE / "bot" / "conversation" / "wording.py", HOUSE / "bot" / "conversation" / "calendar.py"]

# A sentence has two words; what is left out holds no words of ours.
_SENTENCE = re.compile(r"[A-Za-z]{2,}[,.]? [A-Za-z]{2,}")
_BLAME = r"\bmissed\b|\bfail(ed|ure)?\b|\bforgot|\bshould have\b|\bonly \d|\brelaps|\bnoncomplian"


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def actions_in(file: Path) -> Iterator[tuple[str, str]]:
    """Every `Action(room, "verb", …)` that is written down in a file, as (room's name or folder, verb)."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Action" and len(node.args) > 1:
            room, verb = node.args[:2]
            if isinstance(verb, ast.Constant) and isinstance(verb.value, str):
                yield str(room.value) if isinstance(room, ast.Constant) else file.parent.name, verb.value


def sentences_in(file: Path) -> Iterator[tuple[str, bool]]:
    """Every text of a file except docstrings, and whether it goes through gettext."""
    tree = tree_of(file)
    documented = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    skipped = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    translated = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"
        for argument in node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            yield node.value, id(node) in translated


def test_every_button_that_a_room_writes_down_is_answered_by_that_room() -> None:
    answered = {room.name: {*room.buttons, *room.signed_links} for room in ROOMS}
    names = {folder: folder for folder in ROOM_FOLDERS} | {
        "medicines": "meds",
        "checkins": "mood",
        "questionnaires": "phq",
        "reports": "report",
    }
    within = {"care": "care", "noticing": "notice"}  # a room within the folder of another
    for folder, name in names.items():
        for file in (HOUSE / "bot" / folder).rglob("*.py"):
            for place, verb in actions_in(file):
                room = place if place in answered else within.get(place, name)
                assert verb in answered[room], f"{file.name} of {room} has a button {verb!r}"


def test_every_button_of_the_registry_is_offered_somewhere() -> None:
    written = "".join(file.read_text("utf-8") for file in (HOUSE / "bot").rglob("*.py"))
    for room in ROOMS:
        for verb in room.buttons:
            assert written.count(f'"{verb}"') >= 2, f"nobody offers {room.name}.{verb}"


def test_commands_and_dialogs_have_unique_names() -> None:
    Router(ROOMS, SIGNER)


def test_every_command_of_the_menu_has_a_short_summary() -> None:
    menu = dict(summaries(lambda sentence: sentence))
    offered = {n for room in ROOMS for n, command in room.commands.items() if command.summary is not None}
    assert set(menu) == offered
    for name, summary in menu.items():
        assert re.fullmatch(r"[a-z]{1,32}", name)
        assert 3 <= len(summary) <= 60, name


@pytest.mark.parametrize("name", sorted(name for room in ROOMS for name in room.commands))
async def test_only_the_commands_for_help_bring_help_and_words_after_any_command_are_heard(name: str) -> None:
    sent: list[str] = []

    class Platform:
        async def send(self, ref: str, message: Message, sign: Callable[[Action], str]) -> bool:
            sent.append(message.text.plain)
            return True

    async def nobody(_: object) -> None:
        return None

    front = Front(shipped_helplines(), Platform(), SystemClock(), nobody, nobody, commands=COMMANDS)
    origin = Origin("telegram", "1", "5", "5")
    await front(Inbound(1, origin, Words(f"/{name}")))
    assert len(sent) == (1 if name in {"sos", "crisis", "worried"} else 0)
    await front(Inbound(2, origin, Words(f"/{name} i want to kill myself")))
    assert sent[-1:]
    assert "program" in sent[-1]


def longest_actions() -> Iterator[Action]:
    slot = dose_rules.slot_argument(LARGE, Slot(date(2026, 12, 31), time(23, 59)))
    yield Action("doses", "log", slot)
    for reason in SkipReason:
        yield Action("doses", "why", f"{LARGE}.{reason.value}")
    yield Action("doses", "later", f"{LARGE}.tonight")
    yield Action("doses", "was", f"{LARGE}.skipped")
    yield Action("doses", "slot", slot)
    yield Action("doses", "moveat", slot)
    yield Action("doses", "by", f"{slot}.-1")
    yield Action("doses", "at", f"{LARGE}.c.type", apart=True)
    yield Action("doses", "extra", Press(LARGE, "c", datetime(2126, 12, 31, tzinfo=UTC)).argument())
    yield Action("doses", "anyway", f"{LARGE}.99999999")
    yield Action("mood", "tap", f"{LARGE}.4.10")
    yield Action("meds", "asplanned", step_argument(LARGE, date(2026, 12, 31)))
    yield Action("caregivers", "scope", Draft(LARGE, Scope.DOSE_NOT_RECORDED, 720, 3, names=True).argument())
    yield Action("caregivers", "review", f"{LARGE}.send")
    for room in ROOMS:
        yield from (Action(room.name, verb, str(LARGE)) for verb in room.buttons)
        for conversation in room.conversations:
            yield Action("d", f"{conversation.dialog.name}.{99_999}", "21:00")


@pytest.mark.parametrize("action", list(longest_actions()), ids=lambda a: f"{a.room}.{a.verb}.{a.argument}")
def test_a_token_fits_on_a_button_and_comes_back_whole_for_its_owner_alone(action: Action) -> None:
    token = SIGNER.sign(action, ALEX)
    assert len(token.encode()) <= LONGEST_DATA
    assert SIGNER.read(token, ALEX) == action
    assert SIGNER.read(token, str(LARGE + 1)) is None
    assert Signer(b"x" * 32).read(token, ALEX) is None


@pytest.mark.parametrize("file", WORDING, ids=lambda file: file.parent.name + "/" + file.name)
def test_every_sentence_goes_through_gettext(file: Path) -> None:
    loose = [text for text, translated in sentences_in(file) if not translated and _SENTENCE.search(text)]
    assert loose == []


@pytest.mark.parametrize("file", WORDING, ids=lambda file: file.parent.name + "/" + file.name)
def test_nothing_blames_cheers_or_predicts(file: Path) -> None:
    for text, translated in sentences_in(file):
        if translated:
            assert "!" not in text, text
            assert not re.search(_BLAME, text, re.IGNORECASE), text
            assert text == text.strip() or text.endswith(" "), repr(text)


def test_the_rooms_say_nothing_outside_their_wording_files() -> None:
    for folder in (*ROOM_FOLDERS[:4], "reports"):
        for file in (HOUSE / "bot" / folder).glob("*.py"):
            if not file.name.endswith("wording.py") and file.name != "asking.py":
                assert [text for text, translated in sentences_in(file) if translated] == [], file


def test_the_catalog_of_sentences_is_up_to_date(tmp_path: Path) -> None:
    """`make texts` brings it up to date."""
    fresh = tmp_path / "evenkeel.pot"
    options = ["--no-location", "--sort-output", "--omit-header", "-k", "_"]
    options += ["--ignore-dirs", "escalation letters .* _*", "-o", str(fresh), "bot"]
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *options]
    subprocess.run(command, cwd=HOUSE, check=True)
    assert fresh.read_text("utf-8") == (HOUSE / "bot/locales/evenkeel.pot").read_text("utf-8")


def test_the_example_of_the_settings_is_up_to_date() -> None:
    assert (HOUSE / ".env.example").read_text("utf-8") == example()
