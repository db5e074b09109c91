"""A message as it lies in the outbox: JSON, with every button's action already signed."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from bot.conversation.message import (
    Action,
    Choice,
    ChoiceStyle,
    CopyText,
    Document,
    Keyboard,
    Link,
    Message,
    Picture,
    Whisper,
)
from bot.conversation.text import Span, Text

LONGEST_DATA = 64
LONGEST_COPY = 256
LONGEST_LINK = 2_048
_SAFE_LINKS = ("https://", "tg://")
_compactly = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

ButtonKind = Literal["press", "link", "copy"]


class Button(NamedTuple):
    """A button. `data` is what a press sends back (1 to 64 bytes), an address to open, or what is copied."""

    label: str
    data: str
    style: ChoiceStyle | None = None
    kind: ButtonKind = "press"


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a platform needs in order to send a message.

    With `keyboard="share_location"` the labels of the buttons are the keys of that keyboard; the first one
    shares the location, any other types its own label. With "remove" any buttons win, since a message bears
    one or the other. `again_line` introduces a second sending.
    """

    text: Text
    buttons: Buttons = ()
    protect: bool = False
    silent: bool = False
    picture: Picture | None = None
    document: Document | None = None
    keyboard: Keyboard | None = None
    again_line: str | None = None
    topic: str | None = None
    pin: bool = False
    whisper: Whisper | None = None


def sheet_of(message: Message, sign: Callable[[Action], str], *, again_line: str | None = None) -> Sheet:
    """The sheet of a message; `sign` turns an action into the token that its button carries.

    Raises ValueError when a button's data does not fit.
    """
    buttons = tuple(tuple(_button(choice, sign) for choice in row) for row in message.choices)
    return Sheet(
        text=message.text,
        buttons=buttons,
        protect=message.protect,
        silent=message.silent,
        picture=message.picture,
        document=message.document,
        keyboard=message.keyboard,
        again_line=again_line,
        topic=message.topic,
        pin=message.pin,
        whisper=message.whisper,
    )


def to_sheet(message: Message, sign: Callable[[Action], str], *, again_line: str | None = None) -> str:
    """The sheet of a message as compact JSON; what is empty is left out. Raises as `sheet_of` does."""
    sheet = sheet_of(message, sign, again_line=again_line)
    fields: dict[str, Any] = {
        "text": sheet.text.plain,
        "spans": [_span_fields(span) for span in sheet.text.spans],
        "buttons": [[_fields(button) for button in row] for row in sheet.buttons],
        "protect": sheet.protect,
        "silent": sheet.silent,
        "picture": sheet.picture and asdict(sheet.picture),
        "document": sheet.document and _document_fields(sheet.document),
        "keyboard": sheet.keyboard,
        "again_line": sheet.again_line,
        "topic": sheet.topic,
        "pin": sheet.pin,
        "whisper": sheet.whisper and asdict(sheet.whisper),
    }
    filled = {name: value for name, value in fields.items() if value}
    written = _compactly(filled)
    # A lone surrogate has no UTF-8 form, so it could be neither sealed nor sent; "?" is as long as it was.
    return written.encode("utf-8", "replace").decode("utf-8")


def read_sheet(body: str) -> Sheet:
    """The sheet that `to_sheet` wrote. Raises ValueError for anything else."""
    try:
        fields = json.loads(body)
        return Sheet(
            text=Text(fields.get("text", ""), tuple(Span(*span) for span in fields.get("spans", ()))),
            buttons=tuple(tuple(Button(*button) for button in row) for row in fields.get("buttons", ())),
            protect=fields.get("protect", False),
            silent=fields.get("silent", False),
            picture=_optional(Picture, fields.get("picture")),
            document=_document(fields.get("document")),
            keyboard=fields.get("keyboard"),
            again_line=fields.get("again_line"),
            topic=fields.get("topic"),
            pin=fields.get("pin", False),
            whisper=_optional(Whisper, fields.get("whisper")),
        )
    except (TypeError, AttributeError) as error:
        raise ValueError("this is not a sheet") from error


def _button(choice: Choice, sign: Callable[[Action], str]) -> Button:
    match choice.action:
        case Action() as action:
            data = sign(action)
        case Link(url=url):
            if not url.startswith(_SAFE_LINKS) or len(url) > LONGEST_LINK:
                raise ValueError(f"the button {choice.label!r} has no address to open")
            return Button(choice.label, url, choice.style, "link")
        case CopyText(words=words):
            if not 1 <= len(words.encode("utf-16-le", "replace")) // 2 <= LONGEST_COPY:
                raise ValueError(f"the button {choice.label!r} would copy {len(words)} characters")
            return Button(choice.label, words, choice.style, "copy")
        case token:
            data = token
    if not 1 <= len(data.encode()) <= LONGEST_DATA:
        raise ValueError(f"the button {choice.label!r} would carry {len(data.encode())} bytes")
    return Button(choice.label, data, choice.style)


def _span_fields(span: Span) -> list[int | str]:
    """A span as it was always written; only a time says which one it is."""
    fields: list[int | str] = [span.start, span.length, span.style]
    return fields if span.unix is None else [*fields, span.unix]


def _fields(button: Button) -> list[str | None]:
    """A button as it was always written; only a link and a copy say of what kind they are."""
    if button.kind != "press":
        return [button.label, button.data, button.style, button.kind]
    return [button.label, button.data, *filter(None, [button.style])]


def _document_fields(document: Document) -> dict[str, Any]:
    """A document as it was always written; only one that is drawn says so."""
    return {name: value for name, value in asdict(document).items() if value is not None}


def _document(fields: dict[str, Any] | None) -> Document | None:
    if fields is None:
        return None
    return Document(**{**fields, "drawn": _optional(Picture, fields.get("drawn"))})


def _optional(kind: type[Any], fields: dict[str, Any] | None) -> Any:
    return None if fields is None else kind(**fields)
