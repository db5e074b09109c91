"""What is whispered in a group, and what follows when Telegram does not do it. At the level of bytes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.conversation.message import Message, Whisper
from bot.conversation.sheet import to_sheet
from bot.conversation.text import Text
from bot.conversation.whispers import Ear, Whispers
from bot.telegram.account import Account
from bot.telegram.outcomes import Aloud, TokenRefused
from bot.telegram.sender import TelegramSender
from scheduler.clock import SteerableClock
from scheduler.lanes import Lane
from scheduler.outcomes import Delivered, Moved, NotSent, Outcome, Unsure
from scheduler.parcel import Parcel
from storage.outbox import Address, OutboxKind
from tests.telegram.wire import Reply, Wire, error, result

GROUP, ADA = "-1005", "77"
TYPED, UNSEEN = Ear(ADA), Ear(ADA, "29")
WHISPERED = result({"message_id": 0, "ephemeral_message_id": 30, "receiver_user": {"id": 77}})
PUBLIC = result({"message_id": 7})
NOT_ADMIN = error(400, "Bad Request: BOT_NOT_ADMIN")


class Mouth:
    """A sender with its whispers."""

    def __init__(self, account: Account, wire: Wire) -> None:
        self.whispers = Whispers(SteerableClock(datetime(2026, 11, 30, tzinfo=UTC), frozen=True))
        self.sender, self.wire = TelegramSender(account, self.whispers), wire

    async def whisper(self, ear: Ear, *, aloud: bool = True, topic: str | None = None) -> Outcome:
        slip = self.whispers.slip(GROUP, ear)
        assert slip is not None
        return await self.say(Message(Text("For you."), topic=topic, whisper=Whisper(slip, aloud)))

    async def say(self, message: Message) -> Outcome:
        body = to_sheet(message, lambda action: "token")
        parcel = Parcel(
            row_id=1,
            person_id=None,
            kind=OutboxKind.SEND,
            address=Address("telegram", "4000", GROUP),
            lane=Lane.REPLY,
            about=None,
            body=body,
            target=None,
            again=False,
        )
        return await self.sender.deliver(parcel)

    def asked(self) -> list[tuple[bool, str]]:
        """Of each request, whether it was a whisper, and its text."""
        return [
            ("ephemeral_message_parameters" in each.parameters, each.parameters["text"])
            for each in self.wire.requests
        ]


@pytest.fixture
def mouth(account: Account, wire: Wire) -> Mouth:
    return Mouth(account, wire)


async def test_a_whisper_names_its_receiver_and_has_no_message_id_to_go_by(mouth: Mouth) -> None:
    mouth.wire.replies = [WHISPERED]
    assert await mouth.whisper(TYPED, topic="12") == Delivered(None)
    assert mouth.wire.requests[0].parameters == {
        "chat_id": GROUP,
        "text": "For you.",
        "link_preview_options": {"is_disabled": True},
        "message_thread_id": 12,
        "ephemeral_message_parameters": {"receiver_user_id": 77},
    }


async def test_unseen_words_are_answered_by_the_id_that_they_have(mouth: Mouth) -> None:
    mouth.wire.replies = [WHISPERED]
    await mouth.whisper(UNSEEN, topic="12")
    sent = mouth.wire.requests[0].parameters
    assert sent["reply_parameters"] == {"ephemeral_message_id": 29}
    assert "message_thread_id" not in sent


# Words that otherwise mean that a chat is gone, or that we may not write there at all.
REFUSALS = [
    NOT_ADMIN,
    error(400, "Bad Request: need administrator rights in the channel chat"),
    error(400, "Bad Request: user not found"),
    error(400, "Bad Request: message thread not found"),
    error(403, "Forbidden: bot can't initiate conversation with a user"),
]


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_what_may_be_said_aloud_is_when_a_whisper_is_refused(mouth: Mouth, refusal: Reply) -> None:
    mouth.wire.replies = [refusal, PUBLIC]
    assert await mouth.whisper(TYPED) == Delivered("7")
    assert mouth.asked() == [(True, "For you."), (False, "For you.")]


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("ear", [TYPED, UNSEEN])
async def test_what_may_not_be_said_aloud_is_not_said_then(mouth: Mouth, refusal: Reply, ear: Ear) -> None:
    mouth.wire.replies = [refusal]
    assert await mouth.whisper(ear, aloud=False) == Delivered(None)
    assert len(mouth.wire.requests) == 1


async def test_a_refusal_is_remembered_but_not_of_an_answer_that_came_too_late(mouth: Mouth) -> None:
    mouth.wire.replies = [NOT_ADMIN]
    await mouth.whisper(UNSEEN, aloud=False)
    assert mouth.whispers.slip(GROUP, TYPED) is not None
    await mouth.whisper(TYPED, aloud=False)
    assert mouth.whispers.slip(GROUP, TYPED) is None


async def test_a_server_that_ignores_the_wish_has_said_it_once_and_is_not_asked_again(mouth: Mouth) -> None:
    mouth.wire.replies = [PUBLIC]
    assert (await mouth.whisper(TYPED)) == Aloud("7")
    assert len(mouth.wire.requests) == 1
    assert mouth.whispers.slip("-1006", TYPED) is None


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (error(429, "Too Many Requests: retry after 9", {"retry_after": 9}), NotSent(9.0)),
        (error(500, "Internal Server Error"), Unsure()),
        (error(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1007}), Moved("-1007")),
    ],
)
async def test_what_a_later_try_can_mend_is_not_said_aloud_at_once(
    mouth: Mouth, reply: Reply, outcome: Outcome
) -> None:
    mouth.wire.replies = [reply]
    assert await mouth.whisper(TYPED) == outcome
    assert len(mouth.wire.requests) == 1


async def test_a_slip_of_before_a_restart_is_said_aloud_if_it_may_be(mouth: Mouth) -> None:
    lost = Message(Text("For you."), whisper=Whisper("of another process", aloud=True))
    assert await mouth.say(lost) == Delivered("7")
    assert await mouth.say(replace(lost, whisper=Whisper("of another process", aloud=False))) == Delivered(
        None
    )
    assert mouth.asked() == [(False, "For you.")]


async def test_a_revoked_token_is_said_aloud(mouth: Mouth) -> None:
    mouth.wire.replies = [error(401, "Unauthorized")]
    with pytest.raises(TokenRefused):
        await mouth.whisper(TYPED)
