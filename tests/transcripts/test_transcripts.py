"""The transcripts are the specification of the words: what people say, and what we answer, to the letter."""

import difflib
import tempfile
from pathlib import Path

import pytest

from bot.rooms import ROOMS
from tests.transcripts.stage import Performance, perform

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.txt"))
_played: dict[str, Performance] = {}


async def performance(file: Path) -> Performance:
    """A transcript's performance; each is played once per process."""
    if file.stem not in _played:
        with tempfile.TemporaryDirectory() as folder:
            _played[file.stem] = await perform(file.read_text(encoding="utf-8"), Path(folder))
    return _played[file.stem]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_the_conversation_goes_as_written(file: Path) -> None:
    written = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    played = "\n".join((await performance(file)).lines).rstrip("\n").split("\n")
    difference = "\n".join(difflib.unified_diff(written, played, "written", "played", lineterm="", n=6))
    assert not difference, (
        f"\n{difference}\n\nIf the new words are right: python -m tests.transcripts.rehearse {file.stem}"
    )


async def test_every_step_of_every_dialog_has_a_transcript() -> None:
    there = {f"{c.dialog.name}.{s.key}" for room in ROOMS for c in room.conversations for s in c.dialog.steps}
    assert there - set().union(*[(await performance(file)).dialogs for file in FILES]) == set()


async def test_every_button_has_a_transcript() -> None:
    there = {f"{room.name}.{verb}" for room in ROOMS for verb in room.buttons}
    assert there - set().union(*[(await performance(file)).verbs for file in FILES]) == set()


def test_every_command_has_a_transcript() -> None:
    said = {
        line.split()[1]
        for file in FILES
        for line in file.read_text("utf-8").splitlines()
        if line[:3] == "> /"
    }
    assert {f"/{name}" for room in ROOMS for name in room.commands} - said == set()
