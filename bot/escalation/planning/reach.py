"""How a trusted person is reached: a phone number or a Telegram name, and links that open a chat. Pure."""

import re
import unicodedata
from urllib.parse import quote

from bot.conversation.text import clean
from bot.escalation.planning.callingcodes import CALLING_CODES, trunk_prefix

_NAME = re.compile(r"(?:@|(?:https?://)?(?:t|telegram)\.me/)([A-Za-z][A-Za-z0-9_]{3,31})/?", re.ASCII)
_DIALLED = re.compile(r"\+?[\d\s().\-/\u2010-\u2015\u00a0]+")
_OPTIONAL_ZERO = re.compile(r"\(0\)")
_SHORTEST, _LONGEST = 7, 15
# Where a number has a known length and beginning, one with some other prefix for abroad is found out.
_WELL_KNOWN = {"1": re.compile(r"1[2-9]\d{9}"), "7": re.compile(r"7[3-9]\d{9}")}


def read_reach(words: str, country: str | None) -> str | None:
    """A Telegram name as "@anna_k", or a number in international form as "+4930123456"; None for neither.

    A number without its country's code is completed when the person's own country (ISO 3166) is known.
    """
    words = clean(unicodedata.normalize("NFKC", words))  # address books put invisible marks around a number
    if name := _NAME.fullmatch(words):
        return f"@{name[1]}"
    if not _DIALLED.fullmatch(words):
        return None
    return _international(words, CALLING_CODES.get(country or ""))


def _international(words: str, home: str | None) -> str | None:
    """The number in the form of E.164: "+" and 7 to 15 digits."""
    abroad = words.startswith("+")
    digits = _digits(_OPTIONAL_ZERO.sub("", words) if abroad else words)
    if not abroad:
        for prefix in ("011", "00") if home == "1" else ("00",):
            if digits.startswith(prefix):
                abroad, digits = True, digits.removeprefix(prefix)
    if not abroad:
        if home is None:
            return None
        digits = home + digits.removeprefix(trunk_prefix(home))
    return f"+{digits}" if _complete(digits) else None


def _digits(words: str) -> str:
    return "".join(str(unicodedata.digit(letter)) for letter in words if letter.isdigit())


def _complete(digits: str) -> bool:
    """True for the code of a country and enough after it."""
    if well_known := _WELL_KNOWN.get(digits[:1]):
        return well_known.fullmatch(digits) is not None
    known = any(digits.startswith(code) for code in CALLING_CODES.values())
    return known and _SHORTEST <= len(digits) <= _LONGEST


def chat_link(reach: str, draft: str) -> str:
    """An address that opens a chat with somebody, the draft in its input field. Nothing is sent by that."""
    return f"https://t.me/{reach.removeprefix('@')}?text={quote(draft, safe='')}"


def share_link(draft: str) -> str:
    """An address that lets the person choose a chat for the draft.

    The draft stands where an address is expected: the apps put what is there into the input field, and some
    of them open nothing when it is missing.
    """
    return f"https://t.me/share/url?url={quote(draft, safe='')}"
