"""The documents tell the truth: what they name exists, and what they list is what the program has."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from bot import cli
from bot.conversation.catalogs import SOURCE_LANGUAGE, catalog
from bot.rooms import summaries
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCUMENTS = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "deploy/README.md")),
        *(ROOT / "docs").rglob("*.md"),
    ]
)
FLOORS = ("bot", "scheduler", "storage", "tests", "docs", "deploy", ".ci")

FORBIDDEN = {
    "an exclamation mark": r"(?<!<)!(?!\[)",  # "![" is a picture, "<!" a sign of the transcripts
    "how the work was organised": r"\bsessions?\b|\bissue\b|\bticket\b|#\d",
    "a path of somebody's machine": r"(?<![\w.])/(?:work|root|home|Users|tmp/)\w*",
    "advertising": r"\b(?:seamless|powerful|cutting.edge|world.class|effortless|state.of.the.art)",
}

each = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))


def prose(document: Path) -> str:
    """A document without its blocks of code."""
    text = re.sub(r"^```.*?^```$", "", document.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)


def quoted(document: Path) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`\n]+)`", prose(document))


def tables(document: Path) -> list[list[list[str]]]:
    """Every table as rows of cells, its head left out."""
    found: list[list[list[str]]] = []
    inside = False
    for line in document.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            inside = False
        elif not inside:
            found.append([])
            inside = True
        elif not set(line) <= set("|-: "):
            found[-1].append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def functions(file: Path) -> set[str]:
    return set(re.findall(r"^\s*(?:async )?def (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_a_line_of_every_kind_of_lie_is_found() -> None:
    """The checks below would be worth little if they could not see."""
    for bad in (
        "Try it now!",
        "as said in the last session",
        "see #12",
        "cd /home/somebody/evenkeel",
        "a powerful bot",
    ):
        assert any(re.search(shape, bad, re.IGNORECASE) for shape in FORBIDDEN.values()), bad


@each
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        if not re.match(r"[a-z]+:", link):
            assert (document.parent / link.partition("#")[0]).exists(), link


@each
def test_every_path_that_is_named_exists(document: Path) -> None:
    for words in quoted(document):
        path, _, function = words.partition("::")
        if path.partition("/")[0] not in FLOORS or "/" not in path or not re.fullmatch(r"[\w./-]+", path):
            continue
        if path.startswith("deploy/secrets/"):
            continue  # what the operator puts there
        assert (ROOT / path).exists(), path
        assert not function or function in functions(ROOT / path), words


@each
def test_every_test_that_is_named_exists(document: Path) -> None:
    known = {name for file in (ROOT / "tests").rglob("test_*.py") for name in functions(file)}
    for words in quoted(document):
        if re.fullmatch(r"test_\w+", words):
            assert words in known, words


@each
def test_nothing_forbidden_is_written(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for what, shape in FORBIDDEN.items():
        found = re.search(shape, text, re.IGNORECASE)
        assert found is None, f"{what}: {text[max(0, found.start() - 40) : found.end() + 20]!r}"


@each
def test_every_make_target_exists(document: Path) -> None:
    there = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = document.read_text(encoding="utf-8")
    named = {
        found
        for pair in re.findall(r"`make ([\w-]+)`|^ {4}make ([\w-]+)", text, re.MULTILINE)
        for found in pair
    }
    assert named - {""} <= there


def test_every_promise_names_a_test() -> None:
    promises = re.split(
        r"^### ", (ROOT / "docs/guarantees.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    assert len(promises) == 1 + 8
    for promise in promises[1:]:
        assert re.search(r"`tests/[\w/]+\.py::test_\w+`", promise), promise.splitlines()[0]


def test_every_decision_is_listed_in_the_architecture() -> None:
    listed = set(re.findall(r"\(adr/([\w-]+\.md)\)", (ROOT / "docs/architecture.md").read_text("utf-8")))
    assert listed == {file.name for file in (ROOT / "docs/adr").glob("*.md")}


def test_the_map_answers_twenty_questions() -> None:
    [rows] = [
        table for table in tables(README) if any("clock" in row[0] or "02:30" in row[0] for row in table)
    ]
    assert len(rows) >= 20
    assert all(len(row) == 3 and row[0].endswith("?") for row in rows)


def test_the_commands_are_those_of_the_menu() -> None:
    [rows] = [table for table in tables(README) if table and table[0][0].startswith("`/")]
    told = [(name.strip("`/"), words) for name, words in rows]
    assert told == summaries(catalog(SOURCE_LANGUAGE))


def test_the_settings_are_those_there_are() -> None:
    [rows] = [table for table in tables(README) if table and table[0][0].startswith(f"`{PREFIX}")]
    there = [
        [
            f"`{PREFIX}{name.upper()}`",
            "–" if field.default is None else f"`{field.default}`",
            field.description,
        ]
        for name, field in Settings.model_fields.items()
    ]
    assert rows == there


def test_the_console_script_has_the_commands_that_are_told() -> None:
    [rows] = [table for table in tables(README) if table and table[0][0].startswith("`evenkeel ")]
    there = getattr(typer.main.get_command(cli.app), "commands")  # noqa: B009 - a group, which its type hides
    assert [row[0].strip("`").split()[1] for row in rows] == list(there)


def test_the_example_of_simulate_is_what_it_prints() -> None:
    text = README.read_text(encoding="utf-8")
    examples = re.findall(r"^```console\n\$ evenkeel (.*)\n((?:.*\n)*?)```", text, re.MULTILINE)
    assert examples
    for words, printed in examples:
        outcome = CliRunner().invoke(cli.app, shlex.split(words))
        assert outcome.stdout == printed
