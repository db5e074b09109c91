"""The courier's hand on Telegram: does with a parcel what its row says."""

from dataclasses import replace

import structlog

from bot.conversation.message import Whisper
from bot.conversation.sheet import Sheet, read_sheet
from bot.conversation.text import lines
from bot.conversation.whispers import Whispers
from bot.telegram import methods
from bot.telegram.account import Account
from bot.telegram.outcomes import Aloud
from scheduler.outcomes import Delivered, Outcome, Refused
from scheduler.parcel import Parcel
from storage.outbox import OutboxKind

_log = structlog.get_logger(__name__)


class TelegramSender:
    """Sends, edits and deletes through one account. The account is opened and closed by its owner."""

    def __init__(self, account: Account, whispers: Whispers | None = None) -> None:
        """`whispers` know for whom each is; without them there is nobody to whisper to."""
        self._account, self._whispers = account, whispers

    async def deliver(self, parcel: Parcel) -> Outcome:
        """What became of a parcel. Raises TokenRefused."""
        if parcel.kind is OutboxKind.SEND:
            return await self._send(parcel)
        if parcel.target is None:
            # What it would have changed never reached anybody.
            return Delivered(None, astray=parcel.kind is OutboxKind.EDIT)
        if parcel.kind is OutboxKind.DELETE:
            return await methods.delete(self._account, parcel.address.ref, parcel.target)
        if parcel.kind is OutboxKind.UNPIN:
            return await methods.unpin(self._account, parcel.address.ref, parcel.target)
        return await self._edit(parcel, parcel.target)

    async def answer(self, query_id: str, text: str | None = None, alert: bool = False) -> None:
        """Answer a pressed button; too late or not at all, it changes nothing. Raises TokenRefused."""
        await methods.answer(self._account, query_id, text, alert)

    async def _send(self, parcel: Parcel) -> Outcome:
        sheet = _read(parcel)
        if sheet is None:
            return Refused()
        words, ref = _again(sheet) if parcel.again else sheet, parcel.address.ref
        if words.whisper is not None:
            outcome = await self._whisper(ref, words, words.whisper)
            if not isinstance(outcome, Refused):
                return outcome
            if not words.whisper.aloud:
                return Delivered(None)  # it was for nobody else, and nobody reads it
        return await methods.send(self._account, ref, words, paid=parcel.surplus)

    async def _whisper(self, ref: str, sheet: Sheet, whisper: Whisper) -> Outcome:
        """Refused where it could not be whispered, which is remembered."""
        ear = self._whispers.ear(whisper.slip) if self._whispers is not None else None
        if self._whispers is None or ear is None:
            return Refused()
        outcome = await methods.whisper(self._account, ref, sheet, ear)
        if isinstance(outcome, Refused) and ear.words is None:
            self._whispers.refused(ref)
        if isinstance(outcome, Aloud):
            self._whispers.unknown()
        if isinstance(outcome, Refused | Aloud):
            _log.info("not_whispered", outcome=type(outcome).__name__, unasked=ear.words is None)
        return outcome

    async def _edit(self, parcel: Parcel, target: str) -> Outcome:
        sheet = _read(parcel)
        if sheet is None:
            return Refused()
        return await methods.edit(self._account, parcel.address.ref, target, sheet)


def _read(parcel: Parcel) -> Sheet | None:
    """The sheet of a parcel; None for a body that no sending could ever mend."""
    try:
        return read_sheet(parcel.body)
    except ValueError:
        _log.error("sheet_unreadable", row=parcel.row_id)
        return None


def _again(sheet: Sheet) -> Sheet:
    return replace(sheet, text=lines(sheet.again_line or "", sheet.text))
