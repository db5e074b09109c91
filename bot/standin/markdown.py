"""Telegram's MarkdownV2: marks in pairs, and every other special character escaped."""

import re

from bot.standin.spans import Span, byte_offset, unparsable

MARKS = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
RESERVED = set("_*[]()~`>#+-=|{}.!")
LINK_END = re.compile(r"\]\(((?:[^)\\]|\\.)*)\)")
QUOTE = re.compile(r"(?:^|(?<=\n))>")


def parse_markdown(markup: str) -> tuple[str, list[Span]]:
    """Split MarkdownV2 into plain text and spans; refuse what Telegram refuses."""
    return _Reader(markup).read()


class _Reader:
    """Reads once from left to right, with a stack of the marks that are open."""

    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.at = 0
        self.text = ""
        self.open: list[tuple[str, int, Span]] = []
        self.spans: list[Span] = []
        self.quote: Span | None = None

    def read(self) -> tuple[str, list[Span]]:
        while self.at < len(self.markup):
            self._step()
        self._end_quote()
        if self.open:
            mark, where, span = self.open[-1]
            name = "Link" if mark == "[" else span.kind.capitalize()
            raise unparsable(
                f"Can't find end of {name} entity at byte offset {byte_offset(self.markup, where)}"
            )
        return self.text, [span for span in self.spans if span.end > span.start]

    def _step(self) -> None:
        rest = self.markup[self.at :]
        character = rest[0]
        mark = next((mark for mark in ("__", "||", "*", "_", "~") if rest.startswith(mark)), "")
        if character == "\\" and len(rest) > 1:
            self._put(rest[1], 2)
        elif character == "`":
            self._code("```" if rest.startswith("```") else "`")
        elif mark:
            self._toggle(mark)
        elif character == "[":
            self._begin("[", "text_link")
        elif character == "]":
            self._link()
        elif character == ">" and QUOTE.match(self.markup, self.at):
            self._begin_quote()
        elif character in RESERVED:
            raise unparsable(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            )
        else:
            self._plain(character)

    def _put(self, text: str, consumed: int) -> None:
        self.text += text
        self.at += consumed

    def _plain(self, character: str) -> None:
        if character == "\n" and self.markup[self.at + 1 : self.at + 2] != ">":
            self._end_quote()
        self._put(character, 1)

    def _begin(self, mark: str, kind: str) -> None:
        self.open.append((mark, self.at, Span(len(self.text), len(self.text), kind)))
        self.at += len(mark)

    def _toggle(self, mark: str) -> None:
        if self.open and self.open[-1][0] == mark:
            self._finish(self.open.pop()[2])
            self.at += len(mark)
        else:
            self._begin(mark, MARKS[mark])

    def _link(self) -> None:
        end = LINK_END.match(self.markup, self.at)
        if end is None or not self.open or self.open[-1][0] != "[":
            raise unparsable("Character ']' is reserved and must be escaped with the preceding '\\'")
        span = self.open.pop()[2]
        span.extra["url"] = re.sub(r"\\(.)", r"\1", end[1])
        self._finish(span)
        self.at = end.end()

    def _code(self, fence: str) -> None:
        start = self.at + len(fence)
        end = self.markup.find(fence, start)
        kind = "pre" if fence == "```" else "code"
        if end < 0:
            name = "Pre" if kind == "pre" else "Code"
            raise unparsable(
                f"Can't find end of {name} entity at byte offset {byte_offset(self.markup, self.at)}"
            )
        body = self.markup[start:end]
        span = Span(len(self.text), len(self.text), kind)
        if kind == "pre":
            language, newline, code = body.partition("\n")
            if newline and re.fullmatch(r"[\w+#-]*", language):
                body = code
                span.extra = {"language": language} if language else {}
        self.text += re.sub(r"\\([`\\])", r"\1", body)
        self.at = end + len(fence)
        self._finish(span)

    def _begin_quote(self) -> None:
        if self.quote is None:
            self.quote = Span(len(self.text), len(self.text), "blockquote")
        self.at += 1

    def _end_quote(self) -> None:
        if self.quote is not None:
            self._finish(self.quote)
            self.quote = None

    def _finish(self, span: Span) -> None:
        span.end = len(self.text)
        self.spans.append(span)
