"""Messages in a group that one member alone sees (Bot API 10.3). Built by what is published, not by trial."""

from bot.standin.errors import bad_request
from bot.standin.parameters import Parameters
from bot.standin.world import Chat, Person, World

ANSWER_SECONDS = 15
PRESENT = ("creator", "administrator", "member", "restricted")

# The words for a private chat are known; for the other refusals they are a guess.
_NOT_ADMIN = "BOT_NOT_ADMIN"


def receiver_of(world: World, chat: Chat, asked: Parameters) -> Person | None:
    """Who alone is to see a message; None for one that everybody sees. Refuses what may not be sent."""
    wanted = asked.json("ephemeral_message_parameters") if world.knows_ephemeral else None
    answered = _answered(asked)
    if wanted is None:
        if answered is not None:
            raise bad_request("reply to an ephemeral message must be ephemeral")
        return None
    if not isinstance(wanted, dict):
        raise bad_request("can't parse ephemeral message parameters: expected an Object")
    if chat.kind not in ("group", "supergroup"):
        raise bad_request(_NOT_ADMIN)
    given = Parameters(wanted)
    receiver = world.people.get(given.integer("receiver_user_id"))
    if receiver is None or chat.members.get(receiver.id) not in PRESENT:
        raise bad_request("USER_NOT_PARTICIPANT")
    on_request = _replies(world, chat, receiver, answered) or _pressed(world, chat, receiver, given)
    if not on_request and chat.bot_status != "administrator":
        raise bad_request(_NOT_ADMIN)
    return receiver


def _answered(asked: Parameters) -> int | None:
    """The ephemeral message that is answered; the id of such a message is 0 for everything else."""
    reply = asked.json("reply_parameters") or {}
    if not isinstance(reply, dict):
        raise bad_request("can't parse reply parameters: expected an Object")
    if "ephemeral_message_id" in reply:
        return Parameters(reply).integer("ephemeral_message_id")
    if reply.get("message_id") == 0:
        raise bad_request("message to be replied not found")
    return None


def _replies(world: World, chat: Chat, receiver: Person, answered: int | None) -> bool:
    """Whether it answers what its receiver wrote. An ephemeral message can be answered for 15 seconds."""
    if answered is None:
        return False
    message = chat.ephemeral.get(answered)
    if message is None or message["from"]["id"] != receiver.id:
        raise bad_request("message to be replied not found")
    if world.timestamp() - message["date"] > ANSWER_SECONDS:
        raise bad_request("message to be replied not found")
    return True


def _pressed(world: World, chat: Chat, receiver: Person, given: Parameters) -> bool:
    """Whether it answers a press of its receiver, at most 15 seconds ago."""
    query_id = given.text("callback_query_id")
    if query_id is None:
        return False
    query = world.queries.pressed(query_id)
    if (query.chat_id, query.by) != (chat.id, receiver.id):
        raise bad_request("QUERY_ID_INVALID")
    return True
