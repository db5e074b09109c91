"""The deeds we ask of Telegram: send, whisper, edit, delete, unpin, answer. Each says what became of it.

All of them may raise TokenRefused.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from telegram import InputFile

from bot.conversation.message import Document, Picture
from bot.conversation.sheet import Sheet
from bot.conversation.whispers import Ear
from bot.pictures import draw, draw_document
from bot.telegram.account import Account
from bot.telegram.outcomes import TopicGone, outcome_of
from bot.telegram.payloads import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    Parameters,
    caption_parameters,
    has_caption,
    in_plain_words,
    inline_keyboard,
    sending_parameters,
    text_parameters,
    whisper_parameters,
)
from scheduler.outcomes import Delivered, Outcome, Refused

_log = structlog.get_logger(__name__)


async def send(account: Account, ref: str, sheet: Sheet, *, paid: bool = False) -> Outcome:
    """Send a message to a chat; one that Telegram refuses goes once more as plain words alone.

    `paid`: beyond the free 30 a second, for Stars. Where the topic is gone it stands in the group at large.
    """
    outcome = await _send_somehow(account, ref, sheet, paid=paid)
    if isinstance(outcome, TopicGone) and sheet.topic is not None:
        outcome = await _send_somehow(account, ref, replace(sheet, topic=None), paid=paid)
        outcome = replace(outcome, astray=True) if isinstance(outcome, Delivered) else outcome
    if sheet.pin and isinstance(outcome, Delivered) and outcome.message_ref is not None:
        await _pin(account, ref, outcome.message_ref)
    return outcome


async def whisper(account: Account, ref: str, sheet: Sheet, ear: Ear) -> Outcome:
    """Say something in a group to one member alone, once. Aloud: everybody there can read it."""
    parameters = {
        "chat_id": ref,
        **text_parameters(sheet.text),
        **sending_parameters(sheet),
        **whisper_parameters(ear),
    }
    return await outcome_of(account.call("sendMessage", parameters), whispered=True)


async def _pin(account: Account, ref: str, message_ref: str) -> None:
    """Pin a message where we may; where we may not it stands there all the same."""
    what = {"chat_id": ref, "message_id": int(message_ref), "disable_notification": True}
    await outcome_of(account.call("pinChatMessage", what))


async def _send_somehow(account: Account, ref: str, sheet: Sheet, *, paid: bool) -> Outcome:
    outcome = await _send(account, ref, sheet, paid=paid)
    if isinstance(outcome, Refused):
        words = replace(in_plain_words(sheet), picture=None, document=None)
        outcome = await _send(account, ref, words, paid=paid)
    return outcome


async def edit(account: Account, ref: str, target: str, sheet: Sheet) -> Outcome:
    """Give a sent message new words and buttons; a sheet without buttons takes them away."""
    outcome = await _edit(account, ref, target, sheet)
    if isinstance(outcome, Refused):
        limit = LONGEST_CAPTION if has_caption(sheet) else LONGEST_TEXT
        outcome = await _edit(account, ref, target, in_plain_words(sheet, limit))
    return outcome


async def delete(account: Account, ref: str, target: str) -> Outcome:
    """Take a sent message back, which Telegram allows for 48 hours; later nothing happens."""
    return await outcome_of(account.call("deleteMessage", {"chat_id": ref, "message_id": int(target)}))


async def unpin(account: Account, ref: str, target: str) -> Outcome:
    """Take a message down from above a group's talk; where we may not, nothing happens."""
    what = {"chat_id": ref, "message_id": int(target)}
    return await outcome_of(account.call("unpinChatMessage", what))


async def answer(account: Account, query_id: str, text: str | None, alert: bool) -> Outcome:
    """Stop the pressed button's waiting sign, with a short notice if there is one to give."""
    notice = {"text": text[:200], "show_alert": alert} if text else {}
    return await outcome_of(account.call("answerCallbackQuery", {"callback_query_id": query_id, **notice}))


async def _send(account: Account, ref: str, sheet: Sheet, *, paid: bool) -> Outcome:
    method, content = await _content(sheet)
    parameters = {"chat_id": ref, **content, **sending_parameters(sheet, paid=paid)}
    return await outcome_of(account.call(method, parameters), paid=paid)


async def _content(sheet: Sheet) -> tuple[str, Parameters]:
    if sheet.document is not None and (content := await _file(sheet.document)) is not None:
        file = InputFile(content, sheet.document.filename)
        return "sendDocument", {"document": file, **caption_parameters(sheet.text)}
    if sheet.picture is not None and (image := await _drawn(sheet.picture, draw)) is not None:
        file = InputFile(image, "picture.png")
        return "sendPhoto", {"photo": file, **caption_parameters(sheet.text)}
    return "sendMessage", text_parameters(sheet.text)


async def _file(document: Document) -> bytes | None:
    """The content of a document; None when it cannot be drawn."""
    if document.drawn is not None:
        return await _drawn(document.drawn, draw_document)
    return document.content.encode()


async def _drawn(picture: Picture, drawer: Callable[[str, dict[str, Any]], bytes]) -> bytes | None:
    """The picture or the page; None when it cannot be drawn, since the words say the same."""
    try:
        return await asyncio.to_thread(drawer, picture.kind, picture.data)
    except Exception as error:
        _log.error("picture_failed", kind=picture.kind, error=type(error).__name__)
        return None


async def _edit(account: Account, ref: str, target: str, sheet: Sheet) -> Outcome:
    method, content = (
        ("editMessageCaption", caption_parameters(sheet.text))
        if has_caption(sheet)
        else ("editMessageText", text_parameters(sheet.text))
    )
    parameters = {
        "chat_id": ref,
        "message_id": int(target),
        **content,
        "reply_markup": inline_keyboard(sheet.buttons),
    }
    return await outcome_of(account.call(method, parameters))
