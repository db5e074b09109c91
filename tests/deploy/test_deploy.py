"""The files of deployment agree with the program. Nothing is built or started here."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.settings import PREFIX, read_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE, COMPOSE, UNIT = (DEPLOY / name for name in ("Dockerfile", "compose.yaml", "evenkeel.service"))
HEALTH = "http://127.0.0.1:8080/health"
TOKEN = "123456:never-used"


def told(file: Path) -> str:
    """A file without its comments."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def instructions() -> list[str]:
    """The Dockerfile's instructions, each on one line."""
    return [line.strip() for line in told(DOCKERFILE).replace("\\\n", " ").splitlines() if line.strip()]


def unit() -> dict[str, list[str]]:
    """Every setting of the unit, with all its values."""
    found: dict[str, list[str]] = {}
    for line in told(UNIT).splitlines():
        name, equals, value = line.partition("=")
        if equals:
            found.setdefault(name, []).append(value)
    return found


def _settings_of(variables: dict[str, str], tmp_path: Path) -> None:
    """The bot takes exactly these variables. The token's file is replaced by one of ours."""
    token = tmp_path / "token"
    token.write_text(TOKEN, encoding="utf-8")
    assert f"{PREFIX}TELEGRAM_TOKEN_FILE" in variables
    settings = read_settings(variables | {f"{PREFIX}TELEGRAM_TOKEN_FILE": str(token)}, tmp_path / "none")
    assert settings.telegram_token is not None
    assert settings.database_url.startswith("sqlite:////"), (
        "a path that does not depend on where it is started"
    )
    assert settings.key_file.is_absolute()
    data = Path(settings.database_url.removeprefix("sqlite:///")).parent
    assert data not in settings.key_file.parents, "the key lies apart from the data"
    host, port = settings.http_address
    assert f"http://{host}:{port}/health" == HEALTH


def test_the_container_gets_settings_that_exist(tmp_path: Path) -> None:
    image = dict(re.findall(rf"({PREFIX}\w+)=(\S+)", told(DOCKERFILE)))
    container = dict(re.findall(rf"^ +({PREFIX}\w+): (\S+)$", told(COMPOSE), re.MULTILINE))
    _settings_of(image | container, tmp_path)


def test_the_unit_gives_settings_that_exist(tmp_path: Path) -> None:
    pairs = [value.partition("=") for value in unit()["Environment"]]
    given = {name: value.replace("%S", "/var/lib") for name, _, value in pairs if name.startswith(PREFIX)}
    _settings_of(given, tmp_path)


def test_every_source_that_is_copied_exists_and_reaches_the_build() -> None:
    allowed = {line[1:] for line in told(DEPLOY / "Dockerfile.dockerignore").splitlines() if line[:1] == "!"}
    copied = [words.split()[1:-1] for words in instructions() if re.match(r"COPY (?!--from)", words)]
    for source in (source for sources in copied for source in sources):
        assert (ROOT / source).exists(), source
        assert source in allowed, source


def test_every_package_of_the_wheel_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    for package in packages:
        assert f"COPY {package} ./{package}" in instructions()


def test_dependencies_are_installed_by_hash_and_nothing_is_built() -> None:
    [locked] = [words for words in instructions() if "--require-hashes" in words]
    assert "--only-binary :all:" in locked
    [own] = [words for words in instructions() if "--no-deps" in words]
    assert "--no-build-isolation" in own
    assert re.search(r"uninstall -y setuptools pip$", own), "no tool to install anything is left"


def test_the_locked_versions_are_for_this_python() -> None:
    bases = [words for words in instructions() if words.startswith("FROM ")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert len(bases) == 2
    assert all(f"python:{project['requires-python'].removeprefix('>=')}-slim" in words for words in bases)


def test_the_container_runs_as_nobody_in_particular() -> None:
    last = "\n".join(instructions()).rpartition("FROM ")[2]
    [user] = re.findall(r"^USER (\S+)$", last, re.MULTILINE)
    assert user == "10001:10001"
    assert 'VOLUME ["/data", "/keys"]' in last
    assert 'CMD ["evenkeel", "run"]' in last


def test_health_is_asked_from_within() -> None:
    assert HEALTH in told(DOCKERFILE)
    assert HEALTH in told(COMPOSE)
    assert "ports:" not in told(COMPOSE)


@pytest.mark.parametrize(
    "line",
    [
        "read_only: true",
        "- ALL",
        "- no-new-privileges:true",
        "mem_limit: 512m",
        "restart: unless-stopped",
        "stop_grace_period: 30s",
        "file: ./secrets/telegram_token",
    ],
)
def test_the_compose_file_allows_no_more_than_is_needed(line: str) -> None:
    assert line in [words.strip() for words in told(COMPOSE).splitlines()]


def test_the_compose_file_is_indented_by_twos_and_repeats_no_key() -> None:
    """What can be said about YAML without a parser of it."""
    path: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for line in told(COMPOSE).splitlines():
        if not line.strip():
            continue
        depth, rest = divmod(len(line) - len(line.lstrip()), 2)
        assert rest == 0, line
        assert "\t" not in line
        key = line.strip().partition(":")[0]
        if not line.strip().startswith("- "):
            path = [*path[:depth], key]
            assert len(path) == depth + 1, f"nothing is above {line!r}"
            assert tuple(path) not in seen, line
            seen.add(tuple(path))
    assert {("services", "bot", "read_only"), ("secrets", "telegram_token"), ("volumes", "keys")} <= seen


def test_a_token_that_is_put_beside_the_compose_file_stays_out_of_the_repository() -> None:
    ignored = (DEPLOY / "secrets" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored


def test_the_unit_starts_a_console_script_that_exists() -> None:
    [start] = unit()["ExecStart"]
    program, *words = start.split()
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert Path(program).name in scripts
    assert words == ["run"]
    assert f"{Path(program).parent}/pip install" in (DEPLOY / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DynamicUser", "yes"),
        ("StateDirectory", "evenkeel evenkeel-keys"),
        ("LoadCredential", "telegram-token:/etc/evenkeel/telegram-token"),
        ("ProtectSystem", "strict"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("Restart", "on-failure"),
        ("TimeoutStopSec", "30"),
    ],
)
def test_the_unit_allows_no_more_than_is_needed(name: str, value: str) -> None:
    assert unit()[name] == [value]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    """With a program that exists: the bot is not installed under /opt where the tests run."""
    copy = tmp_path / "evenkeel.service"
    copy.write_text(
        re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(encoding="utf-8")), "utf-8"
    )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(copy)],  # noqa: S607 - whichever the machine has
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if "evenkeel.service" in line]
    assert complaints == []
