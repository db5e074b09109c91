"""Three people and what ties them: Alex, who takes a medicine, a daughter, and somebody who was a partner."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.stories.life import House, Life, plain

DAUGHTER, FORMER = 502, 503
NAMES = {DAUGHTER: "Lena", FORMER: "Mark"}
THEIR_NAMES_FOR_ALEX = {DAUGHTER: "Papa", FORMER: "Alex"}
_LINK = re.compile(r"start=(cg_[\w-]{22})")


@dataclass(slots=True)
class Circle:
    """The three chats, each as its owner uses it."""

    alex: Life
    lena: Life
    mark: Life

    @classmethod
    async def of(cls, home: House) -> "Circle":
        """Three people who talk to the same bot."""
        return await cls.around(home.life)

    @classmethod
    async def around(cls, alex: Life) -> "Circle":
        """Two more people who talk to the bot of this one."""
        await _introduce(alex, alex.person, "Alex")
        for person, name in NAMES.items():
            await _introduce(alex, person, name)
        lena, mark = (Life(alex.http, alex.url, alex.clock, alex.folder, person) for person in NAMES)
        return cls(alex, lena, mark)

    async def bind(self, caregiver: Life) -> None:
        """Invite, open, agree, confirm; then let them tell and record, hear of a dose, and be asked for."""
        name = NAMES[caregiver.person]
        await self.alex.say("/caregivers")
        await self.alex.press("Invite someone")
        links = [found for said in map(plain, await self.alex.heard()) for found in _LINK.findall(said)]
        await caregiver.say(f"/start {links[-1]}")
        await caregiver.press("I agree")
        await caregiver.say(THEIR_NAMES_FOR_ALEX[caregiver.person])
        await self.alex.wait(seconds=2)
        await press(self.alex, f"Yes, it is {name}")
        await self.alex.say("/caregivers")
        await press(self.alex, f"What {name} may do")
        for wanted in ("record a dose", "tell me something"):
            await self.alex.press(f"Let them {wanted}")
            await self.alex.press(f"Yes, they may {wanted.split()[0]}" + (" me" if "tell" in wanted else ""))
        await self.alex.say("/caregivers")
        await press(self.alex, f"What {name} gets")
        for scope in ("a dose that is not recorded", "“I need you”, when you tap it"):
            await self.alex.press(scope)
            await self.alex.press("Switch it on")


async def _introduce(life: Life, person: int, name: str) -> None:
    """The stand-in hears what the platform calls them; /privacy is answered for anybody."""
    await life.call("say", {"from": {"id": person, "first_name": name}, "text": "/privacy"})


async def press(life: Life, label: str) -> str | None:
    """Press the newest button of that name, whatever invisible marks are around the names in it."""
    for message in reversed(await life.messages()):
        for button in (button for row in message["buttons"] for button in row):
            if plain({"text": button["text"]}) == label:
                return await life.press_on(message["id"], button["data"])
    raise AssertionError(f"no button {label!r}")


async def press_everything(life: Life, spare: Sequence[str]) -> list[str]:
    """Press every button that is in somebody's chat, but for some; what the bot's messages say after each."""
    offered = [
        (message["id"], button["data"])
        for message in await life.messages()
        for row in message["buttons"]
        for button in row
        if "data" in button and not any(word in plain({"text": button["text"]}) for word in spare)
    ]
    said: list[str] = []
    for message_id, data in offered:
        before = await _texts(life)
        await life.press_forged(message_id, data)
        after = await _texts(life)
        said += [text for key, text in after.items() if before.get(key) != text]
    return said


async def _texts(life: Life) -> dict[Any, str]:
    return {message["id"]: plain(message) for message in await life.heard()}
