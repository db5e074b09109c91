"""Reply markup: the keyboards that come with a message, checked as Telegram checks them."""

from typing import Any

from bot.standin.errors import bad_request

BUTTON_LIMIT = 100
ROW_LIMIT = 8
DATA_LIMIT = 64
COPY_LIMIT = 256
STYLES = {"danger", "success", "primary"}
ACTIONS = {
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def checked_markup(markup: Any) -> dict[str, Any] | None:
    """A markup as it will be kept, or None when there is none."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return {"inline_keyboard": _rows(markup["inline_keyboard"], _inline_button)}
    if "keyboard" in markup:
        return {**markup, "keyboard": _rows(markup["keyboard"], _reply_button)}
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return markup
    return None


def _rows(rows: Any, check: Any) -> list[list[dict[str, Any]]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup: field must be an Array of Arrays")
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    if any(len(row) > ROW_LIMIT for row in rows):
        raise bad_request("reply markup is too long: a row holds at most 8 buttons")
    return [[check(button) for button in row] for row in rows if row]


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    if not str(button.get("text", "")).strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    _check_style(button)
    if not ACTIONS & button.keys():
        raise bad_request("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(("http://", "https://", "tg://", "t.me/")):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: wrong HTTP URL")
    if "copy_text" in button:
        _check_copy(button["copy_text"])
    return button


def _check_copy(copy: Any) -> None:
    if not isinstance(copy, dict) or not 1 <= len(str(copy.get("text", ""))) <= COPY_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _reply_button(button: Any) -> dict[str, Any]:
    kept = {"text": button} if isinstance(button, str) else button
    if not isinstance(kept, dict) or not str(kept.get("text", "")).strip():
        raise bad_request("can't parse keyboard button: text must be non-empty")
    _check_style(kept)
    return kept


def _check_style(button: dict[str, Any]) -> None:
    if "style" in button and button["style"] not in STYLES:
        raise bad_request("can't parse keyboard button: unknown button style")
