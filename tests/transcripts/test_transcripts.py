"""The transcripts are the specification of the words: what people say, and what we answer, to the letter."""

import difflib
import tempfile
from pathlib import Path

import pytest

from bot.rooms import ROOMS
from tests.transcripts.stage import Performance, perform

# In one process, so that each is played once.
pytestmark = pytest.mark.xdist_group("transcripts")

FOLDER = Path(__file__).parent
SCRIPTS = {file.stem: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.txt"))}
_played: dict[str, Performance] = {}


async def performance(name: str) -> Performance:
    """A transcript's performance; each is played once per process."""
    if name not in _played:
        with tempfile.TemporaryDirectory() as folder:
            _played[name] = await perform(SCRIPTS[name], Path(folder))
    return _played[name]


@pytest.mark.parametrize("name", SCRIPTS)
async def test_the_conversation_goes_as_written(name: str) -> None:
    written = SCRIPTS[name].rstrip("\n").split("\n")
    played = (await performance(name)).lines
    difference = "\n".join(difflib.unified_diff(written, played, "written", "played", lineterm="", n=6))
    assert not difference, (
        f"\n{difference}\n\nIf the new words are right: python -m tests.transcripts.rehearse {name}"
    )


async def test_every_step_of_every_dialog_and_every_button_has_a_transcript() -> None:
    steps = {f"{c.dialog.name}.{s.key}" for room in ROOMS for c in room.conversations for s in c.dialog.steps}
    buttons = {f"{room.name}.{verb}" for room in ROOMS for verb in room.buttons}
    played = [await performance(name) for name in SCRIPTS]
    assert steps - set().union(*[each.dialogs for each in played]) == set()
    assert buttons - set().union(*[each.verbs for each in played]) == set()


def test_every_command_has_a_transcript() -> None:
    lines = [line for script in SCRIPTS.values() for line in script.splitlines()]
    said = {line.split()[1] for line in lines if line.lstrip(">").startswith(" /")}
    assert {f"/{name}" for room in ROOMS for name in room.commands} - said == set()
