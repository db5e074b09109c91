"""A hostile group: a thousand taps, forged and replayed buttons, floods of commands. It learns nothing."""

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.groups.moderation.flood import OF_ONE_GROUP, WHISPERS_OF_ONE_GROUP
from bot.standin import deeds
from bot.standin.view import shown_chat
from bot.standin.world import World
from tests.stories.gathering import ROBIN, SAM, Gathering, gathering
from tests.stories.life import ALEX, House, Life, house, plain
from tests.stories.overhearing import Listener

# A Thursday, 19:00 in Berlin.
EVENING = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)
MEMBERS = {
    SAM: "Samira",
    ROBIN: "Robinetta",
    60_800_123: "Theodor",
    60_900_123: "Ulrike",
    61_000_123: "Valentin",
    61_100_123: "Wilhelmine",
}
OUTSIDER, NORA = 70_000_123, 80_000_123
NAMES = MEMBERS | {ALEX: "Alwyn", OUTSIDER: "Outis", NORA: "Noraline"}
SECRETS = ("Zolperidine", "37.5 mg", "hopelessness", "kill myself")
LINE = "For everyone here: if a life is in danger now"
TOLD = "Somebody in the group may need help; the numbers are shown there."
TAPS = 1_000


class Hostile:
    """The group, its people, and somebody who listens to all that is said there."""

    def __init__(self, home: House, group: Gathering, world: World, listener: Listener) -> None:
        self.home, self.group, self.world, self.listener = home, group, world, listener
        self.chance = random.Random(20_260_305)

    def person(self, ref: int) -> Life:
        """Somebody in their private chat."""
        life = self.home.life
        return Life(life.http, life.url, life.clock, life.folder, ref, unhurried=2.0)

    def tap(self, by: int, message: int, data: str) -> None:
        """A press of whoever it is on whatever it may be; nobody waits for it."""
        deeds.press(self.world, {"from": by, "chat": self.group.ref, "message_id": message, "data": data})

    def type(self, by: int, text: str, **more: Any) -> None:
        """Words in the group; nobody waits for an answer."""
        deeds.say(self.world, {"from": by, "chat": self.group.ref, "text": text, **more})

    async def buttons(self) -> tuple[int, list[str]]:
        """The newest message there with something to tap, and what its buttons send."""
        for message in reversed(await self.group.shown()):
            data = [b["data"] for row in message["buttons"] for b in row if b["data"]]
            if data:
                return message["id"], data
        raise AssertionError("there is nothing to tap")

    async def private_data(self, ref: int) -> list[str]:
        """What the buttons send that somebody has in their private chat."""
        shown = await self.person(ref).messages()
        return [b["data"] for m in shown for row in m["buttons"] for b in row if b["data"]]


async def hostile(home: House) -> Hostile:
    """An admin sets everything up; six members, one of them an admin too, and an outsider look on."""
    for ref, name in NAMES.items():
        about = {"id": ref, "first_name": name, "username": f"{name.lower()}_x", "language_code": "en"}
        await home.life.call("say", {"from": about, "text": "/start", "wait": False})
    await home.life.wait(minutes=1)
    group = await gathering(home, "supergroup")
    [world] = [stall.world for stall in home.standin.stalls.values()]
    world.chats[group.ref].members |= dict.fromkeys(MEMBERS, "member") | {ROBIN: "administrator"}
    listener = Listener(world, group.ref)
    await group.say("/country Germany")
    await group.say("/country France", is_anonymous_admin=True)
    assert (await group.heard())[-1].startswith("I cannot see who wrote that.")
    await group.set_up()
    await home.life.press("Post and pin the crisis numbers")
    await home.life.press("When words sound like a crisis")
    await home.life.press("Tell the admins")
    await home.life.press("Post the notice")
    await home.life.press("Back")
    await home.life.press("Check-in")
    await home.life.press("Ask now")
    await home.life.wait(minutes=2)
    return Hostile(home, group, world, listener)


async def with_a_dose(life: Life, clock: str) -> None:
    """A private person who takes a medicine at a time of day."""
    await life.press("Yes, let's begin")
    await life.say("Berlin")
    await life.press("Germany")
    await life.add_medicine("Zolperidine", "37.5 mg", clock, first=True)


def forged(hostile: Hostile, real: list[str], strange: list[str]) -> list[str]:
    """What nobody was ever given: altered, cut off, of others, made up; public tokens among them."""
    flip, pick = hostile.chance.randrange, hostile.chance.choice
    altered = [token[: (at := flip(len(token)))] + pick("Ab-9") + token[at + 1 :] for token in real * 10]
    return [*altered, *strange, *(token[:-4] for token in real), "x", "🙂" * 16, "sos:plan", "sos:no", "1"]


async def flood(hostile: Hostile) -> None:
    """A thousand taps, and commands by one and by all, all at once."""
    message, real = await hostile.buttons()
    strange = forged(hostile, real, await hostile.private_data(ALEX))
    everybody = [*MEMBERS, ALEX, OUTSIDER]
    for number in range(TAPS):
        data = hostile.chance.choice(real if number % 2 else strange)
        hostile.tap(hostile.chance.choice(everybody), message, data)
    for number in range(60):
        hostile.type(SAM, ("/group", "/next", "/resources", "/checkin", "/country France")[number % 5])
    for ref in MEMBERS:
        hostile.type(ref, "/add Zolperidine 37.5 mg 8am")
        hostile.type(ref, "/group@evenkeel_demo_bot I feel hopelessness")
        hostile.type(ref, "/mood@another_bot Zolperidine")
    hostile.type(SAM, "/resources", is_anonymous_admin=True)
    for ref in MEMBERS:
        hostile.type(ref, "/mood Zolperidine 37.5 mg", ephemeral=True)
        hostile.type(ref, "/sos I feel hopelessness", ephemeral=True)


async def asks_until_demoted(hostile: Hostile) -> None:
    """An admin loses that in the middle of a question, and goes on with it."""
    robin, group = hostile.person(ROBIN), hostile.group
    await group.say("/group")
    links = [b["url"] for m in await group.shown() for row in m["buttons"] for b in row if "url" in b]
    own = next(link for link in reversed(links) if "start=go_" in link)
    await robin.say("/start " + own.partition("start=")[2])
    [card] = [
        m for m in await robin.messages() if any(b["text"] == "Quiet hours" for r in m["buttons"] for b in r)
    ]
    before = {b["text"]: b["data"] for row in card["buttons"] for b in row}
    await robin.press("Quiet hours")
    hostile.world.chats[group.ref].members[ROBIN] = "member"
    await robin.say("22:00 7:00")
    assert await robin.last() == "I can show this to the admins of the group only."
    for label in ("Turn content warnings on", "Pause all posts", "Forget this group"):
        await robin.press_forged(card["id"], before[label])


async def test_a_hostile_group_learns_nothing_and_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    async with house(tmp_path, EVENING, pacing=True) as home:
        home.life.unhurried = 2.0
        scene = await hostile(home)
        nora, life = scene.person(NORA), home.life
        await with_a_dose(nora, "7:30 pm")
        await asks_until_demoted(scene)
        await life.wait_until(datetime(2026, 3, 5, 18, 29, 58, tzinfo=UTC))
        before = len(scene.listener.heard)

        await flood(scene)
        scene.type(SAM, "@evenkeel_demo_bot i want to kill myself")
        deeds.say(scene.world, {"from": NORA, "text": "i want to kill myself"})
        pressed = asyncio.get_running_loop().time()
        while "If your life is in danger now" not in str(await nora.heard()):
            assert asyncio.get_running_loop().time() - pressed < 15
            await asyncio.sleep(0.02)
        await life.wait(seconds=20)

        # Others: the dose on time, the cry answered; so is the cry of the member who floods.
        asked = [message for message in await nora.heard() if "Time for" in plain(message)]
        assert [message["date"][:16] for message in asked] == ["2026-03-05T18:30"]
        assert sum(one.anew and one.words.startswith(LINE) for one in scene.listener.heard[before:]) >= 1
        assert "If your life is in danger now" in str(await scene.person(SAM).heard())
        assert TOLD in str(await life.heard())
        assert TOLD not in str(await scene.person(ROBIN).heard())

        # Its own budget: answers to commands, a line for a cry, and what a call for help brings.
        said = [one for one in scene.listener.heard[before:] if one.anew]
        assert 1 <= len(said) <= OF_ONE_GROUP + 3 + WHISPERS_OF_ONE_GROUP
        assert sum(one.by_one is None for one in said) <= OF_ONE_GROUP + 3
        await life.wait(days=1)
        assert scene.listener.most_in_a_minute() <= 20
        assert (await life.call("requests"))["statuses"].get("429", 0) == 0
        over = [one.words for one in scene.listener.heard if "This check-in is over." in one.words]
        assert len(over) == 1

        # What one of them alone could read, nobody else was shown; it holds nothing personal either.
        whispers = scene.listener.whispers()
        assert whispers
        for reader in (*MEMBERS, ALEX, OUTSIDER, None):
            seen = shown_chat(scene.world, scene.world.chats[scene.group.ref], reader)["messages"]
            alone = [m for m in seen if m.get("ephemeral") and m["from"]["is_bot"]]
            assert len(alone) == sum(one.by_one == reader for one in whispers if reader is not None)

        # Nothing personal, in anything that was ever said or changed there.
        names = [*NAMES.values(), *(f"{name.lower()}_x" for name in NAMES.values()), *map(str, NAMES)]
        assert scene.listener.betrayals([*names, *SECRETS]) == []
        assert scene.listener.betrayals(["germany"])  # it does hear
        await scene.group.say("/group")
        kept = (await scene.group.heard())[-1].splitlines()
        unchanged = {"Country: Germany", "Quiet hours: none", "Content warnings: off", "State: posting"}
        assert unchanged <= set(kept)
