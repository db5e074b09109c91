"""The courier's parcels, as Telegram gets them."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.conversation.message import Action, Choice, Document, Message, Picture
from bot.conversation.sheet import to_sheet
from bot.conversation.text import Text, bold
from bot.reports import page
from bot.telegram.account import Account
from bot.telegram.outcomes import TokenRefused
from bot.telegram.sender import TelegramSender
from scheduler.lanes import Lane
from scheduler.outcomes import Delivered, Outcome, Refused, SurplusRefused, Unreachable, Unsure
from scheduler.parcel import Parcel
from storage.outbox import Address, OutboxKind
from tests.pictures.records import NOTHING, data_of
from tests.telegram.wire import TOKEN, Reply, Wire, error, result

BUTTONS = ((Choice("Taken", Action("doses", "taken"), "success"),),)
PAGE = Picture(page.KIND, data_of(NOTHING))
STREAK = Picture(
    "streak", {"title": "1 of 1", "days": [{"day": "2026-03-01", "state": "taken"}], "legend": {}}
)
TOO_LONG = error(400, "Bad Request: message is too long")


def parcel(
    message: Message,
    kind: OutboxKind = OutboxKind.SEND,
    *,
    target: str | None = None,
    again: bool = False,
    surplus: bool = False,
) -> Parcel:
    return Parcel(
        row_id=1,
        person_id=1,
        kind=kind,
        address=Address("telegram", "4000", "77"),
        lane=Lane.DOSE,
        about=None,
        body=to_sheet(message, lambda action: f"{action.room}.{action.verb}", again_line="Sent again."),
        target=target,
        again=again,
        surplus=surplus,
    )


@pytest.fixture
def sender(account: Account) -> TelegramSender:
    return TelegramSender(account)


async def test_a_message_goes_out_with_its_styles_and_buttons(sender: TelegramSender, wire: Wire) -> None:
    message = Message(Text("💊 ") + bold("08:00"), BUTTONS, protect=True, silent=True)
    assert await sender.deliver(parcel(message)) == Delivered("7")
    [request] = wire.requests
    assert request.method == "sendMessage"
    assert request.parameters == {
        "chat_id": "77",
        "text": "💊 08:00",
        "entities": [{"type": "bold", "offset": 3, "length": 5}],
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [[{"text": "Taken", "callback_data": "doses.taken", "style": "success"}]]
        },
        "disable_notification": True,
        "protect_content": True,
    }


async def test_only_what_is_surplus_may_cost_something(sender: TelegramSender, wire: Wire) -> None:
    for surplus in (False, True):
        await sender.deliver(parcel(Message(Text("08:00")), surplus=surplus))
    plain, paid = (request.parameters for request in wire.requests)
    assert "allow_paid_broadcast" not in plain
    assert paid == plain | {"allow_paid_broadcast": True}


@pytest.mark.parametrize(
    "refusal",
    [
        error(400, "Bad Request: BALANCE_TOO_LOW"),
        error(400, "Bad Request: PAYMENT_REQUIRED"),
        error(403, "Forbidden: paid broadcasts are not enabled for this bot"),
        error(400, "Bad Request: not enough Telegram Stars"),
    ],
)
async def test_words_about_stars_refuse_the_surplus_and_not_the_message(
    sender: TelegramSender, wire: Wire, refusal: Reply
) -> None:
    wire.replies = [refusal]
    assert await sender.deliver(parcel(Message(Text("08:00")), surplus=True)) == SurplusRefused()
    assert len(wire.requests) == 1


async def test_a_surplus_message_that_cannot_be_parsed_goes_in_plain_words_at_the_same_price(
    sender: TelegramSender, wire: Wire
) -> None:
    wire.replies = [TOO_LONG, result({"message_id": 7})]
    assert await sender.deliver(parcel(Message(Text("08:00")), surplus=True)) == Delivered("7")
    assert [request.parameters["allow_paid_broadcast"] for request in wire.requests] == [True, True]


async def test_words_about_stars_mean_nothing_of_the_kind_where_we_did_not_ask_to_pay(
    sender: TelegramSender, wire: Wire
) -> None:
    wire.replies = [error(403, "Forbidden: bot was blocked by the user, who keeps a balance")]
    assert await sender.deliver(parcel(Message(Text("08:00")))) == Unreachable()


async def test_a_second_copy_says_that_it_is_one(sender: TelegramSender, wire: Wire) -> None:
    await sender.deliver(parcel(Message(bold("08:00")), again=True))
    sent = wire.requests[0].parameters
    assert sent["text"] == "Sent again.\n08:00"
    assert sent["entities"] == [{"type": "bold", "offset": 12, "length": 5}]


async def test_a_picture_is_drawn_and_its_words_stand_below(sender: TelegramSender, wire: Wire) -> None:
    await sender.deliver(parcel(Message(Text("Streak"), BUTTONS, picture=STREAK)))
    [request] = wire.requests
    assert request.method == "sendPhoto"
    assert b"\x89PNG" in request.body
    assert b'name="caption"\r\n\r\nStreak' in request.body
    assert b'"callback_data": "doses.taken"' in request.body


async def test_a_picture_that_cannot_be_drawn_leaves_the_words(sender: TelegramSender, wire: Wire) -> None:
    await sender.deliver(parcel(Message(Text("Streak"), picture=Picture("fresco", {}))))
    assert wire.methods == ["sendMessage"]


async def test_drawing_does_not_hold_up_the_loop(
    sender: TelegramSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[object] = []

    async def in_thread(work: Any, *arguments: Any) -> Any:
        threads.append(work)
        return work(*arguments)

    monkeypatch.setattr(asyncio, "to_thread", in_thread)
    await sender.deliver(parcel(Message(Text("Streak"), picture=STREAK)))
    assert len(threads) == 1
    await sender.deliver(parcel(Message(Text("Page"), document=Document("page.pdf", drawn=PAGE))))
    assert len(threads) == 2


async def test_a_document_is_drawn_as_a_pdf(sender: TelegramSender, wire: Wire) -> None:
    await sender.deliver(parcel(Message(Text("Page"), document=Document("page.pdf", drawn=PAGE))))
    [request] = wire.requests
    assert request.method == "sendDocument"
    assert b'filename="page.pdf"' in request.body
    assert b"%PDF-" in request.body


async def test_a_document_that_cannot_be_drawn_leaves_the_words(sender: TelegramSender, wire: Wire) -> None:
    lost = Document("page.pdf", drawn=Picture("fresco", {}))
    await sender.deliver(parcel(Message(Text("Page"), document=lost)))
    assert wire.methods == ["sendMessage"]


async def test_a_document_is_sent_as_a_file(sender: TelegramSender, wire: Wire) -> None:
    await sender.deliver(parcel(Message(Text("Yours"), document=Document("data.json", '{"ä": 1}'))))
    [request] = wire.requests
    assert request.method == "sendDocument"
    assert b'filename="data.json"' in request.body
    assert '{"ä": 1}'.encode() in request.body


async def test_what_telegram_refuses_goes_once_more_as_plain_words(
    sender: TelegramSender, wire: Wire
) -> None:
    wire.replies = [TOO_LONG, result({"message_id": 8})]
    assert await sender.deliver(parcel(Message(bold("💊" * 3000), BUTTONS))) == Delivered("8")
    plain = wire.requests[1].parameters
    assert "entities" not in plain
    assert len(plain["text"].encode("utf-16-le")) <= 2 * 4096
    assert plain["reply_markup"]["inline_keyboard"] == [[{"text": "Taken", "callback_data": "doses.taken"}]]


async def test_what_is_refused_twice_stays_refused(sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [TOO_LONG]
    assert await sender.deliver(parcel(Message(Text("x")))) == Refused()
    assert len(wire.requests) == 2


async def test_a_refused_picture_leaves_the_words(sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [error(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"), result({"message_id": 8})]
    assert await sender.deliver(parcel(Message(Text("Streak"), picture=STREAK))) == Delivered("8")
    assert wire.methods == ["sendPhoto", "sendMessage"]


async def test_an_unsure_message_is_not_repeated_here(sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [Reply(fault="drop")]
    assert await sender.deliver(parcel(Message(Text("x")))) == Unsure()
    assert len(wire.requests) == 1


async def test_an_edit_without_buttons_takes_the_old_ones_away(sender: TelegramSender, wire: Wire) -> None:
    await sender.deliver(parcel(Message(Text("Taken at 08:03")), OutboxKind.EDIT, target="5"))
    [request] = wire.requests
    assert request.method == "editMessageText"
    assert request.parameters["message_id"] == 5
    assert "reply_markup" not in request.parameters


async def test_an_edit_below_a_picture_changes_its_caption(sender: TelegramSender, wire: Wire) -> None:
    await sender.deliver(parcel(Message(Text("Streak"), picture=STREAK), OutboxKind.EDIT, target="5"))
    assert wire.methods == ["editMessageCaption"]
    assert wire.requests[0].parameters["caption"] == "Streak"


async def test_a_refused_edit_is_tried_in_plain_words(sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [TOO_LONG, result(True)]
    message = Message(bold("x" * 2000), picture=STREAK)
    assert await sender.deliver(parcel(message, OutboxKind.EDIT, target="5")) == Delivered(None)
    assert len(wire.requests[1].parameters["caption"]) == 1024


async def test_a_message_is_taken_back(sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [result(True)]
    row = parcel(Message(Text("")), OutboxKind.DELETE, target="5")
    assert await sender.deliver(row) == Delivered(None)
    assert wire.requests[0].parameters == {"chat_id": "77", "message_id": 5}


@pytest.mark.parametrize("kind", [OutboxKind.EDIT, OutboxKind.DELETE])
async def test_nothing_is_done_about_a_message_that_never_arrived(
    kind: OutboxKind, sender: TelegramSender, wire: Wire
) -> None:
    gone = kind is OutboxKind.EDIT  # then there is no such message, as when somebody has deleted it
    assert await sender.deliver(parcel(Message(Text("x")), kind)) == Delivered(None, astray=gone)
    assert not wire.requests


async def test_a_message_is_unpinned_and_a_refusal_is_no_trouble(sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [result(True)]
    row = parcel(Message(Text("")), OutboxKind.UNPIN, target="5")
    assert await sender.deliver(row) == Delivered(None)
    assert wire.requests[0].parameters == {"chat_id": "77", "message_id": 5}


async def test_a_button_is_answered(sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [result(True)]
    await sender.answer("q1")
    await sender.answer("q2", "Recorded", alert=True)
    assert [request.parameters for request in wire.requests] == [
        {"callback_query_id": "q1"},
        {"callback_query_id": "q2", "text": "Recorded", "show_alert": True},
    ]


@pytest.mark.parametrize(
    "reply", [error(400, "Bad Request: query is too old"), error(500, "no"), Reply(fault="drop")]
)
async def test_an_answer_that_fails_is_no_trouble(reply: Reply, sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [reply]
    await sender.answer("q1", "Recorded")


async def test_a_revoked_token_is_said_aloud(sender: TelegramSender, wire: Wire) -> None:
    wire.replies = [error(401, "Unauthorized")]
    with pytest.raises(TokenRefused):
        await sender.deliver(parcel(Message(Text("x"))))


async def test_a_burst_goes_out_over_many_connections(wire: Wire) -> None:
    async with Account(TOKEN, base_url=wire.url) as account:  # as patient as in earnest
        sender = TelegramSender(account)
        outcomes: list[Outcome] = await asyncio.gather(
            *(sender.deliver(parcel(Message(Text(str(number))))) for number in range(300))
        )
    assert set(outcomes) == {Delivered("7")}


@pytest.mark.parametrize("kind", [OutboxKind.SEND, OutboxKind.EDIT])
async def test_a_body_that_nobody_can_read_is_set_aside(
    kind: OutboxKind, sender: TelegramSender, wire: Wire
) -> None:
    broken = replace(parcel(Message(Text("x")), kind, target="5"), body="{")
    assert await sender.deliver(broken) == Refused()
    assert not wire.requests
