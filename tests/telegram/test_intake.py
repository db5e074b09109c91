"""Whatever Telegram sends, we know what it is to us."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.conversation.inbound import (
    Event,
    Ignored,
    Inbound,
    Joined,
    Left,
    Migrated,
    Origin,
    Place,
    Press,
    Returned,
    Unreadable,
    Words,
)
from bot.telegram.inbox import without_words
from bot.telegram.intake import NO_ID, to_inbound
from storage.vocabulary import GroupKind

ADA = {"id": 77, "is_bot": False, "first_name": "Ada", "language_code": "it"}
BOT = {"id": 4000, "is_bot": True, "first_name": "Evenkeel"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
PRIVATE = {"id": 77, "type": "private", "first_name": "Ada"}
GROUP = {"id": -1005, "type": "supergroup", "title": "Friday"}
CHANNEL = {"id": -1006, "type": "channel", "title": "Friday news"}
FILE = {"file_id": "f", "file_unique_id": "u"}
PHOTO = [{**FILE, "width": 1, "height": 1}]
STICKER = {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
SOMEBODY = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
# fmt: off
RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users",
    "can_post_stories", "can_edit_stories", "can_delete_stories",
)
PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages",
    "can_manage_topics", "can_edit_tag", "can_react_to_messages",
)
KEYS = (
    "update_id", "message", "edited_message", "callback_query", "my_chat_member", "chat", "from", "id",
    "type", "text", "caption", "date", "message_id", "data", "location", "latitude", "longitude", "photo",
    "entities", "sender_chat", "forward_origin",
)
# fmt: on


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1772355600, "chat": PRIVATE, "from": ADA, **fields}


def read(**update: Any) -> Inbound:
    return to_inbound({"update_id": 9, **update}, "4000")


def test_words_in_a_private_chat_come_with_their_origin() -> None:
    assert read(message=message(text="/today")) == Inbound(
        9, Origin("telegram", "4000", "77", "77", private=True, language="it", name="Ada"), Words("/today")
    )


def test_somebody_is_named_as_telegram_names_them() -> None:
    names = {**ADA, "first_name": "Ada", "last_name": "L\ud83d", "username": "ada_l"}
    press = {"id": "q", "from": names, "chat_instance": "1", "data": "x", "message": message()}
    for origin in (
        read(message=message(text="hi", **{"from": names})).origin,
        read(callback_query=press).origin,
    ):
        assert (origin.name, origin.username) == ("Ada L\ufffd", "ada_l")


def test_words_in_a_group_are_not_private() -> None:
    origin = read(message=message(text="hi", chat=GROUP)).origin
    assert (origin.chat, origin.sender, origin.private) == ("-1005", "77", False)


@pytest.mark.parametrize("number", [1087968824, 136817688, 777000])
def test_telegrams_stand_ins_are_nobody_whose_private_chat_could_be_written_to(number: int) -> None:
    nobody = {"id": number, "is_bot": True, "first_name": "Group"}
    said = read(message=message(text="/sos", chat=GROUP, **{"from": nobody}))
    assert said.event in (Words("/sos"), Ignored())
    assert said.origin.sender == ""
    query = {"id": "q", "from": nobody, "chat_instance": "1", "data": "sos", "message": message(chat=GROUP)}
    pressed = read(callback_query=query)
    assert (pressed.event, pressed.origin.sender) == (Press("sos", "5", "q"), "")


def test_an_anonymous_admin_of_a_message_we_cannot_parse_is_nobody_either() -> None:
    broken = message(text="/sos", chat=GROUP, sender_chat=GROUP, date="tomorrow")
    inbound = read(message=broken)
    assert inbound.event == Words("/sos")
    assert inbound.origin.sender == ""


@pytest.mark.parametrize(
    ("fields", "event"),
    [
        ({"text": "I am fine"}, Words("I am fine")),
        ({"text": "x" * 10_000}, Words("x" * 10_000)),
        ({"text": "half \ud83d pair"}, Words("half \ufffd pair")),
        ({"text": "whole \ud83d\udc8a pair"}, Words("whole 💊 pair")),
        ({"text": "read this", "forward_origin": SOMEBODY}, Words("read this", forwarded=True)),
        ({"photo": PHOTO, "caption": "my box"}, Words("my box")),
        ({"photo": PHOTO}, Unreadable("photo")),
        ({"voice": {**FILE, "duration": 3}}, Unreadable("voice")),
        ({"sticker": STICKER}, Unreadable("sticker")),
        ({"location": {"latitude": 45.5, "longitude": 9}}, Place(45.5, 9.0)),
        ({"migrate_to_chat_id": -100777}, Migrated("-100777")),
        ({"new_chat_members": [ADA]}, Ignored()),
        ({"pinned_message": {"message_id": 1, "date": 0, "chat": PRIVATE}}, Ignored()),
        ({}, Ignored()),
        ({"text": "beep", "from": BOT}, Ignored()),
        ({"something_of_tomorrow": {"a": 1}}, Ignored()),
    ],
)
def test_a_message_is_what_it_says(fields: dict[str, Any], event: Event) -> None:
    assert read(message=message(**fields)).event == event


def test_an_edited_text_is_heard_as_edited_and_an_edited_place_is_not_a_new_one() -> None:
    assert read(edited_message=message(text="worse", edit_date=1)).event == Words("worse", edited=True)
    moved = message(location={"latitude": 1.0, "longitude": 2.0}, edit_date=1)
    assert read(edited_message=moved).event == Ignored()


def test_nobody_is_held_to_be_an_anonymous_admin() -> None:
    spoken = message(text="/groupsettings", chat=GROUP, sender_chat=GROUP, **{"from": ANONYMOUS})
    inbound = read(message=spoken)
    assert inbound.event == Words("/groupsettings")
    assert (inbound.origin.chat, inbound.origin.sender) == ("-1005", "")


def test_a_message_without_a_sender_is_nobodys() -> None:
    spoken = message(text="hi", chat=GROUP)
    del spoken["from"]
    assert read(message=spoken).origin.sender == ""


def press(**fields: Any) -> Inbound:
    return read(callback_query={"id": "q1", "from": ADA, "chat_instance": "c", "data": "token", **fields})


def test_a_press_names_its_button_and_its_message() -> None:
    inbound = press(message=message(text="08:00"))
    assert inbound.event == Press("token", "5", "q1")
    assert (inbound.origin.chat, inbound.origin.sender) == ("77", "77")


@pytest.mark.parametrize(
    "below",
    [
        {},
        {"text": "08:00"},
        {"date": 0},
        {"message_id": 0},
        {"is_topic_message": True, "message_thread_id": 3},
        {"ephemeral_message_id": 7, "message_id": 0},
        {"chat": GROUP},
    ],
)
@pytest.mark.parametrize(
    "presser",
    [
        ADA,
        {**ADA, "last_name": "L\ud83d", "username": "ada_l"},
        {"id": 777000, "is_bot": False, "first_name": "T"},
    ],
)
def test_a_press_is_read_as_the_library_reads_it(below: dict[str, Any], presser: dict[str, Any]) -> None:
    query = {"id": "q1", "from": presser, "chat_instance": "c", "data": "t", "message": message(**below)}
    update = {"update_id": 9, "callback_query": query}
    assert to_inbound(update, "4000") == to_inbound(Update.de_json(update, None), "4000")


def test_a_press_below_an_inaccessible_message_is_a_press() -> None:
    inbound = press(message={"chat": GROUP, "message_id": 5, "date": 0})
    assert inbound.event == Press("token", "5", "q1")
    assert (inbound.origin.chat, inbound.origin.private) == ("-1005", False)


def test_a_press_without_a_message_belongs_to_the_persons_own_chat() -> None:
    inbound = press(inline_message_id="i")
    assert inbound.event == Press("token", None, "q1")
    assert (inbound.origin.chat, inbound.origin.private) == ("77", True)


def test_a_press_without_data_still_wants_its_answer() -> None:
    assert press(data=None, game_short_name="g").event == Press("", None, "q1")


@pytest.mark.parametrize(
    ("chat", "status", "event"),
    [
        (PRIVATE, "kicked", Left()),
        (PRIVATE, "member", Returned()),
        (GROUP, "left", Left()),
        (GROUP, "kicked", Left()),
        (GROUP, "member", Joined(GroupKind.SUPERGROUP)),
        (GROUP, "administrator", Joined(GroupKind.SUPERGROUP)),
        (GROUP, "restricted", Left()),
        (CHANNEL, "administrator", Joined(GroupKind.CHANNEL)),
        (CHANNEL, "left", Left()),
    ],
)
def test_blocking_the_bot_is_leaving_and_so_is_putting_it_out_of_a_group_or_silencing_it(
    chat: dict[str, Any], status: str, event: Event
) -> None:
    rights = dict.fromkeys(RIGHTS, True)
    silenced = dict.fromkeys(PERMISSIONS, False) | {"is_member": True, "until_date": 0}
    extras: dict[str, dict[str, Any]] = {
        "kicked": {"until_date": 0},
        "administrator": rights,
        "restricted": silenced,
    }
    change = {
        "chat": chat,
        "from": ADA,
        "date": 1,
        "old_chat_member": {"user": BOT, "status": "left"},
        "new_chat_member": {"user": BOT, "status": status, **extras.get(status, {})},
    }
    inbound = read(my_chat_member=change)
    assert inbound.event == event
    assert inbound.origin.chat == str(chat["id"])


def test_a_bot_that_was_there_before_has_not_come_anew() -> None:
    rights = {"user": BOT, "status": "administrator", **dict.fromkeys(RIGHTS, True)}
    before = {"user": BOT, "status": "member"}
    change = {"chat": GROUP, "from": ADA, "date": 1, "old_chat_member": before, "new_chat_member": rights}
    assert read(my_chat_member=change).event == Joined(GroupKind.SUPERGROUP, anew=False)


@pytest.mark.parametrize(
    "update",
    [
        {"channel_post": message(text="news")},
        {"channel_post": message()},
        {"poll_answer": {}},
        {"of_tomorrow": {"text": "x"}},
        {"message": None},
        {"message": {"text": 5}},
        {"callback_query": {"id": "q"}},
        {},
    ],
)
def test_what_is_no_concern_of_ours_is_ignored(update: dict[str, Any]) -> None:
    inbound = read(**update)
    assert (inbound.update_id, inbound.event) == (9, Ignored())


def test_a_channel_is_heard_when_it_commands_and_nobody_is_held_to_have_spoken() -> None:
    spoken = message(text="/group", chat=CHANNEL, sender_chat=CHANNEL)
    inbound = read(channel_post=spoken)
    assert inbound.event == Words("/group")
    assert (inbound.origin.chat, inbound.origin.sender, inbound.origin.private) == ("-1006", "", False)


def test_the_topic_is_known_and_a_chain_of_replies_is_none() -> None:
    within = message(text="/group", chat=GROUP, message_thread_id=12, is_topic_message=True)
    assert read(message=within).event == Words("/group", topic="12")
    chained = message(text="/group", chat=GROUP, message_thread_id=12)
    assert read(message=chained).event == Words("/group")


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("text", "more", "called"),
    [
        ("good morning", {}, frozenset()),
        ("/group", {}, None),
        ("/group@Evenkeel_Bot now", {}, frozenset({"evenkeel_bot"})),
        (
            "\U0001f600 @Evenkeel_bot help",
            {"entities": [entity("mention", 3, 13)]},
            frozenset({"evenkeel_bot"}),
        ),
        ("half \ud83d @a_bot", {"entities": [entity("mention", 7, 6)]}, frozenset({"a_bot"})),
        ("you there", {"entities": [entity("text_mention", 0, 3, user=BOT)]}, None),
        ("you there", {"entities": [entity("text_mention", 0, 3, user=ADA)]}, frozenset()),
        ("yes", {"reply_to_message": {"message_id": 4, "date": 1, "chat": GROUP, "from": BOT}}, None),
        ("yes", {"reply_to_message": {"message_id": 4, "date": 1, "chat": GROUP, "from": ADA}}, frozenset()),
    ],
)
def test_to_whom_words_in_a_group_speak(
    text: str, more: dict[str, Any], called: frozenset[str] | None
) -> None:
    event = read(message=message(text=text, chat=GROUP, **more)).event
    assert isinstance(event, Words)
    assert event.called == called


def test_in_private_all_words_speak_to_us() -> None:
    event = read(message=message(text="good morning")).event
    assert isinstance(event, Words)
    assert event.called is None


@pytest.mark.parametrize("where", ["text", "caption"])
def test_words_are_heard_even_in_a_message_the_library_cannot_read(where: str) -> None:
    changed = {"chat": {"id": 77, "type": "private"}, "from": {"id": 77}, where: "I want to die"}
    inbound = read(message=changed)
    assert inbound.event == Words("I want to die")
    assert (inbound.origin.chat, inbound.origin.sender, inbound.origin.private) == ("77", "77", True)
    assert read(edited_message=changed).event == Words("I want to die", edited=True)


_KEYS = st.sampled_from(KEYS)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["private", "group", "member"])
)
_JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner), max_leaves=30)


@given(st.dictionaries(_KEYS, _JSON) | _JSON)
def test_no_json_whatever_makes_it_stumble(update: Any) -> None:
    inbound = to_inbound(update, "4000")
    assert isinstance(inbound.update_id, int)
    if isinstance(inbound.event, Words):
        inbound.event.text.encode()


@given(_JSON, _KEYS)
def test_a_message_with_one_part_gone_wrong_makes_it_no_stumble_either(part: Any, key: str) -> None:
    update = {"update_id": 9, "message": message(text="x", **{key: part} if key != "text" else {})}
    assert to_inbound(json.loads(json.dumps(update)), "4000").update_id == 9


def test_an_update_without_an_id_says_so() -> None:
    assert to_inbound({}, "4000").update_id == NO_ID


# Ephemeral messages (Bot API 10.2): the library does not know them yet

COMMAND = {"message_id": 0, "ephemeral_message_id": 29, "receiver_user": BOT, "chat": GROUP}


def test_a_command_that_nobody_else_saw_has_no_message_to_be_answered_or_deleted() -> None:
    said = read(message=message(**COMMAND, text="/mood 3"))
    assert said.origin == Origin("telegram", "4000", "-1005", "77", False, "it", "Ada")
    assert isinstance(said.event, Words)
    assert (said.event.message, said.event.whispered) == (None, "29")
    public = read(message=message(chat=GROUP, text="/mood 3")).event
    assert isinstance(public, Words)
    assert (public.message, public.whispered) == ("5", None)


@pytest.mark.parametrize("text", ["/sos", "/sos@evenkeel_bot", "thank you"])
def test_it_speaks_to_us_whatever_it_says(text: str) -> None:
    event = read(message=message(**COMMAND, text=text)).event
    assert isinstance(event, Words)
    assert event.speaks_to("evenkeel_bot")


@pytest.mark.parametrize(
    ("thread", "topic"),
    [
        ({"message_thread_id": 12, "is_topic_message": True}, "12"),
        ({"message_thread_id": 12}, None),
        ({}, None),
    ],
)
def test_its_topic_is_that_of_the_message_which_it_answers(thread: dict[str, Any], topic: str | None) -> None:
    begun = {"message_id": 12, "date": 1772355600, "chat": GROUP, "from": ADA, **thread}
    event = read(message=message(**COMMAND, text="/sos", reply_to_message=begun)).event
    assert isinstance(event, Words)
    assert event.topic == topic


def test_a_press_on_an_ephemeral_message_names_no_message() -> None:
    bearer = {**message(**COMMAND, text="x"), "from": BOT}
    query = {"id": "q", "from": ADA, "chat_instance": "1", "data": "sos", "message": bearer}
    assert read(callback_query=query).event == Press("sos", None, "q")


def test_unseen_words_stay_unseen_in_a_form_that_we_cannot_read() -> None:
    event = read(message=message(**COMMAND, text="/sos", location="nonsense")).event
    assert isinstance(event, Words)
    assert (event.text, event.whispered) == ("/sos", "29")


def test_unseen_words_stay_unseen_in_the_inbox() -> None:
    kept = without_words({"update_id": 9, "message": message(**COMMAND, text="i want to die")}, "/sos")
    event = to_inbound(kept, "4000").event
    assert isinstance(event, Words)
    assert (event.text, event.whispered) == ("/sos", "29")
