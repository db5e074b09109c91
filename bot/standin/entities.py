"""Text as Telegram keeps it: tidied, measured in UTF-16, with its entities beside it."""

import re
from itertools import accumulate
from typing import Any

from bot.standin.errors import bad_request
from bot.standin.html import parse_html
from bot.standin.markdown import parse_markdown
from bot.standin.spans import Span

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100

# What Telegram takes out of every text: NUL and carriage returns, line and paragraph separators together with
# the old bidirectional controls, and three combining marks that draw over neighbouring lines.
DROPPED = "\0\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a"
BLANKED = "".join(chr(code) for code in range(1, 32) if chr(code) not in "\n\r")
TIDIED = re.compile(f"[{re.escape(DROPPED + BLANKED)}]")
SURROGATE = re.compile("[\ud800-\udfff]")

COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")
MENTION = re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")
URL = re.compile(r"(?:https?://|(?<![\w@.])(?:www\.|t\.me/))[^\s<>\"]+[^\s<>\".,!?:;)]", re.IGNORECASE)

PARSERS = {"html": parse_html, "markdownv2": parse_markdown, "markdown": parse_markdown}


def utf16_length(text: str) -> int:
    """How long Telegram says a text is."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def compose(
    text: str, parse_mode: str | None = None, entities: Any = None
) -> tuple[str, list[dict[str, Any]]]:
    """What is kept of a text that a bot sends: the tidied text and its entities."""
    if SURROGATE.search(text):
        raise bad_request("strings must be encoded in UTF-8")
    if not parse_mode and not entities and not TIDIED.search(text):
        return text.strip(), []
    spans: list[Span] = []
    if parse_mode:
        if parse_mode.lower() not in PARSERS:
            raise bad_request("unsupported parse_mode")
        text, spans = PARSERS[parse_mode.lower()](text)
    elif entities is not None:
        if not isinstance(entities, list):
            raise bad_request("can't parse entities: expected an Array of MessageEntity")
        spans = [_span(text, entity) for entity in entities]
    text, spans = _tidy(text, spans)
    return text, _as_entities(text, spans)[:ENTITY_LIMIT]


def detect(text: str) -> list[dict[str, Any]]:
    """The commands, mentions and links in what a person writes."""
    spans = [
        Span(found.start(), found.end(), kind)
        for pattern, kind in ((COMMAND, "bot_command"), (MENTION, "mention"), (URL, "url"))
        for found in pattern.finditer(text)
    ]
    return _as_entities(text, spans)


def _span(text: str, entity: Any) -> Span:
    """An entity given in UTF-16 units, checked against the text."""
    if not isinstance(entity, dict) or "type" not in entity:
        raise bad_request("can't parse entities: expected a MessageEntity object")
    try:
        start, length = int(entity["offset"]), int(entity["length"])
    except (KeyError, TypeError, ValueError):
        raise bad_request('can\'t parse MessageEntity: field "offset" or "length" must be a number') from None
    total, end = utf16_length(text), start + length
    if start < 0 or length < 0 or end > total:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} "
            f"ends after the end of the text at UTF-16 offset {total}"
        )
    extra = {key: value for key, value in entity.items() if key not in {"type", "offset", "length"}}
    return Span(_index(text, start, "begins"), _index(text, end, "ends"), str(entity["type"]), extra)


def _index(text: str, offset: int, verb: str) -> int:
    """The character at a UTF-16 offset; half a character is refused."""
    if text.isascii():
        return offset
    try:
        return len(text.encode("utf-16-le")[: offset * 2].decode("utf-16-le"))
    except UnicodeDecodeError:
        raise bad_request(f"entity {verb} in a middle of a UTF-16 symbol at byte offset {offset}") from None


def _tidy(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Drop and blank what Telegram does, strip both ends, and move the spans along."""
    kept = list(accumulate((character not in DROPPED for character in text), initial=0))
    clean = TIDIED.sub(lambda found: "" if found[0] in DROPPED else " ", text)
    lead = len(clean) - len(clean.lstrip())
    stripped = clean.strip()
    for span in spans:
        span.start = min(max(kept[span.start] - lead, 0), len(stripped))
        span.end = min(max(kept[span.end] - lead, 0), len(stripped))
    return stripped, [span for span in spans if span.end > span.start]


def _as_entities(text: str, spans: list[Span]) -> list[dict[str, Any]]:
    """Spans in Telegram's shape, in the order Telegram lists them."""
    return [
        {
            "offset": utf16_length(text[: span.start]),
            "length": utf16_length(text[span.start : span.end]),
            "type": span.kind,
            **span.extra,
        }
        for span in sorted(spans, key=lambda span: (span.start, -span.end))
    ]
