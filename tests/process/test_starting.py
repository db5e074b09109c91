"""What keeps the bot from starting is said in one plain line, and nothing is lost or made anew."""

import asyncio
import os
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import SettingsRefused, read_settings
from bot.standin import StandIn, serve
from scheduler.clock import SystemClock

pytestmark = [pytest.mark.process]

TOKEN = "123456:canary-token-AAAAAAAAAAAAAAAAAAAA"


def evenkeel(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the console script in a folder with nothing but these settings."""
    ours = {f"EVENKEEL_{name}": value for name, value in settings.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENKEEL_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**kept, **ours},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one plain line of a refusal."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the doctor wants to be looked at; not the age of the helplines, which depends on the day."""
    lines = [line for line in done.stdout.splitlines() if line.startswith("LOOK")]
    assert done.returncode == bool(lines), done
    return [line for line in lines if "verified more than" not in line]


def test_a_first_run_makes_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    assert evenkeel(tmp_path, "migrate").returncode == 0
    key = tmp_path / "var" / "evenkeel.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(bytes.fromhex(key.read_text())) == 32
    assert stat.S_IMODE((tmp_path / "var" / "evenkeel.db").stat().st_mode) == 0o600


def test_a_database_whose_key_is_missing_is_an_error_and_never_gets_a_new_key(tmp_path: Path) -> None:
    evenkeel(tmp_path, "migrate")
    key = tmp_path / "var" / "evenkeel.key"
    key.unlink()
    assert "is missing" in refused(evenkeel(tmp_path, "migrate"))
    assert not key.exists()


def test_a_database_with_the_key_of_another_one_is_an_error(tmp_path: Path) -> None:
    evenkeel(tmp_path, "migrate")
    (tmp_path / "var" / "evenkeel.key").write_text("ab" * 32)
    assert "does not belong to this database" in refused(evenkeel(tmp_path, "migrate"))


def test_a_key_that_is_no_key_is_an_error(tmp_path: Path) -> None:
    evenkeel(tmp_path, "migrate")
    (tmp_path / "var" / "evenkeel.key").write_text("hello")
    assert "64 hexadecimal digits" in refused(evenkeel(tmp_path, "migrate"))


def test_an_unknown_setting_is_refused_by_name_and_a_wrong_one_without_its_value(tmp_path: Path) -> None:
    assert "EVENKEEL_TOKEN is not a setting" in refused(evenkeel(tmp_path, "run", TOKEN="1:x"))
    words = refused(evenkeel(tmp_path, "run", TELEGRAM_TOKEN="sesame-open"))
    assert "EVENKEEL_TELEGRAM_TOKEN" in words
    assert "sesame" not in words


def test_a_pace_that_telegram_does_not_sell_is_refused(tmp_path: Path) -> None:
    for pace in ("30", "1001", "-1", "fast"):
        with pytest.raises(SettingsRefused, match="EVENKEEL_PAID_BROADCAST"):
            read_settings({"EVENKEEL_PAID_BROADCAST": pace}, tmp_path / "none")
    words = refused(evenkeel(tmp_path, "run", PAID_BROADCAST="30"))
    assert "31 to 1000, or 0" in words
    paces = ("", "0", "31", "1000")
    found = [read_settings({"EVENKEEL_PAID_BROADCAST": pace}, tmp_path / "none") for pace in paces]
    assert [settings.paid_broadcast for settings in found] == [0, 0, 31, 1000]


def test_a_secret_may_come_from_a_file_but_not_from_two_places(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(TOKEN + "\n")
    twice = evenkeel(tmp_path, "doctor", TELEGRAM_TOKEN=TOKEN, TELEGRAM_TOKEN_FILE=str(tmp_path / "token"))
    assert "set twice" in refused(twice)
    once = evenkeel(tmp_path, "doctor", TELEGRAM_TOKEN_FILE=str(tmp_path / "token"))
    assert complaints(once) == []
    assert "token: set" in once.stdout
    assert "EVENKEEL_TELEGRAM_TOKEN_FILE" in refused(
        evenkeel(tmp_path, "run", TELEGRAM_TOKEN_FILE="/no/such")
    )


def test_an_empty_secret_file_is_a_mistake_and_never_starts_the_demo(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\n")
    empty = evenkeel(tmp_path, "run", TELEGRAM_TOKEN_FILE=str(tmp_path / "token"))
    assert "the file is empty" in refused(empty)


def test_a_port_in_use_is_said_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        words = refused(
            evenkeel(
                tmp_path, "run", TELEGRAM_TOKEN=TOKEN, TELEGRAM_API="http://127.0.0.1:9", HTTP_LISTEN=address
            )
        )
        assert "is in use" in words
        assert "EVENKEEL_HTTP_LISTEN" in words
        page = refused(evenkeel(tmp_path, "demo", "--port", address.partition(":")[2]))
        assert "Choose another port" in page


async def test_a_token_that_telegram_refuses_is_said_without_the_token(tmp_path: Path) -> None:
    serving = await serve(StandIn(SystemClock(), tokens=["7:another-token"]), "127.0.0.1", 0)
    try:
        done = await asyncio.to_thread(
            evenkeel,
            tmp_path,
            "run",
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_API=serving.url,
            HTTP_LISTEN="127.0.0.1:0",
        )
    finally:
        await serving.close()
    assert "refuse" in refused(done)
    assert TOKEN not in done.stderr + done.stdout


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    words = refused(evenkeel(tmp_path, "migrate", DATABASE_URL="sqlite:////proc/evenkeel/evenkeel.db"))
    assert "cannot be written" in words
    key = refused(evenkeel(tmp_path, "migrate", KEY_FILE="/proc/evenkeel.key"))
    assert "cannot be written" in key


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "evenkeel.db").write_text("this is a shopping list, not a database " * 100)
    assert "cannot be opened" in refused(evenkeel(tmp_path, "migrate"))


def test_a_second_process_on_one_database_is_told_to_wait_its_turn(tmp_path: Path) -> None:
    evenkeel(tmp_path, "migrate")
    holder = (
        "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX);"
        "print(flush=True); time.sleep(60)"
    )
    lock = str(tmp_path / "var" / "evenkeel.db.lock")
    with subprocess.Popen([sys.executable, "-c", holder, lock], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        words = refused(evenkeel(tmp_path, "migrate"))
        other.kill()
    assert "Another process has the database" in words


def test_doctor_looks_and_changes_nothing(tmp_path: Path) -> None:
    assert complaints(evenkeel(tmp_path, "doctor")) == []
    assert not (tmp_path / "var").exists()
    evenkeel(tmp_path, "migrate")
    (tmp_path / "var" / "evenkeel.key").chmod(0o644)
    looked = evenkeel(tmp_path, "doctor")
    assert looked.returncode == 1
    assert "chmod 600" in looked.stdout


OWN_COUNTRY = """
code = "CZ"
country = "Czechia"
emergency = ["112"]
confidence = "D"
verified_on = 2026-11-24
verified_how = "dialled"
"""


def test_an_operators_broken_helplines_keep_the_bot_from_starting(tmp_path: Path) -> None:
    own = tmp_path / "helplines"
    own.mkdir()
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": "http://127.0.0.1:9", "HELPLINES": str(own)}
    assert "no helpline file" in refused(evenkeel(tmp_path, "run", **settings))
    (own / "CZ.toml").write_text(OWN_COUNTRY.replace("dialled", "guessed"))
    words = refused(evenkeel(tmp_path, "run", **settings))
    assert f"{own}: CZ.toml: verified_how cannot be 'guessed'" in words
    assert "CZ.toml" in evenkeel(tmp_path, "doctor", **settings).stdout


def test_the_doctor_names_the_countries_that_are_the_operators_own(tmp_path: Path) -> None:
    (tmp_path / "CZ.toml").write_text(OWN_COUNTRY)
    looked = evenkeel(tmp_path, "doctor", HELPLINES=str(tmp_path))
    assert complaints(looked) == []
    assert "ok    your own helplines: CZ (2026-11-24)" in looked.stdout


def test_a_drill_needs_a_chat_of_the_operators_and_a_running_bot(tmp_path: Path) -> None:
    evenkeel(tmp_path, "migrate")
    assert "EVENKEEL_OPERATOR_CHAT is not set" in refused(evenkeel(tmp_path, "drill"))
    group = refused(evenkeel(tmp_path, "drill", OPERATOR_CHAT="-100200300"))
    assert "a group will not do" in group
    alone = evenkeel(tmp_path, "drill", OPERATOR_CHAT="501", HTTP_LISTEN="127.0.0.1:9")
    assert "Is it running?" in refused(alone)


def test_the_doctor_asks_for_a_drill_where_there_was_none(tmp_path: Path) -> None:
    evenkeel(tmp_path, "migrate")
    assert complaints(evenkeel(tmp_path, "doctor")) == []
    [drill] = complaints(evenkeel(tmp_path, "doctor", OPERATOR_CHAT="501"))
    assert "never tried" in drill


def test_simulate_prints_the_next_fortnight_with_its_clock_change(tmp_path: Path) -> None:
    done = evenkeel(tmp_path, "simulate", "2:30", "--zone", "America/New_York", "--from", "2026-03-01")
    assert done.returncode == 0
    assert "2026-03-08" in done.stdout
    assert "03:30" in done.stdout
    assert refused(evenkeel(tmp_path, "simulate", "8", "--zone", "UTC"))
    assert refused(evenkeel(tmp_path, "simulate", "8am", "--zone", "Mars/Olympus"))


def test_the_database_holds_no_word_that_should_be_sealed(tmp_path: Path) -> None:
    evenkeel(tmp_path, "migrate")
    with sqlite3.connect(tmp_path / "var" / "evenkeel.db") as database:
        columns = [
            (table, name, kind)
            for (table,) in database.execute("select name from sqlite_master where type = 'table'")
            for _, name, kind, *_ in database.execute(f"pragma table_info({table})")
        ]
    sealed = [name for _, name, _ in columns if name.endswith("_sealed")]
    assert len(sealed) >= 5
    assert all(kind == "BLOB" for _, name, kind in columns if name.endswith("_sealed"))
