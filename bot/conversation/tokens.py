"""Tokens on buttons: signed for their owner, so that a foreign, forged or altered press means nothing.

A wrong owner and a forged token fail in the same way and at the same cost: the signature does not fit.
"""

import base64
import binascii
import hmac
from hashlib import sha256

from bot.conversation.message import Action

_VERSION = b"1"
_MAC_BYTES = 8
_LONGEST_PAYLOAD = 38
_APART = "+"
_BY_LINK = "go_"


def owner_at(account: str, ref: str) -> str:
    """Whose a button is: the same person at another bot is somebody else."""
    return f"{account}:{ref}"


def owner_of_group(account: str, group_id: int) -> str:
    """Whose a button in a group is: everybody's there, wherever the group moves."""
    return f"{account}:group:{group_id}"


class Signer:
    """Signs actions for the person at one address, and reads them back."""

    def __init__(self, key: bytes) -> None:
        """`key` is 32 secret bytes, used for nothing else."""
        self._key = key

    def sign(self, action: Action, owner: str) -> str:
        """A token of at most 64 bytes. Raises ValueError when the action is too long for a button."""
        verb = _APART + action.verb if action.apart else action.verb
        payload = "\t".join((action.room, verb, action.argument)).encode("ascii")
        if len(payload) > _LONGEST_PAYLOAD:
            raise ValueError(f"the action {action.room}.{action.verb} is too long for a button")
        return base64.urlsafe_b64encode(_VERSION + self._mac(payload, owner) + payload).decode("ascii")

    def read(self, token: str, presser: str) -> Action | None:
        """The action, if this token was made for the presser; else None."""
        try:
            raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError, ValueError):
            return None
        mac, payload = raw[1 : 1 + _MAC_BYTES], raw[1 + _MAC_BYTES :]
        if raw[:1] != _VERSION or not hmac.compare_digest(mac, self._mac(payload, presser)):
            return None
        return _action(payload)

    def word(self, action: Action, account: str) -> str:
        """An action as what follows "?start=" in a link to a private chat with a bot; anybody may open it."""
        return _BY_LINK + self.sign(action, account).rstrip("=")

    def read_word(self, word: str, account: str) -> Action | None:
        """The action of a link, if we made it for this bot; else None."""
        if not word.startswith(_BY_LINK):
            return None
        token = word.removeprefix(_BY_LINK)
        return self.read(token + "=" * (-len(token) % 4), account)

    def _mac(self, payload: bytes, owner: str) -> bytes:
        return hmac.digest(self._key, owner.encode() + b"\x00" + payload, sha256)[:_MAC_BYTES]


def peek(token: str) -> Action | None:
    """What a token of ours says, whoever made it: enough to be careful, never to do anything. Else None."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        return _action(raw[1 + _MAC_BYTES :]) if raw[:1] == _VERSION else None
    except (binascii.Error, UnicodeError, ValueError):
        return None


def _action(payload: bytes) -> Action:
    room, verb, argument = payload.decode("ascii").split("\t")
    return Action(room, verb.removeprefix(_APART), argument, apart=verb.startswith(_APART))
