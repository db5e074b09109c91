"""What the bot may know about a chat and its members, and how it leaves."""

from typing import Any

from bot.standin.errors import bad_request, forbidden
from bot.standin.methods.recipient import chat_to_send_to, named_chat
from bot.standin.parameters import Parameters
from bot.standin.world import Chat, World

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


async def get_chat(world: World, asked: Parameters) -> dict[str, Any]:
    """The ChatFullInfo."""
    chat = named_chat(world, asked)
    full = chat.card | {"accent_color_id": 0, "max_reaction_count": 11}
    full["accepted_gift_types"] = {
        "unlimited_gifts": False,
        "limited_gifts": False,
        "unique_gifts": False,
        "premium_subscription": False,
        "gifts_from_channels": False,
    }
    if chat.pinned and chat.pinned[-1] in chat.messages:
        full["pinned_message"] = chat.messages[chat.pinned[-1]]
    return full


def _chat_to_look_into(world: World, asked: Parameters) -> Chat:
    """A chat of whose members a bot may know: it has to be there itself."""
    chat = named_chat(world, asked)
    if not chat.private and chat.bot_status in ("left", "kicked"):
        raise forbidden(f"bot is not a member of the {chat.kind} chat")
    return chat


async def get_chat_member(world: World, asked: Parameters) -> dict[str, Any]:
    """One member, or somebody known who is not one."""
    chat = _chat_to_look_into(world, asked)
    user = world.user(asked.integer("user_id"))
    if user is None:
        raise bad_request("user not found")
    return member(user, status_in(world, chat, user["id"]))


async def get_chat_administrators(world: World, asked: Parameters) -> list[dict[str, Any]]:
    """Everyone who runs the chat, people only."""
    chat = _chat_to_look_into(world, asked)
    if chat.private:
        raise bad_request("there are no administrators in the private chat")
    return [
        member(world.people[person].as_user(), status)
        for person, status in chat.members.items()
        if status in ("creator", "administrator")
    ]


async def get_chat_member_count(world: World, asked: Parameters) -> int:
    """How many are in the chat, the bot included."""
    chat = named_chat(world, asked)
    present = [status for status in chat.members.values() if status not in ("left", "kicked")]
    return 2 if chat.private else len(present) + (chat.bot_status not in ("left", "kicked"))


async def leave_chat(world: World, asked: Parameters) -> bool:
    """The bot goes; it hears and says nothing there any more."""
    chat = chat_to_send_to(world, asked)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.bot_status = "left"
    world.post(chat, world.bot, {"left_chat_member": world.bot})
    return True


async def send_chat_action(world: World, asked: Parameters) -> bool:
    """Show "typing…" for five seconds."""
    chat = chat_to_send_to(world, asked)
    world.events.publish("typing", chat=chat.id)
    return True


async def set_chat_menu_button(world: World, asked: Parameters) -> bool:
    """The button beside the composer, for one person or for all."""
    world.menu_buttons[asked.integer("chat_id") or None] = asked.json("menu_button") or {"type": "default"}
    return True


async def get_chat_menu_button(world: World, asked: Parameters) -> dict[str, Any]:
    """The button beside the composer."""
    usual = world.menu_buttons.get(None, {"type": "default"})
    return world.menu_buttons.get(asked.integer("chat_id") or None, usual)


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "sendChatAction": send_chat_action,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}


def status_in(world: World, chat: Chat, user_id: int) -> str:
    """How somebody stands in a chat."""
    if chat.private:
        return "member" if user_id in (chat.id, world.bot["id"]) else "left"
    return chat.bot_status if user_id == world.bot["id"] else chat.members.get(user_id, "left")


def member(user: dict[str, Any], status: str) -> dict[str, Any]:
    """The ChatMember of each status, with the fields it must have."""
    described: dict[str, Any] = {"user": user, "status": status}
    if status == "creator":
        described["is_anonymous"] = False
    elif status == "administrator":
        described |= dict.fromkeys(RIGHTS, True) | {"can_be_edited": False, "is_anonymous": False}
    elif status == "kicked":
        described["until_date"] = 0
    elif status == "restricted":
        described |= dict.fromkeys(PERMISSIONS, False) | {"is_member": True, "until_date": 0}
    return described
