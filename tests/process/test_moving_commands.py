"""`evenkeel import` and `evenkeel export` as processes: what an operator sees, and what is left."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.moving.lines import somebody

PEOPLE = 150
# Bytes that a file may have: too few for all these people, as lines or in the database.
LITTLE = 100_000

pytestmark = pytest.mark.process


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody at a shell, in the folder of a house."""

    folder: Path

    def evenkeel(
        self, *words: str, given: bytes = b"", out: Path | None = None, room: int | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command. `out` is where its standard output goes; `room`: how large a file may become."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENKEEL_")}

        def little_room() -> None:
            if room is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        with (out or Path(os.devnull)).open("wb") as stream:
            done = subprocess.run(
                [sys.executable, "-m", "bot", *words],
                cwd=self.folder,
                env=kept | {"EVENKEEL_DATABASE_URL": "sqlite:///house.db", "EVENKEEL_KEY_FILE": "house.key"},
                input=given,
                stdout=stream if out else subprocess.PIPE,
                stderr=subprocess.PIPE,
                preexec_fn=little_room,
                timeout=60,
                check=False,
            )
        assert b"Traceback" not in done.stderr, done.stderr
        return done


def house_in(folder: Path) -> Operator:
    folder.mkdir()
    return Operator(folder)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return house_in(tmp_path / "house")


def write(file: Path, lines: Sequence[str]) -> str:
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file.name


def everybody(count: int = PEOPLE) -> list[str]:
    return [json.dumps(somebody(str(number))) for number in range(count)]


def test_bad_lines_are_named_and_the_command_ends_with_one(operator: Operator) -> None:
    lines = everybody(3)
    lines[1:1] = ["{", json.dumps(somebody("a canary\0"))]
    file = write(operator.folder / "people.jsonl", lines)
    done = operator.evenkeel("import", file)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == ["line 2: not JSON", "line 3: person: ref is not understood"]
    assert done.stdout.decode() == "3 taken in, 0 were there already, 2 lines refused.\n"
    again = operator.evenkeel("import", write(operator.folder / "good.jsonl", everybody(4)))
    assert (again.returncode, again.stderr) == (0, b"")
    assert again.stdout.decode() == "1 taken in, 3 were there already, 0 lines refused.\n"


def test_people_go_through_a_pipe_and_the_count_does_not(operator: Operator, tmp_path: Path) -> None:
    operator.evenkeel("import", write(operator.folder / "people.jsonl", everybody(5)))
    left = operator.evenkeel("export", "--all")
    assert (left.returncode, left.stderr.decode()) == (0, "5 people written to standard output.\n")
    assert [json.loads(line)["person"]["ref"] for line in left.stdout.splitlines()] == list("01234")
    moved = house_in(tmp_path / "new").evenkeel("import", "/dev/stdin", given=left.stdout)
    assert (moved.returncode, moved.stdout.decode().partition(" ")[0]) == (0, "5")


def test_a_file_is_for_its_owner_and_is_never_replaced(operator: Operator) -> None:
    operator.evenkeel("import", write(operator.folder / "people.jsonl", everybody(5)))
    done = operator.evenkeel("export", "--all", "everybody.jsonl")
    assert (done.returncode, done.stdout.decode()) == (0, "5 people written to everybody.jsonl.\n")
    file = operator.folder / "everybody.jsonl"
    assert (file.stat().st_mode & 0o777, len(file.read_bytes().splitlines())) == (0o600, 5)
    again = operator.evenkeel("export", "--all", "everybody.jsonl")
    assert (again.returncode, again.stderr.decode()) == (
        2,
        "everybody.jsonl cannot be written: File exists.\n",
    )


def test_what_is_asked_in_a_wrong_way_is_refused_in_a_sentence(operator: Operator) -> None:
    for words, told in (
        (["export"], "Say --all to write everybody's data down in clear. A single person uses /export."),
        (["import", "nothing.jsonl"], "nothing.jsonl is not there."),
        (["import", "."], ". cannot be read: Is a directory."),
        (
            ["export", "--all", "no/where.jsonl"],
            "no/where.jsonl cannot be written: No such file or directory.",
        ),
    ):
        done = operator.evenkeel(*words)
        assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"{told}\n")


def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(operator: Operator) -> None:
    people = write(operator.folder / "people.jsonl", everybody())
    assert operator.evenkeel("import", people).returncode == 0
    full = operator.evenkeel("export", "--all", "everybody.jsonl", room=LITTLE)
    assert (full.returncode, full.stderr.decode()) == (
        2,
        "everybody.jsonl cannot be written: File too large. "
        "What was written is in everybody.jsonl.part, and the next run goes on with it.\n",
    )
    assert not (operator.folder / "everybody.jsonl").exists()
    done = operator.evenkeel("export", "--all", "everybody.jsonl")
    said = done.stdout.decode().split()
    assert (done.returncode, said[:2], said[-4:]) == (0, ["150", "people"], ["by", "an", "earlier", "run."])
    told = [json.loads(line) for line in (operator.folder / "everybody.jsonl").read_bytes().splitlines()]
    assert [each["person"]["ref"] for each in told] == [str(number) for number in range(PEOPLE)]
    full = operator.evenkeel("export", "--all", out=Path("/dev/full"))
    words = "Standard output cannot be written: No space left on device.\n"
    assert (full.returncode, full.stderr.decode()) == (2, words)


def test_a_full_disk_under_the_database_is_one_sentence_too(operator: Operator) -> None:
    assert operator.evenkeel("migrate").returncode == 0
    people = write(operator.folder / "people.jsonl", everybody())
    full = operator.evenkeel("import", people, room=LITTLE)
    assert full.returncode == 2
    [sentence] = full.stderr.decode().splitlines()
    assert sentence.startswith("The database is in trouble: ")
    assert sentence.endswith(". Run the command again when it is well.")
    done = operator.evenkeel("import", people)
    assert done.stdout.decode() == "150 taken in, 0 were there already, 0 lines refused.\n"
