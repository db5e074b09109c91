"""The ballot of a check-in: whose answer it is can be told with a key that ends with it."""

import hmac
import secrets
from hashlib import sha256

from storage.sealing import Sealer

_PLACE = ("pulse", "key_sealed")
_KEY_BYTES = 32


def new_key(sealer: Sealer) -> bytes:
    """A random key, sealed."""
    return sealer.seal(*_PLACE, secrets.token_hex(_KEY_BYTES))


def hash_of(sealer: Sealer, key_sealed: bytes, who: str) -> bytes:
    """What stands for a member in this check-in, and in no other. Raises CannotOpen."""
    key = bytes.fromhex(sealer.open(*_PLACE, key_sealed))
    return hmac.digest(key, who.encode(), sha256)


def veil() -> int:
    """0 or 1, by lot; kept nowhere."""
    return secrets.randbelow(2)
