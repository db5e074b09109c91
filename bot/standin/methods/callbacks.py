"""answerCallbackQuery."""

from bot.standin.entities import compose, utf16_length
from bot.standin.errors import bad_request
from bot.standin.parameters import Parameters
from bot.standin.world import World

ANSWER_LIMIT = 200


async def answer_callback_query(world: World, asked: Parameters) -> bool:
    """Answer a press: a toast, an alert, or just the end of the waiting sign."""
    text, _ = compose(asked.text("text") or "")
    if utf16_length(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": asked.flag("show_alert")}
    query = world.queries.answer(asked.text("callback_query_id") or "", answer)
    world.events.publish("answer", chat=query.chat_id, **answer)
    return True


METHODS = {"answerCallbackQuery": answer_callback_query}
