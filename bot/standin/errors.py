"""Refusals, in Telegram's own codes and words."""

from typing import Any


class RefusedError(Exception):
    """A request that Telegram turns down."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """The body that Telegram answers with."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str, **parameters: int) -> RefusedError:
    """400: the request itself is wrong."""
    return RefusedError(400, f"Bad Request: {what}", **parameters)


def forbidden(what: str) -> RefusedError:
    """403: the person or the chat does not want the bot."""
    return RefusedError(403, f"Forbidden: {what}")


def conflict(what: str) -> RefusedError:
    """409: two ways of fetching updates are in each other's way."""
    return RefusedError(409, f"Conflict: {what}")


def too_many_requests(retry_after: int | None) -> RefusedError:
    """429: come back in `retry_after` seconds (None leaves the number out, as Telegram sometimes does)."""
    if retry_after is None:
        return RefusedError(429, "Too Many Requests")
    return RefusedError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def unauthorized() -> RefusedError:
    """401: this token is not, or no longer, a bot's."""
    return RefusedError(401, "Unauthorized")


def not_found() -> RefusedError:
    """404: no such method, or no such file."""
    return RefusedError(404, "Not Found")


NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
NO_STARS = "BALANCE_TOO_LOW"  # a guess: Telegram does not say how it refuses a paid broadcast
MIGRATED = "group chat was upgraded to a supergroup chat"
