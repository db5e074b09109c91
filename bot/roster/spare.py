"""A spare copy of the stored tokens, sealed, beside the key: for the crisis watch without a database."""

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

import structlog

from scheduler.mishap import traits
from storage.sealing import CannotOpen, MasterKey, Sealer, write_aside

_PLACE = ("spare", "tokens", 0)

_log = structlog.get_logger(__name__)


def spare_file(key_file: Path) -> Path:
    """Where the copy is."""
    return key_file.with_name(key_file.name + ".bots")


def keep(key_file: Path, master: MasterKey, tokens: Sequence[str]) -> None:
    """Write the copy anew. Where that is impossible, the watch knows the token of the settings alone."""
    file = spare_file(key_file)
    try:
        if not tokens:
            file.unlink(missing_ok=True)
            return
        sealed = _sealer(master).seal(*_PLACE[:2], json.dumps(list(tokens)))
        aside = write_aside(file, sealed.hex() + "\n")
        try:
            aside.replace(file)
        except OSError:
            with contextlib.suppress(OSError):
                aside.unlink()
            raise
    except OSError as error:
        _log.warning("no_spare_copy_of_the_bots", **traits(error))


def read(key_file: Path, master: MasterKey) -> list[str]:
    """The tokens that were stored when the database was last read; none if there is no copy that opens."""
    try:
        sealed = bytes.fromhex(spare_file(key_file).read_text(encoding="ascii").strip())
        tokens: list[str] = json.loads(_sealer(master).open(*_PLACE[:2], sealed))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, CannotOpen) as error:
        _log.error("spare_copy_of_the_bots_unreadable", error=type(error).__name__)
        return []
    return tokens


def _sealer(master: MasterKey) -> Sealer:
    return Sealer(master.derive("spare"), _PLACE[2])
