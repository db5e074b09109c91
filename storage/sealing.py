"""Sealing: AES-256-GCM for every field that tells something about a person.

Each person has a data key of their own, wrapped by the master key, which lives outside the database.
Destroying the wrapped key makes everything sealed with it unreadable for ever.
"""

import os
import secrets
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

Owner = Literal["person", "group"]

KEY_BYTES = 32
_NONCE_BYTES = 12
_CHECK = b"evenkeel key check"


class KeyUnusable(Exception):
    """The master key is missing, malformed or not the one this database was sealed with."""


class CannotOpen(Exception):
    """Sealed bytes do not belong to this key, person, table or column."""


class Sealer:
    """Seals and opens the fields of one person, or of one group."""

    def __init__(self, data_key: bytes, owner_id: int) -> None:
        self._cipher = AESGCM(data_key)
        self._owner_id = owner_id

    def seal(self, table: str, column: str, text: str) -> bytes:
        """`text` as nonce + ciphertext, bound to its place: it opens nowhere else."""
        nonce = os.urandom(_NONCE_BYTES)
        clear = text.encode("utf-8", "surrogatepass")
        return nonce + self._cipher.encrypt(nonce, clear, self._place(table, column))

    def open(self, table: str, column: str, sealed: bytes) -> str:
        """The text again. Raises CannotOpen when the bytes were altered or moved."""
        try:
            clear = self._cipher.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], self._place(table, column)
            )
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(f"{table}.{column} cannot be opened") from error
        return clear.decode("utf-8", "surrogatepass")

    def _place(self, table: str, column: str) -> bytes:
        return f"{table}|{column}|{self._owner_id}".encode()


class MasterKey:
    """Wraps the data keys of all people, and derives the keys that sign buttons and hash names in logs."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise KeyUnusable(f"The key must be {KEY_BYTES} bytes.")
        self._key = key
        self._cipher = AESGCM(self.derive("wrap"))

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose only."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"evenkeel {purpose}".encode()).derive(self._key)

    def new_wrapped_key(self, owner_id: int, kind: Owner = "person") -> bytes:
        """A fresh data key, wrapped for this person or group."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, os.urandom(KEY_BYTES), _owner(owner_id, kind))

    def sealer(self, wrapped: bytes, owner_id: int, kind: Owner = "person") -> Sealer:
        """The sealer of one person or group. Raises CannotOpen when the wrapped key is not theirs or ours."""
        nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            data_key = self._cipher.decrypt(nonce, sealed, _owner(owner_id, kind))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen("a data key cannot be unwrapped") from error
        return Sealer(data_key, owner_id)

    def check_value(self) -> bytes:
        """What a new database stores, so that it can recognise its key later."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, _CHECK, b"check")

    def recognises(self, check: bytes) -> bool:
        """True when `check` was made with this key."""
        try:
            return self._cipher.decrypt(check[:_NONCE_BYTES], check[_NONCE_BYTES:], b"check") == _CHECK
        except (InvalidTag, ValueError):
            return False


def _owner(owner_id: int, kind: Owner) -> bytes:
    return f"{kind}|{owner_id}".encode()


def read_key(path: Path) -> MasterKey:
    """The master key in a file of 64 hexadecimal digits. Raises KeyUnusable with a plain sentence."""
    try:
        return MasterKey(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except FileNotFoundError as error:
        raise KeyUnusable(f"The key file {path} is missing.") from error
    except (OSError, ValueError) as error:
        raise KeyUnusable(f"The key file {path} cannot be read as 64 hexadecimal digits.") from error


def create_key(path: Path) -> MasterKey:
    """A new master key in a file that only its owner can read, or the one that came there first.

    Nobody ever sees a file without its key. Raises KeyUnusable if it cannot be written.
    """
    key = os.urandom(KEY_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = write_aside(path, key.hex() + "\n")
        try:
            path.hardlink_to(written)  # unlike a rename, it never takes the place of another file
        finally:
            written.unlink()
    except FileExistsError:
        return read_key(path)
    except OSError as error:
        raise KeyUnusable(f"The key file {path} cannot be written: {error.strerror}.") from error
    return MasterKey(key)


def read_or_create_key(path: Path) -> MasterKey:
    """The key in the file, or a new one where there is no file. Raises KeyUnusable."""
    return read_key(path) if path.exists() else create_key(path)


def write_aside(path: Path, text: str) -> Path:
    """A new file beside `path` that only its owner can read, complete and on the disk. Raises OSError."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return aside
