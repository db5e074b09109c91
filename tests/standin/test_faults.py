"""Every kind of fault does what it says, and only where and as often as it was told."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.standin.house import TOKEN, YOU, House


async def order(house: House, **rule: Any) -> None:
    await house.start()
    await house.control("faults", rules=[{"method": "sendMessage", **rule}])


async def send(house: House, **parameters: Any) -> aiohttp.ClientResponse:
    url = f"{house.url}/bot{TOKEN}/sendMessage"
    return await house.http.post(url, json={"chat_id": YOU, "text": "x", **parameters})


async def count(house: House) -> int:
    return len(await house.messages()) - 1


async def last_entry(house: House) -> dict[str, Any]:
    return dict((await house.see("requests?method=sendMessage"))["requests"][-1])


async def test_latency_delays_the_answer(house: House) -> None:
    await order(house, kind="latency", ms=120)
    began = asyncio.get_running_loop().time()
    assert (await send(house)).status == 200
    assert asyncio.get_running_loop().time() - began >= 0.12
    assert await count(house) == 1


async def test_a_status_comes_instead_of_the_work(house: House) -> None:
    await order(house, kind="status", code=502, body="html")
    answer = await send(house)
    assert (answer.status, answer.content_type) == (502, "text/html")
    assert "Bad Gateway" in await answer.text()
    await house.control("faults", rules=[{"kind": "status", "code": 500}])
    assert await (await send(house)).json() == {
        "ok": False,
        "error_code": 500,
        "description": "Internal Server Error",
    }
    assert await count(house) == 0


async def test_a_status_may_also_come_after_the_work(house: House) -> None:
    await order(house, kind="status", code=504, processed=True)
    assert (await send(house)).status == 504
    assert await count(house) == 1


async def test_any_body_can_be_answered(house: House) -> None:
    await order(house, kind="status", code=200, body='["not", "expected"]')
    assert await (await send(house)).json() == ["not", "expected"]


async def test_reset_before_does_nothing(house: House) -> None:
    await order(house, kind="reset_before", times=1)
    with pytest.raises(aiohttp.ClientError):
        await send(house)
    assert await count(house) == 0
    entry = await last_entry(house)
    assert (entry["status"], entry["fault"]) == (0, "reset_before")


async def test_reset_after_does_the_work_and_cuts_the_answer(house: House) -> None:
    await order(house, kind="reset_after", times=1)
    with pytest.raises(aiohttp.ClientError):
        await (await send(house)).read()
    assert await count(house) == 1


async def test_accept_then_drop_does_the_work_and_says_nothing(house: House) -> None:
    await order(house, kind="accept_then_drop", times=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await send(house)
    assert await count(house) == 1


async def test_broken_json_comes_with_200(house: House) -> None:
    await order(house, kind="broken_json")
    answer = await send(house)
    assert answer.status == 200
    with pytest.raises(ValueError, match=r"Unterminated|Expecting|delimiter"):
        await answer.json()
    assert await count(house) == 1


async def test_retry_after_says_how_long_or_leaves_it_out(house: House) -> None:
    await order(house, kind="retry_after", seconds=86400)
    assert (await (await send(house)).json())["parameters"] == {"retry_after": 86400}
    await house.control("faults", rules=[{"kind": "retry_after"}])
    assert "parameters" not in await (await send(house)).json()


async def test_hang_holds_the_connection_and_never_answers(house: House) -> None:
    await order(house, kind="hang", seconds=0.1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await send(house)
    assert await count(house) == 0


async def test_times_counts_down_and_chat_and_method_narrow(house: House) -> None:
    await house.start()
    await house.start(1002)
    await house.control(
        "faults", rules=[{"kind": "status", "code": 503, "chat": 1002, "method": "send*", "times": 1}]
    )
    assert (await send(house)).status == 200
    assert (await send(house, chat_id=1002)).status == 503
    assert (await send(house, chat_id=1002)).status == 200
    assert (await house.see("faults"))["rules"][0]["times"] == 0
    assert (await house.control("faults", clear=True)) == {"rules": []}


async def test_latency_and_another_fault_come_together(house: House) -> None:
    await house.start()
    await house.control("faults", rules=[{"kind": "latency", "ms": 60}, {"kind": "status", "code": 500}])
    began = asyncio.get_running_loop().time()
    assert (await send(house)).status == 500
    assert asyncio.get_running_loop().time() - began >= 0.06


async def test_chances_repeat_with_the_same_seed(house: House) -> None:
    await house.start()
    rule = {"kind": "status", "code": 500, "probability": 0.5}

    async def run() -> list[int]:
        await house.control("faults", rules=[rule], seed=7)
        return [(await send(house)).status for _ in range(12)]

    first = await run()
    assert set(first) == {200, 500}
    assert await run() == first


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "latency", "colour": 1},
        {"kind": "latency", "ms": "soon"},
        {"kind": "latency", "ms": -1},
        {"kind": "status", "code": 99},
        {"kind": "status", "code": 500, "probability": 2},
        "latency",
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused_in_a_sentence(house: House, rule: Any) -> None:
    status, answer = await house.try_control("faults", rules=[rule])
    assert status == 400
    assert answer["error"]
