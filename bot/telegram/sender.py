"""The courier's hand on Telegram: does with a parcel what its row says."""

from dataclasses import replace

import structlog

from bot.conversation.sheet import Sheet, read_sheet
from bot.conversation.text import lines
from bot.telegram import methods
from bot.telegram.account import Account
from scheduler.courier import Parcel
from scheduler.outcomes import Delivered, Outcome, Refused
from storage.outbox import OutboxKind

_log = structlog.get_logger(__name__)


class TelegramSender:
    """Sends, edits and deletes through one account. The account is opened and closed by its owner."""

    def __init__(self, account: Account) -> None:
        self._account = account

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
        words = _again(sheet) if parcel.again else sheet
        return await methods.send(self._account, parcel.address.ref, words, paid=parcel.surplus)

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
