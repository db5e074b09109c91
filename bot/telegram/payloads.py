"""A sheet in the words of the Bot API: parameters of its methods, entities, keyboards."""

from dataclasses import replace
from typing import Any, Final

from bot.conversation.sheet import Button, Buttons, Sheet
from bot.conversation.text import Span, Text
from bot.conversation.whispers import Ear

LONGEST_TEXT: Final = 4096
LONGEST_CAPTION: Final = 1024

_ENTITY_TYPES: Final = {
    "bold": "bold",
    "italic": "italic",
    "code": "code",
    "quote": "blockquote",
    "spoiler": "spoiler",
    "time": "date_time",
}
_SHORT_TIME: Final = "t"  # hours and minutes, by the clock of whoever reads it
_NO_LABEL: Final = "📍"

Parameters = dict[str, Any]


def text_parameters(text: Text) -> Parameters:
    """For sendMessage and editMessageText."""
    return {
        "text": text.plain,
        "entities": entities(text),
        "link_preview_options": {"is_disabled": True},
    }


def caption_parameters(text: Text) -> Parameters:
    """For sendPhoto, sendDocument and editMessageCaption."""
    return {"caption": text.plain, "caption_entities": entities(text)}


def sending_parameters(sheet: Sheet, *, paid: bool = False) -> Parameters:
    """What every sending method takes."""
    return {
        "reply_markup": _keyboard(sheet),
        "disable_notification": sheet.silent or None,
        "protect_content": sheet.protect or None,
        "allow_paid_broadcast": paid or None,
        "message_thread_id": int(sheet.topic) if sheet.topic is not None else None,
    }


def whisper_parameters(ear: Ear) -> Parameters:
    """What makes a message ephemeral (Bot API 10.3). An answer to ephemeral words stands in their topic."""
    receiver = {"ephemeral_message_parameters": {"receiver_user_id": int(ear.person)}}
    if ear.words is None:
        return receiver
    return {
        **receiver,
        "reply_parameters": {"ephemeral_message_id": int(ear.words)},
        "message_thread_id": None,
    }


def has_caption(sheet: Sheet) -> bool:
    """True when the words stand under a picture or a document."""
    return sheet.picture is not None or sheet.document is not None


def entities(text: Text) -> list[Parameters] | None:
    """The spans, measured in UTF-16 code units as Telegram counts; None when there are none."""
    return [_entity(text.plain, span) for span in text.spans if span.length] or None


def utf16_length(words: str) -> int:
    """Length as Telegram counts it: an emoji outside the basic plane is two."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


def inline_keyboard(buttons: Buttons) -> Parameters | None:
    """The buttons under a message. None takes those of an edited message away."""
    rows = [[_inline_button(button) for button in row] for row in buttons if row]
    return {"inline_keyboard": rows} if rows else None


def in_plain_words(sheet: Sheet, limit: int = LONGEST_TEXT) -> Sheet:
    """The same message with all that Telegram could object to taken off: styles, colours, links, length.

    Meant as the second try after a refusal; picture and document stay the caller's decision.
    """
    buttons = tuple(
        tuple(button._replace(style=None) for button in row if button.kind == "press")
        for row in sheet.buttons
    )
    return replace(sheet, text=Text(_shortened(sheet.text.plain, limit)), buttons=buttons)


def _entity(plain: str, span: Span) -> Parameters:
    moment = {"unix_time": span.unix, "date_time_format": _SHORT_TIME} if span.unix is not None else {}
    return {
        "type": _ENTITY_TYPES[span.style],
        "offset": utf16_length(plain[: span.start]),
        "length": utf16_length(plain[span.start : span.start + span.length]),
        **moment,
    }


def _inline_button(button: Button) -> Parameters:
    what: Parameters
    match button.kind:
        case "link":
            what = {"url": button.data}
        case "copy":
            what = {"copy_text": {"text": button.data}}
        case _:
            what = {"callback_data": button.data}
    return _filled({"text": button.label, **what, "style": button.style})


def _keyboard(sheet: Sheet) -> Parameters | None:
    if sheet.keyboard != "share_location":
        removal = {"remove_keyboard": True} if sheet.keyboard == "remove" else None
        return inline_keyboard(sheet.buttons) or removal
    rows: list[list[Parameters]] = [[{"text": b.label} for b in row] for row in sheet.buttons]
    rows = rows or [[{"text": _NO_LABEL}]]
    rows[0][0]["request_location"] = True
    return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}


def _shortened(words: str, limit: int) -> str:
    if utf16_length(words) <= limit:
        return words
    units = words.encode("utf-16-le", "replace")[: 2 * (limit - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def _filled(fields: Parameters) -> Parameters:
    return {name: value for name, value in fields.items() if value is not None}
