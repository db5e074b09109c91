"""A message as it lies in the outbox: JSON, with every button's action already signed."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bot.conversation.message import Action, Choice, ChoiceStyle, Document, Keyboard, Message, Picture
from bot.conversation.text import Span, Text

LONGEST_DATA = 64


@dataclass(frozen=True, slots=True)
class Button:
    """A button with what it sends back when it is pressed (1 to 64 bytes)."""

    label: str
    data: str
    style: ChoiceStyle | None = None


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
    )


def to_sheet(message: Message, sign: Callable[[Action], str], *, again_line: str | None = None) -> str:
    """The sheet of a message as compact JSON; what is empty is left out. Raises as `sheet_of` does."""
    sheet = sheet_of(message, sign, again_line=again_line)
    fields: dict[str, Any] = {
        "text": sheet.text.plain,
        "spans": [[span.start, span.length, span.style] for span in sheet.text.spans],
        "buttons": [[[b.label, b.data, *filter(None, [b.style])] for b in row] for row in sheet.buttons],
        "protect": sheet.protect,
        "silent": sheet.silent,
        "picture": sheet.picture and asdict(sheet.picture),
        "document": sheet.document and asdict(sheet.document),
        "keyboard": sheet.keyboard,
        "again_line": sheet.again_line,
    }
    filled = {name: value for name, value in fields.items() if value}
    written = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
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
            document=_optional(Document, fields.get("document")),
            keyboard=fields.get("keyboard"),
            again_line=fields.get("again_line"),
        )
    except (TypeError, AttributeError) as error:
        raise ValueError("this is not a sheet") from error


def _button(choice: Choice, sign: Callable[[Action], str]) -> Button:
    data = choice.action if isinstance(choice.action, str) else sign(choice.action)
    if not 1 <= len(data.encode()) <= LONGEST_DATA:
        raise ValueError(f"the button {choice.label!r} would carry {len(data.encode())} bytes")
    return Button(choice.label, data, choice.style)


def _optional(kind: type[Any], fields: dict[str, Any] | None) -> Any:
    return None if fields is None else kind(**fields)
