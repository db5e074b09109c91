"""Telegram's HTML: a handful of tags, and everything else refused."""

import html
import re

from bot.standin.spans import Span, byte_offset, unparsable

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-zA-Z0-9-]*)(?P<rest>[^<>]*)>|(?P<open><)|(?P<char>&[#a-zA-Z0-9]+;)"
)
ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")


def parse_html(markup: str) -> tuple[str, list[Span]]:
    """Split markup into plain text and spans; refuse what Telegram refuses."""
    return _Reader(markup).read()


class _Reader:
    """Reads once from left to right, with a stack of the tags that are open."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.pieces: list[str] = []
        self.length = 0
        self.open: list[tuple[str, Span]] = []
        self.spans: list[Span] = []

    def read(self) -> tuple[str, list[Span]]:
        position = 0
        for token in TOKEN.finditer(self.markup):
            self._put(self.markup[position : token.start()])
            position = token.end()
            if token["char"]:
                self._put(html.unescape(token["char"]))
            elif token["open"]:
                raise self._complaint('Unsupported start tag ""', token.start())
            elif token["close"]:
                self._close(token)
            else:
                self._open(token)
        self._put(self.markup[position:])
        if self.open:
            tag = self.open[-1][0]
            raise unparsable(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return "".join(self.pieces), [span for span in self.spans if span.end > span.start]

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def _open(self, token: re.Match[str]) -> None:
        tag = token["tag"].lower()
        attributes = {
            name.lower(): html.unescape(a or b or c) for name, a, b, c in ATTRIBUTE.findall(token["rest"])
        }
        if tag not in KINDS or (tag == "span" and attributes.get("class") != "tg-spoiler"):
            raise self._complaint(f'Unsupported start tag "{tag}"', token.start())
        span = Span(self.length, self.length, KINDS[tag], _extra(tag, attributes))
        if tag == "blockquote" and "expandable" in token["rest"]:
            span.kind = "expandable_blockquote"
        self.open.append((tag, span))

    def _close(self, token: re.Match[str]) -> None:
        tag = token["tag"].lower()
        if not self.open:
            raise self._complaint("Unexpected end tag", token.start())
        expected, span = self.open.pop()
        if tag and tag != expected:
            where = byte_offset(self.markup, token.start())
            raise unparsable(
                f'Unmatched end tag at byte offset {where}, expected "</{expected}>", found "</{tag}>"'
            )
        span.end = self.length
        self._keep(tag, span)

    def _keep(self, tag: str, span: Span) -> None:
        """A language inside `pre` is written as a `code` of its own; it becomes one span."""
        if span.kind == "code" and self.open and self.open[-1][0] == "pre":
            self.open[-1][1].extra.update(span.extra)
            return
        if span.kind == "code":
            span.extra = {}
        if span.kind == "text_link" and not span.extra.get("url"):
            span.extra["url"] = "".join(self.pieces)[span.start : span.end]
        self.spans.append(span)

    def _complaint(self, what: str, index: int) -> Exception:
        return unparsable(f"{what} at byte offset {byte_offset(self.markup, index)}")


def _extra(tag: str, attributes: dict[str, str]) -> dict[str, object]:
    if tag == "a":
        return {"url": attributes.get("href", "")}
    if tag == "code" and attributes.get("class", "").startswith("language-"):
        return {"language": attributes["class"].removeprefix("language-")}
    if tag == "tg-emoji":
        return {"custom_emoji_id": attributes.get("emoji-id", "")}
    if tag == "tg-time":
        return {
            "unix_time": int(attributes.get("unix", "0")),
            "date_time_format": attributes.get("format", ""),
        }
    return {}
