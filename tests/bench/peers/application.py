"""python-telegram-bot's Application with a CallbackQueryHandler: it answers, edits, and stores nothing.

`python -m tests.bench.peers.application <wish>`. It measures from SIGUSR1 to SIGTERM.
"""

import asyncio
import json
import signal
import sys
from dataclasses import dataclass

from telegram import Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes

from tests.bench.crowd import TOKEN
from tests.bench.gauge import Gauge, say
from tests.bench.peers.reminder import TEXT, quietly


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is to run. `side_by_side`: how many updates at once; 0 takes them in turn, as it comes."""

    sink: str
    side_by_side: int = 0


class _Taps:
    """Answers, edits and counts."""

    handled = 0

    async def handle(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """One tap."""
        query = update.callback_query
        assert query is not None
        await query.answer("Recorded at 08:03.")
        await query.edit_message_text(TEXT.replace("○", "✓") + ": taken at 08:03")
        self.handled += 1


async def main(wish: Wish) -> None:
    """Poll and handle until SIGTERM; say how it went."""
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{wish.sink}/bot")
    if wish.side_by_side:
        builder = builder.concurrent_updates(wish.side_by_side)
    application, taps, stop = builder.build(), _Taps(), asyncio.Event()
    application.add_handler(CallbackQueryHandler(taps.handle))
    gauge, loop = Gauge(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, gauge.begin)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling()
        print(json.dumps({"ready": True}), flush=True)
        await stop.wait()
        say(gauge.read(taps.handled))
        await application.updater.stop()
        await application.stop()


if __name__ == "__main__":
    quietly()
    asyncio.run(main(Wish(**json.loads(sys.argv[1]))))
