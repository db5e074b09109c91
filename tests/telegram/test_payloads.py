"""Our messages in Telegram's words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.conversation.message import Action, Choice, CopyText, Document, Link, Message, Picture
from bot.conversation.sheet import Sheet, read_sheet, sheet_of, to_sheet
from bot.conversation.text import Span, Style, Text, bold, compose, said
from bot.telegram.payloads import (
    entities,
    in_plain_words,
    inline_keyboard,
    sending_parameters,
    text_parameters,
    utf16_length,
)

FAMILY = "👩‍👩‍👧"


def sign(action: Action) -> str:
    return f"{action.room}.{action.verb}.{action.argument}"


@st.composite
def texts(draw: st.DrawFn) -> Text:
    plain = draw(st.text(st.sampled_from(f"a é\n漢{FAMILY}💊\u2068\u2069"), max_size=30))
    spans = st.tuples(st.integers(0, len(plain)), st.integers(0, len(plain)))
    cuts = draw(st.lists(spans, max_size=5))
    styles: st.SearchStrategy[Style] = st.sampled_from(["bold", "italic", "code", "quote"])
    return Text(plain, tuple(Span(min(cut), max(cut) - min(cut), draw(styles)) for cut in cuts))


@given(texts())
def test_offsets_count_utf16_units_so_that_each_style_meets_its_words(text: Text) -> None:
    units = text.plain.encode("utf-16-le")
    shown = [
        units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        for entity in entities(text) or []
    ]
    meant = [text.plain[span.start : span.start + span.length] for span in text.spans if span.length]
    assert shown == meant


@given(texts())
def test_offsets_agree_with_those_of_the_library(text: Text) -> None:
    spans = [span for span in text.spans if span.length]
    library = MessageEntity.adjust_message_entities_to_utf_16(
        text.plain, [MessageEntity(span.style, span.start, span.length) for span in spans]
    )
    ours = entities(text) or []
    assert [(e["offset"], e["length"]) for e in ours] == [(e.offset, e.length) for e in library]


def test_a_family_emoji_is_as_long_as_telegram_counts_it() -> None:
    assert utf16_length(FAMILY) == 8
    assert entities(Text(FAMILY + "x", (Span(5, 1, "bold"),))) == [{"type": "bold", "offset": 8, "length": 1}]


def test_what_a_person_wrote_goes_out_as_characters_and_never_as_markup() -> None:
    text = compose("Time for {medicine}", medicine=bold(said("<b>*_`[x](tg://y)")))
    parameters = text_parameters(text)
    assert "parse_mode" not in parameters
    assert "<b>*_`[x](tg:" in parameters["text"]
    assert parameters["link_preview_options"] == {"is_disabled": True}


@given(texts(), st.booleans(), st.booleans(), st.none() | st.text(max_size=5))
def test_a_sheet_is_read_back_as_it_was_written(
    text: Text, protect: bool, silent: bool, again: str | None
) -> None:
    message = Message(
        text,
        choices=(
            (Choice("Taken", Action("doses", "taken", "12"), "success"), Choice("Help", "public")),
            (Choice("Tell Anna", Link("https://t.me/anna_k?text=Hello"), "primary"),),
            (Choice("Copy", CopyText("Hello, ä 💊")),),
        ),
        protect=protect,
        silent=silent,
        picture=Picture("streak", {"days": [1, None]}),
        document=Document("a.txt", "ä"),
        keyboard="remove",
    )
    assert read_sheet(to_sheet(message, sign, again_line=again or None)) == sheet_of(
        message, sign, again_line=again or None
    )


def test_a_sheet_from_before_there_were_links_is_still_read() -> None:
    old = '{"text":"x","buttons":[[["Taken","a","success"],["Later","b"]]]}'
    buttons = read_sheet(old).buttons
    assert [(b.label, b.data, b.style, b.kind) for b in buttons[0]] == [
        ("Taken", "a", "success", "press"),
        ("Later", "b", None, "press"),
    ]
    assert (
        to_sheet(Message(Text("x"), ((Choice("Taken", "a", "success"), Choice("Later", "b")),)), sign) == old
    )


def test_a_sheet_holds_nothing_that_is_empty() -> None:
    assert to_sheet(Message(Text("08:00")), sign) == '{"text":"08:00"}'


def test_a_sheet_can_always_be_sealed() -> None:
    body = to_sheet(Message(Text("half \ud83d pair")), sign)
    body.encode()
    assert read_sheet(body).text.plain == "half ? pair"


@pytest.mark.parametrize("data", ["", "x" * 65, "ä" * 33])
def test_a_button_that_carries_too_much_or_nothing_is_caught_at_once(data: str) -> None:
    with pytest.raises(ValueError, match="bytes"):
        to_sheet(Message(Text("x"), choices=((Choice("Taken", data),),)), sign)


@pytest.mark.parametrize(
    "action",
    [
        Link("javascript:alert(1)"),
        Link("http://example.org"),
        Link(""),
        Link("https://" + "x" * 2_048),
        CopyText(""),
        CopyText("x" * 257),
        CopyText("💊" * 129),
    ],
)
def test_a_link_that_is_none_and_a_copy_that_does_not_fit_are_caught_at_once(action: Link | CopyText) -> None:
    with pytest.raises(ValueError, match="the button 'Open'"):
        to_sheet(Message(Text("x"), choices=((Choice("Open", action),),)), sign)


@given(
    st.text()
    | st.recursive(st.none() | st.integers(), lambda x: st.dictionaries(st.text(), x)).map(json.dumps)
)
def test_anything_else_is_no_sheet_and_says_so(body: str) -> None:
    try:
        sheet = read_sheet(body)
    except ValueError:
        return
    assert isinstance(sheet, Sheet)


def test_buttons_keep_their_rows_and_a_style_only_where_there_is_one() -> None:
    choices = ((Choice("Taken", "a", "success"), Choice("Later", "b")), (Choice("Skip", "c"),))
    sheet = sheet_of(Message(Text("x"), choices), sign)
    assert inline_keyboard(sheet.buttons) == {
        "inline_keyboard": [
            [
                {"text": "Taken", "callback_data": "a", "style": "success"},
                {"text": "Later", "callback_data": "b"},
            ],
            [{"text": "Skip", "callback_data": "c"}],
        ]
    }


def test_a_link_and_a_copy_are_buttons_of_their_own_kind() -> None:
    choices = ((Choice("Tell Anna", Link("tg://resolve?domain=anna")), Choice("Copy", CopyText("x" * 256))),)
    assert _markup(Message(Text("x"), choices)) == {
        "inline_keyboard": [
            [
                {"text": "Tell Anna", "url": "tg://resolve?domain=anna"},
                {"text": "Copy", "copy_text": {"text": "x" * 256}},
            ]
        ]
    }


def test_the_second_try_leaves_out_what_could_have_been_refused() -> None:
    choices = (
        (Choice("Tell Anna", Link("https://t.me/anna")),),
        (Choice("Copy", CopyText("x")), Choice("Back", "sos", "primary")),
    )
    plain = in_plain_words(sheet_of(Message(bold("x"), choices), sign))
    assert sending_parameters(plain)["reply_markup"] == {
        "inline_keyboard": [[{"text": "Back", "callback_data": "sos"}]]
    }


def _markup(message: Message) -> Any:
    return sending_parameters(sheet_of(message, sign))["reply_markup"]


def test_the_first_key_shares_the_place_and_the_others_type_their_label() -> None:
    choices = ((Choice("Send my location", "a"),), (Choice("Not now", "b"),))
    assert _markup(Message(Text("x"), choices, keyboard="share_location")) == {
        "keyboard": [[{"text": "Send my location", "request_location": True}], [{"text": "Not now"}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def test_a_keyboard_is_taken_away_unless_there_are_buttons_to_show() -> None:
    assert _markup(Message(Text("x"), keyboard="remove")) == {"remove_keyboard": True}
    with_buttons = Message(Text("x"), choices=((Choice("OK", "a"),),), keyboard="remove")
    assert "inline_keyboard" in _markup(with_buttons)
    assert _markup(Message(Text("x"))) is None


@given(st.text(st.sampled_from(f"a{FAMILY}"), max_size=60), st.integers(2, 40))
def test_plain_words_fit_into_the_limit_and_are_whole_characters(words: str, limit: int) -> None:
    plain = in_plain_words(Sheet(Text(words, (Span(0, 1, "bold"),))), limit).text
    assert utf16_length(plain.plain) <= limit
    assert not plain.spans
    plain.plain.encode()
    assert words.startswith(plain.plain.removesuffix("…"))
