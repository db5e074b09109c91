"""Markup becomes plain text and entities, and bad markup is refused."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.standin.entities import compose, detect, utf16_length
from bot.standin.errors import RefusedError


def kinds(entities: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("<b>a</b> &lt;b&gt; &amp; b", "a <b> & b", [("bold", 0, 1)]),
        ("😀<i>x<u>y</u></i>", "😀xy", [("italic", 2, 2), ("underline", 3, 1)]),
        (
            "<s>a</s><code>b</code><pre>c</pre>",
            "abc",
            [("strikethrough", 0, 1), ("code", 1, 1), ("pre", 2, 1)],
        ),
        ('<a href="https://x.org/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
        ("<tg-spoiler>s</tg-spoiler>", "s", [("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("  <b> a </b>  ", "a", [("bold", 0, 1)]),
        ("fish & chips", "fish & chips", []),
    ],
)
def test_html_is_read(markup: str, text: str, entities: list[tuple[Any, ...]]) -> None:
    found, spans = compose(markup, "HTML")
    assert (found, kinds(spans)) == (text, entities)


def test_links_and_languages_are_kept() -> None:
    assert (
        compose('<a href="https://x.org/?a=1&amp;b=2">x</a>', "HTML")[1][0]["url"] == "https://x.org/?a=1&b=2"
    )
    code = '<pre><code class="language-python">x</code></pre>'
    assert compose(code, "HTML")[1] == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]
    assert compose("[x](https://x.org/\\))", "MarkdownV2")[1][0]["url"] == "https://x.org/)"
    assert compose("```python\nx```", "MarkdownV2")[1][0]["language"] == "python"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("é<p>", 'Unsupported start tag "p" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ],
)
def test_bad_html_is_refused(markup: str, words: str) -> None:
    with pytest.raises(RefusedError, match="can't parse entities") as refused:
        compose(markup, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("*a* _b_ __c__ ~d~ ||e||", "a b c d e", "bold italic underline strikethrough spoiler"),
        ("`a.b` 1\\.5", "a.b 1.5", "code"),
        (">a\n>b\nc", "a\nb\nc", "blockquote"),
        ("*a _b_*", "a b", "bold italic"),
    ],
)
def test_markdown_is_read(markup: str, text: str, entities: str) -> None:
    found, spans = compose(markup, "MarkdownV2")
    assert (found, " ".join(span["type"] for span in spans)) == (text, entities)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("1.5", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("*a", "Can't find end of Bold entity at byte offset 0"),
        ("`a", "Can't find end of Code entity at byte offset 0"),
        ("[a", "Can't find end of Link entity at byte offset 0"),
        ("a]", "Character ']' is reserved and must be escaped with the preceding '\\'"),
    ],
)
def test_bad_markdown_is_refused(markup: str, words: str) -> None:
    with pytest.raises(RefusedError) as refused:
        compose(markup, "MarkdownV2")
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ({"type": "bold", "offset": 0, "length": 9}, "ends after the end of the text"),
        ({"type": "bold", "offset": -1, "length": 1}, "ends after the end of the text"),
        ({"type": "bold", "offset": 1, "length": 1}, "begins in a middle of a UTF-16 symbol"),
        ({"type": "bold", "offset": 0, "length": 1}, "ends in a middle of a UTF-16 symbol"),
        ({"type": "bold", "offset": "x", "length": 1}, "must be a number"),
        ("bold", "expected a MessageEntity object"),
    ],
)
def test_entities_outside_the_text_are_refused(entity: Any, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        compose("😀a", None, [entity])


def test_commands_mentions_and_links_of_people_are_found() -> None:
    found = detect("😀 /start@bot go to www.x.org or ask @robin_demo, not a/b")
    assert kinds(found) == [("bot_command", 3, 10), ("url", 20, 9), ("mention", 37, 11)]


@given(st.text(), st.data())
def test_every_entity_lies_within_the_tidied_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    offset, length = utf16_length(text[:start]), utf16_length(text[start:end])
    kept, entities = compose(text, None, [{"type": "bold", "offset": offset, "length": length}])
    for entity in entities:
        assert entity["length"] > 0
        assert entity["offset"] + entity["length"] <= utf16_length(kept)


@given(st.text(alphabet="<>/b&;a *_[]()`|\\>\n"))
def test_any_markup_is_read_or_refused_but_never_breaks(markup: str) -> None:
    for mode in ("HTML", "MarkdownV2"):
        with suppress(RefusedError):
            compose(markup, mode)
