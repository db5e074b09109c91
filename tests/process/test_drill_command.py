"""`evenkeel drill` asks the bot that is running, as a process of its own, and prints what came of it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drill.stage import Stage, stage

OPERATOR = 501

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("processes")]


async def evenkeel_drill(one: Stage) -> subprocess.CompletedProcess[str]:
    """The command, with the settings of the running bot."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENKEEL_")}
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "drill"],
        cwd=one.folder,
        env=kept | one.settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def test_the_running_bot_drills_when_the_command_asks(tmp_path: Path) -> None:
    async with stage(tmp_path, pacing=True) as one:
        await one.call("people", {"first_id": OPERATOR, "count": 1})
        one.settings["EVENKEEL_OPERATOR_CHAT"] = str(OPERATOR)
        await one.start_bot()
        well = await evenkeel_drill(one)
        print("\n" + well.stdout)
        assert well.returncode == 0, (well.stdout, well.stderr)
        assert well.stdout.count(" right\n") == 10
        assert "Ich will sterben" in well.stdout
        assert len(one.stopwatch.heard[OPERATOR]) == 12
        await _with_a_card_refused(one)


async def _with_a_card_refused(one: Stage) -> None:
    refusal = {"kind": "status", "code": 400, "method": "sendMessage", "times": 4}
    await one.call("faults", {"rules": [refusal]})
    failed = await evenkeel_drill(one)
    assert failed.returncode == 1
    assert "Telegram did not take it" in failed.stdout


async def test_a_bot_without_an_operators_chat_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as one:
        await one.start_bot()
        one.settings["EVENKEEL_OPERATOR_CHAT"] = str(OPERATOR)
        asked = await evenkeel_drill(one)
        assert asked.returncode == 2
        assert "was started without EVENKEEL_OPERATOR_CHAT" in asked.stderr
