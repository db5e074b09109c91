"""A group on the stand-in: who is in it, what they do there, what the bot says there."""

from dataclasses import dataclass
from typing import Any

from tests.stories.life import House, plain

SAM, ROBIN = 606, 607


@dataclass(slots=True)
class Gathering:
    """A group, supergroup or channel that the person of the house made; the bot is in it."""

    home: House
    ref: int

    async def say(self, text: str, by: int | None = None, **more: object) -> None:
        """Somebody writes there; without a name it is the person of the house."""
        life = self.home.life
        life.clock.advance(8)
        await life.call("say", {"from": by or life.person, "chat": self.ref, "text": text} | more)

    async def shown(self) -> list[dict[str, Any]]:
        """The bot's messages there as they look now; in a channel they are all of the channel's."""
        messages = (await self.home.life.call(f"chats/{self.ref}"))["messages"]
        there = [m for m in messages if m["from"]["is_bot"] or m["from"]["id"] == self.ref]
        return [message for message in there if message["text"] or message.get("caption")]

    async def heard(self) -> list[str]:
        """What the bot said there."""
        return [plain(message) for message in await self.shown()]

    async def about(self, words: str) -> list[str]:
        """What the bot said there with these words in it."""
        return [text for text in await self.heard() if words in text]

    async def whispered(self, to: int) -> list[str]:
        """What the bot said there that this member alone sees."""
        seen = (await self.home.life.call(f"chats/{self.ref}?reader={to}"))["messages"]
        return [plain(m) for m in seen if m.get("ephemeral") and m["from"]["is_bot"]]

    async def press(self, label: str, by: int | None = None) -> str | None:
        """Somebody presses the newest button of that name there; what the little note says comes back."""
        for message in reversed(await self.shown()):
            if any(button["text"] == label for row in message["buttons"] for button in row):
                return await self.press_on({"message_id": message["id"], "button": label}, by)
        raise AssertionError(f"no button {label!r}")

    async def press_on(self, what: dict[str, Any], by: int | None = None) -> str | None:
        """A press as the stand-in takes it: `button`, or forged `data`, on a `message_id`."""
        given = {"chat": self.ref, "from": by or self.home.life.person}
        answer = (await self.home.life.call("press", given | what))["answer"]
        return answer["text"] if answer else None

    async def members(self, count: int, first: int = 7001) -> list[int]:
        """So many more people are in it."""
        await self.home.life.call("people", {"first_id": first, "count": count})
        return list(range(first, first + count))

    async def follow(self, label: str) -> None:
        """The person of the house taps the newest link of that name."""
        links = [
            b["url"] for m in await self.shown() for row in m["buttons"] for b in row if b["text"] == label
        ]
        await self.home.life.say("/start " + links[-1].partition("start=")[2])

    async def bot_is(self, status: str) -> None:
        """The bot is added, promoted, silenced or removed."""
        await self.home.life.call("members", {"chat": self.ref, "person": "bot", "status": status})
        await self.home.life.wait(seconds=2)

    async def set_up(self, city: str = "Berlin") -> None:
        """Its admin chooses the clock."""
        life = self.home.life
        await self.say("/group")
        await self.follow("Set me up (admins)")
        await life.press("Time zone")
        await life.say(city)

    async def add_post(self, subject: str, times: str) -> None:
        """Its admin adds all texts of a subject in turn, from the card."""
        life = self.home.life
        await life.press("Add a post")
        await life.press(subject)
        await life.press("All in turn")
        await life.say(times)
        await life.press("Yes, post it then")


async def gathering(home: House, kind: str = "group") -> Gathering:
    """A group that the person of the house has just made."""
    members = [home.life.person, SAM, ROBIN]
    made = await home.life.call("chats", {"name": "Kind circle", "kind": kind, "members": members})
    await home.life.wait(seconds=1)  # it is greeted
    return Gathering(home, int(made["id"]))
